//! `calculate` and what it says of files that are not what they should be.

use super::folder::Folder;
use super::{Run, staysafe};

const HEAD: &str = "<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>\
    <ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails><Source><LEA>201</LEA></Source></Header><Children>";
const TAIL: &str = "</Children></Message>";

pub(crate) fn child(id: &str, birth: &str, referral: &str) -> String {
    format!(
        "<Child><ChildIdentifiers><LAchildID>{id}</LAchildID><PersonBirthDate>{birth}</PersonBirthDate><Sex>F</Sex>\
         </ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>\
         <CINdetails><CINreferralDate>{referral}</CINreferralDate><ReferralSource>1A</ReferralSource>\
         <ReferralNFA>0</ReferralNFA></CINdetails></Child>"
    )
}

pub(crate) fn census(name: &str, children: &[String]) -> Folder {
    let folder = Folder::new(name);
    folder.write("cin.xml", &format!("{HEAD}{}{TAIL}", children.concat()));
    folder
}

fn two() -> [String; 2] {
    [child("KID0001", "2015-03-27", "2023-05-02"), child("KID0002", "2016-01-01", "2023-11-30")]
}

fn calculate(folder: &Folder, words: &[&str]) -> Run {
    staysafe(folder.path(), &[&["calculate", "cin.xml", "--indicator", "ctx-referrals"], words].concat())
}

#[test]
fn figures_go_to_standard_output_and_the_rest_to_standard_error() {
    let folder = census("figures", &two());
    let run = calculate(&folder, &["--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(
        lines[0],
        "indicator,statistic,category,area,period,numerator,denominator,value,lower,upper,outcome,flags,reported,expected,notes"
    );
    assert_eq!(lines.len(), 6, "four quarters and a year\n{}", run.out);
    assert!(
        run.out.contains("ctx-referrals,count,,E09000001,2023-24,2,,2,0.242209,7.224688,figure,,1,1,"),
        "{}",
        run.out
    );
    assert!(run.err.contains("cin.xml: cin-census, area 201"), "{}", run.err);
}

#[test]
fn a_folder_of_returns_and_a_named_period() {
    let folder = census("in-folder", &two());
    let run = staysafe(
        folder.path(),
        &[
            "calculate",
            ".",
            "--indicator",
            "ctx-referrals",
            "--periods",
            "2023-24 Q1,2022-23 Q1",
            "--format",
            "json",
        ],
    );
    assert_eq!(run.code, 0, "{}", run.err);
    let parsed: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let outcomes: Vec<&str> =
        parsed["rows"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["not-reported", "figure"], "an earlier quarter is refused, not shown");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = census("twice", &two());
    let once = staysafe(folder.path(), &["calculate", "cin.xml", "--format", "json"]);
    let again = staysafe(folder.path(), &["calculate", "cin.xml", "--format", "json"]);
    assert_eq!(once.code, 0, "{}", once.err);
    assert_eq!(once.out, again.out);
}

#[test]
fn an_unknown_indicator_and_a_wrong_period_are_input_errors_with_a_hint() {
    let folder = census("unknown", &two());
    let run = staysafe(folder.path(), &["calculate", "cin.xml", "--indicator", "ctx-referals"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("did you mean 'ctx-referrals'"), "{}", run.err);
    let run = calculate(&folder, &["--periods", "2010/11"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("Periods are written"), "{}", run.err);
    let run = calculate(&folder, &["--parameter", "bme_non_wite=yes"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean `bme_non_white`"), "{}", run.err);
}

#[test]
fn a_missing_file_a_truncated_one_and_one_of_another_kind_are_named_together() {
    let folder = census("faults", &two());
    let whole = folder.read("cin.xml");
    folder
        .write("cut.xml", &whole[..whole.len() - 60])
        .write("other.xml", "<html><body/></html>")
        .write("x.csv", "a,b\n");
    let files = ["calculate", "--refuse-truncated", "nowhere.xml", "cut.xml", "other.xml", "x.csv"];
    let run = staysafe(folder.path(), &files);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    for name in ["nowhere.xml", "cut.xml", "other.xml", "x.csv"] {
        assert!(run.err.contains(name), "{name} is not in\n{}", run.err);
    }
    assert!(run.err.contains("error[truncated]"), "{}", run.err);
}

#[test]
fn symbols_stand_after_the_fixed_columns() {
    let folder = census("symbols", &two());
    let ask = |symbols| {
        let periods = ["--periods", "2023-24,2019-20", "--indicator", "ctx-referrals"];
        let run = calculate(&folder, &[&periods[..], &["--format", "csv", "--symbols", symbols]].concat());
        assert_eq!(run.code, 0, "{}", run.err);
        let last = |line: &str| line.rsplit(',').next().unwrap_or_default().to_owned();
        run.out.lines().map(last).collect::<Vec<_>>()
    };
    assert_eq!(ask("dfe"), ["symbol", "x", ""], "outside the cover, and a figure");
    assert_eq!(ask("sdmx"), ["obs_status", "L", "A"]);
    let run = calculate(&folder, &["--symbols", "dfe"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("--format csv"), "{}", run.err);
}

#[test]
fn a_truncated_file_counts_its_whole_children_and_marks_every_figure() {
    let folder = census("cut", &two());
    let whole = folder.read("cin.xml");
    folder.write("cin.xml", &whole[..whole.len() - 60]);
    assert_eq!(calculate(&folder, &["--refuse-truncated"]).code, 2);
    let run = calculate(&folder, &["--periods", "2023-24", "--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains(",2023-24,1,,1,"), "{}", run.out);
    let marked = |line: &str| !line.contains(",figure,") || line.contains("partly-reported");
    assert!(run.out.lines().all(marked), "{}", run.out);
    assert!(run.err.contains("ends in the middle"), "{}", run.err);
}

#[test]
fn rejected_values_are_counted_and_masked_and_the_good_records_count() {
    let [first, _] = two();
    let folder = census(
        "rejects",
        &[first, child("KID0002", "27th of March", "2023-06-01"), child("", "2016-01-01", "2023-06-02")],
    );
    let run = calculate(&folder, &["--periods", "2023-24", "--format", "csv", "--rejects", "rejects.csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(
        run.out.contains(",2023-24,2,,2,"),
        "the child without an identifier is not counted\n{}",
        run.out
    );
    let list = folder.read("rejects.csv");
    for said in [&run.err, &list] {
        assert!(said.contains("bad-date") && said.contains("PersonBirthDate"), "{said}");
        assert!(!said.contains("27th") && !said.contains("KID000"), "a personal value shows in\n{said}");
    }
    assert!(list.contains("(masked)"), "{list}");

    let run = calculate(&folder, &["--rejects", "rejects.csv", "--show-values"]);
    assert_eq!(run.code, 0);
    assert!(folder.read("rejects.csv").contains("27th of March"));
}

#[test]
fn why_says_what_decided_and_how_to_handle_the_answer() {
    let folder = census(
        "why",
        &[child("KID0001", "2015-03-27", "2023-05-02"), child("KID0001x", "2015-03-27", "2023-06-02")],
    );
    let words = ["why", "cin.xml", "--indicator", "ctx-re-referrals-12m", "--key", "KID0001"];
    let run = staysafe(folder.path(), &words);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2023-24 Q1  KID0001 ") && run.out.contains("not counted"), "{}", run.out);
    assert!(!run.out.contains("KID0001x"), "another child shows in\n{}", run.out);
    assert!(run.err.contains("handling: "), "{}", run.err);

    let run = staysafe(folder.path(), &["why", "cin.xml", "--indicator", "ctx-referrals", "--key", "nobody"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn the_cases_behind_a_figure_are_as_many_as_the_figure_says() {
    let folder = census("list", &two());
    let run =
        staysafe(folder.path(), &["calculate", "cin.xml", "--list", "ctx-referrals", "--format", "csv"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(run.out.lines().count(), 1 + 2, "{}", run.out);
    assert!(run.err.contains("handling: "), "{}", run.err);
    let run = staysafe(folder.path(), &["calculate", "cin.xml", "--list", "ctx-referrals", "--late"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "every referral counts: none is late");
}

#[test]
fn figures_are_kept_apart_by_what_is_asked_for() {
    let folder = census("by", &two());
    let by = |names| calculate(&folder, &["--periods", "2023-24", "--format", "csv", "--by", names]);
    let run = by("region,age");
    assert_eq!(run.code, 0, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(
        lines[0].starts_with("indicator,statistic,category,area,region,age,period,numerator,"),
        "{}",
        lines[0]
    );
    let ages: Vec<&str> = lines[1..].iter().map(|line| line.split(',').nth(5).unwrap()).collect();
    assert_eq!(ages, ["unborn", "under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over", "unknown"]);
    let cell = "ctx-referrals,count,,E12000007,E12000007,5 to 9,2023-24,2,,2,";
    assert!(lines[4].starts_with(cell), "201 is the City of London: {}", lines[4]);
    let table = calculate(&folder, &["--periods", "2023-24", "--by", "sex"]);
    assert!(table.out.contains("female"), "{}", table.out);
    let refused = by("agee");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("did you mean 'age'?"), "{}", refused.err);
    let words = by("grade");
    assert_eq!(words.code, 2);
    assert!(words.err.contains("the framework has words for it and no rule"), "{}", words.err);
    let reason = staysafe(folder.path(), &["calculate", "cin.xml", "--indicator", "jd-03a", "--by", "age"]);
    assert!(
        reason.out.contains("'age' has no rule for the records of 'serious_case_review'"),
        "{}",
        reason.out
    );
}

#[test]
fn a_broken_identity_is_said_with_the_places_of_its_records_and_no_childs_number() {
    let closed_before_it_began = child("KID0003", "2015-03-27", "2023-11-30").replace(
        "<ReferralNFA>0</ReferralNFA>",
        "<CINclosureDate>2023-08-15</CINclosureDate><ReasonForClosure>RC1</ReasonForClosure><ReferralNFA>0</ReferralNFA>",
    );
    let run = |children: &[String]| {
        let folder = census(&format!("identity-{}", children.len()), children);
        let asked = ["ctx-cin-episodes-open", "ctx-referrals", "ctx-closures"];
        let words = asked.iter().flat_map(|id| ["--indicator", id]);
        let words: Vec<&str> = ["calculate", "cin.xml"].into_iter().chain(words).collect();
        staysafe(folder.path(), &words)
    };
    let sound = run(&two());
    assert_eq!(sound.code, 0, "{}", sound.err);
    assert!(!sound.err.contains("is broken"), "{}", sound.err);
    let [first, second] = two();
    let broken = run(&[first, second, closed_before_it_began]);
    assert_eq!(broken.code, 0, "the rest is calculated all the same: {}", broken.err);
    assert!(
        broken.err.contains("identity needs-open is broken, E09000001, 2023-24 Q3: 2 where 3 is due"),
        "{}",
        broken.err
    );
    assert!(broken.err.contains("\n  cin.xml: referral, row 3\n"), "{}", broken.err);
    assert!(!broken.err.contains("KID0003"), "{}", broken.err);
}
