//! Whatever the order of records and files, each record is judged alike.

use std::collections::BTreeSet;

use super::generate::World;
use super::pipeline::{Run, run_in_order};
use super::reference::{Judgement, earlier_record};

/// Judges a world again, backwards and in three files out of step, and says where a judgement is another.
pub(crate) fn order_changes_nothing(world: &World, run: &Run) -> Result<(), String> {
    for files in orders(world.log.lines().count()) {
        let again = run_in_order(world, &files)?;
        for (at, line) in again.lines.iter().enumerate() {
            let before = run.lines.iter().position(|other| other == line).ok_or("a record is left out")?;
            let (expected, judged) = (by_line(run, before), by_line(&again, at));
            if judged != expected || again.truths[at] != run.truths[before] {
                return Err(format!("in the order {files:?} line {line} is judged\n{judged:?}\nbefore\n{expected:?}"));
            }
        }
        if again.lines.len() != run.lines.len() {
            return Err(format!("in the order {files:?} there are {} records", again.lines.len()));
        }
    }
    Ok(())
}

fn orders(lines: usize) -> [Vec<Vec<usize>>; 2] {
    let backwards = vec![(0..lines).rev().collect()];
    let mut out_of_step: Vec<usize> = (0..lines).collect();
    out_of_step.sort_by_key(|line| (line * 5 + 3) % lines.max(1));
    let third = lines.div_ceil(3).max(1);
    [backwards, out_of_step.chunks(third).map(<[usize]>::to_vec).collect()]
}

/// A judgement names earlier records by their number: here by the line, of several with one id by the first. Which of those
/// is named for all of them is the only thing that may depend on the order.
fn by_line(run: &Run, at: usize) -> Judgement {
    let id = |record: usize| run.episodes[record].iter().find_map(|episode| episode.id.clone());
    let first_line = |record: usize| {
        let same = (0..run.lines.len()).filter(|other| id(*other).is_some() && id(*other) == id(record));
        same.map(|other| run.lines[other]).min().unwrap_or(run.lines[record])
    };
    let named = |wanted: &String| {
        let record = (0..run.lines.len()).find(|record| earlier_record(*record) == *wanted);
        record.map_or_else(|| wanted.clone(), |record| format!("line {}", first_line(record)))
    };
    let wanting: BTreeSet<String> = run.judged[at].wanting.iter().map(named).collect();
    Judgement { wanting, ..run.judged[at].clone() }
}
