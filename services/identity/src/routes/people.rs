//! The pages of people.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::{Action, Place, Principal};
use chancery_contracts::ids::PersonId;
use chancery_web::{Caller, Form, Page, Pagination, Path, Problem, Query, Redirect, Require, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{App, words};
use crate::model::person::PersonForm;
use crate::people::{PostingDraft, PostingForm};
use crate::store::people::{PeopleFilter, PersonRow};
use crate::store::{grants, people, units};
use crate::{IdentityError, Invitation};

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    q: String,
    unit: String,
    role: String,
    #[serde(flatten)]
    #[serde(skip_serializing)]
    pagination: Pagination,
}

pub(crate) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let page = app.people(&me, &filter).await?;
    let data = json!({
        "page": page,
        "first": filter.pagination.after.is_none(),
        "filter": filter,
        "roles": words::roles(&app.shell, &viewer, &filter.role),
        "units": app.unit_choices(&viewer, &filter.unit).await?,
    });
    Ok(app.shell.page(&viewer, "identity/people/index", &data))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewPerson {
    unit: String,
}

pub(crate) async fn new_form(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(asked): Query<NewPerson>,
) -> Result<Response, Problem> {
    let form = Newcomer {
        person: PersonForm {
            language: "vi".to_owned(),
            ..PersonForm::default()
        },
        posting: PostingForm {
            unit_id: asked.unit,
            valid_from: me.today.to_string(),
            ..PostingForm::default()
        },
    };
    let data = app.newcomer_form(&viewer, &form).await?;
    Ok(app.shell.page(&viewer, "identity/people/new", &data))
}

/// A person and their first posting.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Newcomer {
    #[serde(flatten)]
    pub person: PersonForm,
    #[serde(flatten)]
    pub posting: PostingForm,
}

pub(crate) async fn create(
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<Newcomer>,
) -> Result<Response, Problem> {
    match app.add_person(&viewer, &form.person, &form.posting).await {
        Ok(invitation) => app.invited(&viewer, &invitation).await,
        Err(problem) if problem.has_fields() => {
            let data = app.newcomer_form(&viewer, &form).await?;
            Ok(app.shell.refused(&viewer, "identity/people/new", &data, &problem))
        }
        Err(problem) => Err(problem),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    let data = app.person_page(&viewer, &me, id, &PostingForm::default()).await?;
    Ok(app.shell.page(&viewer, "identity/people/show", &data))
}

pub(crate) async fn edit_form(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
) -> Result<Response, Problem> {
    app.require_manages(&me, id).await?;
    let person = app.person(id).await?;
    let form = PersonForm {
        name: person.name,
        email: person.email,
        language: person.language,
    };
    let data = json!({ "id": id, "form": form, "revision": person.revision });
    Ok(app.shell.page(&viewer, "identity/people/edit", &data))
}

#[derive(Debug, Deserialize)]
pub(crate) struct PersonEdit {
    #[serde(flatten)]
    person: PersonForm,
    #[serde(default)]
    revision: String,
}

pub(crate) async fn update(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Path(id): Path<PersonId>,
    Form(form): Form<PersonEdit>,
) -> Result<Response, Problem> {
    app.require_manages(&me, id).await?;
    let revision = form.revision.parse().unwrap_or_default();
    match app
        .identity
        .change_person(App::by(&viewer), id, &form.person, revision)
        .await
    {
        Ok(()) => Ok(Redirect::to(format!("/people/{id}"))
            .flash("people-saved")
            .into_response()),
        Err(error @ (IdentityError::Invalid(_) | IdentityError::Stale)) => {
            let data = json!({ "id": id, "form": form.person, "revision": revision });
            Ok(app
                .shell
                .refused(&viewer, "identity/people/edit", &data, &error.into()))
        }
        Err(error) => Err(error.into()),
    }
}

impl App {
    /// A page of the people whom `me` may see.
    pub(super) async fn people(&self, me: &Principal, filter: &Filter) -> Result<Page<PersonRow>, Problem> {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let rows = people::list(
            &self.pool,
            &PeopleFilter {
                text: some(&filter.q),
                unit: filter.unit.parse().ok(),
                role: some(&filter.role),
                visible: self.visible(me, Action::UnitRead).await?,
                after: filter.pagination.after::<(String, PersonId)>()?,
                fetch: filter.pagination.fetch(),
            },
        )
        .await?;
        Ok(Page::new(rows, &filter.pagination, |row| {
            (row.sort.clone(), row.id)
        }))
    }

    /// Adds a person with a first posting at a unit whose people the viewer manages.
    pub(super) async fn add_person(
        &self,
        viewer: &Viewer,
        person: &PersonForm,
        posting: &PostingForm,
    ) -> Result<Invitation, Problem> {
        // What is wrong with either half is said at once.
        let problems = person.check().err().into_iter().chain(posting.check().err());
        let mut errors = crate::model::FieldErrors::default();
        for (field, key) in problems.flat_map(|errors| errors.iter().collect::<Vec<_>>()) {
            errors.check(false, field, key);
        }
        errors.or(()).map_err(IdentityError::from)?;
        let posting = self.posting(viewer, posting).await?;
        Ok(self
            .identity
            .add_person(Self::by(viewer), person, Some(&posting))
            .await?)
    }

    /// A posting at a unit whose people the viewer manages.
    pub(super) async fn posting(&self, viewer: &Viewer, form: &PostingForm) -> Result<PostingDraft, Problem> {
        let draft = form.check().map_err(IdentityError::from)?;
        let mut conn = self.pool.acquire().await?;
        let path = units::path(&mut conn, draft.unit)
            .await?
            .ok_or(IdentityError::field("unit_id", "people-error-unit"))?;
        viewer
            .principal()?
            .require(Action::PersonManage, &Place { path: &path })?;
        Ok(draft)
    }

    pub(super) async fn require_manages(&self, me: &Principal, person: PersonId) -> Result<(), Problem> {
        if self.identity.may_manage(me, person).await? {
            Ok(())
        } else {
            Err(Problem::forbidden("people-refused"))
        }
    }

    /// A person's page, for who may see them: themselves, and who reads a unit where they hold or held a role.
    pub(super) async fn person_page(
        &self,
        viewer: &Viewer,
        me: &Principal,
        id: PersonId,
        posting: &PostingForm,
    ) -> Result<Value, Problem> {
        let person = self.person(id).await?;
        let postings = grants::of_person(&self.pool, id).await?;
        let manages = self.identity.may_manage(me, id).await?;
        let visible = self.visible(me, Action::UnitRead).await?;
        if let Some(units) = &visible
            && !manages
            && me.person != id
            && !grants::any_below(&self.pool, id, units).await?
        {
            return Err(Problem::not_found());
        }
        let (now, past): (Vec<_>, Vec<_>) = postings
            .into_iter()
            .partition(|posting| posting.valid_to.is_none_or(|last| last >= me.today));
        Ok(json!({
            "person": person,
            "postings": now,
            "past": past,
            "manages": manages,
            "is_me": me.person == id,
            "today": me.today,
            "form": posting,
            "roles": words::roles(&self.shell, viewer, &posting.role),
            "units": if manages { self.unit_choices(viewer, &posting.unit_id).await? } else { Vec::new() },
        }))
    }

    async fn newcomer_form(&self, viewer: &Viewer, form: &Newcomer) -> Result<Value, Problem> {
        Ok(json!({
            "form": form,
            "roles": words::roles(&self.shell, viewer, &form.posting.role),
            "units": self.unit_choices(viewer, &form.posting.unit_id).await?,
        }))
    }

    /// The invitation's link, shown once.
    pub(super) async fn invited(
        &self,
        viewer: &Viewer,
        invitation: &Invitation,
    ) -> Result<Response, Problem> {
        let link = format!(
            "{}/sign-in/invitation/{}",
            self.shell.config().base_url,
            invitation.secret.reveal()
        );
        let data = json!({ "person": self.person(invitation.person).await?, "link": link });
        Ok(self.shell.page(viewer, "identity/people/invited", &data))
    }
}
