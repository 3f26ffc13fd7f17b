//! Laws that every interval keeps: it holds its estimate, lies in its range, narrows with more data, widens with
//! confidence, and rises with what is counted.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// An interval of `x` in `n`, and the most that it can be.
type Method = fn(f64, f64, Confidence) -> Result<Interval, StatsError>;

fn exact_rate(x: f64, n: f64, level: Confidence) -> Result<Interval, StatsError> {
    exact_poisson(x, level).map(|limits| limits.times(1.0 / n))
}

fn byar_rate(x: f64, n: f64, level: Confidence) -> Result<Interval, StatsError> {
    byar(x, level).map(|limits| limits.times(1.0 / n))
}

const METHODS: [(&str, Method, f64); 4] = [
    ("Wilson", wilson, 1.0),
    ("Clopper-Pearson", clopper_pearson, 1.0),
    ("exact Poisson", exact_rate, f64::INFINITY),
    ("Byar", byar_rate, f64::INFINITY),
];

fn level() -> impl Strategy<Value = Confidence> {
    (0.9f64..0.9995).prop_map(|level| Confidence::new(level).unwrap())
}

fn width(interval: Interval) -> f64 {
    interval.upper - interval.lower
}

/// Whether one interval lies in another, but for rounding.
fn within(inner: Interval, outer: Interval) -> bool {
    let slack = 1e-9 * (1.0 + inner.lower.abs() + inner.upper.abs());
    outer.lower <= inner.lower + slack && inner.upper <= outer.upper + slack
}

proptest! {
    #[test]
    fn of_a_count_in_a_number(x in 0u32..300, more in 1u32..300, one in level(), other in level()) {
        let (x, n) = (f64::from(x), f64::from(x + more));
        let (less, sure) = if one.level() < other.level() { (one, other) } else { (other, one) };
        for (name, method, most) in METHODS {
            let interval = method(x, n, less).unwrap();
            prop_assert!(interval.contains(x / n), "{name} holds {x} of {n}: {interval:?}");
            prop_assert!(0.0 <= interval.lower && interval.upper <= most, "{name}: {interval:?}");
            prop_assert!(within(interval, method(x, n, sure).unwrap()), "{name} widens with confidence");
            prop_assert!(width(method(2.0 * x, 2.0 * n, less).unwrap()) < width(interval), "{name} narrows with n");
            let higher = method(x + 1.0, n, less).unwrap();
            prop_assert!(interval.lower <= higher.lower && interval.upper < higher.upper.max(1.0 + f64::EPSILON), "{name} rises with x");
        }
    }

    #[test]
    fn of_a_mean(values in prop::collection::vec(-1000i32..1000, 2..60), one in level(), other in level()) {
        let values: Vec<_> = values.into_iter().map(f64::from).collect();
        let (less, sure) = if one.level() < other.level() { (one, other) } else { (other, one) };
        let of = |values: &[f64], level| { let mean = mean_interval(values, level).unwrap(); (mean.value, mean.interval.unwrap()) };
        let (value, interval) = of(&values, less);
        prop_assert!(interval.contains(value));
        prop_assert!(within(interval, of(&values, sure).1));
        let twice = of(&values.repeat(2), less).1;
        prop_assert!(width(twice) < width(interval) || width(interval) <= 0.0);
        let mut raised = values.clone();
        raised[0] += 7.0;
        prop_assert!(of(&raised, less).0 > value);
    }

    #[test]
    fn of_differences_and_standardised_rates(x in 10u32..200, y in 1u32..200, one in level(), other in level()) {
        let (less, sure) = if one.level() < other.level() { (one, other) } else { (other, one) };
        let (x, y) = (f64::from(x), f64::from(y));
        let strata = [(x, 900.0, 30.0), (y, 1100.0, 50.0)];
        let direct = strata.map(|(events, population, standard)| Stratum { events, population, standard });
        let indirect = strata.map(|(events, population, standard)| IndirectStratum {
            events, population, reference_events: standard, reference_population: 1000.0,
        });
        let all: [(&str, &dyn Fn(Confidence) -> Estimate); 6] = [
            ("difference", &|level| difference((x, 300.0), (y, 250.0), level).unwrap()),
            ("rate difference", &|level| rate_difference((x, 300.0), (y, 250.0), 1.0, level).unwrap()),
            ("rate ratio", &|level| rate_ratio((x, 300.0), (y, 250.0), level).unwrap()),
            ("direct", &|level| dsr(&direct, 1000.0, level).unwrap()),
            ("indirect rate", &|level| isr(&indirect, 1000.0, level).unwrap().rate),
            ("indirect ratio", &|level| isr(&indirect, 1000.0, level).unwrap().ratio),
        ];
        for (name, method) in all {
            let inner = method(less);
            prop_assert!(inner.interval.contains(inner.value), "{name}: {inner:?}");
            prop_assert!(within(inner.interval, method(sure).interval), "{name} widens with confidence");
        }
    }

    #[test]
    fn a_funnel_says_what_the_areas_own_intervals_say(areas in prop::collection::vec((0u32..200, 1u32..400), 2..15)) {
        for kind in [FunnelKind::Proportion, FunnelKind::Rate, FunnelKind::Ratio] {
            let points: Vec<_> = areas.iter().map(|(x, more)| FunnelPoint { x: (*x).into(), n: (x + more).into() }).collect();
            let result = funnel(&points, kind).unwrap();
            for (point, significance) in points.iter().zip(&result.points) {
                let own = |level| match kind {
                    FunnelKind::Proportion => wilson(point.x, point.n, level),
                    _ => rate_interval(point.x, point.n, 1.0, level),
                };
                let (inner, outer) = (own(Confidence::P95).unwrap(), own(Confidence::P998).unwrap());
                let excluded = |interval: Interval| !interval.contains(result.average);
                let word = significance.unwrap().words();
                prop_assert_eq!(excluded(outer), word.contains("0.001"), "{:?}", point);
                prop_assert_eq!(excluded(inner), word != "Not significant", "{:?}", point);
                prop_assert_eq!(word.starts_with("High"), inner.lower > result.average, "{:?}", point);
            }
        }
    }

    #[test]
    fn an_area_lies_outside_the_lines_of_a_funnel_exactly_when_it_is_significant(areas in prop::collection::vec((0u32..200, 0u32..400), 2..15)) {
        let points: Vec<_> = areas.iter().map(|(x, more)| FunnelPoint { x: (*x).into(), n: f64::from(x + more) + 1.0 }).collect();
        let result = funnel(&points, FunnelKind::Proportion).unwrap();
        for (point, significance) in points.iter().zip(&result.points) {
            let lines = proportion_limits(result.average, point.n, Confidence::P95).unwrap();
            let share = point.x / point.n;
            // On the line itself, rounding decides.
            if (share - lines.lower).abs() > 1e-9 && (share - lines.upper).abs() > 1e-9 {
                prop_assert_eq!(*significance == Ok(Significance::NotSignificant), lines.contains(share), "{:?}", point);
            }
        }
    }

    #[test]
    fn no_nan_leaves_and_nothing_panics(a in odd(), b in odd(), c in odd(), d in odd(), level in 0.9f64..=1.0) {
        let level = Confidence::new(level).unwrap();
        let sound = |interval: Interval| interval.lower <= interval.upper;
        for interval in [wilson(a, b, level), clopper_pearson(a, b, level), rate_interval(a, b, 1e4, level), exact_poisson(a, level)] {
            prop_assert!(interval.is_err() || interval.is_ok_and(sound), "{interval:?}");
        }
        let stratum = Stratum { events: a, population: b, standard: c };
        let indirect = IndirectStratum { events: a, population: b, reference_events: c, reference_population: d };
        let all = [
            difference((a, b), (c, d), level),
            rate_difference((a, b), (c, d), 1e4, level),
            rate_ratio((a, b), (c, d), level),
            dsr(&[stratum], 1e4, level),
            isr(&[indirect], 1e4, level).map(|standardised| standardised.rate),
            clustered_mean(&[Cluster { total: a, size: b }, Cluster { total: c, size: d }], level),
            clustered_proportion(&[Cluster { total: a, size: b }, Cluster { total: c, size: d }], level).map(|p| p.estimate),
        ];
        for (number, estimate) in all.into_iter().enumerate() {
            prop_assert!(estimate.is_err() || estimate.is_ok_and(|e| e.value.is_finite() && sound(e.interval)), "{number}: {estimate:?}");
        }
    }
}

/// Numbers that have broken formulas before.
fn odd() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![
        0.0,
        1e-308,
        1e-9,
        0.5,
        1.0,
        9.5,
        10.0,
        1e3,
        1e5,
        1e9,
        1e17,
        1e308,
        f64::NAN,
        f64::INFINITY,
        -1.0,
    ])
}
