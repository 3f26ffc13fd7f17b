//! The shipped framework as a whole: every entry of the board's lists is there, word for word, and no
//! definition lacks what a board needs to ask its question or to doubt its figure.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use staysafe::check::check;
use staysafe::definition::framework::Framework;
use staysafe::definition::indicator::{Confidence, Indicator, Kind};
use staysafe::definition::read::read;
use staysafe::verify::verify;

/// Id and title of each entry, in the order of the document.
const TITLES: &str = include_str!("lscb_titles.tsv");
/// What the keys in `[provenance] sources` stand for.
const SOURCES: &str = include_str!("../crates/staysafe-lscb/sources.md");

fn framework() -> Framework {
    let (framework, findings) = read(staysafe_lscb::FILES.iter().copied());
    let findings: Vec<String> = findings
        .iter()
        .map(|finding| format!("{:?}: {} {}", finding.span, finding.message, finding.label))
        .collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    framework
}

fn titles() -> Vec<(&'static str, &'static str)> {
    TITLES.lines().map(|line| line.split_once('\t').unwrap()).collect()
}

fn listed(framework: &Framework, indicator: &Indicator) -> bool {
    indicator
        .listed
        .iter()
        .any(|listing| framework.lists.iter().any(|list| list.listed && list.id.value == listing.list.value))
}

/// The ids for which `wrong` says something.
fn wrong(framework: &Framework, wrong: impl Fn(&Indicator) -> bool) -> Vec<&str> {
    framework.indicators.iter().filter(|(_, indicator)| wrong(indicator)).map(|(id, _)| id.as_str()).collect()
}

#[test]
fn every_entry_of_the_lists_is_there_under_its_own_title() {
    let framework = framework();
    for (id, title) in titles() {
        let indicator = framework.indicators.get(id).unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!(indicator.title.value, title, "{id}");
        assert!(listed(&framework, indicator), "{id} is in no list of the document");
    }
    let all = framework.indicators.values().filter(|indicator| listed(&framework, indicator)).count();
    assert_eq!(all, titles().len(), "an entry is listed that the document does not list");
}

#[test]
fn each_list_has_as_many_entries_as_the_document_prints() {
    let framework = framework();
    let entries = |list: &str| {
        let in_list = |i: &&Indicator| i.parent.is_none() && i.listed.iter().any(|l| l.list.value == list);
        framework.indicators.values().filter(in_list).count()
    };
    assert_eq!(entries("judith-dodd"), 30);
    assert_eq!(entries("children-services"), 28);
    assert_eq!(entries("nsdu"), 7);
    assert_eq!(entries("lscb-review"), 6);
}

#[test]
fn titles_and_headings_stand_in_the_document() {
    let Some(document) = shared("source/000_535365384a188805.txt") else {
        return left_out("titles_and_headings_stand_in_the_document");
    };
    let document = one_space(&document);
    let framework = framework();
    let mut printed: Vec<&str> = titles().into_iter().map(|(_, title)| title).collect();
    printed.extend(framework.lists.iter().filter(|list| list.listed).map(|list| list.heading.value.as_str()));
    printed.extend(framework.sources.iter().map(|source| source.title.value.as_str()));
    printed.extend(framework.excluded.iter().map(|excluded| excluded.reason.value.as_str()));
    for indicator in framework.indicators.values() {
        printed.extend(indicator.printed.iter().map(|note| note.value.as_str()));
        printed.extend(indicator.listed.iter().filter_map(|l| l.heading.as_ref()).map(|h| h.value.as_str()));
    }
    let strange: Vec<&str> =
        printed.into_iter().filter(|text| !document.contains(&one_space(text))).collect();
    assert!(strange.is_empty(), "not in the document: {strange:#?}");
}

#[test]
fn every_definition_has_its_question_its_provenance_and_its_holder() {
    let framework = framework();
    let none: [&str; 0] = [];
    assert_eq!(wrong(&framework, |i| i.words.question.is_none()), none, "no challenge question");
    assert_eq!(wrong(&framework, |i| i.words.why_it_matters.is_none()), none, "nothing says why it matters");
    assert_eq!(wrong(&framework, |i| i.provenance.is_none()), none, "no provenance");
    assert_eq!(wrong(&framework, |i| i.holders.is_empty()), none, "nobody holds it");
    let in_words = |i: &Indicator| i.kind.value != Kind::Group && i.words.numerator.is_none();
    assert_eq!(wrong(&framework, in_words), none, "nothing says what is counted");
}

#[test]
fn every_entry_says_what_it_needs() {
    let framework = framework();
    let says_nothing = |i: &Indicator| {
        let calculated =
            i.calculation.is_some() || i.versions.iter().any(|version| version.calculation.is_some());
        let silent = !calculated && i.same_calculation_as.is_none() && i.needs.is_empty();
        silent && i.kind.value != Kind::Group
    };
    assert_eq!(wrong(&framework, says_nothing), Vec::<&str>::new());
    let no_2010 = |i: &Indicator| listed(&framework, i) && i.supply_2010.is_none();
    assert_eq!(wrong(&framework, no_2010), Vec::<&str>::new(), "the supply of 2010 is not said");
}

#[test]
fn every_calculation_has_three_tests() {
    let framework = framework();
    let too_few = |i: &Indicator| i.calculation.is_some() && i.tests.len() < 3;
    assert_eq!(wrong(&framework, too_few), Vec::<&str>::new());
}

#[test]
fn it_checks_clean_and_every_test_inside_it_passes() {
    let (checked, findings) = check(framework());
    let found: Vec<String> =
        findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    assert_eq!(found, Vec::<String>::new());

    let verified = verify(&checked.unwrap());
    let failed: Vec<&str> = verified.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    assert_eq!(verified.not_run, BTreeMap::new(), "definitions that cannot be calculated yet");
    let framework = framework();
    let of_figures = framework.indicators.values().map(|one| one.tests.len() + one.clock_tests.len());
    let of_rows = framework.derived.values().map(|derived| derived.tests.len());
    let written: usize = of_figures.chain(of_rows).sum();
    assert_eq!(verified.run, written, "a test was passed over");
}

#[test]
fn nothing_is_called_verified_without_a_source() {
    let framework = framework();
    let unfounded = |i: &Indicator| {
        i.provenance.as_ref().is_some_and(|p| {
            p.confidence.value == Confidence::Verified && (p.sources.is_empty() || p.verified.is_none())
        })
    };
    assert_eq!(wrong(&framework, unfounded), Vec::<&str>::new());
    let shy = |i: &Indicator| {
        i.provenance
            .as_ref()
            .is_some_and(|p| p.confidence.value == Confidence::Unverified && p.from_memory.is_empty())
    };
    assert_eq!(wrong(&framework, shy), Vec::<&str>::new(), "unverified, and no fact is marked");
}

#[test]
fn every_source_key_is_explained() {
    let framework = framework();
    let keys: BTreeSet<&str> =
        SOURCES.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next()).collect();
    for (id, indicator) in &framework.indicators {
        for source in indicator.provenance.iter().flat_map(|p| &p.sources) {
            assert!(
                keys.contains(source.value.as_str()),
                "{id} names {}, which sources.md does not",
                source.value
            );
        }
    }
}

#[test]
fn every_name_that_is_used_is_declared() {
    let framework = framework();
    for (id, indicator) in &framework.indicators {
        for relation in &indicator.relations {
            assert!(
                framework.indicators.contains_key(&relation.target.value),
                "{id}: {}",
                relation.target.value
            );
            assert_ne!(&relation.target.value, id, "{id} relates to itself");
        }
        for other in indicator.parent.iter().chain(&indicator.same_calculation_as) {
            assert!(framework.indicators.contains_key(&other.value), "{id}: {}", other.value);
        }
        let holders = indicator.needs.iter().filter_map(|need| need.holder.as_ref());
        for holder in indicator.holders.iter().chain(holders) {
            assert!(framework.agencies.contains_key(&holder.value), "{id}: {}", holder.value);
        }
        for parameter in indicator.readings.iter().flat_map(|reading| reading.parameters.keys()) {
            assert!(framework.parameters.contains_key(parameter), "{id}: ${parameter}");
        }
        for need in &indicator.needs {
            let Some(dataset) = framework.datasets.get(&need.dataset.value) else { continue };
            for field in &need.fields {
                let known = dataset.fields.iter().any(|f| f.name.value == field.value);
                assert!(known, "{id} needs {}.{}, which the schema lacks", need.dataset.value, field.value);
            }
        }
    }
}

#[test]
fn a_new_indicator_says_what_it_replaces_and_a_proposal_replaces_nothing() {
    let framework = framework();
    let says = |from: &str, kind: &str, to: &str| {
        framework.indicators[from].relations.iter().any(|relation| {
            relation.target.value == to && serde_json::to_value(relation.kind.value).unwrap() == kind
        })
    };
    assert!(says("nsdu-01", "replaces", "cs-01"));
    assert!(says("cs-01", "replaced-by", "nsdu-01"));
    assert!(says("nsdu-05", "proposed-to-replace", "cs-09"));
    assert!(!says("cs-09", "replaced-by", "nsdu-05"));
}

#[test]
fn identifiers_and_dates_of_birth_and_death_are_personal() {
    let framework = framework();
    let personal = [
        "child",
        "upn",
        "former_upn",
        "birth_date",
        "expected_birth_date",
        "death_date",
        "worker",
        "family",
        "household",
        "offender",
        "pupil",
        "former_pupil",
        "respondent",
        "victim",
        "death",
        "date_of_death",
    ];
    for (id, dataset) in &framework.datasets {
        for field in &dataset.fields {
            let name = field.name.value.as_str();
            let expected =
                personal.contains(&name) || name.ends_with("postcode") || name.ends_with("birth_date");
            assert_eq!(field.personal, expected, "{id}.{}", field.name.value);
            assert!(field.words.is_some(), "{id}.{} has no words", field.name.value);
        }
    }
}

#[test]
fn every_authority_has_its_number_and_one_region() {
    let framework = framework();
    let authorities: Vec<_> = framework
        .areas
        .values()
        .filter(|a| a.level.as_ref().is_some_and(|l| l.value == "local authority"))
        .collect();
    // 153 councils since April 2023, and those that were abolished or given another code since 2009.
    let today = authorities.iter().filter(|a| a.valid_to.is_none()).count();
    assert_eq!(today, 153);
    for area in authorities {
        assert_eq!(area.aliases.len(), 1, "{}", area.name.value);
        assert!(
            area.parents.len() == 1 && area.parents[0].code.value.starts_with("E12"),
            "{}",
            area.name.value
        );
        assert_eq!(area.valid_to.is_some(), !area.successors.is_empty(), "{}", area.name.value);
    }
}

#[test]
fn two_areas_share_a_number_only_in_different_years() {
    let framework = framework();
    let areas: Vec<_> = framework.areas.values().filter(|area| !area.aliases.is_empty()).collect();
    for (at, one) in areas.iter().enumerate() {
        for other in
            areas.iter().skip(at + 1).filter(|other| other.aliases[0].1.value == one.aliases[0].1.value)
        {
            let before = |a: &staysafe::definition::framework::Area,
                          b: &staysafe::definition::framework::Area| {
                match (&a.valid_to, &b.valid_from) {
                    (Some(last), Some(first)) => last.value < first.value,
                    _ => false,
                }
            };
            assert!(before(one, other) || before(other, one), "{} and {}", one.code.value, other.code.value);
        }
    }
}

/// A file of the folder beside the project; `None` where it is not there.
fn shared(path: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    std::fs::read_to_string(beside).ok()
}

#[allow(clippy::print_stderr)] // a test that is left out says so
fn left_out(test: &str) {
    eprintln!("left out: {test} (the folder ../shared is not here)");
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
