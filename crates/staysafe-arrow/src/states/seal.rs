//! The seal of a file: a digest inside it of everything else in it.
//!
//! A state that was damaged on its way would be a wrong number that looks right, and readers of Arrow files trust what they read. So
//! a file names its own SHA-256, as `sha256:` and 64 digits in its metadata: that of the same bytes with zeros for the digits.

use sha2::{Digest, Sha256};
use staysafe::value::hex;

const MARK: &[u8] = b"sha256:";
const DIGITS: usize = 64;

/// What stands in the metadata before a file is sealed.
pub(super) fn unsealed() -> String {
    format!("sha256:{}", "0".repeat(DIGITS))
}

/// Writes its digest into a file.
pub(super) fn seal(bytes: &mut [u8]) {
    let digest = hex(&Sha256::digest(&*bytes));
    put(bytes, unsealed().as_bytes(), digest.as_bytes());
}

/// Whether a file is as it was sealed.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let mut seals: Vec<&[u8]> = places(bytes, MARK)
        .filter_map(|at| bytes.get(at..at + MARK.len() + DIGITS))
        .filter(|seal| seal.iter().skip(MARK.len()).all(u8::is_ascii_hexdigit))
        .collect();
    seals.sort_unstable();
    seals.dedup();
    // A text in the file may look like one: the file is of the one that fits.
    seals.into_iter().any(|seal| {
        let mut open = bytes.to_vec();
        put(&mut open, seal, "0".repeat(DIGITS).as_bytes());
        seal.get(MARK.len()..) == Some(hex(&Sha256::digest(&open)).as_bytes())
    })
}

/// Puts other digits wherever a seal stands.
fn put(bytes: &mut [u8], seal: &[u8], digits: &[u8]) {
    let found: Vec<usize> = places(bytes, seal).collect();
    for at in found {
        if let Some(place) = bytes.get_mut(at + MARK.len()..at + seal.len()) {
            place.copy_from_slice(digits);
        }
    }
}

fn places<'b>(bytes: &'b [u8], what: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    bytes.windows(what.len()).enumerate().filter(move |(_, window)| *window == what).map(|(at, _)| at)
}
