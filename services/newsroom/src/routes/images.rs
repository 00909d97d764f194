use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_media::ImageError;
use chancery_storage::{ContentHash, StorageError};
use chancery_web::{ETag, Path, Problem};
use http::{HeaderMap, HeaderValue, header};

use super::Newsroom;
use super::view::NARROW;

/// What an address under `/press/images/` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Asked {
    source: ContentHash,
    /// None: as published.
    width: Option<u32>,
}

/// A picture, while a release that stands shows it. Without that the store's other pictures, of drafts and of what
/// was withdrawn, could be had by whoever knows or guesses a hash.
pub(super) async fn image(
    State(newsroom): State<Newsroom>,
    headers: HeaderMap,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let asked = parse(&file).ok_or_else(Problem::not_found)?;
    let source = asked.source.to_string();
    let mime = newsroom
        .store
        .shown_image(&source)
        .await?
        .ok_or_else(Problem::not_found)?;

    let tag = ETag::of_version(&file);
    let mut response = if tag.is_held_by(&headers) {
        tag.not_modified()
    } else {
        let (hash, mime) = match asked.width {
            Some(width) => (
                narrow(&newsroom, asked.source, width).await?,
                "image/jpeg".to_owned(),
            ),
            None => (asked.source, mime),
        };
        let object = newsroom.images.store().get(hash).await.map_err(refused)?;
        let headers = [
            (header::CONTENT_TYPE, mime),
            (header::CONTENT_LENGTH, object.size.to_string()),
        ];
        (headers, Body::from_stream(object.bytes)).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag.header());
    // The bytes never change, but a withdrawal takes the picture with it.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    // Feed readers and newspapers show it on their own pages.
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    Ok(response)
}

/// The smaller copy: made once, when first asked for.
async fn narrow(newsroom: &Newsroom, source: ContentHash, width: u32) -> Result<ContentHash, Problem> {
    let (name, column) = (
        source.to_string(),
        i32::try_from(width).map_err(Problem::internal)?,
    );
    let known = newsroom.store.thumbnail(&name, column).await?;
    if let Some(hash) = known.and_then(|hash| hash.parse().ok()) {
        return Ok(hash);
    }
    let made = newsroom
        .images
        .narrower(source, width)
        .await
        .map_err(|error| match error {
            ImageError::Storage(error) => refused(error),
            error => Problem::internal(error),
        })?;
    newsroom
        .store
        .keep_thumbnail(&name, column, &made.sha256.to_string())
        .await?;
    Ok(made.sha256)
}

fn refused(error: StorageError) -> Problem {
    match error {
        StorageError::NotFound(_) => Problem::not_found(),
        error => Problem::internal(error),
    }
}

/// `HASH.jpg`, or `HASH-480.jpg` for one of the widths that pages offer.
fn parse(file: &str) -> Option<Asked> {
    let (name, extension) = file.split_once('.')?;
    let (hash, width) = match name.split_once('-') {
        Some((hash, width)) => (
            hash,
            Some(width.parse().ok().filter(|width| NARROW.contains(width))?),
        ),
        None => (name, None),
    };
    let known = if width.is_some() {
        extension == "jpg"
    } else {
        ["jpg", "png", "webp"].contains(&extension)
    };
    if !known {
        return None;
    }
    Some(Asked {
        source: hash.parse().ok()?,
        width,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashes_and_known_widths_are_files() {
        let hash = ContentHash::of(b"x");
        assert_eq!(
            parse(&format!("{hash}.png")),
            Some(Asked {
                source: hash,
                width: None
            })
        );
        assert_eq!(
            parse(&format!("{hash}-480.jpg")),
            Some(Asked {
                source: hash,
                width: Some(480)
            })
        );
        for bad in [
            "",
            "x.jpg",
            &format!("{hash}"),
            &format!("{hash}-481.jpg"),
            &format!("{hash}-480.png"),
            "../../etc/passwd.jpg",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
