//! What a save refuses: values that could never be stored or were never offered.

use std::collections::HashSet;

use chancery_contracts::Release;
use chrono::Datelike;

use crate::error::CalendarError;
use crate::model::{Account, Draft, MAX_BODY, MAX_TITLE, MAX_VARIANTS};

/// Refuses what could never be stored or was never offered. What is merely missing is saved.
pub(super) fn accept(draft: &Draft, before: &Draft, accounts: &[Account]) -> Result<(), CalendarError> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    let titles = draft
        .variants
        .iter()
        .filter_map(|variant| variant.title.as_deref());
    if titles
        .chain([draft.title.as_str()])
        .any(|title| long(title, MAX_TITLE))
    {
        return Err(CalendarError::field("title", "items-title-too-long"));
    }
    let bodies = draft
        .variants
        .iter()
        .filter_map(|variant| variant.body.as_deref());
    if bodies
        .chain([draft.body.as_str()])
        .any(|body| long(body, MAX_BODY))
    {
        return Err(CalendarError::field("body", "items-body-too-long"));
    }
    if draft
        .alts
        .values()
        .flat_map(|alts| alts.values())
        .any(|alt| long(alt, 2_000))
    {
        return Err(CalendarError::field("alt", "items-alt-too-long"));
    }
    if draft.wall.is_some_and(|at| !(2000..2100).contains(&at.year())) {
        return Err(CalendarError::field("wall", "items-time-unlikely"));
    }
    let (windows, key) = match draft.release {
        Release::AtTime => (1..=1_440, "items-window-out-of-range"),
        Release::OnCommand => (30..=4_320, "release-window-out-of-range"),
    };
    if !windows.contains(&draft.window_minutes) {
        return Err(CalendarError::field("window_minutes", key));
    }
    let tags = draft
        .alts
        .values()
        .flat_map(|alts| alts.keys())
        .chain(draft.variants.iter().map(|v| &v.language));
    if !tags.chain([&draft.language]).all(|tag| is_language(tag)) {
        return Err(CalendarError::field("language", "items-language-unknown"));
    }
    accept_variants(draft, before, accounts)
}

fn accept_variants(draft: &Draft, before: &Draft, accounts: &[Account]) -> Result<(), CalendarError> {
    if draft.variants.len() > MAX_VARIANTS {
        return Err(CalendarError::field("variants", "items-channels-too-many"));
    }
    let mut ids = HashSet::new();
    let mut places = HashSet::new();
    for variant in &draft.variants {
        if !ids.insert(variant.id) || !places.insert((variant.account, &variant.language)) {
            return Err(CalendarError::field("variants", "items-channel-twice"));
        }
        // An account that was taken away since stays, and the checklist says so; a foreign one never gets in.
        let known = accounts.iter().any(|account| account.id == variant.account)
            || before.variants.iter().any(|old| old.account == variant.account);
        if !known {
            return Err(CalendarError::field("variants", "items-channel-foreign"));
        }
    }
    Ok(())
}

/// A BCP 47 tag of a language, with or without script and region.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && tag.len() <= 35
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
