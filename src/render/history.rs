//! What came before, in plain English: which episodes are looked at, and what is asked of them.

use crate::policy::{
    ConditionId, FieldId, Function, History, HistoryId, Length, Relation, Term, Value, Window, number,
};

use super::condition::{Mood, Said};
use super::document::Inline;
use super::words::{Words, joined, t};

impl Words<'_> {
    /// Says a comparison of what the past comes to.
    pub(super) fn measure(
        &self,
        history: HistoryId,
        relation: Relation,
        right: &Term,
        negated: bool,
        mood: Mood,
    ) -> Said {
        let Some(history) = self.version.conditions.history(history) else { return Said::default() };
        let (relation, negated) = relation.turned(negated);
        let amount = Amount { relation, negated, right };
        match history.function {
            Function::Count => self.count(history, &amount, mood),
            Function::Sum(of) => self.total(of, ["adds up to ", "must add up to "], history, &amount, mood),
            Function::Average(of) => self.total(of, ["averages ", "must average "], history, &amount, mood),
            Function::Share(counted) => self.share(counted, history, &amount, mood),
            Function::TimeSinceLast => self.time_since(history, &amount, mood),
        }
    }

    fn count(&self, history: &History, amount: &Amount<'_>, mood: Mood) -> Said {
        let there = |is: &str| format!("there {}", if mood == Mood::Must { "must be" } else { is });
        let none = || self.which(vec![Inline::Text(format!("{} no ", there("is")))], history, Number::One);
        match (amount.relation, amount.negated, amount.number().as_deref()) {
            (Relation::AtLeast, false, Some("1")) | (Relation::Above, false, Some("0")) => {
                // "an episode", "an earlier episode", "another episode"
                let article = if matches!(history.window, Window::AtTheSameTime) { "an" } else { "an " };
                self.which(vec![Inline::Text(format!("{} {article}", there("is")))], history, Number::One)
            }
            (Relation::Below, false, Some("1")) | (Relation::AtMost | Relation::Is, false, Some("0")) => none(),
            (_, _, number) => {
                let one = number == Some("1");
                let mut words = vec![Inline::Text(format!("{} ", there(if one { "is" } else { "are" })))];
                words.extend(self.amount(amount, history, "fewer than"));
                words.push(t(" "));
                self.which(words, history, if one { Number::One } else { Number::Several })
            }
        }
    }

    fn total(&self, of: FieldId, verbs: [&str; 2], history: &History, amount: &Amount<'_>, mood: Mood) -> Said {
        let [is, must] = verbs;
        let mut words = self.field(of);
        words.push(Inline::Text(format!(" {}", if mood == Mood::Must { must } else { is })));
        words.extend(self.amount(amount, history, "less than"));
        words.push(t(" over the "));
        self.which(words, history, Number::Several)
    }

    fn share(&self, counted: ConditionId, history: &History, amount: &Amount<'_>, mood: Mood) -> Said {
        let among = self.which(vec![t("among the ")], history, Number::Several);
        let mut asked = vec![t(", ")];
        asked.extend(self.amount(amount, history, "less than"));
        asked.push(t(if mood == Mood::Must { " must be ones in which " } else { " are ones in which " }));
        let counted = self.condition(counted, Mood::Is);
        if among.items.is_empty() {
            let words = [among.words, asked, counted.words].concat();
            return Said { words, items: counted.items };
        }
        // Both are long: the list names what is looked at, and what is asked of it.
        let mut words = vec![t("of the episodes looked at, ")];
        words.extend(self.amount(amount, history, "less than"));
        words.push(t(if mood == Mood::Must { " must count" } else { " count" }));
        let looked_at = self.which(vec![t("looked at are the ")], history, Number::Several);
        let counted = counted.after("of these, those count in which ");
        Said { words, items: vec![looked_at.item(), counted.item()] }
    }

    fn time_since(&self, history: &History, amount: &Amount<'_>, mood: Mood) -> Said {
        let mut words = self.amount(amount, history, "less than");
        let passed = if mood == Mood::Must { "must have passed" } else { "have passed" };
        // After none, every length of time has passed.
        let or_none = matches!(amount.relation, Relation::AtLeast | Relation::Above) || amount.negated;
        words.push(Inline::Text(format!(" {passed} since the last ")));
        let noun = words.len();
        let mut said = self.which(words, history, Number::One);
        if let Some(Inline::Text(noun)) = said.words.get_mut(noun).filter(|_| or_none) {
            noun.push_str(" (if there is any)");
        }
        said
    }

    /// Says how much is asked: "at least 2".
    fn amount(&self, amount: &Amount<'_>, history: &History, less_than: &str) -> Vec<Inline> {
        let words = match (amount.relation, amount.negated) {
            (Relation::AtLeast, _) => "at least",
            (Relation::AtMost, _) => "at most",
            (Relation::Above, _) => "more than",
            (Relation::Below, _) => less_than,
            (_, false) => "exactly",
            (_, true) => "not exactly",
        };
        let mut said = vec![Inline::Text(format!("{words} "))];
        let unit = match history.function {
            Function::Sum(of) | Function::Average(of) => of,
            _ => FieldId(0),
        };
        said.extend(self.term(amount.right, unit));
        said
    }

    /// Says which episodes are looked at: "earlier episodes with the same “Trainee” in the 30 days before, in which …".
    fn which(&self, mut words: Vec<Inline>, history: &History, number: Number) -> Said {
        let s = if number == Number::One { "" } else { "s" };
        words.push(Inline::Text(match history.window {
            Window::InThePast(_) | Window::ToDate => format!("earlier episode{s}"),
            Window::InAny(_) => format!("episode{s}"),
            Window::AtTheSameTime => format!("other episode{s}"),
        }));
        words.extend(self.same(history));
        match history.window {
            Window::InThePast(length) => {
                words.push(Inline::Text(format!(" in the {} before this one", without_one(length))))
            }
            Window::InAny(length) => {
                words.push(Inline::Text(format!(" in the {} up to and including this one", without_one(length))));
            }
            Window::ToDate => {}
            Window::AtTheSameTime => {
                let overlaps = if number == Number::One { "overlaps" } else { "overlap" };
                words.push(Inline::Text(format!(" that {overlaps} this one in time")));
            }
        }
        self.in_which(words, ", in which ", history.filter)
    }

    /// Says what the counted episodes have in common with this one.
    pub(super) fn same(&self, history: &History) -> Vec<Inline> {
        if history.keys.is_empty() {
            return Vec::new();
        }
        let mut words = vec![t(" with the same ")];
        words.extend(joined(history.keys.iter().map(|key| self.field(key.asked)).collect(), "and"));
        words
    }

    /// Adds what must hold of the episodes themselves.
    pub(super) fn in_which(&self, mut words: Vec<Inline>, joining: &str, filter: Option<ConditionId>) -> Said {
        let Some(filter) = filter else { return Said::short(words) };
        let said = self.condition(filter, Mood::Is);
        words.push(t(joining));
        words.extend(said.words);
        Said { words, items: said.items }
    }
}

/// Says "year" for "1 year".
fn without_one(length: Length) -> String {
    let words = length.words();
    words.strip_prefix("1 ").map_or(words.clone(), str::to_owned)
}

/// What a quantity is compared with, every `not` of an order turned round.
struct Amount<'a> {
    relation: Relation,
    negated: bool,
    right: &'a Term,
}

impl Amount<'_> {
    fn number(&self) -> Option<String> {
        match self.right {
            Term::Constant(Value::Number(value)) => Some(number::write(*value)),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Number {
    One,
    Several,
}
