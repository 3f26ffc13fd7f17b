//! A board walks each option of the source from its choice to the last signature.

use std::fs;
use std::path::Path;

use crate::folder::Folder;
use crate::{Run, staysafe};

struct Board {
    folder: Folder,
    day: u32,
}

impl Board {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        let run = staysafe(folder.path(), &["workflow", "init", "."]);
        assert_eq!(run.code, 0, "{}", run.err);
        Self { folder, day: 0 }
    }

    /// Records something on the next day.
    fn record(&mut self, words: &[&str]) -> Run {
        self.day += 1;
        let date = format!("2010-06-{:02}", self.day);
        let mut all = vec!["workflow", "record", ".", "--date", &date, "--event"];
        all.extend(words);
        if !words.contains(&"--by") {
            all.extend(["--by", "The Board", "--role", "board"]);
        }
        staysafe(self.folder.path(), &all)
    }

    fn done(&mut self, words: &[&str]) -> String {
        let run = self.record(words);
        assert_eq!(run.code, 0, "{words:?}: {}", run.err);
        run.out
    }

    fn refused(&mut self, words: &[&str]) -> String {
        let run = self.record(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        run.err
    }

    fn status(&self) -> Run {
        staysafe(self.folder.path(), &["workflow", "status", ".", "--date", "2010-12-31"])
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn step(&mut self, step: &str) -> String {
        let file = format!("{step}.md");
        self.file(&file, &format!("the {step}\n"));
        self.done(&["record", "--step", step, "--file", &file])
    }

    fn sign(&mut self, step: &str) -> String {
        let file = format!("{step}.md");
        let minute = format!("{}.1", self.day);
        self.done(&[
            "sign off",
            "--step",
            step,
            "--file",
            &file,
            "--meeting",
            "June meeting",
            "--minute",
            &minute,
            "--quorum",
            "true",
        ])
    }
}

#[test]
fn option_1_is_walked_to_its_end() {
    let mut board = Board::new("workflow-one");
    board.done(&["choose option", "--option", "option-1", "--reason", "the priorities are clear"]);
    for step in
        ["priorities", "data-requirements", "gap-analysis", "framework", "task-group", "data-gathering-plan"]
    {
        let next = board.step(step);
        if next.contains("signed off by") && next.contains("have the") {
            board.sign(step);
        }
    }
    let status = board.status();
    assert_eq!(status.code, 0);
    assert!(status.out.ends_with("every step is done\n"), "{}", status.out);
    assert!(!status.out.contains("exception"), "{}", status.out);
    assert_eq!(status.out.matches("signed by The Board as board").count(), 3, "{}", status.out);
}

#[test]
fn option_2_is_walked_to_its_end_with_refusals_and_exceptions() {
    let mut board = Board::new("workflow-two");
    let first = board.refused(&["record", "--step", "consultation"]);
    assert!(first.contains("no option was chosen yet"), "{first}");
    board.done(&[
        "choose option",
        "--option",
        "option-2",
        "--reason",
        "it is premature for the Board to define its priorities",
    ]);
    board.step("draft-indicator-set");
    board.done(&[
        "except",
        "--step",
        "consultation",
        "--reason",
        "health has not answered",
        "--accepted-by",
        "the Board, minute 3",
    ]);
    board.step("long-list");
    board.step("draft-framework");
    let early = board.refused(&["sign off", "--step", "priorities"]);
    assert!(early.contains("the hash of the priorities"), "{early}");
    board.step("priorities");
    let manager = [
        "sign off",
        "--step",
        "priorities",
        "--file",
        "priorities.md",
        "--by",
        "M. Manager",
        "--role",
        "business manager",
    ];
    let refused = board.refused(&manager);
    assert!(refused.contains("step 5 is signed off by the board"), "{refused}");
    board.sign("priorities");
    for step in ["data-requirements", "task-group", "data-gathering-plan"] {
        board.step(step);
    }
    let last = board.sign("data-gathering-plan");
    assert_eq!(last, "every step is done\n");
    let status = board.status();
    assert!(
        status.out.contains("exception: health has not answered (accepted by the Board, minute 3)"),
        "{}",
        status.out
    );
    assert!(!status.out.contains("has changed"), "{}", status.out);

    board.file("priorities.md", "other priorities\n");
    assert!(
        board.status().out.contains("the priorities has changed since it was signed"),
        "{}",
        board.status().out
    );
    let files = fs::read_dir(board.folder.path().join("log")).unwrap().count();
    assert_eq!(files, 11, "what was refused is not in the log");
}

#[test]
fn a_damaged_log_is_named_and_never_rewritten() {
    let mut board = Board::new("workflow-damaged");
    board.done(&["choose option", "--option", "option-2", "--reason", "r"]);
    let log = board.folder.path().join("log");
    let damaged = "<<<<<<< ours\nevent = \"record\"\n=======\nevent = \"reopen\"\n>>>>>>> theirs\n";
    fs::write(log.join("2010-06-02-01-record.toml"), damaged).unwrap();
    let status = board.status();
    assert_eq!(status.code, 1);
    assert!(status.err.contains("log/2010-06-02-01-record.toml:1:1"), "{}", status.err);
    assert_eq!(
        status.out, "the log has a file that cannot be read: mend it first\n",
        "nothing is said of half a log"
    );
    let run = board.record(&["record", "--step", "consultation"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("mend them first"), "{}", run.err);
    assert_eq!(fs::read_to_string(log.join("2010-06-02-01-record.toml")).unwrap(), damaged);
    let again = staysafe(board.folder.path(), &["workflow", "init", "."]);
    assert_eq!(again.code, 2, "{}", again.err);
}

#[test]
fn two_people_who_record_at_once_never_write_one_file() {
    let mut board = Board::new("workflow-both");
    board.done(&["choose option", "--option", "option-2", "--reason", "r"]);
    let copy = Folder::new("workflow-copy");
    copy_log(board.folder.path(), copy.path());
    let words = |step: &'static str| {
        [
            "workflow",
            "record",
            ".",
            "--date",
            "2010-06-05",
            "--event",
            "record",
            "--step",
            step,
            "--by",
            "A",
            "--role",
            "board",
        ]
    };
    assert_eq!(staysafe(board.folder.path(), &words("consultation")).code, 0);
    assert_eq!(staysafe(copy.path(), &words("draft-indicator-set")).code, 0);
    copy_log(copy.path(), board.folder.path());
    let status = board.status();
    assert_eq!(status.code, 0, "{}", status.err);
    assert!(status.out.contains("next: step 3"), "{}", status.out);
}

fn copy_log(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("log")).unwrap();
    for entry in fs::read_dir(from.join("log")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join("log").join(entry.file_name())).unwrap();
    }
}
