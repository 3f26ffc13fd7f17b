//! Every measure of the shipped framework that a children in need census feeds, on the census of a synthetic council: the four
//! quarters of its year, and the year.

use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use arrow_ipc::writer::FileWriter;
use staysafe::check::{Checked, check};
use staysafe::definition::read::read;
use staysafe::period::{Period, PeriodKind};
use staysafe::plan::{Plan, Request, plan};
use staysafe::record::{Data, Return, Table};
use staysafe::result::{Partial, Partials, State};
use staysafe::value::{Datum, Type, Value};
use staysafe_arrow::{Loaded, Loading};
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};

use super::data::counted;
use super::days::DayTable;
use super::definitions::periods;

/// The measures that are in. Of the framework's other measures a census feeds none; those of the looked-after return and of
/// the registers are not in.
pub(crate) const MEASURES: [&str; 42] = [
    "cs-06",
    "cs-07",
    "cs-09",
    "cs-10",
    "cs-14",
    "cs-15",
    "cs-16",
    "cs-17",
    "ctx-assessment-45",
    "ctx-assessments-authorised",
    "ctx-cin-episodes-open",
    "ctx-cin-open",
    "ctx-cin-plans-ended",
    "ctx-cin-plans-open",
    "ctx-cin-plans-started",
    "ctx-closures",
    "ctx-conference-dates",
    "ctx-disability",
    "ctx-factor-domestic-abuse",
    "ctx-factor-exploitation",
    "ctx-factor-parental-mental-health",
    "ctx-factor-substances",
    "ctx-factors",
    "ctx-icpc",
    "ctx-icpc-without-s47",
    "ctx-nfa",
    "ctx-plans-ended-children",
    "ctx-plans-open-episodes",
    "ctx-plans-started-children",
    "ctx-primary-need",
    "ctx-re-referrals-12m",
    "ctx-referral-source",
    "ctx-referrals",
    "ctx-referrals-assessed",
    "ctx-reviews-held",
    "ctx-s47",
    "ctx-s47-no-conference",
    "nsdu-02",
    "rev-01",
    "rev-02",
    "rev-04",
    "rev-05",
];

/// The shipped framework.
///
/// # Errors
/// Where it does not check.
pub(crate) fn framework() -> Result<Checked, String> {
    let (framework, _) = read(staysafe_lscb::FILES.iter().map(|(path, text)| (*path, *text)));
    let (checked, findings) = check(framework);
    checked.ok_or_else(|| format!("the shipped framework: {findings:?}"))
}

/// The census of a council of so many children, as it is made, in memory at no time.
///
/// # Errors
/// A census that is not read.
pub(crate) fn census(children: usize) -> Result<Data, String> {
    let options = Options { children: children as u64, ..Options::default() };
    let (reader, writer) = std::io::pipe().map_err(|why| why.to_string())?;
    std::thread::scope(|scope| {
        let made = scope.spawn(move || {
            let mut out = BufWriter::new(writer);
            council(&options, &mut out)?;
            out.flush()
        });
        let read = read_census("cin.xml", BufReader::new(reader), &ReadOptions::default())
            .map_err(|why| why.to_string());
        made.join().map_err(|_| "the council was not made")?.map_err(|why| why.to_string())?;
        Ok(Data { returns: vec![read?.data] })
    })
}

/// The four quarters of the council's year, and the year.
///
/// # Errors
/// Never, for the year of a synthetic council.
pub(crate) fn asked() -> Result<Vec<Period>, String> {
    let year = Period::financial_year(Options::default().year - 1).map_err(|why| why.to_string())?;
    let mut asked = year.parts(PeriodKind::Quarter).ok_or("a year has quarters")?;
    asked.push(year);
    Ok(asked)
}

/// The plan of the measures that are in.
///
/// # Errors
/// Why there is none.
pub(crate) fn planned(checked: &Checked) -> Result<Plan, String> {
    let indicators = MEASURES.iter().map(|id| (*id).to_owned()).collect();
    let request = Request { indicators, periods: asked()?, ..Request::default() };
    plan(checked, &request).map_err(|why| why.to_string())
}

/// A line for each figure, in order: indicator, category, period, numerator, denominator. Categories that nothing is in are left
/// out.
///
/// # Errors
/// A state that none of the measures has.
pub(crate) fn lines(partials: &Partials) -> Result<String, String> {
    let mut lines = Vec::new();
    for partial in &partials.partials {
        let Partial { indicator, period, .. } = partial;
        match &partial.state {
            State::Counted { numerator, denominator } => {
                let denominator = denominator.map_or_else(String::new, |count| count.to_string());
                lines.push(format!("{indicator}\t\t{period}\t{numerator}\t{denominator}"));
            }
            State::Totals(of) => {
                let [above, below] = [of.numerator, of.denominator].map(|exact| exact.to_places(0));
                lines.push(format!("{indicator}\t\t{period}\t{above}\t{below}"));
            }
            State::Categories(categories) => {
                for (category, count) in categories.iter().filter(|(_, count)| **count > 0) {
                    lines.push(format!("{indicator}\t{category}\t{period}\t{count}\t"));
                }
            }
            other => return Err(format!("{indicator} in {period}: {other:?}")),
        }
    }
    lines.sort();
    Ok(lines.join("\n") + "\n")
}

/// Writes the census as tables, with what programs in Python want to know beside them.
///
/// # Errors
/// A file that cannot be written, or a value that no column can hold.
pub(crate) fn lay_out(children: usize, folder: &Path) -> Result<(), String> {
    let done = folder.join("year");
    if done.is_file() && folder.join(RETURN).is_file() {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let checked = framework()?;
    let data = census(children)?;
    for (id, table) in data.returns.iter().flat_map(|of| &of.tables) {
        let path = folder.join(format!("{id}.arrow"));
        let batch = batch(&checked, id, table)?;
        let written = std::fs::File::create(&path).map_err(Into::into).and_then(|file| {
            let mut writer = FileWriter::try_new(BufWriter::new(file), &batch.schema())?;
            writer.write(&batch)?;
            writer.finish()
        });
        written.map_err(|why| format!("{}: {why}", path.display()))?;
    }
    let put = |path: &Path, text: String| std::fs::write(path, text).map_err(|why| why.to_string());
    let shell = data.returns.first().map(without_rows).ok_or("the census is no return")?;
    put(&folder.join(RETURN), serde_json::to_string(&shell).map_err(|why| why.to_string())?)?;
    put(&folder.join("days.csv"), DayTable::new(&periods(40)?)?.text())?;
    put(&done, (Options::default().year - 1).to_string())
}

/// What the return is of, and what its tables speak for.
const RETURN: &str = "return.json";

fn without_rows(of: &Return) -> Return {
    let table = |table: &Table| Table { fields: table.fields.clone(), rows: Vec::new(), cover: table.cover };
    let tables = of.tables.iter().map(|(id, of)| (id.clone(), table(of))).collect();
    Return {
        tables,
        name: of.name.clone(),
        kind: of.kind.clone(),
        area: of.area.clone(),
        submission: of.submission.clone(),
        ..*of
    }
}

/// The census as it was written, in columns: no record is made of it again.
///
/// # Errors
/// A file that cannot be read, or holds what its dataset does not.
pub(crate) fn loaded(checked: &Checked, folder: &Path) -> Result<Loaded, String> {
    let said = |path: &Path, why: &dyn std::fmt::Display| format!("{}: {why}", path.display());
    let path = folder.join(RETURN);
    let text = std::fs::read_to_string(&path).map_err(|why| said(&path, &why))?;
    let shell: Return = serde_json::from_str(&text).map_err(|why| said(&path, &why))?;
    let mut loading = Loading::new(checked.framework());
    loading.begin(without_rows(&shell));
    for (id, table) in &shell.tables {
        let path = folder.join(format!("{id}.arrow"));
        let file = std::fs::File::open(&path).map_err(|why| said(&path, &why))?;
        let batches = FileReader::try_new(BufReader::new(file), None).map_err(|why| said(&path, &why))?;
        let schema = batches.schema();
        let rejects = loading.table(id, table.cover, &schema, batches).map_err(|why| said(&path, &why))?;
        if let Some(reject) = rejects.first() {
            return Err(format!("{id}: {reject:?}"));
        }
    }
    loading.finish().map_err(|why| why.to_string())
}

fn batch(checked: &Checked, id: &str, table: &Table) -> Result<RecordBatch, String> {
    let dataset = checked.framework().datasets.get(id).ok_or_else(|| format!("no dataset {id}"))?;
    let mut columns: Vec<(&str, ArrayRef)> = Vec::new();
    for (at, name) in table.fields.iter().enumerate() {
        let field = dataset.fields.iter().find(|field| field.name.value == **name).ok_or("no such field")?;
        let values = || table.rows.iter().map(move |row| row.values.get(at).and_then(known));
        if table
            .rows
            .iter()
            .any(|row| matches!(row.values.get(at), Some(Datum::Rejected | Datum::Suppressed)))
        {
            return Err(format!("{id}.{name} holds what a column cannot"));
        }
        let column: ArrayRef = match field.ty.value {
            Type::Date => Arc::new(Date32Array::from_iter(values().map(|value| match value {
                Some(Value::Date(day)) => Some(counted(*day)),
                _ => None,
            }))),
            Type::Int => Arc::new(Int64Array::from_iter(values().map(|value| match value {
                Some(Value::Int(number)) => Some(*number),
                _ => None,
            }))),
            Type::Bool => Arc::new(BooleanArray::from_iter(values().map(|value| match value {
                Some(Value::Bool(yes)) => Some(*yes),
                _ => None,
            }))),
            Type::Text => Arc::new(StringArray::from_iter(values().map(|value| match value {
                Some(Value::Text(text)) => Some(text.to_string()),
                _ => None,
            }))),
            Type::Decimal => return Err(format!("{id}.{name} is a number with decimals")),
        };
        columns.push((name, column));
    }
    RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
        .map_err(|why| why.to_string())
}

fn known(datum: &Datum) -> Option<&Value> {
    match datum {
        Datum::Known(value) => Some(value),
        _ => None,
    }
}
