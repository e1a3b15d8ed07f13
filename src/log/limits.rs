//! How much one record may ask of the reader.

/// The bounds within which a record is read; one beyond them is unreadable, and the audit goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes that one record may have.
    pub record_bytes: usize,
    /// How deep the groups and lists of one record may nest.
    pub depth: usize,
    /// The most values that one record may have, members of lists included.
    pub values: usize,
    /// The most values to which the aliases (`*name`) of one YAML record may expand.
    pub alias_values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record_bytes: 16 * 1024 * 1024, depth: 32, values: 100_000, alias_values: 10_000 }
    }
}
