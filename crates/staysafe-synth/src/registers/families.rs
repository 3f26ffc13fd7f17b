//! Which children of the censuses are one family.

use std::io;

use super::Desk;
use crate::days::Day;
use crate::ledger::{Told, runs};
use crate::life::Life;
use crate::random::Random;
use crate::shelf::{Maybe, Sheet};

/// A child's membership of the family that is being read.
struct Member {
    from: Day,
    until: Option<Day>,
    plans: Vec<(Day, Option<Day>)>,
}

/// The register, while the children of the censuses pass by.
pub(crate) struct Families {
    sheet: Sheet,
    family: u64,
    members: Vec<Member>,
}

impl Families {
    pub(crate) fn open(desk: &mut Desk<'_>) -> io::Result<Self> {
        desk.ledger.count("jd-25", Told::Stock);
        let sheet = desk.open("family", "family,child,member_from,member_to")?;
        Ok(Self { sheet, family: 0, members: Vec::new() })
    }

    /// A child of a family; the children of one family follow each other.
    pub(crate) fn child(
        &mut self,
        desk: &mut Desk<'_>,
        life: &Life,
        family: u64,
        number: u64,
    ) -> io::Result<()> {
        if family != self.family {
            self.count(desk);
            self.family = family;
        }
        let mut random = Random::new(family << 32 | number);
        let from = desk.first.plus(-random.between(1, 2000));
        // A few leave the family.
        let until = random.chance(80).then(|| desk.day(&mut random, 0));
        let plans = life.episodes.iter().flat_map(|episode| &episode.plans);
        let plans = plans.map(|plan| (plan.start, plan.end.map(|(day, _)| day))).collect();
        self.members.push(Member { from, until, plans });
        let child = format!("SYN{number:08}");
        self.sheet.row(&[&format_args!("FAM{family:07}"), &child, &from, &Maybe(until)])
    }

    /// A family counts once, whichever of its children has a plan.
    fn count(&mut self, desk: &mut Desk<'_>) {
        let members = std::mem::take(&mut self.members);
        desk.ledger.judge(("jd-25", ""), |period| {
            let has_plan = |member: &Member| {
                runs(member.from, member.until, period.last)
                    && member.plans.iter().any(|(start, end)| runs(*start, *end, period.last))
            };
            members.iter().any(has_plan).then_some((1, 0))
        });
    }

    pub(crate) fn close(mut self, desk: &mut Desk<'_>) -> io::Result<()> {
        self.count(desk);
        self.sheet.close()
    }
}
