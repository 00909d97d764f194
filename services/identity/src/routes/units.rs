//! The pages of units.

use std::collections::{BTreeMap, HashMap};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place};
use chancery_contracts::ids::UnitId;
use chancery_web::{Caller, Form, Path, Problem, Query, Redirect, Require, Viewer};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{App, words};
use crate::IdentityError;
use crate::model::unit::{Region, UnitDraft, UnitForm};
use crate::store::units::Unit;
use crate::store::{grants, units};

/// Every IANA zone, for the field's suggestions.
pub(super) fn zones() -> Vec<&'static str> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| name.contains('/'))
        .collect()
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    q: String,
    kind: String,
    region: String,
    /// `on`: those that ended, too.
    ended: String,
}

impl Filter {
    fn fits(&self, unit: &Unit, today: NaiveDate) -> bool {
        let wanted = self.q.trim().to_lowercase();
        let says = |text: &str| text.to_lowercase().contains(&wanted);
        let named = wanted.is_empty()
            || says(&unit.names.vi)
            || says(&unit.names.en)
            || says(&unit.slug)
            || unit
                .city
                .as_ref()
                .is_some_and(|city| says(&city.vi) || says(&city.en))
            || unit.country.as_deref().is_some_and(says);
        named
            && (self.kind.is_empty() || unit.kind == self.kind)
            && (self.region.is_empty() || unit.region.as_deref() == Some(&self.region))
            && (!self.ended.is_empty() || unit.valid_to.is_none_or(|last| last >= today))
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let all = units::all(&app.pool).await?;
    let mut heads: HashMap<UnitId, String> = grants::heads(&app.pool).await?.into_iter().collect();
    let chosen: Vec<&Unit> = in_tree_order(&all)
        .into_iter()
        .filter(|unit| filter.fits(unit, me.today))
        .collect();
    let mut sections: BTreeMap<usize, (String, Vec<Value>)> = BTreeMap::new();
    for unit in &chosen {
        let (order, key) = section(unit, &all);
        let row = json!({ "unit": unit, "depth": unit.path.len() - 1, "head": heads.remove(&unit.id) });
        sections
            .entry(order)
            .or_insert_with(|| (key, Vec::new()))
            .1
            .push(row);
    }
    let sections: Vec<_> = sections
        .into_values()
        .map(|(key, rows)| {
            let heading = app
                .shell
                .message(viewer.language, &key, &chancery_web::Args::new());
            json!({ "heading": heading, "rows": rows })
        })
        .collect();
    let data = json!({
        "sections": sections,
        "count": chosen.len(),
        "filter": filter,
        "kinds": words::kinds(&app.shell, &viewer, &filter.kind),
        "regions": words::regions(&app.shell, &viewer, &filter.region),
    });
    Ok(app.shell.page(&viewer, "identity/units/index", &data))
}

/// Parents before their children, each followed by what is below it.
fn in_tree_order(all: &[Unit]) -> Vec<&Unit> {
    fn below<'a>(
        of: Option<UnitId>,
        children: &HashMap<Option<UnitId>, Vec<&'a Unit>>,
        into: &mut Vec<&'a Unit>,
    ) {
        for unit in children.get(&of).into_iter().flatten() {
            into.push(unit);
            below(Some(unit.id), children, into);
        }
    }
    let mut children: HashMap<Option<UnitId>, Vec<&Unit>> = HashMap::new();
    for unit in all {
        children.entry(unit.parent_id).or_default().push(unit);
    }
    let mut ordered = Vec::with_capacity(all.len());
    below(None, &children, &mut ordered);
    ordered
}

/// Under which heading a unit stands: headquarters, its mission's part of the world, or those who supply material.
fn section(unit: &Unit, all: &[Unit]) -> (usize, String) {
    let line = || all.iter().filter(|other| unit.path.contains(&other.id));
    if let Some(mission) = line().find(|unit| unit.is_mission) {
        let region = mission
            .region
            .as_deref()
            .and_then(Region::parse)
            .unwrap_or(Region::Multilateral);
        let order = Region::ALL
            .iter()
            .position(|other| *other == region)
            .unwrap_or_default();
        return (1 + order, format!("region-{}", region.as_str()));
    }
    if line().any(|unit| matches!(unit.kind.as_str(), "agency" | "province")) {
        return (100, "units-section-partners".to_owned());
    }
    (0, "units-section-headquarters".to_owned())
}

pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<UnitId>,
) -> Result<Response, Problem> {
    let all = units::all(&app.pool).await?;
    let unit = all
        .iter()
        .find(|unit| unit.id == id)
        .ok_or_else(Problem::not_found)?;
    let place = Place { path: &unit.path };
    let reads = me.decide(Action::UnitRead, place).is_allowed();
    let postings = if reads {
        grants::of_unit(&app.pool, id).await?
    } else {
        Vec::new()
    };
    let (now, past): (Vec<_>, Vec<_>) = postings
        .into_iter()
        .partition(|posting| posting.valid_to.is_none_or(|last| last >= me.today));
    let line: Vec<_> = all
        .iter()
        .filter(|other| other.id != id && unit.path.contains(&other.id))
        .collect();
    let data = json!({
        "unit": unit,
        "line": line,
        "below": all.iter().filter(|other| other.parent_id == Some(id)).collect::<Vec<_>>(),
        "successor": all.iter().find(|other| Some(other.id) == unit.successor_id),
        "predecessors": all.iter().filter(|other| other.successor_id == Some(id)).collect::<Vec<_>>(),
        "names": units::names(&app.pool, id).await?,
        "postings": now,
        "past": past,
        "sees_people": reads,
        "now": app.identity.clock.now(),
        "may_edit": me.decide(Action::UnitManage, place).is_allowed(),
        "may_invite": me.decide(Action::PersonManage, place).is_allowed(),
        "ended": unit.valid_to.is_some_and(|last| last < me.today),
    });
    Ok(app.shell.page(&viewer, "identity/units/show", &data))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewUnit {
    parent: String,
}

pub(crate) async fn new_form(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(asked): Query<NewUnit>,
) -> Result<Response, Problem> {
    let form = UnitForm {
        parent_id: asked.parent,
        kind: "embassy".to_owned(),
        valid_from: me.today.to_string(),
        ..UnitForm::default()
    };
    let data = app.unit_form(&viewer, &form, None).await?;
    Ok(app.shell.page(&viewer, "identity/units/edit", &data))
}

pub(crate) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<UnitForm>,
) -> Result<Response, Problem> {
    match app.create_unit(&viewer, &form).await {
        Ok(id) => Ok(Redirect::to(format!("/units/{id}"))
            .flash("units-added")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = app.unit_form(&viewer, &form, None).await?;
            Ok(app.shell.refused(&viewer, "identity/units/edit", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn edit_form(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<UnitId>,
) -> Result<Response, Problem> {
    let unit = units::get(&app.pool, id).await?.ok_or_else(Problem::not_found)?;
    me.require(Action::UnitManage, &Place { path: &unit.path })?;
    let editing = Editing {
        id,
        revision: unit.revision,
        renamed_from: me.today.to_string(),
    };
    let data = app.unit_form(&viewer, &form_of(&unit), Some(&editing)).await?;
    Ok(app.shell.page(&viewer, "identity/units/edit", &data))
}

/// What an edit needs besides the unit's own fields.
#[derive(Debug, Serialize)]
struct Editing {
    id: UnitId,
    revision: i32,
    renamed_from: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct UnitEdit {
    #[serde(flatten)]
    unit: UnitForm,
    #[serde(default)]
    revision: String,
    #[serde(default)]
    renamed_from: String,
}

pub(crate) async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<UnitId>,
    Form(form): Form<UnitEdit>,
) -> Result<Response, Problem> {
    let revision = form.revision.parse().unwrap_or_default();
    match app
        .update_unit(&viewer, id, &form.unit, revision, &form.renamed_from)
        .await
    {
        Ok(()) => Ok(Redirect::to(format!("/units/{id}"))
            .flash("units-saved")
            .into_response()),
        Err(problem) if problem.has_fields() || problem.details().key == "identity-stale" => {
            let editing = Editing {
                id,
                revision,
                renamed_from: form.renamed_from,
            };
            let data = app.unit_form(&viewer, &form.unit, Some(&editing)).await?;
            Ok(app.shell.refused(&viewer, "identity/units/edit", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

impl App {
    /// Adds a unit below one that the viewer manages.
    pub(super) async fn create_unit(&self, viewer: &Viewer, form: &UnitForm) -> Result<UnitId, Problem> {
        let draft = form.check().map_err(IdentityError::from)?;
        self.require_parent(viewer, &draft).await?;
        Ok(self.identity.add_unit(Self::by(viewer), &draft).await?)
    }

    /// Changes a unit that the viewer manages; it stays below one that they manage.
    pub(super) async fn update_unit(
        &self,
        viewer: &Viewer,
        id: UnitId,
        form: &UnitForm,
        revision: i32,
        renamed_from: &str,
    ) -> Result<(), Problem> {
        let unit = units::get(&self.pool, id).await?.ok_or_else(Problem::not_found)?;
        viewer
            .principal()?
            .require(Action::UnitManage, &Place { path: &unit.path })?;
        let draft = form.check().map_err(IdentityError::from)?;
        if draft.parent != unit.parent_id {
            self.require_parent(viewer, &draft).await?;
        }
        let renamed_from = match renamed_from.trim() {
            "" => viewer.principal()?.today,
            text => text
                .parse()
                .map_err(|_| IdentityError::field("renamed_from", "error-date"))?,
        };
        Ok(self
            .identity
            .change_unit(Self::by(viewer), id, &draft, revision, renamed_from)
            .await?)
    }

    async fn require_parent(&self, viewer: &Viewer, draft: &UnitDraft) -> Result<(), Problem> {
        let mut conn = self.pool.acquire().await?;
        let path = match draft.parent {
            Some(parent) => units::path(&mut conn, parent)
                .await?
                .ok_or(IdentityError::field("parent_id", "units-error-parent"))?,
            None => Vec::new(),
        };
        viewer
            .principal()?
            .require(Action::UnitManage, &Place { path: &path })?;
        Ok(())
    }

    async fn unit_form(
        &self,
        viewer: &Viewer,
        form: &UnitForm,
        editing: Option<&Editing>,
    ) -> Result<Value, Problem> {
        let all = units::all(&self.pool).await?;
        let ordered: Vec<Unit> = in_tree_order(&all).into_iter().cloned().collect();
        Ok(json!({
            "form": form,
            "editing": editing,
            "kinds": words::kinds(&self.shell, viewer, &form.kind),
            "regions": words::regions(&self.shell, viewer, &form.region),
            "parents": words::units(viewer, &ordered, &form.parent_id),
            "successors": words::units(viewer, &ordered, &form.successor_id),
            "is_root": form.kind == "ministry",
            "zones": zones(),
        }))
    }

    /// Units as choices, in the order of the tree.
    pub(super) async fn unit_choices(
        &self,
        viewer: &Viewer,
        selected: &str,
    ) -> Result<Vec<words::Choice>, Problem> {
        let all = units::all(&self.pool).await?;
        let ordered: Vec<Unit> = in_tree_order(&all).into_iter().cloned().collect();
        Ok(words::units(viewer, &ordered, selected))
    }
}

fn form_of(unit: &Unit) -> UnitForm {
    let city = unit.city.as_ref().map(|city| city.0.clone()).unwrap_or_default();
    let text = |id: Option<UnitId>| id.map(|id| id.to_string()).unwrap_or_default();
    UnitForm {
        parent_id: text(unit.parent_id),
        kind: unit.kind.clone(),
        slug: unit.slug.clone(),
        name_vi: unit.names.vi.clone(),
        name_en: unit.names.en.clone(),
        city_vi: city.vi,
        city_en: city.en,
        country: unit.country.clone().unwrap_or_default(),
        zone: unit.zone.clone(),
        languages: unit.languages.join(", "),
        region: unit.region.clone().unwrap_or_default(),
        valid_from: unit.valid_from.to_string(),
        valid_to: unit.valid_to.map(|day| day.to_string()).unwrap_or_default(),
        successor_id: text(unit.successor_id),
    }
}
