//! What a calculation counts, as a whole sentence.

use super::clause::joined;
use super::noun::describe_stretch;
use super::scope::{Scope, spaced};
use super::vocabulary::Vocabulary;
use crate::definition::indicator::{
    Ladder, Measure, NumeratorUnknown, SpanUnit, Stretch, Total, TwoTotals, When,
};
use crate::definition::predicate::Expr;

/// What an indicator counts, rung by rung, as one sentence with its full stop.
///
/// Rungs that the ladder does not have are not mentioned. The vocabulary is seen from the ladder's table and
/// knows its clocks.
///
/// # Example
/// ```
/// use staysafe::definition::indicator::Calculation;
/// use staysafe::definition::read::read;
/// use staysafe::describe::{Vocabulary, describe_counted};
/// let file = r#"
/// id       = "cs-07"
/// title    = "Children with a second plan"
/// kind     = "proportion"
/// polarity = "lower"
/// cycle    = "quarter"
/// [calculation]
/// from      = "plan"
/// when      = { date = "plan_start" }
/// numerator = "previous_plans >= 1"
/// "#;
/// let (framework, _) = read([("indicators/cs-07.toml", file)]);
/// let indicator = &framework.indicators["cs-07"];
/// let Some(Calculation::Ladder(ladder)) = &indicator.calculation else { panic!("not a ladder") };
/// let words = Vocabulary::of(&framework).seen_from("plan").with_clocks(indicator.clocks.clone());
/// assert_eq!(
///     describe_counted(ladder, &words),
///     "Counts records for which plan start lies in the period; the numerator is those of them where \
///      previous plans is at least 1; where that is not known, the record stays in the denominator and is not \
///      in the numerator."
/// );
/// ```
pub fn describe_counted(ladder: &Ladder, vocabulary: &Vocabulary) -> String {
    let window = ladder.window.as_ref().map(|window| window.value);
    let records = records(&ladder.when, window, vocabulary);
    let counts = match &ladder.counted {
        None => format!("Counts {records}"),
        Some(fields) => format!("Counts {}, for {records}", once(&fields.value, vocabulary)),
    };
    let rung = |before: &str, expr: &Option<Expr>| {
        expr.as_ref().map(|expr| format!("{before} where {}", relative(expr, vocabulary)))
    };
    let value = |before: &str, expr: &Option<Expr>| {
        expr.as_ref().map(|expr| format!("{before} {}", Scope::root(vocabulary).noun(expr).text))
    };
    let where_unknown = match ladder.numerator_unknown.as_ref().map(|rule| rule.value) {
        Some(NumeratorUnknown::LeftOut) => "the record is left out of both",
        Some(NumeratorUnknown::NotCounted) | None => {
            "the record stays in the denominator and is not in the numerator"
        }
    };
    let history = ladder.history.as_ref().map(|history| describe_stretch(history.value));
    let lag = ladder.lag.as_ref().map(|lag| describe_stretch(lag.value));
    sentence([
        Some(counts),
        rung("only those", &ladder.population),
        rung("leaving out those", &ladder.exclude),
        rung("in neither, because they cannot be judged, are those", &ladder.unknown),
        rung("in neither, because an earlier return would have to tell, are those", &ladder.history_missing),
        rung("the denominator is those", &ladder.denominator),
        rung("the numerator is those of them", &ladder.numerator),
        ladder.numerator.as_ref().map(|_| format!("where that is not known, {where_unknown}")),
        value("the value of each is", &ladder.value),
        value("each goes by", &ladder.category),
        value("each weighs", &ladder.weight),
        value("those alike in one thing count together in the interval, by", &ladder.cluster),
        value("drawn within", &ladder.stratum),
        history.map(|history| format!("the answer looks back {history} before each")),
        lag.map(|lag| format!("figures come with a lag of {lag}")),
        rung("it applies only to areas", &ladder.applies_when),
    ])
}

/// What an indicator of two totals divides, as one sentence with its full stop.
///
/// The vocabulary may be seen from any table: each total is described from its own.
pub fn describe_totals(totals: &TwoTotals, vocabulary: &Vocabulary) -> String {
    let numerator = total(&totals.numerator, vocabulary);
    let denominator = total(&totals.denominator, vocabulary);
    let multiplier = totals.multiplier.as_ref().map(|multiplier| multiplier.value).filter(|by| *by != 1);
    let applies_when = totals.applies_when.as_ref().map(|expr| relative(expr, vocabulary));
    sentence([
        Some(format!("Divides {numerator}, by {denominator}")),
        multiplier.map(|multiplier| format!("times {multiplier}")),
        applies_when.map(|condition| format!("it applies only to areas where {condition}")),
    ])
}

/// Which records a date rule takes: "section 47 enquiries for which the initial conference lies in the period".
pub fn describe_when(when: &When, vocabulary: &Vocabulary) -> String {
    records(when, None, vocabulary)
}

fn records(when: &When, window: Option<Stretch>, vocabulary: &Vocabulary) -> String {
    let scope = Scope::root(vocabulary);
    let table = vocabulary.tables.get(&vocabulary.table);
    let rows = table.and_then(|table| table.rows.clone()).unwrap_or_else(|| "records".to_owned());
    match when {
        When::Date(field) => {
            let words = scope.field_words(None, &field.value);
            let span = match window {
                Some(Stretch { length: 1, unit: SpanUnit::Years }) => {
                    "in the year to the last day of the period".to_owned()
                }
                Some(window) => format!("in the {} to the last day of the period", describe_stretch(window)),
                None => "in the period".to_owned(),
            };
            format!("{rows} for which {words} lies {span}")
        }
        When::Open(start, end) => {
            let (start, end) = (scope.field_words(None, &start.value), scope.field_words(None, &end.value));
            format!(
                "{rows} that are open on the last day of the period, which means that {start} is on or before that \
                 day and {end} is either not recorded or after it"
            )
        }
    }
}

fn total(total: &Total, vocabulary: &Vocabulary) -> String {
    let vocabulary = vocabulary.clone().seen_from(&total.from.value);
    let records = records(&total.when, None, &vocabulary);
    let records = match &total.filter {
        Some(filter) => format!("{records}, and only where {}", relative(filter, &vocabulary)),
        None => records,
    };
    let records = match &total.history_missing {
        Some(missing) => format!(
            "{records}, leaving out those of which only an earlier return could tell: where {}",
            relative(missing, &vocabulary)
        ),
        None => records,
    };
    match &total.measure.value {
        Measure::Count => format!("the number of {records}"),
        Measure::CountDistinct(fields) => {
            format!("the number of {}, for {records}", distinct(fields, &vocabulary))
        }
        Measure::Sum(field) => {
            format!("the total of {} over {records}", Scope::root(&vocabulary).field_words(None, field))
        }
    }
}

/// "each child once", "the distinct pairs of child and the initial conference".
fn once(fields: &[String], vocabulary: &Vocabulary) -> String {
    let scope = Scope::root(vocabulary);
    match fields {
        [one] if scope.field(None, one).is_some_and(|field| field.identifier) => {
            format!("each {} once", spaced(one))
        }
        fields => format!("the {}", distinct(fields, vocabulary)),
    }
}

/// "distinct pairs of child and the initial conference".
fn distinct(fields: &[String], vocabulary: &Vocabulary) -> String {
    let scope = Scope::root(vocabulary);
    let words: Vec<String> = fields
        .iter()
        .map(|name| match scope.field(None, name) {
            Some(field) if field.identifier => spaced(name),
            _ => scope.field_words(None, name),
        })
        .collect();
    let what = match words.len() {
        1 => "values",
        2 => "pairs",
        _ => "combinations",
    };
    format!("distinct {what} of {}", joined(&words, "and"))
}

/// The parts that there are, with a full stop.
fn sentence<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ") + "."
}

/// A condition after "where".
fn relative(expr: &Expr, vocabulary: &Vocabulary) -> String {
    Scope::root(vocabulary).clause(expr, false, true).text()
}
