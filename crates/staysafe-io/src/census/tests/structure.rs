//! Children, modules and what stands around them.

use staysafe::record::{Cover, Days, Lost};

use super::*;

const EVERYTHING: &str = "<Assessments><AssessmentActualStartDate>2023-06-02</AssessmentActualStartDate>\
    <FactorsIdentifiedAtAssessment><AssessmentFactors>2A</AssessmentFactors><AssessmentFactors>3B</AssessmentFactors>\
    </FactorsIdentifiedAtAssessment></Assessments>\
    <CINPlanDates><CINPlanStartDate>2023-08-01</CINPlanStartDate></CINPlanDates>\
    <Section47><S47ActualStartDate>2023-06-05</S47ActualStartDate><ICPCnotRequired>0</ICPCnotRequired></Section47>\
    <ReferralNFA>0</ReferralNFA>\
    <ChildProtectionPlans><CPPstartDate>2023-07-01</CPPstartDate><NumberOfPreviousCPP>1</NumberOfPreviousCPP>\
    <Reviews><CPPreviewDate>2023-09-01</CPPreviewDate><CPPreviewDate>2023-12-01</CPPreviewDate></Reviews>\
    <Reviews><CPPreviewDate>2024-03-01</CPPreviewDate></Reviews></ChildProtectionPlans>";

#[test]
fn every_module_is_read_with_its_running_numbers() {
    let read = good(&census(&(child(EVERYTHING) + &child(EVERYTHING).replace("A1", "A2"))));
    assert!(read.rejects.is_empty(), "{:?}", codes(&read));
    let sizes: Vec<(&str, usize)> =
        read.data.tables.iter().map(|(id, t)| (id.as_str(), t.rows.len())).collect();
    assert_eq!(
        sizes,
        [
            ("assessment", 2),
            ("assessment_factor", 4),
            ("child", 2),
            ("child_protection_plan", 2),
            ("child_protection_review", 6),
            ("cin_plan", 2),
            ("referral", 2),
            ("section_47", 2),
        ]
    );
    let review =
        ["child", "referral", "plan", "review_date"].map(|f| shown(&read, "child_protection_review", 5, f));
    assert_eq!(review, ["A2", "2", "2", "2024-03-01"], "a review knows its plan, referral and child");
    let factor =
        ["child", "referral", "assessment", "factor"].map(|f| shown(&read, "assessment_factor", 1, f));
    assert_eq!(factor, ["A1", "1", "1", "3B"]);
    assert_eq!(rows(&read, "section_47")[1].origin, 2, "a row knows the position of its child");
}

#[test]
fn a_module_without_an_element_is_not_carried() {
    let read = good(&census(&child("")));
    let carried: Vec<&str> =
        read.profile.modules.iter().filter(|m| m.carried).map(|m| m.dataset.as_str()).collect();
    assert_eq!(carried, ["child", "referral"]);
    assert!(!read.data.tables.contains_key("section_47"));
    assert_eq!(read.profile.modules.len(), 10, "the profile lists what is not there as well");
    assert!(good(&census("")).data.tables.is_empty(), "no child, no module");
}

#[test]
fn an_empty_wrapper_carries_its_module() {
    let read = good(&census(&child(
        "<Assessments><AssessmentActualStartDate>2023-06-02</AssessmentActualStartDate>\
        <FactorsIdentifiedAtAssessment/></Assessments>",
    )));
    assert!(rows(&read, "assessment_factor").is_empty(), "there, and empty: a statement");
}

#[test]
fn factors_and_disabilities_need_no_wrapper() {
    let read = good(&census(
        "<Child><ChildIdentifiers><LAchildID>A</LAchildID></ChildIdentifiers><ChildCharacteristics>\
         <Disability>AUT</Disability></ChildCharacteristics><CINdetails><Assessments>\
         <AssessmentFactors>1A</AssessmentFactors></Assessments></CINdetails></Child>",
    ));
    assert_eq!(shown(&read, "disability", 0, "disability"), "AUT");
    assert_eq!(shown(&read, "assessment_factor", 0, "referral"), "1");
    assert_eq!(rows(&read, "referral").len(), 1, "a referral is known by what stands in it");
    assert_eq!(shown(&read, "referral", 0, "referral_date"), "-");
}

#[test]
fn a_factor_takes_the_authorisation_of_its_own_assessment_wherever_that_stands() {
    let factor = |code: &str| format!("<AssessmentFactors>{code}</AssessmentFactors>");
    let authorised = |day: &str| format!("<AssessmentAuthorisationDate>{day}</AssessmentAuthorisationDate>");
    let before = authorised("2023-07-01") + &factor("1A");
    let after = factor("2A") + &authorised("2023-08-01");
    let never = factor("3A");
    let assessments: String =
        [before, after, never].map(|a| format!("<Assessments>{a}</Assessments>")).concat();
    let read = good(&census(&child(&assessments)));
    let taken = [0, 1, 2].map(|row| {
        ["assessment", "authorisation_date", "factor"].map(|f| shown(&read, "assessment_factor", row, f))
    });
    assert_eq!(taken, [["1", "2023-07-01", "1A"], ["2", "2023-08-01", "2A"], ["3", "-", "3A"]]);
}

#[test]
fn order_and_name_spaces_do_not_matter() {
    let ordered = census(&child(EVERYTHING));
    let moved = census(
        &child(EVERYTHING)
            .replace("<ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers>", "")
            .replace("</Child>", "<ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers></Child>"),
    );
    assert_eq!(good(&moved).data.tables, good(&ordered).data.tables, "the number may stand last");
    let spaced = ordered.replace("</", "</x:").replace('<', "<x:").replace("<x:/x:", "</x:").replace(
        "<x:Message>",
        "<x:Message xmlns:x=\"urn:cin\" xmlns:xsi=\"urn:i\" xsi:schemaLocation=\"a b\">",
    );
    let read = good(&spaced);
    assert!(read.rejects.is_empty(), "{:?}", codes(&read));
    assert_eq!(read.data.tables, good(&ordered).data.tables);
}

#[test]
fn a_child_without_a_number_is_rejected_with_all_below_it() {
    let nameless = child(EVERYTHING)
        .replace("<LAchildID>A1</LAchildID>", "<GenderCurrent>9</GenderCurrent><UPN>nonsense</UPN>");
    let read = good(&census(&(nameless + &child(""))));
    let reject = only(&read);
    assert_eq!((reject.code.as_str(), reject.lost, reject.record), ("no-identifier", Lost::Child, 1));
    assert_eq!(
        reject.message,
        "this child is rejected with 1 of referral, 1 of assessment, 2 of assessment_factor, 1 of cin_plan, 1 of \
         section_47, 1 of child_protection_plan, 3 of child_protection_review below it: it has no LAchildID; give it \
         its number at the authority"
    );
    assert_eq!(read.account.lost_with_child, 15);
    assert_eq!(rows(&read, "child").len(), 1, "the good child still counts");
    assert_eq!(rows(&read, "referral").len(), 1);
    assert!(rows(&read, "section_47").is_empty(), "carried, though its only row was lost");
    assert_eq!((read.profile.rejected_records, read.profile.rejected_values), (1, 0));
}

#[test]
fn stray_text_is_reported_once_with_a_count() {
    let stray = child("").replace("</LAchildID>", "</LAchildID>PersonBirthDate\n");
    let read = good(&census(&(stray.clone() + &stray.replace("A1", "A2"))));
    let reject = only(&read);
    assert_eq!((reject.code.as_str(), reject.times, reject.lost), ("stray-text", 2, Lost::Nothing));
    assert_eq!((reject.element.as_str(), reject.personal), ("ChildIdentifiers", true), "it may be a name");
}

#[test]
fn unknown_and_misplaced_elements_are_passed_over_and_reported() {
    let read = good(&census(&child(
        "<CINclosuredate>2024-01-01</CINclosuredate><CPPstartDate>2024-01-01</CPPstartDate>\
         <Extra><Section47><S47ActualStartDate>2024-01-01</S47ActualStartDate></Section47></Extra>",
    )));
    assert_eq!(
        codes(&read),
        [
            "misplaced-element CPPstartDate x1",
            "unknown-element CINclosuredate x1",
            "unknown-element Extra x1"
        ]
    );
    assert!(
        read.rejects[1].message.ends_with("the nearest known is <CINclosureDate>"),
        "{}",
        read.rejects[1].message
    );
    assert_eq!(read.account.passed_over, 5, "with all below them");
    assert!(!read.data.tables.contains_key("section_47"));
}

#[test]
fn a_number_that_a_terminal_would_obey_rejects_its_child() {
    let read = good(&census(&(child("").replace("A1", "A\u{1b}[31m") + &child(""))));
    let reject = only(&read);
    assert_eq!((reject.code.as_str(), reject.lost), ("no-identifier", Lost::Child));
    assert!(reject.message.contains("its LAchildID cannot be read"), "{}", reject.message);
    assert_eq!(rows(&read, "referral").len(), 1, "the other child counts");
}

#[test]
fn a_record_in_the_wrong_place_is_a_lost_record() {
    let enquiry = "<Section47><S47ActualStartDate>2023-06-05</S47ActualStartDate></Section47>";
    let outside = child("").replace("</Child>", &format!("{enquiry}{enquiry}</Child>"));
    let read = good(&census(&(outside + "<child><LAchildID>B</LAchildID></child>")));
    let found: Vec<(&str, Lost, u64)> =
        read.rejects.iter().map(|r| (r.element.as_str(), r.lost, r.times)).collect();
    assert_eq!(found, [("Section47", Lost::Record, 2), ("child", Lost::Record, 1)]);
    assert!(read.rejects[1].message.contains("expected <Child> here"), "{}", read.rejects[1].message);
    assert_eq!(read.profile.rejected_records, 3);
}

#[test]
fn an_empty_record_makes_no_row_and_is_reported() {
    let read = good(&census(&child("<Section47></Section47><Section47/>")));
    assert_eq!(codes(&read), ["empty-record Section47 x2"]);
    assert!(rows(&read, "section_47").is_empty());
}

#[test]
fn one_number_on_two_children_keeps_both_and_says_so() {
    let read = good(&census(&(child("") + &child("<ReferralNFA>1</ReferralNFA>"))));
    let reject = only(&read);
    assert_eq!((reject.code.as_str(), reject.lost, reject.times), ("duplicate-child", Lost::Nothing, 1));
    assert_eq!(rows(&read, "child").len(), 2);
}

#[test]
fn pre_proceedings_are_read_with_and_without_their_wrapper() {
    let date = "<PPStartDate>2026-01-05</PPStartDate><ReviewMeetingsCount>2</ReviewMeetingsCount>";
    for inside in [
        format!("<PreProceedings>{date}</PreProceedings>"),
        format!("<PreProceedingsandFGDM>{date}</PreProceedingsandFGDM>"),
        format!("<PreProceedingsandFGDM><PreProceedings>{date}</PreProceedings></PreProceedingsandFGDM>"),
    ] {
        let read = good(&message("2026", "2026-03-31", &child(&inside)));
        assert!(read.rejects.is_empty(), "{:?}", codes(&read));
        assert_eq!(rows(&read, "pre_proceedings").len(), 1, "{inside}");
        assert_eq!(shown(&read, "pre_proceedings", 0, "review_meetings"), "2");
    }
}

#[test]
fn the_cover_runs_from_april_of_the_year_before_to_the_reference_date() {
    let cover = |year: &str, reference: &str| {
        let read = good(&message(year, reference, &child("")));
        let notices: Vec<String> = read.notices.into_iter().map(|n| n.code).collect();
        let Cover { events, starts, ends, stocks } = read.data.tables["child"].cover;
        assert!(events == starts && starts == ends && ends == stocks, "one span for all of them");
        let Days { first, last } = events.unwrap();
        (format!("{first} {last}"), notices)
    };
    assert_eq!(cover("2024", "2024-03-31"), ("2023-04-01 2024-03-31".to_owned(), vec![]));
    assert_eq!(cover("2022", "2022-07-21"), ("2021-04-01 2022-07-21".to_owned(), vec![]));
    let disagree = vec!["year-and-reference-date-disagree".to_owned()];
    assert_eq!(cover("2023", "2024-03-31"), ("2023-04-01 2024-03-31".to_owned(), disagree));
    assert_eq!(cover("", "2024-03-31").1, ["no-year"]);
    assert_eq!(cover("2010", "2010-03-31").1, ["unknown-year"]);
}

#[test]
fn attributes_other_than_those_of_schemas_are_reported() {
    let read = good(&census(&child("").replace("<CINdetails>", "<CINdetails id=\"7\">")));
    assert_eq!(codes(&read), ["unknown-attribute id x1"]);
}

#[test]
fn the_profile_shows_completeness_and_spans_but_nobodys_birthday() {
    let dated = child("<CINclosureDate>2023-09-01</CINclosureDate>")
        .replace("</LAchildID>", "</LAchildID><PersonBirthDate>2012-05-06</PersonBirthDate>");
    let open = child("<CINclosureDate>soon</CINclosureDate>").replace("A1", "A2");
    let read = good(&census(&(dated + &open)));
    let field = |dataset: &str, name: &str| {
        let module = read.profile.modules.iter().find(|m| m.dataset == dataset).unwrap();
        module.fields.iter().find(|f| *f.field == *name).unwrap()
    };
    let closed = field("referral", "closure_date");
    assert_eq!((closed.known, closed.missing, closed.rejected), (1, 0, 1));
    assert_eq!(closed.days.unwrap().first.to_string(), "2023-09-01");
    let born = field("child", "birth_date");
    assert_eq!((born.known, born.missing, born.days), (1, 1, None));
}
