#![allow(clippy::unwrap_used)]

use super::*;
use crate::check::check;
use crate::definition::read::read;

fn checked() -> Checked {
    let files = [
        ("framework.toml", "id = \"f\"\ntitle = \"A & B Board\"\nscope = \"all\""),
        (
            "agencies.toml",
            "[[agency]]\nid = \"police\"\nname = \"Police\"\n[[agency.supplies]]\ndataset = \"stops\"\nagreement = \
             \"a protocol of 2009\"\n[[agency]]\nid = \"fire\"\nname = \"Fire\"",
        ),
        (
            "datasets/stops.toml",
            "id = \"stops\"\ntitle = \"Stops <of> children\"\ncarried_by = \"stops\"\nholder = \"police\"\narea = \
             \"given\"\nrow = \"a stop\"\npurpose = \"Why it is asked\"\ngives_back = \"Your own figures\"\n[[field]]\nname = \
             \"stop\"\ntype = \"text\"\nmissing = \"error\"\n[[field]]\nname = \"child\"\ntype = \"text\"\npersonal = \
             true\n[[field]]\nname = \"day\"\ntype = \"date\"",
        ),
        (
            "indicators/i-1.toml",
            "id = \"i-1\"\ntitle = \"Stops\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\n[calculation]\nfrom \
             = \"stops\"\nwhen = { date = \"day\" }\n[words]\nquestion = \"Are fewer children stopped?\"",
        ),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    check(framework).0.unwrap()
}

#[test]
fn a_request_says_what_why_on_which_basis_and_by_when() {
    let asking = Asking {
        period: "2010-11 Q1".parse().ok(),
        due: "2010-07-31".parse().ok(),
        contact: Some("board@example.org".to_owned()),
        ..Asking::default()
    };
    let page = markdown(&request(&checked(), "police", &asking).unwrap());
    for part in [
        "# Request for information: Police",
        "- **Period:** 2010-11 Q1 (1 April 2010 to 30 June 2010)",
        "- **Due:** 31 July 2010",
        "- **Contact:** board@example.org",
        "- **One row is:** a stop",
        "- **Why:** Why it is asked",
        "- **Legal basis:** a protocol of 2009",
        "- **You get back:** Your own figures",
        "- **Columns:** stop (needed), child (personal), day",
        "- **The board asks** (i-1): Are fewer children stopped?",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
}

#[test]
fn what_nobody_has_said_is_left_open_and_nothing_is_made_up() {
    let page = markdown(&request(&checked(), "police", &Asking::default()).unwrap());
    assert!(page.contains("- **Due:** to be agreed before anything is sent"), "{page}");
    let named = Asking { datasets: vec!["stops".to_owned()], ..Asking::default() };
    let fire = markdown(&request(&checked(), "fire", &named).unwrap());
    assert!(fire.contains("- **Legal basis:** to be agreed"), "the agreement is another agency's: {fire}");
}

#[test]
fn a_page_for_a_browser_is_whole_and_its_words_are_only_words() {
    let page = html(&request(&checked(), "police", &Asking::default()).unwrap());
    assert!(page.contains("<h2>Stops &lt;of&gt; children <code>stops</code></h2>"), "{page}");
    assert!(page.contains("From A &amp; B Board."));
    assert!(!page.contains("http"), "nothing is fetched from elsewhere");
}

#[test]
fn wrong_names_are_answered_with_the_nearest_right_one() {
    let error = |agency: &str, dataset: Option<&str>| {
        let asking =
            Asking { datasets: dataset.map(str::to_owned).into_iter().collect(), ..Asking::default() };
        request(&checked(), agency, &asking).unwrap_err().to_string()
    };
    assert_eq!(error("polise", None), "the framework knows no agency `polise`; did you mean `police`?");
    assert_eq!(
        error("police", Some("stopps")),
        "the framework has no dataset `stopps`; did you mean `stops`?"
    );
    assert!(error("fire", None).contains("name datasets"));
}
