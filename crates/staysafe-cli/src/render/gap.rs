//! A gap analysis for a terminal and for a document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{aligned, csv};
use staysafe::definition::framework::Framework;
use staysafe::gap::{
    Absence, Ask, Bundle, Gap, GapAnalysis, Grain, Headline, MatrixRow, Obstacle, Supply, Thing, WhatIf,
};

/// How many of the things that would unlock most are named.
const BEST: usize = 10;

/// Entries by headline, then what would unlock the most.
pub(crate) fn text(framework: &Framework, analysis: &GapAnalysis) -> String {
    let mut text = format!("{} listed entries on {}\n", analysis.entries, analysis.as_of);
    for (headline, count) in &analysis.headlines {
        let _ = writeln!(text, "  {count:>3}  {}", headline_words(*headline));
    }
    for (headline, gaps) in by_headline(analysis) {
        let _ = writeln!(text, "\n{}", headline_words(headline));
        for (id, gap) in gaps {
            let _ = writeln!(text, "  {id}  {}", title(framework, id));
            for line in reasons(gap).into_iter().chain(obstacle(gap)).chain(ask(gap)) {
                let _ = writeln!(text, "      {line}");
            }
        }
    }
    text.push('\n');
    text.push_str(&ranking(analysis));
    text
}

/// One way to say what is missing: in words, and which things say it.
type Way = (&'static str, fn(&Thing) -> bool);

/// What would unlock the most: by data, by who holds it, by the agreement it waits for; then the best pairs and triples.
pub(crate) fn ranking(analysis: &GapAnalysis) -> String {
    let mut text = String::from("What would unlock the most entries\n");
    let ways: [Way; 3] = [
        ("a field or a dataset", |thing| matches!(thing, Thing::Field { .. } | Thing::Dataset { .. })),
        ("an agency", |thing| matches!(thing, Thing::Agency { .. })),
        ("an agreement", |thing| matches!(thing, Thing::Agreement { .. })),
    ];
    for (words, is_one) in ways {
        let mut of_way = analysis.unlocks.iter().filter(|unlock| is_one(&unlock.thing)).peekable();
        if of_way.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "  {words}");
        for unlock in of_way.take(BEST) {
            let alone = if unlock.alone.is_empty() {
                String::new()
            } else {
                format!(" ({})", unlock.alone.join(", "))
            };
            let _ = writeln!(
                text,
                "    {}: {} by itself{alone}, {} among other things",
                unlock.thing,
                unlock.alone.len(),
                unlock.among_others.len()
            );
        }
        let of_things = |bundle: &&Bundle| bundle.things.iter().all(is_one);
        for bundle in analysis.bundles.iter().filter(of_things) {
            let things: Vec<String> = bundle.things.iter().map(ToString::to_string).collect();
            let how = if bundle.exact { "the best" } else { "a good" };
            let size = if bundle.things.len() == 2 { "pair" } else { "triple" };
            let _ = writeln!(
                text,
                "    {how} {size}, {} entries: {} ({})",
                bundle.unlocks.len(),
                things.join("; "),
                bundle.unlocks.join(", ")
            );
        }
    }
    text
}

/// Which entries would stand under another headline.
pub(crate) fn what_if(framework: &Framework, picture: &WhatIf) -> String {
    let mut text = String::new();
    let counts =
        |headlines: &BTreeMap<Headline, usize>, headline| headlines.get(&headline).copied().unwrap_or(0);
    let headlines = picture.before.keys().chain(picture.after.headlines.keys());
    let headlines: std::collections::BTreeSet<Headline> = headlines.copied().collect();
    for headline in headlines {
        let (before, after) = (counts(&picture.before, headline), counts(&picture.after.headlines, headline));
        let _ = writeln!(text, "  {before:>3} -> {after:>3}  {}", headline_words(headline));
    }
    if picture.moved.is_empty() {
        text.push_str("\nNothing would change.\n");
    }
    for moved in &picture.moved {
        let _ = writeln!(
            text,
            "\n  {}  {}\n      {} -> {}",
            moved.indicator,
            title(framework, &moved.indicator),
            headline_words(moved.from),
            headline_words(moved.to)
        );
        if let Some(gap) = picture.after.gaps.get(&moved.indicator) {
            for line in reasons(gap) {
                let _ = writeln!(text, "      {line}");
            }
        }
    }
    text
}

/// The matrix as lines of CSV: one row for each indicator and whatever else is kept apart.
pub(crate) fn matrix_csv(rows: &[MatrixRow<'_>], grain: Grain) -> String {
    let mut text = csv::line(head(grain));
    for row in rows {
        text.push_str(&csv::line(cells(row, grain)));
    }
    text
}

/// The matrix for a terminal.
pub(crate) fn matrix_text(rows: &[MatrixRow<'_>], grain: Grain) -> String {
    let head: Vec<String> = head(grain).into_iter().map(str::to_owned).collect();
    let lines: Vec<Vec<String>> =
        std::iter::once(head).chain(rows.iter().map(|row| cells(row, grain))).collect();
    aligned(&lines)
}

fn head(grain: Grain) -> Vec<&'static str> {
    let apart = [(grain.period, "period"), (grain.area, "area"), (grain.agency, "agency")];
    let apart = apart.into_iter().filter(|(kept, _)| *kept).map(|(_, name)| name);
    std::iter::once("indicator").chain(apart).chain(["headline", "supply", "facts"]).collect()
}

fn cells(row: &MatrixRow<'_>, grain: Grain) -> Vec<String> {
    let mut cells = vec![row.indicator.to_owned()];
    if grain.period {
        cells.push(row.period.map_or_else(|| "any".to_owned(), |period| period.to_string()));
    }
    if grain.area {
        cells.push(row.area.unwrap_or_default().to_owned());
    }
    if grain.agency {
        cells.push(row.agency.unwrap_or_default().to_owned());
    }
    cells.push(row.headline.map_or("not due", Headline::code).to_owned());
    cells.push(row.status.supply().map_or("", supply_word).to_owned());
    cells.push(row.status.words().join(" "));
    cells
}

fn supply_word(supply: Supply) -> &'static str {
    match supply {
        Supply::Available => "available",
        Supply::Partial => "partial",
        Supply::None => "none",
    }
}

/// Every absent cell with the reasons behind it.
pub(crate) fn absent(cells: &[Absence]) -> String {
    let mut text = String::new();
    for cell in cells {
        let _ = writeln!(text, "{}  {}  {}: {}", cell.indicator, cell.period, cell.area, cell.cell.words());
        for why in &cell.reasons {
            let _ = writeln!(text, "    {why}");
        }
        for line in asks(&cell.ask) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}

/// A table of the listed entries.
pub(crate) fn markdown(framework: &Framework, analysis: &GapAnalysis) -> String {
    let mut text = format!("# Gaps on {}\n\n", analysis.as_of);
    for (headline, count) in &analysis.headlines {
        let _ = writeln!(text, "- {}: {count}", headline_words(*headline));
    }
    text.push_str("\n| entry | title | state | why | obstacle | ask |\n|---|---|---|---|---|---|\n");
    for (headline, gaps) in by_headline(analysis) {
        for (id, gap) in gaps {
            let cells = [
                id.to_owned(),
                title(framework, id).to_owned(),
                headline_words(headline).to_owned(),
                reasons(gap).join("; "),
                obstacle(gap).unwrap_or_default(),
                ask(gap).join("; "),
            ];
            let cells = cells.map(|cell| cell.replace('|', "\\|"));
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
    }
    text
}

fn by_headline(analysis: &GapAnalysis) -> BTreeMap<Headline, Vec<(&str, &Gap)>> {
    let mut sorted: BTreeMap<Headline, Vec<(&str, &Gap)>> = BTreeMap::new();
    for (id, gap) in analysis.gaps.iter().filter(|(_, gap)| gap.listed) {
        sorted.entry(gap.headline).or_default().push((id, gap));
    }
    sorted
}

fn title<'a>(framework: &'a Framework, id: &str) -> &'a str {
    framework.indicators.get(id).map_or("", |indicator| indicator.title.value.as_str())
}

fn headline_words(headline: Headline) -> &'static str {
    match headline {
        Headline::NotApplicable => "cannot occur in this area",
        Headline::OutOfScope => "left out by the framework",
        Headline::Superseded => "another entry has taken its place",
        Headline::Discontinued => "no longer collected",
        Headline::Available => "all it needs has arrived",
        Headline::Partial => "some of what it needs has arrived",
        Headline::Proxy => "nothing has arrived; a similar entry can stand beside it",
        Headline::Planned => "nothing has arrived; all of it is promised",
        Headline::Gap => "nothing has arrived",
    }
}

fn reasons(gap: &Gap) -> Vec<String> {
    let mut lines: Vec<String> = gap.reasons.iter().map(ToString::to_string).collect();
    lines.extend(gap.out_of_scope.clone());
    lines.extend(gap.superseded.as_ref().map(|by| format!("see {by}")));
    lines.extend(
        gap.proxy
            .as_ref()
            .map(|beside| format!("beside it: {}, which loses {}", beside.indicator, beside.loses)),
    );
    lines
}

fn obstacle(gap: &Gap) -> Option<String> {
    gap.obstacle.map(|obstacle| {
        match obstacle {
            Obstacle::HeldNotYetSupplied => "held, not yet supplied",
            Obstacle::NeedsAnAgreement => "needs an agreement",
            Obstacle::NotRecordedAnywhere => "not recorded anywhere",
            Obstacle::NoLongerCollected => "no longer collected",
        }
        .to_owned()
    })
}

fn ask(gap: &Gap) -> Vec<String> {
    asks(&gap.ask)
}

fn asks(of: &[Ask]) -> Vec<String> {
    of.iter().map(|ask| format!("ask {} for {} ({})", ask.name, ask.dataset, ask.fields.join(", "))).collect()
}
