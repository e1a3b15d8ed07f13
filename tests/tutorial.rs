//! docs/tutorial.md is followed, from an empty folder to an adopted policy.
//!
//! # How the page is read
//!
//! A `console` fence has commands, each after `$ `, with what they write below. A line that is `…` stands for any lines,
//! and `…` within a line for any text. A command ends with 0, or as its `# exit code N` says.
//!
//! What to do with another fence stands in the paragraph above it:
//! - *Add at the end of* `FILE`*:* does that;
//! - *In* `FILE`*, find* and then *and write instead* replace whole lines, which stand there once;
//! - else the fence shows what stands in some file of the folder.

#[cfg(test)]
#[cfg(unix)]
#[path = "support"]
mod tutorial {
    mod folder;

    use std::fs;
    use std::path::Path;
    use std::process::Command;

    use folder::Folder;

    #[test]
    fn whoever_follows_it_sees_what_it_shows() {
        let wrong = follow(&page());
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
    }

    #[test]
    fn every_command_is_met() {
        let page = page();
        let calls: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("$ forbear ")).collect();
        let output = Command::new(env!("CARGO_BIN_EXE_forbear")).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        let names = list.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        let names: Vec<&str> = names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").collect();
        assert!(names.len() >= 10, "{names:?}");
        let unmet: Vec<&&str> =
            names.iter().filter(|name| !calls.iter().any(|call| call.split(' ').next() == Some(*name))).collect();
        assert!(unmet.is_empty(), "docs/tutorial.md does not call {unmet:?}");
    }

    #[test]
    fn a_page_that_shows_something_else_is_found_out() {
        let good = "```console\n$ forbear init\n…\nmade ./logs/example.yaml\n…\n$ forbear check policies\n\
                    checked policy our_ward, … rules: nothing found\n```\n\n\
                    In `policies/our_ward.forbear`, find\n\n```forbear\n  risk ceiling low\n```\n\n\
                    and write instead\n\n```forbear\n  risk ceiling lwo\n```\n\n\
                    ```console\n$ forbear check policies --quiet   # exit code 1\n…\n```\n\n\
                    Add at the end of `policies/our_ward.forbear`:\n\n```forbear\n# So it is.\n```\n\n\
                    It now ends like this:\n\n```forbear\n# So it is.\n```\n";
        assert_eq!(follow(good), Vec::<String>::new());
        for (is, becomes) in [
            ("made ./logs/example.yaml", "made ./logs/example.yml"),
            ("logs/example.yaml\n…\n", "logs/example.yaml\n"),
            ("nothing found\n", "nothing found\nand nothing else\n"),
            ("… rules", "… roles"),
            ("# exit code 1", "# exit code 2"),
            ("   # exit code 1", ""),
            ("risk ceiling low", "risk ceiling moderate"),
            ("  risk ceiling low", " risk ceiling low"),
            ("ceiling lwo", "ceiling negligible"),
            ("In `policies/our_ward.forbear`, find", "In `policies/their_ward.forbear`, find"),
            ("end of `policies/our_ward.forbear`", "end of `policies/their_ward.forbear`"),
            ("like this:\n\n```forbear\n#", "like this:\n\n```forbear\n##"),
        ] {
            assert!(good.contains(is), "{is}");
            let wrong = follow(&good.replacen(is, becomes, 1));
            assert!(!wrong.is_empty(), "`{becomes}` in place of `{is}` is not found out");
        }
    }

    fn page() -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/tutorial.md")).unwrap()
    }

    /// Does what a page says in an empty folder, and says where something else happens.
    fn follow(page: &str) -> Vec<String> {
        let mut following = Following { folder: Folder::new(), found: None };
        let mut wrong = Vec::new();
        let mut above = String::new();
        let mut lines = page.lines().zip(1..);
        while let Some((line, number)) = lines.next() {
            if let Some(info) = line.strip_prefix("```") {
                let inside: Vec<&str> =
                    lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").collect();
                let problems = following.fence(info, &inside, above.trim_end());
                wrong.extend(problems.into_iter().map(|problem| format!("docs/tutorial.md:{number}: {problem}")));
                above.clear();
            } else if line.is_empty() {
                // The paragraph above a fence ends in an empty line.
                above = if above.ends_with('\n') { String::new() } else { above + "\n" };
            } else {
                if above.ends_with('\n') {
                    above.clear();
                }
                above.push_str(line);
                above.push(' ');
            }
        }
        wrong
    }

    /// A page that is followed in a folder.
    struct Following {
        folder: Folder,
        /// The file and the passage that were to be found, until it is told what to write instead.
        found: Option<(String, String)>,
    }

    impl Following {
        /// Does what a fence says, and what the paragraph above it says of it.
        fn fence(&mut self, info: &str, inside: &[&str], above: &str) -> Vec<String> {
            let text: String = inside.iter().map(|line| format!("{line}\n")).collect();
            let file = above.rsplit('`').nth(1).unwrap_or("").to_owned();
            if info == "console" {
                return commands(inside).into_iter().filter_map(|(call, told)| self.run(call, &told)).collect();
            }
            let done = if above.ends_with("write instead") {
                self.replace(&text)
            } else if above.ends_with(", find") {
                self.found = Some((file, text));
                Ok(())
            } else if above.ends_with(':') && above.contains("dd at the end of `") {
                self.change(&file, |whole| Ok(whole.to_owned() + &text))
            } else if self.has(&self.folder.path, &text) {
                Ok(())
            } else {
                Err("no file of the folder has this".to_owned())
            };
            done.err().into_iter().collect()
        }

        fn replace(&mut self, by: &str) -> Result<(), String> {
            let (file, passage) = self.found.take().ok_or("nothing was to be found")?;
            self.change(&file, |whole| {
                // A passage begins where a line does: each has a line end before it, the first of the file too.
                let whole = format!("\n{whole}");
                let passage = format!("\n{passage}");
                match whole.matches(&passage).count() {
                    1 => Ok(whole.replace(&passage, &format!("\n{by}")).trim_start_matches('\n').to_owned()),
                    times => Err(format!("{file} has the passage {times} times")),
                }
            })
        }

        fn change(&self, file: &str, how: impl Fn(&str) -> Result<String, String>) -> Result<(), String> {
            let path = self.folder.path.join(file);
            let whole = fs::read_to_string(&path).map_err(|problem| format!("`{file}`: {problem}"))?;
            fs::write(&path, how(&whole)?).map_err(|problem| format!("`{file}`: {problem}"))
        }

        fn has(&self, folder: &Path, passage: &str) -> bool {
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| match path.is_dir() {
                true => self.has(&path, passage),
                false => fs::read_to_string(&path).is_ok_and(|text| text.contains(passage)),
            })
        }

        /// Runs a command, and says what is not as told.
        fn run(&self, line: &str, told: &[&str]) -> Option<String> {
            let program = Path::new(env!("CARGO_BIN_EXE_forbear")).parent().unwrap();
            let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
            let mut shell = Command::new("sh");
            shell.args(["-c", line]).current_dir(&self.folder.path).env("PATH", path).env("NO_COLOR", "1");
            for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
                shell.env_remove(variable);
            }
            let output = shell.output().unwrap();
            let is = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
            let code = line.split_once("# exit code ").map_or(Some(0), |(_, code)| code.trim().parse().ok());
            if output.status.code() != code {
                return Some(format!("`{line}` ends with {:?}\n{is}", output.status.code()));
            }
            let lines: Vec<&str> = is.trim_end().lines().collect();
            let is_as_told = matches(
                told,
                &lines,
                |line| *line == "…",
                |told, is| {
                    let (told, is): (Vec<char>, Vec<char>) = (told.chars().collect(), is.chars().collect());
                    matches(&told, &is, |c| *c == '…', |told, is| told == is)
                },
            );
            (!is_as_told).then(|| format!("`{line}` writes\n{is}\nand the page shows\n{}", told.join("\n")))
        }
    }

    /// Gives the commands of a fence, each with what it is told to write.
    fn commands<'p>(inside: &[&'p str]) -> Vec<(&'p str, Vec<&'p str>)> {
        let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
        for line in inside {
            match (line.strip_prefix("$ "), commands.last_mut()) {
                (Some(call), _) => commands.push((call, Vec::new())),
                (None, Some((_, told))) => told.push(line),
                (None, None) => commands.push((line, Vec::new())),
            }
        }
        commands
    }

    /// Says whether a pattern, in which some parts stand for any number of others, matches.
    fn matches<P, T>(pattern: &[P], text: &[T], is_any: impl Fn(&P) -> bool, is_same: impl Fn(&P, &T) -> bool) -> bool {
        let (mut at, mut from) = (0, 0);
        let mut last_any = None;
        while from < text.len() {
            if pattern.get(at).is_some_and(&is_any) {
                last_any = Some((at, from));
                at += 1;
            } else if pattern.get(at).is_some_and(|part| is_same(part, &text[from])) {
                (at, from) = (at + 1, from + 1);
            } else if let Some((any, taken)) = last_any {
                last_any = Some((any, taken + 1));
                (at, from) = (any + 1, taken + 1);
            } else {
                return false;
            }
        }
        pattern[at..].iter().all(is_any)
    }
}
