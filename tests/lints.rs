//! Lints: each has a fixture in `tests/lints`, with a snapshot of what a person is told. What is allowed is not told.

#[cfg(test)]
mod lints {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{Checked, lint_names, lints, load};
    use forbear::diagnostic::Diagnostic;
    use forbear::report::human::{Terminal, count_words, render_all};
    use forbear::source::Sources;

    /// The present of every fixture.
    const PRESENT: &str = "2026-12-31T00:00:00Z";

    #[test]
    fn fixtures_are_told_what_could_be_said_better() {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(folder().join("snapshots"));
        settings.bind(|| {
            for (name, text) in fixtures() {
                let (sources, checked, found) = linted(&text);
                assert!(checked.problems.is_empty(), "{name}: {:#?}", checked.problems);
                let told = render_all(&found, &sources, Terminal { colour: false, width: 80 });
                let page = format!("{text}\n{}\n{told}{}\n", "─".repeat(80), count_words(&found));
                insta::assert_snapshot!(name, page);
            }
        });
    }

    #[test]
    fn every_lint_has_a_fixture_that_it_is_told_of() {
        for lint in lint_names() {
            let text = fs::read_to_string(folder().join(lint).with_extension("forbear")).expect(lint);
            let (_, _, found) = linted(&text);
            assert!(found.iter().any(|problem| problem.code.name().ends_with(&format!("::{lint}"))), "{lint}");
        }
    }

    #[test]
    fn every_lint_can_be_allowed_in_the_header() {
        for lint in lint_names() {
            let text = fs::read_to_string(folder().join(lint).with_extension("forbear")).expect(lint);
            let allow = format!("$0\n  allow {lint} because \"the committee wants it so\"");
            let line = text.lines().find(|line| line.starts_with("policy ")).unwrap();
            let (_, checked, found) = linted(&text.replace(line, &allow.replace("$0", line)));
            assert!(checked.problems.is_empty(), "{lint}: {:#?}", checked.problems);
            assert!(
                !found.iter().any(|problem| problem.code.name().ends_with(&format!("::{lint}"))),
                "{lint}: {found:#?}"
            );
        }
    }

    #[test]
    fn nothing_is_said_about_style_where_something_is_wrong() {
        let text = fs::read_to_string(folder().join("without_reason.forbear")).unwrap();
        assert!(linted(&text.replace("ceiling low", "ceiling lwo")).2.is_empty());
    }

    #[test]
    fn a_version_that_was_replaced_is_left_as_it_was_adopted() {
        let version = |days: &str| {
            format!(
                "policy ward \"Ward\"\n  effective {days}\n  vocabulary clinical\n  default permit\n\n\
                 rule ceiling \"Low\"\n  risk ceiling low\n\n"
            )
        };
        let (old, new) = (version("from 2025-01-01 until 2025-12-31"), version("from 2026-01-01"));
        let (sources, _, found) = linted(&(old + &new));
        let lines: Vec<usize> =
            found.iter().filter_map(|problem| Some(sources.line_column(problem.span()?).line)).collect();
        assert_eq!(lines, [14], "{found:#?}");
    }

    #[test]
    fn shipped_policies_are_without_lints() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let mut sources = Sources::new();
        for folder in ["", "vocabularies", "calendars"] {
            for path in files(&root.join(folder)) {
                let name = path.to_string_lossy().into_owned();
                if [".forbear", ".forbear.md", ".yaml"].iter().any(|end| name.ends_with(end)) {
                    sources.add(name, fs::read(&path).unwrap());
                }
            }
        }
        let checked = load(&mut sources);
        assert!(checked.set.policies.len() >= 5 && checked.problems.is_empty(), "{:#?}", checked.problems);
        let found = lints(&checked, &sources, "2025-10-01T00:00:00Z".parse().unwrap());
        assert!(found.is_empty(), "{found:#?}");
    }

    /// Many allows, rules and terms cost no more than they hold.
    #[test]
    fn large_policies_are_linted_in_time() {
        let mut text = String::from("policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n");
        for at in 0..3_000 {
            text += &format!(
                "rule r{at} \"R\"\n  when patient.frail and patient.asa at least 3\n  risk ceiling low\n  \
                 allow without_reason because \"large\"\n"
            );
        }
        let terms = vec!["patient.frail"; 20_000].join(" and ");
        text += &format!("rule last \"Last\"\n  require {terms}\n  because \"long\"\n");
        let (_, _, found) = linted(&text);
        let mut codes: Vec<&str> = found.iter().map(|problem| problem.code.name()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["forbear::lint::crowded_line", "forbear::lint::repeated_guard"]);
        assert_eq!(found.iter().map(|problem| problem.labels.len()).max(), Some(7), "a few places tell enough");
    }

    #[test]
    fn every_snapshot_is_of_a_fixture() {
        let fixtures: BTreeSet<String> = fixtures().into_iter().map(|(name, _)| name).collect();
        for path in files(&folder().join("snapshots")) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(fixtures.contains(&name), "{} is of no fixture", path.display());
        }
    }

    fn linted(text: &str) -> (Sources, Checked, Vec<Diagnostic>) {
        let mut sources = Sources::new();
        sources.add("ward.forbear", text);
        let checked = load(&mut sources);
        let found = lints(&checked, &sources, PRESENT.parse().unwrap());
        (sources, checked, found)
    }

    fn fixtures() -> Vec<(String, String)> {
        let is_fixture = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "forbear");
        let fixture = |path: PathBuf| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        };
        files(&folder()).into_iter().filter(is_fixture).map(fixture).collect()
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.is_file() && path.extension().is_none_or(|extension| extension != "new"));
        files.sort();
        files
    }

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lints")
    }
}
