//! Chains and schedules against plain loops that share nothing with them.

use std::collections::BTreeMap;

use chrono::{Days as DaysOn, Months, NaiveDate};
use proptest::prelude::*;

use super::super::records::Records;
use super::super::table::moment;
use super::Derivations;
use crate::calculate::join::alone;
use crate::check::{Checked, check};
use crate::definition::read::read;
use crate::record::{Cover, Days, Return, Row, Submission, Table};
use crate::value::{Datum, Value};

const FRAMEWORK: &str = "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n";
const SPELL: &str = r#"
id = "spell"
title = "Spells"
carried_by = "r"
holder = "h"
area = "given"
key = ["child", "begun"]
[[field]]
name = "child"
type = "whole number"
[[field]]
name = "begun"
type = "date"
[[field]]
name = "ended"
type = "date"
[[field]]
name = "why"
type = "text"
[[link]]
name = "reviews"
to = "review"
on = { child = "child" }
"#;
const REVIEW: &str = r#"
id = "review"
title = "Reviews"
carried_by = "r"
holder = "h"
area = "given"
key = ["child", "review_date"]
[[field]]
name = "child"
type = "whole number"
[[field]]
name = "review_date"
type = "date"
"#;
const STAY: &str = r#"
id = "stay"
from = "spell"
[[derive]]
step = "chain"
key = ["child"]
order = ["begun"]
skip = "why = 'away'"
joins_when = "prev.why = 'on' AND prev.ended = begun"
first = { start = "begun" }
last = { end = "ended" }
any = { went = "why = 'end'" }
rows = "spells"
start_known = "why = 'on'"
"#;

fn due_table(known: &str) -> String {
    format!(
        r#"
id = "due"
from = "spell"
[[derive]]
step = "schedule"
key = ["child", "begun"]
anchor = "begun"
anchor_known = "{known}"
held = "reviews.review_date"
first_due = "28 days"
next_due = "3 months, then 6 months"
until = "ended"
"#
    )
}

fn checked(due: &str) -> Checked {
    let files = [
        ("framework.toml", FRAMEWORK),
        ("agencies.toml", "[[agency]]\nid = \"h\"\nname = \"H\"\n"),
        ("datasets/spell.toml", SPELL),
        ("datasets/review.toml", REVIEW),
        ("derived/stay.toml", STAY),
        ("derived/due.toml", due),
    ];
    let (framework, found) = read(files);
    assert!(!found.has_errors(), "{found:#?}");
    let (checked, found) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:#?}"))
}

fn day(n: u64) -> NaiveDate {
    "2010-01-01".parse::<NaiveDate>().unwrap().checked_add_days(DaysOn::new(n)).unwrap()
}

fn date(n: Option<u64>) -> Datum {
    n.map_or(Datum::Missing, |n| Datum::Known(Value::Date(day(n))))
}

fn table(fields: &[&str], rows: Vec<Vec<Datum>>, cover: Cover) -> Table {
    let fields = fields.iter().map(|field| (*field).into()).collect();
    let rows = (1..).zip(rows).map(|(origin, values)| Row { values, origin }).collect();
    Table { fields, rows, cover }
}

fn made_return(tables: BTreeMap<String, Table>) -> Return {
    Return {
        name: "r".to_owned(),
        kind: "r".to_owned(),
        area: "a".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables,
    }
}

/// The rows of a derived table, in a period that ends on a day.
fn derived(checked: &Checked, id: &str, tables: BTreeMap<String, Table>, last: NaiveDate) -> Vec<Vec<Datum>> {
    let of = made_return(tables);
    let authority = alone(checked, &of).unwrap();
    let records = Records::new(checked, &authority);
    let moment = moment(&last.to_string().parse().unwrap(), None).unwrap();
    let records = Derivations::default().onto(checked, &records, None, &[id.to_owned()], moment).unwrap();
    records.table(id).unwrap().rows.iter().map(|row| row.values.clone()).collect()
}

#[derive(Debug, Clone)]
struct Spell {
    child: i64,
    from: u64,
    to: Option<u64>,
    why: Option<&'static str>,
}

fn spells() -> impl Strategy<Value = Vec<Spell>> {
    let why = prop::sample::select(vec![Some("on"), Some("on"), Some("end"), Some("away"), None]);
    let spell = (0..3i64, 0..12u64, prop::option::weighted(0.8, 0..4u64), why).prop_map(
        |(child, from, length, why)| Spell { child, from, to: length.map(|length| from + length), why },
    );
    prop::collection::vec(spell, 0..14).prop_map(|mut spells| {
        // One row to a key: ties are settled before tables are derived.
        spells.sort_by_key(|spell| (spell.child, spell.from));
        spells.dedup_by_key(|spell| (spell.child, spell.from));
        spells
    })
}

fn rows_of(spells: &[Spell]) -> Vec<Vec<Datum>> {
    let why = |why: Option<&str>| why.map_or(Datum::Missing, |why| Datum::Known(Value::Text(why.into())));
    let row = |s: &Spell| vec![Datum::Known(Value::Int(s.child)), date(Some(s.from)), date(s.to), why(s.why)];
    spells.iter().map(row).collect()
}

/// One stay: child, start, end, spells, whether one ended, whether the start is known.
type Stay = (i64, u64, Option<u64>, i64, Datum, bool);

fn stays(spells: &[Spell]) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    let mut before: Option<&Spell> = None;
    for spell in spells.iter().filter(|spell| spell.why != Some("away")) {
        let follows =
            before.is_some_and(|b| b.child == spell.child && b.why == Some("on") && b.to == Some(spell.from));
        let went = |before: Option<&Datum>| match (before, spell.why) {
            (Some(Datum::Known(Value::Bool(true))), _) | (_, Some("end")) => Datum::Known(Value::Bool(true)),
            (Some(Datum::Missing), _) | (_, None) => Datum::Missing,
            _ => Datum::Known(Value::Bool(false)),
        };
        match stays.last_mut().filter(|_| follows) {
            Some(stay) => {
                stay.2 = spell.to;
                stay.3 += 1;
                stay.4 = went(Some(&stay.4.clone()));
            }
            None => {
                stays.push((spell.child, spell.from, spell.to, 1, went(None), spell.why == Some("on")));
            }
        }
        before = Some(spell);
    }
    stays
}

/// The statuses of what fell due where everything is known: due day, held, status.
fn plain(
    anchor: NaiveDate,
    hidden: usize,
    since: Option<NaiveDate>,
    seen: &[NaiveDate],
    over: Option<NaiveDate>,
    last: NaiveDate,
) -> Vec<(Option<NaiveDate>, &'static str)> {
    let next = |day: NaiveDate, held: usize| day + Months::new(if held == 1 { 3 } else { 6 });
    let mut count = hidden;
    let mut due = since.map_or(anchor + DaysOn::new(28), |since| next(since, count));
    let mut found = Vec::new();
    for held in seen {
        found.push((Some(*held), if *held <= due { "held in time" } else { "held late" }));
        count += 1;
        due = next(*held, count);
    }
    match over {
        Some(over) if over <= due => {}
        None if last <= due => found.push((None, "not yet due")),
        _ => found.push((None, "overdue")),
    }
    found
}

/// Every history that agrees with what is seen.
fn worlds(
    anchor: NaiveDate,
    known: bool,
    unseen: Option<NaiveDate>,
    seen: &[NaiveDate],
    over: Option<NaiveDate>,
    last: NaiveDate,
) -> Vec<Vec<(Option<NaiveDate>, &'static str)>> {
    let mut all = Vec::new();
    let back = if known { 0 } else { 400 };
    for start in (0..=back).step_by(8).map(|days| anchor - DaysOn::new(days)) {
        all.push(plain(start, 0, None, seen, over, last));
    }
    let Some(unseen) = unseen else { return all };
    let mut since = unseen;
    let first = if known { anchor + DaysOn::new(1) } else { anchor - DaysOn::new(400) };
    while since >= first {
        for hidden in [1, 2] {
            all.push(plain(anchor, hidden, Some(since), seen, over, last));
        }
        since = since - DaysOn::new(1);
    }
    all
}

proptest! {
    #[test]
    fn a_chain_is_what_a_plain_loop_makes(spells in spells(), shift in 0..14usize) {
        let mut turned = spells.clone();
        turned.rotate_left(shift.min(spells.len()));
        let tables = BTreeMap::from([(
            "spell".to_owned(),
            table(&["child", "begun", "ended", "why"], rows_of(&turned), Cover::UNLIMITED),
        )]);
        let found = derived(&checked(&due_table("TRUE")), "stay", tables, day(400));
        let expected: Vec<Vec<Datum>> = stays(&spells)
            .into_iter()
            .map(|(child, start, end, spells, went, known)| {
                let known = Datum::Known(Value::Bool(known));
                let child = Datum::Known(Value::Int(child));
                vec![child, date(Some(start)), date(end), went, Datum::Known(Value::Int(spells)), known]
            })
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_status_is_given_only_where_every_history_leads_to_it(
        anchor in 0..500u64,
        length in prop::option::of(0..900u64),
        gaps in prop::collection::vec((prop::sample::select(vec![0u32, 1, 3, 6]), 0..3u64, 0..20u64), 0..6),
        cover in prop::option::of(0..600u64),
        from_cover: bool,
        known: bool,
        after in (prop::sample::select(vec![0u32, 1, 3, 6]), 0..3u64),
    ) {
        let over = length.map(|length| day(anchor + length));
        let anchor = day(anchor);
        let cover_from = cover.map(day);
        // Reviews on the very days that decide, a day before and a day after them.
        let mut at = cover_from.filter(|_| from_cover).map_or(anchor, |from| from - DaysOn::new(1));
        let on = |at: NaiveDate, months: u32, off: u64, more: u64| {
            let more = if months == 0 { more } else { 0 };
            at + Months::new(months) + DaysOn::new(off + more + if months == 0 { 27 } else { 0 }) - DaysOn::new(1)
        };
        let mut reviews = std::collections::BTreeSet::new();
        for (months, off, more) in gaps {
            at = on(at, months, off, more);
            reviews.insert(at);
        }
        // The starts that are tried go back a year and more: none of them may lie after the last day.
        let last = on(at, after.0, after.1, 0).max(anchor);
        let cover = cover_from.map_or(Cover::UNLIMITED, |first| {
            Cover { events: Some(Days { first, last: day(2000) }), ..Cover::UNLIMITED }
        });
        let review = |day: &NaiveDate| vec![Datum::Known(Value::Int(1)), Datum::Known(Value::Date(*day))];
        let rows = reviews.iter().map(review).collect();
        let spell = vec![
            Datum::Known(Value::Int(1)),
            Datum::Known(Value::Date(anchor)),
            over.map_or(Datum::Missing, |over| Datum::Known(Value::Date(over))),
            Datum::Missing,
        ];
        let tables = BTreeMap::from([
            ("spell".to_owned(), table(&["child", "begun", "ended", "why"], vec![spell], Cover::UNLIMITED)),
            ("review".to_owned(), table(&["child", "review_date"], rows, cover)),
        ]);
        let found = derived(&checked(&due_table(if known { "TRUE" } else { "FALSE" })), "due", tables, last);

        let days: Vec<NaiveDate> = reviews.into_iter().collect();
        let whole_life = cover_from.is_none_or(|from| days.iter().any(|d| *d > anchor && *d < from));
        let hidden = cover_from.filter(|_| !whole_life).map(|from| from - DaysOn::new(1)).filter(|d| *d > anchor);
        let unseen = if known { hidden } else { Some(hidden.unwrap_or(anchor)) };
        let counts = |d: &&NaiveDate| {
            **d > anchor && **d <= last && over.is_none_or(|over| **d <= over) && unseen.is_none_or(|u| **d > u)
        };
        let seen: Vec<NaiveDate> = days.iter().filter(counts).copied().collect();
        let ended = over.filter(|over| *over <= last);
        let worlds = worlds(anchor, known, unseen, &seen, ended, last);
        let told: Vec<(Option<NaiveDate>, String)> = found
            .iter()
            .map(|values| match values.as_slice() {
                [.., Datum::Known(Value::Date(_)), held, Datum::Known(Value::Text(status))] => {
                    let held = match held { Datum::Known(Value::Date(held)) => Some(*held), _ => None };
                    (held, status.to_string())
                }
                other => panic!("{other:?}"),
            })
            .collect();
        for (number, (held, status)) in told.iter().enumerate() {
            let of_all: std::collections::BTreeSet<_> = worlds.iter().map(|world| world.get(number)).collect();
            let one = of_all.first().copied().flatten().filter(|_| of_all.len() == 1);
            prop_assert_eq!(
                (*held, status.as_str()),
                one.map_or((*held, "history missing"), |(held, status)| (*held, *status)),
                "{:?}", of_all
            );
        }
        let longest = worlds.iter().map(Vec::len).max().unwrap_or(0);
        prop_assert_eq!(told.len(), longest, "{:?} {:?}", told, worlds);
    }
}

#[test]
fn what_cannot_be_placed_is_counted() {
    let checked = checked(&due_table("TRUE"));
    let row = |child: Datum, from: Datum| vec![child, from, Datum::Missing, Datum::Missing];
    let one = Datum::Known(Value::Int(1));
    let rows =
        vec![row(one.clone(), date(Some(1))), row(one, Datum::Missing), row(Datum::Rejected, date(Some(2)))];
    let tables = BTreeMap::from([(
        "spell".to_owned(),
        table(&["child", "begun", "ended", "why"], rows, Cover::UNLIMITED),
    )]);
    let of = made_return(tables);
    let authority = alone(&checked, &of).unwrap();
    let records = Records::new(&checked, &authority);
    let moment = moment(&"2010-11".parse().unwrap(), None).unwrap();
    let records =
        Derivations::default().onto(&checked, &records, None, &["stay".to_owned()], moment).unwrap();
    let stay = records.table("stay").unwrap();
    assert_eq!((stay.rows.len(), stay.unplaced), (1, 2));
}
