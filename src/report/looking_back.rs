//! History in words: what a clause came to, and which episodes it counted.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use crate::diagnostic::Label;
use crate::judge::{Bound, Itself, Looked, Measured, Past, Ratio, Truth};
use crate::policy::time::write_duration;
use crate::policy::{FieldId, FieldType, Function, History, Relation, Term, Value, Version};

use super::identities::Identities;

/// How many episodes a sentence names.
const MOST_NAMED: usize = 8;

/// How many of them a message shows with their lines.
const MOST_SHOWN: usize = 4;

/// Speaks about what one record's history clauses looked at.
#[derive(Clone, Copy)]
pub(super) struct Backward<'a> {
    pub(super) version: &'a Version,
    /// The version's number among those of the policy.
    pub(super) at: usize,
    pub(super) past: &'a Past<'a>,
    pub(super) identities: &'a Identities,
}

impl Backward<'_> {
    /// Says what a clause came to: "the count of episodes per `trainee.id` in any 30 days is 3, counting this one (…)".
    pub(super) fn fact(&self, history: &History, looked: &Looked) -> String {
        let tail = format!("{}{}", itself_words(looked.itself), self.named(looked));
        match (history.function, looked.measured) {
            (Function::Count, Measured::Between(Bound::At(low), Bound::At(high))) => {
                format!("{}{tail}", self.counted(history, low, high))
            }
            _ => format!("{} {}{tail}", self.quantity(history), self.measured(history, looked.measured)),
        }
    }

    /// Says how many there are: "there are 3 episodes per `trainee.id` in any 30 days".
    fn counted(&self, history: &History, low: Ratio, high: Ratio) -> String {
        let such = if history.filter.is_some() { "such " } else { "" };
        let (per, window) = (self.per(history), history.window.words());
        match (low.sum.mantissa, high.sum.mantissa) {
            (0, 0) => format!("there is no {such}episode{per} {window}"),
            (1, 1) => format!("there is 1 {such}episode{per} {window}"),
            (low, high) if low == high => format!("there are {low} {such}episodes{per} {window}"),
            (0, 1) => format!("there is perhaps 1 {such}episode{per} {window}"),
            (low, high) => format!("there are {low} to {high} {such}episodes{per} {window}"),
        }
    }

    /// Says what a limit came to: "this is the third per `trainee.id` in any 30 days, counting this one (…), and …".
    pub(super) fn limit(&self, history: &History, looked: &Looked, right: &Term) -> Option<String> {
        let Measured::Between(Bound::At(low), Bound::At(high)) = looked.measured else { return None };
        let (Function::Count, Term::Constant(Value::Number(most))) = (history.function, right) else { return None };
        let number = usize::try_from(low.sum.mantissa).ok().filter(|_| low == high)?;
        let per = self.per(history);
        let window = history.window.words();
        let most = crate::policy::number::write(*most);
        Some(format!(
            "this is the {}{per} {window}, counting this one{}, and at most {most} {}",
            ordinal(number),
            self.named(looked),
            if most == "1" { "is allowed" } else { "are allowed" },
        ))
    }

    fn quantity(&self, history: &History) -> String {
        let field = |id: FieldId| self.version.vocabulary.field_name(id);
        let such = if history.filter.is_some() { "such episodes" } else { "episodes" };
        let what = match history.function {
            Function::Count => format!("the count of {such}"),
            Function::Sum(of) => format!("the sum of `{}` over {such}", field(of)),
            Function::Average(of) => format!("the average of `{}` over {such}", field(of)),
            Function::Share(_) => format!("the share of {such}"),
            Function::TimeSinceLast => "the time since the last such episode".to_owned(),
        };
        let window = if history.function == Function::TimeSinceLast {
            String::new()
        } else {
            format!(" {}", history.window.words())
        };
        format!("{what}{}{window}", self.per(history))
    }

    fn per(&self, history: &History) -> String {
        let names = history.keys.iter().map(|key| format!("`{}`", self.version.vocabulary.field_name(key.asked)));
        let names: Vec<String> = names.collect();
        if names.is_empty() { String::new() } else { format!(" per {}", names.join(", ")) }
    }

    fn measured(&self, history: &History, measured: Measured) -> String {
        let number = |ratio: Ratio| self.number(history, ratio);
        match measured {
            Measured::Unknown => "is not known, since this episode has no time or no key for it".to_owned(),
            Measured::NoValue => "has no value, since there are none".to_owned(),
            Measured::Between(Bound::Highest, Bound::Highest) => "is without end, since there is none".to_owned(),
            Measured::Between(Bound::At(low), Bound::At(high)) if low == high => format!("is `{}`", number(low)),
            Measured::Between(Bound::At(low), Bound::At(high)) => {
                format!("lies between `{}` and `{}`", number(low), number(high))
            }
            Measured::Between(Bound::At(low), _) => format!("is at least `{}`", number(low)),
            Measured::Between(_, Bound::At(high)) => format!("is at most `{}`", number(high)),
            Measured::Between(..) => "may be anything".to_owned(),
        }
    }

    /// Writes a bound in the unit of its clause.
    pub(super) fn number(&self, history: &History, ratio: Ratio) -> String {
        let kind = match history.function {
            Function::Sum(of) | Function::Average(of) => self.version.vocabulary.field(of).map(|field| field.kind),
            Function::Share(_) => Some(FieldType::Percent(crate::policy::Range::default())),
            Function::TimeSinceLast => Some(FieldType::Duration),
            Function::Count => None,
        };
        match kind {
            Some(FieldType::Duration) => elapsed(ratio),
            Some(FieldType::Percent(_)) => format!("{} %", decimal(ratio)),
            _ => decimal(ratio),
        }
    }

    /// Names the episodes that were counted, with their dates.
    fn named(&self, looked: &Looked) -> String {
        let skipped = looked.seen.len().saturating_sub(MOST_NAMED);
        let names: Vec<String> = looked
            .seen
            .iter()
            .skip(skipped)
            .map(|seen| {
                let perhaps = if seen.sure { "" } else { "perhaps " };
                format!("{perhaps}{}", self.name_and_date(seen.record))
            })
            .collect();
        let more = skipped + looked.more;
        let more = if more > 0 { format!(", and {more} more before") } else { String::new() };
        if names.is_empty() { String::new() } else { format!(" ({}{more})", names.join(", ")) }
    }

    /// Says so where the window reaches back before the log begins: the end of a sentence.
    pub(super) fn begins_within(&self, looked: &Looked) -> String {
        match (looked.from, self.past.begins()) {
            (Some(from), Some(begins)) if from < begins => {
                let begins = self.identities.written_time(local_day(begins, &self.version.zone));
                format!("; the log begins {} {begins}, within that time", if begins.len() == 4 { "in" } else { "on" })
            }
            _ => String::new(),
        }
    }

    fn name_and_date(&self, record: u32) -> String {
        let name = self.name(record);
        match self.date(record) {
            Some(date) if self.identities.is_for_committee() => format!("{name} in {date}"),
            Some(date) => format!("{name} on {date}"),
            None => name,
        }
    }

    pub(super) fn name(&self, record: u32) -> String {
        let id = self.past.record(record).map(|record| record.id).filter(|id| !id.is_empty());
        id.map_or_else(|| "one without an id".to_owned(), |id| self.identities.episode(&id))
    }

    /// Gives the local day of a record, or the days between which it lies.
    pub(super) fn date(&self, record: u32) -> Option<String> {
        let (first, last) = self.past.time(self.at, record)?;
        let day = |at| self.identities.written_time(local_day(at, &self.version.zone));
        let (first, last) = (day(first), day(last));
        Some(if first == last { first } else { format!("{first} to {last}") })
    }

    /// Shows where the counted episodes stand: the last few of them.
    pub(super) fn labels(&self, looked: &Looked) -> Vec<Label> {
        let path =
            self.version.vocabulary.role(crate::policy::Role::Id).and_then(|id| self.version.vocabulary.field(id));
        let path = path.map_or("", |field| field.path.as_str());
        let label = |record: u32, sure: bool| {
            let place = super::findings::record_start(self.past.record(record)?.place);
            let words = if sure { "counted" } else { "perhaps counted" };
            let date = self.date(record).map(|date| format!(": {date}")).unwrap_or_default();
            Some(Label::in_log(place, format!("{words}{date}"), format!("{path}: {}", self.name(record))))
        };
        let shown = looked.seen.iter().rev().take(MOST_SHOWN).rev();
        shown.filter_map(|seen| label(seen.record, seen.sure)).collect()
    }
}

fn itself_words(itself: Itself) -> &'static str {
    match itself {
        Itself::LeftOut => "",
        Itself::Counted(Truth::True) => ", counting this one",
        Itself::Counted(Truth::False) => ", not counting this one",
        Itself::Counted(Truth::Unknown) => ", and it is open whether this one counts",
    }
}

fn local_day(at: jiff::Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(at).date().to_string()
}

/// Writes a fraction as a decimal: exactly, or rounded to two places and marked so.
fn decimal(ratio: Ratio) -> String {
    let scale = i128::from(10u32).checked_pow(ratio.sum.scale).unwrap_or(i128::MAX);
    let of = i128::from(ratio.of).saturating_mul(scale);
    if of == 0 {
        return "0".to_owned();
    }
    let hundredths = ratio.sum.mantissa.saturating_mul(100);
    let (quotient, rest) = (hundredths / of, hundredths % of);
    let (sign, quotient) = if hundredths < 0 { ("-", -quotient) } else { ("", quotient) };
    let (whole, part) = (quotient / 100, quotient % 100);
    let digits = format!("{part:02}");
    let digits = digits.trim_end_matches('0');
    let written = if digits.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{digits}") };
    if rest == 0 { written } else { format!("about {written}") }
}

/// Writes nanoseconds as a length of time; long ones to the hour.
fn elapsed(ratio: Ratio) -> String {
    let of = i128::from(ratio.of).max(1);
    let seconds = i64::try_from(ratio.sum.mantissa / of / 1_000_000_000).unwrap_or(i64::MAX);
    let duration = SignedDuration::from_secs(seconds);
    let (day, hour) = (86_400, 3_600);
    match () {
        () if seconds < day || seconds % day == 0 => write_duration(duration),
        () => {
            let (days, hours) = (seconds / day, (seconds % day) / hour);
            let exact = seconds % hour == 0;
            let words = |count: i64, unit: &str| format!("{count} {unit}{}", if count == 1 { "" } else { "s" });
            let hours = if hours == 0 { String::new() } else { format!(" {}", words(hours, "hour")) };
            format!("{}{}{hours}", if exact { "" } else { "about " }, words(days, "day"))
        }
    }
}

/// Writes "third", and beyond the tenth "11th".
fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    if let Some(word) = number.checked_sub(1).and_then(|at| WORDS.get(at)) {
        return (*word).to_owned();
    }
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// Says what is asked of a quantity, after what it came to: ", and there must be at most `2`".
pub(super) fn asked(function: Function, relation: Relation, negated: bool, right: &str) -> String {
    match (function, super::wording::turned(relation, negated)) {
        (Function::Count, (Relation::Below, _)) => format!(", and there must be fewer than {right}"),
        (Function::Count, (Relation::Above, _)) => format!(", and there must be more than {right}"),
        (Function::Count, _) => format!(", and there must {}", demand(relation, negated, right)),
        _ => format!(", and it must {}", demand(relation, negated, right)),
    }
}

fn demand(relation: Relation, negated: bool, right: &str) -> String {
    let (relation, not) = super::wording::turned(relation, negated);
    let order = if relation == Relation::Is { String::new() } else { format!("{} ", relation.words()) };
    format!("{not}be {order}{right}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Exact;

    #[test]
    fn fractions_are_written_shortly() {
        let ratio = |sum, of| Ratio { sum: Exact::whole(sum), of };
        let written: Vec<String> =
            [(3, 1), (100, 3), (-5, 2), (5, 4), (0, 7), (1, 300)].map(|(sum, of)| decimal(ratio(sum, of))).into();
        assert_eq!(written, ["3", "about 33.33", "-2.5", "1.25", "0", "about 0"]);
    }

    #[test]
    fn lengths_are_written_in_days_and_hours() {
        let hours = |hours: i128| elapsed(Ratio::number(Exact::whole(hours * 3_600_000_000_000)));
        assert_eq!(
            [hours(5), hours(48), hours(49), hours(75)],
            ["5 hours", "2 days", "2 days 1 hour", "3 days 3 hours"]
        );
    }

    #[test]
    fn ordinals() {
        assert_eq!(
            [1, 3, 10, 11, 12, 21, 22, 113].map(ordinal),
            ["first", "third", "tenth", "11th", "12th", "21st", "22nd", "113th"]
        );
    }
}
