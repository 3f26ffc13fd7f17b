//! Sections 2 to 5: every entry once.

use super::super::entries::{About, ListOf, Open, Row, Series, sentence};
use super::super::{Report, chart, words};
use super::{Page, escape};
use crate::result::Statistic;
use crate::value::Exact;

impl Page {
    pub(super) fn numbers(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"numbers\">\n<h2 id=\"numbers\">2. Numbers</h2>");
        if report.numbers.is_empty() && report.context.is_empty() {
            self.add("<p>No indicator could be calculated.</p>");
        }
        for list in &report.numbers {
            self.list(list, "");
        }
        for list in &report.context {
            self.list(list, "Not among the board's entries: what to look at first.");
        }
        self.add("</section>");
    }

    fn list(&mut self, list: &ListOf, note: &str) {
        self.add(&format!("<h3 class=\"list\">{}</h3>", escape(&list.heading)));
        if !note.is_empty() {
            self.add(&format!("<p class=\"small\">{note}</p>"));
        }
        for row in &list.rows {
            self.entry(row);
        }
    }

    fn entry(&mut self, row: &Row) {
        let id = escape(&row.about.id);
        self.add(&format!("<article class=\"entry\" id=\"{id}\" aria-labelledby=\"{id}-name\">"));
        let part = row.about.part_of.as_ref().map_or(String::new(), |part| format!(" · part of “{part}”"));
        let reference = reference(&row.about);
        self.add(&format!(
            "<p class=\"ref\">{reference}{}</p>\n<h4 id=\"{id}-name\">{}</h4>",
            escape(&part),
            escape(&row.about.title)
        ));
        self.words(row);
        if row.hidden {
            let hidden = sentence(&[words::HIDDEN.to_owned()]);
            self.add(&format!(
                "<p class=\"mark\">{hidden} No figure, count or chart of this row is shown.</p>"
            ));
        } else if let Some(reason) = &row.reason {
            self.add(&format!("<p class=\"mark\">{}</p>", escape(reason)));
        } else {
            self.figures(&row.about.id, &row.about.id, &row.about.title, &row.series);
        }
        if !row.hidden {
            self.readings(row);
        }
        self.published(row);
        self.remarks(row);
        self.add("</article>");
    }

    fn words(&mut self, row: &Row) {
        let line = match (&row.numerator, &row.denominator) {
            (Some(above), Some(below)) => format!("Counts: {above}. Out of: {below}."),
            (Some(above), None) => format!("Counts: {above}."),
            (None, Some(below)) => format!("Out of: {below}."),
            (None, None) => return,
        };
        self.add(&format!("<p class=\"words\">{}</p>", escape(&line.replace("..", "."))));
    }

    /// Second readings of the entry's rule, each below the entry's own figures.
    fn readings(&mut self, row: &Row) {
        for (place, reading) in row.readings.iter().enumerate() {
            let title = format!("Read another way: {}", reading.title);
            self.add(&format!(
                "<h5>{} <span class=\"ref\">{}</span></h5>",
                escape(&title),
                escape(&reading.id)
            ));
            if reading.hidden {
                self.add("<p class=\"mark\">Not shown: a publication has no small numbers, and one reading of an entry.</p>");
                continue;
            }
            let key = format!("{}-reading-{}", row.about.id, place + 1);
            let title = format!("{}: {}", row.about.title, reading.title);
            self.figures(&key, &reading.id, &title, &reading.series);
        }
    }

    /// What others published, under its own source: never in the entry's own table.
    fn published(&mut self, row: &Row) {
        if row.published.is_empty() {
            return;
        }
        let id = format!("{}-published", row.about.id);
        let caption = format!("Published figures beside {}", row.about.id);
        let columns =
            ["Where", "Period", "Value", "Numerator", "Denominator", "Source, and in what it differs"];
        self.table(&id, &caption, &columns, |page| {
            for figure in &row.published {
                let side = |side: &Option<String>| side.clone().unwrap_or_default();
                let source = [figure.source.as_str(), figure.note.as_str()];
                let source: Vec<&str> = source.into_iter().filter(|said| !said.is_empty()).collect();
                page.line(
                    None,
                    &format!("{} ({})", figure.area, figure.nearness.words()),
                    &[
                        figure.period.clone(),
                        figure.value.clone(),
                        side(&figure.numerator),
                        side(&figure.denominator),
                        source.join("; "),
                    ],
                );
            }
        });
    }

    /// The figures of an entry or of a reading of it; `base` begins the names of their elements.
    fn figures(&mut self, base: &str, id: &str, title: &str, all: &[Series]) {
        let mut areas: Vec<&str> = all.iter().map(|series| series.area.as_str()).collect();
        areas.dedup();
        for (place, area) in areas.iter().enumerate() {
            let series: Vec<&Series> = all.iter().filter(|series| series.area == *area).collect();
            let key = if areas.len() > 1 { format!("{base}-{}", place + 1) } else { base.to_owned() };
            let several = if areas.len() > 1 { format!(", {area}") } else { String::new() };
            let title = format!("{title}{several}");
            match series.as_slice() {
                [one] if one.category.is_none() => {
                    self.latest(one, &chart::bars(&format!("{key}-chart"), &title, one));
                    self.periods(&key, &format!("{id}{several}: figures by period"), one);
                }
                many => {
                    let drawn = chart::categories(&format!("{key}-chart"), &title, many);
                    if !drawn.is_empty() {
                        let when = chart::last_period(many).unwrap_or_default();
                        self.add(&format!(
                            "<figure class=\"wide\">\n<figcaption>{}</figcaption>\n{drawn}\n</figure>",
                            escape(&when)
                        ));
                    }
                    self.shares(&key, &format!("{id}{several}: figures by category and period"), many);
                }
            }
        }
    }

    /// The last figure large, with the chart beside it.
    fn latest(&mut self, series: &Series, drawn: &str) {
        let points = chart::comparable(&series.points);
        let Some(last) = points.iter().rev().find(|point| point.figure.is_some()) else { return };
        let counts = match (&last.numerator, &last.denominator) {
            (Some(above), Some(below)) => format!("{above} of {below}, "),
            _ => String::new(),
        };
        let marks =
            if last.flags.is_empty() { String::new() } else { format!(" ({})", last.flags.join("; ")) };
        let interval = last
            .interval
            .as_ref()
            .zip(last.method)
            .map_or(String::new(), |(interval, method)| format!("; 95% interval {interval} ({method})"));
        self.add(&format!(
            "<div class=\"figures\">\n<p class=\"latest\"><strong>{}</strong> <span>{}</span></p>",
            escape(&last.value),
            escape(&format!("{counts}{}{marks}{interval}", last.period))
        ));
        if !drawn.is_empty() {
            self.add(&format!("<figure>{drawn}</figure>"));
        }
        self.add("</div>");
    }

    /// Periods across, what was counted down.
    fn periods(&mut self, id: &str, caption: &str, series: &Series) {
        let points = &series.points;
        self.grid(
            &format!("{id}-table"),
            caption,
            points.iter().map(|point| point.period.as_str()),
            |page| {
                page.across("Value", points.iter().map(|point| point.value.clone()));
                if series.statistic != Statistic::Count
                    && points.iter().any(|point| point.numerator.is_some())
                {
                    page.across(
                        "Numerator",
                        points.iter().map(|point| point.numerator.clone().unwrap_or_default()),
                    );
                }
                if points.iter().any(|point| point.denominator.is_some()) {
                    page.across(
                        "Denominator",
                        points.iter().map(|point| point.denominator.clone().unwrap_or_default()),
                    );
                }
                if points.iter().any(|point| point.interval.is_some()) {
                    page.across(
                        "95% interval",
                        points.iter().map(|point| point.interval.clone().unwrap_or_default()),
                    );
                    page.across(
                        "Method of the interval",
                        points.iter().map(|point| point.method.unwrap_or_default().to_owned()),
                    );
                }
                let marks = |point: &super::super::entries::Point| {
                    let mut marks = point.flags.clone();
                    marks.extend(point.reason.as_ref().filter(|reason| **reason != point.value).cloned());
                    marks.extend(point.notes.iter().cloned());
                    marks.join("; ")
                };
                if points.iter().any(|point| !marks(point).is_empty()) {
                    page.across("Marks", points.iter().map(marks));
                }
            },
        );
    }

    /// Periods across, categories down; each cell a share with its count.
    fn shares(&mut self, id: &str, caption: &str, series: &[&Series]) {
        let mut periods: Vec<&str> = Vec::new();
        for point in series.iter().flat_map(|series| &series.points) {
            if !periods.contains(&point.period.as_str()) {
                periods.push(&point.period);
            }
        }
        self.grid(&format!("{id}-table"), caption, periods.iter().copied(), |page| {
            for one in series.iter().filter(|one| !is_nought(one)) {
                let cell = |period: &&str| {
                    let point = one.points.iter().find(|point| point.period == **period);
                    point.map_or(String::new(), |point| match (&point.numerator, &point.denominator) {
                        (Some(above), Some(below)) => format!("{} ({above} of {below})", point.value),
                        _ => point.reason.clone().unwrap_or_else(|| point.value.clone()),
                    })
                };
                page.across(one.category.as_deref().unwrap_or("All"), periods.iter().map(cell));
            }
        });
        let nought: Vec<&str> =
            series.iter().filter(|one| is_nought(one)).filter_map(|one| one.category.as_deref()).collect();
        if !nought.is_empty() {
            self.add(&format!("<p class=\"small\">None in any period: {}.</p>", escape(&nought.join("; "))));
        }
    }

    fn grid<'a>(
        &mut self,
        id: &str,
        caption: &str,
        columns: impl Iterator<Item = &'a str>,
        rows: impl FnOnce(&mut Self),
    ) {
        let columns: Vec<&str> = std::iter::once("Period").chain(columns).collect();
        self.table(id, caption, &columns, rows);
    }

    fn across(&mut self, head: &str, cells: impl Iterator<Item = String>) {
        self.line(None, head, &cells.collect::<Vec<_>>());
    }

    fn remarks(&mut self, row: &Row) {
        if let Some(question) = &row.question {
            self.add(&format!("<p class=\"question\"><strong>Ask:</strong> {}</p>", escape(question)));
        }
        let mut remarks: Vec<(&str, String)> = Vec::new();
        remarks.extend(row.why_it_matters.iter().map(|why| ("Why it matters", why.clone())));
        remarks.extend(row.state.iter().map(|state| ("State", sentence(std::slice::from_ref(state)))));
        remarks.extend(row.caveats.iter().map(|caveat| ("Bear in mind", caveat.clone())));
        remarks.extend(row.warnings.iter().map(|warning| ("Data", sentence(std::slice::from_ref(warning)))));
        remarks.extend(row.broken_sums.iter().map(|broken| ("Does not add up", broken.says())));
        remarks
            .extend(row.unverified.iter().map(|fact| ("Unverified", sentence(std::slice::from_ref(fact)))));
        if remarks.is_empty() {
            return;
        }
        self.add("<ul class=\"remarks\">");
        for (what, text) in remarks {
            self.add(&format!("<li><b>{what}:</b> {}</li>", escape(&text)));
        }
        self.add("</ul>");
    }

    pub(super) fn could_be_had(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"held\">\n<h2 id=\"held\">3. Could be had from records already held</h2>");
        if report.could_be_had.is_empty() {
            self.add("<p>None.</p>\n</section>");
            return;
        }
        self.add("<p>All that these need has arrived. What is missing is on our side.</p>");
        self.table("held-table", "Entries that could be had", &["Entry", "What is wanting"], |page| {
            for open in &report.could_be_had {
                page.open(open, &[sentence(&open.why())]);
            }
        });
        self.add("</section>");
    }

    pub(super) fn ask_for(&mut self, report: &Report) {
        self.add("<section aria-labelledby=\"ask\">\n<h2 id=\"ask\">4. To ask a partner for</h2>");
        if report.to_ask.is_empty() {
            self.add("<p>None.</p>");
        }
        self.unlocks(report);
        for (place, asked) in report.to_ask.iter().enumerate() {
            self.add(&format!("<h3>{}</h3>", escape(&asked.name)));
            let entries = words::some(asked.unlocks, "entry", "entries");
            let all = words::some(asked.rows.len(), "entry", "entries");
            self.add(&format!("<p>{all}. Sending all that is asked here would complete {entries}.</p>"));
            let caption = format!("To ask of {}", asked.name);
            let columns = ["Entry", "Why there is no figure", "What stands in the way", "What to ask for"];
            self.table(&format!("ask-{}", place + 1), &caption, &columns, |page| {
                for open in &asked.rows {
                    let ask = if open.ask.is_empty() { String::new() } else { sentence(&open.ask) };
                    page.open(open, &[sentence(&open.why()), open.obstacle.clone().unwrap_or_default(), ask]);
                }
            });
        }
        self.add("</section>");
    }

    fn unlocks(&mut self, report: &Report) {
        let best: Vec<_> = report.unlocks.iter().filter(|line| !line.alone.is_empty()).take(8).collect();
        if best.is_empty() {
            return;
        }
        let columns = ["What", "Entries that miss nothing else", "Entries that miss it among other things"];
        self.table("unlocks", "What would unlock the most", &columns, |page| {
            for line in best {
                let list = |ids: &[String]| match ids.len() {
                    0 => "none".to_owned(),
                    count => format!("{count}: {}", ids.join(", ")),
                };
                page.line(None, &line.thing, &[list(&line.alone), list(&line.among_others)]);
            }
        });
    }

    pub(super) fn ended(&mut self, report: &Report) {
        self.add(
            "<section aria-labelledby=\"ended\">\n<h2 id=\"ended\">5. No longer collected, superseded or out of scope</h2>",
        );
        if report.ended.is_empty() {
            self.add("<p>None.</p>\n</section>");
            return;
        }
        self.table("ended-table", "Entries without a figure to come", &["Entry", "State", "Why"], |page| {
            for open in &report.ended {
                let state = sentence(std::slice::from_ref(&open.state));
                page.open(open, &[state, sentence(&open.why())]);
            }
        });
        self.add("</section>");
    }

    fn open(&mut self, open: &Open, cells: &[String]) {
        let id = escape(&open.about.id);
        self.add(&format!(
            "<tr id=\"{id}\"><th scope=\"row\"><span class=\"ref\">{}</span> {}</th>",
            reference(&open.about),
            escape(&open.about.title)
        ));
        for cell in cells {
            self.add(&format!("<td>{}</td>", escape(cell)));
        }
        self.add("</tr>");
    }
}

/// Whether a category never occurs: named below the table, so that the table stays short.
fn is_nought(series: &Series) -> bool {
    let zero = |figure: Option<Exact>| figure.is_some_and(|figure| figure == Exact::ZERO);
    series.category.is_some() && series.points.iter().all(|point| zero(point.figure))
}

/// The list and number as printed, and the id, which is never broken over two lines.
fn reference(about: &About) -> String {
    format!("{} · <span class=\"id\">{}</span>", escape(&about.reference), escape(&about.id))
}
