//! A reader that knows the line it has come to.

use std::io::{self, BufRead, Read};

/// Counts the lines that were consumed.
#[derive(Debug)]
pub(super) struct Lines<R> {
    inner: R,
    line: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, line: 1 }
    }

    /// The line of the next byte, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Whether there is nothing left.
    pub(super) fn at_end(&mut self) -> bool {
        self.inner.fill_buf().is_ok_and(<[u8]>::is_empty)
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.inner.fill_buf()?;
        let length = available.len().min(into.len());
        for (to, from) in into.iter_mut().zip(available) {
            *to = *from;
        }
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was shown by `fill_buf`, which shows it again without reading further.
        if let Ok(available) = self.inner.fill_buf() {
            let consumed = available.get(..amount).unwrap_or(available);
            let breaks = memchr::memchr_iter(b'\n', consumed).count();
            self.line += breaks as u64;
        }
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::BufReader;

    use super::*;

    #[test]
    fn lines_are_counted_across_small_buffers() {
        let mut lines = Lines::new(BufReader::with_capacity(3, "ab\ncd\n\nef".as_bytes()));
        let mut text = String::new();
        lines.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), lines.line()), ("ab\ncd\n\nef", 4));
        assert!(lines.at_end());
    }
}
