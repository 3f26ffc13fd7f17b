//! Workload W by the engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use staysafe::check::Checked;
use staysafe::record::{Cover, Data, Return, Submission, Table};
use staysafe_arrow::{bind, records};

use super::data::Rows;
use super::tables::{Batches, NAMES};

/// The records of W as the engine takes them.
///
/// # Errors
/// A table that does not fit its dataset, or a value that is rejected: W has none such.
pub(crate) fn loaded(checked: &Checked, rows: Rows) -> Result<Data, String> {
    let batches = Batches::new(rows);
    let mut tables = BTreeMap::new();
    for name in NAMES {
        let dataset = checked.framework().datasets.get(name).ok_or("a dataset of W is missing")?;
        let mut fields: Vec<Arc<str>> = Vec::new();
        let mut all = Vec::new();
        for batch in batches.of(name) {
            let batch = batch.map_err(|why| why.to_string())?;
            let binding = bind(batch.schema_ref(), dataset).map_err(|why| why.to_string())?;
            fields = binding.fields.iter().map(|field| Arc::clone(&field.name)).collect();
            let first = u32::try_from(all.len() + 1).map_err(|why| why.to_string())?;
            let (rows, rejects) = records(name, &batch, &binding, first).map_err(|why| why.to_string())?;
            if let Some(reject) = rejects.first() {
                return Err(format!("{name}: {reject:?}"));
            }
            all.extend(rows);
        }
        tables.insert(name.to_owned(), Table { fields, rows: all, cover: Cover::UNLIMITED });
    }
    let one = Return {
        name: "region".to_owned(),
        kind: "region-return".to_owned(),
        area: "region".to_owned(),
        reference_date: None,
        serial: None,
        made_at: None,
        submission: Submission::default(),
        truncated: false,
        tables,
    };
    Ok(Data { returns: vec![one] })
}
