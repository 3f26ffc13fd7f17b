//! A gap analysis for a terminal and for a document.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use staysafe::definition::framework::Framework;
use staysafe::gap::{Gap, GapAnalysis, Headline, Obstacle, Thing};

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
    let _ = writeln!(text, "\nWhat would unlock the most entries");
    for unlock in analysis.unlocks.iter().take(BEST) {
        let _ = writeln!(
            text,
            "  {}: {} by itself{}, {} among other things",
            thing(&unlock.thing),
            unlock.alone.len(),
            if unlock.alone.is_empty() { String::new() } else { format!(" ({})", unlock.alone.join(", ")) },
            unlock.among_others.len()
        );
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
    gap.ask
        .iter()
        .map(|ask| format!("ask {} for {} ({})", ask.name, ask.dataset, ask.fields.join(", ")))
        .collect()
}

fn thing(thing: &Thing) -> String {
    match thing {
        Thing::Field { dataset, field } => format!("the field '{field}' of '{dataset}'"),
        Thing::Dataset { dataset } => format!("the dataset '{dataset}'"),
        Thing::Agency { name, .. } => format!("everything that {name} holds"),
        Thing::Agreement { name, agreement: None, .. } => format!("an agreement with {name}"),
        Thing::Agreement { name, agreement: Some(agreement), .. } => {
            format!("the agreement with {name} that has run out ({agreement})")
        }
    }
}
