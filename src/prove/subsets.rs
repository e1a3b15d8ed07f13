//! Every selection of so many of some things.

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
