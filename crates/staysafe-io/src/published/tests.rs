#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::fmt::Write as _;

use proptest::prelude::*;
use staysafe::published::{Agreement, Level, recompute};
use staysafe::value::Withheld;

use super::*;

fn read(text: &str) -> ReadPublished {
    rows::read("table.csv", text.as_bytes(), None, &PublishedOptions::default())
        .unwrap_or_else(|e| panic!("{e}"))
}

fn codes(read: &ReadPublished) -> Vec<String> {
    read.rejects
        .iter()
        .map(|reject| format!("{} {} line {}", reject.code, reject.element, reject.line.unwrap()))
        .collect()
}

const OPEN: &str = "time_period,time_identifier,geographic_level,country_code,country_name,sex,pupil_count,pupil_percent,,\n\
    202324,Academic year,National,E92000001,England,Total,\"1,000\",100.0,,\n\
    202324,Academic year,National,E92000001,England,Boys,490,49.0,,\n\
    202324,Academic year,National,E92000001,England,Girls,c,51.0%,,\n";

#[test]
fn the_open_data_form() {
    let read = read(OPEN);
    assert_eq!(read.table.filters, ["sex"]);
    let headers: Vec<&str> = read.table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["pupil_count", "pupil_percent"]);
    assert_eq!(read.table.rows[0].period.as_ref().unwrap().to_string(), "2023/24 academic");
    assert_eq!(read.table.rows[2].cells[0].unwrap().withheld(), Some(Withheld::Suppressed));
    assert!(read.account.is_complete(), "{:?}", read.account);
    assert_eq!((read.account.numbers, read.account.withheld, read.account.padding), (5, 1, 6));
    let again = recompute(&read.table);
    assert_eq!(again.rules[0].text, "pupil_percent = pupil_count ÷ pupil_count [sex = Total] × 100");
    let outcomes: Vec<&str> = again.comparisons.iter().map(|one| one.agreement.code()).collect();
    assert_eq!(outcomes, ["agrees", "agrees", "cannot-tell"]);
}

/// cs-07 in the catalogue: 6,000 of 44,300 is 13.5 per cent, and was published as 13, because the share comes from the counts before they
/// were rounded to the nearest hundred.
#[test]
fn cs_07_a_share_of_rounded_counts_is_what_it_was_before_they_were_rounded() {
    let table = |percent: &str| {
        let head = "time_period,time_identifier,geographic_level,country_code,country_name,previous,plan_count,plan_percent\n";
        let row = |previous: &str, count: &str, percent: &str| {
            format!("201011,Financial year,National,E92000001,England,{previous},{count},{percent}\n")
        };
        let rows =
            [row("Total", "44300", "100"), row("None", "38300", "86"), row("One or more", "6000", percent)];
        recompute(&read(&format!("{head}{}", rows.concat())).table)
    };
    let outcome = |percent: &str| {
        let line = table(percent).comparisons.into_iter().find(|one| one.line == 4);
        line.unwrap_or_else(|| panic!("nothing is compared: {:?}", table(percent).rules)).agreement
    };
    assert_eq!(outcome("13").code(), "agrees-within-rounding");
    assert_eq!(outcome("14").code(), "agrees");
    assert_eq!(outcome("15").code(), "differs");
}

#[test]
fn a_cell_that_cannot_be_read_costs_itself() {
    let text = OPEN.replace("490,49.0", "4g0,49.0").replace(
        "202324,Academic year,National,E92000001,England,Girls",
        "2023245,Academic year,National,E92000001,England,Girls",
    );
    let read = read(&text);
    assert_eq!(
        codes(&read),
        ["bad-figure pupil_count (column 7) line 3", "bad-period time_period (column 1) line 4"]
    );
    assert_eq!(read.table.rows.len(), 3);
    assert!(read.account.is_complete(), "{:?}", read.account);
    assert_eq!(read.account.rejected, 2);
}

#[test]
fn titles_footnotes_repeated_headers_and_rows_that_are_too_long() {
    let text = "Table 1: children,,,\n,,,\nLA Number,LA Name,Number 2010,Number 2011\n,England,20,x\n201,City of London,.,..\n\
                LA Number,LA Name,Number 2010,Number 2011\n202,Camden,5,6,7\n,,3,4\n1. Source: the return,,,\n,Figures are rounded,,\n";
    let read = read(text);
    assert_eq!(codes(&read), ["too-many-cells row line 7", "no-place row line 8"]);
    assert_eq!(read.notes, ["Table 1: children", "1. Source: the return", "Figures are rounded"]);
    assert_eq!(read.table.rows.len(), 2);
    assert_eq!(read.table.rows[0].place.level, Level::National);
    let withheld: Vec<_> = read.table.figures().filter_map(|figure| figure.withheld()).collect();
    assert_eq!(withheld, [Withheld::Suppressed, Withheld::NotApplicable, Withheld::NotAvailable]);
    assert_eq!(read.table.columns[1].measure, "Number");
    assert!(read.account.is_complete(), "{:?}", read.account);
}

#[test]
fn a_header_in_two_rows() {
    let text = "Children,,,,\n,,2009,,2010,\nLA code,LA name,Number,Percentage,Number,Percentage\n201,City,5,50,6,60\n";
    let read = read(text);
    let headers: Vec<&str> = read.table.columns.iter().map(|column| column.header.as_str()).collect();
    assert_eq!(headers, ["2009 Number", "2009 Percentage", "2010 Number", "2010 Percentage"]);
    assert_eq!(read.table.columns[3].measure, "Percentage");
    assert_eq!(read.table.columns[3].period.as_ref().unwrap().text, "2010");
}

#[test]
fn metadata_beside_a_table_says_what_numbers_are_filters() {
    let text = "time_period,time_identifier,geographic_level,country_name,band,count\n2024,Calendar year,National,England,1,5\n";
    let meta = "col_name,col_type,label\nband,Filter,Band\ncount,Indicator,Number\n";
    let read =
        rows::read("t.csv", text.as_bytes(), Some(meta.as_bytes()), &PublishedOptions::default()).unwrap();
    assert_eq!(read.table.filters, ["band"]);
    assert_eq!(read.table.rows[0].filters, ["1"]);
}

#[test]
fn what_is_no_table_says_what_was_expected() {
    let options = PublishedOptions::default();
    let error = rows::read("x.csv", b"CHILD,DOB\n1,2\n", None, &options).unwrap_err();
    assert_eq!(error.kind.code(), "bad-header");
    assert!(error.help.contains("geographic_level"));
}

#[test]
fn symbols_can_be_said() {
    let options =
        PublishedOptions { symbols: Some(staysafe::value::Convention::Older), ..Default::default() };
    let read = rows::read("x.csv", OPEN.replace(",c,", ",x,").as_bytes(), None, &options).unwrap();
    assert_eq!(read.table.rows[2].cells[0].unwrap().withheld(), Some(Withheld::Suppressed));
    let read = super::tests::read(&OPEN.replace(",c,", ",x,"));
    assert_eq!(read.notices[0].code, "cross");
}

#[test]
fn a_rate_that_cannot_be_is_found() {
    let read = read(&OPEN.replace("490,49.0", "490,40.0"));
    let again = recompute(&read.table);
    assert_eq!(again.comparisons[1].agreement, Agreement::Differs);
}

proptest! {
    #[test]
    fn every_cell_is_accounted_for(rows in proptest::collection::vec(proptest::collection::vec(
        prop_oneof![Just(""), Just("x"), Just("5"), Just("1,000"), Just("c"), Just("England"), Just("abc"), Just("."), Just("\""), Just("2024")], 0..9), 0..12)) {
        let mut text = String::from("time_period,geographic_level,country_name,kind,number,rate,\n2024,National,England,a,1,2,\n");
        for row in rows {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        if let Ok(read) = rows::read("t.csv", text.as_bytes(), None, &PublishedOptions::default()) {
            prop_assert!(read.account.is_complete(), "{:?}", read.account);
            prop_assert_eq!(read.account.numbers + read.account.withheld + read.account.missing, read.table.figures().count() as u64);
            let _ = recompute(&read.table);
        }
    }
}

/// Each rule with how many figures agree, differ and cannot be told.
fn rules(text: &str) -> Vec<String> {
    let again = recompute(&read(text).table);
    let tallies = again.tallies().into_iter().zip(&again.rules);
    tallies
        .map(|(of, rule)| {
            format!("{}: {} {} {}", rule.text, of.agree, of.differ, of.cannot.values().sum::<u64>())
        })
        .collect()
}

/// A table of four authorities, whose last cells are these.
fn of_four(columns: &str, cells: [&str; 4]) -> String {
    let head = format!("time_period,time_identifier,geographic_level,new_la_code,la_name,{columns}\n");
    let rows = cells.iter().zip(1..).map(|(cells, n)| {
        format!("202223,Financial year,Local authority,E0600000{n},Authority {n},{cells}\n")
    });
    head + &rows.collect::<String>()
}

#[test]
fn a_pair_that_rows_disprove_gives_way_to_the_one_they_bear_out() {
    let columns = "sessions_possible,absentees,persistent,persistent_percent,enrolments";
    let cells =
        ["90000,1,120,12.00,1000", "80000,2,90,10.00,900", "70000,3,77,9.63,800", "60000,4,63,9.00,700"];
    assert_eq!(
        rules(&of_four(columns, cells)),
        ["persistent_percent = persistent ÷ enrolments × 100: 4 0 0"],
        "and not of the sessions, which sound as if they stood below a line"
    );
    // Where nothing fits, nobody says what it is made of, and no figure is called wrong.
    let columns = "sessions_possible,persistent,persistent_percent";
    let cells = ["90000,120,12.00", "80000,90,10.00", "70000,77,9.63", "60000,63,9.00"];
    assert_eq!(rules(&of_four(columns, cells)), ["persistent_percent = ?: 0 0 4"]);
}

#[test]
fn one_wrong_rate_among_right_ones_is_found_though_no_word_says_what_stands_below() {
    let cells = ["600,90,15.0", "500,70,14.0", "800,77,14.6", "700,63,9.0"];
    let text = of_four("referrals,rereferrals,rereferrals_percent", cells);
    assert_eq!(rules(&text), ["rereferrals_percent = rereferrals ÷ referrals × 100: 3 1 0"]);
}

#[test]
fn rates_of_a_long_table_are_made_of_its_other_rows() {
    let mut text = "time_period,time_identifier,geographic_level,la_name,measure,value\n".to_owned();
    for (place, above, below, share) in [
        ("A", "50", "400", "12.5"),
        ("B", "30", "300", "10.0"),
        ("C", "c", "300", "c"),
        ("D", "90", "300", "33.0"),
    ] {
        for (measure, value) in [
            ("Number of children with plans", above),
            ("Children in need", below),
            ("Percentage with plans", share),
        ] {
            writeln!(text, "2023,Calendar year,Local authority,{place},{measure},{value}").unwrap();
        }
    }
    assert_eq!(
        rules(&text),
        [
            "value [measure = Percentage with plans] = value [measure = Number of children with plans] ÷ value [measure = \
          Children in need] × 100: 2 1 1"
        ]
    );
    // Without the row below, the rate is listed as one that nobody can work out.
    let without = text.replace("Number of children with plans", "Median age of children");
    assert_eq!(rules(&without), ["value [measure = Percentage with plans] = ?: 0 0 4"]);
}

#[test]
fn a_year_that_is_none_in_the_first_row_costs_its_period_alone() {
    let read = read(
        "time_period,time_identifier,geographic_level,country_name,number\nsoon,March,National,England,4\n",
    );
    assert_eq!(codes(&read), ["bad-period time_period (column 1) line 2"]);
    assert!(read.account.is_complete(), "{:?}", read.account);
}

#[test]
fn places_go_by_more_names_than_one() {
    let read = read("year,geog_level,geog_code,geog_name,starts\n2024,LA,E06000001,Hartlepool,20\n");
    assert_eq!(read.table.rows[0].place.level, Level::LocalAuthority);
    assert_eq!(read.table.rows[0].place.known_as(), "E06000001");
}
