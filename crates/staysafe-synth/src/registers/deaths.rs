//! Deaths of children and the panel's reviews of them.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::shelf::{Maybe, yes_no};

const FINDINGS: [&str; 3] = ["insufficient", "no", "yes"];

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    // Before April 2010 panels asked whether a death was preventable, which is another question.
    if desk.first < Day::new(2010, 4, 1) {
        return Ok(());
    }
    desk.ledger.count("ctx-child-deaths", Told::Flow);
    for indicator in ["jd-19", "nsdu-04b"] {
        desk.ledger.categories(indicator, &FINDINGS, Told::Flow);
    }
    let fields = "death,resident_area,birth_date,date_of_death,sex,stillbirth,expected,review_date,modifiable,\
                  death_category";
    let mut sheet = desk.open("child_death", fields)?;
    for number in 1..=desk.records(30) {
        let mut random = desk.random(Register::ChildDeath, number);
        let died = desk.day(&mut random, 0);
        let stillbirth = random.chance(100);
        // A few were eighteen: no children.
        let (age, is_child) = random.pick(&[(5, (0, true)), (4, (9, true)), (1, (18, false))], (0, true));
        let born = if stillbirth { died } else { died.plus_months(-12 * age).plus(-random.between(1, 200)) };
        let reviewed = desk.known(died.plus(random.between(60, 400)));
        let finding = random.pick(&[(3, "yes"), (5, "no"), (1, "insufficient")], "no");
        if is_child && !stillbirth {
            desk.ledger.event("ctx-child-deaths", died, true);
            if let Some(reviewed) = reviewed {
                for indicator in ["jd-19", "nsdu-04b"] {
                    desk.ledger
                        .judge((indicator, finding), |period| period.holds(reviewed).then_some((1, 0)));
                }
            }
        }
        let finding = reviewed.map(|_| finding);
        sheet.row(&[
            &format_args!("CD{number:04}"),
            &desk.area,
            &born,
            &died,
            &"F",
            &yes_no(stillbirth),
            &"no",
            &Maybe(reviewed),
            &Maybe(finding),
            &"",
        ])?;
    }
    sheet.close()
}
