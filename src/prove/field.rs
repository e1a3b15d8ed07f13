//! Fields as the solver sees them: each shared by all versions that read it at the same path with the same type.
//!
//! A field has a value whether it is present or not, so that presence and value are apart; what a version makes of it is
//! its *reading*: a level that the version does not know, or a number out of its range, is for it as good as missing.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::policy::time::{DAY, day_nanoseconds};
use crate::policy::{Field, FieldId, FieldType, NameId, Range, Value};

use super::alike::Somebody;
use super::line::Node;
use super::place::{Place, Somewhere};
use super::solver::Lit;
use super::world::World;

/// So many units are one: numbers are reckoned with to fifteen places, of which constants may use twelve. Those of a record that is
/// looked for have fourteen if they are compared with each other, so that beside each there is room for what takes the place of another.
pub(crate) const ONE: i128 = 10i128.pow(UNIT_SCALE);

/// The places after the point of a unit.
pub(crate) const UNIT_SCALE: u32 = 15;

/// An hour, a minute, a second, in nanoseconds.
pub(crate) static ROUND_DURATIONS: [i128; 3] = [3_600_000_000_000, 60_000_000_000, 1_000_000_000];

/// Noon of 2026-01-01 in UTC, in nanoseconds since 1970: where examples stand that say nothing else.
const USUAL_INSTANT: i128 = 1_767_268_800_000_000_000;

/// The type of a value, as far as two versions must agree on it to speak of the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Family {
    Boolean,
    Number,
    WholeNumber,
    Percent,
    Duration,
    Date,
    Instant,
    Text,
    Identity,
    Name,
    Names,
    People,
}

impl Family {
    pub(crate) fn of(kind: FieldType) -> Self {
        match kind {
            FieldType::Boolean => Self::Boolean,
            FieldType::Number(_) => Self::Number,
            FieldType::WholeNumber(_) => Self::WholeNumber,
            FieldType::Percent(_) => Self::Percent,
            FieldType::Duration => Self::Duration,
            FieldType::Date => Self::Date,
            FieldType::Instant => Self::Instant,
            FieldType::Text => Self::Text,
            FieldType::Identity => Self::Identity,
            FieldType::Kind(_) | FieldType::Scale(_) => Self::Name,
            FieldType::SetOfKind(_) => Self::Names,
            FieldType::SetOfIdentity => Self::People,
        }
    }
}

/// A field that several versions may read.
pub(crate) struct Shared {
    /// That it has a value of its family.
    pub(crate) present: Lit,
    /// That comparisons count its value: as it is present, but where completions are asked about (`exact`).
    pub(crate) counted: Lit,
    /// Of a set: that nothing else may be in it.
    pub(crate) complete: Lit,
    pub(crate) what: What,
}

/// The value of a field.
pub(crate) enum What {
    Truth(Lit),
    /// One of several names.
    Name(Vec<(String, Lit)>),
    /// A place on the line.
    Line(Node),
    Somebody(Somebody),
    /// Any of several names.
    Names(Vec<(String, Lit)>),
    People {
        some: Lit,
        members: BTreeMap<Somebody, Lit>,
    },
}

/// A field as one version reads it.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    /// Which of the shared fields.
    pub(crate) shared: usize,
    /// That it has a value that fits.
    pub(crate) present: Lit,
    /// That comparisons count its value.
    pub(crate) counted: Lit,
    pub(crate) family: Family,
    /// Of a boolean: that it is true.
    pub(crate) truth: Option<Lit>,
    /// Of names: the literal of each of the version's own, by number.
    pub(crate) names: Box<[Lit]>,
    /// Of what lies on the line: where.
    pub(crate) place: Option<Somewhere>,
}

impl Reading {
    /// Gives the quantity that the field is, if it is one in any case.
    pub(crate) fn node(&self) -> Option<Node> {
        self.place.as_ref().and_then(Somewhere::node)
    }
}

impl World<'_> {
    /// Gives a field as a version reads it; made when first asked for.
    pub(crate) fn reading(&mut self, version: usize, field: FieldId) -> Option<Reading> {
        if let Some(known) = self.readings.get(&(version, field)) {
            return Some(known.clone());
        }
        let declared = self.versions.get(version)?.vocabulary.field(field)?;
        let reading = match self.completion(version) {
            None => {
                let shared = self.shared(version, declared);
                self.read(version, declared, shared)?
            }
            Some(completion) => {
                let recorded = self.reading(self.without_view(version), field)?;
                self.completed(completion, declared.kind, &recorded)?
            }
        };
        self.readings.insert((version, field), reading.clone());
        Some(reading)
    }

    fn shared(&mut self, version: usize, declared: &Field) -> usize {
        let key = (declared.path.clone(), Family::of(declared.kind), self.is_apart(version, declared));
        if let Some(known) = self.by_path.get(&key) {
            return *known;
        }
        let present = self.solver.free();
        let what = self.what(declared);
        let (counted, complete) = if self.completing {
            let (counted, complete) = (self.solver.free(), self.solver.free());
            self.solver.implies(present, counted);
            (counted, complete)
        } else {
            (present, self.solver.yes())
        };
        self.shared.push(Shared { present, counted, complete, what });
        self.by_path.insert(key, self.shared.len() - 1);
        self.shared.len() - 1
    }

    fn what(&mut self, declared: &Field) -> What {
        let family = Family::of(declared.kind);
        match family {
            Family::Boolean => What::Truth(self.solver.free()),
            Family::Number | Family::Percent => {
                let needs_room = !self.completing && self.compared.contains(&declared.path);
                let grain = if needs_room { 10 } else { 1 };
                What::Line(self.line.rounded(grain, 0, &[ONE, ONE / 10]))
            }
            Family::WholeNumber => What::Line(self.line.quantity(ONE, 0)),
            Family::Duration => {
                let node = self.line.rounded(1, 0, &ROUND_DURATIONS);
                let negative = self.line.up_to(&mut self.solver, node, -1);
                self.solver.demand(&[!negative]);
                What::Line(node)
            }
            Family::Date => {
                let node = self.line.quantity(DAY, USUAL_INSTANT / DAY * DAY);
                self.within_the_calendar(node);
                What::Line(node)
            }
            Family::Instant => {
                let node = self.line.rounded(1, USUAL_INSTANT, &ROUND_DURATIONS);
                self.within_the_calendar(node);
                What::Line(node)
            }
            Family::Text | Family::Identity => What::Somebody(self.alike.somebody()),
            Family::Name => {
                let names = self.names_of(declared);
                self.exactly_one(&names.iter().map(|name| name.1).collect::<Vec<_>>());
                What::Name(names)
            }
            Family::Names => What::Names(self.names_of(declared)),
            Family::People => What::People { some: self.solver.free(), members: BTreeMap::new() },
        }
    }

    /// No clock shows a time before the year 1 or after 9999.
    fn within_the_calendar(&mut self, node: Node) {
        const FIRST: i128 = -62_135_510_400_000_000_000;
        const LAST: i128 = 253_402_128_000_000_000_000;
        let before = self.line.up_to(&mut self.solver, node, FIRST - 1);
        let last = self.line.up_to(&mut self.solver, node, LAST);
        self.solver.demand(&[!before]);
        self.solver.demand(&[last]);
    }

    /// Gives every name that any version knows for a field, each with a literal.
    fn names_of(&mut self, declared: &Field) -> Vec<(String, Lit)> {
        let (mut names, mut seen) = (Vec::new(), BTreeSet::new());
        for version in &self.versions {
            let same =
                |field: &&Field| field.path == declared.path && Family::of(field.kind) == Family::of(declared.kind);
            let lists = version.vocabulary.fields.iter().filter(same).filter_map(|field| match field.kind {
                FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => {
                    version.vocabulary.list(list)
                }
                _ => None,
            });
            for name in lists.flat_map(|list| &list.names) {
                if seen.insert(name.name.as_str()) {
                    names.push(name.name.clone());
                }
            }
        }
        names.into_iter().map(|name| (name, self.solver.free())).collect()
    }

    /// Demands that exactly one of some literals holds.
    pub(crate) fn exactly_one(&mut self, lits: &[Lit]) {
        self.solver.demand(lits);
        let mut before = self.solver.no();
        for lit in lits.iter().copied() {
            self.solver.demand(&[!lit, !before]);
            before = self.solver.either(before, lit);
        }
    }

    fn read(&mut self, version: usize, declared: &Field, shared: usize) -> Option<Reading> {
        let family = Family::of(declared.kind);
        let present = self.shared.get(shared)?.present;
        let (node, truth) = match self.shared.get(shared)?.what {
            What::Line(node) => (Some(node), None),
            What::Truth(lit) => (None, Some(lit)),
            _ => (None, None),
        };
        let names = self.own_names(version, declared, shared);
        let fits = match (declared.kind, node) {
            (FieldType::Kind(_) | FieldType::Scale(_), _) => self.solver.any(names.iter().copied()),
            (FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range), Some(node)) => {
                self.in_range(node, range)
            }
            _ => self.solver.yes(),
        };
        let place = node.map(|node| self.always(Place::of(node)));
        if self.completing {
            // One version reads alone: a field that is written fits, and what it is completed by does.
            let counted = self.shared.get(shared)?.counted;
            self.solver.demand(&[fits]);
            return Some(Reading { shared, present, counted, family, truth, names, place });
        }
        let present = self.solver.both(present, fits);
        Some(Reading { shared, present, counted: present, family, truth, names, place })
    }

    fn own_names(&self, version: usize, declared: &Field, shared: usize) -> Box<[Lit]> {
        let list = match declared.kind {
            FieldType::Kind(list) | FieldType::Scale(list) | FieldType::SetOfKind(list) => list,
            _ => return Box::default(),
        };
        let known = match self.shared.get(shared).map(|shared| &shared.what) {
            Some(What::Name(names) | What::Names(names)) => names.as_slice(),
            _ => &[],
        };
        let own = self.versions.get(version).and_then(|version| version.vocabulary.list(list));
        let known: BTreeMap<&str, Lit> = known.iter().map(|(name, lit)| (name.as_str(), *lit)).collect();
        let lit = |name: &str| known.get(name).copied().unwrap_or(self.solver.no());
        own.map(|list| list.names.iter().map(|name| lit(&name.name)).collect()).unwrap_or_default()
    }

    /// Gives the statement that a number lies in its range.
    pub(crate) fn in_range(&mut self, node: Node, range: Range) -> Lit {
        let low = range.low.and_then(units).map(|low| !self.line.up_to(&mut self.solver, node, low - 1));
        let high = range.high.and_then(units).map(|high| self.line.up_to(&mut self.solver, node, high));
        self.solver.all(low.into_iter().chain(high))
    }
}

/// Gives a number in units; none where it has more digits than are reckoned with.
pub(crate) fn units(number: Decimal) -> Option<i128> {
    units_of(number, 12)
}

/// Gives a number in units; none where it has more places than some, which are no more than those of a unit.
pub(crate) fn units_of(number: Decimal, places: u32) -> Option<i128> {
    let number = number.normalize();
    if number.scale() > places {
        return None;
    }
    let units = number.mantissa().checked_mul(10i128.checked_pow(UNIT_SCALE - number.scale())?)?;
    (units.abs() < super::line::FARTHEST / 2048).then_some(units)
}

/// Gives the place of an exact value on the line.
pub(crate) fn place(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) | Value::Percent(number) => units(*number),
        Value::Duration(duration) => Some(duration.as_nanos()),
        Value::Date(day) => Some(day_nanoseconds(*day)),
        Value::Instant(when) => Some(when.earliest.as_nanosecond()),
        _ => None,
    }
}

/// Gives the number of so many units.
pub(crate) fn number(units: i128) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(units, UNIT_SCALE).ok().map(|number| number.normalize())
}

/// Gives a version's own name by number.
pub(crate) fn name_id(at: usize) -> Option<NameId> {
    u16::try_from(at).ok().map(NameId)
}
