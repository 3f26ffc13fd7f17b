//! The gap of each entry.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::arrived::Arrived;
use super::{Ask, Circumstances, Ended, Gap, Headline, Needed, Obstacle, Promise, Supply, Why};
use crate::definition::dataset::Missing;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Indicator, Kind, RelationKind, When};
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::value::{Datum, Value};

/// Where the framework sets no threshold: nine rows in ten.
const MINIMUM_COMPLETENESS: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// The gap of every entry, in order of id.
pub(super) fn entries(
    framework: &Framework,
    needed: &BTreeMap<String, Needed>,
    arrived: &Arrived,
    circumstances: &Circumstances,
) -> BTreeMap<String, Gap> {
    let none = Needed::default();
    let mut gaps: BTreeMap<String, Gap> = framework
        .indicators
        .iter()
        .map(|(id, indicator)| {
            let needed = needed.get(id).unwrap_or(&none);
            (id.clone(), entry(framework, indicator, needed, arrived, circumstances))
        })
        .collect();
    for (id, indicator) in framework.indicators.iter().filter(|(_, i)| i.kind.value == Kind::Group) {
        let supply = supply_of_members(framework, id, &gaps);
        if let (Some(supply), Some(gap)) = (supply, gaps.get_mut(id)) {
            gap.supply = supply;
            gap.reasons.clear();
            gap.ask.clear();
            gap.obstacle = stated_obstacle(indicator).filter(|_| supply != Supply::Available);
            gap.headline = headline(gap);
        }
    }
    add_proxies(framework, &mut gaps);
    gaps
}

fn entry(
    framework: &Framework,
    indicator: &Indicator,
    needed: &Needed,
    arrived: &Arrived,
    circumstances: &Circumstances,
) -> Gap {
    let (supply, mut reasons, missing) = supply(framework, indicator, needed, arrived);
    if indicator.kind.value != Kind::Group {
        if !has_calculation(framework, indicator) {
            reasons.push(Why::NoCalculation);
        }
        reasons.extend(needed.not_supported.iter().map(|step| Why::Unsupported { step: step.clone() }));
    }
    let ended = indicator.discontinued.as_ref().map(|ended| Ended {
        collection: ended.collection.value.clone(),
        last_period: ended.last_period.as_ref().map(|period| period.value.clone()),
        successor: ended.successor.as_ref().map(|successor| successor.value.clone()),
    });
    let ask = ask(framework, indicator, &missing);
    let obstacle = obstacle(framework, indicator, arrived, &ask, supply, circumstances.as_of);
    let mut gap = Gap {
        indicator: indicator.id.value.clone(),
        listed: is_listed(framework, indicator),
        headline: Headline::Gap,
        applicable: applies(framework, indicator, circumstances.area.as_deref()),
        in_scope: indicator.out_of_scope.is_none(),
        out_of_scope: indicator.out_of_scope.as_ref().map(|reason| out_of_scope(&reason.value)),
        supply,
        reasons,
        proxy: None,
        planned: promised(&missing, circumstances),
        superseded: superseded(framework, indicator),
        discontinued: ended,
        obstacle,
        ask,
    };
    gap.headline = headline(&gap);
    gap
}

/// Written as `out: the reason`; the reason is what is shown.
fn out_of_scope(written: &str) -> String {
    written.strip_prefix("out:").unwrap_or(written).trim().to_owned()
}

/// The first state that holds, in the order of design section 6.
fn headline(gap: &Gap) -> Headline {
    match gap {
        Gap { applicable: false, .. } => Headline::NotApplicable,
        Gap { in_scope: false, .. } => Headline::OutOfScope,
        Gap { superseded: Some(_), .. } => Headline::Superseded,
        Gap { discontinued: Some(_), .. } => Headline::Discontinued,
        Gap { supply: Supply::Available, .. } => Headline::Available,
        Gap { supply: Supply::Partial, .. } => Headline::Partial,
        Gap { proxy: Some(_), .. } => Headline::Proxy,
        Gap { planned: Some(_), .. } => Headline::Planned,
        _ => Headline::Gap,
    }
}

/// What is missing: fields by dataset; all of them where the dataset itself is.
type MissingFields = BTreeMap<String, BTreeSet<String>>;

fn supply(
    framework: &Framework,
    indicator: &Indicator,
    needed: &Needed,
    arrived: &Arrived,
) -> (Supply, Vec<Why>, MissingFields) {
    let (mut reasons, mut missing) = (Vec::new(), MissingFields::new());
    let (mut met, mut unmet) = (0_usize, 0_usize);
    for (dataset, fields) in &needed.datasets {
        let Some(table) = arrived.table(dataset) else {
            let carried_by = framework.datasets.get(dataset).map(|known| known.carried_by.value.as_str());
            let dataset = dataset.clone();
            missing.insert(dataset.clone(), fields.clone());
            unmet += 1;
            let came = carried_by.is_some_and(|kind| arrived.has_return(kind));
            reasons.push(if came {
                Why::DatasetNotCarried { dataset }
            } else {
                Why::DatasetNotArrived { dataset }
            });
            continue;
        };
        met += 1;
        for field in fields {
            let why = match table.known.get(field) {
                None => Why::FieldNotCarried { dataset: dataset.clone(), field: field.clone() },
                Some(_) if table.rows == 0 || blank_is_an_answer(framework, indicator, dataset, field) => {
                    continue;
                }
                Some(0) => Why::FieldEmpty { dataset: dataset.clone(), field: field.clone() },
                Some(known) if below_threshold(framework, indicator, *known, table.rows) => {
                    reasons.push(Why::FieldIncomplete {
                        dataset: dataset.clone(),
                        field: field.clone(),
                        known: *known,
                        rows: table.rows,
                    });
                    continue;
                }
                Some(_) => continue,
            };
            reasons.push(why);
            missing.entry(dataset.clone()).or_default().insert(field.clone());
        }
    }
    if needed.datasets.is_empty() && indicator.kind.value != Kind::Group {
        reasons.push(Why::NeedNotStated);
    }
    unmet += usize::from(missing.keys().any(|dataset| arrived.table(dataset).is_some()));
    let supply = match (met, unmet) {
        (0, _) => Supply::None,
        (_, 0) => Supply::Available,
        _ => Supply::Partial,
    };
    (supply, reasons, missing)
}

/// A blank end of an interval is an open case, and some fields say that a blank means no.
fn blank_is_an_answer(framework: &Framework, indicator: &Indicator, dataset: &str, field: &str) -> bool {
    let declared = framework
        .datasets
        .get(dataset)
        .and_then(|known| known.fields.iter().find(|known| known.name.value == field))
        .is_some_and(|known| known.missing == Missing::No);
    declared || ends_of_intervals(framework, indicator).contains(&(dataset, field))
}

fn ends_of_intervals<'a>(framework: &'a Framework, indicator: &'a Indicator) -> Vec<(&'a str, &'a str)> {
    let open = |from: &'a str, when: &'a When| match when {
        When::Open(_, end) => Some((from, end.value.as_str())),
        When::Date(_) => None,
    };
    match calculation(framework, indicator) {
        Some(Calculation::Ladder(ladder)) => open(&ladder.from.value, &ladder.when).into_iter().collect(),
        Some(Calculation::TwoTotals(totals)) => [&totals.numerator, &totals.denominator]
            .into_iter()
            .filter_map(|total| open(&total.from.value, &total.when))
            .collect(),
        None => Vec::new(),
    }
}

fn below_threshold(framework: &Framework, indicator: &Indicator, known: u64, rows: u64) -> bool {
    let quality = indicator.quality.as_ref().or(framework.quality.as_ref());
    let minimum = quality
        .and_then(|quality| quality.minimum_completeness.as_ref())
        .map_or(MINIMUM_COMPLETENESS, |minimum| minimum.value);
    minimum.checked_mul(Decimal::from(rows)).is_some_and(|least| Decimal::from(known) < least)
}

fn calculation<'a>(framework: &'a Framework, indicator: &'a Indicator) -> Option<&'a Calculation> {
    indicator.calculation.as_ref().or_else(|| {
        let other = framework.indicators.get(&indicator.same_calculation_as.as_ref()?.value)?;
        other.calculation.as_ref()
    })
}

fn has_calculation(framework: &Framework, indicator: &Indicator) -> bool {
    let versioned =
        |indicator: &Indicator| indicator.versions.iter().any(|version| version.calculation.is_some());
    let other =
        indicator.same_calculation_as.as_ref().and_then(|other| framework.indicators.get(&other.value));
    calculation(framework, indicator).is_some() || versioned(indicator) || other.is_some_and(versioned)
}

pub(super) fn is_listed(framework: &Framework, indicator: &Indicator) -> bool {
    let listed = |list: &str| framework.lists.iter().any(|known| known.id.value == list && known.listed);
    indicator.listed.iter().any(|listing| listed(&listing.list.value))
}

/// The entry that replaces this one, whichever of the two says so. A proposal changes nothing.
fn superseded(framework: &Framework, indicator: &Indicator) -> Option<String> {
    let own = indicator.relations.iter().find(|relation| relation.kind.value == RelationKind::ReplacedBy);
    own.map(|relation| relation.target.value.clone()).or_else(|| {
        let replaces = |other: &&Indicator| {
            other.relations.iter().any(|relation| {
                relation.kind.value == RelationKind::Replaces && relation.target.value == indicator.id.value
            })
        };
        framework.indicators.values().find(replaces).map(|other| other.id.value.clone())
    })
}

fn ask(framework: &Framework, indicator: &Indicator, missing: &MissingFields) -> Vec<Ask> {
    missing
        .iter()
        .filter_map(|(dataset, fields)| {
            let stated = indicator.needs.iter().find(|need| need.dataset.value == *dataset);
            let holder = stated
                .and_then(|need| need.holder.as_ref())
                .or_else(|| framework.datasets.get(dataset).map(|known| &known.holder))
                .or_else(|| indicator.holders.first())?;
            let name =
                framework.agencies.get(&holder.value).map_or(&holder.value, |agency| &agency.name.value);
            Some(Ask {
                holder: holder.value.clone(),
                name: name.clone(),
                dataset: dataset.clone(),
                fields: fields.iter().cloned().collect(),
            })
        })
        .collect()
}

/// What stands in the way: the four call for different actions.
///
/// A supply that is declared and still holds, or a return that came without one of its modules, is
/// *held, not yet supplied*, whatever was true in 2010. Otherwise what the 2010 review of sources said;
/// otherwise a known holder needs an agreement, and nobody else records it.
fn obstacle(
    framework: &Framework,
    indicator: &Indicator,
    arrived: &Arrived,
    ask: &[Ask],
    supply: Supply,
    as_of: NaiveDate,
) -> Option<Obstacle> {
    if indicator.discontinued.is_some() {
        return Some(Obstacle::NoLongerCollected);
    }
    if supply == Supply::Available {
        return None;
    }
    let held = |ask: &Ask| {
        arrived.table(&ask.dataset).is_some()
            || framework
                .datasets
                .get(&ask.dataset)
                .is_some_and(|known| arrived.has_return(&known.carried_by.value))
            || declared(framework, &ask.dataset).any(|until| until.is_none_or(|until| until >= as_of))
    };
    if !ask.is_empty() && ask.iter().all(held) {
        return Some(Obstacle::HeldNotYetSupplied);
    }
    let expired = ask.iter().any(|ask| !held(ask) && declared(framework, &ask.dataset).next().is_some());
    Some(match stated_obstacle(indicator) {
        _ if expired => Obstacle::NeedsAnAgreement,
        Some(stated) => stated,
        None if ask.is_empty() && indicator.holders.is_empty() => Obstacle::NotRecordedAnywhere,
        None => Obstacle::NeedsAnAgreement,
    })
}

/// Until when each agency says that it supplies the dataset.
fn declared<'a>(framework: &'a Framework, dataset: &'a str) -> impl Iterator<Item = Option<NaiveDate>> + 'a {
    framework
        .agencies
        .values()
        .flat_map(|agency| &agency.supplies)
        .filter(move |supplies| supplies.dataset.value == dataset)
        .map(|supplies| supplies.until.as_ref().map(|until| until.value))
}

fn stated_obstacle(indicator: &Indicator) -> Option<Obstacle> {
    indicator.supply_2010.as_ref()?.obstacle.as_ref().map(|obstacle| obstacle.value)
}

/// The last of the promised deliveries, where all that is missing is promised.
fn promised(missing: &MissingFields, circumstances: &Circumstances) -> Option<Promise> {
    let promises: Option<Vec<&Promise>> = missing
        .keys()
        .map(|dataset| circumstances.promised.iter().find(|promise| promise.dataset == *dataset))
        .collect();
    promises?.into_iter().max_by_key(|promise| promise.first_delivery).cloned()
}

fn supply_of_members(framework: &Framework, group: &str, gaps: &BTreeMap<String, Gap>) -> Option<Supply> {
    let member =
        |indicator: &&Indicator| indicator.parent.as_ref().is_some_and(|parent| parent.value == group);
    let supplies: BTreeSet<Supply> = framework
        .indicators
        .values()
        .filter(member)
        .filter_map(|indicator| gaps.get(&indicator.id.value))
        .map(|gap| gap.supply)
        .collect();
    match (supplies.len(), supplies.first()) {
        (0, _) => None,
        (1, first) => first.copied(),
        _ => Some(Supply::Partial),
    }
}

/// A similar entry with everything it needs stands beside one that has nothing.
fn add_proxies(framework: &Framework, gaps: &mut BTreeMap<String, Gap>) {
    let ready: BTreeSet<String> = gaps
        .values()
        .filter(|gap| gap.headline == Headline::Available && !gap.could_be_had())
        .map(|gap| gap.indicator.clone())
        .collect();
    for gap in gaps.values_mut().filter(|gap| gap.supply == Supply::None) {
        let Some(indicator) = framework.indicators.get(&gap.indicator) else { continue };
        gap.proxy = indicator
            .relations
            .iter()
            .filter(|relation| relation.kind.value == RelationKind::SimilarTo)
            .map(|relation| &relation.target.value)
            .find(|target| ready.contains(*target))
            .cloned();
        gap.headline = headline(gap);
    }
}

/// Whether the indicator can occur in the area. What the area's facts do not say is taken to apply.
fn applies(framework: &Framework, indicator: &Indicator, area: Option<&str>) -> bool {
    let condition = match calculation(framework, indicator) {
        Some(Calculation::Ladder(ladder)) => ladder.applies_when.as_ref(),
        Some(Calculation::TwoTotals(totals)) => totals.applies_when.as_ref(),
        None => None,
    };
    let facts = area.and_then(|area| framework.areas.get(area)).map(|area| &area.facts);
    let (Some(condition), Some(facts)) = (condition, facts) else { return true };
    let fact = |name: &str| match facts.get(name).map(|fact| &fact.value) {
        Some(Datum::Known(Value::Bool(known))) => Some(*known),
        _ => None,
    };
    holds(condition, &fact) != Some(false)
}

/// A condition on yes/no facts, in Kleene's logic: unknown where a fact is unknown or the form is another.
fn holds(condition: &Expr, fact: &impl Fn(&str) -> Option<bool>) -> Option<bool> {
    match &condition.kind {
        ExprKind::Name { name, .. } => fact(&name.value),
        ExprKind::Literal(Value::Bool(known)) => Some(*known),
        ExprKind::Not(inner) => holds(inner, fact).map(|known| !known),
        ExprKind::Binary { operator, left, right } => {
            let (left, right) = (holds(left, fact), holds(right, fact));
            let both = left.zip(right);
            match operator {
                Operator::And if left == Some(false) || right == Some(false) => Some(false),
                Operator::Or if left == Some(true) || right == Some(true) => Some(true),
                Operator::And => both.map(|(a, b)| a && b),
                Operator::Or => both.map(|(a, b)| a || b),
                Operator::Equal => both.map(|(a, b)| a == b),
                Operator::NotEqual => both.map(|(a, b)| a != b),
                _ => None,
            }
        }
        _ => None,
    }
}
