//! The gist of a record: what everything about it comes to that does not look back.
//!
//! Whether a rule that looks back is kept can be told only when every record was read. So that none has to be read twice, the
//! first pass keeps of each its gist: a byte for each rule, and one for each condition that a rule needs besides what came
//! before. Rules that are clear in one way or another are told alike, since nothing that is counted tells them apart: so most
//! records have one of a few gists.

use std::collections::{BTreeSet, HashSet};

use crate::judge::duty::Chain;
use crate::judge::status::{Outcome, Status};
use crate::judge::truth::Truth;
use crate::policy::{ConditionId, Rule, Version};

use super::outcome;
use super::test::{Asking, Node};

/// In place of what a rule says: what came before decides.
const OPEN: u8 = 0;

/// Not applicable, excused, or satisfied by what is written.
const CLEAR: Outcome = Outcome::Requirement { status: Status::NotApplicable, by_silence: false };

/// What each other byte says.
const SETTLED: [Outcome; 8] = [
    CLEAR,
    Outcome::Requirement { status: Status::Satisfied, by_silence: true },
    Outcome::Requirement { status: Status::Violated, by_silence: false },
    Outcome::Requirement { status: Status::Violated, by_silence: true },
    Outcome::Requirement { status: Status::Undetermined, by_silence: false },
    Outcome::Ground(Truth::True),
    Outcome::Ground(Truth::Unknown),
    Outcome::Ground(Truth::False),
];

/// A duty that is not owed.
const NO_DUTY: u8 = u8::MAX;

/// How the gist of a record is made by one version, and how it is read.
#[derive(Debug)]
pub(super) struct Gist {
    /// For each rule: whether it looks back, and then what it needs besides, by its place among what is kept.
    rules: Vec<Option<Vec<usize>>>,
    /// The conditions of which is kept what they come to.
    kept: Vec<u32>,
    /// The tests, in which what is kept is looked up.
    nodes: Vec<Node>,
}

impl Gist {
    /// Looks for what is to be kept of a version, of which these are the tests.
    pub(super) fn of(version: &Version, nodes: &[Node]) -> Self {
        let mut making = Making { before: nodes, looks_back: vec![None; nodes.len()], kept: Vec::new() };
        let histories = version.conditions.histories().iter();
        let of_histories = making.keep(histories.filter_map(|history| history.filter));
        let mut needs = |rule: &Rule| {
            let looks_back = rule.clauses().any(|clause| making.looks_back(clause.0));
            looks_back.then(|| making.keep(rule.clauses()).into_iter().chain(of_histories.iter().copied()).collect())
        };
        let rules: Vec<Option<Vec<usize>>> = version.rules.iter().map(&mut needs).collect();
        let kept = making.kept;
        let mut nodes = nodes.to_vec();
        for (id, at) in kept.iter().zip(rules.len()..) {
            if let Some(node) = nodes.get_mut(*id as usize) {
                *node = Node::Kept(at);
            }
        }
        Self { rules, kept, nodes }
    }

    /// Gives how many bytes it takes.
    pub(super) fn length(&self) -> usize {
        self.rules.len() + self.kept.len()
    }

    /// Gives the tests that are asked of a gist in place of a record.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Writes the gist of a record that is covered; says whether some rule is undetermined, whatever came before, and none
    /// violated. It is of no use if something was asked for which there is no test.
    pub(super) fn write(&self, rules: &[super::Rule], asking: &mut Asking<'_>, into: &mut Vec<u8>) -> bool {
        let at = into.len();
        into.resize(at + self.length(), 0);
        let (codes, kept) = into.get_mut(at..).unwrap_or_default().split_at_mut(self.rules.len());
        for ((rule, asked), code) in rules.iter().zip(&self.rules).zip(&mut *codes) {
            *code = code_of(rule, asked.is_some(), asking);
            let Some(asked) = asked.as_ref().filter(|_| *code == OPEN) else { continue };
            for index in asked {
                if let Some((truth, id)) = kept.get_mut(*index).zip(self.kept.get(*index)) {
                    *truth = asking.truth(ConditionId(*id)) as u8;
                }
            }
        }
        let says =
            |status| codes.iter().any(|code| Self::read(*code).is_some_and(|said| said.status() == Some(status)));
        says(Status::Undetermined) && !says(Status::Violated)
    }

    /// Reads what a rule says; `None` where what came before decides.
    pub(super) fn read(code: u8) -> Option<Outcome> {
        if code == NO_DUTY {
            return Some(Outcome::Duty(Chain::NotOwed));
        }
        SETTLED.get(usize::from(code).checked_sub(1)?).copied()
    }
}

/// Gives the byte for what a rule says. What is decided while nothing is known of the past is so whatever that is.
fn code_of(rule: &super::Rule, looks_back: bool, asking: &mut Asking<'_>) -> u8 {
    let guard = rule.guard.map_or(Truth::True, |guard| asking.truth(guard));
    if looks_back && rule.is_duty && guard != Truth::False {
        return OPEN;
    }
    let said = match outcome(rule, asking) {
        Outcome::Duty(_) => return NO_DUTY,
        Outcome::Requirement { status: Status::Excused(_) | Status::Satisfied, by_silence: false } => CLEAR,
        Outcome::Requirement { status: Status::Undetermined, .. } | Outcome::Requirement { by_silence: true, .. }
            if looks_back =>
        {
            return OPEN;
        }
        Outcome::Ground(Truth::Unknown) if looks_back => return OPEN,
        said => said,
    };
    (1..).zip(&SETTLED).find(|(_, known)| **known == said).map_or(OPEN, |(code, _)| code)
}

/// Looks through the tests for what is to be kept.
struct Making<'n> {
    before: &'n [Node],
    /// For each test: whether it looks back, if that was asked already.
    looks_back: Vec<Option<bool>>,
    kept: Vec<u32>,
}

impl Making<'_> {
    fn looks_back(&mut self, id: u32) -> bool {
        let (Some(node), Some(known)) = (self.before.get(id as usize), self.looks_back.get(id as usize)) else {
            return false;
        };
        if let Some(known) = known {
            return *known;
        }
        let looks_back = matches!(node, Node::Measure { .. }) || parts(node).into_iter().any(|id| self.looks_back(id));
        if let Some(known) = self.looks_back.get_mut(id as usize) {
            *known = Some(looks_back);
        }
        looks_back
    }

    /// Lets what does not look back be kept, as much at once as can be; gives its places among what is kept.
    fn keep(&mut self, clauses: impl IntoIterator<Item = ConditionId>) -> BTreeSet<usize> {
        let mut places = BTreeSet::new();
        let mut left: Vec<u32> = clauses.into_iter().map(|clause| clause.0).collect();
        let mut met: HashSet<u32> = HashSet::new();
        while let Some(id) = left.pop() {
            let Some(node) = self.before.get(id as usize).filter(|_| met.insert(id)) else { continue };
            if self.looks_back(id) {
                left.extend(parts(node));
            } else if !matches!(node, Node::Settled(_)) {
                places.insert(self.place(id));
            }
        }
        places
    }

    fn place(&mut self, id: u32) -> usize {
        let known = self.kept.iter().position(|kept| *kept == id);
        known.unwrap_or_else(|| {
            self.kept.push(id);
            self.kept.len() - 1
        })
    }
}

fn parts(node: &Node) -> Vec<u32> {
    match node {
        Node::All(parts) | Node::Any(parts) => parts.to_vec(),
        Node::Not(part) => vec![*part],
        Node::Rows(rows) => rows.iter().flat_map(|(cells, result)| cells.iter().copied().chain([*result])).collect(),
        _ => Vec::new(),
    }
}
