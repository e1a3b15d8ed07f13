//! The program as it is called: arguments in; output, messages and exit code out.
//!
//! Every test runs the real binary in a folder of its own, with an environment that says nothing. What changes from run
//! to run (the clock, digests, pseudonyms, the version) has placeholders in the snapshots.

#[cfg(test)]
#[path = "cli"]
mod cli {
    mod builder;
    mod exits;
    mod fmt;
    #[path = "../support/folder.rs"]
    mod folder;
    mod formats;
    mod identities;
    mod inputs;
    mod proofs;
    mod proved;
    mod time;
    mod together;
}
