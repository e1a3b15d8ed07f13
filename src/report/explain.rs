//! `forbear explain`: the whole reasoning on one record, rule by rule.

use std::fmt::Write;

use crate::audit::{Judged, PolicyResult};
use crate::diagnostic::{Diagnostic, printable};
use crate::judge::{Because, Chain, Citation, Clause, Leaf, Need, Outcome, Status, Truth, Verdict};
use crate::policy::{FieldId, Rule, Version};
use crate::source::{Sources, Span};

use super::duties::due_by;
use super::exact;
use super::findings::record_name;
use super::identities::Identities;
use super::otherwise::{ByEveryPolicy, Otherwise};
use super::wording::Speaker;

/// Explains what every policy says of a record; the reasons of all rules must have been asked for.
pub fn explain(judged: &Judged<'_>, sources: &Sources, identities: &Identities) -> String {
    let mut text = format!("{}  ({})\n", record_name(judged, sources, identities), place(judged.place, sources));
    for result in &judged.results {
        text.push('\n');
        text.push_str(&of_policy(judged, result, sources, identities));
    }
    if let Some(together) = ByEveryPolicy::of(judged, identities) {
        let _ = writeln!(text, "\nall policies together: {}", judged.leading_verdict().words());
        by_every_policy(&mut text, together);
    }
    let fitting: Vec<Diagnostic> = judged.findings.iter().map(|finding| identities.worded(finding)).collect();
    findings(&mut text, &fitting, sources);
    text
}

fn findings(text: &mut String, findings: &[Diagnostic], sources: &Sources) {
    if !findings.is_empty() {
        text.push_str("\nwhat does not fit in the record\n");
    }
    for finding in findings {
        let at = finding.span().map(|span| place(span, sources)).unwrap_or_default();
        let _ = writeln!(text, "  {}  ({at})", finding.message);
    }
}

fn place(span: Span, sources: &Sources) -> String {
    let (at, name) = (sources.line_column(span), printable(sources.name(span.source), usize::MAX));
    match sources.cell(span) {
        Some(cell) => format!("{name}, {}", printable(&cell, usize::MAX)),
        None => format!("{name}:{}:{}", at.line, at.column),
    }
}

fn of_policy(judged: &Judged<'_>, result: &PolicyResult<'_>, sources: &Sources, identities: &Identities) -> String {
    let verdict = result.verdict();
    let name = version_name(result);
    let mut text = format!("{name}: {}\n  {}\n", verdict.words(), because(result));
    if let Some(version) = result.version {
        let speaker = Speaker::new(result, version, identities);
        let teller = Teller { version, result, sources, speaker };
        for citation in &result.citations {
            let teller = Teller { speaker: speaker.about(citation), ..teller };
            teller.citation(&mut text, citation);
        }
    }
    if verdict == Verdict::Undetermined {
        let _ = writeln!(text, "\n  {}", exact::wanting_words(result, identities));
    }
    if let Some(words) = exact::settled_by(result, identities) {
        let _ = writeln!(text, "  it would be settled by: {words}");
    }
    if let Some(version) = result.version {
        otherwise(&mut text, Otherwise::new(result, version, identities), judged.together.is_none());
    }
    text
}

/// Tells what every policy would have permitted, or that nothing would have done.
fn by_every_policy(text: &mut String, together: ByEveryPolicy<'_>) {
    list(text, "  it would have been permissible by every policy with\n", &together.repairs());
    if let Some(nothing) = together.nothing() {
        let _ = writeln!(text, "  {nothing}");
    }
}

/// Lists changes under a heading, if there are any.
fn list(text: &mut String, heading: &str, repairs: &[String]) {
    if !repairs.is_empty() {
        text.push_str(heading);
    }
    for repair in repairs {
        let _ = writeln!(text, "    - {repair}");
    }
}

/// Tells what would have made the verdict another. What one of several policies would have permitted is no repair: `alone`.
fn otherwise(text: &mut String, otherwise: Otherwise<'_>, alone: bool) {
    let repairs = if alone { otherwise.repairs() } else { Vec::new() };
    list(text, "\n  it would have been permissible with\n", &repairs);
    if let Some(nothing) = otherwise.nothing() {
        let _ = writeln!(text, "\n  {nothing}");
    }
    for waiting in otherwise.waiting() {
        let _ = writeln!(text, "\n  {waiting}");
    }
    let fragile = otherwise.fragile();
    if !fragile.is_empty() {
        text.push_str("\n  the verdict hangs on a rating\n");
    }
    for flip in fragile {
        let _ = writeln!(text, "    - {flip}");
    }
}

fn version_name(result: &PolicyResult<'_>) -> String {
    let label = result.version.and_then(|version| version.label.as_ref());
    let label = label.map(|label| format!(" {label}")).unwrap_or_default();
    format!("policy {}{label}", result.policy.name)
}

fn because(result: &PolicyResult<'_>) -> String {
    if let Some(words) = exact::whatever(result) {
        return words;
    }
    let broken = |status: Status| {
        let version = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
        let rules = version.iter().zip(&result.judgement.outcomes);
        let names = rules
            .filter(|(rule, outcome)| rule.decides() && outcome.status() == Some(status))
            .map(|(rule, _)| format!("`{}`", rule.name));
        names.collect::<Vec<_>>().join(", ")
    };
    match result.judgement.because {
        Because::NotInForce => "no version of it was in force at that time".to_owned(),
        Because::DoesNotApply => "it does not apply to this episode".to_owned(),
        Because::TimeOpen => "it is open which version was in force, if any".to_owned(),
        Because::ScopeOpen => "it is open whether it applies to this episode".to_owned(),
        Because::Violations => format!("violated: {}", broken(Status::Violated)),
        Because::ByDefault => {
            "nothing is violated, but no rule permits it, and what no rule permits is not permitted".to_owned()
        }
        Because::Permitted => "a ground is given, and no rule speaks against it".to_owned(),
        Because::Undetermined => {
            let rules = broken(Status::Undetermined);
            if rules.is_empty() {
                "whether any rule permits it is open".to_owned()
            } else {
                format!("left open by: {rules}")
            }
        }
    }
}

/// Tells the citations of one policy.
#[derive(Clone, Copy)]
struct Teller<'a> {
    version: &'a Version,
    result: &'a PolicyResult<'a>,
    sources: &'a Sources,
    speaker: Speaker<'a>,
}

impl Teller<'_> {
    fn citation(&self, text: &mut String, citation: &Citation) {
        match citation.rule.and_then(|id| self.version.rules.get(id.0 as usize)) {
            Some(rule) => self.rule(text, rule, citation),
            None => self.scope(text, citation),
        }
    }

    fn scope(&self, text: &mut String, citation: &Citation) {
        let holds = match citation.guard.truth {
            Truth::True => "it applies",
            Truth::False => "it does not apply",
            Truth::Unknown => "it is open whether it applies",
        };
        let _ = writeln!(text, "\n  applies when: {holds}");
        self.clause(text, "scope", &citation.guard);
    }

    fn rule(&self, text: &mut String, rule: &Rule, citation: &Citation) {
        let title = if rule.title.is_empty() { String::new() } else { format!("  \"{}\"", rule.title) };
        let _ = writeln!(text, "\n  {}: {}{title}", rule.name, outcome_words(citation.outcome));
        self.written(text, rule.norm.origin);
        self.links(text, rule);
        let decided_by_guard =
            matches!(citation.outcome, Some(Outcome::Requirement { status: Status::NotApplicable, .. }));
        if citation.guard.condition.is_some() {
            self.clause(text, "when", &citation.guard);
        }
        if citation.unless.condition.is_some() && !decided_by_guard {
            self.clause(text, "unless", &citation.unless);
        }
        if !decided_by_guard {
            self.clause(text, "norm", &citation.norm);
        }
        let reasons = [("because", rule.because.as_ref()), ("remedy", rule.remedy.as_ref())];
        for (word, reason) in reasons {
            if let Some(reason) = reason.filter(|_| is_broken(citation.outcome)) {
                let _ = writeln!(text, "    {word}: {reason}");
            }
        }
        for source in rule.cites.iter().filter(|_| is_broken(citation.outcome)) {
            let _ = writeln!(text, "    cites: {source}");
        }
    }

    /// Shows a clause as it is written: in one line, or with its list line by line.
    fn written(&self, text: &mut String, origin: Span) {
        let at = place(origin, self.sources);
        let written = self.sources.text(origin);
        let lines: Vec<&str> = written.lines().filter(|line| !line.trim().is_empty()).collect();
        let is_list = lines.iter().any(|line| line.trim_start().starts_with(['-', '\u{2013}', '\u{2022}', '*']));
        if !is_list {
            let _ = writeln!(text, "    {}  ({at})", written.split_whitespace().collect::<Vec<_>>().join(" "));
            return;
        }
        let indent = |line: &&&str| line.len() - line.trim_start().len();
        let least = lines.iter().skip(1).map(|line| indent(&line)).min().unwrap_or(0);
        for (number, line) in lines.iter().enumerate() {
            let shown = if number == 0 { line.trim() } else { line.get(least..).unwrap_or(line).trim_end() };
            let place = if number == 0 { format!("  ({at})") } else { String::new() };
            let _ = writeln!(text, "    {}{shown}{place}", if number == 0 { "" } else { "  " });
        }
    }

    /// Tells each link of a duty: what became of it, and by when it was due.
    fn links(&self, text: &mut String, rule: &Rule) {
        let judged =
            self.result.judgement.duties.iter().find(|duty| {
                self.version.rules.get(duty.rule.0 as usize).is_some_and(|other| std::ptr::eq(other, rule))
            });
        let links = rule.duty.iter().flat_map(|duty| &duty.links);
        for (at, (link, judged)) in links.zip(judged.iter().flat_map(|duty| &duty.links)).enumerate() {
            if at > 0 {
                self.written(text, link.origin);
            }
            let due = due_by(judged, self.version, self.speaker.shower.identities);
            let due = due.map(|due| format!(", due by {due}")).unwrap_or_default();
            let status = judged.status.word().replace('_', " ");
            let silence = if judged.by_silence { ", since silence counts so" } else { "" };
            let _ = writeln!(text, "      {status}{due}{silence}");
        }
    }

    /// Tells a clause: what is known of it, and the values that decide it.
    fn clause(&self, text: &mut String, word: &str, clause: &Clause) {
        let truth = match clause.truth {
            Truth::True => "holds",
            Truth::False => "does not hold",
            Truth::Unknown => "is open",
        };
        let _ = writeln!(text, "      {word:<6} {truth}");
        let mut told: Vec<FieldId> = Vec::new();
        for leaf in &clause.leaves {
            if let Some(fact) = self.speaker.past_fact(leaf) {
                let _ = writeln!(text, "               {fact}");
            }
            self.table(text, leaf);
            for field in self.speaker.fields(leaf) {
                if !told.contains(&field) {
                    told.push(field);
                    let at = self.result.episode.place(field).unwrap_or(self.result.episode.record);
                    let _ =
                        writeln!(text, "               {}  ({})", self.speaker.fact(field), place(at, self.sources));
                }
            }
        }
    }

    /// Tells what a table gives, and by which row; where it is open, the rows that may apply.
    fn table(&self, text: &mut String, leaf: &Leaf) {
        let (Some(fact), Some(asked)) = (self.speaker.table_fact(leaf), self.speaker.asked_table(leaf)) else { return };
        let _ = writeln!(text, "               {fact}");
        for applying in &asked.rows {
            let row = self.sources.text(applying.row.origin).split_whitespace().collect::<Vec<_>>().join(" ");
            let perhaps = if applying.surely { "" } else { "perhaps " };
            let at = place(applying.row.origin, self.sources);
            let _ = writeln!(text, "                 {perhaps}by the row {row}  ({at})");
        }
    }
}

fn is_broken(outcome: Option<Outcome>) -> bool {
    matches!(outcome, Some(Outcome::Requirement { status: Status::Violated, .. }))
}

fn chain_words(chain: Chain) -> &'static str {
    match chain {
        Chain::NotOwed => "not owed",
        Chain::Excused => "excused",
        Chain::Fulfilled => "fulfilled",
        Chain::MadeGood => "missed, and made good",
        Chain::Pending => "pending",
        Chain::Outstanding => "outstanding",
        Chain::Failed => "failed",
        Chain::Undetermined => "undetermined",
    }
}

fn outcome_words(outcome: Option<Outcome>) -> String {
    let (words, by_silence) = match outcome {
        None => return String::new(),
        Some(Outcome::Ground(Truth::True)) => ("gives a ground", false),
        Some(Outcome::Ground(Truth::False)) => ("gives no ground", false),
        Some(Outcome::Ground(Truth::Unknown)) => ("undetermined", false),
        Some(Outcome::Duty(chain)) => (chain_words(chain), false),
        Some(Outcome::Requirement { status, by_silence }) => {
            let words = match status {
                Status::Violated => "violated",
                Status::NotApplicable => "does not apply",
                Status::Satisfied => "satisfied",
                Status::Undetermined => "undetermined",
                Status::Excused(Need::Needed) => "excused",
                Status::Excused(Need::NotNeeded) => "excused, and satisfied all the same",
                Status::Excused(Need::PerhapsNeeded) => "excused, whether needed or not",
            };
            (words, by_silence)
        }
    };
    format!("{words}{}", if by_silence { ", since silence counts so" } else { "" })
}
