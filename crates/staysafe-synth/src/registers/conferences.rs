//! Child protection conferences: which children took part, which agencies came, whose reports were in.

use std::io;

use super::{Desk, Register};
use crate::days::Day;
use crate::ledger::Told;
use crate::random::Random;
use crate::shelf::{Sheet, yes_no};

/// Social care stands among them under the name that the framework takes for it.
const SOCIAL_CARE: &str = "childrens-services";
const AGENCIES: [&str; 6] =
    [SOCIAL_CARE, "police", "school", "health visiting", "general practice", "housing"];
/// Working days before a conference by which a report must be in.
const NOTICE: i32 = 2;

struct Conference {
    name: String,
    kind: &'static str,
    day: Day,
    children: u64,
}

struct Sheets {
    invitations: Sheet,
    reports: Sheet,
}

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.count("jd-27", Told::Flow);
    for indicator in ["jd-28", "jd-29", "rev-06", "ctx-conferences-quorate"] {
        desk.ledger.share(indicator, Told::Flow);
    }
    let fields = "conference,conference_type,conference_date,child,participation";
    let mut conferences = desk.open("conference", fields)?;
    let fields =
        "conference,conference_type,conference_date,agency,child,invited,involved,attended,report_received";
    let mut sheets = Sheets {
        invitations: desk.open("conference_invitation", fields)?,
        reports: desk.open("conference_report", "conference,agency,received")?,
    };
    for number in 1..=desk.records(12) {
        let mut random = desk.random(Register::Conference, number);
        // Reports come up to two weeks before.
        let day = desk.calendar.working_day(desk.day(&mut random, -15), 1).min(last_working(desk));
        let kind = random.pick(&[(4, "initial"), (6, "review")], "initial");
        let children = random.pick(&[(5, 1), (3, 2), (2, 3)], 1);
        let conference = Conference { name: format!("CON{number:05}"), kind, day, children };
        for child in 1..=children {
            let takes_part = random.chance(450);
            let code = if takes_part {
                random.pick(&[(5, "PN1"), (2, "PN2"), (1, "PN3"), (1, "PN5"), (1, "PN6")], "PN1")
            } else {
                random.pick(&[(4, "PN0"), (1, "PN4"), (3, "PN7")], "PN0")
            };
            if takes_part {
                desk.ledger.event("jd-27", day, true);
            }
            let name = &conference.name;
            conferences.row(&[name, &kind, &day, &format_args!("{name}-{child}"), &code])?;
        }
        let mut came = Vec::new();
        for agency in AGENCIES {
            if agency_at(desk, &mut random, &conference, agency, &mut sheets)? {
                came.push(agency);
            }
        }
        let is_quorate = came.contains(&SOCIAL_CARE) && came.len() > 2;
        desk.ledger.event("ctx-conferences-quorate", day, is_quorate);
    }
    conferences.close()?;
    sheets.invitations.close()?;
    sheets.reports.close()
}

fn last_working(desk: &Desk<'_>) -> Day {
    let mut day = desk.last;
    while !desk.calendar.is_working(day) {
        day = day.plus(-1);
    }
    day
}

/// First whether the agency came, which it tells, and whether its report was in time, then the rows: one for each child.
fn agency_at(
    desk: &mut Desk<'_>,
    random: &mut Random,
    conference: &Conference,
    agency: &str,
    sheets: &mut Sheets,
) -> io::Result<bool> {
    if !random.chance(800) {
        return Ok(false);
    }
    let day = conference.day;
    let (invited, involved) = (random.chance(950), random.chance(800));
    let attended = random.chance(650);
    let in_time = random.chance(550);
    let late = !in_time && random.chance(500);
    if invited && involved {
        for indicator in ["rev-06", "jd-28"] {
            desk.ledger.event(indicator, day, attended);
        }
        desk.ledger.event("jd-29", day, in_time);
    }
    let due = desk.calendar.working_day_before(day, NOTICE);
    if in_time {
        let received = due.plus(-random.pick(&[(3, 0), (3, 1), (4, 6)], 0));
        sheets.reports.row(&[&conference.name, &agency, &received])?;
    }
    if late || in_time && random.chance(100) {
        // Late by a day, or a second version of what was in time.
        let received = due.plus(random.between(1, 2));
        sheets.reports.row(&[&conference.name, &agency, &received])?;
    }
    for child in 1..=conference.children {
        sheets.invitations.row(&[
            &conference.name,
            &conference.kind,
            &day,
            &agency,
            &format_args!("{}-{child}", conference.name),
            &yes_no(invited),
            &yes_no(involved),
            &yes_no(attended),
            &yes_no(in_time || late),
        ])?;
    }
    Ok(attended)
}
