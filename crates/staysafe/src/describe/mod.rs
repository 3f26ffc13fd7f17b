//! Any predicate in English, for people who do not read predicates.
//!
//! The words are the framework's own: what its datasets call their fields, its code sets their codes, its
//! links their records. The sentence says what the tree says, in the same order; where English would be
//! read in two ways it says "both … and …" and "either … or …".

mod breakdown;
mod clause;
mod ladder;
mod noun;
mod scope;
#[cfg(test)]
mod tests;
mod vocabulary;

use crate::definition::predicate::Expr;

pub use breakdown::describe_breakdown;
pub use ladder::{describe_counted, describe_totals, describe_when};
pub use noun::describe_stretch;
pub use vocabulary::{FieldWords, LinkWords, TableWords, Vocabulary};

/// A predicate or a value in English, without a full stop.
///
/// A name that the vocabulary does not know is written with spaces for its underscores.
///
/// # Example
/// ```
/// use staysafe::definition::predicate::{Placement, parse};
/// use staysafe::describe::{Vocabulary, describe};
/// let text = "working_days(s47_start, icpc_date) <= 15 AND NOT (category IN ('NEG', 'PHY'))";
/// let expr = parse(text, &Placement::plain("cs-14.toml", 0, text)).unwrap();
/// assert_eq!(
///     describe(&expr, &Vocabulary::default()),
///     "the number of working days from s47 start to icpc date is at most 15, \
///      and category is neither ‘NEG’ nor ‘PHY’"
/// );
/// ```
pub fn describe(expr: &Expr, vocabulary: &Vocabulary) -> String {
    let scope = scope::Scope::root(vocabulary);
    if scope.is_condition(expr) { scope.clause(expr, false, false).text() } else { scope.noun(expr).text }
}
