//! What stands beside an entry on the scorecard: figures that others published, with why one is withheld; sums that do not
//! come out, with their counts for the board, without them in a publication, and never with a child's number.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::calculate::{calculate, finish, identities};
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::disclosure::{Audience, disclose};
use staysafe::gap::{Arrived, Circumstances, gap};
use staysafe::plan::{Request, plan};
use staysafe::published::{Compared, Level, Place, Told};
use staysafe::record::{Cover, Data, FieldProfile, Module, Profile, Return, Row, Submission, Table};
use staysafe::report::{Inputs, Nearness, Report, Row as Entry, html, json, markdown, report};
use staysafe::value::{Convention, Datum, Supplied, Value};

const FRAMEWORK: [(&str, &str); 5] = [
    (
        "framework.toml",
        r#"
id    = "board"
title = "A board"

[[identity]]
id    = "plans-open"
kind  = "stock-and-flow"
of    = ["open", "started", "ended"]
words = "Plans open now are those before and those started, less those ended"
"#,
    ),
    ("agencies.toml", "[[agency]]\nid = \"council\"\nname = \"The council\"\n"),
    ("lists.toml", "[[list]]\nid = \"own\"\nheading = \"Own\"\nlisted = true\n"),
    (
        "areas.toml",
        r#"
[[area]]
code  = "E92000001"
name  = "England"
level = "country"
[[area]]
code    = "E12000001"
name    = "North East"
level   = "region"
parents = ["E92000001"]
[[area]]
code    = "E06000001"
name    = "Hartlepool"
level   = "local authority"
parents = ["E12000001"]
aliases = { lea = "805" }
neighbours = ["E06000002"]
[[area]]
code    = "E06000002"
name    = "Middlesbrough"
level   = "local authority"
parents = ["E12000001"]
aliases = { lea = "806" }
[[area]]
code    = "E06000003"
name    = "Redcar"
level   = "local authority"
parents = ["E12000001"]
"#,
    ),
    (
        "datasets/plan.toml",
        r#"
id         = "plan"
title      = "Child protection plans"
carried_by = "register"
holder     = "council"
area       = "header"
field      = [
  { name = "child", type = "text", personal = true },
  { name = "start", type = "date" },
  { name = "ended", type = "date" },
]
"#,
    ),
];

fn indicator(id: &str, number: u8, kind: &str, when: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"Plans {id}\"\nkind = \"{kind}\"\npolarity = \"lower\"\ncycle = \"quarter\"\n\
         listed = [{{ list = \"own\", number = \"{number}\" }}]\nholder = \"council\"\n\
         [calculation]\nfrom = \"plan\"\nwhen = {when}\n"
    )
}

fn framework() -> Checked {
    let mut files: Vec<(String, String)> =
        FRAMEWORK.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (id, number, kind, when) in [
        ("open", 1, "stock", "{ open = [\"start\", \"ended\"] }"),
        ("started", 2, "count", "{ date = \"start\" }"),
        ("ended", 3, "count", "{ date = \"ended\" }"),
    ] {
        files.push((format!("indicators/{id}.toml"), indicator(id, number, kind, when)));
    }
    let (framework, found) = read(files);
    let (checked, more) = check(framework);
    checked.unwrap_or_else(|| panic!("{found:?} {more:?}"))
}

/// One plan is ended before it started: it started and ended in the quarter, and was never open.
fn data() -> Data {
    let text = |text: &str| Datum::Known(Value::Text(text.into()));
    let day = |text: &str| {
        if text.is_empty() { Datum::Missing } else { Datum::Known(Value::Date(text.parse().unwrap())) }
    };
    let plans = [
        ("secret-1", "2010-05-01", ""),
        ("secret-2", "2010-07-10", ""),
        ("secret-3", "2010-08-10", "2010-05-10"),
    ];
    let rows = (1..)
        .zip(plans)
        .map(|(origin, (child, start, end))| Row { values: vec![text(child), day(start), day(end)], origin });
    let table = Table {
        fields: ["child", "start", "ended"].map(Arc::from).into(),
        rows: rows.collect(),
        cover: Cover::UNLIMITED,
    };
    let returned = Return {
        name: "plans.csv".to_owned(),
        kind: "register".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: BTreeMap::from([("plan".to_owned(), table)]),
    };
    Data { returns: vec![returned] }
}

/// What the return holds, as the gaps are told it.
fn profile() -> Profile {
    let field = |name: &str| FieldProfile {
        field: name.into(),
        known: 3,
        missing: 0,
        rejected: 0,
        suppressed: 0,
        days: None,
    };
    let module = Module {
        dataset: "plan".to_owned(),
        carried: true,
        rows: 3,
        cover: Cover::UNLIMITED,
        fields: ["child", "start", "ended"].map(field).into(),
    };
    Profile {
        name: "plans.csv".to_owned(),
        kind: "register".to_owned(),
        area: "E06000001".to_owned(),
        reference_date: None,
        modules: vec![module],
        rejected_records: 0,
        rejected_values: 0,
    }
}

fn compared(level: Level, code: &str, name: &str, period: &str, value: &str) -> Compared {
    Compared {
        indicator: "open".to_owned(),
        place: Place {
            level,
            code: (!code.is_empty()).then(|| code.to_owned()),
            other_code: None,
            name: name.to_owned(),
            region: None,
        },
        period: Some(Told { text: period.to_owned(), period: period.parse().ok() }),
        value: Supplied::read(value, Convention::Current).unwrap(),
        numerator: None,
        denominator: Supplied::read("12,500", Convention::Current),
        note: "rounded by the publisher".to_owned(),
        source: "A release, table 4".to_owned(),
        line: 3,
    }
}

fn published() -> Vec<Compared> {
    let quarter = "2010-11 Q2";
    vec![
        compared(Level::LocalAuthority, "E06000003", "Redcar", quarter, "7001"),
        compared(Level::LocalAuthority, "E06000002", "Middlesbrough", "2009-10", "7002"),
        compared(Level::LocalAuthority, "E06000002", "Middlesbrough", "2008-09", "7003"),
        compared(Level::LocalAuthority, "E06000001", "Hartlepool UA", quarter, "c"),
        compared(Level::Regional, "", "north east", quarter, "1,230.50"),
        compared(Level::Regional, "E12000002", "North West", quarter, "7004"),
        compared(Level::National, "E92000001", "England", "30 Sep 2010", "39,100"),
        compared(Level::National, "E92000001", "England", "2008-09", "7005"),
    ]
}

fn card(audience: &Audience) -> Report {
    card_of(data(), &[profile()], audience)
}

fn card_of(data: Data, profiles: &[Profile], audience: &Audience) -> Report {
    card_beside(data, profiles, audience, published())
}

fn card_beside(data: Data, profiles: &[Profile], audience: &Audience, published: Vec<Compared>) -> Report {
    let checked = framework();
    let request = Request {
        periods: ["2010-11 Q1", "2010-11 Q2"].map(|period| period.parse().unwrap()).into(),
        by: vec!["area".to_owned()],
        ..Request::default()
    };
    let plan = plan(&checked, &request).unwrap();
    let results = finish(&checked, &calculate(&checked, &plan, &data).unwrap());
    let tested = identities(&checked, &results, &data);
    let prepared = "2010-12-01".parse().unwrap();
    let inputs = Inputs {
        gaps: &gap(&checked, &Arrived::of_profiles(profiles), &Circumstances::on(prepared)),
        profiles: &[],
        rejects: &[],
        previous: None,
        board: None,
        published: &published,
        identities: &tested,
        prepared,
    };
    report(&disclose(results, &checked, audience), &checked, &inputs)
}

fn board() -> Audience {
    Audience::Board { recipient: "The chair".into(), date: "2010-12-01".parse().unwrap() }
}

fn entry<'a>(report: &'a Report, id: &str) -> &'a Entry {
    report.numbers.iter().flat_map(|list| &list.rows).find(|row| row.about.id == id).unwrap()
}

#[test]
fn published_figures_stand_beside_an_entry_by_how_near_they_are() {
    let report = card(&board());
    let found: Vec<(Nearness, &str, &str, &str)> = entry(&report, "open")
        .published
        .iter()
        .map(|one| (one.nearness, one.area.as_str(), one.period.as_str(), one.value.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (Nearness::Country, "England", "30 Sep 2010", "39,100"),
            (Nearness::Region, "North East", "2010-11 Q2", "1,230.50"),
            (Nearness::Neighbour, "Middlesbrough", "2009-10", "7,002"),
            (Nearness::Itself, "Hartlepool", "2010-11 Q2", "suppressed by the supplier"),
        ],
        "those of the entry's periods, else the latest; nobody else's"
    );
    assert!(entry(&report, "started").published.is_empty(), "a table that is not of it says nothing of it");
    let machine = json(&report).unwrap();
    assert!(machine.contains("\"withheld\": \"suppressed\""), "an absence has its code");
    for page in [html(&report), markdown(&report)] {
        for said in [
            "North East (region)",
            "1,230.50",
            "39,100",
            "12,500",
            "suppressed by the supplier",
            "A release, table 4",
            "rounded by the publisher",
        ] {
            assert!(page.contains(said), "the page does not say {said}");
        }
        assert!(!page.contains("7,001") && !page.contains("7,003") && !page.contains("7,004"), "{page}");
    }
}

#[test]
fn a_broken_sum_is_named_on_the_page_of_each_measure_in_it() {
    let report = card(&board());
    for id in ["open", "started", "ended"] {
        let [broken] = &entry(&report, id).broken_sums[..] else { panic!("{id}") };
        assert_eq!((broken.identity.as_str(), broken.period.as_str()), ("plans-open", "2010-11 Q2"));
        assert_eq!(broken.sides, Some(["2".to_owned(), "3".to_owned()]), "{id}");
        assert_eq!((broken.behind[0].name.as_str(), broken.behind[0].records), ("plans.csv", 1));
    }
    let [sums] = &report.sums[..] else { panic!("one identity") };
    assert_eq!((sums.holds, sums.broken, sums.cannot_be_checked), (0, 1, 1), "Q1 has no quarter before it");
    let said = "not so in Hartlepool, 2010-11 Q2: 2 where 3 is due";
    for page in [html(&report), markdown(&report)] {
        assert_eq!(page.matches(said).count(), 3, "on the page of each");
        assert!(page.contains("1 record of child protection plans in plans.csv"), "{page}");
        assert!(page.contains("holds in 0, broken in 1, cannot be checked in 1"));
        assert!(!page.contains("secret"), "no child's number");
    }
    assert!(!json(&report).unwrap().contains("secret"), "no child's number");
}

#[test]
fn a_publication_names_a_broken_sum_without_its_counts() {
    let report = card(&Audience::Publication);
    let broken = &entry(&report, "open").broken_sums;
    assert!(broken.iter().all(|one| one.sides.is_none() && one.behind.is_empty()) && broken.len() == 1);
    for page in [html(&report), markdown(&report), json(&report).unwrap()] {
        assert!(!page.contains("where 3 is due") && !page.contains("plans.csv") && !page.contains("secret"));
    }
    assert!(html(&report).contains("not so in Hartlepool, 2010-11 Q2. A record contradicts itself"));
}

#[test]
fn published_figures_stand_beside_an_entry_that_nobody_sent_anything_of() {
    for audience in [board(), Audience::Publication] {
        let report = card_of(Data::default(), &[], &audience);
        let asked = report.to_ask.iter().flat_map(|asked| &asked.rows);
        let open = asked.into_iter().find(|open| open.about.id == "open").unwrap();
        let country = open.published.iter().find(|one| one.nearness == Nearness::Country).unwrap();
        assert_eq!((country.area.as_str(), country.withheld), ("England", None));
        for page in [html(&report), markdown(&report)] {
            assert!(
                page.contains("published of England (country), 30 Sep 2010: 39,100 (A release, table 4"),
                "{page}"
            );
        }
        assert!(json(&report).unwrap().contains("39,100"));
    }
}

/// As the City of London is published with Hackney: a figure of two authorities is of neither alone, whichever code stands beside it.
#[test]
fn a_figure_of_two_authorities_together_is_never_one_of_them_alone() {
    let quarter = "2010-11 Q2";
    let beside = |code: &str, name: &str| {
        let given = vec![compared(Level::LocalAuthority, code, name, quarter, "7006")];
        let report = card_beside(data(), &[profile()], &board(), given);
        entry(&report, "open")
            .published
            .iter()
            .map(|one| (one.nearness, one.area.clone(), one.note.clone()))
            .collect::<Vec<_>>()
    };
    for name in [
        "Hartlepool and Middlesbrough",
        "Middlesbrough (including Hartlepool)",
        "Middlesbrough & Hartlepool",
        "Hartlepool/Middlesbrough",
    ] {
        for code in ["E06000001", "E06000002", ""] {
            let found = beside(code, name);
            let [(nearness, area, note)] = &found[..] else { panic!("{name} {code}: {found:?}") };
            assert_eq!((*nearness, area.as_str()), (Nearness::Itself, name), "{code}");
            assert_eq!(
                *note,
                format!(
                    "published for {name} together, and for none of them alone; rounded by the publisher"
                )
            );
        }
    }
    let alone = beside("E06000001", "Hartlepool and the Headland");
    assert_eq!(alone, [(Nearness::Itself, "Hartlepool".to_owned(), "rounded by the publisher".to_owned())]);
}
