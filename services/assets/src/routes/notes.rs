//! The text that lies beside many files: what must stand beside each of them, and what was left out and why.

use std::collections::BTreeMap;

use chancery_clock::Tz;
use chancery_web::{Args, Language, Shell};
use chrono::{DateTime, Utc};

use crate::model::Refusal;
use crate::store::bundle::Given;

/// An asset that was left out.
#[derive(Debug)]
pub(super) struct LeftOut {
    /// What it is called; none: the reader may not even know that.
    pub name: Option<String>,
    /// Why.
    pub why: Refusal,
}

/// A text in the making.
pub(super) struct Notes<'a> {
    shell: &'a Shell,
    language: Language,
    zone: Tz,
    text: String,
}

impl<'a> Notes<'a> {
    /// Begins with what the whole is called and when it was taken; times are those of `zone`.
    pub(super) fn new(
        shell: &'a Shell,
        language: Language,
        zone: Tz,
        name: &str,
        now: DateTime<Utc>,
    ) -> Self {
        let mut notes = Self {
            shell,
            language,
            zone,
            text: format!("{name}\n"),
        };
        let now = notes.time(now);
        notes.say("giving-taken", [("at", now)]);
        notes
    }

    /// How the files are meant to be used.
    pub(super) fn guidance(&mut self, guidance: &str) {
        if !guidance.is_empty() {
            self.text.push('\n');
            self.say("collections-guidance", []);
            self.line(guidance);
        }
    }

    /// What must stand beside a file that is called `name` there.
    pub(super) fn file(&mut self, name: &str, given: &Given, note: &str) {
        self.text.push('\n');
        self.line(name);
        if !given.credit.is_empty() {
            self.say("giving-credit", [("credit", given.credit.clone())]);
        }
        let licence = self.message(&format!("asset-licence-{}", given.licence), []);
        self.say("giving-licence", [("licence", licence)]);
        if !given.licence_note.is_empty() {
            self.line(&given.licence_note);
        }
        if let Some(ends) = given.ends_at {
            let at = self.time(ends);
            self.say("giving-until", [("at", at)]);
        }
        if !note.is_empty() {
            self.line(note);
        }
    }

    /// What was left out: by name where the reader may know it, else how many for each reason.
    pub(super) fn left_out(&mut self, all: &[LeftOut]) {
        if all.is_empty() {
            return;
        }
        self.text.push('\n');
        self.say("giving-left-out", []);
        let mut unnamed: BTreeMap<&'static str, usize> = BTreeMap::new();
        for one in all {
            match &one.name {
                Some(name) => {
                    let why = self.message(one.why.key(), []);
                    self.line(&format!("– {name}: {why}"));
                }
                None => *unnamed.entry(one.why.key()).or_default() += 1,
            }
        }
        for (key, count) in unnamed {
            let why = self.message(key, []);
            let args = Args::from([("count".into(), count.into()), ("why".into(), why.into())]);
            let line = self.shell.message(self.language, "giving-left-out-count", &args);
            self.line(&format!("– {line}"));
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.shell.time(self.language, self.zone, at)
    }

    fn message<const N: usize>(&self, key: &str, args: [(&'static str, String); N]) -> String {
        let args: Args = args
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect();
        self.shell.message(self.language, key, &args)
    }

    fn say<const N: usize>(&mut self, key: &str, args: [(&'static str, String); N]) {
        let line = self.message(key, args);
        self.line(&line);
    }
}
