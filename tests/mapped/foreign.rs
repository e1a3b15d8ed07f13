//! Logs as other systems write them, drawn: sound rows and odd ones, each with the mapping that reads it.

/// What ends a table that has to be read whole.
pub(super) const WHOLE: &str = "\r\r\n";

/// A small policy over what the tables say, with a text that is watched.
pub(super) const POLICY: &str = "
vocabulary small \"Small\"
scale risk \"Risk\" low < moderate < high
kind act \"Act\" operation, medication
kind way \"Way\" take_over, verbal
field id             text       role id
field occurred_at    instant    role time
field trainee        identity
field patient.risk   risk       role risk
field activity       act
field delay          number
field plan           set of way
field note           text

policy ward \"Ward\"
  time zone Europe/Zurich
  vocabulary small
  default permit

rule ceiling \"Risk\"
  risk ceiling moderate
rule in_time \"In time\"
  when activity is operation
  require delay at most 20
rule planned \"Planned\"
  require plan includes take_over
rule stopped \"Stopped\"
  forbid when note is \"stop\"
";

/// A rule that looks back.
pub(super) const QUOTA: &str = "
rule quota \"Quota\"
  limit 3 episodes per trainee in any 30 days
";

/// Numbers that are the same on every run (Knuth, MMIX).
pub(super) struct Choice(pub(super) u64);

impl Choice {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    pub(super) fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

/// A table, and how it is to be read.
pub(super) struct Table {
    pub(super) text: String,
    pub(super) mapping: String,
}

const COLUMNS: [&str; 11] =
    ["Nr", "Datum", "Zeit", "Person", "Risiko", "Art", "Verzug", "Plan 1", "Plan 2", "Notiz", "Abteilung"];

impl Table {
    /// Draws a table: by the number of the round its separator, its header and what is odd about it.
    pub(super) fn of(round: usize, rows: usize) -> Self {
        let mut choice = Choice(round as u64 + 17);
        let separator = [";", ",", "\t"][round % 3];
        let end = if round % 4 == 1 { "\r\n" } else { "\n" };
        let before = if round % 3 == 1 { format!("Export of 2026{end}{end}\"not closed{end}") } else { String::new() };
        let mark = if round.is_multiple_of(5) { "\u{FEFF}" } else { "" };
        // Some logs lack a column that the mapping reads, some name one twice.
        let columns: Vec<&str> = COLUMNS
            .into_iter()
            .map(|column| match (column, round % 4) {
                ("Notiz", 2) => "Notitz",
                ("Abteilung", 3) => "Person",
                _ => column,
            })
            .collect();
        let mut text = format!("{mark}{before}{}{end}", columns.join(separator));
        for at in 0..rows {
            text.push_str(&row(at, separator, &mut choice));
            text.push_str(end);
        }
        let name = if separator == "\t" { "tab" } else { separator };
        let stated = if round.is_multiple_of(2) { format!("separator: \"{name}\"\n") } else { String::new() };
        let header = if before.is_empty() { String::new() } else { "header row: 4\n".to_owned() };
        Self { text, mapping: format!("{stated}{header}{MAPPING}") }
    }
}

const MAPPING: &str = "\
time zone: Europe/Zurich
decimal: comma
missing: [NA, \"?\"]
leave out:
  - when: {Nr: {begins: Total}}
    because: a row with totals
  - when: {Art: probe, Risiko: gering}
    because: a trial run
ignore: [\"intern*\"]
fields:
  id: Nr
  occurred_at: {from: [Datum, Zeit], written: [\"day.month.year hour:minute\", day.month.year]}
  trainee: Person
  patient.risk: {from: Risiko, codes: {gering: low, mittel: moderate, hoch: high}}
  activity: {from: Art, codes: {OP: operation, Med: medication}}
  delay: Verzug
  plan: {checked in: {Plan 1: take_over, Plan 2: verbal}, checked: 1, unchecked: 0}
  note: Notiz
";

/// Draws a row; one in ten is odd.
fn row(at: usize, separator: &str, choice: &mut Choice) -> String {
    let long = "fehlte lange, und wurde erst spät gefunden".replace(separator, " ").repeat(8 + choice.below(9));
    let mut cells = vec![
        format!("F-{at}"),
        format!("{}.{}.2026", 1 + choice.below(28), 1 + choice.below(12)),
        format!("{}:{:02}", choice.below(24), choice.below(60)),
        format!("P-{}", choice.below(300)),
        choice.of(&["gering", "mittel", "hoch"]).to_owned(),
        choice.of(&["OP", "Med"]).to_owned(),
        // A comma stands before the fraction where it does not part cells.
        if separator == "," { choice.below(40).to_string() } else { format!("{},5", choice.below(40)) },
        choice.of(&["1", "0"]).to_owned(),
        choice.of(&["1", "0"]).to_owned(),
        long,
        choice.of(&["A", "B"]).to_owned(),
    ];
    match choice.below(160) {
        0 => cells[0] = "Total 17".to_owned(),
        1 => (cells[4], cells[5]) = ("gering".to_owned(), "probe".to_owned()),
        2 => cells[9] = format!("\"two{separator}\nlines \"\"quoted\"\"\n\n{}\"", cells[9]),
        3 => drop(cells.pop()),
        4 => cells.push("more".to_owned()),
        5 => cells[4] = "schlimm".to_owned(),
        6 => cells[1] = "31.2.2026".to_owned(),
        7 => cells[6] = "1.5".to_owned(),
        8 => cells[0] = "F-3".to_owned(),
        9 => cells[9] = "\"closed\" too early".to_owned(),
        10 => cells.iter_mut().for_each(|cell| *cell = String::new()),
        11 => cells[9] = "stop".to_owned(),
        12 => cells[3] = "NA".to_owned(),
        13 => cells[0] = format!("\n\n{}", cells[0]),
        14 => cells[9] = format!("a NUL \0 in it{}", cells[9]),
        15 => cells[9] = cells[9].repeat(60),
        _ => {}
    }
    cells.join(separator)
}

/// Gives a log of lines of JSON, sound but for their values, and its mapping, which reads one thing that no record has.
pub(super) fn lines_of_json() -> (String, String) {
    let mut choice = Choice(5);
    let mut log = String::new();
    for at in 0..2_500 {
        let who = format!(
            "[{{\"function\": \"supervisor\", \"actor\": \"S-1\"}}, {{\"function\": \"trainee\", \"actor\": \"P-{}\"}}]",
            choice.below(300)
        );
        let who = match choice.below(30) {
            0 => who.replace("supervisor", "trainee"),
            1 => "[]".to_owned(),
            2 => "\"P-1\"".to_owned(),
            _ => who,
        };
        let risk = choice.of(&["gering", "mittel", "hoch", "hoch", "mittel", "schlimm"]);
        let plan = choice.of(&["[\"take_over\"]", "[\"take_over\", \"verbal\"]", "[]", "[{\"a\": 1}]", "null"]);
        let kind = if choice.below(20) == 0 { "probe" } else { choice.of(&["OP", "Med"]) };
        let (day, month) = (1 + choice.below(28), 1 + choice.below(12));
        let other = if choice.below(9) == 0 {
            format!(", \"other {}\": {{\"deep\": 1}}", choice.below(2_000))
        } else {
            String::new()
        };
        let white = choice.of(&["", "  ", "\n", "\r"]);
        log.push_str(&format!(
            "{white}{{\"Nr\": \"F-{at}\", \"Datum\": \"{day}.{month}.2026 10:30\", \"who\": {who}, \"risk\": {{\"of\": \"{risk}\"}}, \
             \"Art\": \"{kind}\", \"Verzug\": {}, \"plan\": {plan}, \"Notiz\": \"{}\"{other}}}\n",
            choice.below(40),
            "ä".repeat(60 + choice.below(200)),
        ));
    }
    let mapping = "\
time zone: Europe/Zurich
leave out:
  - when: {Art: probe}
    because: a trial run
fields:
  id: Nr
  occurred_at: {from: Datum, written: \"day.month.year hour:minute\"}
  trainee: \"who[function=trainee].actor\"
  patient.risk: {from: risk.of, codes: {gering: low, mittel: moderate, hoch: high}}
  activity: {from: Art, codes: {OP: operation, Med: medication}}
  delay: Verzug
  plan: plan
  note: \"notes[0].text\"
";
    (log, mapping.to_owned())
}
