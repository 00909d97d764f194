//! What people choose to get by mail, on their own page; and the administrator's page of mail.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::Origin;
use chancery_contracts::identity::SendMail;
use chancery_contracts::ids::PersonId;
use chancery_queue::Outgoing;
use chancery_web::{Caller, Form, Path, Problem, Redirect, Viewer};
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use crate::mail;
use crate::model::mail::MailKind;
use crate::model::person;
use crate::store::audit::{self, Record};
use crate::store::mails::{self, BouncingAddress, FailedMail, MailChoice, MailCounts, New};

/// What the administrator sees of mail.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct MailStatus {
    /// The mail server, `host:port`; none: nothing is sent.
    pub server: Option<String>,
    /// The address that mails come from.
    pub from: Option<String>,
    /// Of those made in the last seven days.
    pub counts: MailCounts,
    /// The latest fifty that failed.
    pub failed: Vec<FailedMail>,
    /// Addresses to which nothing more is sent.
    pub bouncing: Vec<BouncingAddress>,
}

impl App {
    /// What one's own page shows of mail.
    pub(super) async fn own_mail(&self, me: PersonId) -> Result<Value, Problem> {
        let choice = self.mail_choice(me).await?;
        let kinds: Vec<_> = MailKind::ALL
            .iter()
            .map(|kind| json!({ "value": kind, "chosen": choice.kinds.contains(kind) }))
            .collect();
        Ok(json!({
            "on": self.mailer.is_some(),
            "vi": choice.language == "vi",
            "kinds": kinds,
            "bouncing": !mails::bouncing(&self.pool, Some(me)).await?.is_empty(),
        }))
    }

    pub(super) async fn mail_choice(&self, me: PersonId) -> Result<MailChoice, Problem> {
        mails::choice(&self.pool, me)
            .await?
            .ok_or_else(Problem::not_found)
    }

    pub(super) async fn choose_mail(&self, me: PersonId, choice: &MailChoice) -> Result<(), Problem> {
        if !person::is_language(&choice.language) {
            return Err(Problem::invalid("problem-invalid").field("mail_language", "people-error-language"));
        }
        Ok(mails::choose(&self.pool, me, choice, self.identity.clock.now()).await?)
    }

    pub(super) async fn mail_status(&self) -> Result<MailStatus, Problem> {
        let week = self.identity.clock.now() - TimeDelta::days(7);
        Ok(MailStatus {
            server: self.mailer.as_ref().map(|mailer| mailer.place().to_owned()),
            from: self.mailer.as_ref().map(mail::Mailer::address),
            counts: mails::counts(&self.pool, week).await?,
            failed: mails::failed(&self.pool).await?,
            bouncing: mails::bouncing(&self.pool, None).await?,
        })
    }

    /// Puts a test mail to the caller on its way.
    pub(super) async fn test_mail(&self, viewer: &Viewer, me: PersonId) -> Result<Uuid, Problem> {
        if self.mailer.is_none() {
            return Err(Problem::conflict("mail-admin-off"));
        }
        let clock = &self.identity.clock;
        let (id, cause) = (clock.new_id(), clock.new_id());
        let mut tx = self.pool.begin().await?;
        let new = New {
            id,
            person: me,
            kind: "test",
            cause,
            unit: None,
            notification: None,
            letter: None,
            now: clock.now(),
        };
        mails::insert(&mut tx, &new).await?;
        Self::note_mail(&mut tx, viewer, "mail.tested", me).await?;
        let message = Outgoing::new(SendMail { mail: id }, &Origin::default());
        chancery_queue::send(&mut tx, &message)
            .await
            .map_err(Problem::internal)?;
        tx.commit().await?;
        Ok(id)
    }

    pub(super) async fn mail_again(&self, id: Uuid) -> Result<(), Problem> {
        if self.mailer.is_none() {
            return Err(Problem::conflict("mail-admin-off"));
        }
        let mut tx = self.pool.begin().await?;
        if !mails::again(&mut tx, id).await? {
            return Err(Problem::not_found());
        }
        let message = Outgoing::new(SendMail { mail: id }, &Origin::default());
        chancery_queue::send(&mut tx, &message)
            .await
            .map_err(Problem::internal)?;
        tx.commit().await?;
        Ok(())
    }

    pub(super) async fn clear_address(&self, viewer: &Viewer, person: PersonId) -> Result<(), Problem> {
        let mut tx = self.pool.begin().await?;
        if !mails::clear(&mut tx, person).await? {
            return Err(Problem::not_found());
        }
        Self::note_mail(&mut tx, viewer, "mail.address_cleared", person).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn note_mail(
        conn: &mut sqlx::PgConnection,
        viewer: &Viewer,
        action: &'static str,
        person: PersonId,
    ) -> Result<(), Problem> {
        let by = Self::by(viewer);
        let record = Record {
            actor: by.actor,
            unit: None,
            action,
            subject_kind: "person",
            subject: Some(person.0),
            detail: json!({}),
            request_id: by.request_id,
        };
        Ok(audit::append(conn, record).await?)
    }
}

/// `mail_language` and a repeated `kind`.
pub(crate) async fn choose(
    State(app): State<App>,
    Caller(me): Caller,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let language = fields.iter().find(|(name, _)| name == "mail_language");
    let kinds: Result<Vec<MailKind>, _> = fields
        .iter()
        .filter(|(name, _)| name == "kind")
        .map(|(_, word)| word.parse())
        .collect();
    let choice = MailChoice {
        language: language.map(|(_, tag)| tag.clone()).unwrap_or_default(),
        kinds: kinds.map_err(|_| Problem::invalid("problem-invalid").field("kind", "mail-error-kind"))?,
    };
    app.choose_mail(me.person, &choice).await?;
    Ok(Redirect::to("/me").flash("mail-saved").into_response())
}

/// One's own address takes mail again, as its owner says.
pub(crate) async fn clear_own(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
) -> Result<Response, Problem> {
    app.clear_address(&viewer, me.person).await?;
    Ok(Redirect::to("/me").flash("mail-cleared").into_response())
}

pub(crate) async fn page(State(app): State<App>, viewer: Viewer) -> Result<Response, Problem> {
    let status = app.mail_status().await?;
    Ok(app.shell.page(&viewer, "identity/mail/index", &status))
}

pub(crate) async fn test(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
) -> Result<Response, Problem> {
    app.test_mail(&viewer, me.person).await?;
    Ok(Redirect::to("/mail").flash("mail-admin-tested").into_response())
}

pub(crate) async fn again(State(app): State<App>, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    app.mail_again(id).await?;
    Ok(Redirect::to("/mail")
        .flash("mail-admin-sent-again")
        .into_response())
}

pub(crate) async fn clear(
    State(app): State<App>,
    viewer: Viewer,
    Path(person): Path<PersonId>,
) -> Result<Response, Problem> {
    app.clear_address(&viewer, person).await?;
    Ok(Redirect::to("/mail").flash("mail-cleared").into_response())
}
