//! The place of what is missing beside what another field says: where two fields are compared with each other, what one value does
//! to one record, the value beside the other field does to all.

use std::collections::BTreeSet;

use crate::policy::{Condition, FieldId, FieldRef, FieldType, Term, Version};

use super::completion::Is;
use super::field::{ONE, Reading, Shared, What, units};
use super::line::{Line, Node, ZERO};
use super::place::Place;
use super::solver::Lit;
use super::world::{Settled, World};

/// Where a value lies beside what another field says: a step below it, at it, or a step above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Neighbour<F> {
    /// The other field.
    pub(crate) of: F,
    /// The step, in units on the line.
    pub(crate) step: i128,
    /// Where it lies if the other field says nothing, or it would not fit there.
    pub(crate) place: i128,
}

/// Gives the paths of the fields that some versions compare with other fields.
pub(crate) fn compared_with_each_other(versions: &[&Version]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for version in versions {
        let path = |field: FieldRef| version.vocabulary.field(field.field).map(|field| field.path.clone());
        for id in version.conditions.ids() {
            let (left, right) = match version.conditions.get(id) {
                Condition::Compare { left, right, .. } => (left, [Some(right), None]),
                Condition::Between { left, low, high } => (left, [Some(low), Some(high)]),
                _ => continue,
            };
            for term in right.into_iter().flatten() {
                if let Term::Field(right) = term {
                    paths.extend([path(*left), path(*right)].into_iter().flatten());
                }
            }
        }
    }
    paths
}

impl World<'_> {
    /// Gives where the value of a missing field lies beside another that the record has, in a world that asks about completions; none
    /// where a constant with which it is compared is nearer.
    pub(crate) fn beside(&self, reading: &Reading, settled: &Settled) -> Option<Is> {
        let node = reading.node()?;
        let place = Line::of(&settled.places, node);
        let mut nearest: Option<(u128, Option<FieldId>, i128)> = None;
        for (other, left, bound, _) in self.line.about(node) {
            let (field, anchor) = match (other, self.recorded_at(other)) {
                (ZERO, _) => (None, if left { bound } else { -bound }),
                (_, Some(field)) => (Some(field), Line::of(&settled.places, other)),
                (_, None) => continue,
            };
            let distance = place.abs_diff(anchor);
            if nearest.is_none_or(|(known, of, _)| distance < known || distance == known && of.is_none()) {
                nearest = Some((distance, field, anchor));
            }
        }
        let (_, of, anchor) = nearest?;
        let step = self.line.grain(node) * (place - anchor).signum();
        Some(Is::Beside(Neighbour { of: of?, step, place }))
    }

    /// Gives the field of the record whose value a quantity is, if it has one.
    fn recorded_at(&self, node: Node) -> Option<FieldId> {
        let is_it = |reading: &Reading| reading.node() == Some(node) && self.solver.value(reading.present);
        let found = self.readings.iter().find(|((version, _), reading)| *version == 0 && is_it(reading));
        found.map(|((_, field), _)| *field)
    }

    /// Gives the place beside another field, and the literal that the field says something and that a value of a type fits there; none
    /// where that can never be.
    pub(crate) fn place_beside(&mut self, kind: FieldType, beside: Neighbour<usize>) -> Option<(Lit, Place)> {
        let Shared { what: What::Line(other), present, .. } = self.shared.get(beside.of)? else { return None };
        let (other, present) = (*other, *present);
        let place = Place { node: other, plus: beside.step };
        let (range, grain) = match kind {
            FieldType::Number(range) | FieldType::Percent(range) => (range, 1),
            FieldType::WholeNumber(range) => (range, ONE),
            _ => return None,
        };
        // Beside a number with places after the point there may be no whole one.
        if self.line.grain(other) % grain != 0 {
            return None;
        }
        let mut applies = vec![present];
        if let Some(low) = range.low {
            let low = Place::fixed(units(low)?);
            applies.push(self.less(low, place, false));
        }
        if let Some(high) = range.high {
            let high = Place::fixed(units(high)?);
            applies.push(self.less(place, high, false));
        }
        Some((self.solver.all(applies), place))
    }
}
