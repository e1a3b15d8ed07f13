//! `forbear completions` and `forbear man`: what shells and `man` read, made from what can be typed.

use std::fs;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};

use super::Ended;
use super::arguments::{Arguments, CompletionsArguments, ManArguments};
use super::common::{complain, in_words, write};

/// Writes the completions of a shell.
pub(super) fn completions(arguments: &CompletionsArguments) -> Ended {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "forbear", &mut script);
    ended(write(&String::from_utf8_lossy(&script)))
}

/// Writes the page of the program, or into a folder the pages of all commands.
pub(super) fn man(arguments: &ManArguments) -> Ended {
    let mut command = Arguments::command();
    command.build();
    match &arguments.folder {
        None => match page(&command) {
            Ok(page) => ended(write(&String::from_utf8_lossy(&page))),
            Err(error) => complain(&format!("the page could not be made: {error}")),
        },
        Some(folder) => match pages(&command, folder) {
            Ok(made) => ended(write(&made)),
            Err(error) => complain(&format!("`{}` cannot be written to: {}", folder.display(), in_words(&error))),
        },
    }
}

/// Writes a page for the program and one for each command; pages that are there are of an earlier run, and replaced.
fn pages(program: &Command, folder: &Path) -> io::Result<String> {
    fs::create_dir_all(folder)?;
    let mut made = String::new();
    // `help` is clap's own, and says what the pages say.
    let commands = program.get_subcommands().filter(|command| command.get_name() != "help");
    for command in std::iter::once(program).chain(commands) {
        let name = command.get_display_name().unwrap_or_else(|| command.get_name());
        let path = folder.join(format!("{name}.1"));
        fs::write(&path, page(command)?)?;
        made += &format!("made {}\n", path.display());
    }
    Ok(made)
}

fn page(command: &Command) -> io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn ended(result: Result<(), Ended>) -> Ended {
    match result {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}
