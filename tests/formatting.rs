//! The formatter: one layout, the same meaning, no comment lost, and twice is once.

#[cfg(test)]
mod formatting {
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::source::Sources;
    use forbear::syntax::{Formatted, format};

    fn laid_out(name: &str, text: &str) -> Formatted {
        let mut sources = Sources::new();
        let source = sources.add(name, text);
        format(&sources, source).unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
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
            let mut sources = Sources::new();
            let source = sources.add(name.as_str(), text.as_str());
            match format(&sources, source) {
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
                let mut sources = Sources::new();
                let source = sources.add(name.as_str(), changed.as_str());
                match format(&sources, source) {
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
            let mut sources = Sources::new();
            let source = sources.add("hostile.forbear", text.as_str());
            if let Err(problem) = format(&sources, source) {
                let first: String = text.chars().take(40).collect();
                assert_ne!(problem.code.name(), "forbear::format::would_change_meaning", "{first}");
            }
        }
    }
}
