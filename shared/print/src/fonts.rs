//! The fonts: Noto, in the scripts of the missions, as the machine has them.

use std::sync::LazyLock;

use fontdb::{Database, Family, Query, Source, Weight};
use parley::FontContext;
use parley::fontique::{Blob, Collection, CollectionOptions, SourceCache};

/// In the order in which a letter is looked for.
pub(crate) const FAMILIES: [&str; 18] = [
    "Noto Sans",
    "Noto Sans Lao",
    "Noto Sans Thai",
    "Noto Sans Khmer",
    "Noto Sans Myanmar",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Sinhala",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
    "Noto Sans Mongolian",
    "Noto Sans CJK SC",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
];
/// Those that come with one package of Debian; Chinese, Japanese and Korean are another's.
const EXPECTED: [&str; 6] = [
    "Noto Sans",
    "Noto Sans Lao",
    "Noto Sans Thai",
    "Noto Sans Khmer",
    "Noto Sans Arabic",
    "Noto Sans Devanagari",
];

/// What was found, read once.
static FOUND: LazyLock<Vec<(&'static str, Blob<u8>)>> = LazyLock::new(|| {
    let mut machine = Database::new();
    machine.load_system_fonts();
    let mut found = Vec::new();
    for family in FAMILIES {
        for weight in [Weight::NORMAL, Weight::BOLD] {
            let query = Query {
                families: &[Family::Name(family)],
                weight,
                ..Query::default()
            };
            let face = machine.query(&query).and_then(|id| machine.face(id));
            let Some(Source::File(path)) = face.map(|face| &face.source) else {
                continue;
            };
            match std::fs::read(path) {
                Ok(bytes) => found.push((family, Blob::from(bytes))),
                Err(error) => tracing::warn!(%error, path = %path.display(), "a font cannot be read"),
            }
        }
    }
    found
});

/// The families that this machine should have and has not. Without the first there are no pages; without one of the
/// others its letters are missing there.
#[must_use]
pub fn missing() -> Vec<&'static str> {
    let has = |family: &&str| FOUND.iter().any(|(found, _)| found == family);
    EXPECTED.into_iter().filter(|family| !has(family)).collect()
}

/// A context with these fonts and no others.
pub(crate) fn context() -> FontContext {
    let mut collection = Collection::new(CollectionOptions {
        shared: false,
        system_fonts: false,
    });
    for (_, blob) in FOUND.iter() {
        collection.register_fonts(blob.clone(), None);
    }
    FontContext {
        collection,
        source_cache: SourceCache::default(),
    }
}
