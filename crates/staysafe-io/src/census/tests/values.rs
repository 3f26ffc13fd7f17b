//! Values: what is read, what is rejected, and in which words.

use staysafe::record::Lost;

use super::*;

#[test]
fn a_date_that_is_no_day_is_rejected_and_its_record_kept() {
    let read = good(&census(&child("<CINclosureDate>31/03/2024</CINclosureDate>")));
    let reject = only(&read);
    assert_eq!((reject.code.as_str(), reject.lost, reject.record), ("bad-date", Lost::Value, 1));
    assert_eq!((reject.value.as_str(), reject.personal, reject.line), ("31/03/2024", true, Some(2)));
    assert!(
        reject.message.contains("day/month/year") && !reject.message.contains("31/03"),
        "{}",
        reject.message
    );
    assert_eq!(shown(&read, "referral", 0, "closure_date"), "!", "a rejected end is not an open case");
    assert_eq!(shown(&read, "referral", 0, "referral_date"), "2023-06-01", "its record still counts");
    assert_eq!((read.profile.rejected_values, read.profile.rejected_records), (1, 0));
}

#[test]
fn an_unknown_code_names_the_nearest() {
    let read = good(&census(&child(
        "<ReasonForClosure>rc7</ReasonForClosure><PrimaryNeedCode>N4</PrimaryNeedCode>",
    )));
    assert_eq!(only(&read).message, "expected one of 9 codes; the nearest is RC7");
    assert_eq!(shown(&read, "referral", 0, "primary_need"), "N4");
}

#[test]
fn sex_by_number_is_rejected_with_the_reason() {
    let children =
        "<Child><ChildIdentifiers><LAchildID>A1</LAchildID><Sex>1</Sex></ChildIdentifiers></Child>";
    let read = good(&message("2025", "2025-03-31", children));
    assert_eq!(
        only(&read).message,
        "expected one of F, M, U; numbers belong to GenderCurrent, which the census asked for until 2024"
    );
    assert_eq!(shown(&read, "child", 0, "sex"), "!");
}

#[test]
fn gender_and_sex_feed_one_field_and_another_years_element_is_read_and_reported() {
    let with = |element: &str, value: &str| {
        format!(
            "<Child><ChildIdentifiers><LAchildID>A</LAchildID><{element}>{value}</{element}></ChildIdentifiers></Child>"
        )
    };
    let read = good(&census(&with("GenderCurrent", "2")));
    assert_eq!((shown(&read, "child", 0, "sex").as_str(), read.rejects.len()), ("2", 0));
    let read = good(&census(&(with("Sex", "F") + &with("Sex", "M").replace(">A<", ">B<"))));
    assert_eq!(shown(&read, "child", 0, "sex"), "F", "nothing is lost");
    assert_eq!(codes(&read), ["element-of-another-year Sex x2"]);
    assert_eq!(only(&read).lost, Lost::Nothing);
}

#[test]
fn a_code_of_another_year_is_read_and_reported() {
    let inside = child("<ReasonForClosure>RC9</ReasonForClosure>");
    assert!(good(&census(&inside)).rejects.is_empty(), "RC9 stands from 2023");
    let read = good(&message("2022", "2022-03-31", &inside));
    assert_eq!(codes(&read), ["code-of-another-year ReasonForClosure RC9 x1"]);
    assert_eq!(shown(&read, "referral", 0, "closure_reason"), "RC9");
}

#[test]
fn both_forms_of_flags_in_one_file() {
    let two =
        child("<ReferralNFA>0</ReferralNFA>") + &child("<ReferralNFA>true</ReferralNFA>").replace("A1", "A2");
    let read = good(&census(&two));
    assert_eq!([0, 1].map(|row| shown(&read, "referral", row, "no_further_action")), ["false", "true"]);
}

#[test]
fn old_and_future_days_are_days() {
    let read = good(&census(&child(
        "<CINclosureDate>2077-01-01</CINclosureDate><DateOfInitialCPC>1066-10-14</DateOfInitialCPC>",
    )));
    assert!(read.rejects.is_empty(), "whether a day makes sense is for the calculation to say");
    assert_eq!(shown(&read, "referral", 0, "icpc_date"), "1066-10-14");
}

#[test]
fn white_space_references_and_cdata_are_part_of_xml() {
    let read = good(&census(&child(
        "<CINclosureDate>\r\n 2024-01-&#48;2 </CINclosureDate><ReferralSource><![CDATA[1A]]></ReferralSource>",
    )));
    assert!(read.rejects.is_empty(), "{:?}", codes(&read));
    assert_eq!(shown(&read, "referral", 0, "closure_date"), "2024-01-02");
    assert_eq!(shown(&read, "referral", 0, "referral_source"), "1A");
    let read = good(&census(&child("").replace("A1", "O&apos;Neil &amp; Co")));
    assert_eq!(shown(&read, "child", 0, "child"), "O'Neil & Co");
}

#[test]
fn one_value_twice_counts_once_and_two_values_count_not_at_all() {
    let read = good(&census(&child("<CINreferralDate>2023-06-01</CINreferralDate>")));
    assert_eq!(codes(&read), ["given-twice CINreferralDate x1"]);
    assert_eq!(shown(&read, "referral", 0, "referral_date"), "2023-06-01");
    let read = good(&census(&child("<CINreferralDate>2023-07-01</CINreferralDate>")));
    assert_eq!(codes(&read), ["contradictory CINreferralDate x1", "contradictory CINreferralDate x1"]);
    assert_eq!(shown(&read, "referral", 0, "referral_date"), "!", "neither is chosen in silence");
}

#[test]
fn an_element_inside_a_value_is_not_read_around() {
    let read = good(&census(&child("<CINclosureDate>2024-<b>01</b>01-01</CINclosureDate>")));
    assert_eq!(codes(&read), ["element-inside-value CINclosureDate x1", "unknown-element b x1"]);
}

#[test]
fn blank_values_are_missing_and_not_rejected() {
    let read = good(&census(&child("<CINclosureDate/><ReasonForClosure> </ReasonForClosure>")));
    assert!(read.rejects.is_empty());
    assert_eq!(read.account.empty, 2);
    assert_eq!(shown(&read, "referral", 0, "closure_date"), "-");
}
