//! A census streams: beyond the tables it fills, the memory needed does not grow with the file.
//!
//! Left out of ordinary runs, because it makes and reads 200,000 children:
//! `cargo test --release --test census_memory -- --ignored --nocapture`
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufReader, BufWriter, Write};

use staysafe::record::Row;
use staysafe::value::{Datum, Value};
use staysafe_io::{ReadOptions, ReadReturn, read_census};
use staysafe_synth::{Options, council};

/// A line of what the kernel says of this process, in kilobytes.
fn kilobytes(name: &str) -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// What the tables need, in kilobytes: one allocation for each row and each text, with what the allocator
/// adds to it.
fn tables(read: &ReadReturn) -> i64 {
    let allocation = |bytes: usize| (bytes + 8).next_multiple_of(16).max(32);
    let mut bytes = 0;
    for (id, table) in &read.data.tables {
        bytes += table.rows.len() * size_of::<Row>();
        for row in &table.rows {
            bytes += allocation(row.values.len() * size_of::<Datum>());
            // Numbers of children and pupils are texts of their own; codes and the child's number below
            // the child are shared.
            let texts = row.values.iter().take(if id == "child" { 3 } else { 0 });
            for datum in texts {
                if let Datum::Known(Value::Text(text)) = datum {
                    bytes += allocation(text.len() + 16);
                }
            }
        }
    }
    i64::try_from(bytes / 1024).unwrap()
}

/// Reads a council that another thread writes, so that the file is never in memory as a whole.
fn read(children: u64) -> ReadReturn {
    let (reader, writer) = std::io::pipe().unwrap();
    let writing = std::thread::spawn(move || {
        let mut out = BufWriter::new(writer);
        council(&Options { children, ..Options::default() }, &mut out).unwrap();
        out.flush().unwrap();
    });
    let read = read_census("council", BufReader::new(reader), &ReadOptions::default()).unwrap();
    writing.join().unwrap();
    read
}

#[test]
#[ignore = "reads 200,000 children"]
fn memory_beyond_the_tables_does_not_grow_with_the_file() {
    // Small first: a peak never sinks.
    let beyond: Vec<i64> = [20_000, 200_000]
        .into_iter()
        .map(|children| {
            let read = read(children);
            let (peak, tables) = (kilobytes("VmHWM"), tables(&read));
            println!("{children} children: tables {tables} kB, beyond them {} kB", peak - tables);
            let beyond = peak - tables;
            assert_eq!(read.data.tables["child"].rows.len() as u64, children);
            beyond
        })
        .collect();
    assert!(beyond[1] < beyond[0] + 8 * 1024, "ten times the children, {beyond:?} kB beyond the tables");
}
