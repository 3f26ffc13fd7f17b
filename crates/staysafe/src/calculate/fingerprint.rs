//! The fingerprint of records: the same records, the same fingerprint.

use sha2::{Digest, Sha256};

use crate::record::Data;
use crate::value::hex;

/// SHA-256 of the records as JSON, return by return, in an order that does not depend on theirs.
///
/// What the caller calls a return does not count: a renamed file holds the same records.
pub(super) fn of(data: &Data) -> String {
    let mut digests: Vec<String> = data
        .returns
        .iter()
        .map(|of| {
            let mut sink = Sink(Sha256::new());
            let parts = (&of.kind, &of.area, &of.reference_date, &of.tables);
            // Writing to a digest cannot fail, and records hold nothing that JSON cannot say.
            let _ = serde_json::to_writer(&mut sink, &parts);
            hex(&sink.0.finalize())
        })
        .collect();
    digests.sort();
    hex(&Sha256::digest(digests.join("\n").as_bytes()))
}

struct Sink(Sha256);

impl std::io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
