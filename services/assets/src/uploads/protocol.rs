//! The words of resumable upload: [tus 1.0](https://tus.io/protocols/resumable-upload), its core with the extensions
//! creation, creation-with-upload, termination, expiration and checksum. Pure: headers in, values out.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chancery_contracts::ids::{AssetId, UnitId};
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use uuid::Uuid;

use super::checksum::Checksum;
use super::{MOST_BYTES, NewUpload};
use crate::intake::{Batch, Purpose};
use crate::model::FileRole;
use crate::uploads::Content;

/// The version that is spoken.
pub const VERSION: &str = "1.0.0";
/// What is spoken beyond the core.
pub const EXTENSIONS: &str = "creation,creation-with-upload,termination,expiration,checksum";
/// The sums by which a sender may vouch for what it sends.
pub const ALGORITHMS: &str = "sha1,sha256";
/// Longest `Upload-Metadata`, in bytes: a path of 255 letters in base64 takes a kilobyte.
const LONGEST_METADATA: usize = 8_192;
/// Longest path of a file, in characters.
const LONGEST_NAME: usize = 1_000;
/// Longest name of a batch, in characters.
const LONGEST_BATCH: usize = 200;

/// `Tus-Resumable`: in every request and every answer.
pub const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
/// `Upload-Offset`: where the upload continues, in bytes.
pub const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
/// `Upload-Length`: how long the file is, in bytes.
pub const LENGTH: HeaderName = HeaderName::from_static("upload-length");
/// `Upload-Metadata`: what the sender says of the file.
pub const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// `Upload-Expires`: until when the upload can be gone on with.
pub const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");

/// `Upload-Checksum`: the sum of the request's body, as `sha256 BASE64`.
pub const CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");

/// Why a request is refused before anybody looks at an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Another version of the protocol, or none: 412.
    #[error("only tus {VERSION} is spoken")]
    Version,
    /// Not `application/offset+octet-stream`: 415.
    #[error("the body must be application/offset+octet-stream")]
    Type,
    /// A header that must be there is missing or no number: 400.
    #[error("the header {0} is missing or wrong")]
    Header(&'static str),
    /// The file is longer than is taken: 413.
    #[error("more than {MOST_BYTES} bytes")]
    TooLarge,
    /// What is said of the file is too long, unreadable or contradictory: 400, the word that is wrong.
    #[error("the metadata's {0} is missing or wrong")]
    Metadata(&'static str),
}

/// Insists on the version.
///
/// # Errors
/// [`Refused::Version`].
pub fn check_version(headers: &HeaderMap) -> Result<(), Refused> {
    let version = headers.get(RESUMABLE).and_then(|value| value.to_str().ok());
    if version == Some(VERSION) {
        Ok(())
    } else {
        Err(Refused::Version)
    }
}

/// Whether the request brings bytes of a file.
#[must_use]
pub fn brings_bytes(headers: &HeaderMap) -> bool {
    let mime = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    mime.is_some_and(|mime| {
        mime.trim()
            .eq_ignore_ascii_case("application/offset+octet-stream")
    })
}

/// Where a `PATCH` goes on.
///
/// # Errors
/// [`Refused::Type`], [`Refused::Header`].
pub fn offset(headers: &HeaderMap) -> Result<u64, Refused> {
    if !brings_bytes(headers) {
        return Err(Refused::Type);
    }
    number(headers, &OFFSET).ok_or(Refused::Header("Upload-Offset"))
}

/// How many bytes the body says that it has.
#[must_use]
pub fn body_length(headers: &HeaderMap) -> Option<u64> {
    number(headers, &header::CONTENT_LENGTH)
}

/// The sum that the body must have, if its sender says so.
///
/// # Errors
/// [`Refused::Header`]: no sum that is spoken here.
pub fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Refused> {
    let Some(value) = headers.get(CHECKSUM) else {
        return Ok(None);
    };
    let read = value.to_str().ok().and_then(Checksum::read);
    read.map(Some).ok_or(Refused::Header("Upload-Checksum"))
}

/// What a `POST` wants to begin.
///
/// # Errors
/// [`Refused::Header`], [`Refused::TooLarge`], [`Refused::Metadata`].
pub fn creation(headers: &HeaderMap) -> Result<NewUpload, Refused> {
    let length = number(headers, &LENGTH).ok_or(Refused::Header("Upload-Length"))?;
    if length > MOST_BYTES {
        return Err(Refused::TooLarge);
    }
    let raw = match headers.get(METADATA) {
        None => "",
        Some(value) => value.to_str().map_err(|_| Refused::Metadata("encoding"))?,
    };
    let said = Said::read(raw)?;
    Ok(NewUpload {
        unit: UnitId(said.id("unit")?.ok_or(Refused::Metadata("unit"))?),
        name: said.name()?,
        length: Some(length),
        metadata: raw.to_owned(),
        batch: said.batch()?,
        content: match said.text("content") {
            None | Some("file") => Content::File,
            Some("addresses") => Content::Addresses,
            Some(_) => return Err(Refused::Metadata("content")),
        },
        purpose: said.purpose()?,
    })
}

/// `Upload-Expires`, in the date format of RFC 9110.
#[must_use]
pub fn expires(at: DateTime<Utc>) -> Option<HeaderValue> {
    HeaderValue::from_str(&at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}

/// A header that is one decimal number and nothing else.
fn number(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `Upload-Metadata`, decoded: `key base64,key base64,flag`.
struct Said<'a>(HashMap<&'a str, String>);

impl<'a> Said<'a> {
    fn read(raw: &'a str) -> Result<Self, Refused> {
        if raw.len() > LONGEST_METADATA {
            return Err(Refused::Metadata("length"));
        }
        let mut said = HashMap::new();
        for pair in raw.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
            let value = STANDARD
                .decode(value.trim())
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok())
                // PostgreSQL holds no NUL.
                .filter(|text| !text.contains('\0'))
                .ok_or(Refused::Metadata("encoding"))?;
            if said.insert(key, value).is_some() {
                return Err(Refused::Metadata("encoding"));
            }
        }
        Ok(Self(said))
    }

    /// What is said under `key`, if it says anything. Browsers' libraries send `null` for nothing.
    fn text(&self, key: &str) -> Option<&str> {
        let text = self.0.get(key)?.trim();
        (!text.is_empty() && text != "null").then_some(text)
    }

    fn id(&self, key: &'static str) -> Result<Option<Uuid>, Refused> {
        self.text(key)
            .map(|text| text.parse().map_err(|_| Refused::Metadata(key)))
            .transpose()
    }

    /// With its folders, where the sender knows them.
    fn name(&self) -> Result<String, Refused> {
        let name = ["relativePath", "filename", "name"]
            .into_iter()
            .find_map(|key| self.text(key))
            .ok_or(Refused::Metadata("filename"))?;
        bounded(name, LONGEST_NAME, "filename")
    }

    fn batch(&self) -> Result<Option<Batch>, Refused> {
        let Some(id) = self.id("batch")? else {
            return Ok(None);
        };
        let name = bounded(self.text("batchName").unwrap_or("-"), LONGEST_BATCH, "batchName")?;
        Ok(Some(Batch { id, name }))
    }

    fn purpose(&self) -> Result<Purpose, Refused> {
        let Some(asset) = self.id("asset")? else {
            return Ok(Purpose::New);
        };
        let role: FileRole = self
            .text("role")
            .unwrap_or("original")
            .parse()
            .map_err(|_| Refused::Metadata("role"))?;
        let language = self.text("language").map(str::to_owned);
        Ok(Purpose::Part {
            asset: AssetId(asset),
            role,
            language,
        })
    }
}

fn bounded(text: &str, most: usize, key: &'static str) -> Result<String, Refused> {
    if text.chars().count() > most {
        return Err(Refused::Metadata(key));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    const UNIT: &str = "0198f2b0-0000-7000-8000-000000000001";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    fn metadata(pairs: &[(&str, &str)]) -> String {
        let pairs = pairs
            .iter()
            .map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
        pairs.collect::<Vec<_>>().join(",")
    }

    fn created(length: &str, pairs: &[(&str, &str)]) -> Result<NewUpload, Refused> {
        creation(&headers(&[
            ("upload-length", length),
            ("upload-metadata", &metadata(pairs)),
        ]))
    }

    #[test]
    fn what_is_said_of_a_file_is_read() {
        let upload = created(
            "1024",
            &[
                ("filename", "ảnh.jpg"),
                ("relativePath", "Quốc khánh/ảnh.jpg"),
                ("unit", UNIT),
                ("batch", "0198f2b0-0000-7000-8000-000000000002"),
                ("batchName", "Quốc khánh"),
                ("type", "image/jpeg"),
            ],
        )
        .unwrap();
        assert_eq!(upload.name, "Quốc khánh/ảnh.jpg");
        assert_eq!(upload.length, Some(1024));
        assert_eq!(upload.unit.to_string(), UNIT);
        assert_eq!(upload.batch.unwrap().name, "Quốc khánh");
        assert_eq!(upload.purpose, Purpose::New);
        let plain = created(
            "0",
            &[("filename", "a"), ("unit", UNIT), ("relativePath", "null")],
        )
        .unwrap();
        assert_eq!((plain.name.as_str(), plain.length), ("a", Some(0)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let good = [("filename", "a.jpg"), ("unit", UNIT)];
        for length in ["", "-1", "+1", "1.5", "1e9", " 1", "99999999999999999999999"] {
            assert_eq!(
                created(length, &good).unwrap_err(),
                Refused::Header("Upload-Length"),
                "{length}"
            );
        }
        assert_eq!(created("5000000001", &good).unwrap_err(), Refused::TooLarge);
        let refused = |pairs: &[(&str, &str)]| created("1", pairs).unwrap_err();
        assert_eq!(refused(&[("unit", UNIT)]), Refused::Metadata("filename"));
        assert_eq!(refused(&[("filename", "a")]), Refused::Metadata("unit"));
        assert_eq!(
            refused(&[("filename", "a"), ("unit", "mofa")]),
            Refused::Metadata("unit")
        );
        assert_eq!(
            refused(&[("filename", "a\0b"), ("unit", UNIT)]),
            Refused::Metadata("encoding")
        );
        assert_eq!(
            refused(&[("filename", &"a".repeat(1001)), ("unit", UNIT)]),
            Refused::Metadata("filename")
        );
        assert_eq!(
            refused(&[("filename", "a"), ("filename", "b"), ("unit", UNIT)]),
            Refused::Metadata("encoding")
        );
        assert_eq!(
            refused(&[("filename", &"a".repeat(9000)), ("unit", UNIT)]),
            Refused::Metadata("length")
        );
        for raw in ["filename ***", "filename /w==", "filename YQ==,,unit"] {
            let headers = headers(&[("upload-length", "1"), ("upload-metadata", raw)]);
            assert!(matches!(creation(&headers), Err(Refused::Metadata(_))), "{raw}");
        }
    }

    #[test]
    fn a_patch_says_where_it_goes_on_and_what_it_brings() {
        let stream = ("content-type", "application/offset+octet-stream");
        assert_eq!(offset(&headers(&[stream, ("upload-offset", "70")])), Ok(70));
        assert_eq!(offset(&headers(&[stream])), Err(Refused::Header("Upload-Offset")));
        assert_eq!(
            offset(&headers(&[stream, ("upload-offset", "x")])),
            Err(Refused::Header("Upload-Offset"))
        );
        let wrong = ("content-type", "application/octet-stream");
        assert_eq!(
            offset(&headers(&[wrong, ("upload-offset", "70")])),
            Err(Refused::Type)
        );
        assert_eq!(
            check_version(&headers(&[("tus-resumable", "0.2.2")])),
            Err(Refused::Version)
        );
        assert_eq!(check_version(&headers(&[])), Err(Refused::Version));
        assert_eq!(check_version(&headers(&[("tus-resumable", "1.0.0")])), Ok(()));
    }

    #[test]
    fn a_sum_is_one_of_two_and_has_its_length() {
        let read = |text: &str| checksum(&headers(&[("upload-checksum", text)]));
        assert!(read("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=").unwrap().is_some());
        assert!(checksum(&headers(&[])).unwrap().is_none());
        for wrong in [
            "",
            "sha1",
            "sha1 Kq5s",
            "sha1 ***",
            "md5 XrY7u+Ae7tCTyyK7j1rNww==",
            "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
        ] {
            assert!(
                matches!(read(wrong), Err(Refused::Header("Upload-Checksum"))),
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_end_is_told_as_http_tells_dates() {
        let at = "2026-09-09T02:00:00Z".parse().unwrap();
        assert_eq!(expires(at).unwrap(), "Wed, 09 Sep 2026 02:00:00 GMT");
    }
}
