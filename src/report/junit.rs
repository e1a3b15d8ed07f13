//! `--format junit`: JUnit XML, which CI systems show as tests. A suite for each policy, a case for each record.
//!
//! The head of a suite has its counts, and the suites of several policies come one after the other. So that no case has to be
//! held, the caller runs the audit once to count ([`Counting`]) and then once for each policy ([`Suite`]).

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::audit::{Judged, PolicyResult, Sink, Summary};
use crate::diagnostic::{Diagnostic, is_obeyed};
use crate::judge::Verdict;
use crate::log::Unreadable;

use super::findings::{place_name, record_name, tell};
use super::machine::{InputRecord, Made};
use super::stream::About;

/// What one suite has of each sort of case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

/// Counts the cases of every suite.
pub struct Counting(Vec<Counts>);

impl Counting {
    /// Begins at nothing, for so many policies.
    pub fn new(policies: usize) -> Self {
        Self(vec![Counts::default(); policies])
    }
}

impl Sink for Counting {
    fn judged(&mut self, record: &Judged<'_>) {
        for (counts, result) in self.0.iter_mut().zip(&record.results) {
            counts.tests += 1;
            match outcome(result) {
                Outcome::Fails => counts.failures += 1,
                Outcome::Skipped => counts.skipped += 1,
                Outcome::Passes => {}
            }
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {
        for counts in &mut self.0 {
            counts.tests += 1;
            counts.errors += 1;
        }
    }
}

enum Outcome {
    Passes,
    Fails,
    /// It was not decided: for want of evidence, or since the policy does not cover it.
    Skipped,
}

fn outcome(result: &PolicyResult<'_>) -> Outcome {
    match result.verdict() {
        _ if result.fails() => Outcome::Fails,
        Verdict::Undetermined | Verdict::NotCovered => Outcome::Skipped,
        Verdict::Permissible | Verdict::Impermissible => Outcome::Passes,
    }
}

/// Writes the document: its head, one suite after the other, its end.
pub struct Suites<'a> {
    to: Writer<&'a mut dyn Write>,
    about: About<'a>,
    counts: Vec<Counts>,
    inputs: Vec<InputRecord>,
}

impl<'a> Suites<'a> {
    /// Begins the document.
    pub fn begin(
        to: &'a mut dyn Write,
        about: About<'a>,
        counting: Counting,
        inputs: Vec<InputRecord>,
    ) -> io::Result<Self> {
        let mut suites = Self { to: Writer::new_with_indent(to, b' ', 2), about, counts: counting.0, inputs };
        suites.to.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let sum = |of: fn(&Counts) -> usize| suites.counts.iter().map(of).sum::<usize>().to_string();
        let (tests, failures, errors) = (sum(|one| one.tests), sum(|one| one.failures), sum(|one| one.errors));
        let counts = [("tests", tests.as_str()), ("failures", &failures), ("errors", &errors)];
        let name = [("name", env!("CARGO_PKG_NAME"))];
        let element = BytesStart::new("testsuites").with_attributes(name.into_iter().chain(counts));
        suites.to.write_event(Event::Start(element))?;
        Ok(suites)
    }

    /// Begins the suite of a policy: what is judged then must be judged by it alone.
    pub fn suite<'s>(&'s mut self, at: usize, policy: &str) -> io::Result<Suite<'s, 'a>> {
        let counts = self.counts.get(at).copied().unwrap_or_default();
        let number = |count: usize| count.to_string();
        let (tests, failures) = (number(counts.tests), number(counts.failures));
        let (errors, skipped) = (number(counts.errors), number(counts.skipped));
        let made = Made::of(&self.about);
        let attributes = [
            ("name", policy),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", &errors),
            ("skipped", &skipped),
            ("timestamp", &made.present),
        ];
        self.to.write_event(Event::Start(BytesStart::new("testsuite").with_attributes(attributes)))?;
        self.properties(&made)?;
        Ok(Suite { policy: policy.to_owned(), suites: self, failed: None })
    }

    fn properties(&mut self, made: &Made) -> io::Result<()> {
        self.to.write_event(Event::Start(BytesStart::new("properties")))?;
        let program = format!("{} {}", made.program.name, made.program.version);
        let mut properties = vec![
            ("program".to_owned(), program),
            ("as_of".to_owned(), made.as_of.clone()),
            ("privacy".to_owned(), made.privacy.clone()),
        ];
        let inputs = self.inputs.iter();
        properties
            .extend(inputs.map(|input| (format!("sha256 of {} {}", input.role, input.name), input.sha256.clone())));
        for (name, value) in properties {
            let (name, value) = (harmless(&name), harmless(&value));
            let attributes = [("name", name.as_str()), ("value", value.as_str())];
            self.to.write_event(Event::Empty(BytesStart::new("property").with_attributes(attributes)))?;
        }
        self.to.write_event(Event::End(BytesEnd::new("properties")))
    }

    /// Ends the document.
    pub fn finish(mut self) -> io::Result<()> {
        self.to.write_event(Event::End(BytesEnd::new("testsuites")))?;
        self.to.get_mut().write_all(b"\n")?;
        self.to.get_mut().flush()
    }
}

/// Writes the cases of one policy while the audit runs.
pub struct Suite<'s, 'a> {
    policy: String,
    suites: &'s mut Suites<'a>,
    failed: Option<io::Error>,
}

impl Suite<'_, '_> {
    /// Ends the suite with what concerns the log as a whole, and says whether everything could be written.
    pub fn finish(mut self, summary: &Summary) -> io::Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let worded = summary.log_findings.iter().map(|finding| self.suites.about.identities.worded(finding));
        let said: Vec<String> = worded.map(|finding| text_of(&finding)).collect();
        let to = &mut self.suites.to;
        if !said.is_empty() {
            to.write_event(Event::Start(BytesStart::new("system-out")))?;
            to.write_event(Event::Text(BytesText::new(&harmless(&said.join("\n")))))?;
            to.write_event(Event::End(BytesEnd::new("system-out")))?;
        }
        to.write_event(Event::End(BytesEnd::new("testsuite")))
    }

    /// Writes a case; of one that does not pass, which element it has, its message, and the whole of it.
    fn case(&mut self, name: &str, inside: Option<(&str, String, String)>) -> io::Result<()> {
        let (name, to) = (harmless(name), &mut self.suites.to);
        let attributes = [("name", name.as_str()), ("classname", self.policy.as_str())];
        let case = BytesStart::new("testcase").with_attributes(attributes);
        let Some((element, message, whole)) = inside else { return to.write_event(Event::Empty(case)) };
        to.write_event(Event::Start(case))?;
        let message = harmless(&message);
        let start = BytesStart::new(element).with_attributes([("message", message.as_str())]);
        to.write_event(Event::Start(start))?;
        to.write_event(Event::Text(BytesText::new(&harmless(&whole))))?;
        to.write_event(Event::End(BytesEnd::new(element)))?;
        to.write_event(Event::End(BytesEnd::new("testcase")))
    }

    fn of_record(&self, judged: &Judged<'_>, result: &PolicyResult<'_>) -> Option<(&'static str, String, String)> {
        let element = match outcome(result) {
            Outcome::Passes => return None,
            Outcome::Fails => "failure",
            Outcome::Skipped => "skipped",
        };
        let told = tell(judged, self.suites.about.sources, self.suites.about.identities);
        let problems: Vec<&Diagnostic> = told.iter().map(|told| &told.problem).collect();
        let first = problems.first().map(|problem| problem.message.clone());
        let message = first.unwrap_or_else(|| result.verdict().words().to_owned());
        let whole: Vec<String> = problems.into_iter().map(text_of).collect();
        Some((element, message, whole.join("\n")))
    }
}

impl Sink for Suite<'_, '_> {
    fn judged(&mut self, record: &Judged<'_>) {
        let Some(result) = record.results.first().filter(|_| self.failed.is_none()) else { return };
        let name = record_name(record, self.suites.about.sources, self.suites.about.identities);
        let inside = self.of_record(record, result);
        self.failed = self.case(&name, inside).err();
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        if self.failed.is_some() {
            return;
        }
        let sources = self.suites.about.sources;
        let name = place_name(unreadable.at, sources);
        let problem = unreadable.diagnostic();
        self.failed = self.case(&name, Some(("error", problem.message.clone(), text_of(&problem)))).err();
    }
}

/// Writes a problem in two or three lines.
fn text_of(problem: &Diagnostic) -> String {
    let help = problem.help.as_ref().map(|help| format!("\n  help: {help}")).unwrap_or_default();
    format!("{}: {}{help}", problem.code.name(), problem.message)
}

/// Replaces what no XML document may hold, and what a terminal would obey.
fn harmless(text: &str) -> String {
    let allowed = |c: char| c == '\n' || !(is_obeyed(c) || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.chars().map(|c| if allowed(c) { c } else { '\u{FFFD}' }).collect()
}
