use chancery_contracts::Platform;
use chancery_contracts::ids::{AccountId, UnitId};
use chrono::{DateTime, Utc};

/// Whether an account may be sent to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AccountState {
    /// Yes.
    Enabled,
    /// Switched off by a person.
    Disabled,
    /// The platform does not accept its credentials any more.
    NeedsReauth,
}

impl AccountState {
    /// The word in the database and at the end of Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::NeedsReauth => "needs_reauth",
        }
    }
}

/// An official account of a unit, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub unit: UnitId,
    /// Where it lives.
    pub platform: Platform,
    /// As the platform shows it.
    pub handle: String,
    /// As we call it.
    pub name: String,
    /// Its server.
    pub service_url: Option<String>,
    /// Its lasting id on the platform.
    pub remote_id: Option<String>,
    /// BCP 47 tags of the languages it writes.
    pub languages: Vec<String>,
    /// Whether it may be sent to.
    pub state: AccountState,
    /// Why not, in the platform's words.
    pub state_reason: Option<String>,
    /// The platform asked to wait until then.
    pub limited_until: Option<DateTime<Utc>>,
    /// When it was connected.
    pub created_at: DateTime<Utc>,
}
