#![allow(clippy::unwrap_used, reason = "tests may stop")]

use std::collections::BTreeSet;

use super::*;
use crate::definition::framework::Framework;
use crate::definition::indicator::{Confidence, Discontinued, Kind, Provenance, RelationKind};
use crate::disclosure::disclose_within;
use crate::gap::fixture::{
    add, agency, dataset, day, figure, framework, indicator, ladder, need, observation, period, profile,
    relation, results, s, text,
};
use crate::gap::{Arrived, Circumstances, analyse};
use crate::record::{Days, Lost};
use crate::result::{Flag, NotReported, Note, Outcome, Reason, Results, Statistic};

const NASTY: &str = "<script>alert('x')</script> & \"quoted\" | *bold* </style>";

/// A framework with an entry for every place, one of them with a title that is full of markup.
fn council() -> Framework {
    let mut framework = framework();
    framework.title = "Safeguarding indicators".into();
    framework.datasets.insert("referral".into(), dataset("referral", "cin-census", "council", &["date"]));
    framework.datasets.insert("restraint".into(), dataset("restraint", "yjb", "yjb", &["date"]));
    framework.agencies.insert("council".into(), agency("council", &[]));
    framework.agencies.insert("yjb".into(), agency("yjb", &[]));
    let mut put = |id: &str, number: &str, kind: Kind, calculated: bool| {
        let mut entry = indicator(id, kind);
        entry.listed[0].number = text(number);
        entry.calculation = calculated.then(|| ladder("referral", "date", None, None));
        add(&mut framework, entry);
    };
    put("a-1", "1", Kind::Proportion, true);
    put("a-2", "2", Kind::Distribution, true);
    put("a-3", "3", Kind::Count, false);
    put("a-4", "4", Kind::Count, true);
    put("a-5", "5", Kind::Count, true);
    put("a-6", "6", Kind::Count, true);
    put("a-7", "7", Kind::Count, true);
    put("a-10", "10", Kind::Count, true);
    put("ctx", "1", Kind::Count, true);
    let entry = |framework: &mut Framework,
                 id: &str,
                 change: &dyn Fn(&mut crate::definition::indicator::Indicator)| {
        change(framework.indicators.get_mut(id).unwrap());
    };
    entry(&mut framework, "a-1", &|a| {
        a.title = text(NASTY);
        a.words.question = Some(text(NASTY));
        a.caveats = vec![text(NASTY)];
        a.provenance = Some(Provenance {
            confidence: s(Confidence::Partial),
            sources: Vec::new(),
            verified: None,
            from_memory: vec![text("the limit")],
            note: None,
        });
    });
    entry(&mut framework, "a-5", &|a| a.relations.push(relation(RelationKind::ReplacedBy, "a-1")));
    entry(&mut framework, "a-6", &|a| {
        let ended =
            Discontinued { place: s(()), collection: text("TellUs"), last_period: None, successor: None };
        a.discontinued = Some(ended);
    });
    entry(&mut framework, "a-10", &|a| a.relations.push(relation(RelationKind::Overlaps, "a-4")));
    entry(&mut framework, "ctx", &|a| a.listed[0].list = text("context"));
    framework
}

fn figures() -> Results {
    let mut partly = figure("a-1", period("2017-18 Q4"), 30, Some(40));
    partly.cell.flags.insert(Flag::PartlyCovered);
    partly.cell.coverage.days = Some(Days { first: day("2018-01-01"), last: day("2018-02-28") });
    partly.cell.notes.insert(Note::Unknown, 12);
    let share = |category: &str, count| {
        let mut share = figure("a-2", period("2017-18"), count, Some(1600));
        (share.statistic, share.category) = (Statistic::Share, Some(category.into()));
        share
    };
    let absent = |id: &str, what| {
        observation(id, Statistic::Count, period("2017-18"), Outcome::Absent(Reason::NotReported(what)))
    };
    results(vec![
        figure("a-1", period("2017-18 Q2"), 20, Some(60)),
        figure("a-1", period("2017-18 Q3"), 0, Some(0)),
        partly,
        share("NEG", 1200),
        share("PHY", 400),
        share("SAB", 0),
        absent("a-4", NotReported::Dataset("restraint".into())),
        figure("a-7", period("2017-18"), 1234, None),
        figure("a-10", period("2017-18"), 3, None),
        absent("ctx", NotReported::OutsideCover),
    ])
}

fn board() -> Audience {
    Audience::Board { recipient: "The <chair>".into(), date: day("2018-07-01") }
}

fn gaps(framework: &Framework) -> GapAnalysis {
    let needed = framework.indicators.keys().map(|id| {
        let table = if ["a-4", "a-6"].contains(&id.as_str()) { "restraint" } else { "referral" };
        (id.clone(), need(&[(table, &["date"])]))
    });
    let arrived = Arrived::of_profiles(returns());
    analyse(framework, &needed.collect(), &arrived, &Circumstances::on(day("2018-07-01")))
}

fn returns() -> Vec<Profile> {
    vec![profile("cin-census", &[("referral", Some(2000), &[("date", 1997)]), ("section_47", None, &[])])]
}

fn rejects() -> Vec<Reject> {
    let reject = |value: &str| Reject {
        name: "cin.xml".into(),
        record: 3,
        line: Some(9),
        codes: None,
        times: 1,
        dataset: Some("referral".into()),
        element: "CINreferralDate".into(),
        value: value.into(),
        personal: true,
        code: "bad-date".into(),
        message: "expected a day".into(),
        lost: Lost::Value,
    };
    vec![reject("31/02/2018"), reject("soon")]
}

fn card(audience: &Audience, figures: Results, previous: Option<&Run>) -> Report {
    let framework = council();
    let disclosed = disclose_within(figures, &framework, audience);
    let inputs = Inputs {
        gaps: &gaps(&framework),
        profiles: &returns(),
        rejects: &rejects(),
        previous,
        board: None,
        published: &[],
        identities: &[],
        prepared: day("2018-07-02"),
    };
    report_within(&disclosed, &framework, "framework-hash", &inputs)
}

#[test]
fn every_entry_stands_in_exactly_one_place() {
    for audience in [board(), Audience::Publication] {
        let report = card(&audience, figures(), None);
        let places = report.places();
        let ids: BTreeSet<&str> = places.keys().copied().collect();
        assert_eq!(
            ids,
            ["a-1", "a-10", "a-2", "a-3", "a-4", "a-5", "a-6", "a-7", "ctx"].into(),
            "all of them"
        );
        let expected = [
            ("a-1", Place::Numbers),
            ("a-3", Place::CouldBeHad),
            ("a-4", Place::ToAsk),
            ("a-5", Place::Ended),
            ("ctx", Place::Context),
        ];
        for (id, place) in expected {
            assert_eq!(places[id], place, "{id}");
        }
        let page = html(&report);
        for id in ids {
            assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id} stands once on the page");
        }
        let sum = report.summary;
        let placed =
            sum.with_figure + sum.hidden + sum.without_figure + sum.could_be_had + sum.to_ask + sum.ended;
        assert_eq!((placed, sum.entries), (8, 8), "the counts add up");
    }
}

/// A refusal is hidden as a figure is. What never arrived hides no figure, and waits for the same people in both editions.
#[test]
fn an_entry_of_which_nothing_arrived_waits_in_a_publication_as_it_does_for_a_board() {
    let unseen = |card: &Report| {
        let section = card.first.sections.iter().find(|section| section.id == "unseen").unwrap();
        section.says.clone()
    };
    let placed = |audience: &Audience, used: u64| {
        let mut figures = figures();
        let a_4 = figures.observations.iter_mut().find(|seen| seen.indicator == "a-4").unwrap();
        a_4.cell.outcome = Outcome::Absent(Reason::Refused("a fact is not known".into()));
        figures.made_of.counts.used = used;
        let card = card(audience, figures, None);
        (card.places()["a-4"], unseen(&card))
    };
    let waits = "1 entry waits for somebody else's data.".to_owned();
    assert_eq!(placed(&board(), 0), (Place::ToAsk, waits.clone()));
    assert_eq!(placed(&Audience::Publication, 0), (Place::ToAsk, waits));
    let none = "No entry waits for somebody else's data.".to_owned();
    assert_eq!(placed(&Audience::Publication, 1), (Place::Numbers, none), "a count may stand behind it");
}

#[test]
fn lists_are_in_the_order_of_their_numbers() {
    let report = card(&board(), figures(), None);
    let order: Vec<&str> = report.numbers[0].rows.iter().map(|row| row.about.id.as_str()).collect();
    assert_eq!(order, ["a-1", "a-2", "a-7", "a-10"], "10 after 7");
}

#[test]
fn figures_and_absences_are_said_in_plain_words() {
    let page = html(&card(&board(), figures(), None));
    for said in [
        "33.3%",
        "30 of 40, 2017-18 Q4",
        "1,234",
        "75.0% (1,200 of 1,600)",
        "undefined: nothing to divide by (0 of 0); no case in the period, so there is nothing to do",
        "partly covered: 1 January 2018 to 28 February 2018",
        "12 could not be judged for want of a value",
        "not reported: outside the days that the return can speak for",
        "Nobody has sent restraint.",
        "No longer collected (TellUs); find a successor, or another way to count it.",
        "Superseded by a-1.",
        "From memory: the limit.",
        "bad date",
        "None in any period: SAB.",
    ] {
        assert!(page.contains(said), "the page does not say: {said}");
    }
    assert!(!page.contains("31/02/2018"), "a rejected value may be personal");
}

#[test]
fn a_board_copy_carries_its_handling_line_and_a_publication_says_what_it_hides() {
    let full = html(&card(&board(), figures(), None));
    assert_eq!(full.matches("for The &lt;chair&gt; · 1 July 2018").count(), 1, "on the page");
    assert!(
        full.contains("@top-left { content: \"OFFICIAL–SENSITIVE · for The \\3c chair\\3e  · 1 July 2018"),
        "and on each sheet"
    );
    let public = html(&card(&Audience::Publication, figures(), None));
    assert!(!public.contains("OFFICIAL"), "no handling line");
    assert!(public.contains("1 row is hidden."), "how many");
    assert!(
        !public.contains("12 could not be judged")
            && !public.contains("1,997")
            && !public.contains("cin.xml"),
        "counts of records"
    );
    let (from, to) = (public.find("id=\"a-10\"").unwrap(), public.find("id=\"ctx\"").unwrap());
    let row = &public[from..to];
    assert!(
        row.contains("Hidden: small numbers; ask the board, or whoever holds the records,")
            && !row.contains("<svg")
            && !row.contains("<table"),
        "{row}"
    );
}

#[test]
fn nothing_hidden_is_left_in_any_rendering() {
    let public = card(&Audience::Publication, figures(), None);
    let secret = |text: &str| {
        text.contains("\"value\":\"3\"") || text.contains("| 3 |") || text.contains("<td>3</td>")
    };
    let machine = json(&public).unwrap().replace(": ", ":");
    for rendered in [html(&public), markdown(&public), terminal(&public, 80), machine.clone()] {
        assert!(!secret(&rendered), "the three of a-10");
    }
    assert!(machine.contains("\"symbol\":\"c\""), "it goes out as suppressed");
    assert!(secret(&html(&card(&board(), figures(), None))), "a board sees it");
}

#[test]
fn markup_in_words_stays_words() {
    let report = card(&board(), figures(), None);
    let page = html(&report);
    assert!(
        !page.contains("<script") && page.matches("</style>").count() == 1,
        "nothing gets out of its place"
    );
    assert!(
        page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"),
        "and it is shown"
    );
    let text = markdown(&report);
    assert!(
        text.contains("&lt;script&gt;alert('x')&lt;/script&gt; &amp; \"quoted\" \\| \\*bold\\*"),
        "{text}"
    );
    let mut shouting = figures();
    shouting.made_of.library = "\u{1b}[31m".into();
    assert!(!terminal(&card(&board(), shouting, None), 80).contains('\u{1b}'), "no control characters");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (card(&board(), figures(), None), card(&board(), figures(), None));
    assert_eq!(html(&one), html(&two), "html");
    assert_eq!(markdown(&one), markdown(&two), "markdown");
    assert_eq!(json(&one).unwrap(), json(&two).unwrap(), "json");
}

#[test]
fn a_terminal_is_never_overrun() {
    for width in [40, 60, 100] {
        let text = terminal(&card(&board(), figures(), None), width);
        assert!(text.lines().all(|line| line.chars().count() <= width), "{width}: {text}");
        assert!(text.contains("75.0%"), "it has the last figure: {text}");
    }
}

mod since_the_last_run {
    use super::*;

    fn run(figures: Results, audience: &Audience) -> Run {
        Run::of(&disclose_within(figures, &council(), audience), None, day("2018-04-01"))
    }

    fn causes(change: impl Fn(&mut Results)) -> Changes {
        let before = run(figures(), &board());
        let mut now = figures();
        change(&mut now);
        changes(&before, &run(now, &board()))
    }

    fn recount(now: &mut Results) {
        let seen = now.observations.iter_mut().find(|seen| seen.indicator == "a-7").unwrap();
        seen.cell = figure("a-7", period("2017-18"), 1240, None).cell;
    }

    #[test]
    fn nothing_changed_is_said_so() {
        let same = causes(|_| ());
        assert!(same.causes.is_empty() && same.cells.is_empty(), "{same:?}");
    }

    #[test]
    fn a_figure_is_set_against_what_changed() {
        let data = causes(|now| {
            recount(now);
            now.made_of.data = "other".into();
        });
        assert_eq!(data.cells.len(), 1, "one cell differs");
        let cell = &data.cells[0];
        assert_eq!(
            (cell.before.as_deref(), cell.now.as_deref()),
            (Some("1,234"), Some("1,240")),
            "before and now"
        );
        assert_eq!(cell.why, [Cause::Data].into(), "the records");

        let other = causes(|now| {
            recount(now);
            now.made_of.definitions.insert("a-1".into(), "other".into());
        });
        assert_eq!(
            other.cells[0].why,
            [Cause::Unexplained].into(),
            "another indicator's definition explains nothing"
        );
        let parameters = causes(|now| {
            now.made_of.parameters.insert("linked".into(), "yes".into());
        });
        assert_eq!(parameters.parameters["linked"], (None, Some("yes".into())), "which parameter");
    }

    #[test]
    fn a_publication_never_sets_two_figures_side_by_side_that_tell_a_few_children() {
        let recounted = |to: u64, audience: &Audience| {
            let before = run(figures(), audience);
            let mut now = figures();
            let seen = now.observations.iter_mut().find(|seen| seen.indicator == "a-7").unwrap();
            seen.cell = figure("a-7", period("2017-18"), to, None).cell;
            let found = changes(&before, &run(now, audience));
            found.cells.iter().find(|cell| cell.indicator == "a-7").unwrap().before.clone().unwrap()
        };
        let hidden = "not shown: small numbers";
        assert_eq!(recounted(1237, &Audience::Publication), hidden, "three more");
        assert_eq!(recounted(1229, &Audience::Publication), hidden, "five fewer");
        assert_eq!(recounted(1240, &Audience::Publication), "1,234", "six are not small");
        assert_eq!(recounted(1237, &board()), "1,234", "a board sees both");
    }

    #[test]
    fn a_publication_says_nothing_of_what_only_a_board_saw() {
        let found = changes(&run(figures(), &board()), &run(figures(), &Audience::Publication));
        assert!(found.causes.contains(&Cause::Audience), "it says why nothing is compared");
        assert!(found.cells.is_empty(), "{:?}", found.cells);
    }

    #[test]
    fn a_period_that_only_one_run_asked_for_is_no_change() {
        let more = causes(|now| now.observations.push(figure("a-7", period("2018-19 Q1"), 300, None)));
        assert!(more.cells.is_empty(), "{:?}", more.cells);
    }

    #[test]
    fn a_stored_run_is_read_back_and_shown() {
        let before = run(figures(), &Audience::Publication);
        let stored = serde_json::to_string(&before).unwrap();
        let read: Run = serde_json::from_str(&stored).unwrap();
        assert_eq!(read, before, "round trip");
        assert!(!stored.contains("\"3\""), "a publication's run holds nothing hidden: {stored}");
        let mut now = figures();
        recount(&mut now);
        now.made_of.data = "other".into();
        let page = html(&card(&Audience::Publication, now, Some(&read)));
        assert!(
            page.contains("What changed since 1 April 2018") && page.contains("the records changed"),
            "shown"
        );
    }
}

/// What a screen reader and a printer rely on, read off the page itself.
mod accessible {
    use super::*;

    fn pages() -> Vec<String> {
        [board(), Audience::Publication]
            .iter()
            .map(|audience| html(&card(audience, figures(), None)))
            .collect()
    }

    /// Every tag with its attributes, in order; our own pages hold no `>` inside an attribute.
    fn tags(page: &str) -> Vec<&str> {
        page.split('<').skip(1).filter_map(|rest| rest.split_once('>').map(|(tag, _)| tag)).collect()
    }

    fn value<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
        tag.split_once(&format!(" {name}=\""))?.1.split_once('"').map(|(value, _)| value)
    }

    fn between<'a>(page: &'a str, open: &str, close: &str) -> Vec<&'a str> {
        page.split(open).skip(1).filter_map(|rest| rest.split_once(close).map(|(inside, _)| inside)).collect()
    }

    #[test]
    fn the_page_says_its_language_and_has_its_landmarks() {
        for page in pages() {
            for needed in [
                "<html lang=\"en-GB\">",
                "<title>",
                "class=\"skip\" href=\"#main\"",
                "<main id=\"main\">",
                "<header",
                "<nav aria-label",
                "<footer>",
            ] {
                assert_eq!(page.matches(needed).count(), 1, "{needed}");
            }
        }
    }

    #[test]
    fn headings_never_skip_a_level() {
        for page in pages() {
            let levels: Vec<usize> = tags(&page)
                .iter()
                .filter_map(|tag| tag.strip_prefix('h')?.chars().next()?.to_digit(10))
                .map(|level| level as usize)
                .collect();
            assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "one h1");
            assert_eq!(levels[0], 1, "first");
            assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
        }
    }

    #[test]
    fn tables_have_captions_and_every_header_its_scope() {
        for page in pages() {
            let tables = between(&page, "<table>", "</table>");
            assert!(!tables.is_empty(), "there are tables");
            for table in tables {
                assert!(table.trim_start().starts_with("<caption"), "{table}");
                for tag in tags(table).iter().filter(|tag| tag.starts_with("th") && !tag.starts_with("thead"))
                {
                    assert!(value(tag, "scope").is_some(), "{tag}");
                }
                let columns = table.matches("scope=\"col\"").count();
                for row in between(table, "<tr", "</tr>").iter().skip(1) {
                    let cells = row.matches("<td>").count() + row.matches("<th ").count();
                    assert_eq!(cells, columns, "as many cells as columns: {row}");
                }
            }
        }
    }

    #[test]
    fn charts_are_images_with_a_name_and_their_figures_in_words() {
        for page in pages() {
            let charts = between(&page, "<svg", "</svg>");
            assert!(!charts.is_empty(), "there are charts");
            for chart in charts {
                let tag = chart.split_once('>').unwrap().0;
                assert_eq!(value(tag, "role"), Some("img"), "{tag}");
                for named in value(tag, "aria-labelledby").unwrap().split(' ') {
                    assert!(chart.contains(&format!("id=\"{named}\"")), "{named}");
                }
                assert!(chart.contains("<title ") && chart.contains("<desc "), "{chart}");
            }
        }
    }

    #[test]
    fn ids_are_unique_and_references_lead_somewhere() {
        for page in pages() {
            let ids: Vec<&str> = tags(&page).iter().filter_map(|tag| value(tag, "id")).collect();
            let unique: BTreeSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), unique.len(), "{ids:?}");
            for tag in tags(&page) {
                let link = value(tag, "href").map(|link| link.strip_prefix('#').unwrap_or("(elsewhere)"));
                for wanted in
                    link.into_iter().chain(value(tag, "aria-labelledby").unwrap_or("").split_whitespace())
                {
                    assert!(unique.contains(wanted), "{wanted} in {tag}");
                }
            }
        }
    }

    #[test]
    fn nothing_is_fetched_and_nothing_runs() {
        for page in pages() {
            for forbidden in ["http:", "https:", "src=", "@import", "url(", "<script", "onclick", "<link"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
        }
    }

    #[test]
    fn every_tag_is_closed_in_order() {
        const VOID: [&str; 2] = ["meta", "!DOCTYPE"];
        for page in pages() {
            let mut open: Vec<&str> = Vec::new();
            for tag in tags(&page) {
                let name = tag.split([' ', '\n', '/']).find(|part| !part.is_empty()).unwrap();
                if tag.starts_with('/') {
                    assert_eq!(open.pop(), Some(name), "</{name}>");
                } else if !VOID.contains(&name) && !tag.ends_with('/') {
                    open.push(name);
                }
            }
            assert!(open.is_empty(), "{open:?}");
        }
    }

    /// Contrast of two colours by WCAG 2.2, from `#rrggbb`.
    fn contrast(one: &str, two: &str) -> f64 {
        let light = |colour: &str| {
            let part = |at: usize| {
                let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (light(one), light(two));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_stands_out_from_what_is_behind_it() {
        let page = pages().remove(0);
        let colour = |name: &str| between(&page, &format!("--{name}: "), ";")[0].to_owned();
        let tint = colour("tint");
        for text in ["ink", "soft", "accent"] {
            for behind in ["#ffffff", &tint] {
                let ratio = contrast(&colour(text), behind);
                assert!(ratio >= 4.5, "{text} on {behind}: {ratio:.1}");
            }
        }
        assert!(contrast(&colour("ink"), &colour("focus")) >= 4.5, "the focused skip link");
    }

    #[test]
    fn a_partial_period_is_told_apart_without_colour() {
        let page = pages().remove(0);
        assert!(
            page.contains("class=\"bar hollow\"") && page.contains("stroke-dasharray"),
            "hollow and dashed"
        );
        assert!(page.contains("(partly covered: 1 January 2018"), "and in words");
    }
}
