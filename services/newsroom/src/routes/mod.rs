//! The public pages, their feeds and maps, the pictures, and the read API. Nobody signs in here: everything that this
//! service can reach has been published.

mod answer;
mod api;
mod feeds;
mod images;
mod pages;
mod short;
mod view;

use std::sync::Arc;

use chancery_clock::SharedClock;
use chancery_contracts::Service;
use chancery_media::Images;
use chancery_web::{Access, Routes, ServiceRoutes, Shell};

use crate::store::Store;

/// What the handlers work with.
#[derive(Debug, Clone)]
pub(crate) struct Newsroom {
    pub store: Store,
    pub shell: Shell,
    pub images: Arc<Images>,
    pub clock: SharedClock,
}

const PUBLISHED: Access = Access::Public("what is published is for everybody");
const SHORT: Access = Access::Public("short addresses stand in what is published");
const CRAWLERS: Access = Access::Public("tells crawlers what is public");

pub(crate) fn routes(newsroom: Newsroom) -> ServiceRoutes {
    Routes::new(Service::Newsroom)
        .get(PUBLISHED, "/press", pages::index_by_viewer)
        .get(PUBLISHED, "/press/vi", pages::index_vi)
        .get(PUBLISHED, "/press/en", pages::index_en)
        .get(PUBLISHED, "/press/{mission}", pages::room_by_viewer)
        .get(PUBLISHED, "/press/{mission}/{language}", pages::room)
        .get(
            PUBLISHED,
            "/press/{mission}/{language}/{year}/{month}/{day}/{slug}",
            pages::release,
        )
        .get(PUBLISHED, "/press/{mission}/{language}/atom.xml", feeds::atom)
        .get(PUBLISHED, "/press/images/{file}", images::image)
        .get(SHORT, "/s/{code}", short::follow)
        .get(CRAWLERS, "/press/sitemap.xml", feeds::sitemap_index)
        .get(CRAWLERS, "/press/{mission}/sitemap.xml", feeds::sitemap)
        .get(CRAWLERS, "/robots.txt", feeds::robots)
        .get(PUBLISHED, "/api/v1/releases", api::list)
        .get(PUBLISHED, "/api/v1/releases/{id}", api::show)
        .openapi(api::description())
        .finish(newsroom)
}
