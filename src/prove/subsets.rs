//! Selections of some things: every one of so many, and one of which nothing can be left out.

/// Gives every selection of so many, in order, the first of them first.
pub(super) fn subsets<T>(of: &[T], size: usize) -> Vec<Vec<&T>> {
    match (size, of) {
        (0, _) => vec![Vec::new()],
        (_, []) => Vec::new(),
        (_, [first, rest @ ..]) => {
            let with = subsets(rest, size - 1).into_iter().map(|mut set| {
                set.insert(0, first);
                set
            });
            with.chain(subsets(rest, size)).collect()
        }
    }
}

/// Leaves out one thing after the other as long as something is still so of the rest.
pub(crate) fn fewest<T>(mut kept: Vec<T>, mut is_so: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut at = 0;
    while at < kept.len() {
        let left_out = kept.remove(at);
        if !is_so(&kept) {
            kept.insert(at, left_out);
            at += 1;
        }
    }
    kept
}
