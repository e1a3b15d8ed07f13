//! What must hold whatever the bytes are: the bodies of the fuzz targets.
//!
//! Each takes the bytes of an input and panics if a promise of the library is broken.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use forbear::audit::{Audit, Clock, Judged, Nowhere, Running, Sink, Summary, Wants};
use forbear::check::{self, Calendars, Checked};
use forbear::diagnostic::Diagnostic;
use forbear::log::{self, Fitter, Format, Input, Item, Limits, Mapping, Raw, Record, Unreadable};
use forbear::policy::Vocabulary;
use forbear::report::human::{self, AuditPrinter, Terminal};
use forbear::report::{
    About, Again, Identities, Privacy, Recorded, Report, diagnose, explain, github, html, json, rows, sarif,
};
use forbear::source::{Sources, Span};
use forbear::syntax;
use forbear::syntax::ast::{Declaration, Document};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const TERMINAL: Terminal = Terminal { colour: false, width: 80 };

/// How many problems of one input are drawn; a drawing costs much more than what is drawn.
const MOST_DRAWN: usize = 8;

/// The clock of every run: no episode lies after it.
fn present() -> Timestamp {
    Timestamp::from_second(1_790_000_000).unwrap()
}

/// Any bytes are parsed and checked, as a plain and as a literate policy, and every problem has its place.
pub fn parser(bytes: &[u8]) {
    policy("a.forbear", bytes);
    if bytes.windows(3).any(|three| three == b"```" || three == b"~~~") {
        policy("a.forbear.md", bytes);
    }
}

/// What can be laid out is not refused, and laid out twice it is as laid out once.
pub fn format(bytes: &[u8]) {
    laid_out_twice("a.forbear", bytes);
    laid_out_twice("a.forbear.md", bytes);
}

fn laid_out_twice(name: &str, bytes: &[u8]) {
    let Some(once) = laid_out(name, bytes) else { return };
    let twice = laid_out(name, once.as_bytes());
    assert_eq!(twice.as_deref(), Some(once.as_str()));
}

fn laid_out(name: &str, bytes: &[u8]) -> Option<String> {
    let (sources, checked) = checked(name, bytes);
    let (source, _) = sources.iter().next()?;
    match syntax::format(&sources, source, &checked.bare) {
        Ok(laid_out) => Some(laid_out.text),
        Err(problem) => {
            assert_ne!(problem.code.name(), "forbear::format::would_change_meaning");
            None
        }
    }
}

fn policy(name: &str, bytes: &[u8]) {
    let (sources, checked) = checked(name, bytes);
    placed(&checked.problems, &sources);
    for problem in checked.problems.iter().take(MOST_DRAWN) {
        drawn(problem, &sources);
    }
    let document = json::check_document(&checked, &sources, Vec::new());
    serde_json::to_vec(&document).unwrap();
}

/// Parses and checks one file beside the clinical vocabulary, which is parsed once.
fn checked(name: &str, bytes: &[u8]) -> (Sources, Checked) {
    static CLINICAL: LazyLock<Document> = LazyLock::new(|| {
        let mut sources = Sources::new();
        sources.add("", "");
        let id = sources.add("clinical.forbear", VOCABULARY);
        syntax::parse(&sources, id).document
    });
    let mut sources = Sources::new();
    let id = sources.add(name, bytes);
    sources.add("clinical.forbear", VOCABULARY);
    let parsed = syntax::parse(&sources, id);
    let is_broken = parsed.document.declarations.iter().any(Declaration::is_broken);
    assert!(!is_broken || !parsed.problems.is_empty(), "something was not understood, and nothing is said");
    let mut checked = check::check(&[parsed.document, CLINICAL.clone()], &Calendars::default());
    checked.problems.extend(parsed.problems);
    (sources, checked)
}

/// Every label of a policy's problems lies in its source, and each problem has one.
fn placed(problems: &[Diagnostic], sources: &Sources) {
    for problem in problems {
        assert!(!problem.labels.is_empty(), "no place: {problem:?}");
        for label in &problem.labels {
            within(label.span, sources, problem);
        }
    }
}

/// A place lies in its source, on the bounds of characters.
fn within(span: Span, sources: &Sources, what: &dyn std::fmt::Debug) {
    let bytes = sources.bytes(span.source);
    assert!(span.start <= span.end && span.end <= bytes.len(), "outside its source: {what:?}");
    let split = std::str::from_utf8(bytes).is_ok_and(|text| text.get(span.start..span.end).is_none());
    assert!(!split, "splits a character: {what:?}");
}

fn drawn(problem: &Diagnostic, sources: &Sources) {
    let text = human::render(problem, sources, TERMINAL);
    assert!(text.contains("forbear::"), "not drawn: {problem:?}");
    assert!(!github::line(problem, sources).contains('\n'), "{problem:?}");
}

/// Any bytes are read as a log, within bounds wide and narrow; every place lies in the log, and every record is fitted.
pub fn log(bytes: &[u8], format: Format) {
    let narrow = Limits { record_bytes: 256, depth: 3, values: 16, alias_values: 4 };
    for limits in [Limits::default(), narrow] {
        let mut sources = Sources::new();
        let id = sources.add_protected("log", bytes);
        let fitter = Fitter::new(vocabulary(), TimeZone::UTC);
        let mut drawn_yet = 0;
        log::read(&sources, id, format, &limits, &mut |item| {
            let found = match &item {
                Item::Record(record) => fitted(record, &fitter, &sources),
                Item::LeftOut(_) => panic!("no reader leaves anything out"),
                Item::Unreadable(unreadable) => {
                    within(unreadable.at, &sources, unreadable);
                    vec![unreadable.diagnostic()]
                }
            };
            for problem in &found {
                problem.labels.iter().for_each(|label| within(label.span, &sources, problem));
                if drawn_yet < MOST_DRAWN {
                    drawn_yet += 1;
                    drawn(problem, &sources);
                }
            }
        });
    }
}

/// Any bytes come to the same totals as a log, whether its usual records are judged in brief or each by itself.
pub fn both_ways(bytes: &[u8], format: Format) {
    static SURGERY: LazyLock<Checked> = LazyLock::new(|| checked("policy.forbear", POLICY.as_bytes()).1);
    let mut sources = Sources::new();
    let id = sources.add_protected("log", bytes);
    let inputs = [Input::new(id, format)];
    let clock = Clock::at(present());
    let audit = Audit { set: &SURGERY.set, sources: &sources, inputs: &inputs, clock, limits: Limits::default() };
    let running = Running { threads: 1, ..Running::default() };
    same(&audit.run_so(running, &mut Nowhere), &audit.run_so(running, &mut OneByOne));
}

fn same(in_brief: &Summary, one_by_one: &Summary) {
    let plain = |summary: &Summary| format!("{:?}", summary.plain());
    assert_eq!(plain(in_brief), plain(one_by_one));
}

/// Wants every record, and forgets it.
struct OneByOne;

impl Sink for OneByOne {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        Wants::Everything
    }
}

/// Any bytes are a mapping, and the log below a line `===`, if there is one, is read through it: no record is lost, and
/// every place lies in the log or the mapping. Of a mapping without a log, one of the examples is read.
pub fn mapping(bytes: &[u8]) {
    let at = bytes.windows(5).position(|five| five == b"\n===\n");
    let (mapping, log) = at.map_or((bytes, EXPORT), |at| (&bytes[..=at], &bytes[at + 5..]));
    let mut sources = Sources::new();
    let id = sources.add("mapping.yaml", mapping);
    let (read, problems) = Mapping::read(&sources, id, &[vocabulary()]);
    placed(&problems, &sources);
    problems.iter().take(MOST_DRAWN).for_each(|problem| drawn(problem, &sources));
    let read = Arc::new(read);
    for format in [Format::Csv, Format::Json, Format::Yaml] {
        let mut sources = Sources::new();
        sources.add("mapping.yaml", mapping);
        let id = sources.add_protected("log", log);
        // A draft of whatever it is can be read.
        let draft =
            log::suggest(&sources, &Input::new(id, format), &log::Known::default(), &Limits::default(), vocabulary());
        let drafted = sources.add("draft.yaml", draft);
        assert_eq!(
            Mapping::read(&sources, drafted, &[vocabulary()]).1,
            [],
            "{}",
            sources.text(Span::new(drafted, 0, 9999))
        );
        if !problems.is_empty() {
            continue;
        }
        let fitter = Fitter::new(vocabulary(), TimeZone::UTC);
        let input = Input { mapping: Some(Arc::clone(&read)), ..Input::new(id, format) };
        let of_log = log::read_input(&sources, &input, &Limits::default(), &mut |item| match &item {
            Item::Record(record) => _ = fitted(record, &fitter, &sources),
            Item::Unreadable(unreadable) => within(unreadable.at, &sources, unreadable),
            Item::LeftOut(left_out) => within(left_out.at, &sources, left_out),
        });
        of_log.iter().take(MOST_DRAWN).for_each(|problem| drawn(problem, &sources));
    }
}

/// Any bytes are opened as a file that may be compressed or a spreadsheet, and what comes out is read.
pub fn packed(bytes: &[u8]) {
    let mut sources = Sources::new();
    let opened = log::open(&[PathBuf::from("-")], &mut &*bytes, &mut sources);
    for input in &opened.inputs {
        let fitter = Fitter::new(vocabulary(), TimeZone::UTC);
        log::read_input(&sources, input, &Limits::default(), &mut |item| match &item {
            Item::Record(record) => _ = fitted(record, &fitter, &sources),
            Item::Unreadable(unreadable) => within(unreadable.at, &sources, unreadable),
            Item::LeftOut(_) => panic!("no reader leaves anything out"),
        });
    }
}

const EXPORT: &[u8] = include_bytes!("../../examples/export/theatre.csv");

fn fitted(record: &Record, fitter: &Fitter<'_>, sources: &Sources) -> Vec<Diagnostic> {
    within(record.span, sources, record);
    for entry in &record.entries {
        within(entry.key, sources, entry);
        within(entry.place, sources, entry);
        if let Raw::List(members) = &entry.raw {
            members.iter().for_each(|(_, place)| within(*place, sources, entry));
        }
    }
    for repeat in &record.repeats {
        within(repeat.first, sources, repeat);
        within(repeat.again, sources, repeat);
    }
    let fitted = fitter.fit(record, present());
    fitted.findings.iter().map(|finding| finding.diagnostic(vocabulary())).collect()
}

fn vocabulary() -> &'static Vocabulary {
    static CLINICAL: LazyLock<Checked> = LazyLock::new(|| check::load(&mut Sources::new()));
    &CLINICAL.vocabularies["clinical"]
}

const VOCABULARY: &str = include_str!("../../policies/vocabularies/clinical.forbear");
const POLICY: &str = include_str!("../../policies/surgery.forbear");
const LOG: &str = include_str!("../../examples/formats/theatre.jsonl");

/// A policy and a log in JSONL, a line `===` between them: the log is audited, and the totals add up. Of a text without
/// that line, a policy meets a log of the examples, and a log one of the policies.
pub fn pipeline(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (policy, log) = match text.split_once("\n===\n") {
        Some(both) => both,
        None if text.trim_start().starts_with('{') => (POLICY, text),
        None => (text, LOG),
    };
    let (mut sources, checked) = checked("policy.forbear", policy.as_bytes());
    if checked.has_errors() || checked.set.policies.is_empty() {
        return;
    }
    let id = sources.add_protected("log.jsonl", log);
    let inputs = [Input::new(id, Format::Jsonl)];
    audit(&checked, &sources, &inputs);
}

fn audit(checked: &Checked, sources: &Sources, inputs: &[Input]) {
    let limits = Limits::default();
    let audit = Audit { set: &checked.set, sources, inputs, clock: Clock::at(present()), limits };
    let identities = Identities::under([7; 32], Privacy::Auditor);
    let mut every = Every { sources, identities: &identities, judged: 0, unreadable: 0 };
    let summary = audit.run(true, &mut every);
    assert_eq!((summary.judged, summary.unreadable), (every.judged, every.unreadable));
    assert_eq!(summary.records, summary.judged + summary.unreadable);
    assert_eq!(summary.leading.iter().sum::<usize>(), summary.judged);
    for policy in &summary.policies {
        assert_eq!(policy.verdicts.iter().sum::<usize>(), summary.judged);
    }

    same(&audit.run(false, &mut Nowhere), &summary);
    write_and_verify(checked, sources, &audit);
    let mut printer = AuditPrinter::new(sources, &identities, TERMINAL, MOST_DRAWN);
    audit.run(false, &mut printer);
    assert!(printer.finish(&summary).contains("judged"));
}

/// Writes one format at one level, whichever's turn it is by the length of the inputs, and verifies what it wrote.
fn write_and_verify(checked: &Checked, sources: &Sources, audit: &Audit<'_>) {
    let turn: usize = sources.iter().map(|(_, source)| source.bytes().len()).sum();
    let privacy = [Privacy::Committee, Privacy::Auditor, Privacy::Internal][turn % 3];
    let identities = Identities::under([7; 32], privacy);
    let about = About { set: &checked.set, sources, clock: audit.clock, identities: &identities };
    macro_rules! written {
        ($new:path) => {{
            let mut to = Vec::new();
            let mut report = $new(&mut to, about);
            let summary = audit.run(false, &mut report);
            report.finish(&summary, &[]).unwrap();
            drop(report);
            String::from_utf8(to).unwrap()
        }};
    }
    let verified = |report: &str| {
        let recorded = Recorded::read(report.as_bytes()).unwrap();
        let mut again = Again::new(&recorded, about);
        let summary = audit.run(false, &mut again);
        assert_eq!(again.finish(&summary), Vec::<String>::new());
    };
    let is_json = |text: &str| drop(serde_json::from_str::<serde_json::Value>(text).unwrap());
    match turn / 3 % 6 {
        0 => {
            let lines = written!(json::Lines::new);
            lines.lines().for_each(is_json);
            verified(&lines);
        }
        1 => {
            let document = written!(json::Document::new);
            is_json(&document);
            verified(&document);
        }
        2 => {
            let sarif = written!(sarif::Findings::new);
            is_json(&sarif);
            verified(&sarif);
        }
        3 => assert!(written!(rows::Rows::new).starts_with("episode,")),
        4 => assert!(written!(github::Annotations::new).contains("::notice ")),
        _ => assert!(written!(html::Page::new).ends_with("</html>")),
    }
}

/// Words and counts every record.
struct Every<'a> {
    sources: &'a Sources,
    identities: &'a Identities,
    judged: usize,
    unreadable: usize,
}

impl Sink for Every<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.judged += 1;
        for problem in diagnose(record, self.sources, self.identities) {
            problem.labels.iter().for_each(|label| within(label.span, self.sources, &problem));
        }
        explain::explain(record, self.sources, self.identities);
    }

    fn unreadable(&mut self, unreadable: &Unreadable) {
        self.unreadable += 1;
        within(unreadable.at, self.sources, unreadable);
    }
}
