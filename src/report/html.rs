//! `--format html`: one page that an auditor hands to a committee. It needs no network, prints on A4, and says everything
//! without its script too.
//!
//! What is counted does not grow with the log; of single episodes the failing and the undetermined are listed first, up to a
//! bound that the page states.

mod episodes;
mod fragile;
mod gather;
mod listing;
mod sections;
mod tables;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::audit::{Judged, Sink, Summary};
use crate::log::Unreadable;

use super::digest::JudgementDigest;
use super::machine::{InputRecord, Made, PolicyRecord, Totals};
use super::recorded::PAGE_MARK;
use super::stream::{About, Report};

use fragile::Fragility;
use gather::Gathered;
use listing::Listing;

/// The look of the policy's own document, and what a report needs besides.
const STYLE: [&str; 2] = [include_str!("../render/html/style.css"), include_str!("html/report.css")];

/// It searches, filters, and opens what is printed; the page is whole without it.
const SCRIPT: &str = include_str!("html/report.js");

/// The digest of the script, by which a browser runs this one and no other.
const SCRIPT_SHA256: &str = "5xhwhdLBhwrbSv6vV5kKWdr3QXs+v8GbesfKQTPTJoQ=";

/// Gathers while the audit runs, and writes the page at the end.
pub struct Page<'a> {
    to: &'a mut dyn Write,
    about: About<'a>,
    gathered: Gathered,
    fragility: Fragility,
    listing: Listing,
    digest: JudgementDigest,
}

impl<'a> Page<'a> {
    /// Begins with nothing counted.
    pub fn new(to: &'a mut dyn Write, about: About<'a>) -> Self {
        let listing = Listing::new(about.identities.least_cell() <= 1);
        Self {
            to,
            about,
            gathered: Gathered::default(),
            fragility: Fragility::default(),
            listing,
            digest: JudgementDigest::default(),
        }
    }
}

impl Sink for Page<'_> {
    fn judged(&mut self, record: &Judged<'_>) {
        self.digest.judged(record);
        self.gathered.add(record);
        self.listing.add(record, &self.about);
        self.fragility.add(record, self.listing.all, &self.about);
    }

    fn wants_reasons(&self) -> bool {
        self.listing.has_room() || self.fragility.has_room()
    }

    fn unreadable(&mut self, _unreadable: &Unreadable) {
        self.digest.unreadable();
    }
}

impl Report for Page<'_> {
    fn finish(&mut self, summary: &Summary, inputs: &[InputRecord]) -> io::Result<()> {
        let (gathered, fragility, listing) = (&self.gathered, &self.fragility, &self.listing);
        let whole = Whole { about: self.about, summary, inputs, gathered, fragility, listing };
        let account = Account {
            made: Made::of(&self.about),
            policies: PolicyRecord::all(self.about.set, self.about.sources),
            // Where small numbers are hidden, they are hidden here too.
            totals: (self.about.identities.least_cell() <= 1).then(|| Totals::of(summary)),
            inputs: inputs.to_vec(),
            judgements_sha256: self.digest.hexadecimal(),
        };
        let page = page(&whole, &account)?;
        self.to.write_all(page.into_string().as_bytes())?;
        self.to.flush()
    }
}

/// What a page is made of.
struct Whole<'a> {
    about: About<'a>,
    summary: &'a Summary,
    inputs: &'a [InputRecord],
    gathered: &'a Gathered,
    fragility: &'a Fragility,
    listing: &'a Listing,
}

/// What the page says of itself to `forbear verify`.
#[derive(Serialize)]
struct Account {
    #[serde(flatten)]
    made: Made,
    policies: Vec<PolicyRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<Totals>,
    inputs: Vec<InputRecord>,
    judgements_sha256: String,
}

fn page(whole: &Whole<'_>, account: &Account) -> io::Result<Markup> {
    // Within a script, `<` could end it.
    let account_json = serde_json::to_string(account)?.replace('<', "\\u003c");
    let sections = sections::all(whole, account);
    let title = title(whole);
    let policy = format!("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{SCRIPT_SHA256}'");
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { @for sheet in STYLE { (PreEscaped(sheet)) } }
            }
            body {
                a.skip href="#content" { "To the text" }
                header {
                    h1 { (title) }
                    p.remark { "Judged as of " (account.made.as_of) " · privacy level " strong { (account.made.privacy) } }
                }
                nav aria-labelledby="contents" {
                    h2 #contents { "Contents" }
                    ul { @for section in &sections { li { a href={"#" (section.anchor)} { (section.title) } } } }
                }
                main #content tabindex="-1" {
                    (tables::patterns())
                    @for section in &sections {
                        section {
                            h2 id=(section.anchor) { (section.title) }
                            (section.content)
                        }
                    }
                }
                (PreEscaped(PAGE_MARK)) (PreEscaped(account_json)) (PreEscaped("</script>"))
                script { (PreEscaped(SCRIPT)) }
            }
        }
    })
}

fn title(whole: &Whole<'_>) -> String {
    let names: Vec<&str> = whole.about.set.policies.iter().map(|policy| policy.name.as_str()).collect();
    match names.as_slice() {
        [name] => format!("Audit by policy {name}"),
        names => format!("Audit by the policies {}", names.join(", ")),
    }
}
