//! Small inline charts: bars from 0, drawn from the same values that the table prints.

use std::fmt::Write;

use super::entries::{Point, Series};
use super::html::escape;
use crate::result::Statistic;

const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 118.0;
/// Room above the bars for their values, and below for their periods.
const ABOVE: f64 = 22.0;
const BELOW: f64 = 22.0;
/// More bars than these say no more.
const MOST_CATEGORIES: usize = 8;

/// A bar chart of the periods of one kind, or nothing where there is nothing to draw.
///
/// An absence is a gap with its word, never a bar of no height. What must not be compared is drawn
/// hollow and dashed, and says so.
pub(super) fn bars(id: &str, title: &str, series: &Series) -> String {
    let points = comparable(&series.points);
    if points.iter().filter(|point| point.figure.is_some()).count() < 2 {
        return String::new();
    }
    let top = scale(series.statistic, &points);
    let mut svg = open(id, title, &describe(&points), HEIGHT);
    let step = WIDTH / length(points.len());
    let (bar, floor) = ((step * 0.62).min(54.0), HEIGHT - BELOW);
    for (place, point) in points.iter().enumerate() {
        let middle = step * (length(place) + 0.5);
        let label = escape(&short_label(&point.period));
        let _ = write!(svg, r#"<text class="axis" x="{middle:.1}" y="{:.1}">{label}</text>"#, HEIGHT - 6.0);
        let Some(figure) = point.figure else {
            let _ = write!(svg, r#"<text class="none" x="{middle:.1}" y="{:.1}">–</text>"#, floor - 6.0);
            continue;
        };
        let zero = figure == crate::value::Exact::ZERO;
        let height = ((floor - ABOVE) * (figure.to_f64() / top).clamp(0.0, 1.0)).max(1.0);
        let class = if point.partial || point.survivors { "bar hollow" } else { "bar" };
        let (left, up) = (middle - bar / 2.0, floor - height);
        if !zero {
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{left:.1}" y="{up:.1}" width="{bar:.1}" height="{height:.1}"/>"#
            );
        }
        let value = escape(&point.value);
        let _ = write!(svg, r#"<text class="value" x="{middle:.1}" y="{:.1}">{value}</text>"#, up - 6.0);
    }
    let _ = write!(svg, r#"<line class="floor" x1="0" x2="{WIDTH}" y1="{floor:.1}" y2="{floor:.1}"/></svg>"#);
    svg
}

/// Horizontal bars of the greatest categories of the last period with figures; the table has them all.
pub(super) fn categories(id: &str, title: &str, series: &[&Series]) -> String {
    let Some(period) = last_period(series) else { return String::new() };
    let mut lines: Vec<(&str, &Point)> = series
        .iter()
        .filter_map(|series| {
            let point =
                series.points.iter().find(|point| point.period == period && point.figure.is_some())?;
            Some((series.category.as_deref().unwrap_or("all"), point))
        })
        .collect();
    lines.retain(|(_, point)| point.figure.is_some_and(|figure| figure > crate::value::Exact::ZERO));
    // The greatest first; a sort that keeps the order of equals.
    lines.sort_by_key(|(_, point)| std::cmp::Reverse(point.figure));
    lines.truncate(MOST_CATEGORIES);
    if lines.is_empty() {
        return String::new();
    }
    let top =
        lines.iter().filter_map(|(_, point)| point.figure).map(|figure| figure.to_f64()).fold(1.0, f64::max);
    let (line, first) = (34.0, 2.0);
    let height = line * length(lines.len()) + first;
    let say = |(name, point): &(&str, &Point)| format!("{name} {}", point.value);
    let told = lines.iter().map(say).collect::<Vec<_>>().join(", ");
    let mut svg = open(id, title, &format!("{period}: {told}."), height);
    for (place, (name, point)) in lines.iter().enumerate() {
        let up = first + line * length(place);
        let share = point.figure.map_or(0.0, |figure| figure.to_f64() / top);
        let width = WIDTH * share.clamp(0.0, 1.0);
        let (name, value) = (escape(name), escape(&point.value));
        let _ = write!(svg, r#"<text class="name" x="0" y="{:.1}">{name}</text>"#, up + 12.0);
        let _ = write!(svg, r#"<text class="value end" x="{WIDTH}" y="{:.1}">{value}</text>"#, up + 12.0);
        let _ =
            write!(svg, r#"<rect class="bar" x="0" y="{:.1}" width="{width:.1}" height="9"/>"#, up + 18.0);
    }
    svg.push_str("</svg>");
    svg
}

/// The last period in which any category has a figure; of quarters where there are quarters.
pub(super) fn last_period(series: &[&Series]) -> Option<String> {
    let all: Vec<Point> = series.iter().flat_map(|series| series.points.clone()).collect();
    let kind = comparable(&all).first().map(|point| point.kind)?;
    let dated = series.iter().flat_map(|series| series.points.iter().enumerate());
    dated
        .filter(|(_, point)| point.kind == kind && point.figure.is_some())
        .max_by_key(|(place, _)| *place)
        .map(|(_, point)| point.period.clone())
}

/// Points of the kind of period there are most of: a year is never drawn beside its quarters.
pub(super) fn comparable(points: &[Point]) -> Vec<&Point> {
    let count = |kind| points.iter().filter(|point| point.kind == kind).count();
    let Some(most) = points.iter().rev().max_by_key(|point| count(point.kind)).map(|point| point.kind) else {
        return Vec::new();
    };
    points.iter().filter(|point| point.kind == most).collect()
}

fn open(id: &str, title: &str, description: &str, height: f64) -> String {
    let (id, title, description) = (escape(id), escape(title), escape(description));
    format!(
        concat!(
            r#"<svg role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}">"#,
            r#"<title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>"#
        ),
        id = id,
        title = title,
        description = description,
        width = WIDTH,
        height = height,
    )
}

/// Percentages against 25, 50 or 100, the first that holds them all; everything else against the greatest.
fn scale(statistic: Statistic, points: &[&Point]) -> f64 {
    let greatest =
        points.iter().filter_map(|point| point.figure).map(|figure| figure.to_f64()).fold(0.0, f64::max);
    match statistic {
        Statistic::Percentage => {
            [25.0, 50.0, 100.0].into_iter().find(|top| greatest <= *top).unwrap_or(greatest)
        }
        _ if greatest > 0.0 => greatest,
        _ => 1.0,
    }
}

fn describe(points: &[&Point]) -> String {
    let say = |point: &&Point| match (&point.reason, point.partial || point.survivors) {
        (Some(reason), _) => format!("{}: {reason}", point.period),
        (None, true) => format!("{}: {} ({})", point.period, point.value, point.flags.join("; ")),
        (None, false) => format!("{}: {}", point.period, point.value),
    };
    points.iter().map(say).collect::<Vec<_>>().join(". ") + "."
}

/// `Q1 17-18` for `2017-18 Q1`; other labels as they are.
fn short_label(label: &str) -> String {
    // "12 months to 30 Jun 2017": the month is enough beside the table.
    let month = label.split_once(" months to ").and_then(|(_, day)| day.split_once(' '));
    if let Some((_, month)) = month {
        return format!("to {month}");
    }
    match label.split_once(" Q") {
        Some((year, quarter)) => format!("Q{quarter} {}", year.get(2..).unwrap_or(year)),
        None => label.to_owned(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "a handful of bars")]
fn length(count: usize) -> f64 {
    count as f64
}
