//! What takes a search: what would settle a verdict that is open, and what would have made one another.
//!
//! Searched is in the order of the log, since only so much of one is searched: which verdicts are among these must not depend on
//! who judged them.

use crate::judge::{Standpoint, Verdict};
use crate::prove::{Among, Exact, Party, Together, together};

use super::past::Gathered;
use super::worker::Unsearched;
use super::{Audit, PolicyResult, Running, lens};

/// A search asks all rules again and again, so that what it costs is counted in rules: as many as usual at least.
const USUAL_RULES: usize = 40;

/// How much is searched in an audit for what would settle verdicts, or would have made them others: for a thousand, by usual
/// policies.
const MOST_SEARCHED: usize = 1_000 * USUAL_RULES;

/// How much is searched before what other episodes could say is left out, where these are kept: for a hundred verdicts.
const MOST_AMONG: usize = 100 * USUAL_RULES;

/// Searches, record after record.
pub(super) struct Search<'a> {
    audit: &'a Audit<'a>,
    gathered: &'a Gathered<'a>,
    running: Running<'a>,
    /// What searches, for each policy.
    exact: Vec<Exact<'a>>,
    /// How much was searched, in rules.
    searched: usize,
}

impl<'a> Search<'a> {
    pub(super) fn new(audit: &'a Audit<'a>, gathered: &'a Gathered<'a>, running: Running<'a>) -> Self {
        let exact = audit.set.policies.iter().map(Exact::new).collect();
        Self { audit, gathered, running, exact, searched: 0 }
    }

    /// Searches for all that the verdicts of a record ask for, if its reasons are wanted.
    pub(super) fn record(&mut self, record: &mut Unsearched<'a>) {
        let Unsearched { judged, lenses, episodes, reasons } = record;
        if !*reasons {
            return;
        }
        // INVARIANT: there is a result for every policy, in their order.
        for (at, (result, lenses)) in judged.results.iter_mut().zip(lenses.iter()).enumerate() {
            let past = result.past.map(|past| (past, result.record));
            let standpoint = Standpoint::after(self.audit.clock.as_of, past);
            let cost = result.version.map_or(0, |version| version.rules.len()).max(USUAL_RULES);
            match result.verdict() {
                Verdict::Undetermined if self.goes_on(cost) => {
                    let kept = self.gathered.kept.get(at).filter(|_| self.searched <= MOST_AMONG);
                    let among = kept.map(|episodes| Among { episodes });
                    let readings = lens::readings(lenses, episodes);
                    let exact = self.exact.get_mut(at);
                    result.evidence =
                        exact.map(|exact| exact.evidence_among(&readings, standpoint, &result.judgement, among));
                }
                Verdict::Impermissible if self.goes_on(cost) => {
                    let PolicyResult { episode, judgement, repair, .. } = result;
                    *repair = self.exact.get_mut(at).and_then(|exact| exact.repair(episode, standpoint, judgement));
                }
                _ => {}
            }
        }
        if judged.results.len() > 1 && judged.results.iter().any(|result| result.repair.is_some()) {
            let rules = judged.results.iter().filter_map(|result| result.version).map(|version| version.rules.len());
            self.searched += rules.sum::<usize>().max(USUAL_RULES);
            judged.together = self.together(&judged.results);
        }
    }

    /// Works out what every policy would have permitted, where each was asked by itself.
    fn together(&mut self, results: &[PolicyResult<'_>]) -> Option<Together> {
        let as_of = self.audit.clock.as_of;
        let party = |(result, exact)| {
            let result: &PolicyResult<'_> = result;
            Party {
                exact,
                episode: &result.episode,
                standpoint: Standpoint::after(as_of, result.past.map(|past| (past, result.record))),
                judgement: &result.judgement,
                verdict: result.verdict(),
                repair: result.repair.as_ref(),
            }
        };
        together(&mut results.iter().zip(&mut self.exact).map(party).collect::<Vec<_>>())
    }

    /// Says whether to search once more, and counts it.
    fn goes_on(&mut self, cost: usize) -> bool {
        let goes_on = self.running.all_reasons || self.searched < MOST_SEARCHED;
        self.searched += if goes_on { cost } else { 0 };
        goes_on
    }
}
