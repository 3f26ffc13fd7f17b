//! Looked after children at school: whether they are on a roll, how they attended, and whether they were excluded.

use std::io;

use super::life::{Attendance, Child, School};
use crate::days::Day;
use crate::ledger::{Ledger, Told};
use crate::periods::{Kind, Stretch};
use crate::registers::Desk;
use crate::shelf::{Maybe, Sheet};

/// What schools return, for the children whose numbers they share with the looked-after return.
pub(crate) struct Schools {
    rolls: Sheet,
    exclusions: Sheet,
    attendance: Sheet,
}

/// The unique pupil number of a child.
pub(crate) fn pupil(child: &Child) -> String {
    format!("A{:012}", child.number)
}

impl Schools {
    pub(crate) fn open(desk: &mut Desk<'_>) -> io::Result<Self> {
        for indicator in ["cs-26", "cs-27", "cs-28"] {
            desk.ledger.share(indicator, Told::Flow);
            desk.ledger.by_academic_year(indicator);
        }
        let fields = "pupil,former_pupil,school,school_phase,counted_on,year_group,special_needs,entry_date";
        let rolls = desk.open("pupil_on_roll", fields)?;
        let fields = "pupil,school,school_phase,exclusion_start,exclusion_kind,sessions,reason,overturned,special_needs";
        let exclusions = desk.open("exclusion", fields)?;
        let fields = "pupil,school,school_phase,attendance_from,attendance_to,sessions_possible,sessions_absent,year_group,special_needs";
        Ok(Self { rolls, exclusions, attendance: desk.open("attendance", fields)? })
    }

    pub(crate) fn child(&mut self, ledger: &mut Ledger, child: &Child) -> io::Result<()> {
        for school in &child.schooling {
            count(ledger, child, school);
            let pupil = pupil(child);
            if school.on_roll {
                let counted_on = Day::new(school.year + 1, 1, 18);
                self.rolls.row(&[&pupil, &"", &"100", &"secondary", &counted_on, &"8", &"", &""])?;
            }
            if let Some(kind) = school.exclusion {
                let (start, overturned) = (school.excluded_on, Maybe(school.overturned));
                self.exclusions.row(&[
                    &pupil,
                    &"100",
                    &"secondary",
                    &start,
                    &kind,
                    &4,
                    &"",
                    &overturned,
                    &"",
                ])?;
            }
            if let Some(attendance) = &school.attendance {
                self.attended(&pupil, school.year, attendance)?;
            }
        }
        Ok(())
    }

    /// A row for each school.
    fn attended(&mut self, pupil: &str, year: i32, told: &Attendance) -> io::Result<()> {
        let (begins, christmas, ends) =
            (Day::new(year, 9, 3), Day::new(year, 12, 20), Day::new(year + 1, 7, 20));
        let half = |of: i32| if told.moved { of / 2 } else { of };
        let (possible, absent) = (half(told.possible), half(told.absent));
        let until = if told.moved { christmas } else { ends };
        let phase = told.phase;
        self.attendance.row(&[&pupil, &"100", &phase, &begins, &until, &possible, &absent, &"", &""])?;
        if !told.moved {
            return Ok(());
        }
        let again = Day::new(year + 1, 1, 5);
        let (possible, absent) = (told.possible - possible, told.absent - absent);
        self.attendance.row(&[&pupil, &"101", &phase, &again, &ends, &possible, &absent, &"", &""])
    }

    pub(crate) fn close(self) -> io::Result<()> {
        self.rolls.close()?;
        self.exclusions.close()?;
        self.attendance.close()
    }
}

/// Children looked after for a year by 31 March, of school age when the school year began.
fn count(ledger: &mut Ledger, child: &Child, school: &School) {
    let begins = Day::new(school.year, 9, 1);
    let (before, march) = (begins.plus(-1), Day::new(school.year + 1, 3, 31));
    let of_age = child.birthday(5) <= before && before < child.birthday(16);
    let for_a_year = |spell: &super::life::Spell| spell.runs(march) && spell.start.plus_months(12) <= march;
    if !of_age || !child.spells.iter().any(for_a_year) {
        return;
    }
    let in_this_year = |period: &Stretch| period.kind == Kind::Academic && period.first == begins;
    // Years 7 to 11, in secondary schools.
    let at_secondary = child.birthday(11) <= before && before < child.birthday(16);
    if let Some(told) = school.attendance.filter(|told| at_secondary && told.phase == "secondary") {
        let counts = (u64::from(told.is_persistent), 1);
        ledger.judge(("cs-26", ""), |period| in_this_year(period).then_some(counts));
    }
    if !school.on_roll {
        return;
    }
    for (indicator, kind) in [("cs-27", "FIXD"), ("cs-28", "PERM")] {
        let is_excluded = school.exclusion == Some(kind) && school.overturned.is_none();
        ledger.judge((indicator, ""), |period| in_this_year(period).then_some((u64::from(is_excluded), 1)));
    }
}
