//! Who must approve what: rules that administrators write, and who would approve something by them, before and after.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::Topic;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::form::{Fields, first};
use super::{App, actor};
use crate::error::CalendarError;
use crate::model::{Kind, LinkStyle, Rule, Step, StepRole, Subject, chain, counting};
use crate::store::{policies, short_links};

/// The steps that a rule can add: the head of mission's is in every chain.
const ADDED: [StepRole; 3] = [StepRole::NativeReviewer, StepRole::Desk, StepRole::Headquarters];

fn unknown(field: &'static str) -> Problem {
    Problem::invalid("items-not-saved").field(field, "items-value-unknown")
}

/// The rule as the form has it; an empty field means any.
fn rule(fields: &Fields, id: Uuid) -> Result<Rule, Problem> {
    let given = |name: &str| first(fields, name).map(str::trim).filter(|text| !text.is_empty());
    let steps: Result<Vec<StepRole>, _> = fields
        .iter()
        .filter(|(name, _)| name == "step")
        .map(|(_, step)| step.parse())
        .collect();
    let mut steps = steps.map_err(|_| unknown("step"))?;
    steps.sort_unstable();
    steps.dedup();
    Ok(Rule {
        id,
        unit: given("unit")
            .map(str::parse::<UnitId>)
            .transpose()
            .map_err(|_| unknown("unit"))?,
        kind: given("kind")
            .map(str::parse::<Kind>)
            .transpose()
            .map_err(|_| unknown("kind"))?,
        topic: given("topic")
            .map(str::parse::<Topic>)
            .transpose()
            .map_err(|_| unknown("topic"))?,
        language: given("language").map(ToOwned::to_owned),
        steps,
    })
}

/// The chain for what the form names, by `rules`, with who could take each step today.
async fn example(
    conn: &mut PgConnection,
    viewer: &Viewer,
    rules: &[Rule],
    of: &Rule,
    unit: UnitId,
) -> Result<Value, Problem> {
    let unit = chancery_directory::unit(&mut *conn, unit).await?;
    let languages: Vec<&str> = of.language.as_deref().map_or_else(
        || unit.languages.iter().map(String::as_str).collect(),
        |tag| vec![tag],
    );
    let subject = Subject {
        path: &unit.path,
        is_mission: unit.is_mission,
        kind: of.kind.unwrap_or(Kind::News),
        topic: of.topic.unwrap_or(Topic::General),
        languages: &languages,
    };
    let steps: Vec<Step> = chain(rules, &subject);
    let today = viewer.principal()?.today;
    let people = policies::candidates(&mut *conn, None, &unit.path, &steps, None, today).await?;
    let names = chancery_directory::people(conn, people.iter().flatten().copied()).await?;
    let shown: Vec<_> = steps
        .iter()
        .zip(&people)
        .map(|(step, people)| {
            let names: Vec<_> = people.iter().filter_map(|person| names.get(person)).collect();
            json!({ "role": step.role, "language": step.language, "people": names })
        })
        .collect();
    let counting: Vec<_> = counting(rules, &subject).iter().map(|rule| rule.id).collect();
    Ok(json!({
        "unit": unit.names, "kind": subject.kind, "topic": subject.topic, "languages": languages,
        "steps": shown, "counting": counting,
    }))
}

/// Everything that the page shows, with the form as it was sent.
async fn data(app: &App, viewer: &Viewer, fields: &Fields) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let rules = policies::rules(&mut conn).await?;
    let written = policies::written(&mut conn).await?;
    let today = viewer.principal()?.today;
    let ministry = chancery_directory::ministry(&mut conn).await?;
    let units = chancery_directory::units_below(&mut conn, &[ministry.id]).await?;
    let asked = rule(fields, Uuid::nil()).ok();
    let value = |name: &str| first(fields, name).unwrap_or_default().to_owned();
    let (mut now, mut then) = (Value::Null, Value::Null);
    if let (Some(asked), true) = (&asked, first(fields, "ask").is_some()) {
        // A rule for any unit is shown at the one that was chosen to look at, else at the first mission.
        let place = asked
            .unit
            .or_else(|| units.get(1).map(|unit| unit.id))
            .unwrap_or(ministry.id);
        now = example(&mut conn, viewer, &rules, asked, place).await?;
        if asked.steps.is_empty() || asked.check().is_err() {
            then = Value::Null;
        } else {
            let mut changed: Vec<Rule> = rules
                .iter()
                .filter(|rule| !same_place(rule, asked))
                .cloned()
                .collect();
            changed.push(asked.clone());
            then = example(&mut conn, viewer, &changed, asked, place).await?;
        }
    }
    let rows: Vec<_> = rules
        .iter()
        .map(|rule| {
            let about = written.iter().find(|about| about.id == rule.id);
            json!({
                "id": rule.id, "unit": about.and_then(|about| about.unit.as_ref()), "kind": rule.kind, "topic": rule.topic,
                "language": rule.language, "steps": rule.steps,
                "by": about.and_then(|about| about.by.as_ref()), "at": about.map(|about| about.at),
            })
        })
        .collect();
    let option = |word: &'static str, field: &str| json!({ "value": word, "chosen": word == value(field) });
    let chosen_step = |step: &StepRole| {
        fields
            .iter()
            .any(|(name, word)| name == "step" && word == step.as_str())
    };
    let chosen_unit = |id: UnitId| value("unit") == id.to_string();
    let deadlines: Vec<_> = policies::deadlines(&mut conn)
        .await?
        .into_iter()
        .map(|(role, minutes)| json!({ "role": role, "minutes": minutes }))
        .collect();
    let reviewers: Vec<_> = policies::reviewers(&mut conn, today)
        .await?
        .into_iter()
        .map(|reviewer| {
            json!({
                "id": reviewer.person, "person": reviewer.name, "at": reviewer.unit, "languages": reviewer.languages.join(", "),
            })
        })
        .collect();
    Ok(json!({
        "rules": rows,
        "units": units.iter().map(|u| json!({ "id": u.id, "names": u.names, "chosen": chosen_unit(u.id) })).collect::<Vec<_>>(),
        "kinds": Kind::ALL.iter().map(|kind| option(kind.as_str(), "kind")).collect::<Vec<_>>(),
        "topics": Topic::ALL.iter().map(|topic| option(topic.as_str(), "topic")).collect::<Vec<_>>(),
        "steps": ADDED.iter().map(|step| json!({ "value": step, "chosen": chosen_step(step) })).collect::<Vec<_>>(),
        "language": value("language"),
        "now": now, "then": then, "changes": now.get("steps") != then.get("steps"),
        "deadlines": deadlines, "reviewers": reviewers,
        "link_units": short_links::styles(&mut conn).await?,
        "link_styles": LinkStyle::ALL,
    }))
}

fn same_place(a: &Rule, b: &Rule) -> bool {
    (a.unit, a.kind, a.topic, &a.language) == (b.unit, b.kind, b.topic, &b.language)
}

/// With `ask`, also who would approve what the other parameters name, before and after the rule that they make.
pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, &fields).await?;
    Ok(app.shell.page(&viewer, "calendar/policy", &data))
}

/// What was refused, with the form as it was sent.
async fn refused(
    app: &App,
    viewer: &Viewer,
    fields: &Fields,
    error: CalendarError,
) -> Result<Response, Problem> {
    match error {
        error @ CalendarError::Field { .. } => {
            let data = data(app, viewer, fields).await?;
            let problem = Problem::from(error);
            Ok(app.shell.refused(viewer, "calendar/policy", &data, &problem))
        }
        error => Err(error.into()),
    }
}

fn saved() -> Response {
    Redirect::to("/policy").flash("policy-saved").into_response()
}

/// `unit`, `kind`, `topic`, `language` (empty: any) and a repeated `step`.
pub(super) async fn put(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let rule = rule(&fields, app.workflow.clock.new_id())?;
    match app.workflow.put_rule(actor(&viewer)?, rule).await {
        Ok(()) => Ok(saved()),
        Err(error) => refused(&app, &viewer, &fields, error).await,
    }
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<Uuid>,
) -> Result<Redirect, Problem> {
    app.workflow.drop_rule(actor(&viewer)?, id).await?;
    Ok(Redirect::to("/policy").flash("policy-removed"))
}

/// A number for each step, under the step's name.
pub(super) async fn deadlines(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    for step in StepRole::ALL {
        let Some(text) = first(&fields, step.as_str()) else {
            continue;
        };
        // No number is out of range like one that is too large.
        let minutes = text.trim().parse().unwrap_or_default();
        if let Err(error) = app.workflow.set_deadline(actor(&viewer)?, *step, minutes).await {
            return refused(&app, &viewer, &fields, error).await;
        }
    }
    Ok(saved())
}

/// `person`, and `languages` between commas.
pub(super) async fn reviewers(
    State(app): State<App>,
    viewer: Viewer,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let person: PersonId = first(&fields, "person")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| unknown("person"))?;
    let mut languages: Vec<String> = first(&fields, "languages")
        .unwrap_or_default()
        .split([',', ' '])
        .filter(|tag| !tag.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    languages.sort_unstable();
    languages.dedup();
    match app
        .workflow
        .set_reviewer(actor(&viewer)?, person, &languages)
        .await
    {
        Ok(()) => Ok(saved()),
        Err(error) => refused(&app, &viewer, &fields, error).await,
    }
}
