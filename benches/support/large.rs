//! A policy of 200 rules over 40 fields, made by numbers: the same on every run.

use std::fmt::Write;

/// How many rules there are.
pub(crate) const RULES: usize = 200;

/// How many fields.
pub(crate) const FIELDS: usize = 40;

/// Writes the vocabulary; `chosen` stands behind each field that the team can arrange, every third.
pub(crate) fn vocabulary(chosen: &str) -> String {
    let mut text = "vocabulary large \"Large\"\nscale level \"Level\" none < low < middle < high < severe\n\
        kind sort \"Sort\" red, blue, green, black\nfield number_of text role id\n"
        .to_owned();
    for at in 0..FIELDS {
        let kind = ["level", "sort", "boolean", "number from 0 to 100"][at % 4];
        writeln!(text, "field value_{at} {kind}{}", if at % 3 == 0 { chosen } else { "" }).unwrap();
    }
    text
}

/// Writes a policy with some rules.
pub(crate) fn policy(name: &str, rules: &[String]) -> String {
    format!("\npolicy {name} \"{name}\"\n  vocabulary large\n  default permit\n\n{}", rules.concat())
}

/// Writes a rule. The first is the one whose threshold is changed: no other speaks of its field's middle.
pub(crate) fn rule(number: usize, threshold: u64) -> String {
    if number == 0 {
        return format!("rule r0 \"r0\"\n  when value_2\n  require value_3 at most {threshold}\n\n");
    }
    let mut draw = Draw(u64::try_from(number).unwrap());
    let mut leaf = || {
        let field = draw.below(u64::try_from(FIELDS).unwrap());
        match field % 4 {
            0 => format!(
                "value_{field} at least {}",
                ["low", "middle", "high", "severe"][usize::try_from(draw.below(4)).unwrap()]
            ),
            1 => format!(
                "value_{field} is {}",
                ["red", "blue", "green", "black"][usize::try_from(draw.below(4)).unwrap()]
            ),
            2 => format!("value_{field}"),
            _ => format!("value_{field} above {}", 70 + draw.below(30)),
        }
    };
    let (one, two, three, four) = (leaf(), leaf(), leaf(), leaf());
    format!("rule r{number} \"r{number}\"\n  when {one} and {two}\n  forbid when {three} and {four}\n\n")
}

/// Draws numbers by a linear congruential generator (Knuth, MMIX).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}
