//! What history clauses come to: quantities of which nothing is known but their type, and what follows from their windows.
//!
//! A clause comes to a range. The same clause is the same range, in whatever rule or version it stands. What follows for others
//! of which one counts whatever the other counts: `contained.rs`.

use crate::policy::{Function, HistoryId, Relation, Role, Term, Window};

use super::dual::Dual;
use super::field::{ONE, ROUND_DURATIONS, place};
use super::line::Node;
use super::place::{Place, Somewhere};
use super::solver::Lit;
use super::world::World;

/// A history clause as the solver sees it.
#[derive(Clone)]
pub(crate) struct Quantity {
    /// What it may come to at least and at most.
    pub(crate) low: Node,
    pub(crate) high: Node,
    /// That it has a value: an average or a share of nothing has none.
    pub(crate) valued: Lit,
    pub(crate) function: Function,
    pub(crate) window: Window,
    /// Which records it looks at, apart from the window.
    pub(crate) among: String,
    /// The clause for which it was made: its version, by number among those asked about, and its number there.
    pub(crate) of: (usize, HistoryId),
}

impl World<'_> {
    /// Gives what is known of a comparison of a history clause.
    pub(crate) fn measured(&mut self, version: usize, history: HistoryId, relation: Relation, right: &Term) -> Dual {
        let found = self.quantity(version, history).and_then(|at| {
            let valued = self.quantities.get(at)?.valued;
            let known = self.asks(version, history)?;
            self.asked.insert((self.without_view(version), history), (at, known));
            let (bound, present) = self.bound(version, right)?;
            let known = self.solver.all([known, valued, present]);
            let range = self.range(version, at)?;
            let dual = self.compare_range(&range, relation, &bound);
            Some(Dual { yes: self.solver.both(known, dual.yes), no: self.solver.both(known, dual.no) })
        });
        found.unwrap_or_else(|| {
            let (yes, no) = (self.solver.free(), self.solver.free());
            self.solver.demand(&[!yes, !no]);
            Dual { yes, no }
        })
    }

    /// Gives the quantity that a clause is; made when first asked for.
    pub(crate) fn quantity(&mut self, version: usize, id: HistoryId) -> Option<usize> {
        let version = self.without_view(version);
        let of = *self.versions.get(version)?;
        let history = of.conditions.history(id)?;
        // One that counts itself counts two records where what it asks of itself is read apart.
        let own = of.conditions.fields_read(history.conditions().filter(|_| history.window.counts_itself()));
        let text = super::same::history(&self.numbers, of, history) + &self.mark(version, own);
        if let Some(known) = self.by_clause.get(&text) {
            return Some(*known);
        }
        let grain = if matches!(history.function, Function::Count) { ONE } else { 1 };
        let round: &[i128] = if of.is_length(history.function) { &ROUND_DURATIONS } else { &[ONE, ONE / 10] };
        let (low, high) = (self.line.rounded(grain, 0, round), self.line.rounded(grain, 0, round));
        self.line.follow(high, low);
        let in_order = self.less(Place::of(low), Place::of(high), false);
        self.solver.demand(&[in_order]);
        self.bound_quantity(history.function, low, high);
        let valued = match history.function {
            Function::Average(_) | Function::Share(_) => self.solver.free(),
            _ if self.completing => self.solver.free(),
            _ => self.solver.yes(),
        };
        let among = super::same::among(&self.numbers, of, history);
        let quantity = Quantity {
            low,
            high,
            valued,
            function: history.function,
            window: history.window,
            among,
            of: (version, id),
        };
        self.relate(&quantity);
        self.quantities.push(quantity);
        self.by_clause.insert(text, self.quantities.len() - 1);
        Some(self.quantities.len() - 1)
    }

    fn bound_quantity(&mut self, function: Function, low: Node, high: Node) {
        if matches!(function, Function::Count | Function::Share(_) | Function::TimeSinceLast) {
            let negative = self.line.up_to(&mut self.solver, low, -1);
            self.solver.demand(&[!negative]);
        }
        if matches!(function, Function::Share(_)) {
            let all = self.line.up_to(&mut self.solver, high, 100 * ONE);
            self.solver.demand(&[all]);
        }
    }

    /// Gives the statement that the episode can ask: it has the keys, and a time.
    fn asks(&mut self, version: usize, id: HistoryId) -> Option<Lit> {
        let version = self.without_view(version);
        let of = *self.versions.get(version)?;
        let history = of.conditions.history(id)?;
        if self.completing {
            return Some(self.solver.yes());
        }
        let start = of.vocabulary.role(Role::Start).filter(|_| history.window == Window::AtTheSameTime);
        let time = of.vocabulary.episode_time();
        let fields: Vec<_> = history.keys.iter().map(|key| key.asked).chain(time).chain(start).collect();
        let present: Vec<Lit> =
            fields.into_iter().filter_map(|field| Some(self.reading(version, field)?.present)).collect();
        Some(self.solver.all(present))
    }

    fn bound(&mut self, version: usize, right: &Term) -> Option<(Somewhere, Lit)> {
        match right {
            Term::Constant(value) => Some((self.always(Place::fixed(place(value)?)), self.solver.yes())),
            Term::Field(field) => {
                let reading = self.reading(version, field.field)?;
                Some((reading.place?, reading.counted))
            }
        }
    }

    fn compare_range(&mut self, range: &(Somewhere, Somewhere), relation: Relation, bound: &Somewhere) -> Dual {
        let (low, high) = range;
        let (low_below, high_below) = (self.below(low, bound), self.below(high, bound));
        let (low_above, high_above) = (self.below(bound, low), self.below(bound, high));
        match relation {
            Relation::AtLeast => Dual { yes: !low_below, no: high_below },
            Relation::Above => Dual { yes: low_above, no: !high_above },
            Relation::AtMost => Dual { yes: !high_above, no: low_above },
            Relation::Below => Dual { yes: high_below, no: !low_below },
            Relation::Is => Dual {
                yes: self.solver.all([!low_below, !low_above, !high_below, !high_above]),
                no: self.solver.either(low_above, high_below),
            },
            Relation::Before | Relation::After => Dual::unknown(&self.solver),
        }
    }
}
