//! Published rates and totals, worked out again from the parts that are published with them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::judge::{Agreement, Why};
use super::layout::{Share, Term, Total, same};
use super::long::in_rows;
use super::naming::named;
use super::range::Range;
use super::rounding::{Certainty, Steps};
use super::sums::{add_up, sum_of};
use super::{Place, Published, Row, Told};
use crate::value::{Exact, Supplied, Withheld};

/// What came of working a table's rates and totals out again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recomputed {
    /// What was held to be made of what.
    pub rules: Vec<RuleUsed>,
    /// Each figure and what its parts give, by rule, then in the order of the table.
    pub comparisons: Vec<Comparison>,
}

/// A rule that says what a figure is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleUsed {
    /// In words: `rate_per_10000 = number ÷ population_estimate × 10000`.
    pub text: String,
    /// Who says so.
    pub basis: Basis,
}

/// Who says what a figure is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A layout.
    Declared,
    /// The headers: `absent_percent` beside `absent_count`.
    Named,
    /// The figures alone: nearly all of them are this share.
    Figures,
    /// Nobody.
    Nobody,
}

/// One published figure beside what its parts give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Which of [`Recomputed::rules`].
    pub rule: usize,
    /// Line of the figure.
    pub line: u64,
    /// Header of its column.
    pub column: String,
    /// Where.
    pub place: Place,
    /// When.
    pub period: Option<Told>,
    /// What stands in the table's filters.
    pub filters: Vec<String>,
    /// The figure; `None` where it could not be read.
    pub published: Option<Supplied>,
    /// What its parts give as they are printed; `None` where a part is withheld: no sum of some parts is a total.
    pub from_parts: Option<Exact>,
    /// What its parts can have given before they were rounded or withheld.
    pub between: Option<Range>,
    /// Whether the rounding of a part was guessed.
    pub guessed: bool,
    /// What follows.
    pub agreement: Agreement,
}

/// How often each outcome came of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Figures that are what their parts give, or can be.
    pub agree: u64,
    /// Figures that cannot be.
    pub differ: u64,
    /// Figures of which nobody can say, by reason.
    pub cannot: BTreeMap<&'static str, u64>,
}

/// Works every rate and total of a table out again from its parts: those that its layout declares, and for all other
/// columns that print a rate, those that headers or figures tell.
///
/// Counts are taken to lie anywhere within their rounding, so that *differs* means that no counts which round to the
/// published ones give the published figure.
///
/// # Example
/// ```
/// use staysafe::published::{Agreement, Column, Layout, Level, Place, Published, Row, recompute};
/// use staysafe::value::{Convention, Supplied};
///
/// let column = |header: &str| Column { header: header.into(), measure: header.into(), period: None, place: 1 };
/// let cell = |text| Supplied::read(text, Convention::Current);
/// let place = Place { level: Level::National, code: None, other_code: None, name: "England".into(), region: None };
/// let table = Published {
///     name: "pupils.csv".into(),
///     layout: Layout::default(),
///     convention: Convention::Current,
///     filters: vec![],
///     columns: vec![column("pupil_total"), column("absent_count"), column("absent_percent")],
///     rows: vec![Row { line: 2, place, period: None, filters: vec![], cells: vec![cell("80"), cell("10"), cell("12.5")] }],
/// };
/// let recomputed = recompute(&table);
/// assert_eq!(recomputed.rules[0].text, "absent_percent = absent_count ÷ pupil_total × 100");
/// assert_eq!(recomputed.comparisons[0].agreement, Agreement::Agrees);
/// ```
pub fn recompute(table: &Published) -> Recomputed {
    let worker = Worker::new(table);
    let mut done = Recomputed::default();
    for share in &table.layout.share {
        worker.share(&mut done, share, Basis::Declared);
    }
    let (found, unexplained) = named(&worker);
    let (in_rows, not_in_rows) = in_rows(&worker);
    for (share, basis) in found.iter().chain(&in_rows) {
        worker.share(&mut done, share, *basis);
    }
    let columns = unexplained.into_iter().filter_map(|column| table.columns.get(column));
    let columns = columns.map(|of| Term { column: of.header.clone(), filters: BTreeMap::new() });
    let mut said: Vec<Term> = Vec::new();
    for term in columns.chain(not_in_rows) {
        if !said.contains(&term) {
            worker.unexplained(&mut done, &term);
            said.push(term);
        }
    }
    for total in &table.layout.total {
        worker.total(&mut done, total);
    }
    for column in &table.layout.adds_up {
        add_up(&worker, &mut done, column);
    }
    done
}

impl Recomputed {
    /// How often each outcome came of each rule, in the order of the rules.
    pub fn tallies(&self) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.rules.len()];
        for comparison in &self.comparisons {
            let Some(tally) = tallies.get_mut(comparison.rule) else { continue };
            match &comparison.agreement {
                Agreement::Agrees | Agreement::AgreesWithinRounding => tally.agree += 1,
                Agreement::Differs => tally.differ += 1,
                Agreement::Cannot(why) => *tally.cannot.entry(why.code()).or_default() += 1,
            }
        }
        tallies
    }

    /// Whether any figure cannot be what it is published as.
    pub fn differs(&self) -> bool {
        self.comparisons.iter().any(|comparison| comparison.agreement == Agreement::Differs)
    }
}

/// A table with its rows by what they say.
pub(super) struct Worker<'a> {
    pub(super) table: &'a Published,
    steps: Steps<'a>,
    rows: BTreeMap<Key<'a>, Vec<&'a Row>>,
}

/// Place, period and filters of a row.
type Key<'a> = (&'a Place, Option<&'a Told>, Vec<&'a str>);

/// The columns of one share, with the filters that lead to the rows of its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    pub(super) numerator: (usize, &'a BTreeMap<String, String>),
    pub(super) denominator: (usize, &'a BTreeMap<String, String>),
    pub(super) per: u64,
}

/// A part of a figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// As it is printed.
    pub(super) printed: Option<Exact>,
    pub(super) range: Range,
    pub(super) suppressed: u32,
    pub(super) guessed: bool,
}

/// What the parts of a figure give.
pub(super) struct Given {
    pub(super) printed: Option<Exact>,
    pub(super) range: Range,
    pub(super) suppressed: u32,
    pub(super) guessed: bool,
    /// Whether a part was not applicable and left out of the sum.
    pub(super) left_out: bool,
    /// A sum is rounded as counts are, a share as rates are.
    pub(super) sum: bool,
}

impl<'a> Worker<'a> {
    pub(super) fn new(table: &'a Published) -> Self {
        let mut rows: BTreeMap<Key<'a>, Vec<&'a Row>> = BTreeMap::new();
        for row in &table.rows {
            let filters = row.filters.iter().map(String::as_str).collect();
            rows.entry((&row.place, row.period.as_ref(), filters)).or_default().push(row);
        }
        Self { table, steps: Steps::new(table), rows }
    }

    /// The columns that go by a name: by their header, or else by what they measure.
    pub(super) fn columns(&self, name: &str) -> Vec<usize> {
        let of = |header: bool| -> Vec<usize> {
            let known_as =
                |column: &super::Column| same(if header { &column.header } else { &column.measure }, name);
            let columns = self.table.columns.iter().enumerate();
            columns.filter(|(_, column)| known_as(column)).map(|(place, _)| place).collect()
        };
        let by_header = of(true);
        if by_header.is_empty() { of(false) } else { by_header }
    }

    /// The column of a name that belongs beside another: of the same period, or of none.
    pub(super) fn beside(&self, name: &str, value: usize) -> Option<usize> {
        let found = self.columns(name);
        let period = |column: &usize| self.table.columns.get(*column).and_then(|of| of.period.as_ref());
        let own = period(&value);
        let same_period = found.iter().copied().find(|column| period(column) == own);
        same_period.or_else(|| found.iter().copied().find(|column| period(column).is_none())).or(match *found
        {
            [only] => Some(only),
            _ => None,
        })
    }

    fn share(&self, done: &mut Recomputed, share: &Share, basis: Basis) {
        let rule = done.rules.len();
        done.rules.push(RuleUsed { text: share_words(share), basis });
        for value in self.columns(&share.value.column) {
            let parts = self
                .beside(&share.numerator.column, value)
                .zip(self.beside(&share.denominator.column, value))
                .map(|(numerator, denominator)| Parts {
                    numerator: (numerator, &share.numerator.filters),
                    denominator: (denominator, &share.denominator.filters),
                    per: share.per,
                });
            for row in self.table.rows.iter().filter(|row| self.holds(row, &share.value)) {
                let given = match parts {
                    Some(parts) => self.given(row, parts),
                    None => Err(Why::NoDenominator),
                };
                done.comparisons.push(self.compare(rule, row, value, given));
            }
        }
    }

    fn unexplained(&self, done: &mut Recomputed, rate: &Term) {
        let rule = done.rules.len();
        done.rules.push(RuleUsed { text: format!("{} = ?", term_words(rate)), basis: Basis::Nobody });
        for column in self.columns(&rate.column) {
            for row in self.table.rows.iter().filter(|row| self.holds(row, rate)) {
                done.comparisons.push(self.compare(rule, row, column, Err(Why::NoDenominator)));
            }
        }
    }

    fn total(&self, done: &mut Recomputed, total: &Total) {
        let rule = done.rules.len();
        let text = format!("{} = {}", total.total, total.parts.join(" + "));
        done.rules.push(RuleUsed { text, basis: Basis::Declared });
        let at =
            |row: &&Row| total.level.as_ref().is_none_or(|wanted| same(wanted, &row.place.level.to_string()));
        for value in self.columns(&total.total) {
            let parts: Option<Vec<usize>> = total.parts.iter().map(|part| self.beside(part, value)).collect();
            for row in self.table.rows.iter().filter(at) {
                let given = match &parts {
                    Some(parts) => sum_of(parts.iter().map(|part| self.part(row, *part))),
                    None => Err(Why::NoDenominator),
                };
                done.comparisons.push(self.compare(rule, row, value, given));
            }
        }
    }

    /// Whether a rule of a rate holds for a row.
    pub(super) fn holds(&self, row: &Row, term: &Term) -> bool {
        term.filters
            .iter()
            .all(|(filter, value)| self.table.filter(row, filter).is_some_and(|own| same(own, value)))
    }

    /// What a share's parts give in a row.
    pub(super) fn given(&self, row: &'a Row, parts: Parts<'_>) -> Result<Given, Why> {
        let (column, filters) = parts.numerator;
        let above = self.part(self.led_to(row, filters)?, column)?;
        let (column, filters) = parts.denominator;
        let below = self.part(self.led_to(row, filters)?, column)?;
        if below.range.most == Some(Exact::ZERO) {
            return Err(Why::Undefined);
        }
        let per = Exact::from(parts.per);
        let share = |(above, below): (Exact, Exact)| above.over(&below)?.times(&per);
        Ok(Given {
            printed: above.printed.zip(below.printed).and_then(share),
            range: above.range.over(&below.range, parts.per).ok_or(Why::TooLarge)?,
            suppressed: above.suppressed + below.suppressed,
            guessed: above.guessed || below.guessed,
            left_out: false,
            sum: false,
        })
    }

    /// The row that differs from one by some filters.
    pub(super) fn led_to(&self, row: &'a Row, filters: &BTreeMap<String, String>) -> Result<&'a Row, Why> {
        if filters.is_empty() {
            return Ok(row);
        }
        let own = row.filters.iter().zip(&self.table.filters);
        let wanted = own.map(|(value, filter)| filters.get(filter).unwrap_or(value).as_str()).collect();
        let found = self.rows.get(&(&row.place, row.period.as_ref(), wanted)).map(Vec::as_slice);
        if let Some([only]) = found {
            return Ok(only);
        }
        let words: Vec<String> = filters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        Err(Why::NoRow(words.join(", ")))
    }

    /// What stands in a cell, as a part of something else.
    pub(super) fn part(&self, row: &Row, column: usize) -> Result<Part, Why> {
        match row.cells.get(column) {
            Some(Some(Supplied::Number(number))) => {
                let (range, certainty) =
                    self.steps.count(column, &row.place.level, number).ok_or(Why::TooLarge)?;
                let guessed = certainty == Certainty::Guessed;
                Ok(Part { printed: Some(number.value), range, suppressed: 0, guessed })
            }
            Some(Some(Supplied::Withheld(why))) if why.is_suppressed() => {
                let most = match why {
                    Withheld::Below(limit) => Some(Exact::from(limit.saturating_sub(1))),
                    _ => None,
                };
                let range = Range { most, ..Range::open() };
                Ok(Part { printed: None, range, suppressed: 1, guessed: false })
            }
            Some(Some(Supplied::Withheld(why))) => Err(Why::WithheldPart(*why)),
            Some(None) | None => Err(Why::RejectedPart),
        }
    }

    /// A figure beside what its parts give.
    pub(super) fn compare(
        &self,
        rule: usize,
        row: &Row,
        column: usize,
        given: Result<Given, Why>,
    ) -> Comparison {
        let of = self.table.columns.get(column);
        let published = row.cells.get(column).copied().flatten();
        let agreement = match (&published, &given) {
            (None, _) => Agreement::Cannot(Why::RejectedPart),
            (Some(Supplied::Withheld(why)), _) => Agreement::Cannot(Why::NotPublished(*why)),
            (_, Err(why)) => Agreement::Cannot(why.clone()),
            (Some(Supplied::Number(number)), Ok(given)) => {
                let own = if given.sum {
                    self.steps.count(column, &row.place.level, number).map(|(range, _)| range)
                } else {
                    self.steps.rate(column, number)
                };
                match own.map(|own| Agreement::of(&own, given.printed, &given.range, given.suppressed)) {
                    // What stood in the place of an authority that was not there yet may not be in the table.
                    Some(Agreement::Differs) if given.left_out => {
                        Agreement::Cannot(Why::WithheldPart(Withheld::NotApplicable))
                    }
                    Some(agreement) => agreement,
                    None => Agreement::Cannot(Why::TooLarge),
                }
            }
        };
        let given = given.ok();
        Comparison {
            rule,
            line: row.line,
            column: of.map(|of| of.header.clone()).unwrap_or_default(),
            place: row.place.clone(),
            period: row.period.clone().or_else(|| of.and_then(|of| of.period.clone())),
            filters: row.filters.clone(),
            published,
            from_parts: given.as_ref().filter(|given| given.suppressed == 0).and_then(|given| given.printed),
            between: given.as_ref().map(|given| given.range),
            guessed: given.as_ref().is_some_and(|given| given.guessed),
            agreement,
        }
    }
}

/// A rule in words.
fn share_words(share: &Share) -> String {
    let [value, above, below] = [&share.value, &share.numerator, &share.denominator].map(term_words);
    let per = if share.per == 1 { String::new() } else { format!(" × {}", share.per) };
    format!("{value} = {above} ÷ {below}{per}")
}

fn term_words(term: &Term) -> String {
    let filters: Vec<String> = term.filters.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if filters.is_empty() { term.column.clone() } else { format!("{} [{}]", term.column, filters.join(", ")) }
}
