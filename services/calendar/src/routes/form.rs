//! The composer's form as a draft. Names: `title`, `v.ID.body` for a channel, `alt.IMAGE.LANGUAGE` for a description.

use std::collections::BTreeMap;

use chancery_contracts::Release;
use chancery_web::Problem;
use chrono::NaiveDateTime;
use uuid::Uuid;

use crate::model::{ClockChoice, Draft, DraftVariant};

/// The fields of a form in their order, names repeated as sent.
pub(super) type Fields = Vec<(String, String)>;

/// The first value under `name`.
pub(super) fn first<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn word<T: std::str::FromStr>(fields: &Fields, name: &'static str, before: T) -> Result<T, Problem> {
    match first(fields, name) {
        None => Ok(before),
        Some(text) => text.parse().map_err(|_| unexpected(name)),
    }
}

fn unexpected(name: &'static str) -> Problem {
    Problem::invalid("items-not-saved").field(name, "items-value-unknown")
}

/// The revision that the form is based on.
///
/// # Errors
/// It is no number.
pub(super) fn version(fields: &Fields) -> Result<i64, Problem> {
    first(fields, "version")
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| unexpected("version"))
}

/// What a `datetime-local` input sends, with or without seconds. Empty: no time.
///
/// # Errors
/// It is neither.
pub(super) fn wall(text: &str) -> Result<Option<NaiveDateTime>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
    parsed
        .map(Some)
        .map_err(|_| Problem::invalid("items-not-saved").field("wall", "items-time-unreadable"))
}

/// What the select of the composer says: `at_time`, or `on_command.240` with the minutes of its window.
///
/// # Errors
/// It says neither.
pub(super) fn release(text: &str) -> Result<(Release, Option<i32>), Problem> {
    let (word, minutes) = match text.split_once('.') {
        Some((word, minutes)) => (word, Some(minutes)),
        None => (text, None),
    };
    let release: Release = word.parse().map_err(|_| unexpected("release"))?;
    let minutes = minutes.map(str::parse).transpose();
    Ok((release, minutes.map_err(|_| unexpected("release"))?))
}

/// The draft as the form has it. What the form does not mention stays as it was `before`.
///
/// # Errors
/// A value that no control of the form can send.
pub(super) fn draft(fields: &Fields, before: &Draft) -> Result<Draft, Problem> {
    let text = |name: &str, before: &str| first(fields, name).unwrap_or(before).to_owned();
    let id = |name: &'static str, before: Option<Uuid>| match first(fields, name) {
        None => Ok(before),
        Some("") => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| unexpected(name)),
    };
    let window = word(fields, "window_minutes", before.window_minutes)?;
    // On command the window is part of the choice; the field for lateness is about what goes out by itself.
    let (release, on_command) = match first(fields, "release") {
        Some(text) => release(text)?,
        None => (before.release, None),
    };
    Ok(Draft {
        kind: word(fields, "kind", before.kind)?,
        title: text("title", &before.title),
        body: text("body", &before.body),
        language: text("language", &before.language),
        topic: word(fields, "topic", before.topic)?,
        audience: text("audience", &before.audience),
        programme: id("programme", before.programme)?,
        campaign: id("campaign", before.campaign.map(|campaign| campaign.0))?.map(Into::into),
        scope: word(fields, "scope", before.scope)?,
        clock: word::<ClockChoice>(fields, "clock", before.clock)?,
        wall: first(fields, "wall").map_or(Ok(before.wall), wall)?,
        window_minutes: on_command.unwrap_or(window),
        release,
        links: word(fields, "links", before.links)?,
        variants: variants(fields, &text("language", &before.language))?,
        alts: alts(fields)?,
    })
}

/// The channels; `master` is the language that the item itself is written in.
fn variants(fields: &Fields, master: &str) -> Result<Vec<DraftVariant>, Problem> {
    let mut found: Vec<DraftVariant> = Vec::new();
    for (name, value) in fields {
        let Some((id, part)) = name.strip_prefix("v.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        if part != "account" {
            continue;
        }
        let id: Uuid = id.parse().map_err(|_| unexpected("variants"))?;
        let of = |part: &str| first(fields, &format!("v.{id}.{part}"));
        // Without a text of its own the channel follows the main text, whatever stands in its hidden field.
        let own = of("own").is_some();
        // A translation that nobody has begun is none, rather than an empty one.
        let begun = ["title", "body"]
            .iter()
            .any(|part| of(part).is_some_and(|text| !text.trim().is_empty()));
        let language = of("language").ok_or_else(|| unexpected("variants"))?;
        let own = own && (begun || language == master);
        found.push(DraftVariant {
            id,
            account: value.parse().map_err(|_| unexpected("variants"))?,
            language: language.to_owned(),
            title: of("title").filter(|_| own).map(str::to_owned),
            body: of("body").filter(|_| own).map(str::to_owned),
            images: of("images").is_some(),
        });
    }
    Ok(found)
}

fn alts(fields: &Fields) -> Result<BTreeMap<Uuid, BTreeMap<String, String>>, Problem> {
    let mut found: BTreeMap<Uuid, BTreeMap<String, String>> = BTreeMap::new();
    for (name, value) in fields {
        let Some((image, language)) = name.strip_prefix("alt.").and_then(|rest| rest.split_once('.')) else {
            continue;
        };
        let image = image.parse().map_err(|_| unexpected("alt"))?;
        found
            .entry(image)
            .or_default()
            .insert(language.to_owned(), value.clone());
    }
    Ok(found)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_browsers_send_it() {
        assert_eq!(
            wall("2026-09-02T09:00").unwrap().unwrap().to_string(),
            "2026-09-02 09:00:00"
        );
        assert_eq!(
            wall("2026-09-02T09:00:30").unwrap().unwrap().to_string(),
            "2026-09-02 09:00:30"
        );
        assert_eq!(wall(" ").unwrap(), None);
        assert!(wall("tomorrow").is_err());
    }

    #[test]
    fn how_it_goes_out_is_one_choice() {
        assert_eq!(release("at_time").unwrap(), (Release::AtTime, None));
        assert_eq!(
            release("on_command.240").unwrap(),
            (Release::OnCommand, Some(240))
        );
        for text in ["", "now", "on_command.", "on_command.soon"] {
            assert!(release(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_channel_without_its_own_text_follows_the_main_one() {
        let id = Uuid::from_u128(1);
        let account = Uuid::from_u128(2);
        let mut fields: Fields = vec![
            (format!("v.{id}.account"), account.to_string()),
            (format!("v.{id}.language"), "vi".into()),
            (format!("v.{id}.body"), "hidden".into()),
        ];
        assert_eq!(variants(&fields, "vi").unwrap().first().unwrap().body, None);
        fields.push((format!("v.{id}.own"), "on".into()));
        assert_eq!(
            variants(&fields, "vi").unwrap().first().unwrap().body.as_deref(),
            Some("hidden")
        );
    }

    #[test]
    fn what_no_control_sends_is_refused() {
        assert!(variants(&vec![("v.1.account".into(), "x".into())], "vi").is_err());
        assert!(alts(&vec![("alt.1.vi".into(), "x".into())]).is_err());
    }
}
