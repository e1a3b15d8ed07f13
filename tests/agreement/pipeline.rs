//! The glue: a generated world through the whole program, as text, to judgements in the reference's own types.

use forbear::check::load;
use forbear::diagnostic::{Diagnostic, Severity};
use forbear::episode::Episode;
use forbear::judge::{
    self, Because, Evaluation, Gathering, LookingBack, Need, Outcome, Past, Standpoint, Wanted, judge,
};
use forbear::log::{Fitter, Format, Item, Limits, read};
use forbear::policy::{ConditionId, Policy, Role, Value, Version};
use forbear::source::Sources;
use jiff::Timestamp;

use super::generate::World;
use super::reference::{self, Judgement, Row, Standing};
use super::reference_duty::{Chain, DutyStatus};
use super::reference_instants;
use super::reference_past::Log;

/// What the program makes of a world.
pub(crate) struct Run {
    /// The policy.
    pub(crate) policy: Policy,
    /// Each record, as each version reads it.
    pub(crate) episodes: Vec<Vec<Episode>>,
    /// Which line of the world's log each record is.
    pub(crate) lines: Vec<usize>,
    pub(crate) as_of: Timestamp,
    /// What the judge says of each record.
    pub(crate) judged: Vec<Judgement>,
    /// What it says of every condition of every version, of each record.
    pub(crate) truths: Vec<Vec<Vec<reference::Truth>>>,
    /// The codes of the checker's warnings.
    pub(crate) warnings: Vec<String>,
}

impl Run {
    /// Gives the records to the reference.
    pub(crate) fn log(&self) -> Log<'_> {
        let records = self.episodes.iter().map(|readings| readings.iter().collect()).collect();
        Log::new(&self.policy, records, self.as_of)
    }
}

/// Checks, reads and judges. What the checker refuses, and what the reader cannot read, is an error.
pub(crate) fn run(world: &World) -> Result<Run, String> {
    run_in_order(world, &[(0..world.log.lines().count()).collect()])
}

/// Does so with the lines of the log put into some files, in some order.
pub(crate) fn run_in_order(world: &World, files: &[Vec<usize>]) -> Result<Run, String> {
    let mut sources = Sources::new();
    for (name, text) in &world.files {
        sources.add(name, text.as_str());
    }
    let checked = load(&mut sources);
    let errors: Vec<&Diagnostic> =
        checked.problems.iter().filter(|problem| problem.severity() == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(format!("the checker refuses it: {errors:#?}"));
    }
    let [policy] = checked.set.policies.as_slice() else {
        return Err(format!("{} policies in place of one", checked.set.policies.len()));
    };
    let (lines, episodes) =
        episodes(world, files, &mut sources, policy)?.into_iter().unzip::<usize, _, Vec<_>, Vec<_>>();
    let past = gather(policy, &episodes, world.as_of);
    let (mut judgements, mut truths) = (vec![], vec![]);
    for (number, readings) in episodes.iter().enumerate() {
        let past = past.as_ref().map(|past| (past, u32::try_from(number).unwrap()));
        let standpoint = Standpoint::after(world.as_of, past);
        judgements.push(judged(policy, &readings.iter().collect::<Vec<_>>(), standpoint));
        let versions = policy.versions.iter().zip(readings).enumerate();
        let of_version = |(at, (version, episode))| truths_of(version, episode, standpoint.looking_back(at));
        truths.push(versions.map(of_version).collect());
    }
    let warnings = checked.problems.iter().map(|problem| format!("{:?}", problem.code)).collect();
    Ok(Run { policy: policy.clone(), episodes, lines, as_of: world.as_of, judged: judgements, truths, warnings })
}

/// Shows the judge all records, one after the other.
fn gather<'a>(policy: &'a Policy, episodes: &[Vec<Episode>], as_of: Timestamp) -> Option<Past<'a>> {
    let mut gathering = Gathering::new(policy, as_of)?;
    for readings in episodes {
        gathering.add(&readings.iter().collect::<Vec<_>>());
    }
    Some(gathering.close())
}

/// Reads each record in the words and the zone of each version, with the line that it is in the world's log.
fn episodes(
    world: &World,
    files: &[Vec<usize>],
    sources: &mut Sources,
    policy: &Policy,
) -> Result<Vec<(usize, Vec<Episode>)>, String> {
    let lines: Vec<&str> = world.log.lines().collect();
    let mut items = vec![];
    for (number, file) in files.iter().enumerate() {
        let text: Vec<&str> = file.iter().map(|line| lines[*line]).collect();
        let log = sources.add(format!("log{number}.jsonl"), text.join("\n"));
        read(sources, log, Format::Jsonl, &Limits::default(), &mut |item| items.push(item));
    }
    let long_after: Timestamp = "2100-01-01T00:00Z".parse().unwrap();
    let is_left_out = |readings: &Vec<Episode>| {
        let mut read = policy.versions.iter().zip(readings);
        read.any(|(version, episode)| begins(version, episode).is_some_and(|begins| begins > world.as_of))
    };
    let fitters: Vec<Fitter<'_>> =
        policy.versions.iter().map(|version| Fitter::new(&version.vocabulary, version.zone.clone())).collect();
    let fit = |(line, item): (&usize, Item)| match item {
        Item::Record(record) => {
            Ok((*line, fitters.iter().map(|fitter| fitter.fit(&record, long_after).episode).collect()))
        }
        Item::Unreadable(unreadable) => Err(format!("unreadable: {unreadable:?}")),
        Item::LeftOut(left_out) => Err(format!("left out: {left_out:?}")),
    };
    let episodes: Result<Vec<(usize, Vec<Episode>)>, String> = files.iter().flatten().zip(items).map(fit).collect();
    Ok(episodes?.into_iter().filter(|(_, readings)| !is_left_out(readings)).collect())
}

/// The earliest instant at which a record may have happened or begun: what is later than the as-of instant is left out.
fn begins(version: &Version, episode: &Episode) -> Option<Timestamp> {
    let roles = [Role::Time, Role::Start].map(|role| version.vocabulary.role(role));
    let begins = |field| match episode.value(field)? {
        Value::Instant(when) => Some(when.earliest),
        Value::Date(day) => Some(reference_instants::midnight(*day, &version.zone)),
        _ => None,
    };
    roles.into_iter().flatten().filter_map(begins).max()
}

/// Judges one record, and says it in the reference's words.
fn judged(policy: &Policy, readings: &[&Episode], standpoint: Standpoint<'_>) -> Judgement {
    let judgement = judge(policy, readings, standpoint);
    let version = judgement.version.or(Some(0)).and_then(|at| policy.versions.get(at));
    let rule_names: Vec<String> =
        version.iter().flat_map(|version| &version.rules).map(|rule| rule.name.clone()).collect();
    let name_of = |wanted| match wanted {
        Wanted::Here(field) => version.map_or("", |version| version.vocabulary.field_name(field)).to_owned(),
        Wanted::Of { record, .. } | Wanted::Earlier { record, .. } => reference::earlier_record(record as usize),
    };
    let row = row(judgement.because);
    assert_eq!(verdict(judgement.verdict), row.verdict(), "{judgement:?}");
    let duties = judgement.duties.iter().map(|duty| {
        let links = duty.links.iter().map(|link| duty_status(link.status)).collect();
        (rule_names[duty.rule.0 as usize].clone(), links)
    });
    let duties = duties.collect();
    let standings = rule_names.iter().cloned().zip(judgement.outcomes.iter().map(standing)).collect();
    let wanting = judgement.wanting.into_iter().map(name_of).collect();
    Judgement { row, version: judgement.version, standings, wanting, duties, of_none: false }
}

fn verdict(verdict: judge::Verdict) -> reference::Verdict {
    match verdict {
        judge::Verdict::NotCovered => reference::Verdict::NotCovered,
        judge::Verdict::Permissible => reference::Verdict::Permissible,
        judge::Verdict::Undetermined => reference::Verdict::Undetermined,
        judge::Verdict::Impermissible => reference::Verdict::Impermissible,
    }
}

fn row(because: Because) -> Row {
    match because {
        Because::NotInForce => Row::NotInForce,
        Because::DoesNotApply => Row::DoesNotApply,
        Because::TimeOpen => Row::TimeOpen,
        Because::ScopeOpen => Row::ScopeOpen,
        Because::Violations => Row::Violations,
        Because::ByDefault => Row::ByDefault,
        Because::Undetermined => Row::Undetermined,
        Because::Permitted => Row::Permitted,
    }
}

fn standing(outcome: &Outcome) -> Standing {
    match outcome {
        Outcome::Requirement { status, by_silence } => {
            Standing::Requirement { status: self::status(*status), by_silence: *by_silence }
        }
        Outcome::Ground(ground) => Standing::Permit(truth(*ground)),
        Outcome::Duty(chain) => Standing::Duty(self::chain(*chain)),
    }
}

fn status(status: judge::Status) -> reference::Status {
    match status {
        judge::Status::Violated => reference::Status::Violated,
        judge::Status::NotApplicable => reference::Status::NotApplicable,
        judge::Status::Excused(Need::Needed) => reference::Status::ExcusedNeeded,
        judge::Status::Excused(Need::NotNeeded) => reference::Status::ExcusedNotNeeded,
        judge::Status::Excused(Need::PerhapsNeeded) => reference::Status::ExcusedPerhapsNeeded,
        judge::Status::Satisfied => reference::Status::Satisfied,
        judge::Status::Undetermined => reference::Status::Undetermined,
    }
}

fn truth(truth: judge::Truth) -> reference::Truth {
    match truth {
        judge::Truth::True => reference::Truth::True,
        judge::Truth::False => reference::Truth::False,
        judge::Truth::Unknown => reference::Truth::Unknown,
    }
}

fn chain(chain: judge::Chain) -> Chain {
    match chain {
        judge::Chain::NotOwed => Chain::NotOwed,
        judge::Chain::Excused => Chain::Excused,
        judge::Chain::Fulfilled => Chain::Fulfilled,
        judge::Chain::MadeGood => Chain::MadeGood,
        judge::Chain::Pending => Chain::Pending,
        judge::Chain::Outstanding => Chain::Outstanding,
        judge::Chain::Failed => Chain::Failed,
        judge::Chain::Undetermined => Chain::Undetermined,
    }
}

fn duty_status(status: judge::DutyStatus) -> DutyStatus {
    match status {
        judge::DutyStatus::NotOwed => DutyStatus::NotOwed,
        judge::DutyStatus::Excused => DutyStatus::Excused,
        judge::DutyStatus::Fulfilled => DutyStatus::Fulfilled,
        judge::DutyStatus::Late => DutyStatus::Late,
        judge::DutyStatus::Pending => DutyStatus::Pending,
        judge::DutyStatus::Outstanding => DutyStatus::Outstanding,
        judge::DutyStatus::Overdue => DutyStatus::Overdue,
        judge::DutyStatus::Undetermined => DutyStatus::Undetermined,
    }
}

/// Gives what the judge knows of every condition of one version.
fn truths_of(version: &Version, episode: &Episode, looking_back: Option<LookingBack<'_>>) -> Vec<reference::Truth> {
    let mut evaluation = Evaluation::looking_back(version, episode, looking_back);
    let ids = (0..version.conditions.len()).map(|at| ConditionId(u32::try_from(at).unwrap()));
    ids.map(|id| truth(evaluation.truth(id))).collect()
}
