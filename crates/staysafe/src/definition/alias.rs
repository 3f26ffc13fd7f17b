//! Local spellings: what people and programs write for a code, one table to a code set.

use serde::Serialize;

use super::dataset::CodeSet;
use crate::diagnostic::Spanned;

/// The spellings of one code set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AliasTable {
    /// The code set's id.
    pub codes: Spanned<String>,
    /// In the order of the file.
    pub spellings: Vec<Alias>,
}

/// One spelling, and the code that is read for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alias {
    /// As it stands in somebody's file.
    pub spelling: Spanned<String>,
    /// The code it stands for.
    pub code: Spanned<String>,
}

/// A spelling without what differs from program to program: case, spaces, hyphens, brackets and other marks. Where there
/// is nothing else in it, the spelling as it is.
///
/// # Example
/// ```
/// use staysafe::definition::alias::spelling_key;
/// assert_eq!(spelling_key("White - British"), spelling_key("white british"));
/// assert_ne!(spelling_key("White British"), spelling_key("White Irish"));
/// assert_eq!(spelling_key(" - "), "-");
/// ```
pub fn spelling_key(spelling: &str) -> String {
    let key: String = spelling.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
    if key.is_empty() { spelling.trim().to_owned() } else { key }
}

impl AliasTable {
    /// The code that a spelling stands for, whatever its case, spaces and marks.
    pub fn find(&self, spelling: &str) -> Option<&str> {
        let key = spelling_key(spelling);
        let found = self.spellings.iter().find(|alias| spelling_key(&alias.spelling.value) == key);
        found.map(|alias| alias.code.value.as_str())
    }
}

/// The code that a text comes nearest to, by the code itself or by its words.
///
/// # Example
/// ```
/// use staysafe::definition::alias::nearest_code;
/// use staysafe::definition::read::read;
/// let set = "id = \"abuse\"\n[[code]]\ncode = \"NEG\"\nwords = \"neglect\"\n[[code]]\ncode = \"EMO\"\nwords = \"emotional\"\n";
/// let (framework, _) = read([("codes/abuse.toml", set)]);
/// let set = &framework.code_sets["abuse"];
/// assert_eq!(nearest_code(set, "Neglct").map(|code| code.code.value.as_str()), Some("NEG"));
/// assert_eq!(nearest_code(set, "something else"), None);
/// ```
pub fn nearest_code<'a>(set: &'a CodeSet, text: &str) -> Option<&'a super::dataset::CodeOf> {
    // One letter is as near to any other as to the right one.
    if text.trim().chars().count() < 2 {
        return None;
    }
    let key = spelling_key(text);
    let worded = set.codes.iter().find(|code| spelling_key(&code.words.value) == key);
    worded.or_else(|| {
        let words = set.codes.iter().map(|code| code.words.value.as_str());
        let near =
            crate::diagnostic::nearest(text, words.chain(set.codes.iter().map(|of| of.code.value.as_str())))?;
        set.codes.iter().find(|code| code.words.value == near || code.code.value == near)
    })
}
