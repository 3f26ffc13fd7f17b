//! Breakdowns: expressions that sort the records of a table into categories.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::calculation::check_when;
use super::expression::resolve_as;
use super::scope::{Frame, Scope};
use super::tables::Tables;
use super::tree::{CheckedWhen, FieldRef, Function, Need, Node, NodeKind, PeriodDay};
use super::{Checked, derived, hash, tables};
use crate::definition::breakdown::{ALL, AsOf, Breakdown, SortRule, UNKNOWN_CATEGORY};
use crate::definition::framework::Framework;
use crate::definition::indicator::{Calculation, Clock, When};
use crate::definition::predicate::{Expr, ExprKind};
use crate::definition::schemas;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Span, Spanned, nearest};
use crate::value::{Type, Value};

/// A breakdown for one calculation, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedBreakdown {
    /// The categories in their order; `unknown` stands behind them.
    pub categories: Vec<String>,
    /// One for a calculation over one table; of two totals the numerator's and the denominator's.
    pub sorts: Vec<CheckedSort>,
    /// Fields by dataset that it reads.
    #[serde(skip)]
    pub reads: Need,
    /// The derived tables it rests on, each after those that it rests on itself.
    #[serde(skip)]
    pub rests_on: Vec<String>,
    /// Hash of what decides in which category a record stands.
    #[serde(skip)]
    pub hash: String,
}

/// How a record is sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckedSort {
    /// Into the one category that an expression comes to.
    Into(Node),
    /// Into each category whose predicate is true, in the order of the categories.
    Each(Vec<Node>),
}

impl CheckedSort {
    /// Its expressions.
    pub fn nodes(&self) -> &[Node] {
        match self {
            Self::Into(node) => std::slice::from_ref(node),
            Self::Each(nodes) => nodes,
        }
    }
}

impl Checked {
    /// A breakdown for a calculation.
    ///
    /// # Errors
    /// In words, why the calculation cannot be broken down so: which table would need what.
    pub fn breakdown(&self, name: &str, calculation: &Calculation) -> Result<CheckedBreakdown, String> {
        let framework = &self.framework;
        let Some(breakdown) = framework.breakdowns.get(name) else {
            return Err(format!("there is no breakdown '{name}'"));
        };
        let sides: Vec<(&Spanned<String>, &When)> = match calculation {
            Calculation::Ladder(ladder) => vec![(&ladder.from, &ladder.when)],
            Calculation::TwoTotals(totals) => {
                [&totals.numerator, &totals.denominator].map(|total| (&total.from, &total.when)).into()
            }
        };
        let schemas = schemas(framework);
        let tables = Tables::new(framework, &schemas);
        let mut need = Need::new();
        let mut sorts = Vec::new();
        for (from, when) in sides {
            let Some(rule) = breakdown.rule(framework, &from.value) else {
                return Err(without_rule(breakdown, &from.value));
            };
            let sort = with_scope(framework, &tables, &self.parameters, &mut need, |scope| {
                sort(scope, breakdown, rule, from, Some(when))
            });
            sorts.push(sort.ok_or_else(|| {
                format!("the rule for '{}' uses what cannot be calculated yet", from.value)
            })?);
        }
        let categories = breakdown.codes(framework);
        let (reads, rests_on) = derived::expand(&need, &self.derived);
        let mut checked = CheckedBreakdown { categories, sorts, reads, rests_on, hash: String::new() };
        let tables: Vec<_> = checked.rests_on.iter().filter_map(|id| self.derived.get(id)).collect();
        checked.hash = hash::of(&(name, &checked, tables));
        Ok(checked)
    }
}

fn without_rule(breakdown: &Breakdown, table: &str) -> String {
    let name = &breakdown.name.value;
    if breakdown.rules.is_empty() {
        return format!("the framework has words for '{name}' and no rule that sorts records");
    }
    format!(
        "'{name}' has no rule for the records of '{table}': it would take [[breakdowns.{name}.of]] with tables = [\"{table}\"] in framework.toml"
    )
}

/// Does something with a scope whose findings nobody sees: they were reported by [`check`].
fn with_scope<'a, T>(
    framework: &'a Framework,
    tables: &'a Tables<'a>,
    parameters: &'a BTreeMap<String, Value>,
    need: &mut Need,
    act: impl FnOnce(&mut Scope<'a, '_>) -> T,
) -> T {
    static NO_CLOCKS: BTreeMap<String, Clock> = BTreeMap::new();
    let mut scope = Scope {
        framework,
        tables,
        parameters,
        frames: Vec::new(),
        clocks: &NO_CLOCKS,
        facts: None,
        names: BTreeMap::new(),
        diagnostics: &mut Diagnostics::new(),
        need,
        unsupported: &mut BTreeSet::new(),
        used: &mut BTreeMap::new(),
    };
    act(&mut scope)
}

/// Checks every breakdown of a framework, for every table that it names.
pub(super) fn check(
    framework: &Framework,
    tables: &Tables<'_>,
    parameters: &BTreeMap<String, Value>,
    diagnostics: &mut Diagnostics,
) -> Vec<CheckedSort> {
    let mut sorts = Vec::new();
    for breakdown in framework.breakdowns.values() {
        let mut found = Diagnostics::new();
        name_is_free(framework, breakdown, &mut found);
        if let Some(set) =
            breakdown.codes.as_ref().filter(|set| !framework.code_sets.contains_key(&set.value))
        {
            let known = framework.code_sets.keys().map(String::as_str);
            found.push(unknown(set, "code set", "codes/", known));
        }
        let codes = breakdown.codes(framework);
        let mut seen: Vec<&Spanned<String>> = Vec::new();
        for rule in &breakdown.rules {
            if !breakdown.overlapping {
                results(&rule.value, &codes, breakdown, &mut found);
            }
            for table in &rule.tables {
                if let Some(first) = seen.iter().find(|other| other.value == table.value) {
                    let message = format!("'{}' has two rules for '{}'", breakdown.name.value, table.value);
                    found.push(
                        Diagnostic::new(Code::DuplicateId, table.span.clone(), message)
                            .label("again here")
                            .other(first.span.clone(), "first here")
                            .help("take one of them out"),
                    );
                }
                seen.push(table);
                let mut of_table = with_scope(framework, tables, parameters, &mut Need::new(), |scope| {
                    sorts.extend(sort(scope, breakdown, rule, table, None));
                    std::mem::take(scope.diagnostics)
                });
                // One mistake in the rule of several tables is one mistake.
                of_table.retain(|finding| {
                    !found.iter().any(|other| other.code == finding.code && other.span == finding.span)
                });
                found.extend(of_table);
            }
        }
        diagnostics.extend(found);
    }
    for indicator in framework.indicators.values() {
        for name in indicator.breakdowns.iter().chain(&indicator.required_breakdown) {
            let known = || {
                framework.breakdowns.keys().map(String::as_str).chain(framework.area_levels()).chain(["area"])
            };
            if !known().any(|known| known == name.value) {
                diagnostics.push(unknown(name, "breakdown or level of areas", "framework.toml", known()));
            }
        }
    }
    sorts
}

fn unknown<'k>(
    name: &Spanned<String>,
    what: &str,
    place: &str,
    known: impl Iterator<Item = &'k str>,
) -> Diagnostic {
    let message = format!("no {what} is called '{}'", name.value);
    let found = Diagnostic::new(Code::UnknownName, name.span.clone(), message)
        .label("not declared")
        .help(format!("declare it in {place}"));
    match nearest(&name.value, known) {
        Some(near) => found.fix(name.span.clone(), near),
        None => found,
    }
}

/// A breakdown is a column of the results: it goes by no name that another column has.
fn name_is_free(framework: &Framework, breakdown: &Breakdown, found: &mut Diagnostics) {
    const COLUMNS: [&str; 14] = [
        "indicator",
        "statistic",
        "category",
        "period",
        "numerator",
        "denominator",
        "value",
        "lower",
        "upper",
        "outcome",
        "flags",
        "reported",
        "expected",
        "notes",
    ];
    let name = &breakdown.name;
    let is_level = framework.area_levels().contains(name.value.as_str());
    let is_area = name.value == "area" && !breakdown.rules.is_empty();
    if is_level || is_area || COLUMNS.contains(&name.value.as_str()) || name.value == ALL {
        let message = format!("results have another column that is called '{}'", name.value);
        found.push(
            Diagnostic::new(Code::DuplicateId, name.span.clone(), message)
                .label("taken")
                .help("give the breakdown another name"),
        );
    }
}

/// The texts that an expression may come to are categories.
fn results(expr: &Expr, codes: &[String], breakdown: &Breakdown, found: &mut Diagnostics) {
    match &expr.kind {
        ExprKind::Literal(Value::Text(text))
            if **text != *UNKNOWN_CATEGORY && !codes.iter().any(|code| **code == **text) =>
        {
            let message = format!("'{}' has no category '{text}'", breakdown.name.value);
            let listed = codes.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ");
            let mut finding = Diagnostic::new(Code::UnknownCode, expr.span.clone(), message)
                .label("not one of its categories")
                .help(format!("its categories are {listed}"));
            if let Some(near) = nearest(text, codes.iter().map(String::as_str)) {
                finding = finding.fix(expr.span.clone(), format!("'{near}'"));
            }
            found.push(finding);
        }
        ExprKind::Case { arms, otherwise } => {
            for result in arms.iter().map(|(_, result)| result).chain(otherwise.as_deref()) {
                results(result, codes, breakdown, found);
            }
        }
        ExprKind::Call { function, arguments } if function.value == "coalesce" => {
            for argument in arguments {
                results(argument, codes, breakdown, found);
            }
        }
        _ => {}
    }
}

/// One rule on one table; without a date rule, only to see whether it can be read.
fn sort<'a>(
    scope: &mut Scope<'a, '_>,
    breakdown: &'a Breakdown,
    rule: &'a SortRule,
    table: &Spanned<String>,
    when: Option<&When>,
) -> Option<CheckedSort> {
    let dataset = tables::resolve(scope, table)?;
    scope.frames = vec![Frame { name: "this".to_owned(), dataset }];
    let as_of = match when.map(|when| check_when(scope, when)) {
        None => NodeKind::Period(PeriodDay::Last),
        Some(when) => match (when?, breakdown.as_of.as_ref().map(|as_of| as_of.value)) {
            (CheckedWhen::Date(date), None | Some(AsOf::Event)) => event_or_last_day(date),
            _ => NodeKind::Period(PeriodDay::Last),
        },
    };
    scope.names.insert("as_of_day", (as_of, Type::Date));
    let sort = if breakdown.overlapping {
        let mut nodes = Vec::new();
        for code in breakdown.codes(scope.framework) {
            let category = NodeKind::Literal(Value::Text(code.as_str().into()));
            scope.names.insert("this_category", (category, Type::Text));
            nodes.push(resolve_as(scope, &rule.value, Type::Bool)?);
        }
        CheckedSort::Each(nodes)
    } else {
        CheckedSort::Into(resolve_as(scope, &rule.value, Type::Text)?)
    };
    scope.frames.clear();
    scope.names.clear();
    Some(sort)
}

/// The day of the event; of a case that is still open, in which it has not come yet, the period's last day.
fn event_or_last_day(date: FieldRef) -> NodeKind {
    let node = |kind| Node { kind, ty: Some(Type::Date), span: Span { file: "".into(), start: 0, end: 0 } };
    let days = [NodeKind::Field(date), NodeKind::Period(PeriodDay::Last)].map(node);
    NodeKind::Call(Function::Coalesce, days.into())
}
