//! Examples on a log: its records, judged by an audit, each by the version of the policy that is in force at its own time.
//!
//! A claim names rules and fields as the version does beside which the example stands; of a record that another version
//! judges, it is about the rules and fields of the same names there.

use jiff::Timestamp;

use crate::audit::{Audit, Clock, Judged, PolicyResult};
use crate::check::{Claim, ClaimKind, Example, LogExample};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::judge::Verdict;
use crate::log::{Input, Limits, Unreadable};
use crate::policy::{FieldId, Policy, PolicySet, Role, RuleId, Value, Version};

use super::coverage::Seen;
use super::{Sink, Stand, Trial, Tried, claims, silence};

/// An example on a log.
pub(super) struct OfLog<'o> {
    pub(super) trial: &'o Trial<'o>,
    /// The version beside which it stands.
    pub(super) stand: &'o Stand,
    /// The policy with all its versions.
    pub(super) policy: Policy,
    pub(super) example: &'o Example,
    pub(super) log: &'o LogExample,
    pub(super) input: &'o Input,
}

/// Gives the policy of a version with all its others.
pub(super) fn with_its_others(set: &PolicySet, stand: &Stand) -> Policy {
    let Some(own) = stand.version() else { return stand.policy.clone() };
    let known = set.policies.iter().find(|policy| policy.name == stand.policy.name);
    let mut policy = known.unwrap_or(&stand.policy).clone();
    for version in policy.versions.iter_mut().filter(|version| version.origin == own.origin) {
        version.clone_from(own);
    }
    policy
}

impl OfLog<'_> {
    /// Runs an audit of the log by a policy, as it stands or changed.
    fn audit(&self, policy: Policy, clock: Clock, all: bool, sink: &mut dyn crate::audit::Sink) {
        let set = PolicySet { policies: vec![policy] };
        let inputs = [Input::new(self.input.id, self.input.format)];
        let (sources, limits) = (self.trial.sources, Limits::default());
        Audit { set: &set, sources, inputs: &inputs, clock, limits }.run(all, sink);
    }

    /// Gives as of when the log is judged: as stated, or the time of its newest record. No clock is read.
    fn clock(&self) -> Clock {
        if let Some(as_of) = self.log.as_of {
            return Clock::at(as_of);
        }
        let mut newest = Newest { at: None };
        self.audit(self.policy.clone(), Clock::at(Timestamp::MAX), false, &mut newest);
        Clock::at(newest.at.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// Judges the records of a log and looks at the claims about them.
pub(super) fn try_log(of: &OfLog<'_>, sink: &mut dyn Sink, seen: &mut Seen) {
    let clock = of.clock();
    let mut watch = Watch { of, clock, sink, seen, found: Vec::new(), ids: Vec::new() };
    of.audit(of.policy.clone(), clock, true, &mut watch);
    let Watch { found, ids, .. } = watch;
    for (id, origin, _) in &of.log.records {
        if !found.contains(id) {
            let message = format!("the log `{}` has no record `{id}`", of.log.file);
            let problem = Diagnostic::new(codes::EXAMPLE_LOG, message, *origin, "no such record");
            let help = did_you_mean(id, ids.iter().map(String::as_str));
            sink.problem(problem.with_help(help.unwrap_or_else(|| "write the id as the log has it".to_owned())));
        }
    }
}

/// Finds the time of the newest record.
struct Newest {
    at: Option<Timestamp>,
}

impl crate::audit::Sink for Newest {
    fn judged(&mut self, record: &Judged<'_>) {
        for result in &record.results {
            let version = result.policy.versions.first();
            let time = version.and_then(|version| version.vocabulary.role(Role::Time));
            let latest = match time.and_then(|time| result.episode.value(time)) {
                Some(Value::Instant(when)) => Some(when.latest),
                Some(Value::Date(day)) => {
                    let zone = version.map(|version| &version.zone);
                    zone.and_then(|zone| crate::policy::time::days(*day, *day, zone).ok()).map(|day| day.latest)
                }
                _ => None,
            };
            self.at = self.at.max(latest);
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}

/// Looks at the claims about each record.
struct Watch<'w, 'o> {
    of: &'w OfLog<'o>,
    clock: Clock,
    sink: &'w mut dyn Sink,
    seen: &'w mut Seen,
    found: Vec<String>,
    ids: Vec<String>,
}

impl crate::audit::Sink for Watch<'_, '_> {
    fn judged(&mut self, record: &Judged<'_>) {
        let Some(id) = &record.id else { return };
        self.ids.push(id.clone());
        let claimed = self.of.log.records.iter().filter(|(known, _, _)| known == id);
        for (_, _, claims) in claimed {
            self.found.push(id.clone());
            let (Some(result), Some(own)) = (record.results.first(), self.of.stand.version()) else { continue };
            let judging = result.version.unwrap_or(own);
            // What another version comes to shows nothing of this one.
            if judging.origin == own.origin {
                self.seen.add_record(own, result);
            }
            let by = JudgedBy { judging, result };
            let said: Vec<Claim> = claims.iter().map(|claim| in_words_of(claim, own, judging)).collect();
            let held = held(self.of, self.clock, id, &by, (claims, &said));
            self.sink.tried(&Tried {
                example: self.of.example,
                record: Some(id),
                claims: &said,
                held: &held,
                judged: record,
            });
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.sink.problem(unreadable.diagnostic());
    }
}

/// A judgement, and the version that it is about.
struct JudgedBy<'j> {
    /// The version in force.
    judging: &'j Version,
    result: &'j PolicyResult<'j>,
}

fn held(of: &OfLog<'_>, clock: Clock, id: &str, by: &JudgedBy<'_>, (claims, said): (&[Claim], &[Claim])) -> Vec<bool> {
    let mut without = |rules: &[RuleId]| {
        let mut policy = of.policy.clone();
        for version in policy.versions.iter_mut().filter(|version| version.origin == by.judging.origin) {
            silence(version, rules);
        }
        let mut one = One { id, verdict: Verdict::NotCovered };
        of.audit(policy, clock, false, &mut one);
        one.verdict
    };
    let mut holds = |claim: &Claim, said: &Claim| {
        // A rule or a field that is not there has no status and wants for nothing.
        let all_there = named(&claim.kind) == named(&said.kind);
        let (judgement, exact) = (&by.result.judgement, by.result.exact.as_ref());
        let mut wanting = || by.result.wanting();
        all_there && claims::holds(&said.kind, by.judging, judgement, exact, &mut wanting, &mut without)
    };
    claims.iter().zip(said).map(|(claim, said)| holds(claim, said)).collect()
}

/// Gives how many rules or fields a claim names.
fn named(claim: &ClaimKind) -> usize {
    match claim {
        ClaimKind::ImpermissibleBy { rules, .. } | ClaimKind::Owes(rules) | ClaimKind::ExcusedFrom(rules) => {
            rules.len()
        }
        ClaimKind::Undetermined { fields, .. } => fields.len(),
        ClaimKind::Permissible
        | ClaimKind::NotCovered
        | ClaimKind::ImpermissibleByDefault { .. }
        | ClaimKind::OwesNothing => 0,
    }
}

/// Gives a claim about the rules and fields that have the same names in another version; those that are not there are
/// left out.
fn in_words_of(claim: &Claim, own: &Version, other: &Version) -> Claim {
    let rule = |id: &RuleId| -> Option<RuleId> {
        let name = &own.rules.get(id.0 as usize)?.name;
        let at = other.rules.iter().position(|rule| rule.name == *name)?;
        u32::try_from(at).ok().map(RuleId)
    };
    let rules = |ids: &[RuleId]| -> Vec<RuleId> { ids.iter().filter_map(rule).collect() };
    let field = |id: &FieldId| other.vocabulary.find_field(own.vocabulary.field_name(*id));
    let kind = match &claim.kind {
        ClaimKind::ImpermissibleBy { rules: ids, only } => {
            ClaimKind::ImpermissibleBy { rules: rules(ids), only: *only }
        }
        ClaimKind::Owes(ids) => ClaimKind::Owes(rules(ids)),
        ClaimKind::ExcusedFrom(ids) => ClaimKind::ExcusedFrom(rules(ids)),
        ClaimKind::Undetermined { fields, only } => {
            ClaimKind::Undetermined { fields: fields.iter().filter_map(field).collect(), only: *only }
        }
        ClaimKind::Permissible
        | ClaimKind::NotCovered
        | ClaimKind::ImpermissibleByDefault { .. }
        | ClaimKind::OwesNothing => claim.kind.clone(),
    };
    Claim { kind, origin: claim.origin }
}

/// Finds the verdict on one record.
struct One<'i> {
    id: &'i str,
    verdict: Verdict,
}

impl crate::audit::Sink for One<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        if record.id.as_deref() == Some(self.id) {
            self.verdict = record.leading_verdict();
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
}
