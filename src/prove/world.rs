//! Everything that a question is asked about: some versions of policies, over one record that all of them read.
//!
//! Conditions, rules and verdicts become literals when first asked for, so that a question costs what it touches. A model
//! of the solver is looked at twice more before it counts: quantities must have places on the line, and people names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::policy::{
    Condition, ConditionId, DefinitionId, Field, FieldId, HistoryId, Policy, RuleId, TableId, TableTest, Version,
};

use super::alike::{Alike, Names};
use super::clocks::ClockTest;
use super::completion::{Completion, View};
use super::contained::Filters;
use super::dual::Dual;
use super::field::{Family, Reading, Shared};
use super::line::{Line, Placed};
use super::neighbour::compared_with_each_other;
use super::quantity::Quantity;
use super::same::Numbers;
use super::solver::{Lit, Solver};
use super::whatever::Exactly;

/// How often a model may turn out to be impossible before a question is given up.
const MOST_ROUNDS: usize = 20_000;

/// How many statements all the models of one question together may speak of: so a question about much is given up sooner.
const MOST_STATEMENTS: usize = 30_000_000;

/// How often one question may learn what a completion comes to.
const MOST_LEARNT: usize = 300;

/// How often what is only wished may.
const MOST_LEARNT_FOR_A_WISH: usize = 12;

/// The encoding of some policies.
pub(crate) struct World<'p> {
    pub(crate) policies: Vec<&'p Policy>,
    /// All versions of all policies, policy by policy; then those of the views.
    pub(crate) versions: Vec<&'p Version>,
    /// What reads a completion, by its number among the versions.
    pub(crate) views: BTreeMap<usize, View>,
    pub(crate) completions: Vec<Completion>,
    /// The first version of each policy.
    pub(crate) first: Vec<usize>,
    pub(crate) solver: Solver,
    pub(crate) line: Line,
    pub(crate) alike: Alike,
    pub(crate) shared: Vec<Shared>,
    pub(crate) by_path: HashMap<(String, Family, bool), usize>,
    /// The paths of the fields that are compared with other fields.
    pub(crate) compared: BTreeSet<String>,
    /// A field, by its path, that the second policy reads of a record of its own: all else is the same.
    pub(crate) apart: Option<String>,
    pub(crate) readings: BTreeMap<(usize, FieldId), Reading>,
    pub(crate) opaque: HashMap<String, Lit>,
    /// The conditions of which a statement says only where they are known, clocks among them.
    pub(crate) inexact: Vec<(ConditionId, Lit)>,
    /// Whether the completions of a record are asked about: of one version alone, comparisons may count what is missing.
    pub(crate) completing: bool,
    silences: BTreeMap<RuleId, Lit>,
    pub(crate) clocks: Vec<ClockTest>,
    pub(crate) quantities: Vec<Quantity>,
    pub(crate) by_clause: HashMap<String, usize>,
    /// What is known of whether one `where` holds wherever another does; none where nothing is asked of it.
    pub(crate) filters: Option<Filters<'p>>,
    /// Which quantity each clause of each version is, and that the record can ask it.
    pub(crate) asked: BTreeMap<(usize, HistoryId), (usize, Lit)>,
    pub(crate) verdicts: HashMap<usize, super::verdict::Verdicts>,
    /// The exact verdicts of the versions of which they were asked.
    pub(crate) exactly: BTreeMap<usize, Exactly<'p>>,
    known: HashMap<(usize, ConditionId), Dual>,
    pub(crate) numbers: Numbers,
    /// The versions of which every definition is encoded.
    prepared: BTreeSet<usize>,
    /// Whether a model was set aside that might have been possible.
    gave_up: bool,
}

/// The values with which a model holds.
pub(crate) struct Settled {
    pub(crate) places: Vec<i128>,
    pub(crate) names: Names,
}

/// What came of a question to the solver.
pub(crate) enum Found {
    /// It can be so.
    Can(Settled),
    /// It cannot.
    Cannot,
    /// It was not decided.
    Open,
}

impl<'p> World<'p> {
    /// Begins with nothing encoded.
    pub(crate) fn new(policies: &[&'p Policy]) -> Self {
        let mut first = Vec::new();
        let mut versions = Vec::new();
        for policy in policies {
            first.push(versions.len());
            versions.extend(policy.versions.iter());
        }
        Self {
            policies: policies.to_vec(),
            compared: compared_with_each_other(&versions),
            versions,
            views: BTreeMap::new(),
            completions: Vec::new(),
            first,
            solver: Solver::new(),
            line: Line::new(),
            alike: Alike::default(),
            shared: Vec::new(),
            by_path: HashMap::new(),
            apart: None,
            readings: BTreeMap::new(),
            opaque: HashMap::new(),
            inexact: Vec::new(),
            completing: false,
            silences: BTreeMap::new(),
            clocks: Vec::new(),
            quantities: Vec::new(),
            by_clause: HashMap::new(),
            filters: Some(Filters::default()),
            asked: BTreeMap::new(),
            verdicts: HashMap::new(),
            exactly: BTreeMap::new(),
            known: HashMap::new(),
            numbers: Numbers::default(),
            prepared: BTreeSet::new(),
            gave_up: false,
        }
    }

    /// Begins to ask about one policy twice, over a record of which the second reading has one field of its own.
    pub(crate) fn twice(policy: &'p Policy, apart: &Field) -> Self {
        Self { apart: Some(apart.path.clone()), ..Self::new(&[policy, policy]) }
    }

    /// Says whether a version reads a field apart from the others.
    pub(crate) fn is_apart(&self, version: usize, field: &Field) -> bool {
        let version = self.without_view(version);
        self.first.get(1).is_some_and(|second| version >= *second) && self.apart.as_ref() == Some(&field.path)
    }

    /// Gives what tells conditions apart that read a field apart, or a completion: nothing where they do neither.
    pub(crate) fn mark(&self, version: usize, mut fields: impl Iterator<Item = FieldId>) -> String {
        let vocabulary = self.versions.get(version).map(|version| &version.vocabulary);
        let is_apart =
            |id| vocabulary.and_then(|words| words.field(id)).is_some_and(|field| self.is_apart(version, field));
        let apart = if fields.any(is_apart) { " apart" } else { "" };
        match self.completion(version) {
            Some(completion) => format!("{apart} of {completion}"),
            None => apart.to_owned(),
        }
    }

    /// Begins to ask about the completions of records as one version reads them.
    pub(crate) fn completing(version: &'p Version) -> Self {
        Self { versions: vec![version], completing: true, filters: None, ..Self::new(&[]) }
    }

    /// Begins to ask about the conditions of some versions over any record, one by one: nothing follows for history clauses.
    pub(crate) fn of_conditions(versions: &[&'p Version]) -> Self {
        Self {
            versions: versions.to_vec(),
            compared: compared_with_each_other(versions),
            filters: None,
            ..Self::new(&[])
        }
    }

    /// Gives the statement that silence settled a rule on the record itself.
    pub(crate) fn by_silence(&mut self, rule: RuleId) -> Lit {
        let solver = &mut self.solver;
        *self.silences.entry(rule).or_insert_with(|| solver.free())
    }

    /// Gives the rules that silence may have settled.
    pub(crate) fn silences(&self) -> impl Iterator<Item = (RuleId, Lit)> + '_ {
        self.silences.iter().map(|(rule, lit)| (*rule, *lit))
    }

    /// Gives what is known of a condition of a version.
    pub(crate) fn condition(&mut self, version: usize, id: ConditionId) -> Dual {
        if let Some(known) = self.known.get(&(version, id)) {
            return *known;
        }
        let Some(of) = self.versions.get(version).copied() else { return Dual::unknown(&self.solver) };
        self.prepare(version, of);
        let dual = match of.conditions.get(id) {
            Condition::All(parts) => {
                let parts: Vec<Dual> = parts.iter().map(|part| self.condition(version, *part)).collect();
                Dual::all(&mut self.solver, &parts)
            }
            Condition::Any(parts) => {
                let parts: Vec<Dual> = parts.iter().map(|part| self.condition(version, *part)).collect();
                Dual::any(&mut self.solver, &parts)
            }
            Condition::Not(part) => !self.condition(version, *part),
            Condition::Defined(definition) => self.defined(version, *definition),
            Condition::Table { table, test } => self.tabled(version, *table, test),
            leaf => match (self.without_view(version), leaf) {
                (of, leaf) if of != version => self.completed_leaf((version, of), id, leaf),
                (_, Condition::Measure { history, relation, right }) => {
                    self.measured(version, *history, *relation, right)
                }
                (_, leaf) => self.leaf(version, id, leaf),
            },
        };
        self.known.insert((version, id), dual);
        dual
    }

    /// Encodes the definitions of a version, each after those that it uses, so that a long chain of them nests nowhere.
    fn prepare(&mut self, at: usize, version: &Version) {
        if !self.prepared.insert(at) {
            return;
        }
        self.numbers.number(version);
        let mut in_order: Vec<_> = version.conditions.definitions().iter().map(|one| one.condition).collect();
        in_order.sort_unstable();
        for condition in in_order {
            self.condition(at, condition);
        }
    }

    /// Gives what is known of a definition of a version.
    pub(crate) fn defined(&mut self, version: usize, id: DefinitionId) -> Dual {
        match self.versions.get(version).and_then(|of| of.conditions.definition(id)) {
            Some(definition) => self.condition(version, definition.condition),
            None => Dual::known(self.solver.no()),
        }
    }

    /// What a table gives: true if true of the results of all rows that may apply, false if false of all.
    fn tabled(&mut self, version: usize, id: TableId, test: &TableTest) -> Dual {
        let Some(table) = self.versions.get(version).and_then(|of| of.conditions.table(id)) else {
            return Dual::unknown(&self.solver);
        };
        let (mut may, mut all_true, mut all_false) = (Vec::new(), Vec::new(), Vec::new());
        for row in &table.rows {
            let cells: Vec<Dual> = row.cells.iter().map(|cell| self.condition(version, *cell)).collect();
            let applies = !Dual::all(&mut self.solver, &cells).no;
            let result = self.of_result(version, test, row.result);
            may.push(applies);
            all_true.push(self.solver.either(!applies, result.yes));
            all_false.push(self.solver.either(!applies, result.no));
        }
        let some = self.solver.any(may);
        let (yes, no) = (self.solver.all(all_true), self.solver.all(all_false));
        Dual { yes: self.solver.both(some, yes), no: self.solver.both(some, no) }
    }

    /// Finds values with which some literals hold together.
    pub(crate) fn settle(&mut self, assumed: &[Lit]) -> Found {
        self.settle_learning(assumed, MOST_LEARNT)
    }

    /// Finds values with which some literals hold together, if not much need be learnt for it: for what is wished, not asked.
    pub(crate) fn settle_if_easy(&mut self, assumed: &[Lit]) -> Found {
        self.settle_learning(assumed, MOST_LEARNT_FOR_A_WISH)
    }

    /// Finds values with which some literals hold together that say nothing of exact verdicts.
    pub(crate) fn settle_by_kleene(&mut self, assumed: &[Lit]) -> Found {
        self.settle_learning(assumed, 0)
    }

    fn settle_learning(&mut self, assumed: &[Lit], most: usize) -> Found {
        let (mut learnt, mut statements) = (0, 0);
        for _ in 0..MOST_ROUNDS {
            statements += self.solver.statements();
            if statements > MOST_STATEMENTS {
                break;
            }
            if !self.solver.holds(assumed) {
                return if self.gave_up { Found::Open } else { Found::Cannot };
            }
            match self.look() {
                Ok(settled) if most == 0 || !self.learn(&settled) => return Found::Can(settled),
                Ok(_) if learnt == most => return Found::Open,
                Ok(_) => learnt += 1,
                // A world that is asked about many records forbids nothing that may be possible.
                Err(_) if self.completing && self.gave_up => {
                    self.gave_up = false;
                    return Found::Open;
                }
                Err(clashes) => clashes.iter().for_each(|clash| self.forbid(clash)),
            }
        }
        Found::Open
    }

    /// Finds values with which some literals hold, and as many of others as can be found at once.
    pub(crate) fn settle_with_most(
        &mut self,
        needed: &[Lit],
        wished: impl IntoIterator<Item = Lit>,
    ) -> Option<Settled> {
        let mut assumed: Vec<Lit> = needed.iter().copied().chain(wished).collect();
        loop {
            match self.settle(&assumed) {
                Found::Can(settled) => return Some(settled),
                Found::Open => return None,
                Found::Cannot => {
                    let culprits = self.solver.culprits();
                    let before = assumed.len();
                    assumed.retain(|lit| needed.contains(lit) || !culprits.contains(lit));
                    if assumed.len() == before {
                        return None;
                    }
                }
            }
        }
    }

    /// Forbids that some literals hold together.
    fn forbid(&mut self, lits: &[Lit]) {
        let clause: Vec<Lit> = lits.iter().map(|lit| !*lit).collect();
        self.solver.demand(&clause);
    }

    /// Sets a model aside that the judge did not confirm.
    pub(crate) fn set_aside(&mut self, lits: &[Lit]) {
        self.gave_up = true;
        self.forbid(lits);
    }

    /// Looks whether the model that was found last has places and names.
    fn look(&mut self) -> Result<Settled, Vec<Vec<Lit>>> {
        let mut places = match self.line.place(|lit| self.solver.value(lit)) {
            Placed::Values(values) => values,
            Placed::Clash(clashes, certain) => {
                self.gave_up |= !certain;
                return Err(clashes);
            }
        };
        if !self.completing {
            self.line.round_each(&mut places);
        }
        let names = self.alike.name(|lit| self.solver.value(lit)).map_err(|clash| vec![clash])?;
        self.set_clocks(&mut places).map_err(|clash| {
            self.gave_up |= !clash.certain;
            vec![clash.lits]
        })?;
        Ok(Settled { places, names })
    }
}
