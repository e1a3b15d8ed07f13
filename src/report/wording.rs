//! Judgements in words.
//!
//! Every sentence is made of facts (what the record says of a field) and demands (what the policy asks of it), both
//! from the core and never from the text, so that they say what was judged.

use crate::audit::PolicyResult;
use crate::episode::Episode;
use crate::judge::{Citation, Clause, Leaf, Looked, Outcome, Status, Truth};
use crate::policy::{Condition, ConditionId, FieldId, History, NormKind, Relation, Rule, Term, Value, Version};
use crate::source::{SourceId, Span};

use super::identities::Identities;
use super::looking_back::Backward;
use super::shown::{Held, Shower};

/// Speaks about one episode.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) shower: Shower<'a>,
    pub(super) episode: &'a Episode,
    /// What came before, if the policy looks back.
    pub(super) backward: Option<Backward<'a>>,
    /// What the history clauses of the rule looked at.
    pub(super) looked: &'a [Looked],
}

impl<'a> Speaker<'a> {
    /// Speaks about what one policy says of a record.
    pub(super) fn new(result: &'a PolicyResult<'_>, version: &'a Version, identities: &'a Identities) -> Self {
        let at = result.judgement.version;
        let backward = result.past.zip(at).map(|(past, at)| Backward { version, at, past, identities });
        Self { shower: Shower { version, identities }, episode: &result.episode, backward, looked: &[] }
    }

    /// Speaks about one rule.
    pub(super) fn about(self, citation: &'a Citation) -> Self {
        Self { looked: &citation.looked, ..self }
    }

    /// Says why a rule has its status, in one sentence without its subject: "`supervision` is `on_site` and must be …".
    pub(super) fn why(&self, rule: &Rule, citation: &Citation) -> String {
        Speaker { looked: &citation.looked, ..*self }.why_of(rule, citation)
    }

    fn why_of(&self, rule: &Rule, citation: &Citation) -> String {
        match citation.outcome {
            Some(Outcome::Requirement { status: Status::Violated, by_silence: false }) => {
                self.why_violated(rule, &citation.norm)
            }
            Some(Outcome::Ground(Truth::False)) => self.why_not_given(citation),
            Some(Outcome::Requirement { status: Status::NotApplicable, .. }) => self.facts(&citation.guard.leaves),
            Some(Outcome::Requirement { status: Status::Excused(_), .. }) => self.facts(&citation.unless.leaves),
            Some(Outcome::Requirement { status: Status::Satisfied, by_silence: false }) => {
                self.facts(&citation.norm.leaves)
            }
            Some(Outcome::Ground(Truth::True)) => self.facts(&citation.norm.leaves),
            _ => self.what_is_open(citation),
        }
    }

    fn why_violated(&self, rule: &Rule, norm: &Clause) -> String {
        if matches!(rule.norm.kind, NormKind::Forbid | NormKind::Never) {
            return self.facts(&norm.leaves);
        }
        self.unmet_clause(norm)
    }

    /// Says what a false clause has and what it asks: what is joined by `and` one after the other, what is joined by `or`
    /// as alternatives.
    fn unmet_clause(&self, clause: &Clause) -> String {
        clause.condition.map(|condition| self.unmet_part(condition, false, clause)).unwrap_or_default()
    }

    fn unmet_part(&self, id: ConditionId, negated: bool, clause: &Clause) -> String {
        let conditions = &self.shower.version.conditions;
        let joined = |parts: &[ConditionId], all_are_needed: bool| {
            let said = each_once(parts.iter().map(|part| self.unmet_part(*part, negated, clause)));
            let said: Vec<String> = said.into_iter().filter(|said| !said.is_empty()).collect();
            said.join(if all_are_needed { "; " } else { "; or " })
        };
        match conditions.get(id) {
            Condition::All(parts) => joined(parts, !negated),
            Condition::Any(parts) => joined(parts, negated),
            Condition::Not(part) => self.unmet_part(*part, !negated, clause),
            Condition::Defined(definition) => conditions
                .definition(*definition)
                .map_or(String::new(), |definition| self.unmet_part(definition.condition, negated, clause)),
            _ => {
                let leaf = clause.leaves.iter().find(|leaf| leaf.condition == id && leaf.negated == negated);
                leaf.map_or(String::new(), |leaf| self.unmet(leaf))
            }
        }
    }

    fn why_not_given(&self, citation: &Citation) -> String {
        let failing =
            [(&citation.guard, Truth::False), (&citation.unless, Truth::True), (&citation.norm, Truth::False)];
        let failing = failing.into_iter().find(|(clause, truth)| clause.truth == *truth).map(|(clause, _)| clause);
        failing.map(|clause| self.unmet_clause(clause)).unwrap_or_default()
    }

    /// Says which values leave a rule open.
    fn what_is_open(&self, citation: &Citation) -> String {
        let clauses = [&citation.guard, &citation.unless, &citation.norm];
        let open =
            || clauses.into_iter().filter(|clause| clause.truth == Truth::Unknown).flat_map(|clause| &clause.leaves);
        let facts = each_once(open().flat_map(|leaf| self.open_facts(leaf))).join(", ");
        let tables = each_once(open().filter_map(|leaf| self.open_table_fact(leaf))).join(" and ");
        if tables.is_empty() { facts } else { format!("{facts}, so {tables}") }
    }

    /// Says what leaves a comparison open: fields, or what the past comes to.
    fn open_facts(&self, leaf: &Leaf) -> Vec<String> {
        let fields = self.open_fields(leaf).into_iter().map(|field| self.fact(field));
        fields.chain(self.past_fact(leaf)).collect()
    }

    /// Says what the past comes to, where a comparison looks back.
    pub(super) fn past_fact(&self, leaf: &Leaf) -> Option<String> {
        let (history, looked, _, _) = self.looked_at(leaf)?;
        let backward = self.backward?;
        Some(format!("{}{}", backward.fact(history, looked), backward.begins_within(looked)))
    }

    /// Gives the history clause of a comparison with what it looked at, and how it is compared with what.
    pub(super) fn looked_at(&self, leaf: &Leaf) -> Option<(&'a History, &'a Looked, Relation, &'a Term)> {
        let conditions = &self.shower.version.conditions;
        let Condition::Measure { history, relation, right } = conditions.get(leaf.condition) else { return None };
        let looked = self.looked.iter().find(|looked| looked.history == *history)?;
        Some((conditions.history(*history)?, looked, *relation, right))
    }

    /// Says what a comparison read: fields, or what the past comes to.
    fn facts_of(&self, leaf: &Leaf) -> Vec<String> {
        match self.past_fact(leaf) {
            Some(fact) => vec![fact],
            None => {
                let fields = self.fields(leaf).into_iter().map(|field| self.fact(field));
                fields.chain(self.table_fact(leaf)).collect()
            }
        }
    }

    /// Gives the fields of a comparison that leave it open.
    pub(super) fn open_fields(&self, leaf: &Leaf) -> Vec<FieldId> {
        let node = self.shower.version.conditions.get(leaf.condition);
        node.fields().map(|field| field.field).filter(|field| self.episode.is_open(*field)).collect()
    }

    /// Gives the fields of a comparison, each once.
    pub(super) fn fields(&self, leaf: &Leaf) -> Vec<FieldId> {
        let node = self.shower.version.conditions.get(leaf.condition);
        each_once(node.fields().map(|field| field.field))
    }

    fn facts(&self, leaves: &[Leaf]) -> String {
        each_once(leaves.iter().flat_map(|leaf| self.facts_of(leaf))).join(" and ")
    }

    /// Says what the record has of a field.
    pub(super) fn fact(&self, field: FieldId) -> String {
        let name = self.shower.version.vocabulary.field_name(field);
        match self.shower.held(self.episode, field) {
            Held::Missing => format!("`{name}` is not documented"),
            Held::Unfit => format!("`{name}` is documented, but cannot be read"),
            Held::Text(text) => format!("`{name}` is {text}"),
            Held::Value(value) => format!("`{name}` is `{value}`"),
            Held::Partial(value) => format!("`{name}` is known only in part (`{value}`)"),
        }
    }

    /// Says what a comparison has and what it asks: "`supervision` is `on_site` and must be at least `in_room`".
    fn unmet(&self, leaf: &Leaf) -> String {
        if let (Some((history, looked, relation, right)), Some(backward)) = (self.looked_at(leaf), self.backward) {
            let limit = (relation == Relation::AtMost && !leaf.negated && history.window.counts_itself())
                .then(|| backward.limit(history, looked, right))
                .flatten();
            let fact = || backward.fact(history, looked);
            let right = self.quantity_term(history, right);
            let asked = || super::looking_back::asked(history.function, relation, leaf.negated, &right);
            let said = limit.unwrap_or_else(|| format!("{}{}", fact(), asked()));
            return format!("{said}{}", backward.begins_within(looked));
        }
        if let Some(said) = self.unmet_table(leaf) {
            return said;
        }
        let Some(first) = self.fields(leaf).into_iter().next() else {
            return String::new();
        };
        let presence = matches!(self.shower.version.conditions.get(leaf.condition), Condition::Present(_));
        if presence && !leaf.negated {
            return self.fact(first);
        }
        format!("{} and must {}", self.fact(first), self.demand(leaf))
    }

    /// Says what a comparison asks of its first field, after "must".
    pub(super) fn demand(&self, leaf: &Leaf) -> String {
        let not = if leaf.negated { "not " } else { "" };
        match self.shower.version.conditions.get(leaf.condition) {
            Condition::Compare { left, relation, right } => {
                let (relation, not) = turned(*relation, leaf.negated);
                let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
                format!("{not}be {order}{}", self.term(right, left.field))
            }
            Condition::OneOf { left, values } => format!("{not}be one of {}", self.values(values, left.field)),
            Condition::Between { left, low, high } => {
                format!("{not}be between {} and {}", self.term(low, left.field), self.term(high, left.field))
            }
            Condition::Includes { set, member } => format!("{not}include {}", self.term(member, set.field)),
            Condition::NotEmpty(_) => format!("{not}name a strategy at least"),
            Condition::Present(_) if leaf.negated => "be missing".to_owned(),
            Condition::Present(_) => "be documented".to_owned(),
            Condition::Clock { from, until, .. } => {
                format!("{not}lie between {} and {} on the clock", from.strftime("%H:%M"), until.strftime("%H:%M"))
            }
            Condition::Within { first, at_most, second } => {
                let other = self.shower.version.vocabulary.field_name(second.field);
                format!("{not}be within {} before `{other}`", self.term(at_most, first.field))
            }
            Condition::Table { .. } => self.table_demand(leaf).unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Shows what a quantity is compared with: in its own unit, not that of a field.
    fn quantity_term(&self, history: &History, right: &Term) -> String {
        match right {
            Term::Constant(value) => {
                let any_field = history.keys.first().map_or(FieldId(0), |key| key.asked);
                format!("`{}`", self.shower.constant(value, any_field))
            }
            Term::Field(other) => self.term(right, other.field),
        }
    }

    fn values(&self, values: &[Value], field: FieldId) -> String {
        let shown: Vec<String> =
            values.iter().map(|value| format!("`{}`", self.shower.constant(value, field))).collect();
        shown.join(", ")
    }

    fn term(&self, term: &Term, field: FieldId) -> String {
        match term {
            Term::Constant(value) => format!("`{}`", self.shower.constant(value, field)),
            Term::Field(other) => {
                let name = self.shower.version.vocabulary.field_name(other.field);
                match self.shower.held(self.episode, other.field) {
                    Held::Value(value) | Held::Partial(value) => format!("`{name}` (`{value}`)"),
                    Held::Text(text) => format!("`{name}` ({text})"),
                    Held::Missing | Held::Unfit => format!("`{name}`"),
                }
            }
        }
    }
}

/// Says what is known of a comparison with a field, of whatever record: "`supervision` is below `in_room`"; none for what
/// asks a table or the past.
pub(super) fn said(version: &Version, condition: ConditionId, truth: Truth) -> Option<String> {
    let node = version.conditions.get(condition);
    if matches!(node, Condition::Measure { .. } | Condition::Table { .. }) {
        return None;
    }
    let nothing = Episode::new(Span::new(SourceId(0), 0, 0), version.vocabulary.fields.len());
    let shower = Shower { version, identities: &Identities::CLEAR };
    let speaker = Speaker { shower, episode: &nothing, backward: None, looked: &[] };
    let field = version.vocabulary.field_name(node.fields().next()?.field);
    let demand = speaker.demand(&Leaf { condition, truth, negated: truth == Truth::False });
    // What must be so, as what is so.
    let verbs = [
        ("not be ", "is not "),
        ("be ", "is "),
        ("not include ", "does not include "),
        ("include ", "includes "),
        ("not name a strategy at least", "names no strategy"),
        ("name a strategy at least", "names a strategy"),
        ("not lie ", "does not lie "),
        ("lie ", "lies "),
    ];
    let is = verbs.iter().find_map(|(must, is)| Some(format!("{is}{}", demand.strip_prefix(must)?)))?;
    Some(match truth {
        Truth::Unknown => format!("it is open whether `{field}` {is}"),
        _ => format!("`{field}` {is}"),
    })
}

/// Turns a negated comparison of order round: not at least is below.
pub(super) fn turned(relation: Relation, negated: bool) -> (Relation, &'static str) {
    let (relation, negated) = relation.turned(negated);
    (relation, if negated { "not " } else { "" })
}

/// Keeps the first of equal things, in order.
pub(super) fn each_once<T: PartialEq>(things: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for thing in things {
        if !kept.contains(&thing) {
            kept.push(thing);
        }
    }
    kept
}
