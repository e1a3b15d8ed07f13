//! A small vocabulary, and what an audit says, in one line a record.

use forbear::audit::{Audit, Clock, Judged, PolicyResult, Sink};
use forbear::check::load;
use forbear::judge::{Need, Outcome, Status, Truth};
use forbear::log::{Format, Input, Limits, Unreadable};
use forbear::policy::RuleId;
use forbear::source::Sources;

/// Every type, under short names.
const VOCABULARY: &str = "\
vocabulary small \"Small\"

scale risk negligible < low < moderate < high
scale supervision far < near written \"close by\", 2 < there
kind place ward, theatre, clinic
kind strategy stop, call, watch

field id           text         role id
field began        instant      role time
field planned      instant
field day          date
field booked       date
field risk         risk         role risk
field supervision  supervision  role supervision
field plan         set of strategy  role rescue strategies
field ready        duration     role rescue readiness
field team         set of identity
field who          identity
field by           identity
field a            boolean
field b            boolean
field c            boolean
field n            whole number from 0 to 10
field x            number
field p            percent
field wait         duration
field place        place
field note         text
field harm         risk         known afterwards at learnt
field learnt       instant      known afterwards
field debriefed    instant      known afterwards
field reported     instant      known afterwards
field told         date         known afterwards
field from         instant      role start
field until        instant      role end

";

/// The present of all tests.
const PRESENT: &str = "2027-01-01T00:00:00Z";

/// Gives what policies say of some records: for each, a line for each policy.
pub(crate) fn said(policies: &str, records: &str) -> Vec<Vec<String>> {
    run(policies, records).0
}

/// Holds what one policy says, as of some instant, against a table of records.
pub(crate) fn table_as_of(policy: &str, as_of: &str, rows: &[(&str, &str)]) {
    let clock = Clock::as_of(PRESENT.parse().unwrap(), as_of.parse().unwrap());
    let said = run_at(policy, &log_of(rows), clock).0;
    let said: Vec<String> = said.into_iter().map(|lines| lines.join(" + ")).collect();
    compare(policy, rows, &said);
}

/// Gives the strictest verdict on each record.
pub(crate) fn leading(policies: &str, records: &str) -> Vec<String> {
    run(policies, records).1
}

/// Holds what one policy says against a table of records.
pub(crate) fn table(policy: &str, rows: &[(&str, &str)]) {
    let said: Vec<String> = said(policy, &log_of(rows)).into_iter().map(|lines| lines.join(" + ")).collect();
    compare(policy, rows, &said);
}

fn log_of(rows: &[(&str, &str)]) -> String {
    rows.iter().map(|(record, _)| format!("{{{record}}}\n")).collect()
}

fn compare(of: &str, rows: &[(&str, &str)], said: &[String]) {
    assert_eq!(rows.len(), said.len());
    let wrong: Vec<String> = rows
        .iter()
        .zip(said)
        .filter(|((_, expected), said)| said != expected)
        .map(|((record, expected), said)| format!("{{{record}}}\n  is       {said}\n  expected {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{of}\n{}", wrong.join("\n"));
}

/// Makes a policy that permits by default around some rules.
pub(crate) fn permitting(rules: &str) -> String {
    format!("policy one \"One\"\n  vocabulary small\n  time zone Europe/Zurich\n  default permit\n\n{rules}\n")
}

/// Makes a policy of one rule, named `r`.
pub(crate) fn rule(clauses: &str) -> String {
    permitting(&format!("rule r \"R\"\n{clauses}"))
}

/// Holds one condition, as a requirement, against records: `satisfied`, `violated` or `undetermined`.
pub(crate) fn condition(condition: &str, rows: &[(&str, &str)]) {
    let said = said(&rule(&format!("  require {condition}")), &log_of(rows));
    let status = |lines: &Vec<String>| {
        let rules = lines.first().and_then(|line| line.split("; ").nth(1));
        rules.and_then(|rules| rules.strip_prefix("r ")).unwrap_or_default().to_owned()
    };
    compare(condition, rows, &said.iter().map(status).collect::<Vec<_>>());
}

fn run(policies: &str, records: &str) -> (Vec<Vec<String>>, Vec<String>) {
    run_at(policies, records, Clock::at(PRESENT.parse().unwrap()))
}

fn run_at(policies: &str, records: &str, clock: Clock) -> (Vec<Vec<String>>, Vec<String>) {
    let mut sources = Sources::new();
    sources.add("policies.forbear", format!("{VOCABULARY}{policies}"));
    sources.add("calendars/ward.yaml", include_str!("../requirements/calendars/ward.yaml"));
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{policies}\n{:#?}", checked.problems);
    let id = sources.add_protected("log.jsonl", records);
    let audit = Audit {
        set: &checked.set,
        sources: &sources,
        inputs: &[Input::new(id, Format::Jsonl)],
        clock,
        limits: Limits::default(),
    };
    let mut gathered = Gathered::default();
    let summary = audit.run(false, &mut gathered);
    assert_eq!(summary.records, gathered.said.len(), "nothing is unreadable here");
    (gathered.said, gathered.leading)
}

#[derive(Default)]
struct Gathered {
    said: Vec<Vec<String>>,
    leading: Vec<String>,
}

impl Sink for Gathered {
    fn judged(&mut self, record: &Judged<'_>) {
        self.said.push(record.results.iter().map(line).collect());
        self.leading.push(record.leading_verdict().words().to_owned());
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        panic!("{unreadable:?}");
    }
}

fn line(result: &PolicyResult<'_>) -> String {
    let judgement = &result.judgement;
    let mut parts = vec![judgement.verdict.words().to_owned()];
    if let Some(label) = result.version.and_then(|version| version.label.as_ref()) {
        parts.push(format!("version {label}"));
    }
    let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
    let statuses: Vec<String> = rules
        .iter()
        .zip(&judgement.outcomes)
        .zip(0..)
        .map(|((rule, outcome), id)| format!("{} {}{}", rule.name, status(outcome), links(result, RuleId(id))))
        .collect();
    if !statuses.is_empty() {
        parts.push(statuses.join(", "));
    }
    let wanting: Vec<String> = judgement.wanting.iter().map(|wanted| result.wanted_name(*wanted)).collect();
    if !wanting.is_empty() {
        parts.push(format!("wants {}", wanting.join(", ")));
    }
    parts.join("; ")
}

/// Gives what becomes of each link of a duty: ` (late, fulfilled)`.
fn links(result: &PolicyResult<'_>, id: RuleId) -> String {
    let duty = result.judgement.duties.iter().find(|duty| duty.rule == id);
    let links = duty.map(|duty| duty.links.iter().map(|link| link.status.word()).collect::<Vec<_>>());
    links.map(|links| format!(" ({})", links.join(", "))).unwrap_or_default()
}

fn status(outcome: &Outcome) -> String {
    let (words, by_silence) = match outcome {
        Outcome::Ground(Truth::True) => ("given", false),
        Outcome::Ground(Truth::False) => ("not given", false),
        Outcome::Ground(Truth::Unknown) => ("open", false),
        Outcome::Requirement { status, by_silence } => (requirement(*status), *by_silence),
        Outcome::Duty(chain) => (chain.word(), false),
    };
    format!("{words}{}", if by_silence { " by silence" } else { "" })
}

fn requirement(status: Status) -> &'static str {
    match status {
        Status::Violated => "violated",
        Status::NotApplicable => "not applicable",
        Status::Excused(Need::Needed) => "excused, needed",
        Status::Excused(Need::NotNeeded) => "excused, not needed",
        Status::Excused(Need::PerhapsNeeded) => "excused, perhaps needed",
        Status::Satisfied => "satisfied",
        Status::Undetermined => "undetermined",
    }
}
