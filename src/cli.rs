//! The command line: one file per command. This is an edge: files, clock, environment and terminal are touched here
//! and in `log::open`, and nowhere else.

mod arguments;
mod asked;
mod audit;
mod check;
mod common;
mod completions;
mod diff;
mod doc;
mod due;
mod explain;
mod explain_code;
mod fmt;
mod init;
mod logs;
mod map;
mod output;
mod privacy;
mod progress;
mod prove;
mod schema;
mod test;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Arguments, Command};

/// How a run ended, for whoever called it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Nothing found.
    Clean,
    /// Findings.
    Findings,
    /// The input or the call is unusable.
    Unusable,
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Clean => Self::from(0),
            Ended::Findings => Self::from(1),
            Ended::Unusable => Self::from(2),
        }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ended = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Due(arguments) => due::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Doc(arguments) => doc::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::ExplainCode(arguments) => explain_code::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Map(arguments) => map::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Completions(arguments) => completions::completions(&arguments),
        Command::Man(arguments) => completions::man(&arguments),
    };
    ended.into()
}
