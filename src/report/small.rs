//! Small numbers in tables that a committee sees: rows that have one are put together until none is left.
//!
//! A cell that were left blank could be worked out from the totals. So a row with a small number is not blanked, but merged
//! with others into one, of which the sums alone are shown; and rows are added to it until those sums are not small either.

/// A table as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Merged {
    /// The rows that are shown as they are, by their positions in the table.
    pub(super) kept: Vec<usize>,
    /// The rows that are shown as one, by their positions.
    pub(super) together: Vec<usize>,
    /// The sums of those, column by column.
    pub(super) sums: Vec<usize>,
}

/// Merges rows so that every number is nought or at least `least`; nothing if even all rows together have a smaller one.
///
/// The columns are the same in every row, and each row and column may have its total beside it.
pub(super) fn merge(rows: &[Vec<usize>], least: usize) -> Option<Merged> {
    let is_small = |cell: &usize| *cell > 0 && *cell < least;
    let columns = rows.first().map_or(0, Vec::len);
    let (mut together, mut kept): (Vec<usize>, Vec<usize>) =
        (0..rows.len()).partition(|at| rows.get(*at).is_some_and(|row| row.iter().any(is_small)));
    loop {
        let sums = sums(rows, &together, columns);
        if together.is_empty() || is_hidden(rows, &together, &sums, least) {
            together.sort_unstable();
            return Some(Merged { kept, together, sums });
        }
        // The next row as they stand: if the smallest were taken, who knows that could narrow down what is hidden.
        let filled = |at: &usize| rows.get(*at).is_some_and(|row| row.iter().any(|cell| *cell > 0));
        let next = kept.iter().copied().find(filled)?;
        kept.retain(|at| *at != next);
        together.push(next);
    }
}

/// Says whether the sums tell none of the numbers that went into them: each is of two rows at least that have something
/// there, and large enough for those to be divided in several ways.
fn is_hidden(rows: &[Vec<usize>], together: &[usize], sums: &[usize], least: usize) -> bool {
    sums.iter().enumerate().all(|(column, sum)| {
        let cells = || together.iter().filter_map(|at| rows.get(*at)?.get(column));
        let any_small = cells().any(|cell| *cell > 0 && *cell < least);
        let filled = cells().filter(|cell| **cell > 0).count();
        *sum == 0 || (*sum >= least && (!any_small || (filled >= 2 && *sum >= filled * least)))
    })
}

fn sums(rows: &[Vec<usize>], of: &[usize], columns: usize) -> Vec<usize> {
    let sum = |column| of.iter().filter_map(|at| rows.get(*at)?.get(column)).sum();
    (0..columns).map(sum).collect()
}

/// The verdicts in the order in which they are put together with one of which there are few: what matters most, last.
const ORDER: [usize; 4] = [2, 3, 1, 0];

/// Puts verdicts together, by their positions, so that of none there are few; those of which there are none are left out.
pub(super) fn verdict_groups(totals: &[usize; 4], least: usize) -> Vec<Vec<usize>> {
    let rows: Vec<Vec<usize>> = ORDER.iter().filter_map(|at| totals.get(*at)).map(|count| vec![*count]).collect();
    let verdicts = |rows: Vec<usize>| rows.into_iter().filter_map(|row| ORDER.get(row).copied()).collect::<Vec<_>>();
    let Some(Merged { kept, together, .. }) = merge(&rows, least) else { return vec![(0..totals.len()).collect()] };
    let mut single = verdicts(kept);
    single.retain(|at| totals.get(*at).is_some_and(|count| *count > 0));
    single.sort_unstable();
    let mut groups: Vec<Vec<usize>> = single.into_iter().map(|at| vec![at]).collect();
    if !together.is_empty() {
        groups.push(verdicts(together));
    }
    groups
}

/// Says whether one number, of a whole that is known, may be shown: neither it nor the rest is small.
pub(super) fn may_show(count: usize, of: usize, least: usize) -> bool {
    [count, of.saturating_sub(count)].iter().all(|part| *part == 0 || *part >= least)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_are_put_together_until_no_number_is_small() {
        let rows = [vec![20, 30], vec![1, 9], vec![8, 0], vec![7, 7]];
        let merged = merge(&rows, 5).unwrap();
        assert_eq!((merged.kept, merged.together, merged.sums), (vec![2, 3], vec![0, 1], vec![21, 39]));
        assert_eq!(merge(&rows, 1).unwrap().kept, [0, 1, 2, 3]);
        assert_eq!(merge(&[vec![1], vec![2]], 5), None);
        assert_eq!(merge(&[], 5).unwrap().kept, [] as [usize; 0]);
    }

    #[test]
    fn a_number_is_shown_if_neither_it_nor_the_rest_is_small() {
        let shown: Vec<usize> = (0..=12).filter(|count| may_show(*count, 12, 5)).collect();
        assert_eq!(shown, [0, 5, 6, 7, 12]);
    }

    #[test]
    fn a_verdict_of_which_there_are_few_is_told_with_another() {
        assert_eq!(verdict_groups(&[9, 0, 30, 0], 5), [vec![0], vec![2]]);
        assert_eq!(verdict_groups(&[40, 2, 30, 10], 5), [vec![0], vec![3], vec![2, 1]]);
        assert_eq!(verdict_groups(&[1, 0, 2, 0], 5), [vec![0, 1, 2, 3]]);
    }

    /// What somebody who knows the method, but not the numbers, may take a hidden table for: each with the same outcome.
    fn candidates(rows: &[Vec<usize>], merged: &Merged, least: usize, visit: &mut dyn FnMut(&[Vec<usize>]) -> bool) {
        fn fill(
            rows: &mut Vec<Vec<usize>>,
            cells: &[(usize, usize)],
            left: &mut Vec<usize>,
            at: usize,
            visit: &mut dyn FnMut(&[Vec<usize>]) -> bool,
        ) -> bool {
            let Some((row, column)) = cells.get(at).copied() else {
                return left.iter().all(|rest| *rest == 0) && visit(rows);
            };
            for value in 0..=left[column] {
                rows[row][column] = value;
                left[column] -= value;
                let done = fill(rows, cells, left, at + 1, visit);
                left[column] += value;
                if done {
                    return true;
                }
            }
            false
        }
        let columns = merged.sums.len();
        let cells: Vec<(usize, usize)> =
            merged.together.iter().flat_map(|row| (0..columns).map(move |column| (*row, column))).collect();
        let mut table = rows.to_vec();
        fill(&mut table, &cells, &mut merged.sums.clone(), 0, &mut |table| {
            merge(table, least).as_ref() == Some(merged) && visit(table)
        });
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]
        #[test]
        fn no_hidden_number_can_be_worked_out(
            rows in (1usize..=2).prop_flat_map(|columns| prop::collection::vec(prop::collection::vec(0usize..=7, columns), 2..=3)),
        ) {
            const LEAST: usize = 3;
            let Some(merged) = merge(&rows, LEAST) else { return Ok(()) };
            for at in &merged.kept {
                prop_assert!(rows[*at].iter().all(|cell| *cell == 0 || *cell >= LEAST));
            }
            prop_assert!(merged.sums.iter().all(|sum| *sum == 0 || *sum >= LEAST));
            let small: Vec<(usize, usize)> = merged.together.iter()
                .flat_map(|row| (0..rows[*row].len()).map(move |column| (*row, column)))
                .filter(|(row, column)| (1..LEAST).contains(&rows[*row][*column]))
                .collect();
            let mut seen: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); small.len()];
            candidates(&rows, &merged, LEAST, &mut |table| {
                for (values, (row, column)) in seen.iter_mut().zip(&small) {
                    values.insert(table[*row][*column]);
                }
                seen.iter().all(|values| values.len() > 1)
            });
            for (values, (row, column)) in seen.iter().zip(&small) {
                prop_assert!(values.len() > 1, "{rows:?}: {merged:?} tells the cell {row}, {column}: {values:?}");
            }
        }
    }
}
