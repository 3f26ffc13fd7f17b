//! By what figures are kept apart.

use serde::{Deserialize, Serialize};

use super::PlanError;
use crate::check::Checked;
use crate::definition::framework::Framework;
use crate::diagnostic::nearest;

/// One thing by which figures are kept apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "name")]
pub enum By {
    /// Each area.
    Area,
    /// The areas of a level, those below them added up.
    Level(String),
    /// A breakdown of the framework.
    Breakdown(String),
}

impl By {
    /// The column of the results that it fills; `area` has its own.
    pub fn column(&self) -> Option<&str> {
        match self {
            Self::Area => None,
            Self::Level(name) | Self::Breakdown(name) => Some(name),
        }
    }
}

/// What names mean: `area`, a level of areas, or a breakdown; each once, in their order.
///
/// # Errors
/// A name that is none of them, with the nearest; a breakdown of which the framework has only words.
pub fn by(checked: &Checked, names: &[String]) -> Result<Vec<By>, PlanError> {
    let framework = checked.framework();
    let mut found: Vec<By> = Vec::new();
    for name in names {
        let Some(by) = named(framework, name) else {
            return Err(unknown(framework, name));
        };
        if framework.breakdowns.get(name).is_some_and(|breakdown| breakdown.rules.is_empty())
            && by != By::Area
        {
            return Err(PlanError::OnlyWords { name: name.clone(), known: known(framework).join(", ") });
        }
        if !found.contains(&by) {
            found.push(by);
        }
    }
    Ok(found)
}

/// What a name means, whether records can be sorted by it or not.
pub(super) fn named(framework: &Framework, name: &str) -> Option<By> {
    if name == "area" {
        Some(By::Area)
    } else if framework.area_levels().contains(name) {
        Some(By::Level(name.to_owned()))
    } else {
        framework.breakdowns.contains_key(name).then(|| By::Breakdown(name.to_owned()))
    }
}

fn unknown(framework: &Framework, name: &str) -> PlanError {
    let known = known(framework);
    PlanError::UnknownBy {
        name: name.to_owned(),
        near: nearest(name, known.iter().copied()).map(str::to_owned),
        known: known.join(", "),
    }
}

/// By what figures can be kept apart.
fn known(framework: &Framework) -> Vec<&str> {
    let levels = framework.area_levels();
    let breakdowns = framework.breakdowns.values().filter(|breakdown| !breakdown.rules.is_empty());
    ["area"]
        .into_iter()
        .chain(levels)
        .chain(breakdowns.map(|breakdown| breakdown.name.value.as_str()))
        .collect()
}

/// The narrowest of some levels: the one that lies deepest under others. It names the area of a row where areas
/// themselves are not kept apart.
pub(crate) fn narrowest<'b>(framework: &Framework, levels: impl Iterator<Item = &'b str>) -> Option<&'b str> {
    let mut best: Option<(usize, &str)> = None;
    for level in levels {
        let of_level =
            framework.areas.values().filter(|area| area.level.as_ref().is_some_and(|of| of.value == level));
        let depth = of_level.map(|area| depth(framework, &area.code.value)).max().unwrap_or(0);
        if best.is_none_or(|(held, _)| depth > held) {
            best = Some((depth, level));
        }
    }
    best.map(|(_, level)| level)
}

/// How many levels lie above an area, whatever the day.
fn depth(framework: &Framework, code: &str) -> usize {
    let mut at = code;
    for depth in 0..=framework.areas.len() {
        match framework.areas.get(at).and_then(|area| area.parents.first()) {
            Some(parent) => at = &parent.code.value,
            None => return depth,
        }
    }
    0
}
