//! Looked after children at school: whether they are on a roll, and whether they were excluded.

use std::io;

use super::life::{Child, School};
use crate::days::Day;
use crate::ledger::{Ledger, Told};
use crate::periods::Kind;
use crate::registers::Desk;
use crate::shelf::{Maybe, Sheet};

/// What schools return, for the children whose numbers they share with the looked-after return.
pub(crate) struct Schools {
    rolls: Sheet,
    exclusions: Sheet,
}

/// The unique pupil number of a child.
pub(crate) fn pupil(child: &Child) -> String {
    format!("A{:012}", child.number)
}

impl Schools {
    pub(crate) fn open(desk: &mut Desk<'_>) -> io::Result<Self> {
        for indicator in ["cs-27", "cs-28"] {
            desk.ledger.share(indicator, Told::Flow);
            desk.ledger.by_academic_year(indicator);
        }
        let fields = "pupil,former_pupil,school,school_phase,counted_on,year_group,special_needs,entry_date";
        let rolls = desk.open("pupil_on_roll", fields)?;
        let fields = "pupil,school,school_phase,exclusion_start,exclusion_kind,sessions,reason,overturned,special_needs";
        Ok(Self { rolls, exclusions: desk.open("exclusion", fields)? })
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
        }
        Ok(())
    }

    pub(crate) fn close(self) -> io::Result<()> {
        self.rolls.close()?;
        self.exclusions.close()
    }
}

/// Children looked after for a year by 31 March, of school age when the school year began.
fn count(ledger: &mut Ledger, child: &Child, school: &School) {
    if !school.on_roll {
        return;
    }
    let begins = Day::new(school.year, 9, 1);
    let (before, march) = (begins.plus(-1), Day::new(school.year + 1, 3, 31));
    let of_age = child.birthday(5) <= before && before < child.birthday(16);
    let for_a_year = |spell: &super::life::Spell| spell.runs(march) && spell.start.plus_months(12) <= march;
    if !of_age || !child.spells.iter().any(for_a_year) {
        return;
    }
    for (indicator, kind) in [("cs-27", "FIXD"), ("cs-28", "PERM")] {
        let is_excluded = school.exclusion == Some(kind) && school.overturned.is_none();
        ledger.judge((indicator, ""), |period| {
            (period.kind == Kind::Academic && period.first == begins).then_some((u64::from(is_excluded), 1))
        });
    }
}
