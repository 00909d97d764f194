//! Documents: their pages, and their words for search.

pub(crate) mod captions;
pub(crate) mod office;
pub(crate) mod pdf;

use crate::Refused;

/// Running text for search: spaces are one, and it ends at a letter's edge.
pub(crate) fn bounded(text: &str, most: usize) -> String {
    let mut kept = String::new();
    for word in text.split_whitespace() {
        if kept.len() + word.len() + 1 > most {
            break;
        }
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    kept.retain(|c| c != '\0');
    kept
}

/// Refuses a document that carries a mark of state secrecy on its pages.
fn refuse_marked(text: &str) -> Result<(), Refused> {
    match chancery_preflight::marking(text) {
        Some(level) => Err(Refused::Marked {
            level: level.as_str(),
        }),
        None => Ok(()),
    }
}
