//! The same done to several items, each by itself: what cannot be done to one says why, and the others are done. What can
//! be undone comes back as the orders that undo it.

use chancery_access::Action;
use chancery_contracts::Topic;
use chancery_contracts::ids::{CampaignId, ItemId};
use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use utoipa::ToSchema;

use super::{Actor, To, Workflow};
use crate::error::CalendarError;
use crate::model::{Appointment, Change, Draft, State};
use crate::store::items::{self, Item, Lock};
use crate::store::snapshots::Reason;

/// The most items of one go.
pub const MOST: usize = 200;

/// What is done to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "do")]
pub enum BulkDeed {
    /// So many days on, or back.
    Shift {
        /// How many.
        days: i32,
        /// Whether what was submitted is submitted again.
        #[serde(default)]
        again: bool,
    },
    /// Back to the time before a shift.
    Back {
        /// What its own wall showed.
        wall: Option<NaiveDateTime>,
    },
    /// Another draft with the same content, without a day.
    Duplicate,
    /// A copy thrown away.
    Discard,
    /// Other labels; those that are not named stay.
    Label(Labels),
    /// Cancelled, or stopping until the publisher confirms.
    Cancel {
        /// Why; may be empty.
        #[serde(default)]
        reason: String,
    },
}

/// What items are found by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Labels {
    /// The campaign's id; empty: none.
    #[serde(default)]
    pub campaign: Option<String>,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub topic: Option<Topic>,
    /// Code of an audience.
    #[serde(default)]
    pub audience: Option<String>,
}

/// One item and what is done to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Order {
    /// Which.
    #[schema(value_type = Uuid)]
    pub item: ItemId,
    /// The revision that is meant; none: whichever it has.
    #[serde(default)]
    pub revision: Option<i64>,
    /// What.
    #[serde(flatten)]
    pub step: BulkDeed,
}

/// What became of an order.
#[derive(Debug)]
pub struct Done {
    /// The item that was meant.
    pub item: ItemId,
    /// Its headline, where the person may read it.
    pub title: String,
    /// What happened, or why it was not done.
    pub outcome: Result<Did, CalendarError>,
}

/// What was done to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// The Fluent id of what happened. Its sentence gets `time` where there is one.
    pub key: &'static str,
    /// Its time now, where that changed.
    pub at: Option<Appointment>,
    /// How to undo it, if it can be.
    pub undo: Option<Order>,
}

impl Workflow {
    /// Carries the orders out, one after the other, at most [`MOST`].
    ///
    /// # Errors
    /// There are too many. What is wrong with one of them is said beside it.
    pub async fn bulk(&self, actor: Actor<'_>, orders: Vec<Order>) -> Result<Vec<Done>, CalendarError> {
        if orders.len() > MOST {
            return Err(CalendarError::field("item", "bulk-too-many"));
        }
        let mut done = Vec::with_capacity(orders.len());
        for order in orders {
            let mut conn = self.pool.acquire().await?;
            let title = self.headline(&mut conn, actor, order.item).await;
            drop(conn);
            let item = order.item;
            let outcome = self.carry_out(actor, order).await;
            done.push(Done { item, title, outcome });
        }
        Ok(done)
    }

    async fn carry_out(&self, actor: Actor<'_>, order: Order) -> Result<Did, CalendarError> {
        let Order {
            item: id,
            revision,
            step,
        } = order;
        let revision = if let Some(revision) = revision {
            revision
        } else {
            let mut conn = self.pool.acquire().await?;
            self.open(&mut conn, actor, id).await?.0.revision
        };
        let undone_by = |item, revision, step| Some(Order { item, revision, step });
        let (key, at, undo) = match step {
            BulkDeed::Shift { days, again } => {
                let moved = self.move_item(actor, id, revision, To::Days(days), again).await?;
                if moved.again {
                    ("bulk-said-again", moved.appointment, None)
                } else {
                    let back = BulkDeed::Back { wall: moved.before };
                    let undo = undone_by(id, Some(moved.revision), back);
                    ("bulk-said-shifted", moved.appointment, undo)
                }
            }
            BulkDeed::Back { wall } => {
                self.move_item(actor, id, revision, To::Back { wall }, false)
                    .await?;
                ("bulk-said-back", None, None)
            }
            BulkDeed::Duplicate => {
                let copy = self.duplicate(actor, id).await?;
                let undo = undone_by(copy, None, BulkDeed::Discard);
                ("bulk-said-duplicated", None, undo)
            }
            BulkDeed::Discard => {
                self.discard(actor, id).await?;
                ("bulk-said-discarded", None, None)
            }
            BulkDeed::Label(labels) => {
                let (revision, before) = self.relabel(actor, id, revision, labels).await?;
                let undo = undone_by(id, Some(revision), BulkDeed::Label(before));
                ("bulk-said-labelled", None, undo)
            }
            BulkDeed::Cancel { reason } => {
                if !self.unchanged(actor, id, revision).await? {
                    return Err(CalendarError::Stale);
                }
                match self.cancel(actor, id, &reason).await? {
                    State::Stopping => ("bulk-said-stopping", None, None),
                    _ => ("bulk-said-cancelled", None, None),
                }
            }
        };
        Ok(Did { key, at, undo })
    }

    /// Whether nobody has changed the item since the person looked.
    async fn unchanged(&self, actor: Actor<'_>, id: ItemId, revision: i64) -> Result<bool, CalendarError> {
        let mut conn = self.pool.acquire().await?;
        Ok(self.open(&mut conn, actor, id).await?.0.revision == revision)
    }

    /// Makes a draft with the same content. It has no day: the same text twice at one time is never meant.
    async fn duplicate(&self, actor: Actor<'_>, id: ItemId) -> Result<ItemId, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (of, _) = self
            .opened(&mut tx, actor, id, Lock::None, Action::ItemWrite)
            .await?;
        let now = self.clock.now();
        let mut draft = of.draft.clone();
        draft.wall = None;
        for variant in &mut draft.variants {
            variant.id = self.clock.new_id();
        }
        let alts = std::mem::take(&mut draft.alts);
        let mut item = Item {
            id: self.clock.new_id().into(),
            unit: of.unit,
            state: State::Draft,
            version: 1,
            revision: 1,
            steps_done: 0,
            appointment: None,
            draft,
            images: Vec::new(),
            created: (actor.person(), now),
            updated: (actor.person(), now),
        };
        items::insert(&mut tx, &item).await?;
        for image in &of.images {
            let known = json!(alts.get(&image.id).cloned().unwrap_or_default());
            let mut image = image.clone();
            image.id = self.clock.new_id();
            items::add_image(&mut tx, item.id, &image, &known, actor.person(), now).await?;
            item.images.push(image);
        }
        if item.images.iter().any(|image| image.asset.is_some()) {
            self.tell_library(&mut tx, &item, item.state, &actor.origin(item.unit))
                .await?;
        }
        self.record(
            &mut tx,
            &item,
            Some(actor),
            "created",
            "",
            json!({ "copy_of": id }),
        )
        .await?;
        tx.commit().await?;
        Ok(item.id)
    }

    /// Takes back a copy that nobody else has touched since.
    async fn discard(&self, actor: Actor<'_>, id: ItemId) -> Result<(), CalendarError> {
        let mut conn = self.pool.acquire().await?;
        let (item, _) = self.open(&mut conn, actor, id).await?;
        if !item.state.is_open() || item.updated.0 != actor.person() {
            return Err(CalendarError::Stale);
        }
        drop(conn);
        self.cancel(actor, id, "").await?;
        Ok(())
    }

    async fn relabel(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        revision: i64,
        labels: Labels,
    ) -> Result<(i64, Labels), CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Save)?;
        if item.revision != revision {
            return Err(CalendarError::Stale);
        }
        let (draft, before) = relabelled(&item.draft, labels)?;
        let revision = self
            .write(&mut tx, actor, &item, &unit, &draft, Reason::Written)
            .await?;
        tx.commit().await?;
        Ok((revision, before))
    }

    /// The headline of an item that the person may read; empty otherwise.
    async fn headline(&self, conn: &mut PgConnection, actor: Actor<'_>, id: ItemId) -> String {
        self.open(conn, actor, id)
            .await
            .map(|(item, _)| item.draft.title)
            .unwrap_or_default()
    }
}

/// The draft with other labels, and what they were.
fn relabelled(draft: &Draft, labels: Labels) -> Result<(Draft, Labels), CalendarError> {
    let mut new = draft.clone();
    let mut before = Labels::default();
    if let Some(campaign) = labels.campaign {
        before.campaign = Some(draft.campaign.map(|id| id.to_string()).unwrap_or_default());
        new.campaign = if campaign.is_empty() {
            None
        } else {
            let id: CampaignId = campaign
                .parse()
                .map_err(|_| CalendarError::field("campaign", "items-campaign-unknown"))?;
            Some(id)
        };
    }
    if let Some(topic) = labels.topic {
        before.topic = Some(draft.topic);
        new.topic = topic;
    }
    if let Some(audience) = labels.audience {
        before.audience = Some(draft.audience.clone());
        new.audience = audience;
    }
    Ok((new, before))
}
