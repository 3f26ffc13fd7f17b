//! The sample return beside the project, where it is there.

use std::path::PathBuf;

use super::*;
use crate::returns::read_returns;

#[test]
fn the_sample_return_is_read_whole() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ssda903");
    if !folder.exists() {
        println!("left out: the sample return is not beside the project");
        return;
    }
    let returns = read_returns(&[folder], &options(Some(2018))).unwrap_or_else(|error| panic!("{error}"));
    let [of] = returns.data.returns.as_slice() else { panic!("one folder is one return") };
    assert_eq!(of.tables.len(), 12);
    assert!(returns.accounts[0].is_complete());
    println!("{:#?}", codes_of(&returns.rejects));
    println!("{:#?}", returns.notices);
}

fn codes_of(rejects: &[Reject]) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for reject in rejects {
        *counts
            .entry(format!("{:?} {} {} {}", reject.lost, reject.name, reject.code, reject.element))
            .or_default() += reject.times;
    }
    counts
}
