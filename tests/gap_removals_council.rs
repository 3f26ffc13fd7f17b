//! From everything that a council which does not exist hands in (its census, its looked-after return and each of its
//! registers, a return a quarter) whole agencies, fields and quarters are removed at random, together: the status is
//! exactly what was removed, each count of blanks with it, and adding it back leaves no trace.
//!
//! What should be found is worked out from the council's rows, a ledger of what was removed and the definitions as
//! they are written, by other code than the library's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod council;
mod removals;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::definition::indicator::{Calculation, Indicator, Kind, When};
use staysafe::gap::{Arrived, GapAnalysis, Why, gap};
use staysafe::period::Period;
use staysafe::record::{Cover, Data, Days, EXPECTED_RETURN, PARTNER_COUNT, Return, Row, Table};
use staysafe::value::{Datum, Value};
use staysafe_synth::Region;

use removals::{QUARTERS, YEAR, checked, in_year, last_day_only, on};

/// A dataset of the council: its columns, its rows, and the quarters whose return holds each.
struct Held {
    /// Which of the council's returns carries it, by name.
    carrier: String,
    fields: Vec<String>,
    rows: Vec<(Vec<Datum>, BTreeSet<usize>)>,
}

/// What the council has of a year.
struct Council {
    datasets: BTreeMap<String, Held>,
    /// Its returns without tables, by name.
    carriers: BTreeMap<String, Return>,
}

fn days(quarter: usize) -> Days {
    let period: Period = QUARTERS[quarter].parse().unwrap();
    Days { first: period.first_day(), last: period.last_day() }
}

/// The quarters whose return holds a record: those in which it happens, starts, ends or runs; every one where nobody
/// can say when that is.
fn quarters_of(dataset: &Dataset, fields: &[String], values: &[Datum]) -> BTreeSet<usize> {
    let day = |name: Option<&str>| -> Option<NaiveDate> {
        match &values[fields.iter().position(|field| Some(field.as_str()) == name)?] {
            Datum::Known(Value::Date(day)) => Some(*day),
            _ => None,
        }
    };
    let named = [&dataset.dates.event, &dataset.dates.start, &dataset.dates.end]
        .map(|name| name.as_ref().map(|name| name.value.as_str()));
    let [event, start, end] = named.map(day);
    let holds = |quarter: &usize| {
        let of = days(*quarter);
        let within = |day: Option<NaiveDate>| day.is_some_and(|day| of.first <= day && day <= of.last);
        let runs = named[2].is_some()
            && start.is_some_and(|start| start <= of.last && end.is_none_or(|end| end > of.first));
        [event, start, end] == [None; 3] || within(event) || within(start) || within(end) || runs
    };
    (0..QUARTERS.len()).filter(holds).collect()
}

/// The census and the looked-after return of the year, and each register.
fn whole() -> &'static Council {
    static COUNCIL: OnceLock<Council> = OnceLock::new();
    COUNCIL.get_or_init(|| {
        let region = Region { children: 240, seed: 6, year: 2026, years: 2, ..Region::default() };
        let made = council::made(checked(), &region);
        let known = &checked().framework().datasets;
        let mut all = Council { datasets: BTreeMap::new(), carriers: BTreeMap::new() };
        let year: Period = YEAR.parse().unwrap();
        for of in made.data.returns {
            if of.reference_date.is_some_and(|day| day < year.first_day()) {
                continue;
            }
            // What was asked for and what was counted stand beside records, and have tests of their own.
            if of.tables.keys().any(|id| [EXPECTED_RETURN, PARTNER_COUNT].contains(&id.as_str())) {
                continue;
            }
            for (id, table) in &of.tables {
                let fields: Vec<String> = table.fields.iter().map(ToString::to_string).collect();
                let rows = table.rows.iter().map(|row| {
                    let quarters = quarters_of(&known[id], &fields, &row.values);
                    (row.values.clone(), quarters)
                });
                let rows = rows.filter(|(_, quarters)| !quarters.is_empty()).collect();
                let held = Held { carrier: of.name.clone(), fields, rows };
                assert!(all.datasets.insert(id.clone(), held).is_none(), "{id} is carried by one return");
            }
            all.carriers.insert(of.name.clone(), Return { tables: BTreeMap::new(), ..of });
        }
        all
    })
}

/// What was removed of what the council has.
#[derive(Debug, Default)]
struct Ledger {
    agencies: BTreeSet<String>,
    /// A return of a quarter, by the return's name.
    quarters: BTreeSet<(String, usize)>,
    /// Fields, in some quarters; whether the column went, or only its values.
    fields: BTreeMap<(String, String), (BTreeSet<usize>, bool)>,
}

impl Ledger {
    fn has(&self, dataset: &str, quarter: usize) -> bool {
        let Some(held) = whole().datasets.get(dataset) else { return false };
        let holder = &checked().framework().datasets[dataset].holder.value;
        !self.agencies.contains(holder) && !self.quarters.contains(&(held.carrier.clone(), quarter))
    }

    fn cut(&self, dataset: &str, field: &str, quarter: usize) -> Option<bool> {
        let (quarters, column) = self.fields.get(&(dataset.to_owned(), field.to_owned()))?;
        quarters.contains(&quarter).then_some(*column)
    }

    /// The returns that are left: one for each of the council's and each quarter.
    fn returns(&self) -> Vec<Return> {
        let mut returns = Vec::new();
        for (name, of) in &whole().carriers {
            for (quarter, label) in QUARTERS.iter().enumerate() {
                let days = days(quarter);
                let mut tables = BTreeMap::new();
                for (id, held) in whole().datasets.iter().filter(|(_, held)| held.carrier == *name) {
                    if self.has(id, quarter) {
                        tables.insert(id.clone(), self.table(id, held, quarter));
                    }
                }
                if !tables.is_empty() {
                    let name = format!("{name} {label}");
                    returns.push(Return { name, reference_date: Some(days.last), tables, ..of.clone() });
                }
            }
        }
        returns
    }

    fn table(&self, id: &str, held: &Held, quarter: usize) -> Table {
        let cuts: Vec<Option<bool>> = held.fields.iter().map(|field| self.cut(id, field, quarter)).collect();
        let kept = |at: &usize| cuts[*at] != Some(true);
        let row = |(number, (values, _)): (usize, &(Vec<Datum>, BTreeSet<usize>))| {
            let value = |at: usize| if cuts[at].is_some() { Datum::Missing } else { values[at].clone() };
            let values = (0..values.len()).filter(kept).map(value).collect();
            Row { values, origin: u32::try_from(number + 1).unwrap() }
        };
        let here = held.rows.iter().filter(|(_, quarters)| quarters.contains(&quarter));
        Table {
            fields: (0..held.fields.len()).filter(kept).map(|at| held.fields[at].as_str().into()).collect(),
            rows: here.enumerate().map(row).collect(),
            cover: Cover::all(days(quarter)),
        }
    }

    fn arrived(&self) -> Arrived {
        Arrived::of(checked(), &Data { returns: self.returns() }, &[]).unwrap()
    }

    /// What should be found of a dataset of which some quarters are asked; of any day where none is named.
    fn of(
        &self,
        indicator: &Indicator,
        dataset: &str,
        fields: &BTreeSet<String>,
        asked: Option<&[usize]>,
    ) -> BTreeSet<Why> {
        let known = checked().framework().datasets.get(dataset);
        let all: Vec<usize> = (0..QUARTERS.len()).filter(|quarter| self.has(dataset, *quarter)).collect();
        // Rows that speak of their return's year alone are those of the latest return.
        let of_the_year = known.is_some_and(|known| known.of_the_year);
        let left = if of_the_year { &all[all.len().saturating_sub(1)..] } else { &all[..] };
        let quarters = asked.unwrap_or(&[0, 1, 2, 3]);
        let there: Vec<usize> = left.iter().copied().filter(|quarter| quarters.contains(quarter)).collect();
        let id = || dataset.to_owned();
        if there.is_empty() {
            let kind = known.map(|known| &known.carried_by.value);
            let without = whole().datasets.iter().any(|(other, held)| {
                Some(&whole().carriers[&held.carrier].kind) == kind
                    && quarters.iter().any(|quarter| !all.contains(quarter) && self.has(other, *quarter))
            });
            return [if without {
                Why::DatasetNotCarried { dataset: id() }
            } else if all.is_empty() {
                Why::DatasetNotArrived { dataset: id() }
            } else {
                Why::OutsideCover { dataset: id() }
            }]
            .into();
        }
        let mut found = BTreeSet::new();
        if asked.is_some() && there.len() < quarters.len() {
            found.insert(Why::PartlyCovered { dataset: id() });
        }
        let held = &whole().datasets[dataset];
        // A record stands as the last return that is there and holds it has it.
        let standing: Vec<(&Vec<Datum>, usize)> = held
            .rows
            .iter()
            .filter_map(|(values, quarters)| {
                let last = *left.iter().rfind(|quarter| quarters.contains(quarter))?;
                there.contains(&last).then_some((values, last))
            })
            .collect();
        for field in fields {
            let at = held.fields.iter().position(|name| name == field);
            let has = |quarter: &usize| at.is_some() && self.cut(dataset, field, *quarter) != Some(true);
            let (dataset, field) = (id(), field.clone());
            let lacking = there.iter().filter(|quarter| !has(quarter)).count();
            if lacking == there.len() || asked.is_some() && lacking > 0 {
                found.insert(Why::FieldNotCarried { dataset, field });
                continue;
            }
            let is_known = |(values, quarter): &&(&Vec<Datum>, usize)| {
                self.cut(&dataset, &field, *quarter).is_none()
                    && matches!(at.map(|at| &values[at]), Some(Datum::Known(_)))
            };
            let (known, rows) = (standing.iter().filter(is_known).count() as u64, standing.len() as u64);
            if rows == 0 || blank_is_an_answer(indicator, &dataset, &field) {
            } else if known == 0 {
                found.insert(Why::FieldEmpty { dataset, field });
            } else if known * 10 < rows * 9 {
                found.insert(Why::FieldIncomplete { dataset, field, known, rows });
            }
        }
        found
    }
}

/// Whether a blank says something: the end of what still runs, and what the definition calls *no*.
fn blank_is_an_answer(indicator: &Indicator, dataset: &str, field: &str) -> bool {
    let known = &checked().framework().datasets[dataset];
    let is = |date: &Option<staysafe::diagnostic::Spanned<String>>| {
        date.as_ref().is_some_and(|date| date.value == field)
    };
    let of =
        |from: &str, when: &When| from == dataset && matches!(when, When::Open(_, end) if end.value == field);
    let same = indicator.same_calculation_as.as_ref();
    let same = same.map(|other| &checked().framework().indicators[&other.value]);
    let calculation = indicator.calculation.as_ref().or_else(|| same?.calculation.as_ref());
    let ends_what_is_asked = match calculation {
        None => false,
        Some(Calculation::Ladder(ladder)) => of(&ladder.from.value, &ladder.when),
        Some(Calculation::TwoTotals(totals)) => {
            [&totals.numerator, &totals.denominator].iter().any(|total| of(&total.from.value, &total.when))
        }
    };
    known.fields.iter().any(|known| known.name.value == field && known.missing == Missing::No)
        || is(&known.dates.end) && !is(&known.dates.event)
        || ends_what_is_asked
}

/// Fields that decide neither which record a row is, nor when, nor what it belongs to.
fn removable() -> &'static Vec<(String, String)> {
    static FIELDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let mut all = Vec::new();
        for (id, held) in &whole().datasets {
            let known = &checked().framework().datasets[id];
            let named =
                [&known.key, &known.recognised_by].into_iter().flatten().flat_map(|names| &names.value);
            let dates = [&known.dates.event, &known.dates.start, &known.dates.end, &known.version];
            let links = known.links.iter().flat_map(|link| &link.on).map(|(ours, _)| &ours.value);
            let taken: BTreeSet<&String> = named
                .chain(dates.into_iter().flatten().map(|name| &name.value))
                .chain(links)
                .chain(
                    known
                        .fields
                        .iter()
                        .filter(|field| field.number_of.is_some())
                        .map(|field| &field.name.value),
                )
                .collect();
            all.extend(
                held.fields
                    .iter()
                    .filter(|field| !taken.contains(field))
                    .map(|field| (id.clone(), field.clone())),
            );
        }
        all
    })
}

fn ledgers() -> impl Strategy<Value = Ledger> {
    let known = &checked().framework().datasets;
    let holders: BTreeSet<String> =
        whole().datasets.keys().map(|dataset| known[dataset].holder.value.clone()).collect();
    let returns: Vec<(String, usize)> = whole()
        .carriers
        .keys()
        .flat_map(|name| (0..QUARTERS.len()).map(move |quarter| (name.clone(), quarter)))
        .collect();
    let cut = (proptest::sample::subsequence(vec![0_usize, 1, 2, 3], 1..=4), any::<bool>());
    let fields = proptest::sample::subsequence(removable().clone(), 0..40);
    (
        proptest::sample::subsequence(holders.into_iter().collect::<Vec<_>>(), 0..=3),
        proptest::sample::subsequence(returns, 0..30),
        fields.prop_flat_map(move |fields| {
            let cuts = proptest::collection::vec(cut.clone(), fields.len());
            (Just(fields), cuts)
        }),
    )
        .prop_map(|(agencies, quarters, (fields, cuts))| Ledger {
            agencies: agencies.into_iter().collect(),
            quarters: quarters.into_iter().collect(),
            fields: fields
                .into_iter()
                .zip(cuts)
                .map(|(field, (quarters, column))| (field, (quarters.into_iter().collect(), column)))
                .collect(),
        })
}

/// What an entry says of its data. How late a supplier is by its own rhythm is no matter of what was removed.
fn found(analysis: &GapAnalysis, id: &str) -> BTreeSet<Why> {
    let reasons = analysis.gaps[id].reasons.iter();
    reasons.filter(|why| why.dataset().is_some() && !matches!(why, Why::Stale { .. })).cloned().collect()
}

/// How many things were found, of each kind that is a whole dataset, its days, or a field.
fn is_exactly_what_was_removed(ledger: &Ledger) -> Result<BTreeMap<&'static str, usize>, TestCaseError> {
    let (checked, framework) = (checked(), checked().framework());
    let arrived = ledger.arrived();
    let (ever, year) = (gap(checked, &arrived, &on()), gap(checked, &arrived, &in_year()));
    let mut told: BTreeMap<&'static str, usize> = BTreeMap::new();
    for (id, indicator) in framework.indicators.iter().filter(|(_, of)| of.kind.value != Kind::Group) {
        let need = checked.indicator(id).unwrap().need();
        let expected: BTreeSet<Why> =
            need.iter().flat_map(|(dataset, fields)| ledger.of(indicator, dataset, fields, None)).collect();
        prop_assert_eq!(found(&ever, id), expected, "{}, whatever the period", id);
        let Some(last_day) = last_day_only(framework, indicator) else { continue };
        let asked = |dataset: &str| if last_day.contains(dataset) { &[3][..] } else { &[0, 1, 2, 3] };
        let expected: BTreeSet<Why> = need
            .iter()
            .flat_map(|(dataset, fields)| ledger.of(indicator, dataset, fields, Some(asked(dataset))))
            .collect();
        for why in &expected {
            *told
                .entry(match why {
                    Why::DatasetNotCarried { .. } => "not carried",
                    Why::DatasetNotArrived { .. } => "not arrived",
                    Why::OutsideCover { .. } => "outside cover",
                    Why::PartlyCovered { .. } => "partly covered",
                    Why::FieldNotCarried { .. } => "without a column",
                    Why::FieldEmpty { .. } => "empty",
                    _ => "incomplete",
                })
                .or_default() += 1;
        }
        prop_assert_eq!(found(&year, id), expected, "{} in {}", id, YEAR);
    }
    Ok(told)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_what_a_council_hands_in_the_status_is_exactly_what_was_removed(ledger in ledgers()) {
        is_exactly_what_was_removed(&ledger)?;
    }

    #[test]
    fn removing_from_what_a_council_hands_in_and_adding_back_is_a_round_trip(ledger in ledgers()) {
        let (checked, all) = (checked(), Ledger::default().returns());
        let mut again = ledger.returns();
        let as_they_were: BTreeMap<&str, &Return> = all.iter().map(|of| (of.name.as_str(), of)).collect();
        // What came in part is sent again as a whole, and stands behind the rest.
        again.retain(|of| as_they_were[of.name.as_str()] == of);
        let kept: BTreeSet<String> = again.iter().map(|of| of.name.clone()).collect();
        again.extend(all.iter().filter(|of| !kept.contains(&of.name)).cloned());
        let again = Arrived::of(checked, &Data { returns: again }, &[]).unwrap();
        let before = Ledger::default().arrived();
        prop_assert_eq!(&again, &before);
        prop_assert_eq!(gap(checked, &again, &in_year()), gap(checked, &before, &in_year()));
        prop_assert_eq!(gap(checked, &again, &on()), gap(checked, &before, &on()));
    }
}

/// Every kind of loss is met, and with nothing removed nothing is invented.
#[test]
fn a_council_that_hands_everything_in_misses_nothing_and_each_kind_of_loss_is_told() {
    let kinds: BTreeSet<&str> = whole().carriers.values().map(|of| of.kind.as_str()).collect();
    assert!(
        whole().datasets.len() > 40 && kinds.contains("cin-census") && kinds.contains("ssda903"),
        "{kinds:?}"
    );
    let told = is_exactly_what_was_removed(&Ledger::default()).unwrap();
    for loss in ["outside cover", "partly covered", "without a column"] {
        assert_eq!(told.get(loss), None, "{told:?}");
    }
    let registers = whole().carriers.keys().cloned();
    let some = Ledger {
        agencies: ["police".to_owned()].into(),
        quarters: registers.enumerate().map(|(number, name)| (name, 2 + number % 2)).collect(),
        fields: removable()
            .iter()
            .enumerate()
            .filter(|(number, _)| number % 5 == 0)
            .map(|(number, field)| (field.clone(), (BTreeSet::from([0, 1, 2, 3]), number % 2 == 0)))
            .collect(),
    };
    let told = is_exactly_what_was_removed(&some).unwrap();
    for loss in ["not arrived", "outside cover", "partly covered", "without a column", "empty", "incomplete"]
    {
        assert!(told.contains_key(loss), "{loss}: {told:?}");
    }
}
