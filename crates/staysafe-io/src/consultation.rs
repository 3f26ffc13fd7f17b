//! The forms of a consultation: tables that members fill in, and TOML files.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use staysafe::consult::{Fault, Form, Forms, IDEA, LongList};
use toml::{Spanned, Table, Value};

use crate::error::{FaultKind, FileFault, ReadError};

/// The folder of the forms inside a board's folder.
pub(crate) const FOLDER: &str = "consultation";

/// Reads every `.csv` and `.toml` file of the folder `consultation` in a board's folder, in the order of their names.
///
/// A row of a table is an idea; a TOML file has `[[idea]]`, `[[asked]]` and `[[outcome]]`. A file or row that cannot be read is a
/// fault with its line. Files of other names are left alone.
///
/// # Errors
/// Where the folder is not there or cannot be listed.
pub fn read_consultation(board: &Path) -> Result<Forms, ReadError> {
    let folder = board.join(FOLDER);
    let fault = |why: std::io::Error| {
        let help = "make the folder and put the forms that came back into it";
        FileFault::new(&folder.display().to_string(), FaultKind::NotReadable, why.to_string(), help)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).map_err(fault)? {
        paths.push(entry.map_err(fault)?.path());
    }
    paths.sort();
    let mut forms = Forms::default();
    for path in paths {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        let read: fn(&str, &str, &mut Forms) = match ending.to_str() {
            Some("csv") => read_table,
            Some("toml") => read_toml,
            _ => continue,
        };
        let name = format!("{FOLDER}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        match fs::read(&path).map_err(|why| why.to_string()).and_then(|bytes| as_text(&bytes)) {
            Ok(text) => read(&name, &text, &mut forms),
            Err(why) => forms.faults.push(Fault {
                file: name,
                line: 1,
                what: format!("it cannot be read: {why}"),
                help: "save it again, as text in UTF-8".to_owned(),
            }),
        }
    }
    Ok(forms)
}

/// The empty form of the long list as a table: its headings, and nothing to be taken out before it is sent.
///
/// # Example
/// ```
/// assert!(staysafe_io::idea_table().starts_with("title,by,agency,"));
/// ```
pub fn idea_table() -> String {
    IDEA.map(|(heading, _)| heading).join(",") + "\n"
}

/// The empty form of the long list as TOML: each heading with what belongs under it.
///
/// # Example
/// ```
/// assert!(staysafe_io::idea_toml().contains("# your agency; needed\nagency = \"\"\n"));
/// ```
pub fn idea_toml() -> String {
    let line = |(heading, what): (&str, &str)| format!("# {what}\n{heading} = \"\"\n");
    format!("# One [[idea]] for each; copy the block for the next.\n[[idea]]\n{}", IDEA.map(line).concat())
}

/// A draft of an idea that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drafted {
    /// Its file.
    pub path: PathBuf,
    /// Whether it was written; else it was there and was left as it is.
    pub written: bool,
}

/// Writes a draft definition of each idea that was accepted into a folder. A file that is there is left as it is: somebody
/// may have begun to complete it.
///
/// # Errors
/// Where the folder cannot be made, or a file cannot be written.
pub fn write_drafts(list: &LongList, folder: &Path) -> Result<Vec<Drafted>, ReadError> {
    let fault = |path: &Path, why: std::io::Error| {
        let help = "give a folder that can be written to";
        FileFault::new(&path.display().to_string(), FaultKind::NotReadable, why.to_string(), help)
    };
    fs::create_dir_all(folder).map_err(|why| fault(folder, why))?;
    let mut drafted = Vec::new();
    for (id, text) in list.drafts() {
        let path = folder.join(format!("{id}.toml"));
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = match file.and_then(|mut file| file.write_all(text.as_bytes())) {
            Ok(()) => true,
            Err(why) if why.kind() == std::io::ErrorKind::AlreadyExists => false,
            Err(why) => return Err(fault(&path, why).into()),
        };
        drafted.push(Drafted { path, written });
    }
    Ok(drafted)
}

fn as_text(bytes: &[u8]) -> Result<String, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    // Spreadsheets still write Windows-1252.
    let (text, _, damaged) = encoding_rs::WINDOWS_1252.decode(bytes);
    if damaged {
        Err("its characters are neither UTF-8 nor Windows-1252".to_owned())
    } else {
        Ok(text.into_owned())
    }
}

fn read_table(name: &str, text: &str, forms: &mut Forms) {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut fault = |line: u64, what: String, help: &str| {
        forms.faults.push(Fault { file: name.to_owned(), line, what, help: help.to_owned() });
    };
    let headings: Vec<String> = match reader.headers() {
        Ok(headings) => headings.iter().map(heading).collect(),
        Err(why) => {
            return fault(
                1,
                format!("its headings cannot be read: {why}"),
                "begin with the line of headings",
            );
        }
    };
    if !headings.iter().any(|heading| IDEA.iter().any(|(known, _)| heading == known)) {
        let what = format!("none of its headings is one of the form: '{}'", headings.join("', '"));
        return fault(1, what, "use the form that `staysafe consult form` prints; no row was read");
    }
    if let Some(twice) = headings
        .iter()
        .enumerate()
        .find_map(|(place, heading)| headings.get(..place)?.contains(heading).then_some(heading))
    {
        return fault(
            1,
            format!("two columns are headed '{twice}'"),
            "take one of them out; no row was read",
        );
    }
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                let line = why.position().map_or(1, csv::Position::line);
                fault(line, format!("the row cannot be read: {why}"), "mend the row");
                continue;
            }
        };
        let line = record.position().map_or(1, |position| line_from(text, position.byte()));
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > headings.len() {
            let what = format!("the row has {} cells and the headings are {}", record.len(), headings.len());
            fault(line, what, "put a text that has a comma in it between quotation marks");
            continue;
        }
        let cells = headings.iter().zip(record.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        let cells = cells.map(|(heading, cell)| (heading.clone(), cell.to_owned())).collect();
        forms.ideas.push(Form { file: name.to_owned(), line, cells });
    }
}

/// The line of what begins at a byte or after the empty lines that stand there.
fn line_from(text: &str, byte: u64) -> u64 {
    let at = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let before = text.as_bytes().get(..at + empty).unwrap_or_default();
    String::from_utf8_lossy(before).matches('\n').count() as u64 + 1
}

/// Whether a line of a TOML file opens a table or key of a name.
fn names(line: &str, name: &str) -> bool {
    let opened = line.split('=').next().unwrap_or_default();
    opened.trim_matches(['[', ']', ' ', '\t', '"']) == name
}

/// `How often` in a spreadsheet is `how_often`.
fn heading(written: &str) -> String {
    written.trim().to_lowercase().replace([' ', '-'], "_")
}

fn read_toml(name: &str, text: &str, forms: &mut Forms) {
    let line_at = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        before.matches('\n').count() as u64 + 1
    };
    let parsed: BTreeMap<String, Value> = match toml::from_str(text) {
        Ok(parsed) => parsed,
        Err(why) => {
            let line = why.span().map_or(1, |span| line_at(span.start));
            let what = why.message().to_owned();
            let help = "mend the line; nothing of the file was read".to_owned();
            return forms.faults.push(Fault { file: name.to_owned(), line, what, help });
        }
    };
    for kind in parsed.keys().filter(|kind| !["idea", "asked", "outcome"].contains(&kind.as_str())) {
        let help = "a form is [[idea]], [[asked]] or [[outcome]]".to_owned();
        let line = text.lines().position(|line| names(line, kind)).map_or(1, |place| place as u64 + 1);
        forms.faults.push(Fault {
            file: name.to_owned(),
            line,
            what: format!("there is no form '{kind}'"),
            help,
        });
    }
    // A second time, for the lines: what is no list of tables is no form.
    for (kind, into) in
        [("idea", &mut forms.ideas), ("asked", &mut forms.asked), ("outcome", &mut forms.outcomes)]
    {
        let Some(value) = parsed.get(kind) else { continue };
        let Ok(tables) = value.clone().try_into::<Vec<Table>>() else {
            forms.faults.push(Fault {
                file: name.to_owned(),
                line: 1,
                what: format!("'{kind}' is no list of forms"),
                help: format!("write [[{kind}]]"),
            });
            continue;
        };
        let lines = lines_of(text, kind);
        for (place, table) in tables.iter().enumerate() {
            let line = lines.get(place).map_or(1, |at| line_at(*at));
            let cells = table.iter().map(|(key, value)| (key.clone(), words(value))).collect();
            into.push(Form { file: name.to_owned(), line, cells });
        }
    }
}

/// Where each table of a list begins.
fn lines_of(text: &str, kind: &str) -> Vec<usize> {
    let spanned: Result<BTreeMap<String, Vec<Spanned<Table>>>, _> = toml::from_str(text);
    let tables = spanned.ok().and_then(|mut lists| lists.remove(kind)).unwrap_or_default();
    tables.iter().map(|table| table.span().start).collect()
}

/// A value as it would be written in a cell; of several, with semicolons between.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}
