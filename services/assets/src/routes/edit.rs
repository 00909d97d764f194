//! The form of an asset.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_clock::Tz;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_web::{Form, Locales, Path, Problem, Query, Redirect, Viewer};
use chrono::NaiveDateTime;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{App, actor, view};
use crate::AssetError;
use crate::library::keeps;
use crate::model::{Details, Refused, Rights, Text, language_tag, wanted_languages};
use crate::store::assets::Asset;

/// What the form shows beyond what is there.
#[derive(Debug, Deserialize)]
pub(super) struct More {
    /// A language in which nothing is said yet.
    #[serde(default)]
    language: String,
}

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
    fn wall(&self, name: &str, refused: &mut Refused) -> Option<NaiveDateTime> {
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

    /// The language that is to be added, by its tag; one that nobody knows is named in `refused`.
    fn new_language(&self, locales: &Locales, refused: &mut Refused) -> Option<String> {
        let meant = self.one("new_language");
        if meant.trim().is_empty() {
            return None;
        }
        let tag = locales.language_meant(&meant).or_else(|| language_tag(&meant));
        if tag.is_none() {
            refused.push(("new_language".to_owned(), "assets-language-unknown"));
        }
        tag
    }

    /// What is written in the form, and what of it is refused; rights stay as they are for who may not set them.
    fn details(&self, locales: &Locales, before: &Details, steward: bool) -> (Details, Refused) {
        let mut refused = Refused::new();
        self.new_language(locales, &mut refused);
        let tags = self.all("tag");
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
            self.rights(locales, &before.rights, &mut refused)
        } else {
            before.rights.clone()
        };
        let details = Details {
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
        };
        (details, refused)
    }

    fn rights(&self, locales: &Locales, before: &Rights, refused: &mut Refused) -> Rights {
        let zone: Tz = self.one("rights_zone").parse().unwrap_or(before.zone);
        let mut territory = self.all("territory");
        let added = self.one("territory_add");
        for country in added
            .split([',', ';'])
            .filter(|country| !country.trim().is_empty())
        {
            match locales.country_meant(country) {
                Some(code) => territory.push(code),
                None => refused.push(("territory".to_owned(), "assets-country-unknown")),
            }
        }
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
    added: Option<&str>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let choices = view::choices(&mut conn, details).await?;
    drop(conn);
    let mut texts = details.texts.clone();
    for tag in wanted_languages(&unit.languages).chain(added) {
        if texts.iter().all(|text| text.language != tag) {
            texts.push(Text {
                language: tag.to_owned(),
                ..Text::default()
            });
        }
    }
    let wall = |wall: Option<NaiveDateTime>| wall.map(|wall| wall.format("%Y-%m-%dT%H:%M").to_string());
    let rights = &details.rights;
    let locales = app.shell.locales();
    let languages = locales.languages(viewer.language).into_iter();
    Ok(json!({
        "asset": super::asset::shown(asset, unit, app.library.clock.now()),
        "revision": revision,
        "details": details,
        "texts": texts,
        "choices": choices,
        "countries": view::countries(app, viewer, details.country.as_deref()),
        "languages": languages.map(|(_, name)| name).collect::<Vec<_>>(),
        "territory": rights.territory,
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
    Query(more): Query<More>,
) -> Result<Response, Problem> {
    let (asset, unit) = kept(&app, &viewer, id).await?;
    let (details, added) = (&asset.details, language_tag(&more.language));
    let data = form(
        &app,
        &viewer,
        &asset,
        &unit,
        details,
        asset.revision,
        added.as_deref(),
    )
    .await?;
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
    let locales = app.shell.locales();
    let (entered, refused) = fields.details(locales, &asset.details, steward);
    let saved = if refused.is_empty() {
        app.library
            .save(actor(&viewer)?, id, revision, entered.clone())
            .await
    } else {
        Err(AssetError::Fields(refused))
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
        Ok(_) if let Some(tag) = fields.new_language(locales, &mut Refused::new()) => Ok(Redirect::to(
            format!("/assets/{id}/edit?language={tag}#text-{tag}"),
        )
        .flash("assets-saved")
        .into_response()),
        Ok(_) => Ok(Redirect::to(format!("/assets/{id}"))
            .flash("assets-saved")
            .into_response()),
        Err(error @ (AssetError::Fields(_) | AssetError::Stale)) => {
            // What was entered stays on the page. After a conflict it is based on what is there now, so that saving
            // again is a decision.
            let stale = matches!(error, AssetError::Stale);
            let base = if stale { asset.revision } else { revision };
            let mut data = form(&app, &viewer, &asset, &unit, &entered, base, None).await?;
            if let Some(data) = data.as_object_mut() {
                for name in ["new_language", "territory_add"] {
                    data.insert(name.into(), json!(fields.one(name)));
                }
                if stale {
                    data.insert("theirs".into(), json!(asset.details));
                }
            }
            Ok(app.shell.refused(&viewer, "assets/edit", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}
