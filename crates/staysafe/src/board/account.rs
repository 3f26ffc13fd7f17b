//! Holding to account: which challenge is unanswered, which commentary is stale, how priorities are served.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use crate::definition::board::{Challenge, Commentary, Priority, View};
use crate::gap::{GapAnalysis, Headline};
use crate::result::{Observation, Outcome};

/// How a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum Answer {
    /// No answer came, and none was due.
    Awaited,
    /// No answer came, and it was due so many days ago.
    Overdue {
        /// Days since then.
        days: u32,
    },
    /// An answer came, and the board has not taken a view of it.
    Answered,
    /// The board took a view.
    Viewed {
        /// The view; only *assured* settles a challenge.
        view: View,
    },
}

/// A challenge and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChallengeStanding {
    /// The challenge.
    #[serde(flatten)]
    pub challenge: Challenge,
    /// How it stands.
    pub answer: Answer,
}

impl ChallengeStanding {
    /// Whether the question is still open: everything but an answer that assured the board.
    pub fn is_outstanding(&self) -> bool {
        self.answer != Answer::Viewed { view: View::Assured }
    }
}

/// How the challenges raised by a day stand on it.
///
/// # Example
/// ```
/// use staysafe::board::{Answer, challenges};
/// use staysafe::definition::framework::Framework;
/// use staysafe::definition::read::read_board;
///
/// let text = "[[challenge]]\nid = 'c1'\nraised = 2010-06-24\nto = \"Children's Trust\"\nquestion = 'Why?'\n\
///             due = 2010-09-01\n";
/// let (board, _) = read_board([("challenges.toml", text)], &Framework::default());
/// let now = challenges(&board.challenges, "2010-09-11".parse().unwrap());
/// assert_eq!(now[0].answer, Answer::Overdue { days: 10 });
/// ```
pub fn challenges(challenges: &[Challenge], as_of: NaiveDate) -> Vec<ChallengeStanding> {
    let raised = challenges.iter().filter(|challenge| challenge.raised <= as_of);
    raised
        .map(|challenge| {
            let response = challenge.response.as_ref().filter(|response| response.date <= as_of);
            let view = challenge.view.as_ref().filter(|given| given.date <= as_of);
            let late = u32::try_from((as_of - challenge.due).num_days()).unwrap_or(0);
            let answer = match (response, view) {
                (Some(_), Some(given)) => Answer::Viewed { view: given.view },
                (Some(_), None) => Answer::Answered,
                (None, _) if late > 0 => Answer::Overdue { days: late },
                (None, _) => Answer::Awaited,
            };
            ChallengeStanding { challenge: challenge.clone(), answer }
        })
        .collect()
}

/// Whether commentary still speaks of the figure that is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "freshness")]
pub enum Freshness {
    /// The figure is the one it was written about.
    Current,
    /// The figure was revised since.
    Stale {
        /// What it is now.
        now: String,
    },
    /// No such figure was calculated this time.
    NoFigure,
    /// Several figures answer to what it names: it must say of which area or category it speaks.
    Ambiguous,
}

/// A figure exactly, as commentary says what it was written about: `12/15`, the value where there are no counts, or
/// the word for its absence.
///
/// # Example
/// ```
/// use staysafe::board::figure_of;
/// use staysafe::result::{Outcome, Reason};
/// use staysafe::value::Exact;
///
/// let share = Outcome::Figure {
///     value: Exact::from(80_u64),
///     numerator: Some(Exact::from(12_u64)),
///     denominator: Some(Exact::from(15_u64)),
/// };
/// assert_eq!(figure_of(&share), "12/15");
/// assert_eq!(figure_of(&Outcome::Absent(Reason::Undefined)), "undefined");
/// ```
pub fn figure_of(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Figure { numerator: Some(above), denominator: Some(below), .. } => {
            format!("{above}/{below}")
        }
        Outcome::Figure { value, .. } => value.to_string(),
        Outcome::Absent(reason) => reason.code().to_owned(),
    }
}

/// Whether commentary still speaks of the figure that is there.
///
/// # Example
/// ```
/// use staysafe::board::{Freshness, freshness};
/// use staysafe::definition::framework::Framework;
/// use staysafe::definition::read::read_board;
///
/// let (framework, _) = staysafe::definition::read::read([("indicators/a.toml",
///     "id = 'a'\ntitle = 'A'\nkind = 'count'\npolarity = 'lower'\ncycle = 'quarter'\nholder = 'x'\nlisted = []")]);
/// let text = "[[commentary]]\nindicator = 'a'\nperiod = '2010-11 Q1'\nauthor = 'B'\ndate = 2010-08-02\n\
///             words = 'Staff left.'\nabout = '34'\n";
/// let (board, _) = read_board([("commentary.toml", text)], &framework);
/// assert_eq!(freshness(&board.commentary[0], &[]), Freshness::NoFigure);
/// ```
pub fn freshness(commentary: &Commentary, observations: &[Observation]) -> Freshness {
    let shows = |seen: &Observation| {
        seen.period == commentary.period || seen.shown.periods.contains(&commentary.period)
    };
    let figures: BTreeSet<String> = observations
        .iter()
        .filter(|seen| seen.indicator == commentary.indicator && shows(seen))
        .filter(|seen| commentary.area.as_ref().is_none_or(|area| *area == seen.area))
        .filter(|seen| seen.category.as_deref() == commentary.category.as_deref())
        .map(|seen| figure_of(&seen.cell.outcome))
        .collect();
    let mut figures = figures.into_iter();
    match (figures.next(), figures.next()) {
        (None, _) => Freshness::NoFigure,
        (Some(_), Some(_)) => Freshness::Ambiguous,
        (Some(now), None) if now == commentary.about => Freshness::Current,
        (Some(now), None) => Freshness::Stale { now },
    }
}

/// How a priority is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriorityStanding {
    /// The priority.
    #[serde(flatten)]
    pub priority: Priority,
    /// Its indicators that have all they need.
    pub seen: Vec<String>,
    /// Its indicators that do not: the board cannot see how this goes.
    pub unseen: Vec<String>,
}

/// How the priorities that hold on a day are served.
pub fn priorities(priorities: &[Priority], gaps: &GapAnalysis, as_of: NaiveDate) -> Vec<PriorityStanding> {
    let holds = |priority: &&Priority| priority.from <= as_of && priority.to.is_none_or(|last| last >= as_of);
    priorities
        .iter()
        .filter(holds)
        .map(|priority| {
            let (seen, unseen) = priority
                .indicators
                .iter()
                .cloned()
                .partition(|id| gaps.gaps.get(id).is_some_and(|gap| gap.headline == Headline::Available));
            PriorityStanding { priority: priority.clone(), seen, unseen }
        })
        .collect()
}
