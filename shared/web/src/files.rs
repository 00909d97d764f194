//! The files that travel inside the binary. A debug build reads them from the source folders instead, at start, so
//! that a template can be changed without compiling.

use rust_embed::{EmbeddedFile, RustEmbed};

use crate::ShellError;

#[derive(RustEmbed)]
#[folder = "../../templates"]
#[include = "*.hbs"]
#[include = "*.ftl"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "dist"]
#[allow_missing = true]
struct Dist;

/// A release without its browser sources would be a product without a face: say so when it is compiled.
/// (`npm ci && npm run build` in shared/web/browser writes the file.)
#[cfg(not(debug_assertions))]
const _: &str = include_str!("../dist/manifest.json");

/// The text files under `prefix` that end in `suffix`, by path, sorted.
pub(crate) fn texts(prefix: &str, suffix: &str) -> Result<Vec<(String, String)>, ShellError> {
    let mut paths: Vec<_> = Templates::iter()
        .filter(|p| p.starts_with(prefix) && p.ends_with(suffix))
        .collect();
    paths.sort();
    let mut texts = Vec::with_capacity(paths.len());
    for path in paths {
        let file = Templates::get(&path).ok_or_else(|| ShellError::Missing(path.to_string()))?;
        let text =
            String::from_utf8(file.data.into_owned()).map_err(|_| ShellError::NotUtf8(path.to_string()))?;
        texts.push((path.into_owned(), text));
    }
    Ok(texts)
}

/// A file of the browser bundle.
pub(crate) fn dist(path: &str) -> Option<EmbeddedFile> {
    Dist::get(path)
}

/// Whether the browser's scripts and styles are part of this build; only a debug build can be without.
#[must_use]
pub fn has_browser_files() -> bool {
    Dist::get("manifest.json").is_some()
}
