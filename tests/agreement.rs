//! Judge and reference agree on generated policies and logs: on verdicts and what they rest on, versions, statuses,
//! silence, permits, and every single condition. What the judge wants is among the unknown fields that the reference
//! finds in what is undetermined, and nothing else could decide.
//!
//! The worlds are the same on every run. The test also counts what it has met, and fails if the generator no longer
//! reaches every verdict, status and kind of partial value often.

#[cfg(test)]
#[path = "agreement"]
mod agreement {
    mod condition;
    mod generate;
    mod log;
    mod pipeline;
    mod reference;
    mod supplement;
    mod tally;
    mod vocabulary;

    use std::cell::RefCell;

    use forbear::episode::Episode;
    use forbear::policy::Version;
    use generate::World;
    use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
    use reference::{Judgement, Verdict};
    use tally::Tally;

    const POLICIES: u32 = 1_000;
    const RECORDS: usize = 12;

    #[test]
    fn judge_and_reference_agree() {
        let config = Config { cases: POLICIES, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[42; 32]));
        let tally = RefCell::new(Tally::default());
        let result = runner.run(&generate::worlds(RECORDS), |world| agree(&world, &tally).map_err(TestCaseError::fail));
        match result {
            Ok(()) => {}
            Err(TestError::Fail(reason, world)) => panic!("{reason}\n{world:?}"),
            Err(TestError::Abort(reason)) => panic!("{reason}"),
        }
        tally.into_inner().report_and_check();
    }

    /// A world of one policy on two instants and a day, with one record.
    fn small(condition: &str, record: &str) -> World {
        let vocabulary = "vocabulary small \"Small\"\nfield id text role id\nfield began_at instant\nfield ended_at instant\nfield due_on date\n";
        let policy = format!(
            "policy p\n  time zone Europe/Zurich\n  vocabulary small\n  default permit\nrule r\n  require {condition}\n"
        );
        let files = vec![("small.forbear".to_owned(), vocabulary.to_owned()), ("p.forbear".to_owned(), policy)];
        World { files, log: record.to_owned() }
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
        match agree_on(world, tally)? {
            RECORDS => Ok(()),
            read => Err(format!("{read} of {RECORDS} records were read")),
        }
    }

    /// Compares the two on every record of a world, and gives the number of records.
    fn agree_on(world: &World, tally: &RefCell<Tally>) -> Result<usize, String> {
        let run = pipeline::run(world)?;
        tally.borrow_mut().warnings(&run.warnings);
        for (at, (readings, judged)) in run.episodes.iter().zip(&run.judged).enumerate() {
            let readings: Vec<_> = readings.iter().collect();
            let expected = reference::verdict(&run.policy, &readings);
            tally.borrow_mut().count(&run.policy, &expected, judged);
            difference(&expected, judged).map_err(|difference| format!("EP-{at}: {difference}"))?;
            if expected.row.verdict() == Verdict::Undetermined {
                if supplement::unwanted_fields_decide(&run.policy, &run.episodes, &readings, judged) {
                    return Err(format!(
                        "EP-{at}: other fields decide it than those that are wanting, {:?}",
                        judged.wanting
                    ));
                }
                let decide = supplement::wanted_fields_decide(&run.policy, &run.episodes, &readings, judged);
                tally
                    .borrow_mut()
                    .add(format!("wanting, and {} in the log", if decide { "settled" } else { "not settled" }));
            }
            for (version, reading) in run.policy.versions.iter().zip(readings) {
                conditions_agree(version, reading, tally).map_err(|difference| format!("EP-{at}: {difference}"))?;
            }
        }
        Ok(run.episodes.len())
    }

    /// Compares every condition by itself: connectives and silence hide much.
    fn conditions_agree(version: &Version, episode: &Episode, tally: &RefCell<Tally>) -> Result<(), String> {
        let expected = reference::truths(version, episode);
        let judged = pipeline::truths(version, episode, expected.iter().map(|(id, ..)| *id));
        for ((id, expected, partial), judged) in expected.into_iter().zip(judged) {
            let condition = version.conditions.get(id);
            tally.borrow_mut().condition(condition, expected, partial);
            if expected != judged {
                let slots: Vec<_> = condition.fields().map(|field| episode.slot(field.field)).collect();
                return Err(format!(
                    "{condition:?}: the reference says {expected:?}, the judge {judged:?}, of {slots:?}"
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
        if (verdict == Verdict::Undetermined) == judged.wanting.is_empty() {
            return Err(format!("{verdict:?}, and wanting is {:?}", judged.wanting));
        }
        Ok(())
    }
}
