//! The sample files beside the project, where they are there.

use std::path::PathBuf;

use super::*;
use crate::returns::read_returns;

fn sample(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/cin-census").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("left out: {name} is not beside the project");
    None
}

#[test]
fn the_file_without_plans_and_enquiries_does_not_carry_them() {
    let Some(path) = sample("fake_CIN_data.xml") else { return };
    let returns = read_returns(&[path], &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    let tables = &returns.data.returns[0].tables;
    assert_eq!(tables.keys().collect::<Vec<_>>(), ["child", "disability", "referral"]);
    assert_eq!(
        [tables["child"].rows.len(), tables["disability"].rows.len(), tables["referral"].rows.len()],
        [332, 117, 402]
    );
    assert_eq!(returns.rejects, []);
    let cover = tables["referral"].cover.events.unwrap();
    assert_eq!(
        (cover.first.to_string(), cover.last.to_string()),
        ("2021-04-01".to_owned(), "2022-07-21".to_owned())
    );
}

#[test]
fn the_files_of_one_child_show_their_oddities() {
    let (Some(a), Some(b)) = (sample("CIN_Census_2021.xml"), sample("CIN_Census_2024.xml")) else { return };
    let returns = read_returns(&[a, b], &ReadOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    let found: Vec<String> = returns.rejects.iter().map(|r| format!("{} {}", r.code, r.element)).collect();
    assert_eq!(
        found,
        [
            "stray-text ChildIdentifiers",
            "unknown-code Sex",
            "unknown-code AssessmentFactors",
            "element-of-another-year Sex",
            "stray-text ChildIdentifiers",
        ]
    );
    assert!(returns.accounts.iter().all(Account::is_complete));
    assert_eq!(returns.data.returns[0].tables.len(), 9, "every module but pre-proceedings");
}
