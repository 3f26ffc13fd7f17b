//! Where each entry stands, and what its row says.

use std::collections::BTreeMap;

use serde::Serialize;

use super::beside::{Beside, BrokenSum, PublishedFigure};
use super::{Summary, words};
use crate::definition::framework::{Framework, List};
use crate::definition::indicator::{Calculation, Confidence, Indicator, Kind};
use crate::definition::predicate::ExprKind;
use crate::disclosure::{Audience, Disclosed};
use crate::gap::{Gap, GapAnalysis, Headline, Supply, Thing, Why};
use crate::period::{Period, PeriodKind};
use crate::result::{
    ALL, Flag, Interval, NotReported, Observation, Outcome, Reason, Statistic, UNKNOWN_CATEGORY,
    printed_count,
};
use crate::value::{Exact, Name};

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// With a number, or a reason in its place.
    Numbers,
    /// In a list of our own.
    Context,
    /// Could be had from records already held.
    CouldBeHad,
    /// To be asked of a partner.
    ToAsk,
    /// No longer collected, superseded, out of scope, not applicable.
    Ended,
}

/// What is said of every entry, wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct About {
    /// The indicator's id.
    pub id: String,
    /// The list's heading and the number in it, as printed.
    pub reference: String,
    /// The title, as printed.
    pub title: String,
    /// The title of the entry it is a sub-item of.
    pub part_of: Option<String>,
}

/// One list's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListOf {
    /// The list's heading, as printed.
    pub heading: String,
    /// Its rows, in the list's order.
    pub rows: Vec<Row>,
}

/// An entry with a number, or with a reason in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Which entry.
    #[serde(flatten)]
    pub about: About,
    /// What is above the line, in words.
    pub numerator: Option<String>,
    /// What is below it.
    pub denominator: Option<String>,
    /// Why it matters.
    pub why_it_matters: Option<String>,
    /// The question to ask.
    pub question: Option<String>,
    /// What a reader must know before drawing a conclusion.
    pub caveats: Vec<String>,
    /// Facts of the definition that are not verified, or what is known of their standing.
    pub unverified: Vec<String>,
    /// A state beside the number: superseded, no longer collected.
    pub state: Option<String>,
    /// Warnings about the data behind it.
    pub warnings: Vec<String>,
    /// Whether disclosure control hides it.
    pub hidden: bool,
    /// Why there is no cell at all.
    pub reason: Option<String>,
    /// Its figures, by area and category.
    pub series: Vec<Series>,
    /// Figures that somebody else published of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedFigure>,
    /// Sums that it is part of and that did not come out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken_sums: Vec<BrokenSum>,
    /// Its second readings that were asked for, with their figures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<SecondReading>,
}

/// A second legitimate reading of an entry's rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SecondReading {
    /// Its id: `cs-04@same-carer`.
    pub id: String,
    /// How it differs, in words.
    pub title: String,
    /// Whether disclosure control hides it.
    pub hidden: bool,
    /// Its figures, by area and category.
    pub series: Vec<Series>,
}

/// The figures of one area, category and cell of a breakdown over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Series {
    /// The category, in words where its code set has them, and what else the figures are kept apart by.
    pub category: Option<String>,
    /// The area, by name where the framework knows it.
    pub area: String,
    /// What is measured.
    pub statistic: Statistic,
    /// In order of time.
    pub points: Vec<Point>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Point {
    /// The period's label.
    pub period: String,
    /// What kind of period it is: only like is drawn beside like.
    pub kind: PeriodKind,
    /// The value as printed, or the absence in a word or two.
    pub value: String,
    /// What was counted above the line.
    pub numerator: Option<String>,
    /// What was counted below it.
    pub denominator: Option<String>,
    /// Its 95% interval, as printed.
    pub interval: Option<String>,
    /// By which method.
    pub method: Option<&'static str>,
    /// Why there is no figure, in full.
    pub reason: Option<String>,
    /// Marks, in words.
    pub flags: Vec<String>,
    /// Counters, in words.
    pub notes: Vec<String>,
    /// The figure itself, for the chart.
    pub figure: Option<Exact>,
    /// Whether it must not be compared with whole periods.
    pub partial: bool,
    /// Whether it shows survivors: drawn only where they were asked for.
    pub survivors: bool,
}

/// An entry without a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// Which entry.
    #[serde(flatten)]
    pub about: About,
    /// Its state, in words.
    pub state: String,
    /// Why it has none.
    pub reasons: Vec<String>,
    /// What stands in the way.
    pub obstacle: Option<String>,
    /// Whom to ask for what.
    pub ask: Vec<String>,
    /// A similar entry that can be looked at meanwhile.
    pub beside: Option<String>,
    /// Figures that somebody else published of it, which can be looked at meanwhile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub published: Vec<PublishedFigure>,
}

impl Open {
    /// Why it has no figure, and what can be looked at meanwhile.
    pub(super) fn why(&self) -> Vec<String> {
        let mut why = self.reasons.clone();
        why.extend(self.beside.as_ref().map(|beside| format!("meanwhile {beside} may be looked at")));
        why.extend(self.published.iter().map(|figure| {
            let note = if figure.note.is_empty() { String::new() } else { format!(", {}", figure.note) };
            let place = format!("{} ({})", figure.area, figure.nearness.words());
            format!("published of {place}, {}: {} ({}{note})", figure.period, figure.value, figure.source)
        }));
        why
    }
}

/// What to ask one holder for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The agency's id.
    pub holder: String,
    /// Its name.
    pub name: String,
    /// How many entries would be complete if it sent everything asked of it.
    pub unlocks: usize,
    /// The entries.
    pub rows: Vec<Open>,
}

/// What one thing would unlock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnlockLine {
    /// The thing, in words.
    pub thing: String,
    /// Entries that miss nothing else.
    pub alone: Vec<String>,
    /// Entries that miss it among other things.
    pub among_others: Vec<String>,
}

/// Everything, placed.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) summary: Summary,
    pub(super) numbers: Vec<ListOf>,
    pub(super) context: Vec<ListOf>,
    pub(super) could_be_had: Vec<Open>,
    pub(super) to_ask: Vec<Asked>,
    pub(super) ended: Vec<Open>,
}

struct View<'a> {
    framework: &'a Framework,
    gaps: &'a GapAnalysis,
    audience: &'a Audience,
    hidden: &'a std::collections::BTreeSet<String>,
    /// Whether some figures rest on counts that partners gave, with no record behind them.
    counts_used: bool,
    cells: BTreeMap<&'a str, Vec<&'a Observation>>,
    /// By what figures are kept apart, besides the area.
    by: &'a [String],
    beside: &'a Beside<'a>,
}

/// Puts every indicator of the framework in exactly one place.
pub(super) fn place(
    framework: &Framework,
    disclosed: &Disclosed,
    gaps: &GapAnalysis,
    beside: &Beside<'_>,
) -> Placed {
    let mut cells: BTreeMap<&str, Vec<&Observation>> = BTreeMap::new();
    for seen in &disclosed.results().observations {
        cells.entry(&seen.indicator).or_default().push(seen);
    }
    let (audience, hidden, by) = (disclosed.audience(), disclosed.hidden(), &disclosed.results().by);
    let counts_used = disclosed.results().made_of.counts.used > 0;
    let view = View { framework, gaps, audience, hidden, counts_used, cells, by, beside };
    let mut placed = Placed::default();
    let mut asked: BTreeMap<(String, String), Vec<Open>> = BTreeMap::new();
    for list in &framework.lists {
        let mut rows = Vec::new();
        for indicator in in_order(framework, list) {
            let gap = gaps.gaps.get(&indicator.id.value);
            let place = view.place_of(indicator, list.listed);
            count(&mut placed.summary, place, &view, &indicator.id.value);
            match place {
                Place::Numbers | Place::Context => rows.push(view.row(indicator, list)),
                Place::CouldBeHad => placed.could_be_had.push(view.open(indicator, list, gap)),
                Place::Ended => placed.ended.push(view.open(indicator, list, gap)),
                Place::ToAsk => {
                    asked
                        .entry(view.holder(indicator, gap))
                        .or_default()
                        .push(view.open(indicator, list, gap));
                }
            }
        }
        let lists = if list.listed { &mut placed.numbers } else { &mut placed.context };
        if !rows.is_empty() {
            lists.push(ListOf { heading: list.heading.value.clone(), rows });
        }
    }
    placed.to_ask = asked.into_iter().map(|((name, holder), rows)| view.asked(holder, name, rows)).collect();
    placed.to_ask.sort_by(|a, b| {
        (b.unlocks, b.rows.len()).cmp(&(a.unlocks, a.rows.len())).then_with(|| a.name.cmp(&b.name))
    });
    placed
}

/// What would unlock the most, in words.
pub(super) fn unlocks(framework: &Framework, gaps: &GapAnalysis) -> Vec<UnlockLine> {
    // An agreement is what an agency is asked for first: it would say the same line again.
    let asked = |thing: &Thing| !matches!(thing, Thing::Agreement { .. });
    gaps.unlocks
        .iter()
        .filter(|unlock| asked(&unlock.thing))
        .map(|unlock| UnlockLine {
            thing: words::thing(framework, &unlock.thing),
            alone: unlock.alone.clone(),
            among_others: unlock.among_others.clone(),
        })
        .collect()
}

/// The indicators that a list shows: those that name it first, by number.
pub(super) fn in_order<'a>(framework: &'a Framework, list: &List) -> Vec<&'a Indicator> {
    let first = |indicator: &&Indicator| {
        indicator.listed.first().is_some_and(|listing| listing.list.value == list.id.value)
    };
    let mut indicators: Vec<&Indicator> = framework.indicators.values().filter(first).collect();
    indicators.sort_by_key(|indicator| {
        let number = indicator.listed.first().map_or("", |listing| &listing.number.value);
        let parent = indicator.parent.as_ref().and_then(|parent| framework.indicators.get(&parent.value));
        let above =
            parent.and_then(|parent| parent.listed.first()).map_or(number, |listing| &listing.number.value);
        (digits(above), parent.is_some(), digits(number), number.to_owned(), indicator.id.value.clone())
    });
    indicators
}

fn digits(number: &str) -> u64 {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(u64::MAX)
}

fn count(summary: &mut Summary, place: Place, view: &View<'_>, id: &str) {
    let has_figure = view.cells(id).iter().any(|seen| matches!(seen.cell.outcome, Outcome::Figure { .. }));
    let hidden = view.hidden.contains(id);
    summary.hidden_rows += usize::from(hidden);
    if place == Place::Context {
        summary.context += 1;
        summary.context_with_figure += usize::from(has_figure);
        return;
    }
    summary.entries += 1;
    *match place {
        Place::CouldBeHad => &mut summary.could_be_had,
        Place::ToAsk => &mut summary.to_ask,
        Place::Ended => &mut summary.ended,
        _ if hidden => &mut summary.hidden,
        _ if has_figure => &mut summary.with_figure,
        _ => &mut summary.without_figure,
    } += 1;
}

impl View<'_> {
    fn cells(&self, id: &str) -> &[&Observation] {
        self.cells.get(id).map_or(&[], Vec::as_slice)
    }

    fn place_of(&self, indicator: &Indicator, listed: bool) -> Place {
        if !listed {
            return Place::Context;
        }
        let id = &indicator.id.value;
        let was_calculated = |id: &str| {
            let hides_nothing = self.hides_nothing(id);
            let is_nothing = |seen: &Observation| {
                hides_nothing && matches!(seen.cell.outcome, Outcome::Absent(Reason::Suppressed))
            };
            self.cells(id).iter().any(|seen| was_calculated(&seen.cell.outcome) && !is_nothing(seen))
        };
        let mut members = self
            .framework
            .indicators
            .values()
            .filter(|member| member.parent.as_ref().is_some_and(|parent| parent.value == *id));
        let is_group = indicator.kind.value == Kind::Group;
        let mut readings = indicator.readings.iter().map(|reading| indicator.id_of(reading));
        if was_calculated(id)
            || readings.any(|id| was_calculated(&id))
            || is_group && members.any(|member| was_calculated(&member.id.value))
        {
            return Place::Numbers;
        }
        let refused = |seen: &&Observation| matches!(seen.cell.outcome, Outcome::Absent(Reason::Refused(_)));
        match self.gaps.gaps.get(id) {
            Some(gap) => match gap.headline {
                Headline::Available if self.cells(id).iter().any(refused) => Place::Numbers,
                Headline::NotApplicable
                | Headline::OutOfScope
                | Headline::Superseded
                | Headline::Discontinued => Place::Ended,
                Headline::Available => Place::CouldBeHad,
                Headline::Partial | Headline::Proxy | Headline::Planned | Headline::Gap => Place::ToAsk,
            },
            None => Place::ToAsk,
        }
    }

    /// Whether nothing of what an entry needs has arrived, so that no figure of its own can stand behind a hidden cell: a
    /// refusal is hidden like a figure. A figure may rest on a partner's count alone; then nobody can say.
    fn hides_nothing(&self, id: &str) -> bool {
        let id = id.split_once('@').map_or(id, |(indicator, _)| indicator);
        let gap = self.gaps.gaps.get(id);
        !self.counts_used && gap.is_some_and(|gap| gap.supply == Supply::None)
    }

    fn about(&self, indicator: &Indicator, list: &List) -> About {
        let number = indicator.listed.first().map_or("", |listing| listing.number.value.as_str());
        let parent =
            indicator.parent.as_ref().and_then(|parent| self.framework.indicators.get(&parent.value));
        let above =
            parent.and_then(|parent| parent.listed.first()).map_or("", |listing| &listing.number.value);
        let number = if above.is_empty() || number.starts_with(above) {
            number.to_owned()
        } else {
            format!("{above}{number}")
        };
        About {
            id: indicator.id.value.clone(),
            reference: format!("{} {number}", list.heading.value).trim().to_owned(),
            title: indicator.title.value.clone(),
            part_of: parent.map(|parent| parent.title.value.clone()),
        }
    }

    fn row(&self, indicator: &Indicator, list: &List) -> Row {
        let id = &indicator.id.value;
        let gap = self.gaps.gaps.get(id);
        let text = |words: &Option<crate::diagnostic::Spanned<String>>| {
            words.as_ref().map(|words| words.value.clone())
        };
        let series = self.series(indicator, id);
        // What a figure that is there does not say by itself: who is missing from it, and what is thin.
        let warning = |why: &&Why| {
            matches!(
                why,
                Why::FieldIncomplete { .. }
                    | Why::FieldEmpty { .. }
                    | Why::Silent { .. }
                    | Why::SentBack { .. }
                    | Why::Stale { .. }
            )
        };
        let warnings = gap.map_or_else(Vec::new, |gap| {
            gap.reasons.iter().filter(warning).map(|why| self.why(why)).collect()
        });
        Row {
            about: self.about(indicator, list),
            numerator: text(&indicator.words.numerator),
            denominator: text(&indicator.words.denominator),
            why_it_matters: text(&indicator.words.why_it_matters),
            question: text(&indicator.words.question),
            caveats: indicator.caveats.iter().map(|caveat| caveat.value.clone()).collect(),
            unverified: unverified(indicator),
            state: gap.and_then(state_beside),
            warnings,
            hidden: self.hidden.contains(id),
            reason: series.is_empty().then(|| self.reason_without_cells(indicator, gap)),
            series,
            published: self.beside.published(id, self.cells(id)),
            broken_sums: self.beside.broken(id),
            readings: self.readings(indicator),
        }
    }

    /// The readings that have a row, in the order of the definition.
    fn readings(&self, indicator: &Indicator) -> Vec<SecondReading> {
        let found = indicator.readings.iter().map(|reading| {
            let id = indicator.id_of(reading);
            SecondReading {
                title: reading.words().to_owned(),
                hidden: self.hidden.contains(&id),
                series: self.series(indicator, &id),
                id,
            }
        });
        found.filter(|reading| !reading.series.is_empty()).collect()
    }

    fn reason_without_cells(&self, indicator: &Indicator, gap: Option<&Gap>) -> String {
        if indicator.kind.value == Kind::Group {
            let members: Vec<&str> = self
                .framework
                .indicators
                .values()
                .filter(|member| {
                    member.parent.as_ref().is_some_and(|parent| parent.value == indicator.id.value)
                })
                .map(|member| member.id.value.as_str())
                .collect();
            return format!("A heading: its parts are {}.", members.join(", "));
        }
        let reasons: Vec<String> =
            gap.map_or_else(Vec::new, |gap| gap.reasons.iter().map(|why| self.why(why)).collect());
        if reasons.is_empty() { "It was not asked for in this run.".to_owned() } else { sentence(&reasons) }
    }

    fn why(&self, why: &Why) -> String {
        words::why(self.framework, why, self.audience)
    }

    fn series(&self, indicator: &Indicator, id: &str) -> Vec<Series> {
        let mut by_line: BTreeMap<(&str, Statistic, Option<&str>, usize), Vec<&Observation>> =
            BTreeMap::new();
        // What they are kept apart by stays in its own order.
        let mut kept_apart: Vec<&[Name]> = Vec::new();
        for seen in self.cells(id) {
            let place = kept_apart.iter().position(|by| *by == seen.by.as_slice()).unwrap_or_else(|| {
                kept_apart.push(&seen.by);
                kept_apart.len() - 1
            });
            let line = (seen.area.as_str(), seen.statistic, seen.category.as_deref(), place);
            by_line.entry(line).or_default().push(seen);
        }
        by_line
            .into_iter()
            .filter(|((_, statistic, ..), _)| *statistic != Statistic::Group)
            .map(|((area, statistic, category, place), mut cells)| {
                cells.sort_by_key(|seen| order(&seen.period));
                let mut apart: Vec<String> =
                    category.map(|code| self.category(indicator, code)).into_iter().collect();
                apart.extend(self.apart(kept_apart.get(place).copied().unwrap_or_default(), area));
                Series {
                    category: (!apart.is_empty()).then(|| apart.join(", ")),
                    area: self.framework.areas.get(area).map_or(area, |known| &known.name.value).to_owned(),
                    statistic,
                    points: cells.into_iter().map(|seen| self.point(indicator, seen)).collect(),
                }
            })
            .collect()
    }

    /// What a row is kept apart by, in words; the area that it is of already is not said again.
    fn apart(&self, by: &[Name], area: &str) -> Vec<String> {
        let words = |(name, code): (&String, &Name)| match self.framework.breakdowns.get(name) {
            Some(_) if code == UNKNOWN_CATEGORY => format!("{name} not recorded"),
            Some(breakdown) => breakdown.category_words(self.framework, code).to_owned(),
            None if code == UNKNOWN_CATEGORY => format!("{name} not known"),
            None => self
                .framework
                .areas
                .get(code.as_str())
                .map_or(code.as_str(), |known| &known.name.value)
                .to_owned(),
        };
        let said = |(_, code): &(&String, &Name)| *code != ALL && *code != area;
        self.by.iter().zip(by).filter(said).map(words).collect()
    }

    /// The words of a code, from the code set of the very field that the distribution is over.
    fn category(&self, indicator: &Indicator, code: &str) -> String {
        let owner = indicator.same_calculation_as.as_ref();
        let owner = owner.and_then(|other| self.framework.indicators.get(&other.value)).unwrap_or(indicator);
        let field = match &owner.calculation {
            Some(Calculation::Ladder(ladder)) => {
                ladder.category.as_ref().and_then(|category| match &category.kind {
                    ExprKind::Name { qualifier: None, name } => {
                        let table = self.framework.datasets.get(&ladder.from.value)?;
                        table.fields.iter().find(|field| field.name.value == name.value)
                    }
                    _ => None,
                })
            }
            _ => None,
        };
        let set = field.and_then(|field| self.framework.code_sets.get(&field.codes.as_ref()?.value));
        let known = set.and_then(|set| set.codes.iter().find(|known| known.code.value == code));
        match known {
            Some(known) => known.words.value.clone(),
            None if code == UNKNOWN_CATEGORY => "not recorded".to_owned(),
            None => code.to_owned(),
        }
    }

    fn point(&self, indicator: &Indicator, seen: &Observation) -> Point {
        let cell = &seen.cell;
        let reason = match &cell.outcome {
            Outcome::Figure { .. } => None,
            Outcome::Absent(reason) => Some(reason),
        };
        let (figure, numerator, denominator) = match &cell.outcome {
            Outcome::Figure { value, numerator, denominator } => (Some(*value), *numerator, *denominator),
            Outcome::Absent(_) => (None, None, None),
        };
        let value = match (&figure, reason) {
            (Some(figure), _) => seen.statistic.printed(figure, indicator.multiplier()),
            (None, reason) => reason.map_or("", words::short_reason).to_owned(),
        };
        Point {
            period: seen.period.to_string(),
            kind: seen.period.kind(),
            value,
            numerator: numerator.as_ref().map(printed_count),
            denominator: denominator.as_ref().map(printed_count),
            interval: cell.interval.limits().map(|(lower, upper)| {
                let print = |limit| seen.statistic.printed(limit, indicator.multiplier());
                words::interval(&print(lower), &print(upper))
            }),
            method: match cell.interval {
                Interval::Limits { method, .. } => Some(method.words()),
                Interval::Without(_) => None,
            },
            reason: reason.map(|reason| words::reason(self.framework, reason)),
            flags: seen.shown.words().into_iter().chain(words::flags(cell)).collect(),
            notes: words::notes(&cell.notes),
            figure,
            partial: cell.flags.contains(&Flag::PartlyCovered) || cell.flags.contains(&Flag::PartlyReported),
            survivors: cell.flags.contains(&Flag::SurvivorsOnly),
        }
    }

    fn open(&self, indicator: &Indicator, list: &List, gap: Option<&Gap>) -> Open {
        let Some(gap) = gap else {
            return Open {
                about: self.about(indicator, list),
                state: words::headline(Headline::Gap).to_owned(),
                reasons: vec!["nothing is known of it".to_owned()],
                obstacle: None,
                ask: Vec::new(),
                beside: None,
                published: self.beside.published(&indicator.id.value, self.cells(&indicator.id.value)),
            };
        };
        let mut reasons: Vec<String> = gap.reasons.iter().map(|why| self.why(why)).collect();
        if let Some(stated) = indicator.supply_2010.as_ref().and_then(|supply| supply.reason.as_ref()) {
            reasons.push(format!("found in 2010: {}", stated.value));
        }
        if gap.headline == Headline::Available && reasons.is_empty() {
            reasons.push("it was not asked for in this run".to_owned());
        }
        if indicator.kind.value == Kind::Group {
            reasons.insert(0, self.reason_without_cells(indicator, None).trim_end_matches('.').to_owned());
        }
        Open {
            about: self.about(indicator, list),
            state: state_beside(gap).unwrap_or_else(|| words::headline(gap.headline).to_owned()),
            reasons,
            obstacle: gap.obstacle.map(|obstacle| words::obstacle(obstacle).to_owned()),
            ask: gap
                .ask
                .iter()
                .map(|ask| {
                    let dataset = words::dataset(self.framework, &ask.dataset);
                    let fields = if ask.fields.is_empty() {
                        String::new()
                    } else {
                        format!(" ({})", ask.fields.join(", "))
                    };
                    let first = gap.ask.first().is_none_or(|first| first.holder == ask.holder);
                    let from = if first { String::new() } else { format!(", from {}", ask.name) };
                    format!("{dataset}{fields}{from}")
                })
                .collect(),
            beside: gap.proxy.as_ref().map(|proxy| proxy.indicator.clone()),
            published: self.beside.published(&indicator.id.value, self.cells(&indicator.id.value)),
        }
    }

    fn holder(&self, indicator: &Indicator, gap: Option<&Gap>) -> (String, String) {
        let asked = gap.and_then(|gap| gap.ask.first()).map(|ask| (ask.name.clone(), ask.holder.clone()));
        asked.unwrap_or_else(|| {
            indicator.holders.first().map_or_else(
                || ("No holder is known".to_owned(), String::new()),
                |holder| {
                    let known = self.framework.agencies.get(&holder.value);
                    (known.map_or(&holder.value, |agency| &agency.name.value).clone(), holder.value.clone())
                },
            )
        })
    }

    fn asked(&self, holder: String, name: String, rows: Vec<Open>) -> Asked {
        let alone = |thing: &Thing| matches!(thing, Thing::Agency { agency, .. } if *agency == holder);
        let unlocks = self
            .gaps
            .unlocks
            .iter()
            .find(|unlock| alone(&unlock.thing))
            .map_or(0, |unlock| unlock.alone.len());
        Asked { holder, name, unlocks, rows }
    }
}

/// Whether the outcome says that the indicator was worked out, whatever came of it.
fn was_calculated(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Figure { .. } => true,
        Outcome::Absent(reason) => match reason {
            Reason::Undefined
            | Reason::NothingToMeasure
            | Reason::NotYetDue(_)
            | Reason::Suppressed
            | Reason::Break
            | Reason::NotReported(
                NotReported::OutsideCover | NotReported::NoEntry | NotReported::YearUnknown,
            ) => true,
            // Refused for want of something that is also missing: the gap says more.
            Reason::NotReported(_) | Reason::Refused(_) | Reason::NotApplicable | Reason::OutOfScope => false,
        },
    }
}

/// A state that a reader must know although there may be a number.
fn state_beside(gap: &Gap) -> Option<String> {
    match gap.headline {
        Headline::Superseded => gap.superseded.as_ref().map(|by| format!("superseded by {by}")),
        Headline::Discontinued => gap.discontinued.as_ref().map(|ended| {
            let last = ended.last_period.as_ref().map_or(String::new(), |last| format!(", last for {last}"));
            let next = match &ended.successor {
                Some(next) => format!("followed by {next}"),
                None => "find a successor, or another way to count it".to_owned(),
            };
            format!("no longer collected ({}{last}); {next}", ended.collection)
        }),
        Headline::OutOfScope => gap.out_of_scope.as_ref().map(|why| format!("out of scope: {why}")),
        Headline::NotApplicable => Some(words::headline(Headline::NotApplicable).to_owned()),
        _ => None,
    }
}

fn unverified(indicator: &Indicator) -> Vec<String> {
    let Some(provenance) = &indicator.provenance else { return Vec::new() };
    let mut facts: Vec<String> =
        provenance.from_memory.iter().map(|fact| format!("from memory: {}", fact.value)).collect();
    if facts.is_empty() && provenance.confidence.value == Confidence::Unverified {
        facts.push("no fact of this definition has been verified against a source".to_owned());
    }
    facts
}

/// Short periods first, so that the year stands after its quarters.
fn order(period: &Period) -> (PeriodKind, chrono::NaiveDate) {
    (period.kind(), period.first_day())
}

/// Reasons as one sentence.
pub(super) fn sentence(reasons: &[String]) -> String {
    let text = reasons.join("; ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        let end = if text.ends_with('.') { "" } else { "." };
        format!("{}{}{end}", first.to_uppercase(), letters.as_str())
    })
}
