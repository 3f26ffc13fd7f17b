//! Which indicators of the list the truths of the census are.

use std::io::{self, Write};

use crate::Truths;

/// Indicator, category, and the truths that are its numerator and its denominator.
const PAIRS: &[(&str, &str, &str, Option<&str>)] = &[
    ("cs-06", "", "plans_ended_two_years", Some("plans_ended")),
    ("cs-07", "", "plans_second_or_subsequent", Some("plans_started")),
    ("cs-14", "", "conferences_within_15", Some("conferences_after_s47")),
    ("cs-15", "", "children_with_plan_open", None),
    ("cs-16", "", "children_with_plan_open_bme", None),
    ("ctx-assessment-45", "", "assessments_within_45", Some("assessments_authorised")),
    ("ctx-assessments-authorised", "", "assessments_authorised", None),
    ("ctx-cin-episodes-open", "", "episodes_open", None),
    ("ctx-cin-open", "", "children_open", None),
    ("ctx-cin-plans-ended", "", "cin_plans_ended", None),
    ("ctx-cin-plans-open", "", "cin_plans_open", None),
    ("ctx-cin-plans-started", "", "cin_plans_started", None),
    ("ctx-closures", "", "closures", None),
    ("ctx-conference-dates", "", "conferences_of_referrals", None),
    ("ctx-icpc", "", "conferences", None),
    ("ctx-icpc-without-s47", "", "conferences_without_s47", None),
    ("ctx-nfa", "", "no_further_action", Some("referrals")),
    ("ctx-plans-ended-children", "", "plans_ended_children", None),
    ("ctx-plans-open-episodes", "", "plans_open", None),
    ("ctx-plans-started-children", "", "plans_started_children", None),
    ("ctx-re-referrals-12m", "", "re_referrals_12m", Some("referrals")),
    ("ctx-referrals", "", "referrals", None),
    ("ctx-reviews-held", "", "reviews_held", None),
    ("ctx-s47", "", "section_47s", None),
    ("ctx-s47-no-conference", "", "enquiries_without_conference", Some("section_47s")),
    ("nsdu-02", "", "conferences_within_15", Some("conferences_after_s47")),
    ("rev-01", "", "children_with_plan_open", None),
    ("rev-02", "EMO", "children_with_plan_open:EMO", None),
    ("rev-02", "MUL", "children_with_plan_open:MUL", None),
    ("rev-02", "NEG", "children_with_plan_open:NEG", None),
    ("rev-02", "PHY", "children_with_plan_open:PHY", None),
    ("rev-02", "SAB", "children_with_plan_open:SAB", None),
    ("rev-04", "", "plans_started", None),
    ("rev-05", "", "plans_ended", None),
    ("cs-10", "", "assessments_authorised", Some("referrals")),
    ("cs-17", "", "children_with_plan_open_bme", Some("children_with_plan_open_ethnicity_known")),
    ("ctx-disability", "", "children_open_disabled", Some("children_open_disability_known")),
    ("ctx-factor-domestic-abuse", "", "assessments_domestic_abuse", Some("assessments_authorised")),
    ("ctx-factor-exploitation", "", "assessments_exploitation", Some("assessments_authorised")),
    (
        "ctx-factor-parental-mental-health",
        "",
        "assessments_parental_mental_health",
        Some("assessments_authorised"),
    ),
    ("ctx-factor-substances", "", "assessments_substances", Some("assessments_authorised")),
    ("ctx-referrals-assessed", "", "referrals_assessed", Some("referrals")),
];

/// Distributions, and how the truths of their categories begin.
const DISTRIBUTIONS: &[(&str, &str)] = &[
    ("ctx-factors", "factor:"),
    ("ctx-primary-need", "referrals_of_need:"),
    ("ctx-referral-source", "referrals_from:"),
];

/// Writes them as the truths of every other file are written.
pub(crate) fn write(truths: &Truths, area: &str, out: &mut impl Write) -> io::Result<()> {
    for (indicator, category, numerator, denominator) in PAIRS {
        for period in truths.periods() {
            let numerator = truths.get(numerator, period);
            let denominator =
                denominator.map(|name| truths.get(name, period).to_string()).unwrap_or_default();
            writeln!(out, "{indicator}\t{category}\t{area}\t{period}\t{numerator}\t{denominator}")?;
        }
    }
    for (indicator, begins) in DISTRIBUTIONS {
        for name in truths.names() {
            let Some(category) = name.strip_prefix(begins) else { continue };
            for period in truths.periods() {
                let numerator = truths.get(name, period);
                writeln!(out, "{indicator}\t{category}\t{area}\t{period}\t{numerator}\t")?;
            }
        }
    }
    Ok(())
}
