//! Identity's pages, fragments and API. Each route says who may use it; handlers that touch a unit or a person narrow
//! that down.

mod api;
mod audit;
mod demo;
mod events;
mod mail;
mod mail_api;
mod me;
mod notifications;
mod people;
mod person_actions;
mod queue;
mod setup;
mod sign_in;
mod units;
mod visitor;
mod words;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chancery_access::{Action, Principal};
use chancery_contracts::Service;
use chancery_contracts::ids::UnitId;
use chancery_web::{Access, Problem, Routes, ServiceRoutes, Shell, Viewer};
use sqlx::PgPool;

use crate::live::Live;
use crate::mail::Mailer;
use crate::store;
use crate::{By, Deps, Identity, IdentityError};

/// What handlers are given.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub identity: Identity,
    pub pool: PgPool,
    pub shell: Shell,
    pub live: Live,
    pub trust_proxy: bool,
    /// None: no mail is sent.
    pub mailer: Option<Mailer>,
    /// Once true, always true.
    set_up: Arc<AtomicBool>,
}

pub(crate) fn routes(identity: Identity, deps: Deps) -> ServiceRoutes {
    let Deps {
        pool,
        shell,
        clock,
        trust_proxy,
        mailer,
        shutdown,
        ..
    } = deps;
    let demo = shell.config().demo;
    let live = Live::new(pool.clone(), clock, shutdown);
    let app = App {
        identity,
        pool,
        shell,
        live,
        trust_proxy,
        mailer,
        set_up: Arc::default(),
    };
    let routes = Routes::new(Service::Identity);
    let routes = sign_in_routes(routes);
    let routes = if demo { demo_routes(routes) } else { routes };
    let routes = administration_routes(people_routes(units_routes(own_routes(routes))));
    mail_api::routes(api::routes(routes)).finish(app)
}

fn sign_in_routes(routes: Routes<App>) -> Routes<App> {
    let sign_in = Access::Public("nobody is signed in yet");
    let invited = Access::Public("the link itself is the proof, once");
    let setup =
        Access::Public("the printed code is the proof, once, and only before there is an administrator");
    routes
        .get(sign_in, "/sign-in", sign_in::form)
        .post(sign_in, "/sign-in", sign_in::submit)
        .get(sign_in, "/sign-in/code", sign_in::code_form)
        .post(sign_in, "/sign-in/code", sign_in::code_submit)
        .post(sign_in, "/sign-in/enrol", sign_in::enrol_submit)
        .get(invited, "/sign-in/invitation/{token}", sign_in::invitation_form)
        .post(invited, "/sign-in/invitation/{token}", sign_in::invitation_submit)
        .post(
            Access::Public("ending a session needs nothing but the session"),
            "/sign-out",
            sign_in::sign_out,
        )
        .get(setup, "/setup", setup::form)
        .post(setup, "/setup", setup::submit)
        .get(Access::May(Action::UnitManage), "/setup/guide", setup::guide)
}

fn demo_routes(routes: Routes<App>) -> Routes<App> {
    let demo = Access::Public("the demonstration signs anybody in as one of its fictional people");
    routes
        .get(demo, "/demo", demo::page)
        .post(demo, "/demo", demo::submit)
}

fn own_routes(routes: Routes<App>) -> Routes<App> {
    let own = Access::SignedIn;
    routes
        .get(own, "/me", me::page)
        .post(own, "/me/preferences", me::preferences)
        .post(own, "/me/password", me::password)
        .post(own, "/me/sign-out-everywhere", me::sign_out_everywhere)
        .post(own, "/me/sessions/{id}/end", me::end_session)
        .post(own, "/me/mail", mail::choose)
        .post(own, "/me/mail/address", mail::clear_own)
        .get(own, "/me/second-factor", me::second_factor_form)
        .post(own, "/me/second-factor", me::second_factor_submit)
        .post(own, "/me/tokens", me::make_token)
        .post(own, "/me/tokens/{id}/revoke", me::revoke_token)
        .get(own, "/notifications", notifications::page)
        .get(own, "/notifications/fragments/bell", notifications::bell)
        .post(own, "/notifications/read-all", notifications::read_all)
        .post(own, "/notifications/{id}/open", notifications::open)
        .get(own, "/events", events::stream)
}

fn units_routes(routes: Routes<App>) -> Routes<App> {
    let (read, manage) = (Access::May(Action::UnitRead), Access::May(Action::UnitManage));
    routes
        .get(read, "/units", units::list)
        .get(manage, "/units/new", units::new_form)
        .post(manage, "/units", units::create)
        .get(read, "/units/{id}", units::show)
        .get(manage, "/units/{id}/edit", units::edit_form)
        .post(manage, "/units/{id}", units::update)
}

fn people_routes(routes: Routes<App>) -> Routes<App> {
    let (read, manage) = (Access::May(Action::UnitRead), Access::May(Action::PersonManage));
    routes
        .get(read, "/people", people::list)
        .get(manage, "/people/new", people::new_form)
        .post(manage, "/people", people::create)
        .get(read, "/people/{id}", people::show)
        .get(manage, "/people/{id}/edit", people::edit_form)
        .post(manage, "/people/{id}", people::update)
        .post(manage, "/people/{id}/postings", person_actions::grant)
        .post(
            manage,
            "/people/{id}/postings/{posting}/end",
            person_actions::end_posting,
        )
        .post(manage, "/people/{id}/invitation", person_actions::invite)
        .post(
            manage,
            "/people/{id}/second-factor/reset",
            person_actions::reset_second_factor,
        )
        .post(manage, "/people/{id}/deactivate", person_actions::deactivate)
        .post(manage, "/people/{id}/reactivate", person_actions::reactivate)
}

fn administration_routes(routes: Routes<App>) -> Routes<App> {
    let queue = Access::May(Action::QueueManage);
    routes
        .get(Access::May(Action::AuditRead), "/audit", audit::page)
        .get(queue, "/queue", queue::page)
        .get(queue, "/queue/jobs/{id}", queue::job)
        .post(queue, "/queue/jobs/{id}/retry", queue::retry)
        .post(queue, "/queue/jobs/{id}/discard", queue::discard)
        .post(queue, "/queue/pauses", queue::pause)
        .post(queue, "/queue/pauses/{id}/resume", queue::resume)
        .get(queue, "/mail", mail::page)
        .post(queue, "/mail/test", mail::test)
        .post(queue, "/mail/{id}/again", mail::again)
        .post(queue, "/mail/bouncing/{person}/clear", mail::clear)
}

impl App {
    /// In whose name a request changes something.
    fn by(viewer: &Viewer) -> By<'_> {
        By {
            actor: viewer.principal.as_ref().map(|principal| principal.person),
            request_id: Some(&viewer.request_id),
        }
    }

    /// The units at which, and below which, `principal` may do this; `None`: at the ministry, so everywhere.
    async fn visible(&self, principal: &Principal, action: Action) -> Result<Option<Vec<UnitId>>, Problem> {
        let units = principal.units_for(action);
        let mut conn = self.pool.acquire().await?;
        let root = store::units::root(&mut conn).await?;
        Ok((!root.is_some_and(|root| units.contains(&root))).then_some(units))
    }

    /// Whether there is an administrator, so that a stranger is asked to sign in rather than to set up.
    async fn is_set_up(&self) -> Result<bool, IdentityError> {
        if self.set_up.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let done = self.identity.is_set_up().await?;
        self.set_up.store(done, Ordering::Relaxed);
        Ok(done)
    }
}
