//! The composer: one form that saves itself, with what is missing and what it will look like beside it.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::ItemId;
use chancery_web::{Form, Json, Path, Problem, Query, Redirect, Require, Viewer};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::form::{self, Fields};
use super::{App, actor, view};
use crate::error::CalendarError;
use crate::model::{Account, Appointment, ClockChoice, Draft, DraftVariant, Finding, State as ItemState, has_title, meter};
use crate::store::items::Item;
use crate::store::published::{self, Unit};
use crate::store::{campaigns, editing};
use crate::workflow::{Kept, Saved};

/// Languages whose names the interface knows; others are shown by their tag.
const LANGUAGES: [&str; 17] =
    ["vi", "en", "fr", "lo", "km", "zh", "ja", "ko", "de", "ru", "es", "pt", "it", "th", "id", "ar", "hi"];

/// An item that the viewer may write in, with its unit and the accounts of that.
async fn opened(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    id: ItemId,
) -> Result<(Item, Unit, Vec<Account>), Problem> {
    let (item, unit) = app.workflow.open(&mut *conn, actor(viewer)?, id).await?;
    viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    let accounts = published::accounts(conn, unit.id).await?;
    Ok((item, unit, accounts))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    if !item.state.is_open() {
        // Writing would void an approval; the item's page has the button that says so.
        return Ok(Redirect::to(format!("/items/{id}")).flash("items-frozen").into_response());
    }
    let data = editor(&app, &mut conn, &viewer, &item, &unit, &accounts).await?;
    Ok(app.shell.page(&viewer, "calendar/items/edit", &data))
}

/// Everything that the composer shows, for what is written in `item`.
async fn editor(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    accounts: &[Account],
) -> Result<Value, Problem> {
    let me = viewer.principal()?.person;
    let now = app.workflow.clock.now();
    let editors = editing::appear(&mut *conn, item.id, me, now).await?;
    let copy = editing::copy_of(&mut *conn, item.id, me).await?;
    let audiences = campaigns::audiences(&mut *conn).await?;
    let programmes = campaigns::programmes(&mut *conn).await?;
    let open_campaigns = campaigns::open_for(&mut *conn, &unit.path, viewer.principal()?.today).await?;
    let draft = &item.draft;
    let chosen = |choices: Vec<campaigns::Choice>, value: &str| -> Vec<Value> {
        let option = |c: campaigns::Choice| json!({ "chosen": c.value == value, "value": c.value, "names": c.names });
        choices.into_iter().map(option).collect()
    };
    let programme = draft.programme.map(|id| id.to_string()).unwrap_or_default();
    let campaign = draft.campaign.map(|id| id.to_string()).unwrap_or_default();
    let time = item.appointment.map(|time| view::time(time, unit, now));
    let mut data = json!({
        "item": view::item(item, unit, now),
        "draft": draft,
        "wall": draft.wall.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()),
        "choices": view::choices(draft),
        "languages": languages(accounts, unit, &draft.language),
        "audiences": chosen(audiences, &draft.audience),
        "programmes": chosen(programmes, &programme),
        "campaigns": chosen(open_campaigns, &campaign),
        "variants": draft.variants.iter().map(|variant| channel(draft, variant, accounts)).collect::<Vec<_>>(),
        "addable": addable(draft, accounts),
        "images": pictures(item),
        "limits": { "title": crate::model::MAX_TITLE, "megabytes": app.workflow.images.limits().max_bytes / 1_000_000 },
        "time": time,
        "editors": editors,
        "copy": copy.map(|copy| json!({
            "saved_at": copy.saved_at, "title": copy.draft.title, "body": copy.draft.body,
            "variants": copy.draft.variants.iter().filter_map(|v| v.body.clone()).collect::<Vec<_>>(),
        })),
        "previews": view::drafted(item, accounts),
        "approver": viewer.can(Action::ItemApprove) || viewer.can(Action::ItemApproveHeadquarters),
    });
    if let (Some(data), Value::Object(list)) =
        (data.as_object_mut(), checked(app, conn, viewer, item, unit, accounts).await?)
    {
        data.extend(list);
    }
    Ok(data)
}

/// The checklist: what blocks, what is worth knowing, who will be asked.
async fn checked(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    accounts: &[Account],
) -> Result<Value, Problem> {
    let (findings, chain) = app.workflow.findings(conn, item, unit, accounts, actor(viewer)?).await?;
    let blocking = findings.iter().filter(|finding| finding.blocking).count();
    let shown: Vec<_> = findings.iter().map(|finding| view::finding(finding, &sentence(app, viewer, finding))).collect();
    Ok(json!({ "findings": shown, "blocking": blocking, "chain": chain }))
}

fn sentence(app: &App, viewer: &Viewer, finding: &Finding) -> String {
    let named = |(name, value): (&&'static str, &String)| {
        let value = if *name == "language" { language_name(app, viewer, value) } else { value.clone() };
        ((*name).into(), value.into())
    };
    let args = finding.arguments.iter().map(named).collect();
    app.shell.message(viewer.language, &finding.key(), &args)
}

fn language_name(app: &App, viewer: &Viewer, tag: &str) -> String {
    if LANGUAGES.contains(&tag) {
        app.shell.message(viewer.language, &format!("item-language-{tag}"), &chancery_web::Args::new())
    } else {
        tag.to_owned()
    }
}

fn language(tag: &str, chosen: bool) -> Value {
    let key = LANGUAGES.contains(&tag).then(|| format!("item-language-{tag}"));
    json!({ "value": tag, "key": key, "chosen": chosen })
}

fn languages(accounts: &[Account], unit: &Unit, chosen: &str) -> Vec<Value> {
    let mut tags: Vec<&str> = accounts.iter().flat_map(|account| &account.languages).map(String::as_str).collect();
    tags.extend(unit.languages.iter().map(String::as_str));
    tags.extend(["vi", "en", chosen]);
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(*tag));
    tags.into_iter().map(|tag| language(tag, tag == chosen)).collect()
}

fn channel(draft: &Draft, variant: &DraftVariant, accounts: &[Account]) -> Value {
    let account = accounts.iter().find(|account| account.id == variant.account);
    // Another language cannot follow the main text.
    let translated = variant.language != draft.language;
    json!({
        "id": variant.id,
        "account": variant.account,
        "name": account.map(|account| &account.name),
        "handle": account.map(|account| &account.handle),
        "platform": account.map(|account| account.platform),
        "language": language(&variant.language, true),
        "has_title": account.is_some_and(|account| has_title(account.platform)),
        "translated": translated,
        "own": translated || variant.body.is_some(),
        "title": if translated { variant.title.as_deref().unwrap_or_default() } else { draft.title_of(variant) },
        "body": if translated { variant.body.as_deref().unwrap_or_default() } else { draft.body_of(variant) },
        "images": variant.images,
        "max_graphemes": account.and_then(|account| account.max_graphemes),
        "max_bytes": account.and_then(|account| account.max_bytes),
        "meter": account.map(|account| meter(draft.body_of(variant), account)),
    })
}

/// Every account and language that the item does not have yet.
fn addable(draft: &Draft, accounts: &[Account]) -> Vec<Value> {
    let used = |account: &Account, tag: &str| draft.variants.iter().any(|v| v.account == account.id && v.language == tag);
    let mut found = Vec::new();
    for account in accounts.iter().filter(|account| account.state != "disabled") {
        let own = std::slice::from_ref(&draft.language);
        let tags = if account.languages.is_empty() { own } else { &account.languages };
        for tag in tags.iter().filter(|tag| !used(account, tag)) {
            found.push(json!({
                "value": format!("add:{}:{tag}", account.id), "name": account.name, "platform": account.platform,
                "language": language(tag, false),
            }));
        }
    }
    found
}

pub(super) fn pictures(item: &Item) -> Vec<Value> {
    let languages = item.draft.alt_languages();
    let one = |(number, image): (usize, &crate::model::Image)| {
        let alts: Vec<_> = languages
            .iter()
            .map(|tag| json!({ "language": language(tag, false), "text": item.draft.alt(image.id, tag) }))
            .collect();
        json!({ "id": image.id, "number": number + 1, "width": image.width, "height": image.height, "alts": alts })
    };
    item.images.iter().enumerate().map(one).collect()
}

/// The contract of `autosave.ts`: 200 with the new version, or 409 with whose it is now.
pub(super) async fn autosave(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let base = form::version(&fields)?;
    match save_fields(&app, &viewer, id, base, &fields).await? {
        Saved::Now { revision } | Saved::Unchanged { revision } => {
            let saved_at = app.workflow.clock.now();
            Ok(Json(json!({ "version": revision, "saved_at": saved_at })).into_response())
        }
        Saved::Kept(kept) => {
            let mut conn = app.connection().await?;
            let present = crate::store::items::load(&mut conn, id, crate::store::items::Lock::None).await?;
            let detail = kept_sentence(&app, &mut conn, &viewer, &kept).await?;
            // Only an open item takes "save mine": the version invites to it.
            let arguments = if kept.state.is_open() { json!({ "version": present.revision }) } else { json!({}) };
            let body = json!({
                "type": "urn:chancery:problem:items-kept", "status": 409, "detail": detail, "arguments": arguments,
            });
            let headers = [(http::header::CONTENT_TYPE, "application/problem+json")];
            Ok((StatusCode::CONFLICT, headers, body.to_string()).into_response())
        }
    }
}

async fn save_fields(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    base: i64,
    fields: &Fields,
) -> Result<Saved, Problem> {
    let mut conn = app.connection().await?;
    let (item, ..) = opened(app, &mut conn, viewer, id).await?;
    drop(conn);
    let mut draft = form::draft(fields, &item.draft)?;
    apply(app, form::first(fields, "do").unwrap_or_default(), &mut draft);
    Ok(app.workflow.save(actor(viewer)?, id, base, draft).await?)
}

/// What a button of the form asks for besides saving: a channel more or less, or the public scope.
fn apply(app: &App, what: &str, draft: &mut Draft) {
    match what.split_once(':') {
        Some(("add", place)) => {
            let Some((account, language)) = place.split_once(':') else { return };
            let Ok(account) = account.parse() else { return };
            draft.variants.push(DraftVariant {
                id: app.workflow.clock.new_id(),
                account,
                language: language.to_owned(),
                title: None,
                body: None,
                images: true,
            });
        }
        Some(("remove", id)) => draft.variants.retain(|variant| variant.id.to_string() != id),
        Some(("scope", "public")) => draft.scope = crate::model::Scope::Public,
        _ => {}
    }
}

async fn kept_sentence(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    kept: &Kept,
) -> Result<String, Problem> {
    let names = published::people(conn, [kept.by]).await?;
    let name = names.get(&kept.by).cloned().unwrap_or_default();
    let key = if kept.state.is_open() { "items-kept-changed" } else { "items-kept-frozen" };
    let args = [("person".into(), name.into()), ("state".into(), kept.state.as_str().into())];
    Ok(app.shell.message(viewer.language, key, &args.into()))
}

/// The whole form, by one of its buttons: saves first, whatever else was asked.
pub(super) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let base = form::version(&fields)?;
    let edit = format!("/items/{id}/edit");
    let what = form::first(&fields, "do").unwrap_or_default();
    let revision = match save_fields(&app, &viewer, id, base, &fields).await {
        Ok(Saved::Now { revision } | Saved::Unchanged { revision }) => revision,
        Ok(Saved::Kept(kept)) if kept.state.is_open() => {
            return Ok(Redirect::to(format!("{edit}#copy")).flash("items-kept").into_response());
        }
        Ok(Saved::Kept(_)) => return Ok(Redirect::to(format!("/items/{id}")).flash("items-kept").into_response()),
        Err(problem) if problem.has_fields() => return refused(&app, &viewer, id, &fields, &problem).await,
        Err(problem) => return Err(problem),
    };
    if what != "submit" {
        let place = if what.starts_with("add:") || what.starts_with("remove:") { "#channels" } else { "" };
        return Ok(Redirect::to(format!("{edit}{place}")).flash("items-saved").into_response());
    }
    let message = form::first(&fields, "message").unwrap_or_default();
    match app.workflow.submit(actor(&viewer)?, id, revision, message).await {
        Ok(()) => {
            let mut conn = app.connection().await?;
            editing::leave(&mut conn, id, viewer.principal()?.person).await?;
            Ok(Redirect::to(format!("/items/{id}")).flash("items-submitted").into_response())
        }
        Err(CalendarError::Blocked(findings)) => {
            let count = findings.len();
            Ok(Redirect::to(format!("{edit}#checklist")).flash("items-not-submitted").arg("count", count).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The form as it was sent, with what is wrong in it: nothing was saved, and nothing is lost.
async fn refused(
    app: &App,
    viewer: &Viewer,
    id: ItemId,
    fields: &Fields,
    problem: &Problem,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (mut item, unit, accounts) = opened(app, &mut conn, viewer, id).await?;
    item.draft = form::draft(fields, &item.draft).unwrap_or(item.draft);
    let data = editor(app, &mut conn, viewer, &item, &unit, &accounts).await?;
    Ok(app.shell.refused(viewer, "calendar/items/edit", &data, problem))
}

pub(super) async fn checklist(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    let mut data = checked(&app, &mut conn, &viewer, &item, &unit, &accounts).await?;
    if let Some(data) = data.as_object_mut() {
        data.insert("item".to_owned(), view::item(&item, &unit, app.workflow.clock.now()));
    }
    Ok(app.shell.fragment(&viewer, "calendar/items/checklist", &data))
}

pub(super) async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, _, accounts) = opened(&app, &mut conn, &viewer, id).await?;
    let data = json!({ "previews": view::drafted(&item, &accounts) });
    Ok(app.shell.fragment(&viewer, "calendar/items/previews", &data))
}

/// A sign of life from an open editor; says who else has one.
pub(super) async fn presence(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, ..) = opened(&app, &mut conn, &viewer, id).await?;
    let editors = if item.state.is_open() {
        editing::appear(&mut conn, id, viewer.principal()?.person, app.workflow.clock.now()).await?
    } else {
        Vec::new()
    };
    let data = json!({ "editors": editors, "frozen": !item.state.is_open(), "item": { "id": id } });
    Ok(app.shell.fragment(&viewer, "calendar/items/presence", &data))
}

/// A time that is being chosen.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    wall: String,
    #[serde(default)]
    clock: String,
}

/// What a chosen time means on both clocks.
pub(super) async fn time(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit, _) = opened(&app, &mut conn, &viewer, id).await?;
    let clock = chosen.clock.parse().unwrap_or(ClockChoice::Host);
    let time = form::wall(&chosen.wall)?.map(|at| {
        let window = item.draft.window_minutes;
        view::time(Appointment::new(at, clock, unit.zone, unit.headquarters, window), &unit, app.workflow.clock.now())
    });
    Ok(app.shell.fragment(&viewer, "calendar/items/time", &json!({ "time": time })))
}

pub(super) async fn take_copy(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Redirect, Problem> {
    app.workflow.take_copy(actor(&viewer)?, id).await?;
    Ok(Redirect::to(format!("/items/{id}/edit")).flash("items-copy-taken"))
}

pub(super) async fn discard_copy(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
) -> Result<Redirect, Problem> {
    app.workflow.discard_copy(actor(&viewer)?, id).await?;
    let mut conn = app.connection().await?;
    let (item, ..) = opened(&app, &mut conn, &viewer, id).await?;
    let to = if matches!(item.state, ItemState::Draft | ItemState::ChangesRequested) { "/edit" } else { "" };
    Ok(Redirect::to(format!("/items/{id}{to}")).flash("items-copy-discarded"))
}
