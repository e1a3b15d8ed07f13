//! `forbear init` makes a project that does what its README promises, and never overwrites; and what shells and `man`
//! read names every command.

#[cfg(test)]
#[path = "support"]
mod init {
    mod folder;

    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use folder::Folder;

    #[test]
    fn the_project_does_what_is_promised() {
        let folder = Folder::new();
        folder.run("init", 0);
        assert_eq!(folder.run("check policies --fail-on lint", 0), "checked policy our_ward, 6 rules: nothing found\n");
        let test = folder.run("test policies --min-coverage 100 --mutation", 0);
        assert!(test.contains("examples: all hold") && test.contains("mutation score 100 %"), "{test}");
        let audit = folder.run("audit policies --log logs", 1);
        assert!(audit.contains("EP-2 is impermissible by `in_the_room`"), "{audit}");
        assert!(audit.contains("3 records: 3 judged, 0 unreadable"), "{audit}");
    }

    #[test]
    fn an_export_is_read_through_the_mapping() {
        let folder = Folder::new();
        folder.run("init", 0);
        let export = "Number,Date,What,Shift,Foreseen,Goal,Risk,Consent,Supervisor was,Trainee,Entrustment,Harm,Remarks\n\
                      7,2.3.2026 10:15,Proc,D,yes,a line,2,yes,in room,T-1,2,0,\n\
                      8,3.3.2026,Proc,N,yes,a line,2,yes,on site,T-1,2,0,\nTotal,,,,,,,,,,,,2\n";
        fs::write(folder.path.join("export.csv"), export).unwrap();
        let audit = folder.run("audit policies --log export.csv --mapping mappings/export.yaml --show 30", 1);
        assert!(audit.contains("8 is impermissible by `in_the_room`"), "{audit}");
        assert!(audit.contains("3 records: 2 judged, 0 unreadable, 1 left out"), "{audit}");
        let draft = folder.run("map suggest export.csv policies", 0);
        assert!(draft.contains("could be patient.risk"), "{draft}");
    }

    /// The templates themselves are such a project: what is written there is what is run.
    #[test]
    fn what_is_made_is_what_stands_in_the_templates() {
        let folder = Folder::new();
        folder.run("init", 0);
        let templates = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/init");
        assert_eq!(files(&folder.path), files(&templates));
        for file in files(&templates) {
            let read = |folder: &Path| fs::read_to_string(folder.join(&file)).unwrap();
            assert_eq!(read(&folder.path), read(&templates), "{}", file.display());
        }
    }

    /// Every command of the README, of the workflow and of the hook ends as is said there.
    #[test]
    fn every_command_that_the_project_shows_can_be_run() {
        let folder = Folder::new();
        folder.run("init", 0);
        let mut ran = 0;
        for file in ["README.md", ".github/workflows/policy.yml", "hooks/pre-commit"] {
            let text = fs::read_to_string(folder.path.join(file)).unwrap();
            for line in text.lines().filter(|line| !line.contains("--version")) {
                let line = line.trim().trim_start_matches("run: ");
                let Some(call) = line.strip_prefix("forbear ") else { continue };
                let call = call.split('#').next().unwrap().trim();
                let finds = call == "audit policies --log logs";
                folder.run(call, i32::from(finds));
                ran += 1;
            }
        }
        assert_eq!(ran, 11);
    }

    #[cfg(unix)]
    #[test]
    fn the_hook_refuses_a_policy_with_a_mistake() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new();
        folder.run("init", 0);
        let hook = folder.path.join("hooks/pre-commit");
        assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o111, 0o111);
        let git = |arguments: &[&str]| {
            Command::new("git").args(arguments).current_dir(&folder.path).output().map(|output| output.status.success())
        };
        let Ok(true) = git(&["init", "--quiet"]) else { return };
        let program = Path::new(env!("CARGO_BIN_EXE_forbear")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
        let passes =
            || Command::new(&hook).current_dir(&folder.path).env("PATH", &path).output().unwrap().status.success();
        assert!(passes());
        let policy = folder.path.join("policies/our_ward.forbear");
        let text = fs::read_to_string(&policy).unwrap();
        fs::write(&policy, text.replace("risk ceiling low", "risk ceiling lwo")).unwrap();
        assert!(!passes(), "a mistake");
        fs::write(&policy, text.replace("risk ceiling low", "risk ceiling moderate")).unwrap();
        assert!(!passes(), "an example that does not hold");
    }

    #[test]
    fn a_name_is_given_everywhere() {
        let folder = Folder::new();
        let made = folder.run("init haus --name station_süd", 0);
        assert!(made.contains("haus/policies/station_süd.forbear"), "{made}");
        for file in files(&folder.path) {
            let text = fs::read_to_string(folder.path.join(&file)).unwrap();
            assert!(!text.contains("our_ward") && !file.to_string_lossy().contains("our_ward"), "{}", file.display());
        }
        folder.run("check haus/policies --fail-on lint", 0);
        folder.run("test haus/policies", 0);
    }

    #[test]
    fn names_that_are_none_are_refused() {
        let folder = Folder::new();
        for name in [
            "",
            "1ward",
            "our ward",
            "../ward",
            "a/b",
            "ward-1",
            "rule",
            "when",
            "vocabulary",
            "clinical",
            &"a".repeat(41),
        ] {
            let output = folder.command(&["init", "here", "--name", name]);
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(2), "{name}: {told}");
            assert!(told.contains("cannot be the name of a policy"), "{name}: {told}");
        }
        assert!(files(&folder.path).is_empty());
    }

    #[test]
    fn nothing_is_overwritten_and_nothing_is_half_made() {
        let folder = Folder::new();
        fs::create_dir_all(folder.path.join("logs")).unwrap();
        fs::write(folder.path.join("logs/example.yaml"), "mine").unwrap();
        let told = folder.complaint("init");
        assert_eq!(told, "forbear: nothing was made: `./logs/example.yaml` is there already\n");
        assert_eq!(files(&folder.path), [PathBuf::from("logs/example.yaml")]);
        assert_eq!(fs::read_to_string(folder.path.join("logs/example.yaml")).unwrap(), "mine");

        let folder = Folder::new();
        fs::write(folder.path.join("policies"), "a file where a folder must be").unwrap();
        assert!(folder.complaint("init .").contains("`./policies` is there, and is no folder"));
        assert!(folder.complaint("init policies").contains("`policies` is there, and is no folder"));
        assert_eq!(files(&folder.path), [PathBuf::from("policies")]);

        let folder = Folder::new();
        folder.run("init", 0);
        assert!(folder.complaint("init").contains("are there already"));
        fs::write(folder.path.join("other"), "").unwrap();
        folder.run("init deep/er", 0);
    }

    #[test]
    fn completions_name_every_command() {
        let folder = Folder::new();
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            let script = folder.run(&format!("completions {shell}"), 0);
            for command in commands(&folder) {
                assert!(script.contains(&command), "{shell}: {command}");
            }
            assert!(script.contains("--fail-on") || script.contains("-l fail-on"), "{shell}");
        }
        assert!(folder.complaint("completions tcsh").contains("possible values"));
    }

    #[test]
    fn every_command_has_a_manual_page() {
        let folder = Folder::new();
        let page = folder.run("man", 0);
        let made = folder.run("man share/man1", 0);
        assert_eq!(fs::read_to_string(folder.path.join("share/man1/forbear.1")).unwrap(), page);
        let mut wanted: BTreeSet<PathBuf> = ["share/man1/forbear.1".into()].into();
        for command in commands(&folder) {
            let file = format!("share/man1/forbear-{command}.1");
            assert!(made.contains(&file) && page.contains(&command.replace('-', "\\-")), "{command}");
            let text = fs::read_to_string(folder.path.join(&file)).unwrap();
            assert!(text.contains(".SH SYNOPSIS") && text.contains(".SH OPTIONS"), "{command}");
            wanted.insert(file.into());
        }
        assert_eq!(files(&folder.path).into_iter().collect::<BTreeSet<_>>(), wanted);
        folder.run("man share/man1", 0);
    }

    /// Reads the names of all commands from the help.
    fn commands(folder: &Folder) -> Vec<String> {
        let help = folder.run("help", 0);
        let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        let names = list.lines().filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
        let names: Vec<String> = names.map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        assert!(names.len() >= 10 && names.contains(&"explain-code".to_owned()), "{names:?}");
        names.into_iter().filter(|name| name != "help").collect()
    }

    /// Lists all files below a folder, by their paths within it.
    fn files(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut waiting = vec![folder.to_owned()];
        while let Some(next) = waiting.pop() {
            for entry in fs::read_dir(&next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    waiting.push(path);
                } else {
                    found.push(path.strip_prefix(folder).unwrap().to_owned());
                }
            }
        }
        found.sort();
        found
    }

    impl Folder {
        fn command(&self, arguments: &[&str]) -> std::process::Output {
            Command::new(env!("CARGO_BIN_EXE_forbear")).args(arguments).current_dir(&self.path).output().unwrap()
        }

        /// Runs the program, and gives what it wrote; the exit code must be as promised.
        fn run(&self, call: &str, code: i32) -> String {
            let output = self.command(&call.split_whitespace().collect::<Vec<_>>());
            let written = String::from_utf8(output.stdout).unwrap();
            let told = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(code), "forbear {call}\n{written}{told}");
            written
        }

        fn complaint(&self, call: &str) -> String {
            let output = self.command(&call.split_whitespace().collect::<Vec<_>>());
            assert_eq!(output.status.code(), Some(2), "forbear {call}");
            String::from_utf8(output.stderr).unwrap()
        }
    }
}
