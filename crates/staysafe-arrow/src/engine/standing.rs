//! How a lane stands, in one byte; and the one truth table on such bytes (`docs/predicates.md`).
//!
//! A lane is *no* or *yes* (for values of other types: known), blank, blank where a blank means no, unknown with the counter
//! that says so, or refused with the words that say why.

use staysafe::result::Note;
use staysafe::value::Type;

/// Known; of a yes/no: no.
pub(crate) const NO: u8 = 0;
/// Yes.
pub(crate) const YES: u8 = 1;
/// A value is there.
pub(crate) const KNOWN: u8 = 0;
/// Blank.
pub(crate) const BLANK: u8 = 2;
/// Blank, and its field says that this means no.
pub(crate) const BLANK_NO: u8 = 3;
/// Unknown for want of a value; the other counters follow.
pub(crate) const UNKNOWN: u8 = 4;
/// Refused; what is wrong follows.
pub(crate) const REFUSED: u8 = 32;

const NOTES: [Note; 11] = [
    Note::Unknown,
    Note::DatesInverted,
    Note::Contradictory,
    Note::Duplicate,
    Note::OutsideCalendar,
    Note::HistoryMissing,
    Note::UnmappedCode,
    Note::NotYetDue,
    Note::OpenInTime,
    Note::OpenLate,
    Note::Vanished,
];

const TYPES: [Type; 5] = [Type::Bool, Type::Int, Type::Decimal, Type::Text, Type::Date];

/// What refuses a lane, and with it the whole cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    TooLarge,
    DifferentTypes,
    ArgumentCount,
    ArgumentTypes,
    ArithmeticOn(Type),
    NoDueDate(Type),
}

#[inline]
pub(crate) const fn yes_no(yes: bool) -> u8 {
    yes as u8
}

/// Unknown, with its counter.
#[inline]
pub(crate) fn unknown(note: Note) -> u8 {
    UNKNOWN + place(&NOTES, &note)
}

pub(crate) fn refused(refusal: Refusal) -> u8 {
    REFUSED
        + match refusal {
            Refusal::TooLarge => 0,
            Refusal::DifferentTypes => 1,
            Refusal::ArgumentCount => 2,
            Refusal::ArgumentTypes => 3,
            Refusal::ArithmeticOn(ty) => 8 + place(&TYPES, &ty),
            Refusal::NoDueDate(ty) => 16 + place(&TYPES, &ty),
        }
}

#[inline]
pub(crate) fn is_blank(standing: u8) -> bool {
    matches!(standing, BLANK | BLANK_NO)
}

#[inline]
pub(crate) fn is_refused(standing: u8) -> bool {
    standing >= REFUSED
}

/// The words of a refusal.
pub(crate) fn words(standing: u8) -> String {
    let what = standing.saturating_sub(REFUSED);
    let ty = |from: u8| TYPES.get(usize::from(what.saturating_sub(from))).copied().unwrap_or(Type::Bool);
    match what {
        0 => "a number does not fit".to_owned(),
        1 => "values of different types cannot be compared".to_owned(),
        2 => "a function was given the wrong number of arguments".to_owned(),
        3 => "a function was given values of the wrong types".to_owned(),
        8..16 => format!("arithmetic on a {}", ty(8)),
        _ => format!("a {} has no due date", ty(16)),
    }
}

/// The counter that says why a predicate is neither true nor false.
pub(crate) fn doubt(standing: u8) -> Option<Note> {
    match standing {
        NO | YES | BLANK_NO => None,
        BLANK => Some(Note::Unknown),
        other if other < REFUSED => NOTES.get(usize::from(other - UNKNOWN)).copied(),
        _ => None,
    }
}

/// What a comparison with something that has no value comes to.
#[inline]
pub(crate) const fn undecided(standing: u8) -> u8 {
    match standing {
        BLANK => UNKNOWN,
        BLANK_NO => NO,
        other => other,
    }
}

#[inline]
pub(crate) const fn not(standing: u8) -> u8 {
    match standing {
        NO | BLANK_NO => YES,
        YES => NO,
        BLANK => UNKNOWN,
        other => other,
    }
}

/// Kleene's *and*: no decides, refused before it; of two doubts the left one is told.
#[inline]
pub(crate) const fn and(left: u8, right: u8) -> u8 {
    let (left, right) = (undecided(left), undecided(right));
    if left >= REFUSED {
        left
    } else if right >= REFUSED {
        right
    } else if left == NO || right == NO {
        NO
    } else if left != YES {
        left
    } else {
        right
    }
}

/// Kleene's *or*.
pub(crate) const fn or(left: u8, right: u8) -> u8 {
    not(and(not(left), not(right)))
}

#[inline]
fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).and_then(|at| u8::try_from(at).ok()).unwrap_or_default()
}
