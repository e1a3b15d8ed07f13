//! The words for what does not fit, beside the line of the log.

use forbear::diagnostic::Diagnostic;
use forbear::log::Format;
use insta::assert_snapshot;

use super::support::{Log, fit, vocabulary};

fn told(text: &str, format: Format) -> String {
    let vocabulary = vocabulary();
    let log = Log::read(text, format);
    let mut diagnostics: Vec<Diagnostic> = log.unreadable().iter().map(|unreadable| unreadable.diagnostic()).collect();
    for fitted in fit(&log, &vocabulary) {
        diagnostics.extend(fitted.findings.iter().map(|finding| finding.diagnostic(&vocabulary)));
    }
    log.told(&diagnostics)
}

#[test]
fn values() {
    let text = include_str!("unfit.yaml");
    assert_snapshot!(told(text, Format::Yaml));
}

#[test]
fn levels() {
    let text = "- supervisor: {level: in-rom}\n- supervisor: {level: 7}\n- patient: {risk: majr}\n- rescue: {strategies: [take_ovr, cue]}\n";
    assert_snapshot!(told(text, Format::Yaml));
}

#[test]
fn people_are_never_quoted() {
    let text = "- trainee: {id: [Anna Muster]}\n- rescue: {team: [\"Berta\\0Beispiel\", [Carla], S-1]}\n- trainee: {id: {name: Dora}}\n- trainee: {id: \"Emil\\0\"}\n- trainee: {id: Fritz}\n  trainee.id: Gerda\n";
    let said = told(text, Format::Yaml);
    let without_log: String = said.lines().filter(|line| !line.contains(" | ")).collect();
    for name in ["Anna", "Berta", "Carla", "Dora", "Emil", "Fritz", "Gerda"] {
        assert!(!without_log.contains(name), "{name}: {without_log}");
    }
    assert_snapshot!(said);
}

#[test]
fn cells() {
    let text = "id,patient.risk,patient.asa,id\n1,hgh,\"7\n\",1\n2,low\n";
    assert_snapshot!(told(text, Format::Csv));
}
