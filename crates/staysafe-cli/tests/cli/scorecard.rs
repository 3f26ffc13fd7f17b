//! `gap` and `report`: the main job.

use super::folder::Folder;
use super::returns::{census, child};
use super::staysafe;

fn council(name: &str, children: u32) -> Folder {
    let day = |n: u32| format!("2023-{:02}-{:02}", 4 + n % 9, 1 + n % 28);
    census(
        name,
        &(0..children).map(|n| child(&format!("KID{n:04}"), "2015-03-27", &day(n))).collect::<Vec<_>>(),
    )
}

#[test]
fn a_scorecard_lists_every_entry_in_every_form() {
    let folder = council("card", 300);
    let run = staysafe(folder.path(), &["report", "cin.xml", "--out", "card"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("Of 76 entries"), "{}", run.out);
    for form in ["card/scorecard.html", "card/scorecard.md", "card/scorecard.json"] {
        let text = folder.read(form);
        for (path, _) in staysafe_lscb::FILES.iter().filter(|(path, _)| path.starts_with("indicators/")) {
            let id = path.trim_start_matches("indicators/").trim_end_matches(".toml");
            assert!(text.contains(id), "{id} is not in {form}");
        }
        assert!(!text.contains("KID0"), "a child's identifier is in {form}");
    }
}

#[test]
fn the_next_run_says_what_changed_and_why() {
    let folder = council("next", 300);
    let words =
        ["report", "cin.xml", "--out", "card", "--for", "board", "--recipient", "The chair", "--date"];
    let first = staysafe(folder.path(), &[&words[..], &["2026-01-31"]].concat());
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(!first.out.contains("Since the run"), "{}", first.out);

    let again = staysafe(folder.path(), &[&words[..], &["2026-02-28"]].concat());
    assert!(again.out.contains("Since the run of 2026-01-31: no figure changed"), "{}", again.out);

    let more = council("next-more", 310);
    folder.write("cin.xml", &more.read("cin.xml"));
    let third = staysafe(folder.path(), &[&words[..], &["2026-03-31"]].concat());
    assert!(third.out.contains("ctx-cin-open, 2023-24: 310, was 300 (other records)"), "{}", third.out);
}

#[test]
fn full_figures_need_a_recipient() {
    let folder = council("board", 20);
    for words in
        [&["--for", "board"][..], &["--for", "board", "--recipient", " "], &["--recipient", "The chair"]]
    {
        let run = staysafe(folder.path(), &[&["report", "cin.xml", "--out", "card"], words].concat());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}\n{}", run.err);
        assert!(!folder.path().join("card").exists(), "nothing is written");
    }
}

#[test]
fn small_numbers_are_hidden_from_a_publication_and_shown_to_a_board() {
    let folder = council("small", 3);
    let run = staysafe(folder.path(), &["report", "cin.xml", "--out", "open"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains("ctx-referrals  Referrals received\n      hidden: small numbers; ask the board"),
        "{}",
        run.out
    );
    let run = staysafe(
        folder.path(),
        &[
            "report",
            "cin.xml",
            "--out",
            "full",
            "--for",
            "board",
            "--recipient",
            "The chair",
            "--date",
            "2026-01-31",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("The chair"), "the handling line names the recipient\n{}", run.out);
    assert!(run.out.contains("ctx-referrals  Referrals received\n      0  2023-24 Q4"), "{}", run.out);
}

#[test]
fn gap_counts_every_entry_once() {
    let folder = council("gap", 20);
    let run = staysafe(folder.path(), &["gap", "cin.xml", "--date", "2026-01-31", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let json: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let sum: u64 = json["headlines"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
    assert_eq!((sum, json["entries"].as_u64()), (76, Some(76)));
    let run = staysafe(folder.path(), &["gap", "cin.xml", "--format", "markdown"]);
    assert_eq!(run.out.lines().filter(|line| line.starts_with("| ")).count(), 76 + 1, "{}", run.out);
}

#[test]
fn what_is_compared_is_listed_side_by_side() {
    let folder = council("gap-lists", 40);
    let list = |side: &str, format: &str| {
        let words = ["gap", "cin.xml", "--date", "2026-07-01", "--list", side, "--format", format];
        staysafe(folder.path(), &words)
    };
    let needed = list("needed", "csv").out;
    let plans = "cs-06,child_protection_plan,childrens-services,plan_end plan_start,,no,quarter,\
                 12 months (rolling-year); 24 months (anniversary),no,";
    assert!(needed.lines().any(|line| line.starts_with(plans)), "{needed}");
    let supplied = list("supplied", "text").out;
    let line = supplied.lines().find(|line| line.contains("  child_protection_plan ")).unwrap();
    assert!(line.starts_with("childrens-services") && line.contains("annual"), "{line}");
    let arrived: serde_json::Value = serde_json::from_str(&list("arrived", "json").out).unwrap();
    let of = |dataset: &str, field: &str| {
        let rows = arrived.as_array().unwrap().iter();
        rows.filter(|row| row["dataset"] == dataset && row["field"] == field).cloned().collect::<Vec<_>>()
    };
    let [child] = of("child", "child").try_into().unwrap();
    assert_eq!(
        (&child["rows"], &child["known"], &child["rejected_records"]),
        (&40.into(), &40.into(), &0.into())
    );
    assert_eq!((&child["last"], &child["more_by"]), (&"2024-03-31".into(), &"2025-03-31".into()));
    assert_eq!(list("needed", "html").code, 2, "a list is no picture");
}

#[test]
fn before_anything_has_arrived_gap_says_what_is_needed() {
    let folder = Folder::new("gap-of-nothing");
    let gap = staysafe(folder.path(), &["gap", "--date", "2010-07-01"]);
    assert_eq!(gap.code, 0, "{}", gap.err);
    assert!(gap.out.contains("   70  nothing has arrived"), "{}", gap.out);
    let made = staysafe(folder.path(), &["gap", "--date", "2010-07-01", "--board", "board", "--make-plan"]);
    assert!(made.out.contains("  childrens-services/child_protection_plan\n"), "{} {}", made.out, made.err);
    assert_eq!(staysafe(folder.path(), &["report", "--out", "card"]).code, 2, "a scorecard needs a return");
}
