//! Files in a folder that are no logs by their names: they are told in one line, so that none is passed over without a word.

use std::collections::BTreeSet;
use std::path::Path;

use crate::log::finding::quote_path;

/// So many are named, and of the rest so many endings.
const NAMED: usize = 3;
const ENDINGS: usize = 5;

/// Says whether a file, by its path below the folder that was named, is one that nobody takes for a log: it is hidden, or a policy.
pub(super) fn is_known(path: &Path) -> bool {
    let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    let name = path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let is_of_the_system = ["thumbs.db", "desktop.ini"].contains(&name.as_str());
    let is_policy = [".forbear", ".forbear.md"].iter().any(|end| name.ends_with(end));
    is_of_the_system || is_policy || parts.any(|part| part.starts_with('.'))
}

/// Words for people that files of folders were not read; `None` if there are none.
pub fn not_read(files: &[&Path]) -> Option<String> {
    let names: Vec<String> = files.iter().take(NAMED).map(|file| format!("`{}`", shown(file))).collect();
    let rest = files.get(NAMED..).unwrap_or_default();
    let are = match files.len() {
        0 => return None,
        1 => "1 file in the folder is no log by its name, and is not read".to_owned(),
        count => format!("{count} files in the folder are no logs by their names, and are not read"),
    };
    let more = if rest.is_empty() { String::new() } else { format!(" and {} more ({})", rest.len(), endings(rest)) };
    Some(format!("{are}: {}{more}", names.join(", ")))
}

/// Lists what files end in, once each.
fn endings(files: &[&Path]) -> String {
    let ending = |file: &&Path| match file.extension() {
        Some(ending) => format!("`.{}`", quote_path(&ending.to_string_lossy().to_lowercase())),
        None => "no ending".to_owned(),
    };
    let all: BTreeSet<String> = files.iter().map(ending).collect();
    let mut listed: Vec<String> = all.iter().take(ENDINGS).cloned().collect();
    if all.len() > ENDINGS {
        listed.push("…".to_owned());
    }
    listed.join(", ")
}

fn shown(file: &Path) -> String {
    quote_path(&file.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_and_policies_are_known_to_be_something_else() {
        for (path, known) in [
            (".DS_Store", true),
            (".git/config", true),
            ("deep/.cache/x.bin", true),
            ("Thumbs.db", true),
            ("ward.forbear", true),
            ("Ward.FORBEAR.md", true),
            ("README.md", false),
            ("deep/scan.pdf", false),
            ("LICENCE", false),
        ] {
            assert_eq!(is_known(Path::new(path)), known, "{path}");
        }
    }

    #[test]
    fn however_many_they_are_it_is_one_short_line() {
        let told = |names: &[&str]| not_read(&names.iter().map(Path::new).collect::<Vec<_>>());
        assert_eq!(told(&[]), None);
        let one = "1 file in the folder is no log by its name, and is not read: `a.pdf`";
        assert_eq!(told(&["a.pdf"]).as_deref(), Some(one));
        let many: Vec<String> = (0..900).map(|at| format!("{at:03}.x{}", at % 7)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).chain(["zzz"]).collect();
        let line = "901 files in the folder are no logs by their names, and are not read: `000.x0`, `001.x1`, `002.x2` \
                    and 898 more (`.x0`, `.x1`, `.x2`, `.x3`, `.x4`, …)";
        assert_eq!(told(&many).as_deref(), Some(line));
        let few = told(&["a.txt", "b.txt", "c.txt", "d.PDF", "e"]).unwrap();
        assert!(few.ends_with("`c.txt` and 2 more (`.pdf`, no ending)"), "{few}");
    }
}
