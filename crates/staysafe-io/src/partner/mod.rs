//! What goes to a partner agency and what comes back: an empty template, and the receipt for what was handed in.

mod receipt;
mod sheet;
mod template;
#[cfg(test)]
mod tests;

pub use receipt::{Accepted, FiguresError, Receipt, ReceiptFigure, ReceiptLine, figures_fed, receipt};
pub use template::{Prefilled, Template, TemplateError, template};
