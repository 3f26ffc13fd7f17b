//! Workload W by the engine.

use staysafe::check::Checked;
use staysafe::progress::Watch;
use staysafe::record::{Cover, Return, Submission};
use staysafe_arrow::{Loaded, Loading, Work};

use super::data::Rows;
use super::tables::{Batches, NAMES};

/// The records of W as the engine takes them: one return of a region with all three tables.
///
/// # Errors
/// A table that does not fit its dataset, or a value that is rejected: W has none such.
pub(crate) fn loaded(checked: &Checked, rows: Rows) -> Result<Loaded, String> {
    let batches = Batches::new(rows);
    let mut loading = Loading::new(checked.framework());
    loading.begin(Return {
        name: "region".to_owned(),
        kind: "region-return".to_owned(),
        area: "region".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables: std::collections::BTreeMap::new(),
    });
    let mut names = NAMES;
    names.sort_unstable();
    for name in names {
        let mut all = batches.of(name).peekable();
        let Some(Ok(first)) = all.peek() else { return Err(format!("{name} has no batch")) };
        let schema = first.schema();
        let rejects = loading.table(name, Cover::UNLIMITED, &schema, all).map_err(|why| why.to_string())?;
        if let Some(reject) = rejects.first() {
            return Err(format!("{name}: {reject:?}"));
        }
    }
    loading.finish().map_err(|why| why.to_string())
}

/// How it is run: nobody watches.
pub(crate) fn work<'w>(watch: &'w Watch<'w>, threads: usize) -> Work<'w> {
    Work { watch, threads: std::num::NonZeroUsize::new(threads).unwrap_or(std::num::NonZeroUsize::MIN) }
}
