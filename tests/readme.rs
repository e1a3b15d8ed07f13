//! The README's first command, run as it stands there, and its second, which is the one that CI runs.

#[cfg(test)]
mod readme {
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    #[test]
    fn the_first_command_prints_what_the_readme_shows() {
        let readme = read("README.md");
        let command = fences(&readme, "sh").into_iter().next().unwrap();
        let arguments =
            command.trim().strip_prefix("cargo run --release --locked -- ").expect("a command that builds and runs");
        let output = Command::new(env!("CARGO_BIN_EXE_forbear"))
            .args(arguments.split_whitespace())
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let shown = fences(&readme, "text").into_iter().next().unwrap();
        assert!(printed.contains(shown.trim()), "the README shows\n{shown}\nand the program prints\n{printed}");
        assert_eq!(output.status.code(), Some(1), "the example has findings");
    }

    #[test]
    fn the_policy_and_the_log_that_it_shows_are_those_of_the_command() {
        let readme = read("README.md");
        let policy = read("policies/surgery.forbear");
        for line in fences(&readme, "forbear").concat().lines() {
            assert!(policy.contains(line.trim_end()), "{line}");
        }
    }

    #[test]
    fn the_second_command_is_what_ci_runs() {
        let tests = fences(&read("README.md"), "sh").into_iter().nth(1).unwrap();
        assert_eq!(tests.trim(), "cargo test --locked");
        assert!(read(".ci/run").lines().any(|line| line == tests.trim()));
    }

    #[test]
    fn everything_that_it_points_to_is_there() {
        let readme = read("README.md");
        let links: Vec<&str> = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        assert!(links.len() > 5);
        for link in links {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(link).exists(), "{link}");
        }
    }

    #[test]
    fn every_command_that_it_lists_can_be_called() {
        let readme = read("README.md");
        let rows = readme.lines().filter_map(|line| line.strip_prefix("| `forbear "));
        let names: Vec<&str> = rows.filter_map(|row| row.split([' ', '`']).next()).collect();
        assert!(names.len() >= 5, "{names:?}");
        for name in names {
            let output = Command::new(env!("CARGO_BIN_EXE_forbear")).args([name, "--help"]).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "forbear {name}");
        }
    }

    fn read(path: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
    }

    /// Gives the texts of all fences of a language.
    fn fences(text: &str, language: &str) -> Vec<String> {
        let opening = format!("```{language}\n");
        text.split(&opening).skip(1).filter_map(|rest| rest.split("```").next()).map(str::to_owned).collect()
    }
}
