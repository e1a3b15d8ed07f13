//! Several policies on one episode: each says its own, the strictest leads.

use super::support::{leading, said};

const POLICIES: &str = "\
policy one \"One\"
  vocabulary small
  applies when place is ward
  default permit

rule r \"R\"
  require a

policy two \"Two\"
  vocabulary small
  default permit

rule r \"R\"
  require b
";

#[test]
fn each_policy_gives_its_own_verdict() {
    let said = said(POLICIES, "{\"place\": \"ward\", \"a\": true}\n{\"place\": \"clinic\", \"b\": false}\n");
    assert_eq!(said[0], ["permissible; r satisfied", "undetermined; r undetermined; wants b"]);
    assert_eq!(said[1], ["not covered", "impermissible; r violated"]);
}

#[test]
fn the_strictest_leads() {
    for (record, verdict) in [
        ("\"place\": \"ward\", \"a\": false, \"b\": true", "impermissible"),
        ("\"place\": \"ward\", \"a\": true, \"b\": false", "impermissible"),
        ("\"place\": \"ward\", \"b\": false", "impermissible"),
        ("\"place\": \"ward\", \"a\": true", "undetermined"),
        ("\"b\": true, \"a\": true", "undetermined"),
        ("\"place\": \"ward\", \"a\": true, \"b\": true", "permissible"),
        ("\"place\": \"clinic\", \"b\": true", "permissible"),
    ] {
        assert_eq!(leading(POLICIES, &format!("{{{record}}}\n")), [verdict], "{record}");
    }
    let narrow = POLICIES.replace("policy two \"Two\"\n", "policy two \"Two\"\n  applies when place is theatre\n");
    assert_eq!(leading(&narrow, "{\"place\": \"clinic\"}\n"), ["not covered"]);
}
