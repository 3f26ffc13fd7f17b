//! The figures that are true of a council, counted child by child from what was decided.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

use crate::World;
use crate::days::Day;
use crate::life::{Episode, LedBy, Life, Plan};
use crate::periods::{Stretch, periods};

/// True figures by name and period: `referrals`, `2025-26 Q1`.
///
/// Names and what they count:
///
/// | name | what |
/// |---|---|
/// | `referrals`, `no_further_action` | referrals; those with no further action |
/// | `re_referrals_12m` | referrals with an earlier one of the same child in the file, at most twelve months before |
/// | `closures`, `episodes_open`, `children_open` | cases closed; open on the last day; children with one |
/// | `section_47s`, `enquiries_without_conference` | enquiries begun; those that needed no conference |
/// | `conferences` | a child's conferences that an enquiry names |
/// | `conferences_after_s47`, `conferences_within_15` | those with an enquiry on or before them; within 15 working days of the latest |
/// | `conferences_without_s47` | conferences of children who moved in |
/// | `conferences_of_referrals` | conferences that the referral itself names |
/// | `assessments_authorised`, `assessments_within_45` | assessments; within 45 working days of their start |
/// | `assessments_domestic_abuse`, … | assessments that found it |
/// | `factor:2A`, … | assessments that found it, factor by factor |
/// | `referrals_from:1A`, …, `referrals_of_need:N1`, … | referrals by who referred, and by primary need |
/// | `referrals_assessed` | referrals with an assessment that was authorised by the end of the files |
/// | `children_open_disability_known`, `children_open_disabled` | of the children with an open case |
/// | `cin_plans_started`, `cin_plans_ended`, `cin_plans_open` | child in need plans; open on the last day |
/// | `plans_started`, `plans_second_or_subsequent`, `plans_started_children` | child protection plans begun |
/// | `plans_ended`, `plans_ended_two_years`, `plans_ended_children` | ended; after two years or more |
/// | `plans_open`, `children_with_plan_open` | open on the last day; children with one |
/// | `children_with_plan_open_bme`, `children_with_plan_open_ethnicity_known`, `children_with_plan_open_ethnicity_unknown` | of these, by ethnicity |
/// | `children_with_plan_open:NEG`, … | of these, by the latest category of the plan that began last |
/// | `reviews_held` | reviews |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truths {
    periods: Vec<Stretch>,
    figures: BTreeMap<Name, Vec<u64>>,
}

/// What a figure is called.
type Name = Cow<'static, str>;

impl Truths {
    pub(crate) fn new(world: &World) -> Self {
        Self::of_years(std::slice::from_ref(world))
    }

    /// Nothing counted yet, for the years of several censuses.
    pub(crate) fn of_years(worlds: &[World]) -> Self {
        let years = || worlds.iter().map(|world| world.year);
        let periods = periods(years().min().unwrap_or(0), years().max().unwrap_or(-1));
        Self { periods, figures: BTreeMap::new() }
    }

    /// The figure of a name and a period; 0 where nothing of the name happened.
    pub fn get(&self, name: &str, period: &str) -> u64 {
        let place = self.periods.iter().position(|known| known.label == period);
        place.and_then(|place| self.figures.get(name)?.get(place)).copied().unwrap_or(0)
    }

    /// The periods: each year, its quarters, and the rolling years that end with them.
    pub fn periods(&self) -> impl Iterator<Item = &str> {
        self.periods.iter().map(|period| period.label.as_str())
    }

    /// The names that were counted, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.figures.keys().map(AsRef::as_ref)
    }

    /// As JSON: name, then period, then figure; in order of name.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{\n");
        for (place, (name, figures)) in self.figures.iter().enumerate() {
            let comma = if place > 0 { ",\n" } else { "" };
            let _ = write!(json, "{comma}  \"{name}\": {{");
            for (place, (period, figure)) in self.periods.iter().zip(figures).enumerate() {
                let comma = if place > 0 { ", " } else { "" };
                let _ = write!(json, "{comma}\"{}\": {figure}", period.label);
            }
            json.push('}');
        }
        json.push_str("\n}\n");
        json
    }

    /// Counts a child.
    pub(crate) fn add(&mut self, life: &Life) {
        for place in 0..self.periods.len() {
            let Some(period) = self.periods.get(place).cloned() else { continue };
            for (name, count) in of_child(life, &period) {
                let figures = self.figures.entry(name).or_insert_with(|| vec![0; self.periods.len()]);
                if let Some(figure) = figures.get_mut(place) {
                    *figure += count;
                }
            }
        }
    }
}

/// What one child adds to the figures of a period.
fn of_child(life: &Life, period: &Stretch) -> Vec<(Name, u64)> {
    let inside = |day: &Day| period.holds(*day);
    let mut figures: Vec<(Name, u64)> = by_code(life, period);
    let mut count = |name: &'static str, number: usize| figures.push((Name::Borrowed(name), number as u64));

    let referrals: Vec<Day> = life.episodes.iter().map(|e| e.referral).collect();
    let again = |day: &Day| referrals.iter().any(|before| before < day && before.plus_months(12) >= *day);
    count("referrals", referrals.iter().filter(|day| inside(day)).count());
    count("re_referrals_12m", referrals.iter().filter(|day| inside(day) && again(day)).count());
    count(
        "no_further_action",
        life.episodes.iter().filter(|e| inside(&e.referral) && e.no_further_action).count(),
    );
    let closures = life.episodes.iter().filter_map(|e| e.closure).filter(|(day, _)| inside(day));
    count("closures", closures.count());
    let open = life
        .episodes
        .iter()
        .filter(|e| e.referral <= period.last && e.closure.is_none_or(|(day, _)| day > period.last))
        .count();
    count("episodes_open", open);
    count("children_open", open.min(1));

    let enquiries: Vec<_> =
        life.episodes.iter().flat_map(|e| &e.enquiries).filter(|e| inside(&e.start)).collect();
    count("section_47s", enquiries.len());
    count("enquiries_without_conference", enquiries.iter().filter(|e| e.not_required).count());
    for conference in life.conferences.iter().filter(|c| inside(&c.day)) {
        match conference.led_by {
            LedBy::EnquiryInTime => {
                count("conferences", 1);
                count("conferences_after_s47", 1);
                count("conferences_within_15", 1);
            }
            LedBy::EnquiryLate => {
                count("conferences", 1);
                count("conferences_after_s47", 1);
            }
            LedBy::EnquiryInverted => count("conferences", 1),
            LedBy::Nothing => count("conferences_without_s47", 1),
        }
    }
    let named = life.episodes.iter().filter_map(|e| e.own_conference);
    count("conferences_of_referrals", named.filter(inside).count());
    let assessed = life.episodes.iter().flat_map(|e| &e.assessments).filter_map(|a| a.authorised);
    let assessed: Vec<(Day, bool)> = assessed.filter(|(day, _)| inside(day)).collect();
    count("assessments_authorised", assessed.len());
    count("assessments_within_45", assessed.iter().filter(|(_, in_time)| *in_time).count());

    let assessments = life.episodes.iter().flat_map(|e| &e.assessments);
    let authorised: Vec<_> =
        assessments.filter(|a| a.authorised.is_some_and(|(day, _)| inside(&day))).collect();
    for (name, factors) in FACTORS {
        let finds = authorised.iter().filter(|a| a.factors.iter().any(|factor| factors.contains(factor)));
        count(name, finds.count());
    }
    let assessed = |e: &&Episode| e.assessments.iter().any(|a| a.authorised.is_some());
    count(
        "referrals_assessed",
        life.episodes.iter().filter(|e| inside(&e.referral)).filter(assessed).count(),
    );
    let (known, disabled) = (!life.disabilities.is_empty(), life.disabilities.iter().any(|d| *d != "NONE"));
    count("children_open_disability_known", if known { open.min(1) } else { 0 });
    count("children_open_disabled", if disabled { open.min(1) } else { 0 });

    let cin_plans: Vec<_> = life.episodes.iter().flat_map(|e| &e.cin_plans).collect();
    count("cin_plans_started", cin_plans.iter().filter(|(start, _)| inside(start)).count());
    count("cin_plans_ended", cin_plans.iter().filter(|(_, end)| end.as_ref().is_some_and(inside)).count());
    let cin_open = cin_plans.iter().filter(|(s, e)| *s <= period.last && e.is_none_or(|e| e > period.last));
    count("cin_plans_open", cin_open.count());

    let plans: Vec<&Plan> = life.episodes.iter().flat_map(|e| &e.plans).collect();
    let started: Vec<_> = plans.iter().filter(|plan| inside(&plan.start)).collect();
    count("plans_started", started.len());
    count("plans_started_children", started.len().min(1));
    count(
        "plans_second_or_subsequent",
        started.iter().filter(|p| p.previous.is_some_and(|n| n >= 1)).count(),
    );
    let ended: Vec<(Day, bool)> = plans.iter().filter_map(|p| p.end).filter(|(day, _)| inside(day)).collect();
    count("plans_ended", ended.len());
    count("plans_ended_children", ended.len().min(1));
    count("plans_ended_two_years", ended.iter().filter(|(_, two_years)| *two_years).count());
    count("reviews_held", plans.iter().flat_map(|p| &p.reviews).filter(|day| inside(day)).count());

    let open: Vec<_> = plans.iter().filter(|plan| plan.is_open(period.last)).collect();
    count("plans_open", open.len());
    if let Some(latest) = open.iter().max_by_key(|plan| plan.start) {
        count("children_with_plan_open", 1);
        count(by_category(latest.latest), 1);
        if !matches!(life.ethnicity, None | Some("REFU" | "NOBT")) {
            count("children_with_plan_open_ethnicity_known", 1);
        }
        match life.ethnicity {
            None | Some("REFU" | "NOBT") => count("children_with_plan_open_ethnicity_unknown", 1),
            Some("WBRI") => {}
            Some(_) => count("children_with_plan_open_bme", 1),
        }
    }
    figures
}

/// What is told apart by a code of the census.
fn by_code(life: &Life, period: &Stretch) -> Vec<(Name, u64)> {
    let referred = life.episodes.iter().filter(|episode| period.holds(episode.referral));
    let of_referrals = referred.flat_map(|episode| {
        [format!("referrals_from:{}", episode.source), format!("referrals_of_need:{}", episode.need)]
    });
    let assessments = life.episodes.iter().flat_map(|episode| &episode.assessments);
    let authorised = assessments.filter(|a| a.authorised.is_some_and(|(day, _)| period.holds(day)));
    let factors = authorised.flat_map(|a| &a.factors).map(|factor| format!("factor:{factor}"));
    of_referrals.chain(factors).map(|name| (Name::Owned(name), 1)).collect()
}

/// Factors found by assessments, as the context list puts them together.
const FACTORS: [(&str, &[&str]); 4] = [
    ("assessments_domestic_abuse", &["3A", "3B", "3C"]),
    ("assessments_exploitation", &["11A", "12A", "13A", "24A"]),
    ("assessments_parental_mental_health", &["4B"]),
    ("assessments_substances", &["1B", "2B"]),
];

fn by_category(category: &str) -> &'static str {
    match category {
        "NEG" => "children_with_plan_open:NEG",
        "PHY" => "children_with_plan_open:PHY",
        "SAB" => "children_with_plan_open:SAB",
        "EMO" => "children_with_plan_open:EMO",
        _ => "children_with_plan_open:MUL",
    }
}
