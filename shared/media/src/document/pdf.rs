//! PDF, by poppler's programs.

use std::path::Path;

use tempfile::NamedTempFile;

use super::bounded;
use crate::process::{Bounds, EXIFTOOL, Ended, PDFINFO, PDFTOPPM, PDFTOTEXT, QPDF, arguments, run};
use crate::{Limits, MediaError, Refused};

/// What poppler says of a document that only a password opens.
const LOCKED: &str = "Incorrect password";
/// The longer side of a page as a picture.
const SIDE: u32 = 2_400;

/// The number of pages.
pub(crate) async fn pages(file: &Path, limits: &Limits, folder: &Path) -> Result<u32, MediaError> {
    let ended = run(PDFINFO, [file], folder, Bounds::QUESTION).await?;
    let said = opened(ended)?;
    let said = String::from_utf8_lossy(&said);
    let pages = said
        .lines()
        .find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
        .filter(|pages| *pages > 0)
        .ok_or_else(|| Refused::damaged("it has no pages"))?;
    if pages > limits.pages {
        return Err(Refused::TooManyPages {
            pages,
            max: limits.pages,
        }
        .into());
    }
    Ok(pages)
}

fn opened(ended: Ended) -> Result<Vec<u8>, MediaError> {
    if ended.complaint.contains(LOCKED) {
        return Err(Refused::Locked.into());
    }
    ended.or_damaged()
}

/// Its words, as many as are wanted for search. A document that has too many keeps the first.
pub(crate) async fn text(file: &Path, limits: &Limits, folder: &Path) -> Result<String, MediaError> {
    let bounds = Bounds {
        output: limits.text_bytes.saturating_mul(8),
        ..Bounds::QUESTION
    };
    // A page rarely has more than four thousand letters.
    let last = (limits.text_bytes / 2_000).clamp(1, 1_000).to_string();
    let given = arguments([&"-q", &"-enc", &"UTF-8", &"-l", &last, &file, &"-"]);
    let said = opened(run(PDFTOTEXT, given, folder, bounds).await?)?;
    let text = String::from_utf8_lossy(&said);
    super::refuse_marked(&text)?;
    Ok(bounded(&text, limits.text_bytes))
}

/// One page as PNG.
pub(crate) async fn page(file: &Path, number: u32, folder: &Path) -> Result<NamedTempFile, MediaError> {
    let made = tempfile::Builder::new().suffix(".png").tempfile_in(folder)?;
    // The program adds the extension itself.
    let root = made.path().with_extension("");
    let (number, side) = (number.to_string(), SIDE.to_string());
    let given = arguments([
        &"-q",
        &"-png",
        &"-singlefile",
        &"-f",
        &number,
        &"-l",
        &number,
        &"-scale-to",
        &side,
        &file,
        &root,
    ]);
    opened(run(PDFTOPPM, given, folder, Bounds::PICTURE).await?)?;
    if made.as_file().metadata()?.len() == 0 {
        return Err(Refused::damaged("it has no such page").into());
    }
    Ok(made)
}

/// Without what its programs and authors left in it: exiftool empties the metadata, qpdf writes the file anew, since
/// exiftool only adds at the end.
pub(crate) async fn clean(
    file: &Path,
    title: Option<&str>,
    folder: &Path,
) -> Result<NamedTempFile, MediaError> {
    let emptied = tempfile::Builder::new().suffix(".pdf").tempfile_in(folder)?;
    tokio::fs::copy(file, emptied.path()).await?;
    let title = title.map(|title| format!("-PDF:Title={}", title.replace(['\n', '\r', '\0'], " ")));
    let mut given = arguments([&"-q", &"-overwrite_original", &"-all:all="]);
    given.extend(title.map(Into::into));
    given.push(emptied.path().into());
    run(EXIFTOOL, given, folder, Bounds::PICTURE)
        .await?
        .or_damaged()?;

    let made = tempfile::Builder::new().suffix(".pdf").tempfile_in(folder)?;
    let given = arguments([
        &"--deterministic-id",
        &"--warning-exit-0",
        &emptied.path(),
        &made.path(),
    ]);
    run(QPDF, given, folder, Bounds::PICTURE).await?.or_damaged()?;
    Ok(made)
}
