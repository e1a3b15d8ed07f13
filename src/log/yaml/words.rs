//! The words for what a YAML parser refuses.

use granit_parser::ErrorKind;

/// Says in plain words why the text cannot be read on.
pub(super) fn of_error(kind: &ErrorKind) -> String {
    use ErrorKind as E;
    let plain = match kind {
        E::UnclosedFlowCollection { .. } => "this bracket is never closed",
        E::UnclosedQuotedScalar | E::DocumentIndicatorInQuotedScalar => "this quotation mark is never closed",
        E::InvalidTrailingSingleQuotedScalar | E::InvalidTrailingDoubleQuotedScalar => {
            "something stands behind a closing quotation mark"
        }
        E::MappingKeyNotAllowed | E::MappingValueNotAllowed | E::InvalidColonPlacement => {
            "a colon stands where no key is expected; a text with a colon and a space in it needs quotation marks"
        }
        E::UnknownQuotedScalarEscape => "a backslash stands before a character that needs none",
        E::RecursionLimitExceeded => "its groups and lists nest too deep",
        E::UnexpectedEofFlowSequence | E::ExpectedFlowSequenceSeparator => {
            "a list in brackets is not closed, or lacks a comma"
        }
        E::UnexpectedEofFlowMapping | E::UnexpectedEofImplicitFlowMapping | E::ExpectedFlowMappingSeparator => {
            "a group in braces is not closed, or lacks a comma"
        }
        E::ExpectedBlockMappingKey | E::SimpleKeyExpected | E::InvalidSimpleKey => {
            "a key followed by a colon and a space is expected here"
        }
        E::InvalidIndentation
        | E::ExpectedBlockSequenceEntry
        | E::InvalidFlowScalarIndent
        | E::InvalidQuotedScalarIndent => "this line is not indented as the lines around it are",
        E::TabNotAllowed | E::TabInBlockIndentation | E::TabInIndentation | E::TabInPlainScalar => {
            "a tab stands where lines are indented by spaces only"
        }
        E::ExpectedNodeContent => "a value is expected here",
        E::UnexpectedCharacter { .. } => "a text that begins with this character needs quotation marks",
        E::MisplacedFlowCollectionEnd | E::MismatchedFlowCollectionEnd { .. } => {
            "this bracket closes nothing that is open"
        }
        other => return format!("this is no valid YAML: {}", of_parser(other)),
    };
    format!("this is no valid YAML: {plain}")
}

/// Gives the parser's own words, without what it was doing at the time.
fn of_parser(kind: &ErrorKind) -> String {
    let said = kind.to_string();
    let said = match said.split_once(", ") {
        Some((doing, what)) if doing.starts_with("while ") => what,
        _ => said.as_str(),
    };
    said.trim_end_matches('.').to_owned()
}
