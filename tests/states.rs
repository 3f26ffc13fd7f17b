//! Partial states: exact into a file and out of it, merged in any order, and refused where they do not belong together.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use proptest::prelude::*;
use staysafe::calculate::part::{Candidate, Given, Part, Rows, Shares, calculate_part};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::period::{Shown, View};
use staysafe::plan::{Request, plan};
use staysafe::progress::Watch;
use staysafe::record::{Cover, Data, Days, Return, Row, Submission, Table};
use staysafe::result::{
    Coverage, Entry, Flag, Flags, JoinedTable, Judged, MadeOf, NotReported, Note, Partial, Reason, State,
    Surveyed,
};
use staysafe::value::{Datum, Exact, Value};
use staysafe_arrow::{from_ipc, to_ipc};

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2010, 4, 1).unwrap() + chrono::Days::new(number)
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", ".{0,6}"]
}

fn exacts() -> impl Strategy<Value = Exact> {
    (-999i128..999, 1i128..99).prop_map(|(above, below)| Exact::new(above, below).unwrap())
}

fn reasons() -> impl Strategy<Value = Reason> {
    prop_oneof![
        Just(Reason::Undefined),
        Just(Reason::NothingToMeasure),
        any_text().prop_map(Reason::Refused),
        proptest::option::of((0u64..400).prop_map(day)).prop_map(Reason::NotYetDue),
        Just(Reason::NotApplicable),
        Just(Reason::Suppressed),
        Just(Reason::Break),
        Just(Reason::OutOfScope),
        Just(Reason::NotReported(NotReported::NoReturn)),
        any_text().prop_map(|name| Reason::NotReported(NotReported::Dataset(name))),
        Just(Reason::NotReported(NotReported::OutsideCover)),
        Just(Reason::NotReported(NotReported::NoEntry)),
        Just(Reason::NotReported(NotReported::YearUnknown)),
        Just(Reason::NotReported(NotReported::NoCalculation)),
        any_text().prop_map(|why| Reason::NotReported(NotReported::NotBrokenDown(why))),
        any_text().prop_map(|why| Reason::NotReported(NotReported::NoVersion(why))),
        any_text().prop_map(|why| Reason::NotReported(NotReported::Unsupported(why))),
    ]
}

fn entries() -> impl Strategy<Value = Entry> {
    prop_oneof![
        exacts().prop_map(Entry::Score),
        Just(Entry::Received),
        Just(Entry::Amiss),
        any_text().prop_map(Entry::Words),
    ]
}

const SHAPES: usize = 9;

/// States of one shape, as those of one indicator are, and absences among them.
fn states(shape: usize) -> BoxedStrategy<State> {
    let figure = match shape {
        0 => any::<u32>().prop_map(|n| State::Counted { numerator: n.into(), denominator: None }).boxed(),
        1 => (any::<u32>(), any::<u32>())
            .prop_map(|(n, d)| State::Counted { numerator: n.into(), denominator: Some(d.into()) })
            .boxed(),
        2 => (exacts(), exacts())
            .prop_map(|(numerator, denominator)| State::totals(numerator, denominator))
            .boxed(),
        3 => (any::<u32>(), exacts(), exacts())
            .prop_map(|(count, total, squares)| State::sum(count.into(), total, squares))
            .boxed(),
        4 => proptest::collection::vec((any_text(), any_text(), exacts(), exacts()), 0..4)
            .prop_map(|answers| {
                let mut surveyed = Surveyed { answers: answers.len() as u64, ..Surveyed::default() };
                for (stratum, cluster, yes, all) in answers {
                    let cluster = surveyed.strata.entry(stratum).or_default().entry(cluster).or_default();
                    cluster.yes = cluster.yes.plus(&yes).unwrap();
                    cluster.all = cluster.all.plus(&all).unwrap();
                }
                State::Survey(surveyed.into())
            })
            .boxed(),
        5 => proptest::collection::btree_map(exacts(), 1u64..9, 0..4).prop_map(State::Values).boxed(),
        6 => proptest::collection::btree_map(any_text(), 1u64..9, 0..4).prop_map(State::Categories).boxed(),
        7 => ((0u64..400).prop_map(day), proptest::collection::btree_set(entries(), 1..3))
            .prop_map(|(day, entries)| State::Latest { day, entries })
            .boxed(),
        // So much that two of them do not fit.
        _ => {
            (u64::MAX / 2..=u64::MAX).prop_map(|n| State::Counted { numerator: n, denominator: None }).boxed()
        }
    };
    prop_oneof![2 => figure, 1 => reasons().prop_map(State::Absent)].boxed()
}

const PERIODS: [&str; 5] = ["2010-11 Q1", "2010-11", "12 months to 31 Dec 2010", "Apr 2010", "30 Sep 2010"];

fn flags() -> impl Strategy<Value = Flags> {
    let all = [
        Flag::PartlyReported,
        Flag::PartlyCovered,
        Flag::SurvivorsOnly,
        Flag::Provisional,
        Flag::LowReliability,
        Flag::Break,
        Flag::Rounded,
        Flag::Low,
    ];
    proptest::sample::subsequence(all.to_vec(), 0..=all.len()).prop_map(|flags| flags.into_iter().collect())
}

fn notes() -> impl Strategy<Value = BTreeMap<Note, u64>> {
    let all = vec![
        Note::Unknown,
        Note::DatesInverted,
        Note::Contradictory,
        Note::Duplicate,
        Note::OutsideCalendar,
        Note::HistoryMissing,
        Note::UnmappedCode,
        Note::NotYetDue,
        Note::OpenInTime,
        Note::OpenLate,
        Note::Vanished,
    ];
    proptest::collection::btree_map(proptest::sample::select(all), 0u64..99, 0..4)
}

/// A state of one of an authority's cells; of one indicator all states have one shape.
fn partials(authorities: Vec<Option<String>>) -> impl Strategy<Value = (Option<usize>, Partial)> {
    let views = [View::Plain, View::Rolling12Months, View::SnapshotNow, View::LastKnown, View::NotDue];
    let shown =
        (proptest::sample::select(views.to_vec()), proptest::sample::subsequence(PERIODS.to_vec(), 0..3));
    let covered = proptest::option::of((0u64..400, 0u64..400));
    (0..SHAPES)
        .prop_flat_map(states_of)
        .prop_flat_map(move |(shape, state)| {
            (
                Just((shape, state)),
                proptest::sample::select(authorities.clone()),
                ("[xy]", any_text(), 0..PERIODS.len(), proptest::option::of(0..PERIODS.len())),
                shown.clone(),
                ((0u32..3, 0u32..3), covered.clone(), (0u64..9, 0u64..9)),
                (flags(), notes()),
            )
        })
        .prop_map(
            |(
                (shape, state),
                authority,
                (area, category, period, latest),
                (view, shown),
                (coverage, days, judged),
                (flags, notes),
            )| {
                let partial = Partial {
                    indicator: format!("i-{shape}").into(),
                    authority: authority.map(Into::into),
                    area: area.into(),
                    by: [category.into(), "all".into()].into(),
                    period: PERIODS[period].parse().unwrap(),
                    shown: Shown {
                        view,
                        periods: shown.iter().map(|label| label.parse().unwrap()).collect(),
                    },
                    state,
                    coverage: Coverage {
                        reported: coverage.0,
                        expected: coverage.0 + coverage.1,
                        days: days.map(|(a, b)| Days { first: day(a.min(b)), last: day(a.max(b)) }),
                    },
                    judged: Judged { records: judged.0, unjudged: judged.1 },
                    flags,
                    notes,
                };
                (latest, partial)
            },
        )
}

fn states_of(shape: usize) -> impl Strategy<Value = (usize, State)> {
    (Just(shape), states(shape))
}

/// A part that overlaps with no other of another number: an authority of its own whole, and rows of two that all parts have.
fn parts(number: u32) -> impl Strategy<Value = Part> {
    let own = format!("own {number}");
    let authorities =
        vec![None, Some("silent".to_owned()), Some("A".to_owned()), Some("B".to_owned()), Some(own.clone())];
    let rows = proptest::collection::vec(partials(authorities), 0..12);
    let days = proptest::collection::btree_map("i-[0-8]", (0u64..400).prop_map(day), 0..4);
    (rows, days, any::<bool>(), 0u64..9).prop_map(move |(rows, first_days, has_rows, twice)| {
        let mut kept = BTreeMap::new();
        for (latest, mut partial) in rows {
            let latest = latest.map(|at| PERIODS[at].parse().unwrap());
            if partial.authority.is_none() || partial.authority.as_deref() == Some("silent") {
                // Of whom nothing came every part says the same.
                partial.state = State::Absent(Reason::NotReported(NotReported::NoReturn));
                partial.coverage = Coverage { reported: 0, expected: 1, days: None };
                partial.judged = Judged::default();
                partial.flags.clear();
                partial.notes.clear();
                partial.shown = Shown::default();
            }
            let key = (
                partial.indicator.clone(),
                latest,
                partial.period,
                partial.authority.clone(),
                partial.area.clone(),
                partial.by.clone(),
            );
            kept.insert(key, partial);
        }
        let mut part = Part {
            partials: Vec::new(),
            candidates: Vec::new(),
            first_days,
            by_area: true,
            by: vec!["age".to_owned(), "numerator".to_owned()],
            made_of: made_of(),
            framework: "f".to_owned(),
            returns: BTreeSet::from([format!("{number:064x}")]),
            asked: String::new(),
            shares: Shares::default(),
            rejected: BTreeMap::from([("cases.opened: no date".to_owned(), 2)]),
        };
        for ((_, latest, ..), partial) in kept {
            match latest {
                None => part.partials.push(partial),
                Some(latest) => part.candidates.push(Candidate { latest, partial }),
            }
        }
        part.made_of.joined = vec![JoinedTable {
            area: "A".to_owned(),
            dataset: "cases".to_owned(),
            duplicates: twice,
            ..JoinedTable::default()
        }];
        part.shares.whole.insert(own.clone());
        for area in ["A", "B"] {
            let rows = Rows {
                code: area.to_owned(),
                buckets: BTreeMap::from([(
                    "cases".to_owned(),
                    if has_rows { BTreeSet::from([number]) } else { BTreeSet::new() },
                )]),
                parts: BTreeSet::from([format!("part {number}")]),
            };
            part.shares.rows.insert(area.to_owned(), rows);
        }
        part
    })
}

fn made_of() -> MadeOf {
    MadeOf {
        plan: "p".to_owned(),
        definitions: BTreeMap::from([("i-0".to_owned(), "h".to_owned())]),
        data: "d".to_owned(),
        calendar: "c".to_owned(),
        parameters: BTreeMap::new(),
        readings: BTreeMap::new(),
        library: "0".to_owned(),
        joined: Vec::new(),
        counts: staysafe::result::CountsUsed::default(),
    }
}

proptest! {
    #[test]
    fn a_file_holds_exactly_what_was_written(part in parts(1)) {
        let bytes = to_ipc(&part).unwrap();
        prop_assert_eq!(&from_ipc(&bytes).unwrap(), &part);
        prop_assert_eq!(to_ipc(&part).unwrap(), bytes, "the same part, the same bytes");
    }

    #[test]
    fn merge_is_associative_and_commutative(a in parts(1), b in parts(2), c in parts(3)) {
        let left = a.clone().merge(b.clone()).unwrap().merge(c.clone()).unwrap();
        let right = a.clone().merge(b.clone().merge(c).unwrap()).unwrap();
        prop_assert_eq!(left, right);
        prop_assert_eq!(a.clone().merge(b.clone()).unwrap(), b.merge(a).unwrap());
    }

    /// However a file is damaged, it is refused: a number in it could have become another.
    #[test]
    fn a_damaged_file_is_refused(part in parts(1), at in any::<prop::sample::Index>(), by in 1u8.., cut in any::<prop::sample::Index>()) {
        let mut bytes = to_ipc(&part).unwrap();
        prop_assert!(from_ipc(&bytes[..cut.index(bytes.len())]).is_err(), "cut off");
        let at = at.index(bytes.len());
        bytes[at] = bytes[at].wrapping_add(by);
        prop_assert!(from_ipc(&bytes).is_err(), "another byte at {at}");
    }
}

/// Two children's cases, and how many children had one.
const FILES: [(&str, &str); 4] = [
    ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\"\n"),
    ("agencies.toml", "[[agency]]\nid = \"council\"\nname = \"Council\"\n"),
    (
        "datasets/cases.toml",
        "id = \"cases\"\ntitle = \"Cases\"\ncarried_by = \"cases\"\nholder = \"council\"\narea = \"given\"\nfield = [\n  { name = \"child\", type = \"text\", personal = true },\n  { name = \"opened\", type = \"date\" },\n]\n",
    ),
    (
        "indicators/children.toml",
        "id = \"children\"\ntitle = \"Children\"\nkind = \"count\"\npolarity = \"neutral\"\ncycle = \"quarter\"\nholder = \"council\"\n[calculation]\nfrom = \"cases\"\nwhen = { date = \"opened\" }\ncounted = \"distinct child\"\n",
    ),
];

fn checked() -> Checked {
    let (framework, found) = read(FILES);
    assert!(!found.has_errors(), "{found:#?}");
    check(framework).0.unwrap()
}

fn cases(area: &str, children: &[&str]) -> Data {
    let row = |child: &&str| Row {
        values: vec![Datum::Known(Value::Text((*child).into())), Datum::Known(Value::Date(day(3)))],
        origin: 1,
    };
    let rows = children.iter().map(row).collect();
    let table = Table { fields: vec!["child".into(), "opened".into()], rows, cover: Cover::UNLIMITED };
    let of = Return {
        name: "cases".to_owned(),
        kind: "cases".to_owned(),
        area: area.to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: BTreeMap::from([("cases".to_owned(), table)]),
    };
    Data { returns: vec![of] }
}

fn part(checked: &Checked, period: &str, data: &Data, given: Given<'_>) -> Part {
    let periods = vec![period.parse().unwrap()];
    let plan = plan(checked, &Request { periods, ..Request::default() }).unwrap();
    calculate_part(checked, &plan, data, given, &Watch::nobody()).unwrap()
}

fn refusal(a: &Part, b: &Part) -> String {
    a.clone().merge(b.clone()).unwrap_err().to_string()
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let checked = checked();
    let one = part(&checked, "2010-11 Q1", &cases("A", &["x", "y"]), Given::Whole);
    let other = part(&checked, "2010-11 Q2", &cases("B", &["x"]), Given::Whole);
    assert!(refusal(&one, &other).contains("the plan is"), "{}", refusal(&one, &other));
    let calendar = |part: &Part| {
        let mut part = part.clone();
        part.made_of.calendar.push('x');
        part
    };
    assert!(refusal(&one, &calendar(&one)).contains("the calendar is"));

    assert!(refusal(&one, &one).contains("overlap"), "one part twice: {}", refusal(&one, &one));
    let rows = part(&checked, "2010-11 Q1", &cases("A", &["z"]), Given::Rows("rows"));
    assert!(refusal(&one, &rows).contains("all of its records"), "{}", refusal(&one, &rows));

    // A child with rows in two parts would be counted twice.
    let same = part(&checked, "2010-11 Q1", &cases("A", &["z"]), Given::Rows("other rows"));
    assert!(refusal(&rows, &same).contains("belong together"), "{}", refusal(&rows, &same));
}

#[test]
fn rows_of_one_authority_stay_one_authority() {
    let checked = checked();
    let rows =
        |children: &[&str], name| part(&checked, "2010-11 Q1", &cases("A", children), Given::Rows(name));
    let merged = rows(&["x", "x"], "1").merge(rows(&["y"], "2")).unwrap().merge(rows(&[], "3")).unwrap();
    let settled = merged.settle(&checked).unwrap();
    let [only] = settled.partials.as_slice() else { panic!("one cell: {settled:#?}") };
    assert_eq!(only.state, State::Counted { numerator: 2, denominator: None });
    assert_eq!(only.coverage, Coverage { reported: 1, expected: 1, days: None }, "it is one authority");

    let two = part(&checked, "2010-11 Q1", &cases("A", &["x"]), Given::Whole)
        .merge(part(&checked, "2010-11 Q1", &cases("B", &["x"]), Given::Whole))
        .unwrap();
    assert_eq!(two.settle(&checked).unwrap().partials.len(), 2);

    let nothing = part(&checked, "2010-11 Q1", &Data::default(), Given::Whole);
    let with_nothing = merged.clone().merge(nothing.clone()).unwrap();
    assert_eq!(with_nothing.settle(&checked).unwrap().partials, settled.partials, "nothing adds nothing");
    let none = nothing.clone().merge(nothing).unwrap().settle(&checked).unwrap();
    assert_eq!(none.partials.len(), 1, "that no return was given is said once: {none:#?}");
}

#[test]
fn what_is_no_file_of_states_is_said() {
    for bytes in [&b""[..], b"children", b"sha256:"] {
        let error = from_ipc(bytes).unwrap_err().to_string();
        assert!(error.contains("send the file again"), "{error}");
    }
}
