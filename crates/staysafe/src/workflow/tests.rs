use super::*;
use crate::definition::framework::Framework;
use crate::definition::read::{read, read_log, write_event};

const WAYS: &str = r#"
[[option]]
id = "option-1"
number = "Option 1"
title = "priorities first"
step = [
  { id = "priorities", words = "define", makes = "priorities", signed_by = ["board"] },
  { id = "plan", words = "plan", makes = "plan", signed_by = ["board", "independent chair"] },
]
[[option]]
id = "option-2"
number = "Option 2"
title = "draft first"
step = [
  { id = "draft", words = "draft", makes = "draft" },
  { id = "priorities", words = "use the draft", makes = "priorities", signed_by = ["board"] },
  { id = "plan", words = "plan", makes = "plan", signed_by = ["board", "independent chair"] },
]
"#;

fn framework() -> Framework {
    let (framework, _) = read([("workflow.toml", WAYS)]);
    assert_eq!(framework.ways.len(), 2);
    framework
}

/// A log in which each event is dated a day after the one before.
fn log(events: &[&str]) -> Vec<Event> {
    let files = events.iter().zip(1..).map(|(event, day)| {
        let text = if event.contains("role") {
            format!("{event}\ndate = 2010-06-{day:02}\n")
        } else {
            format!("{event}\ndate = 2010-06-{day:02}\nby = \"A. Board\"\nrole = \"board\"\n")
        };
        (format!("log/e{day}.toml"), text)
    });
    let (events, found) = read_log(files);
    assert!(found.is_empty(), "{found:#?}");
    events
}

fn at(events: &[&str]) -> State {
    state(&framework().ways, &log(events), &BTreeMap::new(), "2010-12-31".parse().unwrap())
}

const CHOOSE: &str =
    "event = \"choose option\"\noption = \"option-2\"\nreasons = [\"too early for priorities\"]";
const DRAFT: &str = "event = \"record\"\nstep = \"draft\"\nmade = \"d1\"";
const PRIORITIES: &str = "event = \"record\"\nstep = \"priorities\"\nmade = \"p1\"";
const SIGN: &str = "event = \"sign off\"\nstep = \"priorities\"\nsigned = \"p1\"\nmeeting = \"June\"\nminute = \"4.1\"\nquorum = true";

fn standings(state: &State) -> Vec<Standing> {
    state.steps.iter().map(|step| step.standing).collect()
}

#[test]
fn an_option_is_walked_step_by_step() {
    use Standing::{Done, Open, Recorded};
    assert_eq!(at(&[]), State::default());
    assert_eq!(standings(&at(&[CHOOSE])), [Open, Open, Open]);
    assert_eq!(standings(&at(&[CHOOSE, DRAFT, PRIORITIES])), [Done, Recorded, Open]);
    let now = at(&[CHOOSE, DRAFT, PRIORITIES, SIGN]);
    assert_eq!(standings(&now), [Done, Done, Open]);
    assert_eq!(now.next().unwrap().id, "plan");
    let signed = now.steps[1].signed.as_ref().unwrap();
    assert_eq!(
        (signed.minute.as_deref(), signed.hash.as_str(), signed.role),
        (Some("4.1"), "p1", Role::Board)
    );
}

fn refused(events: &[&str]) -> Vec<String> {
    at(events).refused.into_iter().map(|refused| refused.why).collect()
}

#[test]
fn a_sign_off_needs_the_role_and_the_thing() {
    let before = [CHOOSE, DRAFT, PRIORITIES];
    let sign = |sign: &str| refused(&[&before[..], &[sign]].concat());
    let manager = format!("{SIGN}\nby = \"M. Manager\"\nrole = \"business manager\"");
    assert_eq!(sign(&manager), ["M. Manager is the business manager; step 2 is signed off by the board"]);
    assert_eq!(
        sign(&SIGN.replace("signed = \"p1\"\n", "")),
        ["it does not say what was signed: the hash of the priorities"]
    );
    assert_eq!(
        sign(&SIGN.replace("p1", "p2")),
        ["the priorities that is recorded is another than the one signed"]
    );
    assert_eq!(sign(&SIGN.replace("priorities", "draft")), ["step 1 needs no sign-off; record it"]);
    assert_eq!(refused(&[CHOOSE, DRAFT, SIGN]), ["there is no priorities to sign: record it first"]);
    let lent = "event = \"delegate\"\nlent = \"board\"\nto = \"M. Manager\"\nuntil = 2010-06-30";
    assert_eq!(
        refused(&[CHOOSE, lent, DRAFT, PRIORITIES, &manager]),
        Vec::<String>::new(),
        "the role was lent"
    );
    let over = lent.replace("06-30", "06-04");
    assert_eq!(refused(&[CHOOSE, &over, DRAFT, PRIORITIES, &manager]).len(), 1, "and given back");
}

#[test]
fn what_is_missing_is_shown_until_it_is_cleared() {
    use Standing::{Done, DoneWithException};
    let reasons = |state: &State, step: usize| {
        state.steps[step].exceptions.iter().map(|e| e.reason.clone()).collect::<Vec<_>>()
    };
    let early = at(&[CHOOSE, PRIORITIES, SIGN]);
    assert_eq!(
        (early.steps[1].standing, reasons(&early, 1)),
        (DoneWithException, vec!["done before step 1".to_owned()])
    );
    let bare = SIGN.replace("\nmeeting = \"June\"\nminute = \"4.1\"\nquorum = true", "");
    let events = [CHOOSE, DRAFT, PRIORITIES, bare.as_str()];
    assert_eq!(reasons(&at(&events), 1).len(), 3, "no meeting, no minute, no quorum");
    let clear = "event = \"clear\"\nstep = \"priorities\"";
    assert_eq!(at(&[&events[..], &[clear]].concat()).steps[1].standing, Done);
    let subject = format!("{SIGN}\nsubject_to = [\"the police agree\"]");
    let now = at(&[CHOOSE, DRAFT, PRIORITIES, &subject]);
    assert_eq!(reasons(&now, 1), ["signed off subject to: the police agree"]);
    let except =
        "event = \"except\"\nstep = \"draft\"\nreason = \"no health data\"\naccepted_by = \"the Board\"";
    assert_eq!(at(&[CHOOSE, except]).steps[0].standing, DoneWithException);
}

#[test]
fn a_later_change_of_what_was_signed_shows() {
    let events = [CHOOSE, DRAFT, PRIORITIES, SIGN];
    let log_now = log(&events);
    let ways = framework().ways;
    let today = "2010-12-31".parse().unwrap();
    let changed = BTreeMap::from([("priorities".to_owned(), "p2".to_owned())]);
    assert!(state(&ways, &log_now, &changed, today).steps[1].changed_since_signed);
    assert!(!at(&events).steps[1].changed_since_signed);
    let again = PRIORITIES.replace("p1", "p2");
    assert!(at(&[&events[..], &[&again]].concat()).steps[1].changed_since_signed);
    let newer = "event = \"supersede\"\nstep = \"priorities\"\nmade = \"p3\"\nreason = \"a new year\"";
    let now = at(&[&events[..], &[newer]].concat());
    assert_eq!((now.steps[1].standing, now.steps[1].signed.is_none()), (Standing::Recorded, true));
}

#[test]
fn options_switch_steps_reopen_wait_and_events_are_taken_back() {
    use Standing::{Deferred, Done, Open};
    let switch = "event = \"switch option\"\noption = \"option-1\"\nreasons = [\"a new chair\"]";
    let now = at(&[CHOOSE, DRAFT, PRIORITIES, SIGN, switch]);
    assert_eq!(
        (now.option.as_deref(), standings(&now)),
        (Some("option-1"), vec![Done, Open]),
        "priorities stay signed"
    );
    assert_eq!(now.steps[0].number, 1);
    assert_eq!(refused(&[switch]), ["no option was chosen yet; write \"choose option\""]);
    assert_eq!(
        refused(&[CHOOSE, CHOOSE]),
        ["'option-2' was chosen before; to leave it, write \"switch option\""]
    );
    let reopen = "event = \"reopen\"\nstep = \"draft\"\nreason = \"health answered late\"";
    assert_eq!(standings(&at(&[CHOOSE, DRAFT, reopen])), [Open, Open, Open]);
    let defer = "event = \"defer\"\nstep = \"draft\"\nuntil = 2011-03-01\nreason = \"elections\"";
    assert_eq!(at(&[CHOOSE, defer]).steps[0].standing, Deferred);
    let back = "event = \"withdraw\"\nwithdrawn = \"e2\"\nreason = \"wrong file\"";
    assert_eq!(standings(&at(&[CHOOSE, DRAFT, back])), [Open, Open, Open]);
    let back_again = back.replace("e2", "e3");
    assert_eq!(standings(&at(&[CHOOSE, DRAFT, back, &back_again])), [Done, Open, Open], "taken back twice");
    let nothing = back.replace("e2", "e9");
    assert_eq!(refused(&[CHOOSE, &nothing]), ["no event before this one is called 'e9'; did you mean 'e1'?"]);
    let wrong = DRAFT.replace("\"draft\"", "\"drat\"");
    assert_eq!(refused(&[CHOOSE, &wrong]), ["no step is called 'drat'; did you mean 'draft'?"]);
}

#[test]
fn an_event_that_is_written_reads_as_it_was() {
    let events = [
        CHOOSE,
        DRAFT,
        PRIORITIES,
        "event = \"record\"\nstep = \"plan\"\nmade = \"h\"\nfile = \"plan.toml\"\nnote = \"n\"",
        "event = \"sign off\"\nstep = \"priorities\"\nsigned = \"p1\"\nsubject_to = [\"one \\\"quoted\\\"\", \"two\"]\nquorum = false",
        "event = \"delegate\"\nlent = \"Children's Trust chair\"\nto = \"B\"\nuntil = 2010-09-01",
        "event = \"defer\"\nstep = \"plan\"\nuntil = 2011-03-01\nreason = \"elections\"",
        "event = \"withdraw\"\nwithdrawn = \"e2\"\nreason = \"r\"",
        "event = \"supersede\"\nstep = \"plan\"\nmade = \"x\"\nreason = \"r\"",
        "event = \"except\"\nstep = \"plan\"\nreason = \"r\"\naccepted_by = \"b\"",
        "event = \"clear\"\nstep = \"plan\"\nnote = \"n\"",
        "event = \"reopen\"\nstep = \"plan\"\nreason = \"r\"",
        "event = \"switch option\"\noption = \"option-1\"\nreasons = [\"r\"]",
    ];
    let read_once = log(&events);
    let written = read_once.iter().map(|event| (format!("log/{}.toml", event.id.value), write_event(event)));
    let (again, found) = read_log(written);
    assert!(found.is_empty(), "{found:#?}");
    let bare = |events: &[Event]| serde_json::to_value(events).unwrap();
    assert_eq!(bare(&again), bare(&read_once));
}

#[test]
fn a_damaged_file_is_a_finding_and_no_event() {
    let (events, found) = read_log([
        ("log/a.toml", "event = \"record\"\nstep = \"draft\"\ndate = 2010-06-01\nby = \"A\"\nrole = \"board"),
        (
            "log/b.toml",
            "event = \"recrd\"\nstep = \"draft\"\ndate = 2010-06-01\nby = \"A\"\nrole = \"board\"",
        ),
        (
            "log/c.toml",
            "event = \"defer\"\nstep = \"draft\"\ndate = 2010-06-01\nby = \"A\"\nrole = \"board\"",
        ),
        ("log/d.toml", "<<<<<<< ours\nevent = \"record\"\n"),
    ]);
    assert_eq!(events.len(), 0);
    let files: std::collections::BTreeSet<String> =
        found.iter().filter_map(|f| f.span.as_ref().map(|span| span.file.to_string())).collect();
    assert_eq!(files.len(), 4, "{found:#?}");
}
