//! Everything that a translator needs of an asset, as one zip.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::ids::AssetId;
use chancery_web::{Path, Problem, Query, Viewer};
use http::{HeaderValue, header};
use serde::Deserialize;

use super::files::{Meant, attachment, permitted};
use super::{App, actor};
use crate::model::language_tag;
use crate::opening::given_name;
use crate::store::{downloads, files};
use crate::xliff;
use crate::zip::{Content, Members, stream_of};

/// Into which language.
#[derive(Debug, Deserialize)]
pub(super) struct Into {
    #[serde(default)]
    into: String,
}

/// The clean file, subtitled versions, captions, the editable source, and the texts for each language.
pub(super) async fn download(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
    Query(wanted): Query<Into>,
    Query(meant): Query<Meant>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, _) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    drop(conn);
    let unit = permitted(&app, &viewer, (id, None), &meant).await?;
    let mut languages: BTreeSet<String> = BTreeSet::new();
    if !wanted.into.trim().is_empty() {
        let unknown =
            || Problem::invalid("rendition-language-unknown").field("into", "rendition-language-unknown");
        languages.insert(language_tag(&wanted.into).ok_or_else(unknown)?);
    }
    let mut conn = app.connection().await?;
    let mut members = Members::default();
    for file in files::of_asset(&mut conn, id).await? {
        if file.is_open() && file.is_current() {
            let hash = file.sha256.parse().map_err(Problem::internal)?;
            members.add(&file.name, Content::Stored(hash));
        }
    }
    let texts = &asset.details.texts;
    let name = given_name(&asset, "");
    let source = texts
        .iter()
        .find(|text| text.language == "vi")
        .or_else(|| texts.first());
    if let Some(source) = source {
        languages.extend(texts.iter().map(|text| text.language.clone()));
        languages.remove(&source.language);
        for language in &languages {
            let target = texts.iter().find(|text| text.language == *language);
            let document = xliff::document(&name, source, language, target).map_err(Problem::internal)?;
            let called = format!("{}-{language}.xlf", source.language);
            members.add(&called, Content::Text(document));
        }
    }
    let download = downloads::Download {
        asset: id,
        unit: Some(unit),
        person: Some(viewer.principal()?.person),
        share: None,
        what: "translation",
    };
    downloads::count(&mut conn, &download, app.library.clock.now()).await?;
    drop(conn);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}.zip"))?),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("private, no-store"),
        ),
        // What streams is pressed already.
        (header::CONTENT_ENCODING, HeaderValue::from_static("identity")),
    ];
    Ok((headers, stream_of(app.library.store.clone(), members)).into_response())
}
