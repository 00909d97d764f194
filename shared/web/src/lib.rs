//! The web shell: what every page and every API answer shares, so that a service's route is only about its subject.
//!
//! A service builds its routes with [`Routes`], each with its [`Access`]; handlers take a [`Viewer`], the extractors
//! [`Form`], [`Query`], [`Json`] and [`Path`], and return a page ([`Shell::page`]), a fragment ([`Shell::fragment`]),
//! a [`Redirect`] or a [`Problem`]. The binary puts all services together with [`Shell::app`].
//!
//! ```ignore
//! async fn rename(
//!     State(app): State<App>, viewer: Viewer, Path(id): Path<ItemId>, Form(form): Form<Rename>,
//! ) -> Result<Response, Problem> {
//!     let item = app.store.item(id).await?.ok_or_else(Problem::not_found)?;
//!     viewer.principal()?.require(Action::ItemWrite, &Place { path: &item.unit_path })?;
//!     if form.title.trim().is_empty() {
//!         let problem = Problem::invalid("item-not-saved").field("title", "item-title-missing");
//!         return Ok(app.shell.refused(&viewer, "calendar/items/edit", &json!({ "form": form }), &problem));
//!     }
//!     app.store.rename(id, &form.title).await?;
//!     Ok(Redirect::to(format!("/items/{id}")).flash("item-saved").into_response())
//! }
//! ```
//!
//! Templates begin with `{{#> layout/app title=(t "items-title")}}` (or `layout/plain` before anybody is signed in) and
//! call the helpers of `helpers.rs`: `t`, `name`, `date`, `datetime`, `clocks`, `number`, `size`, `icon`, `static`, `can`,
//! `country_name`, `language_name`, `csrf_field`, `field_error`, `invalid`, `concat`, `json`, `initial`. Without an
//! argument such a word is the field of that name; a field called `title` is `this.title`, since the layout's argument
//! hides it.
//!
//! Templates are in `templates/SERVICE/…/*.hbs`, messages in `templates/locales/{vi,en}/SERVICE.ftl`, browser sources
//! in `shared/web/browser`. Nothing that comes from people reaches a page unescaped: `{{{…}}}` is forbidden by a test.

mod answer;
mod app;
mod cookies;
mod csrf;
mod etag;
mod extract;
mod files;
mod headquarters;
mod helpers;
mod language;
mod locales;
mod names;
mod own;
mod pagination;
mod problem;
mod problem_text;
mod redirect;
mod routes;
mod session;
mod shell;
mod sizes;
mod statics;
mod templates;
mod times;
mod viewer;

pub use app::{App, RequestId};
pub use cookies::token_hash;
pub use etag::ETag;
pub use extract::{Form, Json, Path, Query};
pub use files::has_browser_files;
pub use language::{Language, UnknownLanguage};
pub use locales::{Arg, Args, Locales};
pub use names::plain;
pub use pagination::{DEFAULT_LIMIT, MAX_LIMIT, Page, Pagination};
pub use problem::{Details, FieldProblem, Forbidden, Kind, Problem, Require};
pub use redirect::{Redirect, local};
pub use routes::{Access, FORM_LIMIT, RouteInfo, Routes, ServiceRoutes};
pub use shell::{Shell, ShellConfig, ShellError};
pub use viewer::{Caller, Flash, Theme, Viewer, ViewerData};
