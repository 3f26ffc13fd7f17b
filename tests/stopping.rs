//! Whoever watches a calculation is told how far it is, and can stop it; what comes after is not touched by it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "engine/records.rs"]
mod records;

use std::ops::ControlFlow;
use std::sync::Mutex;

use staysafe::calculate::{CalculateError, calculate, calculate_watched};
use staysafe::check::check;
use staysafe::definition::read::read;
use staysafe::plan::{Request, plan};
use staysafe::progress::{Progress, Watch};

#[test]
fn a_watched_calculation_tells_how_far_it_is_and_can_be_stopped() {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let checked = check(framework).0.unwrap();
    let areas: Vec<String> = checked.framework().areas.keys().take(2).cloned().collect();
    let data = records::data(&checked, &areas, 6, 7);
    let periods = ["2010-11 Q1", "2010-11"].map(|label| label.parse().unwrap()).to_vec();
    let indicators = ["cs-01", "cs-04", "cs-14", "nsdu-02"].map(str::to_owned).to_vec();
    let plan = plan(&checked, &Request { periods, indicators, ..Request::default() }).unwrap();

    fn engine(
        checked: &staysafe::check::Checked,
        plan: &staysafe::plan::Plan,
        data: &staysafe::record::Data,
        watch: &Watch<'_>,
    ) -> Result<staysafe::result::Partials, CalculateError> {
        staysafe_arrow::calculate_on(checked, plan, data, &staysafe_arrow::Work::together(watch))
    }

    type Run = fn(
        &staysafe::check::Checked,
        &staysafe::plan::Plan,
        &staysafe::record::Data,
        &Watch<'_>,
    ) -> Result<staysafe::result::Partials, CalculateError>;
    for run in [calculate_watched as Run, engine] {
        let told = Mutex::new(Vec::new());
        let listener = |progress: Progress| {
            told.lock().unwrap().push(progress);
            ControlFlow::Continue(())
        };
        let whole = run(&checked, &plan, &data, &Watch::new(&listener)).unwrap();
        assert_eq!(whole, calculate(&checked, &plan, &data).unwrap(), "being watched changes nothing");
        let told = told.into_inner().unwrap();
        let last = *told.last().unwrap();
        assert!(last.of >= 4 && last.done == last.of, "{last:?}");
        let each_unit: usize = usize::try_from(last.of).unwrap();
        assert!(
            told.len() > each_unit,
            "asked at least once in each unit of work: {} of {each_unit}",
            told.len()
        );
        assert!(told.is_sorted_by_key(|progress| progress.done));

        // Wherever it is stopped, it gives nothing at all.
        for after in 0..told.len() {
            let left = Mutex::new(after);
            let listener = |_| {
                let mut left = left.lock().unwrap();
                let goes_on = *left > 0;
                *left = left.saturating_sub(1);
                if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            };
            let stopped = run(&checked, &plan, &data, &Watch::new(&listener));
            assert_eq!(stopped, Err(CalculateError::Stopped), "stopped after {after} of {}", told.len());
        }
    }
}
