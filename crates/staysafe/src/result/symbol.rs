//! Cells as other systems write them: absence keeps its reason under one letter.

use super::cell::{Cell, Flag, Outcome, Reason};

/// Whose letters a cell is exported under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbols {
    /// The Department for Education's open data.
    Dfe,
    /// SDMX, the code list of the observation status (`CL_OBS_STATUS`).
    Sdmx,
}

impl Symbols {
    /// The name of the column that holds them.
    pub fn column(self) -> &'static str {
        match self {
            Self::Dfe => "symbol",
            Self::Sdmx => "obs_status",
        }
    }
}

impl Cell {
    /// The symbol under which the cell is exported; `None` for a plain figure of the Department's.
    ///
    /// # Example
    /// ```
    /// use staysafe::result::{Cell, Interval, NoInterval, Outcome, Reason, Symbols};
    ///
    /// let cell = Cell {
    ///     outcome: Outcome::Absent(Reason::Suppressed),
    ///     interval: Interval::Without(NoInterval::NoFigure),
    ///     coverage: Default::default(),
    ///     flags: Default::default(),
    ///     notes: Default::default(),
    /// };
    /// assert_eq!(cell.symbol(Symbols::Dfe), Some("c"));
    /// assert_eq!(cell.symbol(Symbols::Sdmx), Some("Q"));
    /// ```
    pub fn symbol(&self, of: Symbols) -> Option<&'static str> {
        match of {
            Symbols::Dfe => self.dfe(),
            Symbols::Sdmx => Some(self.obs_status()),
        }
    }

    /// `z` not applicable, `x` not available, `c` suppressed, `low` not 0 but prints as 0, `k` not 0 but
    /// rounded to 0 for publication, `u` low reliability. Source: the symbols of the Department for
    /// Education's open data; *undefined*, *break* and *not yet due* have none of their own and go out as `x`.
    fn dfe(&self) -> Option<&'static str> {
        let has = |flag| self.flags.contains(&flag);
        match &self.outcome {
            Outcome::Absent(Reason::NotApplicable | Reason::OutOfScope) => Some("z"),
            Outcome::Absent(Reason::Suppressed) => Some("c"),
            Outcome::Absent(_) => Some("x"),
            Outcome::Figure { .. } if has(Flag::Low) && has(Flag::Rounded) => Some("k"),
            Outcome::Figure { .. } if has(Flag::Low) => Some("low"),
            Outcome::Figure { .. } if has(Flag::LowReliability) => Some("u"),
            Outcome::Figure { .. } => None,
        }
    }

    /// `A` normal, `B` break, `U` low reliability, `P` provisional; without a figure `M` cannot exist, `L` exists and
    /// was not collected, `Q` suppressed, `O` missing for another reason. One letter to a cell: a break comes before
    /// all others. Source: SDMX code list `CL_OBS_STATUS` and its guideline for one flag to a value (2019).
    fn obs_status(&self) -> &'static str {
        let has = |flag| self.flags.contains(&flag);
        match &self.outcome {
            Outcome::Figure { .. } if has(Flag::Break) => "B",
            Outcome::Figure { .. } if has(Flag::LowReliability) => "U",
            Outcome::Figure { .. } if has(Flag::Provisional) => "P",
            Outcome::Figure { .. } => "A",
            Outcome::Absent(reason) => match reason {
                Reason::Undefined | Reason::NothingToMeasure | Reason::NotApplicable => "M",
                Reason::NotReported(_) | Reason::OutOfScope => "L",
                Reason::Suppressed => "Q",
                Reason::NotYetDue(_) | Reason::Refused(_) | Reason::Break => "O",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Coverage, Interval, NoInterval, NotReported};
    use super::*;
    use crate::value::Exact;

    fn cell(outcome: Outcome, flags: &[Flag]) -> Cell {
        Cell {
            outcome,
            interval: Interval::Without(NoInterval::NoFigure),
            coverage: Coverage::default(),
            flags: flags.iter().copied().collect(),
            notes: std::collections::BTreeMap::new(),
        }
    }

    fn both(cell: &Cell) -> (Option<&'static str>, Option<&'static str>) {
        (cell.symbol(Symbols::Dfe), cell.symbol(Symbols::Sdmx))
    }

    #[test]
    fn every_absence_has_its_letters() {
        for (reason, dfe, sdmx) in [
            (Reason::Undefined, "x", "M"),
            (Reason::NothingToMeasure, "x", "M"),
            (Reason::NotReported(NotReported::NoReturn), "x", "L"),
            (Reason::Refused(String::new()), "x", "O"),
            (Reason::NotYetDue(None), "x", "O"),
            (Reason::NotApplicable, "z", "M"),
            (Reason::Suppressed, "c", "Q"),
            (Reason::Break, "x", "O"),
            (Reason::OutOfScope, "z", "L"),
        ] {
            let absent = cell(Outcome::Absent(reason.clone()), &[Flag::LowReliability]);
            assert_eq!(both(&absent), (Some(dfe), Some(sdmx)), "{reason:?}");
        }
    }

    #[test]
    fn a_figure_has_one_letter_the_weightiest() {
        use Flag::{Break, Low, LowReliability, PartlyCovered, Provisional, Rounded};
        let figure = |flags: &[Flag]| {
            let outcome = Outcome::Figure { value: Exact::ZERO, numerator: None, denominator: None };
            both(&cell(outcome, flags))
        };
        assert_eq!(figure(&[]), (None, Some("A")));
        assert_eq!(figure(&[PartlyCovered]), (None, Some("A")), "the flags say more");
        assert_eq!(figure(&[LowReliability]), (Some("u"), Some("U")));
        assert_eq!(figure(&[LowReliability, Low]), (Some("low"), Some("U")));
        assert_eq!(figure(&[Rounded, Low]), (Some("k"), Some("A")));
        assert_eq!(figure(&[Break, LowReliability, Provisional]), (Some("u"), Some("B")));
        assert_eq!(figure(&[Provisional]), (None, Some("P")));
    }
}
