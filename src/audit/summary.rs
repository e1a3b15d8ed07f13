//! What an audit counts.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity, find_code};
use crate::judge::{Chain, Outcome, Past, Status, Verdict, Wanted};
use crate::policy::{HistoryId, PolicySet, RuleSeverity, Version};
use crate::source::Span;

use super::past;
use super::{Judged, PolicyResult};

/// The totals of an audit.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// All records: judged, unreadable, and left out.
    pub records: usize,
    /// Those that were judged.
    pub judged: usize,
    /// How many of these were judged in brief, which is faster and comes to the same.
    pub in_brief: usize,
    /// How many of these were read once, though a policy looks back.
    pub by_gist: usize,
    /// Whether the audit was stopped before its end: these are the totals of what was judged by then.
    pub partial: bool,
    /// Those that could not be read.
    pub unreadable: usize,
    /// Those that were left out, since they lie after the as-of instant or a mapping says so.
    pub left_out: usize,
    /// Those of them that a mapping leaves out, by its reason.
    pub left_out_by_mapping: BTreeMap<String, usize>,
    /// Those that fail: by their verdict, or by a duty that was missed and not made good.
    pub failing: usize,
    /// By strictest verdict, in the order of [`Verdict::ALL`].
    pub leading: [usize; 4],
    /// Records in which something does not fit.
    pub with_findings: usize,
    /// Values that do not fit, by code.
    pub findings: BTreeMap<&'static str, usize>,
    /// By policy, in the order of their names.
    pub policies: Vec<PolicySummary>,
    /// What concerns the log as a whole: ids that stand twice, keys that nobody knows, texts that matched nothing.
    pub log_findings: Vec<Diagnostic>,
}

/// What one policy came to.
#[derive(Debug, Clone, Default)]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
    /// Records by verdict, in the order of [`Verdict::ALL`].
    pub verdicts: [usize; 4],
    /// Rules by name.
    pub rules: BTreeMap<String, RuleCounts>,
    /// How many episodes no permit covers, of those that are impermissible by default.
    pub by_default: usize,
    /// Fields by name, with the number of undetermined verdicts of which an open rule turns on each, found rule by rule and so
    /// alike for every record, however long the log; those of earlier episodes are counted together. Which of them can settle
    /// a verdict is told with the verdict ([`PolicyResult::wanting`]).
    pub turned_on: BTreeMap<String, usize>,
    /// Duties by rule.
    pub duties: BTreeMap<String, DutyCounts>,
    /// Episodes of which some window reaches back before the log begins.
    pub windows_before_log: usize,
    /// Records that count for nobody, since they have no key or no time: by the version and the history clause.
    pub for_nobody: BTreeMap<(usize, HistoryId), ForNobody>,
}

/// Records that one history clause counts for nobody, and what they could change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForNobody {
    /// Where the clause is written.
    pub clause: Span,
    /// How many records.
    pub records: usize,
    /// How many statuses are clear (not applicable, excused or satisfied) and would not be if those records counted.
    pub not_clear: usize,
}

/// What became of a duty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DutyCounts {
    /// How grave it is to miss it.
    pub severity: RuleSeverity,
    /// Fulfilled in time, by its first link.
    pub fulfilled: usize,
    /// Missed, and made good by what is owed otherwise.
    pub made_good: usize,
    /// Still to be done, in time.
    pub pending: usize,
    /// Still to be done, without a deadline.
    pub outstanding: usize,
    /// Late or overdue.
    pub failed: usize,
    /// Left open by what is missing.
    pub undetermined: usize,
    /// The latest version that has said how grave it is.
    version: usize,
}

impl DutyCounts {
    /// Says how grave a version takes it; the latest decides.
    pub(super) fn take_severity(&mut self, version: usize, severity: RuleSeverity) {
        if version >= self.version {
            (self.version, self.severity) = (version, severity);
        }
    }

    fn add(&mut self, chain: Chain) {
        match chain {
            Chain::NotOwed | Chain::Excused => {}
            Chain::Fulfilled => self.fulfilled += 1,
            Chain::MadeGood => self.made_good += 1,
            Chain::Pending => self.pending += 1,
            Chain::Outstanding => self.outstanding += 1,
            Chain::Failed => self.failed += 1,
            Chain::Undetermined => self.undetermined += 1,
        }
    }
}

/// How often a rule was broken or left open.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleCounts {
    /// How grave its violation is.
    pub severity: RuleSeverity,
    /// How often it was violated.
    pub violated: usize,
    /// Of these, how often by silence.
    pub by_silence: usize,
    /// How often it was undetermined.
    pub undetermined: usize,
    /// How often silence counted as satisfying it.
    pub satisfied_by_silence: usize,
    /// The latest version that has said how grave it is.
    version: usize,
}

impl DutyCounts {
    fn absorb(&mut self, other: Self) {
        self.take_severity(other.version, other.severity);
        self.fulfilled += other.fulfilled;
        self.made_good += other.made_good;
        self.pending += other.pending;
        self.outstanding += other.outstanding;
        self.failed += other.failed;
        self.undetermined += other.undetermined;
    }
}

impl RuleCounts {
    /// Says how grave a version takes it; the latest decides.
    pub(super) fn take_severity(&mut self, version: usize, severity: RuleSeverity) {
        if version >= self.version {
            (self.version, self.severity) = (version, severity);
        }
    }

    fn absorb(&mut self, other: Self) {
        self.take_severity(other.version, other.severity);
        self.violated += other.violated;
        self.by_silence += other.by_silence;
        self.undetermined += other.undetermined;
        self.satisfied_by_silence += other.satisfied_by_silence;
    }
}

impl Summary {
    /// Begins at nothing.
    pub(super) fn new(set: &PolicySet) -> Self {
        let policy = |name: &String| PolicySummary { name: name.clone(), ..PolicySummary::default() };
        Self { policies: set.policies.iter().map(|one| policy(&one.name)).collect(), ..Self::default() }
    }

    /// Gives the number of records with this strictest verdict.
    pub fn leading(&self, verdict: Verdict) -> usize {
        count_of(&self.leading, verdict)
    }

    /// Says whether something of this severity is wrong with the data.
    pub fn has_finding(&self, wanted: Severity) -> bool {
        let of_records = self.findings.keys().filter_map(|name| find_code(name)).map(Code::severity);
        let of_logs = self.log_findings.iter().map(Diagnostic::severity);
        of_records.chain(of_logs).any(|severity| severity == wanted)
    }

    /// Says whether some duty that is not advisory came to something.
    pub fn has_duty(&self, came_to: impl Fn(&DutyCounts) -> bool) -> bool {
        let duties = self.policies.iter().flat_map(|policy| policy.duties.values());
        duties.filter(|counts| counts.severity != RuleSeverity::Advisory).any(came_to)
    }

    /// Gives what it came to, whichever way that was worked out: two audits of one log have this in common.
    #[must_use]
    pub fn plain(&self) -> Self {
        Self { in_brief: 0, by_gist: 0, ..self.clone() }
    }

    /// Adds what another part of the log came to.
    pub(super) fn absorb(&mut self, other: Self) {
        self.records += other.records;
        self.judged += other.judged;
        self.in_brief += other.in_brief;
        self.by_gist += other.by_gist;
        self.unreadable += other.unreadable;
        self.left_out += other.left_out;
        for (because, count) in other.left_out_by_mapping {
            *self.left_out_by_mapping.entry(because).or_default() += count;
        }
        self.failing += other.failing;
        self.with_findings += other.with_findings;
        add_all(&mut self.leading, other.leading);
        for (code, count) in other.findings {
            *self.findings.entry(code).or_default() += count;
        }
        for (policy, other) in self.policies.iter_mut().zip(other.policies) {
            policy.absorb(other);
        }
    }

    pub(super) fn add_unreadable(&mut self) {
        self.records += 1;
        self.unreadable += 1;
    }

    pub(super) fn add_left_out(&mut self) {
        self.records += 1;
        self.left_out += 1;
    }

    pub(super) fn add_left_out_by_mapping(&mut self, because: &str) {
        self.add_left_out();
        match self.left_out_by_mapping.get_mut(because) {
            Some(count) => *count += 1,
            None => _ = self.left_out_by_mapping.insert(because.to_owned(), 1),
        }
    }

    pub(super) fn add_judged(&mut self, judged: &Judged<'_>) {
        self.records += 1;
        self.judged += 1;
        self.failing += usize::from(judged.fails());
        add_to(&mut self.leading, judged.leading_verdict());
        self.with_findings += usize::from(!judged.findings.is_empty());
        for finding in &judged.findings {
            *self.findings.entry(finding.code.name()).or_default() += 1;
        }
        for (policy, result) in self.policies.iter_mut().zip(&judged.results) {
            policy.add(result);
        }
    }
}

impl PolicySummary {
    /// Gives the number of records with this verdict.
    pub fn of(&self, verdict: Verdict) -> usize {
        count_of(&self.verdicts, verdict)
    }

    fn add(&mut self, result: &PolicyResult<'_>) {
        let judgement = &result.judgement;
        self.windows_before_log += usize::from(past::reaches_before_log(result));
        self.add_for_nobody(result);
        self.add_duties(result);
        add_to(&mut self.verdicts, result.verdict());
        self.by_default += usize::from(judgement.because == crate::judge::Because::ByDefault);
        let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
        for (rule, outcome) in rules.iter().zip(&judgement.outcomes) {
            let Outcome::Requirement { status, by_silence } = outcome else { continue };
            if !*by_silence && !matches!(status, Status::Violated | Status::Undetermined) {
                continue;
            }
            let counts = self.rules.entry(rule.name.clone()).or_default();
            counts.take_severity(judgement.version.unwrap_or(0), rule.severity);
            counts.violated += usize::from(*status == Status::Violated);
            counts.by_silence += usize::from(*status == Status::Violated && *by_silence);
            counts.undetermined += usize::from(*status == Status::Undetermined);
            counts.satisfied_by_silence += usize::from(*status == Status::Satisfied);
        }
        // Where every value comes to the same verdict, it turns on none.
        let turned_on = judgement.wanting.iter().filter(|_| result.verdict() == Verdict::Undetermined);
        let mut names: Vec<String> = turned_on.map(|wanted| result.counted_name(*wanted)).collect();
        names.dedup();
        for name in names {
            *self.turned_on.entry(name).or_default() += 1;
        }
    }

    fn add_for_nobody(&mut self, result: &PolicyResult<'_>) {
        let (Some(past), Some(at), Some(version)) = (result.past, result.judgement.version, result.version) else {
            return;
        };
        for (history, not_clear) in &result.for_nobody {
            self.add_to_nobody(version, past, at, *history, *not_clear);
        }
    }

    /// Adds statuses that are clear only since some records count for nobody in a clause of a version.
    pub(super) fn add_to_nobody(
        &mut self,
        version: &Version,
        past: &Past<'_>,
        at: usize,
        history: HistoryId,
        not_clear: usize,
    ) {
        let Some(clause) = version.conditions.history(history) else { return };
        let records = past.for_nobody(at, history);
        let known = ForNobody { clause: clause.origin, records, not_clear: 0 };
        self.for_nobody.entry((at, history)).or_insert(known).not_clear += not_clear;
    }

    /// Adds what the policy came to in another part of the log.
    fn absorb(&mut self, other: Self) {
        add_all(&mut self.verdicts, other.verdicts);
        self.by_default += other.by_default;
        self.windows_before_log += other.windows_before_log;
        for (name, counts) in other.rules {
            self.rules.entry(name).or_default().absorb(counts);
        }
        for (name, count) in other.turned_on {
            *self.turned_on.entry(name).or_default() += count;
        }
        for (name, counts) in other.duties {
            self.duties.entry(name).or_default().absorb(counts);
        }
        for (clause, nobody) in other.for_nobody {
            let known = ForNobody { not_clear: 0, ..nobody };
            self.for_nobody.entry(clause).or_insert(known).not_clear += nobody.not_clear;
        }
    }

    fn add_duties(&mut self, result: &PolicyResult<'_>) {
        let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
        for duty in &result.judgement.duties {
            if let Some(rule) = rules.get(duty.rule.0 as usize) {
                let counts = self.duties.entry(rule.name.clone()).or_default();
                counts.take_severity(result.judgement.version.unwrap_or(0), rule.severity);
                counts.add(duty.chain);
            }
        }
    }
}

impl PolicyResult<'_> {
    /// Gives the name of a field in the words of the version that judges (or of the first).
    pub fn field_name(&self, field: crate::policy::FieldId) -> String {
        let version = self.version.or_else(|| self.policy.versions.first());
        version.map(|version| version.vocabulary.field_name(field).to_owned()).unwrap_or_default()
    }

    /// Gives the name of what is wanting: a field, or an earlier record.
    pub fn wanted_name(&self, wanted: Wanted) -> String {
        let id = self.wanted_id(wanted).map(|id| crate::diagnostic::printable(&id, 100));
        self.wanted_name_of(wanted, id.as_deref())
    }

    /// Gives the name of what is wanting, with what an earlier record is called, if it has an id.
    pub(crate) fn wanted_name_of(&self, wanted: Wanted, id: Option<&str>) -> String {
        match (wanted, id) {
            (Wanted::Here(field), _) => self.field_name(field),
            (Wanted::Of { field, .. }, Some(id)) => format!("{id}: {}", self.field_name(field)),
            (Wanted::Of { field, .. }, None) => {
                format!("{} of an earlier episode without an id", self.field_name(field))
            }
            (Wanted::Earlier { .. }, Some(id)) => format!("{id}: an earlier episode"),
            (Wanted::Earlier { .. }, None) => "an earlier episode without an id".to_owned(),
        }
    }

    /// Gives the id of the earlier record that is wanting; none if it is a field of this one, or that record has no id.
    pub fn wanted_id(&self, wanted: Wanted) -> Option<String> {
        let (Wanted::Of { record, .. } | Wanted::Earlier { record, .. }) = wanted else { return None };
        self.past.and_then(|past| past.record(record)).map(|record| record.id).filter(|id| !id.is_empty())
    }

    /// Gives the name under which a summary counts what is wanting.
    fn counted_name(&self, wanted: Wanted) -> String {
        match wanted {
            Wanted::Here(field) => self.field_name(field),
            Wanted::Of { .. } | Wanted::Earlier { .. } => "(fields of earlier episodes)".to_owned(),
        }
    }
}

fn position(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|known| *known == verdict).unwrap_or(0)
}

fn count_of(counts: &[usize; 4], verdict: Verdict) -> usize {
    counts.get(position(verdict)).copied().unwrap_or(0)
}

pub(super) fn add_to(counts: &mut [usize; 4], verdict: Verdict) {
    if let Some(count) = counts.get_mut(position(verdict)) {
        *count += 1;
    }
}

pub(super) fn add_all(counts: &mut [usize; 4], more: [usize; 4]) {
    counts.iter_mut().zip(more).for_each(|(count, more)| *count += more);
}
