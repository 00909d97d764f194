//! The library's pages, fragments, files and API, and who may use them. What touches an asset is narrowed down to its
//! unit by the library.

mod adapt;
mod api;
mod arranging;
mod asset;
mod bundle;
mod collections;
mod edit;
mod files;
mod grid;
mod many;
mod notes;
mod opened;
mod parts;
mod player;
mod range;
mod renditions;
mod shared;
mod sheet;
mod still;
mod translation;
mod upload_page;
mod uploads;
mod view;

use chancery_access::Action;
use chancery_contracts::Service;
use chancery_web::{Access, Problem, Routes, ServiceRoutes, Shell, Viewer};
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use utoipa::OpenApi as _;

use crate::opening::Opener;
use crate::uploads::Uploads;
use crate::{Actor, Library};

/// What every handler is given.
#[derive(Debug, Clone)]
struct App {
    library: Library,
    opener: Opener,
    uploads: Uploads,
    shell: Shell,
}

impl App {
    async fn connection(&self) -> Result<PoolConnection<Postgres>, Problem> {
        Ok(self.library.pool.acquire().await?)
    }
}

/// The viewer as somebody who acts.
fn actor(viewer: &Viewer) -> Result<Actor<'_>, Problem> {
    Ok(Actor {
        principal: viewer.principal()?,
        request: Some(&viewer.request_id),
    })
}

pub(crate) fn routes(library: Library, uploads: Uploads, opener: Opener, shell: Shell) -> ServiceRoutes {
    let read = Access::May(Action::AssetRead);
    let contribute = Access::May(Action::AssetContribute);
    let steward = Access::May(Action::AssetSteward);
    let take = Access::May(Action::AssetUse);
    let link = Access::Public("people outside come by a secret link");
    let routes =
        api::add(parts::add(uploads::add(Routes::new(Service::Assets)))).openapi(api::Description::openapi());
    let routes = routes
        .get(read, "/assets", grid::page)
        .get(read, "/assets/pick", grid::pick)
        .get(steward, "/assets/review", many::review)
        .get(steward, "/assets/ending", many::ending)
        .get(steward, "/assets/fragments/waiting", many::waiting)
        .post(read, "/assets/many", many::act)
        .get(contribute, "/assets/bulk/{id}", many::bulk)
        .post(contribute, "/assets/bulk/{id}/undo", many::undo)
        .post(read, "/assets/searches", many::keep_search)
        .post(read, "/assets/searches/{id}/forget", many::forget_search)
        .get(read, "/assets/{id}", asset::page)
        .post(contribute, "/assets/{id}", asset::act)
        .get(contribute, "/assets/{id}/edit", edit::page)
        .post(contribute, "/assets/{id}/edit", edit::save)
        .get(read, "/assets/{id}/fragments/glance", grid::glance)
        .get(read, "/assets/{id}/fragments/alike", grid::alike)
        .get(read, "/assets/{id}/preview/{width}", files::preview)
        .get(take, "/assets/{id}/download", files::download)
        .get(read, "/assets/{id}/play", player::play)
        .post(read, "/assets/{id}/play/again", player::again)
        .get(read, "/assets/{id}/captions/{language}", player::captions)
        .get(read, "/assets/{id}/fragments/preview", asset::preview)
        .get(read, "/assets/{id}/fragments/player", player::fragment)
        .get(read, "/assets/{id}/adapt", adapt::page)
        .post(read, "/assets/{id}/adapt", adapt::order)
        .post(steward, "/assets/{id}/logo", adapt::offer)
        .get(read, "/assets/{id}/still", still::show)
        .get(read, "/assets/{id}/fragments/renditions", renditions::list)
        .get(read, "/assets/{id}/renditions/{rendition}", renditions::download)
        .post(
            read,
            "/assets/{id}/renditions/{rendition}/again",
            renditions::again,
        )
        .get(read, "/assets/{id}/renditions/{rendition}/look", renditions::look)
        .get(take, "/assets/{id}/translation", translation::download)
        .get(read, "/assets/{id}/files/{file}", files::one)
        .get(read, "/collections", collections::list)
        .get(take, "/collections/new", collections::new)
        .post(take, "/collections", collections::create)
        .get(read, "/collections/{id}", collections::page)
        .get(read, "/collections/{id}/sheet.pdf", sheet::pdf)
        .get(take, "/collections/{id}/zip", bundle::download)
        .get(take, "/collections/{id}/edit", collections::edit)
        .post(take, "/collections/{id}", collections::change)
        .post(take, "/collections/{id}/arrange", arranging::arrange)
        .post(take, "/collections/{id}/shares", collections::share)
        .post(take, "/collections/{id}/shares/{share}/end", collections::revoke)
        .get(link, "/shared/{token}", shared::page)
        .post(link, "/shared/{token}", shared::unlock)
        .get(link, "/shared/{token}/zip", shared::zip)
        .get(link, "/shared/{token}/{asset}/preview", shared::preview)
        .get(link, "/shared/{token}/{asset}/play", shared::play)
        .get(
            link,
            "/shared/{token}/{asset}/captions/{language}",
            shared::captions,
        )
        .get(link, "/shared/{token}/{asset}/download", shared::download);
    routes.finish(App {
        library,
        opener,
        uploads,
        shell,
    })
}
