//! Campaigns: a list, one with its items, and a form.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{CampaignId, UnitId};
use chancery_web::{Form, Page, Pagination, Path, Problem, Query, Redirect, Require, Viewer};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{App, actor};
use crate::error::CalendarError;
use crate::model::{CampaignChange, CampaignState, Colour};
use crate::store::campaigns;
use crate::store::lists::{self, Filter};
use crate::workflow::CampaignDraft;

/// The form as it is sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entered {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    goal: String,
    #[serde(default)]
    starts_on: String,
    #[serde(default)]
    ends_on: String,
    #[serde(default)]
    colour: String,
    #[serde(default)]
    revision: String,
}

impl Entered {
    fn draft(&self) -> Result<CampaignDraft, Problem> {
        let problem = || Problem::invalid("campaigns-not-saved");
        let day = |field: &'static str, text: &str| -> Result<NaiveDate, Problem> {
            text.parse()
                .map_err(|_| problem().field(field, "campaigns-day-unreadable"))
        };
        Ok(CampaignDraft {
            name: self.name.clone(),
            goal: self.goal.clone(),
            starts_on: day("starts_on", &self.starts_on)?,
            ends_on: day("ends_on", &self.ends_on)?,
            colour: self.colour.parse().unwrap_or(Colour::Blue),
        })
    }
}

/// Which campaigns to list. What is not understood filters nothing.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    /// `planned`, `running`, `ended` or `put_away`; else all but those put away.
    #[serde(default)]
    pub(super) state: String,
    #[serde(flatten)]
    pub(super) pagination: Pagination,
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let roots = viewer.principal()?.units_for(Action::ItemRead);
    let pagination = &wanted.pagination;
    let state: Option<CampaignState> = wanted.state.parse().ok();
    let rows = campaigns::list(&mut conn, &roots, state, pagination.after()?, pagination.fetch()).await?;
    let states = CampaignState::ALL
        .iter()
        .map(|one| json!({ "word": one, "chosen": Some(*one) == state }));
    let data = json!({
        "page": Page::new(rows, pagination, |row| (row.starts_on, row.id)),
        "states": states.collect::<Vec<_>>(),
        "state": state,
    });
    Ok(app.shell.page(&viewer, "calendar/campaigns/list", &data))
}

/// What is done to a campaign.
#[derive(Debug, Deserialize)]
pub(super) struct Turn {
    #[serde(rename = "do")]
    change: String,
    #[serde(default)]
    revision: String,
}

pub(super) async fn turn(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    Form(turn): Form<Turn>,
) -> Result<Redirect, Problem> {
    let change: CampaignChange = turn
        .change
        .parse()
        .map_err(|_| Problem::conflict("campaigns-state-refused"))?;
    let revision = turn
        .revision
        .parse()
        .map_err(|_| Problem::conflict("campaigns-stale"))?;
    match app
        .workflow
        .turn_campaign(actor(&viewer)?, id, revision, change)
        .await
    {
        Err(CalendarError::Stale) => Err(Problem::conflict("campaigns-stale")),
        done => {
            done?;
            Ok(Redirect::to(format!("/campaigns/{id}")).flash("campaigns-saved"))
        }
    }
}

async fn form_data(
    app: &App,
    viewer: &Viewer,
    entered: &Entered,
    id: Option<CampaignId>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let units =
        chancery_directory::units_below(&mut conn, &viewer.principal()?.units_for(Action::ItemWrite)).await?;
    let colours: Vec<_> = Colour::ALL
        .iter()
        .map(|c| json!({ "value": c, "chosen": c.as_str() == entered.colour }))
        .collect();
    let units: Vec<_> = units
        .iter()
        .map(|unit| json!({ "id": unit.id, "names": unit.names, "chosen": unit.id.to_string() == entered.unit }))
        .collect();
    Ok(json!({ "form": entered, "id": id, "units": units, "colours": colours }))
}

pub(super) async fn new(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let entered = Entered {
        unit: String::new(),
        name: String::new(),
        goal: String::new(),
        starts_on: viewer.principal()?.today.to_string(),
        ends_on: String::new(),
        colour: Colour::Blue.to_string(),
        revision: String::new(),
    };
    let data = form_data(&app, &viewer, &entered, None).await?;
    Ok(app.shell.page(&viewer, "calendar/campaigns/edit", &data))
}

pub(super) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(entered): Form<Entered>,
) -> Result<Response, Problem> {
    let unit = entered.unit.parse::<UnitId>();
    let made = async {
        let unit =
            unit.map_err(|_| Problem::invalid("campaigns-not-saved").field("unit", "items-unit-missing"))?;
        Ok(app
            .workflow
            .create_campaign(actor(&viewer)?, unit, entered.draft()?)
            .await?)
    };
    answer(&app, &viewer, &entered, None, made.await).await
}

pub(super) async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let campaign = campaigns::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, campaign.unit).await?;
    drop(conn);
    viewer.principal()?.require(Action::ItemWrite, &unit.place())?;
    let entered = Entered {
        unit: campaign.unit.to_string(),
        name: campaign.name,
        goal: campaign.goal,
        starts_on: campaign.starts_on.to_string(),
        ends_on: campaign.ends_on.to_string(),
        colour: campaign.colour,
        revision: campaign.revision.to_string(),
    };
    let data = form_data(&app, &viewer, &entered, Some(id)).await?;
    Ok(app.shell.page(&viewer, "calendar/campaigns/edit", &data))
}

pub(super) async fn change(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    Form(entered): Form<Entered>,
) -> Result<Response, Problem> {
    let changed = async {
        let revision = entered.revision.parse().unwrap_or_default();
        match app
            .workflow
            .change_campaign(actor(&viewer)?, id, revision, entered.draft()?)
            .await
        {
            Err(CalendarError::Stale) => {
                Err(Problem::conflict("campaigns-stale").field("name", "campaigns-changed-meanwhile"))
            }
            done => Ok(done.map(|()| id)?),
        }
    };
    answer(&app, &viewer, &entered, Some(id), changed.await).await
}

/// To the campaign, or the form again as it was filled in.
async fn answer(
    app: &App,
    viewer: &Viewer,
    entered: &Entered,
    id: Option<CampaignId>,
    done: Result<CampaignId, Problem>,
) -> Result<Response, Problem> {
    match done {
        Ok(id) => Ok(Redirect::to(format!("/campaigns/{id}"))
            .flash("campaigns-saved")
            .into_response()),
        Err(problem) if problem.has_fields() => {
            let data = form_data(app, viewer, entered, id).await?;
            Ok(app
                .shell
                .refused(viewer, "calendar/campaigns/edit", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let campaign = campaigns::load(&mut conn, id).await?;
    let unit = chancery_directory::unit(&mut conn, campaign.unit).await?;
    let principal = viewer.principal()?;
    principal.require(Action::ItemRead, &unit.place())?;
    let owner = chancery_directory::people(&mut conn, [campaign.owner])
        .await?
        .into_values()
        .next();
    let filter = Filter {
        roots: principal.units_for(Action::ItemRead),
        campaign: Some(id),
        ..Filter::default()
    };
    let rows = lists::items(&mut conn, &filter, pagination.after()?, pagination.fetch()).await?;
    let data = json!({
        "campaign": campaign,
        "unit": unit.names,
        "owner": owner,
        "page": Page::new(rows, &pagination, |row| row.id),
        "changes": CampaignChange::ALL.iter().filter(|change| campaign.state.after(**change).is_some()).collect::<Vec<_>>(),
        "writer": principal.decide(Action::ItemWrite, unit.place()).is_allowed(),
    });
    Ok(app.shell.page(&viewer, "calendar/campaigns/page", &data))
}
