//! The forward plan: which document is due for which meeting.

use chrono::NaiveDate;
use serde::Serialize;

use super::agency_name;
use crate::definition::board::Meetings;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Cycle, Indicator, Kind};
use crate::period::{Period, PeriodKind};

/// How a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Forward {
    /// It was received.
    Received {
        /// On this day.
        on: NaiveDate,
        /// So many days after it was due; 0 where it was on time.
        late: u32,
    },
    /// It is due, in so many days.
    Due {
        /// Days until then.
        days: u32,
    },
    /// It was due so many days ago.
    Late {
        /// Days since then.
        days: u32,
    },
}

/// A document of the forward plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentStanding {
    /// The entry of the framework.
    pub indicator: String,
    /// Its title.
    pub title: String,
    /// The names of the agencies that owe it.
    pub holders: Vec<String>,
    /// The period that it is about.
    pub period: Period,
    /// The meeting that it is due for.
    pub meeting: String,
    /// When that is.
    pub meeting_date: NaiveDate,
    /// The day by which it is due.
    pub due: NaiveDate,
    /// How it stands.
    pub state: Forward,
}

/// What is due for which meeting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ForwardPlan {
    /// The documents, in the order of the days on which they are due.
    pub documents: Vec<DocumentStanding>,
    /// Documents of the framework whose last whole period no meeting waits for, with that period.
    pub unplanned: Vec<(String, Period)>,
    /// The first meeting on or after the day: its id, name and date.
    pub next_meeting: Option<(String, String, NaiveDate)>,
}

impl ForwardPlan {
    /// The documents that were due and have not come.
    pub fn late(&self) -> impl Iterator<Item = &DocumentStanding> {
        self.documents.iter().filter(|document| matches!(document.state, Forward::Late { .. }))
    }
}

/// How the documents of the framework stand on a day.
///
/// # Example
/// ```
/// use staysafe::board::{Forward, forward_plan};
/// use staysafe::definition::read::{read, read_board};
///
/// let (framework, _) = read([
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Annual report'\nkind = 'document'\npolarity = 'higher'\n\
///       cycle = 'financial-year'\nholder = 'mappa'\nlisted = []"),
/// ]);
/// let text = "[[meeting]]\nid = 'sep'\nname = 'September'\ndate = 2010-09-23\npapers = 2010-09-09\n\
///             [[document]]\nindicator = 'a'\nperiod = '2009-10'\nmeeting = 'sep'\n";
/// let (board, found) = read_board([("meetings.toml", text)], &framework);
/// let plan = forward_plan(&framework, &board.meetings.unwrap(), "2010-09-19".parse().unwrap());
/// assert_eq!(plan.documents[0].state, Forward::Late { days: 10 }, "papers were due on the 9th");
/// ```
pub fn forward_plan(framework: &Framework, meetings: &Meetings, as_of: NaiveDate) -> ForwardPlan {
    let mut documents: Vec<DocumentStanding> = meetings
        .documents
        .iter()
        .filter_map(|document| {
            let meeting = meetings.meetings.iter().find(|meeting| meeting.id == document.meeting)?;
            let indicator = framework.indicators.get(&document.indicator)?;
            let due = document.due.unwrap_or_else(|| meeting.papers_due());
            let received = document.received.filter(|day| *day <= as_of);
            Some(DocumentStanding {
                indicator: document.indicator.clone(),
                title: indicator.title.value.clone(),
                holders: indicator.holders.iter().map(|held| agency_name(framework, &held.value)).collect(),
                period: document.period,
                meeting: meeting.name.clone(),
                meeting_date: meeting.date,
                due,
                state: state(due, received, as_of),
            })
        })
        .collect();
    documents.sort_by(|a, b| (a.due, &a.indicator, a.period).cmp(&(b.due, &b.indicator, b.period)));
    let unplanned = framework
        .indicators
        .values()
        .filter(|indicator| indicator.kind.value == Kind::Document && indicator.out_of_scope.is_none())
        .filter(|indicator| indicator.discontinued.is_none())
        .filter_map(|indicator| {
            let id = &indicator.id.value;
            let last = last_whole(indicator, as_of)?;
            let planned = |period: Period| period.last_day() >= last.last_day();
            let is_planned =
                meetings.documents.iter().any(|other| other.indicator == *id && planned(other.period));
            (!is_planned).then(|| (id.clone(), last))
        })
        .collect();
    let next = meetings.meetings.iter().find(|meeting| meeting.date >= as_of);
    ForwardPlan {
        documents,
        unplanned,
        next_meeting: next.map(|meeting| (meeting.id.clone(), meeting.name.clone(), meeting.date)),
    }
}

fn state(due: NaiveDate, received: Option<NaiveDate>, as_of: NaiveDate) -> Forward {
    let days = |from: NaiveDate, to: NaiveDate| u32::try_from((to - from).num_days()).unwrap_or(0);
    match received {
        Some(on) => Forward::Received { on, late: days(due, on) },
        None if due < as_of => Forward::Late { days: days(due, as_of) },
        None => Forward::Due { days: days(as_of, due) },
    }
}

/// The last period of an entry's cycle that had ended by a day.
fn last_whole(indicator: &Indicator, as_of: NaiveDate) -> Option<Period> {
    let kind = match indicator.cycle.value {
        Cycle::Quarter => PeriodKind::Quarter,
        Cycle::FinancialYear => PeriodKind::FinancialYear,
        Cycle::CalendarYear => PeriodKind::CalendarYear,
        Cycle::AcademicYear => PeriodKind::AcademicYear,
        Cycle::Snapshot(_) => return None,
    };
    Period::of(kind, as_of).ok()?.previous()
}
