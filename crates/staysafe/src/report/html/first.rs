//! The first page as a part of the page: on paper it has a side of its own.

use super::{Page, escape};
use crate::report::Report;
use crate::report::first::Section;

impl Page {
    pub(super) fn first(&mut self, report: &Report) {
        self.add("<section class=\"first\" aria-labelledby=\"first\">\n<h2 id=\"first\">On one page</h2>\n<div class=\"sides\">");
        for section in &report.first.sections {
            self.first_section(section);
        }
        self.add("</div>\n</section>");
    }

    fn first_section(&mut self, section: &Section) {
        let (id, heading) = (section.id, escape(section.heading));
        self.add(&format!(
            "<section class=\"{id}\" aria-labelledby=\"first-{id}\">\n<h3 id=\"first-{id}\">{heading}</h3>"
        ));
        if !section.says.is_empty() {
            self.add(&format!("<p>{}</p>", escape(&section.says)));
        }
        if !section.lines.is_empty() {
            self.add("<ul>");
            for line in &section.lines {
                self.add(&format!(
                    "<li><strong>{}:</strong> {}</li>",
                    escape(&line.head),
                    escape(&line.words)
                ));
            }
            if let Some(more) = section.more_words() {
                self.add(&format!("<li class=\"more\">{more}</li>"));
            }
            self.add("</ul>");
        }
        self.add("</section>");
    }
}
