//! Notifications: the bell of every page, and the list.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_web::{Arg, Args, Caller, Page, Pagination, Path, Problem, Query, Redirect, Viewer};
use serde_json::{Value, json};
use uuid::Uuid;

use super::App;
use crate::store::notifications::{self, Notification};

pub(crate) async fn bell(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
) -> Result<Response, Problem> {
    let unread = notifications::unread(&app.pool, me.person).await?;
    let data = json!({ "unread": unread, "many": unread > 99 });
    Ok(app.shell.fragment(&viewer, "identity/notifications/bell", &data))
}

pub(crate) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Caller(me): Caller,
    Query(pagination): Query<Pagination>,
) -> Result<Response, Problem> {
    let rows = notifications::list(
        &app.pool,
        me.person,
        pagination.after::<Uuid>()?,
        pagination.fetch(),
    )
    .await?;
    let page = Page::new(rows, &pagination, |row| row.id).map(|row| app.told(&viewer, &row));
    let data = json!({ "page": page, "first": pagination.after.is_none() });
    Ok(app.shell.page(&viewer, "identity/notifications/index", &data))
}

/// Marks as read and goes where it leads.
pub(crate) async fn open(
    State(app): State<App>,
    Caller(me): Caller,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    let link = notifications::open(&mut tx, me.person, id, app.identity.clock.now()).await?;
    notifications::touch(&mut tx, me.person).await?;
    tx.commit().await?;
    let link = link.ok_or_else(Problem::not_found)?;
    Ok(Redirect::to(link.unwrap_or_else(|| "/notifications".to_owned())).into_response())
}

pub(crate) async fn read_all(State(app): State<App>, Caller(me): Caller) -> Result<Response, Problem> {
    let mut tx = app.pool.begin().await?;
    notifications::read_all(&mut tx, me.person, app.identity.clock.now()).await?;
    notifications::touch(&mut tx, me.person).await?;
    tx.commit().await?;
    Ok(Redirect::to("/notifications").into_response())
}

impl App {
    /// A notification in the reader's language.
    fn told(&self, viewer: &Viewer, notification: &Notification) -> Value {
        let args: Args = notification
            .args
            .iter()
            .map(|(name, value)| (name.clone().into(), Arg::from(value.as_str())))
            .collect();
        json!({
            "id": notification.id,
            "text": self.shell.message(viewer.language, &notification.key, &args),
            "at": notification.created_at,
            "unread": notification.read_at.is_none(),
        })
    }
}
