//! Periods laid side by side: which days stand in which of them.

use std::collections::BTreeMap;

use staysafe::check::tree::CheckedWhen;

use super::histogram::Histogram;

/// A day outside all spans.
pub(crate) const NO_SPAN: u16 = u16::MAX;

/// The days that a period asks for: of a stock the last decides.
pub(crate) type Days = (i32, i32);

/// How rows stand in spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each row in the span of its day.
    Events,
    /// Each row from one span to another, with the same answers in all of them.
    Stocks,
    /// Each row from one span to another, asked anew in each.
    EachStock,
}

/// Spans of days that do not overlap, in order; of stocks, days in order.
#[derive(Debug, Clone)]
pub(crate) struct Spans {
    pub(crate) shape: Shape,
    /// The periods of each span, by their places among those asked for.
    pub(crate) times: Vec<Vec<usize>>,
    /// Whether answers may differ by period: then each span is one period's.
    by_period: bool,
    first: i32,
    /// Of each day from the first on its span; of stocks, how many spans end before it.
    of_day: Vec<u16>,
}

impl Spans {
    /// Periods laid out for one reading, or for several where they overlap and answers differ by period.
    pub(crate) fn lay(times: &[Days], when: &CheckedWhen, by_period: bool) -> Vec<Self> {
        let all = (0..times.len()).collect::<Vec<_>>();
        match when {
            CheckedWhen::Open(..) => {
                let shape = if by_period { Shape::EachStock } else { Shape::Stocks };
                parts(&all).into_iter().map(|part| Self::stocks(times, part, shape)).collect()
            }
            CheckedWhen::Date(_) if by_period => layers(times)
                .iter()
                .flat_map(|layer| parts(layer))
                .map(|layer| Self::layer(times, layer))
                .collect(),
            CheckedWhen::Date(_) => vec![Self::elementary(times)],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.times.len()
    }

    /// As [`len`](Self::len), as spans are counted.
    pub(crate) fn count(&self) -> u16 {
        u16::try_from(self.times.len()).unwrap_or(NO_SPAN)
    }

    /// Whether each span is one period's, by which answers may differ.
    pub(crate) fn one_time_each(&self) -> bool {
        self.by_period
    }

    /// The span of a day.
    pub(crate) fn of(&self, day: i32) -> u16 {
        let at = day.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.of_day.get(at)).copied().unwrap_or(NO_SPAN)
    }

    /// How many spans end before a day.
    pub(crate) fn before(&self, day: i32) -> u16 {
        if day <= self.first {
            return 0;
        }
        let at = day.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.of_day.get(at)).copied().unwrap_or(self.count())
    }

    /// The rows of each period: slots and classes with how many rows there are, in order.
    pub(crate) fn by_time(&self, counts: &Histogram, times: usize) -> Vec<Vec<(u32, u32, u64)>> {
        let mut all: Vec<BTreeMap<(u32, u32), u32>> = vec![BTreeMap::new(); times];
        let mut running: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        let mut counts = counts.each().peekable();
        for (span, periods) in (0u32..).zip(&self.times) {
            if self.shape != Shape::Stocks {
                running.clear();
            }
            while let Some((_, slot, class, count)) = counts.next_if(|(of, ..)| *of == span) {
                let held = running.entry((slot, class)).or_default();
                *held = held.wrapping_add(count);
            }
            for time in periods {
                let Some(time) = all.get_mut(*time) else { continue };
                for (at, count) in running.iter().filter(|(_, count)| **count != 0) {
                    let held = time.entry(*at).or_default();
                    *held = held.wrapping_add(*count);
                }
            }
        }
        let listed = |of: BTreeMap<(u32, u32), u32>| {
            of.into_iter().map(|((slot, class), count)| (slot, class, u64::from(count))).collect()
        };
        all.into_iter().map(listed).collect()
    }

    fn stocks(times: &[Days], mut part: Vec<usize>, shape: Shape) -> Self {
        let last = |time: &usize| times.get(*time).map_or(0, |(_, last)| *last);
        part.sort_by_key(last);
        let lasts: Vec<i32> = part.iter().map(last).collect();
        let (first, end) = (lasts.first().copied().unwrap_or(0), lasts.last().copied().unwrap_or(0));
        let before = |day: i32| u16::try_from(lasts.partition_point(|last| *last < day)).unwrap_or(NO_SPAN);
        let of_day = (first..=end).map(before).collect();
        let by_period = shape == Shape::EachStock;
        Self { shape, times: part.into_iter().map(|time| vec![time]).collect(), by_period, first, of_day }
    }

    fn layer(times: &[Days], layer: Vec<usize>) -> Self {
        let spans = layer.iter().filter_map(|time| times.get(*time).copied()).collect::<Vec<_>>();
        let times = layer.into_iter().map(|time| vec![time]).collect();
        Self::events(&spans, times, true)
    }

    /// The stretches between the edges of periods.
    fn elementary(times: &[Days]) -> Self {
        let mut edges: Vec<i32> =
            times.iter().flat_map(|(first, last)| [*first, last.saturating_add(1)]).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut spans = Vec::new();
        let mut of = Vec::new();
        for (first, end) in edges.iter().zip(edges.iter().skip(1)) {
            let inside = |(_, (from, to)): &(usize, &Days)| from <= first && end - 1 <= *to;
            let periods: Vec<usize> = times.iter().enumerate().filter(inside).map(|(time, _)| time).collect();
            if !periods.is_empty() {
                spans.push((*first, end - 1));
                of.push(periods);
            }
        }
        Self::events(&spans, of, false)
    }

    fn events(spans: &[Days], times: Vec<Vec<usize>>, by_period: bool) -> Self {
        let first = spans.iter().map(|(first, _)| *first).min().unwrap_or(0);
        let last = spans.iter().map(|(_, last)| *last).max().unwrap_or(first - 1);
        let days = usize::try_from(last - first + 1).unwrap_or(0);
        let mut of_day = vec![NO_SPAN; days];
        for (span, (from, to)) in (0u16..).zip(spans) {
            for day in *from..=*to {
                if let Some(held) = usize::try_from(day - first).ok().and_then(|at| of_day.get_mut(at)) {
                    *held = span;
                }
            }
        }
        Self { shape: Shape::Events, times, by_period, first, of_day }
    }
}

/// So many periods at once as spans can be counted.
fn parts(times: &[usize]) -> Vec<Vec<usize>> {
    times.chunks(usize::from(NO_SPAN) - 1).map(<[usize]>::to_vec).collect()
}

/// Periods put in as many layers as are needed for none to overlap another of its layer.
fn layers(times: &[Days]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|time| times.get(*time));
    let mut layers: Vec<(i32, Vec<usize>)> = Vec::new();
    for time in order {
        let Some((first, last)) = times.get(time).copied() else { continue };
        match layers.iter_mut().find(|(end, _)| *end < first) {
            Some((end, layer)) => {
                layer.push(time);
                *end = last;
            }
            None => layers.push((last, vec![time])),
        }
    }
    layers.into_iter().map(|(_, layer)| layer).collect()
}
