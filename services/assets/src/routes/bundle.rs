//! Many files as one zip, of any size: what of a collection may leave at this moment, and a text that says the rest.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_directory::Unit;
use chancery_web::{Args, Language, Path, Problem, Query, Viewer};
use chrono::{DateTime, Utc};
use http::{HeaderValue, Method, header};
use sqlx::PgConnection;

use super::files::{Meant, attachment};
use super::notes::{LeftOut, Notes};
use super::{App, actor, view};
use crate::AssetError;
use crate::store::bundle::{self, Given, Taker};
use crate::store::collections::{self, Collection};
use crate::store::{lists, rights};
use crate::zip::{Content, Members, stream_of};

/// Where a bundle goes.
pub(super) struct Towards<'a> {
    /// For which unit.
    pub unit: &'a Unit,
    /// By which channel; none: it stays in the house.
    pub channel: Option<&'a str>,
    /// To colleagues, who may read guidance and notes, and know by name what they see in the house.
    pub inside: bool,
}

/// Files that go out at once.
pub(super) struct Bundle {
    name: String,
    given: Vec<Given>,
    members: Members,
}

impl Bundle {
    /// What of the collection may leave now.
    pub(super) async fn of(
        app: &App,
        conn: &mut PgConnection,
        language: Language,
        collection: &Collection,
        towards: &Towards<'_>,
    ) -> Result<Self, Problem> {
        let now = app.library.clock.now();
        let items = collections::members(&mut *conn, collection.id).await?;
        let ids: Vec<AssetId> = items.iter().map(|item| item.id).collect();
        let verdicts = rights::verdicts(&mut *conn, &ids, towards.unit.id, towards.channel, now).await?;
        let (may, refused): (Vec<_>, Vec<_>) = verdicts.into_iter().partition(|(_, why)| why.is_none());
        let may: Vec<AssetId> = may.into_iter().map(|(id, _)| id).collect();
        let given = bundle::files(&mut *conn, &may).await?;
        if given.is_empty() {
            return Err(Problem::conflict("collections-zip-nothing"));
        }
        let seen = if towards.inside {
            rights::usable(&mut *conn, &ids, towards.unit.id, None, now).await?
        } else {
            Vec::new()
        };
        let rows = lists::cards(conn, &seen, language.tag()).await?;
        let left_out: Vec<LeftOut> = refused
            .into_iter()
            .filter_map(|(id, why)| {
                let row = rows.iter().find(|row| row.id == id);
                let name = row.map(|row| row.title.clone().unwrap_or_else(|| row.file_name.clone()));
                why.map(|why| LeftOut { name, why })
            })
            .collect();

        let name = collection.name(language.tag()).to_owned();
        let mut members = Members::default();
        let mut notes = Notes::new(&app.shell, language, towards.unit.zone, &name, now);
        if towards.inside {
            notes.guidance(&collection.guidance);
        }
        for file in &given {
            let hash = file.sha256.parse().map_err(Problem::internal)?;
            let called = members.add(&file.name, Content::Stored(hash));
            let item = items.iter().find(|item| towards.inside && item.id == file.asset);
            notes.file(&called, file, item.map_or("", |item| &item.note));
        }
        notes.left_out(&left_out);
        let called = app.shell.message(language, "giving-notes-name", &Args::new());
        members.add(&called, Content::Text(notes.finish()));
        Ok(Self { name, given, members })
    }

    /// Fails when its first file cannot be read, so that what cannot be had costs nobody a download.
    pub(super) async fn probe(&self, app: &App) -> Result<(), Problem> {
        if let Some(first) = self.given.first() {
            let hash = first.sha256.parse().map_err(Problem::internal)?;
            app.library.store.get(hash).await.map_err(AssetError::from)?;
        }
        Ok(())
    }

    /// Writes down who took it.
    pub(super) async fn count(
        &self,
        conn: &mut PgConnection,
        taker: Taker,
        now: DateTime<Utc>,
    ) -> Result<(), Problem> {
        let assets: Vec<AssetId> = self.given.iter().map(|file| file.asset).collect();
        Ok(bundle::count(conn, &assets, taker, now).await?)
    }

    /// The zip, made while it is read.
    pub(super) fn send(self, app: &App) -> Result<Response, Problem> {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
            (
                header::CONTENT_DISPOSITION,
                attachment(&format!("{}.zip", self.name))?,
            ),
            (
                header::CACHE_CONTROL,
                HeaderValue::from_static("private, no-store"),
            ),
            // What streams is pressed already.
            (header::CONTENT_ENCODING, HeaderValue::from_static("identity")),
        ];
        Ok((headers, stream_of(app.library.store.clone(), self.members)).into_response())
    }
}

/// Of a collection, what may be used for the unit and the channel meant.
pub(super) async fn download(
    State(app): State<App>,
    viewer: Viewer,
    method: Method,
    Path(id): Path<CollectionId>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let actor = actor(&viewer)?;
    let (collection, _) = app.library.open_collection(&mut conn, actor, id).await?;
    let (unit, _) = view::stand(&mut conn, &viewer, Some(&meant.unit)).await?;
    actor.require(Action::AssetUse, &unit)?;
    let towards = Towards {
        unit: &unit,
        channel: meant.channel(),
        inside: true,
    };
    let bundle = Bundle::of(&app, &mut conn, viewer.language, &collection, &towards).await?;
    bundle.probe(&app).await?;
    if method == Method::HEAD {
        return bundle.send(&app);
    }
    let taker = Taker {
        unit: unit.id,
        person: Some(actor.person()),
        share: None,
    };
    bundle.count(&mut conn, taker, app.library.clock.now()).await?;
    bundle.send(&app)
}
