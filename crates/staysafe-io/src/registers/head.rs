//! What stands above a table, or on a sheet of its own: whose it is, of which period, and as what it was handed in.

use chrono::NaiveDate;
use staysafe::diagnostic::nearest;
use staysafe::period::Period;
use staysafe::record::{Cover, Days, Status};

use super::known::FIRST_ROWS;
use super::{Raw, RawRow, Registers};
use crate::delimited::{day, plain};
use crate::returns::{Notice, ReadOptions};
use crate::workbook::Cell;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Dataset,
    Agency,
    Area,
    Period,
    First,
    Last,
    Status,
    Nil,
    Number,
    Reason,
    FilledInOn,
    FilledInBy,
    Extracted,
}

/// Each line with the name it has on a template and the others it goes by.
pub(crate) const LABELS: [(Label, &str, &[&str]); 12] = [
    (Label::Dataset, "Return", &["RETURN", "DATASET", "TEMPLATE"]),
    (Label::Agency, "Agency", &["AGENCY"]),
    (Label::Area, "Area", &["AREA", "AREACODE", "AUTHORITY"]),
    (Label::Period, "Period", &["PERIOD"]),
    (Label::First, "First day", &["FIRSTDAY", "FROM"]),
    (Label::Last, "Last day", &["LASTDAY", "TO"]),
    (Label::Status, "Status", &["STATUS"]),
    (Label::Nil, "Nil return", &["NILRETURN", "NIL"]),
    (Label::Number, "Submission number", &["SUBMISSIONNUMBER", "SUBMISSION", "VERSION"]),
    (Label::Reason, "Reason for sending again", &["REASONFORSENDINGAGAIN", "SENTAGAINBECAUSE", "REASON"]),
    (Label::FilledInOn, "Filled in on", &["FILLEDINON", "DATEFILLEDIN"]),
    (Label::FilledInBy, "Filled in by", &["FILLEDINBY", "CONTACT"]),
];

/// The line of an extract that no template has.
const EXTRACTED: [&str; 6] = ["EXTRACTEDON", "EXTRACTED", "DATEOFEXTRACT", "EXTRACTDATE", "DATAASAT", "ASAT"];

/// The period of a register that holds everything there ever was.
const ALL: &str = "all";

/// What the lines say, as far as it could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) dataset: Option<String>,
    pub(super) agency: Option<String>,
    pub(super) area: Option<String>,
    pub(super) cover: Option<Cover>,
    pub(super) period: Option<String>,
    pub(super) status: Option<Status>,
    pub(super) nil: bool,
    pub(super) number: Option<u64>,
    pub(super) reason: Option<String>,
    pub(super) filled_in_on: Option<NaiveDate>,
    pub(super) extracted: Option<NaiveDate>,
}

/// A line that says something, with its value.
fn label(row: &RawRow) -> Option<(Label, &Cell)> {
    let cells = row.cells.as_deref()?;
    let mut cells = cells.iter().skip_while(|cell| cell.is_blank());
    let key = plain(&cells.next()?.shown());
    let known = LABELS.iter().find(|(.., names)| names.contains(&key.as_str())).map(|(label, ..)| *label);
    let label = known.or_else(|| EXTRACTED.contains(&key.as_str()).then_some(Label::Extracted))?;
    // The cell beside it, blank or not: behind that may stand words about what to write.
    Some((label, cells.next().unwrap_or(&Cell::Blank)))
}

/// Whether a table says above its header which dataset it is, as a template does.
pub(super) fn is_labelled(raw: &Raw) -> bool {
    let labels = raw.rows.iter().take(FIRST_ROWS).filter_map(label);
    let mut found: Vec<Label> = labels.map(|(label, _)| label).collect();
    found.dedup();
    found.contains(&Label::Dataset) || found.len() >= 3
}

/// Reads the lines; what cannot be read is said.
pub(super) fn read<'r>(
    name: &str,
    rows: impl Iterator<Item = &'r RawRow>,
    registers: &Registers,
    notices: &mut Vec<Notice>,
) -> Head {
    let mut head = Head::default();
    let (mut first, mut last) = (None, None);
    let mut say = |code: &str, message: String| notices.push(Notice::new(name, code, message));
    for row in rows {
        let Some((label, cell)) = label(row) else { continue };
        let text = cell.shown();
        if text.is_empty() {
            continue;
        }
        let line = row.line;
        match label {
            Label::Dataset => match dataset(registers, &text) {
                Ok(id) => head.dataset = Some(id),
                Err(help) => say("unknown-return", format!("line {line}: '{text}' is no dataset; {help}")),
            },
            Label::Agency => match agency(registers, &text) {
                Ok(id) => head.agency = Some(id),
                Err(help) => {
                    say(
                        "unknown-agency",
                        format!("line {line}: no agency is called '{text}'; it is kept as given; {help}"),
                    );
                    head.agency = Some(text);
                }
            },
            Label::Area => head.area = Some(text),
            Label::Period if plain(&text) == plain(ALL) => {
                head.cover = Some(Cover::UNLIMITED);
                head.period = Some(ALL.to_owned());
            }
            Label::Period => match period(cell, &text) {
                Ok(period) => head.period = Some(period.to_string()),
                Err(why) => say("bad-period", format!("line {line}: '{text}' is no period: {why}")),
            },
            Label::First | Label::Last | Label::FilledInOn | Label::Extracted => match date(cell, &text) {
                Some(day) if label == Label::First => first = Some(day),
                Some(day) if label == Label::Last => last = Some(day),
                Some(day) if label == Label::Extracted => head.extracted = Some(day),
                Some(day) => head.filled_in_on = Some(day),
                None => say("bad-date", format!("line {line}: {}", crate::delimited::day_message(&text))),
            },
            Label::Status => match plain(&text).as_str() {
                "PROVISIONAL" => head.status = Some(Status::Provisional),
                "FINAL" => head.status = Some(Status::Final),
                _ => say("bad-status", format!("line {line}: expected provisional or final, not '{text}'")),
            },
            Label::Nil => match super::value::answer(cell) {
                Some(answer) => head.nil = answer,
                None => say(
                    "bad-nil-return",
                    format!("line {line}: expected yes or no, not '{text}'; nothing was declared"),
                ),
            },
            Label::Number => match text.parse() {
                Ok(number) => head.number = Some(number),
                Err(_) => say(
                    "bad-number",
                    format!("line {line}: expected a whole number for the submission, not '{text}'"),
                ),
            },
            Label::Reason => head.reason = Some(text),
            Label::FilledInBy => {}
        }
    }
    if let (Some(first), Some(last)) = (first, last) {
        if first <= last {
            head.cover = Some(Cover::all(Days { first, last }));
        } else {
            say(
                "bad-period",
                format!(
                    "its last day, {last}, lies before its first, {first}; it speaks for no day until one is corrected"
                ),
            );
        }
    }
    head
}

impl Head {
    /// The days that the table speaks for: its own, or else those that the caller gives; `None` where nobody says.
    pub(super) fn cover(&self, options: &ReadOptions) -> Option<Cover> {
        let named = self.period.as_deref().and_then(|period| period.parse::<Period>().ok());
        let given = options.period.or_else(|| Period::financial_year(options.year? - 1).ok());
        let of = |period: Period| Cover::all(Days { first: period.first_day(), last: period.last_day() });
        self.cover.or(named.map(of)).or(given.map(of))
    }
}

fn dataset(registers: &Registers, text: &str) -> Result<String, String> {
    let datasets = &registers.inner.datasets;
    let named = datasets.values().find(|dataset| {
        [&dataset.id.value, &dataset.title.value].iter().any(|name| plain(name) == plain(text))
    });
    named.map(|dataset| dataset.id.value.clone()).ok_or_else(|| {
        match nearest(text, datasets.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => "its columns say what it is".to_owned(),
        }
    })
}

fn agency(registers: &Registers, text: &str) -> Result<String, String> {
    let agencies = &registers.inner.agencies;
    let called = |(id, name): &(&String, &String)| [id, name].iter().any(|known| plain(known) == plain(text));
    agencies.iter().find(called).map(|(id, _)| id.clone()).ok_or_else(|| {
        match nearest(text, agencies.keys().map(String::as_str)) {
            Some(near) => format!("did you mean {near}?"),
            None => "agencies.toml names them".to_owned(),
        }
    })
}

/// A spreadsheet turns `2010-11` into a day of November, and `Apr 2010` into the first of April.
fn period(cell: &Cell, text: &str) -> Result<Period, String> {
    match cell {
        Cell::Date(_) | Cell::Moment(_) => {
            Err("the spreadsheet has turned it into a day; format the cell as text and \
                                                write it again, as in 2010-11 or 2010-11 Q1"
                .to_owned())
        }
        _ => text.parse::<Period>().map_err(|error| error.reason().to_owned()),
    }
}

fn date(cell: &Cell, text: &str) -> Option<NaiveDate> {
    match cell {
        Cell::Date(day) => Some(*day),
        _ => day(text),
    }
}
