//! The calendar's pages, fragments and API, and who may use them. What touches an item is narrowed down to its unit by
//! the workflow.

mod amend;
mod api;
mod board;
mod break_glass;
mod campaigns;
mod compose;
mod cutting;
mod decide;
mod delegations;
mod editor;
mod form;
mod images;
mod items;
mod links;
mod log;
mod marks;
mod models;
mod names;
mod policy;
mod queue;
mod recurring;
mod release;
mod remarks;
mod taking_back;
mod templates;
mod today;
mod transitions;
mod translate;
mod versions;
mod view;
mod webhooks;
mod words;

use chancery_access::Action;
use chancery_contracts::Service;
use chancery_web::{Access, Problem, Routes, ServiceRoutes, Shell, Viewer};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;

use crate::hooks::Hooks;
use crate::workflow::{Actor, Workflow};

/// What every handler is given.
#[derive(Debug, Clone)]
struct App {
    workflow: Workflow,
    shell: Shell,
    hooks: Hooks,
}

impl App {
    async fn connection(&self) -> Result<PoolConnection<Postgres>, Problem> {
        Ok(self.workflow.pool.acquire().await?)
    }
}

/// The viewer as somebody who acts.
fn actor(viewer: &Viewer) -> Result<Actor<'_>, Problem> {
    Ok(Actor {
        principal: viewer.principal()?,
        request: Some(&viewer.request_id),
    })
}

pub(crate) fn routes(workflow: Workflow, hooks: Hooks, shell: Shell) -> ServiceRoutes {
    let read = Access::May(Action::ItemRead);
    let write = Access::May(Action::ItemWrite);
    let policy = Access::May(Action::PolicyManage);
    let upload = workflow.images.limits().max_bytes + 64 * 1024;
    let routes = Routes::new(Service::Calendar)
        .get(read, "/items", items::list)
        .get(write, "/items/new", items::choose)
        .post(write, "/items", items::create)
        .get(read, "/items/fragments/mine", items::mine)
        .get(read, "/items/{id}", items::page)
        .get(read, "/items/{id}/fragments/state", items::state)
        .get(read, "/items/{id}/fragments/timeline", items::timeline)
        .get(read, "/items/{id}/fragments/remarks", remarks::list)
        .get(read, "/items/{id}/fragments/people", remarks::people)
        .post(read, "/items/{id}/comments", remarks::begin)
        .post(read, "/items/{id}/comments/{thread}", remarks::reply)
        .post(read, "/items/{id}/comments/{thread}/resolve", remarks::resolve)
        .get(write, "/items/{id}/edit", compose::page)
        .post(write, "/items/{id}/edit", compose::save)
        .post(write, "/items/{id}/draft", compose::autosave)
        .get(write, "/items/{id}/fragments/checklist", compose::checklist)
        .get(write, "/items/{id}/fragments/preview", compose::preview)
        .get(write, "/items/{id}/fragments/presence", compose::presence)
        .get(write, "/items/{id}/fragments/time", compose::time)
        .post(write, "/items/{id}/copy/take", compose::take_copy)
        .post(write, "/items/{id}/copy/discard", compose::discard_copy)
        .upload(write, "/items/{id}/images", upload, images::add)
        .post(write, "/items/{id}/images/library", images::choose)
        .get(read, "/items/{id}/images/{image}", images::show)
        .post(write, "/items/{id}/images/{image}/remove", images::remove)
        .get(write, "/items/{id}/images/{image}/cut", cutting::page)
        .post(write, "/items/{id}/images/{image}/cut", cutting::cut)
        .post(read, "/items/{id}/approve", decide::approve)
        .post(read, "/items/{id}/request-changes", decide::request_changes)
        .post(write, "/items/{id}/reopen", decide::reopen)
        .post(read, "/items/{id}/cancel", decide::cancel)
        .get(read, "/items/{id}/release", release::page)
        .post(read, "/items/{id}/release", release::release)
        .post(read, "/items/{id}/break-glass/{order}/seen", break_glass::see)
        .get(read, "/approvals", queue::list)
        .post(read, "/approvals", queue::several)
        .get(read, "/approvals/fragments/waiting", queue::fragment)
        .get(read, "/approvals/delegations", delegations::page)
        .post(read, "/approvals/delegations", delegations::create)
        .post(read, "/approvals/delegations/{id}/end", delegations::end)
        .get(read, "/approvals/break-glass", break_glass::list)
        .post(read, "/approvals/{id}/break-glass", break_glass::order)
        .post(
            read,
            "/approvals/{id}/break-glass/{order}/confirm",
            break_glass::confirm,
        )
        .post(read, "/approvals/{id}/amend", amend::propose)
        .post(write, "/items/{id}/amendments/{amendment}/accept", amend::accept)
        .post(read, "/approvals/{id}/marks", marks::add)
        .post(read, "/approvals/{id}/marks/{mark}/remove", marks::remove)
        .post(write, "/items/{id}/marks/{mark}/settle", marks::settle)
        .get(read, "/approvals/{id}", decide::page)
        .get(read, "/campaigns", campaigns::list)
        .get(write, "/campaigns/new", campaigns::new)
        .post(write, "/campaigns", campaigns::create)
        .get(read, "/campaigns/{id}", campaigns::page)
        .get(write, "/campaigns/{id}/edit", campaigns::edit)
        .post(write, "/campaigns/{id}", campaigns::change)
        .post(write, "/campaigns/{id}/state", campaigns::turn)
        .get(read, "/items/{id}/translate/{variant}", translate::page)
        .post(write, "/items/{id}/translate/{variant}", translate::save)
        .post(
            write,
            "/items/{id}/translate/{variant}/draft",
            translate::autosave,
        )
        .post(read, "/items/{id}/translate/{variant}/pass", translate::pass)
        .get(read, "/items/{id}/versions", versions::page)
        .post(write, "/items/{id}/versions/{version}/restore", versions::restore)
        .get(read, "/names", names::list)
        .post(read, "/names", names::put)
        .get(read, "/names/new", names::new)
        .get(write, "/names/fragments/find", names::find)
        .upload(read, "/names/import", names::MAX_FILE + 64 * 1024, names::import)
        .get(read, "/names/{id}", names::edit)
        .post(read, "/names/{id}/remove", names::remove)
        .get(read, "/words", words::list)
        .post(read, "/words", words::put)
        .post(read, "/words/{id}/remove", words::remove)
        .get(policy, "/policy", policy::page)
        .post(policy, "/policy/rules", policy::put)
        .post(policy, "/policy/rules/{id}/remove", policy::remove)
        .post(policy, "/policy/deadlines", policy::deadlines)
        .post(policy, "/policy/reviewers", policy::reviewers);
    let routes = webhooks::add(today::add(links::add(models::add(board::add(api::add(routes))))));
    let routes = taking_back::add(routes);
    log::add(recurring::add(templates::add(routes))).finish(App {
        workflow,
        shell,
        hooks,
    })
}
