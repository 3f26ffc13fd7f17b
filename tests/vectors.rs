//! The calendar against reference vectors that other tools made (`../shared/reference/vectors`).
#![allow(clippy::unwrap_used)]

mod common;

use chrono::{Datelike, NaiveDate};
use common::vectors;
use staysafe::calendar::Calendar;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn working_days_between_two_dates() {
    let Some(rows) = vectors("working_days_between_two_dates", "working_days_between.csv") else { return };
    let calendar = Calendar::england_and_wales();
    for row in rows {
        let (start, end) = (date(&row["start"]), date(&row["end"]));
        let expected: i64 = row["working_days"].parse().unwrap();
        assert_eq!(calendar.working_days(start, end), Ok(expected), "{start} to {end}");
        assert_eq!(calendar.working_days(end, start), Ok(-expected), "{end} back to {start}");
        assert_eq!(calendar.is_working_day(start), Ok(row["start_is_working_day"] == "1"), "{start}");
        assert_eq!(calendar.is_working_day(end), Ok(row["end_is_working_day"] == "1"), "{end}");
    }
}

#[test]
fn due_dates() {
    let Some(rows) = vectors("due_dates", "working_days_due_date.csv") else { return };
    let calendar = Calendar::england_and_wales();
    for row in rows {
        let (start, n) = (date(&row["start"]), row["n_working_days"].parse().unwrap());
        assert_eq!(calendar.due_date(start, n), Ok(date(&row["due_date"])), "{start} and {n} working days");
    }
}

#[test]
fn bank_holidays() {
    let Some(rows) = vectors("bank_holidays", "bank_holidays_england.csv") else { return };
    let calendar = Calendar::england_and_wales();
    let cover = calendar.cover();
    let on_weekdays: Vec<_> = rows
        .iter()
        .map(|row| date(&row["date"]))
        .filter(|day| cover.contains(*day) && day.weekday().number_from_monday() <= 5)
        .collect();
    let ours: Vec<_> = calendar.holidays(cover).map(|(day, _)| day).collect();
    assert_eq!(ours, on_weekdays);
}
