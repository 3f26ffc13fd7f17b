//! Reading returns from files and folders of any number, each recognised by what is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use chrono::NaiveDate;
use serde::Serialize;
use staysafe::calculate::partner_counts;
use staysafe::check::Checked;
use staysafe::definition::framework::{Area, Framework};
use staysafe::diagnostic::nearest;
use staysafe::period::Period;
use staysafe::record::{Cover, Data, Lost, PARTNER_COUNT, Profile, Reject, Return, Status};

use crate::census::{Account, ReadReturn, read_census};
use crate::error::{FaultKind, FileFault, ReadError};
use crate::inputs::{Input, Inputs, Later, LookedAfter, Register, inputs, unreadable};
use crate::pattern::Pattern;
use crate::registers::{self, REGISTER, Registers};
use crate::ssda903::{AREAS_NOT_COMPARED, read_ssda903};

/// The return whose area and year may be given.
const SSDA903: &str = "ssda903";

/// How returns are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Refuse a file that ends in the middle, instead of reading the whole children before that. Figures from
    /// part of a census are too low: those that are read are marked *partly reported*, every one.
    pub refuse_truncated: bool,
    /// The returning authority, for returns that do not name it.
    pub area: Option<String>,
    /// The year to 31 March of which a return speaks, for returns that do not name it: 2018 is 2017-18.
    pub year: Option<i32>,
    /// How the folders below a folder given say whose a file is and of which year.
    pub pattern: Option<Pattern>,
    /// The datasets that are read from tables and workbooks of their own; without it only national returns are.
    pub registers: Option<Registers>,
    /// The agency that filled a register in, where it does not say.
    pub agency: Option<String>,
    /// The period of which a register speaks, where it does not say.
    pub period: Option<Period>,
    /// Whether its agency may still change a register, where it does not say.
    pub status: Option<Status>,
    /// The day on which extracts were made (the lists of an Annex A), where they do not say it.
    pub extracted: Option<NaiveDate>,
}

/// Returns that were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Returns {
    /// The records, in the order of the files given.
    pub data: Data,
    /// What each return holds, in the same order.
    pub profiles: Vec<Profile>,
    /// What could not be used, of all returns. Values may be personal.
    pub rejects: Vec<Reject>,
    /// What a reader of the figures should know.
    pub notices: Vec<Notice>,
    /// The headers' elements as the files give them, in the same order.
    pub headers: Vec<BTreeMap<String, String>>,
    /// What became of each element of the files, in the same order.
    pub accounts: Vec<Account>,
    /// Registers that could not be used at all, each with how to mend it: the others were read.
    pub refused: Vec<FileFault>,
    /// Hash of the records: the same for the same records in the same order, whatever their files are called.
    pub fingerprint: String,
}

impl Returns {
    /// The notices as they are told: what is to be known of several files alike stands once, beside the first of them.
    pub fn notices_told(&self) -> Vec<Notice> {
        let mut told: Vec<(Notice, usize)> = Vec::new();
        for notice in &self.notices {
            let same = |(other, _): &&mut (Notice, usize)| {
                (&other.code, &other.message) == (&notice.code, &notice.message)
            };
            match told.iter_mut().find(same) {
                Some((_, more)) => *more += 1,
                None => told.push((notice.clone(), 0)),
            }
        }
        let name = |(notice, more): (Notice, usize)| match more {
            0 => notice,
            1 => Notice { name: format!("{} and 1 more file", notice.name), ..notice },
            more => Notice { name: format!("{} and {more} more files", notice.name), ..notice },
        };
        told.into_iter().map(name).collect()
    }

    /// These returns and others beside them, as if all had been read at once: a register beside a census, say.
    ///
    /// What belongs together is decided when figures are worked out, as for returns that were read together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.data.returns.extend(other.data.returns);
        self.profiles.extend(other.profiles);
        self.rejects.extend(other.rejects);
        self.notices.extend(other.notices);
        self.headers.extend(other.headers);
        self.accounts.extend(other.accounts);
        self.refused.extend(other.refused);
        self.fingerprint = staysafe::record::fingerprint(&self.data);
        self
    }
}

/// Something that a reader of the figures should know about a file that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Notice {
    /// The file.
    pub name: String,
    /// A stable kebab-case code.
    pub code: String,
    /// What it is, in a sentence without a full stop.
    pub message: String,
}

impl Notice {
    pub(crate) fn new(name: &str, code: &str, message: impl Into<String>) -> Self {
        Self { name: name.to_owned(), code: code.to_owned(), message: message.into() }
    }
}

/// Reads returns from files and folders. What each file is, is told from its content; its name helps only where
/// the content says nothing.
///
/// Each children in need census is a return, and so is each looked-after return in XML. The tables of a looked-after children return are one return together:
/// those of a folder, and those that are named one by one, for each folder they lie in. With
/// [`ReadOptions::pattern`] the folders below a folder given are returns of their own.
///
/// # Errors
/// When any file is refused: the error names every such file, with what it is and how to mend it. A file
/// that can be read with oddities is not refused: they are in [`Returns::rejects`]. What lies in a folder and is
/// no return is passed over, and said in [`Returns::notices`].
///
/// # Example
/// ```no_run
/// use staysafe_io::{ReadOptions, read_returns};
/// let options = ReadOptions { year: Some(2018), area: Some("E06000001".into()), ..ReadOptions::default() };
/// let returns = read_returns(&["cin-2018.xml", "ssda903"], &options)?;
/// for profile in &returns.profiles {
///     println!("{}: {} values rejected", profile.name, profile.rejected_values);
/// }
/// # Ok::<(), staysafe_io::ReadError>(())
/// ```
pub fn read_returns<P: AsRef<Path>>(paths: &[P], options: &ReadOptions) -> Result<Returns, ReadError> {
    let Inputs { found, notices, mut faults } = inputs(paths, options);
    let mut reads = Vec::new();
    let mut refused = Vec::new();
    for input in found {
        let partner = matches!(input, Input::Register(_));
        match read_one(input, options) {
            Ok(read) => reads.extend(read),
            // One partner's wrong file must not keep the board from everybody else's.
            Err(error) if partner => refused.extend(error.faults),
            Err(error) => faults.extend(error.faults),
        }
    }
    if !faults.is_empty() || reads.is_empty() {
        faults.extend(refused);
        return Err(ReadError { faults });
    }
    let mut returns = Returns::collect(reads);
    returns.refused = refused;
    returns.notices.splice(0..0, notices);
    Ok(returns)
}

impl Returns {
    /// Settles what only a framework can: [areas by its codes](Self::resolve_areas), nil returns that its register of
    /// returns asked for declares, and rows of registers that name records which nobody gave.
    ///
    /// # Errors
    /// As for [`Self::resolve_areas`].
    pub fn settle(&mut self, framework: &Framework) -> Result<(), ReadError> {
        self.resolve_areas(framework)?;
        let registers = Registers::of(framework);
        for of in registers::declared(&registers, &self.data) {
            let words = "the register of returns asked for declares it; no file came, and none is needed";
            self.notices.push(Notice::new(&of.name, "nil-declared", words));
            let cover = of.tables.values().next().map_or(Cover::YEAR_UNKNOWN, |table| table.cover);
            self.profiles.push(registers.profile(&of, &[], cover));
            self.headers.push(BTreeMap::from([
                (REGISTER.to_owned(), of.kind.clone()),
                ("area".to_owned(), of.area.clone()),
                ("nil".to_owned(), "yes".to_owned()),
            ]));
            self.accounts.push(Account::default());
            self.data.returns.push(of);
        }
        let authority = |of: &Return| {
            let area = of.reference_date.and_then(|day| framework.area_on(&of.area, day));
            area.map_or_else(|| of.area.clone(), |area| area.code.value.clone())
        };
        let authorities: Vec<String> = self.data.returns.iter().map(authority).collect();
        let is_register: Vec<bool> =
            self.headers.iter().map(|header| header.contains_key(REGISTER)).collect();
        self.notices.extend(registers::unknown_records(&registers, &self.data, &authorities, &is_register));
        self.fingerprint = staysafe::record::fingerprint(&self.data);
        Ok(())
    }

    /// Lists the [counts of partners](partner_counts) that cannot be used among the rejects: an indicator that nobody
    /// knows, more than all of a share, two rows that differ. A code of an area that the framework does not list is kept, as
    /// it is of a return, and said.
    pub fn reject_counts(&mut self, checked: &Checked) {
        let counts = partner_counts(checked, &self.data);
        let framework = checked.framework();
        let unlisted: BTreeSet<(String, String)> = (counts.entries.into_iter())
            .filter(|entry| !framework.areas.is_empty() && framework.keeps_as_given(&entry.area))
            .map(|entry| (entry.name, entry.area))
            .collect();
        let is_said =
            |name: &str, area: &str| self.data.returns.iter().any(|of| of.name == *name && of.area == *area);
        let told: Vec<(String, String)> =
            unlisted.into_iter().filter(|(name, area)| !is_said(name, area)).collect();
        for (name, area) in told {
            let message = format!(
                "no area of the framework goes by '{area}'; its counts are kept as given, under that code alone; see whether it \
                 is the code of the authority that is meant"
            );
            self.notices.push(Notice::new(&name, "unknown-area", message));
        }
        for fault in counts.faults {
            self.rejects.push(Reject {
                name: fault.name,
                record: fault.record,
                line: None,
                dataset: Some(PARTNER_COUNT.to_owned()),
                element: fault.field,
                value: String::new(),
                personal: false,
                code: fault.code,
                message: fault.message,
                lost: Lost::Record,
                codes: None,
                times: 1,
            });
        }
    }

    /// Names the area of each return that did not name its own by the framework's code: `805` becomes `E06000001`.
    ///
    /// An alias is looked up on the last day of the return's year; without a year it must mean one area on any day.
    /// A code of the right shape that the framework does not know is kept, and said. A register of an area that there is
    /// not is left out, and said in [`Self::refused`].
    ///
    /// # Errors
    /// When the framework has areas, and what was given is none of them and no code, or the area was not there.
    pub fn resolve_areas(&mut self, framework: &Framework) -> Result<(), ReadError> {
        if framework.areas.is_empty() {
            return Ok(());
        }
        let (mut faults, mut refused) = (Vec::new(), Vec::new());
        let returns = self.data.returns.iter_mut().zip(&mut self.profiles).zip(&self.headers);
        let named_by_hand = |of: &Return, header: &BTreeMap<String, String>| {
            of.kind == SSDA903 || header.contains_key(REGISTER)
        };
        for ((of, profile), header) in returns.filter(|((of, _), header)| named_by_hand(of, header)) {
            if let Some(said) = header.get("LEA").filter(|said| **said != of.area) {
                let codes = [said, &of.area].map(|area| code(framework, area, of.reference_date).ok());
                if !matches!(&codes, [Some(said), Some(given)] if said == given) {
                    let message = format!(
                        "the file says that it is of authority {said}, and {} was given, which is another",
                        of.area
                    );
                    let help = "leave the area out, or give the file of that authority";
                    faults.push(FileFault::new(&of.name, FaultKind::NotGiven, message, help));
                    continue;
                }
                self.notices.retain(|notice| notice.code != AREAS_NOT_COMPARED || notice.name != of.name);
            }
            match code(framework, &of.area, of.reference_date) {
                Ok(code) => {
                    code.clone_into(&mut of.area);
                    code.clone_into(&mut profile.area);
                }
                Err(help) if framework.keeps_as_given(&of.area) => {
                    let message = format!(
                        "no area of the framework goes by '{}'; it is kept as given; {help}",
                        of.area
                    );
                    self.notices.push(Notice::new(&of.name, "unknown-area", message));
                }
                Err(help) => {
                    let message = format!("no area of the framework goes by '{}'", of.area);
                    let fault = FileFault::new(&of.name, FaultKind::NotGiven, message, help);
                    let partner = header.contains_key(REGISTER);
                    if partner { &mut refused } else { &mut faults }.push(fault);
                }
            }
        }
        self.leave_out(refused);
        if self.data.returns.is_empty() {
            faults.append(&mut self.refused);
        }
        self.fingerprint = staysafe::record::fingerprint(&self.data);
        if faults.is_empty() { Ok(()) } else { Err(ReadError { faults }) }
    }

    /// Leaves out registers that cannot be used, each with why; the others stay.
    fn leave_out(&mut self, refused: Vec<FileFault>) {
        let stays: Vec<bool> =
            self.data.returns.iter().map(|of| !refused.iter().any(|fault| fault.file == of.name)).collect();
        if !refused.is_empty() {
            retain(&mut self.data.returns, &stays);
            retain(&mut self.profiles, &stays);
            retain(&mut self.headers, &stays);
            retain(&mut self.accounts, &stays);
        }
        self.refused.extend(refused);
    }

    /// Puts returns that were read one by one together.
    pub fn collect(reads: Vec<ReadReturn>) -> Self {
        let mut all = Self {
            data: Data::default(),
            profiles: Vec::new(),
            rejects: Vec::new(),
            notices: Vec::new(),
            headers: Vec::new(),
            accounts: Vec::new(),
            refused: Vec::new(),
            fingerprint: String::new(),
        };
        for read in reads {
            all.data.returns.push(read.data);
            all.profiles.push(read.profile);
            all.rejects.extend(read.rejects);
            all.notices.extend(read.notices);
            all.headers.push(read.header);
            all.accounts.push(read.account);
        }
        all.fingerprint = staysafe::record::fingerprint(&all.data);
        all
    }
}

/// Keeps what stands at the places that stay.
fn retain<T>(all: &mut Vec<T>, stays: &[bool]) {
    let mut stays = stays.iter();
    all.retain(|_| stays.next().copied().unwrap_or(true));
}

/// Whether any area goes by another code.
fn goes_by_it(framework: &Framework, alias: &str) -> bool {
    framework.areas.values().any(|area| area.aliases.iter().any(|(_, other)| other.value == alias))
}

/// The code of the area that is meant; else what to write instead.
fn code(framework: &Framework, given: &str, on: Option<NaiveDate>) -> Result<String, String> {
    if let Some(on) = on {
        if let Some(area) = framework.area_on(given, on) {
            return Ok(area.code.value.clone());
        }
        if goes_by_it(framework, given) {
            return Err(format!("the area that goes by it was not there on {on}"));
        }
    }
    let goes_by =
        |area: &&Area| area.code.value == given || area.aliases.iter().any(|(_, alias)| alias.value == given);
    let mut found = framework.areas.values().filter(goes_by);
    match (found.next(), found.next()) {
        (Some(area), None) => return Ok(area.code.value.clone()),
        (Some(_), Some(_)) => {
            return Err("several areas go by it, in different years; give its own code".to_owned());
        }
        (None, _) => {}
    }
    let aliases =
        framework.areas.values().flat_map(|area| &area.aliases).map(|(_, alias)| alias.value.as_str());
    let known = framework.areas.keys().map(String::as_str).chain(aliases);
    let near = nearest(given, known).map_or_else(String::new, |near| format!("; did you mean '{near}'"));
    let named = framework.areas.values().find(|area| area.name.value.eq_ignore_ascii_case(given));
    Err(match named {
        Some(area) => format!("give the code of {}: {}", area.name.value, area.code.value),
        None => format!("give an authority's code, as in E06000001, or its three digits, as in 805{near}"),
    })
}

fn read_one(input: Input, options: &ReadOptions) -> Result<Vec<ReadReturn>, ReadError> {
    match input {
        Input::Register(Register { name, files, area, year }) => {
            let Some(of) = &options.registers else { return Ok(Vec::new()) };
            let mut own = options.clone();
            own.area = area.or(own.area);
            own.year = year.or(own.year);
            let mut read = Vec::new();
            for (file, path) in files {
                read.push((file, std::fs::read(path).map_err(|error| unreadable(&name, &error))?));
            }
            match read.as_slice() {
                [(file, bytes)] if *file == name => Ok(registers::read(&name, bytes, of, &own)?),
                several => Ok(registers::read_lists(&name, several, of, &own)?),
            }
        }
        Input::Census { name, path } => {
            let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
            let input = BufReader::with_capacity(64 * 1024, file);
            Ok(vec![read_census(&name, input, options)?])
        }
        Input::LookedAfter(LookedAfter { name, files, area, year }) => {
            let mut own = options.clone();
            agree(&name, "area", area.is_some() && options.area.is_some())?;
            agree(&name, "year", year.is_some() && options.year.is_some())?;
            own.area = area.or(own.area);
            own.year = year.or(own.year);
            let files = files.into_iter().map(|(file, path)| (file, Later::Closed(path)));
            Ok(vec![read_ssda903(&name, files, &own)?])
        }
    }
}

/// What the pattern says and what the caller says may differ; only one of them may say it.
fn agree(name: &str, what: &str, twice: bool) -> Result<(), FileFault> {
    if !twice {
        return Ok(());
    }
    let message = format!("the {what} is given, and the pattern of folders names it as well");
    let help = format!("say it once: leave {what} out, or take {{{what}}} out of the pattern");
    Err(FileFault::new(name, FaultKind::NotGiven, message, help))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_refused_file_is_named_at_once() {
        let error = read_returns(&["no/such/file.xml", env!("CARGO_MANIFEST_DIR")], &ReadOptions::default());
        let error = error.unwrap_err();
        let kinds: Vec<FaultKind> = error.faults.iter().map(|fault| fault.kind).collect();
        assert_eq!(kinds, [FaultKind::NotReadable, FaultKind::Empty]);
        assert!(error.to_string().contains("no return is in this folder"), "{error}");
    }

    #[test]
    fn what_is_to_be_known_of_several_files_is_told_once() {
        let notice = |name: &str, message: &str| Notice::new(name, "unknown-area", message);
        let notices = vec![notice("a", "999"), notice("b", "999"), notice("b", "998"), notice("c", "999")];
        let returns = Returns { notices, ..Returns::collect(Vec::new()) };
        assert_eq!(returns.notices_told(), [notice("a and 2 more files", "999"), notice("b", "998")]);
    }

    #[test]
    fn an_area_is_named_by_the_code_it_has_on_the_day_of_the_return() {
        let (framework, _) = staysafe::definition::read::read(staysafe_lscb::FILES.iter().copied());
        let named = |given: &str, year: Option<i32>| {
            let options = ReadOptions { area: Some(given.to_owned()), year, ..ReadOptions::default() };
            let file: (&str, &[u8]) = ("reviews.csv", b"CHILD,DOB,REVIEW,REVIEW_CODE\n");
            let mut returns = Returns::collect(vec![read_ssda903("903", [file], &options).unwrap()]);
            let before = returns.fingerprint.clone();
            returns.resolve_areas(&framework).map_err(|error| error.to_string())?;
            let of = &returns.data.returns[0];
            assert_eq!(of.area, returns.profiles[0].area);
            assert_eq!(
                before == returns.fingerprint,
                of.area == given,
                "the fingerprint is of the records as they are"
            );
            Ok::<_, String>((
                of.area.clone(),
                returns.notices.iter().any(|notice| notice.code == "unknown-area"),
            ))
        };
        assert_eq!(named("805", Some(2018)), Ok(("E06000001".to_owned(), false)));
        assert_eq!(named("E06000001", None), Ok(("E06000001".to_owned(), false)));
        assert_eq!(named("999", Some(2018)), Ok(("999".to_owned(), true)), "kept, and said");
        assert!(named("hartlepool", Some(2018)).unwrap_err().contains("Hartlepool: E06000001"));
        let shared = framework
            .areas
            .values()
            .find(|area| area.valid_to.is_some() && !area.aliases.is_empty())
            .unwrap();
        let alias = &shared.aliases[0].1.value;
        let last = shared.valid_to.as_ref().unwrap().value;
        let year = chrono::Datelike::year(&last);
        assert_eq!(named(alias, Some(year)).unwrap().0, shared.code.value, "{alias} on {last}");
    }
}
