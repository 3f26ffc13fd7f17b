//! The lists that an inspection asks for, of the same children as the returns: a file for each list, as they stood on the last day.
//!
//! A list holds what ran or happened in the months before that day. Lists of contacts, early help, care leavers and adopters are not
//! written: no entry is worked out from them.

use std::fmt::Display;
use std::io;

use crate::care;
use crate::days::Day;
use crate::faults::{Faults, kind};
use crate::life::Life;
use crate::random::Random;
use crate::shelf::{Maybe, Sheet, Shelf, Slashed};
use crate::xml::Identity;

/// Lists 3 to 8 tell of so many months, list 10 of twelve.
const MONTHS: i32 = 6;
const MONTHS_OF_ADOPTION: i32 = 12;

/// What every list of children begins with.
const CHILD: &str = "Child Unique ID,Gender,Ethnicity,Date of Birth,Age of Child (Years)";

/// The lists, while the children pass by.
pub(crate) struct AnnexA {
    first: Day,
    first_of_adoption: Day,
    last: Day,
    referrals: Sheet,
    assessments: Sheet,
    enquiries: Sheet,
    in_need: Sheet,
    plans: Sheet,
    looked_after: Sheet,
    adoption: Sheet,
}

/// A child as every list shows it.
struct Shown {
    id: String,
    sex: &'static str,
    ethnicity: Option<&'static str>,
    born: Day,
    age: i32,
}

impl AnnexA {
    pub(crate) fn open(area: &str, last: Day, shelf: &mut dyn Shelf) -> io::Result<Self> {
        let mut open = |number: u32, headings: &str| {
            let path = format!("{area}/annex-a/list-{number}.csv");
            let mut sheet = Sheet::open(shelf, &path, &format!("Area,{area}"))?;
            sheet.row(&[&"Extracted on", &Slashed(last)])?;
            sheet.row(&[&headings])?;
            Ok::<Sheet, io::Error>(sheet)
        };
        let before = |months: i32| last.plus(1).plus_months(-months);
        Ok(Self {
            first: before(MONTHS),
            first_of_adoption: before(MONTHS_OF_ADOPTION),
            last,
            referrals: open(3, &format!("{CHILD},Date of referral,Referral Source,Referral NFA?"))?,
            assessments: open(
                4,
                &format!(
                    "{CHILD},Does the Child have a Disability,Continuous Assessment Start Date,Continuous Assessment Date of Authorisation"
                ),
            )?,
            enquiries: open(
                5,
                &format!(
                    "{CHILD},Does the Child have a Disability,Strategy discussion initiating Section 47 Enquiry Start Date,\
                     Was an Initial Child Protection Conference deemed unnecessary?,Date of Initial Child Protection Conference"
                ),
            )?,
            in_need: open(
                6,
                &format!(
                    "{CHILD},Does the Child have a Disability,CIN Start Date,Primary Need Code,CIN Closure Date,Reason for Closure"
                ),
            )?,
            plans: open(
                7,
                &format!(
                    "{CHILD},Does the Child have a Disability,Child Protection Plan Start Date,Initial Category of Abuse,\
                     Latest Category of Abuse,Child Protection Plan End Date,Number of Previous Child Protection Plans"
                ),
            )?,
            looked_after: open(
                8,
                &format!(
                    "{CHILD},Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N),\
                     Does the Child have a Disability,Date Started to be Looked After,Child's Category of Need,\
                     Start date of current legal status,Child's Legal Status,Date Ceased to be Looked After,\
                     Reason Ceased to be Looked After,Start Date of Most Recent Placement,Placement Type"
                ),
            )?,
            adoption: open(
                10,
                &format!(
                    "{CHILD},Date the Child Entered Care,Date of Decision that Child Should be Placed for Adoption,\
                     Date of Matching Child and Prospective Adopters,Date Placed for Adoption,Date of Adoption Order,\
                     Date of Decision that Child Should No Longer be Placed for Adoption"
                ),
            )?,
        })
    }

    /// A child of the censuses, by its number.
    pub(crate) fn in_need(&mut self, life: &Life, number: u64, random: &mut Random) -> io::Result<()> {
        let (first, last) = (self.first, self.last);
        let recent = |day: Day| first <= day && day <= last;
        let still_ran = |start: Day, end: Option<Day>| start <= last && end.is_none_or(|end| end >= first);
        let sex = match (life.unborn, Identity::of(life, random).girl) {
            (true, _) => "c) Not stated/recorded (or unborn)",
            (_, true) => "b) Female",
            (_, false) => "a) Male",
        };
        let id = format!("SYN{number:08}");
        let child = Shown { id, sex, ethnicity: life.ethnicity, born: life.born, age: age(life.born, last) };
        let disability = match life.disabilities.as_slice() {
            [] => "",
            ["NONE"] => "No",
            _ => "Yes",
        };
        for episode in &life.episodes {
            if recent(episode.referral) {
                let source = if episode.source == "6" { "g) Police" } else { episode.source };
                let no_further_action = yes_no(episode.no_further_action);
                let referral = Slashed(episode.referral);
                child.row(&mut self.referrals, &[&referral, &source, &no_further_action])?;
            }
            for assessment in &episode.assessments {
                let authorised = assessment.authorised.map(|(day, _)| day);
                if still_ran(assessment.start, authorised) {
                    let (start, authorised) = (Slashed(assessment.start), Maybe(authorised.map(Slashed)));
                    child.row(&mut self.assessments, &[&disability, &start, &authorised])?;
                }
            }
            for enquiry in &episode.enquiries {
                if recent(enquiry.start) || enquiry.conference.is_some_and(recent) {
                    let (start, held) = (Slashed(enquiry.start), Maybe(enquiry.conference.map(Slashed)));
                    let unnecessary = yes_no(enquiry.not_required);
                    child.row(&mut self.enquiries, &[&disability, &start, &unnecessary, &held])?;
                }
            }
            if still_ran(episode.referral, episode.closure.map(|(day, _)| day)) {
                let (day, why) =
                    (episode.closure.map(|(day, _)| Slashed(day)), episode.closure.map(|(_, why)| why));
                let (start, need) = (Slashed(episode.referral), episode.need);
                child.row(&mut self.in_need, &[&disability, &start, &need, &Maybe(day), &Maybe(why)])?;
            }
            for plan in &episode.plans {
                let end = plan.end.map(|(day, _)| day);
                if still_ran(plan.start, end) {
                    let (start, end) = (Slashed(plan.start), Maybe(end.map(Slashed)));
                    let (initial, latest) = (category(plan.initial), category(plan.latest));
                    let previous = Maybe(plan.previous);
                    child.row(&mut self.plans, &[&disability, &start, &initial, &latest, &end, &previous])?;
                }
            }
        }
        Ok(())
    }

    /// A child of the looked-after returns.
    pub(crate) fn looked_after(&mut self, of: &care::Child) -> io::Result<()> {
        let last = self.last;
        let sex = if of.girl { "b) Female" } else { "a) Male" };
        let id = format!("LAC{:08}", of.number);
        let child = Shown { id, sex, ethnicity: of.ethnicity, born: of.born, age: age(of.born, last) };
        let alone = yes_no(of.unaccompanied.is_some());
        for spell in of.spells.iter().filter(|spell| spell.start <= last) {
            let end = spell.end.filter(|(day, _)| *day <= last);
            let is_since = |first: Day| end.is_none_or(|(day, _)| day >= first);
            let (start, ceased) = (Slashed(spell.start), Maybe(end.map(|(day, _)| Slashed(day))));
            if is_since(self.first)
                && let Some(now) = spell.segments.iter().rfind(|segment| segment.start <= last)
            {
                let (since, legal) = (Slashed(now.start), legal_status(now.legal));
                let why = Maybe(end.map(|(_, why)| why));
                let cells: [&dyn Display; 10] =
                    [&alone, &"", &start, &"N1", &since, &legal, &ceased, &why, &since, &now.place];
                child.row(&mut self.looked_after, &cells)?;
            }
            let placed = spell.adoption.filter(|adoption| adoption.placed <= last);
            if let Some(adoption) = placed.filter(|_| is_since(self.first_of_adoption)) {
                let order = end.filter(|(_, why)| matches!(*why, "E11" | "E12"));
                let (decision, order) = (adoption.decision.map(Slashed), order.map(|(day, _)| Slashed(day)));
                let placed = Slashed(adoption.placed);
                child.row(
                    &mut self.adoption,
                    &[&start, &Maybe(decision), &placed, &placed, &Maybe(order), &""],
                )?;
            }
        }
        Ok(())
    }

    /// Referrals and plans of long before the days of which the lists tell.
    pub(crate) fn plant(&mut self, faults: &mut Faults) -> io::Result<()> {
        let (began, over) = (Slashed(self.first.plus(-900)), Slashed(self.first.plus(-700)));
        let born = Slashed(self.first.plus(-3000));
        for number in 1..=faults.each {
            let id = |place: u32| format!("FAULT{number:03}-{place}");
            let referral = |id: &str, born: &dyn Display, source: &str| {
                format!("{id},a) Male,WBRI,{born},{number},{began},{source},No")
            };
            let list = &mut self.referrals;
            let sound = referral(&id(1), &born, "g) Police");
            list.row(&[&sound])?;
            faults.row(list, kind::IDENTICAL, "", &[&sound])?;
            list.row(&[&referral(&id(2), &born, "g) Police")])?;
            faults.row(list, kind::CONTRADICTORY, "", &[&referral(&id(2), &born, "e) Housing")])?;
            faults.row(list, kind::CODE, "Referral Source", &[&referral(&id(3), &born, "z) Sheriff")])?;
            let turned = referral(&id(4), &"2012-25-03", "g) Police");
            faults.row(list, kind::DATE_ORDER, "Date of Birth", &[&turned])?;
            let no_day = referral(&id(5), &"31/04/2012", "g) Police");
            faults.row(list, kind::NO_SUCH_DAY, "Date of Birth", &[&no_day])?;
            faults.row(list, kind::MISSING, "Child Unique ID", &[&referral("", &born, "g) Police")])?;
            let inverted =
                format!("{},a) Male,WBRI,{born},8,No,{over},a) Neglect,a) Neglect,{began},0", id(6));
            faults.row(
                &mut self.plans,
                kind::END_BEFORE_START,
                "Child Protection Plan End Date",
                &[&inverted],
            )?;
        }
        Ok(())
    }

    pub(crate) fn close(self) -> io::Result<()> {
        let Self { referrals, assessments, enquiries, in_need, plans, looked_after, adoption, .. } = self;
        [referrals, assessments, enquiries, in_need, plans, looked_after, adoption]
            .into_iter()
            .try_for_each(Sheet::close)
    }
}

impl Shown {
    fn row(&self, sheet: &mut Sheet, cells: &[&dyn Display]) -> io::Result<()> {
        let (ethnicity, born) = (Maybe(self.ethnicity), Slashed(self.born));
        let own: [&dyn Display; 5] = [&self.id, &self.sex, &ethnicity, &born, &self.age];
        sheet.row(&[&own, cells].concat())
    }
}

/// Whole years on a day; of a child that is not born yet 0.
fn age(born: Day, on: Day) -> i32 {
    let ((from, month, day), (to, this_month, today)) = (born.parts(), on.parts());
    (to - from - i32::from((this_month, today) < (month, day))).max(0)
}

/// As the lists write it, unlike the registers' `yes` and `no`.
fn yes_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

fn category(code: &'static str) -> &'static str {
    match code {
        "NEG" => "a) Neglect",
        "PHY" => "b) Physical abuse",
        "SAB" => "c) Sexual abuse",
        "EMO" => "d) Emotional abuse",
        "MUL" => "e) Multiple/not recommended",
        other => other,
    }
}

/// In the list's words, where they mean one code.
fn legal_status(code: &'static str) -> &'static str {
    match code {
        "C1" => "a) Interim care orders",
        "C2" => "b) Full care orders",
        "E1" => "d) Placement order granted",
        "V2" => "e) Accommodated under S20",
        other => other,
    }
}
