//! What other periods show of a measure must be something that its calculation has.

use crate::definition::indicator::{Between, Calculation, Indicator, When};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A stock has no twelve months to add up, and a day has hardly an event: what `between` promises would be a
/// figure of another kind under the indicator's name.
pub(super) fn check(indicator: &Indicator, calculation: &Calculation, diagnostics: &mut Diagnostics) {
    let Some(between) = &indicator.between else { return };
    let (open, looks_back) = match calculation {
        Calculation::Ladder(ladder) => (is_open(&ladder.when), ladder.window.is_some()),
        // The numerator is what the figure is about: a stock may be set beside the events of a year.
        Calculation::TwoTotals(totals) => (is_open(&totals.numerator.when), false),
    };
    let (what, help) = match between.value {
        Between::Rolling12Months if open && !looks_back => (
            "the last twelve months of what is open on a day",
            "say what other periods show of a stock: between = \"snapshot-now\"; or give the calculation a window that looks back",
        ),
        Between::SnapshotNow if !open && !looks_back => (
            "the stock of what happens on a day",
            "say what other periods show of events: between = \"rolling-12-months\"; or count what is open: when = { open = [\"START\", \"END\"] }",
        ),
        _ => return,
    };
    let place = match calculation {
        Calculation::Ladder(ladder) => &ladder.place.span,
        Calculation::TwoTotals(totals) => &totals.numerator.place.span,
    };
    diagnostics.push(
        Diagnostic::new(
            Code::WrongForKind,
            between.span.clone(),
            format!("other periods cannot show {what}"),
        )
        .label("this is what other periods show")
        .other(place.clone(), if open { "it counts what is open" } else { "it counts events" })
        .help(help),
    );
}

fn is_open(when: &When) -> bool {
    matches!(when, When::Open(..))
}

#[cfg(test)]
mod tests {
    use crate::check::check;
    use crate::definition::read::read;
    use crate::diagnostic::Code;

    fn found(kind: &str, between: &str, calculation: &str) -> Vec<String> {
        let indicator = format!(
            "id = \"i\"\ntitle = \"I\"\nkind = \"{kind}\"\npolarity = \"neutral\"\ncycle = \"financial-year\"\nbetween = \"{between}\"\nholder = \"a\"\n[calculation]\nfrom = \"cases\"\n{calculation}"
        );
        let cases = "id = \"cases\"\ntitle = \"Cases\"\ncarried_by = \"cases\"\nholder = \"a\"\narea = \"given\"\nrow = \"a case\"\nfield = [{ name = \"opened\", type = \"date\" }, { name = \"closed\", type = \"date\" }]";
        let files = [
            ("framework.toml", "id = \"f\"\ntitle = \"F\"\nscope = \"all\""),
            ("agencies.toml", "[[agency]]\nid = \"a\"\nname = \"A\""),
            ("datasets/cases.toml", cases),
            ("indicators/i.toml", &indicator),
        ];
        let (_, findings) = check(read(files).0);
        let of_kind = findings.iter().filter(|finding| finding.code == Code::WrongForKind);
        of_kind.map(|finding| finding.message.clone()).collect()
    }

    #[test]
    fn what_other_periods_show_is_something_the_calculation_has() {
        let stock = "when = { open = [\"opened\", \"closed\"] }";
        let event = "when = { date = \"opened\" }";
        let none: Vec<String> = Vec::new();
        assert_eq!(
            found("stock", "rolling-12-months", stock),
            ["other periods cannot show the last twelve months of what is open on a day"]
        );
        assert_eq!(
            found("count", "snapshot-now", event),
            ["other periods cannot show the stock of what happens on a day"]
        );
        assert_eq!(found("stock", "snapshot-now", stock), none);
        assert_eq!(found("count", "rolling-12-months", event), none);
        assert_eq!(found("count", "snapshot-now", &format!("{event}\nwindow = \"12 months\"")), none);
        for either in ["last-known", "not-due"] {
            assert_eq!(
                (found("stock", either, stock), found("count", either, event)),
                (none.clone(), none.clone())
            );
        }
    }
}
