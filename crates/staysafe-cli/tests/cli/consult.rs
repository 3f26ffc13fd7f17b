//! A consultation from the empty form to drafts of what was accepted, on the worked board and on forms full of faults.

use std::fs;

use crate::folder::Folder;
use crate::staysafe;

/// The board that comes with the sources.
const BOARD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/board");

#[test]
fn the_worked_board_is_half_way_through_option_2() {
    let folder = Folder::new("consult-worked");
    let run = staysafe(folder.path(), &["workflow", "status", BOARD, "--date", "2010-07-01"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let head = "Option 2: draft a framework and use to define the Board's priorities\n\
                chosen because it is premature at this point in time";
    assert!(run.out.starts_with(head), "{}", run.out);
    assert!(run.out.contains("next: step 5, Draft framework used to define priorities"), "{}", run.out);
    assert!(run.out.contains("exception: public health has not answered"), "{}", run.out);
    let list = staysafe(folder.path(), &["consult", "list", BOARD]);
    assert_eq!(list.code, 0, "{}{}", list.out, list.err);
    for line in [
        "asked pct-public-health on 2010-06-01: no answer yet",
        "    is similar to jd-10: ",
        "    merged with jd-10: ",
        "    accepted as new-01: ",
        "    declined: It is quality-assurance information",
        "    not decided yet",
    ] {
        assert!(list.out.contains(line), "{line}: {}", list.out);
    }
}

#[test]
fn an_accepted_idea_gives_a_draft_that_checks_and_names_its_proposer() {
    let folder = Folder::new("consult-draft");
    let drafts = folder.path().join("drafts");
    let words = ["consult", "draft", BOARD, "--out", drafts.to_str().unwrap()];
    assert_eq!(staysafe(folder.path(), &words).code, 0);
    let text = fs::read_to_string(drafts.join("new-01.toml")).unwrap();
    assert!(text.contains("Put forward by B. Constable (police)"), "{text}");
    assert_eq!(fs::read_dir(&drafts).unwrap().count(), 1, "only what was accepted");
    let own = folder.path().join("own");
    fs::create_dir_all(own.join("indicators")).unwrap();
    fs::write(own.join("framework.toml"), "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n").unwrap();
    fs::write(own.join("agencies.toml"), "[[agency]]\nid = \"police\"\nname = \"Police\"\n").unwrap();
    fs::write(own.join("indicators/new-01.toml"), &text).unwrap();
    let check = staysafe(folder.path(), &["check", own.to_str().unwrap()]);
    assert_eq!(check.code, 0, "{}{}", check.out, check.err);
    // What somebody has begun to complete is never overwritten.
    fs::write(drafts.join("new-01.toml"), "mine").unwrap();
    let again = staysafe(folder.path(), &words);
    assert!(again.err.contains("left as it is"), "{}", again.err);
    assert_eq!(fs::read_to_string(drafts.join("new-01.toml")).unwrap(), "mine");
}

#[test]
fn every_fault_of_a_form_has_its_line_and_how_to_mend_it() {
    let folder = Folder::new("consult-faults");
    let forms = folder.path().join("consultation");
    fs::create_dir_all(&forms).unwrap();
    let table = "title,by,agency,kindd\nOne,A,Police,\n,A,Police,\nTwo,A,Police,count\nOne,B,police,\n\nThree,A,Police,,more\n";
    fs::write(forms.join("a.csv"), table).unwrap();
    fs::write(
        forms.join("b.toml"),
        "[[idea]]\ntitle = \"Four\"\nby = \"A\"\nagency = \"Schools\"\nkind = \"cuont\"\n",
    )
    .unwrap();
    fs::write(
        forms.join("c.toml"),
        "[[outcome]]\nidea = \"police-onee\"\ndecline = true\nbecause = \"x\"\nby = \"B\"\non = 2010-06-31\n",
    )
    .unwrap();
    fs::write(
        forms.join("d.toml"),
        "[[outcome]]\nidea = \"police-onee\"\naccept = \"a\"\ndecline = true\nby = \"B\"\non = \"soon\"\n\n[[outcom]]\n",
    )
    .unwrap();
    fs::write(forms.join("e.csv"), "what;who\n").unwrap();
    let run = staysafe(folder.path(), &["consult", "list", "."]);
    assert_eq!(run.code, 1, "{}", run.err);
    for line in [
        "consultation/e.csv:1: none of its headings is one of the form: 'what;who'",
        "consultation/a.csv:3: 'title' is blank; it is needed: fill it in",
        "consultation/a.csv:4: the form has no heading 'kindd'; did you mean 'kind'?",
        "consultation/a.csv:5: police has put this forward already, in line 2 of consultation/a.csv",
        "consultation/a.csv:7: the row has 5 cells and the headings are 4",
        "consultation/b.toml:1: no kind of indicator is called 'cuont'; did you mean 'count'?",
        "consultation/c.toml:6: ",
        "consultation/d.toml:1: no idea is called 'police-onee'; did you mean 'police-one'?",
        "consultation/d.toml:1: 'because' is blank",
        "consultation/d.toml:1: 'on' is 'soon', and no day; write it as 2010-06-20",
        "consultation/d.toml:1: an idea is accepted, merged or declined: one of the three",
        "consultation/d.toml:8: there is no form 'outcom'",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    assert!(run.out.contains("police-one\n    One (A, police)"), "what can be used is used: {}", run.out);
}

#[test]
fn the_empty_form_is_read_as_no_idea_and_a_filled_one_as_one() {
    let folder = Folder::new("consult-form");
    let forms = folder.path().join("consultation");
    fs::create_dir_all(&forms).unwrap();
    let table = staysafe(folder.path(), &["consult", "form"]).out;
    fs::write(forms.join("a.csv"), &table).unwrap();
    let toml = staysafe(folder.path(), &["consult", "form", "--toml"]).out;
    let filled = toml
        .replace("title = \"\"", "title = \"Visits\"")
        .replace("by = \"\"", "by = \"A\"")
        .replace("agency = \"\"", "agency = \"Health visitors\"");
    fs::write(forms.join("b.toml"), filled).unwrap();
    let run = staysafe(folder.path(), &["consult", "list", "."]);
    assert_eq!((run.code, run.out.lines().next()), (0, Some("health-visitors-visits")), "{}", run.out);
}

#[test]
fn the_overlaps_of_the_shipped_framework_are_told() {
    let folder = Folder::new("consult-overlaps");
    let run = staysafe(folder.path(), &["consult", "overlaps"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("rev-05 is the denominator of cs-06: "), "{}", run.out);
}
