//! Files that office programs keep beside one that is open there: their names are those of logs, and no log is in them.

use std::path::Path;

/// Gives the name of the file beside which another is kept, if that is what it is.
pub(super) fn kept_beside(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    let of_libre_office = || name.strip_prefix(".~lock.")?.strip_suffix('#');
    // The first is of Microsoft Office, the last of WPS Office.
    let beside = name.strip_prefix("~$").or_else(of_libre_office).or_else(|| name.strip_prefix(".~"))?;
    (!beside.is_empty()).then_some(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_file_names_the_file_that_is_open() {
        for (name, beside) in [
            ("~$theatre.xlsx", Some("theatre.xlsx")),
            ("logs/~$theatre.xlsx", Some("theatre.xlsx")),
            (".~lock.theatre.ods#", Some("theatre.ods")),
            (".~lock.export.csv#", Some("export.csv")),
            (".~theatre.xlsx", Some("theatre.xlsx")),
            ("~$folder/theatre.xlsx", None),
            ("theatre~$.xlsx", None),
            ("~theatre.xlsx", None),
            (".theatre.csv", None),
            ("~$", None),
        ] {
            assert_eq!(kept_beside(Path::new(name)), beside, "{name}");
        }
    }
}
