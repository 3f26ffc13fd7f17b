//! Why an entry has no figure, in types and in words.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::period::Period;

/// Why an entry has no figure, or less of one than it could have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "reason")]
pub enum Why {
    /// A return that should carry the dataset came without it.
    DatasetNotCarried {
        /// The dataset's id.
        dataset: String,
    },
    /// No return that carries the dataset came at all.
    DatasetNotArrived {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset came, and speaks for none of the days that are asked about.
    OutsideCover {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset came without saying of which year it is.
    YearUnknown {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset speaks for some of the days that are asked about.
    PartlyCovered {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset does not reach back as far as the answer must look.
    HistoryShort {
        /// The dataset's id.
        dataset: String,
    },
    /// The dataset came without this column.
    FieldNotCarried {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// The field is blank in every row.
    FieldEmpty {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
    },
    /// The field is blank in more rows than the framework's threshold allows; a blank may be an answer.
    FieldIncomplete {
        /// The dataset's id.
        dataset: String,
        /// The field's name.
        field: String,
        /// Rows with a value.
        known: u64,
        /// All rows.
        rows: u64,
    },
    /// A partner gave a count in the place of its records: a figure, and nothing to break down or look into.
    OnlyCounted {
        /// The dataset's id.
        dataset: String,
    },
    /// An agency was asked for it, its day has passed, and nothing came: nobody knows anything.
    Silent {
        /// The dataset's id.
        dataset: String,
        /// The agency's id.
        agency: String,
        /// The period it was asked for.
        period: Period,
        /// The day by which it was due.
        due: Option<NaiveDate>,
    },
    /// An agency was asked for it, and its day has not come.
    NotYetDue {
        /// The dataset's id.
        dataset: String,
        /// The agency's id.
        agency: String,
        /// The period it was asked for.
        period: Period,
        /// The day by which it is due.
        due: Option<NaiveDate>,
    },
    /// It came and was sent back: as good as not there.
    SentBack {
        /// The dataset's id.
        dataset: String,
        /// The agency's id.
        agency: String,
        /// The period it was asked for.
        period: Period,
    },
    /// The supplier's own rhythm says that more should be there by now.
    Stale {
        /// The dataset's id.
        dataset: String,
        /// The last day that any delivery speaks for.
        last: NaiveDate,
        /// The day by which more should have come.
        due: NaiveDate,
    },
    /// The definition says what it needs and not yet how it is calculated.
    NoCalculation,
    /// The calculation needs a step that this version cannot do.
    Unsupported {
        /// The step.
        step: String,
    },
    /// The definition does not say what it needs.
    NeedNotStated,
    /// No version of the definition holds in the period.
    NoVersion {
        /// The period.
        period: Period,
    },
}

impl Why {
    /// Whether it only warns: what is there can be used.
    pub fn is_warning(&self) -> bool {
        matches!(self, Self::FieldIncomplete { .. } | Self::Stale { .. })
    }

    /// The dataset it speaks of, where it speaks of one.
    pub fn dataset(&self) -> Option<&str> {
        match self {
            Self::DatasetNotCarried { dataset }
            | Self::DatasetNotArrived { dataset }
            | Self::OutsideCover { dataset }
            | Self::YearUnknown { dataset }
            | Self::PartlyCovered { dataset }
            | Self::HistoryShort { dataset }
            | Self::FieldNotCarried { dataset, .. }
            | Self::FieldEmpty { dataset, .. }
            | Self::FieldIncomplete { dataset, .. }
            | Self::Silent { dataset, .. }
            | Self::NotYetDue { dataset, .. }
            | Self::SentBack { dataset, .. }
            | Self::OnlyCounted { dataset }
            | Self::Stale { dataset, .. } => Some(dataset),
            Self::NoCalculation | Self::Unsupported { .. } | Self::NeedNotStated | Self::NoVersion { .. } => {
                None
            }
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DatasetNotCarried { dataset } => write!(f, "the return came without '{dataset}'"),
            Self::DatasetNotArrived { dataset } => write!(f, "no return with '{dataset}' came"),
            Self::OutsideCover { dataset } => write!(f, "'{dataset}' speaks for other days"),
            Self::YearUnknown { dataset } => write!(f, "'{dataset}' does not say of which year it is"),
            Self::PartlyCovered { dataset } => write!(f, "'{dataset}' speaks for some of the days"),
            Self::HistoryShort { dataset } => write!(f, "'{dataset}' does not reach back far enough"),
            Self::FieldNotCarried { dataset, field } => write!(f, "'{dataset}' came without '{field}'"),
            Self::FieldEmpty { dataset, field } => {
                write!(f, "'{field}' of '{dataset}' is blank in every row")
            }
            Self::FieldIncomplete { dataset, field, known, rows } => {
                write!(f, "'{field}' of '{dataset}' is filled in {known} of {rows} rows")
            }
            Self::OnlyCounted { dataset } => {
                write!(f, "a count was given in the place of the records of '{dataset}'")
            }
            Self::Silent { dataset, agency, period, due } => {
                write!(f, "{agency} has not sent '{dataset}' for {period}")?;
                due.map_or(Ok(()), |due| write!(f, ", due by {due}"))
            }
            Self::NotYetDue { dataset, agency, period, due } => {
                write!(f, "'{dataset}' of {agency} for {period} is not due yet")?;
                due.map_or(Ok(()), |due| write!(f, ": by {due}"))
            }
            Self::SentBack { dataset, agency, period } => {
                write!(f, "'{dataset}' of {agency} for {period} was sent back")
            }
            Self::Stale { dataset, last, due } => {
                write!(f, "'{dataset}' reaches to {last}; more was due by {due}")
            }
            Self::NoCalculation => f.write_str("no calculation is written yet"),
            Self::Unsupported { step } => write!(f, "this version cannot do {step}"),
            Self::NeedNotStated => f.write_str("the definition does not say what it needs"),
            Self::NoVersion { period } => write!(f, "no version of the definition holds in {period}"),
        }
    }
}
