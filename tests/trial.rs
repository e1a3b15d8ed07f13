//! Cases and examples, run: the claims of semantics.md section 9, what examples reach, and what they would not notice.

#[cfg(test)]
#[path = "trial"]
mod trial {
    mod claims;
    mod command;
    mod mutations;
    mod shipped;

    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{Checked, load};
    use forbear::diagnostic::{Diagnostic, Severity};
    use forbear::report::Identities;
    use forbear::report::trial::failures;
    use forbear::source::Sources;
    use forbear::trial::{Coverage, Score, Sink, Trial, Tried};

    /// A policy with a case, in which most tests make their claims.
    pub(crate) const WARD: &str = r#"
policy ward "Ward"
  effective  from 2026-02-01
  time zone  Europe/Zurich
  vocabulary clinical
  applies when setting is clinical

rule goal "A stated goal"
  permit when failure.anticipated and education.objective is present

rule ceiling "The risk is low"
  risk ceiling low
  unless patient.asa at most 1

rule room "Operations need the supervisor in the room"
  when activity is operation
  supervision at least in_room

rule advice "Advice"
  require patient.asa at most 3
  severity advisory

rule quota "Two a month"
  limit 2 episodes per trainee.id in any 30 days

rule debrief "Debrief after harm"
  when outcome.harm above none
  oblige debrief.held_at within 24 hours
  otherwise oblige report.made_at within 7 days

case routine
  setting              clinical
  activity             operation
  failure.anticipated  true
  education.objective  knot security
  patient.risk         low
  patient.asa          2
  supervision          in_room
  trainee.id           "T-1"
  outcome.harm         none
"#;

    /// What a run of all examples comes to.
    #[derive(Default)]
    pub(crate) struct Ran {
        /// The titles of the examples that hold, and of those that do not.
        pub(crate) held: Vec<String>,
        pub(crate) failed: Vec<String>,
        pub(crate) problems: Vec<Diagnostic>,
        pub(crate) coverage: Vec<Coverage>,
        pub(crate) scores: Vec<Score>,
    }

    impl Sink for Ran {
        fn tried(&mut self, tried: &Tried<'_>) {
            let name = match tried.record {
                Some(record) => format!("{} {record}", tried.example.title),
                None => tried.example.title.clone(),
            };
            if tried.holds() { &mut self.held } else { &mut self.failed }.push(name);
            self.problems.extend(failures(tried, &Identities::CLEAR));
        }

        fn problem(&mut self, problem: Diagnostic) {
            self.problems.push(problem);
        }
    }

    pub(crate) fn read(files: &[(&str, &str)]) -> (Sources, Checked) {
        let mut sources = Sources::new();
        for (name, text) in files {
            sources.add(*name, *text);
        }
        let checked = load(&mut sources);
        (sources, checked)
    }

    pub(crate) fn run_all(sources: &Sources, checked: &Checked, mutation: bool) -> Ran {
        let errors: Vec<&Diagnostic> =
            checked.problems.iter().filter(|problem| problem.severity() == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let trial =
            Trial { set: &checked.set, examples: &checked.examples, untested: &checked.untested, sources, logs: &[] };
        let mut ran = Ran::default();
        for (version, examples) in trial.by_version() {
            let coverage = trial.run(version, &examples, &mut ran);
            ran.coverage.push(coverage);
            if mutation {
                ran.scores.push(trial.mutate(version, &examples));
            }
        }
        ran
    }

    /// Runs examples beside the ward's policy.
    pub(crate) fn ward(examples: &str) -> Ran {
        let (sources, checked) = read(&[("ward.forbear", &format!("{WARD}\n{examples}"))]);
        run_all(&sources, &checked, false)
    }

    pub(crate) fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR"))
    }

    pub(crate) fn texts(files: &[PathBuf]) -> Vec<(String, String)> {
        files.iter().map(|file| (file.to_string_lossy().into_owned(), fs::read_to_string(file).unwrap())).collect()
    }
}
