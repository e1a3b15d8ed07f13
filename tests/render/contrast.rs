//! The colours of the page have the contrast that WCAG asks for at level AA, in light and in dark.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../src/render/html/style.css");

/// Reads the colours that a part of the sheet sets.
fn colours(part: &str) -> BTreeMap<&str, [f64; 3]> {
    let lines = part.lines().flat_map(|line| line.split(';'));
    let pairs = lines.filter_map(|setting| {
        let (name, value) = setting.trim().trim_start_matches(":root {").trim().strip_prefix("--")?.split_once(':')?;
        let hex = value.trim().strip_prefix('#')?;
        let hex = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_owned() };
        let channel = |at: usize| f64::from(u8::from_str_radix(hex.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        Some((name, [channel(0), channel(2), channel(4)]))
    });
    pairs.collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let linear = colour.map(|c| if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_stands_out_in_light_and_in_dark_and_on_paper() {
    let (light, rest) = STYLE.split_once("@media (prefers-color-scheme: dark)").unwrap();
    let (dark, rest) = rest.split_once("* {").unwrap();
    let print = rest.split_once("@media print").unwrap().1;
    for (name, part) in [("light", light), ("dark", dark), ("print", print)] {
        let colours = colours(part);
        for text in ["ink", "quiet", "accent"] {
            for ground in ["paper", "marked"] {
                let found = contrast(colours[text], colours[ground]);
                assert!(found >= 4.5, "{name}: {text} on {ground} has {found:.2}");
            }
        }
    }
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9, "the measure itself");
    assert!(contrast([0.6; 3], [1.0; 3]) < 4.5);
}
