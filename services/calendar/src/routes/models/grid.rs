//! Headquarters' grid: missions × models, counts, filter, CSV.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, ModelId, UnitId};
use chancery_web::{Path, Problem, Query, Require, Viewer};
use http::header;
use serde::Deserialize;
use serde_json::{Value, json};

use super::send::counts;
use super::{facts, missing};
use crate::model::models::{ModelState, Progress};
use crate::routes::{App, actor};
use crate::store::models::missions::{self, Cell};
use crate::store::{campaigns, models};

/// Which cells to show.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    /// A [`Progress`], or `open`: those who have not answered.
    #[serde(default)]
    show: String,
}

impl Wanted {
    fn fits(&self, cell: &Cell) -> bool {
        match self.show.as_str() {
            "open" => !cell.progress.is_answered(),
            "behind" => cell.behind,
            word => word
                .parse::<Progress>()
                .map_or(true, |wanted| cell.progress == wanted),
        }
    }
}

async fn data(app: &App, viewer: &Viewer, id: ModelId, wanted: &Wanted) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (model, unit) = app
        .workflow
        .open_model(&mut conn, actor(viewer)?, id, Action::ModelWrite)
        .await?;
    let cells = missions::grid(&mut conn, &[id]).await?;
    let sent = match model.version {
        0 => None,
        version => Some(models::version(&mut conn, id, version).await?),
    };
    let people = [
        Some(model.created.0),
        model.offered.map(|offered| offered.1),
        sent.as_ref().map(|sent| sent.1),
    ];
    let names = chancery_directory::people(&mut conn, people.into_iter().flatten()).await?;
    let name = |person: Option<_>| person.and_then(|person| names.get(&person));
    let answered = cells.iter().filter(|cell| cell.progress.is_answered()).count();
    let arrived = cells
        .iter()
        .filter(|cell| cell.progress != Progress::OnItsWay)
        .count();
    let shown: Vec<_> = cells.iter().filter(|cell| wanted.fits(cell)).collect();
    let may = |action| {
        viewer
            .principal()
            .is_ok_and(|p| p.decide(action, unit.place()).is_allowed())
    };
    Ok(json!({
        "model": facts(&model),
        "content": model.content,
        "unit": unit.names,
        "author": name(Some(model.created.0)),
        "offered_by": name(model.offered.map(|offered| offered.1)),
        "sent_by": name(sent.as_ref().map(|sent| sent.1)),
        "sent_at": sent.as_ref().map(|sent| sent.2),
        "changed": sent.as_ref().is_some_and(|sent| sent.0 != model.content),
        "missing": missing(app, viewer, &model.content),
        "same_text": model.content.variations.len() < 2 && cells.len() > 1,
        "counts": counts(&cells),
        "total": cells.len(),
        "answered": answered,
        "arrived": arrived,
        "delivering": arrived < cells.len(),
        "unanswered": cells.len() - answered,
        "behind": cells.iter().filter(|cell| cell.behind).count(),
        "show": wanted.show,
        "cells": shown,
        "may_send": may(Action::ModelSend) && model.state != ModelState::Withdrawn,
    }))
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, id, &wanted).await?;
    Ok(app.shell.page(&viewer, "calendar/models/page", &data))
}

pub(super) async fn fragment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, id, &wanted).await?;
    Ok(app.shell.fragment(&viewer, "calendar/models/grid", &data))
}

/// The models of a campaign side by side.
pub(super) async fn campaign(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let campaign = campaigns::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, campaign.unit).await?;
    viewer.principal()?.require(Action::ModelWrite, &unit.place())?;
    let columns = models::of_campaign(&mut conn, id).await?;
    let ids: Vec<_> = columns.iter().map(|column| column.0).collect();
    let cells = missions::grid(&mut conn, &ids).await?;
    let mut rows: Vec<(UnitId, Value, BTreeMap<ModelId, &Cell>)> = Vec::new();
    for cell in &cells {
        match rows.last_mut() {
            Some((unit, _, row)) if *unit == cell.unit => {
                row.insert(cell.model, cell);
            }
            _ => rows.push((cell.unit, cell.unit_names.clone(), [(cell.model, cell)].into())),
        }
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|(_, names, row)| json!({ "names": names, "cells": ids.iter().map(|id| row.get(id)).collect::<Vec<_>>() }))
        .collect();
    let columns: Vec<_> = columns
        .iter()
        .map(|(id, title)| {
            let of: Vec<_> = cells.iter().filter(|cell| cell.model == *id).collect();
            let answered = of.iter().filter(|cell| cell.progress.is_answered()).count();
            json!({ "id": id, "name": title, "total": of.len(), "answered": answered })
        })
        .collect();
    let data = json!({ "campaign": campaign, "columns": columns, "rows": rows });
    Ok(app.shell.page(&viewer, "calendar/models/campaign", &data))
}

pub(super) async fn csv(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ModelId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    app.workflow
        .open_model(&mut conn, actor(&viewer)?, id, Action::ModelWrite)
        .await?;
    let cells = missions::grid(&mut conn, &[id]).await?;
    let text = |key: &str| {
        app.shell
            .message(viewer.language, key, &chancery_web::Args::new())
    };
    let name = |names: &Value| {
        let own = names.get(viewer.language.tag()).or_else(|| names.get("en"));
        own.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let head = [
        "mission",
        "region",
        "progress",
        "reason",
        "answered-by",
        "answered-at",
        "goes-out",
        "link",
    ]
    .map(|column| text(&format!("models-csv-{column}")));
    let rows = cells.iter().map(|cell| {
        let region = cell
            .region
            .as_deref()
            .map(|region| text(&format!("region-{region}")));
        [
            name(&cell.unit_names),
            region.unwrap_or_default(),
            text(&format!("models-progress-{}", cell.progress)),
            cell.reason.clone(),
            cell.answered_by.clone().unwrap_or_default(),
            cell.answered_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            cell.publish_at.map(|at| at.to_rfc3339()).unwrap_or_default(),
            cell.permalink.clone().unwrap_or_default(),
        ]
    });
    table(head, rows, "models.csv")
}

/// A table for spreadsheets: UTF-8 with its mark, which Excel needs to read Vietnamese, and no cell that it would run.
pub(in crate::routes) fn table<const N: usize>(
    head: [String; N],
    rows: impl Iterator<Item = [String; N]>,
    name: &str,
) -> Result<Response, Problem> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head).map_err(Problem::internal)?;
    for row in rows {
        writer
            .write_record(row.map(harmless))
            .map_err(Problem::internal)?;
    }
    let bytes = writer.into_inner().map_err(Problem::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// What a spreadsheet would take for a formula becomes text.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(harmless("=1+1".into()), "'=1+1");
        assert_eq!(harmless("Hà Nội".into()), "Hà Nội");
    }
}
