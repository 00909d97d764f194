//! The files of an asset: what there is, another one put in, an earlier one put back, a consent taken as given.

use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_directory::Unit;
use chancery_web::{Access, Form, Kind, Path, Problem, Redirect, Routes, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::upload_page::{self, FORM, text};
use super::{App, actor, asset, files::send_preview, view};
use crate::AssetError;
use crate::intake::Purpose;
use crate::library::keeps;
use crate::model::{Consent, FileRole, may_edit, wanted_languages};
use crate::store::assets::Asset;
use crate::store::files::{self, File};
use crate::store::rights;
use crate::uploads::{Content, MOST_BYTES, NewUpload};

/// The width in which an earlier picture is shown.
const WIDTH: u32 = 480;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let read = Access::May(Action::AssetRead);
    let contribute = Access::May(Action::AssetContribute);
    let steward = Access::May(Action::AssetSteward);
    let most = usize::try_from(FORM).unwrap_or(usize::MAX);
    routes
        .get(read, "/assets/{id}/fragments/files", fragment)
        .upload(contribute, "/assets/{id}/files", most, put_in)
        .get(contribute, "/assets/{id}/files/{file}/preview", preview)
        .post(steward, "/assets/{id}/files/{file}/put-back", put_back)
        .post(contribute, "/assets/{id}/files/{file}/remove", remove)
        .post(contribute, "/assets/{id}/files/{file}/bring-back", bring_back)
        .post(steward, "/assets/{id}/consent", consent)
}

/// A file as the page shows it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    file: &'a File,
    /// Why it was not taken, in words.
    refused: Option<String>,
    /// Who put it in, for those who look after the asset.
    by: Option<&'a str>,
    /// Whether a picture of it can be shown.
    is_picture: bool,
    #[serde(flatten)]
    may: May,
    /// Who took it away.
    removed_by_name: Option<&'a str>,
}

/// What the viewer may do with a file.
#[derive(Debug, Serialize)]
struct May {
    /// Make it the current one again.
    can_return: bool,
    /// Take it away.
    can_remove: bool,
    /// Bring it back.
    can_bring_back: bool,
}

/// What the page says of an asset's files: the current ones, and for those who look after it the earlier ones, and what
/// may be put in beside them.
pub(super) async fn section(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    asset: &Asset,
    unit: &Unit,
    usable: bool,
) -> Result<Value, Problem> {
    let actor = actor(viewer)?;
    let keeper = keeps(actor, unit);
    let steward = actor.may(Action::AssetSteward, unit);
    let all = files::of_asset(&mut *conn, asset.id).await?;
    let editable = keeper && may_edit(steward, asset.state).is_ok();
    let hands = all.iter().map(|file| file.added_by);
    let hands = hands.chain(all.iter().filter_map(|file| file.removed_by));
    let people = chancery_directory::people(&mut *conn, hands).await?;
    let row = |file| Row {
        file,
        refused: refused(app, viewer, file),
        by: people.get(&file.added_by).filter(|_| keeper).map(String::as_str),
        is_picture: is_picture(file),
        may: May {
            can_return: steward
                && file.role != FileRole::Clean.as_str()
                && file.superseded_at.is_some()
                && file.removed_at.is_none(),
            can_remove: editable && is_removable(file),
            can_bring_back: editable && file.removed_at.is_some(),
        },
        removed_by_name: file.removed_by.and_then(|by| people.get(&by)).map(String::as_str),
    };
    let (earlier, current): (Vec<_>, Vec<_>) = all.iter().partition(|file| is_past(file, &all));
    let current = current
        .into_iter()
        .filter(|file| keeper || (file.is_open() && file.is_current()));
    let roles = FileRole::beside(asset.kind);
    let has_consent = all.iter().any(|file| file.role == "consent" && file.is_current());
    Ok(json!({
        "asset": asset.id,
        "unit": asset.unit,
        "keeper": keeper,
        "usable": usable,
        "current": current.map(row).collect::<Vec<_>>(),
        "earlier": earlier.into_iter().filter(|_| keeper).map(row).collect::<Vec<_>>(),
        "pending": keeper && all.iter().any(|file| file.state == "waiting"),
        "offers_consent": steward && has_consent && asset.details.rights.consent != Consent::Given,
        "may_add": editable,
        "roles": roles.iter().map(|role| json!({
            "value": role, "language": role.has_language(), "accept": accepts(*role),
        })).collect::<Vec<_>>(),
        "speaks": roles.iter().any(|role| role.has_language()),
        "languages": languages(app, viewer, asset, unit),
        "limits": { "bytes": MOST_BYTES, "gigabytes": MOST_BYTES / 1_000_000_000 },
    }))
}

/// Whether it may be taken away: all but what the asset consists of, once somebody has looked inside.
fn is_removable(file: &File) -> bool {
    let consists_of = file.role == FileRole::Original.as_str() && file.is_current();
    file.removed_at.is_none()
        && file.state != "waiting"
        && file.role != FileRole::Clean.as_str()
        && !consists_of
}

/// Whether a file is no longer what the asset consists of: another stands in its place, or it was not taken and
/// something newer came.
fn is_past(file: &File, all: &[File]) -> bool {
    let newer = |other: &File| {
        (&other.role, &other.language) == (&file.role, &file.language) && other.version > file.version
    };
    file.superseded_at.is_some() || (file.state == "refused" && all.iter().any(newer))
}

fn is_picture(file: &File) -> bool {
    let mime = file.media_type.as_deref().unwrap_or_default();
    file.state == "ready" && mime.starts_with("image/")
}

/// What the browser offers first in its dialogue; what a file is, the library finds out by itself.
const fn accepts(role: FileRole) -> &'static str {
    match role {
        FileRole::Captions => ".srt,.vtt",
        FileRole::Subtitled => "video/*",
        FileRole::Consent => "application/pdf,image/*,.docx",
        FileRole::Original | FileRole::Source | FileRole::Clean => "",
    }
}

/// The languages to choose from: those of the asset and its unit first, then all by name.
fn languages(app: &App, viewer: &Viewer, asset: &Asset, unit: &Unit) -> Vec<Value> {
    let near: Vec<&str> = wanted_languages(&unit.languages)
        .chain(asset.details.texts.iter().map(|text| text.language.as_str()))
        .collect();
    let mut all = app.shell.locales().languages(viewer.language);
    all.sort_by_key(|(tag, _)| near.iter().position(|one| one == tag).unwrap_or(usize::MAX));
    all.into_iter()
        .map(|(tag, name)| json!({ "tag": tag, "name": name }))
        .collect()
}

/// Why a file was not taken, in words.
pub(super) fn refused(app: &App, viewer: &Viewer, file: &File) -> Option<String> {
    let key = file.refusal.as_deref()?;
    let values = file.facts.get("arguments").unwrap_or(&Value::Null);
    Some(view::sentence(app, viewer, key, values))
}

async fn fragment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(&viewer)?;
    let (asset, unit) = app.library.open(&mut conn, actor, id).await?;
    let (own, _) = view::stand(&mut conn, &viewer, None).await?;
    let now = app.library.clock.now();
    let may = rights::may_use(&mut conn, id, own.id, None, now).await?.is_none();
    let usable = may && actor.may(Action::AssetUse, &own);
    let data = section(&app, &mut conn, &viewer, &asset, &unit, usable).await?;
    Ok(app.shell.fragment(&viewer, "assets/parts/files", &data))
}

/// A plain form: `csrf`, `role` and `language`, then the file.
async fn put_in(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    request: Request,
) -> Result<Response, Problem> {
    let mut entered = Entered::default();
    match taken(&app, &viewer, id, request, &mut entered).await {
        Ok(()) => Ok(Redirect::to(format!("/assets/{id}#files"))
            .flash("parts-received")
            .into_response()),
        Err(problem) if problem.details().kind == Kind::Invalid => {
            let mut data = asset::data(&app, &viewer, id, "").await?;
            if let Some(data) = data.as_object_mut() {
                data.insert("entered".into(), json!(entered));
            }
            Ok(app.shell.refused(&viewer, "assets/page", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

/// What the form said before its file.
#[derive(Debug, Default, Serialize)]
struct Entered {
    role: String,
    language: String,
}

async fn taken(
    app: &App,
    viewer: &Viewer,
    id: AssetId,
    request: Request,
    entered: &mut Entered,
) -> Result<(), Problem> {
    let unreadable = |_| Problem::bad_request("uploads-refused-form");
    let mut conn = app.connection().await?;
    let (_, unit) = app.library.open(&mut conn, actor(viewer)?, id).await?;
    drop(conn);
    let mut form = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|error| Problem::of(Kind::of(error.status())))?
    {
        match field.name().unwrap_or_default() {
            "role" => entered.role = text(field).await?,
            "language" => entered.language = text(field).await?,
            "files" if field.file_name().is_some_and(|name| !name.is_empty()) => {
                let role = entered.role.parse().map_err(|_| {
                    Problem::invalid("parts-refused-role").field("role", "parts-refused-role")
                })?;
                let wanted = NewUpload {
                    unit: unit.id,
                    name: upload_page::file_name(&field),
                    length: None,
                    metadata: String::new(),
                    batch: None,
                    content: Content::File,
                    purpose: Purpose::Part {
                        asset: id,
                        role,
                        language: Some(entered.language.clone()).filter(|tag| !tag.is_empty()),
                    },
                };
                return upload_page::take(app, viewer, wanted, field).await;
            }
            _ => {}
        }
    }
    Err(Problem::invalid("uploads-refused-no-file").field("files", "uploads-refused-no-file"))
}

/// A small picture of one certain file, an earlier one too, for those who look after the asset.
async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (_, unit) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let file = files::load(&mut conn, file).await?;
    drop(conn);
    if file.asset != id || !is_picture(&file) || !keeps(actor(&viewer)?, &unit) {
        return Err(Problem::not_found());
    }
    send_preview(&app, &file, WIDTH).await
}

async fn put_back(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
) -> Result<Redirect, Problem> {
    app.library.put_back(actor(&viewer)?, id, file).await?;
    Ok(Redirect::to(format!("/assets/{id}#files")).flash("parts-put-back"))
}

/// Why a file is taken away.
#[derive(Debug, Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
    Form(why): Form<Why>,
) -> Result<Response, Problem> {
    match app
        .library
        .remove_part(actor(&viewer)?, id, file, &why.reason)
        .await
    {
        Ok(()) => Ok(Redirect::to(format!("/assets/{id}#files"))
            .flash("parts-removed")
            .into_response()),
        Err(error @ AssetError::Fields(_)) => {
            let mut data = asset::data(&app, &viewer, id, "").await?;
            if let Some(data) = data.as_object_mut() {
                data.insert("removing".into(), json!({ "file": file, "reason": why.reason }));
            }
            Ok(app.shell.refused(&viewer, "assets/page", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn bring_back(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, file)): Path<(AssetId, Uuid)>,
) -> Result<Redirect, Problem> {
    app.library.bring_back_part(actor(&viewer)?, id, file).await?;
    Ok(Redirect::to(format!("/assets/{id}#files")).flash("parts-brought-back"))
}

async fn consent(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Redirect, Problem> {
    app.library.consent_given(actor(&viewer)?, id).await?;
    Ok(Redirect::to(format!("/assets/{id}")).flash("parts-consent-given"))
}
