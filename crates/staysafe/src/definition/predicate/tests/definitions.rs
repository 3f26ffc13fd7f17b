//! The hard definitions of the framework, as their authors would write them.

use super::good;

/// Predicates of `cs-04`, `cs-08`, `cs-09`, `cs-23`, `cs-25`, `jd-02`, `jd-17`, `jd-25`, `jd-29`, `nsdu-05`
/// and `rev-06`, with the steps of the derived tables that they rest on, and two shapes that others need.
const HARD: &[(&str, &str)] = &[
    (
        "cs-04 denominator: looked after on the last day",
        "decom <= period_last_day AND (dec IS NULL OR dec > period_last_day)
         AND legal_status NOT IN ('V3', 'V4') AND age_at(dob, period_last_day) < 18",
    ),
    (
        "cs-04 numerator: three placements in the year",
        "count(placements AS p WHERE p.start <= period_last_day
               AND (p.end IS NULL OR p.end > add_days(period_last_day, 1))) >= 3",
    ),
    (
        "placement, skip: temporary or missing",
        "place IN ('T0', 'T1', 'T2', 'T3', 'T4') OR place IN ('M1', 'M2', 'M3')",
    ),
    (
        "placement, joins_when: the same place goes on",
        "prev.rec = 'X1' AND prev.dec = decom AND
         (rne IN ('L', 'T', 'U') OR coalesce(prev.urn, prev.place_postcode) = coalesce(urn, place_postcode))",
    ),
    ("period of care, joins_when", "prev.rec = 'X1' AND prev.dec = decom"),
    (
        "cs-08 denominator: long enough for a first review",
        "CASE WHEN care_start < DATE '2011-04-01' THEN days(care_start, period_last_day) > 28
              ELSE working_days(care_start, period_last_day) > 20 END",
    ),
    (
        "cs-08 numerator: every review due was held in time",
        "all(due_reviews AS d WHERE d.due <= period_last_day HAVE d.status = 'held in time')",
    ),
    ("cs-08 unknown", "any(due_reviews AS d WHERE d.status = 'history missing')"),
    ("cs-09 denominator: three months on a plan", "add_months(plan_start, 3) <= period_last_day"),
    (
        "cs-09 numerator: first review",
        "min(r.review_date FROM reviews AS r WHERE r.review_date > this.plan_start) <= add_months(plan_start, 3)",
    ),
    (
        "cs-09 numerator: none overdue",
        "add_months(last(r.review_date FROM reviews AS r WHERE r.review_date <= period_last_day
                        BY r.review_date, r.plan), 6) >= period_last_day",
    ),
    (
        "cs-23 denominator: a review at four or over",
        "days(care_start, period_last_day) > 28 AND
         count(reviews AS r WHERE r.participation <> 'PN0' AND age_at(this.dob, r.review_date) >= 4) >= 1",
    ),
    (
        "cs-23 numerator: took part in every one",
        "all(reviews AS r WHERE r.participation <> 'PN0'
             HAVE r.participation IN ('PN1', 'PN2', 'PN3', 'PN5', 'PN6'))",
    ),
    (
        "cs-25 numerator: under 18 at conception",
        "age_at(mother_birth_date, conception_date) < 18 AND outcome IN ('maternity', 'legal abortion')",
    ),
    ("cs-25 denominator: girls of 15 to 17", "sex = 'F' AND age BETWEEN 15 AND 17"),
    ("jd-02 applies_when", "secure_establishment"),
    ("jd-02 population: at least one injury", "any(injured AS i WHERE i.injury_severity IS NOT NULL)"),
    (
        "jd-17: cases of a worker",
        "sum(CASE WHEN a.to_date IS NULL OR a.to_date > period_last_day THEN 1 ELSE 0 END FROM allocations AS a
             WHERE a.from_date <= period_last_day) / 1.0",
    ),
    ("jd-17: who holds cases", "role = 'social worker' AND case_holding AND fte > 0.0 AND NOT vacant"),
    (
        "jd-25: the family on the last day",
        "last(f.family FROM families AS f WHERE f.from_date <= period_last_day
              AND (f.to_date IS NULL OR f.to_date > period_last_day) BY f.from_date, f.family)",
    ),
    ("jd-29 numerator: a deadline, not a duration", "received <= add_working_days(conference_date, -2)"),
    ("nsdu-05 exclude", "$leave_out_emergency AND led_by_emergency_order"),
    ("nsdu-05 numerator", "core_assessment_status IN ('missing', 'incomplete')"),
    ("rev-06 denominator", "invited AND (had_active_involvement OR NOT $involved_only)"),
    ("rev-06 numerator", "attended OR $report_counts AND report_received IS NOT NULL"),
    (
        "siblings who became subject of a plan on one day",
        "count(DISTINCT s.child FROM family AS s WHERE s.plan_start = this.plan_start AND s.child <> this.child) >= 1",
    ),
    (
        "a question inside a question",
        "all(plans AS p WHERE p.plan_end IS NULL
             HAVE any(reviews AS r WHERE r.plan = p.plan AND r.review_date >= add_months(p.plan_start, 3)))",
    ),
];

#[test]
fn the_hard_definitions_are_read() {
    for (name, text) in HARD {
        let printed = good(text).to_string();
        assert_eq!(good(&printed).to_string(), printed, "{name}");
    }
}
