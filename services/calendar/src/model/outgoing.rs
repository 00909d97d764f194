//! A text as it leaves: its links marked for measurement or behind short addresses. Done before an edition is frozen, so
//! that what is approved is what goes out. Pure, and the same again for what has been through it.

use chancery_contracts::Platform;
use chancery_contracts::ids::{AccountId, ItemId};
use chancery_preflight::replace_links;
use sha2::{Digest, Sha256};
use url::Url;

use super::{Account, Draft, DraftVariant, LinkStyle};

/// Characters of a code: too many to be guessed, few enough for a post.
pub const CODE_LENGTH: usize = 10;
/// What codes are written with: nothing that is taken for something else (0 and O, l and I).
const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Longer addresses are left alone.
const LONGEST: usize = 2_000;

/// What an item's links say and where its short addresses live.
#[derive(Debug, Clone, Copy)]
pub struct Measuring<'a> {
    /// The item.
    pub item: ItemId,
    /// Its campaign's name.
    pub campaign: Option<&'a str>,
    /// The public site, without a slash at the end.
    pub site: &'a str,
}

/// A short address in an item, and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortLink {
    /// The end of its address. The same item, account, language and target give the same.
    pub code: String,
    /// For which account.
    pub account: AccountId,
    /// In which language.
    pub language: String,
    /// The link as it was written.
    pub written: String,
    /// Where the reader is sent: the link, marked.
    pub target: String,
}

impl ShortLink {
    /// The address that stands in the text.
    #[must_use]
    pub fn address(&self, site: &str) -> String {
        format!("{site}/s/{}", self.code)
    }
}

/// The draft with every text as it leaves, and the short addresses in it.
#[must_use]
pub fn outgoing(draft: &Draft, accounts: &[Account], measuring: Measuring<'_>) -> (Draft, Vec<ShortLink>) {
    let mut leaving = draft.clone();
    let mut made: Vec<ShortLink> = Vec::new();
    if draft.links == LinkStyle::AsWritten {
        return (leaving, made);
    }
    for (variant, written) in leaving.variants.iter_mut().zip(&draft.variants) {
        // A translation that nobody has begun carries nothing.
        if written.body.is_none() && written.language != draft.language {
            continue;
        }
        let account = accounts.iter().find(|account| account.id == written.account);
        let Some(platform) = account.map(|account| account.platform) else {
            continue;
        };
        if platform == Platform::PressRoom {
            continue;
        }
        let body = draft.body_of(written);
        let changed = replace_links(body, |link| {
            let target = marked(link, platform, measuring)?;
            if draft.links == LinkStyle::Marked {
                return Some(target);
            }
            let short = short_link(measuring.item, written, link, target);
            let address = short.address(measuring.site);
            if !made.contains(&short) {
                made.push(short);
            }
            Some(address)
        });
        if changed != body {
            variant.body = Some(changed);
        }
    }
    (leaving, made)
}

/// A text with its short addresses turned back into what was written.
#[must_use]
pub fn as_written(text: &str, links: &[ShortLink], site: &str) -> String {
    replace_links(text, |address| {
        let link = links.iter().find(|link| link.address(site) == address);
        link.map(|link| link.written.clone())
    })
}

/// The link with what is measured by. None where it must stay as it is: not `https`, with a name and password in it, too
/// long, marked by its writer already, or a short address of ours.
fn marked(link: &str, platform: Platform, measuring: Measuring<'_>) -> Option<String> {
    let mut url: Url = link.parse().ok()?;
    let is_ours = link.starts_with(&format!("{}/s/", measuring.site));
    let is_marked = url.query_pairs().any(|(name, _)| name.starts_with("utm_"));
    let names_somebody = !url.username().is_empty() || url.password().is_some();
    if url.scheme() != "https" || link.len() > LONGEST || is_ours || is_marked || names_somebody {
        return None;
    }
    let item = measuring.item.0.simple().to_string();
    let end: String = item.chars().skip(20).collect();
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("utm_source", platform.as_str());
        query.append_pair("utm_medium", "social");
        if let Some(campaign) = measuring.campaign.map(slug).filter(|slug| !slug.is_empty()) {
            query.append_pair("utm_campaign", &campaign);
        }
        query.append_pair("utm_content", &end);
    }
    Some(url.into())
}

fn short_link(item: ItemId, variant: &DraftVariant, written: &str, target: String) -> ShortLink {
    let mut hash = Sha256::new();
    hash.update(item.0.as_bytes());
    hash.update(variant.account.0.as_bytes());
    hash.update(variant.language.as_bytes());
    hash.update([0]);
    hash.update(target.as_bytes());
    let mut number = hash
        .finalize()
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let mut code = String::with_capacity(CODE_LENGTH);
    for _ in 0..CODE_LENGTH {
        let place = usize::try_from(number % 58).unwrap_or_default();
        code.extend(ALPHABET.get(place).map(|byte| char::from(*byte)));
        number /= 58;
    }
    ShortLink {
        code,
        account: variant.account,
        language: variant.language.clone(),
        written: written.to_owned(),
        target,
    }
}

/// A name in Latin letters, digits and hyphens: "Tuần lễ Việt Nam" becomes "tuan-le-viet-nam".
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in chancery_web::plain(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(60);
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
#[path = "outgoing_tests.rs"]
mod tests;
