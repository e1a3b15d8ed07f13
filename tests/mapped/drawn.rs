//! Mappings and exports, drawn: every field is read in one of several ways, and any cell may be odd.

use super::foreign::Choice;

/// What the exports are judged by.
pub(super) const VOCABULARY: &str = "
vocabulary small \"Small\"
scale risk \"Risk\" low < moderate < high
kind act \"Act\" operation, medication
kind way \"Way\" take_over, verbal, stop
field id             text       role id
field occurred_at    instant    role time
field day            date
field trainee        identity
field patient.risk   risk       role risk
field activity       act
field delay          number from 0 to 2000
field score          whole number from 1 to 5
field share          percent
field length         duration
field plan           set of way
field team           set of identity
field note           text
field place          text
field briefed        boolean
";

/// The rules of one policy.
const RULES: &str = "
rule ceiling \"Risk\"
  risk ceiling moderate
rule in_time \"In time\"
  when activity is operation
  require delay at most 20
rule planned \"Planned\"
  require plan includes take_over
rule stopped \"Stopped\"
  forbid when note is \"stop\"
rule marked \"Marked\"
  when briefed
  require score at least 2
rule short \"Short\"
  require length at most 2 hours
rule shared \"Shared\"
  require share at most 90%
rule known \"Known\"
  forbid when day before 2026-02-01
";

const QUOTA: &str = "
rule quota \"Quota\"
  limit 9 episodes per trainee in any 30 days
";

/// A policy, a mapping, and an export for it.
pub(super) struct World {
    pub(super) policies: Vec<String>,
    pub(super) mapping: String,
    pub(super) log: Vec<u8>,
    /// Whether every record of it is one that is judged in brief.
    pub(super) is_sound: bool,
}

/// A column, and what stands in it where nothing is odd.
type Column = (String, Vec<String>);

struct Draft<'c> {
    choice: &'c mut Choice,
    /// Whether numbers have a comma before their fraction.
    comma: bool,
    separator: &'static str,
    fields: String,
    columns: Vec<Column>,
}

const ODD: [&str; 37] = [
    "",
    " ",
    "NA",
    "?",
    "99",
    "99.0",
    "99,0",
    "9,00",
    "99,0e0",
    "1,5",
    "1.5",
    "x",
    " low ",
    "31.2.2026",
    "4.3.2026",
    "\u{e4}",
    "\u{a0}",
    "\u{2212}5",
    "1e1",
    "007",
    "true",
    "ja",
    " 1",
    "0",
    "4.3.2026 2:30",
    "29.3.2026 2:30",
    "2026-03-29T02:30",
    "2028-01-01T00:00Z",
    "1.250,5",
    "\"quo\"\"ted\"",
    "\"open",
    "\"a\nb\"",
    "a\"b",
    "stop",
    "low",
    "take_over|verbal|verbal",
    "2,50 h",
];

impl World {
    /// Draws one; by the number of the round everything is sound or not.
    pub(super) fn of(round: usize) -> Self {
        let mut choice = Choice(round as u64 * 31 + 5);
        let is_sound = round.is_multiple_of(3);
        let separator = choice.of(&[";", ",", "\t", "|"]).to_owned();
        let separator: &'static str = [";", ",", "\t", "|"].into_iter().find(|known| *known == separator).unwrap();
        let comma = choice.below(2) == 0;
        let mut draft = Draft { choice: &mut choice, comma, separator, fields: String::new(), columns: Vec::new() };
        draft.all();
        let Draft { fields, mut columns, .. } = draft;
        if is_sound {
            // What is missing leaves a rule open, which is not judged in brief.
            let may_be_missing = ["Haus", "Vorname", "Ort", "Notiz", "Mehr", "Team"];
            for (_, cells) in columns.iter_mut().filter(|(name, _)| !may_be_missing.contains(&name.as_str())) {
                cells.retain(|cell| !["", "NA", "?", "99", "99.0", "9", "none", "\"\""].contains(&cell.as_str()));
            }
        }
        columns.push(("Abteilung".to_owned(), vec!["A".to_owned(), "B 2".to_owned()]));
        if choice.below(2) == 0 {
            columns.push(("intern 1".to_owned(), vec!["a".to_owned(), String::new()]));
        }
        if !is_sound && choice.below(4) == 0 {
            // The mapping reads something that is not there, or one column stands twice.
            let at = choice.below(columns.len());
            columns[at].0 = ["Nirgends", "Abteilung"][choice.below(2)].to_owned();
        }
        let log = export(&columns, separator, is_sound, &mut choice);
        let name = if separator == "\t" { "tab" } else { separator };
        let mut mapping = format!("separator: \"{name}\"\nmissing: [NA, \"?\", 99]\nignore: [\"intern*\"]\n");
        mapping += if comma { "decimal: comma\n" } else { "" };
        mapping += ["time zone: Europe/Zurich\n", "time zone: Asia/Kolkata\n", ""][choice.below(3)];
        if choice.below(2) == 0 {
            mapping += "leave out:\n  - when: {Abteilung: [Total, 7]}\n    because: totals\n  - when: {Abteilung: {not: {begins: [A, B]}}, Nr: {begins: F-1}}\n    because: elsewhere\n";
        }
        mapping += &format!("fields:\n{fields}");
        let quota = if choice.below(2) == 0 { QUOTA } else { "" };
        let policy = |name: &str, zone: &str, more: &str| {
            format!("\npolicy {name} \"{name}\"\n  time zone {zone}\n  vocabulary small\n  default permit\n{more}")
        };
        let mut policies = vec![format!("{VOCABULARY}{}", policy("ward", "Europe/Zurich", &format!("{RULES}{quota}")))];
        if choice.below(3) == 0 {
            policies.push(policy("abroad", "America/New_York", "rule ceiling \"Risk\"\n  risk ceiling low\n"));
        }
        Self { policies, mapping, log, is_sound }
    }
}

impl Draft<'_> {
    /// Says how a field is read, and what its columns say.
    fn field(&mut self, line: &str, columns: &[(&str, &[&str])]) {
        self.fields += &format!("  {line}\n");
        let owned = columns.iter().map(|(name, cells)| {
            let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
            ((*name).to_owned(), cells)
        });
        self.columns.extend(owned);
    }

    fn all(&mut self) {
        self.names();
        self.times();
        self.quantities();
        self.words();
        self.sets();
    }

    fn names(&mut self) {
        match self.choice.below(4) {
            0 => self.field("id: {from: [Haus, Nr]}", &[("Haus", &["A", "NA", "\u{d6}st"]), ("Nr", &["#"])]),
            1 => self.columns.push(("id".to_owned(), vec!["#".to_owned()])),
            _ => self.field("id: Nr", &[("Nr", &["F-#", "\u{dc}-#"])]),
        }
        match self.choice.below(4) {
            0 => self.field(
                "trainee: {from: Person, codes: {1: P-1, 2: P-2, 3: \"P-\u{e4}\"}}",
                &[("Person", &["1", "2", "3", "NA"])],
            ),
            1 => self.field(
                "trainee: {from: [Name, Vorname]}",
                &[("Name", &["Meier", "Kurz"]), ("Vorname", &["A", "B", "?"])],
            ),
            _ => self.field("trainee: Person", &[("Person", &["P-1", "P-2", "3", "NA", " P-4 "])]),
        }
        let line =
            self.choice.of(&["place: Ort", "place: {from: Ort, codes: {1: here, a: there}}", "place: {always: here}"]);
        self.field(line, &[("Ort", &["1", "a", "NA"])]);
    }

    fn times(&mut self) {
        match self.choice.below(7) {
            0 => self.field(
                "occurred_at: {from: Datum, written: \"day.month.year hour:minute\"}",
                &[("Datum", &["4.3.2026 10:30", "14.03.2026  7:05", "2.11.2026 23:59"])],
            ),
            1 => self.field(
                "occurred_at: {from: [Datum, Zeit], written: [\"day.month.year hour:minute\", day.month.year]}",
                &[("Datum", &["4.3.2026", "14.03.2026", "2.11.2026"]), ("Zeit", &["10:30", "7:05"])],
            ),
            2 => self.field(
                "occurred_at: {from: Datum, written: \"month/day/year hour:minute am/pm\"}",
                &[("Datum", &["3/4/2026 10:30 AM", "12/24/2026 1:05 pm"])],
            ),
            3 => self.field(
                "occurred_at: {from: Datum, written: \"month/day/year hour:minute:second\"}",
                &[("Datum", &["3/4/2026 10:30:15", "12/24/2026 1:05:00"])],
            ),
            4 => self.field(
                "occurred_at: {from: Datum, written: seconds since 1970}",
                &[("Datum", &["1772620200", "1782620200"])],
            ),
            _ => self.field(
                "occurred_at: Datum",
                &[("Datum", &["2026-03-04T10:30", "2026-03-04T10:30:15Z", "2026-07-04T10:30+02:00"])],
            ),
        }
        match self.choice.below(3) {
            0 => self.field(
                "day: {from: Tag, written: [day.month.year, year-month-day]}",
                &[("Tag", &["4.3.2026", "2026-01-15"])],
            ),
            1 => self.field(
                "day: {from: [Jahr, Monat, Tag], written: year month day}",
                &[("Jahr", &["2026"]), ("Monat", &["1", "03"]), ("Tag", &["4", "28"])],
            ),
            _ => self.field("day: Tag", &[("Tag", &["2026-03-04", "2026-01-15", "?"])]),
        }
    }

    fn quantities(&mut self) {
        let fraction: &[&str] = if self.comma { &["2,5", "17", "40,25", "99"] } else { &["2.5", "17", "40.25", "99"] };
        match self.choice.below(6) {
            0 => self.field("delay: {from: Verzug, decimal: comma}", &[("Verzug", &["2,5", "40", "17,25"])]),
            1 => self.field(
                "delay: {from: Verzug, decimal: point, times: 100}",
                &[("Verzug", &["0.25", "0.5", "1", "0.123456"])],
            ),
            2 => self.field(
                "delay: {from: Verzug, decimal: comma, thousands: point}",
                &[("Verzug", &["1.250,5", "12", "1500"])],
            ),
            3 => self.field(
                "delay: {from: Verzug, decimal: point, times: 0.5}",
                &[("Verzug", &["0.25", "30", "99", "99.0"])],
            ),
            4 => self.field("delay: {always: 12}", &[]),
            _ => self.field("delay: Verzug", &[("Verzug", fraction)]),
        }
        match self.choice.below(3) {
            0 => self.field("score: {from: Urteil, codes: {A: 1, B: 2, C: 5}}", &[("Urteil", &["A", "B", "C"])]),
            1 => self.field("score: {from: Urteil, missing: [9, none]}", &[("Urteil", &["1", "5", "9", "none"])]),
            _ => self.field("score: Urteil", &[("Urteil", &["1", "2", "3", ""])]),
        }
        self.field("share: {from: Anteil, decimal: point}", &[("Anteil", &["20%", "95 %", "50.5"])]);
        let length = self.choice.of(&["length: {from: Dauer, unit: minutes}", "length: Dauer"]);
        self.field(
            length,
            &[("Dauer", if length.contains("unit") { &["25", "150", "3 h"] } else { &["25 min", "3 h", "NA"] })],
        );
    }

    fn words(&mut self) {
        match self.choice.below(3) {
            0 => self.field(
                "patient.risk: {from: Risiko, codes: {gering: low, 2: moderate, 3: high}}",
                &[("Risiko", &["gering", "2", "3", if self.comma { "2,0" } else { "2.0" }])],
            ),
            1 => self.columns.push(("patient.risk".to_owned(), ["low", "high", ""].map(str::to_owned).to_vec())),
            _ => self.field("patient.risk: Risiko", &[("Risiko", &["low", "moderate", "high", "NA"])]),
        }
        match self.choice.below(3) {
            0 => self.field("activity: {always: operation}", &[]),
            1 => self.field(
                "activity: {from: [Art, Unterart], codes: {O P: operation, M: medication}}",
                &[("Art", &["O"]), ("Unterart", &["P"])],
            ),
            _ => self.field("activity: {from: Art, codes: {OP: operation, M: medication}}", &[("Art", &["OP", "M"])]),
        }
        match self.choice.below(5) {
            0 => self.field("note: {always: stop}", &[]),
            1 => self.field("note: {from: Notiz, codes: {s: stop, n: \"\u{e4}u\u{df}erst\"}}", &[("Notiz", &["s"])]),
            2 => self.field("note: {from: [Notiz, Mehr]}", &[("Notiz", &["stop", "NA"]), ("Mehr", &["?", ""])]),
            _ => self.field("note: Notiz", &[("Notiz", &["stop", "", " stop"])]),
        }
        self.field(
            "briefed: {from: Vorbesprochen, codes: {ja: \"true\", nein: \"false\", 1: \"true\"}}",
            &[("Vorbesprochen", &["ja", "nein", if self.comma { "1,0" } else { "1.0" }, ""])],
        );
    }

    fn sets(&mut self) {
        match self.choice.below(4) {
            0 => self.field(
                "plan: {checked in: {Plan 1: take_over, Plan 2: verbal, Plan 3: stop}, checked: [1, ja], unchecked: 0}",
                &[
                    ("Plan 1", &["1", "0", if self.comma { "1,0" } else { "1.0" }]),
                    ("Plan 2", &["0", "ja"]),
                    ("Plan 3", &["0"]),
                ],
            ),
            1 => self.field(
                "plan: {from: Plan, split by: \"/\", codes: {1: take_over, 2: verbal}}",
                &[("Plan", &["1/2", "2", "NA", "1/ 2 /1"])],
            ),
            2 if self.separator != ";" => self.field("plan: Plan", &[("Plan", &["take_over;verbal", "stop", "?"])]),
            _ => self.field("plan: Plan", &[("Plan", &["\"take_over|verbal\"", "\"stop\"", "\"\""])]),
        }
        self.field("team: {from: Team, split by: \"/\"}", &[("Team", &["A/B", "A", ""])]);
    }
}

/// Writes a table, of which the sound rows may have quotation marks around a cell.
fn export(columns: &[Column], separator: &str, is_sound: bool, choice: &mut Choice) -> Vec<u8> {
    let end = choice.of(&["\n", "\r\n"]);
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut log = format!("{}{end}", names.join(separator)).into_bytes();
    for at in 0..160 {
        let is_odd = !is_sound && choice.below(4) == 0;
        let mut cells: Vec<String> = Vec::new();
        for (_, sound) in columns {
            let number = if is_odd && choice.below(9) == 0 { 1 } else { at };
            let cell = sound[choice.below(sound.len())].replace('#', &number.to_string());
            let needs_marks = cell.contains(separator) && !cell.starts_with('"') || choice.below(20) == 0;
            let is_bare = !cell.contains('"');
            cells.push(if needs_marks && is_bare { format!("\"{cell}\"") } else { cell });
        }
        if is_odd {
            for _ in 0..=choice.below(3) {
                let cell = choice.below(cells.len());
                cells[cell] = choice.of(&ODD).to_owned();
                if cells[cell].contains(separator) && !cells[cell].contains('"') {
                    cells[cell] = format!("\"{}\"", cells[cell]);
                }
            }
            match choice.below(40) {
                0 => drop(cells.pop()),
                1 => cells.push("more".to_owned()),
                2 => cells[0].push('\0'),
                3 => cells.iter_mut().for_each(String::clear),
                4 => *cells.last_mut().unwrap() = "Total".to_owned(),
                _ => {}
            }
        }
        log.extend_from_slice(cells.join(separator).as_bytes());
        if is_odd && choice.below(60) == 0 {
            log.push(0xFF);
        }
        log.extend_from_slice(end.as_bytes());
    }
    log
}
