//! Pictures of the gaps say in words what they show, and nothing else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]

use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::gap::{Arrived, BySource, Circumstances, GapAnalysis, Supply, by_source, gap};
use staysafe::record::{Cover, FieldProfile, Module, Profile};
use staysafe::report::{gap_page, gap_pictures};

fn framework() -> Checked {
    check(read(staysafe_lscb::FILES.iter().copied()).0).0.unwrap()
}

fn analysed(checked: &Checked, arrived: &Arrived) -> (GapAnalysis, BySource) {
    let gaps = gap(checked, arrived, &Circumstances::on("2010-07-01".parse().unwrap()));
    let matrix = by_source(checked, &gaps);
    (gaps, matrix)
}

#[test]
fn every_sign_has_its_words_and_every_need_its_sign() {
    let checked = framework();
    let (gaps, matrix) = analysed(&checked, &Arrived::default());
    let page = gap_page(checked.framework(), &gaps, &matrix);
    let cells: usize = matrix.rows.iter().map(|row| row.cells.len()).sum();
    assert!(cells > 70, "{cells}");
    assert_eq!(page.matches("<span class=\"said\">").count(), cells);
    assert_eq!(
        page.matches("<span class=\"said\">nothing arrived: ").count(),
        cells,
        "all wait for something"
    );
    assert_eq!(page.matches("<td></td>").count(), matrix.rows.len() * matrix.sources.len() - cells);
    for row in &matrix.rows {
        assert!(page.contains(&format!("<span class=\"id\">{}</span>", row.indicator)), "{}", row.indicator);
    }
}

#[test]
fn the_foot_adds_up_to_the_rows() {
    let checked = framework();
    let (_, matrix) = analysed(&checked, &Arrived::default());
    let needed: usize = matrix.sources.iter().map(|source| source.needed_by).sum();
    assert_eq!(needed, matrix.rows.iter().map(|row| row.cells.len()).sum::<usize>());
    assert!(matrix.sources.iter().all(|source| source.arrived_for == 0));
    assert!(matrix.sources.windows(2).all(|pair| pair[0].needed_by >= pair[1].needed_by));
}

#[test]
fn what_arrived_in_part_is_told_from_what_arrived() {
    let checked = framework();
    let dataset = &checked.framework().datasets["restraint_incident"];
    let with = |fields: Vec<&str>| {
        let field = |name: &str| FieldProfile {
            field: name.into(),
            known: 1,
            missing: 0,
            rejected: 0,
            suppressed: 0,
            days: None,
        };
        let module = Module {
            dataset: "restraint_incident".to_owned(),
            carried: true,
            rows: 1,
            cover: Cover { events: None, starts: None, ends: None, stocks: None },
            fields: fields.into_iter().map(field).collect(),
        };
        let profile = Profile {
            name: "incidents".to_owned(),
            kind: dataset.carried_by.value.clone(),
            area: "E06000001".to_owned(),
            reference_date: None,
            modules: vec![module],
            rejected_records: 0,
            rejected_values: 0,
        };
        let (_, matrix) = analysed(&checked, &Arrived::of_profiles(&[profile]));
        matrix.rows.iter().find(|row| row.indicator == "jd-02").unwrap().cells.values().next().unwrap().supply
    };
    let all: Vec<&str> = dataset.fields.iter().map(|field| field.name.value.as_str()).collect();
    assert_eq!(with(all), Supply::Available);
    assert_eq!(with(vec!["incident", "incident_date"]), Supply::Partial);
}

#[test]
fn it_fetches_nothing_and_is_the_same_twice() {
    let checked = framework();
    let (gaps, matrix) = analysed(&checked, &Arrived::default());
    let page = gap_page(checked.framework(), &gaps, &matrix);
    assert_eq!(page, gap_page(checked.framework(), &gaps, &matrix));
    for bad in ["<script", "src=", "@import", "url(", "http"] {
        assert!(!page.contains(bad), "{bad}");
    }
    // Regions that scroll can be reached by keyboard, and are named by a caption that is there.
    for part in page.split("role=\"region\" aria-labelledby=\"").skip(1) {
        let id = part.split('"').next().unwrap();
        assert!(page.contains(&format!("<caption id=\"{id}\">")), "{id}");
        assert!(part.starts_with(&format!("{id}\" tabindex=\"0\"")), "{id}");
    }
    assert!(page.contains(&gap_pictures(checked.framework(), &gaps, &matrix)));
}
