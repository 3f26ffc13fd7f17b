//! `gap --board` and the first page of `report`.

use super::folder::Folder;
use super::returns::{census, child};
use super::staysafe;

const MEETINGS: &str = "[[meeting]]\nid = \"sep\"\nname = \"Board, September\"\ndate = 2024-09-19\npapers = 2024-09-05\n\
                        decisions = [\"Agree the priorities\"]\n\n\
                        [[document]]\nindicator = \"jd-20\"\nperiod = \"2023-24\"\nmeeting = \"sep\"\ndue = 2024-06-30\n";
const CHALLENGES: &str = "[[challenge]]\nid = \"c1\"\nraised = 2024-04-25\nto = \"police\"\nindicators = [\"jd-13\"]\n\
                          question = \"Why has nothing come since October?\"\ndue = 2024-06-05\n";

fn council(name: &str) -> Folder {
    let children: Vec<_> =
        (0..40).map(|n| child(&format!("KID{n:04}"), "2015-03-27", "2023-05-04")).collect();
    let folder = census(name, &children);
    folder.write("board/meetings.toml", MEETINGS);
    folder.write("board/challenges.toml", CHALLENGES);
    folder
}

const GAP: [&str; 6] = ["gap", "cin.xml", "--board", "board", "--date", "2024-07-01"];

#[test]
fn a_plan_is_made_edited_made_again_and_stands_where_it_should() {
    let folder = council("board-plan");
    let made = staysafe(folder.path(), &[&GAP[..], &["--make-plan"]].concat());
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("  police/offence\n"), "{}", made.out);
    let edited = folder.read("board/plan.toml").replacen(
        "id = \"police/offence\"\n",
        "id = \"police/offence\"\nowner = \"P. Constable\" # since May\ndue = 2024-05-01\n",
        1,
    );
    folder.write("board/plan.toml", &edited);
    let again = staysafe(folder.path(), &[&GAP[..], &["--make-plan"]].concat());
    assert!(again.out.starts_with("0 rows added"), "{}", again.out);
    assert_eq!(folder.read("board/plan.toml"), edited, "nothing that a person wrote is lost");
    let now = staysafe(folder.path(), &[&GAP[..], &["--plan"]].concat());
    let late = "overdue           61 days since 2024-05-01: board chair to the chief officer of Police";
    assert!(now.out.contains(late), "{}", now.out);
    assert!(now.out.contains("police: 26 days overdue: Why has nothing come since October?"), "{}", now.out);
    assert!(now.out.contains("CDOP annual report, 2023-24, for Board, September: 1 day late"), "{}", now.out);
}

#[test]
fn what_is_promised_is_planned() {
    let folder = council("board-promise");
    staysafe(folder.path(), &[&GAP[..], &["--make-plan"]].concat());
    let row = "id = \"police/offence\"\n";
    let agreed = format!("{row}agreed = {{ on = 2024-06-01, by = \"P. Constable\" }}\n");
    folder.write("board/plan.toml", &folder.read("board/plan.toml").replacen(row, &agreed, 1));
    let json = |words: &[&str]| staysafe(folder.path(), &[words, &["--format", "json"]].concat()).out;
    let headline = |text: &str| {
        let all: serde_json::Value = serde_json::from_str(text).unwrap();
        all["gaps"]["jd-04"]["headline"].as_str().unwrap().to_owned()
    };
    assert_eq!(headline(&json(&["gap", "cin.xml", "--date", "2024-07-01"])), "gap");
    assert_eq!(headline(&json(&GAP)), "planned");
}

#[test]
fn a_conflict_gives_its_line_and_the_plan_is_not_touched() {
    let folder = council("board-conflict");
    staysafe(folder.path(), &[&GAP[..], &["--make-plan"]].concat());
    let holder = "holder = \"cdop\"\n";
    let conflict = format!("<<<<<<< ours\n{holder}=======\nholder = \"police\"\n>>>>>>> theirs\n");
    let damaged = folder.read("board/plan.toml").replacen(holder, &conflict, 1);
    let line = damaged.lines().position(|line| line == "<<<<<<< ours").unwrap() + 1;
    folder.write("board/plan.toml", &damaged);
    for words in [&["--make-plan"][..], &["--plan"], &[]] {
        let refused = staysafe(folder.path(), &[&GAP[..], words].concat());
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains("merge-conflict"), "{}", refused.err);
        assert!(refused.err.contains(&format!("board/plan.toml:{line}:1")), "{}", refused.err);
        assert_eq!(folder.read("board/plan.toml"), damaged);
    }
}

#[test]
fn the_first_page_keeps_the_boards_own_business_from_a_publication() {
    let folder = council("board-first");
    let report = ["report", "cin.xml", "--board", "board", "--date", "2024-07-01", "--out", "card"];
    let published = staysafe(folder.path(), &report);
    assert_eq!(published.code, 0, "{}", published.err);
    for form in ["card/scorecard.html", "card/scorecard.md", "card/scorecard.json"] {
        let text = folder.read(form);
        assert!(text.contains("What we cannot see"), "{form}");
        assert!(text.contains("CDOP annual report, 2023-24"), "{form}");
        for own in
            ["Why has nothing come", "Agree the priorities", "Challenges outstanding", "Decisions asked"]
        {
            assert!(!text.contains(own), "{own} is in {form} of a publication");
        }
    }
    let board =
        staysafe(folder.path(), &[&report[..], &["--for", "board", "--recipient", "The chair"]].concat());
    assert_eq!(board.code, 0, "{}", board.err);
    let page = folder.read("card/scorecard.html");
    for own in ["Why has nothing come since October?", "Agree the priorities", "Challenges outstanding"] {
        assert!(page.contains(own), "{own} is not on the board's page");
    }
}

#[test]
fn a_publication_over_a_boards_scorecard_names_what_must_not_go_out_with_it() {
    let folder = council("board-then-published");
    let begun = staysafe(folder.path(), &["workflow", "init", "board"]);
    assert_eq!(begun.code, 0, "{}", begun.err);
    let report = ["report", "cin.xml", "--board", "board", "--date", "2024-07-01", "--out", "card"];
    let alone = staysafe(folder.path(), &report);
    assert!(!alone.err.contains("take"), "{}", alone.err);
    staysafe(folder.path(), &[&report[..], &["--for", "board", "--recipient", "The chair"]].concat());
    let way = folder.read("card/board.html");
    let published = staysafe(folder.path(), &[&report[..], &["--format", "html"]].concat());
    assert_eq!(published.code, 0, "{}", published.err);
    let at = |name: &str| format!("card/{name}");
    let not_to_publish =
        ["board.html", "scorecard.md", "scorecard.json", "runs/board-2024-07-01.json"].map(at).join(", ");
    let told =
        format!("{not_to_publish} are there from an earlier run, and may hold what is not for everybody");
    assert!(published.err.contains(&told), "{}", published.err);
    assert_eq!(folder.read("card/board.html"), way, "it is named, and not taken away");
}

#[test]
fn an_exception_stands_on_the_boards_first_page_until_it_is_cleared() {
    let folder = council("board-exception");
    staysafe(folder.path(), &["workflow", "init", "board"]);
    let record = |day: &str, words: &[&str]| {
        let head =
            ["workflow", "record", "board", "--date", day, "--by", "The Board", "--role", "board", "--event"];
        let run = staysafe(folder.path(), &[&head[..], words].concat());
        assert_eq!(run.code, 0, "{}", run.err);
    };
    record("2024-06-01", &["choose option", "--option", "option-2", "--reason", "too early for priorities"]);
    let why = "public health has not answered";
    record(
        "2024-06-02",
        &["except", "--step", "consultation", "--reason", why, "--accepted-by", "the chair"],
    );
    let first = |audience: &[&str]| {
        let report = ["report", "cin.xml", "--board", "board", "--date", "2024-07-01", "--out", "card"];
        staysafe(folder.path(), &[&report[..], audience].concat());
        folder.read("card/scorecard.md")
    };
    let board = ["--for", "board", "--recipient", "The chair"];
    let line = "- **Clear:** the exception to step 2: public health has not answered";
    assert!(first(&board).contains(line), "{}", first(&board));
    assert!(!first(&[]).contains(why), "it is the board's own business");
    record("2024-06-20", &["clear", "--step", "consultation"]);
    assert!(!first(&board).contains(why));
}
