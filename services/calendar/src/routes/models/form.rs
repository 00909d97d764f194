//! The form of a model. Names: `t.VARIATION.N.body` for a text, `p.N.text` for a locked passage, `a` for a picture.

use chancery_contracts::ids::{AssetId, CampaignId};
use chancery_web::Problem;
use chrono::NaiveDateTime;

use crate::model::LockedPassage;
use crate::model::models::{Content, Text};
use crate::routes::form::{Fields, first, wall};

fn unexpected(name: &'static str) -> Problem {
    Problem::invalid("models-not-saved").field(name, "items-value-unknown")
}

fn word<T: std::str::FromStr>(fields: &Fields, name: &'static str, before: T) -> Result<T, Problem> {
    first(fields, name).map_or(Ok(before), |text| text.parse().map_err(|_| unexpected(name)))
}

fn time(fields: &Fields, name: &'static str) -> Result<Option<NaiveDateTime>, Problem> {
    let unreadable = |_| Problem::invalid("models-not-saved").field(name, "items-time-unreadable");
    first(fields, name).map_or(Ok(None), |text| wall(text).map_err(unreadable))
}

fn id<T: std::str::FromStr>(fields: &Fields, name: &'static str) -> Result<Option<T>, Problem> {
    match first(fields, name) {
        None | Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| unexpected(name)),
    }
}

/// What the form says, and the campaign; then what its button asks for besides saving.
///
/// # Errors
/// A value that no control of the form can send.
pub(super) fn content(fields: &Fields, before: &Content) -> Result<(Content, Option<CampaignId>), Problem> {
    let text = |name: &str, before: &str| first(fields, name).unwrap_or(before).to_owned();
    let assets = fields
        .iter()
        .filter(|(name, value)| matches!(name.as_str(), "a" | "asset") && !value.is_empty());
    let mut content = Content {
        title: text("title", &before.title),
        kind: word(fields, "kind", before.kind)?,
        topic: word(fields, "topic", before.topic)?,
        audience: text("audience", &before.audience),
        programme: id(fields, "programme")?,
        scope: word(fields, "scope", before.scope)?,
        clock: word(fields, "clock", before.clock)?,
        wall: time(fields, "wall")?,
        window_minutes: word(fields, "window_minutes", before.window_minutes)?,
        answer_by: time(fields, "answer_by")?,
        guidance: text("guidance", &before.guidance),
        variations: variations(fields),
        passages: passages(fields),
        assets: assets
            .map(|(_, value)| value.parse::<AssetId>().map_err(|_| unexpected("assets")))
            .collect::<Result<_, _>>()?,
    };
    apply(
        first(fields, "do").unwrap_or_default(),
        first(fields, "add_language"),
        &mut content,
    );
    Ok((content, id(fields, "campaign")?))
}

/// `t.VARIATION.N.part`, in the order in which they were sent.
fn variations(fields: &Fields) -> Vec<Vec<Text>> {
    let mut found: Vec<Vec<Text>> = Vec::new();
    for (name, value) in fields {
        let mut parts = name.splitn(4, '.');
        let (Some("t"), Some(variation), Some(number), Some("language")) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let of = |part: &str| {
            first(fields, &format!("t.{variation}.{number}.{part}"))
                .unwrap_or_default()
                .to_owned()
        };
        let text = Text {
            language: value.clone(),
            title: of("title"),
            body: of("body"),
            short: of("short"),
        };
        let place = variation.parse::<usize>().unwrap_or(0).min(found.len());
        match found.get_mut(place) {
            Some(texts) => texts.push(text),
            None => found.push(vec![text]),
        }
    }
    found
}

fn passages(fields: &Fields) -> Vec<LockedPassage> {
    let rows = fields.iter().filter_map(|(name, text)| {
        let number = name.strip_prefix("p.")?.strip_suffix(".text")?;
        let of = |part: &str| {
            first(fields, &format!("p.{number}.{part}"))
                .unwrap_or_default()
                .to_owned()
        };
        Some(LockedPassage {
            language: of("language"),
            text: text.clone(),
            source: of("source"),
        })
    });
    rows.filter(|passage| !passage.text.trim().is_empty()).collect()
}

/// What a button of the form asks for besides saving.
fn apply(what: &str, language: Option<&str>, content: &mut Content) {
    let (what, which) = what.split_once(':').unwrap_or((what, ""));
    match what {
        "add-language" => {
            let Some(language) = language.filter(|language| !language.is_empty()) else {
                return;
            };
            if content.languages().contains(&language) {
                return;
            }
            for texts in &mut content.variations {
                texts.push(Text {
                    language: language.to_owned(),
                    ..Text::default()
                });
            }
            if content.variations.is_empty() {
                content.variations = Content::empty(&[language]).variations;
            }
        }
        "remove-language" => {
            for texts in &mut content.variations {
                texts.retain(|text| text.language != which);
            }
        }
        "add-variation" => {
            // The same languages, each beginning with the first variation's words: to be said differently.
            let first = content.variations.first().cloned().unwrap_or_default();
            content.variations.push(first);
        }
        "remove-variation" => {
            if let Ok(number) = which.parse::<usize>()
                && number > 0
                && number < content.variations.len()
            {
                content.variations.remove(number);
            }
        }
        "remove-asset" => content.assets.retain(|asset| asset.to_string() != which),
        _ => {}
    }
    let mut seen = std::collections::HashSet::new();
    content.assets.retain(|asset| seen.insert(*asset));
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a broken fixture should stop the test"
)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    const TEXT: [(&str, &str); 4] = [
        ("t.0.0.language", "vi"),
        ("t.0.0.title", "Chúc mừng"),
        ("t.0.1.language", "en"),
        ("t.0.1.body", "Hello"),
    ];

    fn read(more: &[(&str, &str)]) -> Content {
        let all = [&TEXT[..], more].concat();
        content(&fields(&all), &Content::empty(&[])).unwrap().0
    }

    #[test]
    fn texts_and_passages_are_read_in_their_places() {
        let read = read(&[
            ("p.0.language", "vi"),
            ("p.0.text", "Biển Đông"),
            ("p.1.language", "vi"),
            ("p.1.text", " "),
        ]);
        assert_eq!(read.languages(), ["vi", "en"]);
        assert_eq!(read.variations[0][1].body, "Hello");
        assert_eq!(read.passages.len(), 1);
    }

    #[test]
    fn buttons_change_the_shape_and_lose_no_word() {
        let more = read(&[("do", "add-variation")]);
        assert_eq!(
            (more.variations.len(), more.variations[1][0].title.as_str()),
            (2, "Chúc mừng")
        );
        let lao = read(&[("do", "add-language"), ("add_language", "lo")]);
        assert_eq!(lao.languages(), ["vi", "en", "lo"]);
        assert_eq!(read(&[("do", "remove-language:en")]).languages(), ["vi"]);
        assert_eq!(read(&[("do", "remove-variation:0")]).variations.len(), 1);
    }

    #[test]
    fn a_picture_is_taken_once() {
        let id = uuid::Uuid::from_u128(5).to_string();
        assert_eq!(read(&[("a", &id), ("asset", &id), ("asset", "")]).assets.len(), 1);
        assert!(content(&fields(&[("a", "x")]), &Content::empty(&[])).is_err());
    }
}
