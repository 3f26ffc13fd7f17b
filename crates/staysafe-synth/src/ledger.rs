//! What is true of an area, by indicator and period, in the words of the list: counted from what was decided.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::days::Day;
use crate::periods::{Kind, Stretch};

/// The first line of a file of truths.
pub(crate) const HEAD: &str = "indicator\tcategory\tarea\tperiod\tnumerator\tdenominator\n";

/// What the files can tell of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// What happened in a period that lies within the files' years.
    Flow,
    /// How things stood on the last day of a period.
    Stock,
    /// How things stood on the last day, by what happened in so many months before it.
    Window(i32),
    /// How things stood on the last day of the files' years, and on no other.
    AtTheEnd,
}

/// Of which periods an indicator speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cycle {
    /// Years, quarters, and the twelve months to a quarter's end.
    Quarters,
    /// Years, and the twelve months to a quarter's end.
    Years,
    /// Years that end on 31 March, under either name, and how things stand on the last day of a quarter.
    Days,
    /// Years that end on 31 March only, under either name.
    YearsAlone,
    /// Years from January, under either name.
    CalendarYears,
    /// Years from September.
    AcademicYears,
    /// As quarters, of what was asked for until a day.
    QuartersUntil(Day),
}

/// An indicator, or a category of one that is a distribution.
type Name = (&'static str, &'static str);

/// The truths of one area.
#[derive(Debug)]
pub(crate) struct Ledger {
    periods: Vec<Stretch>,
    first: Day,
    last: Day,
    figures: BTreeMap<Name, Figures>,
}

#[derive(Debug)]
struct Figures {
    told: Told,
    cycle: Cycle,
    /// Whether the figure has a denominator.
    is_share: bool,
    /// Counts are of hundredths.
    is_decimal: bool,
    counts: Vec<(u64, u64)>,
}

impl Ledger {
    /// Nothing counted yet; the files speak for the days from the first to the last.
    pub(crate) fn new(periods: Vec<Stretch>, first: Day, last: Day) -> Self {
        Self { periods, first, last, figures: BTreeMap::new() }
    }

    /// A count; it is told as 0 where nothing of it happens.
    pub(crate) fn count(&mut self, indicator: &'static str, told: Told) {
        self.declare((indicator, ""), told, false, false);
    }

    /// A count of each category.
    pub(crate) fn categories(&mut self, indicator: &'static str, categories: &[&'static str], told: Told) {
        for category in categories {
            self.declare((indicator, category), told, false, false);
        }
    }

    /// A numerator and a denominator.
    pub(crate) fn share(&mut self, indicator: &'static str, told: Told) {
        self.declare((indicator, ""), told, true, false);
    }

    /// A numerator and a denominator in hundredths.
    pub(crate) fn share_of_hundredths(&mut self, indicator: &'static str, told: Told) {
        self.declare((indicator, ""), told, true, true);
    }

    fn declare(&mut self, name: Name, told: Told, is_share: bool, is_decimal: bool) {
        let counts = vec![(0, 0); self.periods.len()];
        self.figures.entry(name).or_insert(Figures {
            told,
            cycle: Cycle::Quarters,
            is_share,
            is_decimal,
            counts,
        });
    }

    /// Whether anything was declared of an indicator.
    pub(crate) fn tells_of(&self, indicator: &str) -> bool {
        self.figures.keys().any(|(name, _)| *name == indicator)
    }

    /// The indicator is asked for each year; between, for the twelve months to a quarter's end.
    pub(crate) fn yearly(&mut self, indicator: &'static str) {
        self.cycle(indicator, Cycle::Years);
    }

    /// The indicator is asked for each 31 March; between, as things stand.
    pub(crate) fn yearly_or_now(&mut self, indicator: &'static str) {
        self.cycle(indicator, Cycle::Days);
    }

    /// The indicator is asked for each 31 March, and between there is none.
    pub(crate) fn yearly_only(&mut self, indicator: &'static str) {
        self.cycle(indicator, Cycle::YearsAlone);
    }

    /// The indicator is asked for each calendar year.
    pub(crate) fn by_calendar_year(&mut self, indicator: &'static str) {
        self.cycle(indicator, Cycle::CalendarYears);
    }

    /// The indicator is asked for each academic year.
    pub(crate) fn by_academic_year(&mut self, indicator: &'static str) {
        self.cycle(indicator, Cycle::AcademicYears);
    }

    /// The indicator was asked for each quarter until a day; a longer period shows what was told last in it.
    pub(crate) fn quarters_until(&mut self, indicator: &'static str, last: Day) {
        self.cycle(indicator, Cycle::QuartersUntil(last));
    }

    fn cycle(&mut self, indicator: &'static str, cycle: Cycle) {
        for ((name, _), figures) in &mut self.figures {
            if *name == indicator {
                figures.cycle = cycle;
            }
        }
    }

    /// Something happened on a day: it counts in the denominator of a share, and in the numerator where it hits.
    pub(crate) fn event(&mut self, indicator: &'static str, day: Day, hits: bool) {
        self.judge((indicator, ""), |period| period.holds(day).then_some((u64::from(hits), 1)));
    }

    /// Something that counts once in a period, on however many days of it it happened.
    pub(crate) fn once(&mut self, indicator: &'static str, days: &[Day]) {
        self.judge((indicator, ""), |period| days.iter().any(|day| period.holds(*day)).then_some((1, 0)));
    }

    /// Something ran from a day until the day before another, or still runs: it stands in each period on whose last
    /// day it runs.
    pub(crate) fn stock(&mut self, indicator: &'static str, from: Day, until: Option<Day>) {
        self.judge((indicator, ""), |period| runs(from, until, period.last).then_some((1, 1)));
    }

    /// What a record or a child adds to numerator and denominator of each period.
    pub(crate) fn judge(&mut self, name: Name, adds: impl Fn(&Stretch) -> Option<(u64, u64)>) {
        let Some(figures) = self.figures.get_mut(&name) else {
            debug_assert!(false, "{name:?} was not declared");
            return;
        };
        for (period, count) in self.periods.iter().zip(&mut figures.counts) {
            if let Some((numerator, denominator)) = adds(period) {
                count.0 += numerator;
                count.1 += denominator;
            }
        }
    }

    /// Writes what the files can tell: indicator, category, area, period, numerator, denominator.
    pub(crate) fn write(&self, area: &str, out: &mut impl Write) -> io::Result<()> {
        for ((indicator, category), figures) in &self.figures {
            for (period, (numerator, denominator)) in self.periods.iter().zip(&figures.counts) {
                if !self.tells(figures.told, period) || !speaks_of(figures.cycle, period) {
                    continue;
                }
                let shown =
                    |count: u64| if figures.is_decimal { hundredths(count) } else { count.to_string() };
                let denominator = if figures.is_share { shown(*denominator) } else { String::new() };
                let numerator = shown(*numerator);
                let label = &period.label;
                writeln!(out, "{indicator}\t{category}\t{area}\t{label}\t{numerator}\t{denominator}")?;
            }
        }
        Ok(())
    }

    fn tells(&self, told: Told, period: &Stretch) -> bool {
        let within = period.last <= self.last;
        within
            && match told {
                Told::Flow => period.first >= self.first,
                Told::Stock => period.last >= self.first,
                Told::Window(months) => period.last.plus(1).plus_months(-months) >= self.first,
                Told::AtTheEnd => period.last == self.last,
            }
    }
}

fn speaks_of(cycle: Cycle, period: &Stretch) -> bool {
    match (cycle, period.kind) {
        (Cycle::Quarters, Kind::Year | Kind::Quarter | Kind::Rolling)
        | (Cycle::Years, Kind::Year | Kind::Rolling)
        | (Cycle::Days, Kind::Year | Kind::Day)
        | (Cycle::YearsAlone, Kind::Year)
        | (Cycle::CalendarYears, Kind::Calendar)
        | (Cycle::AcademicYears, Kind::Academic) => true,
        (Cycle::YearsAlone | Cycle::Days, Kind::Rolling) => period.last.parts().1 == 3,
        (Cycle::CalendarYears, Kind::Rolling) => period.last.parts().1 == 12,
        (Cycle::QuartersUntil(last), Kind::Year | Kind::Quarter | Kind::Rolling) => period.first <= last,
        _ => false,
    }
}

/// Whether something that began on a day, and ended on another or not yet, runs on a third.
pub(crate) fn runs(from: Day, until: Option<Day>, on: Day) -> bool {
    from <= on && until.is_none_or(|until| until > on)
}

fn hundredths(count: u64) -> String {
    format!("{}.{:02}", count / 100, count % 100)
}
