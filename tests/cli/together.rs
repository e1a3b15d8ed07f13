//! What several policies together say of one episode: what the team could have arranged so that every one permits it.

use super::builder::{Test, episode};
use super::formats::snapshot;

/// A policy of the educators: whoever stands in the room takes over, unless somebody else would.
const TEACHING: &str = "\
policy teaching \"Teaching\"
  vocabulary clinical
  default permit

rule room_to_act \"The supervisor stays outside, unless the rescuer has nothing else to do\"
  forbid when supervision at least in_room
  unless rescue.rescuer_free
";

fn both(teaching: &str) -> Test {
    let log = episode("EP-2", &[("supervisor.level", "\"on_site\"")]);
    Test::ward().file("teaching.forbear", teaching).file("log.jsonl", log)
}

#[test]
fn explain_tells_what_every_policy_would_have_permitted() {
    let output = both(TEACHING).args("explain ward.forbear teaching.forbear --log log.jsonl --episode EP-2").run();
    assert!(!output.stdout.contains("permissible with\n"), "no policy's own repair is told:\n{}", output.stdout);
    snapshot("explain_together", &output.page());
}

#[test]
fn explain_tells_that_nothing_would_have_satisfied_every_policy() {
    let never = "rule never_inside \"The supervisor stays outside\"\n  forbid when supervision at least in_room\n";
    let teaching = TEACHING.split_once("rule").unwrap().0.to_owned() + never;
    let output = both(&teaching).args("explain ward.forbear teaching.forbear --log log.jsonl --episode EP-2").run();
    let said = "\nall policies together: impermissible\n  nothing that the team could have arranged would have made this \
                permissible by every policy\n";
    assert!(output.stdout.ends_with(said), "{}", output.stdout);
}

#[test]
fn findings_and_machine_output_give_what_every_policy_would_have_permitted() {
    let human = both(TEACHING).args("audit ward.forbear teaching.forbear --log log.jsonl").run().stdout;
    let said = human.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    let help = "it would have been permissible by every policy with `supervision` `in_room` in place of `on_site`, and \
                `rescue.rescuer_free` `true`, where nothing is documented";
    assert!(said.contains(help), "{human}");
    let lines = both(TEACHING).args("audit ward.forbear teaching.forbear --log log.jsonl --format jsonl").run().stdout;
    let together = "\"together\":{\"repairs\":[[{\"field\":\"supervision\",\"to\":\"in_room\"},\
                    {\"field\":\"rescue.rescuer_free\",\"to\":\"true\"}]],\"nothing_arranged\":false}";
    let of_policies: Vec<&str> = lines.lines().filter(|line| line.starts_with("{\"kind\":\"episode\"")).collect();
    assert!(of_policies.len() == 2 && of_policies.iter().all(|line| line.contains(together)), "{lines}");
    assert_eq!(lines.matches("\"repairs\":").count(), 2, "what one alone would have permitted is no repair:\n{lines}");
}

#[test]
fn a_policy_that_does_not_cover_the_episode_changes_nothing() {
    let medication =
        TEACHING.replace("  default permit\n", "  applies when activity is medication\n  default permit\n");
    let arguments = "explain ward.forbear teaching.forbear --log log.jsonl --episode EP-2";
    let beside = both(&medication).args(arguments).run().page();
    let alone = both(&medication).args("explain ward.forbear --log log.jsonl --episode EP-2").run().page();
    let ward = alone.split_once("policy ward").unwrap().1;
    assert!(beside.ends_with(ward), "{beside}\n{alone}");
    assert!(ward.contains("it would have been permissible with\n"), "{ward}");
}
