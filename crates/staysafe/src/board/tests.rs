use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;
use crate::check::Checked;
use crate::definition::board::{GatheringPlan, Row, Signature};
use crate::definition::read::{read, read_board};
use crate::definition::workflow::Role;
use crate::diagnostic::Diagnostics;
use crate::gap::{Arrived, Circumstances, Headline, gap};
use crate::period::{Days, Period, PeriodKind};

mod candidates;

const AGENCIES: &str =
    "[[agency]]\nid = 'police'\nname = 'Police'\n[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'\n";

fn indicator(id: &str, holder: &str, dataset: &str, fields: &str) -> (String, String) {
    let text = format!(
        "id = '{id}'\ntitle = 'Title of {id}'\nkind = 'count'\npolarity = 'lower'\ncycle = 'quarter'\n\
         holder = '{holder}'\nlisted = [{{ list = 'ours', number = '1' }}]\n\
         [[need]]\ndataset = '{dataset}'\nfields = [{fields}]\n"
    );
    (format!("indicators/{id}.toml"), text)
}

fn checked(indicators: &[(String, String)]) -> Checked {
    let fixed = [
        ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
        ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'"),
        ("agencies.toml", AGENCIES),
        (
            "indicators/doc.toml",
            "id = 'doc'\ntitle = 'Annual report'\nkind = 'document'\npolarity = 'higher'\n\
             cycle = 'financial-year'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '9' }]\n\
             [[need]]\ndataset = 'document'\nfields = ['received']",
        ),
    ];
    let files = fixed.map(|(path, text)| (path.to_owned(), text.to_owned())).into_iter();
    let (framework, found) = read(files.chain(indicators.iter().cloned()));
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = crate::check::check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn two() -> Checked {
    checked(&[
        indicator("a", "police", "crime", "'date', 'victim_age'"),
        indicator("b", "yjb", "restraint", "'date'"),
    ])
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn gaps(checked: &Checked) -> GapAnalysis {
    let circumstances = Circumstances::on(day("2010-07-01"));
    gap(checked, &Arrived::default(), &circumstances)
}

fn board(name: &str, text: &str) -> (Board, Diagnostics) {
    read_board([(format!("board/{name}"), text)], two().framework())
}

/// A row whose first delivery, of 2010-11 Q1, is due on 31 July 2010.
fn quarterly() -> Row {
    Row {
        id: "r".into(),
        action: "Ask".into(),
        dataset: "crime".into(),
        fields: vec!["date".into()],
        holder: "police".into(),
        due: Some(day("2010-07-31")),
        every: Some(PeriodKind::Quarter),
        first_delivery: Some(day("2010-07-31")),
        ..Row::default()
    }
}

fn arrived(quarters: &[i64]) -> Arrivals {
    let first: Period = "2010-11 Q1".parse().unwrap();
    let tables = quarters.iter().map(|number| Arrival {
        area: "E1".into(),
        dataset: "crime".into(),
        days: first.shift(*number).map(Period::days),
        rows: 10,
        known: BTreeMap::from([("date".to_owned(), 9)]),
    });
    Arrivals::new(tables.collect())
}

fn at(row: &Row, quarters: &[i64], as_of: &str) -> RowStanding {
    let checked = two();
    let plan = GatheringPlan::default();
    stand_row(row, &plan, checked.framework(), &gaps(&checked), &arrived(quarters), day(as_of))
}

fn signed(on: &str) -> Signature {
    let (by, role) = ("C. Chair".to_owned(), Role::SubGroupChair);
    Signature { on: day(on), by, role, meeting: None, minute: None }
}

#[test]
fn a_row_goes_from_proposed_to_closed_and_opens_again_when_the_data_stops() {
    use crate::definition::board::Agreed;
    let mut row = quarterly();
    assert_eq!(at(&row, &[], "2010-07-01").status, Status::Proposed);
    row.agreed = Some(Agreed { on: day("2010-07-05"), by: "B".into() });
    assert_eq!(at(&row, &[], "2010-07-01").status, Status::Proposed, "an agreement of another day");
    assert_eq!(at(&row, &[], "2010-07-06").status, Status::Agreed);
    row.started = Some(day("2010-07-10"));
    assert_eq!(at(&row, &[], "2010-07-10").status, Status::InProgress);
    assert_eq!(at(&row, &[0], "2010-08-01").status, Status::DataSeen);
    assert!(!at(&row, &[0], "2010-08-01").ready_to_close, "once is not twice");
    let twice = at(&row, &[0, 1], "2010-11-01");
    assert!(twice.ready_to_close && twice.status == Status::DataSeen, "it wants a signature");
    row.signed = Some(signed("2010-11-02"));
    assert_eq!(at(&row, &[0, 1], "2010-11-02").status, Status::Closed);
    let stopped = at(&row, &[0, 1], "2011-02-10");
    assert_eq!(stopped.status, Status::InProgress);
    assert_eq!(stopped.reopened.as_ref().unwrap().period.to_string(), "2010-11 Q3");
    assert_eq!(stopped.overdue.unwrap().days, 10, "late from the delivery that did not come");
    assert_eq!(at(&row, &[0, 1, 2], "2011-02-10").status, Status::Closed, "it came after all");
    let again = at(&row, &[0, 1, 3], "2011-05-01");
    assert_eq!(
        (again.status, again.reopened.is_some()),
        (Status::DataSeen, true),
        "a spent signature closes nothing"
    );
}

#[test]
fn a_signature_before_the_data_was_seen_often_enough_closes_nothing() {
    let row = Row { signed: Some(signed("2010-08-01")), ..quarterly() };
    let early = at(&row, &[0], "2010-08-02");
    assert!(early.signed_too_early && early.status == Status::DataSeen);
    assert_eq!(at(&row, &[0, 1, 2], "2011-02-10").status, Status::DataSeen, "nor does it later");
    let never = Row { every: None, signed: Some(signed("2010-08-01")), ..quarterly() };
    assert!(at(&never, &[0, 1], "2011-02-10").signed_too_early, "nothing fell due, so nothing can be closed");
}

#[test]
fn a_waiver_holds_until_its_last_day_and_lateness_is_counted_from_it() {
    use crate::definition::board::Waiver;
    let waived = Waiver { until: day("2010-12-31"), reason: "elections".into(), by: "the Board".into() };
    let row = Row { waived: Some(waived), every: None, ..quarterly() };
    let held = at(&row, &[], "2010-12-31");
    assert_eq!((held.status, held.overdue), (Status::Waived, None));
    let over = at(&row, &[], "2011-01-10");
    assert_eq!((over.status, over.overdue.unwrap().days), (Status::Proposed, 10));
}

#[test]
fn what_arrived_short_is_not_seen_and_says_why() {
    let checked = two();
    let plan = GatheringPlan::default();
    let first: Period = "2010-11 Q1".parse().unwrap();
    let table = |days: Option<Days>, rows, known: &[(&str, u64)]| Arrival {
        area: "E1".into(),
        dataset: "crime".into(),
        days,
        rows,
        known: known.iter().map(|(field, known)| ((*field).to_owned(), *known)).collect(),
    };
    let seen = |tables: Vec<Arrival>| {
        let as_of = day("2010-08-01");
        let all = deliveries(&quarterly(), &plan, checked.framework(), &Arrivals::new(tables), as_of);
        all[0].seen.clone()
    };
    let whole = Some(first.days());
    assert_eq!(seen(vec![]), Seen::NotArrived);
    assert_eq!(
        seen(vec![table(None, 10, &[("date", 9)])]),
        Seen::Yes,
        "hand-made tables speak for every day"
    );
    assert_eq!(seen(vec![table(whole, 0, &[("date", 0)])]), Seen::Yes, "a nil return is an answer");
    assert_eq!(seen(vec![table(whole, 10, &[])]), Seen::Without { field: "date".into() });
    let thin = Seen::Incomplete { field: "date".into(), known: 8, rows: 10 };
    assert_eq!(seen(vec![table(whole, 10, &[("date", 8)])]), thin, "nine in ten are asked for");
    let half =
        |first: &str, last: &str| table(Some(Days { first: day(first), last: day(last) }), 5, &[("date", 5)]);
    assert_eq!(seen(vec![half("2010-04-01", "2010-05-15")]), Seen::PartOfPeriod);
    let both = vec![half("2010-05-16", "2010-06-30"), half("2010-04-01", "2010-05-15")];
    assert_eq!(seen(both), Seen::Yes, "two halves are a whole");
    let hole = vec![half("2010-05-17", "2010-06-30"), half("2010-04-01", "2010-05-15")];
    assert_eq!(seen(hole), Seen::PartOfPeriod, "a day is missing");
}

#[test]
fn a_declared_nil_is_an_answer_and_each_authority_that_sends_must_send_again() {
    use crate::record::{ExpectedReturn, ExpectedReturns};
    let checked = two();
    let seen = |arrivals: &Arrivals| {
        let all = deliveries(
            &quarterly(),
            &GatheringPlan::default(),
            checked.framework(),
            arrivals,
            day("2010-08-01"),
        );
        all[0].seen.clone()
    };
    let nil = |area: Option<&str>, nil_declared| ExpectedReturns {
        entries: vec![ExpectedReturn {
            agency: "police".into(),
            dataset: "crime".into(),
            area: area.map(str::to_owned),
            period: "2010-11 Q1".parse().unwrap(),
            due: None,
            received: None,
            nil_declared,
            accepted: None,
        }],
        faults: Vec::new(),
    };
    let on = day("2010-08-01");
    assert_eq!(seen(&Arrivals::default().with_nil(&nil(None, true), on)), Seen::Yes);
    assert_eq!(seen(&Arrivals::default().with_nil(&nil(None, false), on)), Seen::NotArrived, "silence");
    let of = |area: &str, quarter: &str| Arrival {
        area: area.into(),
        days: Some(quarter.parse::<Period>().unwrap().days()),
        dataset: "crime".into(),
        rows: 10,
        known: BTreeMap::from([("date".to_owned(), 10)]),
    };
    let both = Arrivals::new(vec![of("E1", "2010-11 Q1"), of("E2", "2009-10 Q4")]);
    assert_eq!(seen(&both), Seen::NotArrived, "E2 sent it before, and not now");
    assert_eq!(seen(&both.with_nil(&nil(Some("E2"), true), on)), Seen::Yes);
}

#[test]
fn what_is_promised_is_promised_whole() {
    use crate::definition::board::{Agreed, Waiver};
    let checked = two();
    let gaps = gaps(&checked);
    let agreed = Some(Agreed { on: day("2010-06-01"), by: "B".into() });
    let row = |fields: &[&str]| Row {
        agreed: agreed.clone(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        ..quarterly()
    };
    let promised = |rows: Vec<Row>| {
        let plan = GatheringPlan { rows, ..GatheringPlan::default() };
        promises(&plan, &gaps, day("2010-07-01")).len()
    };
    assert_eq!(promised(vec![row(&["date"])]), 0, "half a promise is none");
    assert_eq!(promised(vec![row(&["date"]), row(&["victim_age"])]), 1, "two halves are one");
    assert_eq!(promised(vec![row(&[])]), 1, "all of it");
    let waived = Waiver { until: day("2010-07-01"), reason: "r".into(), by: "b".into() };
    assert_eq!(promised(vec![Row { waived: Some(waived), ..row(&[]) }]), 0);
    assert_eq!(promised(vec![Row { until: Some(day("2010-06-30")), ..row(&[]) }]), 0, "the agreement ended");
    assert_eq!(promised(vec![Row { agreed: None, ..row(&[]) }]), 0);
    let plan = GatheringPlan { rows: vec![row(&[])], ..GatheringPlan::default() };
    let promised = promises(&plan, &gaps, day("2010-07-01"));
    let circumstances = Circumstances { promised, ..Circumstances::on(day("2010-07-01")) };
    assert_eq!(gap(&checked, &Arrived::default(), &circumstances).gaps["a"].headline, Headline::Planned);
}

#[test]
fn a_made_plan_reads_clean_and_leaves_documents_to_the_forward_plan() {
    let checked = two();
    let made = make(checked.framework(), &gaps(&checked));
    assert_eq!(made.added, ["police/crime", "yjb/restraint"]);
    let (board, found) = board("plan.toml", &made.text);
    assert!(found.is_empty(), "{found:#?}");
    let plan = board.plan.unwrap();
    assert_eq!(plan.rows[0].fields, ["date", "victim_age"]);
    assert_eq!((plan.rows[0].every, plan.periods), (Some(PeriodKind::Quarter), 2));
    let again = make_again(&made.text, checked.framework(), &gaps(&checked)).unwrap();
    assert_eq!(again.text, made.text, "made again at once, it is the same");
    assert_eq!((again.added.len(), again.widened.len(), again.differs.len()), (0, 0, 0));
}

#[test]
fn making_again_adds_and_never_takes_away() {
    let before = two();
    let made = make(before.framework(), &gaps(&before)).text;
    let edited = made
        .replace("fields = [\"date\", \"victim_age\"]", "fields = [\"date\"] # ages are not needed")
        .replace("[[row]]\nid = \"yjb", "# the board asked for this in May\n[[row]]\nid = \"yjb")
        .replace("holder = \"yjb\"", "holder = \"police\"\nowner = \"A. Name\"");
    let after = checked(&[
        indicator("a", "police", "crime", "'date', 'victim_age', 'place'"),
        indicator("b", "yjb", "restraint", "'date'"),
        indicator("c", "yjb", "restraint", "'date'"),
        indicator("d", "police", "missing", "'date'"),
    ]);
    let again = make_again(&edited, after.framework(), &gaps(&after)).unwrap();
    let (read, found) = read_board([("plan.toml", &again.text)], after.framework());
    assert!(found.is_empty(), "{found:#?}\n{}", again.text);
    let rows = read.plan.unwrap().rows;
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["police/crime", "police/missing", "yjb/restraint"], "new rows stand in their place");
    assert_eq!(rows[0].fields, ["date", "place"], "what was struck out stays out");
    assert_eq!(rows[2].unlocks, ["b", "c"]);
    assert!(
        again.text.contains("\n\n# the board asked for this in May\n[[row]]\nid = \"yjb"),
        "{}",
        again.text
    );
    assert!(again.text.contains("# ages are not needed"));
    let differs: Vec<_> = again.differs.iter().map(|d| (d.row.as_str(), d.key, d.plan.as_str())).collect();
    assert_eq!(differs, [("yjb/restraint", "holder", "police")]);
    assert_eq!(rows[2].owner.as_deref(), Some("A. Name"));
    let mut split = made
        .replace("id = \"police/crime\"", "id = \"ages\"")
        .replace("\"date\", \"victim_age\"", "\"victim_age\"");
    split.push_str("\n[[row]]\nid = \"dates\"\naction = \"Ask\"\ndataset = \"crime\"\nholder = \"police\"\nfields = [\"date\"]\n");
    let again = make_again(&split, before.framework(), &gaps(&before)).unwrap();
    assert_eq!((again.text == split, again.asked_elsewhere), (true, vec!["police/crime".to_owned()]));
}

#[test]
fn a_damaged_or_conflicting_plan_is_never_rewritten() {
    let checked = two();
    let made = make(checked.framework(), &gaps(&checked)).text;
    let conflict = made.replace(
        "holder = \"yjb\"\n",
        "<<<<<<< ours\nholder = \"yjb\"\n=======\nholder = \"police\"\n>>>>>>> theirs\n",
    );
    for (text, code, line) in [
        (conflict.as_str(), "merge-conflict", "<<<<<<< ours"),
        (&made.replace("holder = \"yjb\"", "holder = \"yjb"), "not-toml", "holder = \"yjb"),
        (&made.replace("id = \"yjb/restraint\"", "id = \"police/crime\""), "duplicate-id", "police/crime"),
        (
            &made.replace("holder = \"yjb\"", "holder = \"yjb\"\nstatus = \"data seen\""),
            "unknown-key",
            "status",
        ),
    ] {
        let (board, found) = board("plan.toml", text);
        assert!(board.plan.is_none(), "nothing is decided from half a file");
        let finding = found
            .iter()
            .find(|finding| finding.code.as_str() == code)
            .unwrap_or_else(|| panic!("{found:#?}"));
        let at = finding.span.as_ref().unwrap().start;
        let from = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let found = text[from..].lines().next().unwrap();
        assert!(found.contains(line), "{code}: {found}");
        assert_eq!(make_again(text, checked.framework(), &gaps(&checked)), Err(MakeError::Damaged));
    }
    let (_, found) = board("plan.toml", &conflict);
    let finding = found.iter().next().unwrap();
    assert_eq!((found.len(), finding.others.len()), (1, 2), "the conflict, with both versions: {found:#?}");
    let inline = "row = [{ id = \"police/crime\", action = \"Ask\", dataset = \"crime\", holder = \"police\", fields = [\"date\"] }]\n";
    let again = make_again(inline, checked.framework(), &gaps(&checked));
    assert!(again.is_err(), "it cannot be added to without rewriting it: {again:?}");
}

#[test]
fn escalation_rises_and_its_days_are_the_boards_own() {
    let (_, found) = board("plan.toml", "[escalation]\ntask_group_lead = 30\nsub_group_chair = 10\n");
    assert_eq!(found.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["bad-time"]);
    let row = Row { every: None, ..quarterly() };
    let to = |as_of: &str| at(&row, &[], as_of).overdue.map(|overdue| overdue.to);
    assert_eq!(to("2010-07-31"), None, "the day itself is in time");
    assert_eq!(to("2010-08-01"), Some(Some(Escalated::TaskGroupLead)));
    assert_eq!(to("2010-08-28"), Some(Some(Escalated::SubGroupChair)));
    assert_eq!(to("2010-09-25"), Some(Some(Escalated::BoardChair)));
}

#[test]
fn the_task_group_says_who_is_not_on_it_and_what_is_late() {
    let text = "terms = \"Fill the gaps\"\nchair = \"A. Lead\"\nstart = 2010-07-01\nend = 2011-03-31\n\
                [[member]]\nname = \"P. C.\"\nagency = \"police\"\n\
                [[action]]\nid = \"x\"\nwords = \"Visit\"\nowner = \"A. Lead\"\ndue = 2010-09-01\n\
                [[action]]\nid = \"y\"\nwords = \"Write\"\nowner = \"A. Lead\"\ndue = 2010-09-01\ndone = 2010-08-30\n";
    let (board, found) = board("task-group.toml", text);
    assert!(found.is_empty(), "{found:#?}");
    let rows = [
        at(&quarterly(), &[], "2010-09-11"),
        at(&Row { holder: "yjb".into(), ..quarterly() }, &[], "2010-09-11"),
    ];
    let now = group(board.task_group.as_ref().unwrap(), &rows, day("2010-09-11"));
    assert_eq!((now.state, now.open_rows), (GroupState::Running, 2));
    assert_eq!(now.without_member, ["Youth Justice Board"]);
    assert_eq!(now.actions.iter().map(|action| action.late).collect::<Vec<_>>(), [10, 0]);
    let state = |as_of| group(board.task_group.as_ref().unwrap(), &[], day(as_of)).state;
    assert_eq!((state("2010-06-30"), state("2011-04-01")), (GroupState::NotStarted, GroupState::Ended));
}

#[test]
fn documents_are_received_late_or_due_and_what_no_meeting_waits_for_is_said() {
    let checked = two();
    let meetings = |document: &str| {
        let text = format!(
            "[[meeting]]\nid = \"sep\"\nname = \"September\"\ndate = 2010-09-23\npapers = 2010-09-09\n{document}"
        );
        let (board, found) = board("meetings.toml", &text);
        (board.meetings, found)
    };
    let plan =
        |document: &str, as_of| forward_plan(checked.framework(), &meetings(document).0.unwrap(), day(as_of));
    let wanted = "[[document]]\nindicator = \"doc\"\nperiod = \"2009-10\"\nmeeting = \"sep\"\n";
    assert_eq!(plan(wanted, "2010-09-01").documents[0].state, Forward::Due { days: 8 });
    assert_eq!(plan(wanted, "2010-09-12").documents[0].state, Forward::Late { days: 3 });
    let came = format!("{wanted}received = 2010-09-11\n");
    assert_eq!(
        plan(&came, "2010-09-10").documents[0].state,
        Forward::Late { days: 1 },
        "not yet, on that day"
    );
    assert_eq!(
        plan(&came, "2010-09-12").documents[0].state,
        Forward::Received { on: day("2010-09-11"), late: 2 }
    );
    assert!(plan(wanted, "2010-09-12").unplanned.is_empty());
    let last = plan("", "2010-09-12").unplanned;
    assert_eq!((last[0].0.as_str(), last[0].1.to_string()), ("doc", "2009-10".to_owned()));
    assert_eq!(plan("", "2010-09-24").next_meeting, None);
    for (document, code) in [
        (wanted.replace("\"sep\"", "\"spe\""), "unknown-name"),
        (wanted.replace("\"doc\"", "\"a\""), "wrong-for-kind"),
        (wanted.replace("2009-10", "2009-11"), "bad-time"),
        (format!("{wanted}{wanted}"), "duplicate-id"),
    ] {
        let found = meetings(&document).1;
        assert_eq!(found.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), [code], "{found:#?}");
    }
}

#[test]
fn a_challenge_stands_until_the_board_is_assured() {
    let challenge = "[[challenge]]\nid = \"c1\"\nraised = 2010-06-24\nto = \"Children's Trust\"\nquestion = \"Why?\"\ndue = 2010-09-01\n";
    let response = "response = { date = 2010-09-05, by = \"D. Director\", words = \"Staff left.\" }\n";
    let now = |more: &str, as_of| {
        let (board, found) = board("challenges.toml", &format!("{challenge}{more}"));
        assert!(found.is_empty(), "{found:#?}");
        let all = challenges(&board.challenges, day(as_of));
        all.first().map(|standing| (standing.answer, standing.is_outstanding()))
    };
    assert_eq!(now("", "2010-06-23"), None, "it is not raised yet");
    assert_eq!(now("", "2010-09-01"), Some((Answer::Awaited, true)));
    assert_eq!(now(response, "2010-09-03"), Some((Answer::Overdue { days: 2 }, true)));
    assert_eq!(now(response, "2010-09-05"), Some((Answer::Answered, true)));
    let viewed = |view: &str| format!("{response}view = {{ date = 2010-09-23, view = \"{view}\" }}\n");
    let view = |view| Some((Answer::Viewed { view }, view != crate::definition::board::View::Assured));
    assert_eq!(now(&viewed("partly"), "2010-09-30"), view(crate::definition::board::View::Partly));
    assert_eq!(now(&viewed("assured"), "2010-09-30"), view(crate::definition::board::View::Assured));
    let (_, found) =
        board("challenges.toml", &format!("{challenge}view = {{ date = 2010-09-23, view = \"not\" }}\n"));
    assert_eq!(found.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["missing-key"], "a view of what?");
    let (_, found) = board("challenges.toml", &format!("{challenge}priority = \"neglect\"\n"));
    assert_eq!(found.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["unknown-name"]);
}

#[test]
fn priorities_say_what_cannot_be_seen() {
    let text = "[[priority]]\nid = \"p\"\nwords = \"Neglect\"\nowner = \"A\"\nfrom = 2010-04-01\nto = 2011-03-31\n\
                indicators = [\"a\", \"doc\"]\nneeds = [\"what children say\"]\n";
    let (board, found) = board("priorities.toml", text);
    assert!(found.is_empty(), "{found:#?}");
    let checked = two();
    let mut gaps = gaps(&checked);
    gaps.gaps.get_mut("a").unwrap().headline = Headline::Available;
    let now = priorities(&board.priorities, &gaps, day("2010-07-01"));
    assert_eq!((now[0].seen.clone(), now[0].unseen.clone()), (vec!["a".to_owned()], vec!["doc".to_owned()]));
    assert!(priorities(&board.priorities, &gaps, day("2011-04-01")).is_empty(), "it has ended");
}

#[test]
fn names_are_looked_up_and_slips_are_named() {
    let row = "[[row]]\nid = \"x\"\naction = \"Ask\"\ndataset = \"crimes\"\nholder = \"polcie\"\nowner = \"\"\nevery = \"weekly\"\n";
    let (_, found) = board("plan.toml", row);
    let mut codes: Vec<&str> = found.iter().map(|f| f.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["unknown-name", "unknown-name", "unknown-word", "wrong-type"], "{found:#?}");
    let (board, found) = board("plans.toml", row);
    assert!(board.plan.is_none() && !found.has_errors());
    assert_eq!(found.iter().next().unwrap().code.as_str(), "unknown-file");
}

proptest! {
    #[test]
    fn the_status_follows_from_what_is_written_and_what_arrived(
        came in proptest::collection::btree_set(0i64..8, 0..8),
        signed_on in proptest::option::of(0u64..800),
        waived_until in proptest::option::of(0u64..800),
        started in proptest::option::of(0u64..800),
        looked_at in 0u64..800,
    ) {
        use crate::definition::board::Waiver;
        let from = day("2010-07-01");
        let on = |days: u64| from.checked_add_days(chrono::Days::new(days)).unwrap();
        let as_of = on(looked_at);
        let row = Row {
            signed: signed_on.map(|days| signed(&on(days).to_string())),
            waived: waived_until.map(|days| Waiver { until: on(days), reason: "r".into(), by: "b".into() }),
            started: started.map(on),
            ..quarterly()
        };
        let quarters: Vec<i64> = came.iter().copied().collect();
        let now = at(&row, &quarters, &as_of.to_string());
        let due: Vec<(NaiveDate, bool)> = now.deliveries.iter().zip(0i64..)
            .map(|(delivery, number)| (delivery.due, came.contains(&number))).collect();
        prop_assert!(now.deliveries.iter().zip(&due).all(|(delivery, (_, came))| (delivery.seen == Seen::Yes) == *came));
        prop_assert!(due.iter().all(|(due, _)| *due <= as_of) && due.is_sorted());
        let signed_on = row.signed.as_ref().map(|s| s.on).filter(|day| *day <= as_of);
        let before: Vec<bool> = due.iter().filter(|(due, _)| signed_on.is_some_and(|s| *due <= s)).map(|(_, c)| *c).collect();
        let after: Vec<bool> = due.iter().filter(|(due, _)| signed_on.is_some_and(|s| *due > s)).map(|(_, c)| *c).collect();
        let counted = signed_on.is_some() && before.iter().rev().take_while(|came| **came).count() >= 2;
        prop_assert_eq!(now.status == Status::Closed, counted && after.iter().all(|came| *came));
        prop_assert_eq!(now.reopened.is_some(), counted && !after.iter().all(|came| *came));
        prop_assert_eq!(now.signed_too_early, signed_on.is_some() && !counted);
        let seen = due.last().map_or(!came.is_empty(), |(_, came)| *came);
        prop_assert_eq!(matches!(now.status, Status::Closed | Status::DataSeen), seen || now.status == Status::Closed);
        let holds = row.waived.as_ref().is_some_and(|waiver| waiver.until >= as_of);
        prop_assert_eq!(now.status == Status::Waived, holds && !seen && now.status != Status::Closed);
        if now.overdue.is_some() {
            prop_assert!(matches!(now.status, Status::Proposed | Status::Agreed | Status::InProgress));
        }
        // Taking a delivery away and giving it back is a round trip.
        if let Some(some) = quarters.first() {
            let without: Vec<i64> = quarters.iter().copied().filter(|number| number != some).collect();
            let gone = at(&row, &without, &as_of.to_string());
            prop_assert!(gone.run <= now.run);
            prop_assert_eq!(at(&row, &quarters, &as_of.to_string()), now);
        }
    }

    #[test]
    fn a_late_row_goes_up_and_never_down(
        lead in 1u32..60, more in 0u32..60, most in 0u32..60, days in proptest::collection::vec(0u64..400, 2..6),
    ) {
        use crate::definition::board::Escalation;
        let checked = two();
        let escalation = Escalation { task_group_lead: lead, sub_group_chair: lead + more, board_chair: lead + more + most };
        let plan = GatheringPlan { escalation, ..GatheringPlan::default() };
        let row = Row { every: None, ..quarterly() };
        let gaps = gaps(&checked);
        let mut days = days;
        days.sort_unstable();
        let mut last = None;
        for late in days {
            let as_of = day("2010-07-31").checked_add_days(chrono::Days::new(late)).unwrap();
            let now = stand_row(&row, &plan, checked.framework(), &gaps, &Arrivals::default(), as_of);
            let to = now.overdue.and_then(|overdue| overdue.to);
            prop_assert!(to >= last, "{late} days: {to:?} after {last:?}");
            prop_assert_eq!(to.is_some(), late >= u64::from(lead));
            prop_assert_eq!(to == Some(Escalated::BoardChair), late >= u64::from(lead + more + most));
            last = to;
        }
    }

    #[test]
    fn a_plan_made_again_keeps_every_line_that_somebody_wrote(
        first in proptest::collection::btree_set((0u8..3, 0u8..4, 0u8..3), 1..8),
        second in proptest::collection::btree_set((0u8..3, 0u8..4, 0u8..3), 1..8),
        edits in proptest::collection::vec((0usize..60, 0u8..6), 0..6),
    ) {
        let of = |entries: &BTreeSet<(u8, u8, u8)>| {
            let holders = ["police", "yjb", "other"];
            let files: Vec<(String, String)> = entries.iter().map(|(holder, dataset, field)| {
                let holder = holders[usize::from(*holder)];
                indicator(&format!("i{holder}{dataset}{field}"), holder, &format!("d{dataset}"), &format!("'f{field}', 'date'"))
            }).collect();
            let mut agencies = files;
            agencies.push(("agencies.toml".to_owned(), format!("{AGENCIES}[[agency]]\nid = 'other'\nname = 'Other'\n")));
            agencies
        };
        // The wider framework knows the entries of both, so that rows of the first still read.
        let all: BTreeSet<(u8, u8, u8)> = first.union(&second).copied().collect();
        let before = checked_with(&of(&first));
        let after = checked_with(&of(&all));
        let mut lines: Vec<String> = make(before.framework(), &gaps(&before)).text.lines().map(str::to_owned).collect();
        for (place, what) in edits {
            let at = place % lines.len();
            let in_row = lines[..=at].iter().any(|line| line == "[[row]]") && !lines[at].starts_with(' ') && !lines[at].is_empty();
            match what {
                0 => lines.insert(at, "# somebody's remark".to_owned()),
                1 => lines.push(String::new()),
                2 if in_row && lines[at].starts_with("action") => lines[at] = "action = \"In our own words\"".to_owned(),
                3 if in_row && lines[at].starts_with("id = ") && !lines.get(at + 1).is_some_and(|l| l.starts_with("owner")) => lines.insert(at + 1, "owner = \"A. Name\"".to_owned()),
                4 if lines[at].starts_with("fields = ") => lines[at] = "fields = [\"date\"]".to_owned(),
                5 if in_row && lines[at].starts_with("holder") => lines[at] = "holder = \"police\" # moved".to_owned(),
                _ => {}
            }
        }
        let edited = format!("{}\n", lines.join("\n"));
        let again = make_again(&edited, after.framework(), &gaps(&after)).unwrap();
        let kept: Vec<&str> = again.text.lines().collect();
        let is_list = |line: &str| ["fields = ", "asked = ", "unlocks = ", "  \"", "]"].iter().any(|start| line.starts_with(start));
        let mut from = 0;
        for line in edited.lines().filter(|line| !is_list(line) && !line.is_empty()) {
            let found = kept[from..].iter().position(|other| *other == line);
            prop_assert!(found.is_some(), "lost, or out of order: {line}\n{}\n--- became ---\n{}", edited, again.text);
            from += found.unwrap() + 1;
        }
        let (was, _) = read_board([("plan.toml", &edited)], after.framework());
        let (is, found) = read_board([("plan.toml", &again.text)], after.framework());
        prop_assert!(!found.has_errors());
        let (was, is) = (was.plan.unwrap(), is.plan.unwrap());
        for row in &was.rows {
            let now = is.rows.iter().find(|other| other.id == row.id).unwrap();
            prop_assert!(row.fields.iter().all(|field| now.fields.contains(field)));
            prop_assert!(row.unlocks.iter().all(|id| now.unlocks.contains(id)));
            let struck: Vec<&String> = row.asked.iter().filter(|field| !row.fields.contains(field)).collect();
            prop_assert!(struck.iter().all(|field| !now.fields.contains(field)), "struck out: {struck:?}");
        }
        let once_more = make_again(&again.text, after.framework(), &gaps(&after)).unwrap();
        prop_assert_eq!(once_more.text, again.text, "made again twice is made again once");
    }
}

/// As [`checked`], with agencies of its own among the files.
fn checked_with(files: &[(String, String)]) -> Checked {
    let fixed = [
        ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
        ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'"),
    ];
    let fixed = fixed.map(|(path, text)| (path.to_owned(), text.to_owned())).into_iter();
    let (framework, found) = read(fixed.chain(files.iter().cloned()));
    assert!(!found.has_errors(), "{found:#?}");
    crate::check::check(framework).0.unwrap()
}
