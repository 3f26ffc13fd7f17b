//! The workbook of a template: lists to choose from, checks of what is typed, notes.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format,
    Formula, Workbook, Worksheet, XlsxError,
};
use staysafe::definition::dataset::{CodeSet, Dataset, Field, Missing};
use staysafe::value::{Datum, Type, Value};

use super::template::{Line, kind, shown};
use crate::registers::{Label, Registers};

/// So many rows are prepared for filling in; below them nothing is checked while it is typed.
const ROWS: u32 = 5_000;

/// Names of sheets are no longer.
const LONGEST_NAME: usize = 31;

/// A message beside a cell is no longer.
const LONGEST_NOTE: usize = 255;

const WORKED: &str = "Worked row";

pub(super) fn workbook(
    registers: &Registers,
    dataset: &Dataset,
    head: &[Line],
    worked: &[Datum],
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No clock: the same definitions make the same bytes.
    let long_ago = ExcelDateTime::from_ymd(2010, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&long_ago));
    whose(workbook.add_worksheet().set_name("Return")?, head)?;
    let id = &dataset.id.value;
    let name: String = id.chars().take(LONGEST_NAME).collect();
    rows(workbook.add_worksheet().set_name(name)?, registers, dataset)?;
    example(workbook.add_worksheet().set_name(WORKED)?, dataset, worked)?;
    about(workbook.add_worksheet().set_name("Fields")?, dataset, worked)?;
    lists(workbook.add_worksheet().set_name("Lists")?, registers, dataset)?;
    workbook.save_to_buffer()
}

fn bold() -> Format {
    Format::new().set_bold().set_background_color("#E8EEF4")
}

/// The sheet that says whose it is.
fn whose(sheet: &mut Worksheet, head: &[Line]) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let soft = Format::new().set_font_color("#484E53");
    sheet.set_column_width(0, 26)?.set_column_width(1, 30)?.set_column_width(2, 70)?;
    for (row, line) in (0_u32..).zip(head) {
        sheet.write_string_with_format(row, 0, line.name, &bold())?;
        // As text, so that no spreadsheet turns 2010-11 into a day of November.
        sheet.write_string_with_format(row, 1, &line.value, &text)?;
        sheet.write_string_with_format(row, 2, line.help, &soft)?;
        let choices: &[&str] = match line.label {
            Label::Nil => &["yes", "no"],
            Label::Status => &["provisional", "final"],
            _ => continue,
        };
        sheet.add_data_validation(row, 1, row, 1, &DataValidation::new().allow_list_strings(choices)?)?;
    }
    Ok(())
}

/// The sheet for the rows.
fn rows(sheet: &mut Worksheet, registers: &Registers, dataset: &Dataset) -> Result<(), XlsxError> {
    let mut list = 0_u16;
    for (column, field) in (0_u16..).zip(&dataset.fields) {
        let codes = field.codes.as_ref().and_then(|set| registers.codes(&set.value));
        let format = match field.ty.value {
            Type::Date => Format::new().set_num_format("dd/mm/yyyy"),
            // Text stays what was typed: no spreadsheet cuts the last digits of a child's number.
            Type::Text => Format::new().set_num_format("@"),
            Type::Bool | Type::Int | Type::Decimal => Format::new(),
        };
        sheet.set_column_format(column, &format)?.set_column_width(column, 22)?;
        sheet.write_string_with_format(0, column, &field.name.value, &bold())?;
        let check = check(field, codes.map(|set| (set, list)))?;
        sheet.add_data_validation(1, column, ROWS, column, &check)?;
        list += if codes.is_some() { 2 } else { 0 };
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

/// What may be typed in a column, and what is said beside it.
fn check(field: &Field, codes: Option<(&CodeSet, u16)>) -> Result<DataValidation, XlsxError> {
    let note = field.note.as_ref().or(field.words.as_ref()).map_or("", |words| words.value.as_str());
    let note: String = note.chars().take(LONGEST_NOTE).collect();
    let mut check = match (field.ty.value, codes) {
        (_, Some((set, column))) => {
            let last = set.codes.len().max(1) + 1;
            let letter = letters(column);
            DataValidation::new()
                .allow_list_formula(Formula::new(format!("=Lists!${letter}$2:${letter}${last}")))
        }
        (Type::Date, None) => {
            let (first, last) =
                (ExcelDateTime::from_ymd(1900, 1, 1)?, ExcelDateTime::from_ymd(2100, 12, 31)?);
            DataValidation::new()
                .allow_date(DataValidationRule::Between(first, last))
                .set_error_message("Write a day: day/month/year.")?
        }
        (Type::Bool, None) => DataValidation::new().allow_list_strings(&["yes", "no"])?,
        // A warning and no more: a number may be hidden under <5, * or c.
        (Type::Int, None) => DataValidation::new()
            .allow_whole_number(DataValidationRule::Between(0, i32::MAX))
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message("A whole number; <5, * or c where you may not give it.")?,
        (Type::Decimal, None) => DataValidation::new()
            .allow_decimal_number(DataValidationRule::Between(-1e12, 1e12))
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message("A number; <5, * or c where you may not give it.")?,
        (Type::Text, None) => DataValidation::new().allow_any_value(),
    };
    if !note.is_empty() {
        check = check.set_input_message(note)?;
    }
    Ok(check)
}

/// A sheet that shows how a row is filled in.
fn example(sheet: &mut Worksheet, dataset: &Dataset, worked: &[Datum]) -> Result<(), XlsxError> {
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let text = Format::new().set_num_format("@");
    for ((column, field), datum) in (0_u16..).zip(&dataset.fields).zip(worked) {
        sheet.set_column_width(column, 22)?;
        sheet.write_string_with_format(0, column, &field.name.value, &bold())?;
        match datum {
            Datum::Known(Value::Date(day)) => {
                let day = ExcelDateTime::parse_from_str(&day.to_string())?;
                sheet.write_datetime_with_format(1, column, &day, &date)?;
            }
            other => {
                sheet.write_string_with_format(1, column, shown(other), &text)?;
            }
        }
    }
    Ok(())
}

/// A sheet about the columns, in the agency's own words.
fn about(sheet: &mut Worksheet, dataset: &Dataset, worked: &[Datum]) -> Result<(), XlsxError> {
    let wrap = Format::new().set_text_wrap();
    let mut row = 0;
    let facts = [
        ("What it is", Some(&dataset.title)),
        ("One row is", dataset.row.as_ref()),
        ("Why it is asked for", dataset.purpose.as_ref()),
        ("Legal basis", dataset.legal_basis.as_ref()),
        ("What you get back", dataset.gives_back.as_ref()),
    ];
    for (label, words) in facts.into_iter().filter_map(|(label, words)| Some((label, words?))) {
        sheet.write_string_with_format(row, 0, label, &bold())?;
        sheet.write_string_with_format(row, 1, &words.value, &wrap)?;
        row += 1;
    }
    row += 1;
    for (column, title) in
        (0_u16..).zip(["Column", "What it is", "What to write", "Kind", "Blank", "Example"])
    {
        sheet.write_string_with_format(row, column, title, &bold())?;
    }
    for (field, datum) in dataset.fields.iter().zip(worked) {
        row += 1;
        let words = field.words.as_ref().map_or("", |words| words.value.as_str());
        let note = field.note.as_ref().map_or("", |note| note.value.as_str());
        let kind = if field.codes.is_some() { "a code from the sheet Lists" } else { kind(field.ty.value) };
        let blank = match field.missing {
            Missing::Unknown => "not known",
            Missing::No => "no",
            Missing::Error => "may not be blank",
        };
        let cells = [&field.name.value, words, note, kind, blank, &shown(datum)];
        for (column, text) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, column, text, &wrap)?;
        }
    }
    for (column, width) in (0_u16..).zip([24, 50, 60, 34, 18, 20]) {
        sheet.set_column_width(column, width)?;
    }
    Ok(())
}

/// The codes of each column that has codes, with their words beside them.
fn lists(sheet: &mut Worksheet, registers: &Registers, dataset: &Dataset) -> Result<(), XlsxError> {
    let sets = dataset
        .fields
        .iter()
        .filter_map(|field| Some((&field.name.value, registers.codes(&field.codes.as_ref()?.value)?)));
    for (pair, (name, set)) in (0_u16..).zip(sets) {
        let column = pair * 2;
        sheet.write_string_with_format(0, column, format!("codes of {name}"), &bold())?;
        sheet.set_column_width(column, 16)?.set_column_width(column + 1, 46)?;
        for (row, code) in (1_u32..).zip(&set.codes) {
            sheet.write_string(row, column, &code.code.value)?;
            sheet.write_string(row, column + 1, &code.words.value)?;
        }
    }
    Ok(())
}

/// The letters of a column: A, B, …, Z, AA.
fn letters(column: u16) -> String {
    let mut left = u32::from(column) + 1;
    let mut letters = Vec::new();
    while left > 0 {
        let digit = (left - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or(0)));
        left = (left - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_go_by_letters() {
        let found: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).into();
        assert_eq!(found, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }
}
