//! What is known of tables, as TOML: shipped with the library, and given by whoever reads them.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use staysafe::published::Layout;

use crate::error::{FaultKind, FileFault, ReadError};
use crate::inputs::unreadable;

/// A file of layouts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Layouts {
    #[serde(default)]
    table: Vec<Layout>,
}

static KNOWN: LazyLock<Vec<Layout>> = LazyLock::new(|| {
    toml::from_str::<Layouts>(include_str!("../../layouts/published.toml")).unwrap_or_default().table
});

/// The tables that the library knows.
pub fn known_layouts() -> &'static [Layout] {
    &KNOWN
}

/// Reads a file that says of tables what they do not say themselves: each a `[[table]]`.
///
/// # Errors
/// The file cannot be read, is no TOML, or has a key that layouts do not have: the error names the line.
pub fn read_layouts(path: &Path) -> Result<Vec<Layout>, ReadError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let text = fs::read_to_string(path).map_err(|error| unreadable(&name, &error))?;
    match toml::from_str::<Layouts>(&text) {
        Ok(layouts) => Ok(layouts.table),
        Err(error) => {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let line = u64::try_from(before.matches('\n').count()).unwrap_or(0) + 1;
            let help = "expected [[table]] with has, header_year, reporting_year, symbols, filters, rounding, share, total, \
                        adds_up, comparator; see docs/published.md";
            Err(FileFault::new(&name, FaultKind::Header, error.message().to_owned(), help).at(line).into())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::test_folder::TestFolder;

    #[test]
    fn what_is_shipped_can_be_read() {
        let shipped = toml::from_str::<Layouts>(include_str!("../../layouts/published.toml")).unwrap();
        assert_eq!(shipped.table.len(), known_layouts().len());
        for layout in known_layouts() {
            assert!(
                !layout.has.is_empty() && !layout.source.is_empty() && !layout.id.is_empty(),
                "{}",
                layout.title
            );
        }
    }

    #[test]
    fn a_file_with_a_slip_names_its_line() {
        let folder = TestFolder::new("layouts");
        folder.write("own.toml", "[[table]]\nhas = [\"a\"]\nhaz = 1\n");
        let error = read_layouts(&folder.path().join("own.toml")).unwrap_err().to_string();
        assert!(error.starts_with("own.toml:3: error[bad-header] unknown field `haz`"), "{error}");
    }
}
