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

use super::coverage::{Seen, Tells, tells_of};
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
    /// The log; of a spreadsheet, its sheets.
    pub(super) inputs: Vec<Input>,
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
        let (sources, limits) = (self.trial.sources, Limits::default());
        Audit { set: &set, sources, inputs: &self.inputs, clock, limits }.run(all, sink);
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
pub(super) fn try_log(of: &OfLog<'_>, sink: &mut dyn Sink, mut seen: Option<&mut Seen>) {
    let clock = of.clock();
    let mut watch = Watch { of, clock, sink, seen: seen.as_deref_mut(), found: Vec::new(), ids: Vec::new() };
    of.audit(of.policy.clone(), clock, true, &mut watch);
    let Watch { found, ids, .. } = watch;
    if let Some(seen) = seen {
        find_what_decides_in_the_past(of, clock, seen);
    }
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
    /// What is reached; nobody asks of a changed policy.
    seen: Option<&'w mut Seen>,
    found: Vec<String>,
    ids: Vec<String>,
}

impl crate::audit::Sink for Watch<'_, '_> {
    fn judged(&mut self, record: &Judged<'_>) {
        if let (Some(seen), Some(result), Some(own)) =
            (self.seen.as_deref_mut(), record.results.first(), self.of.stand.version())
            && result.version.is_some_and(|judging| judging.origin == own.origin)
        {
            seen.add_past_record(own, &result.episode);
        }
        let Some(id) = &record.id else { return };
        self.ids.push(id.clone());
        let claimed = self.of.log.records.iter().filter(|(known, _, _)| known == id);
        for (_, _, claims) in claimed {
            self.found.push(id.clone());
            let (Some(result), Some(own)) = (record.results.first(), self.of.stand.version()) else { continue };
            let judging = result.version.unwrap_or(own);
            // What another version comes to shows nothing of this one.
            if let Some(seen) = self.seen.as_deref_mut().filter(|_| judging.origin == own.origin) {
                seen.add_record(own, result, self.clock.as_of);
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

/// Finds which comparisons within `where`, and of the scope, decide what the records come to that are claimed about: with the
/// opposite in their place, they would come to something else. The log is judged again for each that no other example shows.
fn find_what_decides_in_the_past(of: &OfLog<'_>, clock: Clock, seen: &mut Seen) {
    let Some(own) = of.stand.version() else { return };
    let undecided = seen.undecided_of_the_past(own);
    if undecided.is_empty() {
        return;
    }
    let told = |policy: Policy| {
        let mut told = Told { of, own, told: Vec::new() };
        of.audit(policy, clock, false, &mut told);
        told.told
    };
    let as_it_is = told(of.policy.clone());
    for deciding in undecided {
        let mut policy = of.policy.clone();
        for version in policy.versions.iter_mut().filter(|version| version.origin == own.origin) {
            version.conditions.replace(deciding.leaf, deciding.opposite());
        }
        if told(policy) != as_it_is {
            seen.decides(deciding);
        }
    }
}

/// Hears what the records come to that are claimed about, and that the version judges beside which the example stands.
struct Told<'t> {
    of: &'t OfLog<'t>,
    own: &'t Version,
    told: Vec<Tells>,
}

impl crate::audit::Sink for Told<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        let is_claimed = |id: &String| self.of.log.records.iter().any(|(known, _, _)| known == id);
        let Some(result) = record.results.first().filter(|_| record.id.as_ref().is_some_and(is_claimed)) else {
            return;
        };
        if result.version.is_none_or(|judging| judging.origin == self.own.origin) {
            self.told.push(tells_of(&result.judgement));
        }
    }

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}
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
        let named = |kind: &ClaimKind| kind.rules().len() + kind.fields().len();
        let all_there = named(&claim.kind) == named(&said.kind);
        let (judgement, exact) = (&by.result.judgement, by.result.exact.as_ref());
        let mut wanting = || by.result.wanting();
        all_there && claims::holds(&said.kind, by.judging, judgement, exact, &mut wanting, &mut without)
    };
    claims.iter().zip(said).map(|(claim, said)| holds(claim, said)).collect()
}

/// Gives a claim about the rules and fields that have the same names in another version; those that are not there are
/// left out.
fn in_words_of(claim: &Claim, own: &Version, other: &Version) -> Claim {
    let rule = |id: &RuleId| -> Option<RuleId> {
        let name = &own.rules.get(id.0 as usize)?.name;
        let at = other.rules.iter().position(|rule| rule.name == *name)?;
        u32::try_from(at).ok().map(RuleId)
    };
    let field = |id: &FieldId| other.vocabulary.find_field(own.vocabulary.field_name(*id));
    let rules = claim.kind.rules().iter().filter_map(rule).collect();
    let fields = claim.kind.fields().iter().filter_map(field).collect();
    Claim { kind: claim.kind.about(rules, fields), origin: claim.origin }
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
