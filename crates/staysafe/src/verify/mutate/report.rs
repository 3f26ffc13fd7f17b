//! What came of mutants, for people and as findings.

use std::fmt::Write;

use super::{Mutated, Subject, Survivor};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

impl Mutated {
    /// All definitions together, under the id `all`.
    pub fn total(&self) -> Subject {
        let mut total = Subject {
            id: "all".to_owned(),
            tests: 0,
            killed: 0,
            survivors: Vec::new(),
            argued: 0,
            same: 0,
            stillborn: 0,
            failing: 0,
            stale: Diagnostics::new(),
        };
        for one in &self.definitions {
            total.tests += one.tests;
            total.killed += one.killed;
            total.survivors.extend(one.survivors.iter().cloned());
            total.argued += one.argued;
            total.same += one.same;
            total.stillborn += one.stillborn;
            total.failing += one.failing;
            total.stale.extend(one.stale.clone());
        }
        total
    }

    /// A finding for each survivor and each argument that has become pointless.
    pub fn findings(&self) -> Diagnostics {
        let mut findings = Diagnostics::new();
        for one in &self.definitions {
            for survivor in &one.survivors {
                findings.push(finding(&one.id, survivor));
            }
            findings.extend(one.stale.clone());
        }
        findings.sort();
        findings
    }

    /// Totals by definition and every survivor with what was changed, as lines of text.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for one in &self.definitions {
            let _ = writeln!(text, "{}", line(one));
            for survivor in &one.survivors {
                let Survivor { file, position, mutant, slip, before, after, .. } = survivor;
                let _ = writeln!(text, "  survives  {mutant}");
                let _ = writeln!(text, "            {file}:{}:{}, {slip}", position.line, position.column);
                let _ = writeln!(text, "            - {before}\n            + {after}");
            }
        }
        let _ = writeln!(text, "{}", line(&self.total()));
        text
    }
}

/// `cs-14: 38 of 40 mutants killed (95%) by 6 tests; 2 refused by check`.
fn line(one: &Subject) -> String {
    if one.failing > 0 {
        return format!("{}: not tried, for its tests fail as it is", one.id);
    }
    let counted = one.counted();
    if counted == 0 {
        return format!("{}: nothing to kill", one.id);
    }
    let tests = if one.tests == 1 { "test" } else { "tests" };
    let share = one.killed * 100 / counted;
    let mut line =
        format!("{}: {} of {counted} mutants killed ({share}%) by {} {tests}", one.id, one.killed, one.tests);
    for (count, words) in [
        (one.argued, "argued equivalent"),
        (one.same, "the same once checked"),
        (one.stillborn, "refused by check"),
    ] {
        if count > 0 {
            let _ = write!(line, "; {count} {words}");
        }
    }
    line
}

fn finding(id: &str, survivor: &Survivor) -> Diagnostic {
    let message = format!("{id}: no test notices \"{}\"", survivor.mutant);
    let help = format!(
        "add a test whose figure the change would alter, or argue that none can: [[equivalent]] mutant = {}",
        super::phrase::quoted(&survivor.mutant)
    );
    Diagnostic::new(Code::MutantSurvives, survivor.span.clone(), message)
        .label(survivor.slip.as_str())
        .help(help)
}
