//! How fast memory can be read: the sum over the columns that W reads, and nothing else.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::hand::Tables;

/// Bytes that a thread takes at a time.
const UNIT: usize = 1 << 20;

/// The columns of W as they lie in memory; of the 14 indicators, none of which asks the ethnic group.
pub(crate) fn columns(tables: &Tables) -> Vec<&[u8]> {
    let Tables { journeys, plans, episodes } = tables;
    vec![
        &journeys.area,
        bytemuck::cast_slice(&journeys.referral),
        bytemuck::cast_slice(&journeys.previous),
        bytemuck::cast_slice(&journeys.assessment),
        bytemuck::cast_slice(&journeys.s47),
        bytemuck::cast_slice(&journeys.conference),
        &plans.area,
        bytemuck::cast_slice(&plans.start),
        bytemuck::cast_slice(&plans.end),
        bytemuck::cast_slice(&plans.review),
        &plans.before,
        &episodes.area,
        bytemuck::cast_slice(&episodes.child),
        bytemuck::cast_slice(&episodes.start),
        bytemuck::cast_slice(&episodes.end),
        &episodes.miles,
    ]
}

/// The sum of all bytes of some columns, eight at a time, on so many threads.
pub(crate) fn sum(columns: &[&[u8]], threads: usize) -> u64 {
    let units: Vec<&[u8]> = columns.iter().flat_map(|column| column.chunks(UNIT)).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let work = || {
            let mut sum = 0u64;
            while let Some(unit) = units.get(next.fetch_add(1, Ordering::Relaxed)) {
                sum = sum.wrapping_add(of(unit));
            }
            sum
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).fold(0, u64::wrapping_add)
    })
}

/// A plain loop is as fast as memory is. With 32 sums side by side the compiler's code for AVX-512 took ten times as long.
fn of(unit: &[u8]) -> u64 {
    // A column may begin at any byte: its ends are read byte by byte.
    let (head, words, tail) = bytemuck::pod_align_to::<u8, u64>(unit);
    let ends = head.iter().chain(tail).fold(0, |sum: u64, byte| sum.wrapping_add(u64::from(*byte)));
    words.iter().fold(ends, |sum, word| sum.wrapping_add(*word))
}
