//! From the conditions of a version to tests on records in brief.

use crate::episode::brief::{bit, of_value};
use crate::judge::compare;
use crate::judge::truth::Truth;
use crate::policy::{
    Condition, ConditionId, FieldId, FieldRef, FieldType, Function, Relation, TableTest, Term, Value, Version, Window,
};

use super::test::{Node, Operand};

/// Makes a test of each condition, in their order; what tables give comes behind them.
pub(super) fn nodes(version: &Version, base: usize) -> Vec<Node> {
    let mut maker = Maker { version, base, nodes: Vec::new(), further: Vec::new() };
    let count = u32::try_from(version.conditions.len()).unwrap_or(u32::MAX);
    for id in 0..count {
        let node = maker.node(version.conditions.get(ConditionId(id))).unwrap_or(Node::Beyond);
        maker.nodes.push(node);
    }
    maker.nodes.append(&mut maker.further);
    without_detours(&mut maker.nodes);
    maker.nodes
}

struct Maker<'v> {
    version: &'v Version,
    base: usize,
    nodes: Vec<Node>,
    /// What stands behind all conditions.
    further: Vec<Node>,
}

impl Maker<'_> {
    /// Makes the test; `None` where there is none.
    fn node(&mut self, condition: &Condition) -> Option<Node> {
        let ids = |parts: &[ConditionId]| parts.iter().map(|part| part.0).collect();
        Some(match condition {
            Condition::All(parts) => Node::All(ids(parts)),
            Condition::Any(parts) => Node::Any(ids(parts)),
            Condition::Not(part) => Node::Not(part.0),
            Condition::Defined(definition) => {
                Node::All([self.version.conditions.definition(*definition)?.condition.0].into())
            }
            Condition::Present(field) => Node::Present(self.at(*field)),
            Condition::NotEmpty(set) => self.has_one_of(*set, u64::MAX >> 2)?,
            Condition::Compare { left, relation, right } => self.compare(*left, *relation, right)?,
            Condition::OneOf { left, values } => self.one_of(*left, values)?,
            Condition::Between { left, low, high } => {
                self.is_ordered(*left).then_some(())?;
                let (low, high) = (self.operand(*left, low)?, self.operand(*left, high)?);
                Node::Amid { at: self.at(*left), bounds: Box::new((low, high)) }
            }
            Condition::Includes { set, member } => match member {
                Term::Constant(Value::Name(name)) => self.has_one_of(*set, bit(*name)?)?,
                Term::Field(name) => {
                    self.has_one_of(*set, 0)?;
                    matches!(self.kind(*name)?, FieldType::Kind(_)).then_some(())?;
                    Node::Has { set: self.at(*set), name: self.at(*name) }
                }
                Term::Constant(_) => return None,
            },
            Condition::Within { first, at_most: Term::Constant(Value::Duration(at_most)), second } => {
                let both = [self.kind(*first)?, self.kind(*second)?];
                (both == [FieldType::Instant; 2]).then_some(())?;
                let at_most = i64::try_from(at_most.as_nanos()).ok()?;
                Node::Soon { first: self.at(*first), at_most, second: self.at(*second) }
            }
            Condition::Measure { history, relation, right: Term::Constant(right) } => {
                let clause = self.version.conditions.history(*history)?;
                let is_plain = clause.function == Function::Count && clause.window != Window::AtTheSameTime;
                is_plain.then(|| Node::Measure {
                    history: *history,
                    relation: *relation,
                    right: Box::new(right.clone()),
                })?
            }
            Condition::Table { table, test } => {
                let table = self.version.conditions.table(*table)?;
                let mut rows = Vec::new();
                for row in &table.rows {
                    let result = row.result.map(Value::Name);
                    let given = self.of_result(test, result.as_ref())?;
                    rows.push((ids(&row.cells), self.behind(given)));
                }
                Node::Rows(rows.into())
            }
            Condition::Within { .. } | Condition::Measure { .. } | Condition::Clock { .. } => return None,
        })
    }

    /// Gives what would hold of one result of a table.
    fn of_result(&self, test: &TableTest, result: Option<&Value>) -> Option<Node> {
        let Some(result) = result else { return Some(Node::Settled((*test == TableTest::Never).into())) };
        Some(match test {
            TableTest::Never => Node::Settled(Truth::False),
            TableTest::Bounds { left, relation } => self.names(*left, |name| relates(name, *relation, result))?,
            TableTest::Gives { relation, right: Term::Constant(right) } => {
                Node::Settled(compare::compare(result, *relation, right))
            }
            TableTest::Gives { relation, right: Term::Field(right) } => {
                self.names(*right, |name| relates(result, *relation, name))?
            }
            TableTest::OneOf(values) => Node::Settled(compare::is_one_of(result, values)),
            TableTest::Between(..) => return None,
        })
    }

    fn behind(&mut self, node: Node) -> u32 {
        let at = self.version.conditions.len() + self.further.len();
        self.further.push(node);
        u32::try_from(at).unwrap_or(u32::MAX)
    }

    fn compare(&self, left: FieldRef, relation: Relation, right: &Term) -> Option<Node> {
        let kind = self.kind(left)?;
        match right {
            Term::Field(right) => {
                let other = self.kind(*right)?;
                let (at, by) = (self.at(left), self.at(*right));
                match (kind, other) {
                    (FieldType::Text, FieldType::Text) | (FieldType::Identity, FieldType::Identity) => {
                        (relation == Relation::Is).then_some(Node::SameText { left: at, right: by })
                    }
                    (FieldType::Kind(one), FieldType::Kind(two)) if one == two => {
                        (relation == Relation::Is).then_some(Node::Pair { left: at, relation, right: by })
                    }
                    _ if same_sort(kind, other) => Some(Node::Pair { left: at, relation, right: by }),
                    _ => None,
                }
            }
            Term::Constant(constant) => match kind {
                FieldType::Boolean | FieldType::Kind(_) | FieldType::Scale(_) => {
                    self.names(left, |name| relates(name, relation, constant))
                }
                FieldType::Text | FieldType::Identity => {
                    let text = text_of(constant).filter(|_| relation == Relation::Is)?;
                    Some(Node::OneOfTexts { at: self.at(left), texts: [text.into()].into() })
                }
                _ => self.bounded(left, relation, constant),
            },
        }
    }

    /// Gives the test of an ordered value against a constant.
    fn bounded(&self, left: FieldRef, relation: Relation, constant: &Value) -> Option<Node> {
        let kind = self.kind(left)?;
        (is_number(kind) && fits(kind, constant)).then_some(())?;
        let (number, at) = (of_value(constant)?, self.at(left));
        // INVARIANT: numbers of values lie far from both ends, and the highest stands for none.
        let (low, high) = match relation {
            Relation::Is => (number, number),
            Relation::AtLeast => (number, u64::MAX - 1),
            Relation::AtMost => (0, number),
            Relation::Above | Relation::After => (number + 1, u64::MAX - 1),
            Relation::Below | Relation::Before => (0, number - 1),
        };
        Some(Node::Between { at, low, high })
    }

    fn one_of(&self, left: FieldRef, values: &[Value]) -> Option<Node> {
        let at = self.at(left);
        match self.kind(left)? {
            FieldType::Boolean | FieldType::Kind(_) | FieldType::Scale(_) => {
                self.names(left, |name| compare::is_one_of(name, values) == Truth::True)
            }
            FieldType::Text | FieldType::Identity => {
                let texts: Option<Box<[Box<[u8]>]>> = values.iter().map(|value| Some(text_of(value)?.into())).collect();
                Some(Node::OneOfTexts { at, texts: texts? })
            }
            kind if is_number(kind) => {
                let numbers: Option<Box<[u64]>> =
                    values.iter().map(|value| of_value(value).filter(|_| fits(kind, value))).collect();
                Some(Node::OneOf { at, values: numbers? })
            }
            _ => None,
        }
    }

    /// Makes the test on a field whose values are few: each of them is asked once.
    fn names(&self, field: FieldRef, holds: impl Fn(&Value) -> bool) -> Option<Node> {
        let values: Vec<Value> = match self.kind(field)? {
            FieldType::Boolean => [false, true].map(Value::Boolean).into(),
            FieldType::Kind(list) | FieldType::Scale(list) => {
                let count = self.version.vocabulary.list(list)?.names.len();
                let names = (0..u16::try_from(count).ok()?).map(crate::policy::NameId);
                names.map(Value::Name).collect()
            }
            _ => return None,
        };
        (values.len() <= 62).then_some(())?;
        let bits = values.iter().enumerate().filter(|(_, value)| holds(value)).fold(0, |bits, (at, _)| bits | 1 << at);
        Some(of_names(self.at(field), bits))
    }

    fn has_one_of(&self, set: FieldRef, bits: u64) -> Option<Node> {
        matches!(self.kind(set)?, FieldType::SetOfKind(_)).then(|| Node::HasOneOf { at: self.at(set), bits })
    }

    fn operand(&self, left: FieldRef, term: &Term) -> Option<Operand> {
        let kind = self.kind(left)?;
        match term {
            Term::Constant(value) => of_value(value).filter(|_| fits(kind, value)).map(Operand::Constant),
            Term::Field(field) => same_sort(kind, self.kind(*field)?).then(|| Operand::Field(self.at(*field))),
        }
    }

    fn is_ordered(&self, field: FieldRef) -> bool {
        self.kind(field).is_some_and(|kind| is_number(kind) || matches!(kind, FieldType::Scale(_)))
    }

    fn kind(&self, field: FieldRef) -> Option<FieldType> {
        self.version.vocabulary.field(field.field).map(|field| field.kind)
    }

    fn at(&self, field: FieldRef) -> usize {
        let FieldId(at) = field.field;
        self.base + usize::from(at)
    }
}

/// Makes the test of a name, with one bit for each for which it is true. Mostly these follow each other.
fn of_names(at: usize, bits: u64) -> Node {
    let (low, beyond) = (bits.trailing_zeros(), u64::BITS - bits.leading_zeros());
    let follow_each_other = bits.count_ones() == beyond.saturating_sub(low) && bits != 0;
    if follow_each_other {
        return Node::Between { at, low: u64::from(low), high: u64::from(beyond) - 1 };
    }
    Node::OneOfNames { at, bits }
}

/// Asks in place of what has one part that part itself.
fn without_detours(nodes: &mut [Node]) {
    let mut whole: Vec<u32> = (0..).take(nodes.len()).collect();
    // Parts stand before what they are part of.
    for (at, node) in nodes.iter().enumerate() {
        if let Node::All(parts) | Node::Any(parts) = node
            && let [only] = **parts
            && let Some(same) = whole.get(only as usize).copied()
            && let Some(known) = whole.get_mut(at)
        {
            *known = same;
        }
    }
    let shorten = |part: &mut u32| *part = whole.get(*part as usize).copied().unwrap_or(*part);
    for node in nodes {
        match node {
            Node::All(parts) | Node::Any(parts) => parts.iter_mut().for_each(shorten),
            Node::Not(part) => shorten(part),
            Node::Rows(rows) => {
                for (cells, result) in rows {
                    cells.iter_mut().for_each(shorten);
                    shorten(result);
                }
            }
            _ => {}
        }
    }
}

fn relates(left: &Value, relation: Relation, right: &Value) -> bool {
    compare::compare(left, relation, right) == Truth::True
}

fn text_of(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Text(text) | Value::Identity(text) => Some(text.as_bytes()),
        _ => None,
    }
}

/// Says whether the numbers of a type's values are in their order, one by one.
fn is_number(kind: FieldType) -> bool {
    use FieldType::{Date, Duration, Instant, Number, Percent, WholeNumber};
    matches!(kind, Number(_) | WholeNumber(_) | Percent(_) | Duration | Date | Instant)
}

/// Says whether values of two types have numbers that compare.
fn same_sort(one: FieldType, other: FieldType) -> bool {
    use FieldType::{Date, Duration, Instant, Number, Percent, Scale, WholeNumber};
    match (one, other) {
        (Number(_) | WholeNumber(_), Number(_) | WholeNumber(_)) | (Percent(_), Percent(_)) => true,
        (Scale(one), Scale(other)) => one == other,
        (Duration, Duration) | (Date, Date) | (Instant, Instant) => true,
        _ => false,
    }
}

/// Says whether a constant is of a type, so that their numbers compare.
fn fits(kind: FieldType, value: &Value) -> bool {
    use FieldType::{Date, Duration, Instant, Number, Percent, Scale, WholeNumber};
    matches!(
        (kind, value),
        (Number(_) | WholeNumber(_), Value::Number(_))
            | (Percent(_), Value::Percent(_))
            | (Duration, Value::Duration(_))
            | (Date, Value::Date(_))
            | (Instant, Value::Instant(_))
            | (Scale(_), Value::Name(_))
    )
}
