//! `aliases.toml`: local spellings of codes, a table for each code set.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::file::File;
use super::syntax::readable;
use super::table::Entry;
use crate::definition::alias::{Alias, AliasTable};
use crate::diagnostic::{Diagnostics, Spanned};

/// Reads a file of local spellings alone, as somebody gives it beside a framework. What it names is checked by
/// [`check_aliases`](crate::check::check_aliases).
///
/// # Example
/// ```
/// use staysafe::definition::read::read_aliases;
/// let (aliases, findings) = read_aliases("aliases.toml", "[ethnicity]\n\"White - British\" = \"WBRI\"\n");
/// assert!(findings.is_empty());
/// assert_eq!(aliases["ethnicity"].find("white british"), Some("WBRI"));
/// ```
pub fn read_aliases(path: &str, text: &str) -> (BTreeMap<String, AliasTable>, Diagnostics) {
    let path: Arc<str> = path.into();
    let readable = readable(&path, text);
    let (table, _) = DeTable::parse_recoverable(&readable.text);
    let file = File::new(Arc::clone(&path), text, readable.broken, readable.found);
    let mut found = BTreeMap::new();
    aliases(&file, table.get_ref(), &mut found);
    (found, file.into_found())
}

/// Reads the tables: each is called as its code set, each key is a spelling and its value the code.
pub(super) fn aliases(file: &File<'_>, table: &DeTable<'_>, aliases: &mut BTreeMap<String, AliasTable>) {
    for set in super::table::entries(file, table) {
        let spelling = |entry: &Entry<'_>| -> Option<Alias> {
            let Spanned { value, span } = entry.name();
            Some(Alias { spelling: Spanned { value, span }, code: entry.text()? })
        };
        let spellings = set.map().iter().filter_map(spelling).collect();
        let codes = set.name();
        aliases.insert(codes.value.clone(), AliasTable { codes, spellings });
    }
}
