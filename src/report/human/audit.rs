//! The audit for people: the first findings in full, then a summary; not ten thousand screens.

use std::fmt::Write;

use anstyle::AnsiColor;

use crate::audit::{Clock, Judged, PolicySummary, RuleCounts, Sink, Summary, Wants};
use crate::diagnostic::{Diagnostic, codes, printable};
use crate::judge::Verdict;
use crate::log::Unreadable;
use crate::policy::RuleSeverity;
use crate::source::Sources;

use super::super::findings::{count, diagnose};
use super::super::identities::{Identities, Privacy};
use super::{Terminal, counted, render, thousands};

/// How many rules and fields a summary lists.
const LONGEST_LIST: usize = 12;

/// Prints the first findings of an audit while it runs, and counts the others.
pub struct AuditPrinter<'a> {
    sources: &'a Sources,
    identities: &'a Identities,
    terminal: Terminal,
    /// How many findings may still be shown in full.
    left: usize,
    shown: usize,
    hidden: usize,
    text: String,
}

impl<'a> AuditPrinter<'a> {
    /// Shows so many findings in full.
    pub fn new(sources: &'a Sources, identities: &'a Identities, terminal: Terminal, at_most: usize) -> Self {
        // Whoever counted what is shown of single episodes would find the small numbers that the summary hides.
        let at_most = if identities.least_cell() > 1 { 0 } else { at_most };
        Self { sources, identities, terminal, left: at_most, shown: 0, hidden: 0, text: String::new() }
    }

    fn show(&mut self, problem: &Diagnostic) {
        if self.left == 0 {
            self.hidden += 1;
            return;
        }
        self.left -= 1;
        self.shown += 1;
        let _ = writeln!(self.text, "{}", render(problem, self.sources, self.terminal));
    }

    /// Gives all of the text: findings, what was left out, and the summary.
    pub fn finish(mut self, summary: &Summary) -> String {
        if self.identities.least_cell() > 1 {
            return super::committee::summary_text(summary, self.identities.least_cell());
        }
        for finding in &summary.log_findings {
            self.show(&self.identities.worded(finding));
        }
        if self.hidden > 0 {
            let all = self.shown + self.hidden;
            let rest = counted(self.hidden, "more finding", "more findings");
            let _ = writeln!(
                self.text,
                "… and {rest}: `--show {all}` shows all, `--format jsonl` writes them for a program.\n"
            );
        }
        self.text.push_str(&summary_text(summary, self.sources, self.identities, self.terminal));
        self.text
    }
}

impl Sink for AuditPrinter<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        if self.left == 0 {
            self.hidden += count(record);
            return;
        }
        for problem in diagnose(record, self.sources, self.identities) {
            self.show(&problem);
        }
    }

    fn wants_reasons(&self) -> bool {
        self.left > 0
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        let problem = unreadable.diagnostic();
        self.show(&problem);
    }

    fn wants(&self) -> Wants {
        if self.left > 0 { Wants::Findings } else { Wants::Nothing }
    }

    fn counter(&self) -> fn(&Judged<'_>) -> usize {
        count
    }

    fn passed_over(&mut self, problems: usize) {
        self.hidden += problems;
    }
}

fn summary_text(summary: &Summary, sources: &Sources, identities: &Identities, terminal: Terminal) -> String {
    let mut text = String::new();
    let records = counted(summary.records, "record", "records");
    let later = summary.left_out - summary.left_out_by_mapping.values().sum::<usize>();
    let left_out = match summary.left_out {
        0 => String::new(),
        count if count == later => format!(", {} left out as later", thousands(count)),
        count => format!(", {} left out", thousands(count)),
    };
    if summary.partial {
        let told = terminal.bold("partial: the audit was stopped, and these are the totals of what was judged by then");
        let _ = writeln!(text, "{told}");
    }
    let _ = writeln!(
        text,
        "{}",
        terminal.bold(&format!(
            "{records}: {} judged, {} unreadable{left_out}",
            thousands(summary.judged),
            thousands(summary.unreadable)
        ))
    );
    for (because, count) in &summary.left_out_by_mapping {
        let _ = writeln!(text, "  {:>6} left out by the mapping: {}", thousands(*count), printable(because, 200));
    }
    if later > 0 && later < summary.left_out {
        let _ = writeln!(text, "  {:>6} left out as later", thousands(later));
    }
    for policy in &summary.policies {
        let _ = writeln!(text, "\n{}", terminal.bold(&format!("policy {}", policy.name)));
        policy_text(&mut text, policy, summary.judged, sources, terminal);
    }
    data_text(&mut text, summary, identities);
    text
}

fn policy_text(text: &mut String, policy: &PolicySummary, judged: usize, sources: &Sources, terminal: Terminal) {
    for verdict in Verdict::ALL {
        let count = policy.of(verdict);
        if count == 0 && verdict == Verdict::NotCovered {
            continue;
        }
        let words = terminal.coloured(colour_of(verdict), &format!("{:<14}", verdict.words()));
        let _ = writeln!(text, "  {words} {:>8}  {}", thousands(count), share(count, judged));
    }
    rules_text(text, policy);
    duties_text(text, policy);
    notes(text, policy, sources);
    let mut fields: Vec<(&String, &usize)> = policy.turned_on.iter().collect();
    fields.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    if !fields.is_empty() {
        let _ = writeln!(text, "\n  {:<34} {:>8}", "open rules turn on", "verdicts");
        for (field, count) in fields.iter().take(LONGEST_LIST) {
            let _ = writeln!(text, "    {field:<32} {:>8}", thousands(**count));
        }
        left_out(text, fields.len());
    }
}

fn rules_text(text: &mut String, policy: &PolicySummary) {
    let broken_or_open = |counts: &RuleCounts| counts.violated + counts.undetermined > 0;
    let mut rules: Vec<_> = policy.rules.iter().filter(|(_, counts)| broken_or_open(counts)).collect();
    rules.sort_by(|a, b| {
        b.1.violated.cmp(&a.1.violated).then(b.1.undetermined.cmp(&a.1.undetermined)).then(a.0.cmp(b.0))
    });
    if rules.is_empty() && policy.by_default == 0 {
        return;
    }
    let _ = writeln!(text, "\n  {:<34} {:>8} {:>12}", "rules", "violated", "undetermined");
    for (name, counts) in rules.iter().take(LONGEST_LIST) {
        let name =
            if counts.severity == RuleSeverity::Advisory { format!("{name} (advisory)") } else { (*name).clone() };
        let _ =
            writeln!(text, "    {name:<32} {:>8} {:>12}", thousands(counts.violated), thousands(counts.undetermined));
    }
    left_out(text, rules.len());
    if policy.by_default > 0 {
        let _ = writeln!(text, "    {:<32} {:>8}", "by default (no rule permits it)", thousands(policy.by_default));
    }
}

/// Says what the reader should know of silence, and of the past.
fn notes(text: &mut String, policy: &PolicySummary, sources: &Sources) {
    for (name, counts) in policy.rules.iter().filter(|(_, counts)| counts.satisfied_by_silence > 0) {
        let count = counted(counts.satisfied_by_silence, "episode", "episodes");
        let _ = writeln!(text, "  for {count}, silence satisfied `{name}`: nothing is documented");
    }
    if policy.windows_before_log > 0 {
        let count = counted(policy.windows_before_log, "episode looks", "episodes look");
        let _ = writeln!(text, "  {count} back to before the log begins: what lay there is not counted");
    }
    for nobody in policy.for_nobody.values() {
        let at = sources.line_column(nobody.clause);
        let place = format!("{}:{}", sources.name(nobody.clause.source), at.line);
        let count = counted(nobody.records, "record counts", "records count");
        let statuses = counted(nobody.not_clear, "status is", "statuses are");
        let _ = writeln!(text, "  {count} for nobody in the clause at {place}, having no time or no key;");
        let _ = writeln!(text, "    {statuses} clear that would not be if they counted");
    }
}

fn duties_text(text: &mut String, policy: &PolicySummary) {
    if policy.duties.is_empty() {
        return;
    }
    let heads = ["fulfilled", "made good", "pending", "failed", "open"];
    let _ = write!(text, "\n  {:<34}", "duties");
    heads.iter().for_each(|head| {
        let _ = write!(text, " {head:>9}");
    });
    text.push('\n');
    for (name, counts) in policy.duties.iter().take(LONGEST_LIST) {
        let name = if counts.severity == RuleSeverity::Advisory { format!("{name} (advisory)") } else { name.clone() };
        let _ = write!(text, "    {name:<32}");
        let waiting = counts.pending + counts.outstanding;
        for count in [counts.fulfilled, counts.made_good, waiting, counts.failed, counts.undetermined] {
            let _ = write!(text, " {:>9}", thousands(count));
        }
        text.push('\n');
    }
    left_out(text, policy.duties.len());
}

fn left_out(text: &mut String, length: usize) {
    if length > LONGEST_LIST {
        let _ = writeln!(text, "    … and {} more", length - LONGEST_LIST);
    }
}

fn data_text(text: &mut String, summary: &Summary, identities: &Identities) {
    if summary.findings.is_empty() && summary.log_findings.is_empty() {
        return;
    }
    let _ = writeln!(text, "\ndata");
    for (code, count) in &summary.findings {
        let title = crate::diagnostic::find_code(code).map_or(*code, crate::diagnostic::Code::title);
        let _ = writeln!(text, "  {:>8}  {title}  ({code})", thousands(*count));
    }
    for finding in &summary.log_findings {
        let _ = writeln!(text, "  {:>8}  {}", "", identities.worded(finding).message);
    }
    let masked =
        [codes::LOG_UNFIT, codes::LOG_UNKNOWN_LEVEL].iter().any(|code| summary.findings.contains_key(code.name()));
    if masked && identities.privacy() < Privacy::Internal {
        let _ = writeln!(text, "  what does not fit is told by its class; `--privacy internal` shows it");
    }
}

fn share(count: usize, of: usize) -> String {
    if of == 0 {
        return String::new();
    }
    let tenths = (count * 1000 + of / 2) / of;
    format!("{:>5}.{} %", tenths / 10, tenths % 10)
}

pub(super) fn colour_of(verdict: Verdict) -> AnsiColor {
    match verdict {
        Verdict::Impermissible => AnsiColor::Red,
        Verdict::Undetermined => AnsiColor::Yellow,
        Verdict::Permissible => AnsiColor::Green,
        Verdict::NotCovered => AnsiColor::Blue,
    }
}

/// Gives the lines that say by what and when an audit was made.
pub fn closing_lines(clock: Clock, privacy: Privacy, inputs: &[super::super::machine::InputRecord]) -> String {
    let program = format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let mut text = format!("\njudged as of {} by {program}, privacy level {}\n", clock.as_of, privacy.word());
    if clock.present != clock.as_of {
        let _ = writeln!(text, "  the clock stood at {}", clock.present);
    }
    for input in inputs {
        let digest: String = input.sha256.chars().take(16).collect();
        let _ = writeln!(text, "  {:<8} {}  sha256 {digest}…", input.role, printable(&input.name, usize::MAX));
    }
    text
}
