//! One bad record spoils no other.

use forbear::log::Format;
use insta::assert_snapshot;

use super::support::Log;

#[test]
fn a_broken_item_of_a_yaml_list_spoils_no_other() {
    let text = "# kept by the theatre\n- id: 1\n  a: [x, y\n- id: 2\n  b: \"unclosed\n- id: 3\n\tc: tab\n- id: 4\n  d: @odd\n- id: 5\n  e: 1\n e: 2\n- id: 6\n- just a text\n- [1, 2]\n-\n- id: 7\n  e: {x: 1\n- id: 8\n";
    assert_snapshot!(Log::read(text, Format::Yaml).page());
}

#[test]
fn a_broken_document_of_a_yaml_stream_spoils_no_other() {
    let text = "id: 1\n---\nid: 2\nx: [1\n---\nid: 3\n...\n---\n# nothing\n---\nid: 4\nx: \"\n--- # last\nid: 5\n---\nonly text\n";
    assert_snapshot!(Log::read(text, Format::Yaml).page());
}

#[test]
fn a_list_in_brackets_is_read_to_its_first_mistake() {
    assert_snapshot!(
        Log::read("[{id: 1}, text, {id: 2,\n x: *none}, {id: 3}, {id: 4, : : }, {id: 5}]", Format::Yaml).page()
    );
}

#[test]
fn anchors_reach_from_item_to_item_and_no_further() {
    let text = "- id: 1\n  who: &me T-1\n- id: 2\n  who: *me\n- id: 3\n  who: *you\n---\n- id: 4\n  who: *me\n- id: 5\n  <<: {a: 1}\n- id: 6\n  who: !secret x\n- id: 7\n  who: !!str 4\n- id: 8\n  ? [a]\n  : b\n";
    let log = Log::read(text, Format::Yaml);
    assert_snapshot!(log.page());
    let who = &log.records()[1].entries[1];
    assert_eq!(who.raw, forbear::log::Raw::Text("T-1".to_owned()));
    assert_eq!(log.sources.text(who.place), "*me");
}

#[test]
fn a_broken_element_of_a_json_list_spoils_no_other() {
    let text = r#"[
  {"id": 1},
  {"id": 2, "a": tru},
  {"id": 3, "a": "unclosed},
  {"id": 4, "a": [1, 2},
  {"id": 5, "a": {"b": 1},
  {"id": 6}},
  {"id": 7},, {"id": 8} {"id": 9},
  12, "text", [1], null,
  {"id": 10, "a": 1,}
  {"id": 11, "a": 017},
  {"id": 12, 13: 1},
  {"id": 13, "a": "\ud800"},
  {"id": 14}
]
"#;
    assert_snapshot!(Log::read(text, Format::Json).page());
}

#[test]
fn a_json_file_may_hold_one_record_or_be_cut_off() {
    assert_snapshot!(Log::read("\u{FEFF} {\"id\": 1}\n", Format::Json).page());
    assert_snapshot!(Log::read("{\"id\": 1}\n{\"id\": 2}\n", Format::Json).page());
    assert_snapshot!(Log::read("[{\"id\": 1},\n{\"id\": 2", Format::Json).page());
    assert_snapshot!(Log::read("[{\"id\": 1},\n", Format::Json).page());
    assert_snapshot!(Log::read("nothing of the kind\n{\"id\": 2}", Format::Json).page());
    assert_snapshot!(Log::read("", Format::Json).page());
}

#[test]
fn a_broken_line_of_jsonl_spoils_no_other() {
    let text = "\u{FEFF}{\"id\": 1}\r\n\r\n{\"id\": 2\n  {\"id\": 3} \n[{\"id\": 4}]\n{\"id\": 5}{\"id\": 6}\nnull\n{\"id\": 7}";
    assert_snapshot!(Log::read(text, Format::Jsonl).page());
}

#[test]
fn a_broken_row_of_csv_spoils_no_other() {
    let text = "\u{FEFF}id,a,b\r\n1,x,\"y\r\nz\"\r\n2,x\r\n\r\n3,x,y,z\r\n4,\"x\" y,z\r\n5,\"x,y\r\n6,\"say \"\"so\"\"\",y\r\n7,,\r\n";
    assert_snapshot!(Log::read(text, Format::Csv).page());
}

#[test]
fn bytes_that_are_no_text_spoil_their_own_record() {
    let yaml = b"- id: 1\n- id: 2\n  a: \xFF\n- id: 3\n  a: \x00\n- id: 4\n".to_vec();
    assert_snapshot!(Log::read(yaml, Format::Yaml).page());
    let jsonl = b"{\"id\": 1}\n{\"id\": \"\xC3\"}\n{\"id\": \"\x00\"}\n{\"id\": 4}\n".to_vec();
    assert_snapshot!(Log::read(jsonl, Format::Jsonl).page());
    let json = b"[{\"id\": 1}, {\"id\": \"\xC3\"}, {\"id\": \"\x00\"}, {\"id\": 4}]".to_vec();
    assert_snapshot!(Log::read(json, Format::Json).page());
    let csv = b"id,a\n1,x\n2,\xFF\n3,\x00\n4,x\n".to_vec();
    assert_snapshot!(Log::read(csv, Format::Csv).page());
    let header = b"id,\xFF\n1,x\n2,y\n".to_vec();
    assert_snapshot!(Log::read(header, Format::Csv).page());
    let wide: Vec<u8> = "\u{FEFF}id".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_snapshot!(Log::read(wide, Format::Csv).page());
}

#[test]
fn a_file_without_content_has_no_records() {
    for format in [Format::Yaml, Format::Json, Format::Jsonl, Format::Csv] {
        for text in ["", "\u{FEFF}", "\n\r\n"] {
            assert!(Log::read(text, format).items.is_empty(), "{format:?} {text:?}");
        }
    }
    assert!(Log::read("# only\n---\n# comments\n...\n", Format::Yaml).items.is_empty());
    assert!(Log::read("id,a,b\n", Format::Csv).items.is_empty());
    assert!(Log::read("[ ]", Format::Json).items.is_empty());
    assert!(Log::read("[]", Format::Yaml).items.is_empty());
}
