//! Small frameworks and returns for the tests of this module and of those that follow it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{History, Need};
use crate::definition::dataset::{AreaRule, Dataset, Dates, Field, Missing};
use crate::definition::framework::{Agency, Framework, List, Supplies};
use crate::definition::indicator::{
    Calculation, Cycle, Indicator, Kind, Ladder, Listing, Polarity, Relation, RelationKind, When, Words,
};
use crate::definition::predicate::{Expr, ExprKind};
use crate::diagnostic::{Sources, Span, Spanned};
use crate::period::{Period, Shown};
use crate::record::{Cover, FieldProfile, Module, Profile};
use crate::result::{
    Cell, Coverage, Flags, Interval, MadeOf, NoInterval, Observation, Outcome, Reason, Results, Statistic,
};
use crate::value::{Exact, Names, Type};

pub(crate) fn span() -> Span {
    Span { file: Arc::from("fixture.toml"), start: 0, end: 0 }
}

pub(crate) fn s<T>(value: T) -> Spanned<T> {
    Spanned { value, span: span() }
}

pub(crate) fn text(value: &str) -> Spanned<String> {
    s(value.to_owned())
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A framework with one listed list, `a`, one list of its own, `context`, and nothing else.
pub(crate) fn framework() -> Framework {
    let list =
        |id: &str, heading: &str, listed| List { id: text(id), heading: text(heading), listed, source: None };
    Framework {
        id: "fixture".into(),
        title: "A framework".into(),
        scope: "tests".into(),
        excluded: Vec::new(),
        identities: Vec::new(),
        quality: None,
        disclosure: None,
        parameters: BTreeMap::new(),
        limits: BTreeMap::new(),
        lists: vec![list("a", "List A", true), list("context", "Context", false)],
        sources: Vec::new(),
        agencies: BTreeMap::new(),
        areas: BTreeMap::new(),
        code_sets: BTreeMap::new(),
        aliases: BTreeMap::new(),
        datasets: BTreeMap::new(),
        derived: BTreeMap::new(),
        breakdowns: BTreeMap::new(),
        ways: Vec::new(),
        indicators: BTreeMap::new(),
        incomplete: std::collections::BTreeSet::new(),
        files: Sources::new(),
    }
}

/// An indicator of list `a` without a calculation, held by `council`.
pub(crate) fn indicator(id: &str, kind: Kind) -> Indicator {
    Indicator {
        id: text(id),
        title: s(format!("Title of {id}")),
        kind: s(kind),
        unit: None,
        polarity: s(Polarity::Neutral),
        cycle: s(Cycle::Quarter),
        between: None,
        listed: vec![Listing { list: text("a"), number: text("1"), heading: None }],
        parent: None,
        holders: vec![text("council")],
        sources: Vec::new(),
        disclosure: None,
        calculation: None,
        clocks: BTreeMap::new(),
        versions: Vec::new(),
        readings: Vec::new(),
        needs: Vec::new(),
        words: Words::default(),
        tests: Vec::new(),
        clock_tests: Vec::new(),
        equivalents: Vec::new(),
        relations: Vec::new(),
        provenance: None,
        quality: None,
        review: None,
        targets: Vec::new(),
        breakdowns: Vec::new(),
        required_breakdown: None,
        same_calculation_as: None,
        out_of_scope: None,
        discontinued: None,
        caveats: Vec::new(),
        printed: Vec::new(),
        national: Vec::new(),
        supply_2010: None,
    }
}

/// A ladder over events of a table, with a named yes/no field as each of its rungs.
pub(crate) fn ladder(
    from: &str,
    date: &str,
    denominator: Option<&str>,
    numerator: Option<&str>,
) -> Calculation {
    Calculation::Ladder(Box::new(Ladder {
        place: s(()),
        from: text(from),
        when: When::Date(text(date)),
        counted: None,
        population: None,
        exclude: None,
        denominator: denominator.map(name),
        numerator: numerator.map(name),
        unknown: None,
        history_missing: None,
        numerator_unknown: None,
        applies_when: None,
        value: None,
        category: None,
        weight: None,
        cluster: None,
        stratum: None,
        window: None,
        lag: None,
        history: None,
        multiplier: None,
    }))
}

pub(crate) fn name(field: &str) -> Expr {
    Expr { kind: ExprKind::Name { qualifier: None, name: text(field) }, span: span() }
}

pub(crate) fn relation(kind: RelationKind, target: &str) -> Relation {
    Relation { kind: s(kind), target: text(target), note: None, loses: None }
}

pub(crate) fn add(framework: &mut Framework, indicator: Indicator) {
    framework.indicators.insert(indicator.id.value.clone(), indicator);
}

/// A dataset of text fields, carried by a return and held by an agency.
pub(crate) fn dataset(id: &str, carried_by: &str, holder: &str, fields: &[&str]) -> Dataset {
    let field = |name: &&str| Field {
        name: text(name),
        ty: s(Type::Text),
        missing: Missing::Unknown,
        personal: false,
        codes: None,
        number_of: None,
        reason_of: None,
        words: None,
        note: None,
        example: None,
    };
    Dataset {
        id: text(id),
        title: text(id),
        carried_by: text(carried_by),
        holder: text(holder),
        area: s(AreaRule::Header),
        key: None,
        dates: Dates::default(),
        version: None,
        recognised_by: None,
        goes_with: None,
        of_the_year: false,
        whole_period: false,
        row: None,
        purpose: None,
        legal_basis: None,
        gives_back: None,
        fields: fields.iter().map(field).collect(),
        links: Vec::new(),
    }
}

pub(crate) fn agency(id: &str, supplies: &[(&str, Option<&str>)]) -> Agency {
    let supply = |(dataset, until): &(&str, Option<&str>)| Supplies {
        dataset: text(dataset),
        fields: Vec::new(),
        cadence: None,
        lag: None,
        first: None,
        quality: None,
        agreement: None,
        until: until.map(|until| s(day(until))),
        signed_by: None,
    };
    Agency { id: text(id), name: s(format!("The {id}")), supplies: supplies.iter().map(supply).collect() }
}

/// What an indicator needs: fields by dataset, and nothing else.
pub(crate) fn need(fields: &[(&str, &[&str])]) -> Need {
    let of = |(dataset, fields): &(&str, &[&str])| {
        ((*dataset).to_owned(), fields.iter().map(|field| (*field).to_owned()).collect())
    };
    Need {
        fields: fields.iter().map(of).collect(),
        links: BTreeSet::new(),
        history: History::default(),
        frequency: Cycle::Quarter,
        breakdowns: Vec::new(),
        populations: BTreeSet::new(),
        not_supported: Vec::new(),
    }
}

/// A return: modules with rows and, by field, rows with a value. `None` rows: not carried.
/// A dataset's id, its rows, and how many of them have each field.
type ModuleOf<'a> = (&'a str, Option<u64>, &'a [(&'a str, u64)]);

pub(crate) fn profile(kind: &str, modules: &[ModuleOf<'_>]) -> Profile {
    let module = |(dataset, rows, fields): &ModuleOf<'_>| Module {
        dataset: (*dataset).to_owned(),
        carried: rows.is_some(),
        rows: rows.unwrap_or(0),
        cover: Cover::UNLIMITED,
        fields: fields
            .iter()
            .map(|(field, known)| FieldProfile {
                field: Arc::from(*field),
                known: *known,
                missing: rows.unwrap_or(0).saturating_sub(*known),
                rejected: 0,
                suppressed: 0,
                days: None,
            })
            .collect(),
    };
    Profile {
        name: "cin.xml".into(),
        kind: kind.into(),
        area: "E06000001".into(),
        reference_date: Some(day("2018-03-31")),
        modules: modules.iter().map(module).collect(),
        rejected_records: 0,
        rejected_values: 0,
    }
}

/// A period by its label.
pub(crate) fn period(label: &str) -> Period {
    label.parse().unwrap()
}

/// A figure: a count, or a percentage of two counts.
pub(crate) fn figure(
    indicator: &str,
    period: Period,
    numerator: u64,
    denominator: Option<u64>,
) -> Observation {
    let value = match denominator {
        None => Some(Exact::from(numerator)),
        Some(below) => Exact::new(i128::from(numerator) * 100, i128::from(below)),
    };
    let outcome = value.map_or(Outcome::Absent(Reason::Undefined), |value| Outcome::Figure {
        value,
        numerator: Some(Exact::from(numerator)),
        denominator: denominator.map(Exact::from),
    });
    let statistic = if denominator.is_some() { Statistic::Percentage } else { Statistic::Count };
    observation(indicator, statistic, period, outcome)
}

pub(crate) fn observation(
    indicator: &str,
    statistic: Statistic,
    period: Period,
    outcome: Outcome,
) -> Observation {
    Observation {
        indicator: indicator.into(),
        statistic,
        category: None,
        area: "E06000001".into(),
        by: Names::new(),
        period,
        shown: Shown::default(),
        cell: Cell {
            outcome,
            interval: Interval::Without(NoInterval::NoFigure),
            coverage: Coverage { reported: 1, expected: 1, days: None },
            flags: Flags::new(),
            notes: BTreeMap::new(),
        },
    }
}

pub(crate) fn results(observations: Vec<Observation>) -> Results {
    let made_of = MadeOf {
        plan: "plan-hash".into(),
        definitions: BTreeMap::new(),
        data: "data-hash".into(),
        calendar: "2026-11".into(),
        parameters: BTreeMap::new(),
        readings: BTreeMap::new(),
        library: "0.1.0".into(),
        joined: Vec::new(),
        counts: crate::result::CountsUsed::default(),
    };
    Results { observations, by: Vec::new(), made_of }
}
