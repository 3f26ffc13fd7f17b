//! Writes the children of a year as the tables of the looked-after return.

use std::io;

use super::life::{Child, Spell};
use super::school::pupil;
use crate::days::Day;
use crate::faults::Faults;
use crate::shelf::{Maybe, Sheet, Shelf, Slashed};

/// The tables of one year.
pub(crate) struct Year {
    ends_in: i32,
    /// Its place among the years, from 0.
    place: usize,
    first: Day,
    last: Day,
    header: Sheet,
    episodes: Sheet,
    reviews: Sheet,
    uasc: Sheet,
    oc2: Sheet,
    ad1: Sheet,
    placed: Sheet,
    missing: Sheet,
    leavers: Sheet,
    permanence: Sheet,
    /// From the years in which they are collected.
    workers: Option<Sheet>,
    liberty: Option<Sheet>,
}

/// The first year of social workers' episodes, and of deprivations of liberty.
const FIRST_OF_WORKERS: i32 = 2024;
const FIRST_OF_LIBERTY: i32 = 2026;

/// An episode as the return of a year shows it.
struct Episode {
    start: Day,
    why: &'static str,
    legal: &'static str,
    place: &'static str,
    home: u64,
    end: Option<(Day, &'static str)>,
}

impl Year {
    pub(crate) fn open(year: i32, place: usize, folder: &str, shelf: &mut dyn Shelf) -> io::Result<Self> {
        let mut open = |name: &str, header: &str| Sheet::open(shelf, &format!("{folder}/{name}.csv"), header);
        Ok(Self {
            ends_in: year,
            place,
            first: Day::new(year - 1, 4, 1),
            last: Day::new(year, 3, 31),
            header: open("header", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB")?,
            episodes: open(
                "episodes",
                "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
            )?,
            reviews: open("reviews", "CHILD,DOB,REVIEW,REVIEW_CODE")?,
            uasc: open("uasc", "CHILD,SEX,DOB,DUC")?,
            oc2: open(
                "oc2",
                "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
            )?,
            ad1: open("ad1", "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR")?,
            placed: open(
                "placed_for_adoption",
                "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED",
            )?,
            missing: open("missing", "CHILD,DOB,MISSING,MIS_START,MIS_END")?,
            leavers: open("oc3", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM")?,
            permanence: open("previous_permanence", "CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM")?,
            workers: (year >= FIRST_OF_WORKERS)
                .then(|| open("sw_episodes", "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON"))
                .transpose()?,
            liberty: (year >= FIRST_OF_LIBERTY)
                .then(|| open("dolo", "CHILD,DOB,DOLO_START,DOLO_END"))
                .transpose()?,
        })
    }

    pub(crate) fn plant(&mut self, faults: &mut Faults) -> io::Result<()> {
        faults.in_looked_after(&mut self.header, &mut self.episodes, &mut self.reviews, self.first)
    }

    pub(crate) fn close(self) -> io::Result<()> {
        let sheets = [
            self.header,
            self.episodes,
            self.reviews,
            self.uasc,
            self.oc2,
            self.ad1,
            self.placed,
            self.missing,
            self.leavers,
            self.permanence,
        ];
        let since = [self.workers, self.liberty].into_iter().flatten();
        sheets.into_iter().chain(since).try_for_each(Sheet::close)
    }

    /// The child, where it was looked after in the year.
    pub(crate) fn child(&mut self, child: &Child) -> io::Result<()> {
        let mut episodes = Vec::new();
        for spell in &child.spells {
            self.episodes_of(spell, &mut episodes);
        }
        for (start, end) in &child.breaks {
            if *start <= self.last && *end >= self.first {
                let end = (*end <= self.last).then_some((*end, "E8"));
                episodes.push(Episode {
                    start: *start,
                    why: "S",
                    legal: "V3",
                    place: "U4",
                    home: child.number,
                    end,
                });
            }
        }
        if episodes.is_empty() {
            return Ok(());
        }
        let (id, born) = (format!("LAC{:08}", child.number), Slashed(child.born));
        let sex = match (self.ends_in >= 2025, child.girl) {
            (true, true) => "F",
            (true, false) => "M",
            (false, true) => "2",
            (false, false) => "1",
        };
        self.header.row(&[&id, &sex, &born, &Maybe(child.ethnicity), &pupil(child), &0, &""])?;
        for episode in episodes {
            let postcode = format!("ZZ{} {}ZZ", episode.home % 90 + 1, episode.home % 10);
            let end = episode.end;
            self.episodes.row(&[
                &id,
                &Slashed(episode.start),
                &episode.why,
                &episode.legal,
                &"N1",
                &episode.place,
                &"PR1",
                &Maybe(end.map(|(day, _)| Slashed(day))),
                &Maybe(end.map(|(_, why)| why)),
                &"",
                &"",
                &postcode,
                &format_args!("SC{:09}", episode.home),
            ])?;
        }
        if let Some(alone) = child.unaccompanied {
            let until = alone.until.filter(|day| *day <= self.last);
            self.uasc.row(&[&id, &sex, &born, &Maybe(until.map(Slashed))])?;
        }
        self.tables(child, &id)
    }

    fn episodes_of(&self, spell: &Spell, episodes: &mut Vec<Episode>) {
        for (place, segment) in spell.segments.iter().enumerate() {
            let end = spell.segments.get(place + 1).map(|next| (next.start, "X1")).or(spell.end);
            if segment.start > self.last || end.is_some_and(|(day, _)| day < self.first) {
                continue;
            }
            let end = end.filter(|(day, _)| *day <= self.last);
            let (start, why) = (segment.start, segment.why);
            episodes.push(Episode {
                start,
                why,
                legal: segment.legal,
                place: segment.place,
                home: segment.home,
                end,
            });
        }
    }

    fn tables(&mut self, child: &Child, id: &str) -> io::Result<()> {
        let (first, last) = (self.first, self.last);
        let within = |day: Day| first <= day && day <= last;
        let born = Slashed(child.born);
        for review in child.reviews() {
            if let Some(held) = review.held.filter(|day| within(*day)) {
                self.reviews.row(&[&id, &born, &Slashed(held), &review.code])?;
            }
        }
        for time in &child.missing {
            if time.from <= last && time.until.is_none_or(|until| until >= first) {
                let until = time.until.filter(|until| *until <= last).map(Slashed);
                let kind = if time.counts { "M" } else { "A" };
                self.missing.row(&[&id, &born, &kind, &Slashed(time.from), &Maybe(until)])?;
            }
        }
        self.health(child, id)?;
        self.of_each(child, id)?;
        for spell in child.spells.iter().filter(|spell| spell.start <= last) {
            let Some(adoption) = spell.adoption.filter(|adoption| adoption.placed <= last) else { continue };
            if spell.end.is_some_and(|(day, _)| day < first) {
                continue;
            }
            let decision = Maybe(adoption.decision.map(Slashed));
            self.ad1.row(&[&id, &born, &decision, &Slashed(adoption.placed), &0, &2, &"MF", &"L11"])?;
            if let Some((placed, ceased)) = adoption.broken {
                self.placed.row(&[&id, &born, &Slashed(placed), &Slashed(ceased), &"RD1"])?;
            }
            self.placed.row(&[&id, &born, &Slashed(adoption.placed), &"", &""])?;
        }
        Ok(())
    }

    /// What the return asks of every child, and of those who come of age.
    fn of_each(&mut self, child: &Child, id: &str) -> io::Result<()> {
        let (first, last) = (self.first, self.last);
        let born = Slashed(child.born);
        let within = |day: Day| first <= day && day <= last;
        if [17, 18, 19, 20, 21].into_iter().any(|age| within(child.birthday(age))) {
            self.leavers.row(&[&id, &born, &"YES", &"F2", &"B1"])?;
        }
        let Some(spell) =
            child.spells.iter().rfind(|s| s.start <= last && s.end.is_none_or(|(day, _)| day >= first))
        else {
            return Ok(());
        };
        if within(spell.start) && spell.starts_here {
            self.permanence.row(&[&id, &born, &"Z1", &"", &""])?;
        }
        if let Some(workers) = &mut self.workers {
            let until = spell.end.map(|(day, _)| day).filter(|day| *day <= last);
            let reason = if until.is_some() { "OTHERS" } else { "" };
            let worker = format!("SW{:05}", child.number % 97 + 1);
            workers.row(&[
                &id,
                &born,
                &worker,
                &Slashed(spell.start),
                &Maybe(until.map(Slashed)),
                &reason,
            ])?;
        }
        if let Some(liberty) = self.liberty.as_mut().filter(|_| child.number.is_multiple_of(20)) {
            liberty.row(&[&id, &born, &Slashed(spell.start), &""])?;
        }
        Ok(())
    }

    /// Of children who were looked after throughout the year.
    fn health(&mut self, child: &Child, id: &str) -> io::Result<()> {
        let last = self.last;
        let throughout = child.spells.iter().any(|s| s.runs(last) && s.start.plus_months(12) <= last);
        if !throughout {
            return Ok(());
        }
        let asked = child.birthday(4) <= last && last < child.birthday(17);
        let score = child.scores.get(self.place).copied().flatten().filter(|_| asked);
        let reason = (asked && score.is_none()).then_some("SDQ2");
        let born = Slashed(child.born);
        self.oc2.row(&[&id, &born, &Maybe(score), &Maybe(reason), &0, &1, &1, &1, &1, &0, &"", &""])
    }
}
