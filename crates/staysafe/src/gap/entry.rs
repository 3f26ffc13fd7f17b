//! The gap of each entry.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::arrived::{Arrived, ArrivedFrom};
use super::asked::{Asked, Side};
use super::blanks::Blanks;
use super::judge::{Fact, Judge};
use super::sides::more_by;
use super::whys::Whys;
use super::{
    Ask, Circumstances, Ended, Gap, Headline, Need, Obstacle, Promise, Proxy, Status, Supply, SupplySaid, Why,
};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Indicator, Kind, RelationKind};
use crate::definition::predicate::{Expr, ExprKind, Operator};
use crate::period::Period;
use crate::value::{Datum, Value};

/// What every entry is compared with.
pub(super) struct Of<'a> {
    pub(super) framework: &'a Framework,
    pub(super) arrived: &'a Arrived,
    pub(super) circumstances: &'a Circumstances,
    /// The authorities of which something is asked.
    pub(super) areas: Vec<String>,
    pub(super) said: Vec<SupplySaid>,
    /// What an indicator asks, period by period.
    pub(super) asks: &'a dyn Fn(&str, &Need) -> Vec<Asked>,
    /// What arrived from an authority of which nothing did.
    pub(super) nothing: ArrivedFrom,
}

/// The gap of every entry, in order of id.
pub(super) fn entries(of: &Of<'_>, needs: &BTreeMap<String, Need>) -> BTreeMap<String, Gap> {
    let mut gaps: BTreeMap<String, Gap> = BTreeMap::new();
    for (id, indicator) in &of.framework.indicators {
        if let Some(need) = needs.get(id) {
            gaps.insert(id.clone(), entry(of, indicator, need));
        }
    }
    for (id, indicator) in of.framework.indicators.iter().filter(|(_, i)| i.kind.value == Kind::Group) {
        let status = of_members(of.framework, id, &gaps);
        if let (Some(supply), Some(gap)) = (status.supply(), gaps.get_mut(id)) {
            gap.status = status;
            gap.supply = supply;
            gap.obstacle = stated_obstacle(indicator).filter(|_| supply != Supply::Available);
            gap.headline = headline(gap);
        }
    }
    add_proxies(of.framework, &mut gaps);
    gaps
}

fn entry(of: &Of<'_>, indicator: &Indicator, need: &Need) -> Gap {
    let framework = of.framework;
    let Rolled { status, mut reasons, missing } =
        rolled(of, indicator, need, (of.asks)(&indicator.id.value, need), &of.areas);
    let late = stale(of, need);
    let status = if late.is_empty() { status } else { status.and(Status::STALE) };
    reasons.extend(late);
    if indicator.kind.value != Kind::Group {
        if !has_calculation(framework, indicator) {
            reasons.push(Why::NoCalculation);
        }
        reasons.extend(need.not_supported.iter().map(|step| Why::Unsupported { step: step.clone() }));
    }
    let ended = indicator.discontinued.as_ref().map(|ended| Ended {
        collection: ended.collection.value.clone(),
        last_period: ended.last_period.as_ref().map(|period| period.value.clone()),
        successor: ended.successor.as_ref().map(|successor| successor.value.clone()),
        still_collected: still_collected(indicator, &of.circumstances.periods),
    });
    let supply = status.supply().unwrap_or(Supply::None);
    let ask = ask(of, indicator, &missing);
    let obstacle = obstacle(indicator, &ask, supply);
    let mut gap = Gap {
        indicator: indicator.id.value.clone(),
        listed: framework.is_listed(indicator),
        headline: Headline::Gap,
        applicable: of.areas.is_empty()
            || of.areas.iter().any(|area| applies(framework, indicator, Some(area))),
        in_scope: indicator.out_of_scope.is_none(),
        out_of_scope: indicator.out_of_scope.as_ref().map(|reason| out_of_scope(&reason.value)),
        status,
        supply,
        reasons,
        proxy: None,
        planned: promised(&missing, of.circumstances),
        superseded: superseded(framework, indicator),
        discontinued: ended,
        obstacle,
        ask,
    };
    gap.headline = headline(&gap);
    gap
}

/// Whether all of the periods lie in the time in which a collection that has ended was made.
pub(super) fn still_collected(indicator: &Indicator, periods: &[Period]) -> bool {
    let last = indicator.discontinued.as_ref().and_then(|ended| ended.last_period.as_ref());
    let last = last.and_then(|last| last.value.parse::<Period>().ok());
    let inside = |last: Period| periods.iter().all(|period| period.last_day() <= last.last_day());
    !periods.is_empty() && last.is_some_and(inside)
}

/// Written as `out: the reason`; the reason is what is shown.
fn out_of_scope(written: &str) -> String {
    written.strip_prefix("out:").unwrap_or(written).trim().to_owned()
}

/// The first state that holds, in the order of design section 6.
pub(super) fn headline(gap: &Gap) -> Headline {
    Headline::first(|headline| match headline {
        Headline::NotApplicable => !gap.applicable,
        Headline::OutOfScope => !gap.in_scope,
        Headline::Superseded => gap.superseded.is_some(),
        Headline::Discontinued => gap.discontinued.as_ref().is_some_and(|ended| !ended.still_collected),
        Headline::Available => gap.supply == Supply::Available,
        Headline::Partial => gap.supply == Supply::Partial,
        Headline::Proxy => gap.proxy.is_some(),
        Headline::Planned => gap.planned.is_some(),
        Headline::Gap => true,
    })
}

/// What is missing: fields by dataset; all of them where the dataset itself is.
pub(super) type MissingFields = BTreeMap<String, BTreeSet<String>>;

/// What all of an indicator's cells say together.
#[derive(Debug, Default)]
pub(super) struct Rolled {
    pub(super) status: Status,
    pub(super) reasons: Vec<Why>,
    pub(super) missing: MissingFields,
}

pub(super) fn rolled(
    of: &Of<'_>,
    indicator: &Indicator,
    need: &Need,
    asks: Vec<Asked>,
    areas: &[String],
) -> Rolled {
    if indicator.kind.value == Kind::Group {
        return Rolled::default();
    }
    let (mut whys, mut status) = (Whys::default(), Status::NOTHING_ASKED);
    let not_defined = Status::SOME_MISSING.and(Status::NOT_DEFINED);
    if need.fields.is_empty() {
        status = status.and(not_defined);
        whys.add(Why::NeedNotStated);
    }
    let blanks = Blanks::of(of.framework, indicator);
    let areas = areas.iter().filter(|area| applies(of.framework, indicator, Some(area)));
    let areas: Vec<&String> = areas.collect();
    for asked in asks {
        let parts = match asked {
            Asked::NotDue => {
                status = status.and(Status::NOT_DUE);
                continue;
            }
            Asked::Outside(why) => {
                status = status.and(not_defined);
                whys.add(why);
                continue;
            }
            Asked::Parts(parts) => parts,
        };
        for part in parts {
            let judge = Judge::new(of.framework, &blanks, of.arrived, part, of.circumstances.as_of);
            for area in &areas {
                let from = of.arrived.areas.get(*area).unwrap_or(&of.nothing);
                let mut say = |fact: Fact<'_>| whys.add(fact.why(&judge.part.dataset));
                status = status.and(judge.of_all((area, from), &mut say));
            }
        }
    }
    let reasons = whys.all();
    let mut missing = MissingFields::new();
    for why in reasons.iter().filter(|why| !why.is_warning()) {
        match why {
            Why::FieldNotCarried { dataset, field } | Why::FieldEmpty { dataset, field } => {
                missing.entry(dataset.clone()).or_default().insert(field.clone());
            }
            why => {
                if let Some((dataset, fields)) = why.dataset().and_then(|id| need.fields.get_key_value(id)) {
                    missing.entry(dataset.clone()).or_default().extend(fields.iter().cloned());
                }
            }
        }
    }
    Rolled { status, reasons, missing }
}

/// What the suppliers' own rhythm says should be there by now.
fn stale(of: &Of<'_>, need: &Need) -> BTreeSet<Why> {
    let mut late = BTreeSet::new();
    for dataset in need.fields.keys() {
        let deliveries =
            of.areas.iter().filter_map(|area| of.arrived.areas.get(area)?.deliveries.get(dataset));
        for all in deliveries {
            let ends: Option<Vec<NaiveDate>> = all
                .iter()
                .filter(|delivery| !delivery.cover.is_year_unknown())
                .map(|delivery| Side::Any.of(&delivery.cover).map(|days| days.last))
                .collect();
            let Some(last) = ends.and_then(|ends| ends.into_iter().max()) else { continue };
            let due = more_by(&of.said, dataset, last);
            if let Some(due) = due.filter(|due| *due < of.circumstances.as_of) {
                late.insert(Why::Stale { dataset: dataset.clone(), last, due });
            }
        }
    }
    late
}

pub(super) fn calculation<'a>(framework: &'a Framework, indicator: &'a Indicator) -> Option<&'a Calculation> {
    indicator.calculation.as_ref().or_else(|| {
        let other = framework.indicators.get(&indicator.same_calculation_as.as_ref()?.value)?;
        other.calculation.as_ref()
    })
}

pub(super) fn has_calculation(framework: &Framework, indicator: &Indicator) -> bool {
    let versioned =
        |indicator: &Indicator| indicator.versions.iter().any(|version| version.calculation.is_some());
    let other =
        indicator.same_calculation_as.as_ref().and_then(|other| framework.indicators.get(&other.value));
    calculation(framework, indicator).is_some() || versioned(indicator) || other.is_some_and(versioned)
}

/// The entry that replaces this one, whichever of the two says so. A proposal changes nothing.
pub(super) fn superseded(framework: &Framework, indicator: &Indicator) -> Option<String> {
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

pub(super) fn ask(of: &Of<'_>, indicator: &Indicator, missing: &MissingFields) -> Vec<Ask> {
    let asked = |(dataset, fields): (&String, &BTreeSet<String>)| {
        let holder = holder(of.framework, indicator, dataset)?;
        let known = of.framework.agencies.get(holder);
        let (obstacle, run_out, agreement) = obstacle_of(of, indicator, dataset);
        Some(Ask {
            holder: holder.to_owned(),
            name: known.map_or(holder, |agency| &agency.name.value).to_owned(),
            dataset: dataset.clone(),
            fields: fields.iter().cloned().collect(),
            obstacle,
            run_out,
            agreement,
        })
    };
    missing.iter().filter_map(asked).collect()
}

/// Who is asked for a dataset: who the definition says, or else who the dataset says, or else who holds the indicator.
pub(super) fn holder<'a>(
    framework: &'a Framework,
    indicator: &'a Indicator,
    dataset: &str,
) -> Option<&'a str> {
    let stated = indicator.needs.iter().find(|need| need.dataset.value == dataset);
    let holder = stated
        .and_then(|need| need.holder.as_ref())
        .or_else(|| framework.datasets.get(dataset).map(|known| &known.holder))
        .or_else(|| indicator.holders.first())?;
    Some(&holder.value)
}

/// What stands in the way of one dataset, whether an agreement has run out, and which.
///
/// A supply that is declared and still holds, or a return that came without one of its modules, is *held, not yet
/// supplied*, whatever was true in 2010. Where the declared supply has run out an agreement is needed; otherwise what
/// the 2010 review of sources said, or else an agreement with the holder.
fn obstacle_of(of: &Of<'_>, indicator: &Indicator, dataset: &str) -> (Obstacle, bool, Option<String>) {
    let said = || of.said.iter().filter(|said| said.dataset == dataset);
    let runs = |said: &&SupplySaid| of.circumstances.holds(said);
    if said().any(|said| runs(&said)) || of.arrived.has(dataset) || of.kind_came(dataset) {
        return (Obstacle::HeldNotYetSupplied, false, None);
    }
    if let Some(over) = said().find(|said| !runs(said)) {
        return (Obstacle::NeedsAnAgreement, true, over.agreement.clone());
    }
    (stated_obstacle(indicator).unwrap_or(Obstacle::NeedsAnAgreement), false, None)
}

impl Of<'_> {
    /// Whether a return came that should carry the dataset, with or without it.
    fn kind_came(&self, dataset: &str) -> bool {
        let kind = self.framework.datasets.get(dataset).map(|known| known.carried_by.value.as_str());
        let mut returns = self.arrived.areas.values().flat_map(|from| &from.returns);
        returns.any(|came| Some(came.kind.as_str()) == kind)
    }
}

/// What stands in the way of an entry: the four call for different actions.
pub(super) fn obstacle(indicator: &Indicator, ask: &[Ask], supply: Supply) -> Option<Obstacle> {
    if indicator.discontinued.is_some() {
        return Some(Obstacle::NoLongerCollected);
    }
    if supply == Supply::Available {
        return None;
    }
    let (Some(first), stated) = (ask.first(), stated_obstacle(indicator)) else {
        let unheld = stated_obstacle(indicator)
            .or_else(|| indicator.holders.is_empty().then_some(Obstacle::NotRecordedAnywhere));
        return Some(unheld.unwrap_or(Obstacle::NeedsAnAgreement));
    };
    let all_held = ask.iter().all(|ask| ask.obstacle == Obstacle::HeldNotYetSupplied);
    let run_out = ask.iter().any(|ask| ask.run_out);
    Some(match stated {
        _ if all_held => Obstacle::HeldNotYetSupplied,
        _ if run_out => Obstacle::NeedsAnAgreement,
        Some(stated) => stated,
        None => {
            let open = ask.iter().find(|ask| ask.obstacle != Obstacle::HeldNotYetSupplied);
            open.unwrap_or(first).obstacle
        }
    })
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

fn of_members(framework: &Framework, group: &str, gaps: &BTreeMap<String, Gap>) -> Status {
    let member = |indicator: &&Indicator| indicator.parent.as_ref().is_some_and(|of| of.value == group);
    let members = framework.indicators.values().filter(member);
    let statuses = members.filter_map(|indicator| gaps.get(&indicator.id.value)).map(|gap| gap.status);
    statuses.fold(Status::NOTHING_ASKED, Status::and)
}

/// A declared substitute with everything it needs stands beside an entry that has nothing.
fn add_proxies(framework: &Framework, gaps: &mut BTreeMap<String, Gap>) {
    let ready: BTreeSet<String> = gaps
        .values()
        .filter(|gap| gap.supply == Supply::Available && gap.is_calculable())
        .map(|gap| gap.indicator.clone())
        .collect();
    for gap in gaps.values_mut().filter(|gap| gap.supply == Supply::None) {
        let Some(indicator) = framework.indicators.get(&gap.indicator) else { continue };
        gap.proxy = substitutes(indicator).find(|proxy| ready.contains(&proxy.indicator));
        gap.headline = headline(gap);
    }
}

/// The substitutes that a definition declares, in its order: similar entries of which it says what is lost.
pub(super) fn substitutes(indicator: &Indicator) -> impl Iterator<Item = Proxy> + '_ {
    let similar =
        indicator.relations.iter().filter(|relation| relation.kind.value == RelationKind::SimilarTo);
    similar.filter_map(|relation| {
        let loses = relation.loses.as_ref()?.value.clone();
        Some(Proxy { indicator: relation.target.value.clone(), loses })
    })
}

/// Whether the indicator can occur in the area. What the area's facts do not say is taken to apply.
pub(super) fn applies(framework: &Framework, indicator: &Indicator, area: Option<&str>) -> bool {
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
