//! What happens to a looked after child: decided before a row of the return is written.

use crate::days::Day;
use crate::ledger::runs;

/// A child and all its time in care.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    pub(crate) number: u64,
    pub(crate) born: Day,
    pub(crate) girl: bool,
    pub(crate) ethnicity: Option<&'static str>,
    /// Alone in the country: until when, where that ended.
    pub(crate) unaccompanied: Option<Alone>,
    /// Periods of care; none of a child in short breaks only.
    pub(crate) spells: Vec<Spell>,
    /// Short breaks under an agreed series: no care in the sense of the list.
    pub(crate) breaks: Vec<(Day, Day)>,
    pub(crate) missing: Vec<Missing>,
    /// The score of each year's questionnaire; `None` where it was not returned.
    pub(crate) scores: Vec<Option<u32>>,
    pub(crate) schooling: Vec<School>,
}

/// A school year: September of the year to August.
#[derive(Debug, Clone, Copy)]
pub(crate) struct School {
    pub(crate) year: i32,
    pub(crate) on_roll: bool,
    pub(crate) exclusion: Option<&'static str>,
    pub(crate) excluded_on: Day,
    /// The day on which the exclusion was taken back.
    pub(crate) overturned: Option<Day>,
    /// How the pupil attended, where a school told.
    pub(crate) attendance: Option<Attendance>,
}

/// The half-day sessions of a school year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attendance {
    /// Whether a tenth of the sessions or more were missed.
    pub(crate) is_persistent: bool,
    pub(crate) phase: &'static str,
    pub(crate) possible: i32,
    pub(crate) absent: i32,
    /// To another school after Christmas: each tells of half of the sessions.
    pub(crate) moved: bool,
}

/// Alone in the country, until a day where that ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alone {
    pub(crate) until: Option<Day>,
}

/// A period of care.
#[derive(Debug, Clone)]
pub(crate) struct Spell {
    /// Its first day, or the first that the returns show.
    pub(crate) start: Day,
    /// Whether care began on that day; else it had run for longer, in episodes that no return of these years shows.
    pub(crate) starts_here: bool,
    pub(crate) end: Option<(Day, &'static str)>,
    pub(crate) stays: Vec<Stay>,
    /// What changed when: each becomes an episode.
    pub(crate) segments: Vec<Segment>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) adoption: Option<Adoption>,
}

/// A placement, with all the time in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stay {
    pub(crate) start: Day,
    pub(crate) end: Option<Day>,
    /// Since when it is settled: a placement for adoption takes over the time before it.
    pub(crate) settled_since: Day,
}

/// A stretch in which neither place nor legal status changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment {
    pub(crate) start: Day,
    pub(crate) why: &'static str,
    pub(crate) legal: &'static str,
    pub(crate) place: &'static str,
    /// Tells places apart.
    pub(crate) home: u64,
}

/// A review: when it falls due was known before it was held.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Review {
    pub(crate) due: Day,
    pub(crate) held: Option<Day>,
    pub(crate) code: &'static str,
}

/// How a child came to be adopted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Adoption {
    pub(crate) decision: Option<Day>,
    pub(crate) placed: Day,
    pub(crate) adopters: &'static str,
    /// An earlier placement for adoption that ended.
    pub(crate) broken: Option<(Day, Day)>,
    pub(crate) timely: Timely,
}

impl Adoption {
    /// Whether the child is known to wait on a day: decided, and not placed.
    pub(crate) fn waits(&self, on: Day) -> bool {
        let is_decided = self.decision.is_some_and(|decision| decision <= on);
        let was_placed = self.broken.is_some_and(|(placed, ceased)| runs(placed, Some(ceased), on));
        is_decided && on < self.placed && !was_placed
    }
}

/// Whether a child was placed within twelve months of the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Timely {
    Yes,
    No,
    /// The decision is not on record.
    Unknown,
}

/// A time missing, or away without leave.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Missing {
    pub(crate) from: Day,
    pub(crate) until: Option<Day>,
    /// Missing, not away without leave.
    pub(crate) counts: bool,
}

impl Child {
    pub(crate) fn birthday(&self, age: i32) -> Day {
        self.born.plus_months(12 * age)
    }

    pub(crate) fn reviews(&self) -> impl Iterator<Item = &Review> {
        self.spells.iter().flat_map(|spell| &spell.reviews)
    }
}

impl Spell {
    /// Whether the child is in care on a day.
    pub(crate) fn runs(&self, on: Day) -> bool {
        crate::ledger::runs(self.start, self.end.map(|(day, _)| day), on)
    }
}
