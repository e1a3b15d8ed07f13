//! Spreadsheets: what cells say, where they stand, and how much a small file may ask for.

use std::io::Write;
use std::sync::Arc;

use forbear::log::{Format, Item, Limits, Mapping, Raw, Record, choose_sheets, open, read, read_input};
use forbear::source::Sources;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};
use zip::write::SimpleFileOptions;

use super::inputs::Folder;
use super::support::vocabulary;

/// A log that was read of a file's bytes.
struct Book {
    sources: Sources,
    inputs: Vec<forbear::log::Input>,
    problems: Vec<String>,
}

impl Book {
    fn open(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        let folder = Folder::new(&format!("book-{name}"));
        let path = folder.write(name, bytes);
        let mut sources = Sources::new();
        let mut opened = open(&[path], &mut std::io::empty(), &mut sources);
        let mut problems: Vec<String> = opened.problems.into_iter().map(|problem| problem.reason).collect();
        problems.extend(choose_sheets(&mut opened.inputs, &sources).into_iter().map(|problem| problem.reason));
        Self { sources, inputs: opened.inputs, problems }
    }

    fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for input in &self.inputs {
            assert_eq!(input.format, Format::Csv);
            read(&self.sources, input.id, input.format, &Limits::default(), &mut |item| match item {
                Item::Record(record) => records.push(record),
                other => panic!("{other:?}"),
            });
        }
        records
    }

    /// Gives each value with its column and the cell in which it stands.
    fn cells(&self) -> Vec<String> {
        let entries = self.records().into_iter().flat_map(|record| record.entries);
        let filled = entries.filter(|entry| entry.raw.as_text().is_some());
        filled
            .map(|entry| {
                format!("{}={} ({})", entry.path, entry.raw.as_text().unwrap(), self.sources.cell(entry.place).unwrap())
            })
            .collect()
    }
}

fn xlsx(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

/// Makes a zip archive of parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn ods(sheets: &str) -> Vec<u8> {
    let head = "<?xml version=\"1.0\"?><office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>";
    let content = format!("{head}{sheets}</office:spreadsheet></office:body></office:document-content>");
    archive(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

#[test]
fn cells_of_every_sort_are_read_as_what_they_are() {
    let bytes = xlsx(|workbook| {
        let sheet = workbook.add_worksheet().set_name("Audit").unwrap();
        for (at, name) in ["id", "day", "at", "ready", "asa", "share", "ok", "text", "formula"].iter().enumerate() {
            sheet.write(2, at as u16 + 1, *name).unwrap();
        }
        let day = CellFormat::new().set_num_format("dd.mm.yyyy");
        let at = CellFormat::new().set_num_format("dd.mm.yyyy hh:mm");
        let length = CellFormat::new().set_num_format("[h]:mm:ss");
        sheet.write(4, 1, "EP-1").unwrap();
        sheet.write_with_format(4, 2, ExcelDateTime::parse_from_str("2026-03-04").unwrap(), &day).unwrap();
        sheet.write_with_format(4, 3, ExcelDateTime::parse_from_str("2026-03-04T10:30:00").unwrap(), &at).unwrap();
        sheet.write_with_format(4, 4, 30.0 / 86_400.0, &length).unwrap();
        sheet.write(4, 5, 2).unwrap();
        sheet.write(4, 6, 0.1 + 0.2).unwrap();
        sheet.write(4, 7, true).unwrap();
        sheet.write(4, 8, "two\nlines, \"quoted\"").unwrap();
        sheet.write(4, 9, Formula::new("=1+1").set_result("2")).unwrap();
        sheet.write(5, 1, "EP-2").unwrap();
    });
    let book = Book::open("a.xlsx", bytes);
    assert_eq!(book.problems, Vec::<String>::new());
    let expected = [
        "id=EP-1 (sheet Audit, cell B5)",
        "day=2026-03-04 (sheet Audit, cell C5)",
        "at=2026-03-04T10:30:00 (sheet Audit, cell D5)",
        "ready=30 seconds (sheet Audit, cell E5)",
        "asa=2 (sheet Audit, cell F5)",
        "share=0.3 (sheet Audit, cell G5)",
        "ok=true (sheet Audit, cell H5)",
        "text=two\nlines, \"quoted\" (sheet Audit, cell I5)",
        "formula=2 (sheet Audit, cell J5)",
        "id=EP-2 (sheet Audit, cell B6)",
    ];
    assert_eq!(book.cells(), expected);
}

/// Gives what a mapping makes of the one sheet of a file: of each record, what its fields say.
fn mapped(name: &str, bytes: Vec<u8>, mapping: &str) -> Vec<Vec<Raw>> {
    let Book { mut sources, mut inputs, problems } = Book::open(name, bytes);
    assert_eq!(problems, Vec::<String>::new());
    let id = sources.add("mapping.yaml", mapping);
    let (mapping, problems) = Mapping::read(&sources, id, &[&vocabulary()]);
    assert_eq!(problems, []);
    inputs[0].mapping = Some(Arc::new(mapping));
    let mut said = Vec::new();
    read_input(&sources, &inputs[0], &Limits::default(), &mut |item| match item {
        Item::Record(record) => said.push(record.entries.into_iter().map(|entry| entry.raw).collect()),
        other => panic!("{other:?}"),
    });
    said
}

#[test]
fn a_code_that_is_a_number_stands_for_numbers_and_for_texts_with_the_decimal_sign_of_the_mapping() {
    let book = xlsx(|book| {
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "Risk").unwrap();
        sheet.write(1, 0, 1.0).unwrap();
        sheet.write(2, 0, "1,0").unwrap();
        sheet.write(3, 0, 2.5).unwrap();
        sheet.write(4, 0, "2,50").unwrap();
        sheet.write(5, 0, -99.0).unwrap();
        sheet.write(6, 0, "-99,0").unwrap();
    });
    let mapping = "decimal: comma\nfields:\n  patient.risk: {from: Risk, codes: {1: low, 2.50: high}, missing: -99}\n";
    let said: Vec<Raw> = mapped("codes.xlsx", book, mapping).concat();
    let [low, high] = ["low", "high"].map(|level| Raw::Text(level.to_owned()));
    assert_eq!(said, [low.clone(), low, high.clone(), high, Raw::Nothing, Raw::Nothing]);
}

/// Says what a value came to, in one word.
fn told(raw: &Raw) -> String {
    match raw {
        Raw::Nothing => "nothing".to_owned(),
        Raw::Refused(refused) => format!("refused {}", refused.written),
        other => other.as_text().unwrap_or("?").to_owned(),
    }
}

const DECIMAL_COMMA: &str = "decimal: comma
thousands: point
fields:
  patient.asa: Before
  rescue.ready_within: {from: [Ready, Or], unit: minutes}
";

#[test]
fn a_numeric_cell_is_a_number_whatever_the_texts_around_it_are_written_like() {
    let book = xlsx(|book| {
        let sheet = book.add_worksheet();
        sheet.write_row(0, 0, ["Before", "Ready", "Or"]).unwrap();
        sheet.write_row(1, 0, [1234.5, 0.5]).unwrap();
        sheet.write_row(2, 0, ["1.234,5", "0,5"]).unwrap();
        sheet.write_row(3, 0, ["1.5", "0.5"]).unwrap();
        sheet.write_row(4, 0, [-0.125, 3.0]).unwrap();
        sheet.write(5, 2, 0.5).unwrap();
        sheet.write_row(6, 0, ["01", "2"]).unwrap();
    });
    let said = mapped("numeric.xlsx", book, DECIMAL_COMMA);
    let said: Vec<String> = said.iter().map(|record| record.iter().map(told).collect::<Vec<_>>().join("; ")).collect();
    assert_eq!(
        said,
        [
            "1234.5; 0.5 minutes",
            "1234.5; 0.5 minutes",
            "refused 1.5; refused 0.5",
            "-0.125; 3 minutes",
            "nothing; 0.5 minutes",
            "01; 2 minutes",
        ]
    );
}

#[test]
fn so_is_one_of_an_open_document() {
    let row = |cells: &[(&str, &str)]| {
        let cell = |(kind, value): &(&str, &str)| match *kind {
            "string" => {
                format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
            }
            kind => format!("<table:table-cell office:value-type=\"{kind}\" office:value=\"{value}\"/>"),
        };
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows = [
        row(&[("string", "Before"), ("string", "Ready"), ("string", "Or")]),
        row(&[("float", "1234.5"), ("percentage", "0.5")]),
        row(&[("string", "1.234,5"), ("string", "0,5")]),
        row(&[("string", "1.5"), ("currency", "0.5")]),
        row(&[("float", "1.5E-01"), ("string", "1.5E-01")]),
    ];
    let bytes = ods(&format!("<table:table table:name=\"S\">{}</table:table>", rows.concat()));
    let said = mapped("numeric.ods", bytes, DECIMAL_COMMA);
    let said: Vec<String> = said.iter().map(|record| record.iter().map(told).collect::<Vec<_>>().join("; ")).collect();
    assert_eq!(
        said,
        ["1234.5; 0.5 minutes", "1234.5; 0.5 minutes", "refused 1.5; 0.5 minutes", "1.5E-01; refused 1.5E-01"]
    );
}

#[test]
fn only_what_is_numeric_is_kept_as_a_number() {
    let book = xlsx(|book| {
        let sheet = book.add_worksheet();
        let day = CellFormat::new().set_num_format("dd.mm.yyyy");
        sheet.write_row(0, 0, ["number", "whole", "long", "text", "id", "dash", "day", "bool", "formula"]).unwrap();
        sheet.write_row(1, 0, [0.25, 12.0, 12_345_678_901_234_567_890.0]).unwrap();
        sheet.write_row(1, 3, ["0.25", "00123", "\u{2212}5"]).unwrap();
        sheet.write_with_format(1, 6, ExcelDateTime::parse_from_str("2026-03-04").unwrap(), &day).unwrap();
        sheet.write(1, 7, true).unwrap();
        sheet.write(1, 8, Formula::new("=1/2").set_result("0.5")).unwrap();
    });
    let records = Book::open("kinds.xlsx", book).records();
    let said: Vec<Raw> = records.into_iter().flat_map(|record| record.entries).map(|entry| entry.raw).collect();
    let numbers = |texts: &[&str]| texts.iter().map(|text| Raw::Number((*text).to_owned())).collect::<Vec<_>>();
    let texts = |texts: &[&str]| texts.iter().map(|text| Raw::Text((*text).to_owned())).collect::<Vec<_>>();
    let expected = [
        numbers(&["0.25", "12", "12345678901234600000"]),
        texts(&["0.25", "00123", "\u{2212}5", "2026-03-04", "true"]),
        numbers(&["0.5"]),
    ];
    assert_eq!(said, expected.concat());
}

#[test]
fn dates_count_from_1904_where_the_file_says_so() {
    let parts = |date1904: &str| {
        archive(&[
            ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
            (
                "_rels/.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
            ),
            (
                "xl/workbook.xml",
                &format!(
                    "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr {date1904}/><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels",
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
            ),
            (
                "xl/styles.xml",
                "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
            ),
            (
                "xl/worksheets/sheet1.xml",
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>day</t></is></c></row><row r=\"2\"><c r=\"A2\" s=\"1\"><v>44623</v></c></row></sheetData></worksheet>",
            ),
        ])
    };
    assert_eq!(Book::open("b.xlsx", parts("date1904=\"1\"")).cells(), ["day=2026-03-04 (sheet S, cell A2)"]);
    assert_eq!(Book::open("c.xlsx", parts("")).cells(), ["day=2022-03-03 (sheet S, cell A2)"]);
}

#[test]
fn one_of_several_sheets_must_be_named() {
    let bytes = xlsx(|workbook| {
        workbook.add_worksheet().set_name("Audit").unwrap().write(0, 0, "id").unwrap();
        workbook.add_worksheet().set_name("Legend").unwrap().write(0, 0, "x").unwrap();
        workbook.add_worksheet().set_name("Empty").unwrap();
    });
    let book = Book::open("several.xlsx", bytes);
    let told = "it has the sheets `Audit`, `Legend`, and no mapping says which is meant, as in `sheets: [Audit]` or `sheets: all`";
    assert_eq!(book.problems, [told]);
}

#[test]
fn open_document_cells_are_read_as_what_they_are() {
    let bytes = ods(
        "<table:table table:name=\"Audit\"><table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>\
         <table:table-row><table:table-cell office:value-type=\"string\"><text:p>id</text:p></table:table-cell><table:table-cell><text:p>day &amp; time</text:p></table:table-cell>\
         <table:table-cell table:number-columns-repeated=\"2\"/><table:table-cell><text:p>n</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>\
         <table:table-row><table:table-cell><office:annotation><text:p>a note</text:p></office:annotation><text:p>EP<text:s text:c=\"2\"/>1</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2026-03-04T10:30:00\"><text:p>4.3.26</text:p></table:table-cell><table:table-cell table:number-columns-repeated=\"2\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"0.25\"><text:p>0,3</text:p></table:table-cell></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row></table:table>",
    );
    let book = Book::open("a.ods", bytes);
    assert_eq!(book.problems, Vec::<String>::new());
    let expected = [
        "id=EP  1 (sheet Audit, cell A4)",
        "day & time=2026-03-04T10:30:00 (sheet Audit, cell B4)",
        "n=0.25 (sheet Audit, cell E4)",
    ];
    assert_eq!(book.cells(), expected);
}

#[test]
fn a_small_file_asks_for_no_large_memory() {
    let repeated = ods("<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\">\
         <table:table-cell table:number-columns-repeated=\"16384\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>");
    let apart = xlsx(|workbook| {
        let sheet = workbook.add_worksheet();
        for row in 0..5_000 {
            sheet.write(row, 0, "x").unwrap();
        }
        sheet.write(1_048_575, 16_383, "x").unwrap();
    });
    let bomb = archive(&[("xl/workbook.xml", &" ".repeat(80 << 20))]);
    for (name, bytes) in [("r.ods", repeated), ("s.xlsx", apart), ("t.xlsx", bomb)] {
        let begun = std::time::Instant::now();
        let book = Book::open(name, bytes);
        assert!(
            book.problems.len() == 1 && book.problems[0].contains("unpacks to more than"),
            "{name}: {:?}",
            book.problems
        );
        assert!(begun.elapsed().as_secs() < 60, "{name}: {:?}", begun.elapsed());
    }
}

#[test]
fn what_is_no_sound_spreadsheet_is_told() {
    let sound = xlsx(|workbook| _ = workbook.add_worksheet().write(0, 0, "id").unwrap());
    let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    for (name, bytes, wanted) in [
        ("old.xls", old.to_vec(), "old or a protected"),
        ("cut.xlsx", sound[..sound.len() / 2].to_vec(), "damaged"),
        ("x.zip", archive(&[("a.txt", "x")]), "it is an archive"),
        ("empty.ods", ods("<table:table table:name=\"S\"/>"), "nothing is written"),
        ("torn.ods", archive(&[("content.xml", "<office:document-content><table:table></x>")]), "damaged"),
        ("no.xlsx", archive(&[("xl/workbook.xml", "<workbook/>")]), "damaged"),
    ] {
        let book = Book::open(name, bytes);
        assert!(book.problems.iter().any(|problem| problem.contains(wanted)), "{name}: {:?}", book.problems);
    }
    for at in (0..sound.len()).step_by(7) {
        let mut changed = sound.clone();
        changed[at] ^= 0x55;
        // Whatever a changed byte does: the parts have checksums, so that what is read is what was written, or it is told.
        let book = Book::open("changed.xlsx", changed);
        assert!(!book.problems.is_empty() || book.inputs.len() == 1, "byte {at}");
    }
}
