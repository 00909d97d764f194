//! What a model becomes at one mission: texts in its languages, for its accounts.

use uuid::Uuid;

use super::{Content, Text};
use crate::model::{Account, DraftVariant, MAX_VARIANTS, has_title, meter};

/// A model's texts as one mission's item carries them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Localised {
    /// Language of headline and text.
    pub language: String,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: String,
    /// A channel for each of the mission's accounts and each language that both the account and the model speak.
    pub variants: Vec<DraftVariant>,
}

/// The texts of `variation` for a mission that works in `languages` (the main one first) on `accounts`. What is too long
/// for an account takes the shorter text; where that does not help, the account is left out. None: the model has no text.
pub fn localise(
    content: &Content,
    variation: usize,
    languages: &[String],
    accounts: &[Account],
    mut new_id: impl FnMut() -> Uuid,
) -> Option<Localised> {
    let texts = content
        .variations
        .get(variation)
        .or_else(|| content.variations.first())?;
    let of = |language: &str| texts.iter().find(|text| text.language == language);
    let main = languages
        .iter()
        .find_map(|language| of(language))
        .or_else(|| texts.first())?;
    let mut variants = Vec::new();
    for account in accounts.iter().filter(|account| account.state == "enabled") {
        let spoken = languages
            .iter()
            .filter(|language| account.languages.contains(language));
        for text in spoken.filter_map(|language| of(language)) {
            let Some(body) = fitting(text, account) else {
                continue;
            };
            let own = text.language != main.language;
            variants.push(DraftVariant {
                id: new_id(),
                account: account.id,
                language: text.language.clone(),
                title: (own && has_title(account.platform)).then(|| text.title.clone()),
                body: (own || body != main.body).then(|| body.to_owned()),
                images: true,
            });
        }
    }
    variants.truncate(MAX_VARIANTS);
    Some(Localised {
        language: main.language.clone(),
        title: main.title.clone(),
        body: main.body.clone(),
        variants,
    })
}

/// The text, or the shorter one, whichever the account takes.
fn fitting<'a>(text: &'a Text, account: &Account) -> Option<&'a str> {
    [text.body.as_str(), text.short.as_str()]
        .into_iter()
        .find(|body| !body.trim().is_empty() && !meter(body, account).over)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use chancery_contracts::Platform;

    use super::*;

    fn account(n: u128, platform: Platform, languages: &[&str], limit: Option<u32>) -> Account {
        Account {
            id: Uuid::from_u128(n).into(),
            unit: Uuid::nil().into(),
            platform,
            handle: String::new(),
            name: String::new(),
            languages: languages.iter().map(ToString::to_string).collect(),
            state: "enabled".into(),
            max_graphemes: limit,
            max_bytes: None,
        }
    }

    fn text(language: &str, body: &str, short: &str) -> Text {
        Text {
            language: language.into(),
            title: format!("T-{language}"),
            body: body.into(),
            short: short.into(),
        }
    }

    fn strings(tags: &[&str]) -> Vec<String> {
        tags.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_mission_gets_its_languages_on_its_accounts() {
        let content = Content {
            variations: vec![vec![
                text("vi", "Chúc mừng", ""),
                text("en", "A long congratulation", "Congrats"),
                text("fr", "Félicitations", ""),
            ]],
            ..Content::empty(&[])
        };
        let accounts = [
            account(1, Platform::PressRoom, &["vi", "en", "lo"], None),
            account(2, Platform::Bluesky, &["en"], Some(10)),
        ];
        let made = localise(&content, 0, &strings(&["lo", "vi", "en"]), &accounts, Uuid::nil).unwrap();
        assert_eq!((made.language.as_str(), made.title.as_str()), ("vi", "T-vi"));
        let shown: Vec<_> = made
            .variants
            .iter()
            .map(|v| {
                (
                    v.account.0.as_u128(),
                    v.language.as_str(),
                    v.title.as_deref(),
                    v.body.as_deref(),
                )
            })
            .collect();
        let expected = [
            (1, "vi", None, None),
            (1, "en", Some("T-en"), Some("A long congratulation")),
            (2, "en", None, Some("Congrats")),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn an_account_that_takes_neither_text_is_left_out() {
        let content = Content {
            variations: vec![vec![text("vi", "Chúc mừng năm mới", "")]],
            ..Content::empty(&[])
        };
        let accounts = [account(2, Platform::Bluesky, &["vi"], Some(5))];
        let made = localise(&content, 7, &strings(&["vi"]), &accounts, Uuid::nil).unwrap();
        assert_eq!(made.variants, []);
        assert_eq!(made.body, "Chúc mừng năm mới");
    }
}
