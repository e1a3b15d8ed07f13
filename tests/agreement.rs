//! Judge and reference agree on generated policies and logs: on verdicts and what they rest on, versions, statuses,
//! silence, permits, and every single condition. What the judge wants is among the unknown fields that the reference
//! finds in what is undetermined, and nothing else could decide. Whatever the order of records and files, it judges alike.
//!
//! The worlds are the same on every run. The test also counts what it has met, and fails if the generator no longer
//! reaches every verdict, status and kind of partial value often.

#[cfg(test)]
#[path = "agreement"]
mod agreement {
    mod brief;
    mod condition;
    mod duty;
    mod generate;
    mod history;
    mod log;
    #[path = "../support/one_by_one.rs"]
    mod one_by_one;
    mod pipeline;
    mod reference;
    mod reference_duty;
    mod reference_instants;
    mod reference_measured;
    mod reference_past;
    mod reference_view;
    mod shuffle;
    mod supplement;
    mod table;
    mod tally;
    mod vocabulary;

    use std::cell::RefCell;

    use generate::{Asking, World};
    use pipeline::Run;
    use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
    use reference::{Judgement, Reading, Truth, Verdict};
    use tally::Tally;

    const POLICIES: u32 = 1_000;
    /// Policies that look back and oblige: working those out naively, and in three orders, takes longer.
    const POLICIES_OF_TIME: u32 = 300;
    const RECORDS: usize = 12;

    #[test]
    fn judge_and_reference_agree() {
        compare(Asking::Itself, POLICIES).report_and_check(&tally::OF_ITSELF);
    }

    #[test]
    fn judge_and_reference_agree_on_history_and_duties() {
        compare(Asking::Time, POLICIES_OF_TIME).report_and_check(&tally::OF_TIME);
    }

    #[test]
    fn judging_in_brief_comes_to_the_same() {
        judged_in_brief(Asking::Itself, 60).check();
    }

    #[test]
    fn judging_in_brief_comes_to_the_same_with_history_and_duties() {
        judged_in_brief(Asking::Time, 20);
    }

    #[test]
    fn a_record_that_is_read_once_comes_to_the_same_as_one_that_is_read_again() {
        judged_in_brief(Asking::Counts, 60).check_looking_back();
    }

    fn judged_in_brief(asking: Asking, policies: u32) -> brief::Met {
        let config = Config { cases: policies, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[43; 32]));
        let met = RefCell::new(brief::Met::default());
        let worlds = generate::worlds(asking, RECORDS);
        match runner.run(&worlds, |world| brief::agrees(&world, &met).map_err(TestCaseError::fail)) {
            Ok(()) => met.into_inner(),
            Err(TestError::Fail(reason, world)) => panic!("{reason}\n{:#?}", world.files),
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
    }

    /// Holds the two against one another on generated worlds.
    fn compare(asking: Asking, policies: u32) -> Tally {
        let config = Config { cases: policies, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]));
        let tally = RefCell::new(Tally::default());
        let worlds = generate::worlds(asking, RECORDS);
        match runner.run(&worlds, |world| agree(&world, &tally).map_err(TestCaseError::fail)) {
            Ok(()) => tally.into_inner(),
            Err(TestError::Fail(reason, world)) => panic!("{reason}\n{world:?}"),
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
    }

    /// A world of one policy on two instants and a day, with one record.
    fn small(condition: &str, record: &str) -> World {
        let vocabulary = "vocabulary small \"Small\"\nfield id text role id\nfield began_at instant\nfield ended_at instant\nfield due_on date\n";
        let policy = format!(
            "policy p\n  time zone Europe/Zurich\n  vocabulary small\n  default permit\nrule r\n  require {condition}\n"
        );
        let files = vec![("small.forbear".to_owned(), vocabulary.to_owned()), ("p.forbear".to_owned(), policy)];
        World { files, log: record.to_owned(), as_of: "2026-04-10T12:00Z".parse().unwrap() }
    }

    /// Gives what the judge says, after the reference has said the same.
    fn small_verdict(condition: &str, record: &str) -> Verdict {
        let world = small(condition, record);
        agree_on(&world, &RefCell::new(Tally::default()))
            .unwrap_or_else(|difference| panic!("{difference}\n{world:?}"));
        pipeline::run(&world).unwrap().judged[0].row.verdict()
    }

    #[test]
    fn a_field_that_is_read_twice_is_one_instant() {
        let partial = "{\"began_at\": \"2026-03\"}";
        assert_eq!(small_verdict("began_at is began_at", partial), Verdict::Permissible);
        assert_eq!(small_verdict("began_at before began_at", partial), Verdict::Impermissible);
        assert_eq!(small_verdict("began_at between 2026-03-01 and began_at", partial), Verdict::Permissible);
    }

    #[test]
    fn between_is_one_comparison() {
        let partial = "{\"began_at\": \"2026-03\", \"ended_at\": \"2026-04\", \"due_on\": \"2026-03-10\"}";
        assert_eq!(
            small_verdict("began_at between 2026-03-20 and due_on", partial),
            Verdict::Impermissible,
            "no instant lies between"
        );
        assert_eq!(small_verdict("began_at between 2026-03-01 and ended_at", partial), Verdict::Permissible);
        assert_eq!(small_verdict("began_at between 2026-03-02 and ended_at", partial), Verdict::Undetermined);
    }

    #[test]
    fn is_one_of_is_one_comparison() {
        let twice = "{\"began_at\": \"2025-10-26T02:30\"}";
        let both = "began_at is one of 2025-10-26T02:30+02:00, 2025-10-26T02:30+01:00";
        assert_eq!(small_verdict(both, twice), Verdict::Permissible, "whichever it is, it is one of them");
    }

    fn agree(world: &World, tally: &RefCell<Tally>) -> Result<(), String> {
        agree_on(world, tally).map(|_| ())
    }

    /// Compares the two on every record of a world, and gives the number of records.
    fn agree_on(world: &World, tally: &RefCell<Tally>) -> Result<usize, String> {
        let run = pipeline::run(world)?;
        tally.borrow_mut().warnings(&run.warnings);
        match differences(&run, tally).into_iter().next() {
            Some(difference) => Err(difference),
            None => shuffle::order_changes_nothing(world, &run).map(|()| run.episodes.len()),
        }
    }

    /// Compares the two on every record, and says all in which they differ.
    fn differences(run: &Run, tally: &RefCell<Tally>) -> Vec<String> {
        let log = run.log();
        let mut found = vec![];
        for (at, judged) in run.judged.iter().enumerate() {
            let expected = reference::verdict(&log, at);
            tally.borrow_mut().count(&run.policy, &expected, judged);
            let mut compared = vec![difference(&expected, judged)];
            if expected.row.verdict() == Verdict::Undetermined {
                compared.push(wanting_agrees(run, at, tally));
            }
            for version in 0..run.policy.versions.len() {
                compared.push(conditions_agree(&log.reading(at, version), &run.truths[at][version], tally));
            }
            found.extend(
                compared.into_iter().filter_map(Result::err).map(|difference| format!("record {at}: {difference}")),
            );
        }
        found
    }

    /// Holds that nothing else than what is wanting can decide an undetermined verdict.
    fn wanting_agrees(run: &Run, at: usize, tally: &RefCell<Tally>) -> Result<(), String> {
        let judged = &run.judged[at];
        if supplement::unwanted_fields_decide(run, at, judged) {
            return Err(format!("other fields decide it than those that are wanting, {:?}", judged.wanting));
        }
        let decide = supplement::wanted_fields_decide(run, at, judged);
        tally.borrow_mut().add(format!("wanting, and {} in the log", if decide { "settled" } else { "not settled" }));
        Ok(())
    }

    /// Compares every condition by itself: connectives and silence hide much.
    fn conditions_agree(reading: &Reading<'_>, judged: &[Truth], tally: &RefCell<Tally>) -> Result<(), String> {
        for (id, expected, partial) in reference::truths(reading) {
            let condition = reading.version.conditions.get(id);
            tally.borrow_mut().condition(reading, condition, expected, partial);
            let judged = judged[id.0 as usize];
            if expected != judged {
                let slots: Vec<_> = condition.fields().map(|field| reading.episode.slot(field.field)).collect();
                return Err(format!(
                    "version {}: {condition:?}: the reference says {expected:?}, the judge {judged:?}, of {slots:?}",
                    reading.version.label.as_deref().unwrap_or_default()
                ));
            }
        }
        Ok(())
    }

    /// Says where judge and reference differ.
    fn difference(expected: &Judgement, judged: &Judgement) -> Result<(), String> {
        if (expected.row, expected.version) != (judged.row, judged.version) {
            return Err(format!("the reference says\n{expected:?}\nthe judge\n{judged:?}"));
        }
        let verdict = expected.row.verdict();
        let expected_duties = if verdict == Verdict::NotCovered { &[] } else { expected.duties.as_slice() };
        if expected_duties != judged.duties {
            return Err(format!("duties: the reference says\n{expected_duties:?}\nthe judge\n{:?}", judged.duties));
        }
        let expected_standings = if verdict == Verdict::NotCovered { &[] } else { expected.standings.as_slice() };
        if expected_standings != judged.standings {
            return Err(format!(
                "statuses: the reference says\n{expected_standings:?}\nthe judge\n{:?}",
                judged.standings
            ));
        }
        if !judged.wanting.is_subset(&expected.wanting) {
            return Err(format!(
                "wanting: the reference knows\n{:?}\nthe judge names\n{:?}",
                expected.wanting, judged.wanting
            ));
        }
        // An average of no episodes leaves a rule open, and nobody is in want of anything.
        if (verdict == Verdict::Undetermined) == judged.wanting.is_empty() && !expected.of_none {
            return Err(format!("{verdict:?}, and wanting is {:?}", judged.wanting));
        }
        Ok(())
    }
}
