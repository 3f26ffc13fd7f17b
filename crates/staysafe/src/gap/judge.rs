//! What has arrived of what is asked, and what has not: the one place where the two are compared.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::arrived::{Arrived, ArrivedFrom, Came, Delivery};
use super::asked::Part;
use super::blanks::Blanks;
use super::{Status, Why};
use crate::definition::framework::Framework;
use crate::record::{Days, ExpectedReturn, Standing};

/// A part of what an indicator asks, made ready to be compared with what arrived from many authorities.
pub(super) struct Judge<'a> {
    pub(super) part: Part,
    /// The return that carries the dataset.
    kind: Option<&'a str>,
    of_the_year: bool,
    /// Whether a blank is an answer, field by field.
    answers: Vec<bool>,
    blanks: &'a Blanks<'a>,
    /// Returns that were asked for of it and of these days, with where each stands.
    expected: Vec<(&'a ExpectedReturn, Standing)>,
    /// Where the fields stand in each list of columns.
    places: RefCell<Vec<Columns>>,
}

/// A list of columns, and where each of the part's fields stands in it.
type Columns = (Arc<[Arc<str>]>, Arc<[Option<usize>]>);

/// One thing that is found. Nothing is allocated until somebody wants it as a [`Why`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact<'f> {
    NotCarried,
    NotArrived,
    OutsideCover,
    YearUnknown,
    PartlyCovered,
    HistoryShort,
    FieldNotCarried(&'f str),
    FieldEmpty(&'f str),
    FieldIncomplete(&'f str, u64, u64),
    /// A partner gave a count in the place of records.
    OnlyCounted,
    Silent(&'f ExpectedReturn),
    NotYetDue(&'f ExpectedReturn),
    SentBack(&'f ExpectedReturn),
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        framework: &'a Framework,
        blanks: &'a Blanks<'a>,
        arrived: &'a Arrived,
        part: Part,
        as_of: chrono::NaiveDate,
    ) -> Self {
        let known = framework.datasets.get(&part.dataset);
        let asked = arrived.expected.iter().filter(|entry| {
            entry.dataset == part.dataset
                && part.days.is_none_or(|days| touches(Some(entry.period.days()), days))
        });
        Self {
            kind: known.map(|known| known.carried_by.value.as_str()),
            of_the_year: known.is_some_and(|known| known.of_the_year),
            answers: part.fields.iter().map(|field| blanks.is_an_answer(&part.dataset, field)).collect(),
            blanks,
            expected: asked.map(|entry| (entry, entry.standing(as_of))).collect(),
            places: RefCell::default(),
            part,
        }
    }

    /// The agencies that are judged one by one: those that were asked by name. Where none was, all are judged together.
    pub(super) fn asked_by_name(&self) -> BTreeSet<&'a str> {
        self.expected.iter().map(|(entry, _)| entry.agency.as_str()).collect()
    }

    /// The facts about one authority, of every agency.
    pub(super) fn of_all(&self, of: (&str, &ArrivedFrom), say: &mut impl FnMut(Fact<'_>)) -> Status {
        let named = self.asked_by_name();
        if named.is_empty() {
            return self.of(of, None, say);
        }
        let each = named.into_iter().map(|agency| self.of(of, Some(agency), say));
        each.fold(Status::NOTHING_ASKED, Status::and)
    }

    /// The facts about one authority; of one agency, where one is named.
    pub(super) fn of(
        &self,
        of: (&str, &ArrivedFrom),
        agency: Option<&str>,
        say: &mut impl FnMut(Fact<'_>),
    ) -> Status {
        let status = self.of_records(of, agency, say);
        let nothing = status.has(Status::SOME_MISSING) && !status.has(Status::SOME_THERE);
        if !(nothing && of.1.counted(self.blanks.indicator, self.part.period, agency)) {
            return status;
        }
        say(Fact::OnlyCounted);
        status.and(Fact::OnlyCounted.status())
    }

    fn of_records(
        &self,
        (area, from): (&str, &ArrivedFrom),
        agency: Option<&str>,
        say: &mut impl FnMut(Fact<'_>),
    ) -> Status {
        let mut status = Status::NOTHING_ASKED;
        let mut found = |fact: Fact<'_>| {
            status = status.and(fact.status());
            say(fact);
        };
        let all = from.deliveries.get(&self.part.dataset).map(Vec::as_slice).unwrap_or_default();
        // Of rows that speak of their return's year alone only the latest are left.
        let all =
            if self.of_the_year { all.get(all.len().saturating_sub(1)..).unwrap_or_default() } else { all };
        let of_agency = |delivery: &&Delivery| comes_from(delivery, agency);
        let touching = |delivery: &&Delivery| self.touches(delivery);
        // Deliveries stand in order of their days: those that touch lie side by side, or nearly so.
        let first = all.iter().position(|delivery| self.touches(delivery)).unwrap_or(all.len());
        let end = all.iter().rposition(|delivery| self.touches(delivery)).map_or(first, |last| last + 1);
        let near = all.get(first..end).unwrap_or_default();
        let there = || near.iter().filter(of_agency).filter(touching);
        let asked = || {
            let here = |(entry, _): &&(&'a ExpectedReturn, Standing)| {
                entry.area.as_deref().is_none_or(|of| of == area)
                    && agency.is_none_or(|agency| agency == entry.agency)
            };
            self.expected.iter().filter(here)
        };
        let mut explained = false;
        for (entry, standing) in asked() {
            let period = entry.period.days();
            let sent = |delivery: &&Delivery| touches(self.part.side.of(&delivery.cover), period);
            let came = || all.iter().filter(of_agency).any(|delivery| sent(&delivery));
            let fact = match standing {
                Standing::Rejected => Fact::SentBack(entry),
                Standing::NotYetDue if !came() => Fact::NotYetDue(entry),
                Standing::Silent if !came() => Fact::Silent(entry),
                _ => continue,
            };
            explained = true;
            found(fact);
        }
        let nil = || {
            asked().filter(|(_, standing)| *standing == Standing::Nil).map(|(entry, _)| entry.period.days())
        };
        let declared = nil().next().is_some();
        let any = there().next().is_some();
        if !any && !declared {
            if !explained {
                found(self.why_nothing(from, all));
            }
            return status;
        }
        if let Some(days) = self.part.days {
            let side = |delivery: &Delivery| self.part.side.of(&delivery.cover);
            let spans = || there().map(side).chain(nil().map(Some));
            if !days.are_held_by(spans) {
                if !explained {
                    found(Fact::PartlyCovered);
                }
            } else if let Some(back) = self.part.back.filter(|back| *back != days) {
                let reach = || {
                    all.iter().filter(of_agency).map(|delivery| delivery.cover.events).chain(nil().map(Some))
                };
                if !back.are_held_by(reach) {
                    found(Fact::HistoryShort);
                }
            }
        }
        if any {
            self.fields(there, &mut found);
        }
        let nil = if declared { Status::NIL_DECLARED } else { Status::NOTHING_ASKED };
        status.and(Status::SOME_THERE).and(nil)
    }

    fn touches(&self, delivery: &Delivery) -> bool {
        self.part.days.is_none_or(|days| touches(self.part.side.of(&delivery.cover), days))
    }

    fn why_nothing(&self, from: &ArrivedFrom, all: &[Delivery]) -> Fact<'static> {
        let of_kind = self.kind.map_or(&[][..], |kind| from.of_kind(kind));
        let lacks = |came: &&Came| all.iter().all(|delivery| delivery.name != came.name);
        // The days are asked first: they are soonest told apart.
        let without = of_kind.iter().filter(|came| came.speaks(self.part.days)).any(|came| lacks(&came));
        if without {
            Fact::NotCarried
        } else if all.is_empty() {
            Fact::NotArrived
        } else if all.iter().all(|delivery| delivery.cover.is_year_unknown()) {
            Fact::YearUnknown
        } else {
            Fact::OutsideCover
        }
    }

    fn fields<'f, I: Iterator<Item = &'f Delivery>>(
        &self,
        there: impl Fn() -> I,
        found: &mut impl FnMut(Fact<'_>),
    ) {
        let rows: u64 = there().map(|delivery| delivery.rows).sum();
        for (number, (field, answer)) in self.part.fields.iter().zip(&self.answers).enumerate() {
            let (mut carried, mut lacking, mut known) = (0_usize, 0_usize, 0_u64);
            for delivery in there() {
                let place = self.places_in(delivery.names()).get(number).copied().flatten();
                match place.and_then(|place| delivery.at(place)) {
                    // What the supplier hides is there.
                    Some(filled) => {
                        carried += 1;
                        known += filled.known + filled.suppressed;
                    }
                    None => lacking += 1,
                }
            }
            // Of one period every delivery must have it; whatever the period, it is enough that one has.
            if carried == 0 || self.part.days.is_some() && lacking > 0 {
                found(Fact::FieldNotCarried(field));
            } else if rows == 0 || *answer {
            } else if known == 0 {
                found(Fact::FieldEmpty(field));
            } else if self.blanks.too_few(known, rows) {
                found(Fact::FieldIncomplete(field, known, rows));
            }
        }
    }

    fn places_in(&self, names: &Arc<[Arc<str>]>) -> Arc<[Option<usize>]> {
        let mut places = self.places.borrow_mut();
        if let Some((_, found)) = places.iter().find(|(held, _)| Arc::ptr_eq(held, names)) {
            return found.clone();
        }
        let of = |field: &String| names.binary_search_by(|name| (**name).cmp(field)).ok();
        let found: Arc<[Option<usize>]> = self.part.fields.iter().map(of).collect();
        places.push((names.clone(), found.clone()));
        found
    }
}

/// What names no agency came from whoever is asked.
fn comes_from(delivery: &Delivery, agency: Option<&str>) -> bool {
    agency.zip(delivery.agency.as_deref()).is_none_or(|(agency, sender)| sender == agency)
}

fn touches(cover: Option<Days>, days: Days) -> bool {
    cover.is_none_or(|cover| cover.first <= days.last && days.first <= cover.last)
}

impl Came {
    /// Whether the return speaks for any of these days.
    fn speaks(&self, days: Option<Days>) -> bool {
        let (Some(days), Some(spans)) = (days, &self.speaks_for) else { return true };
        spans.iter().any(|span| touches(Some(*span), days))
    }
}

impl Fact<'_> {
    pub(super) const fn status(self) -> Status {
        let nothing_there = Status::SOME_MISSING;
        let in_part = Status::SOME_MISSING.and(Status::SOME_THERE);
        match self {
            Self::NotCarried => nothing_there.and(Status::NOT_CARRIED),
            Self::NotArrived => nothing_there.and(Status::NOT_ARRIVED),
            Self::OutsideCover | Self::YearUnknown => nothing_there.and(Status::OUTSIDE_COVER),
            Self::PartlyCovered => in_part.and(Status::PARTLY_COVERED),
            Self::HistoryShort => in_part.and(Status::HISTORY_SHORT),
            Self::FieldNotCarried(_) => in_part.and(Status::FIELD_NOT_CARRIED),
            Self::FieldEmpty(_) => in_part.and(Status::FIELD_EMPTY),
            Self::FieldIncomplete(..) => Status::FIELD_INCOMPLETE,
            Self::OnlyCounted => in_part.and(Status::ONLY_COUNTED),
            Self::Silent(_) => nothing_there.and(Status::SILENT),
            Self::NotYetDue(_) => nothing_there.and(Status::NOT_YET_DUE),
            Self::SentBack(_) => nothing_there.and(Status::SENT_BACK),
        }
    }

    pub(super) fn why(self, dataset: &str) -> Why {
        let dataset = dataset.to_owned();
        match self {
            Self::NotCarried => Why::DatasetNotCarried { dataset },
            Self::NotArrived => Why::DatasetNotArrived { dataset },
            Self::OutsideCover => Why::OutsideCover { dataset },
            Self::YearUnknown => Why::YearUnknown { dataset },
            Self::PartlyCovered => Why::PartlyCovered { dataset },
            Self::HistoryShort => Why::HistoryShort { dataset },
            Self::FieldNotCarried(field) => Why::FieldNotCarried { dataset, field: field.to_owned() },
            Self::FieldEmpty(field) => Why::FieldEmpty { dataset, field: field.to_owned() },
            Self::FieldIncomplete(field, known, rows) => {
                Why::FieldIncomplete { dataset, field: field.to_owned(), known, rows }
            }
            Self::OnlyCounted => Why::OnlyCounted { dataset },
            Self::Silent(entry) => {
                Why::Silent { dataset, agency: entry.agency.clone(), period: entry.period, due: entry.due }
            }
            Self::NotYetDue(entry) => {
                Why::NotYetDue { dataset, agency: entry.agency.clone(), period: entry.period, due: entry.due }
            }
            Self::SentBack(entry) => {
                Why::SentBack { dataset, agency: entry.agency.clone(), period: entry.period }
            }
        }
    }
}
