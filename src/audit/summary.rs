//! What an audit counts.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::judge::{Outcome, Status, Verdict};
use crate::policy::{PolicySet, RuleSeverity};

use super::{Judged, PolicyResult};

/// The totals of an audit.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// All records: judged and unreadable ones.
    pub records: usize,
    /// Those that were judged.
    pub judged: usize,
    /// Those that could not be read.
    pub unreadable: usize,
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
    /// Fields by name, with the number of verdicts that each holds up.
    pub wanting: BTreeMap<String, usize>,
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

    pub(super) fn add_unreadable(&mut self) {
        self.records += 1;
        self.unreadable += 1;
    }

    pub(super) fn add_judged(&mut self, judged: &Judged<'_>) {
        self.records += 1;
        self.judged += 1;
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
        add_to(&mut self.verdicts, judgement.verdict);
        self.by_default += usize::from(judgement.because == crate::judge::Because::ByDefault);
        let rules = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
        for (rule, outcome) in rules.iter().zip(&judgement.outcomes) {
            let Outcome::Requirement { status, by_silence } = outcome else { continue };
            if !matches!(status, Status::Violated | Status::Undetermined) {
                continue;
            }
            let counts = self.rules.entry(rule.name.clone()).or_default();
            counts.severity = rule.severity;
            counts.violated += usize::from(*status == Status::Violated);
            counts.by_silence += usize::from(*status == Status::Violated && *by_silence);
            counts.undetermined += usize::from(*status == Status::Undetermined);
        }
        for field in &judgement.wanting {
            *self.wanting.entry(result.field_name(*field)).or_default() += 1;
        }
    }
}

impl PolicyResult<'_> {
    /// Gives the name of a field in the words of the version that judges (or of the first).
    pub fn field_name(&self, field: crate::policy::FieldId) -> String {
        let version = self.version.or_else(|| self.policy.versions.first());
        version.map(|version| version.vocabulary.field_name(field).to_owned()).unwrap_or_default()
    }
}

fn position(verdict: Verdict) -> usize {
    Verdict::ALL.iter().position(|known| *known == verdict).unwrap_or(0)
}

fn count_of(counts: &[usize; 4], verdict: Verdict) -> usize {
    counts.get(position(verdict)).copied().unwrap_or(0)
}

fn add_to(counts: &mut [usize; 4], verdict: Verdict) {
    if let Some(count) = counts.get_mut(position(verdict)) {
        *count += 1;
    }
}
