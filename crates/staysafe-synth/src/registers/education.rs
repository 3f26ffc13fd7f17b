//! Children missing education, and what pupils say in a survey.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::shelf::{Maybe, yes_no};

/// The last survey was held in the autumn of this year.
const LAST_SURVEY: i32 = 2009;

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    missing_education(desk)?;
    if desk.first <= Day::new(LAST_SURVEY, 9, 1) { survey(desk) } else { Ok(()) }
}

/// First whether a child is of school age and taught nowhere, then the days.
fn missing_education(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.count("jd-14", Told::Flow);
    desk.ledger.count("ctx-missing-education-open", Told::Stock);
    let fields =
        "child,birth_date,sex,ethnicity,opened,on_roll,educated_otherwise,missing_reason,closed,outcome";
    let mut sheet = desk.open("missing_education", fields)?;
    for number in 1..=desk.records(15) {
        let mut random = desk.random(Register::MissingEducation, number);
        let mut opened = desk.day(&mut random, 0);
        let mut counted = Vec::new();
        // Some are four, or seventeen, and stay so for a few months.
        let (age, counts) =
            random.pick(&[(8, (9, true)), (1, (5, true)), (1, (4, false)), (1, (17, false))], (9, true));
        let born = opened.plus_months(-12 * age).plus(-random.between(0, 60));
        for _ in 0..random.pick(&[(8, 1), (2, 2)], 1) {
            let closed = desk.known(opened.plus(random.between(3, 90)));
            let (on_roll, otherwise) =
                random.pick(&[(8, (false, false)), (1, (true, false)), (1, (false, true))], (false, false));
            if counts && !on_roll && !otherwise {
                counted.push(opened);
                desk.ledger.stock("ctx-missing-education-open", opened, closed);
            }
            let outcome = closed.map(|_| "on-roll-here");
            sheet.row(&[
                &format_args!("CME{number:05}"),
                &born,
                &"F",
                &"WBRI",
                &opened,
                &yes_no(on_roll),
                &yes_no(otherwise),
                &"no-transfer",
                &Maybe(closed),
                &Maybe(outcome),
            ])?;
            opened = opened.plus(random.between(100, 200));
            if opened > desk.last {
                break;
            }
        }
        desk.ledger.once("jd-14", &counted);
    }
    sheet.close()
}

/// Each answer stands for so many pupils; schools were drawn, not pupils.
fn survey(desk: &mut Desk<'_>) -> io::Result<()> {
    for indicator in ["cs-11", "nsdu-03"] {
        desk.ledger.share_of_hundredths(indicator, Told::Flow);
        desk.ledger.by_academic_year(indicator);
    }
    let fields = "respondent,survey,asked,question,answer,weight,school,stratum,year_group,sex";
    let mut sheet = desk.open("survey_answer", fields)?;
    let asked = Day::new(LAST_SURVEY, 10, 1);
    for number in 1..=desk.records(2) {
        let mut random = desk.random(Register::Survey, number);
        let weight = random.pick(&[(5, 100), (3, 125), (2, 250)], 100);
        let year_group = random.pick(&[(3, "6"), (3, "8"), (3, "10"), (1, "9")], "8");
        for question in ["bullied", "safe-home", "safe-school", "safe-area", "safe-transport"] {
            let answer =
                random.pick(&[(6, Some("yes")), (3, Some("no")), (1, Some("not-sure")), (1, None)], None);
            let has_answered = matches!(answer, Some("yes" | "no"));
            // Of three year groups it was published who is bullied; of those who feel safe there is no such rule.
            let indicator = match question {
                "bullied" if year_group != "9" => Some("cs-11"),
                "safe-area" => Some("nsdu-03"),
                _ => None,
            };
            if let Some(indicator) = indicator.filter(|_| has_answered) {
                let says_yes = if answer == Some("yes") { weight } else { 0 };
                desk.ledger
                    .judge((indicator, ""), |period| period.holds(asked).then_some((says_yes, weight)));
            }
            sheet.row(&[
                &format_args!("P{number:05}"),
                &"Tellus4",
                &asked,
                &question,
                &Maybe(answer),
                &format_args!("{}.{:02}", weight / 100, weight % 100),
                &format_args!("S{}", number % 9),
                &"all",
                &year_group,
                &"F",
            ])?;
        }
    }
    sheet.close()
}
