//! Strong Kleene logic: true, false, unknown.

/// What is known of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is false.
    False,
    /// What is missing decides.
    Unknown,
    /// It is true.
    True,
}

impl Truth {
    /// Reads what was written as a byte.
    pub(super) fn of_byte(byte: u8) -> Self {
        match byte {
            0 => Self::False,
            1 => Self::Unknown,
            _ => Self::True,
        }
    }

    /// Conjunction: the least of both.
    pub fn and(self, other: Self) -> Self {
        self.min(other)
    }

    /// Disjunction: the greatest of both.
    pub fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// The conjunction of all; true if there are none.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::True, Self::and)
    }

    /// The disjunction of all; false if there are none.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::False, Self::or)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    /// Negation: unknown stays unknown.
    fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::Unknown => Self::Unknown,
            Self::False => Self::True,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False as F, True as T, Unknown as U};

    #[test]
    fn conjunction() {
        let table = [[T, U, F], [U, U, F], [F, F, F]];
        check(table, Truth::and);
    }

    #[test]
    fn disjunction() {
        let table = [[T, T, T], [T, U, U], [T, U, F]];
        check(table, Truth::or);
    }

    #[test]
    fn negation() {
        assert_eq!([!T, !U, !F], [F, U, T]);
    }

    #[test]
    fn of_nothing() {
        assert_eq!((Truth::all([]), Truth::any([])), (T, F));
    }

    fn check(table: [[Truth; 3]; 3], connective: fn(Truth, Truth) -> Truth) {
        for (a, row) in [T, U, F].into_iter().zip(table) {
            for (b, expected) in [T, U, F].into_iter().zip(row) {
                assert_eq!(connective(a, b), expected, "{a:?} {b:?}");
            }
        }
    }
}
