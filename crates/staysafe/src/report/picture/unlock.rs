//! What would unlock the most entries: a bar for each thing to ask for, with its numbers in words, and the entries as a table.

use std::fmt::Write as _;

use super::escape;
use crate::definition::framework::Framework;
use crate::gap::Unlock;
use crate::report::words;

/// More bars than these say no more.
const MOST: usize = 10;

pub(super) fn chart(framework: &Framework, unlocks: &[Unlock]) -> String {
    let best: Vec<(String, &Unlock)> = unlocks
        .iter()
        .filter(|unlock| !unlock.alone.is_empty())
        .take(MOST)
        .map(|unlock| (words::thing(framework, &unlock.thing), unlock))
        .collect();
    if best.is_empty() {
        return "<p>No one thing would complete an entry.</p>\n".to_owned();
    }
    let most = best.iter().map(|(_, unlock)| unlock.alone.len() + unlock.among_others.len()).max();
    let mut html = String::from(
        "<figure class=\"unlocks\">\n<figcaption>Entries that one thing would complete, and those it would only bring \
         nearer</figcaption>\n<ol>\n",
    );
    for (thing, unlock) in &best {
        let bar = |class: &str, count: usize| {
            let share = (1000 * count).checked_div(most.unwrap_or(1)).unwrap_or(0);
            let width = format!("{}.{}", share / 10, share % 10);
            if count == 0 {
                String::new()
            } else {
                format!("<i class=\"{class}\" style=\"width:{width}%\"></i>")
            }
        };
        let (alone, nearer) = (unlock.alone.len(), unlock.among_others.len());
        let also = if nearer == 0 { String::new() } else { format!(", {nearer} nearer") };
        let _ = writeln!(
            html,
            "<li>{}: <b>{alone} complete{also}</b><span class=\"bar\" aria-hidden=\"true\">{}{}</span></li>",
            escape(thing),
            bar("alone", alone),
            bar("nearer", nearer)
        );
    }
    html.push_str("</ol>\n</figure>\n");
    html + &table(&best)
}

fn table(best: &[(String, &Unlock)]) -> String {
    let mut html = String::from(
        "<details>\n<summary>Which entries these are</summary>\n\
         <div class=\"scroll\" role=\"region\" aria-labelledby=\"unlock-table\" tabindex=\"0\">\n<table>\n\
         <caption id=\"unlock-table\">What would unlock the most entries</caption>\n<thead><tr><th scope=\"col\">What</th>\
         <th scope=\"col\">Complete</th><th scope=\"col\">Nearer</th></tr></thead>\n<tbody>\n",
    );
    let list = |ids: &[String]| if ids.is_empty() { "none".to_owned() } else { ids.join(", ") };
    for (thing, unlock) in best {
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escape(thing),
            escape(&list(&unlock.alone)),
            escape(&list(&unlock.among_others))
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n</details>\n");
    html
}
