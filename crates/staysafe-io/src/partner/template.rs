//! An empty register for a partner to fill in: as a workbook and as a table of comma-separated values.

use std::fs;
use std::path::{Path, PathBuf};

use csv::{Terminator, WriterBuilder};
use staysafe::definition::dataset::Dataset;
use staysafe::definition::framework::Framework;
use staysafe::diagnostic::nearest;
use staysafe::period::Period;
use staysafe::value::{Datum, Type, Value};

use super::sheet;
use crate::registers::{LABELS, Label, Registers};
use crate::runs::{RunError, file, write_and_rename};

/// What is filled in before a template is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefilled {
    /// The agency's id.
    pub agency: Option<String>,
    /// The area's code.
    pub area: Option<String>,
    /// The period it is asked for.
    pub period: Option<Period>,
}

/// A template of one dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The dataset's id, which names the files.
    pub name: String,
    /// The workbook: a sheet that says whose it is, one for the rows, one with a worked row, one about the columns,
    /// one with the codes.
    pub xlsx: Vec<u8>,
    /// The same as comma-separated values, in UTF-8 with its mark, because spreadsheets ask for it.
    pub csv: String,
}

impl Template {
    /// Writes both files into a folder, which is made where it is not there, and says where they are.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> Result<[PathBuf; 2], RunError> {
        fs::create_dir_all(folder).map_err(|source| file(folder, source))?;
        let paths = ["xlsx", "csv"].map(|kind| folder.join(format!("{}.{kind}", self.name)));
        for (path, bytes) in paths.iter().zip([self.xlsx.as_slice(), self.csv.as_bytes()]) {
            write_and_rename(path, bytes)?;
        }
        Ok(paths)
    }
}

/// Why there is no template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The framework knows no such dataset.
    #[error("the framework has no dataset `{name}`{}", near.as_deref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default())]
    UnknownDataset {
        /// What was asked for.
        name: String,
        /// The nearest that there is.
        near: Option<String>,
    },
    /// The workbook cannot hold it: a name or a text longer than a spreadsheet takes.
    #[error("the workbook cannot be made: {0}; shorten the words of the dataset")]
    Workbook(String),
}

/// The template of a dataset: the same bytes for the same definitions.
///
/// What is filled in by hand and handed back is read by [`read_returns`](crate::read_returns). The worked row may stay
/// where it is: nobody counts it.
///
/// # Errors
/// A dataset that the framework does not know; words that no spreadsheet takes.
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// use staysafe_io::{Prefilled, template};
///
/// let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
/// let made = template(&framework, "restraint_incident", &Prefilled::default())?;
/// assert!(made.csv.contains("incident,establishment,incident_date"));
/// assert!(made.xlsx.starts_with(b"PK"));
/// # Ok::<(), staysafe_io::TemplateError>(())
/// ```
pub fn template(
    framework: &Framework,
    dataset: &str,
    prefilled: &Prefilled,
) -> Result<Template, TemplateError> {
    let Some(of) = framework.datasets.get(dataset) else {
        let near = nearest(dataset, framework.datasets.keys().map(String::as_str));
        return Err(TemplateError::UnknownDataset {
            name: dataset.to_owned(),
            near: near.map(str::to_owned),
        });
    };
    let registers = Registers::of(framework);
    let head = head(of, prefilled);
    let worked = worked(&registers, of);
    let xlsx = sheet::workbook(&registers, of, &head, &worked)
        .map_err(|error| TemplateError::Workbook(error.to_string()))?;
    Ok(Template { name: of.id.value.clone(), xlsx, csv: table(of, &head, &worked) })
}

/// A line of the head: what it says, what stands there, what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) label: Label,
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) help: &'static str,
}

fn head(dataset: &Dataset, prefilled: &Prefilled) -> Vec<Line> {
    let line = |(label, name, _): &(Label, &'static str, &[&str])| {
        let (value, help) = match label {
            Label::Dataset => (Some(dataset.id.value.clone()), "Leave this as it is."),
            Label::Agency => (prefilled.agency.clone(), "Who fills this in."),
            Label::Area => {
                (prefilled.area.clone(), "The authority's code, as in E06000001, or its number, as in 805.")
            }
            Label::Period => (
                prefilled.period.map(|period| period.to_string()),
                "As the board prints it: 2010-11 Q1, 2010-11, Apr 2010.",
            ),
            Label::First | Label::Last => {
                (None, "Only where no period fits: the first and last day it speaks for.")
            }
            Label::Status => (None, "provisional or final"),
            Label::Nil => (
                Some("no".to_owned()),
                "Write yes where there was nothing to report. An empty table alone says nothing.",
            ),
            Label::Number => (Some("1".to_owned()), "2 when you send it again, and so on."),
            Label::Reason => (None, "What changed, when you send it again."),
            Label::FilledInOn => (None, "day/month/year"),
            Label::FilledInBy => (None, "Whom we may ask."),
            Label::Extracted => (None, "The day on which the lists were made."),
        };
        Line { label: *label, name, value: value.unwrap_or_default(), help }
    };
    LABELS.iter().map(line).collect()
}

/// What stands in each column of the worked row.
fn worked(registers: &Registers, dataset: &Dataset) -> Vec<Datum> {
    dataset.fields.iter().map(|field| registers.example(field)).collect()
}

/// A value as people write it.
pub(super) fn shown(datum: &Datum) -> String {
    match datum {
        Datum::Known(Value::Bool(answer)) => if *answer { "yes" } else { "no" }.to_owned(),
        Datum::Known(Value::Date(day)) => day.format("%d/%m/%Y").to_string(),
        Datum::Known(value) => value.to_string(),
        Datum::Missing | Datum::Rejected | Datum::Suppressed => String::new(),
    }
}

/// What to write in a column, in a sentence.
pub(super) fn kind(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "yes or no",
        Type::Int => "a whole number; <5, * or c where you may not give it",
        Type::Decimal => "a number, as in 12.5; <5, * or c where you may not give it",
        Type::Text => "text",
        Type::Date => "a day: day/month/year",
    }
}

fn table(dataset: &Dataset, head: &[Line], worked: &[Datum]) -> String {
    let mut writer = WriterBuilder::new().flexible(true).terminator(Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory cannot fail.
    for Line { name, value, help, .. } in head {
        let _ = writer.write_record([name, value.as_str(), help]);
    }
    let _ = writer.write_record(dataset.fields.iter().map(|field| field.name.value.as_str()));
    let _ = writer.write_record(worked.iter().map(shown));
    let bytes = writer.into_inner().unwrap_or_default();
    format!("\u{FEFF}{}", String::from_utf8_lossy(&bytes))
}
