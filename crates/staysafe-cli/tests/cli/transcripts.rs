//! The transcripts of the pages are what the command prints: each is run again, line by line, in a folder of its own.
//!
//! `UPDATE_DOCS=1` writes the pages anew from what the command prints.

use std::fs;
use std::path::{Path, PathBuf};

use crate::folder::Folder;
use crate::returns::{census, child};
use crate::staysafe;

#[test]
fn the_transcripts_of_the_workflow_are_what_the_command_prints() {
    same_again("workflow.md", 7);
}

#[test]
fn both_options_are_walked_from_start_to_sign_off() {
    let page = same_again("workflow-walks.md", 50);
    let walks = page.split("\n## ").filter(|walk| walk.starts_with("Option "));
    assert!(
        walks.filter(|walk| walk.ends_with("\nevery step is done\n```\n")).count() == 2,
        "to the last signature"
    );
    assert!(page.matches("\nerror: refused: ").count() >= 4, "refusals stand in both walks");
    assert!(page.matches("\n     exception: ").count() >= 2, "and exceptions");
}

/// Runs every transcript of a page and holds it to what is printed; gives the page.
fn same_again(name: &str, at_least: usize) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    let page = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let mut again = String::new();
    let mut folder = fresh(name, 0);
    let (mut inside, mut run) = (false, 0);
    for (number, line) in page.lines().enumerate() {
        if line.starts_with("## ") {
            folder = fresh(name, number);
        }
        inside = if line == "```text" { true } else { inside && line != "```" };
        match line.strip_prefix("$ ").filter(|_| inside) {
            Some(words) => {
                again = again + line + "\n" + &printed(folder.path(), words);
                run += 1;
            }
            // What the command printed when the page was written.
            None if inside && line != "```text" => {}
            None => again = again + line + "\n",
        }
    }
    assert!(run >= at_least, "{name} shows only {run} commands");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &again).unwrap();
    }
    let differs = page.lines().zip(again.lines()).find(|(page, again)| page != again);
    assert!(
        page == again || std::env::var_os("UPDATE_DOCS").is_some(),
        "{name} is not what is printed: {differs:?}"
    );
    again
}

/// A folder with a census in it, as a board that begins has.
fn fresh(name: &str, number: usize) -> Folder {
    let children: Vec<_> =
        (0..40).map(|n| child(&format!("KID{n:04}"), "2015-03-27", "2023-05-04")).collect();
    census(&format!("transcript-{name}-{number}"), &children)
}

/// What a line prints: notes first, then the answer.
fn printed(folder: &Path, line: &str) -> String {
    let words = split(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["staysafe", words @ ..] => {
            let run = staysafe(folder, words);
            run.err + &run.out
        }
        ["echo", text, ">", file] => {
            fs::write(folder.join(file), format!("{text}\n")).unwrap();
            String::new()
        }
        other => panic!("no line of a transcript begins with {other:?}"),
    }
}

/// The words of a line, as a shell splits them.
fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), close) if open == close => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, letter) => words.last_mut().unwrap().push(letter),
        }
    }
    words
}
