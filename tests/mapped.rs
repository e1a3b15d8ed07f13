//! A mapped log that is read block by block, on whatever number of cores, comes to what it comes to when it is read whole: the
//! same judgements in the same order, rows that are left out, and findings on the log, down to every report.
//!
//! What makes a table one that has to be read whole is a `\r` by itself among blank lines at its end, which is nothing else.

#[cfg(test)]
#[path = "mapped"]
mod mapped {
    mod brief;
    #[path = "../cli/builder.rs"]
    #[expect(dead_code, reason = "the tests of the command line use more of it")]
    mod builder;
    mod drawn;
    #[path = "../support/folder.rs"]
    mod folder;
    mod foreign;
    #[path = "../support/one_by_one.rs"]
    mod one_by_one;

    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

    use forbear::audit::{Audit, Clock, Judged, Running, Sink, Summary, Wants, Watch};
    use forbear::check::load;
    use forbear::log::{Format, Input, Limits, Mapping, Unreadable};
    use forbear::source::Sources;

    use builder::Test;
    use foreign::{POLICY, QUOTA, Table, WHOLE, lines_of_json};

    /// Takes everything or nothing, and keeps what it is given.
    struct Takes {
        wants: Wants,
        told: Vec<String>,
        problems: usize,
    }

    impl Sink for Takes {
        fn judged(&mut self, record: &Judged<'_>) {
            let results = record.results.iter().map(|result| format!("{:?} {:?}", result.judgement, result.exact));
            let results: Vec<String> = results.collect();
            self.told.push(format!("{:?} {:?} {:?} {results:?}", record.id, record.place, record.findings));
        }

        fn wants_reasons(&self) -> bool {
            false
        }

        fn unreadable(&mut self, unreadable: &Unreadable) {
            self.told.push(format!("{unreadable:?}"));
        }

        fn wants(&self) -> Wants {
            self.wants
        }

        fn passed_over(&mut self, problems: usize) {
            self.problems += problems;
        }
    }

    /// Counts what is read, and how often it was told.
    #[derive(Default)]
    struct Counts {
        bytes: AtomicU64,
        times: AtomicUsize,
    }

    impl Watch for Counts {
        fn advanced(&self, bytes: u64) {
            self.bytes.fetch_add(bytes, Ordering::Relaxed);
            self.times.fetch_add(1, Ordering::Relaxed);
        }

        fn is_over(&self) -> bool {
            false
        }
    }

    /// What an audit came to.
    struct Came {
        summary: String,
        told: Vec<String>,
        judged: usize,
        left_out: usize,
        unreadable: usize,
        /// How many bytes were read, how many it was said would be, and in how many steps.
        bytes: u64,
        expected: u64,
        steps: usize,
    }

    fn audit(policy: &str, mapping: &str, log: &[u8], format: Format, wants: Wants, threads: usize) -> Came {
        let mut sources = Sources::new();
        sources.add("ward.forbear", policy);
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{:?}", checked.problems);
        let vocabulary = &checked.set.policies[0].versions[0].vocabulary;
        let id = sources.add("mapping.yaml", mapping);
        let (mapping, problems) = Mapping::read(&sources, id, &[vocabulary]);
        assert!(problems.is_empty(), "{problems:?}");
        let id = sources.add_protected("export", log);
        let inputs = [Input { mapping: Some(Arc::new(mapping)), ..Input::new(id, format) }];
        let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
        let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
        let (watch, mut sink) = (Counts::default(), Takes { wants, told: Vec::new(), problems: 0 });
        let expected = audit.bytes(wants);
        let summary = audit.run_so(Running { threads, watch: Some(&watch), ..Running::default() }, &mut sink);
        let Summary { judged, left_out, unreadable, records, .. } = summary;
        assert_eq!(records, judged + left_out + unreadable);
        Came {
            summary: format!("{:#?}", summary.plain()),
            told: sink.told,
            judged,
            left_out,
            unreadable,
            bytes: watch.bytes.into_inner(),
            expected,
            steps: watch.times.into_inner(),
        }
    }

    /// Holds a log that can be cut against the same log that cannot.
    fn comes_to_the_same(
        policy: &str,
        mapping: &str,
        (cut, its_format): (&[u8], Format),
        (whole, format): (&[u8], Format),
    ) -> Came {
        let wanted = audit(policy, mapping, whole, format, Wants::Everything, 1);
        let records = wanted.judged + wanted.unreadable + wanted.left_out;
        assert!(wanted.steps >= records, "it was read whole: {} steps, {records} records", wanted.steps);
        for (wants, threads) in [(Wants::Everything, 1), (Wants::Nothing, 3)] {
            let found = audit(policy, mapping, cut, its_format, wants, threads);
            assert!(found.steps > 2 && found.steps * 10 < records, "it was cut: {} steps", found.steps);
            assert!(found.summary == wanted.summary, "{wants:?} {threads}\n{}\n{}", found.summary, wanted.summary);
            if wants == Wants::Everything {
                let differs = found.told.iter().zip(&wanted.told).find(|(found, wanted)| found != wanted);
                assert_eq!(differs, None);
                assert_eq!(found.told.len(), wanted.told.len());
            }
            // The header, and what stands before it, is read by itself.
            assert!(found.bytes <= found.expected && found.bytes * 100 > found.expected * 98);
        }
        wanted
    }

    #[test]
    fn a_table_comes_to_the_same_by_blocks_and_whole() {
        let (mut left_out, mut unreadable, mut never_there) = (0, 0, 0);
        for round in 0..8 {
            let table = Table::of(round, 1_000);
            let policy = if round.is_multiple_of(2) { POLICY.to_owned() } else { format!("{POLICY}{QUOTA}") };
            let whole = format!("{}{WHOLE}", table.text);
            let came = comes_to_the_same(
                &policy,
                &table.mapping,
                (table.text.as_bytes(), Format::Csv),
                (whole.as_bytes(), Format::Csv),
            );
            assert!(came.judged > 800, "round {round}: {}", came.judged);
            left_out += came.left_out;
            unreadable += came.unreadable;
            never_there += usize::from(came.summary.contains("which the mapping reads"));
        }
        assert!(left_out > 60 && unreadable > 200, "{left_out} {unreadable}");
        assert_eq!(never_there, 2, "every fourth lacks a column");
    }

    #[test]
    fn so_do_lines_of_json_with_paths_into_lists() {
        for quota in ["", QUOTA] {
            let (mut log, mapping) = lines_of_json();
            let policy = format!("{POLICY}{quota}");
            // One record that is this deep is read by itself as a line, and makes documents after each other be read whole.
            log.push_str(&format!("{}{}\n", "{\"a\":".repeat(70), "}".repeat(70)));
            let came =
                comes_to_the_same(&policy, &mapping, (log.as_bytes(), Format::Jsonl), (log.as_bytes(), Format::Json));
            assert!(came.judged > 1_000 && came.left_out > 50, "{} {}", came.judged, came.left_out);
            assert!(came.told.iter().any(|told| told.contains("forbear::log::unfit")));
            assert!(came.summary.contains("which the mapping reads"));
        }
    }

    #[test]
    fn so_do_items_of_yaml() {
        for quota in ["", QUOTA] {
            let (log, mapping) = lines_of_json();
            let lines = log.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate();
            let items = lines.map(|(at, line)| match at % 40 {
                7 => format!("- {line}\n odd: 1\n"),
                8 => format!("- {line}, 1\n"),
                9 => format!("---\n- {line}\n"),
                10 => format!("- Nr: Z-{at}\n  # none\n  Art: Q&A\n"),
                _ => format!("- {line}\n"),
            });
            let items: String = items.collect();
            // An anchor may be referred to from the next item.
            let (cut, whole) = (format!("{items}# a& \n"), format!("{items}# &a \n"));
            let policy = format!("{POLICY}{quota}");
            let came =
                comes_to_the_same(&policy, &mapping, (cut.as_bytes(), Format::Yaml), (whole.as_bytes(), Format::Yaml));
            assert!(came.judged > 1_000 && came.unreadable > 100, "{} {}", came.judged, came.unreadable);
        }
    }

    #[test]
    fn so_do_records_in_a_list_within_a_document() {
        for quota in ["", QUOTA] {
            let (log, mapping) = lines_of_json();
            let mapping = format!("records: \"list.entry[].resource\"\n{mapping}");
            let members: Vec<String> = log
                .lines()
                .enumerate()
                .map(|(at, line)| match at % 40 {
                    7 => format!("{{\"resource\": {}, }}", line.trim()),
                    8 => format!("{{\"source\": {}}}", line.trim()),
                    9 => "{\"resource\": [1]}".to_owned(),
                    _ => {
                        format!("{{\"url\": \"urn:{at}\", \"resource\": {}, \"search\": {{\"n\": [1]}}}}", line.trim())
                    }
                })
                .collect();
            let members = members.join(",\n  ");
            let document = |note: &str| {
                format!("{{\"link\": [{{\"a\": []}}],\n\"list\": {{\"entry\": [{members}]}}, \"note\": \"{note}\"}}\n")
            };
            // A string ends with its line: where one does not, it is in doubt what belongs to what.
            let (cut, whole) = (document("a b"), document("a\nb"));
            let policy = format!("{POLICY}{quota}");
            let came =
                comes_to_the_same(&policy, &mapping, (cut.as_bytes(), Format::Json), (whole.as_bytes(), Format::Json));
            assert!(came.judged > 1_000 && came.unreadable > 100, "{} {}", came.judged, came.unreadable);
        }
    }

    #[test]
    fn records_in_a_list_within_each_line_are_read_as_ever() {
        let mapping = "records: \"entry[]\"\nfields:\n  id: Nr\n";
        let log = "{\"entry\": [{\"Nr\": \"1\"}, {\"Nr\": \"2\"}]}\n{\"entry\": [{\"Nr\": \"3\"}]}\n";
        let came = audit(POLICY, mapping, log.as_bytes(), Format::Jsonl, Wants::Nothing, 2);
        assert_eq!((came.judged, came.steps), (3, 3));
    }

    #[test]
    fn every_report_is_the_same_by_blocks_and_whole() {
        let table = Table::of(3, 800);
        let test = Test::new()
            .file("ward.forbear", builder::explained(POLICY) + QUOTA)
            .file("mapping.yaml", &table.mapping)
            .file("cut/export.csv", &table.text)
            .file("whole/export.csv", format!("{}{WHOLE}", table.text));
        let mut test = test.env("FORBEAR_PSEUDONYM_KEY", "0123456789abcdef0123456789abcdef");
        for format in ["human", "json", "jsonl", "sarif", "junit", "github", "csv", "html"] {
            let [cut, whole] = ["cut", "whole"].map(|folder| {
                let log = format!("{folder}/export.csv");
                let common = "audit ward.forbear --mapping mapping.yaml --as-of 2027-01-01 --format";
                test = std::mem::replace(&mut test, Test::new()).args(&format!("{common} {format} --log {log}"));
                let output = test.run();
                assert_eq!(output.code, Some(1), "{}", output.stderr);
                builder::settled(&output.stdout).replace(&log, "export.csv")
            });
            assert!(cut.len() > 1_000, "{format}: {cut}");
            assert!(
                cut == whole,
                "{format} differs at {:?}",
                cut.lines().zip(whole.lines()).find(|(one, other)| one != other)
            );
        }
    }
}
