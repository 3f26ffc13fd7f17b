//! What partners keep lists of: allegations, exploitation, parents' troubles, flags, children missing from home.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::random::Random;
use crate::shelf::{Maybe, yes_no};

/// A child on a list, and the days on which something is written of it.
struct Listed {
    born: Day,
    days: Vec<Day>,
}

impl Listed {
    /// Most are children throughout; some grow up meanwhile.
    fn new(desk: &Desk<'_>, random: &mut Random) -> Self {
        let first = desk.day(random, 0);
        let age = random.between(1, 16);
        let born = first.plus_months(-12 * age).plus(-random.between(0, 364));
        let mut listed = Self { born, days: vec![first] };
        let mut day = first;
        for _ in 0..random.pick(&[(6, 0), (3, 1), (1, 3)], 0) {
            day = day.plus(random.between(1, 400));
            if day <= desk.last {
                listed.days.push(day);
            }
        }
        listed
    }

    fn is_child(&self, on: Day) -> bool {
        on < self.born.plus_months(216)
    }
}

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    for indicator in ["cs-13e", "jd-05", "jd-09", "jd-11", "jd-12", "jd-13", "jd-15"] {
        desk.ledger.count(indicator, Told::Flow);
    }
    allegations(desk)?;
    exploitation(desk)?;
    parental_factors(desk)?;
    flags(desk)?;
    missing_from_home(desk)?;
    trafficking(desk)?;
    runaway_scores(desk)
}

fn allegations(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "allegation,child,birth_date,sex,ethnicity,received,setting,agency,category,outcome,closed";
    let mut sheet = desk.open("lado_allegation", fields)?;
    for number in 1..=desk.records(20) {
        let mut random = desk.random(Register::Allegation, number);
        let listed = Listed::new(desk, &mut random);
        let mut counted = Vec::new();
        for (day, place) in listed.days.iter().zip(1..) {
            let closed = desk.known(day.plus(random.between(10, 120)));
            let outcome = closed.map(|_| {
                random.pick(&[(5, "substantiated"), (3, "unsubstantiated"), (2, "unfounded")], "unfounded")
            });
            // An allegation that names no child is of no child in the list.
            let is_named = random.chance(900);
            if is_named && outcome == Some("substantiated") && listed.is_child(*day) {
                counted.push(*day);
            }
            let child = is_named.then(|| format!("LADO{number:05}"));
            let born = child.as_ref().map(|_| listed.born);
            let (sex, ethnicity) = if is_named { ("M", "WBRI") } else { ("", "") };
            sheet.row(&[
                &format_args!("AL{number:05}-{place}"),
                &Maybe(child),
                &Maybe(born),
                &sex,
                &ethnicity,
                day,
                &"",
                &"school",
                &"PHY",
                &Maybe(outcome),
                &Maybe(closed),
            ])?;
        }
        desk.ledger.once("jd-05", &counted);
    }
    sheet.close()
}

fn exploitation(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "child,birth_date,sex,ethnicity,identified,risk_level,referred_by";
    let mut sheet = desk.open("sexual_exploitation", fields)?;
    for number in 1..=desk.records(20) {
        let mut random = desk.random(Register::Exploitation, number);
        let listed = Listed::new(desk, &mut random);
        let mut counted = Vec::new();
        for day in &listed.days {
            let risk = random.pick(&[(3, "none"), (5, "at-risk"), (3, "exploited")], "none");
            if risk != "none" && listed.is_child(*day) {
                counted.push(*day);
            }
            let child = format!("CSE{number:05}");
            sheet.row(&[&child, &listed.born, &"F", &"WBRI", day, &risk, &"school"])?;
        }
        desk.ledger.once("jd-09", &counted);
    }
    sheet.close()
}

fn parental_factors(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "child,birth_date,sex,ethnicity,household,notified,factor,agency";
    let mut sheet = desk.open("parental_factor_notice", fields)?;
    for number in 1..=desk.records(6) {
        let mut random = desk.random(Register::ParentalFactor, number);
        let listed = Listed::new(desk, &mut random);
        let counted: Vec<Day> = listed.days.iter().copied().filter(|day| listed.is_child(*day)).collect();
        desk.ledger.once("jd-11", &counted);
        for day in &listed.days {
            let factor = random.pick(
                &[(5, "domestic-violence"), (3, "substance-abuse"), (2, "mental-illness")],
                "domestic-violence",
            );
            // Two agencies may give notice of one thing: one child still.
            for agency in ["police", "health visiting"].iter().take(random.pick(&[(8, 1), (2, 2)], 1)) {
                let child = format!("PFN{number:06}");
                let household = format!("H{number:06}");
                sheet.row(&[&child, &listed.born, &"F", &"WBRI", &household, day, &factor, agency])?;
            }
        }
    }
    sheet.close()
}

fn flags(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "child,birth_date,sex,ethnicity,flag,flag_state,flagged_on,agency";
    let mut sheet = desk.open("risk_flag", fields)?;
    for number in 1..=desk.records(15) {
        let mut random = desk.random(Register::RiskFlag, number);
        let listed = Listed::new(desk, &mut random);
        let flag = random.pick(&[(4, "FGM"), (3, "FM"), (3, "TRAF")], "FM");
        let counted: Vec<Day> = listed.days.iter().copied().filter(|day| listed.is_child(*day)).collect();
        match flag {
            "FGM" => desk.ledger.once("jd-12", &counted),
            "FM" => desk.ledger.once("jd-13", &counted),
            _ => {}
        }
        for day in &listed.days {
            let state = random.pick(&[(7, "at-risk"), (3, "subject")], "at-risk");
            let child = format!("FLAG{number:05}");
            sheet.row(&[&child, &listed.born, &"F", &"BAFR", &flag, &state, day, &"hospital"])?;
        }
    }
    sheet.close()
}

fn missing_from_home(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields = "report,child,birth_date,sex,missing_place,missing_from,missing_to";
    let mut sheet = desk.open("missing_from_home", fields)?;
    for number in 1..=desk.records(10) {
        let mut random = desk.random(Register::MissingFromHome, number);
        let listed = Listed::new(desk, &mut random);
        let mut counted = Vec::new();
        for (day, place) in listed.days.iter().zip(1..) {
            let from = random.pick(&[(7, "home"), (2, "care"), (1, "other")], "home");
            if from == "home" && listed.is_child(*day) {
                counted.push(*day);
            }
            let back = desk.known(day.plus(random.between(0, 4)));
            let report = format!("MP{number:05}-{place}");
            sheet.row(&[
                &report,
                &format_args!("MFH{number:05}"),
                &listed.born,
                &"M",
                &from,
                day,
                &Maybe(back),
            ])?;
        }
        desk.ledger.once("cs-13e", &counted);
    }
    sheet.close()
}

/// Somebody who is found to be an adult is no child from then on.
fn trafficking(desk: &mut Desk<'_>) -> io::Result<()> {
    let fields =
        "child,birth_date,sex,ethnicity,referred,referrer,decision,decided_on,age_disputed,found_adult_on";
    let mut sheet = desk.open("trafficking_referral", fields)?;
    for number in 1..=desk.records(40) {
        let mut random = desk.random(Register::Trafficking, number);
        let referred = desk.day(&mut random, 0);
        let is_child = random.chance(800);
        let disputed = random.chance(200);
        let born = referred.plus_months(-12 * if is_child { 15 } else { 19 }).plus(-random.between(0, 200));
        let found_adult =
            desk.known(referred.plus(random.between(20, 300))).filter(|_| disputed && random.chance(500));
        if is_child || disputed {
            desk.ledger.judge(("jd-15", ""), |period| {
                let is_adult = found_adult.is_some_and(|day| day <= period.last);
                (period.holds(referred) && !is_adult).then_some((1, 0))
            });
        }
        sheet.row(&[
            &format_args!("NRM{number:05}"),
            &born,
            &"M",
            &"",
            &referred,
            &"police",
            &"pending",
            &"",
            &yes_no(disputed),
            &Maybe(found_adult),
        ])?;
    }
    sheet.close()
}

/// The area's assessment of itself, which was asked for until June 2010: five parts from 0 to 3.
fn runaway_scores(desk: &mut Desk<'_>) -> io::Result<()> {
    let last = Day::new(2010, 6, 30);
    if desk.first > last {
        return Ok(());
    }
    desk.ledger.count("cs-13a", Told::Flow);
    desk.ledger.quarters_until("cs-13a", last);
    let fields = "assessed_on,information,needs_analysis,procedures,urgent_protocols,needs_protocols";
    let mut sheet = desk.open("runaway_score", fields)?;
    let mut quarter = 0;
    while desk.first.plus_months(3 * quarter + 3).plus(-1) <= last {
        let day = desk.first.plus_months(3 * quarter + 3).plus(-1);
        let mut random = desk.random(Register::RunawayScore, u64::from(quarter.unsigned_abs()));
        let parts: Vec<u64> = (0..5).map(|_| random.next() % 4).collect();
        let score = parts.iter().sum();
        let next = day.plus(1).plus_months(3).plus(-1);
        desk.ledger.judge(("cs-13a", ""), |period| {
            let is_latest = period.holds(day) && (next > last || !period.holds(next));
            is_latest.then_some((score, 0))
        });
        let parts = parts.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        sheet.row(&[&day, &parts])?;
        quarter += 1;
    }
    sheet.close()
}
