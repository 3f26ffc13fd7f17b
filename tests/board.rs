//! The board's folder on the shipped framework: what `docs/plan.md` shows is read without a fault, and so is the plan that
//! is made from its gaps.
#![allow(clippy::unwrap_used, clippy::panic)]

use staysafe::board::{Arrivals, make, make_again, stand};
use staysafe::check::{Checked, check};
use staysafe::definition::read::{read, read_board};
use staysafe::gap::{Arrived, Circumstances, gap};

fn shipped() -> Checked {
    check(read(staysafe_lscb::FILES.iter().copied()).0).0.unwrap()
}

/// The files that the page shows: each under a line with its name, the row of a plan under none.
fn shown(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for block in page.split("```toml\n").skip(1) {
        let block = block.split("```").next().unwrap();
        let mut name = "plan.toml".to_owned();
        let mut text = String::new();
        for line in block.lines() {
            match line.strip_prefix("# ").filter(|rest| rest.ends_with(".toml")) {
                Some(next) => {
                    files.push((std::mem::replace(&mut name, next.to_owned()), std::mem::take(&mut text)));
                }
                None => text.push_str(&format!("{line}\n")),
            }
        }
        files.push((name, text));
    }
    files.retain(|(_, text)| !text.trim().is_empty());
    files
}

#[test]
fn the_page_shows_files_that_are_read() {
    let checked = shipped();
    let files = shown(include_str!("../docs/plan.md"));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let all = [
        "plan.toml",
        "task-group.toml",
        "meetings.toml",
        "priorities.toml",
        "commentary.toml",
        "challenges.toml",
    ];
    assert_eq!(names, all);
    let (board, found) = read_board(files.iter().map(|(name, text)| (name, text)), checked.framework());
    assert!(found.is_empty(), "{found:#?}");
    let as_of = "2025-07-01".parse().unwrap();
    let gaps = gap(&checked, &Arrived::default(), &Circumstances::on(as_of));
    let now = stand(&board, checked.framework(), &gaps, &Arrivals::default(), as_of);
    assert_eq!(now.rows[0].overdue.as_ref().map(|overdue| overdue.days), Some(62), "as the page says");
    assert!(now.told().contains("62 days since 2025-04-30: board chair to the chief officer of Police"));
}

#[test]
fn the_plan_of_the_shipped_framework_is_read_and_asks_for_every_open_entry() {
    let checked = shipped();
    let gaps = gap(&checked, &Arrived::default(), &Circumstances::on("2025-07-01".parse().unwrap()));
    let made = make(checked.framework(), &gaps);
    let (board, found) = read_board([("plan.toml", &made.text)], checked.framework());
    assert!(found.is_empty(), "{found:#?}");
    let asked: std::collections::BTreeSet<String> =
        board.plan.unwrap().rows.into_iter().flat_map(|row| row.unlocks).collect();
    for (id, gap) in gaps.gaps.iter().filter(|(_, gap)| gap.listed && !gap.ask.is_empty()) {
        let is_document =
            checked.framework().indicators[id].kind.value == staysafe::definition::indicator::Kind::Document;
        let is_open = format!("{:?}", gap.headline);
        if ["Partial", "Proxy", "Planned", "Gap"].contains(&is_open.as_str()) && !is_document {
            assert!(asked.contains(id), "nobody is asked for {id}");
        }
    }
    assert_eq!(make_again(&made.text, checked.framework(), &gaps).unwrap().text, made.text);
}
