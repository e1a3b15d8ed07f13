//! One audit, with the time that it takes and the most memory that the process holds.

use std::time::{Duration, Instant};

use forbear::audit::{Audit, Clock, Judged, Sink, Summary, Wants};
use forbear::check::load;
use forbear::log::{Format, Input, Limits, Unreadable};
use forbear::source::Sources;

/// Judges a log in JSON Lines by a policy, and gives how long that took.
pub(crate) fn audit(policy: &str, log: &str) -> (Duration, Summary) {
    let mut sources = Sources::new();
    sources.add("ward.forbear", policy);
    let checked = load(&mut sources);
    assert!(!checked.has_errors());
    let id = sources.add_protected("log.jsonl", log);
    let inputs = [Input { id, format: Format::Jsonl }];
    let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
    let audit = Audit { set: &checked.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
    let begun = Instant::now();
    let summary = audit.run(false, &mut Nowhere);
    (begun.elapsed(), summary)
}

/// Wants nothing but the totals.
pub(crate) struct Nowhere;

impl Sink for Nowhere {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        Wants::Nothing
    }
}

/// Reads the most memory that the process has held, in KiB; 0 where the system does not say.
pub(crate) fn peak_memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|count| count.parse().ok()).unwrap_or(0)
}
