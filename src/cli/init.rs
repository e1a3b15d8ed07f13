//! `forbear init`: a project to start from. Nothing that is there is overwritten, and nothing is half made.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use crate::check;
use crate::diagnostic::Severity;
use crate::source::Sources;

use super::Ended;
use super::arguments::InitArguments;
use super::common::{complain, in_words, write};

/// The name that stands in the templates, and is given unless another is asked for.
pub(super) const NAME: &str = "our_ward";

/// The longest name that is taken: it becomes part of file names.
const LONGEST_NAME: usize = 40;

/// A file of the project: its path, its text, and whether it can be run. In both the name is still [`NAME`].
struct Template {
    path: &'static str,
    text: &'static str,
    runs: bool,
}

macro_rules! template {
    ($path:literal, $runs:literal) => {
        Template { path: $path, text: include_str!(concat!("../../templates/init/", $path)), runs: $runs }
    };
}

/// Every file of the project, the one to read first at the top.
const TEMPLATES: &[Template] = &[
    template!("README.md", false),
    template!("policies/our_ward.forbear", false),
    template!("policies/our_ward_examples.forbear", false),
    template!("policies/vocabulary.forbear", false),
    template!("logs/example.yaml", false),
    template!("mappings/export.yaml", false),
    template!("hooks/pre-commit", true),
    template!(".github/workflows/policy.yml", false),
];

/// A file to be made.
struct Made {
    path: PathBuf,
    text: String,
    runs: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &InitArguments) -> Ended {
    match init(arguments) {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}

fn init(arguments: &InitArguments) -> Result<(), Ended> {
    let name = arguments.name.as_str();
    require_fit_name(name)?;
    let folder = arguments.folder.as_path();
    let files: Vec<Made> = TEMPLATES
        .iter()
        .map(|template| Made {
            path: folder.join(template.path.replace(NAME, name)),
            text: template.text.replace(NAME, name),
            runs: template.runs,
        })
        .collect();
    require_nothing_there(folder, &files)?;
    for file in &files {
        make(file)
            .map_err(|error| complain(&format!("`{}` cannot be made: {}", file.path.display(), in_words(&error))))?;
    }
    write(&closing(folder, &files))
}

/// Refuses a name that cannot be that of a policy, or of a file.
fn require_fit_name(name: &str) -> Result<(), Ended> {
    let begins_well = name.starts_with(char::is_alphabetic);
    let is_word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !begins_well || !is_word || name.chars().count() > LONGEST_NAME {
        return Err(complain(&format!(
            "`{name}` cannot be the name of a policy: begin with a letter, and use letters, digits and `_` only, {LONGEST_NAME} at most"
        )));
    }
    // The words of the language are no names; the checker knows them.
    let mut sources = Sources::new();
    for template in TEMPLATES.iter().filter(|template| template.path.ends_with(".forbear")) {
        sources.add(template.path.replace(NAME, name), template.text.replace(NAME, name));
    }
    let checked = check::load(&mut sources);
    match checked.problems.iter().find(|problem| problem.severity() == Severity::Error) {
        None => Ok(()),
        Some(problem) => Err(complain(&format!("`{name}` cannot be the name of a policy: {}", problem.message))),
    }
}

/// Refuses to begin where a file of the project is there already, or something stands where a folder must be.
fn require_nothing_there(folder: &Path, files: &[Made]) -> Result<(), Ended> {
    let there: Vec<String> = files
        .iter()
        .filter(|file| file.path.symlink_metadata().is_ok())
        .map(|file| format!("`{}`", file.path.display()))
        .collect();
    match there.as_slice() {
        [] => {}
        [one] => return Err(complain(&format!("nothing was made: {one} is there already"))),
        several => return Err(complain(&format!("nothing was made: {} are there already", several.join(", ")))),
    }
    for file in files {
        let within = file.path.ancestors().skip(1).take_while(|above| above.starts_with(folder));
        for above in within.chain(std::iter::once(folder)) {
            let is_none = above.components().all(|part| part == Component::CurDir);
            if !is_none && above.symlink_metadata().is_ok() && !above.is_dir() {
                return Err(complain(&format!("nothing was made: `{}` is there, and is no folder", above.display())));
            }
        }
    }
    Ok(())
}

fn make(file: &Made) -> io::Result<()> {
    if let Some(folder) = file.path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Whoever makes the same file in the meantime keeps theirs.
    let mut made = fs::File::create_new(&file.path)?;
    made.write_all(file.text.as_bytes())?;
    if file.runs { let_run(&file.path) } else { Ok(()) }
}

#[cfg(unix)]
fn let_run(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn let_run(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Says what was made, and what to do first.
fn closing(folder: &Path, files: &[Made]) -> String {
    let mut text = String::new();
    for file in files {
        text += &format!("made {}\n", file.path.display());
    }
    let here = folder.components().all(|part| part == Component::CurDir);
    let go = if here { String::new() } else { format!("  cd {}\n", folder.display()) };
    text + &format!(
        "\nRead README.md first. Then:\n\n{go}  forbear check policies              # finds nothing\n  forbear test policies               # every example holds\n  forbear audit policies --log logs   # finds one episode: EP-2\n  git config core.hooksPath hooks     # checks and tests before every commit\n"
    )
}
