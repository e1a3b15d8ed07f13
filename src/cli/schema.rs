//! `forbear schema`: the shape of machine output, and of mappings.

use std::io;

use crate::log;
use crate::report::json;

use super::Ended;
use super::arguments::{SchemaArguments, SchemaOf};
use super::common::written;

/// Runs the command.
pub(super) fn run(arguments: &SchemaArguments) -> Ended {
    let schema = match arguments.what {
        SchemaOf::Output => json::schema(),
        SchemaOf::Mapping => log::mapping_schema(),
    };
    match written(json::write(&mut io::stdout().lock(), &schema)) {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}
