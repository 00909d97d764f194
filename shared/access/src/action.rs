use std::fmt;
use std::str::FromStr;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Something that a person may or may not do. Named `subject.verb`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The action's name in tokens' scopes, in templates (`can "item.write"`) and in the audit trail.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

actions! {
    /// See items, campaigns and their history.
    ItemRead = "item.read",
    /// Draft, edit, submit, cancel items; make campaigns.
    ItemWrite = "item.write",
    /// Approve as head of mission, or ask for changes.
    ItemApprove = "item.approve",
    /// Decide what policy reserves for headquarters.
    ItemApproveHeadquarters = "item.approve_headquarters",
    /// Write models for missions.
    ModelWrite = "model.write",
    /// Send models to missions, and withdraw them.
    ModelSend = "model.send",
    /// Check for headquarters, before its approver, what policy reserves.
    ItemCheckHeadquarters = "item.check_headquarters",
    /// Pass the text of a language that one speaks as one's own, or ask for changes in it.
    ItemReview = "item.review",
    /// Change which topics need which approval steps.
    PolicyManage = "policy.manage",
    /// Register webhooks of a unit, and see how they do.
    WebhookManage = "webhook.manage",
    /// See accounts, never their secrets.
    AccountRead = "account.read",
    /// Connect, disconnect, re-authorise accounts.
    AccountManage = "account.manage",
    /// See deliveries and their steps.
    DeliveryRead = "delivery.read",
    /// Settle a delivery whose outcome only a person can tell.
    DeliveryDecide = "delivery.decide",
    /// Stop sending, for one's own units.
    StopPlace = "stop.place",
    /// Stop sending for the whole ministry, and let it go on again.
    StopMinistry = "stop.ministry",
    /// Find published assets of the library, and look at them.
    AssetRead = "asset.read",
    /// Put assets in, and describe those of one's own unit.
    AssetContribute = "asset.contribute",
    /// Review, publish, withdraw, set rights.
    AssetSteward = "asset.steward",
    /// Use assets: in items, by download, in collections and share links.
    AssetUse = "asset.use",
    /// See units and people.
    UnitRead = "unit.read",
    /// Change units.
    UnitManage = "unit.manage",
    /// Invite people, give and end roles.
    PersonManage = "person.manage",
    /// Read the audit trail.
    AuditRead = "audit.read",
    /// See and mend the job queue.
    QueueManage = "queue.manage",
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is not one of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAction(pub String);

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.as_str() == text)
            .ok_or_else(|| UnknownAction(text.to_owned()))
    }
}
