//! What policies say of episodes, worked out by hand from the rules: every row of the tables of what it means.
//!
//! Each table has a policy in a small vocabulary of its own, records as lines of JSON, and what must come out:
//! `verdict; rule status, …; wants field, …`. A status is worded as in the tables, with `by silence` where
//! `if undocumented` settled it; a permit is `given`, `not given` or `open`.

#[cfg(test)]
#[path = "judging"]
mod judging {
    mod civil;
    mod conditions;
    mod duties;
    mod ground;
    mod history;
    mod several;
    mod status;
    mod support;
    mod tables;
    mod versions;
}
