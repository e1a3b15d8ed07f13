//! Every story under `examples/` comes out as its `expected*.yaml` says, and every shipped policy checks cleanly.

#[cfg(test)]
mod examples {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::sync::Arc;

    use forbear::audit::{Audit, Clock, Judged, Sink};
    use forbear::check::{Checked, load};
    use forbear::judge::{Chain, Outcome, Status};
    use forbear::log::{Limits, Mapping, Unreadable, open};
    use forbear::source::Sources;
    use serde::Deserialize;

    /// After all episodes of the examples.
    const PRESENT: &str = "2026-11-01T00:00:00Z";

    /// What a story says must come out.
    #[derive(Debug, Clone, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Expected {
        policies: Vec<PathBuf>,
        logs: Vec<PathBuf>,
        /// Each log is audited by itself, and each gives the same.
        #[serde(default)]
        separately: bool,
        exit: i32,
        verdicts: BTreeMap<String, String>,
        /// The instant as of which duties are judged; unless stated, after all episodes.
        #[serde(default)]
        as_of: Option<String>,
        /// What is owed then, soonest first: an episode and a rule each.
        #[serde(default)]
        due: Option<Vec<String>>,
        #[serde(default)]
        rules: BTreeMap<String, BTreeSet<String>>,
        #[serde(default)]
        wanting: BTreeMap<String, BTreeSet<String>>,
        unreadable: usize,
        /// What is given as `--mapping`.
        #[serde(default)]
        mappings: Vec<PathBuf>,
        /// What lies beside the logs and is none.
        #[serde(default)]
        beside: Vec<PathBuf>,
        /// How many records a mapping leaves out.
        #[serde(default)]
        left_out: usize,
        /// How many records there are: judged, unreadable and left out.
        #[serde(default)]
        rows: Option<usize>,
    }

    /// A story: its folder and what it expects.
    struct Story {
        folder: PathBuf,
        file: PathBuf,
        expected: Expected,
    }

    /// What an audit said of one record.
    #[derive(Debug, PartialEq, Eq)]
    struct Said {
        id: String,
        verdict: String,
        rules: BTreeSet<String>,
        wanting: BTreeSet<String>,
    }

    /// Gathers what an audit says.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Gathered {
        said: Vec<Said>,
        unreadable: usize,
    }

    impl Sink for Gathered {
        fn judged(&mut self, record: &Judged<'_>) {
            let mut said = Said {
                id: record.id.clone().unwrap_or_default(),
                verdict: record.leading_verdict().word().to_owned(),
                rules: BTreeSet::new(),
                wanting: BTreeSet::new(),
            };
            for result in &record.results {
                let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
                let found = rules.iter().zip(&result.judgement.outcomes).filter(|(_, outcome)| is_found(outcome));
                said.rules.extend(found.map(|(rule, _)| rule.name.clone()));
                said.wanting.extend(result.wanting().values.iter().map(|wanted| result.wanted_name(*wanted)));
            }
            self.said.push(said);
        }

        fn unreadable(&mut self, _unreadable: &Unreadable) {
            self.unreadable += 1;
        }
    }

    fn is_found(outcome: &Outcome) -> bool {
        let missed = matches!(outcome, Outcome::Duty(Chain::Failed | Chain::Undetermined | Chain::MadeGood));
        missed || matches!(outcome.status(), Some(Status::Violated | Status::Undetermined))
    }

    #[test]
    fn every_story_comes_out_as_it_says() {
        let mut wrong = Vec::new();
        for story in stories() {
            for logs in story.runs() {
                wrong.extend(story.compare(&story.audit(&logs)));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn the_program_ends_as_every_story_says() {
        for story in stories() {
            for logs in story.runs() {
                let code = story.run_program(&logs);
                assert_eq!(code, Some(story.expected.exit), "{}: {logs:?}", story.file.display());
            }
        }
    }

    #[test]
    fn every_record_is_expected_and_every_expectation_is_of_a_record() {
        for story in stories() {
            let known: BTreeSet<String> = story.with_neighbour().verdicts.into_keys().collect();
            let own: BTreeSet<String> = story.expected.verdicts.keys().cloned().collect();
            for logs in story.runs() {
                let said: BTreeSet<String> = story.audit(&logs).said.into_iter().map(|said| said.id).collect();
                assert!(said.is_subset(&known), "{}: {:?}", story.file.display(), said.difference(&known));
                assert!(own.is_subset(&said), "{}: {:?}", story.file.display(), own.difference(&said));
            }
            let listed = story.expected.rules.keys().chain(story.expected.wanting.keys());
            for id in listed {
                assert!(own.contains(id), "{}: `{id}` has no verdict", story.file.display());
            }
        }
    }

    #[test]
    fn every_folder_and_every_log_is_part_of_a_story() {
        let stories = stories();
        let read_me = fs::read_to_string(root().join("examples/README.md")).unwrap();
        for folder in entries(&root().join("examples")).into_iter().filter(|path| path.is_dir()) {
            let of_folder = || stories.iter().filter(|story| story.folder == folder);
            let name = file_name(&folder);
            assert!(of_folder().count() > 0, "examples/{name} has no expected.yaml");
            assert!(read_me.contains(&format!("[{name}]({name})")), "examples/README.md does not name {name}");
            assert!(folder.join("README.md").is_file(), "examples/{name} has no README.md");
            for file in entries(&folder) {
                let is_story = of_folder().any(|story| story.file == file);
                let of_story = |story: &Story| {
                    let expected = &story.expected;
                    let all = [&expected.logs, &expected.mappings, &expected.beside, &expected.policies];
                    all.into_iter().flatten().any(|part| folder.join(part) == file)
                };
                let is_log = of_folder().any(of_story);
                assert!(is_story || is_log || file.ends_with("README.md"), "{} belongs to no story", file.display());
            }
        }
    }

    #[test]
    fn four_formats_give_the_same_judgements() {
        let story = stories().into_iter().find(|story| file_name(&story.folder) == "formats").unwrap();
        let all: Vec<Gathered> = story.runs().iter().map(|logs| story.audit(logs)).collect();
        assert_eq!(all.len(), 4);
        assert_eq!(all[0].said.len(), 6);
        for one in &all {
            assert_eq!(one, &all[0]);
        }
    }

    #[test]
    fn a_term_has_48_episodes_over_the_five_kinds_of_failure() {
        let text = fs::read_to_string(root().join("examples/term/term.jsonl")).unwrap();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for line in text.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            let kind = record["failure"]["kind"].as_str().unwrap_or("none").to_owned();
            *kinds.entry(kind).or_default() += 1;
        }
        assert_eq!(kinds.values().sum::<usize>(), 48);
        let mut sources = Sources::new();
        let clinical = load(&mut sources).vocabularies.get("clinical").cloned().unwrap();
        let list = clinical.lists.iter().find(|list| list.name == "failure_kind").unwrap();
        let declared: BTreeSet<String> = list.names.iter().map(|name| name.name.clone()).collect();
        assert_eq!(declared.len(), 5);
        assert_eq!(kinds.into_keys().collect::<BTreeSet<_>>(), declared);
    }

    #[test]
    fn all_shipped_policies_check_together_without_any_problem() {
        let all = policy_files(&root().join("policies"));
        assert!(all.len() > 5);
        assert_clean(&all);
    }

    #[test]
    fn every_shipped_policy_checks_alone_without_any_problem() {
        let folder = root().join("policies");
        let vocabularies = policy_files(&folder.join("vocabularies"));
        let all = policy_files(&folder);
        for policy in all.iter().filter(|file| !vocabularies.contains(file)) {
            // The clinical vocabulary is built in, and an institution takes only those that it needs beside it.
            let needed = vocabularies.iter().filter(|file| file_name(file) != "clinical.forbear");
            // Examples in a file of their own belong to the policy whose name begins theirs.
            let name = file_name(policy);
            let judged = name.strip_suffix("_examples.forbear");
            let is_of = |file: &&PathBuf| file_name(file).split('.').next() == judged && !vocabularies.contains(file);
            let beside = all.iter().filter(is_of);
            assert_clean(&needed.chain(beside).chain([policy]).cloned().collect::<Vec<_>>());
        }
    }

    fn assert_clean(files: &[PathBuf]) {
        let (sources, checked) = read_policies(files);
        let told = |problem: &forbear::diagnostic::Diagnostic| {
            let place = problem.span().map(|span| (sources.name(span.source), sources.line_column(span)));
            format!("{place:?} {}: {}", problem.code.name(), problem.message)
        };
        let told: Vec<String> = checked.problems.iter().map(told).collect();
        assert!(told.is_empty(), "{files:?}\n{}", told.join("\n"));
    }

    impl Story {
        /// Gives the logs of each audit.
        fn runs(&self) -> Vec<Vec<PathBuf>> {
            let logs: Vec<PathBuf> = self.expected.logs.iter().map(|log| self.folder.join(log)).collect();
            if self.expected.separately { logs.into_iter().map(|log| vec![log]).collect() } else { vec![logs] }
        }

        /// Adds what the story's neighbour, the folder's `expected.yaml`, says of records that this one leaves out.
        fn with_neighbour(&self) -> Expected {
            let mut all = self.expected.clone();
            let neighbour = read_expected(&self.folder.join("expected.yaml"));
            fill(&mut all.verdicts, neighbour.verdicts);
            fill(&mut all.rules, neighbour.rules);
            fill(&mut all.wanting, neighbour.wanting);
            all
        }

        fn clock(&self) -> Clock {
            let present = PRESENT.parse().unwrap();
            match &self.expected.as_of {
                Some(as_of) => Clock::as_of(present, as_of.parse().unwrap()),
                None => Clock::at(present),
            }
        }

        fn audit(&self, logs: &[PathBuf]) -> Gathered {
            let policies: Vec<PathBuf> = self.expected.policies.iter().map(|path| self.folder.join(path)).collect();
            let (mut sources, checked) = read_policies(&policies);
            assert!(!checked.has_errors(), "{}", self.file.display());
            let mut opened = open(logs, &mut std::io::empty(), &mut sources);
            assert_eq!(opened.problems, [], "{}", self.file.display());
            for mapping in &self.expected.mappings {
                let id = sources.add("mapping.yaml", fs::read(self.folder.join(mapping)).unwrap());
                let versions = checked.set.policies.iter().flat_map(|policy| &policy.versions);
                let vocabularies: Vec<_> = versions.map(|version| &*version.vocabulary).collect();
                let (mapping, problems) = Mapping::read(&sources, id, &vocabularies);
                assert_eq!(problems, [], "{}", self.file.display());
                let mapping = Arc::new(mapping);
                opened.inputs.iter_mut().for_each(|input| input.mapping = Some(Arc::clone(&mapping)));
            }
            let audit = Audit {
                set: &checked.set,
                sources: &sources,
                inputs: &opened.inputs,
                clock: self.clock(),
                limits: Limits::default(),
            };
            let mut gathered = Gathered::default();
            let summary = audit.run(false, &mut gathered);
            assert_eq!(summary.left_out, self.expected.left_out, "{}", self.file.display());
            assert_eq!(summary.records, gathered.said.len() + gathered.unreadable + summary.left_out);
            assert_eq!(summary.records, self.expected.rows.unwrap_or(summary.records), "{}", self.file.display());
            gathered
        }

        fn compare(&self, gathered: &Gathered) -> Vec<String> {
            let expected = self.with_neighbour();
            let mut wrong = Vec::new();
            let mut differ = |id: &str, what: &str, is: &dyn std::fmt::Debug, wanted: &dyn std::fmt::Debug| {
                wrong.push(format!("{} {id} {what}: {is:?}, expected {wanted:?}", self.file.display()));
            };
            for said in &gathered.said {
                let id = &said.id;
                let verdict = expected.verdicts.get(id);
                if verdict.is_some_and(|verdict| *verdict != said.verdict) {
                    differ(id, "verdict", &said.verdict, &verdict);
                }
                let rules = expected.rules.get(id);
                if rules.is_some_and(|rules| *rules != said.rules) {
                    differ(id, "rules", &said.rules, &rules);
                }
                let wanting = expected.wanting.get(id);
                if wanting.is_some_and(|wanting| *wanting != said.wanting) {
                    differ(id, "wanting", &said.wanting, &wanting);
                }
            }
            if gathered.unreadable != expected.unreadable {
                differ("", "unreadable", &gathered.unreadable, &expected.unreadable);
            }
            wrong
        }

        fn run_program(&self, logs: &[PathBuf]) -> Option<i32> {
            let mut program = Command::new(env!("CARGO_BIN_EXE_forbear"));
            program.arg("audit").args(self.expected.policies.iter().map(|path| self.folder.join(path)));
            program.args(self.expected.as_of.iter().flat_map(|as_of| ["--as-of", as_of]));
            program.args(
                self.expected.mappings.iter().flat_map(|path| [PathBuf::from("--mapping"), self.folder.join(path)]),
            );
            program.arg("--log").args(logs).arg("--quiet").stdout(Stdio::null()).stderr(Stdio::null());
            program.status().unwrap().code()
        }
    }

    /// What is owed, as the program lists it.
    #[test]
    fn what_is_owed_is_listed_as_every_story_says() {
        let mut listed = 0;
        for story in stories() {
            let Some(due) = &story.expected.due else { continue };
            listed += 1;
            let mut program = Command::new(env!("CARGO_BIN_EXE_forbear"));
            program.arg("due").args(story.expected.policies.iter().map(|path| story.folder.join(path)));
            program.args(story.expected.as_of.iter().flat_map(|as_of| ["--as-of", as_of]));
            program.args(["--format", "json", "--log"]).args(story.runs().concat());
            let written = program.output().unwrap().stdout;
            let document: serde_json::Value = serde_json::from_slice(&written).unwrap();
            let entry = |due: &serde_json::Value| {
                let part = |name: &str| due[name].as_str().unwrap().to_owned();
                format!("{} {} {}", part("episode"), part("rule"), part("status"))
            };
            let is: Vec<String> = document["due"].as_array().unwrap().iter().map(entry).collect();
            assert_eq!(&is, due, "{}", story.file.display());
        }
        assert!(listed > 0, "no story lists what is owed");
    }

    /// Adds what is not yet there.
    fn fill<T>(all: &mut BTreeMap<String, T>, more: BTreeMap<String, T>) {
        for (id, value) in more {
            all.entry(id).or_insert(value);
        }
    }

    fn stories() -> Vec<Story> {
        let folders = entries(&root().join("examples")).into_iter().filter(|path| path.is_dir());
        let of_folder = |folder: PathBuf| {
            let files = entries(&folder).into_iter();
            let files = files.filter(|file| file_name(file).starts_with("expected"));
            files.map(|file| Story { folder: folder.clone(), expected: read_expected(&file), file }).collect::<Vec<_>>()
        };
        let stories: Vec<Story> = folders.flat_map(of_folder).collect();
        assert!(stories.len() > 5, "examples are gone");
        stories
    }

    fn read_expected(file: &Path) -> Expected {
        let text = fs::read_to_string(file).unwrap();
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    fn read_policies(files: &[PathBuf]) -> (Sources, Checked) {
        let mut sources = Sources::new();
        for file in files {
            sources.add(file.to_string_lossy(), fs::read(file).unwrap());
        }
        for calendar in entries(&root().join("policies/calendars")) {
            sources.add(calendar.to_string_lossy(), fs::read(&calendar).unwrap());
        }
        let checked = load(&mut sources);
        (sources, checked)
    }

    fn policy_files(folder: &Path) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for path in entries(folder) {
            let name = file_name(&path);
            if path.is_dir() {
                files.extend(policy_files(&path));
            } else if name.ends_with(".forbear") || name.ends_with(".forbear.md") {
                files.push(path);
            }
        }
        files
    }

    fn entries(folder: &Path) -> Vec<PathBuf> {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        entries
    }

    fn file_name(path: &Path) -> String {
        path.file_name().unwrap().to_string_lossy().into_owned()
    }

    fn root() -> PathBuf {
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
    }
}
