//! The examples say what their readers are promised.
//!
//! Each is taken in as a module, so that a plain `cargo test` always tests the text as it stands; `cargo xtask test`
//! also runs each as the program it is.
#![allow(clippy::unwrap_used)]

use std::path::Path;

#[path = "../examples/quickstart.rs"]
#[allow(dead_code, reason = "its main")]
mod quickstart;

#[path = "../examples/counts_only.rs"]
#[allow(dead_code, reason = "its main")]
mod counts_only;

#[path = "../examples/statutory_clock.rs"]
#[allow(dead_code, reason = "its main")]
mod statutory_clock;

#[test]
fn quickstart_prints_figures_an_absence_and_a_reason() {
    let text = quickstart::run().unwrap();
    assert!(text.contains("cs-14    2011-12 Q1  2 of 3 = 66.7%  [low-reliability]\n"), "{text}");
    assert!(text.contains("ctx-s47  2011-12 Q1  4\n"), "{text}");
    assert!(text.contains("cs-15    2011-12 Q1  no figure; not reported: no return carries"), "{text}");
    assert!(text.contains("C-102 in cs-14: not counted:"), "{text}");
    assert!(text.contains("on working day 16, limit 15 (due Friday 13 May 2011)"), "{text}");
    assert!(text.contains("Monday 2 May 2011 are bank holidays"), "{text}");
}

#[test]
fn counts_only_says_whose_counts_the_figure_rests_on() {
    let text = counts_only::run().unwrap();
    assert!(text.contains("573 of 650 = 88.2%, from 2 of 3 agencies [partly-reported]\n"), "{text}");
    assert!(text.contains("46 of 40 is more than all of them"), "{text}");
}

#[test]
fn statutory_clock_reads_each_case_on_the_day_it_is_given() {
    let text = statutory_clock::run("2011-05-16").unwrap();
    for line in [
        "A     2011-04-18  2011-05-13   15  held in time\n",
        "B     2011-04-18  2011-05-13   16  held late\n",
        "C     2011-04-18  2011-05-13   16  open, and late\n",
        "D     2011-04-21  2011-05-18   13  open, in time so far\n",
        "E     2011-05-16  2011-06-07    0  begun today\n",
        "F     2011-05-09  2011-05-31    -  cannot be judged: the conference lies before the enquiry\n",
        "  2011-05-02  Early May bank holiday\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }

    let earlier = statutory_clock::run("2011-05-13").unwrap();
    assert!(earlier.contains("C     2011-04-18  2011-05-13   15  open, in time so far\n"), "{earlier}");
    assert!(!earlier.contains("\nE "), "an enquiry that has not begun is not on the list: {earlier}");
}

#[test]
fn statutory_clock_knows_what_is_late_beyond_its_calendar_and_refuses_what_is_no_day() {
    // What lies inside the calendar is over the limit already, so nothing beyond it can change that.
    let text = statutory_clock::run("2031-01-02").unwrap();
    assert!(text.contains("C     2011-04-18  2011-05-13    -  open, and late\n"), "{text}");
    let words = statutory_clock::run("tomorrow").unwrap_err().to_string();
    assert!(words.starts_with("'tomorrow' is no date"), "{words}");
}

#[test]
fn an_embedder_is_spared_what_it_does_not_use() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/embed_case_system");
    let lock = std::fs::read_to_string(folder.join("Cargo.lock")).unwrap();
    let names: Vec<&str> = lock.lines().filter_map(|line| line.strip_prefix("name = ")).collect();
    assert!(names.contains(&"\"staysafe\""), "the lock file is of something else");
    let spared = ["arrow", "pyo3", "quick-xml", "clap", "csv", "tokio", "staysafe-"];
    let brought: Vec<&&str> = names
        .iter()
        .filter(|name| spared.iter().any(|spared| name.trim_matches('"').starts_with(spared)))
        .collect();
    assert!(brought.is_empty(), "the core brings {brought:?}");
}

#[test]
fn every_example_has_a_line_in_their_readme() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut examples = 0;
    for inside in [folder.clone(), folder.join("notebooks")] {
        for entry in std::fs::read_dir(inside).unwrap() {
            let path = entry.unwrap().path();
            let written = path.extension().is_some_and(|is| is == "rs" || is == "py");
            if written || path.join("Cargo.toml").is_file() {
                let name = path.strip_prefix(&folder).unwrap().display().to_string().replace('\\', "/");
                assert!(readme.contains(&format!("]({name})")), "README.md has no line for {name}");
                examples += 1;
            }
        }
    }
    assert!(examples >= 5, "the examples are not where the test looks for them");
}
