//! How long things take, when some are not over yet.

use super::error::at_least_zero;
use super::{Confidence, Interval, StatsError};

/// How far from a half the curve may be through rounding alone.
const AT_HALF: f64 = 1e-12;

/// One case.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// How long it took or, if it is still open, how long it has been open: days, or another unit.
    pub length: f64,
    /// Whether it is over; an open case counts as long as it was seen.
    pub over: bool,
}

/// The curve: what share of cases is still open after so long.
#[derive(Debug, Clone, PartialEq)]
pub struct KaplanMeier {
    /// One step for each length at which a case was over, shortest first.
    pub steps: Vec<KaplanMeierStep>,
    /// The longest length seen, over or open: nothing is known beyond it.
    pub longest: f64,
    /// The length by which half of the cases are over; `None` where half never were.
    pub median: Option<f64>,
    /// The lower limit of the median; `None` where the data reach none.
    pub median_lower: Option<f64>,
    /// The upper limit of the median; `None` where the data reach none.
    pub median_upper: Option<f64>,
}

/// A step of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KaplanMeierStep {
    /// The length.
    pub length: f64,
    /// How many cases had lasted at least so long.
    pub at_risk: u32,
    /// How many of them were over then.
    pub over: u32,
    /// The share still open afterwards.
    pub open: f64,
    /// Its limits; once no case is left there are none.
    pub interval: Option<Interval>,
}

/// The Kaplan-Meier curve of lengths of cases, some of them still open. Leaving the open ones out would make
/// a slow service look quick. At each length tⱼ at which dⱼ of nⱼ cases were over, the share still open becomes
/// `S = Π (1 − dⱼ/nⱼ)`. A case open at tⱼ is among the nⱼ.
///
/// Limits are those of log(−log S), by Greenwood's variance: `S^exp(∓ z √Σ dⱼ/(nⱼ(nⱼ − dⱼ)) / log S)`.
/// The median is the first length at which S falls below a half, or half way between the step at which S is just a
/// half and the next; its limits are the first lengths at which those of S reach a half. Every open case must be as
/// likely to end soon as one that was as old before: cases that were closed for another reason are not open ones.
///
/// Source: Kaplan EL, Meier P, *Nonparametric estimation from incomplete observations*, JASA 53 (1958);
/// Kalbfleisch JD, Prentice RL, *The statistical analysis of failure time data* (1980), section 1.3 (limits);
/// Brookmeyer R, Crowley J, *A confidence interval for the median survival time*, Biometrics 38 (1982).
///
/// # Errors
/// There is no case, or a length is negative or not finite.
///
/// # Example
/// ```
/// use staysafe::stats::{Confidence, Span, kaplan_meier};
/// // Assessments: three are done after 20, 30 and 45 days, two are open since 40 and 60.
/// let spans = [(20.0, true), (30.0, true), (45.0, true), (40.0, false), (60.0, false)];
/// let spans = spans.map(|(length, over)| Span { length, over });
/// let curve = kaplan_meier(&spans, Confidence::P95).unwrap();
/// assert_eq!(curve.median, Some(45.0));
/// assert_eq!(format!("{:.2}", curve.open_after(45.0).unwrap()), "0.30");
/// assert_eq!(curve.open_after(90.0), None);
/// assert!(kaplan_meier(&[], Confidence::P95).is_err());
/// ```
pub fn kaplan_meier(spans: &[Span], confidence: Confidence) -> Result<KaplanMeier, StatsError> {
    let mut spans = spans.to_vec();
    for span in &spans {
        at_least_zero("a length", span.length)?;
    }
    spans.sort_by(|one, other| one.length.total_cmp(&other.length));
    let longest = spans.last().ok_or(StatsError::TooFew { have: 0, need: 1 })?.length;
    let mut at_risk = u32::try_from(spans.len()).map_err(|_| StatsError::TooLarge)?;
    let (mut open, mut greenwood) = (1.0, 0.0);
    let mut steps = Vec::new();
    // −0 and 0 are one length.
    for same in spans.chunk_by(|one, other| one.length >= other.length) {
        let over = same.iter().fold(0, |over, span| over + u32::from(span.over));
        let left = at_risk - over;
        if over > 0 {
            open *= f64::from(left) / f64::from(at_risk);
            greenwood += f64::from(over) / f64::from(at_risk) / f64::from(left);
            let interval = (left > 0).then(|| limits(open, greenwood, confidence));
            steps.extend(same.first().map(|span| KaplanMeierStep {
                length: span.length,
                at_risk,
                over,
                open,
                interval,
            }));
        }
        at_risk = left - same.iter().fold(0, |open, span| open + u32::from(!span.over));
    }
    let lower = |step: &KaplanMeierStep| step.interval.map_or(step.open, |limits| limits.lower);
    let upper = |step: &KaplanMeierStep| step.interval.map(|limits| limits.upper);
    let first = |reached: &dyn Fn(&KaplanMeierStep) -> bool| {
        steps.iter().find(|step| reached(step)).map(|step| step.length)
    };
    Ok(KaplanMeier {
        longest,
        median: median(&steps),
        median_lower: first(&|step| lower(step) <= 0.5),
        median_upper: first(&|step| upper(step).is_some_and(|upper| upper <= 0.5)),
        steps,
    })
}

fn limits(open: f64, greenwood: f64, confidence: Confidence) -> Interval {
    if confidence.is_certain() {
        return Interval { lower: 0.0, upper: 1.0 };
    }
    let reach = confidence.z() * greenwood.sqrt() / open.ln().abs();
    Interval { lower: open.powf(reach.exp()), upper: open.powf((-reach).exp()) }
}

fn median(steps: &[KaplanMeierStep]) -> Option<f64> {
    let half = steps.iter().position(|step| step.open <= 0.5 + AT_HALF)?;
    let step = steps.get(half)?;
    let next = steps.get(half + 1).filter(|_| step.open >= 0.5 - AT_HALF);
    Some(next.map_or(step.length, |next| f64::midpoint(step.length, next.length)))
}

impl KaplanMeier {
    /// The share of cases still open after a length (those over just then are not); `None` beyond the longest
    /// length seen, unless no case was left open by then, and for a length that is no number.
    pub fn open_after(&self, length: f64) -> Option<f64> {
        let open = self.steps.iter().take_while(|step| step.length <= length).last().map_or(1.0, |s| s.open);
        (length <= self.longest || (open <= 0.0 && !length.is_nan())).then_some(open)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn curve(over: &[f64], open: &[f64]) -> KaplanMeier {
        let spans = over.iter().map(|length| Span { length: *length, over: true });
        let open = open.iter().map(|length| Span { length: *length, over: false });
        kaplan_meier(&spans.chain(open).collect::<Vec<_>>(), Confidence::P95).unwrap()
    }

    #[test]
    fn the_textbook_example() {
        // Weeks in remission, 6-mercaptopurine: Freireich EJ and others, Blood 21 (1963); the curve is in
        // every textbook of the subject.
        let curve = curve(
            &[6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0],
            &[6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0],
        );
        let open: Vec<_> = curve.steps.iter().map(|step| format!("{:.3}", step.open)).collect();
        assert_eq!(open, ["0.857", "0.807", "0.753", "0.690", "0.627", "0.538", "0.448"]);
        let risk: Vec<_> = curve.steps.iter().map(|step| step.at_risk).collect();
        assert_eq!(risk, [21, 17, 15, 12, 11, 7, 6]);
        assert_eq!((curve.median, curve.median_upper), (Some(23.0), None));
        assert_eq!(curve.median_lower, Some(13.0));
        let first = curve.steps[0].interval.unwrap();
        assert_eq!(format!("{:.3} to {:.3}", first.lower, first.upper), "0.620 to 0.952");
    }

    #[test]
    fn without_open_cases_it_is_the_plain_median() {
        assert_eq!(curve(&[4.0, 1.0, 3.0, 2.0], &[]).median, Some(2.5));
        assert_eq!(curve(&[4.0, 1.0, 3.0], &[]).median, Some(3.0));
        let last = curve(&[4.0, 1.0, 3.0], &[]);
        assert_eq!((last.steps[2].interval, last.open_after(100.0)), (None, Some(0.0)));
    }

    #[test]
    fn what_is_not_known_is_not_given() {
        let all_open = curve(&[], &[5.0, 9.0]);
        assert_eq!((all_open.steps.len(), all_open.median), (0, None));
        assert_eq!((all_open.open_after(9.0), all_open.open_after(9.5)), (Some(1.0), None));
        assert_eq!(curve(&[1.0], &[]).open_after(f64::NAN), None);
        let span = |length| kaplan_meier(&[Span { length, over: true }], Confidence::P95);
        assert_eq!(span(-1.0), Err(StatsError::Negative("a length")));
        assert_eq!(span(f64::NAN), Err(StatsError::NotFinite("a length")));
    }

    proptest! {
        #[test]
        fn falls_from_1_within_its_limits(spans in prop::collection::vec((0u32..60, any::<bool>()), 1..80), level in 0.9f64..=1.0) {
            let spans: Vec<_> = spans.into_iter().map(|(length, over)| Span { length: length.into(), over }).collect();
            let curve = kaplan_meier(&spans, Confidence::new(level).unwrap()).unwrap();
            let mut before = 1.0;
            for step in &curve.steps {
                prop_assert!(0.0 <= step.open && step.open < before);
                before = step.open;
                if let Some(limits) = step.interval {
                    prop_assert!(limits.contains(step.open) && 0.0 <= limits.lower && limits.upper <= 1.0);
                }
            }
            if let (Some(lower), Some(median)) = (curve.median_lower, curve.median) {
                prop_assert!(lower <= median && curve.median_upper.is_none_or(|upper| median <= upper));
            }
        }

        #[test]
        fn open_longer_never_makes_it_quicker(spans in prop::collection::vec((0u32..60, any::<bool>()), 2..40)) {
            let of = |longer: f64| {
                let spans: Vec<_> = spans.iter().map(|(length, over)| {
                    Span { length: f64::from(*length) + if *over { 0.0 } else { longer }, over: *over }
                }).collect();
                kaplan_meier(&spans, Confidence::P95).unwrap()
            };
            let (now, later) = (of(0.0), of(30.0));
            for (one, other) in now.steps.iter().zip(&later.steps) {
                prop_assert!(one.open <= other.open + 1e-12);
            }
        }
    }
}
