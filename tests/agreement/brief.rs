//! Judging in brief comes to what judging record by record comes to: the same totals, the same findings, the same text for
//! people. Logs are taken as they were generated, and spoilt in many ways.

use std::cell::RefCell;
use std::collections::BTreeSet;

use forbear::audit::{Audit, Clock, Judged, Running, Sink, Summary, Wants};
use forbear::check::{Checked, load};
use forbear::judge::{BriefJudge, Evaluation};
use forbear::log::{Briefer, Fitter, Format, Input, Item, Limits, Unreadable, read, read_line};
use forbear::policy::{ConditionId, FieldType};
use forbear::report::github::Annotations;
use forbear::report::human::{AuditPrinter, Terminal};
use forbear::report::rows::Rows;
use forbear::report::{About, Identities, Privacy, Report};
use forbear::source::{SourceId, Sources};

use jiff::Timestamp;

use super::generate::World;
use super::one_by_one::OneByOne;

/// How many records were judged, and how many of them in brief.
#[derive(Debug, Default)]
pub(crate) struct Met {
    records: usize,
    in_brief: usize,
    by_gist: usize,
    findings: usize,
    conditions: usize,
    /// Conditions of which the judge has to be asked.
    beyond: usize,
}

impl Met {
    /// Fails if little of what looks back was read once.
    pub(crate) fn check_looking_back(&self) {
        println!("{self:?}");
        assert!(self.by_gist * 20 > self.records, "{self:?}");
    }

    /// Fails if little was judged in brief: the test would then hold nothing against anything.
    pub(crate) fn check(&self) {
        println!("{self:?}");
        assert!(self.in_brief * 20 > self.records, "{self:?}");
        assert!(self.conditions > 10_000 && self.beyond * 2 < self.conditions, "{self:?}");
    }
}

/// Holds both ways against one another on a world, and on the same world with its log spoilt.
pub(crate) fn agrees(world: &World, met_cell: &RefCell<Met>) -> Result<(), String> {
    let clean = clean(world);
    for log in [&world.log, &spoilt(&world.log, 1), &clean, &spoilt(&clean, 2), &echoed(&clean)] {
        let ready = ready(world, log);
        let ways = [Way::Everything, Way::Nothing, Way::Shown(2)];
        let [whole, counted, shown] = ways.map(|way| run(&ready, way));
        let mut met = met_cell.borrow_mut();
        met.records += counted.0.judged;
        met.in_brief += counted.0.in_brief;
        met.by_gist += counted.0.by_gist;
        met.findings += counted.0.failing;
        same("totals", &plain(&run(&ready, Way::Slowly).0), &plain(&counted.0), log)?;
        same("totals", &plain(&whole.0), &plain(&counted.0), log)?;
        same("totals", &plain(&whole.0), &plain(&shown.0), log)?;
        same("text", &run(&ready, Way::OneByOne(2)).1, &shown.1, log)?;
        for (one_by_one, format) in [(Way::CsvOneByOne, Way::Csv), (Way::GithubOneByOne, Way::Github)] {
            same("text", &run(&ready, one_by_one).1, &run(&ready, format).1, log)?;
        }
        drop(met);
        conditions_agree(world, log, met_cell)?;
    }
    Ok(())
}

/// Holds what is known of each condition against what the judge knows of it, on every record that can be read in brief.
fn conditions_agree(world: &World, log: &str, met: &RefCell<Met>) -> Result<(), String> {
    let mut sources = Sources::new();
    for (name, text) in &world.files {
        sources.add(name, text.as_str());
    }
    let checked = load(&mut sources);
    let policy = &checked.set.policies[0];
    let lenses = policy
        .versions
        .iter()
        .map(|version| (Fitter::new(&version.vocabulary, version.zone.clone()), BriefJudge::reads(version).collect()));
    let limits = Limits::default();
    let mut briefer = Briefer::new(lenses.collect(), &limits, world.as_of);
    let judge = BriefJudge::new(policy, briefer.bases(), None);
    for line in log.lines().map(str::trim_ascii).filter(|line| !line.is_empty()) {
        let Some(brief) = briefer.json(line.as_bytes()).cloned() else { continue };
        let Item::Record(record) = read_line(line.as_bytes(), SourceId(0), 0, &limits) else {
            return Err(format!("it cannot be read, and was read in brief: {line}"));
        };
        for (at, version) in policy.versions.iter().enumerate() {
            let fitted = Fitter::new(&version.vocabulary, version.zone.clone()).fit(&record, world.as_of);
            if !fitted.findings.is_empty() {
                return Err(format!("{:?} was read in brief: {line}", fitted.findings));
            }
            let mut evaluation = Evaluation::new(version, &fitted.episode);
            for (id, truth) in (0..).zip(judge.truths(at, &brief, line.as_bytes())) {
                let expected = evaluation.truth(ConditionId(id));
                let mut met = met.borrow_mut();
                met.conditions += 1;
                met.beyond += usize::from(truth.is_none());
                if truth.is_some_and(|truth| truth != expected) {
                    let condition = version.conditions.get(ConditionId(id));
                    return Err(format!("{condition:?} is {expected:?}, and in brief {truth:?}, of {line}"));
                }
            }
        }
    }
    Ok(())
}

/// Gives the log with nothing in it but values that fit and are known in full, flat: so it is judged in brief.
fn clean(world: &World) -> String {
    let mut sources = Sources::new();
    for (name, text) in &world.files {
        sources.add(name, text.as_str());
    }
    let checked = load(&mut sources);
    let version = &checked.set.policies[0].versions[0];
    let fitter = Fitter::new(&version.vocabulary, version.zone.clone());
    let id = sources.add("log.jsonl", world.log.as_str());
    let mut lines = vec![];
    read(&sources, id, Format::Jsonl, &Limits::default(), &mut |item| {
        let Item::Record(record) = item else { return };
        let episode = fitter.fit(&record, world.as_of).episode;
        let fields = version.vocabulary.field_ids().zip(&version.vocabulary.fields);
        let known = fields.filter(|(id, _)| !episode.is_open(*id)).filter_map(|(id, field)| {
            let value = sources.text(episode.place(id)?);
            let is_fine = field.kind != FieldType::SetOfIdentity && !value.contains("99999");
            is_fine.then(|| format!("\"{}\": {value}", field.path))
        });
        lines.push(format!("{{{}}}", known.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")));
    });
    lines.join("\n")
}

/// Gives the log with every record three times, each under an id of its own: so more is counted.
fn echoed(log: &str) -> String {
    let echoes = |line: &str| ["\"id\": \"", "\"id\": \"A", "\"id\": \"B"].map(|id| line.replacen("\"id\": \"", id, 1));
    log.lines().flat_map(echoes).collect::<Vec<_>>().join("\n")
}

fn same(what: &str, expected: &str, found: &str, log: &str) -> Result<(), String> {
    if expected == found {
        Ok(())
    } else {
        Err(format!("{what}: one by one\n{expected}\nin brief\n{found}\nof\n{log}"))
    }
}

fn plain(summary: &Summary) -> String {
    format!("{:#?}", summary.plain())
}

/// How an audit is asked.
#[derive(Clone, Copy)]
enum Way {
    Everything,
    /// With nothing in brief, the first pass neither.
    Slowly,
    Nothing,
    /// The text for people, with so many findings in full.
    Shown(usize),
    /// The same, with every record judged by itself.
    OneByOne(usize),
    /// Reports that tell findings alone, and the same with every record judged by itself.
    Csv,
    CsvOneByOne,
    Github,
    GithubOneByOne,
}

/// A world that is read and checked, with one log.
struct Ready {
    sources: Sources,
    checked: Checked,
    inputs: [Input; 1],
    as_of: Timestamp,
}

fn ready(world: &World, log: &str) -> Ready {
    let mut sources = Sources::new();
    for (name, text) in &world.files {
        sources.add(name, text.as_str());
    }
    let checked = load(&mut sources);
    let id = sources.add_protected("log.jsonl", log);
    Ready { sources, checked, inputs: [Input::new(id, Format::Jsonl)], as_of: world.as_of }
}

fn run(ready: &Ready, way: Way) -> (Summary, String) {
    let Ready { sources, checked, inputs, as_of } = ready;
    // Where later records are left out, each is read and judged by itself; none is later here.
    let clock = Clock { reconstruct: matches!(way, Way::Slowly), ..Clock::at(*as_of) };
    let set = &checked.set;
    let audit = Audit { set, sources, inputs, clock, limits: Limits::default() };
    let running = Running { threads: 1, ..Running::default() };
    let identities = Identities::under([0; 32], Privacy::Internal);
    let terminal = Terminal { colour: false, width: 100 };
    match way {
        Way::Everything | Way::Slowly => (audit.run_so(running, &mut Taker(Wants::Everything)), String::new()),
        Way::Nothing => (audit.run_so(running, &mut Taker(Wants::Nothing)), String::new()),
        Way::Shown(at_most) => {
            let mut printer = AuditPrinter::new(sources, &identities, terminal, at_most);
            let summary = audit.run_so(running, &mut printer);
            let text = printer.finish(&summary);
            (summary, text)
        }
        Way::Csv | Way::CsvOneByOne | Way::Github | Way::GithubOneByOne => {
            let about = About { set, sources, clock, identities: &identities };
            let mut text = Vec::new();
            let summary = match way {
                Way::Csv => report(&audit, running, &mut Rows::new(&mut text, about)),
                Way::CsvOneByOne => report(&audit, running, &mut OneByOne(Rows::new(&mut text, about))),
                Way::Github => report(&audit, running, &mut Annotations::new(&mut text, about)),
                _ => report(&audit, running, &mut OneByOne(Annotations::new(&mut text, about))),
            };
            (summary, String::from_utf8(text).unwrap())
        }
        Way::OneByOne(at_most) => {
            let mut printer = OneByOne(AuditPrinter::new(sources, &identities, terminal, at_most));
            let summary = audit.run_so(running, &mut printer);
            let text = printer.0.finish(&summary);
            (summary, text)
        }
    }
}

struct Taker(Wants);

impl Sink for Taker {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        self.0
    }
}

/// Judges, and writes a report to its end.
fn report(audit: &Audit<'_>, running: Running<'_>, report: &mut dyn Report) -> Summary {
    let summary = audit.run_so(running, report);
    report.finish(&summary, &[]).unwrap();
    summary
}

/// Does something to every line, another thing to each: what is left may be odd, unreadable, or mean the same.
fn spoilt(log: &str, round: usize) -> String {
    let lines = log.lines().enumerate().map(|(at, line)| spoil(line, at * 7 + round * 5 + line.len()));
    lines.collect::<Vec<_>>().join("\n")
}

fn spoil(line: &str, choice: usize) -> String {
    let open = line.strip_prefix('{').unwrap_or(line);
    let closed = line.strip_suffix('}').unwrap_or(line);
    let comma = if open == "}" { "" } else { ", " };
    match choice % 24 {
        0 => format!("{{\"note\": \"far away\"{comma}{open}"),
        1 => format!("{closed}{comma}\"note\": {{\"deep\": {{\"er\": [1, [2], \"x\"]}}, \"b\": -1.5e3}}}}"),
        2 => format!("{{\"id\": \"EP-1\"{comma}{open}"),
        3 => format!("{closed}{comma}\"id\": \"\\u0045P\"}}"),
        4 => line.replace(": ", ":").replace(", ", " ,  "),
        5 => format!("  {line}\t "),
        6 => format!("{line} x"),
        7 => closed.to_owned(),
        8 => line.replacen('"', "", 1),
        9 => line.replace("true", "True"),
        10 => line.replace("-", "\u{2013}"),
        11 => format!("{closed}{comma}\"n\u{f6}te\": \"gr\u{fc}n \\n \\\" \"}}"),
        12 => format!("{closed}{comma}\"note\": 01}}"),
        13 => format!("{closed}{comma}\"note\": {{}}}}"),
        14 => format!("{closed}{comma}\"note\": [{{\"a\": 1, \"a\": 2}}]}}"),
        15 => format!("{closed}{comma}\"note\": \"\u{1}\"}}"),
        16 => format!("{closed}, }}"),
        17 => format!("{closed}{comma}\"note.deep\": 1, \"note\": {{\"deep\": 2}}}}"),
        18 => format!("{line}\r"),
        19 => line.replace("\"", "\" "),
        20 => line.replace(": \"", ": \" "),
        21 => format!("{closed}{comma}\"note\": \"\\ud800\"}}"),
        _ => line.to_owned(),
    }
}
