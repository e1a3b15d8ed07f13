//! The language as people write it: fixtures that must be accepted, and fixtures whose messages stand beside them.
//!
//! `language/good` has no problem at all, whatever its line ends and blanks are. Each file of `language/bad` has a
//! snapshot in which the source and everything that a person is told about it stand together. What could be misread
//! without a word is asserted in code: what is written has one meaning, or is refused.

#[cfg(test)]
#[path = "language"]
mod language {
    mod large;
    mod lenient;
    mod meaning;
    mod misparses;
    mod places;
    mod roles;
    mod tables;
    mod vanishing;

    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{Checked, load};
    use forbear::diagnostic::Severity;
    use forbear::report::human::{Terminal, count_words, render_all};
    use forbear::source::Sources;

    use meaning::meaning;

    #[test]
    fn good_fixtures_have_no_problem() {
        for (name, text) in fixtures("good") {
            let (sources, checked) = checked(&name, &text);
            assert_eq!(checked.problems.len(), 0, "\n{}", told(&sources, &checked));
        }
    }

    /// Line ends, a byte order mark and the blanks of word processors change nothing.
    #[test]
    fn good_fixtures_mean_the_same_however_they_were_saved() {
        for (name, text) in fixtures("good") {
            let (_, plain) = checked(&name, &text);
            for (way, variant) in variants(&name, &text) {
                let (sources, varied) = checked(&name, &variant);
                assert_eq!(varied.problems.len(), 0, "{way}\n{}", told(&sources, &varied));
                assert_eq!(meaning(&varied), meaning(&plain), "{name} {way}");
            }
        }
    }

    #[test]
    fn bad_fixtures_are_told_so() {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(folder("snapshots"));
        settings.bind(|| {
            for (name, text) in fixtures("bad") {
                let (sources, checked) = checked(&name, &text);
                assert!(!checked.problems.is_empty(), "{name} has no problem");
                let page = format!("{text}\n{}\n{}", "─".repeat(80), told(&sources, &checked));
                insta::assert_snapshot!(name.split('.').next().unwrap(), page);
            }
        });
    }

    #[test]
    fn every_snapshot_is_of_a_fixture() {
        let fixtures: Vec<String> =
            fixtures("bad").iter().map(|(name, _)| name.split('.').next().unwrap().to_owned()).collect();
        for path in files(&folder("snapshots")) {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(fixtures.contains(&name), "{} is of no fixture", path.display());
        }
    }

    #[test]
    fn five_unrelated_mistakes_are_all_told_in_one_run() {
        let text = fs::read_to_string(folder("bad").join("five_mistakes_in_one_run.forbear")).unwrap();
        let (_, checked) = checked("ward.forbear", &text);
        let told = |word: &str| checked.problems.iter().any(|problem| problem.message.contains(word));
        for word in ["2026-01-32", "`procedure`", "in_rom", "30 what", "debrief.held_at", "closing quote"] {
            assert!(told(word), "{word}: {:#?}", checked.problems);
        }
    }

    /// Checks one file.
    pub(crate) fn checked(name: &str, text: &str) -> (Sources, Checked) {
        let mut sources = Sources::new();
        sources.add(name, text);
        sources.add("calendars/basel.yaml", "weekend: [saturday, sunday]\nyears: [2026]\n");
        let checked = load(&mut sources);
        (sources, checked)
    }

    /// Tells all problems as a terminal without colour shows them.
    pub(crate) fn told(sources: &Sources, checked: &Checked) -> String {
        let terminal = Terminal { colour: false, width: 80 };
        format!("{}{}\n", render_all(&checked.problems, sources, terminal), count_words(&checked.problems))
    }

    /// A small policy around some clauses.
    pub(crate) fn policy_of(clauses: &str) -> String {
        format!("policy ward \"Ward\"\n  vocabulary clinical\n  default permit\n\nrule one \"One\"\n{clauses}\n")
    }

    /// Checks clauses, and gives their meaning, or the codes of their errors.
    pub(crate) fn understood(clauses: &str) -> Result<String, Vec<String>> {
        let (_, checked) = checked("ward.forbear", &policy_of(clauses));
        let errors = checked.problems.iter().filter(|problem| problem.severity() == Severity::Error);
        let errors: Vec<String> = errors.map(|problem| problem.code.name().replace("forbear::", "")).collect();
        if errors.is_empty() { Ok(meaning(&checked)) } else { Err(errors) }
    }

    fn variants(name: &str, text: &str) -> Vec<(&'static str, String)> {
        let mut variants = vec![
            ("with CRLF", text.replace('\n', "\r\n")),
            ("with a byte order mark", format!("\u{FEFF}{text}")),
            ("without a last line end", text.trim_end().to_owned()),
            ("with blanks at line ends", text.replace('\n', "  \n")),
        ];
        if !name.ends_with(".md") {
            variants.push(("with CR", text.replace('\n', "\r")));
            variants.push(("with non-breaking spaces", outside_texts(text, |code| code.replace(' ', "\u{A0}"))));
            variants.push(("with narrow spaces", outside_texts(text, |code| code.replace(' ', "\u{202F}"))));
            variants.push(("with curly quotes", curly(text)));
            variants.push(("in capitals", keywords_in_capitals(text)));
        }
        variants
    }

    fn outside_texts(text: &str, change: impl Fn(&str) -> String) -> String {
        let parts = text.split('"').enumerate();
        parts.map(|(at, part)| if at % 2 == 0 { change(part) } else { part.to_owned() }).collect::<Vec<_>>().join("\"")
    }

    fn curly(text: &str) -> String {
        let parts: Vec<&str> = text.split('"').collect();
        let mut curly = String::new();
        for (at, part) in parts.iter().enumerate() {
            let mark = if at % 2 == 0 { '\u{201C}' } else { '\u{201D}' };
            curly.push_str(part);
            curly.extend((at + 1 < parts.len()).then_some(mark));
        }
        curly
    }

    fn keywords_in_capitals(text: &str) -> String {
        let clauses = ["when", "require", "forbid", "unless", "because", "risk ceiling", "rule", "policy"];
        let line = |line: &str| {
            let (blanks, words) = line.split_at(line.len() - line.trim_start().len());
            let clause = clauses.iter().find(|clause| words.starts_with(&format!("{clause} ")));
            match clause.and_then(|clause| Some((clause, words.strip_prefix(clause)?))) {
                Some((clause, rest)) => format!("{blanks}{}{rest}", clause.to_uppercase()),
                None => line.to_owned(),
            }
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n"
    }

    fn fixtures(which: &str) -> Vec<(String, String)> {
        let fixture = |path: PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        };
        let fixtures: Vec<_> = files(&folder(which)).into_iter().map(fixture).collect();
        assert!(fixtures.len() > 5, "fixtures are gone");
        fixtures
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|path| path.extension().is_none_or(|extension| extension != "new"));
        files.sort();
        files
    }

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language").join(name)
    }
}
