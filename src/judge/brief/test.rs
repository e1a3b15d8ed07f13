//! What is asked of a record in brief.

use crate::episode::Brief;
use crate::episode::brief::{MISSING, UNREAD, nanoseconds};
use crate::judge::measured::Measured;
use crate::judge::past::Question;
use crate::judge::truth::Truth;
use crate::policy::{ConditionId, HistoryId, Relation, Value, Version};

/// A test; parts are named by their place among all.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// It is always the same.
    Settled(Truth),
    All(Box<[u32]>),
    Any(Box<[u32]>),
    Not(u32),
    /// A name or a boolean: one bit for each for which it is true.
    OneOfNames {
        at: usize,
        bits: u64,
    },
    /// A set has one of these.
    HasOneOf {
        at: usize,
        bits: u64,
    },
    /// A set has the name that a field holds.
    Has {
        set: usize,
        name: usize,
    },
    /// A value lies between two constants, both included.
    Between {
        at: usize,
        low: u64,
        high: u64,
    },
    OneOf {
        at: usize,
        values: Box<[u64]>,
    },
    /// Two fields compare.
    Pair {
        left: usize,
        relation: Relation,
        right: usize,
    },
    /// A value lies between two others, each a field or a constant.
    Amid {
        at: usize,
        bounds: Box<(Operand, Operand)>,
    },
    /// Two texts are the same.
    SameText {
        left: usize,
        right: usize,
    },
    /// A text is one of these.
    OneOfTexts {
        at: usize,
        texts: Box<[Box<[u8]>]>,
    },
    Present(usize),
    /// One instant lies before another, and by so many nanoseconds at most.
    Soon {
        first: usize,
        at_most: i64,
        second: usize,
    },
    Measure {
        history: HistoryId,
        relation: Relation,
        right: Box<Value>,
    },
    /// The rows of a table: the cells, and what would hold of the result.
    Rows(Box<[(Box<[u32]>, u32)]>),
    /// What it comes to was kept of the record, at a place of its gist.
    Kept(usize),
    /// There is no such test: the record is the judge's.
    Beyond,
}

/// A constant, or a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Constant(u64),
    Field(usize),
}

/// One record that is asked; where its gist is asked, that stands in place of the bytes that it was read from.
pub(super) struct Asking<'a> {
    version: &'a Version,
    nodes: &'a [Node],
    record: &'a Brief,
    bytes: &'a [u8],
    question: Option<Question<'a, 'a>>,
    supposed: Option<(HistoryId, Measured)>,
    known: Option<(HistoryId, Measured)>,
    beyond: bool,
}

impl<'a> Asking<'a> {
    pub(super) fn new(
        version: &'a Version,
        nodes: &'a [Node],
        record: &'a Brief,
        bytes: &'a [u8],
        question: Option<Question<'a, 'a>>,
    ) -> Self {
        Self { version, nodes, record, bytes, question, supposed: None, known: None, beyond: false }
    }

    /// Says whether something was asked for which there is no test.
    pub(super) fn is_beyond(&self) -> bool {
        self.beyond
    }

    /// Says that there is no test for something.
    pub(super) fn go_beyond(&mut self) {
        self.beyond = true;
    }

    /// Supposes that a history clause comes to something, or no longer; gives what was supposed.
    pub(super) fn suppose(&mut self, history: HistoryId, measured: Option<Measured>) -> Option<Measured> {
        let before = self.supposed.filter(|(known, _)| *known == history).map(|(_, measured)| measured);
        self.supposed = measured.map(|measured| (history, measured));
        before
    }

    /// Gives what a history clause comes to; clauses that were asked last are remembered.
    pub(super) fn measure(&mut self, history: HistoryId) -> Measured {
        for (known, measured) in [self.supposed, self.known].into_iter().flatten() {
            if known == history {
                return measured;
            }
        }
        let measured = self.look_back(history);
        self.known = Some((history, measured));
        measured
    }

    fn look_back(&mut self, id: HistoryId) -> Measured {
        let version = self.version;
        let Some(history) = version.conditions.history(id) else { return Measured::Unknown };
        let counts = history.window.counts_itself();
        let itself = counts.then(|| history.filter.map_or(Truth::True, |filter| self.truth(filter)));
        match self.question.as_ref().map(|question| question.count(id, itself)) {
            // Nothing is known of the past where there is none.
            None => Measured::Unknown,
            Some(Some(measured)) => measured,
            Some(None) => {
                self.beyond = true;
                Measured::Unknown
            }
        }
    }

    #[inline]
    pub(super) fn truth(&mut self, id: ConditionId) -> Truth {
        self.ask(id.0)
    }

    /// Most of what is asked is whether a value lies between two others, so that this is looked at first.
    #[inline]
    fn ask(&mut self, id: u32) -> Truth {
        match self.nodes.get(id as usize) {
            Some(Node::Between { at, low, high }) => {
                let value = self.record.get(*at);
                let is_so = (*low <= value) & (value <= *high);
                if value == MISSING { Truth::Unknown } else { Truth::from(is_so) }
            }
            Some(node) => self.ask_another(node),
            None => Truth::False,
        }
    }

    fn ask_another(&mut self, node: &Node) -> Truth {
        match node {
            Node::Settled(truth) => *truth,
            Node::All(parts) => self.all(parts),
            Node::Any(parts) => {
                let mut truth = Truth::False;
                for part in parts {
                    truth = truth.or(self.ask(*part));
                    if truth == Truth::True {
                        break;
                    }
                }
                truth
            }
            Node::Not(part) => !self.ask(*part),
            Node::Measure { history, relation, right } => self.measure(*history).compare(*relation, right),
            Node::Rows(rows) => self.rows(rows),
            Node::Kept(at) => Truth::of_byte(self.bytes.get(*at).copied().unwrap_or_default()),
            Node::Beyond => self.give_up(),
            Node::SameText { left, right } if self.is_unread(*left) || self.is_unread(*right) => self.give_up(),
            Node::OneOfTexts { at, .. } | Node::Present(at) if self.is_unread(*at) => self.give_up(),
            leaf => self.leaf(leaf),
        }
    }

    fn is_unread(&self, at: usize) -> bool {
        self.record.get(at) == UNREAD
    }

    fn give_up(&mut self) -> Truth {
        self.beyond = true;
        Truth::Unknown
    }

    fn all(&mut self, parts: &[u32]) -> Truth {
        let mut truth = Truth::True;
        for part in parts {
            truth = truth.and(self.ask(*part));
            if truth == Truth::False {
                break;
            }
        }
        truth
    }

    /// True if it is true of the results of all rows that may apply, false if of none, else unknown.
    fn rows(&mut self, rows: &[(Box<[u32]>, u32)]) -> Truth {
        let mut common = None;
        for (cells, result) in rows {
            if self.all(cells) == Truth::False {
                continue;
            }
            let truth = self.ask(*result);
            if truth == Truth::Unknown || common.is_some_and(|common| common != truth) {
                return Truth::Unknown;
            }
            common = Some(truth);
        }
        common.unwrap_or(Truth::Unknown)
    }

    #[inline]
    fn value(&self, at: usize) -> Option<u64> {
        Some(self.record.get(at)).filter(|value| *value != MISSING)
    }

    fn leaf(&self, leaf: &Node) -> Truth {
        let answer = match leaf {
            Node::OneOfNames { at, bits } => self.value(*at).map(|name| bits >> name & 1 == 1),
            Node::HasOneOf { at, bits } => self.value(*at).map(|set| set & bits != 0),
            Node::Has { set, name } => self.both(*set, *name).map(|(set, name)| set >> name & 1 == 1),
            Node::OneOf { at, values } => self.value(*at).map(|value| values.contains(&value)),
            Node::Pair { left, relation, right } => {
                self.both(*left, *right).map(|(left, right)| relation.allows(left.cmp(&right)))
            }
            Node::Amid { at, bounds } => {
                let (low, high) = &**bounds;
                let of = |operand: &Operand| match operand {
                    Operand::Constant(value) => Some(*value),
                    Operand::Field(at) => self.value(*at),
                };
                let bounds = self.value(*at).zip(of(low).zip(of(high)));
                bounds.map(|(value, (low, high))| low <= value && value <= high)
            }
            Node::SameText { left, right } => {
                let texts = self.record.text(*left, self.bytes).zip(self.record.text(*right, self.bytes));
                texts.map(|(left, right)| left == right)
            }
            Node::OneOfTexts { at, texts } => {
                let text = self.record.text(*at, self.bytes);
                text.map(|text| texts.iter().any(|known| **known == *text))
            }
            Node::Present(at) => Some(self.value(*at).is_some()),
            Node::Soon { first, at_most, second } => self.both(*first, *second).map(|(first, second)| {
                let after = nanoseconds(second).saturating_sub(nanoseconds(first));
                0 <= after && after <= *at_most
            }),
            _ => None,
        };
        answer.map_or(Truth::Unknown, Truth::from)
    }

    fn both(&self, left: usize, right: usize) -> Option<(u64, u64)> {
        self.value(left).zip(self.value(right))
    }
}
