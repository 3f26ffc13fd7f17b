//! The scorecard: what is known, what is missing, and who has it.
//!
//! [`report`] takes a [`Disclosed`] and nothing less, so that figures nobody has disclosed cannot be
//! shown. It gives a [`Report`], which holds only what its audience may see, in the order in which it
//! is read; [`html`], [`markdown`], [`json`] and [`terminal`] write it out.

mod beside;
mod changes;
mod chart;
mod entries;
mod first;
mod html;
mod markdown;
mod picture;
mod terminal;
mod words;

use std::collections::BTreeMap;

use beside::Beside;
use chrono::NaiveDate;
use serde::Serialize;

use crate::calculate::Tested;
use crate::check::Checked;
use crate::definition::framework::Framework;
use crate::disclosure::{Audience, Disclosed, Holdings, holdings};
use crate::gap::GapAnalysis;
use crate::published::Compared;
use crate::record::{Profile, Reject};
use crate::result::{MadeOf, Observation, Symbols};

pub use beside::{BrokenSum, Nearness, PublishedFigure, RecordsBehind, SumsTested};
pub use changes::{Cause, CellChange, Changes, Run, changes};
pub use entries::{About, Asked, ListOf, Open, Place, Point, Row, Series, UnlockLine};
pub use first::{BoardPapers, FirstPage, Line, Section};
pub(crate) use html::escape;
pub use html::html;
pub use markdown::markdown;
pub use picture::{board_page, gap_page, gap_pictures, plan_picture, way_picture};
pub use terminal::terminal;

/// What a scorecard needs beside the figures.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// What is needed, supplied and arrived.
    pub gaps: &'a GapAnalysis,
    /// What each return holds.
    pub profiles: &'a [Profile],
    /// What was rejected from them.
    pub rejects: &'a [Reject],
    /// The run before this one, to say what changed and why.
    pub previous: Option<&'a Run>,
    /// The board's papers, for the first page.
    pub board: Option<BoardPapers<'a>>,
    /// Figures that somebody else published; those of the country, and of the areas' regions, statistical neighbours and
    /// themselves are shown beside the entries.
    pub published: &'a [Compared],
    /// The identities that were tested on the figures before they were disclosed.
    pub identities: &'a [Tested],
    /// The day it is prepared.
    pub prepared: NaiveDate,
}

/// A scorecard, in the order in which it is read. It holds only what its audience may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The framework's title.
    pub title: String,
    /// What the framework covers.
    pub scope: String,
    /// Who will read it.
    pub audience: Audience,
    /// The day it was prepared.
    pub prepared: NaiveDate,
    /// One side of A4 for somebody with ten minutes.
    pub first: FirstPage,
    /// Pages that are written beside it, and linked from it; nothing, where none is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<LinkedPage>,
    /// How many entries stand where.
    pub summary: Summary,
    /// What the returns hold.
    pub holdings: Holdings,
    /// Entries with a number, or with a reason in the place of one, by list.
    pub numbers: Vec<ListOf>,
    /// Lists of our own, beside the board's entries.
    pub context: Vec<ListOf>,
    /// Entries that could be had from records already held.
    pub could_be_had: Vec<Open>,
    /// Entries to ask a partner for, by holder.
    pub to_ask: Vec<Asked>,
    /// What would unlock the most entries, best first.
    pub unlocks: Vec<UnlockLine>,
    /// Entries no longer collected, superseded, out of scope or not applicable.
    pub ended: Vec<Open>,
    /// The identities that were tested, and what came out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<SumsTested>,
    /// What the framework leaves out, with the reason.
    pub excluded: Vec<Excluded>,
    /// What changed since the last run, where one was given.
    pub changes: Option<Changes>,
    /// What it was made of.
    pub made: Made,
    /// Every result, in the fixed columns, with the symbol it is exported under.
    pub results: Vec<Exported>,
}

/// A page that is written beside a scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkedPage {
    /// Its file, in the same folder.
    pub file: String,
    /// What it shows.
    pub words: String,
}

/// How many of the board's entries stand where; the counts add up to `entries`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// All listed entries.
    pub entries: usize,
    /// With at least one figure.
    pub with_figure: usize,
    /// Hidden by disclosure control.
    pub hidden: usize,
    /// Calculated, and without a figure in any period.
    pub without_figure: usize,
    /// Could be had from records already held.
    pub could_be_had: usize,
    /// To be asked of a partner.
    pub to_ask: usize,
    /// No longer collected, superseded, out of scope or not applicable.
    pub ended: usize,
    /// Rows of the context lists, outside the entries.
    pub context: usize,
    /// Rows of the context lists with at least one figure.
    pub context_with_figure: usize,
    /// Rows hidden by disclosure control, context lists included.
    pub hidden_rows: usize,
}

/// Something left out on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excluded {
    /// What.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// What a scorecard was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Hash of the whole checked framework.
    pub framework: String,
    /// Everything the figures were made of.
    #[serde(flatten)]
    pub results: MadeOf,
}

/// One result with the symbol that stands for an absence or a mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// The result.
    #[serde(flatten)]
    pub observation: Observation,
    /// `z`, `x`, `c`, `low`, `k` or `u`; see [`Cell::symbol`](crate::result::Cell::symbol).
    pub symbol: Option<&'static str>,
}

/// A scorecard of disclosed results.
///
/// Every entry of the framework's lists, and every row of the lists of our own, appears exactly once:
/// with a number, or with the reason why there is none.
///
/// # Example
/// ```
/// use staysafe::calculate::{calculate, finish};
/// use staysafe::disclosure::{Audience, disclose};
/// use staysafe::gap::{Arrived, Circumstances, gap};
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::report::{Inputs, html, report};
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = \"f\"\ntitle = \"A <small> board\"\nscope = \"all\"")]);
/// let checked = check(framework).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let results = finish(&checked, &calculate(&checked, &plan, &Data::default()).unwrap());
/// let today = "2026-11-23".parse().unwrap();
/// let gaps = gap(&checked, &Arrived::default(), &Circumstances::on(today));
///
/// let disclosed = disclose(results, &checked, &Audience::Publication);
/// let inputs = Inputs {
///     gaps: &gaps, profiles: &[], rejects: &[], previous: None, board: None, published: &[], identities: &[], prepared: today,
/// };
/// let card = report(&disclosed, &checked, &inputs);
/// assert!(html(&card).contains("<h1>A &lt;small&gt; board</h1>"));
/// ```
/// Figures that nobody has disclosed are not accepted:
/// ```compile_fail
/// # fn f(results: &staysafe::result::Results, checked: &staysafe::check::Checked, inputs: &staysafe::report::Inputs<'_>) {
/// staysafe::report::report(results, checked, inputs);
/// # }
/// ```
pub fn report(disclosed: &Disclosed, checked: &Checked, inputs: &Inputs<'_>) -> Report {
    report_within(disclosed, checked.framework(), checked.hash(), inputs)
}

/// The scorecard itself, on a framework and its hash.
pub(crate) fn report_within(
    disclosed: &Disclosed,
    framework: &Framework,
    hash: &str,
    inputs: &Inputs<'_>,
) -> Report {
    let results = disclosed.results();
    let beside = Beside::new(framework, inputs, &results.observations, disclosed.audience());
    let placed = entries::place(framework, disclosed, inputs.gaps, &beside);
    let run = Run::of(disclosed, Some(inputs.gaps), inputs.prepared);
    let mut made = Report {
        first: FirstPage::default(),
        pages: Vec::new(),
        title: framework.title.clone(),
        scope: framework.scope.clone(),
        audience: disclosed.audience().clone(),
        prepared: inputs.prepared,
        summary: placed.summary,
        holdings: holdings(framework, inputs.profiles, inputs.rejects, disclosed.audience()),
        numbers: placed.numbers,
        context: placed.context,
        could_be_had: placed.could_be_had,
        to_ask: placed.to_ask,
        unlocks: entries::unlocks(framework, inputs.gaps),
        ended: placed.ended,
        sums: beside.tested(inputs.identities),
        excluded: framework
            .excluded
            .iter()
            .map(|left_out| Excluded {
                what: left_out.what.value.clone(),
                reason: left_out.reason.value.clone(),
            })
            .collect(),
        changes: inputs.previous.map(|previous| changes(previous, &run)),
        made: Made { framework: hash.to_owned(), results: results.made_of.clone() },
        results: results
            .observations
            .iter()
            .map(|seen| Exported { observation: seen.clone(), symbol: seen.cell.symbol(Symbols::Dfe) })
            .collect(),
    };
    made.first = first::first(&made, disclosed, framework, inputs);
    made
}

/// The scorecard as JSON, with every result in the fixed columns.
///
/// # Errors
/// Only where a value cannot be written as JSON, which the types of a [`Report`] do not allow.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(report)
}

impl Report {
    /// Sentences that say in one breath what the scorecard says.
    pub fn says(&self) -> Vec<String> {
        words::says(&self.summary, &self.audience)
    }

    /// Where each entry stands, by id: exactly one place each.
    pub fn places(&self) -> BTreeMap<&str, Place> {
        let mut places: BTreeMap<&str, Place> = BTreeMap::new();
        for (lists, place) in [(&self.numbers, Place::Numbers), (&self.context, Place::Context)] {
            places.extend(lists.iter().flat_map(|list| &list.rows).map(|row| (row.about.id.as_str(), place)));
        }
        places.extend(self.could_be_had.iter().map(|open| (open.about.id.as_str(), Place::CouldBeHad)));
        let asked = self.to_ask.iter().flat_map(|asked| &asked.rows);
        places.extend(asked.map(|open| (open.about.id.as_str(), Place::ToAsk)));
        places.extend(self.ended.iter().map(|open| (open.about.id.as_str(), Place::Ended)));
        places
    }
}

#[cfg(test)]
mod tests;
