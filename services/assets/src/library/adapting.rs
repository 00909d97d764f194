//! Renditions as people order them: of what, for whom, and one row for all who want the same.

use chancery_access::Action;
use chancery_contracts::Origin;
use chancery_contracts::assets::MakeRendition;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_media::MediaType;
use chancery_queue::Outgoing;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Library, keeps};
use crate::error::AssetError;
use crate::model::{Order, Point, Refused, Subject, Wanted};
use crate::store::files::{self, File};
use crate::store::renditions::{self, Asked, Asker, Wish};
use crate::store::{journal, logos, rights};

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
        let (asset, keeper) = self.open(&mut tx, actor, id).await?;
        self.may_adapt(&mut tx, actor, (id, &keeper), unit).await?;
        let now = self.clock.now();
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

    /// Has a rendition that failed made once more, for the unit that asked for it. What waits or is there stays as it is,
    /// so whoever asks twice has asked once.
    ///
    /// # Errors
    /// Nobody of the person's units asked for it, or the rights forbid it now.
    pub async fn order_again(
        &self,
        actor: Actor<'_>,
        id: AssetId,
        rendition: Uuid,
    ) -> Result<Asked, AssetError> {
        let mut tx = self.pool.begin().await?;
        let (_, keeper) = self.open(&mut tx, actor, id).await?;
        let one = |asked: Vec<Asked>| asked.into_iter().next().ok_or(AssetError::NotFound);
        let units = self.units_that_adapt(&mut tx, actor).await?;
        let asked = one(renditions::asked(&mut tx, id, &units, Some(rendition)).await?)?;
        let unit = chancery_directory::unit(&mut tx, asked.unit).await?;
        self.may_adapt(&mut tx, actor, (id, &keeper), &unit).await?;
        let wanted: Wanted = serde_json::from_str(&asked.spec)?;
        self.ask(&mut tx, &asked.source, &wanted, &actor.origin(unit.id))
            .await?;
        journal::touch(&mut tx, id).await?;
        let asked = one(renditions::asked(&mut tx, id, &units, Some(rendition)).await?)?;
        tx.commit().await?;
        Ok(asked)
    }

    /// The units for which the person may make something of assets: any that they may use, or those that they look after.
    ///
    /// # Errors
    /// The database fails.
    pub(crate) async fn units_that_adapt(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
    ) -> Result<Vec<Uuid>, AssetError> {
        let mut roots = actor.principal.units_for(Action::AssetUse);
        roots.extend(actor.principal.units_for(Action::AssetContribute));
        Ok(chancery_directory::ids_below(conn, &roots).await?)
    }

    /// Insists that the person may make something of an asset for `unit`, now.
    ///
    /// # Errors
    /// The person may not, or the rights forbid it.
    pub(crate) async fn may_adapt(
        &self,
        conn: &mut PgConnection,
        actor: Actor<'_>,
        (id, keeper): (AssetId, &Unit),
        unit: &Unit,
    ) -> Result<(), AssetError> {
        adapts(actor, keeper, unit)?;
        match rights::may_use(conn, id, unit.id, None, self.clock.now()).await? {
            Some(refusal) => Err(AssetError::Rights(refusal)),
            None => Ok(()),
        }
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

/// Insists that the person may make something of an asset of `keeper` for `unit`: whoever uses assets there, and whoever
/// looks after this one. What may be done with it is another question, and the rights' alone.
///
/// # Errors
/// [`AssetError::Access`] with the reason.
pub(crate) fn adapts(actor: Actor<'_>, keeper: &Unit, unit: &Unit) -> Result<(), AssetError> {
    if keeps(actor, keeper) && actor.may(Action::AssetContribute, unit) {
        return Ok(());
    }
    actor.require(Action::AssetUse, unit)
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
