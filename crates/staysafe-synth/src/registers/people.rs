//! Populations, and conceptions under 18.

use std::io;

use super::health::ADMITTED;
use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    populations(desk)?;
    conceptions(desk)
}

/// Declares the rates that other registers count for, before the populations are told.
pub(super) fn declare(desk: &mut Desk<'_>) {
    desk.ledger.share("jd-26", Told::Flow);
}

/// Estimates of each year, which the reporting year around it uses.
fn populations(desk: &mut Desk<'_>) -> io::Result<()> {
    // Of years without a return of looked after children nothing is told of their rate.
    let has_rate = desk.ledger.tells_of("cs-21");
    desk.ledger.share("cs-25", Told::Flow);
    desk.ledger.by_calendar_year("cs-25");
    let mut sheet = desk.open("population", "area,mid_year,sex,age,ethnicity,persons,used_from,used_to")?;
    let first = desk.first.parts().0;
    for year in first..desk.last.parts().0 {
        let (used_from, used_to) = (Day::new(year, 4, 1), Day::new(year + 1, 4, 1));
        let mid_year = Day::new(year, 6, 30);
        for age in 0..=18_u64 {
            for sex in ["F", "M"] {
                let mut random =
                    desk.random(Register::Population, u64::from(year.unsigned_abs()) * 100 + age);
                let persons = desk.children + random.next() % (desk.children / 5 + 20);
                if has_rate && age <= 17 {
                    desk.ledger.judge(("cs-21", ""), |period| {
                        (used_from <= period.last && period.last < used_to).then_some((0, persons))
                    });
                }
                if age <= 17 {
                    desk.ledger.judge(("jd-26", ""), |period| {
                        (used_from <= period.last && period.last < used_to).then_some((0, persons))
                    });
                    for indicator in ADMITTED {
                        desk.ledger
                            .judge((indicator, ""), |period| period.holds(mid_year).then_some((0, persons)));
                    }
                }
                if sex == "F" && (15..=17).contains(&age) {
                    desk.ledger.judge(("cs-25", ""), |period| period.holds(mid_year).then_some((0, persons)));
                }
                let area = desk.area;
                sheet.row(&[&area, &mid_year, &sex, &age, &"", &persons, &used_from, &used_to])?;
            }
        }
    }
    sheet.close()
}

fn conceptions(desk: &mut Desk<'_>) -> io::Result<()> {
    let mut sheet = desk.open("conception", "area,conceived,age_at_conception,conceptions")?;
    let (first, last) = (desk.first.parts().0, desk.last.parts().0);
    for quarter in 0..4 * (last - first) {
        let conceived = desk.first.plus_months(3 * quarter);
        for age in 13..=18_u64 {
            let mut random = desk.random(Register::Conception, u64::from(quarter.unsigned_abs()) * 100 + age);
            let conceptions = random.next() % 7;
            if age < 18 {
                desk.ledger
                    .judge(("cs-25", ""), |period| period.holds(conceived).then_some((conceptions, 0)));
            }
            sheet.row(&[&desk.area, &conceived, &age, &conceptions])?;
        }
    }
    sheet.close()
}
