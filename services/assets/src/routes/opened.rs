//! A collection as somebody opens it: what is in it, and what of that they may use where they stand.

use chancery_access::Action;
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_directory::Unit;
use chancery_web::{Page, Pagination, Problem, Viewer};
use sqlx::PgConnection;

use super::{App, actor, view};
use crate::store::collections::{self, Collection, For, Listed, Member};
use crate::store::rights;

/// A collection that somebody may see.
pub(super) struct Opened {
    pub collection: Collection,
    /// Whose it is.
    pub unit: Unit,
    /// The unit for which they look.
    pub own: Unit,
    /// What is in it, in order.
    pub members: Vec<Member>,
    /// The same, by their ids.
    pub ids: Vec<AssetId>,
    /// Which of them their unit may use in the house now.
    pub usable: Vec<AssetId>,
}

impl Opened {
    /// Opens a collection, or says that there is none for this viewer.
    pub(super) async fn by(
        app: &App,
        conn: &mut PgConnection,
        viewer: &Viewer,
        id: CollectionId,
    ) -> Result<Self, Problem> {
        let (collection, unit) = app
            .library
            .open_collection(&mut *conn, actor(viewer)?, id)
            .await?;
        let (own, _) = view::stand(&mut *conn, viewer, None).await?;
        let members = collections::members(&mut *conn, id).await?;
        let ids: Vec<AssetId> = members.iter().map(|member| member.id).collect();
        let usable = rights::usable(conn, &ids, own.id, None, app.library.clock.now()).await?;
        Ok(Self {
            collection,
            unit,
            own,
            members,
            ids,
            usable,
        })
    }

    /// What is said of an asset there.
    pub(super) fn note(&self, asset: AssetId) -> &str {
        let member = self.members.iter().find(|member| member.id == asset);
        member.map_or("", |member| &member.note)
    }
}

/// A page of the collections that somebody sees.
pub(super) async fn listed(
    app: &App,
    viewer: &Viewer,
    pagination: &Pagination,
) -> Result<Page<Listed>, Problem> {
    let mut conn = app.connection().await?;
    let (unit, _) = view::stand(&mut conn, viewer, None).await?;
    let roots = viewer.principal()?.units_for(Action::AssetUse);
    let own = chancery_directory::ids_below(&mut conn, &roots).await?;
    let whom = For {
        own: &own,
        path: &unit.path,
        unit: unit.id,
        kind: &unit.kind,
        now: app.library.clock.now(),
    };
    let rows = collections::list(&mut conn, &whom, pagination.after()?, pagination.fetch()).await?;
    Ok(Page::new(rows, pagination, |row| row.id))
}
