//! The command as a person or a CI job meets it: what it prints where, and how it ends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod aliases;
mod annex_a;
mod board;
mod check;
mod consult;
mod counts;
mod explain;
mod folder;
mod looked_after;
mod merge;
mod partner;
mod published;
mod returns;
mod school_census;
mod scorecard;
mod scores;
mod several;
mod silence;
mod transcripts;
mod workflow;
mod wrong_files;

use std::path::Path;
use std::process::{Command, Stdio};

/// How a run of the command ended.
struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs the command in a folder.
fn staysafe(folder: &Path, words: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_staysafe"))
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Run {
        code: output.status.code().expect("the command ended by itself"),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_wrong_flag_is_a_usage_error_with_the_nearest_right_one() {
    let run = staysafe(Path::new("."), &["check", "--fromat", "json"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("--format"), "{}", run.err);
}

#[test]
fn without_a_verb_the_help_lists_them() {
    let run = staysafe(Path::new("."), &[]);
    assert_eq!(run.code, 2);
    for verb in [
        "check",
        "plan",
        "explain",
        "calculate",
        "merge",
        "why",
        "gap",
        "report",
        "template",
        "request",
        "receipt",
        "verify",
    ] {
        assert!(run.err.contains(verb), "{verb} is not in\n{}", run.err);
    }
}
