//! Templates of texts that recur: a list, a form with a preview, and making an item from one.

mod api;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::Topic;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Form, Path, Problem, Redirect, Routes, Viewer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{Fields, first, version};
use super::{App, actor};
use crate::error::CalendarError;
use crate::model::Kind;
use crate::model::templates::{Fault, Field, FieldKind, Template, Values};
use crate::store::templates::{self, Kept};

/// Empty rows for further fields.
const SPARE: usize = 3;

pub(super) fn add(routes: Routes<App>) -> Routes<App> {
    let write = Access::May(Action::ItemWrite);
    let routes = routes
        .get(write, "/templates", list)
        .get(write, "/templates/new", new)
        .post(write, "/templates", create)
        .post(write, "/templates/fragments/preview", preview)
        .get(write, "/templates/{id}/edit", edit)
        .post(write, "/templates/{id}/edit", change)
        .get(write, "/templates/{id}", fill)
        .post(write, "/templates/{id}", make);
    api::add(routes)
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let rows = templates::list(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    Ok(app
        .shell
        .page(&viewer, "calendar/templates/list", &json!({ "rows": rows })))
}

/// A template as its form has it: `f.N.name`, `f.N.kind`, …
fn entered(fields: &Fields) -> Result<Template, Problem> {
    let text = |name: &str| first(fields, name).unwrap_or_default().to_owned();
    let unexpected =
        |name: &'static str| Problem::invalid("templates-refused").field(name, "items-value-unknown");
    let rows = fields.iter().filter_map(|(name, value)| {
        let number = name.strip_prefix("f.")?.strip_suffix(".name")?;
        let of = |part: &str| {
            first(fields, &format!("f.{number}.{part}"))
                .unwrap_or_default()
                .trim()
                .to_owned()
        };
        let name = value.trim().to_owned();
        let field = Field {
            name,
            kind: of("kind").parse().unwrap_or(FieldKind::Text),
            vi: of("vi"),
            en: of("en"),
            required: !of("required").is_empty(),
        };
        Some(field).filter(|field| !field.name.is_empty() || !field.vi.is_empty() || !field.en.is_empty())
    });
    Ok(Template {
        name: text("name"),
        kind: text("kind").parse().map_err(|_| unexpected("kind"))?,
        topic: text("topic").parse().map_err(|_| unexpected("topic"))?,
        language: text("language"),
        title: text("title"),
        body: text("body"),
        fields: rows.collect(),
    })
}

fn empty() -> Template {
    Template {
        name: String::new(),
        kind: Kind::Greeting,
        topic: Topic::General,
        language: "vi".into(),
        title: String::new(),
        body: String::new(),
        fields: Vec::new(),
    }
}

async fn form_data(
    app: &App,
    viewer: &Viewer,
    template: &Template,
    (id, unit, revision): (Option<Uuid>, &str, i64),
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let units: Vec<_> = units
        .iter()
        .map(|u| json!({ "id": u.id, "names": u.names, "chosen": u.id.to_string() == unit }))
        .collect();
    let option = |prefix: &str, word: &str, chosen: &str| json!({ "value": word, "key": format!("{prefix}-{word}"), "chosen": word == chosen });
    let spare = (0..SPARE).map(|_| Field {
        name: String::new(),
        kind: FieldKind::Text,
        vi: String::new(),
        en: String::new(),
        required: false,
    });
    let rows: Vec<_> = template
        .fields
        .iter()
        .cloned()
        .chain(spare)
        .map(|field| {
            let kinds: Vec<_> = FieldKind::ALL
                .iter()
                .map(|k| option("templates-field", k.as_str(), field.kind.as_str()))
                .collect();
            json!({ "field": field, "kinds": kinds })
        })
        .collect();
    let known = app.shell.locales().languages(viewer.language);
    let languages: Vec<_> = known
        .iter()
        .map(|(tag, name)| json!({ "tag": tag, "name": name, "chosen": *tag == template.language }))
        .collect();
    Ok(json!({
        "id": id,
        "unit": unit,
        "revision": revision,
        "template": template,
        "units": units,
        "kinds": Kind::ALL.iter().map(|k| option("item-kind", k.as_str(), template.kind.as_str())).collect::<Vec<_>>(),
        "topics": Topic::ALL.iter().map(|t| option("topic", t.as_str(), template.topic.as_str())).collect::<Vec<_>>(),
        "languages": languages,
        "rows": rows,
        "sample": sample(app, viewer, template),
    }))
}

/// The template with its fields' names in their places, or what is wrong with it.
fn sample(app: &App, viewer: &Viewer, template: &Template) -> Value {
    match template.sample(viewer.language.tag()) {
        Ok((title, body)) => json!({ "headline": title, "body": body, "language": template.language }),
        Err(faults) => {
            json!({ "faults": faults.iter().map(|fault| said(app, viewer, fault)).collect::<Vec<_>>() })
        }
    }
}

fn said(app: &App, viewer: &Viewer, fault: &Fault) -> String {
    let args = [("name".into(), fault.name().into())];
    app.shell.message(viewer.language, fault.key(), &args.into())
}

async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let template = entered(&fields)?;
    let data = json!({ "sample": sample(&app, &viewer, &template) });
    Ok(app.shell.fragment(&viewer, "calendar/templates/sample", &data))
}

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let data = form_data(&app, &viewer, &empty(), (None, "", 0)).await?;
    Ok(app.shell.page(&viewer, "calendar/templates/edit", &data))
}

async fn edit(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = templates::load(&mut conn, id).await?;
    drop(conn);
    let data = form_data(
        &app,
        &viewer,
        &kept.template,
        (Some(id), &kept.unit.to_string(), kept.revision),
    )
    .await?;
    Ok(app.shell.page(&viewer, "calendar/templates/edit", &data))
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let template = entered(&fields)?;
    let unit = first(&fields, "unit").unwrap_or_default();
    let done = async {
        let unit: UnitId = unit
            .parse()
            .map_err(|_| Problem::invalid("templates-refused").field("unit", "items-unit-missing"))?;
        app.workflow
            .create_template(actor(&viewer)?, unit, template.clone())
            .await
            .map_err(Problem::from)
    };
    answer(&app, &viewer, &template, (None, unit, 0), done.await.map(|_| ())).await
}

async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let template = entered(&fields)?;
    let (unit, base) = (first(&fields, "unit").unwrap_or_default(), version(&fields)?);
    let retired = first(&fields, "do") == Some("retire");
    let done = match app
        .workflow
        .change_template(actor(&viewer)?, id, base, template.clone(), retired)
        .await
    {
        Err(CalendarError::Stale) => {
            Err(Problem::conflict("templates-stale").field("name", "models-changed-meanwhile"))
        }
        done => done.map_err(Problem::from),
    };
    answer(&app, &viewer, &template, (Some(id), unit, base), done).await
}

/// To the list, or the form again as it was filled in.
async fn answer(
    app: &App,
    viewer: &Viewer,
    template: &Template,
    place: (Option<Uuid>, &str, i64),
    done: Result<(), Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(()) => Ok(Redirect::to("/templates")
            .flash("templates-saved")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = form_data(app, viewer, template, place).await?;
            Ok(app
                .shell
                .refused(viewer, "calendar/templates/edit", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

/// The form of a template's fields, with what was filled in.
async fn fill_data(
    app: &App,
    viewer: &Viewer,
    kept: &Kept,
    unit: &str,
    values: &Values,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let mine =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let ids: Vec<_> = mine.iter().map(|unit| unit.id).collect();
    let below = chancery_directory::units(&mut conn, &ids).await?;
    let able: Vec<_> = mine
        .iter()
        .filter(|u| {
            below
                .iter()
                .any(|unit| unit.id == u.id && unit.path.contains(&kept.unit))
        })
        .map(|u| json!({ "id": u.id, "names": u.names, "chosen": u.id.to_string() == unit }))
        .collect();
    let fields: Vec<_> = kept
        .template
        .fields
        .iter()
        .map(|field| {
            let label = json!({ "vi": field.vi, "en": field.en });
            json!({ "field": field, "label": label, "value": values.get(&field.name) })
        })
        .collect();
    let own = ids.contains(&kept.unit);
    Ok(
        json!({ "id": kept.id, "template": kept.template, "fields": fields, "units": able, "own": own, "sample": sample(app, viewer, &kept.template) }),
    )
}

async fn fill(State(app): State<App>, viewer: Viewer, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let kept = templates::load(&mut conn, id).await?;
    drop(conn);
    let data = fill_data(&app, &viewer, &kept, "", &BTreeMap::new()).await?;
    Ok(app.shell.page(&viewer, "calendar/templates/fill", &data))
}

async fn make(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let values: Values = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("value.")?.to_owned(), value.clone())))
        .collect();
    let unit = first(&fields, "unit").unwrap_or_default();
    let made = async {
        let unit: UnitId = unit
            .parse()
            .map_err(|_| Problem::invalid("templates-refused").field("unit", "items-unit-missing"))?;
        app.workflow
            .item_from_template(actor(&viewer)?, id, unit, &values)
            .await
            .map_err(Problem::from)
    };
    match made.await {
        Ok(item) => Ok(Redirect::to(format!("/items/{item}/edit"))
            .flash("templates-made")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let mut conn = app.connection().await?;
            let kept = templates::load(&mut conn, id).await?;
            drop(conn);
            let data = fill_data(&app, &viewer, &kept, unit, &values).await?;
            Ok(app
                .shell
                .refused(&viewer, "calendar/templates/fill", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}
