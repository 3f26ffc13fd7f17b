//! Memory for the results of many rows.

use std::sync::{Mutex, PoisonError};

use arrow_array::{Array, Float64Array, StringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use memmap2::MmapMut;

/// From so many bytes on, memory comes in large pages: one of 2 MiB is cleared several times as fast as 512 small ones.
const LARGE: usize = 4 << 20;

/// So many bytes of results that were let go wait for the next ones: both limits of ten million rows.
const WAITING: usize = 192 << 20;

/// Memory of results that were let go. The system was told that it may take it at any moment.
static LET_GO: Mutex<Vec<MmapMut>> = Mutex::new(Vec::new());

/// The longest column of words without one that was asked for.
static NO_WORDS: Mutex<Option<StringArray>> = Mutex::new(None);

/// So many rows it has at least.
const LEAST: usize = 1 << 16;

/// Places for numbers. What stands in one before it is filled means nothing.
pub(super) enum Places {
    Few(Vec<f64>),
    Many(Large, usize),
}

/// Memory in large pages, which waits for the next results when it is let go.
///
/// Clearing pages takes twice as long as working out the limits that go into them, and memory that is filled again
/// need not be cleared.
pub(super) struct Large(Option<MmapMut>);

impl Places {
    pub(super) fn new(count: usize) -> Self {
        let bytes = count.saturating_mul(size_of::<f64>());
        if bytes < LARGE {
            return Self::Few(vec![0.0; count]);
        }
        Large::of(bytes).map_or_else(|| Self::Few(vec![0.0; count]), |large| Self::Many(large, count))
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [f64] {
        match self {
            Self::Few(numbers) => numbers,
            Self::Many(large, count) => large.numbers().get_mut(..*count).unwrap_or_default(),
        }
    }

    /// The numbers as a column on the same memory, null where a row has none.
    pub(super) fn into_column(self, good: Option<NullBuffer>) -> Float64Array {
        let numbers = match self {
            Self::Few(numbers) => numbers.into(),
            Self::Many(large, count) => {
                ScalarBuffer::new(Buffer::from(bytes::Bytes::from_owner(large)), 0, count)
            }
        };
        Float64Array::new(numbers, good)
    }
}

/// A column of words without one: a part of the longest that was asked for, which is looked at once.
pub(super) fn no_words(rows: usize) -> StringArray {
    let mut longest = NO_WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if longest.as_ref().is_none_or(|longest| longest.len() < rows) {
        *longest = rows.checked_next_power_of_two().and_then(|rows| blank(rows.max(LEAST)));
    }
    match &*longest {
        Some(longest) => longest.slice(0, rows),
        None => StringArray::new_null(rows),
    }
}

/// Words begin at 0 and end there: on Linux memory that is only read stays one page of zeros, however long it is.
/// Elsewhere zeros take up memory, and it is not kept.
fn blank(rows: usize) -> Option<StringArray> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let offsets = rows.checked_add(1)?;
    let map = MmapMut::map_anon(offsets.checked_mul(size_of::<i32>())?).ok()?;
    #[cfg(target_os = "linux")]
    let _ = map.advise(memmap2::Advice::HugePage);
    let map = Buffer::from(bytes::Bytes::from_owner(map.make_read_only().ok()?));
    let offsets = OffsetBuffer::new(ScalarBuffer::new(map, 0, offsets));
    StringArray::try_new(offsets, Buffer::from(&[]), Some(NullBuffer::new_null(rows))).ok()
}

impl Large {
    /// At least so many bytes: the smallest that waits and fits, or else new ones.
    fn of(bytes: usize) -> Option<Self> {
        // Far larger memory waits for larger results.
        let fits = |map: &MmapMut| map.len() >= bytes && map.len() / 2 <= bytes;
        if let Ok(mut waiting) = LET_GO.lock() {
            let sizes = waiting.iter().enumerate().filter(|(_, map)| fits(map));
            if let Some((at, _)) = sizes.min_by_key(|(_, map)| map.len()) {
                return Some(Self(Some(waiting.swap_remove(at))));
            }
        }
        let map = MmapMut::map_anon(bytes).ok()?;
        // A wish: where the system does not grant it, pages are small and all is as right.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Some(Self(Some(map)))
    }

    fn numbers(&mut self) -> &mut [f64] {
        // Pages begin where a number may; what is left over at the end is no number.
        let bytes = self.0.as_deref_mut().unwrap_or_default();
        let whole = bytes.len() - bytes.len() % size_of::<f64>();
        bytes.get_mut(..whole).and_then(|bytes| bytemuck::try_cast_slice_mut(bytes).ok()).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Large {
    fn as_ref(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl Drop for Large {
    fn drop(&mut self) {
        let Some(map) = self.0.take().filter(may_be_taken) else { return };
        if let Ok(mut waiting) = LET_GO.lock() {
            waiting.push(map);
            while waiting.iter().map(|map| map.len()).sum::<usize>() > WAITING {
                waiting.remove(0);
            }
        }
    }
}

/// Tells the system that it may take these pages for something else, should it need them, until they are filled again.
/// Where it cannot be told, memory that waits would be memory lost to everybody.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the pages may turn to zeros at any moment")]
fn may_be_taken(map: &MmapMut) -> bool {
    // SAFETY: the advice changes nothing but the bytes, at any time until they are written anew: each turns to 0 or stays.
    // Nobody else holds the map, for its owner has just been dropped, and whoever gets it next
    // fills every place of a result before it is read (`intervals` and `rows` of the core write each row, bad ones too).
    // Any bytes are numbers.
    unsafe { map.unchecked_advise(memmap2::UncheckedAdvice::Free) }.is_ok()
}

#[cfg(not(target_os = "linux"))]
fn may_be_taken(_: &MmapMut) -> bool {
    false
}
