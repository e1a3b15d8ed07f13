//! A log of several blocks comes to the same totals however it is read: from a file or from memory, by one thread or by several,
//! in brief or record by record; with a quota, and with lines of which every fiftieth is odd.

#[cfg(test)]
#[path = "../benches/support/million.rs"]
mod million;

#[cfg(test)]
#[path = "blocks/reports.rs"]
mod reports;

#[cfg(test)]
mod blocks {
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::{AtomicU64, Ordering};

    use forbear::audit::{Audit, Clock, Judged, Nowhere, Running, Sink, Summary, Wants, Watch};
    use forbear::check::load;
    use forbear::log::{Format, Input, Limits, Unreadable, open};
    use forbear::source::Sources;

    use super::million::{self, Shape};

    /// Some four blocks.
    const EPISODES: usize = 6_000;

    const CLAUSES: &str = "
rule few_operations
  limit 1 episodes where activity.kind is operation and failure.anticipated per trainee.stage, supervisor.id in any 6 months
rule not_again
  forbid when count of episodes where rescue.stop_point is missing per trainee.id to date above 0
";

    pub(super) fn log(name: &str, shape: Shape, change: impl Fn(usize, &str) -> String) -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        million::write(&path, shape, EPISODES);
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<String> = text.lines().enumerate().map(|(at, line)| change(at, line)).collect();
        fs::write(&path, lines.join("\n")).unwrap();
        path
    }

    /// Judges a log, and gives the totals with how many records were judged in brief.
    fn audit(policy: &str, path: &Path, threads: usize, is_held: bool, is_slow: bool) -> (String, usize) {
        let mut sources = Sources::new();
        sources.add("ward.forbear", policy);
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{:?}", checked.problems);
        let inputs = if is_held {
            let id = sources.add_protected(path.to_string_lossy(), fs::read(path).unwrap());
            vec![Input::new(id, Format::of_path(path).unwrap())]
        } else {
            open(&[path.to_owned()], &mut std::io::empty(), &mut sources).inputs
        };
        let mut clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
        // Where later records are left out, each is read and judged by itself; none is later here.
        clock.reconstruct = is_slow;
        let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
        let summary = audit.run_so(Running { threads, ..Running::default() }, &mut Nowhere);
        assert_eq!(sources.broken(), None);
        let read_once = if policy.contains("limit") { summary.by_gist } else { summary.in_brief };
        (format!("{:#?}", summary.plain()), read_once)
    }

    fn all_ways_agree(policy: &str, path: &Path, percent_in_brief: usize) {
        let (slow, none) = audit(policy, path, 1, true, true);
        assert_eq!(none, 0);
        for (threads, is_held) in [(1, true), (1, false), (3, true), (3, false)] {
            let (fast, in_brief) = audit(policy, path, threads, is_held, false);
            assert!(fast == slow, "{threads} threads, held: {is_held}\n{fast}\nslowly\n{slow}");
            assert!(in_brief * 100 > EPISODES * percent_in_brief, "{in_brief}");
        }
    }

    #[test]
    fn a_sound_log_comes_to_the_same_in_all_ways() {
        let path = log("sound.jsonl", Shape::Jsonl, |_, line| line.to_owned());
        all_ways_agree(million::POLICY, &path, 95);
        all_ways_agree(&format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA), &path, 90);
    }

    #[test]
    fn so_does_one_with_odd_lines() {
        let path = log("odd.jsonl", Shape::Jsonl, |at, line| {
            let closed = line.strip_suffix('}').unwrap();
            match at % 50 {
                7 => format!("{closed},\"note\":\"unknown\"}}"),
                8 => format!("{closed},\"note\":{{\"deep\":[1,2]}},\"other\":null}}"),
                9 => line.replacen(&format!("EP-{at:07}"), "EP-0000003", 1),
                10 => closed.to_owned(),
                11 => line.replacen("\"activity\"", "\"place\"", 1),
                12 => line.replace("+01:00", ""),
                13 => format!("\n   \n{line}  \r"),
                14 => line.replacen("true", "\"true\"", 1),
                15 => line.replacen("moderate", "modest", 1),
                16 => line.replace("2025-", "2028-"),
                17 => line.replacen("T-", "T-\u{f6}", 1),
                18 => format!("{closed},\"note\":\"{}\"}}", "x".repeat(40_000)),
                _ => line.to_owned(),
            }
        });
        all_ways_agree(&format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA), &path, 70);
    }

    /// Makes a document of lines of JSON: a list, or one record behind the other.
    fn document(name: &str, between: &str, change: impl Fn(usize, &str) -> String) -> PathBuf {
        let lines = log(&format!("{name}l"), Shape::Jsonl, change);
        let text = fs::read_to_string(lines).unwrap().replace('\n', between);
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&path, if between.contains(',') { format!("[{text}]\n") } else { text }).unwrap();
        path
    }

    #[test]
    fn so_does_a_document() {
        for (name, between) in [("sound_list.json", ",\n"), ("sound_stream.json", " ")] {
            let path = document(name, between, |_, line| line.to_owned());
            all_ways_agree(million::POLICY, &path, 95);
            all_ways_agree(&format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA), &path, 90);
        }
    }

    #[test]
    fn so_does_a_document_with_odd_records_and_one_that_is_not_cut() {
        let odd = |at: usize, line: &str| {
            let closed = line.strip_suffix('}').unwrap();
            match at % 50 {
                7 => format!("{closed},\"note\":\"unknown }} {{\"}}"),
                8 => format!("{closed},\"note\":{{\"deep\":[1,2]}},\"other\":null}}"),
                9 => line.replacen(&format!("EP-{at:07}"), "EP-0000003", 1),
                10 => format!("{closed},}}"),
                11 => line.replacen("\"activity\"", "\"place\"", 1),
                12 => line.replace("+01:00", ""),
                13 => format!("\r  {line}  \t"),
                14 => line.replacen("moderate", "modest", 1),
                15 => line.replacen("T-", "T-\u{f6}\\\"", 1),
                16 => format!("{closed},\"note\":\"{}\"}}", "x".repeat(40_000)),
                _ => line.to_owned(),
            }
        };
        let policy = format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA);
        all_ways_agree(&policy, &document("odd.json", ",", odd), 60);
        let broken = |at: usize, line: &str| if at == 3_000 { line.replacen('}', "", 1) } else { line.to_owned() };
        let path = document("broken.json", ",\n", broken);
        let [slow, fast] = [true, false].map(|is_slow| audit(&policy, &path, 2, false, is_slow));
        assert!(slow == fast && fast.1 == 0, "{} in brief", fast.1);
    }

    #[test]
    fn so_does_a_log_in_yaml() {
        let policy = format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA);
        let path = |end: &str| {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sound{}.yaml", end.len()));
            million::write(&path, Shape::Yaml, EPISODES);
            fs::write(&path, fs::read_to_string(&path).unwrap() + end).unwrap();
            path
        };
        for policy in [million::POLICY, &policy] {
            // What may have an anchor is read whole.
            let (whole, _) = audit(policy, &path("# &a\n"), 1, true, false);
            assert!(whole.contains(&format!("judged: {EPISODES}")));
            for (threads, is_held, is_slow) in [(1, false, false), (3, true, false), (3, false, true)] {
                let (cut, _) = audit(policy, &path(""), threads, is_held, is_slow);
                assert!(cut == whole, "{threads} threads, held: {is_held}\n{cut}\nwhole\n{whole}");
            }
        }
    }

    #[test]
    fn so_does_a_table() {
        let path = log("sound.csv", Shape::Csv, |_, line| line.to_owned());
        all_ways_agree(million::POLICY, &path, 95);
        all_ways_agree(&format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA), &path, 90);
    }

    #[test]
    fn so_does_a_table_with_odd_rows() {
        let path = log("odd.csv", Shape::Csv, |at, line| match at % 50 {
            _ if at == 0 => format!("\u{FEFF}{line}"),
            7 => format!("{line},more"),
            8 => line.rsplit_once(',').unwrap().0.to_owned(),
            9 => line.replacen(&format!("EP-{:07}", at - 1), "EP-0000003", 1),
            10 => format!("{line}\r"),
            11 => format!("\n\n{line}"),
            12 => line.replace("+01:00", ""),
            13 => line.replace("true", "TRUE"),
            14 => line.replacen("true", "perhaps", 1),
            15 => line.replacen("moderate", "modest", 1),
            16 => line.replace("2025-", "2028-"),
            17 => line.replacen("EP-", "EP-\u{f6}", 1),
            18 => line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(","),
            19 => line.replacen(',', " , ", 3),
            20 => ",".repeat(line.matches(',').count()),
            21 => line.replacen("EP-", "\"EP\"", 1),
            22 => line.replacen("EP-", "EP\"", 1),
            23 => line.replacen("EP-", "\"EP,\n\"\"", 1).replacen(',', "\",", 2).replacen("\",", ",", 1),
            24 => format!("\"{}\"", line.replacen(',', "\" x,", 1)),
            _ => line.to_owned(),
        });
        all_ways_agree(&format!("{}{}{CLAUSES}", million::POLICY, million::QUOTA), &path, 50);
    }

    #[test]
    fn a_policy_that_begins_within_the_log_judges_by_days() {
        let path = log("begins.jsonl", Shape::Jsonl, |_, line| line.to_owned());
        let versions = "  effective from 2025-01-20 until 2025-01-25\n  default permit";
        let policy = million::POLICY.replacen("  default permit", versions, 1);
        all_ways_agree(&policy, &path, 20);
    }

    /// Stops an audit when so many bytes were read.
    struct Impatient {
        most: u64,
        read: AtomicU64,
    }

    impl Watch for Impatient {
        fn advanced(&self, bytes: u64) {
            self.read.fetch_add(bytes, Ordering::Relaxed);
        }

        fn is_over(&self) -> bool {
            self.read.load(Ordering::Relaxed) >= self.most
        }
    }

    /// Takes what is given, and wants all of it or nothing.
    struct Takes(Wants);

    impl Sink for Takes {
        fn judged(&mut self, _record: &Judged<'_>) {}

        fn wants_reasons(&self) -> bool {
            false
        }

        fn unreadable(&mut self, _unreadable: &Unreadable) {}

        fn wants(&self) -> Wants {
            self.0
        }
    }

    /// Judges some bytes of a log, and stops when so many were read.
    fn stopped(policy: &str, bytes: &[u8], wants: Wants, threads: usize, most: u64) -> Summary {
        let mut sources = Sources::new();
        sources.add("ward.forbear", policy);
        let checked = load(&mut sources);
        let id = sources.add_protected("log.jsonl", bytes);
        let inputs = [Input::new(id, Format::Jsonl)];
        let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
        let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
        let watch = Impatient { most, read: AtomicU64::new(0) };
        let running = Running { threads, watch: Some(&watch), ..Running::default() };
        audit.run_so(running, &mut Takes(wants)).plain()
    }

    #[test]
    fn an_audit_that_is_stopped_comes_to_what_stands_before_that_place_and_says_so() {
        let bytes = fs::read(log("stopped.jsonl", Shape::Jsonl, |_, line| line.to_owned())).unwrap();
        for (wants, threads, most) in [
            (Wants::Nothing, 1, 2_500_000),
            (Wants::Nothing, 3, 1),
            (Wants::Everything, 1, 1_100_000),
            (Wants::Everything, 3, 2_000_000),
        ] {
            let mut part = stopped(million::POLICY, &bytes, wants, threads, most);
            assert!(part.partial && part.judged > 0 && part.judged < EPISODES, "{}", part.judged);
            assert_eq!(part.records, part.judged + part.unreadable + part.left_out);
            let is_it = |found: &forbear::diagnostic::Diagnostic| found.code.name() == "forbear::log::stopped";
            let at = part.log_findings.iter().position(is_it).unwrap_or_else(|| panic!("{part:#?}"));
            let place = part.log_findings.remove(at).labels[0].span.start;
            assert!(place as u64 + 1_048_576 >= most, "{place} for {most}");
            // A line that begins before the place was judged, whole.
            let line = bytes[place..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| place + end);
            let end = if place > 0 && bytes[place - 1] != b'\n' { line } else { place };
            let before = stopped(million::POLICY, &bytes[..end], wants, threads, u64::MAX);
            assert!(!before.partial);
            assert_eq!(
                format!("{:#?}", Summary { partial: false, ..part }),
                format!("{before:#?}"),
                "{wants:?} {threads}"
            );
        }
    }

    #[test]
    fn one_that_is_stopped_while_it_looks_back_judges_nothing() {
        let bytes = fs::read(log("early.jsonl", Shape::Jsonl, |_, line| line.to_owned())).unwrap();
        let policy = format!("{}{}", million::POLICY, million::QUOTA);
        let part = stopped(&policy, &bytes, Wants::Nothing, 2, 1_500_000);
        assert!(part.partial && part.records == 0);
        let whole = stopped(&policy, &bytes, Wants::Nothing, 2, u64::MAX);
        assert!(!whole.partial && whole.records == EPISODES);
    }

    /// Says how many bytes an audit reads, and how many it said it would.
    fn bytes_read(policy: &str, path: &Path, wants: Wants) -> (u64, u64) {
        let mut sources = Sources::new();
        sources.add("ward.forbear", policy);
        let checked = load(&mut sources);
        let inputs = open(&[path.to_owned()], &mut std::io::empty(), &mut sources).inputs;
        let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
        let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
        let watch = Impatient { most: u64::MAX, read: AtomicU64::new(0) };
        let running = Running { watch: Some(&watch), ..Running::default() };
        assert_eq!(audit.run_so(running, &mut Takes(wants)).judged, EPISODES);
        (watch.read.into_inner(), audit.bytes(wants))
    }

    #[test]
    fn a_log_is_read_once_even_where_a_policy_looks_back_unless_every_record_is_wanted() {
        let policy = format!("{}{}", million::POLICY, million::QUOTA);
        for (name, shape) in [("once.jsonl", Shape::Jsonl), ("once.csv", Shape::Csv)] {
            let path = log(name, shape, |_, line| line.to_owned());
            let length = fs::metadata(&path).unwrap().len();
            // The header of a table is read by itself, and the lines of it that are read are told record by record.
            let about = |(read, said): (u64, u64), times: u64| {
                assert_eq!(said, times * length, "{name}");
                assert!(read <= said && read * 100 > said * 98, "{name}: {read} of {said}");
            };
            about(bytes_read(million::POLICY, &path, Wants::Nothing), 1);
            about(bytes_read(&policy, &path, Wants::Nothing), 1);
            about(bytes_read(&policy, &path, Wants::Everything), 2);
        }
    }

    /// Keeps the newest time of all records that are judged.
    struct Newest(Option<jiff::Timestamp>);

    impl Sink for Newest {
        fn judged(&mut self, record: &Judged<'_>) {
            let version = record.results[0].policy.versions[0].clone();
            let time = version.vocabulary.role(forbear::policy::Role::Time).unwrap();
            if let Some(forbear::policy::Value::Instant(when)) = record.results[0].episode.value(time) {
                self.0 = self.0.max(Some(when.earliest));
            }
        }

        fn wants_reasons(&self) -> bool {
            false
        }

        fn unreadable(&mut self, _unreadable: &Unreadable) {}
    }

    #[test]
    fn the_newest_record_is_found_whatever_stands_around_it() {
        let newest = |at: usize, line: &str| match at {
            3_000 => line.replacen("2025-", "2026-", 1),
            3_001 => line.replacen("2025-01-", "2026-11-", 1).replacen("T", " T", 1),
            3_002 => line.replacen("2025-", "2028-", 1),
            _ => line.to_owned(),
        };
        for (name, shape) in [("newest.jsonl", Shape::Jsonl), ("newest.csv", Shape::Csv)] {
            let path = log(name, shape, newest);
            let mut sources = Sources::new();
            sources.add("ward.forbear", million::POLICY);
            let checked = load(&mut sources);
            let inputs = open(&[path], &mut std::io::empty(), &mut sources).inputs;
            let present = "2027-01-01T00:00:00Z".parse().unwrap();
            for as_of in ["2025-01-02T00:00:00Z", "2026-12-30T00:00:00Z"] {
                let clock = Clock { as_of: as_of.parse().unwrap(), ..Clock::at(present) };
                let (set, sources, limits) = (&checked.set, &sources, Limits::default());
                let audit = Audit { set, sources, inputs: &inputs, clock, limits };
                let mut slowly = Newest(None);
                audit.run(false, &mut slowly);
                let later = slowly.0.filter(|newest| *newest > clock.as_of);
                assert_eq!(audit.newest_after(), later, "{name} {as_of}");
                assert_eq!(later.is_some(), as_of.starts_with("2025"));
            }
        }
    }

    /// Has enough after a while.
    struct Leaves {
        most: usize,
        received: usize,
        wants: Wants,
    }

    impl Sink for Leaves {
        fn judged(&mut self, _record: &Judged<'_>) {
            self.received += 1;
        }

        fn unreadable(&mut self, _unreadable: &Unreadable) {}

        fn gives_up(&self) -> bool {
            self.received >= self.most
        }

        fn wants(&self) -> Wants {
            self.wants
        }
    }

    #[test]
    fn nothing_more_is_judged_for_whoever_has_gone() {
        let bytes = fs::read(log("gone.jsonl", Shape::Jsonl, |_, line| line.to_owned())).unwrap();
        let mut sources = Sources::new();
        sources.add("ward.forbear", million::POLICY);
        let checked = load(&mut sources);
        let id = sources.add_protected("log.jsonl", bytes);
        let inputs = [Input::new(id, Format::Jsonl)];
        let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
        let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
        let mut all = Leaves { most: 7, received: 0, wants: Wants::Everything };
        let summary = audit.run(false, &mut all);
        assert_eq!((all.received, summary.partial), (7, true));
        assert!(summary.judged < EPISODES / 2, "what was judged of a block is not given back");
        let mut findings = Leaves { most: 7, received: 0, wants: Wants::Findings };
        let summary = audit.run(false, &mut findings);
        assert!(summary.partial && summary.judged < EPISODES / 2);
    }

    #[test]
    fn a_window_before_the_log_is_counted_where_times_are_days() {
        const POLICY: &str = "
vocabulary small \"Small\"
field id text role id
field day date role time
field who text

policy p \"P\"
  vocabulary small
  default permit

rule quota \"Q\"
  limit 2 episodes per who in any 30 days
";
        let days = ["2025-01-01", "2025-01-20", "2025-03-20"];
        let lines = days.map(|day| format!("{{\"id\": \"{day}\", \"day\": \"{day}\", \"who\": \"a\"}}\n"));
        for wants in [Wants::Everything, Wants::Nothing] {
            let summary = stopped(POLICY, lines.concat().as_bytes(), wants, 1, u64::MAX);
            assert_eq!((summary.judged, summary.policies[0].windows_before_log), (3, 2), "{wants:?}");
        }
    }
}
