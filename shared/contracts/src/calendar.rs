//! Messages that the calendar service owns.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{AssetId, ItemId, ModelId, UnitId};
use crate::{command, event};

/// Which assets of the library an item uses, and how far it has come. Sent whenever either changes; without assets
/// when none is left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssetsChosen {
    /// Which item.
    pub item: ItemId,
    /// Of which unit.
    pub unit: UnitId,
    /// Rises with every change of this item (its revision, say): an event that arrives late is recognised by it.
    pub sequence: i64,
    /// A name for people.
    pub title: String,
    /// How far it has come.
    pub stage: UseStage,
    /// All of them.
    pub assets: Vec<AssetId>,
}

event!(AssetsChosen, "calendar.assets_chosen", 1, [Calendar] => [Assets]);

/// How far an item that uses an asset has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UseStage {
    /// Being written or approved.
    Chosen,
    /// Approved, waits for its minute.
    Scheduled,
    /// Out.
    Live,
    /// Cancelled, or taken down.
    Ended,
}

/// Follow a link that somebody wrote, and remember what became of it. With an item: before its minute, so that its people
/// are told when it leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckLink {
    /// Written out, `https://…`.
    pub url: String,
    /// Whose people to tell.
    #[serde(default)]
    pub item: Option<ItemId>,
    /// In which version it stands there.
    #[serde(default)]
    pub version: i32,
}

command!(CheckLink, "calendar.check_link", 1, [Calendar] => Calendar);
/// Put a version of a model into the lists of these missions, and tell their people. Their rows decide what is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverModel {
    /// Which model.
    pub model: ModelId,
    /// Which version of it.
    pub version: i32,
    /// To which missions.
    pub units: Vec<UnitId>,
}

command!(DeliverModel, "calendar.deliver_model", 1, [Calendar] => Calendar);

/// Make the drafts of what comes again and is due. On a schedule, and when one is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeRecurring {}

command!(MakeRecurring, "calendar.make_recurring", 1, [Calendar] => Calendar);
/// Tell the next in line of every step that waits beyond its deadline. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalateApprovals {}

command!(EscalateApprovals, "calendar.escalate_approvals", 1, [Calendar] => Calendar);

/// Begin campaigns whose first day has come, and end those whose last is over. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnCampaigns {}

command!(TurnCampaigns, "calendar.turn_campaigns", 1, [Calendar] => Calendar);

/// Send a message to a webhook's endpoint. Its row decides whether, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendHook {
    /// Which message.
    pub message: Uuid,
}

command!(SendHook, "calendar.send_hook", 1, [Calendar] => Calendar);

/// Write the weekly letter of every unit where it is Monday morning. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposeLetters {}

command!(ComposeLetters, "calendar.compose_letters", 1, [Calendar] => Calendar);

/// Remove old messages to webhooks. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepHooks {}

command!(SweepHooks, "calendar.sweep_hooks", 1, [Calendar] => Calendar);

/// Send back what waited for its word until its window ended. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndWindows {}

command!(EndWindows, "calendar.end_windows", 1, [Calendar] => Calendar);
