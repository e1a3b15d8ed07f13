//! Conditions in every form of the language, as text; what looks back comes from `history`.

use super::generate::Chooser;
use super::history::Looking;
use super::table::{self, Tabled};
use super::vocabulary::{Field, Type, Words};

/// Writes conditions of one version.
#[derive(Clone)]
pub(crate) struct Conditions<'w> {
    words: &'w Words,
    /// All fields that rules may read.
    fields: Vec<Field>,
    /// The few that most conditions are about, so that rules meet.
    focus: Vec<Field>,
    /// The names that `define` has given so far.
    pub(crate) defined: Vec<String>,
    /// The decision tables of the policy.
    pub(crate) tables: Vec<Tabled>,
    /// Writes what looks back, where that is allowed.
    pub(crate) looking: Option<Box<Looking<'w>>>,
}

impl<'w> Conditions<'w> {
    pub(crate) fn new(words: &'w Words, annex: bool, choose: &mut Chooser) -> Self {
        let readable = words.fields.iter().filter(|field| field.readable && (annex || !field.annex));
        let fields: Vec<Field> = readable.filter(|field| !field.afterwards).cloned().collect();
        let mut focus = choose.some(&fields, 6);
        if choose.chance(40) {
            let times: Vec<Field> = fields.iter().filter(|field| field.kind == Type::Instant).cloned().collect();
            focus.extend([choose.pick_of(&times).clone(), choose.pick_of(&times).clone()]);
        }
        Self { words, fields, focus, defined: vec![], tables: vec![], looking: None }
    }

    /// Gives what may also read what is known only afterwards, and often does.
    pub(crate) fn with_hindsight(&self, choose: &mut Chooser) -> Self {
        let afterwards: Vec<Field> = self.words.fields.iter().filter(|field| field.afterwards).cloned().collect();
        let mut seeing = self.clone();
        seeing.focus.truncate(2);
        seeing.focus.extend(choose.some(&afterwards, 4));
        seeing.fields.extend(afterwards);
        seeing
    }

    /// The fields of some types that rules may read.
    pub(crate) fn fields_of(&self, is_meant: impl Fn(&Field) -> bool) -> Vec<&Field> {
        self.fields.iter().filter(|field| is_meant(field)).collect()
    }

    /// Writes the condition of a clause, of at most so many levels of connectives.
    pub(crate) fn clause(&self, depth: usize, choose: &mut Chooser) -> String {
        self.condition(depth, 4, choose)
    }

    /// Writes a condition that stands alone: in a clause, in parentheses or behind a dash. Lists get their dashes at `column`.
    fn condition(&self, depth: usize, column: usize, choose: &mut Chooser) -> String {
        if depth == 0 {
            return self.operand(0, column, choose);
        }
        match choose.below(8) {
            0..=2 => self.operand(depth, column, choose),
            3 => self.chain(" and ", depth, column, choose),
            4 => self.chain(" or ", depth, column, choose),
            5 => self.list("all of", depth, column, choose),
            6 => self.list("any of", depth, column, choose),
            _ => format!("not {}", self.operand(depth, column, choose)),
        }
    }

    fn chain(&self, joint: &str, depth: usize, column: usize, choose: &mut Chooser) -> String {
        let count = 2 + choose.below(2);
        let operands: Vec<String> = (0..count).map(|_| self.operand(depth - 1, column, choose)).collect();
        operands.join(joint)
    }

    fn list(&self, heading: &str, depth: usize, column: usize, choose: &mut Chooser) -> String {
        let count = 1 + choose.below(3);
        let mut text = heading.to_owned();
        for _ in 0..count {
            text += &format!("\n{:column$}- {}", "", self.condition(depth - 1, column + 2, choose));
        }
        text
    }

    /// Writes what may stand beside `and` and `or`.
    fn operand(&self, depth: usize, column: usize, choose: &mut Chooser) -> String {
        if depth > 0 && choose.chance(40) {
            return format!("({})", self.condition(depth, column + 2, choose));
        }
        if !self.defined.is_empty() && choose.chance(15) {
            return choose.pick_of(&self.defined).clone();
        }
        if let Some(looking) = &self.looking
            && choose.chance(25)
        {
            return format!("({})", looking.clause(choose));
        }
        if !self.tables.is_empty() && choose.chance(12) {
            return table::comparison(self, self.words, choose);
        }
        if choose.chance(6) {
            return format!("not {}", self.comparison(choose));
        }
        self.comparison(choose)
    }

    // ---- one field ---------------------------------------------------------------------------------------------------

    fn comparison(&self, choose: &mut Chooser) -> String {
        let among = if choose.chance(15) { &self.fields } else { &self.focus };
        let field = choose.pick_of(among).clone();
        match field.kind {
            _ if choose.chance(8) => format!("{} is {}", field.name, choose.pick(["present", "missing"])),
            Type::Boolean => self.about_boolean(&field, choose),
            kind if kind.is_set() => self.about_set(&field, choose),
            kind if kind.is_time() => self.about_time(&field, choose),
            kind if kind.is_ordered() && choose.chance(65) => self.about_order(&field, choose),
            _ => self.about_equality(&field, choose),
        }
    }

    fn about_boolean(&self, field: &Field, choose: &mut Chooser) -> String {
        match choose.below(6) {
            0..=2 => field.name.to_owned(),
            3 => format!("not {}", field.name),
            4 => format!("{} {} {}", field.name, choose.pick(["is", "is not"]), choose.pick(["true", "false"])),
            _ => match self.another(field, choose) {
                Some(other) => format!("{} {} {other}", field.name, choose.pick(["is", "is not"])),
                None => field.name.to_owned(),
            },
        }
    }

    fn about_equality(&self, field: &Field, choose: &mut Chooser) -> String {
        if choose.chance(35) {
            return self.one_of(field, choose);
        }
        format!("{} {} {}", field.name, choose.pick(["is", "is not"]), self.term(field, choose))
    }

    fn one_of(&self, field: &Field, choose: &mut Chooser) -> String {
        let mut values = choose.some(&field.kind.constants(self.words), 3);
        if let Some(other) = self.another(field, choose)
            && choose.chance(15)
        {
            values.push(other.to_owned());
        }
        format!("{} {} {}", field.name, choose.pick(["is one of", "is not one of"]), values.join(", "))
    }

    fn about_order(&self, field: &Field, choose: &mut Chooser) -> String {
        if choose.chance(25) {
            return self.between(field, choose);
        }
        let words = choose.pick(["at least", "at most", "above", "below", ">=", "is at most"]);
        format!("{} {words} {}", field.name, self.term(field, choose))
    }

    fn between(&self, field: &Field, choose: &mut Chooser) -> String {
        let constants = field.kind.constants(self.words);
        let bounds = choose.some(&constants, 2);
        let low = bounds.first().unwrap().clone();
        let high = match self.another(field, choose) {
            Some(other) if choose.chance(25) => other.to_owned(),
            _ if choose.chance(4) => field.name.to_owned(),
            _ if bounds.len() > 1 => bounds.last().unwrap().clone(),
            _ => constants.last().unwrap().clone(),
        };
        format!("{} between {low} and {high}", field.name)
    }

    fn about_time(&self, field: &Field, choose: &mut Chooser) -> String {
        if field.kind == Type::Instant && choose.chance(15) {
            return format!("{} between {}", field.name, choose.pick(TIMES_OF_DAY));
        }
        match choose.below(8) {
            0..=3 => format!("{} {} {}", field.name, choose.pick(["before", "after"]), self.moment(field, choose)),
            4 => format!("{} {} {}", field.name, choose.pick(["is", "is not"]), self.moment(field, choose)),
            5 => self.between(field, choose),
            6 => self.one_of(field, choose),
            _ => self.within(field, choose),
        }
    }

    /// `X within D before Y`; in whole days where one of them is a date.
    fn within(&self, field: &Field, choose: &mut Chooser) -> String {
        let times: Vec<&Field> =
            self.fields.iter().filter(|other| other.kind.is_time() && other.name != field.name).collect();
        let other = *choose.pick_of(&times);
        let days = field.kind == Type::Date || other.kind == Type::Date;
        let distance = if days {
            choose.pick(["1 day", "2 days", "1 week"])
        } else {
            choose.pick(["1 hour", "1 day", "30 minutes", "2 weeks", "24 hours"])
        };
        format!("{} within {distance} {} {}", field.name, choose.pick(["before", "after"]), other.name)
    }

    /// A constant, or a field that is a date or an instant; rarely the field itself.
    fn moment(&self, field: &Field, choose: &mut Chooser) -> String {
        if choose.chance(4) {
            return field.name.to_owned();
        }
        if choose.chance(40) {
            let times: Vec<&Field> =
                self.fields.iter().filter(|other| other.kind.is_time() && other.name != field.name).collect();
            return choose.pick_of(&times).name.to_owned();
        }
        choose.pick_of(&field.kind.constants(self.words)).clone()
    }

    fn about_set(&self, field: &Field, choose: &mut Chooser) -> String {
        let members = field.kind.constants(self.words);
        match choose.below(5) {
            0 | 1 => format!("{} includes {}", field.name, choose.pick_of(&members)),
            2 => format!("{} includes any of {}", field.name, choose.some(&members, 3).join(", ")),
            3 => format!("{} includes all of {}", field.name, choose.some(&members, 2).join(", ")),
            _ => {
                let one = if field.kind == Type::SetOfIdentity { "rescue.by" } else { "strategy" };
                format!("{} includes {one}", field.name)
            }
        }
    }

    /// A constant, or another field of a type that compares.
    fn term(&self, field: &Field, choose: &mut Chooser) -> String {
        match self.another(field, choose) {
            Some(other) if choose.chance(25) => other.to_owned(),
            _ => choose.pick_of(&field.kind.constants(self.words)).clone(),
        }
    }

    fn another(&self, field: &Field, choose: &mut Chooser) -> Option<&'static str> {
        let same: Vec<&'static str> = self
            .fields
            .iter()
            .filter(|other| other.kind.compares_with(field.kind) && other.name != field.name)
            .map(|other| other.name)
            .collect();
        if same.is_empty() { None } else { Some(*choose.pick_of(&same)) }
    }
}

/// Times of day: of one day, and past midnight.
const TIMES_OF_DAY: [&str; 7] = [
    "22:00 and 07:00",
    "08:15 and 17:00",
    "12:00 and 12:01",
    "00:00 and 08:15",
    "01:30 and 03:30",
    "23:59 and 00:00",
    "12:00 and 24:00",
];
