//! Local spellings of codes: a file of them, and a list of what no code was found for.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use staysafe::check::check_aliases;
use staysafe::definition::alias::{AliasTable, nearest_code};
use staysafe::definition::framework::Framework;
use staysafe::definition::read::read_aliases;
use staysafe::diagnostic::{Format, render};
use staysafe::record::Reject;

use crate::notes::UNKNOWN_CODE;

/// Why a file of local spellings cannot be used: every finding with its place, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasError {
    text: String,
}

impl fmt::Display for AliasError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text.trim_end())
    }
}

impl std::error::Error for AliasError {}

/// Reads a file of local spellings, a table to a code set, and adds it to those of the framework.
///
/// # Errors
/// When the file cannot be read, is no TOML, names a code or a code set that there is not, says two things of one spelling,
/// or writes one twice; also where the framework's own spellings say so of it.
///
/// # Example
/// ```no_run
/// use staysafe::definition::read::read;
/// use staysafe_io::{ReadOptions, Registers, read_alias_file, read_returns};
/// let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
/// let aliases = read_alias_file("aliases.toml".as_ref(), &framework)?;
/// let registers = Registers::of(&framework).with_aliases(aliases);
/// let options = ReadOptions { registers: Some(registers), ..ReadOptions::default() };
/// # Ok::<(), staysafe_io::AliasError>(())
/// ```
pub fn read_alias_file(
    path: &Path,
    framework: &Framework,
) -> Result<BTreeMap<String, AliasTable>, AliasError> {
    let name = path.display().to_string().replace('\\', "/");
    let text = fs::read_to_string(path).map_err(|error| {
        let help = "give a TOML file in UTF-8: [ethnicity], and below it \"White - British\" = \"WBRI\"";
        AliasError {
            text: format!("{name}: the file of local spellings cannot be read: {error}\n  help: {help}"),
        }
    })?;
    let (own, mut findings) = read_aliases(&name, &text);
    let mut all = framework.aliases.clone();
    for (set, table) in own {
        match all.get_mut(&set) {
            Some(held) => held.spellings.extend(table.spellings),
            None => {
                all.insert(set, table);
            }
        }
    }
    findings.extend(check_aliases(&all, &framework.code_sets));
    if findings.is_empty() {
        return Ok(all);
    }
    let mut sources = framework.files.clone();
    sources.insert(Arc::from(name.as_str()), Arc::from(text.as_str()));
    Err(AliasError { text: render(&findings, &sources, Format::Full) })
}

/// A value that is no code of its set, and that no alias table reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unmapped {
    /// The code set.
    pub codes: String,
    /// The dataset.
    pub dataset: String,
    /// The column or element, as the file names it.
    pub element: String,
    /// The value as the file gives it. It may be personal: mask it unless it is asked for.
    pub value: String,
    /// How often it stands there.
    pub times: u64,
    /// The code that it comes nearest to, where one is near.
    pub nearest: Option<String>,
}

/// What no code was found for among rejects: each value once, with how often it stands there and the nearest code; in
/// order of code set, dataset, column and value.
///
/// # Example
/// ```
/// use staysafe::definition::read::read;
/// use staysafe_io::{ReadOptions, read_ssda903, unmapped};
/// let (framework, _) = read(staysafe_lscb::FILES.iter().copied());
/// let reviews = "CHILD,DOB,REVIEW,REVIEW_CODE\n1,,2018-01-05,PN11\n2,,2018-01-06,PN11\n";
/// let options = ReadOptions { area: Some("805".into()), year: Some(2018), ..ReadOptions::default() };
/// let read = read_ssda903("903", [("reviews.csv", reviews.as_bytes())], &options)?;
/// let found = unmapped(&read.rejects, &framework);
/// assert_eq!((found[0].codes.as_str(), found[0].times), ("participation", 2));
/// assert_eq!(found[0].nearest.as_deref(), Some("PN1"));
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn unmapped(rejects: &[Reject], framework: &Framework) -> Vec<Unmapped> {
    let mut counts: BTreeMap<(&str, &str, &str, &str), u64> = BTreeMap::new();
    for reject in rejects.iter().filter(|reject| reject.code == UNKNOWN_CODE) {
        let Some(codes) = reject.codes.as_deref() else { continue };
        let dataset = reject.dataset.as_deref().unwrap_or_default();
        *counts.entry((codes, dataset, &reject.element, &reject.value)).or_insert(0) += reject.times;
    }
    let found = counts.into_iter().map(|((codes, dataset, element, value), times)| {
        let near = framework.code_sets.get(codes).and_then(|set| nearest_code(set, value));
        Unmapped {
            codes: codes.to_owned(),
            dataset: dataset.to_owned(),
            element: element.to_owned(),
            value: value.to_owned(),
            times,
            nearest: near.map(|near| near.code.value.clone()),
        }
    });
    found.collect()
}
