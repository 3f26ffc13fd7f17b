//! Entries against the sources that hold what they need: who has sent what.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::entry::holder;
use super::{Gap, GapAnalysis, Headline, Obstacle, Supply, needs};
use crate::check::Checked;

/// Entries against sources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BySource {
    /// Sources that hold something that a listed entry needs, those asked by most entries first.
    pub sources: Vec<SourceColumn>,
    /// Listed entries in order of id; headings over members are left out.
    pub rows: Vec<SourceRow>,
}

/// A source: an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceColumn {
    /// The agency's id.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// How many entries need something of it.
    pub needed_by: usize,
    /// For how many of them all of it has arrived.
    pub arrived_for: usize,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// The indicator's id.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// The one state it is counted under.
    pub headline: Headline,
    /// What it needs of each source that it needs anything of, by the agency's id.
    pub cells: BTreeMap<String, SourceCell>,
}

/// What one entry needs of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceCell {
    /// How much of it has arrived.
    pub supply: Supply,
    /// What stands in the way of the rest.
    pub obstacle: Option<Obstacle>,
    /// The datasets, each with how much of it has arrived.
    pub datasets: BTreeMap<String, Supply>,
}

/// Who holds what each listed entry needs, and how much of it has arrived.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, Circumstances, Supply, by_source, gap};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let gaps = gap(&checked, &Arrived::default(), &Circumstances::on("2010-07-01".parse().unwrap()));
/// let table = by_source(&checked, &gaps);
/// assert_eq!(table.sources[0].name, "Youth Justice Board");
/// assert_eq!(table.rows[0].cells["yjb"].supply, Supply::None);
/// ```
pub fn by_source(checked: &Checked, analysis: &GapAnalysis) -> BySource {
    let framework = checked.framework();
    let needs = needs(checked);
    let mut rows = Vec::new();
    for gap in analysis.gaps.values().filter(|gap| gap.listed) {
        let (Some(indicator), Some(need)) =
            (framework.indicators.get(&gap.indicator), needs.get(&gap.indicator))
        else {
            continue;
        };
        let mut cells: BTreeMap<String, SourceCell> = BTreeMap::new();
        for (dataset, fields) in &need.fields {
            let Some(holder) = holder(framework, indicator, dataset) else { continue };
            let (supply, obstacle) = of_dataset(gap, dataset, fields);
            let cell = cells.entry(holder.to_owned()).or_insert_with(|| SourceCell {
                supply,
                obstacle: None,
                datasets: BTreeMap::new(),
            });
            cell.supply = both(cell.supply, supply);
            cell.obstacle = cell.obstacle.or(obstacle);
            cell.datasets.insert(dataset.clone(), supply);
        }
        if !cells.is_empty() {
            rows.push(SourceRow {
                indicator: gap.indicator.clone(),
                title: indicator.title.value.clone(),
                headline: gap.headline,
                cells,
            });
        }
    }
    let agencies: BTreeSet<&String> = rows.iter().flat_map(|row| row.cells.keys()).collect();
    let mut sources: Vec<SourceColumn> = agencies
        .into_iter()
        .map(|agency| {
            let cells = || rows.iter().filter_map(|row| row.cells.get(agency));
            SourceColumn {
                agency: agency.clone(),
                name: framework.agencies.get(agency).map_or(agency, |known| &known.name.value).clone(),
                needed_by: cells().count(),
                arrived_for: cells().filter(|cell| cell.supply == Supply::Available).count(),
            }
        })
        .collect();
    sources.sort_by_key(|source| (std::cmp::Reverse(source.needed_by), source.agency.clone()));
    BySource { sources, rows }
}

/// How much of one dataset has arrived, by what is still asked of it.
fn of_dataset(gap: &Gap, dataset: &str, fields: &BTreeSet<String>) -> (Supply, Option<Obstacle>) {
    let absent = |why: &super::Why| why.dataset() == Some(dataset) && !why.is_warning();
    let Some(ask) = gap.ask.iter().find(|ask| ask.dataset == dataset) else {
        // A dataset may be short without a field to ask for: it does not reach back far enough, say.
        let short = gap.reasons.iter().any(absent);
        return (if short { Supply::Partial } else { Supply::Available }, None);
    };
    let is_counted = gap.reasons.contains(&super::Why::OnlyCounted { dataset: dataset.to_owned() });
    let all = !is_counted && !fields.is_empty() && fields.iter().all(|field| ask.fields.contains(field));
    (if all || fields.is_empty() && !is_counted { Supply::None } else { Supply::Partial }, Some(ask.obstacle))
}

/// How much of two things has arrived.
fn both(one: Supply, other: Supply) -> Supply {
    if one == other { one } else { Supply::Partial }
}
