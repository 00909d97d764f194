//! A real start: the first administrator, and what to do next.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_web::{Form, Problem, Query, Redirect, Viewer};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::App;
use crate::model::FieldErrors;
use crate::model::person::PersonForm;
use crate::model::unit::UnitForm;
use crate::store::{grants, people, units};
use crate::{IdentityError, Visitor};

/// The one form of the first start.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SetupForm {
    code: String,
    ministry_vi: String,
    ministry_en: String,
    city_vi: String,
    city_en: String,
    country: String,
    zone: String,
    name: String,
    email: String,
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_serializing)]
    repeated: String,
}

pub(crate) async fn form(
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<SetupForm>,
) -> Result<Response, Problem> {
    if app.is_set_up().await? {
        return Ok(Redirect::to("/").into_response());
    }
    let zone = app.shell.config().headquarters_zone.name().to_owned();
    let form = SetupForm {
        code: asked.code,
        zone,
        country: "VN".to_owned(),
        ..SetupForm::default()
    };
    Ok(app.page(&viewer, &form))
}

pub(crate) async fn submit(
    State(app): State<App>,
    viewer: Viewer,
    visitor: Visitor,
    headers: HeaderMap,
    Form(form): Form<SetupForm>,
) -> Result<Response, Problem> {
    match app.set_up(&viewer, &form).await {
        Ok(()) => {
            let outcome = app
                .identity
                .sign_in(&form.email, &form.password, "/setup/guide", &visitor)
                .await?;
            app.proceed(outcome, "/setup/guide", &headers, &visitor).await
        }
        Err(IdentityError::LinkUsed) => Ok(app.refused(
            &viewer,
            &form,
            &Problem::invalid("problem-invalid").field("code", "setup-code-wrong"),
        )),
        Err(error @ IdentityError::Invalid(_)) => Ok(app.refused(&viewer, &form, &error.into())),
        Err(error) => Err(error.into()),
    }
}

impl App {
    fn page(&self, viewer: &Viewer, form: &SetupForm) -> Response {
        self.shell.page(
            viewer,
            "identity/setup/index",
            &json!({ "form": form, "zones": super::units::zones() }),
        )
    }

    fn refused(&self, viewer: &Viewer, form: &SetupForm, problem: &Problem) -> Response {
        let data = json!({ "form": form, "zones": super::units::zones() });
        self.shell.refused(viewer, "identity/setup/index", &data, problem)
    }

    async fn set_up(&self, viewer: &Viewer, form: &SetupForm) -> Result<(), IdentityError> {
        if form.password != form.repeated {
            return Err(IdentityError::field("repeated", "password-differs"));
        }
        if !self.identity.is_setup_code(&form.code).await? {
            return Err(IdentityError::LinkUsed);
        }
        let now = self.identity.clock.now();
        let ministry = UnitForm {
            kind: "ministry".to_owned(),
            slug: "ministry".to_owned(),
            name_vi: form.ministry_vi.clone(),
            name_en: form.ministry_en.clone(),
            city_vi: form.city_vi.clone(),
            city_en: form.city_en.clone(),
            country: form.country.clone(),
            zone: form.zone.clone(),
            languages: "vi en".to_owned(),
            region: "home".to_owned(),
            valid_from: now.date_naive().to_string(),
            ..UnitForm::default()
        };
        let administrator = PersonForm {
            name: form.name.clone(),
            email: form.email.clone(),
            language: viewer.language.tag().to_owned(),
        };
        // Everything that is wrong with either form is said at once.
        let (ministry, person) = (ministry.check(), administrator.check());
        let mut errors = FieldErrors::default();
        for (field, key) in ministry
            .as_ref()
            .err()
            .into_iter()
            .chain(person.as_ref().err())
            .flat_map(FieldErrors::iter)
        {
            let field = match field {
                "name_vi" => "ministry_vi",
                "name_en" => "ministry_en",
                field => field,
            };
            errors.check(false, field, key);
        }
        errors.or(())?;
        self.identity
            .set_up(&form.code, &ministry?, &administrator, &form.password)
            .await?;
        Ok(())
    }
}

/// What is done of the first steps, and what comes next.
pub(crate) async fn guide(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let units = units::all(&app.pool).await?;
    let missions = units.iter().filter(|unit| unit.is_mission).count();
    let filter = people::PeopleFilter {
        fetch: 2,
        ..people::PeopleFilter::default()
    };
    let others = people::list(&app.pool, &filter).await?.len() > 1;
    let heads = grants::anybody_holds(&app.pool, "head_of_mission").await?;
    let data = json!({
        "missions": missions,
        "has_missions": missions > 0,
        "has_people": others,
        "has_heads": heads,
    });
    Ok(app.shell.page(&viewer, "identity/setup/guide", &data))
}
