//! The contact sheet of a collection, to print.

use std::sync::LazyLock;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_print::PrintError;
use chancery_web::{Args, Path, Problem, Viewer};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http::{HeaderValue, header};
use tokio::sync::Semaphore;

use super::files::disposition;
use super::opened::Opened;
use super::{App, view};
use crate::AssetError;
use crate::sheet::{self, Cell, MOST, Sheet};
use crate::store::{files, lists};

/// The longest side of a picture on a sheet, in pixels: one of the previews, which are made already.
const SIDE: u32 = 480;
/// The most bytes of one.
const BYTES: u64 = 4_000_000;
/// Pictures that are fetched at once.
const AHEAD: usize = 4;

/// A sheet holds all its pictures: a flood of readers waits instead of taking the memory.
static SEATS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// What of a collection the viewer may use, as pages.
pub(super) async fn pdf(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let opened = Opened::by(&app, &mut conn, &viewer, id).await?;
    let Opened {
        collection,
        unit,
        own,
        ids,
        usable,
        ..
    } = &opened;
    let now = app.library.clock.now();
    let shown: Vec<AssetId> = usable.iter().take(MOST).copied().collect();
    let rows = lists::cards(&mut conn, &shown, viewer.language.tag()).await?;
    drop(conn);

    let language = viewer.language;
    let say = |key: &str, args: Args| app.shell.message(language, key, &args);
    let count = |key: &str, count: usize| say(key, Args::from([("count".into(), count.into())]));
    let title = collection.name(language.tag()).to_owned();
    let about = [
        say(&format!("collection-kind-{}", collection.kind), Args::new()),
        view::name(&unit.names, language),
        app.shell.time(language, own.zone, now),
    ];
    let seat = SEATS.acquire().await.map_err(Problem::internal)?;
    let pictures: Vec<Option<Vec<u8>>> = stream::iter(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .map(|id| small(app.clone(), id))
        .buffered(AHEAD)
        .try_collect()
        .await?;
    let cells = rows.iter().zip(pictures).map(|(row, picture)| {
        let mut rights = say(&format!("asset-licence-{}", row.licence), Args::new());
        if let Some(ends) = row.ends_at {
            let at = app.shell.time(language, own.zone, ends);
            let until = say("giving-until", Args::from([("at".into(), at.into())]));
            rights = format!("{rights} · {until}");
        }
        Cell {
            picture,
            kind: say(&format!("asset-kind-{}", row.kind), Args::new()),
            name: row.title.clone().unwrap_or_else(|| row.file_name.clone()),
            lines: vec![row.credit.clone(), rights, opened.note(row.id).to_owned()],
        }
    });
    let cells: Vec<Cell> = cells.collect();
    let mut closing = Vec::new();
    if usable.len() > MOST {
        let args = Args::from([
            ("most".into(), MOST.into()),
            ("count".into(), usable.len().into()),
        ]);
        closing.push(say("giving-sheet-first", args));
    }
    if ids.len() > usable.len() {
        closing.push(count("collections-hidden", ids.len() - usable.len()));
    }
    let guidance = Some(collection.guidance.clone()).filter(|guidance| !guidance.is_empty());
    let sheet = Sheet {
        language: language.tag().to_owned(),
        title: title.clone(),
        about: about.join(" · "),
        guidance: guidance.map(|guidance| (say("collections-guidance", Args::new()), guidance)),
        cells,
        closing,
        lacking: say("giving-sheet-lacking", Args::new()),
    };
    let written = tokio::task::spawn_blocking(move || sheet::write(&sheet)).await;
    drop(seat);
    let pdf = match written.map_err(Problem::internal)? {
        Ok(pdf) => pdf,
        Err(PrintError::NoFont) => return Err(Problem::unavailable("giving-sheet-no-font")),
        Err(error) => return Err(Problem::internal(error)),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (
            header::CONTENT_DISPOSITION,
            disposition("inline", &format!("{title}.pdf"))?,
        ),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
    ];
    Ok((headers, pdf).into_response())
}

/// The small picture of an asset; none: none can be made of it.
async fn small(app: App, id: AssetId) -> Result<Option<Vec<u8>>, Problem> {
    let mut conn = app.connection().await?;
    let file = files::to_give(&mut conn, id).await?;
    drop(conn);
    let Some(file) = file else {
        return Ok(None);
    };
    let made = match app.opener.preview(&file, SIDE).await {
        Ok(made) => made,
        Err(AssetError::Media(error)) => {
            tracing::warn!(%error, asset = %id, "no picture for a sheet");
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let bytes = app.library.store.read(made.sha256, BYTES).await;
    Ok(Some(bytes.map_err(AssetError::from)?.to_vec()))
}
