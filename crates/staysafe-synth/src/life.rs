//! What happens to a child: decided before a line of the census is written.

use crate::days::Day;

/// A child and everything the council knows of it.
#[derive(Debug, Clone)]
pub(crate) struct Life {
    /// Born, or expected.
    pub(crate) born: Day,
    pub(crate) unborn: bool,
    pub(crate) died: Option<Day>,
    pub(crate) ethnicity: Option<&'static str>,
    pub(crate) disabilities: Vec<&'static str>,
    pub(crate) episodes: Vec<Episode>,
    /// Conferences held, with what is true of each.
    pub(crate) conferences: Vec<Conference>,
}

/// A referral and what followed from it.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    pub(crate) referral: Day,
    pub(crate) source: &'static str,
    pub(crate) need: &'static str,
    pub(crate) no_further_action: bool,
    pub(crate) closure: Option<(Day, &'static str)>,
    /// A conference named in the referral's own block: a child who moves in.
    pub(crate) own_conference: Option<Day>,
    pub(crate) assessments: Vec<Assessment>,
    pub(crate) cin_plans: Vec<(Day, Option<Day>)>,
    pub(crate) enquiries: Vec<Enquiry>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) pre_proceedings: Option<Day>,
}

/// An assessment; whether it was in time was decided first.
#[derive(Debug, Clone)]
pub(crate) struct Assessment {
    pub(crate) start: Day,
    /// The day and whether it is within 45 working days of the start.
    pub(crate) authorised: Option<(Day, bool)>,
    pub(crate) factors: Vec<&'static str>,
}

/// A section 47 enquiry.
#[derive(Debug, Clone)]
pub(crate) struct Enquiry {
    pub(crate) start: Day,
    pub(crate) target: Day,
    pub(crate) conference: Option<Day>,
    pub(crate) not_required: bool,
}

/// What is true of a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Conference {
    pub(crate) day: Day,
    pub(crate) led_by: LedBy,
}

/// What led to a conference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LedBy {
    /// An enquiry, within 15 working days of the latest that began on or before it.
    EnquiryInTime,
    /// An enquiry, later than that.
    EnquiryLate,
    /// An enquiry names it, and all of them began after it: the dates are inverted.
    EnquiryInverted,
    /// None: the child moved in.
    Nothing,
}

/// A child protection plan; whether it ran two years was decided first.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) start: Day,
    /// The day and whether it lies two years or more after the start.
    pub(crate) end: Option<(Day, bool)>,
    pub(crate) initial: &'static str,
    pub(crate) latest: &'static str,
    /// `None` where the field is left out.
    pub(crate) previous: Option<u32>,
    pub(crate) reviews: Vec<Day>,
}

impl Episode {
    /// A referral that nothing followed yet.
    pub(crate) fn new(referral: Day) -> Self {
        Self {
            referral,
            source: "1A",
            need: "N1",
            no_further_action: false,
            closure: None,
            own_conference: None,
            assessments: Vec::new(),
            cin_plans: Vec::new(),
            enquiries: Vec::new(),
            plans: Vec::new(),
            pre_proceedings: None,
        }
    }

    /// The last day on which something is known to have happened.
    pub(crate) fn last_event(&self) -> Day {
        let mut last = self.referral;
        for assessment in &self.assessments {
            last = last.max(assessment.authorised.map_or(assessment.start, |(day, _)| day));
        }
        for (start, end) in &self.cin_plans {
            last = last.max(end.unwrap_or(*start));
        }
        for enquiry in &self.enquiries {
            last = last.max(enquiry.conference.unwrap_or(enquiry.start)).max(enquiry.start);
        }
        for plan in &self.plans {
            last = last.max(plan.start).max(plan.end.map_or(plan.start, |(day, _)| day));
        }
        last
    }

    /// Whether something still runs, so that the case cannot be closed.
    pub(crate) fn is_running(&self) -> bool {
        self.plans.iter().any(|plan| plan.end.is_none())
            || self.cin_plans.iter().any(|(_, end)| end.is_none())
            || self.assessments.iter().any(|assessment| assessment.authorised.is_none())
    }
}

impl Life {
    /// A child of whom only the birthday is known.
    pub(crate) fn new(born: Day) -> Self {
        Self {
            born,
            unborn: false,
            died: None,
            ethnicity: Some("WBRI"),
            disabilities: Vec::new(),
            episodes: Vec::new(),
            conferences: Vec::new(),
        }
    }
}

impl Plan {
    /// Whether the plan is open on a day: begun on or before it and not ended on or before it.
    pub(crate) fn is_open(&self, day: Day) -> bool {
        self.start <= day && self.end.is_none_or(|(end, _)| end > day)
    }
}
