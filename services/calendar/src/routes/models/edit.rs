//! Writing a model: one form, saved whole by each of its buttons.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::Topic;
use chancery_contracts::ids::{CampaignId, ModelId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde_json::{Value, json};

use super::{facts, form, missing, place};
use crate::error::CalendarError;
use crate::model::models::{Content, ModelState};
use crate::model::{ClockChoice, Kind, Scope};
use crate::routes::form::{Fields, first, version};
use crate::routes::{App, actor};
use crate::store::campaigns;
use crate::store::models::Model;

/// Empty rows for further passages.
const SPARE: usize = 2;

pub(super) async fn create(State(app): State<App>, viewer: Viewer) -> Result<Redirect, Problem> {
    let id = app.workflow.create_model(actor(&viewer)?).await?;
    Ok(Redirect::to(format!("/models/{id}/edit")))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (model, _) = app
        .workflow
        .open_model(&mut conn, actor(&viewer)?, id, Action::ModelWrite)
        .await?;
    drop(conn);
    if model.state == ModelState::Withdrawn {
        return Ok(Redirect::to(place(id)).into_response());
    }
    let data = data(&app, &viewer, &model, &model.content, model.campaign).await?;
    Ok(app.shell.page(&viewer, "calendar/models/edit", &data))
}

async fn data(
    app: &App,
    viewer: &Viewer,
    model: &Model,
    content: &Content,
    campaign: Option<CampaignId>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let unit = chancery_directory::unit(&mut conn, model.unit).await?;
    let choice = |list: Vec<campaigns::Choice>, value: &str| -> Vec<Value> {
        list.into_iter()
            .map(|c| json!({ "chosen": c.value == value, "value": c.value, "names": c.names }))
            .collect()
    };
    let option = |key: &str, word: &str, chosen: &str| json!({ "value": word, "key": format!("{key}-{word}"), "chosen": word == chosen });
    let programme = content.programme.map(|id| id.to_string()).unwrap_or_default();
    let campaign = campaign.map(|id| id.to_string()).unwrap_or_default();
    let campaigns = campaigns::open_for(&mut conn, &unit.path, viewer.principal()?.today).await?;
    let languages = content.languages();
    let known = app.shell.locales().languages(viewer.language);
    let addable: Vec<_> = known
        .iter()
        .filter(|(tag, _)| !languages.contains(&tag.as_str()))
        .map(|(tag, name)| json!({ "tag": tag, "name": name }))
        .collect();
    let passage = |language: &str, text: &str, source: &str| {
        let of = |tag: &&str| json!({ "tag": tag, "chosen": *tag == language });
        json!({ "text": text, "source": source, "languages": languages.iter().map(of).collect::<Vec<_>>() })
    };
    let spare = languages.first().copied().unwrap_or("vi");
    let passages = content
        .passages
        .iter()
        .map(|p| passage(&p.language, &p.text, &p.source));
    let passages: Vec<_> = passages
        .chain((0..SPARE).map(|_| passage(spare, "", "")))
        .collect();
    let minute = |at: Option<chrono::NaiveDateTime>| at.map(|at| at.format("%Y-%m-%dT%H:%M").to_string());
    Ok(json!({
        "model": facts(model),
        "content": content,
        "wall": minute(content.wall),
        "answer_by": minute(content.answer_by),
        "kinds": Kind::ALL.iter().map(|k| option("item-kind", k.as_str(), content.kind.as_str())).collect::<Vec<_>>(),
        "topics": Topic::ALL.iter().map(|t| option("topic", t.as_str(), content.topic.as_str())).collect::<Vec<_>>(),
        "scopes": Scope::ALL.iter().map(|s| option("item-scope", s.as_str(), content.scope.as_str())).collect::<Vec<_>>(),
        "clocks": ClockChoice::ALL.iter().map(|c| option("models-clock", c.as_str(), content.clock.as_str())).collect::<Vec<_>>(),
        "audiences": choice(campaigns::audiences(&mut conn).await?, &content.audience),
        "programmes": choice(campaigns::programmes(&mut conn).await?, &programme),
        "campaigns": choice(campaigns, &campaign),
        "variations": variations(content),
        "several": content.variations.len() > 1,
        "addable": addable,
        "passages": passages,
        "unit": unit.id,
        "missing": missing(app, viewer, &content.clone().cleaned()),
    }))
}

/// The variations with the numbers that people see.
fn variations(content: &Content) -> Vec<Value> {
    let number = |(place, texts): (usize, &Vec<_>)| json!({ "number": place + 1, "place": place, "texts": texts, "removable": place > 0 });
    content.variations.iter().enumerate().map(number).collect()
}

pub(super) async fn save(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (model, _) = app
        .workflow
        .open_model(&mut conn, actor(&viewer)?, id, Action::ModelWrite)
        .await?;
    drop(conn);
    let base = version(&fields)?;
    let (content, campaign) = form::content(&fields, &model.content)?;
    let saved = app
        .workflow
        .save_model(actor(&viewer)?, id, base, content.clone(), campaign)
        .await;
    let problem = match saved {
        Ok(_) => {
            let what = first(&fields, "do").unwrap_or_default();
            let to = match what {
                "done" => place(id),
                what if what.contains("language") || what.contains("variation") => {
                    format!("/models/{id}/edit#model-texts")
                }
                what if what.contains("asset") => format!("/models/{id}/edit#pictures"),
                _ => format!("/models/{id}/edit"),
            };
            return Ok(Redirect::to(to).flash("models-saved").into_response());
        }
        // What was typed stays on the page, on top of the present revision: saving again is a decision.
        Err(CalendarError::Stale) => {
            Problem::conflict("models-stale").field("title", "models-changed-meanwhile")
        }
        Err(error) => Problem::from(error),
    };
    if !problem.has_fields() {
        return Err(problem);
    }
    let data = data(&app, &viewer, &model, &content, campaign).await?;
    Ok(app
        .shell
        .refused(&viewer, "calendar/models/edit", &data, &problem))
}
