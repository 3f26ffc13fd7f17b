//! Periods laid side by side: which days stand in which of them.

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
    Days,
    /// Each row from one span to another.
    Stretches,
}

/// Days in order, and how many of them lie before any day.
#[derive(Debug, Clone)]
pub(crate) struct Steps {
    first: i32,
    /// Of each day from the first on, how many lie before it.
    before: Vec<u16>,
    count: u16,
}

impl Steps {
    /// Of some days in order.
    pub(crate) fn new(days: &[i32]) -> Self {
        let (first, end) = (days.first().copied().unwrap_or(0), days.last().copied().unwrap_or(0));
        let mut passed = days.iter().peekable();
        let mut count = 0;
        let before = (first..=end).map(|day| {
            while passed.next_if(|other| **other < day).is_some() {
                count += 1;
            }
            count
        });
        Self { first, before: before.collect(), count: u16::try_from(days.len()).unwrap_or(NO_SPAN) }
    }

    /// How many lie before a day.
    #[inline]
    pub(crate) fn before(&self, day: i32) -> u16 {
        if day <= self.first {
            return 0;
        }
        let at = day.checked_sub(self.first).and_then(|at| usize::try_from(at).ok());
        at.and_then(|at| self.before.get(at)).copied().unwrap_or(self.count)
    }

    /// How many lie on a day or before it.
    #[inline]
    pub(crate) fn up_to(&self, day: i32) -> u16 {
        self.before(day.saturating_add(1))
    }
}

/// Spans of days that do not overlap, in order; or periods in order, in which rows stand from one to another.
#[derive(Debug, Clone)]
pub(crate) struct Spans {
    pub(crate) shape: Shape,
    /// The periods of each span, by their places among those asked for.
    pub(crate) times: Vec<Vec<usize>>,
    /// Whether answers may differ by period: then each span is one period's.
    by_period: bool,
    first: i32,
    /// Of each day from the first on its span.
    of_day: Vec<u16>,
    /// How many spans there are.
    count: u16,
    /// The first and the last days of spans in which rows stand from one to another.
    firsts: Steps,
    lasts: Steps,
}

impl Spans {
    /// Periods laid out for one reading, or for several where answers differ by period and periods lie in one another.
    pub(crate) fn lay(times: &[Days], when: &CheckedWhen, by_period: bool) -> Vec<Self> {
        let all = |part: &[usize]| parts(part);
        match when {
            CheckedWhen::Date(_) if !by_period => vec![Self::elementary(times)],
            CheckedWhen::Date(_) => chains(times)
                .iter()
                .flat_map(|chain| all(chain))
                .map(|part| Self::stretches(times, part, by_period))
                .collect(),
            CheckedWhen::Open(..) => {
                let mut order: Vec<usize> = (0..times.len()).collect();
                order.sort_by_key(|time| times.get(*time).map(|(_, last)| *last));
                all(&order).into_iter().map(|part| Self::stretches(times, part, by_period)).collect()
            }
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.times.len()
    }

    /// As [`len`](Self::len), as spans are counted.
    #[inline]
    pub(crate) fn count(&self) -> u16 {
        self.count
    }

    /// Whether each span is one period's, by which answers may differ.
    pub(crate) fn by_period(&self) -> bool {
        self.by_period
    }

    /// Whether each period is one span, and each span one period's.
    pub(crate) fn are_periods(&self) -> bool {
        let mut times: Vec<usize> = self.times.iter().flatten().copied().collect();
        times.sort_unstable();
        let alone = self.times.iter().all(|times| times.len() == 1);
        alone && times.iter().zip(times.iter().skip(1)).all(|(one, next)| one != next)
    }

    /// The span of a day; the one behind the last, where it lies in none.
    #[inline]
    pub(crate) fn of(&self, day: i32) -> u16 {
        let at = usize::try_from(day.wrapping_sub(self.first)).unwrap_or(usize::MAX);
        self.of_day.get(at).copied().unwrap_or(self.count)
    }

    /// How many spans end before a day.
    #[inline]
    pub(crate) fn before(&self, day: i32) -> u16 {
        self.lasts.before(day)
    }

    /// How many spans begin on a day or before it.
    #[inline]
    pub(crate) fn begun(&self, day: i32) -> u16 {
        self.firsts.up_to(day)
    }

    /// The rows of each period: slots and classes with how many rows there are, in order.
    pub(crate) fn by_time(&self, counts: &Histogram, times: usize) -> Vec<Vec<(u32, u32, u64)>> {
        let mut all: Vec<Vec<Cell>> = vec![Vec::new(); times];
        let mut running: Vec<Cell> = Vec::new();
        let mut counts = counts.each().peekable();
        for (span, periods) in (0u32..).zip(&self.times) {
            let own = std::iter::from_fn(|| counts.next_if(|(of, ..)| *of == span));
            let own: Vec<Cell> = own.map(|(_, slot, class, count)| ((slot, class), count)).collect();
            running = if self.shape == Shape::Days { own } else { together(&running, &own) };
            for time in periods {
                if let Some(held) = all.get_mut(*time) {
                    *held = together(held, &running);
                }
            }
        }
        let listed = |of: Vec<Cell>| {
            of.into_iter().map(|((slot, class), count)| (slot, class, u64::from(count))).collect()
        };
        all.into_iter().map(listed).collect()
    }

    fn stretches(times: &[Days], part: Vec<usize>, by_period: bool) -> Self {
        let days = |of: fn(&Days) -> i32| -> Vec<i32> {
            part.iter().map(|time| times.get(*time).map_or(0, of)).collect()
        };
        let (mut firsts, lasts) = (days(|(first, _)| *first), days(|(_, last)| *last));
        // Of what is open on a day the first days say nothing.
        firsts.sort_unstable();
        Self {
            shape: Shape::Stretches,
            count: u16::try_from(part.len()).unwrap_or(NO_SPAN),
            firsts: Steps::new(&firsts),
            lasts: Steps::new(&lasts),
            times: part.into_iter().map(|time| vec![time]).collect(),
            by_period,
            first: 0,
            of_day: Vec::new(),
        }
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
        Self::events(&spans, of)
    }

    fn events(spans: &[Days], times: Vec<Vec<usize>>) -> Self {
        let first = spans.iter().map(|(first, _)| *first).min().unwrap_or(0);
        let last = spans.iter().map(|(_, last)| *last).max().unwrap_or(first - 1);
        let days = usize::try_from(last - first + 1).unwrap_or(0);
        let count = u16::try_from(times.len()).unwrap_or(NO_SPAN);
        let mut of_day = vec![count; days];
        for (span, (from, to)) in (0u16..).zip(spans) {
            for day in *from..=*to {
                if let Some(held) = usize::try_from(day - first).ok().and_then(|at| of_day.get_mut(at)) {
                    *held = span;
                }
            }
        }
        let steps = Steps::new(&[]);
        Self {
            shape: Shape::Days,
            times,
            by_period: false,
            first,
            of_day,
            count,
            firsts: steps.clone(),
            lasts: steps,
        }
    }
}

/// A slot and class with how many rows there are.
type Cell = ((u32, u32), u32);

/// Two lists of cells in order as one, without those that come to nothing. Sums wrap.
fn together(one: &[Cell], other: &[Cell]) -> Vec<Cell> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    loop {
        let first = match (one.peek(), other.peek()) {
            (None, None) => return all,
            (Some((at, _)), None) | (None, Some((at, _))) => *at,
            (Some((a, _)), Some((b, _))) => *a.min(b),
        };
        let mut count = 0u32;
        for list in [&mut one, &mut other] {
            count = count.wrapping_add(list.next_if(|(at, _)| *at == first).map_or(0, |(_, more)| *more));
        }
        if count != 0 {
            all.push((first, count));
        }
    }
}

/// So many periods at once as spans can be counted.
fn parts(times: &[usize]) -> Vec<Vec<usize>> {
    times.chunks(usize::from(NO_SPAN) - 1).map(<[usize]>::to_vec).collect()
}

/// Periods put in as many chains as are needed for each to begin and end no earlier than the one before it.
fn chains(times: &[Days]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|time| times.get(*time).map(|(first, last)| (*last, *first)));
    let mut chains: Vec<(i32, Vec<usize>)> = Vec::new();
    for time in order {
        let Some((first, _)) = times.get(time).copied() else { continue };
        match chains.iter_mut().find(|(begun, _)| *begun <= first) {
            Some((begun, chain)) => {
                chain.push(time);
                *begun = first;
            }
            None => chains.push((first, vec![time])),
        }
    }
    chains.into_iter().map(|(_, chain)| chain).collect()
}
