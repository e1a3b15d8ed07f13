//! The words of a generated world: scales, kinds and fields, and for each type the pools from which constants and
//! logged values come.

use super::generate::Chooser;

/// A type of the language. A list is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Boolean,
    Number { ranged: bool },
    Whole { ranged: bool },
    Percent { ranged: bool },
    Duration,
    Date,
    Instant,
    Text,
    Identity,
    Kind(&'static str),
    Scale(&'static str),
    SetOf(&'static str),
    SetOfIdentity,
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    /// Where the log has it.
    pub(crate) path: &'static str,
    /// What stands after the type.
    attributes: String,
    /// Whether only the extended vocabulary has it.
    pub(crate) annex: bool,
    /// Whether it may be read by rules.
    pub(crate) readable: bool,
    /// Whether it is known only afterwards.
    pub(crate) afterwards: bool,
}

#[derive(Debug, Clone)]
struct List {
    name: &'static str,
    ordered: bool,
    names: Vec<String>,
    /// For each name, how logs write it: in the language, which here is also JSON.
    written: Vec<Vec<String>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Words {
    lists: Vec<List>,
    pub(crate) fields: Vec<Field>,
}

impl Words {
    pub(crate) fn draw(choose: &mut Chooser) -> Self {
        let lists = [("risk", true), ("closeness", true), ("activity", false), ("strategy", false)]
            .map(|(name, ordered)| List::draw(name, ordered, choose));
        let mut words = Self { lists: lists.into(), fields: vec![] };
        words.add("id", Type::Text, "role id");
        words.hide();
        match choose.below(6) {
            0 => words.add("happened_on", Type::Date, "role time"),
            5 => words.add("occurred_at", Type::Instant, ""),
            _ => words.add("occurred_at", Type::Instant, "role time"),
        }
        words.add("asked", Type::Boolean, "");
        words.add("foreseen", Type::Boolean, "judged");
        let number = Type::Number { ranged: choose.chance(50) };
        words.add("score", number, "");
        words.add("score_before", number, "");
        let whole = Type::Whole { ranged: choose.chance(70) };
        words.add("patient.asa", whole, "");
        words.add("trainee.entrustment", whole, "judged");
        let percent = Type::Percent { ranged: choose.chance(50) };
        words.add("share", percent, "");
        words.add("share_before", percent, "");
        words.add("rescue.ready_within", Type::Duration, "role rescue readiness   chosen");
        words.add("took", Type::Duration, "");
        words.add("born_on", Type::Date, "");
        words.add("planned_on", Type::Date, "");
        words.add("briefed_at", Type::Instant, "");
        words.add("called_at", Type::Instant, "");
        words.add("goal", Type::Text, "");
        words.add("remark", Type::Text, "");
        words.add("trainee.id", Type::Identity, "");
        words.add("rescue.by", Type::Identity, "chosen");
        words.add("activity", Type::Kind("activity"), "");
        words.add("activity_planned", Type::Kind("activity"), "");
        words.add("patient.risk", Type::Scale("risk"), "role risk   judged");
        words.add("risk_before", Type::Scale("risk"), "");
        words.add("supervision", Type::Scale("closeness"), "role supervision   chosen");
        if choose.chance(30) {
            words.fields.last_mut().unwrap().path = "supervisor.level";
        }
        words.add("supervision_agreed", Type::Scale("closeness"), "");
        words.add("rescue.strategies", Type::SetOf("strategy"), "role rescue strategies   chosen");
        words.add("tried", Type::SetOf("strategy"), "");
        words.add("strategy", Type::Kind("strategy"), "");
        words.add("present_people", Type::SetOfIdentity, "");
        if choose.chance(60) {
            words.add("started_at", Type::Instant, "role start");
            words.add("ended_at", Type::Instant, "role end");
        }
        words.add_hindsight(choose);
        for (name, kind) in [("annex.flag", Type::Boolean), ("annex.at", Type::Instant)] {
            words.add(name, kind, "");
            words.fields.last_mut().unwrap().annex = true;
        }
        words
    }

    fn add(&mut self, name: &'static str, kind: Type, attributes: &str) {
        self.fields.push(Field {
            name,
            kind,
            path: name,
            attributes: attributes.to_owned(),
            annex: false,
            readable: true,
            afterwards: attributes.starts_with("known afterwards"),
        });
    }

    /// What is known only afterwards: from when, may be said or not.
    fn add_hindsight(&mut self, choose: &mut Chooser) {
        let mut from = |fields: &[&str]| match choose.below(fields.len() + 1) {
            0 => "known afterwards".to_owned(),
            at => format!("known afterwards at {}", fields[at - 1]),
        };
        self.add("outcome.known_at", Type::Instant, "known afterwards");
        self.add("outcome.harm", Type::Scale("risk"), &from(&["outcome.known_at", "outcome.known_at", "briefed_at"]));
        self.add("outcome.lasting", Type::Boolean, &from(&["outcome.known_at", "reported_on"]));
        self.add("outcome.cost", Type::Number { ranged: true }, &from(&["outcome.known_at", "reported_on"]));
        self.add("outcome.stay", Type::Duration, &from(&["outcome.known_at", "debriefed_at"]));
        self.add("debriefed_at", Type::Instant, &from(&["outcome.known_at"]));
        self.add("reported_on", Type::Date, "known afterwards");
    }

    /// The type of the field with the role `time`.
    pub(crate) fn time(&self) -> Option<Type> {
        self.fields.iter().find(|field| field.is_role_time()).map(|field| field.kind)
    }

    /// Says whether records have a start and an end.
    pub(crate) fn have_spans(&self) -> bool {
        self.fields.iter().any(|field| field.attributes == "role start")
    }

    /// Marks the last field as one that no rule reads.
    fn hide(&mut self) {
        self.fields.last_mut().unwrap().readable = false;
    }

    pub(crate) fn has_time(&self) -> bool {
        self.time().is_some()
    }

    /// Gives the levels of a scale, or the names of a kind.
    pub(crate) fn levels(&self, list: &str) -> &[String] {
        &self.list(list).names
    }

    fn list(&self, name: &str) -> &List {
        self.lists.iter().find(|list| list.name == name).unwrap()
    }

    /// Writes the vocabulary, and the one that extends it.
    pub(crate) fn text(&self) -> String {
        let lists: Vec<String> = self.lists.iter().map(List::text).collect();
        let fields =
            |annex| self.fields.iter().filter(move |field| field.annex == annex).map(Field::text).collect::<String>();
        format!(
            "vocabulary ward \"Generated\"\n\n{}\n{}\nvocabulary annex extends ward\n\n{}\n{INSTEAD_OF_THE_BUILT_IN}",
            lists.join("\n"),
            fields(false),
            fields(true)
        )
    }
}

/// A vocabulary of the name of the built-in one takes its place, and takes less time to read.
const INSTEAD_OF_THE_BUILT_IN: &str = "vocabulary clinical \"Not used\"\n\nfield remark text\n";

impl List {
    fn draw(name: &'static str, ordered: bool, choose: &mut Chooser) -> Self {
        let count = 2 + choose.below(3);
        let names: Vec<String> = (0..count).map(|at| format!("{name}_{at}")).collect();
        let mut forms = |at: usize| match choose.below(3) {
            0 => vec![],
            1 => vec![format!("\"{name} No. {at}\""), format!("\"{at}. {name}\"")],
            _ => vec![format!("{at}"), format!("\"{}{at}\"", name.to_uppercase())],
        };
        let written = (0..count).map(&mut forms).collect();
        Self { name, ordered, names, written }
    }

    fn text(&self) -> String {
        let entry = |(name, written): (&String, &Vec<String>)| match written.as_slice() {
            [] => name.clone(),
            forms => format!("{name} written {}", forms.join(", ")),
        };
        let entries: Vec<String> = self.names.iter().zip(&self.written).map(entry).collect();
        let (word, joint) = if self.ordered { ("scale", "\n  < ") } else { ("kind", ",\n  ") };
        format!("{word} {} \"A list\"\n  {}\n", self.name, entries.join(joint))
    }
}

impl Field {
    pub(crate) fn is_role_time(&self) -> bool {
        self.attributes == "role time"
    }

    fn text(&self) -> String {
        let from = if self.path == self.name { String::new() } else { format!("   from {}", self.path) };
        format!("field {:<22} {}   {}{from}\n", self.name, self.kind.text(), self.attributes)
    }
}

// ---- pools -------------------------------------------------------------------------------------------------------------

impl Type {
    fn text(self) -> String {
        match self {
            Self::Boolean => "boolean".to_owned(),
            Self::Number { ranged } => format!("number{}", if ranged { " from 0 to 10" } else { "" }),
            Self::Whole { ranged } => format!("whole number{}", if ranged { " from 1 to 6" } else { "" }),
            Self::Percent { ranged } => format!("percent{}", if ranged { " from 0 to 100" } else { "" }),
            Self::Duration => "duration".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Instant => "instant".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Identity => "identity".to_owned(),
            Self::Kind(list) | Self::Scale(list) => list.to_owned(),
            Self::SetOf(list) => format!("set of {list}"),
            Self::SetOfIdentity => "set of identity".to_owned(),
        }
    }

    /// Says whether values of the type have an order.
    pub(crate) fn is_ordered(self) -> bool {
        matches!(
            self,
            Self::Number { .. } | Self::Whole { .. } | Self::Percent { .. } | Self::Duration | Self::Scale(_)
        )
    }

    pub(crate) fn is_set(self) -> bool {
        matches!(self, Self::SetOf(_) | Self::SetOfIdentity)
    }

    pub(crate) fn is_time(self) -> bool {
        matches!(self, Self::Date | Self::Instant)
    }

    /// Says whether fields of the two types may stand on both sides of a comparison.
    pub(crate) fn compares_with(self, other: Self) -> bool {
        let is_number = |kind| matches!(kind, Self::Number { .. } | Self::Whole { .. });
        self == other || (is_number(self) && is_number(other)) || (self.is_time() && other.is_time())
    }

    /// The constants that policies compare with, ascending where there is an order; for a set, its members.
    pub(crate) fn constants(self, words: &Words) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Boolean => &["true", "false"],
            Self::Number { ranged: true } => &["0", "2", "2.5", "10"],
            Self::Number { ranged: false } => &["-1.5", "0.1", "2.5", "100"],
            Self::Whole { .. } => &["1", "2", "4", "6"],
            Self::Percent { .. } => &["0 %", "12.5 %", "20", "100 %"],
            Self::Duration => &["30 seconds", "2 minutes", "1.5 hours", "1 day"],
            Self::Date => &["2025-10-26", "2025-12-31", "2026-01-01", "2026-03-29"],
            Self::Instant => &[
                "2025-10-26",
                "2025-10-26T02:30+02:00",
                "2025-10-26T01:30Z",
                "2025-12-31",
                "2026-01-01T00:00",
                "2026-01-01",
            ],
            Self::Text => &["\"knot security\"", "\"Grösse\"", "\"two  words\""],
            Self::Identity | Self::SetOfIdentity => &["\"T-1\"", "\"S-1\"", "\"Zoë\""],
            Self::Kind(list) | Self::Scale(list) | Self::SetOf(list) => return words.levels(list).to_vec(),
        };
        fixed.iter().map(|text| (*text).to_owned()).collect()
    }

    /// What logs say that fits, in JSON: at the constants, and next to them.
    pub(crate) fn fitting(self, words: &Words) -> Vec<String> {
        let fixed: &[&str] = match self {
            Self::Boolean => &["true", "false"],
            Self::Number { ranged: true } => {
                &["2", "2.0", "2e0", "1.999999999999999999", "2.5", "2.51", "0", "10", "25e-1", "9.99"]
            }
            Self::Number { ranged: false } => {
                &["0.1", "0.10", "1e-1", "-1.5", "-1.51", "100", "1e2", "100.01", "2.5", "0"]
            }
            Self::Whole { .. } => &["1", "2", "3", "4", "5", "6", "2.0", "4e0"],
            Self::Percent { .. } => &["20", "20.0", "\"20 %\"", "\"12.5%\"", "12.49", "0", "100", "99.5"],
            Self::Duration => &[
                "\"30 seconds\"",
                "\"PT30S\"",
                "\"0.5 minutes\"",
                "\"31 s\"",
                "\"29.999 seconds\"",
                "\"2 minutes\"",
                "\"121 sec\"",
                "\"90 min\"",
                "\"PT1H30M\"",
                "\"24h\"",
                "\"1 day\"",
                "\"P1DT1S\"",
            ],
            Self::Date => &[
                "\"2025-10-25\"",
                "\"2025-10-26\"",
                "\"2025-10-27\"",
                "\"2025-12-30\"",
                "\"2025-12-31\"",
                "\"2026-01-01\"",
                "\"2026-03-28\"",
                "\"2026-03-29\"",
                "\"2026-03-30\"",
            ],
            Self::Instant => &[
                "\"2025-10-26T02:30+02:00\"",
                "\"2025-10-26T02:30+01:00\"",
                "\"2025-10-26T00:30Z\"",
                "\"2025-10-26T00:00\"",
                "\"2025-10-25T23:59:59.999999999\"",
                "\"2025-10-26T12:00\"",
                "\"2025-12-30T12:00\"",
                "\"2025-12-31T23:59:59.999999999\"",
                "\"2026-01-01T00:00\"",
                "\"2026-01-01 00:00:00.000000001\"",
                "\"2025-12-31T23:00Z\"",
                "\"2025-12-31T12:00\"",
                "\"2026-03-29T12:00\"",
                "\"2026-02-10T08:15\"",
            ],
            Self::Text => &[
                "\"knot security\"",
                "\"  knot security \"",
                "\"Knot security\"",
                "\"Grösse\"",
                "\"Gro\u{308}sse\"",
                "\"two  words\"",
                "\"two words\"",
            ],
            Self::Identity => &["\"T-1\"", "\" T-1\"", "\"S-1\"", "\"t-1\"", "\"Zoë\"", "\"Zoe\u{308}\""],
            Self::Kind(list) | Self::Scale(list) => {
                let list = words.list(list);
                let names = list.names.iter().map(|name| format!("\"{name}\""));
                return names.chain(list.written.iter().flatten().cloned()).collect();
            }
            Self::SetOf(_) => &["[]"],
            Self::SetOfIdentity => {
                &["[]", "[\"T-1\"]", "[\"S-1\", \"T-1\"]", "[\"S-1\", \"S-1\"]", "[\"Zoe\u{308}\", \"T-1\"]", "[\"X\"]"]
            }
        };
        fixed.iter().map(|text| (*text).to_owned()).collect()
    }

    /// What logs say that does not fit.
    pub(crate) fn unfit(self) -> &'static [&'static str] {
        match self {
            Self::Boolean => &["\"perhaps\"", "2", "\"yes\"", "[]"],
            Self::Number { ranged: true } => &["11", "-1", "\"many\"", "true", "\"2,5\""],
            Self::Number { ranged: false } => &["\"many\"", "true", "\"1,000\"", "12345678901234567890123456789"],
            Self::Whole { ranged: true } => &["7", "0", "2.5", "\"two\"", "true"],
            Self::Whole { ranged: false } => &["2.5", "\"two\"", "1e-1"],
            Self::Percent { ranged: true } => &["\"a fifth\"", "100.01", "-1", "\"%\""],
            Self::Percent { ranged: false } => &["\"a fifth\"", "\"%\"", "true"],
            Self::Duration => &["30", "\"30\"", "\"1 month\"", "\"soon\"", "\"P1M\""],
            Self::Date => &["\"2026-02-30\"", "\"26.10.2025\"", "\"soon\"", "20251026"],
            Self::Instant => {
                &["\"soon\"", "\"2026-02-30T10:00\"", "\"31.12.2025\"", "\"2026-03-29T02:30\"", "\"2026-3-1\""]
            }
            Self::Text | Self::Identity => &["{\"a\": 1}", "[[1]]"],
            Self::Kind(_) | Self::Scale(_) => &["\"mispelt\"", "99", "true", "\"RISK\""],
            Self::SetOf(_) => &["17", "\"mispelt\"", "true"],
            Self::SetOfIdentity => &["true", "{\"a\": 1}"],
        }
    }
}

/// Instants that are known only as an interval, or as one of two.
pub(crate) const PARTIAL_INSTANTS: [&str; 11] = [
    "\"2025-10-26T02:30\"",
    "\"2025-10-26T02:30\"",
    "\"2025-11-02T01:30\"",
    "\"2025-10-26\"",
    "\"2025-12-31\"",
    "\"2026-01-01\"",
    "\"2026-03-29\"",
    "\"2025-10\"",
    "\"2025-12\"",
    "\"2025\"",
    "\"2026\"",
];
