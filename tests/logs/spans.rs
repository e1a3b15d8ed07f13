//! Keys and values are found exactly where they stand.

use forbear::log::{Format, Raw};

use super::support::Log;

/// Gives `line:column path = value as written` for every entry.
fn places(text: &str, format: Format) -> Vec<String> {
    let log = Log::read(text, format);
    assert_eq!(log.unreadable(), Vec::<&forbear::log::Unreadable>::new());
    let entries = log.records().into_iter().flat_map(|record| &record.entries);
    let tell = |entry: &forbear::log::Entry| {
        let at = log.sources.line_column(entry.place);
        format!(
            "{}:{} {} {} = {}",
            at.line,
            at.column,
            entry.path,
            log.sources.text(entry.key),
            log.sources.text(entry.place)
        )
    };
    entries.map(tell).collect()
}

#[test]
fn in_yaml() {
    let text = "- größe: 3\n  who:\n    'a b': \"x\"\n    c:\n- é: [1, two]\n  empty:\n  flow: {d: e}\n  d.e: ~\n";
    assert_eq!(
        places(text, Format::Yaml),
        [
            "1:10 größe größe = 3",
            "3:12 who.a b 'a b' = \"x\"",
            "4:6 who.c c = ",
            "5:6 é é = [1, two]",
            "6:8 empty empty = ",
            "7:13 flow.d d = e",
            "8:8 d.e d.e = ~",
        ]
    );
}

#[test]
fn in_json_and_jsonl() {
    let text = r#"  { "é" : 3, "a": {"b": "x\n"}, "c": [1, {}]}"#;
    assert_eq!(places(text, Format::Json), ["1:11 é \"é\" = 3", "1:25 a.b \"b\" = \"x\\n\"", "1:38 c \"c\" = [1, {}]"]);
    assert_eq!(
        places("\n{\"a\": null}\r\n {\"b\":1e5 }\n", Format::Jsonl),
        ["2:7 a \"a\" = null", "3:7 b \"b\" = 1e5"]
    );
}

#[test]
fn in_csv() {
    let text = "\u{FEFF}\"id\",größe\r\n1,\"two\r\nlines, é\"\r\n\"3\",\r\n";
    assert_eq!(
        places(text, Format::Csv),
        ["2:1 id \"id\" = 1", "2:3 größe größe = \"two\r\nlines, é\"", "4:1 id \"id\" = \"3\"", "4:5 größe größe = "]
    );
}

#[test]
fn a_record_is_marked_from_its_first_key_to_its_last_value() {
    let texts = |text: &str, format| {
        let log = Log::read(text, format);
        log.records().into_iter().map(|record| log.sources.text(record.span)).collect::<Vec<_>>()
    };
    assert_eq!(texts("- id: 1\n  a:\n  - b\n\n# end\n- id: 2\n", Format::Yaml), ["id: 1\n  a:\n  - b", "id: 2"]);
    assert_eq!(texts("[{\"a\": 1} , {\"b\": 2}]", Format::Json), ["{\"a\": 1}", "{\"b\": 2}"]);
    assert_eq!(texts("a\n1\n2\n", Format::Csv), ["1", "2"]);
}

#[test]
fn a_semicolon_or_tab_separates_where_the_header_has_no_comma() {
    let raws = |text: &str| -> Vec<Raw> {
        Log::read(text, Format::Csv).records()[0].entries.iter().map(|entry| entry.raw.clone()).collect()
    };
    let (a, b) = (Raw::Text("1,5".to_owned()), Raw::Text("x".to_owned()));
    assert_eq!(raws("id;\"a,b\"\n1,5;x\n"), [a.clone(), b.clone()]);
    assert_eq!(raws("id\ta\n1,5\tx\n"), [a, b]);
}

#[test]
fn in_yaml_with_the_line_breaks_of_windows() {
    let text = "\u{FEFF}# log\r\n- id: 1\r\n  a: |\r\n    b\r\n\r\n- id: 2\r\n";
    assert_eq!(places(text, Format::Yaml)[..1], ["2:7 id id = 1"]);
    assert_eq!(places(text, Format::Yaml)[2..], ["6:7 id id = 2"]);
}

#[test]
fn a_row_that_another_one_would_close_is_told_on_its_own_line() {
    let log = Log::read("id,a\nE1,x\nE2,\"x\nE3,x\nE4,\"x\"\nE5,x\n", Format::Csv);
    let lines: Vec<usize> = log.unreadable().iter().map(|found| log.sources.line_column(found.at).line).collect();
    assert_eq!((lines, log.ids().join(" ")), (vec![3], "E1 E3 E4 E5".to_owned()));
}

#[test]
fn what_cannot_be_read_is_marked_from_a_whole_character_on() {
    let marked = |text: &str, format| {
        let log = Log::read(text, format);
        log.unreadable().iter().map(|unreadable| log.sources.text(unreadable.at).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(marked("a: 1\néé\nb: 1\n", Format::Yaml), ["é"]);
    assert_eq!(marked("a: 1\n---\na: 1\n日本\nb: 1\n", Format::Yaml), ["日"]);
    assert_eq!(marked("{\"é\": é}\n", Format::Jsonl), ["é"]);
    assert_eq!(marked("é\n{}\n", Format::Json), ["é"]);
    assert_eq!(marked("a,b\n1,\"x\"é\n", Format::Csv), ["é"]);
    assert_eq!(marked("[{\"日\": 日}, {\"a\": \"\\日\"}]", Format::Json), ["日", "日"]);
}
