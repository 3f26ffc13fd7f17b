//! Days of the command line, and today where nobody named one. The library never asks for it.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{Days, NaiveDate};

use crate::failure::Failure;

const SECONDS_OF_A_DAY: u64 = 86_400;

/// The day that was named, or else today (UTC).
pub(crate) fn or_today(named: Option<NaiveDate>) -> Result<NaiveDate, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_err(Failure::new)?.as_secs();
    named
        .or_else(|| NaiveDate::default().checked_add_days(Days::new(since / SECONDS_OF_A_DAY)))
        .ok_or_else(|| Failure::new("the clock of this machine is wrong; name the day with --date"))
}

/// Reads a day of the command line.
pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    staysafe_io::date(text).ok_or_else(|| "a day is written YYYY-MM-DD, such as 2026-03-31".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_day_stands_and_today_is_a_day_after_this_was_written() {
        let written = NaiveDate::from_ymd_opt(2026, 11, 1);
        assert_eq!(or_today(written).ok(), written);
        assert_eq!(NaiveDate::default().to_string(), "1970-01-01", "days are counted from the epoch");
        assert!(or_today(None).is_ok_and(|today| Some(today) >= written));
    }
}
