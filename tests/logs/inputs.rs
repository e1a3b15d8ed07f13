//! Paths to inputs.

use std::path::{Path, PathBuf};

use forbear::log::{Format, open};
use forbear::source::Sources;

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("forbear-logs-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("deep/er")).unwrap();
        Self(folder)
    }

    fn write(&self, path: &str, text: &str) -> PathBuf {
        std::fs::write(self.0.join(path), text).unwrap();
        self.0.join(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Gives the names, without the folder, with their formats; then the problems.
fn opened(folder: &Path, paths: &[PathBuf], stdin: &str) -> (Vec<(String, Format)>, Vec<String>) {
    let mut sources = Sources::new();
    let opened = open(paths, &mut stdin.as_bytes(), &mut sources);
    let short = |name: &str| name.replace(&folder.display().to_string(), "").replace('\\', "/");
    let inputs = opened.inputs.iter().map(|input| (short(sources.name(input.id)), input.format));
    (
        inputs.collect(),
        opened.problems.iter().map(|problem| format!("{}: {}", short(&problem.name), problem.reason)).collect(),
    )
}

#[test]
fn a_folder_gives_all_its_logs_in_order() {
    let folder = Folder::new("all");
    folder.write("b.json", "[]");
    folder.write("a.yaml", "");
    folder.write("deep/c.JSONL", "");
    folder.write("deep/er/d.csv", "");
    folder.write("notes.txt", "");
    let here = folder.0.clone();
    let (names, problems) = opened(&here, std::slice::from_ref(&here), "");
    let expected = [
        ("/a.yaml", Format::Yaml),
        ("/b.json", Format::Json),
        ("/deep/c.JSONL", Format::Jsonl),
        ("/deep/er/d.csv", Format::Csv),
    ];
    assert_eq!(names, expected.map(|(name, format)| (name.to_owned(), format)));
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn order_and_repetition_of_the_paths_change_nothing() {
    let folder = Folder::new("order");
    let one = folder.write("one.yaml", "");
    let two = folder.write("two", "id,a\n");
    let dotted = folder.0.join("deep/../one.yaml");
    let stdin = PathBuf::from("-");
    let here = folder.0.clone();
    let forth = opened(
        &here,
        &[one.clone(), two.clone(), dotted.clone(), stdin.clone(), one.clone(), here.clone()],
        "{\"id\": 1}\n",
    );
    let back = opened(&here, &[here.clone(), stdin.clone(), stdin, dotted, two, one], "{\"id\": 1}\n");
    assert_eq!(forth, back);
    let names: Vec<(&str, Format)> = forth.0.iter().map(|(name, format)| (name.as_str(), *format)).collect();
    assert_eq!(names, [("-", Format::Jsonl), ("/deep/../one.yaml", Format::Yaml), ("/two", Format::Csv)]);
}

#[test]
fn what_cannot_be_opened_is_told() {
    let folder = Folder::new("problems");
    let here = folder.0.clone();
    let (names, problems) = opened(&here, &[here.join("none.yaml"), here.join("deep")], "");
    assert!(names.is_empty());
    assert_eq!(
        problems,
        [
            "/deep: the folder has no file that ends in one of .yaml, .yml, .json, .jsonl, .ndjson, .csv",
            "/none.yaml: there is no such file or folder"
        ]
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_once() {
    let folder = Folder::new("links");
    folder.write("a.yaml", "");
    std::os::unix::fs::symlink(&folder.0, folder.0.join("deep/around")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("a.yaml"), folder.0.join("deep/same.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("gone"), folder.0.join("deep/gone.yaml")).unwrap();
    let here = folder.0.clone();
    let (names, problems) = opened(&here, std::slice::from_ref(&here), "");
    assert_eq!(names, [("/a.yaml".to_owned(), Format::Yaml)]);
    assert_eq!(problems, ["/deep/gone.yaml: there is no such file or folder"]);
}
