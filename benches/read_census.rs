//! Reading a children in need census beside a bare loop over the events of the same bytes.
//!
//! The reader is to reach at least half of the loop's speed: it does the loop's work and fills the tables.

use std::sync::LazyLock;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use quick_xml::Reader;
use quick_xml::events::Event;
use staysafe_io::{ReadOptions, read_census};
use staysafe_synth::{Options, council};

/// The census of a synthetic council.
static CENSUS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    let options = Options { children: 20_000, ..Options::default() };
    council(&options, &mut bytes).map(|_| bytes).unwrap_or_default()
});

fn main() {
    LazyLock::force(&CENSUS);
    divan::main();
}

#[divan::bench]
fn bare_event_loop(bencher: Bencher<'_, '_>) {
    bencher.counter(BytesCount::of_slice(&CENSUS[..])).bench(|| {
        let mut reader = Reader::from_reader(&CENSUS[..]);
        let mut buffer = Vec::new();
        let mut elements = 0_u64;
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Start(_) | Event::Empty(_)) => elements += 1,
                Ok(Event::Eof) | Err(_) => return black_box(elements),
                Ok(_) => {}
            }
        }
    });
}

#[divan::bench]
fn census_into_tables(bencher: Bencher<'_, '_>) {
    let options = ReadOptions::default();
    bencher
        .counter(BytesCount::of_slice(&CENSUS[..]))
        .bench(|| read_census("cin.xml", &CENSUS[..], &options));
}
