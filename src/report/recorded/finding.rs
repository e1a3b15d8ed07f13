//! A finding in SARIF, as far as it does not depend on pseudonyms or on how much is shown.

use serde_json::{Value, json};

use super::{Outline, digest, text_at};

/// Gives what a result says that judging again must say too: the rule, what is found, of which verdict, and on which lines.
pub(super) fn outline(result: &Value) -> Outline {
    let text = |pointer| text_at(result, pointer);
    let places = ["/locations", "/relatedLocations"].map(|pointer| {
        let places = result.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        places.map(|place| place.pointer("/physicalLocation/region/startLine").cloned()).collect::<Vec<_>>()
    });
    let (rule, kind, verdict) = (text("/ruleId"), text("/kind"), text("/properties/verdict"));
    let of_episode = ["/properties/code", "/properties/policy", "/properties/version"].map(text);
    let statement = json!([rule, kind, text("/level"), verdict, of_episode, places]);
    let episode = match text("/properties/episode") {
        id if id.is_empty() => "a record".to_owned(),
        id => format!("`{id}`"),
    };
    let is = if verdict.is_empty() { String::new() } else { format!(" is {}, and", verdict.replace('_', " ")) };
    let how = if kind == "open" { "left open" } else { "not kept" };
    let what = match of_episode.first() {
        Some(code) if *code == rule => format!("has the finding `{rule}`"),
        _ => format!("has `{rule}` {how}"),
    };
    let line = result.pointer("/locations/0/physicalLocation/region/startLine").map(Value::to_string);
    let file = text("/locations/0/physicalLocation/artifactLocation/uri");
    let at = line.map(|line| format!(", at {file}:{line}")).unwrap_or_default();
    Outline { digest: digest(&statement), said: format!("{episode}{is} {what}{at}").into(), is_judgement: true }
}
