//! The files of a board's folder.

mod account;
mod gathering;
mod meeting;
mod said;

use std::sync::Arc;

pub use gathering::every_word;

use toml::de::DeTable;

use super::file::File;
use super::syntax::readable;
use crate::definition::board::{Board, Priority};
use crate::definition::framework::Framework;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity, Span, Spanned, nearest};

/// The file that holds the data gathering plan.
pub const PLAN_FILE: &str = "plan.toml";

const FILES: &[&str] =
    &[PLAN_FILE, "task-group.toml", "meetings.toml", "priorities.toml", "commentary.toml", "challenges.toml"];

/// Reads the files of a board's folder: paths and texts, told by their names.
///
/// Indicators that the framework does not know are errors; agencies and datasets that it does not know are
/// warnings, for a plan may ask for what no definition needs yet. A file with an error says nothing: nothing is
/// decided from half of it. A file of another name is left to whoever reads it, unless the name looks like a slip.
///
/// # Example
/// ```
/// use staysafe::definition::framework::Framework;
/// use staysafe::definition::read::read_board;
///
/// let text = "[[challenge]]\nid = \"c1\"\nraised = 2010-06-24\nto = \"Children's Trust\"\n\
///             question = \"Why are visits late?\"\ndue = 2010-09-01\n";
/// let (board, found) = read_board([("board/challenges.toml", text)], &Framework::default());
/// assert!(found.is_empty());
/// assert_eq!(board.challenges[0].to, "Children's Trust");
/// ```
pub fn read_board(
    files: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    framework: &Framework,
) -> (Board, Diagnostics) {
    let (mut board, mut found) = (Board::default(), Diagnostics::new());
    let (mut challenged, mut damaged) = (Vec::new(), false);
    for (path, text) in files {
        let (path, text): (Arc<str>, &str) = (path.as_ref().replace('\\', "/").into(), text.as_ref());
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        if !FILES.contains(&name.as_str()) {
            found.extend(slip(&path, &name));
            continue;
        }
        let readable = readable(&path, text);
        let (table, _) = DeTable::parse_recoverable(&readable.text);
        let file = File::new(Arc::clone(&path), text, readable.broken, readable.found);
        let mut read = Board::default();
        let mut named = Vec::new();
        match name.as_str() {
            PLAN_FILE => read.plan = Some(gathering::plan(&file, table.get_ref(), framework)),
            "task-group.toml" => {
                read.task_group = gathering::task_group(&file, table.get_ref(), framework);
            }
            "meetings.toml" => read.meetings = Some(meeting::meetings(&file, table.get_ref(), framework)),
            "priorities.toml" => read.priorities = account::priorities(&file, table.get_ref(), framework),
            "commentary.toml" => read.commentary = account::commentary(&file, table.get_ref(), framework),
            _ => (read.challenges, named) = account::challenges(&file, table.get_ref(), framework),
        }
        let of_file = file.into_found();
        if of_file.has_errors() {
            damaged |= name == "priorities.toml";
        } else {
            challenged.extend(named);
            take(&mut board, read);
        }
        found.extend(of_file);
    }
    if !damaged {
        found.extend(unknown_priorities(&challenged, &board.priorities));
    }
    found.sort();
    (board, found)
}

/// What one file said, beside what the others did.
fn take(board: &mut Board, read: Board) {
    board.plan = board.plan.take().or(read.plan);
    board.task_group = board.task_group.take().or(read.task_group);
    board.meetings = board.meetings.take().or(read.meetings);
    board.priorities.extend(read.priorities);
    board.commentary.extend(read.commentary);
    board.challenges.extend(read.challenges);
}

/// A name that looks like that of a board's file and is not.
fn slip(path: &Arc<str>, name: &str) -> Diagnostics {
    let Some(near) = nearest(name, FILES.iter().copied()) else { return Diagnostics::new() };
    let place = Span { file: Arc::clone(path), start: 0, end: 0 };
    let mut finding =
        Diagnostic::new(Code::UnknownFile, place, format!("`{name}` is not a file of a board's folder"))
            .help(format!("did you mean `{near}`? The file was not read"));
    finding.severity = Severity::Warning;
    Diagnostics::from(finding)
}

fn unknown_priorities(challenged: &[Spanned<String>], priorities: &[Priority]) -> Diagnostics {
    let mut found = Diagnostics::new();
    for name in challenged.iter().filter(|name| !priorities.iter().any(|known| known.id == name.value)) {
        let message = format!("no priority is called `{}`", name.value);
        let finding = Diagnostic::new(Code::UnknownName, name.span.clone(), message);
        found.push(match nearest(&name.value, priorities.iter().map(|known| known.id.as_str())) {
            Some(near) => finding.label(format!("did you mean `{near}`?")).fix(name.span.clone(), near),
            None => finding.help("name a priority of priorities.toml"),
        });
    }
    found
}
