//! Messages that the publisher service owns.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, CampaignId, DeliveryId, ItemId, UnitId};
use crate::{Edition, EditionHash, Topic, WithdrawalReason, command, event};

/// Publish this approved edition. Sent by the calendar in the transaction of the last approval; on command, of the word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishOrder {
    /// The item that was approved.
    pub item: ItemId,
    /// Its version. Lower versions than one already seen, or cancelled, are ignored.
    pub version: i32,
    /// The unit in whose name it speaks.
    pub unit: UnitId,
    /// What it is about; a stop may name a topic.
    pub topic: Topic,
    /// The campaign that it belonged to when it was approved; a stop may name a campaign.
    #[serde(default)]
    pub campaign: Option<CampaignId>,
    /// A name for people, never published.
    pub title: String,
    /// Exactly what was approved.
    pub edition: Edition,
    /// The hash of `edition` to which the approval is bound.
    pub edition_hash: EditionHash,
    /// The instant that the edition's wall time meant at approval, in UTC; on command, when the word was given. The publisher
    /// resolves the wall time again.
    pub due: DateTime<Utc>,
    /// From here on it is too late: nothing is sent without a new approval. In UTC.
    pub not_after: DateTime<Utc>,
}

command!(PublishOrder, "publisher.publish_order", 1, [Calendar] => Publisher);

/// Stop every version of this item up to and including `version`. An order not yet seen is cancelled in advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelOrder {
    /// Which item.
    pub item: ItemId,
    /// Up to which version.
    pub version: i32,
}

command!(CancelOrder, "publisher.cancel_order", 1, [Calendar] => Publisher);

/// Wake-up: upload and prepare whatever stays invisible, ahead of the minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrepareDelivery {
    /// Which delivery. Its row decides what is done.
    pub delivery: DeliveryId,
}

command!(PrepareDelivery, "publisher.prepare_delivery", 1, [Publisher] => Publisher);

/// Wake-up: the minute has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitDelivery {
    /// Which delivery. Its row decides what is done.
    pub delivery: DeliveryId,
}

command!(CommitDelivery, "publisher.commit_delivery", 1, [Publisher] => Publisher);

/// Wake-up: find out what became of a commit whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocateDelivery {
    /// Which delivery. Its row decides what is done.
    pub delivery: DeliveryId,
}

command!(LocateDelivery, "publisher.locate_delivery", 1, [Publisher] => Publisher);

/// Wake every delivery that should be moving and is not. On a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {}

command!(Sweep, "publisher.sweep", 1, [Publisher] => Publisher);

/// A delivery has a new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryChanged {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Of which item.
    pub item: ItemId,
    /// Of which version of it.
    pub version: i32,
    /// On which account.
    pub account: AccountId,
    /// In which language: a BCP 47 tag.
    #[serde(default)]
    pub language: Option<String>,
    /// Counts up with every change of this delivery: an event that arrives late is recognised by it.
    pub sequence: i64,
    /// The new state.
    pub state: DeliveryStatus,
    /// Where the public sees it, once it is out.
    pub permalink: Option<String>,
    /// Why, in words of the platform or of ours, where there is something to explain.
    pub reason: Option<String>,
}

event!(DeliveryChanged, "publisher.delivery_changed", 1, [Publisher] => [Calendar]);

/// What a delivery's state means to everybody outside the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// Waits for its minute.
    Waiting,
    /// Stopped by a pause; needs a decision before it can go on.
    Held,
    /// Being sent at this moment.
    Publishing,
    /// Out.
    Published,
    /// Sent, and the platform has not said whether it arrived; being looked up.
    Unknown,
    /// Only a person can tell or decide.
    NeedsPerson,
    /// Refused by the platform.
    Failed,
    /// Its time passed before it could be sent.
    Missed,
    /// Stopped before it was sent.
    Cancelled,
}

/// The publisher has stopped what could be stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderCancelled {
    /// Which item.
    pub item: ItemId,
    /// Up to which version.
    pub version: i32,
    /// Deliveries that were already out, on their way or unknown, and so could not be stopped.
    pub not_stopped: Vec<DeliveryId>,
}

event!(OrderCancelled, "publisher.order_cancelled", 1, [Publisher] => [Calendar]);

/// Take down what is out. What has not gone out yet does not go out; what is being sent is taken down once it is known
/// where it is. Saying it twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawDeliveries {
    /// Of which item.
    pub item: ItemId,
    /// Which of its deliveries; others are left alone.
    pub deliveries: Vec<DeliveryId>,
    /// Why.
    pub reason: WithdrawalReason,
    /// What the public is told where the platform has a place for it, by the BCP 47 tag of the delivery's language.
    pub notes: BTreeMap<String, String>,
}

command!(WithdrawDeliveries, "publisher.withdraw_deliveries", 1, [Calendar] => Publisher);

/// Wake-up: a delivery is to be taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeDown {
    /// Which delivery. The row of its withdrawal decides what is done.
    pub delivery: DeliveryId,
}

command!(TakeDown, "publisher.take_down", 1, [Publisher] => Publisher);

/// A withdrawal has a new state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithdrawalChanged {
    /// Of which delivery.
    pub delivery: DeliveryId,
    /// Of which item.
    pub item: ItemId,
    /// On which account.
    pub account: AccountId,
    /// Counts up with every change of this withdrawal: an event that arrives late is recognised by it.
    pub sequence: i64,
    /// The new state.
    pub state: WithdrawalStatus,
    /// Why, in words of the platform, where it said something.
    pub reason: Option<String>,
}

event!(WithdrawalChanged, "publisher.withdrawal_changed", 1, [Publisher] => [Calendar]);

/// How far taking a delivery down has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithdrawalStatus {
    /// Waits: for its turn, for another attempt, or until it is known where the delivery is.
    Requested,
    /// The platform is being asked at this moment.
    Withdrawing,
    /// Gone; looked up where the platform can be asked.
    Withdrawn,
    /// A person must do it on the platform, and say so.
    NeedsPerson,
    /// The platform lets nobody take anything down.
    Impossible,
    /// It never went out, and will not.
    Void,
}
