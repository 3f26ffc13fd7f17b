//! The hard definitions of the framework, as their authors would write them.

use super::good;

/// Predicates of `cs-04`, `cs-08`, `cs-09`, `cs-23`, `cs-25`, `jd-02`, `jd-17`, `jd-25`, `jd-29`, `nsdu-05`
/// and `rev-06`, with the steps of the derived tables that they rest on.
const HARD: &[(&str, &str)] = &[
    ("cs-04 population", "count(placements AS p WHERE p.start <= period_last_day AND (p.end IS NULL OR p.end > add_days(period_last_day, 1))) >= 1"),
    ("cs-04 numerator", "count(placements AS p WHERE p.start BETWEEN window_first_day AND period_last_day) >= 3"),
    ("placement skip", "legal_status IN ('V3', 'V4') OR place IN ('T0', 'T1', 'T2', 'T3', 'T4') OR place IN ('M1', 'M2', 'M3')"),
    ("placement joins_when", "prev.rec = 'X1' AND prev.dec = decom AND rne IN ('L', 'T', 'U') AND coalesce(prev.urn, prev.home_post) = coalesce(urn, home_post)"),
    ("period of care joins_when", "prev.rec = 'X1' AND prev.dec = decom"),
    ("cs-08 denominator", "days(care_start, period_last_day) > 28"),
    ("cs-08 numerator", "all(due_reviews AS d WHERE d.due <= period_last_day HAVE d.status = 'held in time')"),
    (
        "cs-09 denominator",
        "add_months(plan_start, 3) <= period_last_day
         AND NOT (plan_start < $cover_first_day AND NOT any(reviews AS r WHERE r.review_date < this.plan_start))",
    ),
    (
        "cs-09 numerator",
        "min(r.review_date FROM reviews AS r WHERE r.review_date > this.plan_start) <= add_months(plan_start, 3)
         AND all(reviews AS r WHERE r.review_date BETWEEN this.plan_start AND period_last_day
                 HAVE r.gap_in_months IS NULL OR r.gap_in_months <= 6)",
    ),
    (
        "cs-09 last review",
        "add_months(last(r.review_date FROM reviews AS r WHERE r.review_date <= period_last_day BY r.review_date, r.plan), 6) >= period_last_day",
    ),
    ("cs-23 denominator", "days(care_start, period_last_day) > 28 AND count(reviews AS r WHERE r.participation <> 'PN0' AND age_at(this.dob, r.review_date) >= 4) >= 1"),
    ("cs-23 numerator", "all(reviews AS r WHERE r.participation <> 'PN0' HAVE r.participation IN ('PN1', 'PN2', 'PN3', 'PN5', 'PN6'))"),
    ("cs-25 numerator", "count(DISTINCT i.incident FROM incidents AS i WHERE i.establishment_kind = 'secure' AND i.injury_severity >= $least_severity) > 0"),
    ("jd-02 applies_when", "secure_establishment"),
    ("jd-17 value", "working_days(referral_date, coalesce(first_seen_date, period_last_day))"),
    ("jd-17 category", "CASE WHEN working_days(a, b) IS NULL THEN 'unknown' WHEN working_days(a, b) <= 5 THEN 'up to 5' ELSE 'over 5' END"),
    ("jd-25 numerator", "years_between(birth_date, incident_date) < 18 AND NOT any(assessments AS a WHERE a.assessment_start <= add_working_days(this.incident_date, 10))"),
    ("jd-29 numerator", "received_date <= add_working_days(conference_date, -2)"),
    ("nsdu-05 numerator", "within(review) AND any(family_members AS f WHERE f.invited AND f.attended)"),
    ("rev-06 numerator", "attended OR $report_counts AND report_received IS NOT NULL"),
    ("rev-06 per conference", "sum(CASE WHEN r.attended THEN 1 ELSE 0 END FROM representatives AS r WHERE r.agency = 'police') * 100 / count(representatives WHERE representatives.invited) >= 75.5"),
    // Families: siblings who became subject of a plan on one day, looked at from one of them.
    ("siblings", "count(DISTINCT s.child FROM family AS s WHERE s.plan_start = this.plan_start AND s.child <> this.child) >= 1"),
    // A question inside a question.
    ("linked twice", "all(plans AS p WHERE p.plan_end IS NULL HAVE any(reviews AS r WHERE r.plan = p.plan AND r.review_date >= add_months(p.plan_start, 3)))"),
];

#[test]
fn the_hard_definitions_are_read() {
    for (name, text) in HARD {
        let printed = good(text).to_string();
        assert_eq!(good(&printed).to_string(), printed, "{name}");
    }
}
