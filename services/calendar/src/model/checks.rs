//! What is missing before an item can be submitted. Nothing here ever stops a save.

use std::collections::BTreeMap;

use chancery_contracts::Platform;
use chancery_contracts::ids::AssetId;
use chancery_preflight::{Breach, Limits, Meter, capabilities};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Account, Appointment, Draft, DraftVariant, Image, Note, Scope, StepRole, has_title};

/// One thing to do, or to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Stable and machine-readable; `check-{code}` is the Fluent id of the sentence.
    pub code: &'static str,
    /// Whether the item cannot be submitted before it is done.
    pub blocking: bool,
    /// Where in the editor: the id of an element.
    pub anchor: String,
    /// The sentence's arguments.
    pub arguments: BTreeMap<&'static str, String>,
}

/// What [`check`] looks at.
#[derive(Debug, Clone, Copy)]
pub struct Findings<'a> {
    /// The text.
    pub draft: &'a Draft,
    /// Its pictures.
    pub images: &'a [Image],
    /// What the library says against those that come from it.
    pub refusals: &'a [AssetRefusal],
    /// The accounts of its unit.
    pub accounts: &'a [Account],
    /// Its time, if it has one.
    pub appointment: Option<Appointment>,
    /// Now, in UTC.
    pub now: DateTime<Utc>,
}

/// The library does not allow an asset on a platform, at the item's minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetRefusal {
    /// Which asset.
    pub asset: AssetId,
    /// Where it may not be used.
    pub platform: Platform,
    /// A word of the library's rule: `ended`, `embargo`, …
    pub why: String,
}

/// What an account takes: its platform's limits, and its own where they are known. The publisher counts by the same.
#[must_use]
pub fn limits(account: &Account) -> Limits {
    capabilities(account.platform)
        .limits()
        .of_account(account.max_graphemes, account.max_bytes)
}

/// Counts `text` in the form in which it is sent.
#[must_use]
pub fn meter(text: &str, account: &Account) -> Meter {
    limits(account).meter(text)
}

/// Everything to be done, in the order of the editor.
#[must_use]
pub fn check(what: Findings<'_>) -> Vec<Finding> {
    let Findings {
        draft,
        images,
        refusals,
        accounts,
        appointment,
        now,
    } = what;
    let mut found = Vec::new();
    if draft.title.trim().is_empty() {
        found.push(Finding::blocking("title-missing", "title"));
    }
    if draft.variants.is_empty() {
        found.push(Finding::blocking("channel-missing", "channels"));
    }
    for variant in &draft.variants {
        let account = accounts.iter().find(|account| account.id == variant.account);
        check_variant(draft, variant, account, images, &mut found);
    }
    check_alts(draft, images, &mut found);
    check_rights(images, refusals, &mut found);
    if draft.scope == Scope::Internal {
        found.push(Finding::blocking("scope-internal", "scope"));
    }
    match appointment {
        None => found.push(Finding::blocking("time-missing", "time")),
        Some(time) => {
            if time.has_passed(now) {
                found.push(Finding::blocking("time-passed", "time"));
            } else if time.is_too_soon(now) {
                found.push(Finding::blocking("time-too-soon", "time"));
            }
            match time.note() {
                Some(Note::Gap) => found.push(Finding::notice("time-gap", "time")),
                Some(Note::Overlap) => found.push(Finding::notice("time-overlap", "time")),
                None => {}
            }
        }
    }
    found
}

fn check_variant(
    draft: &Draft,
    variant: &DraftVariant,
    account: Option<&Account>,
    images: &[Image],
    found: &mut Vec<Finding>,
) {
    let anchor = format!("variant-{}", variant.id);
    let Some(account) = account else {
        found.push(Finding::blocking("channel-gone", &anchor));
        return;
    };
    let mut say = |code, arguments: &[(&'static str, String)]| {
        let mut finding = Finding::blocking(code, &anchor).with("channel", &account.name);
        finding.arguments.extend(arguments.iter().cloned());
        found.push(finding);
    };
    match account.state.as_str() {
        "enabled" => {}
        "needs_reauth" => say("channel-needs-reauth", &[]),
        _ => say("channel-disabled", &[]),
    }
    let body = draft.body_of(variant);
    if variant.language != draft.language && variant.body.is_none() {
        say("translation-missing", &[("language", variant.language.clone())]);
    }
    if has_title(account.platform) && draft.title_of(variant).trim().is_empty() && variant.title.is_some() {
        say("headline-missing", &[]);
    }
    if has_title(account.platform) && variant.language != draft.language && variant.title.is_none() {
        say("headline-untranslated", &[("language", variant.language.clone())]);
    }
    let pictures = if variant.images { images.len() } else { 0 };
    let (mut weighed, mut heavy) = (false, None);
    for breach in limits(account).check(body, pictures) {
        match breach {
            Breach::Empty if variant.language == draft.language || variant.body.is_some() => {
                say("text-missing", &[]);
            }
            Breach::Empty => {}
            Breach::Characters { count, limit } => {
                weighed = true;
                let over = count - limit as usize;
                say(
                    "text-too-long",
                    &[("over", over.to_string()), ("limit", limit.to_string())],
                );
            }
            Breach::Bytes { count, limit } => {
                heavy = Some((count, limit));
            }
            Breach::Images { count, limit } => say(
                "images-too-many",
                &[("count", count.to_string()), ("limit", limit.to_string())],
            ),
        }
    }
    // Who shortens what is too long makes it lighter too: one thing to do, not two.
    if let (Some((bytes, limit)), false) = (heavy, weighed) {
        say(
            "text-too-heavy",
            &[("bytes", bytes.to_string()), ("limit", limit.to_string())],
        );
    }
}

/// A picture needs a description in every language in which it goes out.
fn check_alts(draft: &Draft, images: &[Image], found: &mut Vec<Finding>) {
    let languages = draft.alt_languages();
    for (number, image) in images.iter().enumerate() {
        for language in &languages {
            if draft.alt(image.id, language).trim().is_empty() {
                let finding = Finding::blocking("alt-missing", &format!("image-{}", image.id));
                found.push(
                    finding
                        .with("number", &(number + 1).to_string())
                        .with("language", language),
                );
            }
        }
    }
}

/// A picture of the library goes only where its rights allow.
fn check_rights(images: &[Image], refusals: &[AssetRefusal], found: &mut Vec<Finding>) {
    for (number, image) in images.iter().enumerate() {
        for refusal in refusals
            .iter()
            .filter(|refusal| Some(refusal.asset) == image.asset)
        {
            let finding = Finding::blocking("asset-refused", &format!("image-{}", image.id));
            found.push(
                finding
                    .with("number", &(number + 1).to_string())
                    .with("platform", refusal.platform.as_str())
                    .with("why", &refusal.why),
            );
        }
    }
}

impl Finding {
    pub(super) fn blocking(code: &'static str, anchor: &str) -> Self {
        Self {
            code,
            blocking: true,
            anchor: anchor.to_owned(),
            arguments: BTreeMap::new(),
        }
    }

    /// Nobody is left who could take this step: whoever might has written in the item.
    #[must_use]
    pub fn no_approver(step: StepRole) -> Self {
        Self::blocking("approver-missing", "approval").with("role", step.as_str())
    }

    /// All its texts together are more than one order can carry.
    #[must_use]
    pub fn too_large() -> Self {
        Self::blocking("item-too-large", "channels")
    }

    pub(super) fn notice(code: &'static str, anchor: &str) -> Self {
        Self {
            blocking: false,
            ..Self::blocking(code, anchor)
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.arguments.insert(name, value.to_owned());
        self
    }

    /// The Fluent id of its sentence.
    #[must_use]
    pub fn key(&self) -> String {
        format!("check-{}", self.code)
    }
}
