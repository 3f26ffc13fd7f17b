//! Small censuses by hand, each figure worked out on paper from the rules: dates on the edge, records that
//! contradict themselves, files that are odd.
#![allow(clippy::unwrap_used, clippy::panic)]

use staysafe::calculate::{calculate, finish};
use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::record::Data;
use staysafe::result::{Note, Observation, Outcome, Results};
use staysafe_io::{ReadOptions, read_census};

/// A census of 2022-23 with these children.
fn census(children: &str) -> String {
    format!(
        "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2023</Year>\
         <ReferenceDate>2023-03-31</ReferenceDate></CollectionDetails><Source><LEA>201</LEA></Source></Header>\
         <Children>{children}</Children></Message>"
    )
}

/// A child known by its case, referred on 1 April 2022, with these elements in its referral.
fn child(case: &str, details: &str) -> String {
    let referral = format!("<CINdetails><CINreferralDate>2022-04-01</CINreferralDate>{details}</CINdetails>");
    identified(case, "", &referral)
}

fn identified(case: &str, characteristics: &str, details: &str) -> String {
    format!(
        "<Child><ChildIdentifiers><LAchildID>{case}</LAchildID></ChildIdentifiers><ChildCharacteristics>\
         {characteristics}</ChildCharacteristics>{details}</Child>"
    )
}

fn section_47(start: &str, conference: &str) -> String {
    element("Section47", &[("S47ActualStartDate", start), ("DateOfInitialCPC", conference)])
}

fn plan_of(start: &str, end: &str, previous: &str) -> String {
    let values = [("CPPstartDate", start), ("CPPendDate", end), ("NumberOfPreviousCPP", previous)];
    element("ChildProtectionPlans", &values)
}

fn assessment(start: &str, authorised: &str) -> String {
    let values = [("AssessmentActualStartDate", start), ("AssessmentAuthorisationDate", authorised)];
    element("Assessments", &values)
}

/// An element with those of its values that are not empty.
fn element(name: &str, values: &[(&str, &str)]) -> String {
    let values: String = values
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("<{name}>{value}</{name}>"))
        .collect();
    format!("<{name}>{values}</{name}>")
}

fn results(children: &str, period: &str) -> Results {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let checked = check(framework).0.unwrap();
    let read = read_census("census.xml", census(children).as_bytes(), &ReadOptions::default()).unwrap();
    assert!(read.account.is_complete(), "each element is in a table or reported");
    let request = Request { periods: vec![period.parse().unwrap()], ..Request::default() };
    let plan = plan(&checked, &request).unwrap();
    finish(&checked, &calculate(&checked, &plan, &Data { returns: vec![read.data] }).unwrap())
}

fn seen<'a>(results: &'a Results, indicator: &str) -> &'a Observation {
    results.observations.iter().find(|seen| seen.indicator == indicator).unwrap()
}

/// A figure as `above of below`, a count by itself, or why there is none.
fn figure(results: &Results, indicator: &str) -> String {
    match &seen(results, indicator).cell.outcome {
        Outcome::Figure { numerator: Some(above), denominator: Some(below), .. } => {
            format!("{} of {}", above.whole().unwrap(), below.whole().unwrap())
        }
        Outcome::Figure { value, .. } => value.whole().unwrap().to_string(),
        Outcome::Absent(reason) => format!("{reason:?}"),
    }
}

fn notes(results: &Results, indicator: &str) -> Vec<(Note, u64)> {
    let open = |note: &Note| matches!(note, Note::OpenInTime | Note::OpenLate);
    let notes = seen(results, indicator).cell.notes.iter().filter(|(note, _)| !open(note));
    notes.map(|(note, times)| (*note, *times)).collect()
}

#[test]
fn conferences_on_either_side_of_fifteen_working_days() {
    let cases = [
        // 13 to 16, 19 to 23, 28 to 30 December are twelve; 3, 4, 5 January make fifteen.
        ("over Christmas", section_47("2022-12-12", "2023-01-05")),
        ("a day later", section_47("2022-12-12", "2023-01-06")),
        // 5 to 9, 12 to 16, 20 to 23 are fourteen, without the state funeral of the 19th; 26 September makes fifteen.
        ("from a Saturday", section_47("2022-09-03", "2022-09-26")),
        ("from a Saturday, late", section_47("2022-09-03", "2022-09-27")),
        ("before its enquiry: in neither count", section_47("2022-09-20", "2022-09-10")),
        (
            "late, and named by an enquiry after it as well",
            section_47("2022-09-20", "2022-10-31") + &section_47("2022-11-10", "2022-10-31"),
        ),
        (
            "late from the earlier enquiry, in time from the later",
            section_47("2022-05-20", "2022-10-31") + &section_47("2022-10-20", "2022-10-31"),
        ),
        (
            "an enquiry without a start beside one in time",
            section_47("", "2022-10-31") + &section_47("2022-10-20", "2022-10-31"),
        ),
        ("a start that is no day: nobody can say", section_47("2022-02-30", "2022-10-03")),
        (
            "begun before the calendar, and late whatever the days before",
            section_47("2004-12-30", "2022-10-03"),
        ),
        ("named by the referral's block alone", "<DateOfInitialCPC>2022-10-03</DateOfInitialCPC>".to_owned()),
    ];
    let children: String = cases.iter().map(|(case, details)| child(case, details)).collect();
    let found = results(&children, "2022-23");
    assert_eq!(figure(&found, "cs-14"), "4 of 8");
    assert_eq!(figure(&found, "nsdu-02"), "4 of 8", "the same measure");
    assert_eq!(
        notes(&found, "cs-14"),
        [(Note::Unknown, 1), (Note::DatesInverted, 1)],
        "those in neither count are counted"
    );
    assert_eq!(figure(&found, "ctx-icpc-without-s47"), "1", "a child who moved in");
    assert_eq!(figure(&found, "ctx-conference-dates"), "1");
}

#[test]
fn a_conference_in_two_blocks_is_one_and_a_sibling_has_its_own() {
    let twice = section_47("2022-09-20", "2022-10-03");
    let again =
        "<CINdetails><CINreferralDate>2022-09-01</CINreferralDate>".to_owned() + &twice + "</CINdetails>";
    let one = child("a", &twice).replace("</Child>", &format!("{again}</Child>"));
    let sibling = child("b", &twice);
    assert_eq!(figure(&results(&(one + &sibling), "2022-23"), "cs-14"), "2 of 2", "each child once");
}

#[test]
fn plans_on_the_edges_of_the_year_and_of_two_years() {
    let cases = [
        ("ended on the last day: an end, and not open", plan_of("2022-03-31", "2023-03-31", "0")),
        ("started on the first day", plan_of("2022-04-01", "", "0")),
        ("started on the last day: open", plan_of("2023-03-31", "", "0")),
        ("ended before the year", plan_of("2020-02-29", "2022-03-31", "0")),
        // 29 February 2020 and 24 months is 28 February 2022.
        ("from a leap day", plan_of("2020-02-29", "2022-06-01", "0")),
        // 1 March 2021 and 24 months is 1 March 2023.
        ("a day short of two years", plan_of("2021-03-01", "2023-02-28", "0")),
        ("two years", plan_of("2021-03-01", "2023-03-01", "0")),
        ("ended before it started: a start and an end, never open", plan_of("2022-05-01", "2022-04-20", "0")),
        ("started after the return", plan_of("2023-05-01", "", "0")),
        ("ended after the return: open", plan_of("2022-05-01", "2023-04-20", "0")),
        ("two open at once", plan_of("2022-06-01", "", "0") + &plan_of("2022-07-01", "", "1")),
        ("earlier plans blank", plan_of("2022-06-01", "", "")),
        ("earlier plans below nought", plan_of("2022-06-01", "", "-1")),
        ("no start", plan_of("", "2022-06-01", "0")),
        ("an end that is no day: neither ended nor open", plan_of("2022-06-01", "2023-02-30", "0")),
        ("started and ended on one day", plan_of("2022-06-01", "2022-06-01", "0")),
    ];
    let children: String = cases.iter().map(|(case, details)| child(case, details)).collect();
    let found = results(&children, "2022-23");
    // 31 March 2023, 1 June 2022, 28 February, 1 March, 20 April, the one without a start, the one of a day.
    assert_eq!(figure(&found, "rev-05"), "7");
    assert_eq!(figure(&found, "cs-06"), "2 of 7", "the leap day's and the one to the day");
    // 1 April, 31 March, 1 May twice, two of one child, blank, below nought, bad end, one day.
    assert_eq!(figure(&found, "rev-04"), "10");
    assert_eq!(figure(&found, "cs-07"), "1 of 10");
    assert_eq!(
        notes(&found, "cs-07"),
        [(Note::Unknown, 2), (Note::Contradictory, 1)],
        "blank and below nought; the one that ends before it starts"
    );
    // 1 April, 31 March, ends after, two of one child, blank, below nought.
    assert_eq!(figure(&found, "cs-15"), "6");
    assert_eq!(figure(&found, "ctx-plans-open-episodes"), "7");
    assert_eq!(figure(&found, "cs-09"), "NotReported(Dataset(\"child_protection_review\"))", "no reviews");
}

#[test]
fn ethnic_groups_that_are_not_known_are_in_neither_count() {
    let open = "<CINdetails>".to_owned() + &plan_of("2022-06-01", "", "0") + "</CINdetails>";
    let groups = ["WBRI", "WIRI", "AIND", " BCRB ", "REFU", "NOBT", "", "ZZZZ", "wbri"];
    let children: String = groups
        .iter()
        .enumerate()
        .map(|(case, group)| identified(&case.to_string(), &format!("<Ethnicity>{group}</Ethnicity>"), &open))
        .collect();
    let two = "<Ethnicity>WBRI</Ethnicity><Ethnicity>AIND</Ethnicity>";
    let found = results(&(children + &identified("two groups", two, &open)), "2022-23");
    assert_eq!(figure(&found, "cs-16"), "3");
    assert_eq!(figure(&found, "cs-17"), "3 of 4", "of the known ones");
    assert_eq!(notes(&found, "cs-17"), [(Note::Unknown, 6)]);
    assert_eq!(figure(&found, "cs-15"), "10", "all of them have a plan");
}

#[test]
fn referrals_again_and_closures_on_the_day() {
    let referral = |day: &str, rest: &str| {
        format!("<CINdetails><CINreferralDate>{day}</CINreferralDate>{rest}</CINdetails>")
    };
    let closed = |day: &str| format!("<CINclosureDate>{day}</CINclosureDate>");
    let nfa = |flag: &str| referral("2022-06-10", &format!("<ReferralNFA>{flag}</ReferralNFA>"));
    let cases = [
        // Two of one day are no re-referral; the first closed on its day was never open.
        ("one day", referral("2022-05-01", &closed("2022-05-01")) + &referral("2022-05-01", "")),
        ("twelve months", referral("2021-05-10", &closed("2022-05-01")) + &referral("2022-05-10", "")),
        ("and a day", referral("2021-05-10", &closed("2022-05-01")) + &referral("2022-05-11", "")),
        ("closed before", referral("2022-06-10", &closed("2022-06-01"))),
        ("1", nfa("1")),
        ("true", nfa("true")),
        ("0", nfa("0")),
        ("false", nfa("false")),
        ("yes: not a flag", nfa("yes")),
        ("no such day", referral("2022-02-30", "")),
        ("day first", referral("31/03/2023", "")),
        ("with a time", referral("2022-06-10T00:00:00", "")),
        ("blanks around it", referral(" 2022-06-10 ", "")),
        ("as character data", referral("<![CDATA[2022-06-10]]>", "")),
        ("a comment inside", referral("2022-<!-- c -->06-10", "")),
        ("after the return", referral("2023-04-01", "")),
    ];
    let children: String = cases.iter().map(|(case, details)| identified(case, "", details)).collect();
    let found = results(&children, "2022-23");
    // Two, one, one, one; five with a flag; blanks, character data, a comment.
    assert_eq!(figure(&found, "ctx-referrals"), "13");
    assert_eq!(figure(&found, "ctx-re-referrals-12m"), "1 of 13", "twelve months to the day, not a day more");
    assert_eq!(figure(&found, "ctx-nfa"), "2 of 13");
    assert_eq!(figure(&found, "ctx-closures"), "4");
    assert_eq!(figure(&found, "ctx-cin-open"), "11", "thirteen less two closed on or before their day");
}

#[test]
fn assessments_by_their_authorisation() {
    let cases = [
        // 18 days to 29 April without Good Friday and Easter Monday, 22 to 6 May, 37 to 27 May, 40 to 1 June,
        // without 2 and 3 June 45 to 10 June.
        ("on day 45", assessment("2022-04-01", "2022-06-10")),
        ("on day 46", assessment("2022-04-01", "2022-06-13")),
        ("authorised before its start: counted, and not in time", assessment("2022-06-01", "2022-05-10")),
        ("no start: counted, and not in time", assessment("", "2022-05-10")),
        ("not authorised", assessment("2022-05-01", "")),
        ("authorised after the return", assessment("2022-05-01", "2023-05-01")),
    ];
    let children: String = cases.iter().map(|(case, details)| child(case, details)).collect();
    let found = results(&children, "2022-23");
    assert_eq!(figure(&found, "ctx-assessment-45"), "1 of 4");
    assert_eq!(
        notes(&found, "ctx-assessment-45"),
        [(Note::Unknown, 1), (Note::DatesInverted, 1), (Note::Contradictory, 1)],
        "the inverted one contradicts itself as well (ruling 9)"
    );
    assert_eq!(figure(&found, "cs-10"), "4 of 6");
    assert_eq!(figure(&found, "ctx-factors"), figure(&results(&child("a", ""), "2022-23"), "ctx-factors"));
}

#[test]
fn an_empty_element_carries_its_module_and_silence_does_not() {
    let silent = results(&child("a", ""), "2022-23");
    let empty =
        results(&child("a", "<Section47/><ChildProtectionPlans/><Assessments/><CINPlanDates/>"), "2022-23");
    for indicator in ["ctx-s47", "cs-15", "rev-05", "ctx-assessments-authorised", "ctx-cin-plans-open"] {
        assert_eq!(figure(&empty, indicator), "0", "{indicator}: there, and empty");
        assert!(figure(&silent, indicator).starts_with("NotReported"), "{indicator}: never 0");
    }
    for indicator in ["cs-14", "ctx-assessment-45", "cs-06", "cs-07"] {
        assert_eq!(figure(&empty, indicator), "Undefined", "{indicator}: 0/0");
    }
    assert!(figure(&silent, "cs-10").starts_with("NotReported"), "one of its two sides is not there");
}
