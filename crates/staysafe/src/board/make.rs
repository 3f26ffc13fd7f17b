//! The plan made from the gap analysis, and made again without losing what people wrote.
//!
//! A row is people's from the moment it is written: making the plan again adds rows, and adds to the lists of those
//! that are there. It never takes a word away. What the analysis now says otherwise is said, not written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use super::agency_name;
use super::write::{list, write_row};
use crate::definition::board::{GatheringPlan, Row};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Cycle, Kind};
use crate::definition::read::{PLAN_FILE, read_board};
use crate::gap::{Gap, GapAnalysis, Headline, Obstacle};
use crate::period::PeriodKind;

/// What stands at the head of a new plan.
const HEAD: &str = "\
# The data gathering plan: what is asked of whom until when. Made from the gap analysis, edited by people.
# How a row stands is worked out from what is written here and from what arrives; nobody types it.

threshold = \"0.9\" # share of rows in which a field must be filled in
periods = 2 # deliveries in a row with the data seen, before a row can be signed as closed

[escalation] # days overdue
task_group_lead = 1
sub_group_chair = 28
board_chair = 56
";

/// A plan that was made or made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Made {
    /// The text of the file.
    pub text: String,
    /// Rows that were added, in order of id.
    pub added: Vec<String>,
    /// Lists of rows that were added to.
    pub widened: Vec<Widened>,
    /// What a row says and the analysis says otherwise; the row was left as it is.
    pub differs: Vec<Differs>,
    /// What the analysis asks for under rows of other names.
    pub asked_elsewhere: Vec<String>,
    /// Rows whose data the analysis misses no longer.
    pub no_longer_missing: Vec<String>,
    /// Entries that miss something of which no holder is known: no row can ask for it.
    pub nobody_to_ask: Vec<String>,
}

/// A list of a row that was added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Widened {
    /// The row.
    pub row: String,
    /// Which list.
    pub key: &'static str,
    /// What was added.
    pub added: Vec<String>,
}

/// What a row says and the analysis says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differs {
    /// The row.
    pub row: String,
    /// Which key.
    pub key: &'static str,
    /// What the row says.
    pub plan: String,
    /// What the analysis says.
    pub analysis: String,
}

/// Why a plan cannot be made again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The file has errors: it is never rewritten.
    #[error("the plan has errors; it is not touched until they are mended")]
    Damaged,
    /// Rows are written in a way that cannot be added to without rewriting them.
    #[error(
        "row `{0}` is written in one line; write it under a header of its own, [[row]], so that it can be added to"
    )]
    Inline(String),
    /// The text that was made does not say what it should.
    #[error("the plan was not made again: {0} would no longer read as it was written")]
    WouldChange(String),
}

/// A new plan: a row for each dataset and holder that the analysis misses something of.
///
/// Entries that are documents stand in the forward plan instead.
pub fn make(framework: &Framework, gaps: &GapAnalysis) -> Made {
    let rows = wanted(framework, gaps);
    let text = rows.values().fold(HEAD.to_owned(), |text, row| format!("{text}\n{}", write_row(row)));
    Made {
        text,
        added: rows.into_keys().collect(),
        widened: Vec::new(),
        differs: Vec::new(),
        asked_elsewhere: Vec::new(),
        no_longer_missing: Vec::new(),
        nobody_to_ask: nobody_to_ask(framework, gaps),
    }
}

/// The plan made again: the text of its file with what the analysis now asks for besides.
///
/// Comments, order and every word stay. A field that somebody struck out of a row stays out.
///
/// # Errors
/// Where the text has errors, or a row cannot be added to without rewriting it.
///
/// # Example
/// ```
/// use staysafe::board::{make, make_again};
/// use staysafe::gap::{Arrived, Circumstances, gap};
/// use staysafe::{check::check, definition::read::read};
///
/// let (framework, _) = read([("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'A'\nkind = 'count'\npolarity = 'lower'\ncycle = 'quarter'\n\
///       holder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n[[need]]\ndataset = 'restraint'\nfields = ['date']")]);
/// let checked = check(framework).0.unwrap();
/// let circumstances = Circumstances::on("2010-07-01".parse().unwrap());
/// let gaps = gap(&checked, &Arrived::default(), &circumstances);
///
/// let made = make(checked.framework(), &gaps);
/// assert_eq!(made.added, ["yjb/restraint"]);
/// let edited = made.text.replace("action = \"Agree", "# asked in July\naction = \"Please agree");
/// let again = make_again(&edited, checked.framework(), &gaps).unwrap();
/// assert_eq!(again.text, edited, "nothing that a person wrote is lost");
/// assert_eq!(again.differs[0].key, "action");
/// ```
pub fn make_again(text: &str, framework: &Framework, gaps: &GapAnalysis) -> Result<Made, MakeError> {
    let plan = read_plan(text, framework).ok_or(MakeError::Damaged)?;
    let wanted = wanted(framework, gaps);
    let mut again = Again {
        text,
        plan: &plan,
        edits: Vec::new(),
        made: Made {
            text: String::new(),
            added: Vec::new(),
            widened: Vec::new(),
            differs: Vec::new(),
            asked_elsewhere: Vec::new(),
            no_longer_missing: Vec::new(),
            nobody_to_ask: nobody_to_ask(framework, gaps),
        },
    };
    let mut expected: BTreeMap<String, Row> =
        plan.rows.iter().map(|row| (row.id.clone(), row.clone())).collect();
    for (id, row) in &wanted {
        match plan.rows.iter().find(|written| written.id == *id) {
            Some(written) => {
                let merged = again.merge(written, row)?;
                expected.insert(id.clone(), merged);
            }
            None if again.is_asked_elsewhere(row) => again.made.asked_elsewhere.push(id.clone()),
            None => {
                again.insert(row)?;
                expected.insert(id.clone(), row.clone());
            }
        }
    }
    let missing = |row: &Row| {
        wanted
            .values()
            .any(|wanted| wanted.dataset == row.dataset && wanted.holder == row.holder || wanted.id == row.id)
    };
    again.made.no_longer_missing =
        plan.rows.iter().filter(|row| !missing(row)).map(|row| row.id.clone()).collect();
    let mut made = again.finish();
    made.added.sort();
    verify(&made.text, framework, &expected)?;
    Ok(made)
}

/// The plan of a text; none where it has errors.
fn read_plan(text: &str, framework: &Framework) -> Option<GatheringPlan> {
    let (board, found) = read_board([(PLAN_FILE, text)], framework);
    board.plan.filter(|_| !found.has_errors())
}

/// Reads what was made, and compares it with what was meant, row by row.
fn verify(text: &str, framework: &Framework, expected: &BTreeMap<String, Row>) -> Result<(), MakeError> {
    let plan = read_plan(text, framework).ok_or_else(|| MakeError::WouldChange("the file".to_owned()))?;
    let bare = |row: &Row| Row { place: crate::definition::board::RowPlace::default(), ..row.clone() };
    let is_as_meant = |row: &&Row| expected.get(&row.id).is_some_and(|meant| bare(meant) == bare(row));
    if let Some(row) = plan.rows.iter().find(|row| !is_as_meant(row)) {
        return Err(MakeError::WouldChange(format!("row `{}`", row.id)));
    }
    let lost = expected.keys().find(|id| !plan.rows.iter().any(|row| row.id == **id));
    lost.map_or(Ok(()), |id| Err(MakeError::WouldChange(format!("row `{id}`"))))
}

struct Again<'a> {
    text: &'a str,
    plan: &'a GatheringPlan,
    /// What is written over which bytes.
    edits: Vec<(Range<usize>, String)>,
    made: Made,
}

impl Again<'_> {
    /// Adds to the lists of a row, and says what else differs; the row as it will read.
    fn merge(&mut self, written: &Row, wanted: &Row) -> Result<Row, MakeError> {
        for (key, plan, analysis) in [
            ("action", &written.action, &wanted.action),
            ("holder", &written.holder, &wanted.holder),
            ("dataset", &written.dataset, &wanted.dataset),
        ] {
            if plan != analysis {
                let (row, plan, analysis) = (written.id.clone(), plan.clone(), analysis.clone());
                self.made.differs.push(Differs { row, key, plan, analysis });
            }
        }
        let mut merged = written.clone();
        if written.dataset == wanted.dataset {
            // A field that was asked for before and is not here was struck out. A row without fields asks for all.
            let new: Vec<String> = missing_from(&wanted.fields, &written.asked);
            let all = written.fields.is_empty() && written.asked.is_empty();
            if !all {
                self.widen(written, "fields", &mut merged.fields, &new)?;
                self.widen(written, "asked", &mut merged.asked, &new)?;
            }
            self.widen(written, "unlocks", &mut merged.unlocks, &wanted.unlocks)?;
        }
        Ok(merged)
    }

    fn widen(
        &mut self,
        row: &Row,
        key: &'static str,
        values: &mut Vec<String>,
        wanted: &[String],
    ) -> Result<(), MakeError> {
        let added = missing_from(wanted, values);
        if added.is_empty() {
            return Ok(());
        }
        values.extend(added.iter().cloned());
        if let Some(at) = row.place.lists.get(key) {
            self.edits.push((at.start..at.end, list(key, values)));
        } else {
            let header = row.place.header.as_ref().map_or(0..0, |header| header.start..header.end);
            if !self.text.get(header.clone()).is_some_and(|text| text.starts_with("[[")) {
                return Err(MakeError::Inline(row.id.clone()));
            }
            let end = self.text.get(header.end..).and_then(|rest| rest.find('\n'));
            let end = end.map_or(self.text.len(), |line| header.end + line + 1);
            self.edits.push((end..end, format!("{key} = {}\n", list(key, values))));
        }
        if key != "asked" {
            self.made.widened.push(Widened { row: row.id.clone(), key, added });
        }
        Ok(())
    }

    /// Whether rows of other names, of the same dataset, ask for all of it.
    fn is_asked_elsewhere(&self, wanted: &Row) -> bool {
        let rows = || {
            self.plan.rows.iter().filter(|row| row.dataset == wanted.dataset && row.holder == wanted.holder)
        };
        let fields: BTreeSet<&String> = rows().flat_map(|row| row.fields.iter().chain(&row.asked)).collect();
        rows().any(|row| row.fields.is_empty())
            || rows().next().is_some() && wanted.fields.iter().all(|field| fields.contains(field))
    }

    /// Puts a new row before the first one whose id comes after it, with the comments above that one left to it.
    fn insert(&mut self, row: &Row) -> Result<(), MakeError> {
        let mut at = self.text.len();
        if let Some(after) = self.plan.rows.iter().find(|written| written.id > row.id) {
            let header = after.place.header.as_ref().map_or(0, |header| header.start);
            if !self.text.get(header..).is_some_and(|text| text.starts_with("[[")) {
                return Err(MakeError::Inline(after.id.clone()));
            }
            at = above_comments(self.text, header);
        }
        let before = self.text.get(..at).unwrap_or("");
        let gap = if before.is_empty() || before.ends_with("\n\n") {
            ""
        } else if before.ends_with('\n') {
            "\n"
        } else {
            "\n\n"
        };
        let behind = if at < self.text.len() { "\n" } else { "" };
        self.edits.push((at..at, format!("{gap}{}{behind}", write_row(row))));
        self.made.added.push(row.id.clone());
        Ok(())
    }

    fn finish(mut self) -> Made {
        // A stable order: rows that are put in at one place stand in order of id.
        self.edits.sort_by_key(|(at, _)| (at.start, at.end));
        let (mut text, mut from) = (String::new(), 0);
        for (at, words) in &self.edits {
            let kept = self.text.get(from..at.start).unwrap_or("");
            text.push_str(kept);
            // The second of two rows at the end of a file has the first before it.
            let words = if at.start == from
                && from > 0
                && kept.is_empty()
                && !text.ends_with("\n\n")
                && words.starts_with("[[")
            {
                format!("\n{words}")
            } else {
                words.clone()
            };
            text.push_str(if text.ends_with("\n\n") { words.trim_start_matches('\n') } else { &words });
            from = at.end;
        }
        text.push_str(self.text.get(from..).unwrap_or(""));
        self.made.text = text;
        self.made
    }
}

/// Where the lines of comment directly above a line begin.
fn above_comments(text: &str, line: usize) -> usize {
    let mut at = line;
    while let Some(before) = text.get(..at).filter(|before| !before.is_empty()) {
        let start = before.trim_end_matches('\n').rfind('\n').map_or(0, |end| end + 1);
        let is_comment = before.ends_with('\n')
            && !before.ends_with("\n\n")
            && before.get(start..).is_some_and(|line| line.trim_start().starts_with('#'));
        if !is_comment {
            break;
        }
        at = start;
    }
    at
}

/// Those of the wanted values that are not there, in order.
fn missing_from(wanted: &[String], there: &[String]) -> Vec<String> {
    wanted.iter().filter(|value| !there.contains(value)).cloned().collect()
}

/// What the analysis asks for: a row for each dataset and holder, by id.
fn wanted(framework: &Framework, gaps: &GapAnalysis) -> BTreeMap<String, Row> {
    let mut rows: BTreeMap<(String, String), (Row, Option<Obstacle>, bool)> = BTreeMap::new();
    for gap in gaps.gaps.values().filter(|gap| gap.listed && is_open(gap)) {
        let indicator = framework.indicators.get(&gap.indicator);
        if indicator.is_some_and(|indicator| indicator.kind.value == Kind::Document) {
            continue;
        }
        for ask in &gap.ask {
            let key = (ask.holder.clone(), ask.dataset.clone());
            let (row, obstacle, run_out) = rows.entry(key).or_default();
            row.dataset.clone_from(&ask.dataset);
            row.holder.clone_from(&ask.holder);
            row.fields.extend(missing_from(&ask.fields, &row.fields));
            row.unlocks.push(gap.indicator.clone());
            *obstacle = (*obstacle).max(Some(ask.obstacle));
            *run_out |= ask.run_out;
            row.basis = row.basis.take().or_else(|| ask.agreement.clone());
            let cycle = indicator.map(|indicator| every(&indicator.cycle.value));
            row.every = row.every.into_iter().chain(cycle).min();
        }
    }
    rows.into_values()
        .map(|(mut row, obstacle, run_out)| {
            row.fields.sort();
            row.asked.clone_from(&row.fields);
            row.id = format!("{}/{}", row.holder, row.dataset);
            row.action = action(framework, &row, obstacle, run_out);
            (row.id.clone(), row)
        })
        .collect()
}

/// A heading has no data of its own; its members ask for theirs.
fn nobody_to_ask(framework: &Framework, gaps: &GapAnalysis) -> Vec<String> {
    let is_heading = |gap: &Gap| {
        framework.indicators.get(&gap.indicator).is_some_and(|entry| entry.kind.value == Kind::Group)
    };
    let open = gaps.gaps.values().filter(|gap| gap.listed && is_open(gap) && !is_heading(gap));
    open.filter(|gap| gap.ask.is_empty()).map(|gap| gap.indicator.clone()).collect()
}

fn is_open(gap: &Gap) -> bool {
    matches!(gap.headline, Headline::Partial | Headline::Proxy | Headline::Planned | Headline::Gap)
}

fn every(cycle: &Cycle) -> PeriodKind {
    match cycle {
        Cycle::Quarter => PeriodKind::Quarter,
        Cycle::FinancialYear | Cycle::Snapshot(_) => PeriodKind::FinancialYear,
        Cycle::CalendarYear => PeriodKind::CalendarYear,
        Cycle::AcademicYear => PeriodKind::AcademicYear,
    }
}

/// What is to be done, by what stands in the way.
fn action(framework: &Framework, row: &Row, obstacle: Option<Obstacle>, run_out: bool) -> String {
    let holder = agency_name(framework, &row.holder);
    let declared = framework.datasets.get(&row.dataset).map(|dataset| dataset.title.value.clone());
    let what = declared.unwrap_or_else(|| row.dataset.replace('_', " "));
    match obstacle {
        Some(Obstacle::NeedsAnAgreement) if run_out => {
            format!("Renew with {holder} the agreement under which it supplies: {what}")
        }
        Some(Obstacle::NeedsAnAgreement) => format!("Agree with {holder} how it supplies: {what}"),
        Some(Obstacle::NotRecordedAnywhere) => {
            format!("Agree with {holder} that it starts to record: {what}")
        }
        Some(Obstacle::NoLongerCollected) => format!("Find with {holder} what can take the place of: {what}"),
        Some(Obstacle::HeldNotYetSupplied) | None => format!("Ask {holder} for: {what}"),
    }
}
