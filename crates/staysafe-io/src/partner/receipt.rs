//! The receipt for what was handed in: accepted, queried or rejected, by dataset, with counts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Serialize;
use staysafe::calculate::{CalculateError, calculate, finish};
use staysafe::check::{Checked, CheckedIndicator};
use staysafe::plan::{PlanError, Request, periods_inside, plan};
use staysafe::record::{Lost, Reject, Status};
use staysafe::result::{Outcome, Results, Statistic};

use crate::registers::REGISTER;
use crate::returns::Returns;

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// One for each dataset of each return, in the order in which they were read; those that could not be read at all last.
    pub lines: Vec<ReceiptLine>,
    /// What the board will see of it, in the order of the results; empty where no figures were worked out.
    pub figures: Vec<ReceiptFigure>,
}

/// What became of a dataset of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptLine {
    /// What the caller calls the return.
    pub name: String,
    /// The agency that filled it in, where it says.
    pub agency: Option<String>,
    /// The dataset; none where the file could not be told to be any.
    pub dataset: Option<String>,
    /// The period it speaks of, where it says.
    pub period: Option<String>,
    /// Whether its agency may still change it.
    pub status: Option<Status>,
    /// Whether it is taken.
    pub accepted: Accepted,
    /// Rows that were taken.
    pub rows: u64,
    /// Rows that could not be used.
    pub rejected_rows: u64,
    /// Single values that could not be used, in rows that were taken.
    pub rejected_values: u64,
    /// What to look at: what was found, how often, and how to mend it.
    pub queries: Vec<String>,
}

/// Whether a dataset of a return is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Accepted {
    /// Taken, and nothing to ask.
    Accepted,
    /// Taken as a nil return: there was nothing to report.
    Nil,
    /// Taken, with something to look at.
    Queried,
    /// Not taken: nothing is reported from it until it is sent again.
    Rejected,
}

/// A figure as the board will see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceiptFigure {
    /// The indicator.
    pub indicator: String,
    /// The area's code.
    pub area: String,
    /// The period.
    pub period: String,
    /// The figure, or in words why there is none.
    pub shown: String,
    /// Marks on it.
    pub flags: Vec<&'static str>,
}

/// The receipt for some returns; with results, of the figures that the board will see too.
///
/// Values are never shown: a receipt travels.
///
/// # Example
/// ```no_run
/// use staysafe_io::{ReadOptions, read_returns, receipt};
/// let returns = read_returns(&["police.xlsx"], &ReadOptions::default())?;
/// println!("{}", receipt(&returns, None).markdown());
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn receipt(returns: &Returns, results: Option<&Results>) -> Receipt {
    let mut lines = Vec::new();
    for ((of, profile), header) in returns.data.returns.iter().zip(&returns.profiles).zip(&returns.headers) {
        let said: Vec<&str> = returns
            .notices
            .iter()
            .filter(|notice| notice.name == of.name)
            .map(|notice| notice.message.as_str())
            .collect();
        let mut datasets: Vec<&str> = of.tables.keys().map(String::as_str).collect();
        let of_file: Vec<&Reject> = returns.rejects.iter().filter(|reject| is_of(reject, &of.name)).collect();
        // A table of which nothing could be used is in no table; its rejects name it.
        for reject in &of_file {
            let id = reject.dataset.as_deref();
            datasets.extend(id.filter(|id| !of.tables.contains_key(*id) && header.contains_key(REGISTER)));
        }
        datasets.sort_unstable();
        datasets.dedup();
        if datasets.is_empty() {
            lines.push(line(of, header, None, 0, &[], &said));
        }
        for (place, id) in datasets.into_iter().enumerate() {
            let own: Vec<&Reject> =
                of_file.iter().copied().filter(|reject| reject.dataset.as_deref() == Some(id)).collect();
            let rows =
                profile.modules.iter().find(|module| module.dataset == id).map_or(0, |module| module.rows);
            // What is said of the file is said once.
            let said = if place == 0 { said.as_slice() } else { &[] };
            lines.push(line(of, header, Some(id), rows, &own, said));
        }
    }
    lines.extend(returns.refused.iter().map(|fault| ReceiptLine {
        name: fault.file.clone(),
        agency: None,
        dataset: None,
        period: None,
        status: None,
        accepted: Accepted::Rejected,
        rows: 0,
        rejected_rows: 0,
        rejected_values: 0,
        queries: vec![format!("{}; {}", fault.message, fault.help)],
    }));
    Receipt { lines, figures: results.map(figures).unwrap_or_default() }
}

/// The figures that any of what came stands behind, by area, in every period that it speaks for; none where nothing stands
/// behind any.
///
/// # Errors
/// Records that cannot be used, such as two returns of one agency of which neither is later.
pub fn figures_fed(checked: &Checked, returns: &Returns) -> Result<Option<Results>, FiguresError> {
    let came: BTreeSet<&String> = returns.data.returns.iter().flat_map(|of| of.tables.keys()).collect();
    let reads = |indicator: &&CheckedIndicator| indicator.reads().keys().any(|id| came.contains(id));
    let fed = checked.indicators().values().filter(reads);
    let request = Request {
        indicators: fed.map(|indicator| indicator.id().to_owned()).collect(),
        periods: periods_inside(&returns.data),
        by: vec!["area".to_owned()],
        ..Request::default()
    };
    if request.indicators.is_empty() || request.periods.is_empty() {
        return Ok(None);
    }
    let plan = plan(checked, &request)?;
    Ok(Some(finish(checked, &calculate(checked, &plan, &returns.data)?)))
}

/// Why there are no figures beside a receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FiguresError {
    /// They cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The records cannot be used.
    #[error(transparent)]
    Records(#[from] CalculateError),
}

/// A workbook that makes several returns is one file: its rejects go by the file's name.
fn is_of(reject: &Reject, name: &str) -> bool {
    reject.name == name || name.strip_prefix(&reject.name).is_some_and(|rest| rest.starts_with(" ("))
}

fn line(
    of: &staysafe::record::Return,
    header: &BTreeMap<String, String>,
    dataset: Option<&str>,
    rows: u64,
    rejects: &[&Reject],
    said: &[&str],
) -> ReceiptLine {
    let count = |lost: &[Lost]| -> u64 {
        rejects.iter().filter(|reject| lost.contains(&reject.lost)).map(|reject| reject.times).sum()
    };
    let mut kinds: BTreeMap<(&str, &str), (u64, &Reject)> = BTreeMap::new();
    for reject in rejects.iter().filter(|reject| !QUIET.contains(&reject.code.as_str())) {
        kinds.entry((&reject.code, &reject.element)).or_insert((0, reject)).0 += reject.times;
    }
    let query = |((_, element), (times, first)): (&(&str, &str), &(u64, &Reject))| {
        let line = first.line.map_or_else(String::new, |line| format!(", first on line {line}"));
        let times = if *times == 1 { "once".to_owned() } else { format!("{times} times") };
        format!("{element}: {times}{line}: {}", first.message)
    };
    let mut queries: Vec<String> = said.iter().map(|words| (*words).to_owned()).collect();
    queries.extend(kinds.iter().map(query));
    let taken = dataset.is_some_and(|id| of.tables.contains_key(id));
    let accepted = if !taken {
        Accepted::Rejected
    } else if !queries.is_empty() {
        Accepted::Queried
    } else if rows == 0 {
        Accepted::Nil
    } else {
        Accepted::Accepted
    };
    ReceiptLine {
        name: of.name.clone(),
        agency: of.submission.agency.clone(),
        dataset: dataset.map(str::to_owned),
        period: header.get("period").or(header.get("year")).cloned(),
        status: of.submission.status,
        accepted,
        rows,
        rejected_rows: count(&[Lost::Record, Lost::Child]),
        rejected_values: count(&[Lost::Value]),
        queries,
    }
}

/// What is nobody's fault, and nothing to ask about.
const QUIET: [&str; 3] = ["worked-row", "blank-cells-at-end", "suppressed-by-supplier"];

fn figures(results: &Results) -> Vec<ReceiptFigure> {
    let figure = |row: &staysafe::result::Observation| ReceiptFigure {
        indicator: row.indicator.to_string(),
        area: row.area.to_string(),
        period: row.period.to_string(),
        shown: match &row.cell.outcome {
            Outcome::Figure { value, .. } if row.statistic == Statistic::Count => value.to_places(0),
            Outcome::Figure { value, .. } => value.to_places(1),
            Outcome::Absent(reason) => reason.words(),
        },
        flags: row.cell.flags.iter().map(staysafe::result::Flag::code).collect(),
    };
    results.observations.iter().map(figure).collect()
}

impl Accepted {
    /// In a word.
    pub fn words(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Nil => "accepted, nil return",
            Self::Queried => "queried",
            Self::Rejected => "rejected",
        }
    }
}

impl Receipt {
    /// Whether everything was taken and there is nothing to ask.
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| matches!(line.accepted, Accepted::Accepted | Accepted::Nil))
    }

    /// The receipt as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = "# Receipt\n\nFor whoever sent these files, and nobody else.\n".to_owned();
        for line in &self.lines {
            let what = line.dataset.as_deref().unwrap_or("no dataset");
            let _ = write!(text, "\n## {}: {what}: {}\n\n", line.name, line.accepted.words());
            let mut facts = Vec::new();
            facts.extend(line.agency.as_ref().map(|agency| format!("agency {agency}")));
            facts.extend(line.period.as_ref().map(|period| format!("period {period}")));
            facts.extend(line.status.map(|status| status.code().to_owned()));
            facts.push(format!("{} rows taken", line.rows));
            facts.push(format!("{} rows rejected", line.rejected_rows));
            facts.push(format!("{} values rejected", line.rejected_values));
            let _ = writeln!(text, "{}.", facts.join(", "));
            if !line.queries.is_empty() {
                text.push('\n');
            }
            for query in &line.queries {
                let _ = writeln!(text, "- {query}");
            }
        }
        if !self.figures.is_empty() {
            text.push_str("\n## As the board will see it\n\n| indicator | area | period | figure | marks |\n|---|---|---|---|---|\n");
            for figure in &self.figures {
                let cells =
                    [&figure.indicator, &figure.area, &figure.period, &figure.shown, &figure.flags.join(" ")];
                let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
                let _ = writeln!(text, "| {} |", cells.join(" | "));
            }
        }
        text
    }
}
