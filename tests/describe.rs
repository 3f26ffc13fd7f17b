//! The shipped definitions in English: what a board reads when it asks what is counted.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use staysafe::definition::indicator::Calculation;
use staysafe::definition::read::read;
use staysafe::describe::{Vocabulary, describe_breakdown, describe_counted, describe_totals};

/// The sentence of every indicator that has a calculation.
fn sentences() -> BTreeMap<String, String> {
    let (framework, found) = read(staysafe_lscb::FILES.iter().copied());
    assert!(!found.has_errors(), "{found:#?}");
    let words = Vocabulary::of(&framework);
    let sentence = |indicator: &staysafe::definition::indicator::Indicator| {
        let words = words.clone().with_clocks(indicator.clocks.clone());
        Some(match indicator.calculation.as_ref()? {
            Calculation::Ladder(ladder) => describe_counted(ladder, &words.seen_from(&ladder.from.value)),
            Calculation::TwoTotals(totals) => describe_totals(totals, &words),
        })
    };
    framework.indicators.iter().filter_map(|(id, one)| Some((id.clone(), sentence(one)?))).collect()
}

#[test]
fn section_47_to_conference_reads_as_its_authors_meant_it() {
    assert_eq!(
        sentences()["cs-14"],
        "Counts the distinct pairs of child and the initial child protection conference, for section 47 enquiries \
         for which the initial child protection conference lies in the period; the numerator is those of them where \
         the initial child protection conference is within 15 working days of the start of the section 47 enquiry; \
         where that is not known, the record is left out of both."
    );
}

#[test]
fn every_calculation_is_a_sentence_of_words() {
    let sentences = sentences();
    assert!(sentences.len() > 30, "{} calculations", sentences.len());
    for (id, sentence) in sentences {
        assert!(sentence.ends_with('.') && !sentence.contains("  "), "{id}: {sentence}");
        let names = sentence.split(' ').filter(|word| word.contains('_'));
        // Parameters keep their names, because that is how a board changes them.
        let parameters = sentence.split("the parameter ").skip(1).filter_map(|rest| rest.split(' ').next());
        assert!(names.eq(parameters.filter(|name| name.contains('_'))), "{id}: {sentence}");
        assert!(!sentence.contains("the clock "), "{id} names a clock that it does not have: {sentence}");
    }
}

#[test]
fn every_breakdown_is_a_sentence_of_words() {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    let words = Vocabulary::of(&framework);
    let mut sentences = BTreeMap::new();
    for breakdown in framework.breakdowns.values() {
        for table in breakdown.rules.iter().flat_map(|rule| &rule.tables) {
            let sentence = describe_breakdown(&framework, breakdown, &table.value, &words).unwrap();
            let names = sentence.split(' ').filter(|word| word.contains('_'));
            let parameters =
                sentence.split("the parameter ").skip(1).filter_map(|rest| rest.split(' ').next());
            assert!(names.eq(parameters.filter(|name| name.contains('_'))), "{}: {sentence}", table.value);
            sentences.insert((breakdown.name.value.clone(), table.value.clone()), sentence);
        }
    }
    assert!(sentences.len() > 60, "{} sentences", sentences.len());
    let of = |name: &str, table: &str| &sentences[&(name.to_owned(), table.to_owned())];
    assert!(of("disability", "referral").ends_with(
        "A record may be in several, which are never added up. It is in one where for the child itself, there is at \
         least one among the child's disabilities for which the disability is the same as the code of the category."
    ));
    assert!(of("duration", "child_protection_plan").starts_with(
        "Sorts child protection plans into under 3 months, 3 to under 6 months, 6 to under 12 months, 1 to under 2 \
         years, 2 years and over and not recorded. The category is a value that is ‘unknown’ if the day in question is \
         before the start of the plan"
    ));
}
