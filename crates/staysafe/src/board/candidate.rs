//! What the draft framework puts before a board that is to define its priorities: candidates, each with its evidence.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::definition::board::Priority;
use crate::definition::framework::Framework;
use crate::definition::indicator::Indicator;
use crate::gap::{GapAnalysis, is_open};
use crate::period::Period;
use crate::published::{Compared, Level};
use crate::result::{Movement, Observation, higher_is_better, is_comparable, movements, printed_figure};
use crate::value::Exact;

/// Something that could become a priority, and why. People decide whether it does, and in which words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The indicator's id, or that of the dataset that the board cannot see.
    pub id: String,
    /// Its title, as a first draft of the priority's words.
    pub words: String,
    /// The indicators that would show how it goes.
    pub indicators: Vec<String>,
    /// Why it is put forward, the weightiest first.
    pub evidence: Vec<Evidence>,
    /// Priorities of the board that hold one of its indicators already, by id.
    pub covered_by: Vec<String>,
}

/// Why a candidate is put forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "evidence")]
pub enum Evidence {
    /// The figure got worse by more than chance: its 95% interval and that of the period before do not overlap.
    Worse {
        /// The area's code.
        area: String,
        /// "66.7% in 2010-11 Q1, now 45.0% in 2010-11 Q2".
        words: String,
        /// How many times the smaller figure the larger one is; none where the smaller is 0.
        times: Option<Exact>,
    },
    /// The figure's 95% interval lies wholly on the wrong side of the target in force.
    BeyondTarget {
        /// The area's code.
        area: String,
        /// The period.
        period: Period,
        /// The figure as it is printed.
        figure: String,
        /// The target.
        target: String,
        /// Who set it.
        set_by: Option<String>,
    },
    /// The figure's 95% interval lies wholly on the wrong side of what was published of the country for the same period.
    BeyondBenchmark {
        /// The area's code.
        area: String,
        /// The period.
        period: Period,
        /// The figure as it is printed.
        figure: String,
        /// Whose figure stands beside it, and what it is.
        benchmark: String,
        /// In what the published figure differs from the indicator, in words.
        note: String,
        /// Where it was published.
        source: String,
    },
    /// Entries wait for a dataset or some of its fields: the board cannot see how this goes.
    Unseen {
        /// Who holds it, by name.
        holders: Vec<String>,
        /// How many listed entries wait for it.
        entries: usize,
        /// How many of them miss nothing else.
        complete: usize,
    },
}

/// Candidates for priorities: what got worse, what stands beyond its target or the country's figure, and what cannot be seen.
///
/// First come those with figures, most kinds of evidence first, then by how far they moved; then what cannot be seen, what
/// most entries wait for first. Figures are not disclosed: they are for the board alone.
///
/// # Example
/// ```
/// use staysafe::board::{Evidence, candidates};
/// use staysafe::gap::{Arrived, Circumstances, gap};
/// use staysafe::{check::check, definition::read::read};
///
/// let files = [
///     ("framework.toml", "id = 'f'\ntitle = 'F'\nscope = 'all'"),
///     ("lists.toml", "[[list]]\nid = 'ours'\nheading = 'Ours'\nlisted = true"),
///     ("agencies.toml", "[[agency]]\nid = 'yjb'\nname = 'Youth Justice Board'"),
///     ("indicators/a.toml", "id = 'a'\ntitle = 'Restraint'\nkind = 'count'\npolarity = 'lower'\n\
///       cycle = 'quarter'\nholder = 'yjb'\nlisted = [{ list = 'ours', number = '1' }]\n\
///       [[need]]\ndataset = 'restraint'\nfields = ['date']"),
/// ];
/// let checked = check(read(files).0).0.unwrap();
/// let gaps = gap(&checked, &Arrived::default(), &Circumstances::on("2010-07-01".parse().unwrap()));
///
/// let found = candidates(checked.framework(), &[], &gaps, &[], &[]);
/// assert_eq!(found[0].indicators, ["a"]);
/// assert_eq!(found[0].evidence[0].words(), "1 entry waits for it, 1 for nothing else; held by Youth Justice Board");
/// ```
pub fn candidates(
    framework: &Framework,
    observations: &[Observation],
    gaps: &GapAnalysis,
    published: &[Compared],
    priorities: &[Priority],
) -> Vec<Candidate> {
    let mut by_figure: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    for moved in movements(observations, framework).worse {
        if let Some((id, indicator)) = framework.indicators.get_key_value(moved.now.indicator.as_str()) {
            by_figure.entry(id).or_default().push(worse(&moved, indicator));
        }
    }
    for (indicator, seen) in latest(framework, observations) {
        let found = beyond_target(indicator, seen).into_iter().chain(beyond(indicator, seen, published));
        for evidence in found {
            by_figure.entry(&indicator.id.value).or_default().push(evidence);
        }
    }
    let covered_by = |ids: &[String]| -> Vec<String> {
        let holds = |priority: &&Priority| priority.indicators.iter().any(|id| ids.contains(id));
        priorities.iter().filter(holds).map(|priority| priority.id.clone()).collect()
    };
    let mut found: Vec<Candidate> = by_figure
        .into_iter()
        .filter_map(|(id, mut evidence)| {
            let indicator = framework.indicators.get(id)?;
            evidence.sort_by_key(|evidence| Reverse(evidence.weight()));
            let indicators = vec![id.to_owned()];
            let words = indicator.title.value.clone();
            Some(Candidate {
                covered_by: covered_by(&indicators),
                id: id.to_owned(),
                words,
                indicators,
                evidence,
            })
        })
        .collect();
    found.sort_by_key(|candidate| Reverse(candidate.weight()));
    let mut unseen = unseen(framework, gaps);
    for candidate in &mut unseen {
        candidate.covered_by = covered_by(&candidate.indicators);
    }
    found.extend(unseen);
    found
}

fn worse(moved: &Movement<'_>, indicator: &Indicator) -> Evidence {
    let (area, words) = (moved.now.area.to_string(), moved.told(indicator));
    Evidence::Worse { area, words, times: moved.times() }
}

/// The latest whole figure of each listed indicator of which more, or less, is better, of each area and length of period.
fn latest<'a>(
    framework: &'a Framework,
    observations: &'a [Observation],
) -> impl Iterator<Item = (&'a Indicator, &'a Observation)> {
    let mut latest: BTreeMap<_, &Observation> = BTreeMap::new();
    for seen in observations.iter().filter(|seen| is_comparable(seen)) {
        let key = (&seen.indicator, seen.statistic, &seen.area, &seen.by, seen.period.kind());
        let kept = latest.entry(key).or_insert(seen);
        if kept.period < seen.period {
            *kept = seen;
        }
    }
    latest.into_values().filter_map(|seen| {
        let indicator =
            framework.indicators.get(seen.indicator.as_str()).filter(|of| framework.is_listed(of))?;
        Some((indicator, seen))
    })
}

/// Whether a figure's interval lies wholly on the wrong side of a value.
fn is_beyond(indicator: &Indicator, seen: &Observation, value: &Exact) -> bool {
    let judged = higher_is_better(indicator).zip(seen.cell.interval.limits());
    judged.is_some_and(|(higher, (lower, upper))| if higher { upper < value } else { lower > value })
}

fn beyond_target(indicator: &Indicator, seen: &Observation) -> Option<Evidence> {
    let in_force = |target: &&crate::definition::indicator::Target| {
        target.from.as_ref().is_none_or(|from| from.value <= seen.period.last_day())
    };
    let targets = indicator.targets.iter().filter(in_force);
    let target = targets.max_by_key(|target| target.from.as_ref().map(|from| from.value))?;
    let scale = 10_i128.checked_pow(target.value.value.scale())?;
    let value = Exact::new(target.value.value.mantissa(), scale)?;
    is_beyond(indicator, seen, &value).then(|| Evidence::BeyondTarget {
        area: seen.area.to_string(),
        period: seen.period,
        figure: printed_figure(seen, indicator),
        target: seen.statistic.printed(&value, indicator.multiplier()),
        set_by: target.set_by.as_ref().map(|set_by| set_by.value.clone()),
    })
}

fn beyond(indicator: &Indicator, seen: &Observation, published: &[Compared]) -> Vec<Evidence> {
    let same = |of: &&Compared| {
        of.indicator == seen.indicator
            && of.place.level == Level::National
            && of.period.as_ref().is_some_and(|told| told.period == Some(seen.period))
    };
    let of = published.iter().filter(same).filter_map(|of| Some((of, of.value.number()?.value)));
    let of = of.filter(|(_, value)| is_beyond(indicator, seen, value));
    of.map(|(of, value)| Evidence::BeyondBenchmark {
        area: seen.area.to_string(),
        period: seen.period,
        figure: printed_figure(seen, indicator),
        benchmark: format!("{} {}", of.place.name, seen.statistic.printed(&value, indicator.multiplier())),
        note: of.note.clone(),
        source: of.source.clone(),
    })
    .collect()
}

/// What the board cannot see, a candidate for each dataset that listed entries wait for.
fn unseen(framework: &Framework, gaps: &GapAnalysis) -> Vec<Candidate> {
    #[derive(Default)]
    struct Waiting {
        entries: Vec<String>,
        complete: usize,
        holders: BTreeSet<String>,
    }
    let mut by_dataset: BTreeMap<&str, Waiting> = BTreeMap::new();
    for gap in gaps.gaps.values().filter(|gap| gap.listed && is_open(gap)) {
        let datasets: BTreeSet<&str> = gap.ask.iter().map(|ask| ask.dataset.as_str()).collect();
        for ask in &gap.ask {
            let waiting = by_dataset.entry(&ask.dataset).or_default();
            waiting.holders.insert(ask.name.clone());
            if waiting.entries.last() != Some(&gap.indicator) {
                waiting.entries.push(gap.indicator.clone());
                waiting.complete += usize::from(datasets.len() == 1);
            }
        }
    }
    let candidate = |(dataset, waiting): (&str, Waiting)| Candidate {
        id: dataset.to_owned(),
        words: framework.datasets.get(dataset).map_or(dataset, |known| &known.title.value).to_owned(),
        evidence: vec![Evidence::Unseen {
            holders: waiting.holders.into_iter().collect(),
            entries: waiting.entries.len(),
            complete: waiting.complete,
        }],
        indicators: waiting.entries,
        covered_by: Vec::new(),
    };
    let mut found: Vec<Candidate> = by_dataset.into_iter().map(candidate).collect();
    found.sort_by_key(|candidate| Reverse(candidate.weight()));
    found
}

impl Candidate {
    /// More kinds of evidence weigh more; of as many, the weightiest piece decides.
    fn weight(&self) -> (usize, Option<Weight>) {
        let kinds: BTreeSet<u8> = self.evidence.iter().map(|evidence| evidence.weight().0).collect();
        (kinds.len(), self.evidence.iter().map(Evidence::weight).max())
    }
}

/// Its kind, whether it is beyond any number, and by how much.
type Weight = (u8, bool, Exact, usize);

impl Evidence {
    fn weight(&self) -> Weight {
        match self {
            Self::Worse { times, .. } => (3, times.is_none(), times.unwrap_or(Exact::ZERO), 0),
            Self::BeyondTarget { .. } => (2, false, Exact::ZERO, 0),
            Self::BeyondBenchmark { .. } => (1, false, Exact::ZERO, 0),
            Self::Unseen { entries, complete, .. } => {
                (0, false, Exact::from(u64::try_from(*entries).unwrap_or(u64::MAX)), *complete)
            }
        }
    }

    /// Its kind in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Worse { .. } => "got worse",
            Self::BeyondTarget { .. } => "beyond its target",
            Self::BeyondBenchmark { .. } => "beyond the country's figure",
            Self::Unseen { .. } => "cannot be seen",
        }
    }

    /// What it says, without its kind.
    pub fn words(&self) -> String {
        match self {
            Self::Worse { words, .. } => words.clone(),
            Self::BeyondTarget { period, figure, target, set_by, .. } => {
                let by = set_by.as_ref().map_or(String::new(), |by| format!(", set by {by}"));
                format!("{figure} in {period}; the target is {target}{by}")
            }
            Self::BeyondBenchmark { period, figure, benchmark, note, source, .. } => {
                let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
                format!("{figure} in {period}; {benchmark}{note}. {source}")
            }
            Self::Unseen { holders, entries, complete } => {
                let waits = if *entries == 1 { "entry waits" } else { "entries wait" };
                let holders = holders.join(", ");
                format!("{entries} {waits} for it, {complete} for nothing else; held by {holders}")
            }
        }
    }

    /// The area that it speaks of, where it speaks of one.
    pub fn area(&self) -> Option<&str> {
        match self {
            Self::Worse { area, .. }
            | Self::BeyondTarget { area, .. }
            | Self::BeyondBenchmark { area, .. } => Some(area),
            Self::Unseen { .. } => None,
        }
    }
}
