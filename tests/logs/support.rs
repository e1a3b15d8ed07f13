//! A small vocabulary, and ways to read a text.

use forbear::diagnostic::Diagnostic;
use forbear::log::{Fitted, Fitter, Format, Item, Limits, Record, Unreadable, read};
use forbear::policy::{Field, FieldType, ListId, Name, NameList, Range, Role, Vocabulary, Written};
use forbear::source::{SourceId, Sources, Span};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A text that has been read.
pub(crate) struct Log {
    pub(crate) sources: Sources,
    pub(crate) items: Vec<Item>,
}

impl Log {
    pub(crate) fn read(text: impl Into<Vec<u8>>, format: Format) -> Self {
        Self::within(text, format, &Limits::default())
    }

    pub(crate) fn within(text: impl Into<Vec<u8>>, format: Format, limits: &Limits) -> Self {
        let mut sources = Sources::new();
        let id = sources.add("log", text.into());
        let mut items = Vec::new();
        read(&sources, id, format, limits, &mut |item| items.push(item));
        Self { sources, items }
    }

    pub(crate) fn records(&self) -> Vec<&Record> {
        self.items.iter().filter_map(|item| if let Item::Record(record) = item { Some(record) } else { None }).collect()
    }

    pub(crate) fn unreadable(&self) -> Vec<&Unreadable> {
        self.items.iter().filter_map(|item| if let Item::Unreadable(it) = item { Some(it) } else { None }).collect()
    }

    pub(crate) fn reasons(&self) -> Vec<&str> {
        self.unreadable().into_iter().map(|unreadable| unreadable.reason.as_str()).collect()
    }

    /// Gives the texts under `id`, without quotation marks.
    pub(crate) fn ids(&self) -> Vec<String> {
        let id = |record: &Record| record.entries.iter().find(|entry| entry.path == "id").map(|entry| entry.place);
        let texts = self.records().into_iter().filter_map(id).map(|place| self.sources.text(place));
        texts.map(|text| text.trim_matches('"').to_owned()).collect()
    }

    /// Gives one line an item: the texts under `id`, or where and why it cannot be read.
    pub(crate) fn outline(&self) -> String {
        let line = |item: &Item| match item {
            Item::Record(record) => {
                let id = record.entries.iter().find(|entry| entry.path == "id");
                format!("record {}", id.map_or("?".to_owned(), |entry| self.sources.text(entry.place)))
            }
            Item::Unreadable(it) => {
                let at = self.sources.line_column(it.at);
                format!("unreadable at {}:{}: {}", at.line, at.column, it.reason)
            }
            Item::LeftOut(it) => format!("left out: {}", it.because),
        };
        self.items.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Gives the text with the numbers of its lines, and what was read of it.
    pub(crate) fn page(&self) -> String {
        let bytes = self.sources.iter().map(|(_, source)| source.bytes()).next().unwrap_or(&[]);
        let text = String::from_utf8_lossy(bytes).into_owned();
        let lines = text.lines().enumerate().map(|(at, line)| format!("{:>3} | {}\n", at + 1, line.escape_debug()));
        format!("{}\n{}", lines.collect::<String>(), self.outline())
    }

    /// Says every diagnostic with the line of the log that it points at.
    pub(crate) fn told(&self, diagnostics: &[Diagnostic]) -> String {
        diagnostics.iter().map(|diagnostic| self.tell(diagnostic)).collect::<Vec<_>>().join("\n\n")
    }

    fn tell(&self, diagnostic: &Diagnostic) -> String {
        let mut told = format!("{}\n{}", diagnostic.code.name(), diagnostic.message);
        for label in &diagnostic.labels {
            told.push_str(&self.excerpt(label.span, &label.text));
        }
        if let Some(help) = &diagnostic.help {
            told.push_str(&format!("\nhelp: {help}"));
        }
        told
    }

    fn excerpt(&self, span: Span, label: &str) -> String {
        let at = self.sources.line_column(span);
        let text = String::from_utf8_lossy(self.sources.bytes(span.source)).into_owned();
        let line = text.lines().nth(at.line - 1).unwrap_or("").trim_end().to_owned();
        let marked = self.sources.text(span).lines().next().map_or(1, |first| first.chars().count().max(1));
        let gap = " ".repeat(at.column - 1);
        format!("\n{:>3} | {line}\n    | {gap}{} {label}", at.line, "^".repeat(marked))
    }
}

pub(crate) fn present() -> Timestamp {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn zurich() -> TimeZone {
    TimeZone::get("Europe/Zurich").unwrap()
}

/// Fits every record of a log.
pub(crate) fn fit<'r>(log: &'r Log, vocabulary: &Vocabulary) -> Vec<Fitted<'r>> {
    let fitter = Fitter::new(vocabulary, zurich());
    log.records().into_iter().map(|record| fitter.fit(record, present())).collect()
}

fn nowhere() -> Span {
    Span::new(SourceId(0), 0, 0)
}

fn name(name: &str, written: &[&str]) -> Name {
    let form = |form: &&str| match forbear::policy::number::parse(form) {
        Some(number) => Written::Number(number),
        None => Written::Text((*form).to_owned()),
    };
    Name { name: name.to_owned(), written: written.iter().map(form).collect(), origin: nowhere() }
}

fn list(title: &str, ordered: bool, names: Vec<Name>) -> NameList {
    NameList { name: title.to_owned(), title: String::new(), ordered, names, origin: nowhere() }
}

fn field(name: &str, kind: FieldType, role: Option<Role>, path: &str) -> Field {
    Field {
        name: name.to_owned(),
        title: String::new(),
        kind,
        role,
        known_afterwards: false,
        known_at: None,
        chosen: false,
        judged: false,
        path: path.to_owned(),
        origin: nowhere(),
    }
}

/// The vocabulary of these tests: one field of every type.
pub(crate) fn vocabulary() -> Vocabulary {
    let lists = vec![
        list("risk", true, vec![name("low", &["Low"]), name("moderate", &[]), name("high", &["High", "major"])]),
        list(
            "supervision",
            true,
            vec![name("on_site", &["On site", "3"]), name("in_room", &["In room", "in-room", "4"])],
        ),
        list("strategy", false, vec![name("take_over", &[]), name("verbal_cue", &["cue"]), name("call_help", &[])]),
    ];
    let asa = Range { low: Some(1.into()), high: Some(6.into()) };
    use FieldType as T;
    let fields = vec![
        field("id", T::Text, Some(Role::Id), "id"),
        field("occurred_at", T::Instant, Some(Role::Time), "occurred_at"),
        field("patient.risk", T::Scale(ListId(0)), Some(Role::Risk), "patient.risk"),
        field("patient.asa", T::WholeNumber(asa), None, "patient.asa"),
        field("supervision", T::Scale(ListId(1)), Some(Role::Supervision), "supervisor.level"),
        field("trainee.id", T::Identity, None, "trainee.id"),
        field("failure.anticipated", T::Boolean, None, "failure.anticipated"),
        field("education.objective", T::Text, None, "education.objective"),
        field("rescue.strategies", T::SetOfKind(ListId(2)), None, "rescue.strategies"),
        field("rescue.ready_within", T::Duration, None, "rescue.ready_within"),
        field("rescue.team", T::SetOfIdentity, None, "rescue.team"),
        field("share", T::Percent(Range { low: Some(0.into()), high: Some(100.into()) }), None, "share"),
        field("weight", T::Number(Range::default()), None, "weight"),
        field("seen_on", T::Date, None, "seen_on"),
    ];
    Vocabulary::new("small".to_owned(), String::new(), lists, fields)
}
