//! The board at work on its gaps: how each row of its data gathering plan stands, what is late, what is unanswered.
//!
//! The files of a board's folder say what people decided ([`definition::board`](crate::definition::board)); the gap
//! analysis and the returns say what came. From the two [`stand`] works out where everything stands on a day. Nothing
//! that can be worked out is ever typed: *data seen* is a matter of what arrived, *overdue* of the day.

mod account;
mod arrivals;
mod candidate;
mod delivery;
mod forward;
mod group;
mod make;
mod promise;
mod row;
mod selection;
#[cfg(test)]
mod tests;
mod told;
mod write;

use chrono::NaiveDate;
use serde::Serialize;

use crate::definition::board::Board;
use crate::definition::framework::Framework;
use crate::gap::GapAnalysis;

pub use account::{
    Answer, ChallengeStanding, Freshness, PriorityStanding, challenges, figure_of, freshness, priorities,
};
pub use arrivals::{Arrival, Arrivals, Seen};
pub use candidate::{Candidate, Evidence, candidates};
pub use delivery::{Delivery, deliveries};
pub use forward::{DocumentStanding, Forward, ForwardPlan, forward_plan};
pub use group::{ActionStanding, GroupStanding, GroupState, group};
pub use make::{Differs, Made, MakeError, Widened, make, make_again};
pub use promise::promises;
pub use row::{Escalated, Overdue, RowStanding, Status, stand_row};
pub use selection::{NeedStanding, Requirement, Selection, select};
pub use told::{candidates_told, drafted};
pub use write::write_row;

/// Where a board stands with its gaps on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct BoardStanding {
    /// The rows of the data gathering plan, in the order of the file.
    pub rows: Vec<RowStanding>,
    /// The task group.
    pub task_group: Option<GroupStanding>,
    /// The documents due, for which meeting.
    pub forward: ForwardPlan,
    /// The priorities that hold on the day.
    pub priorities: Vec<PriorityStanding>,
    /// The challenges, in the order of the file.
    pub challenges: Vec<ChallengeStanding>,
}

/// Where everything in a board's folder stands on a day.
///
/// # Example
/// ```
/// use staysafe::board::{Arrivals, Status, stand};
/// use staysafe::definition::read::{read, read_board};
/// use staysafe::gap::{Arrived, Circumstances, gap};
///
/// let (framework, _) = read([("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("agencies.toml", "[[agency]]\nid = 'police'\nname = 'Police'")]);
/// let checked = staysafe::check::check(framework).0.unwrap();
/// let plan = "[[row]]\nid = 'a'\naction = 'Ask'\ndataset = 'crime'\nholder = 'police'\ndue = 2010-09-01\n\
///             agreed = { on = 2010-07-01, by = 'B. Constable' }\n";
/// let (board, _) = read_board([("plan.toml", plan)], checked.framework());
/// let as_of = "2010-10-01".parse().unwrap();
/// let circumstances = Circumstances::on(as_of);
/// let gaps = gap(&checked, &Arrived::default(), &circumstances);
///
/// let now = stand(&board, checked.framework(), &gaps, &Arrivals::default(), as_of);
/// assert_eq!(now.rows[0].status, Status::Agreed);
/// assert_eq!(now.rows[0].overdue.as_ref().unwrap().days, 30);
/// ```
pub fn stand(
    board: &Board,
    framework: &Framework,
    gaps: &GapAnalysis,
    arrivals: &Arrivals,
    as_of: NaiveDate,
) -> BoardStanding {
    let rows: Vec<RowStanding> = board.plan.as_ref().map_or_else(Vec::new, |plan| {
        plan.rows.iter().map(|row| stand_row(row, plan, framework, gaps, arrivals, as_of)).collect()
    });
    let meetings = board.meetings.clone().unwrap_or_default();
    BoardStanding {
        task_group: board.task_group.as_ref().map(|found| group(found, &rows, as_of)),
        rows,
        forward: forward_plan(framework, &meetings, as_of),
        priorities: priorities(&board.priorities, gaps, as_of),
        challenges: challenges(&board.challenges, as_of),
    }
}

/// An agency by its name, where the framework knows it.
fn agency_name(framework: &Framework, id: &str) -> String {
    framework.agencies.get(id).map_or(id, |agency| agency.name.value.as_str()).to_owned()
}
