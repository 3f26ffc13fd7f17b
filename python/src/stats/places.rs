//! Memory for the results of many rows.

use arrow_array::Float64Array;
use arrow_buffer::{Buffer, NullBuffer, ScalarBuffer};
use memmap2::MmapMut;

/// From so many bytes on, memory comes in large pages: one of 2 MiB is cleared several times as fast as 512 small ones.
const LARGE: usize = 4 << 20;

/// Places for numbers, each 0 until it is filled.
pub(super) enum Places {
    Few(Vec<f64>),
    Many(MmapMut),
}

impl Places {
    pub(super) fn new(count: usize) -> Self {
        let bytes = count.saturating_mul(size_of::<f64>());
        if bytes < LARGE {
            return Self::Few(vec![0.0; count]);
        }
        let Ok(map) = MmapMut::map_anon(bytes) else { return Self::Few(vec![0.0; count]) };
        // A wish: where the system does not grant it, pages are small and all is as right.
        #[cfg(target_os = "linux")]
        let _ = map.advise(memmap2::Advice::HugePage);
        Self::Many(map)
    }

    pub(super) fn as_mut_slice(&mut self) -> &mut [f64] {
        match self {
            Self::Few(numbers) => numbers,
            // Pages begin where a number may, and their length is that of whole numbers.
            Self::Many(map) => bytemuck::try_cast_slice_mut(map).unwrap_or_default(),
        }
    }

    /// The numbers as a column on the same memory, null where a row has none.
    pub(super) fn into_column(self, good: Option<NullBuffer>) -> Float64Array {
        let numbers = match self {
            Self::Few(numbers) => numbers.into(),
            Self::Many(map) => ScalarBuffer::from(Buffer::from(bytes::Bytes::from_owner(map))),
        };
        Float64Array::new(numbers, good)
    }
}
