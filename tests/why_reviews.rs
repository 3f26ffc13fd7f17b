//! Why a child fails an all-or-nothing measure: the explanation names the review that was late.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;

use staysafe::calculate::why::{Standing, why};
use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::record::{Cover, Data, Return, Row, Table};
use staysafe::value::{Datum, Value};

fn table(fields: &[&str], rows: Vec<Vec<Datum>>) -> Table {
    let fields = fields.iter().map(|field| (*field).into()).collect();
    let rows = (1..).zip(rows).map(|(origin, values)| Row { values, origin }).collect();
    Table { fields, rows, cover: Cover::UNLIMITED }
}

fn day(text: &str) -> Datum {
    Datum::Known(Value::Date(text.parse().unwrap()))
}

#[test]
fn the_review_that_was_late_is_named() {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    let (checked, found) = check(framework);
    let checked = checked.unwrap_or_else(|| panic!("{found:#?}"));
    let child = || Datum::Known(Value::Text("a".into()));
    let plan = || Datum::Known(Value::Int(1));
    let plans = vec![vec![child(), plan(), plan(), day("2009-05-15"), Datum::Missing]];
    let reviews = vec![
        vec![child(), plan(), plan(), day("2009-08-12")],
        vec![child(), plan(), plan(), day("2010-02-20")],
    ];
    let tables = BTreeMap::from([
        (
            "child_protection_plan".to_owned(),
            table(&["child", "referral", "plan", "plan_start", "plan_end"], plans),
        ),
        ("child_protection_review".to_owned(), table(&["child", "referral", "plan", "review_date"], reviews)),
    ]);
    let mut of: Return = serde_json::from_value(serde_json::json!({
        "name": "made by hand", "kind": "cin-census", "area": "E06000001", "reference_date": null, "tables": {}
    }))
    .unwrap();
    of.tables = tables;
    let data = Data { returns: vec![of] };
    let cases = why(&checked, &data, "cs-09", "a", &["2009-10".parse().unwrap()]).unwrap();
    let [case] = cases.as_slice() else { panic!("{cases:#?}") };
    assert_eq!(case.standing, Standing::NotCounted);
    assert!(
        case.words.ends_with(
            "the first that fails: the start of the plan Friday 15 May 2009, due Friday 12 February 2010, held \
             Saturday 20 February 2010, status held late"
        ),
        "{}",
        case.words
    );
}
