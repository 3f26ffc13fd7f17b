//! The form for people: the line, a caret, the help and the mend, as compilers show them.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Patch, Renderer, Snippet};

use super::inside;
use crate::diagnostic::{Diagnostic, Diagnostics, Label, Severity, Sources, Span};

/// How the full form looks: plain ASCII without colour unless asked otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// With the escape codes of a terminal.
    pub colour: bool,
    /// With lines drawn in Unicode.
    pub unicode: bool,
}

/// Writes diagnostics with the line, a caret, the help and the mend, an empty line between two.
///
/// # Example
/// ```
/// use staysafe::diagnostic::{Code, Diagnostic, Diagnostics, Look, Sources, render_full};
/// let finding = Diagnostic::nowhere(Code::MissingFile, "a framework needs a file `framework.toml`");
/// let text = render_full(&Diagnostics::from(finding), &Sources::new(), Look::default());
/// assert_eq!(text, "error[missing-file]: a framework needs a file `framework.toml`\n");
/// ```
pub fn render_full(diagnostics: &Diagnostics, sources: &Sources, look: Look) -> String {
    let renderer = if look.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(if look.unicode { DecorStyle::Unicode } else { DecorStyle::Ascii });
    let texts: Vec<String> =
        diagnostics.iter().map(|one| renderer.render(&groups(one, sources)) + "\n").collect();
    texts.join("\n")
}

fn groups<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Group<'a>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut main =
        Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str()));
    for (file, annotations) in by_file(diagnostic, sources) {
        main = match sources.get(file) {
            Some(source) => main.element(Snippet::source(source.text()).path(file).annotations(annotations)),
            None => main.element(Origin::path(file)),
        };
    }
    let mend = diagnostic.fix.as_ref().and_then(|fix| Some((fix, sources.get(&fix.span.file)?)));
    match (&diagnostic.help, mend) {
        (help, Some((fix, source))) => {
            let title = help.as_deref().unwrap_or("write instead");
            let patch = Patch::new(inside(source.text(), &fix.span), fix.replacement.as_str());
            let patched = Snippet::source(source.text()).path(fix.span.file.as_ref()).patch(patch);
            vec![main, Group::with_title(Level::HELP.secondary_title(title)).element(patched)]
        }
        (Some(help), None) => vec![main.element(Level::HELP.message(help.as_str()))],
        (None, None) => vec![main],
    }
}

/// The places of a diagnostic, file by file, its own first.
fn by_file<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<(&'a str, Vec<Annotation<'a>>)> {
    let mut files: Vec<(&str, Vec<Annotation<'_>>)> = Vec::new();
    let mut add = |span: &'a Span, kind: AnnotationKind, label: &'a str| {
        let range = sources.get(&span.file).map_or(0..0, |source| inside(source.text(), span));
        let annotation = kind.span(range).label((!label.is_empty()).then_some(label));
        match files.iter_mut().find(|(file, _)| *file == span.file.as_ref()) {
            Some((_, annotations)) => annotations.push(annotation),
            None => files.push((&span.file, vec![annotation])),
        }
    };
    if let Some(span) = &diagnostic.span {
        add(span, AnnotationKind::Primary, &diagnostic.label);
    }
    for Label { span, text } in &diagnostic.others {
        add(span, AnnotationKind::Context, text);
    }
    files
}
