//! A clock on one case: when it falls due, and how it stands on a day.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::reference::evaluate::{Evaluated, in_time};
use super::reference::scalar;
use crate::calendar::Calendar;
use crate::check::tree::{CheckedClock, FieldRef};
use crate::check::{Checked, CheckedIndicator};
use crate::definition::indicator::{SpanUnit, Stretch};
use crate::diagnostic::nearest;
use crate::result::Note;
use crate::value::{Datum, Value};

/// How a case stands against its clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It stopped within the limit.
    MetInTime,
    /// It stopped after the limit.
    MetLate,
    /// It is open, and it falls due on this very day or later, with at least one day gone.
    OnTimeSoFar,
    /// It is open, and the limit has passed.
    AlreadyLate,
    /// It has not started to run: the day asked about is its start or before.
    NotYetDue,
    /// Nobody can say: a date is missing or unreadable, the dates are the other way round (ruling 3), or one of
    /// them lies outside the working-day calendar (ruling 4).
    CannotBeJudged,
}

/// A case against its clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// The clock's name.
    pub clock: String,
    /// The limit in force for this case, where it is known.
    pub limit: Option<Stretch>,
    /// The last day in time, where it is known.
    pub due: Option<NaiveDate>,
    /// The day the clock had reached when it stopped, or on the day asked about: working days for a limit
    /// in working days, days otherwise. The start is day 0.
    pub day_reached: Option<i64>,
    /// How it stands.
    pub standing: Standing,
    /// Why it cannot be judged, where it cannot.
    pub doubt: Option<Note>,
}

/// Why a clock cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClockError {
    /// No indicator goes by this id.
    #[error("no indicator is called '{id}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownIndicator {
        /// The id that was asked for.
        id: String,
        /// The nearest id there is.
        near: Option<String>,
    },
    /// The indicator has no clock, or none that can be read yet.
    #[error("'{id}' has no clock: its definition declares none as [clock.NAME]")]
    NoClock {
        /// The indicator.
        id: String,
    },
    /// The indicator has several clocks, and none was named.
    #[error("'{id}' has several clocks; name one of {}", clocks.join(", "))]
    WhichClock {
        /// The indicator.
        id: String,
        /// Its clocks.
        clocks: Vec<String>,
    },
    /// The indicator has no clock of this name.
    #[error("'{id}' has no clock '{name}'; it has {}", clocks.join(", "))]
    UnknownClock {
        /// The indicator.
        id: String,
        /// The name that was asked for.
        name: String,
        /// Its clocks.
        clocks: Vec<String>,
    },
    /// The record has a field that its dataset does not.
    #[error("the dataset '{dataset}' has no field '{field}'{}", near.as_ref().map_or_else(String::new, |near| format!("; did you mean '{near}'?")))]
    UnknownField {
        /// The dataset.
        dataset: String,
        /// The field that was given.
        field: String,
        /// The nearest field there is.
        near: Option<String>,
    },
    /// A field that the clock reads is no date.
    #[error("the field '{field}' is a {found}, and the clock needs a date")]
    NotADate {
        /// The field.
        field: String,
        /// The type of what was given.
        found: String,
    },
}

/// Reads a clock of an indicator on one record, on a day.
///
/// The start is day 0. A field that the record does not name is blank; a stop that lies ahead of `as_of` has not
/// happened yet. `clock` names one where the indicator has several.
///
/// # Errors
/// An unknown indicator, clock or field, with the nearest; several clocks and none named; a value that is no
/// date in a field that the clock reads.
///
/// # Example
/// ```
/// use std::collections::BTreeMap;
/// use staysafe::calculate::clock::{Standing, clock};
/// use staysafe::value::{Datum, Value};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
///     ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\""),
///     ("datasets/enquiry.toml", r#"
///         id = "enquiry"
///         title = "Enquiries"
///         carried_by = "enquiry"
///         holder = "a"
///         area = "given"
///         field = [{ name = "began", type = "date" }, { name = "conference", type = "date" }]
///     "#),
///     ("indicators/i.toml", r#"
///         id = "i"
///         title = "I"
///         kind = "proportion"
///         polarity = "higher"
///         cycle = "quarter"
///         holder = "a"
///         [calculation]
///         from = "enquiry"
///         when = { date = "conference" }
///         numerator = "within(c)"
///         [clock.c]
///         start = "began"
///         stop  = "conference"
///         limit = "15 working days"
///     "#),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let day = |text: &str| text.parse().unwrap();
/// // Begun on Friday 9 September 2022; Monday 19 September was the state funeral.
/// let record = BTreeMap::from([("began".to_owned(), Datum::Known(Value::Date(day("2022-09-09"))))]);
/// let reading = clock(&checked, "i", None, &record, day("2022-10-04")).unwrap();
/// assert_eq!(reading.due, Some(day("2022-10-03")));
/// assert_eq!(reading.standing, Standing::AlreadyLate);
/// ```
pub fn clock(
    checked: &Checked,
    indicator: &str,
    clock: Option<&str>,
    record: &BTreeMap<String, Datum>,
    as_of: NaiveDate,
) -> Result<Reading, ClockError> {
    let Some(found) = checked.indicator(indicator) else {
        let near = checked.nearest(indicator).map(str::to_owned);
        return Err(ClockError::UnknownIndicator { id: indicator.to_owned(), near });
    };
    let chosen = choose(found, clock)?;
    known_fields(checked, found, record)?;
    let date = |field: &FieldRef| match record.get(&field.name) {
        Some(Datum::Known(value)) if !matches!(value, Value::Date(_)) => {
            Err(ClockError::NotADate { field: field.name.clone(), found: value.ty().to_string() })
        }
        Some(datum) => Ok(datum.clone()),
        None => Ok(Datum::Missing),
    };
    let dates = Dates {
        start: date(&chosen.start)?,
        stop: date(&chosen.stop)?,
        picks: chosen.limit_at.as_ref().map(date).transpose()?,
    };
    Ok(read(checked.calendar(), chosen, &dates, as_of))
}

fn choose<'a>(indicator: &'a CheckedIndicator, name: Option<&str>) -> Result<&'a CheckedClock, ClockError> {
    let id = || indicator.id().to_owned();
    let clocks = || indicator.clocks().keys().cloned().collect();
    let mut all = indicator.clocks().values();
    match (name, all.next(), all.next()) {
        (_, None, _) => Err(ClockError::NoClock { id: id() }),
        (None, Some(only), None) => Ok(only),
        (None, Some(_), Some(_)) => Err(ClockError::WhichClock { id: id(), clocks: clocks() }),
        (Some(name), Some(_), _) => indicator.clocks().get(name).ok_or_else(|| ClockError::UnknownClock {
            id: id(),
            name: name.to_owned(),
            clocks: clocks(),
        }),
    }
}

/// A field that the table does not have is a slip of the pen: read as a blank it would look like an open case.
fn known_fields(
    checked: &Checked,
    indicator: &CheckedIndicator,
    record: &BTreeMap<String, Datum>,
) -> Result<(), ClockError> {
    let Some(table) = indicator.calculation().and_then(|calculation| calculation.table()) else {
        return Ok(());
    };
    let Some(dataset) = checked.framework().datasets.get(&table.dataset) else { return Ok(()) };
    let fields = || dataset.fields.iter().map(|field| field.name.value.as_str());
    match record.keys().find(|key| !fields().any(|field| field == key.as_str())) {
        None => Ok(()),
        Some(field) => Err(ClockError::UnknownField {
            dataset: dataset.id.value.clone(),
            field: field.clone(),
            near: nearest(field, fields()).map(str::to_owned),
        }),
    }
}

/// The dates that a clock reads of a record.
#[derive(Debug, Clone)]
pub(crate) struct Dates {
    pub(crate) start: Datum,
    pub(crate) stop: Datum,
    /// What picks a dated limit, where it is not the start.
    pub(crate) picks: Option<Datum>,
}

impl Dates {
    /// The dates of a record whose fields `value` reads.
    pub(crate) fn of<'a>(clock: &CheckedClock, value: impl Fn(&FieldRef) -> &'a Datum) -> Self {
        Self {
            start: value(&clock.start).clone(),
            stop: value(&clock.stop).clone(),
            picks: clock.limit_at.as_ref().map(|field| value(field).clone()),
        }
    }
}

/// Reads a clock on its dates; a stop after `as_of` has not happened yet.
pub(crate) fn read(calendar: &Calendar, clock: &CheckedClock, dates: &Dates, as_of: NaiveDate) -> Reading {
    let day = |datum: &Datum| match datum {
        Datum::Known(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let mut reading = Reading {
        clock: clock.name.clone(),
        limit: None,
        due: None,
        day_reached: None,
        standing: Standing::CannotBeJudged,
        doubt: Some(Note::Unknown),
    };
    let (Some(start), false) = (day(&dates.start), dates.stop == Datum::Rejected) else { return reading };
    let picks = dates.picks.as_ref().map_or(Some(start), day);
    let Some(limit) = picks.and_then(|day| clock.limit.at(day)) else { return reading };
    let stop = day(&dates.stop).filter(|stop| *stop <= as_of);
    reading.limit = Some(limit);
    reading.due = scalar::due(calendar, start, limit);
    let reached = stop.unwrap_or(as_of);
    if stop.is_some_and(|stop| stop < start) {
        reading.doubt = Some(Note::DatesInverted);
        return reading;
    }
    if reached >= start {
        reading.day_reached = match limit.unit {
            SpanUnit::WorkingDays => calendar.working_days(start, reached).ok(),
            _ => Some((reached - start).num_days()),
        };
    }
    let in_time = match in_time(calendar, start, reached.max(start), limit) {
        Evaluated::Known(Value::Bool(in_time)) => in_time,
        other => {
            reading.doubt = other.unknown().or(Some(Note::Unknown));
            return reading;
        }
    };
    reading.doubt = None;
    reading.standing = match (stop, in_time) {
        (Some(_), true) => Standing::MetInTime,
        (Some(_), false) => Standing::MetLate,
        (None, false) => Standing::AlreadyLate,
        (None, true) if as_of <= start => Standing::NotYetDue,
        (None, true) => Standing::OnTimeSoFar,
    };
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::dataset::Missing;

    fn field(name: &str) -> FieldRef {
        FieldRef { frame: 0, index: 0, name: name.to_owned(), missing: Missing::Unknown }
    }

    fn date(text: &str) -> Datum {
        match text {
            "" => Datum::Missing,
            "?" => Datum::Rejected,
            text => Datum::Known(Value::Date(text.parse().unwrap())),
        }
    }

    fn reading(unit: SpanUnit, start: &str, stop: &str, as_of: &str) -> Reading {
        let clock = CheckedClock {
            name: "c".to_owned(),
            start: field("start"),
            stop: field("stop"),
            limit: Stretch { length: 15, unit }.into(),
            limit_at: None,
            open: None,
        };
        let dates = Dates { start: date(start), stop: date(stop), picks: None };
        read(&Calendar::england_and_wales(), &clock, &dates, as_of.parse().unwrap())
    }

    fn standing(stop: &str, as_of: &str) -> Standing {
        reading(SpanUnit::WorkingDays, "2011-04-18", stop, as_of).standing
    }

    #[test]
    fn a_case_stands_in_one_of_six_ways() {
        // Due Friday 13 May 2011: 22, 25 and 29 April and 2 May are bank holidays.
        assert_eq!(standing("2011-05-13", "2011-06-01"), Standing::MetInTime, "on the last day");
        assert_eq!(standing("2011-05-16", "2011-06-01"), Standing::MetLate, "the next working day");
        assert_eq!(standing("", "2011-05-13"), Standing::OnTimeSoFar, "open on the last day");
        assert_eq!(standing("", "2011-05-16"), Standing::AlreadyLate, "open after it");
        assert_eq!(standing("", "2011-04-18"), Standing::NotYetDue, "on day 0");
        assert_eq!(standing("2011-04-15", "2011-06-01"), Standing::CannotBeJudged, "stopped before it began");
    }

    #[test]
    fn what_lies_ahead_has_not_happened_yet() {
        assert_eq!(standing("2011-05-13", "2011-05-12"), Standing::OnTimeSoFar);
        assert_eq!(standing("2011-06-01", "2011-05-16"), Standing::AlreadyLate);
        let ahead = reading(SpanUnit::Days, "2011-04-18", "", "2011-04-01");
        assert_eq!((ahead.standing, ahead.day_reached), (Standing::NotYetDue, None));
        assert_eq!(ahead.due, "2011-05-03".parse().ok());
    }

    #[test]
    fn each_doubt_says_what_it_is_about() {
        let doubt = |start, stop| {
            let found = reading(SpanUnit::WorkingDays, start, stop, "2011-06-01");
            assert_eq!(found.standing, Standing::CannotBeJudged, "{start} {stop}");
            found.doubt.unwrap()
        };
        assert_eq!(doubt("", "2011-05-01"), Note::Unknown);
        assert_eq!(doubt("?", "2011-05-01"), Note::Unknown);
        assert_eq!(doubt("2011-05-01", "?"), Note::Unknown, "it may or may not have stopped");
        assert_eq!(doubt("2011-05-02", "2011-05-01"), Note::DatesInverted);
        // Ruling 4: of a start outside the calendar, what lies inside may be too long already.
        let before = Calendar::england_and_wales().cover().first.pred_opt().unwrap();
        let soon = (before + chrono::Days::new(5)).to_string();
        assert_eq!(doubt(&before.to_string(), &soon), Note::OutsideCalendar);
        let late = reading(SpanUnit::WorkingDays, &before.to_string(), "2011-05-01", "2011-06-01");
        assert_eq!((late.standing, late.due, late.day_reached), (Standing::MetLate, None, None));
    }
}
