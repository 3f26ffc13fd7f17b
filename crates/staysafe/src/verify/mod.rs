//! The tests written inside definitions: run, and compared.

pub mod mutate;

mod clock;
mod figure;
mod given;
mod rows;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

use std::collections::BTreeMap;

use crate::check::Checked;
use crate::definition::derived::Derived;
use crate::definition::indicator::Indicator;
use crate::diagnostic::{Case, Code, Diagnostic, Diagnostics, Sources, Span, Spanned, junit_report};

/// What came of a framework's in-file tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many tests were run.
    pub run: usize,
    /// Tests of definitions that cannot be calculated yet: not run, by indicator.
    pub not_run: BTreeMap<String, usize>,
    /// A finding for each expectation that was not met.
    pub findings: Diagnostics,
    /// Every test with what was found, in the order of derived tables, then indicators.
    pub tests: Vec<Ran>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The id of the indicator or derived table.
    pub definition: String,
    /// The test's name.
    pub test: String,
    /// Whether it was run; one of a definition that cannot be calculated yet is not.
    pub run: bool,
    /// A finding for each expectation that was not met.
    pub findings: Diagnostics,
}

impl Verified {
    /// A test report in the XML of `JUnit`: a case for each test.
    ///
    /// # Example
    /// ```
    /// use staysafe::{check::check, definition::read::read, verify::verify};
    ///
    /// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
    /// let checked = check(framework).0.unwrap();
    /// let report = verify(&checked).junit(&checked.framework().files);
    /// assert!(report.contains("<testsuite name=\"in-file tests\" tests=\"0\""));
    /// ```
    pub fn junit(&self, sources: &Sources) -> String {
        let skipped = |run: bool| (!run).then_some("the definition cannot be calculated yet");
        let case = |test: &'_ Ran| (test.test.clone(), skipped(test.run));
        let cases: Vec<Case<'_>> = self
            .tests
            .iter()
            .map(|test| {
                let (name, skipped) = case(test);
                Case { class: &test.definition, name, skipped, found: test.findings.iter().collect() }
            })
            .collect();
        junit_report("in-file tests", &cases, sources)
    }
}

/// Runs every test written inside a definition: of figures, of the rows of derived tables, of clocks.
///
/// What a test does not name is not compared; a dataset that it does not name was not carried.
///
/// # Example
/// ```
/// use staysafe::{check::check, definition::read::read, verify::verify};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// assert_eq!(verify(&checked).run, 0);
/// ```
pub fn verify(checked: &Checked) -> Verified {
    let framework = checked.framework();
    let mut tests: Vec<Ran> =
        framework.derived.values().flat_map(|derived| of_derived(checked, derived)).collect();
    let mut not_run = BTreeMap::new();
    for indicator in framework.indicators.values() {
        let id = indicator.id.value.as_str();
        if checked.indicator(id).is_some_and(crate::check::CheckedIndicator::is_computable) {
            tests.extend(of_indicator(checked, indicator));
            continue;
        }
        let figures = indicator.tests.iter().map(|test| &test.name);
        let names: Vec<&Spanned<String>> =
            figures.chain(indicator.clock_tests.iter().map(|test| &test.name)).collect();
        if !names.is_empty() {
            not_run.insert(id.to_owned(), names.len());
        }
        tests.extend(names.into_iter().map(|name| Ran {
            definition: id.to_owned(),
            test: name.value.clone(),
            run: false,
            findings: Diagnostics::new(),
        }));
    }
    let mut findings = Diagnostics::new();
    for test in &tests {
        findings.extend(test.findings.clone());
    }
    findings.sort();
    Verified { run: tests.iter().filter(|test| test.run).count(), not_run, findings, tests }
}

/// Every test of an indicator, run as it is asked for.
fn of_indicator<'a>(checked: &'a Checked, indicator: &'a Indicator) -> impl Iterator<Item = Ran> + 'a {
    let id = indicator.id.value.as_str();
    let figures = indicator
        .tests
        .iter()
        .map(move |test| ran(id, &test.name, |findings| figure::run(checked, id, test, findings)));
    let clocks = indicator
        .clock_tests
        .iter()
        .map(move |test| ran(id, &test.name, |findings| clock::run(checked, id, test, findings)));
    figures.chain(clocks)
}

/// Every test of a derived table, run as it is asked for.
fn of_derived<'a>(checked: &'a Checked, derived: &'a Derived) -> impl Iterator<Item = Ran> + 'a {
    let id = derived.id.value.as_str();
    derived
        .tests
        .iter()
        .map(move |test| ran(id, &test.name, |findings| rows::run(checked, id, test, findings)))
}

fn ran(id: &str, name: &Spanned<String>, run: impl FnOnce(&mut Diagnostics)) -> Ran {
    let mut findings = Diagnostics::new();
    run(&mut findings);
    Ran { definition: id.to_owned(), test: name.value.clone(), run: true, findings }
}

fn failed(id: &str, test: &Spanned<String>, place: &Span, why: String) -> Diagnostic {
    let message = format!("{id}: the test '{}' fails: {why}", test.value);
    Diagnostic::new(Code::TestFails, place.clone(), message).label(why).other(test.span.clone(), "the test")
}
