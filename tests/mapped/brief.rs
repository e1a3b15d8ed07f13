//! Judging the rows of a mapped table in brief comes to what judging them one by one comes to, whatever the mapping and the table.

use std::sync::Arc;

use forbear::audit::{Audit, Clock, Judged, Running, Sink, Summary, Wants};
use forbear::check::{Checked, load};
use forbear::log::{Format, Input, Limits, Mapping, Unreadable};
use forbear::report::human::{AuditPrinter, Terminal};
use forbear::report::rows::Rows;
use forbear::report::{About, Identities, Privacy, Report};
use forbear::source::{Grid, Sources};

use super::drawn::World;
use super::one_by_one::OneByOne;

struct Nobody;

impl Sink for Nobody {
    fn judged(&mut self, _record: &Judged<'_>) {}

    fn wants_reasons(&self) -> bool {
        false
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {}

    fn wants(&self) -> Wants {
        Wants::Nothing
    }
}

struct Ready {
    sources: Sources,
    checked: Checked,
    inputs: Vec<Input>,
}

fn ready(world: &World) -> Ready {
    let mut sources = Sources::new();
    for (at, policy) in world.policies.iter().enumerate() {
        sources.add(format!("ward_{at}.forbear"), policy.as_str());
    }
    let checked = load(&mut sources);
    assert!(!checked.has_errors(), "{:?}", checked.problems);
    let id = sources.add("mapping.yaml", world.mapping.as_str());
    let (mapping, problems) = Mapping::read(&sources, id, &[&checked.set.policies[0].versions[0].vocabulary]);
    assert!(problems.is_empty(), "{problems:?}\n{}", world.mapping);
    let mapping = Some(Arc::new(mapping));
    // The same table twice, once as a sheet of a spreadsheet, whose bare numbers are numeric cells, and once in the words of the
    // vocabulary: so what was prepared for one is not taken for another.
    let named = "id,occurred_at,trainee\nX-1,2026-03-04T10:30,P-1\nX-2,2026-03-05T10:30,P-1\nX-1,2026-13-05,P-1\n";
    let ids = [("one", world.log.as_slice()), ("two", named.as_bytes()), ("three", world.log.as_slice())];
    let inputs = ids.map(|(name, log)| {
        let mapping = mapping.clone().filter(|_| name != "two");
        let id = sources.add_protected(name, log);
        if name == "three" {
            sources.set_grid(id, Grid::new("Sheet".to_owned(), Vec::new(), 1));
        }
        Input { mapping, ..Input::new(id, Format::Csv) }
    });
    Ready { sources, checked, inputs: inputs.to_vec() }
}

fn audit(ready: &Ready, threads: usize, is_slow: bool, sink: &mut dyn Sink) -> Summary {
    let Ready { sources, checked, inputs } = ready;
    // Where later records are left out, each is read and judged by itself; none is later here.
    let clock = Clock { reconstruct: is_slow, ..Clock::at("2027-01-01T00:00:00Z".parse().unwrap()) };
    let audit = Audit { set: &checked.set, sources, inputs, clock, limits: Limits::default() };
    audit.run_so(Running { threads, ..Running::default() }, sink)
}

fn same(what: &str, expected: &str, found: &str, world: &World) {
    if expected != found {
        let differs = expected.lines().zip(found.lines()).find(|(one, other)| one != other);
        let log = String::from_utf8_lossy(&world.log);
        panic!("{what}: {differs:?}\nof\n{}\n{log}", world.mapping);
    }
}

/// How many records there were, and how many were judged in brief.
#[derive(Debug, Default)]
struct Met {
    sound: usize,
    sound_in_brief: usize,
    odd: usize,
    odd_in_brief: usize,
    by_gist: usize,
    left_out: usize,
    findings: usize,
}

#[test]
fn rows_in_brief_come_to_what_they_come_to_one_by_one() {
    let mut met = Met::default();
    for round in 0..60 {
        let world = World::of(round);
        let ready = ready(&world);
        let plain = |summary: &Summary| format!("{:#?}", summary.plain());
        let wanted = audit(&ready, 1, true, &mut OneByOne(Nobody));
        let found = audit(&ready, 1, false, &mut Nobody);
        same("totals", &plain(&wanted), &plain(&found), &world);
        same("totals", &plain(&wanted), &plain(&audit(&ready, 3, false, &mut Nobody)), &world);
        same("totals", &plain(&wanted), &plain(&audit(&ready, 1, false, &mut OneByOne(Nobody))), &world);
        told_the_same(&ready, &world);
        let (records, in_brief) = if world.is_sound {
            (&mut met.sound, &mut met.sound_in_brief)
        } else {
            (&mut met.odd, &mut met.odd_in_brief)
        };
        *records += found.records;
        *in_brief += found.in_brief;
        met.by_gist += found.by_gist;
        met.left_out += found.left_out;
        met.findings += found.failing;
    }
    // Where texts are compared with a constant, one that is another is told, and its record is read whole.
    assert!(met.sound_in_brief * 10 > met.sound * 8, "{met:?}");
    assert!(met.odd_in_brief * 6 > met.odd && met.odd_in_brief < met.odd, "{met:?}");
    assert!(met.by_gist * 6 > met.sound + met.odd && met.findings > 5_000 && met.left_out > 20, "{met:?}");
}

/// Holds the text for people and a report of findings in brief against the same one by one.
fn told_the_same(ready: &Ready, world: &World) {
    let identities = Identities::under([0; 32], Privacy::Internal);
    let terminal = Terminal { colour: false, width: 100 };
    let printer = || AuditPrinter::new(&ready.sources, &identities, terminal, 3);
    let mut in_brief = printer();
    let summary = audit(ready, 1, false, &mut in_brief);
    let mut one_by_one = OneByOne(printer());
    let wanted = audit(ready, 1, false, &mut one_by_one);
    same("text", &one_by_one.0.finish(&wanted), &in_brief.finish(&summary), world);
    let clock = Clock::at("2027-01-01T00:00:00Z".parse().unwrap());
    let about = About { set: &ready.checked.set, sources: &ready.sources, clock, identities: &identities };
    let (mut found, mut expected) = (Vec::new(), Vec::new());
    let mut rows = Rows::new(&mut found, about);
    let summary = audit(ready, 1, false, &mut rows);
    rows.finish(&summary, &[]).unwrap();
    drop(rows);
    let mut rows = OneByOne(Rows::new(&mut expected, about));
    let summary = audit(ready, 1, false, &mut rows);
    rows.finish(&summary, &[]).unwrap();
    drop(rows);
    let [expected, found] = [expected, found].map(|text| String::from_utf8(text).unwrap());
    same("findings", &expected, &found, world);
}
