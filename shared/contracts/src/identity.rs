//! Messages that the identity service owns.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::command;
use crate::ids::{PersonId, UnitId};

/// Tell people something, in the page; by mail later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    /// Who is told. A person named twice is told once; who acted is not told of it.
    pub to: Vec<Recipient>,
    /// The Fluent id of the sentence, e.g. `notice-item-submitted`. The sender's `.ftl` file has it.
    pub key: String,
    /// The sentence's arguments, shown as text.
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
