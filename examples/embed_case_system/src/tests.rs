//! What the supplier tests before a change of the rules goes out.

use staysafe::verify::verify;

use super::*;

#[test]
fn the_rules_pass_the_tests_written_inside_them() {
    let verified = verify(&rules(RULES).unwrap());
    assert_eq!((verified.run, verified.findings.len()), (1, 0));
}

#[test]
fn the_worklist_goes_by_the_day_due() {
    let expected = "\
core groups on 2011-01-07
  due 2010-12-20  C-201  held in time
  due 2011-01-06  C-202  held in time
  due 2011-01-06  C-203  LATE
  due 2011-01-11  C-204  to be held
";
    assert_eq!(worklist(&rules(RULES).unwrap(), &CASES, "2011-01-07").unwrap(), expected);
}

#[test]
fn the_figure_counts_what_the_worklist_calls_in_time() {
    let checked = rules(RULES).unwrap();
    let list = worklist(&checked, &CASES, "2011-01-07").unwrap();
    let figure = figure(&checked, &CASES, "2010-11 Q3").unwrap();
    let in_time = list.matches("held in time").count();
    assert!(figure.starts_with(&format!("core-group-10 2010-11 Q3: {in_time} of 4, 50.0%")), "{figure}");
}

#[test]
fn a_mistake_in_the_rules_stops_the_program_at_the_line_at_fault() {
    let mut broken = RULES.to_vec();
    let misspelt = broken[3].1.replace("\"proportion\"", "\"propotion\"");
    broken[3].1 = &misspelt;
    let message = rules(&broken).unwrap_err();
    assert!(message.contains("indicators/core-group-10.toml:3:13"), "{message}");
    assert!(message.contains("did you mean `proportion`?"), "{message}");
}

#[test]
fn a_day_that_cannot_be_read_is_refused_without_naming_the_child() {
    let cases = [Case { child: "C-202", conference: "20 December", core_group: None }];
    let message = worklist(&rules(RULES).unwrap(), &cases, "2011-01-07").unwrap_err().to_string();
    assert_eq!(message, "case 2 holds a day that cannot be read");
}
