//! Every form of the language in English.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::NaiveDate;

use super::*;
use crate::definition::framework::DatedLimit;
use crate::definition::indicator::{
    Clock, Ladder, Limit, Measure, NumeratorUnknown, SpanUnit, Stretch, Total, TwoTotals, When,
};
use crate::definition::predicate::{Placement, parse};
use crate::diagnostic::{Span, Spanned};
use crate::value::{Datum, Type, Value};

fn at<T>(value: T) -> Spanned<T> {
    Spanned { value, span: Span { file: "f".into(), start: 0, end: 0 } }
}

fn table(rows: &str, fields: &[(&str, Type, &str)], links: &[(&str, &str, &str)]) -> TableWords {
    let field =
        |words: &str, ty| FieldWords { words: Some(words.to_owned()), ty: Some(ty), ..FieldWords::default() };
    TableWords {
        rows: Some(rows.to_owned()),
        fields: fields.iter().map(|(name, ty, words)| ((*name).to_owned(), field(words, *ty))).collect(),
        links: links
            .iter()
            .map(|(name, to, words)| {
                ((*name).to_owned(), LinkWords { to: (*to).to_owned(), words: Some((*words).to_owned()) })
            })
            .collect(),
    }
}

fn plans() -> Vocabulary {
    let mut plan = table(
        "child protection plans",
        &[
            ("child", Type::Text, "the child's number"),
            ("plan_start", Type::Date, "the start of the plan"),
            ("plan_end", Type::Date, "the end of the plan"),
            ("latest_category", Type::Text, "the latest category of abuse"),
            ("previous_plans", Type::Int, "how many plans the child had before"),
            ("birth_date", Type::Date, "the child's date of birth"),
            ("not_required", Type::Bool, "whether a conference was found not to be needed"),
            ("closed", Type::Bool, "the mark of closure"),
            ("cost", Type::Decimal, "the cost"),
            ("s47_start", Type::Date, "the start of the section 47 enquiry"),
            ("icpc_date", Type::Date, "the initial conference"),
        ],
        &[
            ("reviews", "review", "the plan's review conferences"),
            ("plans", "plan", "the child's protection plans"),
            ("children", "child", "the child itself"),
            ("due", "review", "the reviews due of the plan"),
        ],
    );
    let category = plan.fields.get_mut("latest_category").unwrap();
    category.codes = [
        ("NEG", "neglect"),
        ("PHY", "physical abuse"),
        ("EMO", "emotional abuse"),
        ("MUL", "two or more, or another"),
    ]
    .map(|(a, b)| (a.to_owned(), b.to_owned()))
    .into();
    plan.fields.get_mut("child").unwrap().identifier = true;
    let review = table(
        "review conferences",
        &[
            ("review_date", Type::Date, "the date of the review"),
            ("minutes", Type::Int, "the length of the review in minutes"),
            ("held", Type::Bool, "whether the review was held"),
        ],
        &[],
    );
    let child = table("children", &[("death_date", Type::Date, "the date of death")], &[]);
    let limits = [None, NaiveDate::from_ymd_opt(2010, 4, 1)].map(|from| {
        let length = if from.is_some() { 10 } else { 7 };
        (from.map(at), at(Stretch { length, unit: SpanUnit::WorkingDays }))
    });
    let limit = DatedLimit { name: at("ia".to_owned()), steps: limits.to_vec(), sources: Vec::new() };
    let clock = |limit| Clock {
        place: at(()),
        start: at("s47_start".to_owned()),
        stop: at("icpc_date".to_owned()),
        limit: at(limit),
        limit_at: None,
        open: None,
    };
    Vocabulary {
        tables: [("plan".to_owned(), plan), ("review".to_owned(), review), ("child".to_owned(), child)]
            .into(),
        clocks: [
            ("icpc".to_owned(), clock(Limit::Literal(Stretch { length: 15, unit: SpanUnit::WorkingDays }))),
            ("ia".to_owned(), clock(Limit::Dated("ia".to_owned()))),
        ]
        .into(),
        limits: [("ia".to_owned(), limit)].into(),
        table: "plan".to_owned(),
        parameters: [
            ("notice".to_owned(), Datum::Known(Value::Int(-2))),
            ("ahead".to_owned(), Datum::Known(Value::Int(2))),
            ("linked".to_owned(), Datum::Known(Value::Bool(false))),
            ("from".to_owned(), Datum::Known(Value::Date(NaiveDate::from_ymd_opt(2010, 4, 1).unwrap()))),
        ]
        .into(),
    }
}

fn english(text: &str) -> String {
    let expr =
        parse(text, &Placement::plain("f", 0, text)).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    describe(&expr, &plans())
}

/// Predicates with their English.
const EXAMPLES: &[(&str, &str)] = &[
    ("latest_category = 'NEG'", "the latest category of abuse is neglect"),
    ("latest_category <> 'ZZZ'", "the latest category of abuse is not ‘ZZZ’"),
    ("latest_category IN ('NEG')", "the latest category of abuse is neglect"),
    ("latest_category IN ('NEG', 'PHY')", "the latest category of abuse is either neglect or physical abuse"),
    (
        "latest_category IN ('NEG', 'PHY', 'EMO')",
        "the latest category of abuse is one of neglect, physical abuse and emotional abuse",
    ),
    (
        "latest_category NOT IN ('NEG', 'PHY')",
        "the latest category of abuse is neither neglect nor physical abuse",
    ),
    (
        "latest_category NOT IN ('NEG', 'PHY', 'EMO')",
        "the latest category of abuse is none of neglect, physical abuse and emotional abuse",
    ),
    (
        "NOT latest_category IN ('NEG', 'PHY')",
        "the latest category of abuse is neither neglect nor physical abuse",
    ),
    ("plan_end IS NULL", "the end of the plan is not recorded"),
    ("NOT plan_end IS NULL", "the end of the plan is recorded"),
    (
        "plan_end IS NULL OR plan_end > period_last_day",
        "the end of the plan is either not recorded or after the last day of the period",
    ),
    (
        "plan_start >= DATE '2010-04-01' AND plan_start <= period_last_day",
        "the start of the plan is on or after 1 April 2010 and on or before the last day of the period",
    ),
    (
        "plan_start BETWEEN period_first_day AND period_last_day",
        "the start of the plan lies between the first day of the period and the last day of the period, both included",
    ),
    (
        "plan_start NOT BETWEEN $from AND window_first_day",
        "the start of the plan does not lie between 1 April 2010 and the first day of the window, both included",
    ),
    ("previous_plans >= 1", "the number of plans the child had before is at least 1"),
    ("cost * 2 - 1.50 < 100", "the result of the cost times 2 minus 1.5 is less than 100"),
    ("-cost = 3", "minus the cost is 3"),
    (
        "icpc_date = s47_start",
        "the initial conference is the same day as the start of the section 47 enquiry",
    ),
    ("not_required", "a conference was found not to be needed"),
    (
        "not_required = FALSE AND closed",
        "it is not so that a conference was found not to be needed, and the mark of closure is yes",
    ),
    (
        "NOT (closed AND previous_plans > 2)",
        "either the mark of closure is no or the number of plans the child had before is at most 2",
    ),
    (
        "NOT (closed OR previous_plans > 2)",
        "the mark of closure is no and the number of plans the child had before is at most 2",
    ),
    (
        "closed AND (previous_plans = 0 OR plan_end IS NULL)",
        "the mark of closure is yes, and either the number of plans the child had before is 0 or the end of the plan is not recorded",
    ),
    (
        "closed AND previous_plans = 0 OR plan_end IS NULL",
        "either both the mark of closure is yes and the number of plans the child had before is 0, or the end of the plan is not recorded",
    ),
    (
        "closed AND previous_plans = 0 AND plan_end IS NULL",
        "the mark of closure is yes, the number of plans the child had before is 0 and the end of the plan is not recorded",
    ),
    (
        "closed OR previous_plans = 0 OR plan_end IS NULL",
        "the mark of closure is yes, the number of plans the child had before is 0 or the end of the plan is not recorded",
    ),
    (
        "$linked AND closed",
        "the parameter linked is yes, which it now is not, and the mark of closure is yes",
    ),
    (
        "working_days(s47_start, icpc_date) <= 15",
        "the number of working days from the start of the section 47 enquiry to the initial conference is at most 15",
    ),
    (
        "days(plan_start, plan_end) > 28",
        "the number of days from the start of the plan to the end of the plan is more than 28",
    ),
    (
        "months_between(plan_start, plan_end) IS NULL",
        "the number of whole months from the start of the plan to the end of the plan is not known",
    ),
    (
        "years_between(birth_date, plan_start)",
        "the number of whole years from the child's date of birth to the start of the plan",
    ),
    (
        "icpc_date <= add_days(s47_start, 1)",
        "the initial conference is no later than 1 day after the start of the section 47 enquiry",
    ),
    (
        "icpc_date <= add_working_days(s47_start, -2)",
        "the initial conference is no later than 2 working days before the start of the section 47 enquiry",
    ),
    (
        "icpc_date <= add_working_days(s47_start, $notice)",
        "the initial conference is no later than 2 working days before the start of the section 47 enquiry",
    ),
    (
        "add_months(plan_start, 24) <= plan_end",
        "24 months after the start of the plan is on or before the end of the plan",
    ),
    (
        "add_months(plan_start, previous_plans) <= plan_end",
        "as many months after the start of the plan as the number of plans the child had before is on or before the end of the plan",
    ),
    (
        "age_at(birth_date, period_last_day) < 18",
        "the age on the last day of the period counted from the child's date of birth is less than 18",
    ),
    (
        "coalesce(plan_end, icpc_date, period_last_day) > plan_start",
        "the first known of the end of the plan, the initial conference and the last day of the period is after the start of the plan",
    ),
    (
        "within(icpc)",
        "the initial conference is within 15 working days of the start of the section 47 enquiry",
    ),
    (
        "NOT within(ia)",
        "the initial conference is not within 7 working days, or 10 working days from 1 April 2010, of the start of the section 47 enquiry",
    ),
    (
        "icpc_date <= due_date(s47_start, 'ia')",
        "the initial conference is on or before the last of the 7 working days, or 10 working days from 1 April 2010, after the start of the section 47 enquiry",
    ),
    ("within(unheard_of)", "the clock unheard_of is met"),
    (
        "CASE WHEN previous_plans = 0 THEN 'first' WHEN previous_plans = 1 THEN 'second' ELSE 'later' END",
        "a value that is ‘first’ if the number of plans the child had before is 0, ‘second’ if the number of plans the child had before is 1, and otherwise ‘later’",
    ),
    (
        "CASE WHEN closed THEN plan_end > plan_start ELSE FALSE END",
        "if the mark of closure is yes, then the end of the plan is after the start of the plan, and otherwise never",
    ),
    ("count(reviews) = 0", "there is none among the plan's review conferences"),
    (
        "count(reviews AS r WHERE r.review_date > this.plan_start) >= 3",
        "there are at least 3 among the plan's review conferences for which the date of the review is after the start of the plan",
    ),
    (
        "count(reviews) > previous_plans",
        "the number of the plan's review conferences is more than the number of plans the child had before",
    ),
    (
        "count(DISTINCT r.review_date FROM reviews AS r) >= 2",
        "there are at least 2 different values of the date of the review among the plan's review conferences",
    ),
    (
        "count(DISTINCT reviews.minutes)",
        "the number of different values of the length of the review in minutes among the plan's review conferences",
    ),
    ("any(reviews)", "there is at least one among the plan's review conferences"),
    (
        "any(reviews AS r WHERE r.held AND r.review_date <= period_last_day)",
        "there is at least one among the plan's review conferences for which both the review was held and the date of the review is on or before the last day of the period",
    ),
    (
        "NOT any(reviews AS r WHERE r.held)",
        "there is none among the plan's review conferences for which the review was held",
    ),
    (
        "all(reviews AS r WHERE r.held HAVE r.review_date >= this.plan_start)",
        "for each of the plan's review conferences for which the review was held, it holds that the date of the review is on or after the start of the plan",
    ),
    (
        "NOT all(reviews HAVE reviews.held)",
        "it is not so that for each of the plan's review conferences, the review was held",
    ),
    (
        "first(reviews.review_date BY reviews.review_date) <= add_months(plan_start, 3)",
        "the earliest date of the review among the plan's review conferences is no later than 3 months after the start of the plan",
    ),
    (
        "first(r.minutes FROM reviews AS r WHERE r.held BY r.review_date) > 60",
        "the first length of the review in minutes in order of the date of the review among the plan's review conferences for which the review was held, is more than 60",
    ),
    (
        "last(r.review_date FROM reviews AS r WHERE r.held BY r.review_date) IS NULL",
        "the latest date of the review among the plan's review conferences for which the review was held, is not known",
    ),
    (
        "min(reviews.minutes) < 10",
        "the least length of the review in minutes among the plan's review conferences is less than 10",
    ),
    (
        "max(reviews.review_date) < period_first_day",
        "the latest date of the review among the plan's review conferences is before the first day of the period",
    ),
    (
        "sum(reviews.minutes) / count(reviews)",
        "the total of the length of the review in minutes over the plan's review conferences divided by the number of the plan's review conferences",
    ),
    (
        "any(plans AS p WHERE p.plan_start < this.plan_start AND p.child <> this.child)",
        "there is at least one among the child's protection plans for which both the start of the plan is before the start of the plan of this record and the child's number is not the same as the child's number of this record",
    ),
    (
        "any(children AS c WHERE c.death_date IS NOT NULL)",
        "for the child itself, the date of death is recorded",
    ),
    ("NOT any(children)", "there is no record of the child itself"),
    ("min(children.death_date) IS NULL", "the date of death of the child itself is not known"),
    (
        "all(plans AS p WHERE p.plan_end IS NULL HAVE any(reviews AS r WHERE r.review_date >= p.plan_start))",
        "for each of the child's protection plans for which the end of the plan is not recorded, it holds that there is at least one among the plan's review conferences for which the date of the review is on or after the start of the plan",
    ),
    (
        "prev.plan_end = plan_start",
        "the end of the plan of the row before is the same day as the start of the plan",
    ),
    ("unheard_of = 'x' AND unheard_of IS NOT NULL", "unheard of is ‘x’ and recorded"),
    (
        "latest_category IN ('NEG', 'MUL')",
        "the latest category of abuse is either ‘neglect’ or ‘two or more, or another’",
    ),
    (
        "icpc_date > add_working_days(s47_start, -$ahead)",
        "the initial conference is later than 2 working days before the start of the section 47 enquiry",
    ),
    (
        "any(due AS d WHERE d.held)",
        "there is at least one among the reviews due of the plan for which the review was held",
    ),
];

fn parsed(text: &str) -> Expr {
    parse(text, &Placement::plain("f", 0, text)).unwrap()
}

fn ladder() -> Ladder {
    Ladder {
        place: at(()),
        from: at("plan".to_owned()),
        when: When::Date(at("icpc_date".to_owned())),
        counted: Some(at(vec!["child".to_owned(), "icpc_date".to_owned()])),
        population: Some(parsed("s47_start IS NOT NULL")),
        exclude: Some(parsed("closed OR latest_category = 'NEG'")),
        denominator: Some(parsed("previous_plans = 0")),
        numerator: Some(parsed("within(icpc)")),
        unknown: Some(parsed("s47_start > icpc_date")),
        history_missing: None,
        numerator_unknown: Some(at(NumeratorUnknown::LeftOut)),
        applies_when: Some(parsed("secure_establishment")),
        value: Some(parsed("days(s47_start, icpc_date)")),
        category: Some(parsed("latest_category")),
        weight: Some(parsed("cost")),
        cluster: None,
        stratum: None,
        window: Some(at(Stretch { length: 12, unit: SpanUnit::Months })),
        lag: Some(at(Stretch { length: 14, unit: SpanUnit::Months })),
        history: Some(at(Stretch { length: 1, unit: SpanUnit::Years })),
        multiplier: Some(at(100)),
    }
}

/// A ladder with no rung but its date rule.
fn bare(when: When) -> Ladder {
    Ladder {
        when,
        counted: None,
        population: None,
        exclude: None,
        denominator: None,
        numerator: None,
        unknown: None,
        history_missing: None,
        numerator_unknown: None,
        applies_when: None,
        value: None,
        category: None,
        weight: None,
        window: None,
        lag: None,
        history: None,
        ..ladder()
    }
}

#[test]
fn each_form_reads_as_english() {
    let wrong: Vec<String> = EXAMPLES
        .iter()
        .filter(|(text, expected)| english(text) != *expected)
        .map(|(text, expected)| format!("{text}\n  found    {}\n  expected {expected}", english(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_ladder_is_one_sentence() {
    assert_eq!(
        describe_counted(&ladder(), &plans()),
        "Counts the distinct pairs of child and the initial conference, for child protection plans \
         for which the initial conference lies in the 12 months to the last day of the period; \
         only those where the start of the section 47 enquiry is recorded; leaving out those where \
         either the mark of closure is yes or the latest category of abuse is neglect; in neither, \
         because they cannot be judged, are those where the start of the section 47 enquiry is \
         after the initial conference; the denominator is those where the number of plans the \
         child had before is 0; the numerator is those of them where the initial conference is \
         within 15 working days of the start of the section 47 enquiry; where that is not known, \
         the record is left out of both; the value of each is the number of days from the start of \
         the section 47 enquiry to the initial conference; each goes by the latest category of \
         abuse; each weighs the cost; the answer looks back 1 year before each; figures come with \
         a lag of 14 months; it applies only to areas where secure establishment is yes."
    );
}

#[test]
fn a_stock_says_what_open_means() {
    let open = When::Open(at("plan_start".to_owned()), at("plan_end".to_owned()));
    assert_eq!(
        describe_counted(&bare(open), &plans()),
        "Counts child protection plans that are open on the last day of the period, which means \
         that the start of the plan is on or before that day and the end of the plan is either not \
         recorded or after it."
    );
}

#[test]
fn a_date_rule_names_the_records() {
    let date = When::Date(at("icpc_date".to_owned()));
    assert_eq!(
        describe_when(&date, &plans()),
        "child protection plans for which the initial conference lies in the period"
    );
    assert_eq!(
        describe_when(&date, &Vocabulary::default()),
        "records for which icpc date lies in the period"
    );
}

#[test]
fn two_totals_are_described_each_from_its_own_table() {
    let total = |measure, filter| Total {
        place: at(()),
        from: at("plan".to_owned()),
        when: When::Date(at("plan_start".to_owned())),
        filter,
        history_missing: None,
        measure: at(measure),
    };
    let distinct = Measure::CountDistinct(vec!["child".to_owned()]);
    let totals = TwoTotals {
        place: at(()),
        numerator: total(distinct, Some(parsed("closed AND cost > 1"))),
        denominator: total(Measure::Sum("cost".to_owned()), None),
        multiplier: Some(at(100)),
        applies_when: None,
    };
    assert_eq!(
        describe_totals(&totals, &plans().seen_from("nowhere")),
        "Divides the number of distinct values of child, for child protection plans for which \
         the start of the plan lies in the period, and only where both the mark of closure is yes \
         and the cost is more than 1, by the total of the cost over child protection plans for \
         which the start of the plan lies in the period; times 100."
    );
}

#[test]
fn the_deepest_predicate_is_described() {
    for (open, close) in [
        ("any(reviews AS r WHERE ", ")"),
        ("NOT ", ""),
        ("CASE WHEN closed THEN ", " ELSE FALSE END"),
        ("closed = (", ")"),
        ("closed AND (previous_plans = 0 OR ", ")"),
    ] {
        // An operator and the bracket after it are two to the parser.
        let times = if open.starts_with("closed") { 30 } else { 90 };
        let text = format!("{}closed{}", open.repeat(times), close.repeat(times));
        assert!(english(&text).len() > 10, "{text}");
    }
}

/// The truth table that calculation is held to: what does not come to the same does not read the same.
#[test]
fn predicates_of_the_truth_table_read_apart() {
    let table = include_str!("../../../../docs/truth.tsv");
    let mut said = std::collections::BTreeMap::new();
    let mut read = 0;
    for (asked, comes_to) in table.lines().filter_map(|line| line.split_once('\t')) {
        if asked.contains(": ") {
            continue;
        }
        read += 1;
        let words = english(asked);
        let (first, before) = said.entry(words.clone()).or_insert((asked, comes_to));
        assert_eq!(*before, comes_to, "{first} and {asked} both read: {words}");
    }
    assert!(read > 250, "{read}");
}
