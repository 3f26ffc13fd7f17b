//! Pictures of the gaps: entries against sources, and what would unlock the most. Each is HTML that stands alone: in a page,
//! or in a notebook's cell. Nothing is told by colour alone, and each picture says the same in words.

mod board;
mod matrix;
mod unlock;

use std::fmt::Write as _;

pub use board::{board_page, plan_picture, way_picture};

use super::html::{STYLE, escape};
use super::words;
use crate::definition::framework::Framework;
use crate::gap::{BySource, GapAnalysis};

const PICTURES: &str = include_str!("picture.css");

/// The gaps as a page of its own: what would unlock the most, and each entry against each source. It fetches nothing and runs no script.
///
/// # Example
/// ```
/// use staysafe::gap::{Arrived, Circumstances, by_source, gap};
/// use staysafe::report::gap_page;
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'Ours & theirs'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let gaps = gap(&checked, &Arrived::default(), &Circumstances::on("2010-07-01".parse().unwrap()));
/// let page = gap_page(checked.framework(), &gaps, &by_source(&checked, &gaps));
/// assert!(page.contains("Ours &amp; theirs") && page.contains("Youth Justice Board"));
/// ```
pub fn gap_page(framework: &Framework, gaps: &GapAnalysis, matrix: &BySource) -> String {
    let title = escape(&framework.title);
    let day = words::day(gaps.as_of);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}: gaps</title>\n<style>\n{STYLE}</style>\n</head>\n<body class=\"broad\">\n\
         <a class=\"skip\" href=\"#main\">Skip to the gaps</a>\n\
         <header class=\"masthead\">\n<p class=\"over\">Gaps on {day}</p>\n<h1>{title}</h1>\n</header>\n<main id=\"main\">\n"
    );
    page.push_str(
        "<section aria-labelledby=\"where\">\n<h2 id=\"where\">Where the entries stand</h2>\n<ul>\n",
    );
    for (headline, count) in &gaps.headlines {
        let _ = writeln!(page, "<li><b>{count}</b> {}</li>", words::headline(*headline));
    }
    let _ =
        writeln!(page, "</ul>\n<p>{} in all.</p>\n</section>", words::some(gaps.entries, "entry", "entries"));
    page.push_str("<section aria-labelledby=\"most\">\n<h2 id=\"most\">What would unlock the most, and who holds what</h2>\n");
    page.push_str(&gap_pictures(framework, gaps, matrix));
    page.push_str("</section>\n</main>\n</body>\n</html>\n");
    page
}

/// The same pictures for a notebook's cell or another page, with the style they need.
pub fn gap_pictures(framework: &Framework, gaps: &GapAnalysis, matrix: &BySource) -> String {
    format!(
        "<style>\n{PICTURES}</style>\n<div class=\"staysafe-picture\">\n{}{}</div>\n",
        unlock::chart(framework, &gaps.unlocks),
        matrix::table(framework, matrix)
    )
}
