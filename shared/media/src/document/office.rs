//! Word, PowerPoint and Excel: their words, and copies without what they say of their authors.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek, Write};
use std::path::Path;

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::events::Event;
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::bounded;
use crate::analysis::Analysis;
use crate::metadata::{self, Embedded, Place, Words};
use crate::svg::escaped;
use crate::{Limits, MediaError, MediaType, Refused, sniff};

/// Where a document says who wrote it.
const PROPERTIES: &str = "docProps/core.xml";
/// One part of a document, unpacked.
const PART: u64 = 64 << 20;

/// The words of a document in the order of its parts, its slides, and what it says of itself. Blocking.
pub(crate) fn analyse(file: &Path, kind: MediaType, limits: &Limits) -> Result<Analysis, Refused> {
    let open = File::open(file).map_err(Refused::damaged)?;
    let mut archive = sniff::open_office(BufReader::new(open), limits)?;
    let mut parts = names(&archive)?;
    parts.retain(|name| has_words(kind, name));
    // slide2 before slide10
    parts.sort_by_key(|name| (name.len(), name.clone()));
    let slides = parts
        .iter()
        .filter(|name| name.starts_with("ppt/slides/"))
        .count();
    let pages = (kind == MediaType::Pptx).then(|| u32::try_from(slides).unwrap_or(u32::MAX));
    if let Some(pages) = pages.filter(|pages| *pages > limits.pages) {
        return Err(Refused::TooManyPages {
            pages,
            max: limits.pages,
        });
    }
    let mut text = String::new();
    for name in parts {
        let part = read(&mut archive, &name)?;
        words(&part, limits.text_bytes.saturating_sub(text.len()), &mut text)?;
        if text.len() >= limits.text_bytes {
            break;
        }
    }
    super::refuse_marked(&text)?;
    let properties = match archive.index_for_name(PROPERTIES) {
        Some(_) => metadata::properties(&read(&mut archive, PROPERTIES)?),
        None => Embedded::default(),
    };
    Ok(Analysis {
        pages,
        embedded: properties,
        text: Some(bounded(&text, limits.text_bytes)),
        ..Analysis::default()
    })
}

fn names<R: Read + Seek>(archive: &ZipArchive<R>) -> Result<Vec<String>, Refused> {
    let names = archive.file_names().map(|name| name.map(Cow::into_owned));
    names.collect::<Result<_, _>>().map_err(sniff::refused_zip)
}

fn has_words(kind: MediaType, name: &str) -> bool {
    let numbered = |folder: &str| {
        name.starts_with(folder) && name.split('.').next_back() == Some("xml") && !name.contains("/_rels/")
    };
    match kind {
        MediaType::Docx => {
            matches!(
                name,
                "word/document.xml" | "word/footnotes.xml" | "word/endnotes.xml"
            ) || numbered("word/header")
        }
        MediaType::Pptx => numbered("ppt/slides/") || numbered("ppt/notesSlides/"),
        MediaType::Xlsx => name == "xl/sharedStrings.xml" || numbered("xl/worksheets/"),
        _ => false,
    }
}

fn read<R: Read + Seek>(archive: &mut ZipArchive<R>, name: &str) -> Result<Vec<u8>, Refused> {
    let entry = archive.by_name(name).map_err(sniff::refused_zip)?;
    let mut bytes = Vec::new();
    // What an entry says of its size is a claim.
    entry
        .take(PART + 1)
        .read_to_end(&mut bytes)
        .map_err(Refused::damaged)?;
    if bytes.len() as u64 > PART {
        return Err(Refused::Bomb);
    }
    Ok(bytes)
}

/// The text of every `t` element (w:t, a:t, t), with a line end where a paragraph or cell ends.
fn words(part: &[u8], most: usize, text: &mut String) -> Result<(), Refused> {
    let start = text.len();
    let mut reader = Reader::from_reader(part);
    let mut within = 0_usize;
    loop {
        match reader.read_event().map_err(Refused::damaged)? {
            Event::Start(element) if element.local_name().as_ref() == b"t" => within += 1,
            Event::End(element) => match element.local_name().as_ref() {
                b"t" => within = within.saturating_sub(1),
                // A mark of secrecy stands on a line of its own.
                b"p" | b"si" | b"tc" | b"is" => text.push('\n'),
                _ => {}
            },
            Event::Empty(element) if matches!(element.local_name().as_ref(), b"br" | b"tab") => {
                text.push(' ');
            }
            Event::Text(words) if within > 0 => {
                text.push_str(&words.xml10_content().map_err(Refused::damaged)?);
            }
            Event::GeneralRef(name) if within > 0 => {
                let character = name.resolve_char_ref().map_err(Refused::damaged)?;
                let name = name.decode().map_err(Refused::damaged)?;
                match (character, quick_xml::escape::resolve_predefined_entity(&name)) {
                    (Some(character), _) => text.push(character),
                    (None, Some(known)) => text.push_str(known),
                    (None, None) => return Err(Refused::Entities),
                }
            }
            Event::DocType(_) => return Err(Refused::Entities),
            Event::Eof => return Ok(()),
            _ => {}
        }
        if text.len() - start > most {
            return Ok(());
        }
    }
}

/// The same document with new properties and with pictures that say nothing of where they were taken. Blocking.
pub(crate) fn clean(
    file: &Path,
    words: &Words,
    limits: &Limits,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    let open = File::open(file)?;
    let mut archive = sniff::open_office(BufReader::new(open), limits)?;
    let made = tempfile::Builder::new().tempfile_in(folder)?;
    let mut writer = ZipWriter::new(made.as_file());
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for name in names(&archive)? {
        let lower = name.to_lowercase();
        let replaced = match lower.as_str() {
            "docprops/core.xml" => Some(core(words).into_bytes()),
            "docprops/app.xml" => Some(APP.as_bytes().to_vec()),
            "docprops/custom.xml" => Some(CUSTOM.as_bytes().to_vec()),
            // Small pictures of the first page are made by the program anew.
            _ if lower.contains("/media/") => clean_picture(&lower, read(&mut archive, &name)?),
            _ => None,
        };
        if let Some(bytes) = replaced {
            writer.start_file(name, options).map_err(sniff::refused_zip)?;
            writer.write_all(&bytes)?;
        } else {
            let entry = archive.by_name(&name).map_err(sniff::refused_zip)?;
            writer.raw_copy_file(entry).map_err(sniff::refused_zip)?;
        }
    }
    writer.finish().map_err(sniff::refused_zip)?;
    Ok(made)
}

/// A picture in a document, if it is of a kind that carries metadata.
fn clean_picture(name: &str, bytes: Vec<u8>) -> Option<Vec<u8>> {
    let kind = match name.rsplit_once('.')?.1 {
        "jpg" | "jpeg" => MediaType::Jpeg,
        "png" => MediaType::Png,
        _ => return None,
    };
    // One that cannot be read stays as it is: nor can anybody else read a place out of it.
    metadata::stripped(Bytes::from(bytes), kind, &Words::default(), Place::Removed)
        .ok()
        .map(Vec::from)
}

fn core(words: &Words) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\">",
    );
    for (name, value) in [
        ("dc:title", &words.title),
        ("dc:description", &words.caption),
        ("dc:creator", &words.creator),
    ] {
        if let Some(value) = value {
            text.extend(["<", name, ">", &escaped(value), "</", name, ">"]);
        }
    }
    text.push_str("</cp:coreProperties>");
    text
}

const APP: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Properties \
    xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"></Properties>";
const CUSTOM: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><Properties \
    xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/custom-properties\"></Properties>";
