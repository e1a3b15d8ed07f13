//! Pass 4, continued: history clauses, from what is written to the one shape of the core.

use crate::diagnostic::{Diagnostic, codes};
use crate::policy::civil::whole_days;
use crate::policy::{
    Condition as Node, ConditionId, Field, FieldId, FieldType, Function, History, HistoryId, KeyPair, Length, Range,
    Relation, Role, Term, Value as Constant, Window,
};
use crate::source::Span;
use crate::syntax::ast::{Comparison, HistoryClause, HistoryKind, WindowKind, Word};

use super::condition::Conditioner;

/// A quantity over earlier records: its clause, and what type it has.
pub(super) struct Quantity {
    /// None where the clause has an error, which is reported.
    pub(super) id: Option<HistoryId>,
    /// Stands for the quantity where it is compared: its type decides what it compares with. None where that is not known.
    pub(super) as_field: Option<Field>,
}

impl Conditioner<'_> {
    /// Makes a condition of a history clause and its comparison.
    pub(super) fn history(
        &mut self,
        clause: &HistoryClause,
        comparison: Option<&Comparison>,
        at: Span,
    ) -> Option<ConditionId> {
        let quantity = self.quantity(clause, true);
        match (&clause.kind, comparison) {
            (HistoryKind::Any | HistoryKind::No, _) => {
                let one = Term::Constant(Constant::Number(rust_decimal::Decimal::ONE));
                let node = Node::Measure { history: quantity.id?, relation: Relation::AtLeast, right: one };
                let any = self.conditions.add(node, at);
                Some(if matches!(clause.kind, HistoryKind::No) { self.not(any, at) } else { any })
            }
            (_, Some(comparison)) => self.measured(&quantity, comparison, at),
            (_, None) => {
                self.problems.push(not_compared(clause));
                None
            }
        }
    }

    fn measured(&mut self, quantity: &Quantity, comparison: &Comparison, at: Span) -> Option<ConditionId> {
        let as_field = quantity.as_field.as_ref()?;
        // What it is compared with is looked at even where the clause has an error.
        let mut measure = |relation, value| {
            let right = self.term(as_field, value);
            let node = Node::Measure { history: quantity.id?, relation, right: right? };
            Some(self.conditions.add(node, at))
        };
        match comparison {
            Comparison::Is(value) => measure(Relation::Is, value),
            Comparison::AtLeast(value) => measure(Relation::AtLeast, value),
            Comparison::AtMost(value) => measure(Relation::AtMost, value),
            Comparison::Above(value) => measure(Relation::Above, value),
            Comparison::Below(value) => measure(Relation::Below, value),
            Comparison::IsNot(value) => {
                let is = measure(Relation::Is, value)?;
                Some(self.not(is, at))
            }
            Comparison::Between(low, high) => {
                let parts = [measure(Relation::AtLeast, low), measure(Relation::AtMost, high)];
                let parts: Vec<ConditionId> = parts.into_iter().collect::<Option<_>>()?;
                Some(self.conditions.add(Node::All(parts.into()), at))
            }
            other => {
                let message = format!("`{}` cannot be asked of {}", other.words(), as_field.name);
                self.problems.push(
                    Diagnostic::new(codes::NO_SUCH_COMPARISON, message, at, "")
                        .with_help("ask with `is`, `at least`, `at most`, `above`, `below` or `between`"),
                );
                None
            }
        }
    }

    /// Makes the quantity of a clause. `needs_key`: whether it must say per what it is counted.
    pub(super) fn quantity(&mut self, clause: &HistoryClause, needs_key: bool) -> Quantity {
        let of = match &clause.kind {
            HistoryKind::Sum(word) | HistoryKind::Average(word) => Some(self.summed(word)),
            _ => None,
        };
        let of_kind = of.as_ref().and_then(|of| of.as_ref().map(|(_, field)| field));
        let is_known = of.as_ref().is_none_or(Option::is_some);
        let as_field = is_known.then(|| as_field(&clause.kind, of_kind));
        let id = self.look_back(clause, of.as_ref(), needs_key);
        Quantity { id, as_field }
    }

    /// Makes the clause; every part of it is looked at, so that all its errors are told.
    fn look_back(
        &mut self,
        clause: &HistoryClause,
        of: Option<&Option<(FieldId, Field)>>,
        needs_key: bool,
    ) -> Option<HistoryId> {
        let known_noun = self.noun(&clause.noun);
        let keys: Vec<Option<KeyPair>> = clause.per.iter().map(|word| self.key(word)).collect();
        let keys: Option<Vec<KeyPair>> = keys.into_iter().collect();
        if needs_key && clause.per.is_empty() {
            self.problems.push(without_key(clause));
        }
        let window = self.window(clause);
        let filter = clause.filter.as_ref().map(|filter| self.condition(filter));
        let among = clause.among.as_ref().map(|among| self.condition(among));
        self.require_time_roles(window, clause.span)?;
        if !known_noun || (needs_key && clause.per.is_empty()) {
            return None;
        }
        let (filter, among) = (all_or_none(filter)?, all_or_none(among)?);
        let of = of.map(|of| of.as_ref().map(|(of, _)| *of));
        let (function, filter) = match (&clause.kind, of) {
            (HistoryKind::Sum(_), Some(of)) => (Function::Sum(of?), filter),
            (HistoryKind::Average(_), Some(of)) => (Function::Average(of?), filter),
            (HistoryKind::Share, _) => (Function::Share(filter?), among),
            (HistoryKind::TimeSinceLast, _) => (Function::TimeSinceLast, filter),
            _ => (Function::Count, filter),
        };
        let history = History { function, filter, keys: keys?.into(), window: window?, origin: clause.span };
        Some(self.conditions.look_back(history))
    }

    /// Says whether the records are called by the name that they have.
    fn noun(&mut self, noun: &Word) -> bool {
        let known = matches!(noun.text.to_lowercase().as_str(), "episode" | "episodes");
        if !known {
            let message = format!("a log holds episodes, and no `{}`", noun.text);
            self.problems.push(
                Diagnostic::new(codes::UNKNOWN_RECORDS, message, noun.span, "what is counted here?")
                    .with_help("write `episodes`; say with `where` which of them are meant"),
            );
        }
        known
    }

    fn key(&mut self, word: &Word) -> Option<KeyPair> {
        let (id, field) = self.field(word)?;
        if field.known_afterwards {
            let message = format!("`{}` is known only afterwards, so episodes cannot be gathered by it", field.name);
            self.problems.push(
                Diagnostic::new(codes::HINDSIGHT, message, word.span, "nobody knew this when the decision was taken")
                    .with_label(field.origin, "declared as known afterwards")
                    .with_help("gather by what was known at the time: `trainee.id`"),
            );
            return None;
        }
        if matches!(field.kind, FieldType::SetOfKind(_) | FieldType::SetOfIdentity | FieldType::Instant) {
            let message =
                format!("episodes cannot be gathered by `{}`, which is {}", field.name, self.type_words(field.kind));
            self.problems.push(
                Diagnostic::new(codes::UNFIT_KEY, message, word.span, "does not fit after `per`")
                    .with_help("name a field with one exact value: a person, a kind, a number, a date"),
            );
            return None;
        }
        Some(KeyPair { stored: id, asked: id })
    }

    /// Finds the field of a sum or average.
    fn summed(&mut self, word: &Word) -> Option<(FieldId, Field)> {
        let (id, field) = self.field(word)?;
        let fits = matches!(
            field.kind,
            FieldType::Number(_) | FieldType::WholeNumber(_) | FieldType::Percent(_) | FieldType::Duration
        );
        if !fits {
            let message = format!("`{}` is {}, and has no sum", field.name, self.type_words(field.kind));
            self.problems.push(
                Diagnostic::new(codes::TYPES_DIFFER, message, word.span, "not a quantity")
                    .with_help("name a number, a percentage or a duration"),
            );
        }
        fits.then_some((id, field))
    }

    fn window(&mut self, clause: &HistoryClause) -> Option<Window> {
        let Some(window) = &clause.window else {
            if matches!(clause.kind, HistoryKind::TimeSinceLast) {
                return Some(Window::ToDate);
            }
            self.problems.push(without_window(clause));
            return None;
        };
        Some(match &window.kind {
            WindowKind::InThePast(length) => Window::InThePast(self.window_length(length)?),
            WindowKind::InAny(length) => Window::InAny(self.window_length(length)?),
            WindowKind::ToDate => Window::ToDate,
            WindowKind::AtTheSameTime => Window::AtTheSameTime,
        })
    }

    /// Reads the length of a window; where an episode's time is a date, it must be whole days.
    fn window_length(&mut self, written: &crate::syntax::ast::Value) -> Option<Length> {
        let length = self.length(written)?;
        if let (true, Length::Exact(duration)) = (self.vocabulary.counts_days(), length)
            && whole_days(duration).is_none()
        {
            let message = "episodes have a date and no time, so a window must be whole days";
            self.problems.push(
                Diagnostic::new(codes::OUT_OF_RANGE, message, written.span, "not a whole number of days")
                    .with_help("write it in days or weeks"),
            );
            return None;
        }
        Some(length)
    }

    /// History needs to know when a record happened; `at the same time`, from when to when it lasted.
    fn require_time_roles(&mut self, window: Option<Window>, at: Span) -> Option<()> {
        let wanted: &[Role] = match window {
            Some(Window::AtTheSameTime) => &[Role::Start, Role::End],
            _ => &[Role::Time],
        };
        let missing = wanted.iter().find(|role| self.vocabulary.role(**role).is_none());
        let Some(missing) = missing.map(|role| role.words()) else { return Some(()) };
        if self.unread.role {
            return None;
        }
        let message =
            format!("vocabulary `{}` does not say which field has the role `{missing}`", self.vocabulary.name);
        self.problems.push(
            Diagnostic::new(codes::ROLE_NOT_BOUND, message, at, "asks when other episodes happened")
                .with_help(format!("add `role {missing}` to a field of the vocabulary")),
        );
        None
    }
}

/// Gives what is inside, or `None` if that was reported.
#[expect(clippy::option_option, reason = "a clause that is not there, and one that has an error, are two things")]
fn all_or_none(part: Option<Option<ConditionId>>) -> Option<Option<ConditionId>> {
    match part {
        None => Some(None),
        Some(made) => made.map(Some),
    }
}

/// Makes a field that stands for a quantity where it is compared.
fn as_field(kind: &HistoryKind, of: Option<&Field>) -> Field {
    let unbounded = Range::default();
    let from_zero = |high: Option<i64>| Range { low: Some(0.into()), high: high.map(Into::into) };
    let (name, kind) = match (kind, of.map(|field| field.kind)) {
        (HistoryKind::Sum(_), Some(FieldType::WholeNumber(_))) => ("the sum", FieldType::WholeNumber(unbounded)),
        (HistoryKind::Sum(_), Some(kind)) => ("the sum", without_range(kind)),
        (HistoryKind::Average(_), Some(kind)) => ("the average", without_range(kind)),
        (HistoryKind::Share, _) => ("the share", FieldType::Percent(from_zero(Some(100)))),
        (HistoryKind::TimeSinceLast, _) => ("the time since the last", FieldType::Duration),
        _ => ("the count", FieldType::WholeNumber(from_zero(None))),
    };
    Field {
        name: name.to_owned(),
        title: String::new(),
        kind,
        role: None,
        known_afterwards: false,
        known_at: None,
        chosen: false,
        judged: false,
        path: String::new(),
        origin: Span::new(crate::source::SourceId(0), 0, 0),
    }
}

/// Gives the type without its bounds: a sum may be greater than each of its parts, an average has fractions.
fn without_range(kind: FieldType) -> FieldType {
    match kind {
        FieldType::Number(_) | FieldType::WholeNumber(_) => FieldType::Number(Range::default()),
        FieldType::Percent(_) => FieldType::Percent(Range::default()),
        other => other,
    }
}

fn not_compared(clause: &HistoryClause) -> Diagnostic {
    let (what, example) = match clause.kind {
        HistoryKind::Share | HistoryKind::Average(_) | HistoryKind::Sum(_) => ("a quantity", "at most 20"),
        HistoryKind::TimeSinceLast => ("a length of time", "at most 90 days"),
        _ => ("a number", "at most 2"),
    };
    let message = format!("this is {what}, so it cannot stand alone as a condition");
    Diagnostic::new(codes::NOT_A_CONDITION, message, clause.span, "what is asked of it?")
        .with_help(format!("say what is asked, after the window: `… {example}`"))
}

fn without_key(clause: &HistoryClause) -> Diagnostic {
    let message = "this does not say whose episodes are meant";
    Diagnostic::new(codes::WITHOUT_KEY, message, clause.span, "per what?")
        .with_help("add it before the window: `per trainee.id in the past 30 days`")
}

fn without_window(clause: &HistoryClause) -> Diagnostic {
    let message = "this does not say over what time episodes are meant";
    Diagnostic::new(codes::WITHOUT_WINDOW, message, clause.span, "over what time?")
        .with_help("close it with the time: `in the past 30 days`, or `to date`")
}
