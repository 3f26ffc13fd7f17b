//! The pages that stand beside a scorecard: the gaps as pictures, and a board's way.

use std::path::Path;

use staysafe::check::Checked;
use staysafe::consult::{LongList, long_list};
use staysafe::disclosure::Audience;
use staysafe::gap::by_source;
use staysafe::report::{LinkedPage, board_page, gap_page};

use crate::consultation::read_consultation;
use crate::error::ReadError;
use crate::gathering::BoardNow;

/// The pages that stand beside a scorecard, each with its text: the gaps of whoever reads it, and for a board the way on
/// which it devises its framework, where its folder has a log.
///
/// # Errors
/// Where the board's consultation cannot be read.
pub fn pages_beside(
    checked: &Checked,
    gaps: &staysafe::gap::GapAnalysis,
    board: Option<(&Path, &BoardNow)>,
    audience: &Audience,
) -> Result<Vec<(LinkedPage, String)>, ReadError> {
    let framework = checked.framework();
    let page = |file: &str, words: &str| LinkedPage { file: file.to_owned(), words: words.to_owned() };
    let pictures = gap_page(framework, gaps, &by_source(checked, gaps));
    let mut pages = vec![(page("gaps.html", "The gaps as pictures"), pictures)];
    // Who proposed what, and who owes it by when, is the board's own business.
    if let (Some((folder, now)), Audience::Board { .. }) = (board, audience)
        && let Some(state) = &now.workflow
    {
        let list = read_long_list(checked, folder)?;
        let way = board_page(&framework.title, state, &list, &now.board, gaps.as_of);
        pages.push((page("board.html", "The board's way: its steps, long list and plan"), way));
    }
    Ok(pages)
}

/// The long list of a board's folder; empty, where nobody was consulted.
///
/// # Errors
/// Where the folder of the forms is there and cannot be read.
pub fn read_long_list(checked: &Checked, board: &Path) -> Result<LongList, ReadError> {
    if !board.join(crate::consultation::FOLDER).is_dir() {
        return Ok(LongList::default());
    }
    Ok(long_list(checked, &read_consultation(board)?))
}
