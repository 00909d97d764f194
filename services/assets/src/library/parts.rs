//! Files beside an asset: who may put one in, who is told of it, and earlier ones put back.

use chancery_access::{Action, Role};
use chancery_contracts::Origin;
use chancery_contracts::assets::{AssetChanged, Change};
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::AssetId;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::reviewing::name_of;
use super::{Actor, Library};
use crate::error::AssetError;
use crate::intake::{self, Purpose, Received};
use crate::model::{Consent, FileRole, State, language_tag, may_edit};
use crate::store::assets::Asset;
use crate::store::downloads;
use crate::store::files::{self, File};

impl Library {
    /// Insists that the person may put a file in this role beside an asset, now: a contributor until the asset is
    /// published, a steward always. Gives the asset, locked, and the language in its usual spelling.
    ///
    /// # Errors
    /// The person may not, the asset has no such files, or the language is missing or none.
    pub(crate) async fn take_part(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        id: AssetId,
        role: FileRole,
        language: Option<&str>,
    ) -> Result<(Asset, Option<String>), AssetError> {
        let (asset, unit) = self.keep(conn, actor, id).await?;
        may_edit(actor.may(Action::AssetSteward, &unit), asset.state).map_err(AssetError::State)?;
        if !FileRole::beside(asset.kind).contains(&role) {
            return Err(AssetError::State("parts-refused-role"));
        }
        let language = language.filter(|_| role.has_language()).and_then(language_tag);
        if role.has_language() && language.is_none() {
            return Err(AssetError::State("parts-refused-language"));
        }
        Ok((asset, language))
    }

    /// Makes an earlier file the current one again, as a new version: it is looked into as if it had just come.
    ///
    /// # Errors
    /// The person is no steward there, or the file is no earlier one of this asset that people put in.
    pub async fn put_back(&self, actor: Actor<'_>, id: AssetId, file: Uuid) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, _) = self.stewarded(&mut tx, actor, id).await?;
        let earlier = files::load(&mut tx, file).await?;
        let role: FileRole = earlier.role.parse().map_err(|_| AssetError::NotFound)?;
        let is_earlier =
            earlier.state == "ready" && earlier.superseded_at.is_some() && earlier.removed_at.is_none();
        if earlier.asset != id || !is_earlier || role == FileRole::Clean {
            return Err(AssetError::NotFound);
        }
        let received = Received {
            person: actor.person(),
            unit: asset.unit,
            name: earlier.name,
            sha256: earlier.sha256.parse().map_err(|_| AssetError::NotFound)?,
            bytes: u64::try_from(earlier.bytes).unwrap_or_default(),
            batch: None,
            purpose: Purpose::Part {
                asset: id,
                role,
                language: earlier.language,
            },
        };
        intake::received(&mut tx, &self.clock, received).await?;
        let detail = json!({ "role": earlier.role, "version": earlier.version });
        self.record(&mut tx, actor, asset.unit, "asset.file_put_back", id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Says that those who are shown agree: their consent is attached.
    ///
    /// # Errors
    /// The person is no steward there, or no consent is attached.
    pub async fn consent_given(&self, actor: Actor<'_>, id: AssetId) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, _) = self.stewarded(&mut tx, actor, id).await?;
        if !files::has_consent(&mut tx, id).await? {
            return Err(AssetError::State("assets-lack-consent"));
        }
        let mut details = asset.details.clone();
        details.rights.consent = Consent::Given;
        if details != asset.details {
            self.write(&mut tx, actor, &asset, &details, "asset.edited")
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Another file stands in the place of one that people know: items that use the asset hear of it, and so do its
    /// contributor, and the units that have taken it or have it in a collection.
    pub(super) async fn tell_of_replacement(
        &self,
        conn: &mut PgConnection,
        asset: &Asset,
        file: &File,
    ) -> Result<(), AssetError> {
        let role: FileRole = file.role.parse().map_err(|_| AssetError::NotFound)?;
        let origin = Origin {
            actor: Some(file.added_by),
            unit: Some(asset.unit),
            ..Origin::default()
        };
        let mut to = vec![Recipient::Person(asset.created.0)];
        if asset.state == State::Published && role.is_noticed() {
            let event = AssetChanged {
                asset: asset.id,
                unit: asset.unit,
                change: Change::File,
            };
            chancery_queue::send(&mut *conn, &Outgoing::new(event, &origin)).await?;
            let units = downloads::units_that_have(&mut *conn, asset.id).await?;
            to.extend(units.into_iter().map(|unit| Recipient::Role {
                role: Role::PressAttache.as_str().to_owned(),
                unit,
            }));
        }
        let people = chancery_directory::people(&mut *conn, [file.added_by]).await?;
        let notice = Notify {
            to,
            key: "notice-asset-replaced".to_owned(),
            arguments: [
                (
                    "person".to_owned(),
                    people.get(&file.added_by).cloned().unwrap_or_default(),
                ),
                ("name".to_owned(), name_of(asset)),
                ("role".to_owned(), file.role.clone()),
            ]
            .into(),
            link: format!("/assets/{}", asset.id),
        };
        Ok(chancery_queue::send(conn, &Outgoing::new(notice, &origin)).await?)
    }
}
