//! The `forbear` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    forbear::cli::main()
}
