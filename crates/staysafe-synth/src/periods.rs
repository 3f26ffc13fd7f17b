//! The periods that truths are told for, written here so that nothing is shared with the library.

use crate::days::Day;

/// What a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Year,
    Quarter,
    /// Twelve months to the end of a quarter.
    Rolling,
    /// The last day of a quarter.
    Day,
    /// A year from January.
    Calendar,
    /// A year from September.
    Academic,
}

/// A period: its label, its first and its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) kind: Kind,
    pub(crate) label: String,
    pub(crate) first: Day,
    pub(crate) last: Day,
}

impl Stretch {
    pub(crate) fn holds(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }
}

/// The financial year that ends on 31 March of a year.
pub(crate) fn financial_year(year: i32) -> Stretch {
    let label = format!("{}-{:02}", year - 1, year % 100);
    Stretch { kind: Kind::Year, label, first: Day::new(year - 1, 4, 1), last: Day::new(year, 3, 31) }
}

/// The four quarters of a financial year.
pub(crate) fn quarters(year: i32) -> impl Iterator<Item = Stretch> {
    let of = financial_year(year);
    (0..4).map(move |quarter| {
        let first = of.first.plus_months(3 * quarter);
        let label = format!("{} Q{}", of.label, quarter + 1);
        Stretch { kind: Kind::Quarter, label, first, last: first.plus_months(3).plus(-1) }
    })
}

/// The twelve months to the last day of a quarter.
pub(crate) fn rolling_year(quarter: &Stretch) -> Stretch {
    let first = quarter.last.plus(1).plus_months(-12);
    let label = format!("12 months to {}", day_label(quarter.last));
    Stretch { kind: Kind::Rolling, label, first, last: quarter.last }
}

/// The last day of a quarter.
fn last_day(quarter: &Stretch) -> Stretch {
    Stretch { kind: Kind::Day, label: day_label(quarter.last), first: quarter.last, last: quarter.last }
}

fn day_label(day: Day) -> String {
    let (year, month, day) = day.parts();
    let name = MONTHS.get(usize::try_from(month - 1).unwrap_or(0)).copied().unwrap_or("");
    format!("{day} {name} {year}")
}

/// A year from January to December.
fn calendar_year(year: i32) -> Stretch {
    let (first, last) = (Day::new(year, 1, 1), Day::new(year, 12, 31));
    Stretch { kind: Kind::Calendar, label: year.to_string(), first, last }
}

/// A year from September to August.
fn academic_year(year: i32) -> Stretch {
    let (first, last) = (Day::new(year, 9, 1), Day::new(year + 1, 8, 31));
    Stretch { kind: Kind::Academic, label: format!("{year}/{:02} academic", (year + 1) % 100), first, last }
}

/// Every period of years that follow each other: each year, its quarters, and the rolling years that lie within.
pub(crate) fn periods(first_year: i32, last_year: i32) -> Vec<Stretch> {
    let first = financial_year(first_year).first;
    let mut periods = Vec::new();
    for year in first_year..=last_year {
        periods.push(financial_year(year));
        periods.extend(quarters(year));
        periods.extend(
            quarters(year).map(|quarter| rolling_year(&quarter)).filter(|rolling| rolling.first >= first),
        );
    }
    periods
}

/// The periods, and the last day of each quarter, and each calendar and academic year that lies within.
pub(crate) fn periods_and_days(first_year: i32, last_year: i32) -> Vec<Stretch> {
    let mut all = periods(first_year, last_year);
    all.extend((first_year..=last_year).flat_map(quarters).map(|quarter| last_day(&quarter)));
    all.extend((first_year..last_year).map(calendar_year));
    all.extend((first_year - 1..last_year - 1).map(academic_year));
    all
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rolling_years_lie_within_the_years() {
        let labels: Vec<String> = periods(2024, 2025).into_iter().map(|period| period.label).collect();
        assert_eq!(
            labels,
            [
                "2023-24",
                "2023-24 Q1",
                "2023-24 Q2",
                "2023-24 Q3",
                "2023-24 Q4",
                "12 months to 31 Mar 2024",
                "2024-25",
                "2024-25 Q1",
                "2024-25 Q2",
                "2024-25 Q3",
                "2024-25 Q4",
                "12 months to 30 Jun 2024",
                "12 months to 30 Sep 2024",
                "12 months to 31 Dec 2024",
                "12 months to 31 Mar 2025",
            ]
        );
        let days: Vec<String> =
            periods_and_days(2025, 2026).into_iter().skip(15).map(|day| day.label).collect();
        assert_eq!(
            days,
            [
                "30 Jun 2024",
                "30 Sep 2024",
                "31 Dec 2024",
                "31 Mar 2025",
                "30 Jun 2025",
                "30 Sep 2025",
                "31 Dec 2025",
                "31 Mar 2026",
                "2025",
                "2024/25 academic",
            ]
        );
    }
}
