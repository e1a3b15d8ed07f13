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
    let Book { mut sources, mut inputs, .. } = Book::open("codes.xlsx", book);
    let mapping = "decimal: comma\nfields:\n  patient.risk: {from: Risk, codes: {1: low, 2.5: high}, missing: -99}\n";
    let id = sources.add("mapping.yaml", mapping);
    let (mapping, problems) = Mapping::read(&sources, id, &[&vocabulary()]);
    assert_eq!(problems, []);
    inputs[0].mapping = Some(Arc::new(mapping));
    let mut said = Vec::new();
    read_input(&sources, &inputs[0], &Limits::default(), &mut |item| match item {
        Item::Record(record) => said.push(record.entries[0].raw.clone()),
        other => panic!("{other:?}"),
    });
    let [low, high] = ["low", "high"].map(|level| Raw::Text(level.to_owned()));
    assert_eq!(said, [low.clone(), low, high.clone(), high, Raw::Nothing, Raw::Nothing]);
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
