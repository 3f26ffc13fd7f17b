//! What the tests of removed data share: the framework, the year that is asked about, and which of its quarters an
//! indicator asks for.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::sync::OnceLock;

use staysafe::check::{Checked, check};
use staysafe::definition::framework::Framework;
use staysafe::definition::indicator::{Calculation, Cycle, Indicator, Kind, When};
use staysafe::definition::read::read;
use staysafe::gap::Circumstances;

pub(crate) const QUARTERS: [&str; 4] = ["2025-26 Q1", "2025-26 Q2", "2025-26 Q3", "2025-26 Q4"];
pub(crate) const YEAR: &str = "2025-26";

pub(crate) fn checked() -> &'static Checked {
    static CHECKED: OnceLock<Checked> = OnceLock::new();
    CHECKED.get_or_init(|| {
        let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
        check(framework).0.unwrap()
    })
}

pub(crate) fn on() -> Circumstances {
    Circumstances::on("2026-04-02".parse().unwrap())
}

pub(crate) fn in_year() -> Circumstances {
    Circumstances { periods: vec![YEAR.parse().unwrap()], ..on() }
}

/// The dataset that a table comes from.
fn base<'a>(framework: &'a Framework, table: &'a str) -> &'a str {
    let mut at = table;
    while let Some(derived) = framework.derived.get(at) {
        at = &derived.from.value;
    }
    at
}

/// Of each dataset whether the year's last day alone is asked; `None` where the simple model does not hold: other
/// cycles, several versions, windows and lags, two totals over one table.
pub(crate) fn last_day_only(framework: &Framework, indicator: &Indicator) -> Option<BTreeSet<String>> {
    if !matches!(indicator.cycle.value, Cycle::Quarter | Cycle::FinancialYear)
        || !indicator.versions.is_empty()
        || indicator.same_calculation_as.is_some()
        || matches!(indicator.kind.value, Kind::Rate | Kind::Group)
    {
        return None;
    }
    let tables: Vec<(&str, &When)> = match &indicator.calculation {
        None => Vec::new(),
        Some(Calculation::Ladder(ladder)) => {
            if ladder.window.is_some() || ladder.lag.is_some() || ladder.history.is_some() {
                return None;
            }
            vec![(&ladder.from.value, &ladder.when)]
        }
        Some(Calculation::TwoTotals(totals)) => {
            vec![
                (&totals.numerator.from.value, &totals.numerator.when),
                (&totals.denominator.from.value, &totals.denominator.when),
            ]
        }
    };
    let bases: BTreeSet<&str> = tables.iter().map(|(table, _)| base(framework, table)).collect();
    if bases.len() < tables.len() {
        return None;
    }
    let open = tables.iter().filter(|(_, when)| matches!(when, When::Open(..)));
    Some(open.map(|(table, _)| base(framework, table).to_owned()).collect())
}
