//! What local spellings may not say: two things of one spelling, or one thing twice.

use std::collections::BTreeMap;

use crate::definition::alias::{Alias, AliasTable, nearest_code, spelling_key};
use crate::definition::dataset::CodeSet;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, nearest};

/// Checks local spellings against the code sets they are of: each names a code set and a code of it, and no two of them
/// are one to a reader.
///
/// # Example
/// ```
/// use staysafe::check::check_aliases;
/// use staysafe::definition::read::{read, read_aliases};
/// let set = "id = \"abuse\"\n[[code]]\ncode = \"NEG\"\nwords = \"neglect\"\n[[code]]\ncode = \"EMO\"\nwords = \"emotional\"\n";
/// let (framework, _) = read([("codes/abuse.toml", set)]);
/// let (aliases, _) = read_aliases("a.toml", "[abuse]\n\"Neglect\" = \"NEG\"\n\"neglect \" = \"EMO\"\n");
/// let findings = check_aliases(&aliases, &framework.code_sets);
/// assert_eq!(findings.iter().next().unwrap().code.as_str(), "alias-contradicts");
/// ```
pub fn check_aliases(
    aliases: &BTreeMap<String, AliasTable>,
    code_sets: &BTreeMap<String, CodeSet>,
) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    for table in aliases.values() {
        let Some(set) = code_sets.get(&table.codes.value) else {
            let message = format!("there is no code set '{}'", table.codes.value);
            let finding = Diagnostic::new(Code::UnknownName, table.codes.span.clone(), message);
            diagnostics.push(match nearest(&table.codes.value, code_sets.keys().map(String::as_str)) {
                Some(near) => {
                    finding.label(format!("did you mean `{near}`?")).fix(table.codes.span.clone(), near)
                }
                None => finding
                    .help("code sets are the files of the folder codes: name the table after one of them"),
            });
            continue;
        };
        of_set(table, set, &mut diagnostics);
    }
    diagnostics.sort();
    diagnostics
}

fn of_set(table: &AliasTable, set: &CodeSet, diagnostics: &mut Diagnostics) {
    let is_code = |text: &str| set.codes.iter().any(|code| code.code.value == text);
    let mut seen: BTreeMap<String, &Alias> = BTreeMap::new();
    for alias in &table.spellings {
        let Alias { spelling, code } = alias;
        if !is_code(&code.value) {
            let message = format!("'{}' is no code of {}", code.value, set.id.value);
            let finding = Diagnostic::new(Code::UnknownCode, code.span.clone(), message);
            diagnostics.push(match nearest_code(set, &code.value) {
                Some(near) => finding
                    .label(format!("did you mean `{}`?", near.code.value))
                    .help(format!("{} is \"{}\"", near.code.value, near.words.value)),
                None => finding.help(format!("the codes stand in codes/{}.toml", set.id.value)),
            });
        }
        let contradicts = |message: String, help: &str| {
            Diagnostic::new(Code::AliasContradicts, spelling.span.clone(), message).help(help)
        };
        if is_code(&spelling.value) && spelling.value != code.value {
            let message =
                format!("'{}' is a code itself, and is said to stand for {}", spelling.value, code.value);
            let help = "a code is always read as itself: take the line out";
            diagnostics.push(contradicts(message, help).label("a code of the set"));
        }
        match seen.get(&spelling_key(&spelling.value)) {
            None => {
                seen.insert(spelling_key(&spelling.value), alias);
            }
            Some(first) if first.code.value != code.value => {
                let message = format!(
                    "'{}' stands for {} and, but for case, spaces and marks, for {}",
                    spelling.value, code.value, first.code.value
                );
                let help = "a reader does not look at case, spaces and marks: keep the line that is right";
                diagnostics.push(contradicts(message, help).other(first.spelling.span.clone(), "the first"));
            }
            Some(first) => {
                let message =
                    format!("'{}' is written twice, but for case, spaces and marks", spelling.value);
                diagnostics.push(
                    Diagnostic::new(Code::AliasRepeats, spelling.span.clone(), message)
                        .other(first.spelling.span.clone(), "the first")
                        .help("a reader does not look at case, spaces and marks: one line is enough"),
                );
            }
        }
    }
}
