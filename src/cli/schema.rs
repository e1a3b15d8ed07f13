//! `forbear schema`: the shape of machine output.

use std::io;

use crate::report::json;

use super::Ended;
use super::arguments::{SchemaArguments, SchemaOf};
use super::common::written;

/// Runs the command.
pub(super) fn run(arguments: &SchemaArguments) -> Ended {
    let schema = match arguments.what {
        SchemaOf::Output => json::schema(),
    };
    match written(json::write(&mut io::stdout().lock(), &schema)) {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}
