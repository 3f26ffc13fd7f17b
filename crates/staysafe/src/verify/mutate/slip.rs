//! The slips that mutants are made of; `docs/mutation.md` shows one of each.

use serde::{Serialize, Serializer};

macro_rules! slips {
    ($($(#[$doc:meta])* $variant:ident = $text:literal;)*) => {
        /// What kind of slip a mutant is: a mutation operator.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Slip { $($(#[$doc])* $variant,)* }

        impl Slip {
            /// Every slip.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The slip as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

slips! {
    /// `<` for `<=`, an end of `BETWEEN` left out.
    Boundary = "boundary";
    /// `=` for `<>`, `<` for `>`.
    Comparison = "comparison";
    /// `AND` for `OR`.
    Connective = "connective";
    /// One side of `AND` or `OR`, or a `WHERE`, left out.
    ClauseDropped = "clause-dropped";
    /// `NOT` left out, or put where there was none before `IN`, `BETWEEN` and `NULL`.
    NotDropped = "not-dropped";
    /// A number one off, a date a day off, the other answer.
    Number = "number";
    /// A code left out of a list.
    CodeRemoved = "code-removed";
    /// A code of the same set added to a list.
    CodeAdded = "code-added";
    /// Another code of the same set.
    OtherCode = "other-code";
    /// Another date of the same table.
    OtherDate = "other-date";
    /// The period's first day for its last.
    PeriodDay = "period-day";
    /// `first` for `last`, `any` for `all`, `count` for `count(DISTINCT …)`.
    Question = "question";
    /// `days` for `working_days`, an argument of `coalesce` by itself.
    Function = "function";
    /// An arm of `CASE` left out.
    ArmDropped = "arm-dropped";
    /// `+` for `-`, a minus left out.
    Arithmetic = "arithmetic";
    /// A whole rung that lets everything through, or nothing.
    RungDropped = "rung-dropped";
    /// Days for working days, months for years.
    Unit = "unit";
    /// A field left out of a key, an order or of what is counted.
    KeyDropped = "key-dropped";
    /// Another word of the few allowed.
    OtherWord = "other-word";
}

impl std::fmt::Display for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Slip {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
