//! What is reported about a file: rejects one by one, oddities once per kind.

use std::collections::BTreeMap;

use staysafe::record::{Lost, Reject};

use crate::values::shorten;

/// More kinds of oddity than this are counted together, so that a broken file cannot fill the memory.
const MOST_KINDS: usize = 500;

/// A value that is no code of its set.
pub(crate) const UNKNOWN_CODE: &str = "unknown-code";

/// Rejects and oddities of a file.
#[derive(Debug)]
pub(crate) struct Notes {
    name: String,
    rejects: Vec<Reject>,
    odd: BTreeMap<(&'static str, Lost, String), Reject>,
}

/// Where something stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) record: u32,
    pub(crate) line: u64,
    pub(crate) dataset: Option<&'a str>,
    pub(crate) element: &'a str,
}

impl Notes {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), rejects: Vec::new(), odd: BTreeMap::new() }
    }

    /// How many rejects there are.
    pub(crate) fn len(&self) -> usize {
        self.rejects.len()
    }

    /// Forgets the rejects after the first so many: their record is rejected as a whole.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.rejects.truncate(length);
    }

    /// Something was lost.
    pub(crate) fn reject(
        &mut self,
        place: Place<'_>,
        code: &'static str,
        lost: Lost,
        value: &str,
        personal: bool,
        message: String,
    ) {
        let reject = self.make(place, code, lost, value, personal, message);
        self.rejects.push(reject);
    }

    /// The reject that was made last is of a value that is no code of a set.
    pub(crate) fn no_code_of(&mut self, set: Option<&str>) {
        if let Some(last) = self.rejects.last_mut().filter(|last| last.code == UNKNOWN_CODE) {
            last.codes = set.map(str::to_owned);
        }
    }

    /// Something odd that cost nothing; the message is made for the first of its kind only.
    pub(crate) fn odd(
        &mut self,
        place: Place<'_>,
        code: &'static str,
        value: &str,
        personal: bool,
        message: impl FnOnce() -> String,
    ) {
        self.of_a_kind(place, code, Lost::Nothing, value, personal, message);
    }

    /// A record that stands where it cannot be used, once for each kind.
    pub(crate) fn passed_over(
        &mut self,
        place: Place<'_>,
        code: &'static str,
        message: impl FnOnce() -> String,
    ) {
        self.of_a_kind(place, code, Lost::Record, "", false, message);
    }

    fn of_a_kind(
        &mut self,
        place: Place<'_>,
        code: &'static str,
        lost: Lost,
        value: &str,
        personal: bool,
        message: impl FnOnce() -> String,
    ) {
        let mut kind = (code, lost, shorten(place.element));
        if self.odd.len() >= MOST_KINDS && !self.odd.contains_key(&kind) {
            "others".clone_into(&mut kind.2);
        }
        if let Some(known) = self.odd.get_mut(&kind) {
            known.times += 1;
            return;
        }
        let place = Place { element: &kind.2, ..place };
        let reject = self.make(place, code, lost, value, personal, message());
        self.odd.insert(kind, reject);
    }

    /// Something odd that was counted elsewhere, at its first place.
    pub(crate) fn odd_many(&mut self, place: Place<'_>, code: &'static str, times: u64, message: String) {
        let mut reject = self.make(place, code, Lost::Nothing, "", false, message);
        reject.times = times;
        self.odd.insert((code, Lost::Nothing, place.element.to_owned()), reject);
    }

    /// A child's number that stands on several children: each number is worth a line of its own.
    pub(crate) fn duplicate(
        &mut self,
        record: u32,
        dataset: &str,
        number: &str,
        times: u64,
        message: String,
    ) {
        let place = Place { record, line: 0, dataset: Some(dataset), element: "LAchildID" };
        let mut reject = self.make(place, "duplicate-child", Lost::Nothing, number, true, message);
        reject.line = None;
        reject.times = times;
        self.rejects.push(reject);
    }

    /// All of them: rejects in the order of the file, then oddities in order of kind.
    pub(crate) fn finish(self) -> Vec<Reject> {
        let mut all = self.rejects;
        all.extend(self.odd.into_values());
        all
    }

    fn make(
        &self,
        place: Place<'_>,
        code: &'static str,
        lost: Lost,
        value: &str,
        personal: bool,
        message: String,
    ) -> Reject {
        Reject {
            name: self.name.clone(),
            record: place.record,
            line: Some(place.line),
            dataset: place.dataset.map(str::to_owned),
            element: shorten(place.element),
            value: shorten(value),
            personal,
            code: code.to_owned(),
            message,
            lost,
            codes: None,
            times: 1,
        }
    }
}
