//! What is odd about a file and costs nothing: passed over or kept, and reported.

use staysafe::value::Datum;

use super::{Frame, Machine};
use crate::layout::{NameId, years};
use crate::notes::Place;
use crate::values::trim;
use crate::xml::shown;

impl Machine<'_> {
    /// An element that means nothing here: it and all below it are passed over, and reported by name.
    pub(super) fn pass_over(&mut self, name: &str, id: Option<NameId>, line: u64) -> Frame {
        self.account.passed_over += 1;
        let layout = self.layout;
        let dataset = self.open.last().and_then(|record| layout.datasets.get(record.dataset));
        let place =
            Place { record: self.child, line, dataset: dataset.map(|d| d.id.as_str()), element: name };
        let near = || {
            let near = staysafe::diagnostic::nearest(name, layout.names.iter());
            near.map(|near| format!("; the nearest known is {}", shown(near))).unwrap_or_default()
        };
        let is_record =
            id.is_some_and(|id| id == layout.top_name) || layout.datasets.iter().any(|d| d.element == name);
        if id.is_some_and(|id| layout.uses(id)) {
            let message =
                || format!("{} does not belong here; it was passed over with all below it", shown(name));
            if is_record {
                self.notes.passed_over(place, "misplaced-element", message);
            } else {
                self.notes.odd(place, "misplaced-element", "", false, message);
            }
        } else if matches!(self.frames.last(), Some(Frame::Children)) {
            let top = layout.names.iter().nth(layout.top_name.place()).unwrap_or_default();
            self.notes.passed_over(place, "unknown-element", || {
                format!("expected {} here; it was passed over with all below it{}", shown(top), near())
            });
        } else {
            self.notes.odd(place, "unknown-element", "", false, || {
                format!(
                    "the {} has no such element; it was passed over with all below it{}",
                    layout.title,
                    near()
                )
            });
        }
        Frame::PassedOver
    }

    pub(super) fn stray(&mut self, text: &str, line: u64) {
        let layout = self.layout;
        let dataset = self.open.last().and_then(|record| layout.datasets.get(record.dataset));
        let element = match self.names.last().copied().flatten() {
            Some(id) => layout.names.iter().nth(id.place()).unwrap_or("Message"),
            None => "Message",
        };
        let at = Place { record: self.child, line, dataset: dataset.map(|d| d.id.as_str()), element };
        self.notes.odd(at, "stray-text", trim(text), true, || {
            format!("text that belongs to no element stands inside {}; it is not used", shown(element))
        });
    }

    pub(super) fn report_other_years(&mut self, year: i32) {
        for (value, (times, record, line)) in self.layout.values.iter().zip(&self.other_years) {
            if *times == 0 {
                continue;
            }
            let dataset = self.layout.datasets.get(value.dataset).map(|d| d.id.as_str());
            let at = Place { record: *record, line: *line, dataset, element: &value.element };
            let span = years(value.from, value.to);
            let message =
                format!("the census asks for this {span}, and the return is of {year}; it was read as it is");
            self.notes.odd_many(at, "element-of-another-year", *times, message);
        }
    }

    /// Two children under one number: both are kept, because which one is meant cannot be known here.
    pub(super) fn report_duplicates(&mut self) {
        let layout = self.layout;
        let Some(dataset) = layout.datasets.get(layout.top) else { return };
        let (Some(column), Some(table)) = (dataset.identity, self.tables.get(layout.top)) else { return };
        let rows = table.rows();
        let id = |place: u32| rows.get(place as usize).and_then(|row| row.values.get(column));
        let mut order: Vec<u32> = (0..u32::try_from(rows.len()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|a, b| id(*a).cmp(&id(*b)).then(a.cmp(b)));
        for group in order.chunk_by(|a, b| id(*a) == id(*b)).filter(|group| group.len() > 1) {
            let (Some(first), Some(Datum::Known(number))) =
                (group.first(), group.first().and_then(|p| id(*p)))
            else {
                continue;
            };
            let record = rows.get(*first as usize).map_or(0, |row| row.origin);
            let message = format!(
                "the number of this child stands on {} children of the file; all are kept, and figures that count \
                 children count them as one: correct the number in the case system",
                group.len()
            );
            self.notes.duplicate(record, &dataset.id, &number.to_string(), group.len() as u64 - 1, message);
        }
    }
}
