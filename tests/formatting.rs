//! The formatter: one layout, the same meaning, no comment lost, and twice is once.

#[cfg(test)]
mod formatting {
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::load;
    use forbear::diagnostic::Diagnostic;
    use forbear::source::Sources;
    use forbear::syntax::{BareValues, Formatted, format};

    /// Lays out a file as the command does: with what `check` makes of it.
    fn attempt(name: &str, text: &str) -> Result<Formatted, Box<Diagnostic>> {
        let mut sources = Sources::new();
        let source = sources.add(name, text);
        // Only of cases is there anything to know.
        let bare = if text.contains("case") { load(&mut sources).bare } else { BareValues::new() };
        format(&sources, source, &bare)
    }

    fn laid_out(name: &str, text: &str) -> Formatted {
        attempt(name, text).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
    }

    /// Gives all policies of a folder and its folders.
    fn policies(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.to_string_lossy().into_owned();
            if path.is_dir() {
                policies(&path, found);
            } else if name.ends_with(".forbear") || name.ends_with(".forbear.md") {
                found.push(path);
            }
        }
    }

    fn every_policy() -> Vec<(String, String)> {
        let mut found = Vec::new();
        for folder in ["policies", "examples", "templates", "tests"] {
            policies(Path::new(folder), &mut found);
        }
        found.sort();
        assert!(found.len() > 100, "{} files", found.len());
        let read = |path: PathBuf| {
            fs::read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok()).map(|text| (path, text))
        };
        found.into_iter().filter_map(read).map(|(path, text)| (path.to_string_lossy().into_owned(), text)).collect()
    }

    /// A setting is one line, however long what was written for it is.
    #[test]
    fn a_long_value_stays_on_the_line_of_its_field() {
        let note = "the trainee held the needle too low ".repeat(4);
        let text = format!(
            "case repair\n  trainee.note {note}\n\nexample \"one\" repair\n  with trainee.note {note}\n       \
             trainee.aim {note}\n  is permissible\n"
        );
        let done = laid_out("long.forbear", &text);
        let lines: Vec<&str> = done.text.lines().filter(|line| line.contains(note.trim())).collect();
        assert_eq!(lines.len(), 3, "{}", done.text);
        assert!(lines.iter().all(|line| line.contains("trainee.")), "{}", done.text);
    }

    #[test]
    fn samples() {
        let mut files: Vec<PathBuf> = Vec::new();
        policies(Path::new("tests/formatting"), &mut files);
        files.sort();
        assert!(files.len() > 3);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            let done = laid_out(&file.to_string_lossy(), &text);
            let before = |end: usize| text.get(..end).unwrap().lines().count();
            let kept: Vec<usize> = done.kept.iter().map(|kept| before(kept.start)).collect();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            let shown = format!("{}\nleft as they are, after line: {kept:?}\n", done.text);
            insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "formatting/snapshots", omit_expression => true }, {
                insta::assert_snapshot!(name, shown);
            });
        }
    }

    #[test]
    fn what_ships_is_laid_out() {
        let shipped = every_policy().into_iter().filter(|(name, _)| !name.starts_with("tests"));
        for (name, text) in shipped {
            let done = laid_out(&name, &text);
            assert!(done.kept.is_empty(), "{name}");
            assert!(done.text == text, "{name}: run `forbear fmt policies examples templates`");
        }
    }

    /// `format` itself refuses what has another meaning or lacks a comment: here it must not have to.
    #[test]
    fn every_policy_can_be_laid_out_and_twice_is_once() {
        for (name, text) in every_policy() {
            match attempt(&name, &text) {
                Ok(once) => assert_eq!(laid_out(&name, &once.text).text, once.text, "{name}"),
                Err(problem) => assert_ne!(problem.code.name(), "forbear::format::would_change_meaning", "{name}"),
            }
        }
    }

    #[test]
    fn blanks_between_words_make_no_difference_to_whether_it_can_be_laid_out() {
        for (name, text) in every_policy().into_iter().filter(|(name, _)| !name.ends_with(".md")) {
            for (what, by) in [(" ", "  "), (" ", "\u{A0}"), ("\n", "\n\n"), ("\n", "\r\n"), ("\n", "  # remark\n")] {
                let changed = text.replace(what, by);
                match attempt(&name, &changed) {
                    Ok(once) => assert_eq!(laid_out(&name, &once.text).text, once.text, "{name} {by:?}"),
                    Err(problem) => {
                        assert_ne!(
                            problem.code.name(),
                            "forbear::format::would_change_meaning",
                            "{name} {by:?}\n{problem:?}"
                        );
                    }
                }
            }
        }
    }

    /// Moved to a line of its own, what stands beside an error would mean something else, or the error would.
    #[test]
    fn what_stands_on_a_line_with_an_error_stays_there() {
        for text in ["t\n\nrule vocabulary b\n", "t\n\nrule   scale  a   case\n\nrule one \"One\"\n  require asked\n"] {
            let done = laid_out("beside.forbear", text);
            assert_eq!(done.text, text);
            assert!(!done.kept.is_empty());
        }
    }

    /// A case that names the fields of three types, and words as people type and paste them.
    fn case(settings: &str) -> String {
        let vocabulary = "vocabulary v \"V\"\n\nscale risk \"Risk\"\n  low < in_between < high\n\nfield goal  text \"Goal\"\nfield risk  risk \"Risk\"\n";
        let policy = "policy p \"P\"\n  vocabulary v\n\nrule a \"A\"\n  permit when goal is present\n";
        format!("{vocabulary}\n{policy}\ncase one\n{settings}\nexample \"E\" one\n  is permissible\n")
    }

    /// Gives the settings of a case, laid out.
    fn settings(written: &str) -> Vec<String> {
        let text = laid_out("case.forbear", &case(written)).text;
        assert_eq!(laid_out("case.forbear", &text).text, text, "twice is once");
        let of_case = text.lines().skip_while(|line| *line != "case one").skip(1);
        of_case.take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect()
    }

    #[test]
    fn words_that_are_a_text_get_quotation_marks() {
        assert_eq!(settings("  goal knot security\n"), ["goal  \"knot security\""]);
        assert_eq!(settings("  goal  knot\u{A0}security # so\n"), ["goal  \"knot security\"  # so"]);
        assert_eq!(settings("  goal knot-tying, and more\n"), ["goal  \"knot-tying, and more\""]);
        assert_eq!(settings("  goal 2026-01-01\n"), ["goal  \"2026-01-01\""]);
        assert_eq!(settings("  goal 3\n"), ["goal  \"3\""]);
        assert_eq!(settings("  goal C:\\x\\\n"), ["goal  \"C:\\x\\\\\""]);
        assert_eq!(settings("  goal „knot security“\n"), ["goal  \"knot security\""]);
        assert_eq!(settings("  goal “knot security”\n"), ["goal  \"knot security\""]);
    }

    #[test]
    fn levels_in_a_case_are_spelt_as_they_are_declared() {
        assert_eq!(settings("  risk in-between\n"), ["risk  in_between"]);
        assert_eq!(settings("  risk in\u{2011}between\n"), ["risk  in_between"]);
    }

    /// Nobody knows whether the words are a text: the vocabulary is not there, or the field is not.
    #[test]
    fn words_of_which_nothing_is_known_stay() {
        assert_eq!(settings("  gaol knot-tying\n"), ["gaol  knot-tying"]);
        let text = "case one\n  goal  knot-tying\n";
        assert_eq!(laid_out("case.forbear", text).text, text);
    }

    /// What one version reads as a text and the next as a level is no text.
    #[test]
    fn words_that_two_versions_read_differently_stay() {
        let later = "vocabulary w \"W\"\n\nkind goal \"Goal\"\n  low, high\n\nscale risk \"Risk\"\n  in_between < high\n\nfield goal  goal \"Goal\"\nfield risk  text \"Risk\"\nfield when_so instant \"At\"  role time\n";
        let policy = |from: &str, vocabulary: &str| {
            format!(
                "policy p \"P\"\n  version     {from}\n  effective   from {from}-01-01 until {from}-12-31\n  vocabulary  {vocabulary}\n\nrule a \"A\"\n  permit when goal is present\n"
            )
        };
        let mut sources = Sources::new();
        let cases = "case one\n  goal  low\n\nexample \"E\" one\n  with when_so 2026-05-05\n  is permissible\n\nexample \"F\" one\n  with when_so 2027-05-05\n  is permissible\n";
        let file = sources.add("p_examples.forbear", cases);
        sources.add("p.forbear", format!("{later}\n{}", policy("2026", "w")));
        let texts = later.replace("vocabulary w", "vocabulary x").replace("field goal  goal", "field goal  text");
        sources.add("q.forbear", format!("{texts}\n{}", policy("2027", "x")));
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{:?}", checked.problems);
        assert_eq!(format(&sources, file, &checked.bare).unwrap().text, cases);
    }

    /// Texts of so many parts that somebody could write to keep the formatter busy.
    fn hostile(many: usize) -> Vec<String> {
        vec![
            "# comment\n".repeat(12 * many),
            format!("rule a \"A\" require {}", "patient.frail and ".repeat(many)),
            format!("rule a \"A\" require {}patient.frail", "patient.frail and ".repeat(many)),
            format!("rule a \"A\" require any of {}", "- patient.frail ".repeat(many)),
            format!("rule a \"A\"\n  require any of\n{}", "    - patient.frail # so\n".repeat(many)),
            format!("rule a \"A\" because {}", "\"so\"\n".repeat(many)),
            format!("table t gives risk\n{}", "| a || b |\n".repeat(many)),
            format!("vocabulary v \"V\" {}", "field a text \"A\" role id ".repeat(many)),
            "rule a require a or b and c ".repeat(many / 10),
            "(".repeat(many),
            "\n\r\n \u{A0}\u{FEFF}".repeat(many),
        ]
    }

    /// They are so long that taking time in proportion to the square of the text would be felt by whoever waits.
    #[test]
    fn hostile_texts_are_laid_out_or_left() {
        for text in hostile(8_000) {
            if let Err(problem) = attempt("hostile.forbear", &text) {
                let first: String = text.chars().take(40).collect();
                assert_ne!(problem.code.name(), "forbear::format::would_change_meaning", "{first}");
            }
        }
    }
}
