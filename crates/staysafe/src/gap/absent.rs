//! From absent cells to reasons.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::asked::in_period;
use super::entry::{Of, Rolled, ask, obstacle, rolled};
use super::{Arrived, ArrivedFrom, Ask, Circumstances, Need, Obstacle, Supply, Why, areas, needs, supplied};
use crate::check::Checked;
use crate::period::Period;
use crate::result::{ALL, Outcome, Reason, Results};

/// A cell without a figure, and what would have to come for it to have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Absence {
    /// The indicator's id, or that of a reading: `cs-04@same-carer`.
    pub indicator: String,
    /// The area's code, as in the results.
    pub area: String,
    /// The period.
    pub period: Period,
    /// What the cell says.
    pub cell: Reason,
    /// What is missing behind it; empty where all data is there, and the cell says why it has no figure.
    pub reasons: Vec<Why>,
    /// What stands in the way, where something is missing.
    pub obstacle: Option<Obstacle>,
    /// Whom to ask for it.
    pub ask: Vec<Ask>,
}

/// Every absent cell of some results, with the reasons behind it; in the order of the results, each cell once.
///
/// # Example
/// ```
/// use staysafe::calculate::{calculate, finish};
/// use staysafe::gap::{Arrived, Circumstances, absences};
/// use staysafe::plan::{Request, plan};
/// use staysafe::record::Data;
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\n[[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let request = Request { periods: vec!["2010-11 Q1".parse().unwrap()], ..Request::default() };
/// let plan = plan(&checked, &request).unwrap();
/// let results = finish(&checked, &calculate(&checked, &plan, &Data::default()).unwrap());
/// let today = Circumstances::on("2010-07-01".parse().unwrap());
/// let absent = absences(&checked, &Arrived::default(), &today, &results);
/// assert_eq!(absent[0].ask[0].holder, "yjb");
/// ```
pub fn absences(
    checked: &Checked,
    arrived: &Arrived,
    circumstances: &Circumstances,
    results: &Results,
) -> Vec<Absence> {
    let framework = checked.framework();
    let needs = needs(checked);
    let of = Of {
        framework,
        arrived,
        circumstances,
        areas: areas(arrived, circumstances),
        said: supplied(framework),
        asks: &|_, _| Vec::new(),
        nothing: ArrivedFrom::default(),
    };
    let mut seen: BTreeSet<(&str, &str, Period)> = BTreeSet::new();
    let mut found = Vec::new();
    for observation in &results.observations {
        let Outcome::Absent(cell) = &observation.cell.outcome else { continue };
        let place = (observation.indicator.as_str(), observation.area.as_str(), observation.period);
        if !seen.insert(place) {
            continue;
        }
        let behind = behind(checked, &of, &needs, place);
        let (reasons, ask, obstacle) = behind.unwrap_or_default();
        found.push(Absence {
            indicator: observation.indicator.to_string(),
            area: observation.area.to_string(),
            period: observation.period,
            cell: cell.clone(),
            reasons,
            obstacle,
            ask,
        });
    }
    found
}

type Behind = (Vec<Why>, Vec<Ask>, Option<Obstacle>);

fn behind(
    checked: &Checked,
    of: &Of<'_>,
    needs: &BTreeMap<String, Need>,
    (id, area, period): (&str, &str, Period),
) -> Option<Behind> {
    let indicator = checked.definition(id)?;
    let need = needs.get(&indicator.id.value)?;
    let asked = vec![in_period(checked, checked.indicator(id)?, need, period)];
    let below = |of: &String| lies_in(checked, of, area, period);
    let areas: Vec<String> = of.areas.iter().filter(|of| below(of)).cloned().collect();
    let Rolled { status, reasons, missing } = rolled(of, indicator, need, asked, &areas);
    let ask = ask(of, indicator, &missing);
    let supply = status.supply().unwrap_or(Supply::Available);
    let obstacle = obstacle(indicator, &ask, supply).filter(|_| supply != Supply::Available);
    Some((reasons, ask, obstacle))
}

/// Whether an authority is the area that a row of results speaks of, or lies in it.
fn lies_in(checked: &Checked, authority: &str, area: &str, period: Period) -> bool {
    if area == ALL || area == authority {
        return true;
    }
    let framework = checked.framework();
    let level = framework.areas.get(area).and_then(|of| of.level.as_ref());
    level.is_some_and(|level| {
        let above = framework.area_at(authority, &level.value, period.last_day());
        above.is_some_and(|above| above.code.value == area)
    })
}
