//! What the plan promises, for the gap analysis.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::definition::board::{GatheringPlan, Row};
use crate::gap::{GapAnalysis, Promise};

/// The datasets that their holders have agreed to supply, as the gap analysis takes them.
///
/// A dataset is promised where the rows that somebody agreed to ask for every field of it that the analysis misses:
/// half a promise is none. An agreement that is still to come, a waiver, or a basis that has ended promises nothing.
/// The analysis is one without promises.
///
/// # Example
/// ```
/// use staysafe::board::promises;
/// use staysafe::definition::board::{Agreed, GatheringPlan, Row};
/// # use staysafe::gap::{Arrived, Circumstances, gap};
/// # let (framework, _) = staysafe::definition::read::read([("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'")]);
/// # let checked = staysafe::check::check(framework).0.unwrap();
/// # let as_of = "2010-07-01".parse().unwrap();
/// # let gaps = gap(&checked, &Arrived::default(), &Circumstances::on(as_of));
/// let agreed = Agreed { on: as_of, by: "B. Constable".into() };
/// let row = Row { dataset: "crime".into(), holder: "police".into(), agreed: Some(agreed), ..Row::default() };
/// let plan = GatheringPlan { rows: vec![row], ..GatheringPlan::default() };
/// assert_eq!(promises(&plan, &gaps, as_of)[0].dataset, "crime");
/// ```
pub fn promises(plan: &GatheringPlan, gaps: &GapAnalysis, as_of: NaiveDate) -> Vec<Promise> {
    let mut missing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for ask in gaps.gaps.values().flat_map(|gap| &gap.ask) {
        missing.entry(&ask.dataset).or_default().extend(ask.fields.iter().map(String::as_str));
    }
    let mut agreed: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in plan.rows.iter().filter(|row| is_promised(row, as_of)) {
        agreed.entry(&row.dataset).or_default().push(row);
    }
    agreed
        .into_iter()
        .filter_map(|(dataset, rows)| {
            let named: BTreeSet<&str> = rows.iter().flat_map(|row| &row.fields).map(String::as_str).collect();
            let whole = rows.iter().any(|row| row.fields.is_empty());
            let wanted = missing.get(dataset);
            let last = rows.iter().max_by_key(|row| (row.first_delivery.is_none(), row.first_delivery))?;
            (whole || wanted.is_none_or(|wanted| wanted.is_subset(&named))).then(|| Promise {
                dataset: dataset.to_owned(),
                holder: last.holder.clone(),
                first_delivery: last.first_delivery,
            })
        })
        .collect()
}

fn is_promised(row: &Row, as_of: NaiveDate) -> bool {
    row.agreed.as_ref().is_some_and(|agreed| agreed.on <= as_of)
        && row.waived.as_ref().is_none_or(|waiver| waiver.until < as_of)
        && row.until.is_none_or(|until| until >= as_of)
}
