//! What a zip is: a Word, PowerPoint or Excel document, or just an archive.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::{Limits, MediaType, Refused};

/// Far more than any text or table compresses; a bomb has a thousand.
const RATIO: u64 = 500;
/// Small parts may compress as well as they like.
const SMALL: u64 = 4_000_000;

pub(super) fn recognise(file: &mut File, limits: &Limits) -> Result<MediaType, Refused> {
    let archive = ZipArchive::new(BufReader::new(file)).map_err(refused)?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    let found = match () {
        () if !has("[Content_Types].xml") => MediaType::Zip,
        () if has("word/document.xml") => MediaType::Docx,
        () if has("ppt/presentation.xml") => MediaType::Pptx,
        () if has("xl/workbook.xml") => MediaType::Xlsx,
        () => MediaType::Zip,
    };
    if found != MediaType::Zip {
        sound(archive, limits)?;
    }
    Ok(found)
}

/// A document that is an archive: opened if it is of reasonable size and has no programs in it.
pub(crate) fn open<R: Read + Seek>(file: R, limits: &Limits) -> Result<ZipArchive<R>, Refused> {
    let archive = ZipArchive::new(file).map_err(refused)?;
    sound(archive, limits)
}

fn sound<R: Read + Seek>(mut archive: ZipArchive<R>, limits: &Limits) -> Result<ZipArchive<R>, Refused> {
    if archive.len() > limits.entries {
        return Err(Refused::Bomb);
    }
    let mut unpacked = 0_u64;
    for at in 0..archive.len() {
        let entry = archive.by_index_raw(at).map_err(refused)?;
        let name = entry.name().map_err(refused)?.to_lowercase();
        if entry.encrypted() {
            return Err(Refused::Locked);
        }
        if name.ends_with("vbaproject.bin") || name.contains("/activex/") {
            return Err(Refused::Programs);
        }
        unpacked = unpacked.saturating_add(entry.size());
        let bomb = entry.size() > SMALL && entry.size() / entry.compressed_size().max(1) > RATIO;
        if bomb || unpacked > limits.unpacked_bytes {
            return Err(Refused::Bomb);
        }
    }
    Ok(archive)
}

pub(crate) fn refused(error: ZipError) -> Refused {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Refused::Locked,
        error => Refused::damaged(error),
    }
}
