//! The rarer formats, by exiftool: no crate reads and writes TIFF, HEIC and AVIF without touching their pixels.

use std::ffi::OsString;
use std::path::Path;

use serde_json::Value;
use tempfile::NamedTempFile;

use super::{Embedded, Place, Words, moment, place, tidy};
use crate::process::{Bounds, EXIFTOOL, arguments, run};
use crate::{MediaError, Refused};

/// What the file says of itself.
pub(crate) async fn read(file: &Path, folder: &Path) -> Result<Embedded, MediaError> {
    let mut list: Vec<OsString> = arguments([
        &"-json",
        &"-fast2",
        &"-charset",
        &"iptc=utf8",
        &"-charset",
        &"riff=utf8",
        &"-charset",
        &"id3=utf8",
    ]);
    list.extend(
        [
            "Title",
            "Headline",
            "ObjectName",
            "Description",
            "Caption-Abstract",
            "ImageDescription",
            "AltTextAccessibility",
            "Creator",
            "Artist",
            "By-line",
            "Author",
            "Credit",
            "Rights",
            "Copyright",
            "CopyrightNotice",
            "DateTimeOriginal",
            "CreateDate",
            "CreationDate",
            "Sub-location",
            "City",
            "Country",
            "Subject",
            "Keywords",
            "GPSLatitude",
            "GPSCoordinates",
            "Make",
            "Model",
            "SerialNumber",
        ]
        .map(|tag| format!("-{tag}").into()),
    );
    list.push(file.into());
    let said = run(EXIFTOOL, list, folder, Bounds::QUESTION)
        .await?
        .or_damaged()?;
    let said: Value = serde_json::from_slice(&said).map_err(Refused::damaged)?;
    Ok(understood(&said))
}

fn understood(said: &Value) -> Embedded {
    let said = said.get(0).unwrap_or(said);
    let text = |names: &[&str]| {
        names.iter().find_map(|name| match said.get(name)? {
            Value::String(text) => tidy(text),
            Value::Array(list) => tidy(
                &list
                    .iter()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    };
    let has = |name: &str| said.get(name).is_some();
    let keywords = match said.get("Subject").or_else(|| said.get("Keywords")) {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).filter_map(tidy).collect(),
        Some(Value::String(text)) => text.split(',').filter_map(tidy).collect(),
        _ => Vec::new(),
    };
    Embedded {
        words: Words {
            title: text(&["Title", "Headline", "ObjectName"]),
            caption: text(&["Description", "Caption-Abstract", "ImageDescription"]),
            alt_text: text(&["AltTextAccessibility"]),
            creator: text(&["Creator", "Artist", "By-line", "Author"]),
            credit: text(&["Credit"]),
            copyright: text(&["Rights", "Copyright", "CopyrightNotice"]),
        },
        taken: text(&["DateTimeOriginal", "CreationDate", "CreateDate"])
            .as_deref()
            .and_then(moment),
        place: place([
            text(&["Sub-location"]).as_deref(),
            text(&["City"]).as_deref(),
            text(&["Country"]).as_deref(),
        ]),
        keywords,
        has_location: has("GPSLatitude") || has("GPSCoordinates"),
        has_device: has("Make") || has("Model") || has("SerialNumber"),
    }
}

/// The tags of a place; none of them is of a device.
const WHEREABOUTS: [&str; 12] = [
    "-EXIF:GPSLatitude",
    "-EXIF:GPSLatitudeRef",
    "-EXIF:GPSLongitude",
    "-EXIF:GPSLongitudeRef",
    "-EXIF:GPSAltitude",
    "-EXIF:GPSAltitudeRef",
    "-XMP-exif:GPSLatitude",
    "-XMP-exif:GPSLongitude",
    "-XMP-iptcCore:Location",
    "-XMP-photoshop:City",
    "-XMP-photoshop:State",
    "-XMP-photoshop:Country",
];

/// A copy that says nothing but `words`, which way is up, and its place if that is kept.
pub(crate) async fn stripped(
    file: &Path,
    extension: &str,
    words: &Words,
    place: Place,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    // It writes beside and renames, so it needs a name that is free.
    let beside = tempfile::Builder::new().tempdir_in(folder)?;
    let copy = beside.path().join(format!("copy.{extension}"));
    let mut list = arguments([
        &"-q",
        &"-m",
        &"-all=",
        &"-CommonIFD0=",
        &"-tagsfromfile",
        &"@",
        &"-orientation",
        &"-icc_profile",
    ]);
    if place == Place::Kept {
        list.extend(WHEREABOUTS.map(OsString::from));
    }
    list.extend(arguments([&"-charset", &"utf8"]));
    for (tag, value) in [
        ("XMP-dc:Title", &words.title),
        ("XMP-dc:Description", &words.caption),
        ("XMP-dc:Creator", &words.creator),
        ("XMP-dc:Rights", &words.copyright),
        ("XMP-photoshop:Credit", &words.credit),
        ("XMP-iptcCore:AltTextAccessibility", &words.alt_text),
    ] {
        if let Some(value) = value.as_deref().and_then(tidy) {
            list.push(format!("-{tag}={value}").into());
        }
    }
    list.extend(arguments([&"-o", &copy, &file]));
    run(EXIFTOOL, list, folder, Bounds::PICTURE).await?.or_damaged()?;
    let made = tempfile::Builder::new().tempfile_in(folder)?;
    tokio::fs::rename(&copy, made.path()).await?;
    // The open handle is of the file that was there before.
    let (_, path) = made.into_parts();
    Ok(NamedTempFile::from_parts(std::fs::File::open(&path)?, path))
}
