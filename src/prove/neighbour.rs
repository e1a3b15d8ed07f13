//! The place of what is missing beside what another field says: where two fields are compared with each other, what one value does
//! to one record, the value beside the other field does to all.

use crate::policy::{FieldId, FieldType};

use super::completion::Is;
use super::field::{Reading, Shared, What, units};
use super::leaf::Place;
use super::line::{Line, Node, ZERO};
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

impl World<'_> {
    /// Gives where the value of a missing field lies beside another that the record has, in a world that asks about completions; none
    /// where a constant with which it is compared is nearer.
    pub(crate) fn beside(&self, reading: &Reading, settled: &Settled) -> Option<Is> {
        let node = reading.node?;
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
        let is_it = |reading: &Reading| reading.node == Some(node) && self.solver.value(reading.present);
        let found = self.readings.iter().find(|((version, _), reading)| *version == 0 && is_it(reading));
        found.map(|((_, field), _)| *field)
    }

    /// Demands that a value that is no record's lies beside another field where that says something and it fits there. Gives the literal
    /// that it does.
    pub(crate) fn demand_beside(&mut self, node: Node, kind: FieldType, there: Lit, beside: Neighbour<usize>) -> Lit {
        let no = self.solver.no();
        let Some(Shared { what: What::Line(other), present, .. }) = self.shared.get(beside.of) else { return no };
        let (other, present) = (*other, *present);
        // Between whole numbers there is nothing to be beside.
        if self.line.grain(other) % self.line.grain(node) != 0 {
            return no;
        }
        let place = Place { node: other, plus: beside.step };
        let mut applies = vec![present];
        if let FieldType::Number(range) | FieldType::WholeNumber(range) | FieldType::Percent(range) = kind {
            let (low, high) = (range.low.and_then(units), range.high.and_then(units));
            applies.extend(low.map(|low| self.less(Place::fixed(low), place, false)));
            applies.extend(high.map(|high| self.less(place, Place::fixed(high), false)));
        }
        let applies = self.solver.all(applies);
        for holds in [self.less(Place::of(node), place, false), self.less(place, Place::of(node), false)] {
            self.solver.demand(&[there, !applies, holds]);
        }
        applies
    }
}
