//! The form of an asset.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_clock::Tz;
use chancery_contracts::ids::AssetId;
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::{App, actor, view};
use crate::AssetError;
use crate::library::{keeps, wanted_languages};
use crate::model::{Details, Rights, Text};
use crate::store::assets::Asset;
use crate::store::published::Unit;

/// Every field of the form as it is sent. A name may occur more than once.
type Sent = Vec<(String, String)>;

/// The form's fields by name.
struct Fields(HashMap<String, Vec<String>>);

impl Fields {
    fn of(sent: Sent) -> Self {
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in sent {
            fields.entry(name).or_default().push(value);
        }
        Self(fields)
    }

    fn one(&self, name: &str) -> String {
        let first = self.0.get(name).and_then(|values| values.first());
        first.cloned().unwrap_or_default()
    }

    fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.get(name).cloned().unwrap_or_default();
        values.into_iter().filter(|value| !value.is_empty()).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The time on a wall, as `datetime-local` sends it; unreadable ones are named in `refused`.
    fn wall(&self, name: &str, refused: &mut Vec<(String, &'static str)>) -> Option<NaiveDateTime> {
        let text = self.one(name);
        if text.trim().is_empty() {
            return None;
        }
        let read = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            .iter()
            .find_map(|form| NaiveDateTime::parse_from_str(text.trim(), form).ok());
        if read.is_none() {
            refused.push((name.to_owned(), "assets-time-unreadable"));
        }
        read
    }

    /// What is written in the form; rights stay as they are for who may not set them.
    fn details(&self, before: &Details, steward: bool) -> Result<Details, AssetError> {
        let mut refused = Vec::new();
        let mut tags = self.all("tag");
        let new = self.one("new_language");
        if !new.trim().is_empty() {
            tags.push(new);
        }
        let texts = tags
            .iter()
            .map(|tag| Text {
                language: tag.clone(),
                title: self.one(&format!("title-{tag}")),
                caption: self.one(&format!("caption-{tag}")),
                alt: self.one(&format!("alt-{tag}")),
                transcript: self.one(&format!("transcript-{tag}")),
            })
            .collect();
        let taken = self.one("taken_on");
        let taken_on = taken.parse().ok();
        if taken_on.is_none() && !taken.is_empty() {
            refused.push(("taken_on".to_owned(), "assets-day-unreadable"));
        }
        let percent = |name: &str, before: f32| {
            self.one(name)
                .parse::<f32>()
                .map_or(before, |value| value / 100.0)
        };
        let rights = if steward {
            self.rights(&before.rights, &mut refused)
        } else {
            before.rights.clone()
        };
        if !refused.is_empty() {
            return Err(AssetError::Fields(refused));
        }
        Ok(Details {
            texts,
            credit: self.one("credit"),
            agency: self.one("agency"),
            creator: self.one("creator"),
            place: self.one("place"),
            country: Some(self.one("country")).filter(|country| !country.is_empty()),
            taken_on,
            topics: self.all("topics"),
            priorities: self.all("priorities"),
            official: self.has("official"),
            keep_location: if steward {
                self.has("keep_location")
            } else {
                before.keep_location
            },
            focal_x: percent("focal_x", before.focal_x),
            focal_y: percent("focal_y", before.focal_y),
            rights,
        })
    }

    fn rights(&self, before: &Rights, refused: &mut Vec<(String, &'static str)>) -> Rights {
        let zone: Tz = self.one("rights_zone").parse().unwrap_or(before.zone);
        let territory: Vec<String> = self
            .one("territory")
            .split([',', ' ', ';'])
            .filter(|country| !country.is_empty())
            .map(str::to_owned)
            .collect();
        Rights {
            internal_only: self.has("internal_only"),
            licence: self.one("licence").parse().unwrap_or(before.licence),
            licence_note: self.one("licence_note"),
            consent: self.one("consent").parse().unwrap_or(before.consent),
            territory: (!territory.is_empty()).then_some(territory),
            channels: Some(self.all("channels")).filter(|channels| !channels.is_empty()),
            zone,
            starts: self.wall("starts", refused),
            ends: self.wall("ends", refused),
            embargo: self.wall("embargo", refused),
        }
    }
}

async fn form(
    app: &App,
    viewer: &Viewer,
    asset: &Asset,
    unit: &Unit,
    details: &Details,
    revision: i64,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let choices = view::choices(&mut conn, details).await?;
    drop(conn);
    let mut texts = details.texts.clone();
    for tag in wanted_languages(unit) {
        if texts.iter().all(|text| text.language != tag) {
            texts.push(Text {
                language: tag.to_owned(),
                ..Text::default()
            });
        }
    }
    let wall = |wall: Option<NaiveDateTime>| wall.map(|wall| wall.format("%Y-%m-%dT%H:%M").to_string());
    let rights = &details.rights;
    Ok(json!({
        "asset": super::asset::shown(asset, unit, app.library.clock.now()),
        "revision": revision,
        "details": details,
        "texts": texts,
        "choices": choices,
        "territory": rights.territory.as_ref().map(|countries| countries.join(", ")),
        "walls": { "starts": wall(rights.starts), "ends": wall(rights.ends), "embargo": wall(rights.embargo) },
        "focal": { "x": (details.focal_x * 100.0).round(), "y": (details.focal_y * 100.0).round() },
        "steward": actor(viewer)?.may(Action::AssetSteward, unit),
        "visual": matches!(asset.kind, crate::model::Kind::Picture | crate::model::Kind::Film),
        "heard": matches!(asset.kind, crate::model::Kind::Film | crate::model::Kind::Audio),
    }))
}

/// The asset, for who may change it.
async fn kept(app: &App, viewer: &Viewer, id: AssetId) -> Result<(Asset, Unit), Problem> {
    let mut conn = app.connection().await?;
    let (asset, unit) = app.library.open(&mut conn, actor(viewer)?, id).await?;
    if !keeps(actor(viewer)?, &unit) {
        actor(viewer)?.require(Action::AssetContribute, &unit)?;
    }
    Ok((asset, unit))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let (asset, unit) = kept(&app, &viewer, id).await?;
    let data = form(&app, &viewer, &asset, &unit, &asset.details, asset.revision).await?;
    Ok(app.shell.page(&viewer, "assets/edit", &data))
}

pub(super) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let (asset, unit) = kept(&app, &viewer, id).await?;
    let steward = actor(&viewer)?.may(Action::AssetSteward, &unit);
    let fields = Fields::of(sent);
    let revision: i64 = fields.one("revision").parse().unwrap_or_default();
    let entered = fields.details(&asset.details, steward);
    let saved = match &entered {
        Ok(details) => {
            app.library
                .save(actor(&viewer)?, id, revision, details.clone())
                .await
        }
        Err(AssetError::Fields(refused)) => Err(AssetError::Fields(refused.clone())),
        Err(_) => Err(AssetError::Stale),
    };
    match saved {
        Ok(_) if fields.one("do") == "submit" => {
            app.library.submit(actor(&viewer)?, &[id]).await?;
            Ok(Redirect::to(format!("/assets/{id}"))
                .flash("assets-submitted")
                .arg("count", 1)
                .into_response())
        }
        // One more language: the form again, with its fields.
        Ok(_) if !fields.one("new_language").trim().is_empty() => {
            Ok(Redirect::to(format!("/assets/{id}/edit"))
                .flash("assets-saved")
                .into_response())
        }
        Ok(_) => Ok(Redirect::to(format!("/assets/{id}"))
            .flash("assets-saved")
            .into_response()),
        Err(error @ (AssetError::Fields(_) | AssetError::Stale)) => {
            // What was entered stays on the page. After a conflict it is based on what is there now, so that saving
            // again is a decision.
            let shown = entered.unwrap_or_else(|_| asset.details.clone());
            let stale = matches!(error, AssetError::Stale);
            let base = if stale { asset.revision } else { revision };
            let mut data = form(&app, &viewer, &asset, &unit, &shown, base).await?;
            if let (true, Some(data)) = (stale, data.as_object_mut()) {
                data.insert("theirs".into(), json!(asset.details));
            }
            Ok(app.shell.refused(&viewer, "assets/edit", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}
