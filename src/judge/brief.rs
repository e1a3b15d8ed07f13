//! The judge of records in brief: the same meaning, on eight bytes for each field.
//!
//! Takes a checked policy and makes, of the conditions of each version, small tests on the numbers of a [`Brief`]. It gives a
//! judgement only where it is sure: where the record is covered by one version or surely by none, and the verdict is decided
//! rule by rule. For everything else (an open verdict, a duty that may be owed, a condition that has no such test) it gives
//! nothing, and the record is the judge's. A test holds the two against one another on generated policies and logs.

mod compile;
mod gist;
mod sight;
mod test;

pub(super) use sight::NO_KEY;

use jiff::Timestamp;

use crate::episode::Brief;
use crate::episode::brief::{MISSING, nanoseconds, of_instant};
use crate::policy::time::{day_number, days};
use crate::policy::{ConditionId, FieldId, FieldType, HistoryId, Policy, Role, Version};

use super::nobody::{asks, is_clear, widened};
use super::past::{Past, Question};
use super::status::{Outcome, Sort, outcome_of};
use super::truth::Truth;
use super::{Because, Verdict, duty::Chain};

use gist::Gist;
use sight::Sight;
use test::{Asking, Node};

/// Judges the records of one policy in brief.
#[derive(Debug)]
pub struct BriefJudge<'p> {
    programs: Vec<Program<'p>>,
    past: Option<&'p Past<'p>>,
    outcomes: Vec<Outcome>,
    for_nobody: Vec<(HistoryId, usize)>,
    said: (Verdict, Because, Option<usize>),
}

/// One version, made into tests.
#[derive(Debug)]
struct Program<'p> {
    version: &'p Version,
    rules: Box<[Rule]>,
    nodes: Vec<Node>,
    in_force: InForce,
    /// Where it finds an id.
    id: Option<usize>,
    /// What the first pass needs of a record; none where a brief one does not tell.
    sight: Option<Sight>,
    /// What the first pass keeps of a record, so that it need not be read again.
    gist: Gist,
    /// History clauses that count some records for nobody: how many, and which rules ask them.
    nobody: Vec<(HistoryId, usize, Vec<bool>)>,
}

/// What is asked of each record for one rule: so little that all rules lie side by side.
#[derive(Debug)]
struct Rule {
    guard: Option<ConditionId>,
    unless: Option<ConditionId>,
    condition: ConditionId,
    sort: Sort,
    is_duty: bool,
    decides: bool,
}

impl Rule {
    fn of(rule: &crate::policy::Rule) -> Self {
        Self {
            guard: rule.guard,
            unless: rule.unless,
            condition: rule.norm.condition,
            sort: Sort::of(rule),
            is_duty: rule.duty.is_some(),
            decides: rule.decides(),
        }
    }
}

/// From when until when a version is in force, as far as a number can tell.
#[derive(Debug)]
enum InForce {
    Always,
    /// Days, both included.
    Days {
        at: usize,
        from: i64,
        until: i64,
    },
    /// Nanoseconds, the end excluded. Near an edge the calendar has to be asked.
    Instants {
        at: usize,
        from: i64,
        until: i64,
    },
    /// Nobody can tell from a number.
    Beyond,
}

/// In place of a version in a gist: none is in force.
const NOT_IN_FORCE: u8 = u8::MAX;

/// Two days: no clock is set by more.
const NEAR: i64 = 2 * 86_400_000_000_000;

/// What one policy says of a record, where that is plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BriefJudgement<'j> {
    /// The verdict; never undetermined.
    pub verdict: Verdict,
    /// What it rests on.
    pub because: Because,
    /// The version in force, if there is one.
    pub version: Option<usize>,
    /// What each rule of that version says; empty where the record is not covered. No duty is owed.
    pub outcomes: &'j [Outcome],
    /// What [`clear_only_without`](super::clear_only_without) gives.
    pub for_nobody: &'j [(HistoryId, usize)],
}

/// What is known of a gist that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfGist {
    /// The version in force, if there is one.
    pub version: Option<usize>,
    /// Whether some rule is undetermined, whatever came before, and none violated: the record will most likely be the judge's.
    pub is_open: bool,
}

impl<'p> BriefJudge<'p> {
    /// Prepares to judge by a policy. `bases`: for each version, where the fields of its vocabulary begin in a brief record.
    pub fn new(policy: &'p Policy, bases: &[usize], past: Option<&'p Past<'p>>) -> Self {
        let program = |(at, (version, base)): (usize, (&'p Version, &usize))| Program::new(version, at, *base, past);
        let programs = policy.versions.iter().zip(bases).enumerate().map(program).collect();
        let said = (Verdict::NotCovered, Because::NotInForce, None);
        Self { programs, past, outcomes: Vec::new(), for_nobody: Vec::new(), said }
    }

    /// Gives the fields of a version that are read at all, and whose texts therefore matter.
    pub fn reads(version: &Version) -> impl Iterator<Item = FieldId> + use<'_> {
        let conditions = &version.conditions;
        let clauses =
            version.rules.iter().flat_map(|rule| rule.clauses().chain(rule.links())).chain(version.applies_when);
        let histories = conditions.histories().iter();
        let of_rows =
            conditions.tables().iter().flat_map(|table| table.rows.iter().flat_map(|row| row.cells.iter().copied()));
        let clauses = clauses.chain(histories.clone().flat_map(|history| history.conditions())).chain(of_rows);
        let read =
            conditions.leaves(clauses).into_iter().flat_map(|leaf| conditions.reads(leaf)).map(|field| field.field);
        let keys = histories.flat_map(|history| history.keys.iter().flat_map(|key| [key.stored, key.asked]));
        let roles = [Role::Id, Role::Time, Role::Recorded, Role::Start, Role::End];
        read.chain(keys).chain(roles.into_iter().filter_map(|role| version.vocabulary.role(role)))
    }

    /// Gives the fields of a version that the first pass reads.
    pub fn sees_fields(version: &Version) -> impl Iterator<Item = FieldId> + use<'_> {
        let conditions = &version.conditions;
        let histories = conditions.histories().iter();
        let clauses = histories.clone().filter_map(|history| history.filter).chain(version.applies_when);
        let of_rows =
            conditions.tables().iter().flat_map(|table| &table.rows).flat_map(|row| row.cells.iter().copied());
        let leaves = conditions.leaves(clauses.chain(of_rows));
        let read = leaves.into_iter().flat_map(|leaf| conditions.reads(leaf)).map(|field| field.field);
        let keys = histories.flat_map(|history| history.keys.iter().map(|key| key.stored));
        let roles = [Role::Id, Role::Time, Role::Start].into_iter();
        read.chain(keys).chain(roles.filter_map(|role| version.vocabulary.role(role)))
    }

    /// Judges a record, if everything about it is plain. `bytes`: what it was read from; `number`: its own among those of the
    /// audit.
    pub fn judge(&mut self, record: &Brief, bytes: &[u8], number: u32) -> Option<BriefJudgement<'_>> {
        self.outcomes.clear();
        self.for_nobody.clear();
        let Some(at) = in_force(&self.programs, record)? else {
            return Some(self.told(Verdict::NotCovered, Because::NotInForce, None));
        };
        let program = self.programs.get(at)?;
        let question = self.past.map(|past| Question { past, version: at, record: number });
        let mut asking = Asking::new(program.version, &program.nodes, record, bytes, question);
        let (verdict, because) = program.judge(&mut asking, &mut self.outcomes, &mut self.for_nobody)?;
        Some(self.told(verdict, because, Some(at)))
    }

    /// Writes what everything about a record comes to that does not look back; `None` where the judge has to be asked, and what
    /// was written is then of no use.
    pub fn gist(&self, record: &Brief, bytes: &[u8], into: &mut Vec<u8>) -> Option<OfGist> {
        let Some(at) = in_force(&self.programs, record)? else {
            into.push(NOT_IN_FORCE);
            return Some(OfGist { version: None, is_open: false });
        };
        let program = self.programs.get(at)?;
        into.push(u8::try_from(at).ok().filter(|at| *at < NOT_IN_FORCE)?);
        let mut asking = Asking::new(program.version, &program.nodes, record, bytes, None);
        let applies = program.version.applies_when.map_or(Truth::True, |condition| asking.truth(condition));
        into.push(applies as u8);
        let is_open = match applies {
            Truth::Unknown => return None,
            Truth::False => false,
            Truth::True => program.gist.write(&program.rules, &mut asking, into),
        };
        (!asking.is_beyond()).then_some(OfGist { version: Some(at), is_open })
    }

    /// Judges a record of which there is the gist, and goes behind it: as [`judge`](Self::judge) would.
    pub fn judge_gist(&mut self, gist: &mut &[u8], number: u32) -> Option<BriefJudgement<'_>> {
        self.outcomes.clear();
        self.for_nobody.clear();
        let at = gist.split_off_first().copied()?;
        if at == NOT_IN_FORCE {
            return Some(self.told(Verdict::NotCovered, Because::NotInForce, None));
        }
        let at = usize::from(at);
        if Truth::of_byte(*gist.split_off_first()?) == Truth::False {
            return Some(self.told(Verdict::NotCovered, Because::DoesNotApply, Some(at)));
        }
        let program = self.programs.get(at)?;
        let own = gist.split_off(..program.gist.length())?;
        let question = self.past.map(|past| Question { past, version: at, record: number });
        let (verdict, because) = program.judge_gist(own, question, &mut self.outcomes, &mut self.for_nobody)?;
        Some(self.told(verdict, because, Some(at)))
    }

    /// Says whether the first pass can take up records in brief.
    pub fn sees(&self) -> bool {
        self.programs.iter().all(|program| program.sight.is_some())
    }

    /// Writes what the first pass takes up of a record, for [`Gathering::add_brief`](super::Gathering::add_brief); `None` if
    /// anything about it is not plain, and what was written is then of no use.
    pub fn sight(&self, record: &Brief, bytes: &[u8], into: &mut Vec<u8>) -> Option<()> {
        let id = self.programs.iter().find_map(|program| record.text(program.id?, bytes)).unwrap_or_default();
        into.extend(u32::try_from(id.len()).ok()?.to_le_bytes());
        into.extend(id);
        let covered = match in_force(&self.programs, record)?.and_then(|at| self.programs.get(at)) {
            None => Truth::False,
            Some(program) => {
                let mut asking = Asking::new(program.version, &program.nodes, record, bytes, None);
                let applies = program.version.applies_when.map_or(Truth::True, |condition| asking.truth(condition));
                if asking.is_beyond() || applies == Truth::Unknown {
                    return None;
                }
                applies
            }
        };
        into.push(covered as u8);
        for program in &self.programs {
            let mut asking = Asking::new(program.version, &program.nodes, record, bytes, None);
            program.sight.as_ref()?.write(record, bytes, &mut asking, into)?;
        }
        Some(())
    }

    /// Gives what is known of each condition of a version, alone and without a past; `None` where the judge has to be asked. So
    /// the two can be held against one another condition by condition.
    pub fn truths(&self, version: usize, record: &Brief, bytes: &[u8]) -> Vec<Option<Truth>> {
        let Some(program) = self.programs.get(version) else { return Vec::new() };
        let count = u32::try_from(program.version.conditions.len()).unwrap_or(u32::MAX);
        let truth = |id: u32| {
            let mut asking = Asking::new(program.version, &program.nodes, record, bytes, None);
            let truth = asking.truth(ConditionId(id));
            (!asking.is_beyond()).then_some(truth)
        };
        (0..count).map(truth).collect()
    }

    fn told(&mut self, verdict: Verdict, because: Because, version: Option<usize>) -> BriefJudgement<'_> {
        self.said = (verdict, because, version);
        self.last()
    }

    /// Gives again what was said of the last record that was judged.
    pub fn last(&self) -> BriefJudgement<'_> {
        let (verdict, because, version) = self.said;
        BriefJudgement { verdict, because, version, outcomes: &self.outcomes, for_nobody: &self.for_nobody }
    }
}

/// Finds the version in force for a record, the first where several are; `None` where it is open which.
fn in_force(programs: &[Program<'_>], record: &Brief) -> Option<Option<usize>> {
    let mut found = None;
    for (at, program) in programs.iter().enumerate() {
        if program.in_force.covers(record)? {
            found = found.or(Some(at));
        }
    }
    Some(found)
}

impl<'p> Program<'p> {
    fn new(version: &'p Version, at: usize, base: usize, past: Option<&Past<'_>>) -> Self {
        let ids = (0..).map(HistoryId).take(version.conditions.histories().len());
        let nobody = |id: HistoryId| {
            let records = past.map_or(0, |past| past.for_nobody(at, id));
            (records > 0).then(|| (id, records, version.rules.iter().map(|rule| asks(version, rule, id)).collect()))
        };
        let nodes = compile::nodes(version, base);
        Self {
            version,
            rules: version.rules.iter().map(Rule::of).collect(),
            gist: Gist::of(version, &nodes),
            nodes,
            in_force: InForce::of(version, base),
            id: version.vocabulary.role(Role::Id).map(|field| base + usize::from(field.0)),
            sight: Sight::of(version, base),
            nobody: ids.filter_map(nobody).collect(),
        }
    }

    fn judge(
        &self,
        asking: &mut Asking<'_>,
        outcomes: &mut Vec<Outcome>,
        for_nobody: &mut Vec<(HistoryId, usize)>,
    ) -> Option<(Verdict, Because)> {
        match self.version.applies_when.map_or(Truth::True, |condition| asking.truth(condition)) {
            _ if asking.is_beyond() => return None,
            Truth::Unknown => return None,
            Truth::False => return Some((Verdict::NotCovered, Because::DoesNotApply)),
            Truth::True => {}
        }
        outcomes.extend(self.rules.iter().map(|rule| outcome(rule, asking)));
        self.settle(asking, outcomes, |_| true, for_nobody)
    }

    /// Judges a record that this version covers, by its gist.
    fn judge_gist(
        &self,
        gist: &[u8],
        question: Option<Question<'_, '_>>,
        outcomes: &mut Vec<Outcome>,
        for_nobody: &mut Vec<(HistoryId, usize)>,
    ) -> Option<(Verdict, Because)> {
        let record = Brief::default();
        let mut asking = Asking::new(self.version, self.gist.nodes(), &record, gist, question);
        for (rule, code) in self.rules.iter().zip(gist) {
            outcomes.push(Gist::read(*code).unwrap_or_else(|| outcome(rule, &mut asking)));
        }
        let is_open = |at: usize| gist.get(at).is_some_and(|code| Gist::read(*code).is_none());
        self.settle(&mut asking, outcomes, is_open, for_nobody)
    }

    /// Gives the verdict where it is decided rule by rule, and what records that count for nobody would change of the rules for
    /// which they may.
    fn settle(
        &self,
        asking: &mut Asking<'_>,
        outcomes: &[Outcome],
        may_change: impl Fn(usize) -> bool,
        for_nobody: &mut Vec<(HistoryId, usize)>,
    ) -> Option<(Verdict, Because)> {
        let decides = self.rules.iter().map(|rule| rule.decides);
        let (verdict, because) = super::verdict_of(self.version.default, decides, outcomes);
        if asking.is_beyond() || verdict == Verdict::Undetermined {
            return None;
        }
        for (history, records, asked) in &self.nobody {
            let more = widened(asking.measure(*history), self.version, *history, *records);
            let known = asking.suppose(*history, Some(more));
            let rules = self.rules.iter().zip(outcomes).zip(asked).zip(0..);
            let clear = rules.filter(|(((rule, outcome), asks), at)| {
                **asks && !rule.is_duty && is_clear(outcome) && may_change(*at)
            });
            let changed = clear.filter(|(((rule, _), _), _)| !is_clear(&outcome(rule, asking))).count();
            asking.suppose(*history, known);
            for_nobody.push((*history, changed));
        }
        (!asking.is_beyond()).then_some((verdict, because))
    }
}

/// Gives what a rule says: where its guard is false, the rest need not be asked.
fn outcome(rule: &Rule, asking: &mut Asking<'_>) -> Outcome {
    let mut ask = |condition: Option<ConditionId>, without: Truth| condition.map_or(without, |id| asking.truth(id));
    let guard = ask(rule.guard, Truth::True);
    if rule.is_duty {
        if guard != Truth::False {
            asking.go_beyond();
        }
        return Outcome::Duty(Chain::NotOwed);
    }
    if guard == Truth::False {
        return outcome_of(rule.sort, guard, Truth::False, Truth::Unknown);
    }
    let exception = ask(rule.unless, Truth::False);
    let condition = ask(Some(rule.condition), Truth::True);
    outcome_of(rule.sort, guard, exception, condition)
}

impl InForce {
    fn of(version: &Version, base: usize) -> Self {
        let Some(in_force) = &version.in_force else { return Self::Always };
        let Some(field) = version.vocabulary.role(Role::Time) else { return Self::Beyond };
        let at = base + usize::from(field.0);
        let start_of = |day| days(day, day, &version.zone).ok().map(|when| when.earliest);
        let after = in_force.until.map(|until| until.tomorrow().ok().and_then(start_of));
        match version.vocabulary.field(field).map(|field| field.kind) {
            Some(FieldType::Date) => {
                let until = in_force.until.map_or(i64::MAX, day_number);
                Self::Days { at, from: day_number(in_force.from), until }
            }
            Some(FieldType::Instant) => {
                let number = |at: Option<Timestamp>| at.and_then(of_instant).map(nanoseconds);
                match (number(start_of(in_force.from)), after.map(number)) {
                    (Some(from), None) => Self::Instants { at, from, until: i64::MAX },
                    (Some(from), Some(Some(until))) => Self::Instants { at, from, until },
                    _ => Self::Beyond,
                }
            }
            _ => Self::Beyond,
        }
    }

    /// Says whether a record lies within; `None` where its time is missing, or the calendar has to be asked.
    fn covers(&self, record: &Brief) -> Option<bool> {
        let time = |at: usize| Some(record.get(at)).filter(|time| *time != MISSING).map(nanoseconds);
        match *self {
            Self::Always => Some(true),
            Self::Beyond => None,
            Self::Days { at, from, until } => time(at).map(|day| from <= day && day <= until),
            Self::Instants { at, from, until } => {
                let time = time(at)?;
                let is_near = |edge: i64| time.saturating_sub(edge).saturating_abs() <= NEAR;
                if is_near(from) || is_near(until) { None } else { Some(from <= time && time < until) }
            }
        }
    }
}
