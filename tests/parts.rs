//! Parts of the records, counted apart and merged in any order, give what one calculation of them all gives.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "engine/records.rs"]
mod records;

use std::collections::BTreeMap;

use proptest::prelude::*;
use records::Dice;
use staysafe::calculate::part::{Given, Part, calculate_part};
use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::plan::{Division, Plan, Request, Share, bucket, division, plan};
use staysafe::progress::Watch;
use staysafe::record::{Data, EXPECTED_RETURN, PARTNER_COUNT, Return, Row};
use staysafe::result::Results;
use staysafe::value::Datum;
use staysafe_arrow::{Loading, Work, calculate_part_loaded};

fn framework() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    check(framework).0.unwrap()
}

fn request(by: &[&str], indicators: Vec<String>, beyond_cover: bool) -> Request {
    let labels =
        ["2009-10 Q4", "2010-11 Q1", "2010-11", "12 months to 31 Dec 2010", "Apr 2010", "30 Sep 2010"];
    Request {
        periods: labels.iter().map(|label| label.parse().unwrap()).collect(),
        by: by.iter().map(|name| (*name).to_owned()).collect(),
        beyond_cover,
        readings: true,
        indicators,
    }
}

fn without_registers(mut data: Data) -> Data {
    for of in &mut data.returns {
        of.tables.remove(EXPECTED_RETURN);
        of.tables.remove(PARTNER_COUNT);
    }
    data.returns.retain(|of| !of.tables.is_empty());
    data
}

/// Merges parts two by two in an order of the dice.
fn merged(mut parts: Vec<Part>, dice: &mut Dice) -> Part {
    while parts.len() > 1 {
        let mut any = |parts: &mut Vec<Part>| {
            let at = usize::try_from(dice.below(parts.len() as u64)).unwrap();
            parts.swap_remove(at)
        };
        let (a, b) = (any(&mut parts), any(&mut parts));
        parts.push(a.merge(b).unwrap_or_else(|error| panic!("{error}")));
    }
    parts.pop().unwrap()
}

fn same(found: &Results, expected: &Results) {
    for (found, expected) in found.observations.iter().zip(&expected.observations) {
        assert_eq!(found, expected, "merged, beside calculated at once");
    }
    assert_eq!(found.observations.len(), expected.observations.len());
    assert_eq!(found, expected);
}

/// The rows of a return dealt out to parts as a division allows.
fn dealt(of: &Return, division: &Division, authority: &str, parts: u64, dice: &mut Dice) -> Vec<Return> {
    let mut of = of.clone();
    of.tables.retain(|id, _| division.tables().contains_key(id));
    let empty = Return {
        tables: of
            .tables
            .iter()
            .map(|(id, table)| (id.clone(), staysafe::record::Table { rows: Vec::new(), ..table.clone() }))
            .collect(),
        ..of.clone()
    };
    let mut made: Vec<Return> = (0..parts).map(|_| empty.clone()).collect();
    for (id, table) in &of.tables {
        let divided = &division.tables()[id];
        let column = match &divided.share {
            Share::By(field) => table.fields.iter().position(|name| **name == **field),
            Share::Anyhow | Share::Whole(_) => None,
        };
        for row in &table.rows {
            let of = |row: &Row| column.map_or(Datum::Missing, |column| row.values[column].clone());
            let to = match divided.share {
                Share::Anyhow => dice.below(parts),
                Share::By(_) | Share::Whole(_) => u64::from(bucket(authority, &of(row))) % parts,
            };
            made[usize::try_from(to).unwrap()].tables.get_mut(id).unwrap().rows.push(row.clone());
        }
    }
    made
}

/// The same part of columns that were loaded, where nothing in them is a matter of records.
fn of_columns(checked: &Checked, plan: &Plan, data: &Data, given: Given<'_>) -> Option<Part> {
    let mut loading = Loading::new(checked.framework());
    data.returns.iter().for_each(|of| loading.add(of).unwrap());
    let loaded = loading.finish().ok()?;
    let nobody = Watch::nobody();
    let work = Work::alone(&nobody);
    Some(calculate_part_loaded(checked, plan, &loaded, given, &work).unwrap())
}

fn by_rows(checked: &Checked, plan: &Plan, data: &Data, parts: u64, dice: &mut Dice) -> Vec<Part> {
    let division = division(checked, plan);
    let mut made: Vec<Data> = (0..parts).map(|_| Data::default()).collect();
    for of in &data.returns {
        for (part, of) in made.iter_mut().zip(dealt(of, &division, &of.area, parts, dice)) {
            part.returns.push(of);
        }
    }
    made.iter()
        .enumerate()
        .map(|(number, data)| {
            let name = format!("part {number}");
            let part = staysafe_arrow::calculate_part(
                checked,
                plan,
                data,
                Given::Rows(&name),
                &Work::alone(&Watch::nobody()),
            );
            let part = part.unwrap_or_else(|error| panic!("{error}"));
            if let Some(loaded) = of_columns(checked, plan, data, Given::Rows(&name)) {
                assert_eq!(loaded, part, "of columns, beside records");
            }
            part
        })
        .collect()
}

/// So many cases, or as many as `PROPTEST_CASES` asks for.
fn usually(cases: u32) -> ProptestConfig {
    let given = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { given.cases } else { cases };
    ProptestConfig { cases, ..given }
}

proptest! {
    #![proptest_config(usually(4))]

    #[test]
    fn whole_authorities_merge_for_every_indicator(seed in any::<u64>(), rows in 1u64..10, beyond_cover in any::<bool>(), by in 0usize..4) {
        let checked = framework();
        let mut dice = Dice(seed);
        let areas: Vec<String> = checked.framework().areas.keys().take(5).cloned().chain(["X9".to_owned()]).collect();
        let mut data = Data::default();
        // The generator makes one or two authorities at a time.
        for (number, two) in areas.chunks(2).enumerate() {
            data.returns.extend(without_registers(records::data(&checked, two, rows, seed.wrapping_add(number as u64))).returns);
        }
        let by: &[&str] = [&[][..], &["area"], &["area", "ethnicity"], &["region", "sex"]][by];
        let plan = plan(&checked, &request(by, Vec::new(), beyond_cover)).unwrap();
        let Ok(whole) = calculate(&checked, &plan, &data) else { return Ok(()) };

        let mut given: BTreeMap<u64, Data> = BTreeMap::from([(9, Data::default())]);
        let mut to: BTreeMap<String, u64> = BTreeMap::new();
        for of in data.returns {
            let part = *to.entry(of.area.clone()).or_insert_with(|| dice.below(3));
            given.entry(part).or_default().returns.push(of);
        }
        let mut parts: Vec<Part> = Vec::new();
        for data in given.values() {
            let part = staysafe_arrow::calculate_part(&checked, &plan, data, Given::Whole, &Work::alone(&Watch::nobody())).unwrap();
            let slow = calculate_part(&checked, &plan, data, Given::Whole, &Watch::nobody()).unwrap();
            for (found, expected) in part.candidates.iter().zip(&slow.candidates) {
                prop_assert_eq!(found, expected, "the engine's beside the reference's");
            }
            prop_assert_eq!(&part.first_days, &slow.first_days);
            prop_assert_eq!(&part, &slow);
            if let Some(loaded) = of_columns(&checked, &plan, data, Given::Whole) {
                prop_assert_eq!(&loaded, &part, "of columns");
            }
            parts.push(part);
        }
        match merged(parts, &mut dice).settle(&checked) {
            Ok(settled) => same(&finish(&checked, &settled), &finish(&checked, &whole)),
            Err(error) => prop_assert!(error.to_string().contains("last known"), "{error}"),
        }
    }

}

proptest! {
    #![proptest_config(usually(16))]

    #[test]
    fn rows_merge_as_the_division_allows(seed in any::<u64>(), rows in 1u64..20, beyond_cover in any::<bool>(), by in 0usize..4, few in any::<bool>()) {
        let checked = framework();
        let mut dice = Dice(seed);
        let areas: Vec<String> = checked.framework().areas.keys().take(3).cloned().collect();
        let mut data = without_registers(records::data(&checked, &areas, rows, seed));
        // One return of each kind: which of several holds can be said only of all rows.
        data.returns.retain(|of| of.name.ends_with("-0"));
        let by: &[&str] = [&[][..], &["area"], &["area", "ethnicity"], &["region", "sex"]][by];
        // Of all indicators together much is held together; of one alone, little.
        let ids: Vec<String> = checked.indicators().keys().cloned().collect();
        let indicators = if few {
            // What looks at a whole table is among them now and then.
            let any = (0..3).map(|_| ids[usize::try_from(dice.below(ids.len() as u64)).unwrap()].clone());
            any.chain((seed % 4 == 0).then(|| "cs-09".to_owned())).collect()
        } else {
            Vec::new()
        };
        let plan = plan(&checked, &request(by, indicators, beyond_cover)).unwrap();
        let division = division(&checked, &plan);
        for of in &mut data.returns {
            of.tables.retain(|id, _| division.tables().contains_key(id));
        }
        data.returns.retain(|of| !of.tables.is_empty());
        let Ok(whole) = calculate(&checked, &plan, &data) else { return Ok(()) };
        let parts = by_rows(&checked, &plan, &data, 3, &mut dice);
        match merged(parts, &mut dice).settle(&checked) {
            Ok(mut settled) => {
                // What the rows came in is another set of files.
                settled.made_of.data = whole.made_of.data.clone();
                same(&finish(&checked, &settled), &finish(&checked, &whole));
            }
            Err(error) => prop_assert!(error.to_string().contains("last known"), "{error}"),
        }
    }
}
