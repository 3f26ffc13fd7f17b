//! Mutants: a definition with one slip in it, to see whether its in-file tests would notice.
//!
//! ```text
//! file ─ sites ─▶ values that decide figures ─ slips ─▶ mutants ─ read, check ─▶ tests ─▶ killed or not
//! ```
//! A mutant that `check` refuses is stillborn, and one whose checked form is the same is no mutant at all:
//! neither counts. A mutant that no test notices survives: either a test is missing, or the two can never
//! differ, which the definition's author then argues with `[[equivalent]]`.

mod expression;
mod lab;
mod phrase;
mod report;
mod site;
mod slip;
#[cfg(test)]
mod tests;
mod world;

use serde::Serialize;

use crate::check::Checked;
use crate::diagnostic::{Diagnostics, Position, Span};

pub use slip::Slip;

/// What came of the mutants of some definitions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Mutated {
    /// One entry for each definition, in order of id.
    pub definitions: Vec<Subject>,
}

/// What came of the mutants of one definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// The id of an indicator or a derived table.
    pub id: String,
    /// How many tests were there to notice something.
    pub tests: usize,
    /// Mutants that a test noticed.
    pub killed: usize,
    /// Mutants that no test noticed and nobody argued.
    pub survivors: Vec<Survivor>,
    /// Mutants that no test can notice, each argued in the definition.
    pub argued: usize,
    /// Mutants that are the same definition once checked.
    pub same: usize,
    /// Mutants that `check` refuses.
    pub stillborn: usize,
    /// Tests that fail without any mutant: nothing was tried.
    pub failing: usize,
    /// Arguments for mutants that are not there or do not survive.
    #[serde(skip)]
    pub stale: Diagnostics,
}

/// A mutant that no test noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survivor {
    /// What `[[equivalent]]` calls it: where it stands and what was changed.
    pub mutant: String,
    /// What kind of slip it is.
    pub slip: Slip,
    /// The file.
    pub file: String,
    /// Where in the file.
    #[serde(flatten)]
    pub position: Position,
    /// What stands there.
    pub before: String,
    /// What the mutant has instead.
    pub after: String,
    /// The place of what was changed.
    #[serde(skip)]
    pub span: Span,
}

impl Subject {
    /// Mutants that count: killed or surviving.
    pub fn counted(&self) -> usize {
        self.killed + self.survivors.len()
    }

    /// Whether at least so many in a hundred were killed; true where there was nothing to kill.
    pub fn reaches(&self, in_a_hundred: usize) -> bool {
        self.failing == 0 && self.killed * 100 >= in_a_hundred * self.counted()
    }
}

/// The definitions that have something to mutate: calculated indicators and derived tables, in order.
pub fn subjects(checked: &Checked) -> Vec<String> {
    lab::subjects(checked)
}

/// Makes every mutant of a definition and runs the tests that could notice it: its own, and for a derived
/// table those of the definitions that use it as well. `None` where nothing of that id can be calculated.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read, verify::mutate::mutate};
///
/// let files = [
///     ("framework.toml", "id = \"b\"\ntitle = \"B\""),
///     ("agencies.toml", "[[agency]]\nid = \"c\"\nname = \"C\""),
///     ("datasets/plan.toml", "id = \"plan\"\ntitle = \"Plans\"\ncarried_by = \"r\"\nholder = \"c\"\narea = \"given\"
///       field = [{ name = \"start\", type = \"date\" }, { name = \"before\", type = \"whole number\" }]"),
///     ("indicators/a.toml", "id = \"a\"\ntitle = \"A\"\nkind = \"count\"\npolarity = \"lower\"\ncycle = \"quarter\"
///       [calculation]\nfrom = \"plan\"\nwhen = { date = \"start\" }\npopulation = \"before >= 2\"
///       [[test]]\nname = \"more\"\nperiod = \"2010-11 Q1\"
///       records.plan = [{ start = 2010-04-01, before = 3 }]\nexpect = { numerator = 1 }"),
/// ];
/// let (framework, _) = read(files);
/// let mutated = mutate(&check(framework).0.unwrap(), "a").unwrap();
/// let survivors: Vec<&str> = mutated.survivors.iter().map(|one| one.mutant.as_str()).collect();
/// // No test has a record of two, nor one that does not count.
/// assert_eq!(survivors, [
///     "population: -> TRUE",
///     "population: before >= 2 -> before > 2",
///     "population: 2 -> 3",
///     "population: 2 -> 1",
/// ]);
/// ```
pub fn mutate(checked: &Checked, id: &str) -> Option<Subject> {
    lab::subject(checked, id)
}
