//! The scorecard of the shipped framework: every entry once, nothing small in a publication.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests may stop, and say what they left out"
)]

mod council;

use std::path::Path;

use staysafe::calculate::{calculate, finish};
use staysafe::check::{Checked, check};
use staysafe::definition::indicator::Disclosure;
use staysafe::definition::read::read;
use staysafe::disclosure::{Audience, SMALL, disclose};
use staysafe::gap::{Arrived, Circumstances, GapAnalysis, gap};
use staysafe::plan::{Request, periods_inside, plan};
use staysafe::record::{Profile, Reject};
use staysafe::report::{Inputs, Place, Report, html, json, markdown, report, terminal};
use staysafe::result::{Outcome, Results};
use staysafe_io::{ReadOptions, Returns, read_returns};

fn shipped() -> Checked {
    let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
    check(framework).0.unwrap()
}

fn board() -> Audience {
    Audience::Board { recipient: "The chair".into(), date: "2026-11-23".parse().unwrap() }
}

fn gaps(checked: &Checked, profiles: &[Profile]) -> GapAnalysis {
    gap(checked, &Arrived::of_profiles(profiles), &Circumstances::on("2026-11-23".parse().unwrap()))
}

fn figures(checked: &Checked, returns: &Returns) -> Results {
    let mut periods = periods_inside(&returns.data);
    if periods.is_empty() {
        periods.push("2010-11 Q1".parse().unwrap());
    }
    let request = Request { periods, ..Request::default() };
    let plan = plan(checked, &request).unwrap();
    finish(checked, &calculate(checked, &plan, &returns.data).unwrap())
}

fn card(
    checked: &Checked,
    results: Results,
    profiles: &[Profile],
    rejects: &[Reject],
    audience: &Audience,
) -> Report {
    let inputs = Inputs {
        gaps: &gaps(checked, profiles),
        profiles,
        rejects,
        previous: None,
        board: None,
        published: &[],
        identities: &[],
        prepared: "2026-11-23".parse().unwrap(),
    };
    report(&disclose(results, checked, audience), checked, &inputs)
}

/// Every entry once, on the page too; the counts add up.
fn holds_every_entry_once(checked: &Checked, report: &Report) {
    let places = report.places();
    assert!(
        places.keys().copied().eq(checked.framework().indicators.keys().map(String::as_str)),
        "all, and no other"
    );
    let listed = places.values().filter(|place| **place != Place::Context).count();
    let sum = report.summary;
    assert_eq!((listed, sum.entries), (76, 76), "the board's entries");
    let placed =
        sum.with_figure + sum.hidden + sum.without_figure + sum.could_be_had + sum.to_ask + sum.ended;
    assert_eq!(placed, 76, "each counted under one heading: {sum:?}");
    let page = html(report);
    for id in places.keys() {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id} stands once on the page");
    }
    assert!(
        terminal(report, 80).lines().all(|line| line.chars().count() <= 80),
        "no line overruns the terminal"
    );
    assert!(
        markdown(report).contains("## 6. How it was made") && json(report).is_ok(),
        "the other renderings"
    );
}

/// What the page says of an entry, between its own mark and the next entry's.
fn said_of<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!(" id=\"{id}\"")).unwrap();
    let (rest, is_article) = (&page[from..], page[..from].ends_with("class=\"entry\""));
    let ends = rest.find(if is_article { "</article>" } else { "</tr>" });
    &rest[..ends.unwrap()]
}

/// Each of the board's entries has a number, a document's state, or a reason that somebody can act on; the page says it.
fn tells_a_board_of_every_entry(report: &Report) -> usize {
    let page = html(report);
    let rows = report.numbers.iter().flat_map(|list| &list.rows);
    let mut told = 0;
    let mut says = |id: &str, what: &str| {
        assert!(!what.trim().is_empty(), "{id} says nothing");
        let words = page_text(what);
        assert!(said_of(&page, id).contains(&words), "{id}: the page does not say '{words}'");
        told += 1;
    };
    for row in rows {
        let id = row.about.id.as_str();
        let points = || row.series.iter().flat_map(|series| &series.points);
        if let Some(point) = points().rev().find(|point| point.figure.is_some()) {
            says(id, &point.value);
        } else if let Some(reason) = &row.reason {
            says(id, reason);
            assert!(names_an_action(reason), "{id}: nobody knows what to do about '{reason}'");
        } else if let Some(last) = points().next_back() {
            let reason = last.reason.as_ref().unwrap();
            says(id, reason);
            assert!(names_an_action(reason), "{id}: nobody knows what to do about '{reason}'");
        } else {
            // A reading of it has the figures.
            assert!(!row.readings.is_empty(), "{id} says nothing");
            says(id, &row.readings[0].title);
        }
    }
    for open in &report.could_be_had {
        assert!(!open.reasons.is_empty(), "{}: what is wanting on our side", open.about.id);
        says(&open.about.id, &open.reasons[0][1..]);
    }
    for asked in &report.to_ask {
        assert!(!asked.name.is_empty() && !asked.holder.is_empty(), "somebody is named who can act");
        for open in &asked.rows {
            assert!(!open.reasons.is_empty(), "{}: why", open.about.id);
            let what = open.ask.first().or(open.obstacle.as_ref()).unwrap_or(&open.reasons[0]);
            says(&open.about.id, &what[1..]);
            let asks = !open.ask.is_empty() || names_an_action(what);
            assert!(asks, "{}: nothing is asked of {}: '{what}'", open.about.id, asked.name);
        }
    }
    for open in &report.ended {
        says(&open.about.id, &open.state[1..]);
        assert!(names_an_action(&open.state), "{}: '{}'", open.about.id, open.state);
    }
    told
}

/// Whether a reason says where to look, what to find or when it falls due. What the board itself left out needs nothing.
fn names_an_action(reason: &str) -> bool {
    let words = [
        "its parts are",
        "falls due on",
        "superseded by",
        "followed by",
        "find a successor",
        "there is nothing to do",
        "Needs an agreement",
        "ask ",
        "give ",
        "out of scope",
    ];
    words.iter().any(|word| reason.contains(word))
}

/// As the page writes it.
fn page_text(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[test]
fn a_board_is_told_of_every_entry_with_everything_with_a_census_alone_and_with_nothing() {
    let checked = shipped();
    let region = |year| staysafe_synth::Region {
        children: 300,
        year,
        years: 2,
        areas: vec!["805".to_owned()],
        secure: vec!["805".to_owned()],
        ..staysafe_synth::Region::default()
    };
    let everything = council::made(&checked, &region(2026));
    let mut alone = everything.clone();
    alone.data.returns.retain(|returned| returned.kind == "cin-census");
    alone.profiles.retain(|profile| profile.kind == "cin-census");
    assert!(!alone.data.returns.is_empty() && alone.data.returns.len() < everything.data.returns.len());
    let mut figures_of = Vec::new();
    let recent = &["2024-25", "2025-26", "2025-26 Q3"][..];
    let cases = [
        (Some(everything.clone()), recent),
        (Some(alone), recent),
        (None, recent),
        (Some(everything), &["2015-16"]),
    ];
    for (made, periods) in cases {
        let (data, profiles) = made.map(|made| (made.data, made.profiles)).unwrap_or_default();
        let mut periods: Vec<staysafe::period::Period> =
            periods.iter().map(|period| period.parse().unwrap()).collect();
        periods.sort();
        let plan = plan(&checked, &Request { periods, ..Request::default() }).unwrap();
        let results = finish(&checked, &calculate(&checked, &plan, &data).unwrap());
        let report = card(&checked, results, &profiles, &[], &board());
        holds_every_entry_once(&checked, &report);
        assert_eq!(tells_a_board_of_every_entry(&report), 76);
        figures_of.push(report.summary.with_figure);
    }
    println!("{figures_of:?}");
    assert!(figures_of[0] > 60 && figures_of[1] > 5 && figures_of[2] == 0, "{figures_of:?}");
}

#[test]
fn without_any_return_every_entry_still_has_its_reason() {
    let checked = shipped();
    let nothing = Returns::collect(Vec::new());
    let report = card(&checked, figures(&checked, &nothing), &[], &[], &Audience::Publication);
    holds_every_entry_once(&checked, &report);
    assert_eq!(report.summary.with_figure, 0, "no figure comes from nothing");
    let headlines = gaps(&checked, &[]).headlines;
    assert_eq!(headlines.values().sum::<usize>(), 76, "headlines add up: {headlines:?}");
}

#[test]
fn real_files_give_a_scorecard_for_both_audiences() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/cin-census");
    if !folder.is_dir() {
        println!("left out: real_files_give_a_scorecard_for_both_audiences (../shared is not here)");
        return;
    }
    let checked = shipped();
    for file in ["fake_CIN_data.xml", "CIN_Census_2021.xml", "CIN_Census_2024.xml"] {
        let returns = read_returns(&[folder.join(file)], &ReadOptions::default()).unwrap();
        let results = figures(&checked, &returns);
        for audience in [board(), Audience::Publication] {
            let report = card(&checked, results.clone(), &returns.profiles, &returns.rejects, &audience);
            holds_every_entry_once(&checked, &report);
            // An interval never stands without its method.
            let shown = results_with_interval(&report);
            let page = html(&report);
            let named = ["(Wilson)", "(Byar)", "(exact Poisson)"].iter().any(|name| page.contains(name));
            assert_eq!(page.contains("95% interval"), shown, "{file}, {audience:?}");
            assert!(named || !shown, "{file}, {audience:?}");
            let page = markdown(&report);
            let named = ["(Wilson)", "(Byar)", "(exact Poisson)"].iter().any(|name| page.contains(name));
            assert!(named || !shown, "{file}, {audience:?}");
        }
        nothing_small_is_published(&checked, results, file);
    }
}

/// Whether the scorecard shows any interval.
fn results_with_interval(report: &Report) -> bool {
    terminal(report, 80).contains("95% interval")
}

/// No count of a row about people is small, and a row is hidden whole or not at all.
fn nothing_small_is_published(checked: &Checked, results: Results, file: &str) {
    let disclosed = disclose(results, checked, &Audience::Publication);
    for seen in &disclosed.results().observations {
        let declared = checked.definition(&seen.indicator).and_then(|known| known.disclosure.as_ref());
        if declared.is_some_and(|declared| declared.value == Disclosure::NotPersonal) {
            continue;
        }
        let Outcome::Figure { numerator, denominator, .. } = &seen.cell.outcome else { continue };
        assert!(!disclosed.hidden().contains(seen.indicator.as_str()), "{file}: hidden in part: {seen:?}");
        assert!(seen.cell.notes.is_empty(), "{file}: notes are counts: {seen:?}");
        let (above, below) = (numerator.and_then(|n| n.whole()), denominator.and_then(|d| d.whole()));
        let rest = above.zip(below).map(|(above, below)| below - above);
        for count in [above, below, rest].into_iter().flatten() {
            assert!(!SMALL.contains(&count), "{file}: {seen:?}");
        }
    }
}
