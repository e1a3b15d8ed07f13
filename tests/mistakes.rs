//! Mistakes that clinicians make when they write a policy, each as they would type it, with a snapshot of what they are
//! told. Every message says what to write instead, and where it names one word, that word is right.

#[cfg(test)]
mod mistakes {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{Checked, load};
    use forbear::diagnostic::{Diagnostic, Severity};
    use forbear::report::human::{Terminal, count_words, render_all};
    use forbear::source::{Sources, Span};

    #[test]
    fn each_is_told_what_to_write_instead() {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(folder("mistakes/snapshots"));
        settings.bind(|| {
            for (name, text) in mistakes("mistakes") {
                let (sources, checked) = checked(&text);
                assert!(!checked.problems.is_empty(), "{name}: nobody notices");
                let told = render_all(&checked.problems, &sources, Terminal { colour: false, width: 80 });
                let page = format!("{text}\n{}\n{told}{}\n", "─".repeat(80), count_words(&checked.problems));
                insta::assert_snapshot!(name, page);
            }
        });
    }

    #[test]
    fn there_are_at_least_forty_and_every_snapshot_is_of_one() {
        let names: BTreeSet<String> = mistakes("mistakes").into_iter().map(|(name, _)| name).collect();
        assert!(names.len() >= 40, "{}", names.len());
        for path in files("mistakes/snapshots") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            assert!(names.contains(&name), "{} is of no mistake", path.display());
        }
    }

    /// Beside these, the fixtures of the language are asked too.
    #[test]
    fn no_message_leaves_anybody_without_a_help() {
        let mut without = Vec::new();
        for (name, text) in all() {
            let helpless = checked(&text).1.problems.into_iter().filter(|problem| problem.help.is_none());
            without.extend(helpless.map(|problem| format!("{name}: {}", problem.message)));
        }
        assert!(without.is_empty(), "\n{}", without.join("\n"));
    }

    /// Where a help names the one word that was meant, putting it there settles the problem.
    #[test]
    fn what_was_meant_can_be_put_in_the_place_of_what_was_written() {
        let (mut tried, mut wrong) = (0, Vec::new());
        for (name, text) in all() {
            for problem in checked(&text).1.problems {
                let Some((span, meant)) = replacement(&problem) else { continue };
                tried += 1;
                let mut mended = text.clone();
                mended.replace_range(span.start..span.end, meant);
                let after = checked(&mended).1.problems;
                let again = after.iter().any(|other| {
                    other.severity() == Severity::Error && other.span().is_some_and(|at| at.start == span.start)
                });
                if again {
                    wrong.push(format!(
                        "{name}: `{}` for `{}`: {:?}",
                        meant,
                        text.get(span.start..span.end).unwrap(),
                        after.iter().map(|other| &other.message).collect::<Vec<_>>()
                    ));
                }
            }
        }
        assert!(tried >= 20, "{tried}");
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    /// Reads "did you mean `X`?", where it names one word: that word, and what it stands for.
    fn replacement(problem: &Diagnostic) -> Option<(Span, &str)> {
        let meant = problem.help.as_deref()?.strip_prefix("did you mean `")?.strip_suffix("`?")?;
        (!meant.contains('`')).then_some((problem.span()?, meant))
    }

    fn checked(text: &str) -> (Sources, Checked) {
        let mut sources = Sources::new();
        sources.add("ward.forbear", text);
        sources.add("calendars/basel.yaml", "weekend: [saturday, sunday]\nyears: [2026]\n");
        let checked = load(&mut sources);
        (sources, checked)
    }

    fn all() -> Vec<(String, String)> {
        mistakes("mistakes").into_iter().chain(mistakes("language/bad")).collect()
    }

    fn mistakes(which: &str) -> Vec<(String, String)> {
        let is_policy = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "forbear");
        let read = |path: PathBuf| {
            (path.file_stem().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        };
        files(which).into_iter().filter(is_policy).map(read).collect()
    }

    fn files(which: &str) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder(which)).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<PathBuf> = entries.filter(|path| path.is_file()).collect();
        files.retain(|path| path.extension().is_none_or(|extension| extension != "new"));
        files.sort();
        files
    }

    fn folder(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
    }
}
