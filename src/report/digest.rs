//! The digest of an audit's judgements, by which anybody can see whether a report stands.
//!
//! Takes what is judged, record by record in the order of the inputs, before anything is made a pseudonym or left out. The
//! canonical form is described in docs/reports.md: what a record is called, what each policy says of it, rule by rule and
//! duty by duty. How a report shows it, with which key, or on how many threads, does not matter.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::audit::{Judged, PolicyResult};
use crate::judge::{DutyJudgement, Outcome, Truth};
use crate::policy::{Rule, Version};

/// Digests judgements while they are made.
#[derive(Default)]
pub struct JudgementDigest {
    hash: Sha256,
    records: usize,
}

impl JudgementDigest {
    /// Adds a record that was judged.
    pub fn judged(&mut self, judged: &Judged<'_>) {
        let findings: Vec<&str> = judged.findings.iter().map(|finding| finding.code.name()).collect();
        self.line(json!(["record", self.records + 1, judged.id, findings]));
        for result in &judged.results {
            self.line(of_policy(result));
        }
        self.records += 1;
    }

    /// Adds a record that could not be read.
    pub fn unreadable(&mut self) {
        self.line(json!(["unreadable", self.records + 1]));
        self.records += 1;
    }

    fn line(&mut self, line: Value) {
        self.hash.update(line.to_string().as_bytes());
        self.hash.update(b"\n");
    }

    /// Gives the SHA-256 of all lines, in hexadecimal.
    pub fn hexadecimal(&self) -> String {
        self.hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn of_policy(result: &PolicyResult<'_>) -> Value {
    let judgement = &result.judgement;
    let of_rules: &[Rule] = result.version.map(|version| version.rules.as_slice()).unwrap_or_default();
    let rules: Vec<Value> = of_rules
        .iter()
        .zip(&judgement.outcomes)
        .filter(|(rule, _)| rule.duty.is_none())
        .map(|(rule, outcome)| of_rule(rule, *outcome))
        .collect();
    let duties = judgement.duties.iter().filter_map(|duty| of_duty(duty, result.version?));
    json!([
        "judgement",
        result.policy.name,
        result.version.and_then(|version| version.label.as_deref()),
        result.verdict().word(),
        judgement.verdict.word(),
        result.fails(),
        rules,
        duties.collect::<Vec<Value>>(),
    ])
}

fn of_rule(rule: &Rule, outcome: Outcome) -> Value {
    match outcome {
        Outcome::Requirement { status, by_silence } => json!([rule.name, status.word(), by_silence]),
        Outcome::Ground(Truth::True) => json!([rule.name, "given"]),
        Outcome::Ground(Truth::False) => json!([rule.name, "not_given"]),
        Outcome::Ground(Truth::Unknown) => json!([rule.name, "undetermined"]),
        Outcome::Duty(chain) => json!([rule.name, chain.word()]),
    }
}

fn of_duty(duty: &DutyJudgement, version: &Version) -> Option<Value> {
    let rule = version.rules.get(duty.rule.0 as usize)?;
    let links = duty.links.iter().map(|link| {
        let deadline = link.deadline.map(|(first, last)| [first.to_string(), last.to_string()]);
        json!([link.status.word(), link.by_silence, deadline])
    });
    Some(json!([rule.name, duty.chain.word(), links.collect::<Vec<Value>>()]))
}
