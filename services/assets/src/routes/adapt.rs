//! The page on which a mission makes of an asset what it needs: shapes, films for platforms, captions, sound.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_media::{Corner, Kind as FileKind, MediaType, PictureFormat};
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::asset::For;
use super::{App, actor, player, renditions, view};
use crate::AssetError;
use crate::library::adapts;
use crate::model::{Area, Order, Point, Purpose, Refused};
use crate::store::files::{self, File};
use crate::store::{logos, rights};

/// The form as it is sent. Without scripts every field comes, filled or not.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Sent {
    #[serde(rename = "for")]
    unit: String,
    purpose: String,
    format: String,
    /// `focus`, or `drawn` by hand.
    frame: String,
    focal_x: String,
    focal_y: String,
    left: String,
    top: String,
    width: String,
    height: String,
    /// `words`, or the asset that is a logo.
    mark: String,
    words: String,
    corner: String,
    page: String,
    second: String,
    language: String,
}

impl Sent {
    /// What is ordered; fields that cannot be read are named.
    fn order(&self) -> Result<Order, Refused> {
        let mut refused = Refused::new();
        let mut number = |name: &str, text: &str| -> Option<f32> {
            let text = text.trim().replace(',', ".");
            if text.is_empty() {
                return None;
            }
            let read = text.parse().ok();
            if read.is_none() {
                refused.push((name.to_owned(), "rendition-number-unreadable"));
            }
            read
        };
        let focus = (number("focal_x", &self.focal_x), number("focal_y", &self.focal_y));
        let sides = [
            number("cut", &self.left),
            number("cut", &self.top),
            number("cut", &self.width),
            number("cut", &self.height),
        ];
        let page = number("page", &self.page);
        let second = number("second", &self.second);
        let cut = (self.frame == "drawn").then(|| {
            // What is left empty cuts nothing off.
            let [left, top, width, height] = sides;
            let (left, top) = (left.unwrap_or(0.0), top.unwrap_or(0.0));
            Area {
                left,
                top,
                width: width.unwrap_or(100.0 - left),
                height: height.unwrap_or(100.0 - top),
            }
        });
        let purpose: Option<Purpose> = self.purpose.parse().ok();
        if purpose.is_none() {
            refused.push(("purpose".to_owned(), "rendition-purpose-unfit"));
        }
        let (Some(purpose), true) = (purpose, refused.is_empty()) else {
            return Err(refused);
        };
        let words = self.mark == "words";
        Ok(Order {
            purpose,
            format: word(&self.format),
            focus: focus.0.zip(focus.1).map(|(x, y)| Point { x, y }),
            cut,
            words: if words { self.words.clone() } else { String::new() },
            logo: if words { None } else { self.mark.parse().ok() },
            corner: word(&self.corner),
            page: page.and_then(whole),
            second: second.and_then(whole),
            language: Some(self.language.clone()).filter(|language| !language.is_empty()),
        })
    }
}

/// A word of a list of the media crate; another one is the usual.
fn word<T: Default + serde::de::DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).unwrap_or_default()
}

/// A whole number that is not negative; what lies outside is no page and no second.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of what is too large saturates"
)]
fn whole(number: f32) -> Option<u32> {
    (number >= 0.0).then_some(number as u32)
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(wanted): Query<For>,
) -> Result<Response, Problem> {
    let sent = Sent {
        unit: wanted.unit,
        ..Sent::default()
    };
    let data = data(&app, &viewer, id, sent).await?;
    Ok(app.shell.page(&viewer, "assets/adapt", &data))
}

/// Orders what the form says.
pub(super) async fn order(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&sent.unit)).await?;
    drop(conn);
    let ordered = match sent.order().map_err(AssetError::Fields) {
        Ok(order) => app.library.order(actor(&viewer)?, id, &unit, &order).await,
        Err(error) => Err(error),
    };
    match ordered {
        Ok(_) => {
            let unit = if sent.unit.is_empty() {
                String::new()
            } else {
                format!("?for={}", unit.id)
            };
            Ok(Redirect::to(format!("/assets/{id}/adapt{unit}#made"))
                .flash("rendition-ordered")
                .into_response())
        }
        Err(AssetError::Fields(fields)) => {
            let problem = Problem::from(AssetError::Fields(fields));
            let data = data(&app, &viewer, id, sent).await?;
            Ok(app.shell.refused(&viewer, "assets/adapt", &data, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether the picture is offered as a logo.
#[derive(Debug, Deserialize)]
pub(super) struct Offered {
    #[serde(default)]
    offered: bool,
}

/// A steward offers a picture as a logo, or no longer.
pub(super) async fn offer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Form(wish): Form<Offered>,
) -> Result<Response, Problem> {
    app.library.offer_logo(actor(&viewer)?, id, wish.offered).await?;
    let flash = if wish.offered {
        "rendition-logo-offered"
    } else {
        "rendition-logo-withdrawn"
    };
    Ok(Redirect::to(format!("/assets/{id}/adapt"))
        .flash(flash)
        .into_response())
}

async fn data(app: &App, viewer: &Viewer, id: AssetId, sent: Sent) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(viewer)?;
    let (asset, keeper) = app.library.open(&mut conn, actor, id).await?;
    let (own, _) = view::stand(&mut conn, viewer, Some(&sent.unit)).await?;
    adapts(actor, &keeper, &own)?;
    let now = app.library.clock.now();
    let refusal = rights::may_use(&mut conn, id, own.id, None, now).await?;
    let all = files::of_asset(&mut conn, id).await?;
    let current: Vec<&File> = all.iter().filter(|file| file.is_current()).collect();
    let file = current.iter().find(|file| file.role == "clean").copied();
    let kind = file.and_then(|file| MediaType::from_mime(file.media_type.as_deref()?));
    let asked = renditions::asked(app, &mut conn, viewer, id, None).await?;
    let details = &asset.details;
    let language = viewer.language.tag();
    let logos = logos::offered(&mut conn, own.id, language, now).await?;
    let offered = |of: fn(Purpose) -> bool| -> Vec<_> {
        let fit = |purpose: &Purpose| of(*purpose) && kind.is_some_and(|kind| purpose.fits(kind));
        let shown = |purpose: Purpose| {
            json!({
                "word": purpose.as_str(),
                "box": purpose.picture().filter(|_| purpose != Purpose::Web),
                "chosen": sent.purpose == purpose.as_str(),
            })
        };
        Purpose::ALL.iter().copied().filter(fit).map(shown).collect()
    };
    let captions: Vec<_> = current
        .iter()
        .filter(|file| file.role == "captions")
        .filter_map(|file| file.language.as_deref())
        .collect();
    let percent = |part: f32| (part * 100.0).round();
    Ok(json!({
        // The list of what is made asks for it at the root, as its fragment has it.
        "id": id,
        "asset": { "id": id, "kind": asset.kind, "file_name": asset.file_name },
        "text": details.title(language),
        "refusal": refusal.map(crate::model::Refusal::key),
        "own": { "id": own.id, "names": own.names },
        "file": file,
        "is_picture": kind.is_some_and(|kind| kind.kind() == FileKind::Picture),
        "croppable": kind.is_some_and(|kind| {
            matches!(kind.kind(), FileKind::Picture | FileKind::Film) || kind == MediaType::Pdf
        }),
        "is_film": kind.is_some_and(|kind| kind.kind() == FileKind::Film),
        "is_audio": kind.is_some_and(|kind| kind.kind() == FileKind::Audio),
        "is_captions": kind.is_some_and(|kind| kind.kind() == FileKind::Captions),
        "last_second": file.and_then(|file| file.duration_ms).map(|length| (length - 1).max(0) / 1000),
        "player": player::data(app, &mut conn, viewer, (&asset, &keeper)).await?,
        "shapes": offered(|purpose| purpose.picture().is_some()),
        "films": offered(|purpose| purpose.film().is_some()),
        "sound": !offered(|purpose| purpose == Purpose::Sound).is_empty(),
        "captions": captions,
        "formats": words(&[PictureFormat::Jpeg, PictureFormat::Webp, PictureFormat::Png], &sent.format),
        "corners": words(
            &[Corner::BottomRight, Corner::BottomLeft, Corner::TopRight, Corner::TopLeft],
            &sent.corner,
        ),
        "logos": logos,
        "focal": { "x": percent(details.focal_x), "y": percent(details.focal_y) },
        "sent": sent,
        "renditions": renditions::shown(app, viewer, &asked),
        "ready": current.iter().filter(|file| file.is_open()).collect::<Vec<_>>(),
        "channels": view::words("asset-usable", std::iter::once("here").chain(crate::model::channels()), |_| false),
        "logo": json!({
            "may": kind.is_some_and(|kind| kind.kind() == FileKind::Picture) && actor.may(Action::AssetSteward, &keeper),
            "offered": logos::is_offered(&mut conn, id).await?,
            "unit": keeper.names,
        }),
    }))
}

/// Words of a list of the media crate.
fn words<T: Serialize>(list: &[T], chosen: &str) -> Vec<Value> {
    let shown = |word: &T| {
        let word = json!(word);
        json!({ "chosen": word == chosen, "word": word })
    };
    list.iter().map(shown).collect()
}
