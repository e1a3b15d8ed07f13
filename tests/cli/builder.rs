//! A run of the program, described.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use super::folder::Folder;

/// A policy in which most tests judge.
pub(crate) const WARD: &str = "\
policy ward \"Ward\"
  version 1.0
  effective from 2025-01-01
  time zone Europe/Zurich
  vocabulary clinical

rule goal \"A stated goal, and a failure that was seen coming\"
  permit when failure.anticipated and education.objective is present

rule in_the_room \"Operations need the supervisor in the room\"
  when activity is operation
  supervision at least in_room
  remedy \"Ask the supervisor in before the first incision\"

rule ceiling \"Low risk only\"
  risk ceiling low

rule own_rescuer \"Nobody is their own rescue\"
  require rescue.by is not trainee.id
";

/// Gives a policy with a word on why its rules give no reasons, so that no lint is told of it.
pub(crate) fn explained(policy: &str) -> String {
    policy.replacen(
        "  vocabulary clinical\n",
        "  vocabulary clinical\n  allow without_reason because \"the reasons do not matter here\"\n",
        1,
    )
}

/// Gives one episode as a line of JSON; the changes are `path: value` pairs, `null` for what is left out.
pub(crate) fn episode(id: &str, changes: &[(&str, &str)]) -> String {
    let mut values = vec![
        ("occurred_at", "\"2025-03-04T10:00:00+01:00\""),
        ("activity", "\"operation\""),
        ("failure.anticipated", "true"),
        ("education.objective", "\"knot security\""),
        ("patient.risk", "\"low\""),
        ("supervisor.level", "\"in_room\""),
        ("trainee.id", "\"T-1\""),
        ("rescue.by", "\"S-1\""),
    ];
    for (path, value) in changes {
        values.retain(|(known, _)| known != path);
        values.push((path, value));
    }
    let values: Vec<String> = values.iter().map(|(path, value)| format!("\"{path}\": {value}")).collect();
    format!("{{\"id\": \"{id}\", {}}}\n", values.join(", "))
}

/// A log without any finding.
pub(crate) fn clean_log() -> String {
    episode("EP-1", &[]) + &episode("EP-2", &[("activity", "\"medication\""), ("supervisor.level", "\"on_site\"")])
}

/// A log with one of each.
pub(crate) fn mixed_log() -> String {
    [
        episode("EP-1", &[]),
        episode("EP-2", &[("supervisor.level", "\"on_site\"")]),
        episode("EP-3", &[("patient.risk", "null")]),
        episode("EP-4", &[("education.objective", "null")]),
        episode("EP-5", &[("occurred_at", "\"2024-12-31T10:00:00+01:00\"")]),
        episode("EP-6", &[("supervisor.level", "\"in_rom\"")]),
        "{\"id\": \"EP-7\", \"activity\": \"oper\n".to_owned(),
        episode("EP-8", &[("rescue.by", "\"T-1\"")]),
    ]
    .concat()
}

/// One run of the program.
pub(crate) struct Test {
    folder: Folder,
    arguments: Vec<String>,
    environment: Vec<(&'static str, &'static str)>,
    stdin: Vec<u8>,
}

/// What a run came to, as it was written.
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Test {
    pub(crate) fn new() -> Self {
        Self { folder: Folder::new(), arguments: Vec::new(), environment: Vec::new(), stdin: Vec::new() }
    }

    /// Begins with the policy of most tests.
    pub(crate) fn ward() -> Self {
        Self::new().file("ward.forbear", WARD)
    }

    /// Writes a file, with the folders around it.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Gives where a file lies.
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path.join(name)
    }

    /// Gives arguments, parted by blanks.
    pub(crate) fn args(mut self, arguments: &str) -> Self {
        self.arguments = arguments.split_whitespace().map(str::to_owned).collect();
        self
    }

    /// Gives arguments, some of which hold blanks.
    pub(crate) fn args_as_they_are(mut self, arguments: &[&str]) -> Self {
        self.arguments = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        self
    }

    pub(crate) fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    pub(crate) fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = text.as_ref().to_vec();
        self
    }

    pub(crate) fn command(&self) -> Command {
        self.around(Command::new(env!("CARGO_BIN_EXE_forbear")), &self.arguments)
    }

    /// Runs the program in a pseudo-terminal, where the system has `script`.
    pub(crate) fn run_in_terminal(&self) -> Option<String> {
        let call = format!("{} {}", env!("CARGO_BIN_EXE_forbear"), self.arguments.join(" "));
        let script = ["-q", "-e", "-c", &call, "/dev/null"].map(str::to_owned);
        let output = self.around(Command::new("script"), &script).stdin(Stdio::null()).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn around(&self, mut command: Command, arguments: &[String]) -> Command {
        command.args(arguments).current_dir(&self.folder.path).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.envs(self.environment.iter().copied());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self) -> Output {
        let mut child = self.command().spawn().unwrap();
        // A program that does not read its standard input closes it.
        let _ = child.stdin.take().unwrap().write_all(&self.stdin);
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs, and gives the exit code alone.
    pub(crate) fn code(&self) -> Option<i32> {
        self.run().code
    }
}

impl Output {
    /// Gives all of it, with placeholders for what changes from run to run.
    pub(crate) fn page(&self) -> String {
        let mut page = format!("exit {}\n", self.code.unwrap_or(-1));
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                page.push_str(&format!("--- {name} ---\n{}", settled(text)));
            }
        }
        page
    }

    /// Gives everything that was written.
    pub(crate) fn everything(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// Puts placeholders for the clock, the version, digests and pseudonyms.
pub(crate) fn settled(text: &str) -> String {
    let mut settled = String::new();
    let mut people: Vec<String> = Vec::new();
    let lines: Vec<String> = text.split_inclusive('\n').map(without_clock).collect();
    let text = lines.concat().replace(env!("CARGO_PKG_VERSION"), "[version]");
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let word: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        if is_pseudonym(&word) {
            let known = people.iter().position(|person| *person == word);
            let at = known.unwrap_or_else(|| {
                people.push(word.clone());
                people.len() - 1
            });
            settled.push_str(&format!("P-[person-{at}]"));
        } else if word.len() >= 16 && word.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c)) {
            settled.push_str("[digest]");
        } else if word.is_empty() {
            settled.push(c);
        } else {
            settled.push_str(&word);
        }
        let read = if word.is_empty() { c.len_utf8() } else { word.len() };
        rest = rest.split_at(read).1;
    }
    settled
}

fn without_clock(line: &str) -> String {
    let mut settled = line.to_owned();
    for (before, after) in [
        ("judged as of ", " by"),
        ("the clock stood at ", "\n"),
        ("\"present\": \"", "\""),
        ("\"as_of\": \"", "\""),
        ("\"present\":\"", "\""),
        ("\"as_of\":\"", "\""),
        ("timestamp=\"", "\""),
    ] {
        if let Some((start, rest)) = settled.split_once(before)
            && let Some((_, end)) = rest.split_once(after)
        {
            settled = format!("{start}{before}[present]{after}{end}");
        }
    }
    settled
}

fn is_pseudonym(word: &str) -> bool {
    let is_part = |part: &str| part.len() == 5 && part.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    matches!(word.split('-').collect::<Vec<_>>().as_slice(), ["P", one, other] if is_part(one) && is_part(other))
}
