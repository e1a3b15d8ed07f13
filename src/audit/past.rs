//! What came before: the first pass over the records, for the policies that look back.

use std::sync::Arc;

use crate::episode::Episode;
use crate::judge::{BriefJudge, Gathering, Past};
use crate::log::{Briefer, ColumnsSeen, IdDigests, Item, UnknownKeys};
use crate::policy::time::{When, days};
use crate::policy::{FieldId, Policy, Role, Value, Version};
use crate::source::{SourceId, Span};

use super::blocks::{self, Block, Cut, Lines};
use super::brief::InBrief;
use super::gists::{self, AGAIN, Gists, Kept, Met, NO_RECORD};
use super::lens::{self, Lens};
use super::{Audit, Clock, PolicyResult, Running, Wants, pass};

/// How many records are kept with all that they say, so that it can be tried what else they could say.
const MOST_KEPT: u32 = 2_000;

/// The past of each policy that looks back, and what is known of the records besides.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    pub(super) pasts: Vec<Option<Past<'a>>>,
    /// Every record as the versions of each policy read it, where all reasons are wanted and there are few.
    pub(super) kept: Vec<Vec<Vec<Episode>>>,
    /// For each log; none where nothing looks back.
    pub(super) logs: Vec<OfLog>,
    /// The ids of the records of which there is a gist.
    pub(super) ids: IdDigests,
    /// All gists, by their numbers.
    pub(super) gists: Vec<Box<[u8]>>,
}

/// What the first pass found of a log.
#[derive(Debug, Default)]
pub(super) struct OfLog {
    /// How it was cut, if it was.
    pub(super) cut: Option<Cut>,
    /// Of each block: the number of its first record, and what was kept of it.
    pub(super) blocks: Vec<(u32, Option<Kept>)>,
    /// What a mapping met in the records of which there is a gist.
    pub(super) columns: ColumnsSeen,
}

/// Takes up every record that is judged, for each policy that looks back; reads nothing where none does. Unless every record is
/// wanted, the gist of each is kept, where there can be one.
pub(super) fn gather<'a>(audit: &'a Audit<'a>, running: &Running<'_>, wants: Wants) -> Gathered<'a> {
    let gatherings: Vec<Option<Gathering<'a>>> =
        audit.set.policies.iter().map(|policy| gathering(policy, audit.clock)).collect();
    if gatherings.iter().all(Option::is_none) {
        let pasts = gatherings.into_iter().map(|_| None).collect();
        return Gathered { pasts, ..Gathered::default() };
    }
    let mut own = Taker::new(audit, None);
    let mut taken = Taken { gatherings, records: 0 };
    let (gists, mut ids) = (Gists::default(), IdDigests::default());
    let keeps = (wants != Wants::Everything).then_some(&gists);
    let mut logs = Vec::new();
    for input in audit.inputs {
        let cut = blocks::of(audit, input, wants).filter(|_| !audit.clock.reconstruct);
        let mut of_log = OfLog::default();
        if let Some(Cut { blocks, lines }) = &cut {
            let keeps = keeps.filter(|_| lines.may_be_brief());
            let make = || Taker::new(audit, keeps);
            let work = |taker: &mut Taker<'a, '_>, block: &Block, _: usize| taker.block(block, lines);
            pass::in_order(running.threads, &mut make(), make, blocks, work, |sighted: Sighted, block| {
                let first = taken.records;
                let kept = own.merge(&sighted, block, lines, &mut taken);
                ids.absorb(sighted.ids);
                of_log.columns.absorb(sighted.columns);
                of_log.blocks.push((first, keeps.map(|_| Kept::new(kept, sighted.again, sighted.unknown))));
                running.goes_on(block.length())
            });
        } else {
            blocks::each_item(audit, input, running, &mut |item| own.take(&item, &mut taken));
        }
        of_log.cut = cut;
        logs.push(of_log);
    }
    drop(own);
    let kept = if running.all_reasons && taken.records <= MOST_KEPT { keep(audit) } else { Vec::new() };
    let pasts = taken.gatherings.into_iter().map(|gathering| gathering.map(Gathering::close)).collect();
    Gathered { pasts, kept, logs, ids, gists: gists.close() }
}

/// Reads every record again, in the order in which they were taken up, and keeps it.
fn keep(audit: &Audit<'_>) -> Vec<Vec<Vec<Episode>>> {
    let mut lenses = Lens::all(audit.set);
    let of_policies = lens::of_versions(&lenses, audit.set);
    let mut kept: Vec<Vec<Vec<Episode>>> = of_policies.iter().map(|_| Vec::new()).collect();
    for input in audit.inputs {
        blocks::each_item(audit, input, &Running::default(), &mut |item| {
            let Item::Record(record) = item else { return };
            let episodes = lens::read(&mut lenses, &record, audit.clock.present).episodes;
            if is_left_out(&lenses, &episodes, audit.clock) {
                return;
            }
            for (of_versions, kept) in of_policies.iter().zip(&mut kept) {
                kept.push(lens::readings(of_versions, &episodes).into_iter().cloned().collect());
            }
        });
    }
    kept
}

/// What was taken up so far.
struct Taken<'a> {
    gatherings: Vec<Option<Gathering<'a>>>,
    records: u32,
}

/// Takes up records, in brief or one by one.
struct Taker<'a, 'g> {
    audit: &'a Audit<'a>,
    lenses: Vec<Lens<'a>>,
    of_policies: Vec<Vec<usize>>,
    /// Reads no more than what looking back needs.
    brief: Option<(Briefer<'a>, Vec<BriefJudge<'a>>)>,
    /// Reads the whole of a record, where its gist is to be kept.
    whole: Option<Keeping<'a, 'g>>,
    buffer: Vec<u8>,
    /// The log of which the columns are known, and whether they are plain.
    columns_of: Option<(SourceId, bool)>,
}

/// What keeps the gists of records.
struct Keeping<'a, 'g> {
    brief: InBrief<'a>,
    gists: &'g Gists,
    met: Met,
    gist: Vec<u8>,
}

/// What a worker saw in a block: where the records stand, and what it wrote of those that are plain.
struct Sighted {
    lines: Vec<Line>,
    written: Vec<u8>,
    /// Where those lines stand that will have to be read again, since nothing that came before can settle them.
    again: Vec<gists::Line>,
    /// What is counted of records of which there is a gist.
    ids: IdDigests,
    unknown: UnknownKeys,
    columns: ColumnsSeen,
    /// Each record that was read whole by whoever took the block, as every lens reads it.
    read: Vec<Vec<Arc<Episode>>>,
}

/// Where a line begins, how long it is, what became of it, and the number of its gist.
struct Line {
    at: usize,
    length: u32,
    found: Found,
    gist: u16,
}

/// What a worker made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It is written.
    Written,
    /// It is the next of those that were read whole.
    Whole,
    /// It is no record that is judged.
    Nothing,
    /// It is left to whoever puts the blocks together.
    Left,
}

impl<'a, 'g> Taker<'a, 'g> {
    fn new(audit: &'a Audit<'a>, keeps: Option<&'g Gists>) -> Self {
        let lenses = Lens::all(audit.set);
        let of_policies = lens::of_versions(&lenses, audit.set);
        let versions = || audit.set.policies.iter().flat_map(|policy| &policy.versions);
        let fields = |lens: &Lens<'a>| {
            versions().filter(|version| lens.fits(version)).flat_map(BriefJudge::sees_fields).collect()
        };
        let fields: Vec<Vec<FieldId>> = lenses.iter().map(fields).collect();
        let briefer = super::brief::briefer(audit, &lenses).map(|briefer| briefer.only(&fields));
        let brief = briefer.and_then(|briefer| {
            let judge = |(policy, of_versions): (&'a Policy, &Vec<usize>)| {
                let bases: Vec<usize> =
                    of_versions.iter().filter_map(|lens| briefer.bases().get(*lens).copied()).collect();
                BriefJudge::new(policy, &bases, None)
            };
            let looks_back =
                |policy: &Policy| policy.versions.iter().any(|version| !version.conditions.histories().is_empty());
            let policies = audit.set.policies.iter().zip(&of_policies);
            let judges: Vec<BriefJudge<'a>> = policies.filter(|(policy, _)| looks_back(policy)).map(judge).collect();
            judges.iter().all(BriefJudge::sees).then_some((briefer, judges))
        });
        let whole = keeps.and_then(|gists| {
            let brief = InBrief::new(audit, &lenses, None).filter(InBrief::sees)?;
            Some(Keeping { brief, gists, met: Met::default(), gist: Vec::new() })
        });
        Self { audit, lenses, of_policies, brief, whole, buffer: Vec::new(), columns_of: None }
    }

    fn block(&mut self, block: &Block, lines: &Lines) -> Sighted {
        let mut sighted = Sighted::new();
        let Self { audit, lenses, brief, whole, buffer, columns_of, .. } = self;
        super::brief::prepare(brief.as_mut().map(|(briefer, _)| briefer), lines, columns_of, block);
        if let Some(keeping) = whole {
            keeping.brief.prepare(lines, block);
        }
        block.each_line(audit.sources, lines, buffer, |line, at| {
            let place = (block.source, at);
            let gist = whole.as_mut().and_then(|keeping| keeping.line(line, lines, place, &mut sighted));
            let mut narrowly = || {
                let (briefer, judges) = brief.as_mut()?;
                let (record, bytes) = super::brief::read(briefer, line, lines, *columns_of)?;
                let before = sighted.written.len();
                let seen = judges.iter().try_for_each(|judge| judge.sight(record, bytes, &mut sighted.written));
                if seen.is_none() {
                    sighted.written.truncate(before);
                }
                seen
            };
            let found = if gist.is_some() || narrowly().is_some() {
                Found::Written
            } else if lines.take_long() {
                // It is not left to one who waits for all.
                sighted.whole(lenses, &lines.read(line, block.source, at, &audit.limits), audit.clock)
            } else {
                Found::Left
            };
            let length = u32::try_from(line.len()).unwrap_or(u32::MAX);
            if gist.is_none_or(|(_, is_open)| is_open) {
                sighted.again.extend(u32::try_from(sighted.lines.len()).ok().map(|number| (number, at as u64, length)));
            }
            if gist.is_some() {
                lines.note(Span::new(block.source, at, at + line.len()), &mut sighted.columns);
            }
            sighted.lines.push(Line { at, length, found, gist: gist.map_or(AGAIN, |(number, _)| number) });
        });
        if let Some(keeping) = whole {
            keeping.brief.tell_unknown(&mut sighted.unknown);
        }
        sighted
    }

    /// Takes up what was seen in a block; gives for each line the number of its gist, or what stands in its place.
    fn merge(&mut self, sighted: &Sighted, block: &Block, lines: &Lines, taken: &mut Taken<'a>) -> Box<[u16]> {
        let (mut written, mut whole) = (sighted.written.as_slice(), sighted.read.iter());
        let take = |line: &Line| {
            let place = Span::new(block.source, line.at, line.at + line.length as usize);
            if line.found == Found::Nothing {
                return NO_RECORD;
            }
            if let Some(episodes) = (line.found == Found::Whole).then(|| whole.next()).flatten() {
                self.take_read(episodes, taken);
                return AGAIN;
            }
            if line.found == Found::Written {
                let all = taken.gatherings.iter_mut().flatten();
                let read = all.map(|gathering| gathering.add_brief(place, &mut written)).last();
                debug_assert_eq!(read, Some(Some(())), "what was written is read again");
                taken.records = taken.records.saturating_add(1);
                return line.gist;
            }
            let bytes = self.audit.sources.read(place.source, place.start..place.end, &mut self.buffer);
            let item = lines.read(bytes, place.source, place.start, &self.audit.limits);
            let before = taken.records;
            self.take(&item, taken);
            if taken.records > before { AGAIN } else { NO_RECORD }
        };
        sighted.lines.iter().map(take).collect()
    }

    fn take(&mut self, item: &Item, taken: &mut Taken<'a>) {
        let Item::Record(record) = item else { return };
        let readings = lens::read(&mut self.lenses, record, self.audit.clock.present);
        if is_left_out(&self.lenses, &readings.episodes, self.audit.clock) {
            return;
        }
        self.take_read(&readings.episodes, taken);
    }

    fn take_read(&self, episodes: &[Arc<Episode>], taken: &mut Taken<'a>) {
        for (of_versions, gathering) in self.of_policies.iter().zip(&mut taken.gatherings) {
            if let Some(gathering) = gathering {
                gathering.add(&lens::readings(of_versions, episodes));
            }
        }
        taken.records = taken.records.saturating_add(1);
    }
}

impl Sighted {
    fn new() -> Self {
        Self {
            lines: Vec::new(),
            written: Vec::new(),
            again: Vec::new(),
            ids: IdDigests::default(),
            unknown: UnknownKeys::of_part(),
            columns: ColumnsSeen::default(),
            read: Vec::new(),
        }
    }

    /// Takes up a record as the judge reads it.
    fn whole(&mut self, lenses: &mut [Lens<'_>], item: &Item, clock: Clock) -> Found {
        let Item::Record(record) = item else { return Found::Nothing };
        let readings = lens::read(lenses, record, clock.present);
        if is_left_out(lenses, &readings.episodes, clock) {
            return Found::Nothing;
        }
        self.read.push(readings.episodes);
        Found::Whole
    }
}

impl Keeping<'_, '_> {
    /// Reads the whole of a record, writes what looking back needs of it, and gives the number of its gist, and whether that leaves
    /// open what nothing that came before can settle; `None` if something about it is not plain, or there is no room for another
    /// gist.
    fn line(
        &mut self,
        line: &[u8],
        lines: &Lines,
        place: (SourceId, usize),
        sighted: &mut Sighted,
    ) -> Option<(u16, bool)> {
        let Self { brief, gists, met, gist } = self;
        let before = sighted.written.len();
        let is_open = brief.sight(line, lines, gist, &mut sighted.written).or_else(|| {
            sighted.written.truncate(before);
            None
        })?;
        let number = met.number(gist, gists);
        if number == AGAIN {
            sighted.written.truncate(before);
            return None;
        }
        brief.take(line, lines, place, &mut sighted.ids);
        Some((number, is_open))
    }
}

fn gathering(policy: &Policy, clock: Clock) -> Option<Gathering<'_>> {
    let zone = &policy.versions.first()?.zone;
    let begins = clock.log_from.and_then(|day| days(day, day, zone).ok()).map(|day| day.earliest);
    Some(Gathering::new(policy, clock.as_of)?.complete_since(begins))
}

/// Says whether a record lies after the as-of instant and is therefore left out.
pub(super) fn is_left_out(lenses: &[Lens<'_>], episodes: &[Arc<Episode>], clock: Clock) -> bool {
    clock.reconstruct && time_of(lenses, episodes).is_some_and(|when| when.earliest > clock.as_of)
}

/// Gives the time of a record, by the first lens that finds one.
pub(super) fn time_of(lenses: &[Lens<'_>], episodes: &[Arc<Episode>]) -> Option<When> {
    lenses.iter().zip(episodes).find_map(|(lens, episode)| lens.time_of(episode))
}

/// Reads the time of an episode, a date as its whole day.
pub(super) fn instants(version: &Version, episode: &Episode, role: Role) -> Option<When> {
    match episode.value(version.vocabulary.role(role)?)? {
        Value::Instant(when) => Some(*when),
        Value::Date(day) => days(*day, *day, &version.zone).ok(),
        _ => None,
    }
}

/// Says whether a window of some history clause reaches back before the log begins.
pub(super) fn reaches_before_log(result: &PolicyResult<'_>) -> bool {
    let (Some(version), Some(past)) = (result.version, result.past) else { return false };
    let (Some(time), Some(begins)) = (instants(version, &result.episode, Role::Time), past.begins()) else {
        return false;
    };
    let mut lengths = version.conditions.histories().iter().filter_map(|history| history.window.length());
    lengths.any(|length| length.before(time.earliest, &version.zone) < begins)
}
