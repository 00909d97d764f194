//! From draft to published, and back.

use chancery_access::Role;
use chancery_contracts::assets::{AssetPublished, AssetWithdrawn};
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::{AssetId, UnitId};
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;

use super::{Actor, Library};
use crate::error::AssetError;
use crate::model::{State, lacking, wanted_languages};
use crate::store::assets::{self, Asset};
use crate::store::files::{self, File};
use crate::store::search;

impl Library {
    /// Asks stewards to look at these assets.
    ///
    /// # Errors
    /// One of them is not the person's, not a draft, or its file has not been looked into.
    pub async fn submit(&self, actor: Actor<'_>, ids: &[AssetId]) -> Result<usize, AssetError> {
        let mut tx = self.pool.begin().await?;
        let now = self.clock.now();
        let mut units: Vec<UnitId> = Vec::new();
        let ids = in_order(ids);
        for id in &ids {
            let (asset, _) = self.keep(&mut tx, actor, *id).await?;
            if !matches!(asset.state, State::Draft | State::Returned) {
                return Err(AssetError::State("assets-not-a-draft"));
            }
            self.insist_on_file(&mut tx, &asset).await?;
            assets::set_state(&mut tx, *id, State::InReview, "", actor.person(), now).await?;
            self.record(&mut tx, actor, asset.unit, "asset.submitted", *id, json!({}))
                .await?;
            if !units.contains(&asset.unit) {
                units.push(asset.unit);
            }
        }
        for unit in units {
            let to = vec![Recipient::Role {
                role: Role::Steward.as_str().to_owned(),
                unit,
            }];
            self.tell(
                &mut tx,
                actor,
                unit,
                "notice-assets-submitted",
                to,
                "/assets/review",
                ids.len(),
                "",
            )
            .await?;
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// Publishes these assets: every mission finds them from now on.
    ///
    /// # Errors
    /// The person is no steward there, or something is missing without which one cannot be published.
    pub async fn publish(&self, actor: Actor<'_>, ids: &[AssetId]) -> Result<usize, AssetError> {
        let mut tx = self.pool.begin().await?;
        let now = self.clock.now();
        let ids = in_order(ids);
        for id in &ids {
            let (asset, unit) = self.stewarded(&mut tx, actor, *id).await?;
            if asset.state == State::Published {
                return Err(AssetError::State("assets-published-already"));
            }
            self.insist_on_file(&mut tx, &asset).await?;
            let consent = files::has_consent(&mut tx, *id).await?;
            let wanted: Vec<&str> = wanted_languages(&unit.languages).collect();
            if let Some(lack) = lacking(&asset.details, asset.kind, &wanted, consent)
                .into_iter()
                .find(|lack| lack.blocks)
            {
                return Err(AssetError::State(lack.key));
            }
            assets::set_state(&mut tx, *id, State::Published, "", actor.person(), now).await?;
            search::index(&mut tx, *id).await?;
            self.record(
                &mut tx,
                actor,
                asset.unit,
                "asset.published",
                *id,
                json!({ "revision": asset.revision }),
            )
            .await?;
            let event = AssetPublished {
                asset: *id,
                unit: asset.unit,
            };
            chancery_queue::send(&mut tx, &Outgoing::new(event, &actor.origin(asset.unit))).await?;
            if asset.created.0 != actor.person() {
                self.tell_creator(&mut tx, actor, &asset, "notice-asset-published")
                    .await?;
            }
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// Gives assets back to their unit, with a reason.
    ///
    /// # Errors
    /// No reason, no steward, or not in review.
    pub async fn give_back(
        &self,
        actor: Actor<'_>,
        ids: &[AssetId],
        reason: &str,
    ) -> Result<usize, AssetError> {
        let reason = said(reason)?;
        let mut tx = self.pool.begin().await?;
        let now = self.clock.now();
        let ids = in_order(ids);
        for id in &ids {
            let (asset, _) = self.stewarded(&mut tx, actor, *id).await?;
            if asset.state != State::InReview {
                return Err(AssetError::State("assets-not-in-review"));
            }
            assets::set_state(&mut tx, *id, State::Returned, &reason, actor.person(), now).await?;
            self.record(
                &mut tx,
                actor,
                asset.unit,
                "asset.returned",
                *id,
                json!({ "reason": reason }),
            )
            .await?;
            self.tell_creator(&mut tx, actor, &asset, "notice-asset-returned")
                .await?;
        }
        tx.commit().await?;
        Ok(ids.len())
    }

    /// Takes a published asset back, with a reason: whoever uses it is told, and nothing that waits goes out with it.
    ///
    /// # Errors
    /// No reason, no steward, or not published.
    pub async fn withdraw(&self, actor: Actor<'_>, id: AssetId, reason: &str) -> Result<(), AssetError> {
        let reason = said(reason)?;
        let mut tx = self.pool.begin().await?;
        let (asset, _) = self.stewarded(&mut tx, actor, id).await?;
        if asset.state != State::Published {
            return Err(AssetError::State("assets-not-published"));
        }
        assets::set_state(
            &mut tx,
            id,
            State::Withdrawn,
            &reason,
            actor.person(),
            self.clock.now(),
        )
        .await?;
        self.record(
            &mut tx,
            actor,
            asset.unit,
            "asset.withdrawn",
            id,
            json!({ "reason": reason }),
        )
        .await?;
        let event = AssetWithdrawn {
            asset: id,
            unit: asset.unit,
            reason,
        };
        chancery_queue::send(&mut tx, &Outgoing::new(event, &actor.origin(asset.unit))).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Throws away a draft that nobody has published.
    ///
    /// # Errors
    /// Not the person's, or not a draft.
    pub async fn discard(&self, actor: Actor<'_>, id: AssetId) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, _) = self.keep(&mut tx, actor, id).await?;
        if !matches!(asset.state, State::Draft | State::Returned) {
            return Err(AssetError::State("assets-not-a-draft"));
        }
        assets::remove(&mut tx, id).await?;
        self.record(
            &mut tx,
            actor,
            asset.unit,
            "asset.discarded",
            id,
            json!({ "name": asset.file_name }),
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Insists that the asset has a file that somebody has looked into.
    async fn insist_on_file(&self, conn: &mut PgConnection, asset: &Asset) -> Result<File, AssetError> {
        let file = files::to_give(&mut *conn, asset.id).await?;
        file.ok_or(AssetError::State("assets-file-not-ready"))
    }

    /// Tells whoever put an asset in what became of it.
    pub(super) async fn tell_creator(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        asset: &Asset,
        key: &str,
    ) -> Result<(), AssetError> {
        let to = vec![Recipient::Person(asset.created.0)];
        let link = format!("/assets/{}", asset.id);
        self.tell(conn, actor, asset.unit, key, to, &link, 1, &name_of(asset))
            .await
    }

    #[expect(clippy::too_many_arguments, reason = "a notice in one line")]
    async fn tell(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        unit: UnitId,
        key: &str,
        to: Vec<Recipient>,
        link: &str,
        count: usize,
        name: &str,
    ) -> Result<(), AssetError> {
        let arguments = [
            ("person".to_owned(), actor.principal.name.clone()),
            ("count".to_owned(), count.to_string()),
            ("name".to_owned(), name.to_owned()),
        ];
        let notice = Notify {
            to,
            key: key.to_owned(),
            arguments: arguments.into(),
            link: link.to_owned(),
        };
        Ok(chancery_queue::send(conn, &Outgoing::new(notice, &actor.origin(unit))).await?)
    }
}

/// What an asset is called in a sentence.
pub(crate) fn name_of(asset: &Asset) -> String {
    let title = asset.details.title("vi");
    title.map_or_else(|| asset.file_name.clone(), |text| text.title.clone())
}

/// Locks are taken in one order, whoever asks.
fn in_order(ids: &[AssetId]) -> Vec<AssetId> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Why somebody does what others must understand.
pub(super) fn said(reason: &str) -> Result<String, AssetError> {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        return Err(AssetError::field("reason", "assets-reason-missing"));
    }
    if reason.chars().count() > 2_000 {
        return Err(AssetError::field("reason", "assets-too-long"));
    }
    Ok(reason)
}
