//! Messages that the identity service owns.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command;
use crate::ids::{PersonId, UnitId};

/// Tell people something, in the page, and by mail those who want it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Who is told. A person named twice is told once; who acted is not told of it.
    pub to: Vec<Recipient>,
    /// The Fluent id of the sentence, e.g. `notice-item-submitted`. The sender's `.ftl` file has it.
    pub key: String,
    /// The sentence's arguments, shown as text. `deadline` and `due` are instants (RFC 3339) where they are given: mails
    /// show them on both clocks.
    pub arguments: BTreeMap<String, String>,
    /// Where a click leads: an absolute path of this site.
    pub link: String,
}

/// Somebody to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// This person.
    Person(PersonId),
    /// Whoever holds this role at this unit today, by inheritance too. The role's name as in `chancery_access`.
    Role {
        /// `head_of_mission`, …
        role: String,
        /// At which unit.
        unit: UnitId,
    },
}

command!(Notify, "identity.notify", 1, [Identity, Assets, Calendar, Newsroom, Publisher] => Identity);

/// Remove what has expired: sessions, sign-in attempts, invitations. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Housekeeping {}

command!(Housekeeping, "identity.housekeeping", 1, [Identity] => Identity);

/// Send one mail. Its row decides whether, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMail {
    /// Which.
    pub mail: Uuid,
}

command!(SendMail, "identity.send_mail", 1, [Identity] => Identity);

/// Send a unit's weekly letter to those of its people who want it. Once a unit and week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendLetter {
    /// Whose week it was.
    pub unit: UnitId,
    /// The Monday on which it is sent, by the unit's own clock.
    pub week: NaiveDate,
    /// What went out in the seven days before.
    pub out: LetterPart,
    /// What did not go out as it should, and waits for somebody.
    pub troubled: LetterPart,
    /// What waits for approval.
    pub waiting: LetterPart,
    /// What is planned for the seven days to come.
    pub planned: LetterPart,
}

command!(SendLetter, "identity.send_letter", 1, [Calendar] => Identity);

/// A part of a weekly letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPart {
    /// The first of them.
    pub lines: Vec<LetterLine>,
    /// How many more there are.
    pub more: u32,
}

/// An item in a weekly letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLine {
    /// Its headline; may be empty.
    pub title: String,
    /// Its page: an absolute path of this site.
    pub link: String,
    /// Where it stands: the state's word in the calendar.
    pub state: String,
    /// When it went or goes out.
    pub at: Option<DateTime<Utc>>,
    /// Since when it waits for approval.
    pub since: Option<DateTime<Utc>>,
    /// Until when the next step should be taken.
    pub deadline: Option<DateTime<Utc>>,
    /// Where the public sees it.
    pub places: Vec<LetterPlace>,
}

/// Where something is out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPlace {
    /// The account's name.
    pub account: String,
    /// Its address there.
    pub url: Option<String>,
}
