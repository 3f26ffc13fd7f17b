//! What a board's priorities ask for: the indicators that they select, the data that these need, and the needs that nobody has
//! an indicator for.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use crate::check::Checked;
use crate::consult::{Overlap, nearest_to};
use crate::definition::board::Priority;
use crate::definition::framework::Framework;

/// What the priorities that hold on a day select.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Selection {
    /// Each indicator that a priority names, with the priorities that do, by id.
    pub indicators: BTreeMap<String, Vec<String>>,
    /// Listed entries that no priority names.
    pub not_selected: Vec<String>,
    /// What the priorities need to know, in the order of the file.
    pub needs: Vec<NeedStanding>,
    /// The data that the selected indicators need: the board's data requirements.
    pub requirements: Vec<Requirement>,
}

/// Something that a priority needs to know, in words, and entries that may already tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NeedStanding {
    /// The priority's id.
    pub priority: String,
    /// What is needed, in the board's words.
    pub words: String,
    /// Entries that say nearly the same; none, where nobody has an indicator for it.
    pub near: Vec<Overlap>,
}

/// A dataset that the selected indicators need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The dataset's id.
    pub dataset: String,
    /// Its title.
    pub title: String,
    /// Who holds it, by name; nobody, where the framework does not say.
    pub holder: Option<String>,
    /// The fields that are needed.
    pub fields: BTreeSet<String>,
    /// For which indicators.
    pub indicators: Vec<String>,
}

/// What the priorities that hold on a day select from the framework, and what they need that it has no indicator for.
///
/// # Example
/// ```
/// use staysafe::board::select;
/// use staysafe::definition::read::{read, read_board};
///
/// let (framework, _) = read([
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint of young people'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ]);
/// let checked = staysafe::check::check(framework).0.unwrap();
/// let text = "[[priority]]\nid = 'p'\nwords = 'Young people in custody are safe'\nowner = 'A'\nfrom = 2010-10-01\n\
///             indicators = ['a']\nneeds = ['whether the heating works']";
/// let (board, _) = read_board([("priorities.toml", text)], checked.framework());
///
/// let selected = select(&checked, &board.priorities, "2010-11-01".parse().unwrap());
/// assert_eq!(selected.indicators["a"], ["p"]);
/// assert_eq!((selected.requirements[0].dataset.as_str(), selected.needs[0].near.len()), ("restraint", 0));
/// ```
pub fn select(checked: &Checked, priorities: &[Priority], as_of: NaiveDate) -> Selection {
    let framework = checked.framework();
    let holding: Vec<&Priority> = priorities
        .iter()
        .filter(|priority| priority.from <= as_of && priority.to.is_none_or(|last| last >= as_of))
        .collect();
    let mut indicators: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for priority in &holding {
        for id in &priority.indicators {
            indicators.entry(id.clone()).or_default().push(priority.id.clone());
        }
    }
    let listed = framework.indicators.values().filter(|indicator| framework.is_listed(indicator));
    let ids = listed.map(|indicator| &indicator.id.value);
    let not_selected = ids.filter(|id| !indicators.contains_key(*id)).cloned().collect();
    let needs: Vec<(&Priority, &String)> =
        holding.iter().flat_map(|priority| priority.needs.iter().map(|need| (*priority, need))).collect();
    let near = nearest_to(checked, needs.iter().map(|(_, words)| words.as_str()));
    let needs = needs.into_iter().zip(near).map(|((priority, words), near)| NeedStanding {
        priority: priority.id.clone(),
        words: words.clone(),
        near,
    });
    let needs = needs.collect();
    let requirements = requirements(checked, framework, indicators.keys());
    Selection { indicators, not_selected, needs, requirements }
}

fn requirements<'i>(
    checked: &Checked,
    framework: &Framework,
    indicators: impl Iterator<Item = &'i String>,
) -> Vec<Requirement> {
    let mut by_dataset: BTreeMap<&String, Requirement> = BTreeMap::new();
    for id in indicators {
        for (dataset, fields) in
            checked.indicator(id).into_iter().flat_map(crate::check::CheckedIndicator::need)
        {
            let known = framework.datasets.get(dataset);
            let holder = known.map(|known| known.holder.value.as_str());
            let holder =
                holder.or_else(|| Some(framework.indicators.get(id)?.holders.first()?.value.as_str()));
            let requirement = by_dataset.entry(dataset).or_insert_with(|| Requirement {
                dataset: dataset.clone(),
                title: known.map_or(dataset, |known| &known.title.value).clone(),
                holder: holder.map(|holder| super::agency_name(framework, holder)),
                fields: BTreeSet::new(),
                indicators: Vec::new(),
            });
            requirement.fields.extend(fields.iter().cloned());
            requirement.indicators.push(id.clone());
        }
    }
    by_dataset.into_values().collect()
}
