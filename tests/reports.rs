//! Reports for other programs: what they must be to be read there, and what they must not tell.

#[cfg(test)]
#[path = "reports"]
mod reports {
    #[path = "../cli/builder.rs"]
    #[expect(dead_code, reason = "the tests of the command line use more of it")]
    mod builder;
    mod canaries;
    #[path = "../support/folder.rs"]
    mod folder;
    mod formats;
    mod html;
    mod junit;
    mod privacy;
    mod sarif;
    mod verify;
}
