//! Laws that hold for files of any shape.

use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

/// Elements of a file, counted by a loop that knows nothing of censuses.
fn elements(xml: &str) -> u64 {
    let mut reader = Reader::from_str(xml);
    let mut count = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(_) | Event::Empty(_) => count += 1,
            Event::Eof => return count,
            _ => {}
        }
    }
}

const NAMES: [&str; 22] = [
    "ChildIdentifiers",
    "LAchildID",
    "UPN",
    "PersonBirthDate",
    "Sex",
    "ChildCharacteristics",
    "Ethnicity",
    "Disabilities",
    "Disability",
    "CINdetails",
    "CINreferralDate",
    "CINclosureDate",
    "ReferralNFA",
    "Assessments",
    "AssessmentFactors",
    "Section47",
    "DateOfInitialCPC",
    "ChildProtectionPlans",
    "NumberOfPreviousCPP",
    "Reviews",
    "CPPreviewDate",
    "Novelty",
];

const VALUES: [&str; 12] =
    ["", "A1", "2023-06-01", "31/03/2024", "WBRI", "1A", "AUT", "true", "2", "A850728973744", " ", "&amp;"];

/// Elements in any order and depth, known and unknown, with values of any kind.
fn content() -> impl Strategy<Value = String> {
    let name = prop::sample::select(NAMES.to_vec());
    let leaf =
        (name.clone(), prop::sample::select(VALUES.to_vec())).prop_map(|(n, v)| format!("<{n}>{v}</{n}>"));
    leaf.prop_recursive(4, 40, 6, move |inner| {
        (name.clone(), prop::collection::vec(inner, 0..6))
            .prop_map(|(n, parts)| format!("<{n}>{}</{n}>", parts.concat()))
    })
}

proptest! {
    #[test]
    fn every_element_is_in_a_table_or_reported(children in prop::collection::vec(prop::collection::vec(content(), 0..6), 0..5)) {
        let children: String = children.iter().flat_map(|c| ["<Child>".to_owned(), c.concat(), "</Child>".to_owned()]).collect();
        let xml = census(&children);
        let read = good(&xml);
        prop_assert_eq!(read.account.elements, elements(&xml));
        let datums = read.data.tables.values().flat_map(|t| &t.rows).flat_map(|r| &r.values);
        let rejected = datums.filter(|d| **d == Datum::Rejected).count() as u64;
        let listed = read.rejects.iter().filter(|r| r.lost == staysafe::record::Lost::Value).count() as u64;
        prop_assert_eq!(listed, read.account.rejected, "each rejected value is listed");
        prop_assert!(rejected <= listed, "a field that was rejected is explained");
        prop_assert!(read.account.passed_over == 0 || !read.rejects.is_empty(), "nothing is passed over in silence");
        for table in read.data.tables.values() {
            prop_assert!(table.rows.iter().all(|row| row.values.len() == table.fields.len()));
            prop_assert!(table.rows.iter().all(|row| row.values[0] != Datum::Missing), "each row has its child");
        }
    }

    #[test]
    fn cut_and_changed_files_never_bring_it_down(
        inside in content(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(), refuse in any::<bool>(),
    ) {
        let mut bytes = census(&child(&inside)).into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(bytes.len()) + 1);
        let options = ReadOptions { refuse_truncated: refuse, ..ReadOptions::default() };
        if let Ok(read) = read_census("cin.xml", &bytes[..], &options) {
            prop_assert!(read.account.is_complete(), "{:?}", read.account);
        }
    }
}
