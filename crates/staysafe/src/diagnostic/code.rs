//! The stable codes of diagnostics.

use serde::{Serialize, Serializer};

use super::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $severity:ident;)*) => {
        /// A stable kebab-case code. Each has a page in `docs/codes/`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code { $($(#[$doc])* $variant,)* }

        impl Code {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The code as it is printed.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// How much a finding of this code matters unless somebody says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// The file is not TOML.
    NotToml = "not-toml", Error;
    /// A quote inside a text ends it too early.
    QuoteEndsString = "quote-ends-string", Error;
    /// Two versions of the same lines that a merge left open.
    MergeConflict = "merge-conflict", Error;
    /// A key or a table that is written twice.
    DuplicateKey = "duplicate-key", Error;
    /// A file that every framework has is not there.
    MissingFile = "missing-file", Error;
    /// The file's name says nothing the framework knows.
    UnknownFile = "unknown-file", Error;
    /// A key that this table does not have.
    UnknownKey = "unknown-key", Error;
    /// A key that must be there is not.
    MissingKey = "missing-key", Error;
    /// A value of the wrong type.
    WrongType = "wrong-type", Error;
    /// A word that is not one of the few allowed.
    UnknownWord = "unknown-word", Error;
    /// The file's name and the id inside it differ.
    FileNameIsNotId = "file-name-is-not-id", Error;
    /// Two definitions under one id.
    DuplicateId = "duplicate-id", Error;
    /// A name that nothing is declared under.
    UnknownName = "unknown-name", Error;
    /// The predicate cannot be parsed.
    BadPredicate = "bad-predicate", Error;
    /// A function that does not exist.
    UnknownFunction = "unknown-function", Error;
    /// A function with too few or too many arguments.
    WrongArguments = "wrong-arguments", Error;
    /// Values of types that do not go together.
    TypeMismatch = "type-mismatch", Error;
    /// A code that the field's code set does not have.
    UnknownCode = "unknown-code", Error;
    /// The kind needs something the calculation does not say, or does not take what it says.
    WrongForKind = "wrong-for-kind", Error;
    /// A calculation over one table and one with two totals, mixed.
    MixedCalculation = "mixed-calculation", Error;
    /// A limit, period, stretch of time or date that cannot be read.
    BadTime = "bad-time", Error;
    /// What a dataset says of its fields does not go together.
    RolesDisagree = "roles-disagree", Error;
    /// `first` and `last` without an order that is total.
    OrderNotTotal = "order-not-total", Error;
    /// A duration function where a deadline is meant.
    DurationForDeadline = "duration-for-deadline", Warning;
    /// Time measured from a day that may not be the start.
    StartNotKnown = "start-not-known", Warning;
    /// The words and the logic say different numbers.
    WordsDisagree = "words-disagree", Warning;
    /// A step, version or limit that this version of the library cannot calculate yet.
    NotSupportedYet = "not-supported-yet", Note;
    /// Versions that do not follow each other, say no reason, or are joined where nothing can be added.
    BadVersions = "bad-versions", Error;
    /// A reading under which every figure is the same.
    IdleReading = "idle-reading", Warning;
    /// Definitions that stand for each other in a circle.
    Circle = "circle", Error;
    /// A definition's own test fails.
    TestFails = "test-fails", Error;
    /// A calculation without a test.
    NoTest = "no-test", Warning;
    /// One alias for two areas on one day.
    AliasTwice = "alias-twice", Error;
    /// A spelling that stands for two codes, or for another than the one it is.
    AliasContradicts = "alias-contradicts", Error;
    /// A spelling written twice, but for its case, spaces and marks.
    AliasRepeats = "alias-repeats", Error;
    /// Two areas of one level above an area on one day.
    TwoParents = "two-parents", Error;
    /// A successor of an area that is still there, or one that is not there when it should follow.
    SuccessorNotValid = "successor-not-valid", Error;
    /// A definition with a slip in it that none of its tests notices.
    MutantSurvives = "mutant-survives", Warning;
    /// An argument for a mutant that is not there, or that a test notices.
    StaleEquivalent = "stale-equivalent", Error;
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
