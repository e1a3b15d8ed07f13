//! Paths to inputs.

use std::io::Write;
use std::path::{Path, PathBuf};

use forbear::log::{Format, Item, Limits, open, read_input};
use forbear::source::Sources;

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("forbear-logs-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("deep/er")).unwrap();
        Self(folder)
    }

    pub(super) fn write(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
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
            "/deep: the folder has no file that ends in one of .yaml, .yml, .json, .jsonl, .ndjson, .csv, .xlsx, .ods",
            "/none.yaml: there is no such file or folder"
        ]
    );
}

#[test]
fn what_office_programs_leave_beside_a_log_is_left_out_and_told() {
    let folder = Folder::new("locks");
    folder.write("a.csv", "id\n");
    for lock_file in
        ["~$b.xlsx", ".~b.xlsx", "deep/~$c.xlsx", "deep/.~lock.c.ods#", ".~lock.a.csv#", ".~lock.notes.odt#"]
    {
        folder.write(lock_file, "who has it open");
    }
    let here = folder.0.clone();
    let left_out = |path: PathBuf| {
        let opened = open(&[path], &mut std::io::empty(), &mut Sources::new());
        let short = |name: &str| name.replace(&here.display().to_string(), "").replace('\\', "/");
        let names: Vec<String> = opened.left_out.iter().map(|left_out| short(&left_out.name)).collect();
        (names, opened.inputs.len(), opened.problems.into_iter().map(|problem| problem.reason).collect::<Vec<_>>())
    };
    let in_folder =
        ["/.~b.xlsx", "/.~lock.a.csv#", "/.~lock.notes.odt#", "/deep/.~lock.c.ods#", "/deep/~$c.xlsx", "/~$b.xlsx"];
    assert_eq!(left_out(here.clone()), (in_folder.map(str::to_owned).to_vec(), 1, vec![]));
    // A pattern that names a folder as well gives what lies in it.
    assert_eq!(left_out(here.join("*")), (in_folder.map(str::to_owned).to_vec(), 1, vec![]));
    let (names, inputs, problems) = left_out(here.join("deep/*.xlsx"));
    assert_eq!((names, inputs), (vec!["/deep/~$c.xlsx".to_owned()], 0));
    assert_eq!(problems, ["no log has a name like this pattern"]);
    for (named, beside) in [("~$b.xlsx", "b.xlsx"), ("deep/.~lock.c.ods#", "c.ods")] {
        let (names, inputs, problems) = left_out(here.join(named));
        assert_eq!((names.len(), inputs), (0, 0));
        let told =
            format!("an office program keeps it beside `{beside}` while that is open there, and no log is in it");
        assert_eq!(problems, [told]);
    }
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

#[test]
fn a_compressed_log_is_read_as_what_is_in_it() {
    let folder = Folder::new("packed");
    let gzip = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let zstd =
        |text: &str| ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    folder.write("a.csv.gz", gzip("id,patient.risk\nEP-1,low\n"));
    folder.write("b.jsonl.ZST", zstd("{\"id\": \"EP-2\"}\n"));
    folder.write("c.yaml.gz", "- id: EP-3\n");
    folder.write("d.gz", gzip("- id: EP-4\n"));
    let named = folder.write("e", zstd("id;patient.risk\nEP-5;low\n"));
    let twice = folder.write("f", gzip("x\n").iter().chain(&gzip("y\n")).copied().collect::<Vec<u8>>());
    let here = folder.0.clone();
    let (names, problems) = opened(&here, &[here.clone(), named, twice], "");
    let expected = [
        ("/a.csv.gz", Format::Csv),
        ("/b.jsonl.ZST", Format::Jsonl),
        ("/c.yaml.gz", Format::Yaml),
        ("/e", Format::Csv),
        ("/f", Format::Yaml),
    ];
    assert_eq!(names, expected.map(|(name, format)| (name.to_owned(), format)));
    assert_eq!(problems, Vec::<String>::new());
    let mut sources = Sources::new();
    let opened = open(&[here.join("a.csv.gz")], &mut std::io::empty(), &mut sources);
    assert_eq!(sources.bytes(opened.inputs[0].id), b"id,patient.risk\nEP-1,low\n");
}

#[test]
fn what_cannot_be_unpacked_is_said_and_nothing_of_it_is_read() {
    let folder = Folder::new("broken");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(b"- id: EP-1\n- id: EP-2\n").unwrap();
    let whole = encoder.finish().unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&whole).unwrap();
    folder.write("cut.yaml.gz", &whole[..whole.len() - 9]);
    folder.write("twice.yaml.gz", encoder.finish().unwrap());
    let mut damaged = whole;
    let crc = damaged.len() - 8;
    damaged[crc] ^= 1;
    folder.write("wrong.yaml.gz", damaged);
    let here = folder.0.clone();
    let (names, problems) = opened(&here, std::slice::from_ref(&here), "");
    assert_eq!(names, []);
    let expected = [
        "/cut.yaml.gz: it is compressed and was cut off: copy or download it again",
        "/twice.yaml.gz: it is compressed twice; unpack it first",
        "/wrong.yaml.gz: it is compressed, and its checksum is wrong: copy or download it again",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn a_pattern_names_what_a_shell_would_give() {
    let folder = Folder::new("pattern");
    folder.write("a.csv", "id\n");
    folder.write("b.txt", "- id: 1\n");
    folder.write("deep/c.csv", "id\n");
    folder.write("deep/er/d.csv", "id\n");
    folder.write("[1].csv", "id\n");
    let here = folder.0.clone();
    let names = |pattern: &str| {
        let (names, problems) = opened(&here, &[here.join(pattern)], "");
        (names.into_iter().map(|(name, _)| name).collect::<Vec<_>>(), problems)
    };
    assert_eq!(names("deep/**/*.csv").0, ["/deep/c.csv", "/deep/er/d.csv"]);
    assert_eq!(names("?.*").0, ["/a.csv", "/b.txt"]);
    assert_eq!(names("d*").0, ["/deep/c.csv", "/deep/er/d.csv"]);
    assert_eq!(names("[1].csv").0, ["/[1].csv"], "a file of that very name goes before the pattern");
    assert_eq!(names("*.json").1, ["/*.json: no file has a name like this pattern"]);
    assert_eq!(
        names("a***").1,
        ["/a***: the pattern is not understood: wildcards are either regular `*` or recursive `**`"]
    );
}

#[test]
fn what_is_piped_in_is_read_as_if_it_lay_in_a_file_however_much_it_is() {
    let line = format!("{{\"id\": \"EP-1\", \"note\": \"{}\"}}\n", "x".repeat(1_000));
    for (lines, is_packed) in [(3, false), (20_000, false), (20_000, true)] {
        let text = line.repeat(lines);
        let bytes = if is_packed {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            Write::write_all(&mut encoder, text.as_bytes()).unwrap();
            encoder.finish().unwrap()
        } else {
            text.clone().into_bytes()
        };
        let mut sources = Sources::new();
        let opened = open(&[PathBuf::from("-")], &mut bytes.as_slice(), &mut sources);
        assert_eq!(opened.problems, []);
        let [input] = opened.inputs.as_slice() else { panic!("{:?}", opened.inputs) };
        assert_eq!((input.format, sources.length(input.id)), (Format::Jsonl, text.len()));
        let (mut records, limits) = (0, Limits::default());
        read_input(&sources, input, &limits, &mut |item| records += usize::from(matches!(item, Item::Record(_))));
        assert_eq!(records, lines);
    }
}
