//! Golden values: the hash of every shipped definition.
//!
//! A changed hash says that figures may change, whatever the commit says. Where that is meant, write the new
//! ones with `UPDATE_GOLDEN=1 cargo test --test golden` and tell users in CHANGELOG.md under Definitions.

use std::fmt::Write as _;
use std::path::Path;

use staysafe::check::check;
use staysafe::definition::read::read;

#[test]
fn definitions_have_the_hashes_they_had() {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    let (checked, found) = check(framework);
    let checked = checked.unwrap_or_else(|| panic!("{found:#?}"));
    let mut now = format!("calendar {}\nframework {}\n", checked.calendar().version(), checked.hash());
    for indicator in checked.indicators().values().chain(checked.readings().values()) {
        writeln!(now, "{} {}", indicator.id(), indicator.hash()).unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/hashes.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let then = std::fs::read_to_string(&file).unwrap_or_default();
    let changed: Vec<&str> = now.lines().filter(|line| !then.lines().any(|old| old == *line)).collect();
    let gone: Vec<&str> = then.lines().filter(|line| !now.lines().any(|new| new == *line)).collect();
    assert!(
        changed.is_empty() && gone.is_empty(),
        "definitions changed what they calculate (see the top of tests/golden.rs):\nnow  {changed:#?}\nthen {gone:#?}"
    );
}
