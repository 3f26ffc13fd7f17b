//! An answer to a survey: how many it speaks for, and with which others it was drawn.

use super::evaluate::{Context, Evaluated, Frame, evaluate};
use super::ladder::exact;
use crate::check::tree::{CheckedLadder, Node};
use crate::result::{Note, Surveyed};
use crate::value::Exact;

/// What an answer adds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Answer {
    weight: Exact,
    stratum: String,
    /// Empty where nobody has said.
    cluster: String,
}

/// Reads an answer of one authority; `Ok(Err(…))` where nobody can say how many it speaks for.
///
/// Schools and districts go by numbers of the authority's own, and each authority drew its own sample.
///
/// # Errors
/// The words of a refused expression.
pub(crate) fn answer(
    context: &Context<'_>,
    frame: Frame<'_>,
    ladder: &CheckedLadder,
    area: &str,
) -> Result<Option<Result<Answer, Note>>, String> {
    let Some(weight) = &ladder.weight else { return Ok(None) };
    let weight = match evaluate(context, &[frame], weight) {
        Evaluated::Known(weight) => exact(&weight).ok_or_else(|| "a weight does not fit".to_owned())?,
        Evaluated::Refused(why) => return Err(why),
        other => return Ok(Some(Err(other.unknown().unwrap_or(Note::Unknown)))),
    };
    // Nobody speaks for nobody.
    if weight <= Exact::ZERO {
        return Ok(Some(Err(Note::Contradictory)));
    }
    let said = |node: &Option<Node>| match node.as_ref().map(|node| evaluate(context, &[frame], node)) {
        Some(Evaluated::Known(value)) => Ok(Some(format!("{area} {value}"))),
        Some(Evaluated::Refused(why)) => Err(why),
        _ => Ok(None),
    };
    let cluster = said(&ladder.cluster)?.unwrap_or_default();
    let stratum = said(&ladder.stratum)?.unwrap_or_else(|| area.to_owned());
    Ok(Some(Ok(Answer { weight, stratum, cluster })))
}

impl Answer {
    /// Adds it to the others; `None` where a sum does not fit.
    pub(crate) fn add_to(self, surveyed: &mut Surveyed, yes: bool) -> Option<()> {
        surveyed.answers = surveyed.answers.checked_add(1)?;
        let cluster = surveyed.strata.entry(self.stratum).or_default().entry(self.cluster).or_default();
        cluster.all = cluster.all.plus(&self.weight)?;
        if yes {
            cluster.yes = cluster.yes.plus(&self.weight)?;
        }
        Some(())
    }
}
