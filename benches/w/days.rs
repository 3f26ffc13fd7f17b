//! What a day comes to, looked up: once a run for all rows, outside every clock.

use staysafe::calendar::{Calendar, add_months};
use staysafe::period::Period;

use super::data::{counted, day};

/// What is known of one day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    /// Working days up to and including it, from the first day of the table.
    pub(crate) working: i32,
    /// The same day a year before.
    pub(crate) year_before: i32,
    /// The same day two years on.
    pub(crate) two_years_on: i32,
    /// The place among the periods that it lies in; below 0 before the first.
    pub(crate) period: i32,
}

/// Every day that W may name.
#[derive(Debug)]
pub(crate) struct DayTable {
    pub(crate) first: i32,
    pub(crate) days: Vec<Known>,
}

/// The first and last year of the table.
const YEARS: (i32, i32) = (2005, 2029);

impl DayTable {
    /// The table for quarters or months.
    ///
    /// # Errors
    /// A calendar that does not hold the days of W.
    pub(crate) fn new(periods: &[Period]) -> Result<Self, String> {
        let calendar = Calendar::england_and_wales();
        let begins = periods.first().ok_or("no periods")?.first_day();
        let months = match periods.len() {
            120 => 1,
            _ => 3,
        };
        let first = day(YEARS.0, 1, 1);
        let mut days = Vec::new();
        let mut working = 0;
        let all = (first..=day(YEARS.1, 12, 31)).map(date);
        for day in all {
            let day = day.ok_or("no such day")?;
            working += i32::from(calendar.is_working_day(day).map_err(|why| why.to_string())?);
            let shifted = |months| add_months(day, months).map(counted).ok_or("no such day");
            days.push(Known {
                working,
                year_before: shifted(-12)?,
                two_years_on: shifted(24)?,
                period: (month(day) - month(begins)).div_euclid(months),
            });
        }
        Ok(Self { first, days })
    }

    /// A line for each day, for programs in other languages: the day, its working day, the year before, two years on.
    pub(crate) fn text(&self) -> String {
        let mut text = "day,working,year_before,two_years_on,period\n".to_owned();
        for (day, of) in (self.first..).zip(&self.days) {
            text += &format!("{day},{},{},{},{}\n", of.working, of.year_before, of.two_years_on, of.period);
        }
        text
    }
}

fn month(day: chrono::NaiveDate) -> i32 {
    use chrono::Datelike;
    day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0)
}

/// A day from its number.
pub(crate) fn date(number: i32) -> Option<chrono::NaiveDate> {
    chrono::NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(number)))
}
