//! From the returns of a council that does not exist, whole agencies, fields and quarters are removed at random: the
//! status is exactly what was removed, nothing missed and nothing invented, and adding it back leaves no trace.
//!
//! What should be found is worked out from a ledger of what was removed and from the definitions as they are written,
//! by other code than the library's.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod removals;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::NaiveDate;
use proptest::prelude::*;
use staysafe::definition::dataset::{Dataset, Missing};
use staysafe::definition::framework::Framework;
use staysafe::definition::indicator::Kind;
use staysafe::gap::{Arrived, GapAnalysis, Grain, Status, Supply, Why, gap, matrix, supposed};
use staysafe::period::Period;
use staysafe::record::{Cover, Data, Days, EXPECTED_RETURN, Return, Row, Submission, Table};
use staysafe::value::{Datum, Type, Value};
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};

use removals::{QUARTERS, YEAR, checked, in_year, last_day_only, on};

const AREA: &str = "E06000001";
/// The rows of a dataset for a quarter: every field filled in, every record another.
fn rows(dataset: &Dataset, quarter: usize, first: NaiveDate) -> Vec<Row> {
    let row = |number: usize| {
        let values = dataset.fields.iter().map(|field| {
            Datum::Known(match field.ty.value {
                Type::Bool => Value::Bool(true),
                Type::Int => Value::Int(i64::try_from(quarter * 10 + number).unwrap()),
                Type::Decimal => Value::Decimal(1.into()),
                Type::Date => Value::Date(first + chrono::Days::new(number as u64)),
                Type::Text => Value::Text(format!("{quarter}-{number}").into()),
            })
        });
        Row { values: values.collect(), origin: u32::try_from(number).unwrap() }
    };
    (1..=3).map(row).collect()
}

/// A delivery of every dataset of the framework in every quarter, by dataset and quarter.
fn deliveries() -> &'static BTreeMap<(String, usize), Return> {
    static DELIVERIES: OnceLock<BTreeMap<(String, usize), Return>> = OnceLock::new();
    DELIVERIES.get_or_init(|| {
        let datasets = checked().framework().datasets.values();
        let datasets = datasets.filter(|dataset| dataset.id.value != EXPECTED_RETURN && !dataset.of_the_year);
        let mut all = BTreeMap::new();
        for dataset in datasets {
            for (quarter, label) in QUARTERS.iter().enumerate() {
                let period: Period = label.parse().unwrap();
                let cover = Cover::all(Days { first: period.first_day(), last: period.last_day() });
                let fields = dataset.fields.iter().map(|field| field.name.value.as_str().into()).collect();
                let table = Table { fields, rows: rows(dataset, quarter, period.first_day()), cover };
                let of = Return {
                    name: format!("{}-{quarter}", dataset.id.value),
                    kind: dataset.carried_by.value.clone(),
                    area: AREA.to_owned(),
                    reference_date: Some(period.last_day()),
                    serial: None,
                    made_at: None,
                    submission: Submission::default(),
                    truncated: false,
                    tables: [(dataset.id.value.clone(), table)].into(),
                };
                all.insert((dataset.id.value.clone(), quarter), of);
            }
        }
        all
    })
}

/// What was removed.
#[derive(Debug, Default)]
struct Ledger {
    agencies: BTreeSet<String>,
    quarters: BTreeSet<(String, usize)>,
    /// Fields; whether the column went, or only its values.
    fields: BTreeMap<(String, String), bool>,
}

impl Ledger {
    fn has(&self, framework: &Framework, dataset: &str, quarter: usize) -> bool {
        let known = framework.datasets.get(dataset);
        known.is_some_and(|known| {
            !known.of_the_year
                && !self.agencies.contains(&known.holder.value)
                && !self.quarters.contains(&(dataset.to_owned(), quarter))
        })
    }

    fn data(&self, framework: &Framework) -> Data {
        let kept =
            deliveries().iter().filter(|((dataset, quarter), _)| self.has(framework, dataset, *quarter));
        Data { returns: kept.map(|((dataset, _), of)| self.without_fields(dataset, of)).collect() }
    }

    fn without_fields(&self, dataset: &str, of: &Return) -> Return {
        let mut of = of.clone();
        let table = of.tables.get_mut(dataset).unwrap();
        for ((_, field), column) in self.fields.iter().filter(|((id, _), _)| id == dataset) {
            let at = table.fields.iter().position(|name| **name == **field).unwrap();
            if *column {
                table.fields.remove(at);
            }
            for row in &mut table.rows {
                if *column {
                    row.values.remove(at);
                } else {
                    row.values[at] = Datum::Missing;
                }
            }
        }
        of
    }

    /// What should be found of a dataset of which the days of some quarters are asked; of any day where none is named.
    fn of(
        &self,
        framework: &Framework,
        dataset: &str,
        fields: &BTreeSet<String>,
        asked: &[usize],
    ) -> BTreeSet<Why> {
        let id = || dataset.to_owned();
        let quarters: &[usize] = if asked.is_empty() { &[0, 1, 2, 3] } else { asked };
        let there: Vec<usize> =
            quarters.iter().copied().filter(|q| self.has(framework, dataset, *q)).collect();
        if there.is_empty() {
            let kind = framework.datasets.get(dataset).map(|known| &known.carried_by.value);
            let sister = framework.datasets.values().any(|other| {
                Some(&other.carried_by.value) == kind
                    && quarters.iter().any(|quarter| {
                        other.id.value != dataset
                            && deliveries().contains_key(&(other.id.value.clone(), *quarter))
                            && self.has(framework, &other.id.value, *quarter)
                    })
            });
            let at_all = (0..4).any(|quarter| self.has(framework, dataset, quarter));
            return BTreeSet::from([if sister {
                Why::DatasetNotCarried { dataset: id() }
            } else if at_all {
                Why::OutsideCover { dataset: id() }
            } else {
                Why::DatasetNotArrived { dataset: id() }
            }]);
        }
        let mut found = BTreeSet::new();
        if !asked.is_empty() && there.len() < quarters.len() {
            found.insert(Why::PartlyCovered { dataset: id() });
        }
        for ((_, field), column) in
            self.fields.iter().filter(|((of, field), _)| of == dataset && fields.contains(field))
        {
            let (dataset, field) = (id(), field.clone());
            found.insert(if *column {
                Why::FieldNotCarried { dataset, field }
            } else {
                Why::FieldEmpty { dataset, field }
            });
        }
        found
    }
}

/// The reasons of an entry that speak of its data, without warnings.
fn found(analysis: &GapAnalysis, id: &str) -> BTreeSet<Why> {
    let reasons = analysis.gaps[id].reasons.iter();
    reasons.filter(|why| why.dataset().is_some() && !why.is_warning()).cloned().collect()
}

/// Fields whose loss changes nothing but themselves: no key, no date, no blank that is an answer.
fn removable() -> &'static Vec<(String, String)> {
    static FIELDS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    FIELDS.get_or_init(|| {
        let mut all = Vec::new();
        for dataset in checked().framework().datasets.values() {
            if !deliveries().contains_key(&(dataset.id.value.clone(), 0)) {
                continue;
            }
            let named =
                [&dataset.key, &dataset.recognised_by].into_iter().flatten().flat_map(|names| &names.value);
            let dates = [&dataset.dates.event, &dataset.dates.start, &dataset.dates.end, &dataset.version];
            let taken: BTreeSet<&str> = named
                .map(String::as_str)
                .chain(dates.into_iter().flatten().map(|name| name.value.as_str()))
                .chain(
                    dataset.links.iter().flat_map(|link| link.on.iter().map(|(ours, _)| ours.value.as_str())),
                )
                .collect();
            for field in &dataset.fields {
                let is_end = field.ty.value == Type::Date;
                let plain = field.missing != Missing::No && field.number_of.is_none() && !is_end;
                if plain && !taken.contains(field.name.value.as_str()) {
                    all.push((dataset.id.value.clone(), field.name.value.clone()));
                }
            }
        }
        all
    })
}

fn ledgers() -> impl Strategy<Value = Ledger> {
    let framework = checked().framework();
    let holders: BTreeSet<String> =
        framework.datasets.values().map(|dataset| dataset.holder.value.clone()).collect();
    let holders: Vec<String> = holders.into_iter().collect();
    let pieces: Vec<(String, usize)> = deliveries().keys().cloned().collect();
    let agencies = proptest::sample::subsequence(holders.clone(), 0..=3.min(holders.len()));
    let quarters = proptest::sample::subsequence(pieces, 0..30);
    let fields = proptest::sample::subsequence(removable().clone(), 0..20);
    (agencies, quarters, fields, any::<u64>()).prop_map(|(agencies, quarters, fields, columns)| Ledger {
        agencies: agencies.into_iter().collect(),
        quarters: quarters.into_iter().collect(),
        fields: fields
            .into_iter()
            .enumerate()
            .map(|(at, field)| (field, columns >> (at % 64) & 1 == 1))
            .collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_status_is_exactly_what_was_removed(ledger in ledgers()) {
        let (checked, framework) = (checked(), checked().framework());
        let arrived = Arrived::of(checked, &ledger.data(framework), &[]).unwrap();
        let (ever, year) = (gap(checked, &arrived, &on()), gap(checked, &arrived, &in_year()));
        for (id, indicator) in &framework.indicators {
            if indicator.kind.value == Kind::Group {
                continue;
            }
            let need = checked.indicator(id).unwrap().need();
            let expected: BTreeSet<Why> =
                need.iter().flat_map(|(dataset, fields)| ledger.of(framework, dataset, fields, &[])).collect();
            prop_assert_eq!(found(&ever, id), expected, "{}, whatever the period", id);
            if let Some(last_day) = last_day_only(framework, indicator) {
                let asked = |dataset: &str| if last_day.contains(dataset) { vec![3] } else { vec![0, 1, 2, 3] };
                let expected: BTreeSet<Why> = need
                    .iter()
                    .flat_map(|(dataset, fields)| ledger.of(framework, dataset, fields, &asked(dataset)))
                    .collect();
                prop_assert_eq!(found(&year, id), expected, "{} in {}", id, YEAR);
            }
        }
        // The matrix says the same in fewer words.
        let facts = matrix(checked, &arrived, &in_year());
        for row in facts.rows(Grain::default()) {
            let own = &year.gaps[row.indicator];
            prop_assert_eq!(row.status.supply(), own.status.supply(), "{}", row.indicator);
            if own.supply != Supply::None || own.proxy.is_none() {
                prop_assert_eq!(row.headline.unwrap_or(own.headline), own.headline, "{}", row.indicator);
            }
        }
    }

    /// What is removed and added back leaves no trace.
    #[test]
    fn removing_and_adding_back_is_a_round_trip(ledger in ledgers()) {
        let (checked, framework) = (checked(), checked().framework());
        let whole = Arrived::of(checked, &Ledger::default().data(framework), &[]).unwrap();
        let less = ledger.data(framework);
        let names: BTreeSet<&str> = less.returns.iter().map(|of| of.name.as_str()).collect();
        let cut = |of: &Return| ledger.fields.keys().any(|(dataset, _)| of.tables.contains_key(dataset));
        let mut again: Vec<Return> = less.returns.iter().filter(|of| !cut(of)).cloned().collect();
        let lost = Ledger::default().data(framework).returns;
        again.extend(lost.into_iter().filter(|of| !names.contains(of.name.as_str()) || cut(of)));
        let again = Arrived::of(checked, &Data { returns: again }, &[]).unwrap();
        prop_assert_eq!(&again, &whole);
        prop_assert_eq!(gap(checked, &again, &in_year()), gap(checked, &whole, &in_year()));
        // Supposing a loss says what the loss of the records themselves does; supposing it away again restores the picture.
        for agency in &ledger.agencies {
            let suppose = |changes: &[String]| {
                let changes: Vec<_> = changes.iter().map(|change| change.parse().unwrap()).collect();
                let (arrived, circumstances) = supposed(checked, &whole, &on(), &changes).unwrap();
                gap(checked, &arrived, &circumstances)
            };
            let only = Ledger { agencies: [agency.clone()].into(), ..Ledger::default() };
            let really = Arrived::of(checked, &only.data(framework), &[]).unwrap();
            let supplies = |analysis: &GapAnalysis| -> BTreeSet<(String, Option<Supply>)> {
                analysis.gaps.iter().map(|(id, gap)| (id.clone(), gap.status.supply())).collect()
            };
            let (as_supposed, as_is) = (suppose(&[format!("lose agency {agency}")]), gap(checked, &really, &on()));
            let differ: Vec<_> = supplies(&as_supposed).symmetric_difference(&supplies(&as_is)).cloned().collect();
            prop_assert!(differ.is_empty(), "without {}: {:?}", agency, differ);
            let and_back = suppose(&[format!("lose agency {agency}"), format!("gain agency {agency}")]);
            // What is gained is whole, and so may be more than there was; never less.
            for (id, was) in gap(checked, &whole, &on()).gaps {
                prop_assert!(and_back.gaps[&id].status.supply() == was.status.supply()
                    || was.supply != Supply::Available, "{} after {}", id, agency);
            }
        }
    }
}

/// The census of a council, with some of its modules and columns left out: the entries that need them say so, and no
/// other entry changes.
#[test]
fn a_module_or_a_column_of_a_census_is_missed_by_who_needs_it_and_by_nobody_else() {
    let mut file = Vec::new();
    council(&Options { children: 300, ..Options::default() }, &mut file).unwrap();
    let whole = read_census("cin.xml", &file[..], &ReadOptions::default()).unwrap().data;
    let checked = checked();
    let analysed = |of: &Return| {
        let data = Data { returns: vec![of.clone()] };
        gap(checked, &Arrived::of(checked, &data, &[]).unwrap(), &on())
    };
    let before = analysed(&whole);
    for dataset in whole.tables.keys() {
        let mut less = whole.clone();
        less.tables.remove(dataset);
        let after = analysed(&less);
        for (id, gap) in &after.gaps {
            let needs = checked.indicator(id).unwrap().need().contains_key(dataset);
            let group = checked.framework().indicators[id].kind.value == Kind::Group;
            let says = gap.reasons.contains(&Why::DatasetNotCarried { dataset: dataset.clone() });
            assert_eq!(says, needs && !group, "{id} without {dataset}");
            assert!(needs || group || gap.status == before.gaps[id].status, "{id} without {dataset}");
        }
        for field in &whole.tables[dataset].fields {
            let mut less = whole.clone();
            let table = less.tables.get_mut(dataset).unwrap();
            let at = table.fields.iter().position(|name| name == field).unwrap();
            table.fields.remove(at);
            table.rows.iter_mut().for_each(|row| drop(row.values.remove(at)));
            let after = analysed(&less);
            let field = field.to_string();
            for (id, gap) in &after.gaps {
                let needs = checked.indicator(id).unwrap().need().get(dataset);
                let needs = needs.is_some_and(|fields| fields.contains(&field));
                let says = gap
                    .reasons
                    .contains(&Why::FieldNotCarried { dataset: dataset.clone(), field: field.clone() });
                assert_eq!(says, needs, "{id} without {dataset}.{field}");
            }
        }
    }
    assert!(before.gaps.values().any(|gap| gap.status.has(Status::SOME_THERE)));
}
