//! Small policies, drawn by a seed, and the values of their fields.

use forbear::policy::{NameId, Names, Value};

/// What the drawn policies speak of.
pub(crate) const VOCABULARY: &str = "\
vocabulary small \"Small\"
scale level \"Level\" low < middle < high
kind hue \"Sort\" red, blue
field id    text    role id
field held_on instant role time
field risk  level
field nearby  level
field certain boolean
field n     whole number from 0 to 4
field m     whole number from 0 to 4
field colour hue
field colours set of hue
field first_one identity
field other_one identity
field ward identity
";

/// Draws numbers, the same for the same seed.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678)
    }

    /// Draws a number below another (Knuth's MMIX generator).
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    pub(crate) fn one_of<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        choices[self.below(choices.len())]
    }
}

/// The fields of which a pair of policies may speak: at most four groups, so that all records can be looked at.
pub(crate) fn leaf(draw: &mut Draw, topics: &[usize]) -> String {
    let level = ["low", "middle", "high"];
    let relation = ["at least", "at most", "above", "below", "is", "is not"];
    match topics[draw.below(topics.len())] {
        0 => format!("risk {} {}", draw.one_of(&relation), draw.one_of(&level)),
        1 => match draw.below(4) {
            0 => format!("nearby {} risk", draw.one_of(&relation)),
            1 => "nearby is present".to_owned(),
            2 => "risk is missing".to_owned(),
            _ => format!("nearby {} {}", draw.one_of(&relation), draw.one_of(&level)),
        },
        2 => format!("certain is {}", draw.one_of(&["true", "false"])),
        3 => match draw.below(3) {
            0 => format!("n between {} and {}", draw.below(3), 2 + draw.below(3)),
            1 => format!("n {} m", draw.one_of(&relation)),
            _ => format!("n {} {}", draw.one_of(&relation), draw.below(5)),
        },
        4 => match draw.below(4) {
            0 => format!("colours includes {}", draw.one_of(&["red", "blue"])),
            1 => "colours includes colour".to_owned(),
            2 => "colour is one of red, blue".to_owned(),
            _ => format!("colour is {}", draw.one_of(&["red", "blue"])),
        },
        5 => match draw.below(4) {
            0 => "first_one is other_one".to_owned(),
            1 => "first_one is not other_one".to_owned(),
            2 => format!("first_one is \"{}\"", draw.one_of(&["Ada", "Bea"])),
            _ => format!("other_one is one of \"{}\", \"Cleo\"", draw.one_of(&["Ada", "Bea"])),
        },
        _ => match draw.below(3) {
            0 => "any episode per ward in the past 30 days".to_owned(),
            1 => "no episode per ward in the past 30 days".to_owned(),
            _ => format!(
                "count of episodes per ward in the past 30 days {} {}",
                draw.one_of(&relation[..5]),
                draw.below(4)
            ),
        },
    }
}

pub(crate) fn condition(draw: &mut Draw, topics: &[usize], depth: usize) -> String {
    joined(draw, depth, &|draw| leaf(draw, topics))
}

/// Draws comparisons, and joins them.
pub(crate) fn joined(draw: &mut Draw, depth: usize, leaf: &dyn Fn(&mut Draw) -> String) -> String {
    if depth == 0 || draw.below(3) == 0 {
        return leaf(draw);
    }
    let (one, other) = (joined(draw, depth - 1, leaf), joined(draw, depth - 1, leaf));
    match draw.below(5) {
        0 | 1 => format!("({one}) and ({other})"),
        2 | 3 => format!("({one}) or ({other})"),
        _ => format!("not ({one})"),
    }
}

pub(crate) fn rule(draw: &mut Draw, name: &str, leaf: &dyn Fn(&mut Draw) -> String) -> String {
    let mut text = format!("rule {name} \"{name}\"\n");
    let asked = joined(draw, 2, leaf);
    let norm = draw.below(4);
    let norm_words = ["permit when", "forbid when", "require", "never when"][norm];
    let guard = draw.below(3) == 0 && norm == 2;
    if guard {
        text += &format!("  when {}\n", joined(draw, 1, leaf));
    }
    text += &format!("  {norm_words} {asked}\n");
    if norm != 3 && draw.below(3) == 0 {
        text += &format!("  unless {}\n", joined(draw, 1, leaf));
    }
    if norm != 0 && draw.below(4) == 0 {
        let silence = if norm == 3 { "violated" } else { draw.one_of(&["violated", "satisfied"]) };
        text += &format!("  if undocumented {silence}\n");
    }
    text
}

/// Gives some rules with one changed, one more, or in another order.
pub(crate) fn changed(draw: &mut Draw, rules: &[String], rule: &dyn Fn(&mut Draw, &str) -> String) -> Vec<String> {
    let mut changed = rules.to_vec();
    match draw.below(4) {
        0 => changed.reverse(),
        1 => changed.push(rule(draw, &format!("r{}", rules.len()))),
        _ => {
            let at = draw.below(rules.len());
            let name = rules[at].split_whitespace().nth(1).unwrap();
            changed[at] = rule(draw, name);
        }
    }
    changed
}

/// Writes two policies over one vocabulary. The second is often the first with a rule changed.
pub(crate) fn two_policies(draw: &mut Draw) -> String {
    let mut topics = Vec::new();
    while topics.len() < 3 {
        let topic = draw.below(7);
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    let count = 1 + draw.below(4);
    let rule = |draw: &mut Draw, name: &str| rule(draw, name, &|draw| leaf(draw, &topics));
    let rules: Vec<String> = (0..count).map(|at| rule(draw, &format!("r{at}"))).collect();
    let changed = changed(draw, &rules, &rule);
    let default = draw.one_of(&["permit", "forbid"]);
    let scope = if draw.below(3) == 0 {
        let topics: Vec<usize> = topics.iter().copied().filter(|topic| *topic != 6).collect();
        format!("  applies when {}\n", condition(draw, &topics, 1))
    } else {
        String::new()
    };
    let policy = |name: &str, rules: &[String]| {
        format!("policy {name} \"{name}\"\n  vocabulary small\n{scope}  default {default}\n\n{}", rules.join("\n"))
    };
    format!("{VOCABULARY}\n{}\n{}", policy("first", &rules), policy("second", &changed))
}

/// The fields of which all values are looked at.
pub(crate) const FIELDS: [&str; 9] =
    ["risk", "nearby", "certain", "n", "m", "colour", "colours", "first_one", "other_one"];

/// Gives every value of a field by which the policies could tell records apart.
pub(crate) fn values(name: &str) -> Vec<Value> {
    let names = |count| (0..count).map(|at| Value::Name(NameId(at))).collect();
    let set = |members: &[u16]| {
        Value::Names(Names { members: members.iter().map(|at| NameId(*at)).collect(), complete: true })
    };
    match name {
        "risk" | "nearby" => names(3),
        "colour" => names(2),
        "certain" => vec![Value::Boolean(false), Value::Boolean(true)],
        "n" | "m" => (0..5).map(|number| Value::Number(number.into())).collect(),
        "colours" => [&[][..], &[0], &[1], &[0, 1]].into_iter().map(set).collect(),
        _ => ["Ada", "Bea", "Cleo", "Dora", "Eve"].map(|who| Value::Identity(who.into())).to_vec(),
    }
}
