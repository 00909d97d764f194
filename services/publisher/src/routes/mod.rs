//! Pages, fragments and API of accounts, deliveries and stops, and who may use them. What touches one unit is narrowed
//! down to it by the handler.

mod accounts;
mod api;
mod deliveries;
mod overview;
mod stops;

use chancery_access::{Action, Principal};
use chancery_contracts::Service;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Problem, Require, Routes, ServiceRoutes, Shell, Viewer};
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, Postgres};

use crate::engine::{Actor, Publisher};
use crate::error::PublisherError;

/// What every handler is given.
#[derive(Debug, Clone)]
struct App {
    publisher: Publisher,
    shell: Shell,
}

impl App {
    async fn connection(&self) -> Result<PoolConnection<Postgres>, Problem> {
        Ok(self.publisher.parts().pool.acquire().await?)
    }
}

/// The viewer as somebody who acts.
fn actor(viewer: &Viewer) -> Result<Actor, Problem> {
    Ok(Actor {
        person: Some(viewer.principal()?.person),
        request: Some(viewer.request_id.clone()),
        headquarters: viewer.can(Action::StopMinistry),
    })
}

/// Refuses unless the action may be done at this unit.
async fn require(
    conn: &mut PgConnection,
    who: &Principal,
    action: Action,
    unit: UnitId,
) -> Result<(), Problem> {
    let unit = chancery_directory::unit(conn, unit).await?;
    who.require(action, &unit.place())?;
    Ok(())
}

impl From<PublisherError> for Problem {
    fn from(error: PublisherError) -> Self {
        match error {
            PublisherError::Database(error) => error.into(),
            PublisherError::NotFound => Self::not_found(),
            PublisherError::Refused(key) => Self::conflict(key),
            other => Self::internal(other),
        }
    }
}

pub(crate) fn routes(publisher: Publisher, shell: Shell) -> ServiceRoutes {
    let read = Access::May(Action::DeliveryRead);
    let decide = Access::May(Action::DeliveryDecide);
    let accounts = Access::May(Action::AccountRead);
    let manage = Access::May(Action::AccountManage);
    let stop = Access::May(Action::StopPlace);
    let routes = Routes::new(Service::Publisher)
        .get(read, "/deliveries", deliveries::list)
        .post(decide, "/deliveries/release", deliveries::release)
        .get(read, "/deliveries/fragments/recent", deliveries::recent)
        .get(read, "/deliveries/fragments/attention", deliveries::attention)
        .get(read, "/deliveries/fragments/item/{item}", deliveries::of_item)
        .get(read, "/deliveries/{id}", deliveries::page)
        .get(read, "/deliveries/{id}/fragments/state", deliveries::state)
        .post(decide, "/deliveries/{id}/decide", deliveries::decide)
        .post(
            decide,
            "/deliveries/{id}/withdrawal",
            deliveries::decide_withdrawal,
        )
        .get(accounts, "/accounts", overview::list)
        .get(manage, "/accounts/new", accounts::new)
        .post(manage, "/accounts", accounts::create)
        .get(accounts, "/accounts/{id}", accounts::page)
        .post(manage, "/accounts/{id}/switch", accounts::switch)
        .post(manage, "/accounts/{id}/access-ends", accounts::access_ends)
        .post(manage, "/accounts/{id}/reconnect", accounts::reconnect)
        .get(stop, "/stops", stops::list)
        .post(stop, "/stops", stops::place)
        .get(Access::SignedIn, "/stops/fragments/banner", stops::banner)
        .get(stop, "/stops/fragments/button", stops::button)
        .get(stop, "/stops/{id}", stops::page)
        .post(stop, "/stops/{id}/lift", stops::lift);
    api::add(routes).finish(App { publisher, shell })
}
