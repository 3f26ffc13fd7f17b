//! How a row of the data gathering plan stands on a day.

use chrono::NaiveDate;
use serde::Serialize;

use super::agency_name;
use super::arrivals::{Arrivals, Seen};
use super::delivery::{self, Delivery, deliveries};
use crate::definition::board::{Escalation, GatheringPlan, Row};
use crate::definition::framework::Framework;
use crate::gap::{GapAnalysis, Headline};
use crate::period::Period;

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was written down, and nobody has agreed.
    Proposed,
    /// The holder agreed.
    Agreed,
    /// Work began.
    InProgress,
    /// Nothing is asked until a day.
    Waived,
    /// What was asked for arrived: for the last delivery that was due, or at all where none was due yet.
    DataSeen,
    /// The data was seen for as many deliveries as the plan asks, and that was signed; it goes on arriving.
    Closed,
}

/// Whose turn it is to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escalated {
    /// The task group's lead.
    TaskGroupLead,
    /// The chair of the sub-group.
    SubGroupChair,
    /// The board's chair, to the holder's chief officer.
    BoardChair,
}

/// That a row is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overdue {
    /// The day on which it was due.
    pub since: NaiveDate,
    /// Days since then.
    pub days: u32,
    /// Whose turn it is; nobody's yet, below the plan's first threshold.
    pub to: Option<Escalated>,
}

/// How a row stands on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowStanding {
    /// What the row goes by.
    pub id: String,
    /// What is to be done.
    pub action: String,
    /// The dataset that is asked for.
    pub dataset: String,
    /// The agency that holds the data.
    pub holder: String,
    /// Its name.
    pub holder_name: String,
    /// How it stands.
    pub status: Status,
    /// The delivery with which the data stopped, where a row that was signed as closed is open again.
    pub reopened: Option<Delivery>,
    /// The deliveries that were due, in order.
    pub deliveries: Vec<Delivery>,
    /// The period and day of the next delivery.
    pub next: Option<(Period, NaiveDate)>,
    /// Whether what is asked for was seen at all, where no delivery was due yet.
    pub arrived: Seen,
    /// For how many of the last deliveries in a row the data was seen.
    pub run: u32,
    /// For how many it must be, before the row can be closed.
    pub needed: u32,
    /// Whether it wants nothing but a signature.
    pub ready_to_close: bool,
    /// Whether it was signed before the data was seen often enough: such a signature closes nothing.
    pub signed_too_early: bool,
    /// That it is late.
    pub overdue: Option<Overdue>,
    /// The last day of its basis or agreement, where that is past.
    pub agreement_ended: Option<NaiveDate>,
    /// Whether its day of review has come.
    pub review_due: bool,
    /// Entries it unlocks that have all they need.
    pub unlocked: Vec<String>,
    /// Entries it unlocks that do not.
    pub locked: Vec<String>,
    /// What nobody has written down yet: `owner`, `due`, …
    pub wants: Vec<&'static str>,
}

/// How a row stands on a day.
///
/// *Data seen* and *closed* follow from what arrived; a signature holds as long as every delivery that was due after
/// it was seen, and not before the plan's number of deliveries in a row were. Of what is written, a waiver that
/// holds comes before work that began, and that before an agreement.
pub fn stand_row(
    row: &Row,
    plan: &GatheringPlan,
    framework: &Framework,
    gaps: &GapAnalysis,
    arrivals: &Arrivals,
    as_of: NaiveDate,
) -> RowStanding {
    let deliveries = deliveries(row, plan, framework, arrivals, as_of);
    let arrived = arrivals.seen(framework, row, plan.threshold, None);
    let run = run(deliveries.iter());
    let signed = signature(row, plan, &deliveries, as_of);
    let seen = match deliveries.last() {
        Some(last) => last.seen == Seen::Yes,
        None => arrived == Seen::Yes,
    };
    let is_past = |day: Option<NaiveDate>| day.is_some_and(|day| day <= as_of);
    let waived = row.waived.as_ref().is_some_and(|waiver| waiver.until >= as_of);
    let status = match &signed {
        Signed::Holds => Status::Closed,
        _ if seen => Status::DataSeen,
        _ if waived => Status::Waived,
        Signed::Reopened(_) => Status::InProgress,
        _ if is_past(row.started) => Status::InProgress,
        _ if is_past(row.agreed.as_ref().map(|agreed| agreed.on)) => Status::Agreed,
        _ => Status::Proposed,
    };
    let open = matches!(status, Status::Proposed | Status::Agreed | Status::InProgress);
    let (unlocked, locked) = row
        .unlocks
        .iter()
        .cloned()
        .partition(|id| gaps.gaps.get(id).is_some_and(|gap| gap.headline == Headline::Available));
    RowStanding {
        id: row.id.clone(),
        action: row.action.clone(),
        dataset: row.dataset.clone(),
        holder: row.holder.clone(),
        holder_name: agency_name(framework, &row.holder),
        status,
        overdue: open.then(|| overdue(row, plan.escalation, &deliveries, as_of)).flatten(),
        ready_to_close: status == Status::DataSeen && run >= plan.periods,
        signed_too_early: signed == Signed::TooEarly,
        reopened: match signed {
            Signed::Reopened(missed) => Some(missed),
            _ => None,
        },
        next: delivery::next(row, as_of),
        deliveries,
        arrived,
        run,
        needed: plan.periods,
        agreement_ended: row.until.filter(|until| *until < as_of),
        review_due: is_past(row.review) && status != Status::Closed,
        unlocked,
        locked,
        wants: wants(row),
    }
}

/// What became of a signature.
#[derive(Debug, PartialEq, Eq)]
enum Signed {
    No,
    /// Before the data was seen often enough.
    TooEarly,
    Holds,
    /// With this delivery the data stopped.
    Reopened(Delivery),
}

fn signature(row: &Row, plan: &GatheringPlan, deliveries: &[Delivery], as_of: NaiveDate) -> Signed {
    let Some(signed) = row.signed.as_ref().filter(|signed| signed.on <= as_of) else { return Signed::No };
    let (before, after): (Vec<&Delivery>, Vec<&Delivery>) =
        deliveries.iter().partition(|delivery| delivery.due <= signed.on);
    if run(before) < plan.periods {
        return Signed::TooEarly;
    }
    match after.into_iter().find(|delivery| delivery.seen != Seen::Yes) {
        Some(missed) => Signed::Reopened(missed.clone()),
        None => Signed::Holds,
    }
}

/// For how many of the last deliveries in a row the data was seen.
fn run<'d>(deliveries: impl IntoIterator<Item = &'d Delivery, IntoIter: DoubleEndedIterator>) -> u32 {
    let seen = deliveries.into_iter().rev().take_while(|delivery| delivery.seen == Seen::Yes).count();
    u32::try_from(seen).unwrap_or(u32::MAX)
}

/// A row that was never seen is late from the day by which its data was to be there; one that was, from the
/// delivery with which it stopped. What a waiver held back is late from the waiver's end.
fn overdue(row: &Row, escalation: Escalation, deliveries: &[Delivery], as_of: NaiveDate) -> Option<Overdue> {
    let missed = deliveries.iter().rev().take_while(|delivery| delivery.seen != Seen::Yes).last();
    let missed = missed.map(|delivery| delivery.due);
    let ever_seen = deliveries.iter().any(|delivery| delivery.seen == Seen::Yes);
    let since = if ever_seen { missed } else { row.due.into_iter().chain(missed).min() }?;
    let since = row.waived.as_ref().map_or(since, |waiver| since.max(waiver.until));
    let days = u32::try_from((as_of - since).num_days()).ok().filter(|days| *days > 0)?;
    let to = [
        (escalation.board_chair, Escalated::BoardChair),
        (escalation.sub_group_chair, Escalated::SubGroupChair),
        (escalation.task_group_lead, Escalated::TaskGroupLead),
    ];
    let to = to.into_iter().find(|(from, _)| days >= *from).map(|(_, to)| to);
    Some(Overdue { since, days, to })
}

/// What a row needs from people before it can run its course.
fn wants(row: &Row) -> Vec<&'static str> {
    let written = [
        ("officer", row.officer.is_some()),
        ("basis", row.basis.is_some()),
        ("owner", row.owner.is_some()),
        ("due", row.due.is_some()),
        ("every", row.every.is_some()),
        ("first_delivery", row.first_delivery.is_some()),
        ("review", row.review.is_some()),
    ];
    written.into_iter().filter(|(_, is_there)| !is_there).map(|(key, _)| key).collect()
}

impl RowStanding {
    /// The dataset by its title, where the framework declares it.
    pub fn dataset_title(&self, framework: &Framework) -> String {
        let declared = framework.datasets.get(&self.dataset).map(|dataset| dataset.title.value.clone());
        declared.unwrap_or_else(|| self.dataset.replace('_', " "))
    }
}

impl Status {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Agreed => "agreed by holder",
            Self::InProgress => "in progress",
            Self::Waived => "waived",
            Self::DataSeen => "data seen",
            Self::Closed => "closed",
        }
    }
}

impl Escalated {
    /// In words: whose turn it is, with the name of the holder.
    pub fn words(self, holder: &str) -> String {
        match self {
            Self::TaskGroupLead => "task group lead".to_owned(),
            Self::SubGroupChair => "sub-group chair".to_owned(),
            Self::BoardChair => format!("board chair to the chief officer of {holder}"),
        }
    }
}

impl Seen {
    /// In words.
    pub fn words(&self) -> String {
        match self {
            Self::Yes => "seen".to_owned(),
            Self::NotArrived => "not arrived".to_owned(),
            Self::Without { field } => format!("arrived without {field}"),
            Self::Incomplete { field, known, rows } => format!("{field} filled in in {known} of {rows} rows"),
            Self::PartOfPeriod => "arrived for a part of the period".to_owned(),
        }
    }
}
