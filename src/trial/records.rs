//! Examples on a log: its records, judged by an audit.

use jiff::Timestamp;

use crate::audit::{Audit, Clock, Judged, PolicyResult};
use crate::check::{Claim, Example, LogExample};
use crate::diagnostic::{Diagnostic, codes, did_you_mean};
use crate::judge::Verdict;
use crate::log::{Input, Limits, Unreadable};
use crate::policy::{PolicySet, Role, RuleId, Value, Version};

use super::coverage::Seen;
use super::{Sink, Stand, Trial, Tried, claims};

/// An example on a log.
pub(super) struct OfLog<'o> {
    pub(super) trial: &'o Trial<'o>,
    pub(super) stand: &'o Stand,
    pub(super) example: &'o Example,
    pub(super) log: &'o LogExample,
    pub(super) input: &'o Input,
}

impl OfLog<'_> {
    /// Runs an audit of the log by the version, as it stands or changed.
    fn audit(&self, stand: &Stand, clock: Clock, all: bool, sink: &mut dyn crate::audit::Sink) {
        let set = PolicySet { policies: vec![stand.policy.clone()] };
        let inputs = [Input { id: self.input.id, format: self.input.format }];
        let (sources, limits) = (self.trial.sources, Limits::default());
        Audit { set: &set, sources, inputs: &inputs, clock, limits }.run(all, sink);
    }

    /// Gives as of when the log is judged: as stated, or the time of its newest record. No clock is read.
    fn clock(&self) -> Clock {
        if let Some(as_of) = self.log.as_of {
            return Clock::at(as_of);
        }
        let mut newest = Newest { at: None };
        self.audit(self.stand, Clock::at(Timestamp::MAX), false, &mut newest);
        Clock::at(newest.at.unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

/// Judges the records of a log and looks at the claims about them.
pub(super) fn try_log(of: &OfLog<'_>, sink: &mut dyn Sink, seen: &mut Seen) {
    let clock = of.clock();
    let mut watch = Watch { of, clock, sink, seen, found: Vec::new(), ids: Vec::new() };
    of.audit(of.stand, clock, true, &mut watch);
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
            let (Some(result), Some(version)) = (record.results.first(), self.of.stand.version()) else { continue };
            self.seen.add_record(version, result);
            let held = held(self.of, self.clock, id, version, result, claims);
            self.sink.tried(&Tried { example: self.of.example, record: Some(id), claims, held: &held, judged: record });
        }
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.sink.problem(unreadable.diagnostic());
    }
}

fn held(
    of: &OfLog<'_>,
    clock: Clock,
    id: &str,
    version: &Version,
    result: &PolicyResult<'_>,
    claims: &[Claim],
) -> Vec<bool> {
    let mut without = |rules: &[RuleId]| {
        let mut stand = Stand { policy: of.stand.policy.clone() };
        stand.silence(rules);
        let mut one = One { id, verdict: Verdict::NotCovered };
        of.audit(&stand, clock, false, &mut one);
        one.verdict
    };
    claims
        .iter()
        .map(|claim| claims::holds(&claim.kind, version, &result.judgement, result.exact.as_ref(), &mut without))
        .collect()
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
