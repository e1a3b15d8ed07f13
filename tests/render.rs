//! Policies as documents: every sentence stands in a snapshot, and every document is whole, well formed and harmless.
//!
//! `render/words.forbear` has every norm and every phrase of the language once. `render/before.forbear` and
//! `render/after.forbear` are two versions of one policy. `render/tables.forbear` has every cell of a decision table, and
//! everything that is asked of one.

#[cfg(test)]
#[path = "render"]
mod render {
    mod changes;
    mod command;
    mod contrast;
    mod hostile;
    mod prose;
    mod whole;

    use std::fs;
    use std::path::{Path, PathBuf};

    use forbear::check::{Checked, load};
    use forbear::render::{document, html, markdown};
    use forbear::source::Sources;

    /// Reads and checks files; they must have no error.
    pub(crate) fn checked(files: &[PathBuf]) -> Checked {
        let mut sources = Sources::new();
        for file in files {
            sources.add(file.to_string_lossy(), fs::read(file).unwrap());
        }
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{files:?}\n{:?}", checked.problems);
        checked
    }

    /// Checks a text.
    pub(crate) fn checked_text(text: &str) -> Checked {
        let mut sources = Sources::new();
        sources.add("text.forbear", text);
        let checked = load(&mut sources);
        assert!(!checked.has_errors(), "{text}\n{:?}", checked.problems);
        checked
    }

    pub(crate) fn path(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
    }

    fn calendars_beside(folder: &str) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> =
            fs::read_dir(path(folder)).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    /// Every policy that ships, each with its vocabularies and calendars, and every one of the tests.
    pub(crate) fn every_policy() -> Vec<(String, Checked)> {
        let shared = [calendars_beside("policies/vocabularies"), calendars_beside("policies/calendars")].concat();
        let mut found = Vec::new();
        for name in ["flight", "medication", "nursing_student", "surgery"] {
            let files = [format!("policies/{name}.forbear"), format!("policies/{name}_examples.forbear")];
            found.push((name.to_owned(), checked(&[files.map(|name| path(&name)).to_vec(), shared.clone()].concat())));
        }
        found.push(("hospital".to_owned(), hospital()));
        found.push(("words".to_owned(), words()));
        found.push(("tables".to_owned(), tables()));
        let calendars = calendars_beside("tests/requirements/calendars");
        let mut requirements: Vec<PathBuf> =
            fs::read_dir(path("tests/requirements")).unwrap().map(|entry| entry.unwrap().path()).collect();
        requirements.sort();
        for file in requirements.into_iter().filter(|file| file.extension().is_some_and(|end| end == "forbear")) {
            found.push((
                file.to_string_lossy().into_owned(),
                checked(&[vec![file.clone()], calendars.clone()].concat()),
            ));
        }
        found
    }

    pub(crate) fn hospital() -> Checked {
        let files =
            ["policies/hospital.forbear.md", "policies/hospital_examples.forbear", "policies/calendars/basel.yaml"];
        checked(&files.map(path))
    }

    pub(crate) fn words() -> Checked {
        checked(&["tests/render/words.forbear", "tests/render/calendars/ward.yaml"].map(path))
    }

    pub(crate) fn tables() -> Checked {
        checked(&[path("tests/render/tables.forbear")])
    }

    pub(crate) fn snapshot(name: &str, text: &str) {
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(path("tests/render/snapshots"));
        settings.bind(|| insta::assert_snapshot!(name, text));
    }

    #[test]
    fn every_norm_and_every_phrase() {
        snapshot("words", &markdown::write(&document(&words(), None)));
    }

    #[test]
    fn the_hospitals_policy() {
        snapshot("hospital", &markdown::write(&document(&hospital(), None)));
    }

    #[test]
    fn every_cell_of_a_table_and_everything_asked_of_one() {
        snapshot("tables", &markdown::write(&document(&tables(), None)));
    }

    #[test]
    fn a_page_of_html() {
        let page = html::write(&document(&words(), None));
        let body = page.split_once("</style>").unwrap().1;
        snapshot("words_html", body.split_once("id=\"rule-orders\"").unwrap().0);
    }

    #[test]
    fn several_versions_stand_in_one_document() {
        let checked = checked(&[path("tests/requirements/R090.forbear")]);
        let written = markdown::write(&document(&checked, None));
        let headings: Vec<&str> =
            written.lines().filter(|line| line.starts_with("# ") || line.starts_with("## ")).collect();
        assert_eq!(
            headings,
            [
                "# Which standards hold",
                "## Which standards hold, version before",
                "## Which standards hold, version transition",
                "## Which standards hold, version after",
            ]
        );
    }

    #[test]
    fn every_run_writes_the_same() {
        for (name, checked) in every_policy().into_iter().take(12) {
            let page = |checked: &Checked| html::write(&document(checked, None));
            assert_eq!(page(&checked), page(&checked), "{name}");
        }
        assert_eq!(html::write(&document(&hospital(), None)), html::write(&document(&hospital(), None)));
    }
}
