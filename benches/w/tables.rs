//! The tables of W as Arrow batches, in memory and as files of the Arrow IPC format.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::types::UInt8Type;
use arrow_array::{ArrayRef, Date32Array, DictionaryArray, Int64Array, RecordBatch, StringArray, UInt8Array};
use arrow_buffer::{NullBuffer, ScalarBuffer};
use arrow_ipc::writer::FileWriter;
use arrow_schema::ArrowError;

use super::data::{AREAS, BLANK, ETHNICITIES, Episodes, Journeys, Maker, Plans, Rows, UNKNOWN_MILES};

/// Rows in one batch.
const BATCH: usize = 1 << 16;

/// The seed of every table.
pub(crate) const SEED: u64 = 5;

/// The names of the tables, in the order in which they are made.
pub(crate) const NAMES: [&str; 3] = ["journey", "plan", "episode"];

/// Turns columns into batches; holds the dictionaries that all batches share.
#[derive(Debug)]
pub(crate) struct Batches {
    maker: Maker,
    rows: Rows,
    areas: ArrayRef,
    ethnicities: ArrayRef,
}

impl Batches {
    pub(crate) fn new(rows: Rows) -> Self {
        let areas: StringArray = (1..=AREAS).map(|area| Some(format!("A{area:03}"))).collect();
        let ethnicities: StringArray = ETHNICITIES.iter().map(|(code, _)| Some(*code)).collect();
        Self {
            maker: Maker::new(rows, SEED),
            rows,
            areas: Arc::new(areas),
            ethnicities: Arc::new(ethnicities),
        }
    }

    /// The batches of a table, one at a time.
    pub(crate) fn of(&self, name: &str) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
        let count = match name {
            "journey" => self.rows.journeys,
            "plan" => self.rows.plans,
            _ => self.rows.episodes,
        };
        (0..count.div_ceil(BATCH)).map(move |batch| {
            let rows = batch * BATCH..((batch + 1) * BATCH).min(count);
            match name {
                "journey" => self.journeys(self.maker.journeys(rows)),
                "plan" => self.plans(self.maker.plans(rows)),
                _ => self.episodes(self.maker.episodes(rows)),
            }
        })
    }

    fn journeys(&self, of: Journeys) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_from_iter([
            ("area", coded(of.area, &self.areas)?),
            ("child", whole(of.child)),
            ("ethnicity", coded(of.ethnicity, &self.ethnicities)?),
            ("referral_date", days(of.referral)),
            ("previous_referral_date", days(of.previous)),
            ("assessment_date", days(of.assessment)),
            ("s47_start", days(of.s47)),
            ("icpc_date", days(of.conference)),
        ])
    }

    fn plans(&self, of: Plans) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_from_iter([
            ("area", coded(of.area, &self.areas)?),
            ("child", whole(of.child)),
            ("ethnicity", coded(of.ethnicity, &self.ethnicities)?),
            ("plan_start", days(of.start)),
            ("plan_end", days(of.end)),
            ("latest_review_date", days(of.review)),
            ("previous_plans", Arc::new(UInt8Array::from(of.before))),
        ])
    }

    fn episodes(&self, of: Episodes) -> Result<RecordBatch, ArrowError> {
        let known: NullBuffer = of.miles.iter().map(|miles| *miles != UNKNOWN_MILES).collect();
        let miles = UInt8Array::new(ScalarBuffer::from(of.miles), Some(known));
        RecordBatch::try_from_iter([
            ("area", coded(of.area, &self.areas)?),
            ("child", whole(of.child)),
            ("ethnicity", coded(of.ethnicity, &self.ethnicities)?),
            ("placement_start", days(of.start)),
            ("placement_end", days(of.end)),
            ("miles_from_home", Arc::new(miles) as ArrayRef),
        ])
    }

    /// Writes each table as a file of its own, unless it is there.
    ///
    /// # Errors
    /// A folder or file that cannot be written.
    pub(crate) fn write(&self, folder: &Path) -> Result<(), String> {
        std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        for name in NAMES {
            let path = path(folder, name);
            if path.is_file() {
                continue;
            }
            // Under its name it is whole: a run that was stopped leaves another name behind.
            let half = path.with_extension("half");
            self.write_one(name, &half).map_err(|why| format!("{}: {why}", half.display()))?;
            std::fs::rename(&half, &path).map_err(|why| format!("{}: {why}", path.display()))?;
        }
        Ok(())
    }

    fn write_one(&self, name: &str, path: &Path) -> Result<(), ArrowError> {
        let mut batches = self.of(name).peekable();
        let schema = match batches.peek() {
            Some(Ok(first)) => first.schema(),
            _ => return Err(ArrowError::InvalidArgumentError(format!("no rows of {name}"))),
        };
        let mut writer = FileWriter::try_new(BufWriter::new(File::create(path)?), &schema)?;
        for batch in batches {
            writer.write(&batch?)?;
        }
        writer.finish()
    }
}

/// The file of a table.
pub(crate) fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.arrow"))
}

fn coded(keys: Vec<u8>, values: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let coded = DictionaryArray::<UInt8Type>::try_new(UInt8Array::from(keys), Arc::clone(values))?;
    Ok(Arc::new(coded))
}

fn whole(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::from(values))
}

fn days(values: Vec<i32>) -> ArrayRef {
    let nulls =
        values.contains(&BLANK).then(|| values.iter().map(|day| *day != BLANK).collect::<NullBuffer>());
    Arc::new(Date32Array::new(ScalarBuffer::from(values), nulls))
}
