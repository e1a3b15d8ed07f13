//! Which format an input has: by its extension, by its content where it has none.

use std::path::Path;

use super::inputs::packed::unpacked_name;
use super::lines::lines;

/// The format of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One document, many, or a list: `.yaml`, `.yml`
    Yaml,
    /// A list or one record: `.json`
    Json,
    /// One record a line: `.jsonl`, `.ndjson`
    Jsonl,
    /// A header, then one record a row: `.csv`, and each sheet of `.xlsx` and `.ods`
    Csv,
}

impl Format {
    /// The extensions by which logs are known.
    pub const EXTENSIONS: [&'static str; 8] = ["yaml", "yml", "json", "jsonl", "ndjson", "csv", "xlsx", "ods"];

    /// So much of the beginning of an input tells its format as well as all of it.
    pub(super) const LOOK: usize = 2 * LONGEST_LOOK;

    /// Gives the format that a path's extension names, in any letter case; `None` for any other extension. Behind it may
    /// stand one that says that the file is compressed: `log.jsonl.gz`.
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let path = Path::new(unpacked_name(name).unwrap_or(name));
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            // Of a spreadsheet, each sheet becomes a table in this form.
            "csv" | "xlsx" | "ods" => Some(Self::Csv),
            _ => None,
        }
    }

    /// Says whether the names of all values stand at the head of the input.
    pub fn has_header(self) -> bool {
        matches!(self, Self::Csv)
    }

    /// Tells the format from the content.
    ///
    /// `[` begins JSON. `{` begins JSONL if it is closed on its line, else JSON. Otherwise the first line that is no
    /// comment decides: a comma, semicolon or tab, and no `key:` before it, is the header of a CSV file; the rest is
    /// YAML.
    pub fn of_content(bytes: &[u8]) -> Self {
        let bytes = without_mark(bytes);
        for line in lines(bytes, 0) {
            let text = bytes.get(line.start..line.end).unwrap_or(&[]).trim_ascii();
            match text {
                [] | [b'#', ..] => {}
                [b'[', ..] => return Self::Json,
                [b'{', ..] => return of_brace(text),
                _ => return of_first_line(text),
            }
        }
        Self::Yaml
    }
}

/// Longer lines are not looked at in full: a line that long can only be one of many records.
const LONGEST_LOOK: usize = 16 * 1024 * 1024;

fn of_brace(line: &[u8]) -> Format {
    let closed = line.len() > LONGEST_LOOK || serde_json::from_slice::<&serde_json::value::RawValue>(line).is_ok();
    if closed { Format::Jsonl } else { Format::Json }
}

fn of_first_line(line: &[u8]) -> Format {
    let is_separator = |byte: &u8| matches!(byte, b',' | b';' | b'\t');
    let first_cell = line.split(is_separator).next().unwrap_or(line);
    let is_yaml = line.starts_with(b"---")
        || line.starts_with(b"%")
        || line.starts_with(b"- ")
        || first_cell.ends_with(b":")
        || first_cell.windows(2).any(|pair| pair == b": ");
    if is_yaml || !line.iter().any(is_separator) { Format::Yaml } else { Format::Csv }
}

/// Drops a byte order mark.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Says what is wrong with a file in an encoding other than UTF-8 that gives itself away.
pub(super) fn foreign_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("this file is written in UTF-16; save it as UTF-8"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_decides_in_any_letter_case() {
        assert_eq!(Format::of_path(Path::new("a/B.CSV")), Some(Format::Csv));
        assert_eq!(Format::of_path(Path::new("x.ndjson")), Some(Format::Jsonl));
        assert_eq!(Format::of_path(Path::new("a/x.jsonl.gz")), Some(Format::Jsonl));
        assert_eq!(Format::of_path(Path::new("x.CSV.ZST")), Some(Format::Csv));
        assert_eq!(Format::of_path(Path::new("x.gz")), None);
        assert_eq!(Format::of_path(Path::new("x.txt")), None);
    }

    #[test]
    fn the_content_decides_where_there_is_no_extension() {
        let table: [(&str, Format); 12] = [
            ("", Format::Yaml),
            ("# nothing\n", Format::Yaml),
            ("\u{FEFF}[\n", Format::Json),
            ("{\n \"a\": 1}", Format::Json),
            ("{\"a\": 1}\n{\"a\": 2}", Format::Jsonl),
            ("id,patient.risk\n1,low", Format::Csv),
            ("id;patient.risk\n1;low", Format::Csv),
            ("# a, b\n- id: 1, 2", Format::Yaml),
            ("id: a, b", Format::Yaml),
            ("notes:\n", Format::Yaml),
            ("--- # one, two", Format::Yaml),
            ("\"id, or number\",risk\n", Format::Csv),
        ];
        for (text, format) in table {
            assert_eq!(Format::of_content(text.as_bytes()), format, "{text}");
        }
    }
}
