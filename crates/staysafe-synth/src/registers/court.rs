//! Applications for care orders, and enquiries made to the child protection list.

use std::io;

use super::{Desk, Register};
use crate::ledger::Told;
use crate::shelf::yes_no;

pub(super) fn write(desk: &mut Desk<'_>) -> io::Result<()> {
    care_applications(desk)?;
    list_enquiries(desk)
}

fn care_applications(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.share("nsdu-05", Told::Flow);
    let mut sheet = desk.open("care_application", "application,child,issued,core_assessment")?;
    for number in 1..=desk.records(40) {
        let mut random = desk.random(Register::CareApplication, number);
        let issued = desk.day(&mut random, 0);
        let state =
            random.pick(&[(5, "complete"), (2, "incomplete"), (2, "missing"), (1, "not needed")], "complete");
        desk.ledger.event("nsdu-05", issued, matches!(state, "incomplete" | "missing"));
        for child in 1..=random.pick(&[(6, 1), (3, 2), (1, 4)], 1) {
            let application = format!("APP{number:05}");
            sheet.row(&[&application, &format_args!("{application}-{child}"), &issued, &state])?;
        }
    }
    sheet.close()
}

fn list_enquiries(desk: &mut Desk<'_>) -> io::Result<()> {
    desk.ledger.count("rev-03", Told::Flow);
    let mut sheet = desk.open("list_enquiry", "enquiry,enquiry_date,agency,asked_by,children_asked,found")?;
    for number in 1..=desk.records(12) {
        let mut random = desk.random(Register::ListEnquiry, number);
        let day = desk.day(&mut random, 0);
        desk.ledger.event("rev-03", day, true);
        let (asked, found) = (random.between(1, 4), yes_no(random.chance(200)));
        let agency = random.pick(&[(5, "hospital"), (3, "police"), (2, "school")], "hospital");
        let by = random.pick(&[(5, "telephone"), (1, "written"), (4, "self-service")], "telephone");
        sheet.row(&[&format_args!("LE{number:06}"), &day, &agency, &by, &asked, &found])?;
    }
    sheet.close()
}
