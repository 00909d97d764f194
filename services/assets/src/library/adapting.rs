//! Renditions as people order them: of what, for whom, and one row for all who want the same.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::assets::MakeRendition;
use chancery_contracts::ids::AssetId;
use chancery_media::MediaType;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Library};
use crate::error::AssetError;
use crate::model::{Order, Point, Refused, Subject, Wanted};
use crate::store::files::{self, File};
use crate::store::published::Unit;
use crate::store::renditions::{self, Asked, Asker, Wish};
use crate::store::{logos, rights};

impl Library {
    /// Orders a rendition of an asset for a unit that may use it in the house. What was made before is there at once.
    ///
    /// # Errors
    /// The rights forbid it, the order does not fit the file, or the person may not use assets for the unit.
    pub async fn order(
        &self,
        actor: Actor<'_>,
        id: AssetId,
        unit: &Unit,
        order: &Order,
    ) -> Result<Asked, AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, _) = self.open(&mut tx, actor, id).await?;
        actor.require(Action::AssetUse, unit)?;
        let now = self.clock.now();
        if let Some(refusal) = rights::may_use(&mut tx, id, unit.id, None, now).await? {
            return Err(AssetError::Rights(refusal));
        }
        let all = files::of_asset(&mut tx, id).await?;
        let source = source(&all, order).map_err(AssetError::Fields)?;
        let kind = source.media_type.as_deref().and_then(MediaType::from_mime);
        let details = &asset.details;
        let subject = Subject {
            kind: kind.ok_or(AssetError::State("assets-file-not-ready"))?,
            milliseconds: source
                .duration_ms
                .and_then(|length| length.try_into().ok())
                .unwrap_or(0),
            pages: source.pages.and_then(|pages| pages.try_into().ok()).unwrap_or(0),
            focus: Point {
                x: details.focal_x * 100.0,
                y: details.focal_y * 100.0,
            },
            logo: match order.logo {
                Some(logo) => logos::offered(&mut tx, unit.id, "", now)
                    .await?
                    .into_iter()
                    .find(|offered| offered.asset == logo)
                    .map(|offered| offered.sha256),
                None => None,
            },
            captions: order
                .language
                .as_deref()
                .and_then(|language| captions(&all, language))
                .map(|file| file.sha256.clone()),
        };
        let wanted = order.wanted(&subject).map_err(AssetError::Fields)?;
        let rendition = self
            .ask(&mut tx, &source.sha256, &wanted, &actor.origin(unit.id))
            .await?;
        let by = Asker {
            asset: id,
            unit: unit.id,
            person: actor.person(),
            purpose: order.purpose.as_str(),
            language: order.language.as_deref(),
        };
        renditions::note(&mut tx, rendition, &by, now).await?;
        let asked = renditions::asked(&mut tx, id, &[unit.id.0], Some(rendition)).await?;
        tx.commit().await?;
        asked.into_iter().next().ok_or(AssetError::NotFound)
    }

    /// Asks for a rendition of a content, in the caller's transaction; gives its id. There is one row for all who want
    /// the same, and a job for as long as it waits.
    ///
    /// # Errors
    /// The database or the queue fails.
    pub(crate) async fn ask(
        &self,
        conn: &mut PgConnection,
        source: &str,
        wanted: &Wanted,
        origin: &Origin,
    ) -> Result<Uuid, AssetError> {
        let wish = Wish {
            id: self.clock.new_id(),
            source,
            spec: &wanted.spec()?,
            plain: wanted.is_plain(),
        };
        let (id, waits) = renditions::ask(&mut *conn, &wish, self.clock.now()).await?;
        if waits {
            let lane = wanted.lane().map_or_else(|| id.to_string(), str::to_owned);
            let make = Outgoing::new(MakeRendition { rendition: id }, origin);
            chancery_queue::send(conn, &make.key(id.to_string()).preserve().lane(lane)).await?;
        }
        Ok(id)
    }

    /// Offers a picture as a logo to its unit and those below it, or no longer.
    ///
    /// # Errors
    /// The person is no steward there.
    pub async fn offer_logo(&self, actor: Actor<'_>, id: AssetId, offered: bool) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let (asset, unit) = self.stewarded(&mut tx, actor, id).await?;
        logos::offer(&mut tx, id, offered, actor.person(), self.clock.now()).await?;
        let action = if offered {
            "asset.logo_offered"
        } else {
            "asset.logo_withdrawn"
        };
        let detail = json!({ "unit": unit.id, "kind": asset.kind });
        self.record(&mut tx, actor, asset.unit, action, id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The file of which an order is made: captions in the language that is named, else what is given out.
fn source<'a>(all: &'a [File], order: &Order) -> Result<&'a File, Refused> {
    if order.purpose.captions().is_some()
        && let Some(language) = order.language.as_deref()
    {
        let missing = || vec![("language".to_owned(), "rendition-captions-missing")];
        return captions(all, language).ok_or_else(missing);
    }
    let current = |role| all.iter().find(|file| file.role == role && file.is_current());
    current("clean")
        .or_else(|| current("original"))
        .ok_or_else(|| vec![("purpose".to_owned(), "assets-file-not-ready")])
}

/// The captions in a language.
fn captions<'a>(all: &'a [File], language: &str) -> Option<&'a File> {
    all.iter().find(|file| {
        file.role == "captions" && file.language.as_deref() == Some(language) && file.is_current()
    })
}
