//! A translation beside its source: paragraph by paragraph, with what changed in the source since.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::ItemId;
use chancery_directory::Unit;
use chancery_web::{Form, Json, Path, Problem, Redirect, Viewer};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{self, Fields};
use super::{App, actor, compose, view};
use crate::model::{Account, Stage, Standing, compare, has_title, limits, pairs, standing};
use crate::store::items::Item;
use crate::store::{accounts, translations};
use crate::workflow::{Saved, Translated, own_text};

/// How far each translation of an item is, for its page and the composer.
pub(super) async fn standings(
    conn: &mut PgConnection,
    item: &Item,
    accounts: &[Account],
) -> Result<Vec<Value>, sqlx::Error> {
    let foreign: Vec<_> = item
        .draft
        .variants
        .iter()
        .filter(|v| v.language != item.draft.language)
        .collect();
    if foreign.is_empty() {
        return Ok(Vec::new());
    }
    let recorded = translations::of_item(conn, item.id).await?;
    let one = |variant: &&crate::model::DraftVariant| {
        let known = recorded.iter().find(|known| known.variant == variant.id);
        let account = accounts.iter().find(|account| account.id == variant.account);
        json!({
            "variant": variant.id,
            "language": variant.language,
            "account": account.map(|account| &account.name),
            "standing": standing(&item.draft, variant, known.map(|known| &known.translation)),
            "person": known.and_then(|known| known.name.clone()),
            "at": known.map(|known| known.at),
        })
    };
    Ok(foreign.iter().map(one).collect())
}

async fn shown(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    (item, unit): (&Item, &Unit),
    variant: Uuid,
    typed: Option<(Option<String>, Vec<String>)>,
) -> Result<Value, Problem> {
    let accounts = accounts::of_unit(&mut *conn, unit.id).await?;
    let draft = &item.draft;
    let found = draft
        .variants
        .iter()
        .find(|found| found.id == variant && found.language != draft.language);
    let found = found.ok_or_else(Problem::not_found)?;
    let account = accounts.iter().find(|account| account.id == found.account);
    let recorded = translations::of_item(conn, item.id).await?;
    let recorded = recorded.into_iter().find(|known| known.variant == variant);
    let standing = standing(draft, found, recorded.as_ref().map(|known| &known.translation));
    let since = recorded
        .as_ref()
        .filter(|_| standing == Standing::Outdated)
        .map(|known| {
            json!({
                "title": compare(&known.translation.source_title, &draft.title),
                "body": compare(&known.translation.source_body, &draft.body),
            })
        });
    let (title, body) = own_text(found);
    let rows = match typed {
        Some((_, paragraphs)) => pairs(&draft.body, &paragraphs.join("\n\n")),
        None => pairs(&draft.body, &body),
    };
    let rows: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(number, pair)| json!({ "number": number + 1, "source": pair.source, "translation": pair.translation }))
        .collect();
    let me = viewer.principal()?;
    let writes = me.decide(Action::ItemWrite, unit.place()).is_allowed() && item.state.is_open();
    let own = recorded.as_ref().is_some_and(|known| known.person == me.person);
    let limits = account.map(limits);
    Ok(json!({
        "item": view::item(item, unit, app.workflow.clock.now()),
        "source": { "title": draft.title, "language": draft.language },
        "variant": {
            "id": variant, "language": found.language, "account": account.map(|account| &account.name),
            "has_title": account.is_some_and(|account| has_title(account.platform)),
            "title": title, "seen_title": title, "seen_body": body,
            "max_graphemes": limits.and_then(|limits| limits.characters),
            "meter": account.map(|account| crate::model::meter(&body, account)),
        },
        "rows": rows, "standing": standing, "since": since, "writes": writes,
        "passes": item.state.is_open() && standing == Standing::Translated && !own,
        "person": recorded.as_ref().and_then(|known| known.name.clone()),
        "at": recorded.as_ref().map(|known| known.at),
    }))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, variant)): Path<(ItemId, Uuid)>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
    let data = shown(&app, &mut conn, &viewer, (&item, &unit), variant, None).await?;
    Ok(app.shell.page(&viewer, "calendar/items/translate", &data))
}

/// The form: `version`, `seen_title` and `seen_body` (what it began with), `title`, and a `p` for each paragraph.
fn read(fields: &Fields, variant: Uuid, stage: Stage) -> Result<Translated, Problem> {
    let text = |name: &str| {
        form::first(fields, name)
            .unwrap_or_default()
            .replace("\r\n", "\n")
    };
    Ok(Translated {
        variant,
        base: form::version(fields)?,
        seen: (text("seen_title"), text("seen_body")),
        title: form::first(fields, "title").map(str::to_owned),
        paragraphs: fields
            .iter()
            .filter(|(name, _)| name == "p")
            .map(|(_, text)| text.replace("\r\n", "\n"))
            .collect(),
        stage,
    })
}

/// The contract of `autosave.ts`.
pub(super) async fn autosave(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, variant)): Path<(ItemId, Uuid)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let what = read(&fields, variant, Stage::InWork)?;
    match app.workflow.translate(actor(&viewer)?, id, what).await? {
        Saved::Now { revision } | Saved::Unchanged { revision } => {
            let mut conn = app.connection().await?;
            let (item, _) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
            let found = item.draft.variants.iter().find(|found| found.id == variant);
            let (title, body) = found.map(own_text).unwrap_or_default();
            // The next save is based on what stands there now.
            let fields = json!({ "seen_title": title, "seen_body": body });
            let saved_at = app.workflow.clock.now();
            Ok(Json(json!({ "version": revision, "saved_at": saved_at, "fields": fields })).into_response())
        }
        Saved::Kept(kept) => compose::kept_answer(&app, &viewer, id, &kept).await,
    }
}

pub(super) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, variant)): Path<(ItemId, Uuid)>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let here = format!("/items/{id}/translate/{variant}");
    let stage = if form::first(&fields, "do") == Some("translated") {
        Stage::Translated
    } else {
        Stage::InWork
    };
    let what = read(&fields, variant, stage)?;
    match app.workflow.translate(actor(&viewer)?, id, what.clone()).await {
        Ok(Saved::Kept(_)) => Ok(Redirect::to(format!("/items/{id}/edit#copy"))
            .flash("items-kept")
            .into_response()),
        Ok(_) if stage == Stage::Translated => {
            Ok(Redirect::to(here).flash("translation-done").into_response())
        }
        Ok(_) => Ok(Redirect::to(here).flash("items-saved").into_response()),
        Err(error) => {
            let problem: Problem = error.into();
            if !problem.has_fields() {
                return Err(problem);
            }
            let mut conn = app.connection().await?;
            let (item, unit) = app.workflow.open(&mut conn, actor(&viewer)?, id).await?;
            let typed = Some((what.title, what.paragraphs));
            let data = shown(&app, &mut conn, &viewer, (&item, &unit), variant, typed).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/items/translate", &data, &problem))
        }
    }
}

pub(super) async fn pass(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, variant)): Path<(ItemId, Uuid)>,
) -> Result<Redirect, Problem> {
    app.workflow
        .pass_translation(actor(&viewer)?, id, variant)
        .await?;
    Ok(Redirect::to(format!("/items/{id}/translate/{variant}")).flash("translation-passed"))
}
