//! Drives a reader with the events of an XML file, and turns faults of the file into words.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError};
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use crate::error::{FaultKind, FileFault};

/// What makes a return of elements as they come.
pub(crate) trait Elements<'a> {
    /// The file as the caller named it.
    fn file(&self) -> &'a str;
    /// Whether the root element was there and has ended.
    fn is_complete(&self) -> bool;
    /// Whether text here is part of a value.
    fn in_value(&self) -> bool;
    /// An attribute of the element that begins next.
    fn attribute(&mut self, name: &str, value: &str, line: u64);
    /// An element begins.
    fn start(&mut self, name: &str, line: u64) -> Result<(), FileFault>;
    /// Text: part of a value, or a stray.
    fn text(&mut self, text: &str, line: u64);
    /// An element ends.
    fn end(&mut self, line: u64) -> Result<(), FileFault>;
    /// The file ends in the middle.
    fn cut_off(&mut self, line: u64) -> Result<(), FileFault>;
}

/// Feeds the whole file to what reads it.
pub(crate) fn drive<'a>(machine: &mut impl Elements<'a>, input: impl BufRead) -> Result<(), FileFault> {
    let mut reader = Reader::from_reader(input);
    let mut buffer = Vec::new();
    let mut line = 1;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => {
                let at_end = reader.get_mut().fill_buf().is_ok_and(<[u8]>::is_empty);
                return fault(machine, &error, line, at_end);
            }
        };
        // Half of all events are the white space between elements: one look at each byte of it is enough.
        if let Event::Text(text) = &event
            && let Some(breaks) = blank_with_breaks(text)
            && !machine.in_value()
        {
            line += breaks;
            continue;
        }
        line += line_breaks(&event);
        match event {
            Event::Start(element) => start(machine, &element, line)?,
            Event::End(_) => machine.end(line)?,
            Event::Empty(element) => {
                start(machine, &element, line)?;
                machine.end(line)?;
            }
            Event::Text(text) => machine.text(&text, line),
            Event::CData(text) => machine.text(&text, line),
            Event::GeneralRef(reference) => machine.text(resolve(machine, &reference, line)?.as_str(), line),
            Event::Decl(declaration) => check_encoding(machine, &declaration, line)?,
            Event::DocType(_) => return Err(doctype(machine, line)),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if machine.is_complete() => return Ok(()),
            Event::Eof => return machine.cut_off(line),
        }
    }
}

/// The line breaks of a text that is white space only; `None` where it is not.
fn blank_with_breaks(text: &str) -> Option<u64> {
    let mut breaks = 0;
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\r' => {}
            b'\n' => breaks += 1,
            _ => return None,
        }
    }
    Some(breaks)
}

/// Line breaks in an event. Tags have them only between attributes: those inside a closing tag are not seen,
/// and no export writes them.
fn line_breaks(event: &Event<'_>) -> u64 {
    let text: &str = match event {
        Event::Start(element) | Event::Empty(element) => element.attributes_raw(),
        Event::End(_) | Event::Eof => return 0,
        other => other,
    };
    #[allow(clippy::naive_bytecount, reason = "events are short: what is made for long texts was slower")]
    let breaks = text.bytes().filter(|byte| *byte == b'\n').count();
    breaks as u64
}

fn start<'a>(machine: &mut impl Elements<'a>, element: &BytesStart<'_>, line: u64) -> Result<(), FileFault> {
    let attributes = element.attributes_raw();
    if !attributes.is_empty() && !attributes.trim_ascii().is_empty() {
        for attribute in element.attributes().with_checks(false).flatten() {
            // Those of namespaces and schemas say nothing of children.
            if is_of_a_schema(attribute.key.as_ref()) {
                continue;
            }
            machine.attribute(attribute.key.as_ref(), &attribute.value, line);
        }
    }
    machine.start(element.name().into_inner(), line)
}

fn is_of_a_schema(attribute: &str) -> bool {
    attribute == "xmlns" || ["xmlns:", "xsi:", "xml:"].iter().any(|prefix| attribute.starts_with(prefix))
}

/// The name of a file's outermost element, from the file's first bytes.
pub(crate) fn root(head: &[u8]) -> Option<String> {
    let mut reader = Reader::from_reader(head);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => {
                return Some(without_prefix(element.name().into_inner()).to_owned());
            }
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// A name without the prefix of its namespace.
pub(crate) fn without_prefix(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

/// The five predefined entities and numbered characters; nothing else is ever resolved.
fn resolve<'a>(
    machine: &impl Elements<'a>,
    reference: &BytesRef<'_>,
    line: u64,
) -> Result<String, FileFault> {
    let character = match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    };
    character.map(String::from).ok_or_else(|| {
        let message = "an entity that XML does not predefine";
        let help = "entities are never resolved here; write the character itself, or its number";
        FileFault::new(machine.file(), FaultKind::Entities, message, help).at(line)
    })
}

fn doctype<'a>(machine: &impl Elements<'a>, line: u64) -> FileFault {
    let message = "the file declares a document type";
    let help =
        "no national return has one, and it can make a small file grow without end; export the file again";
    FileFault::new(machine.file(), FaultKind::Entities, message, help).at(line)
}

fn check_encoding<'a>(
    machine: &impl Elements<'a>,
    declaration: &BytesDecl<'_>,
    line: u64,
) -> Result<(), FileFault> {
    let Some(Ok(encoding)) = declaration.encoding() else { return Ok(()) };
    if ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    let encoding: String = encoding.chars().filter(char::is_ascii_graphic).take(40).collect();
    Err(not_utf_8(machine.file(), &format!("the file says that it is {encoding}")).at(line))
}

pub(crate) fn not_utf_8(file: &str, message: &str) -> FileFault {
    let help = "XML is read as UTF-8; save the file with that encoding and say encoding=\"UTF-8\" in its \
                first line";
    FileFault::new(file, FaultKind::Encoding, message, help)
}

fn fault<'a>(
    machine: &mut impl Elements<'a>,
    error: &Error,
    line: u64,
    at_end: bool,
) -> Result<(), FileFault> {
    let file = machine.file();
    let export = "the file is not well-formed XML; export it again, or correct this line";
    let malformed =
        |message: String| FileFault::new(file, FaultKind::NotWellFormed, message, export).at(line);
    Err(match error {
        Error::Io(error) => {
            let help = "the file could not be read to its end; copy it to this machine and try again";
            FileFault::new(file, FaultKind::NotReadable, error.kind().to_string(), help).at(line)
        }
        Error::Syntax(_) | Error::Encoding(_) | Error::IllFormed(IllFormedError::UnclosedReference)
            if at_end =>
        {
            return machine.cut_off(line);
        }
        Error::Encoding(_) => not_utf_8(file, "a byte here is not UTF-8").at(line),
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            let help = "a bare & must be written as &amp;";
            FileFault::new(file, FaultKind::NotWellFormed, "an & that begins no reference", help).at(line)
        }
        Error::IllFormed(IllFormedError::MismatchedEndTag { expected, .. }) => {
            malformed(format!("expected the end of {}, found the end of another element", shown(expected)))
        }
        Error::IllFormed(IllFormedError::UnmatchedEndTag(_)) => {
            malformed("an element ends that was never begun".to_owned())
        }
        _ => malformed("this is not XML".to_owned()),
    })
}

/// An element's name, short enough for a message.
pub(crate) fn shown(name: &str) -> String {
    let name: String = name.chars().take(60).filter(|c| !c.is_control()).collect();
    format!("<{name}>")
}
