//! Sending a model: to whom, reminding, and taking it back.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{ModelId, UnitId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{facts, missing, place};
use crate::model::models::ModelState;
use crate::routes::form::{Fields, first};
use crate::routes::{App, actor};
use crate::store::models;
use crate::store::models::missions::{self, Candidate};

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Response, Problem> {
    form(&app, &viewer, id, &BTreeSet::new(), None).await
}

/// The form, with these missions ticked.
async fn form(
    app: &App,
    viewer: &Viewer,
    id: ModelId,
    ticked: &BTreeSet<UnitId>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (model, _) = app
        .workflow
        .open_model(&mut conn, actor(viewer)?, id, Action::ModelSend)
        .await?;
    if model.state == ModelState::Withdrawn {
        return Ok(Redirect::to(place(id)).into_response());
    }
    let all = missions::candidates(&mut conn, id).await?;
    let changed = match model.version {
        0 => false,
        version => models::version(&mut conn, id, version).await?.0 != model.content,
    };
    let mut regions: BTreeMap<String, Vec<&Candidate>> = BTreeMap::new();
    for mission in &all {
        regions
            .entry(mission.region.clone().unwrap_or_default())
            .or_default()
            .push(mission);
    }
    let row = |mission: &&Candidate| json!({ "id": mission.id, "names": mission.names, "has_it": mission.has_it, "ticked": ticked.contains(&mission.id) });
    let regions: Vec<_> = regions
        .iter()
        .map(|(region, missions)| json!({ "region": region, "missions": missions.iter().map(row).collect::<Vec<_>>() }))
        .collect();
    let kinds: BTreeSet<_> = all.iter().map(|mission| &mission.kind).collect();
    let data = json!({
        "model": facts(&model),
        "regions": regions,
        "kinds": kinds,
        "count": all.len(),
        "having": all.iter().filter(|mission| mission.has_it).count(),
        "changed": changed,
        "missing": missing(app, viewer, &model.content),
        "same_text": model.content.variations.len() < 2,
    });
    Ok(match problem {
        None => app.shell.page(viewer, "calendar/models/send", &data),
        Some(problem) => app.shell.refused(viewer, "calendar/models/send", &data, problem),
    })
}

/// Which missions a form means: `to` is `all`, or some of `region`, `kind` and `unit`.
fn meant(fields: &Fields, all: &[Candidate]) -> Vec<UnitId> {
    let of = |name: &str| -> BTreeSet<&str> {
        fields
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    };
    let (regions, kinds, units) = (of("region"), of("kind"), of("unit"));
    let everyone = first(fields, "to") == Some("all");
    all.iter()
        .filter(|mission| {
            everyone
                || regions.contains(mission.region.as_deref().unwrap_or_default())
                || kinds.contains(mission.kind.as_str())
                || units.contains(mission.id.to_string().as_str())
        })
        .map(|mission| mission.id)
        .collect()
}

pub(super) async fn send(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let all = missions::candidates(&mut conn, id).await?;
    drop(conn);
    let units = meant(&fields, &all);
    let revision = crate::routes::form::version(&fields)?;
    match app
        .workflow
        .send_model(actor(&viewer)?, id, revision, &units)
        .await
    {
        Ok(sent) => Ok(Redirect::to(place(id))
            .flash("models-sent")
            .arg("count", sent.missions)
            .into_response()),
        Err(error) => {
            let problem = Problem::from(error);
            if !problem.has_fields() {
                return Err(problem);
            }
            let ticked = units.into_iter().collect();
            form(&app, &viewer, id, &ticked, Some(&problem)).await
        }
    }
}

/// The revision that was on the screen.
#[derive(Debug, Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    version: i64,
}

pub(super) async fn offer(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Form(seen): Form<Seen>,
) -> Result<Redirect, Problem> {
    app.workflow
        .offer_model(actor(&viewer)?, id, seen.version)
        .await?;
    Ok(Redirect::to(place(id)).flash("models-offered"))
}

pub(super) async fn remind(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Redirect, Problem> {
    let count = app.workflow.remind_missions(actor(&viewer)?, id).await?;
    Ok(Redirect::to(place(id))
        .flash("models-reminded")
        .arg("count", count))
}

/// Why it is taken back.
#[derive(Debug, Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    pub(super) reason: String,
}

pub(super) async fn withdraw(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Form(why): Form<Reason>,
) -> Result<Redirect, Problem> {
    app.workflow
        .withdraw_model(actor(&viewer)?, id, &why.reason)
        .await?;
    Ok(Redirect::to(place(id)).flash("models-withdrawn"))
}

/// Missions by what they answered, as a list of words and counts.
pub(super) fn counts(cells: &[missions::Cell]) -> Vec<Value> {
    use crate::model::models::Progress;
    Progress::ALL
        .iter()
        .map(|word| (word, cells.iter().filter(|cell| cell.progress == *word).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| json!({ "progress": word, "count": count }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mission(n: u128, region: &str, kind: &str) -> Candidate {
        Candidate {
            id: uuid::Uuid::from_u128(n).into(),
            names: json!({}),
            region: Some(region.into()),
            kind: kind.into(),
            has_it: false,
        }
    }

    #[test]
    fn missions_are_chosen_by_part_of_the_world_by_kind_and_one_by_one() {
        let all = [
            mission(1, "europe", "embassy"),
            mission(2, "africa", "consulate"),
            mission(3, "africa", "embassy"),
        ];
        let meant = |pairs: &[(&str, &str)]| -> Vec<u128> {
            let fields: Fields = pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect();
            meant(&fields, &all).iter().map(|unit| unit.0.as_u128()).collect()
        };
        assert_eq!(meant(&[("to", "all")]), [1, 2, 3]);
        assert_eq!(meant(&[("to", "some"), ("region", "africa")]), [2, 3]);
        assert_eq!(meant(&[("kind", "embassy")]), [1, 3]);
        let one = uuid::Uuid::from_u128(2).to_string();
        assert_eq!(meant(&[("unit", &one), ("region", "europe")]), [1, 2]);
        assert_eq!(meant(&[("to", "some")]), [] as [u128; 0]);
    }
}
