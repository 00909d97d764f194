//! People: their names, how they sign in, how they like their pages.

use serde::{Deserialize, Serialize};

use super::{FieldErrors, is_plain_line};

/// A person as an administrator fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct PersonForm {
    /// Full name, in the order in which it is written.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
    /// `vi` or `en`.
    pub language: String,
}

impl PersonForm {
    /// The same with spaces trimmed, if every field is right.
    ///
    /// # Errors
    /// One finding a field.
    pub fn check(&self) -> Result<Self, FieldErrors> {
        let form = Self {
            name: self.name.trim().to_owned(),
            email: self.email.trim().to_owned(),
            language: if self.language.is_empty() {
                "vi".to_owned()
            } else {
                self.language.clone()
            },
        };
        let mut errors = FieldErrors::default();
        errors.check(is_plain_line(&form.name, 200), "name", "people-error-name");
        errors.check(is_email(&form.email), "email", "people-error-email");
        errors.check(is_language(&form.language), "language", "people-error-language");
        errors.or(form)
    }
}

/// Whether the interface speaks it.
#[must_use]
pub fn is_language(tag: &str) -> bool {
    matches!(tag, "vi" | "en")
}

/// Whether pages come in it: as the device says, light, dark.
#[must_use]
pub fn is_theme(word: &str) -> bool {
    matches!(word, "auto" | "light" | "dark")
}

/// Whether it can be an address, generously: only a mail that arrives proves one (HTML, "valid e-mail address").
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@<>()[]\\,;:\"".contains(c);
    text.len() <= 254
        && (1..=64).contains(&local.len())
        && local.chars().all(plain)
        && domain.split('.').all(|label| {
            !label.is_empty() && label.len() <= 63 && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_judged_generously_but_not_blindly() {
        for good in ["lan@mofa.gov.vn", "lan.nguyen+press@mofa.example", "a@b"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "lan",
            "lan@",
            "@mofa",
            "a b@c",
            "a@b@c",
            "<a@b>",
            "lan@mofa..vn",
            "a\u{0}@b",
        ] {
            assert!(!is_email(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_name_is_kept_as_written_and_bounded() {
        let form = |name: &str| PersonForm {
            name: name.into(),
            email: "lan@mofa.vn".into(),
            language: String::new(),
        };
        assert_eq!(
            form("  Nguyễn Thị Lan ").check().map(|form| form.name),
            Ok("Nguyễn Thị Lan".to_owned())
        );
        assert!(
            form("<script>alert(1)</script>").check().is_ok(),
            "escaping is the page's work, not the name's"
        );
        assert!(form(&"ấ".repeat(201)).check().is_err());
        assert!(form("Lan\u{202e}gpj.exe").check().is_err());
        assert!(form("   ").check().is_err());
    }
}
