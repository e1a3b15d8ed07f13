//! `forbear doc`: the policy as a document that a meeting can vote on.

use std::path::Path;

use crate::render::{self, html, markdown};

use super::Ended;
use super::arguments::{DocArguments, DocFormat, PolicyArguments};
use super::common::{load, require_sound_for};
use super::output::deliver;

/// Runs the command.
pub(super) fn run(arguments: &DocArguments) -> Ended {
    match document(arguments)
        .and_then(|text| deliver(arguments.output.as_deref(), |out| out.write_all(text.as_bytes())))
    {
        Ok(()) => Ended::Clean,
        Err(ended) => ended,
    }
}

fn document(arguments: &DocArguments) -> Result<String, Ended> {
    let loaded = load(&arguments.policies)?;
    require_sound_for(&loaded, false, "written")?;
    let old = match arguments.since.as_slice() {
        [] => None,
        old => {
            let calendars = arguments.policies.calendars.clone();
            let old = load(&PolicyArguments { policies: old.to_vec(), calendars })?;
            require_sound_for(&old, true, "written")?;
            Some(old)
        }
    };
    let document = render::document(&loaded.checked, old.as_ref().map(|old| &old.checked));
    Ok(match format_of(arguments) {
        DocFormat::Markdown => markdown::write(&document),
        DocFormat::Html => html::write(&document),
    })
}

/// Gives the format that was asked for, or that the name of the file asks for.
fn format_of(arguments: &DocArguments) -> DocFormat {
    let extension = arguments.output.as_deref().and_then(Path::extension);
    let is_html = extension.is_some_and(|extension| extension == "html" || extension == "htm");
    arguments.format.unwrap_or(if is_html { DocFormat::Html } else { DocFormat::Markdown })
}
