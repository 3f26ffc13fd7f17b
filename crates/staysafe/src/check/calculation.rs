//! Calculations: the table, the dates, the rungs, and what each kind asks for.

use super::expression::{date_field, resolve, resolve_as};
use super::scope::{Frame, Scope, declared};
use super::tables;
use super::tree::{
    CheckedCalculation, CheckedLadder, CheckedMeasure, CheckedTable, CheckedTotal, CheckedTotals, FieldRef,
    Node,
};
use super::tree::{CheckedWhen, NodeKind};
use crate::definition::indicator::{
    Calculation, Indicator, Kind, Ladder, Measure, NumeratorUnknown, Total, TwoTotals, When,
};
use crate::definition::predicate::Expr;
use crate::diagnostic::{Code, Diagnostic, Span, Spanned};
use crate::value::{Type, Value};

/// Checks a calculation; `None` where a finding was reported or a step is not supported yet.
pub(super) fn check(
    scope: &mut Scope<'_, '_>,
    indicator: &Indicator,
    calculation: &Calculation,
) -> Option<CheckedCalculation> {
    match calculation {
        Calculation::Ladder(ladder) => {
            fits_kind(scope, indicator, ladder);
            if indicator.kind.value == Kind::SurveyProportion && ladder.counted.is_some() {
                scope.unsupported.insert("answers that are counted once in several rows".to_owned());
            }
            let checked = check_ladder(scope, ladder)?;
            Some(CheckedCalculation::Ladder(Box::new(checked)))
        }
        Calculation::TwoTotals(totals) => {
            if !matches!(indicator.kind.value, Kind::Ratio | Kind::RatioPct | Kind::FteRatio | Kind::Rate) {
                wrong_for_kind(
                    scope,
                    indicator,
                    &totals.place.span,
                    "two totals",
                    "give it one table with a numerator predicate, or make it a ratio",
                );
            }
            let checked = check_totals(scope, indicator, totals)?;
            Some(CheckedCalculation::TwoTotals(Box::new(checked)))
        }
    }
}

/// What each kind asks of a ladder, and what it has no use for.
fn fits_kind(scope: &mut Scope<'_, '_>, indicator: &Indicator, ladder: &Ladder) {
    let kind = indicator.kind.value;
    let place = &ladder.place.span;
    match kind {
        Kind::Ratio | Kind::RatioPct | Kind::FteRatio | Kind::Rate => wrong_for_kind(
            scope,
            indicator,
            place,
            "one table",
            "its numerator does not lie inside its denominator: give [calculation.numerator] and [calculation.denominator], each with from, when and measure",
        ),
        Kind::Group => wrong_for_kind(scope, indicator, place, "a calculation", "a group is its members"),
        _ => {}
    }
    let open = matches!(ladder.when, When::Open(..));
    if (kind == Kind::Count && open) || (kind == Kind::Stock && !open) {
        let help = if open {
            "a count is of events: when = { date = \"FIELD\" }; or make it a stock"
        } else {
            "a stock is what is open on a day: when = { open = [\"START\", \"END\"] }; or make it a count"
        };
        wrong_for_kind(
            scope,
            indicator,
            place,
            if open { "an open interval" } else { "an event date" },
            help,
        );
    }
    if matches!(kind, Kind::Score | Kind::Document | Kind::Narrative) {
        if open {
            let help = "the latest entry is picked by its day: when = { date = \"FIELD\" }";
            wrong_for_kind(scope, indicator, place, "an open interval", help);
        }
        if let Some(counted) = &ladder.counted {
            let help = "it is the latest entry of an area, and nothing is counted: leave out 'counted'";
            wrong_for_kind(scope, indicator, &counted.span, "'counted'", help);
        }
    }
    let rungs = matches!(kind, Kind::Proportion | Kind::SurveyProportion);
    for (key, given, wanted) in [
        ("numerator", ladder.numerator.as_ref(), rungs),
        (
            "value",
            ladder.value.as_ref(),
            matches!(kind, Kind::Mean | Kind::Median | Kind::Duration | Kind::Score),
        ),
        ("category", ladder.category.as_ref(), matches!(kind, Kind::Distribution | Kind::Narrative)),
        ("weight", ladder.weight.as_ref(), kind == Kind::SurveyProportion),
    ] {
        match given {
            // A document may say which of those that came are as they were asked for.
            Some(_) if key == "numerator" && kind == Kind::Document => {}
            Some(expr) if !wanted => wrong_for_kind(
                scope,
                indicator,
                &expr.span,
                &format!("'{key}'"),
                &format!("leave out '{key}', or choose a kind that uses it"),
            ),
            None if wanted => {
                wrong_for_kind(scope, indicator, place, &format!("no '{key}'"), &format!("say its '{key}'"));
            }
            _ => {}
        }
    }
    for (key, given) in [("cluster", &ladder.cluster), ("stratum", &ladder.stratum)] {
        if let Some(expr) = given.as_ref().filter(|_| kind != Kind::SurveyProportion) {
            let help = "leave it out: it says how the answers to a survey were drawn";
            wrong_for_kind(scope, indicator, &expr.span, &format!("'{key}'"), help);
        }
    }
    if let Some(denominator) = ladder.denominator.as_ref().filter(|_| !rungs) {
        wrong_for_kind(
            scope,
            indicator,
            &denominator.span,
            "'denominator'",
            "say which records count with 'population'",
        );
    }
}

fn wrong_for_kind(scope: &mut Scope<'_, '_>, indicator: &Indicator, place: &Span, what: &str, help: &str) {
    let kind = kind_word(indicator.kind.value);
    scope.report(
        Diagnostic::new(Code::WrongForKind, place.clone(), format!("a {kind} does not go with {what}"))
            .label(format!("{what} here"))
            .other(indicator.kind.span.clone(), format!("it is a {kind}"))
            .help(help),
    );
}

/// The kind as the format writes it.
pub(super) fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Count => "count",
        Kind::Stock => "stock",
        Kind::Proportion => "proportion",
        Kind::Ratio => "ratio",
        Kind::RatioPct => "ratio-pct",
        Kind::FteRatio => "fte-ratio",
        Kind::Rate => "rate",
        Kind::Mean => "mean",
        Kind::Median => "median",
        Kind::Duration => "duration",
        Kind::Distribution => "distribution",
        Kind::SurveyProportion => "survey-proportion",
        Kind::Score => "score",
        Kind::Document => "document",
        Kind::Narrative => "narrative",
        Kind::Group => "group",
    }
}

fn check_ladder(scope: &mut Scope<'_, '_>, ladder: &Ladder) -> Option<CheckedLadder> {
    let applies_when = applies(scope, ladder.applies_when.as_ref());
    let dataset = tables::resolve(scope, &ladder.from)?;
    scope.frames = vec![Frame { name: "this".to_owned(), dataset }];
    let when = check_when(scope, &ladder.when);
    let counted = ladder.counted.as_ref().map(|fields| distinct(scope, fields));
    let population = predicate(scope, ladder.population.as_ref());
    let exclude = predicate(scope, ladder.exclude.as_ref());
    let unknown = predicate(scope, ladder.unknown.as_ref());
    let history_missing = predicate(scope, ladder.history_missing.as_ref());
    let denominator = predicate(scope, ladder.denominator.as_ref());
    let numerator = predicate(scope, ladder.numerator.as_ref());
    let value = ladder.value.as_ref().map(|value| resolve_as(scope, value, Type::Decimal));
    let category = ladder.category.as_ref().map(|category| resolve(scope, category));
    let weight = ladder.weight.as_ref().map(|weight| resolve_as(scope, weight, Type::Decimal));
    let cluster = ladder.cluster.as_ref().map(|cluster| resolve(scope, cluster));
    let stratum = ladder.stratum.as_ref().map(|stratum| resolve(scope, stratum));
    if let crate::definition::dataset::AreaRule::Field(field) = &dataset.area.value {
        scope.need.entry(dataset.id.value.clone()).or_default().insert(field.clone());
    }
    scope.frames.clear();
    let table =
        CheckedTable { dataset: dataset.id.value.clone(), when: when?, area: dataset.area.value.clone() };
    let category = flip(category)?;
    let categories = category.as_ref().map(|node| codes(scope, dataset, node)).unwrap_or_default();
    Some(CheckedLadder {
        table,
        counted: flip(counted)?,
        population: population?,
        exclude: exclude?,
        unknown: unknown?,
        history_missing: history_missing?,
        denominator: denominator?,
        numerator: numerator?,
        numerator_unknown: ladder
            .numerator_unknown
            .as_ref()
            .map_or(NumeratorUnknown::NotCounted, |n| n.value),
        applies_when: applies_when?,
        value: flip(value)?,
        category,
        weight: flip(weight)?,
        cluster: flip(cluster)?,
        stratum: flip(stratum)?,
        categories,
        window: ladder.window.as_ref().map(|w| w.value),
        lag: ladder.lag.as_ref().map(|l| l.value),
        history: ladder.history.as_ref().map(|h| h.value),
        multiplier: ladder.multiplier.as_ref().map_or(100, |m| m.value),
    })
}

/// Every category there can be, in order: the codes of the field's code set, or the texts that a `CASE` names.
fn codes(
    scope: &Scope<'_, '_>,
    dataset: &crate::definition::dataset::Dataset,
    category: &Node,
) -> Vec<String> {
    match &category.kind {
        NodeKind::Field(field) => declared(dataset, field)
            .and_then(|field| field.codes.as_ref())
            .and_then(|set| scope.tables.codes(set))
            .map(|set| set.codes.iter().map(|code| code.code.value.clone()).collect())
            .unwrap_or_default(),
        NodeKind::Case(arms, otherwise) => named(arms, otherwise.as_deref()),
        _ => Vec::new(),
    }
}

/// The texts of a `CASE` that says nothing but texts, each once; none where an arm works its text out.
fn named(arms: &[(Node, Node)], otherwise: Option<&Node>) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for said in arms.iter().map(|(_, said)| said).chain(otherwise) {
        let NodeKind::Literal(Value::Text(text)) = &said.kind else { return Vec::new() };
        if !named.iter().any(|known| known.as_str() == &**text) {
            named.push(text.to_string());
        }
    }
    named
}

fn check_totals(
    scope: &mut Scope<'_, '_>,
    indicator: &Indicator,
    totals: &TwoTotals,
) -> Option<CheckedTotals> {
    let applies_when = applies(scope, totals.applies_when.as_ref());
    let numerator = check_total(scope, &totals.numerator);
    let denominator = check_total(scope, &totals.denominator);
    let multiplier = match (&totals.multiplier, indicator.kind.value) {
        (Some(multiplier), _) => multiplier.value,
        (None, Kind::Rate) => {
            let help = "say per how many: multiplier = 10000";
            wrong_for_kind(scope, indicator, &totals.place.span, "no 'multiplier'", help);
            return None;
        }
        (None, Kind::Ratio) => 1,
        (None, _) => 100,
    };
    Some(CheckedTotals {
        numerator: numerator?,
        denominator: denominator?,
        multiplier,
        applies_when: applies_when?,
    })
}

fn check_total(scope: &mut Scope<'_, '_>, total: &Total) -> Option<CheckedTotal> {
    let dataset = tables::resolve(scope, &total.from)?;
    scope.frames = vec![Frame { name: "this".to_owned(), dataset }];
    let when = check_when(scope, &total.when);
    let filter = predicate(scope, total.filter.as_ref());
    let history_missing = predicate(scope, total.history_missing.as_ref());
    let measure = match &total.measure.value {
        Measure::Count => Some(CheckedMeasure::Count),
        Measure::CountDistinct(fields) => {
            let fields = Spanned { value: fields.clone(), span: total.measure.span.clone() };
            distinct(scope, &fields).map(CheckedMeasure::CountDistinct)
        }
        Measure::Sum(field) => sum(scope, field, &total.measure.span).map(CheckedMeasure::Sum),
    };
    scope.frames.clear();
    let table =
        CheckedTable { dataset: dataset.id.value.clone(), when: when?, area: dataset.area.value.clone() };
    Some(CheckedTotal { table, filter: filter?, history_missing: history_missing?, measure: measure? })
}

fn sum(scope: &mut Scope<'_, '_>, field: &str, span: &Span) -> Option<FieldRef> {
    let named = Spanned { value: field.to_owned(), span: span.clone() };
    let reference = scope.own_field(&named)?;
    let ty = declared(scope.frames.first()?.dataset, &reference)?.ty.value;
    if matches!(ty, Type::Int | Type::Decimal) {
        return Some(reference);
    }
    scope.report(
        Diagnostic::new(
            Code::TypeMismatch,
            span.clone(),
            format!("sum() adds numbers, and '{field}' is a {ty}"),
        )
        .label(format!("this is a {ty}")),
    );
    None
}

pub(super) fn check_when(scope: &mut Scope<'_, '_>, when: &When) -> Option<CheckedWhen> {
    match when {
        When::Date(date) => date_field(scope, date).map(CheckedWhen::Date),
        When::Open(start, end) => {
            let (start, end) = (date_field(scope, start), date_field(scope, end));
            Some(CheckedWhen::Open(start?, end?))
        }
    }
}

fn distinct(scope: &mut Scope<'_, '_>, fields: &Spanned<Vec<String>>) -> Option<Vec<FieldRef>> {
    let found: Vec<Option<FieldRef>> = fields
        .value
        .iter()
        .map(|field| scope.own_field(&Spanned { value: field.clone(), span: fields.span.clone() }))
        .collect();
    found.into_iter().collect()
}

/// `Some(None)` where there is no predicate, `None` where it is wrong.
#[allow(clippy::option_option, reason = "absent and wrong are told apart")]
fn predicate(scope: &mut Scope<'_, '_>, expr: Option<&Expr>) -> Option<Option<Node>> {
    flip(expr.map(|expr| resolve_as(scope, expr, Type::Bool)))
}

/// A condition on the area: it knows facts, and no records.
#[allow(clippy::option_option, reason = "absent and wrong are told apart")]
fn applies(scope: &mut Scope<'_, '_>, expr: Option<&Expr>) -> Option<Option<Node>> {
    let facts = scope.framework.areas.values().flat_map(|area| area.facts.keys().cloned()).collect();
    scope.facts = Some(facts);
    let checked = predicate(scope, expr);
    scope.facts = None;
    checked
}

/// Nothing stays nothing; a fault becomes a fault of the whole.
#[allow(clippy::option_option, reason = "absent and wrong are told apart")]
fn flip<T>(checked: Option<Option<T>>) -> Option<Option<T>> {
    match checked {
        None => Some(None),
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
    }
}
