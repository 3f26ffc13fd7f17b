//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// Bytes as lower-case hexadecimal digits, two a byte.
///
/// # Example
/// ```
/// assert_eq!(staysafe::value::hex(&[0, 255]), "00ff");
/// ```
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
