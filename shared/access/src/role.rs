use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Action;

/// What somebody is at a unit (DOMAIN: people).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Tùy viên báo chí*: plans, writes, schedules for a mission.
    PressAttache,
    /// *Thủ trưởng CQĐD*: answers for everything in the mission's name; approves.
    HeadOfMission,
    /// *Chuyên viên Vụ Thông tin Báo chí*: orients, guides, checks all missions.
    DeskOfficer,
    /// *Lãnh đạo Vụ*: decides on topics reserved for headquarters; stops.
    HeadquartersApprover,
    /// *Cán bộ theo dõi báo chí*.
    Analyst,
    /// Ministries, provinces, press agencies that supply material.
    Contributor,
    /// *Quản lý kho*: reviews what contributors put in, sets rights, publishes.
    Steward,
    /// *Người hiệu đính*: passes the text of one language.
    NativeReviewer,
    /// A reader at a border post, a commune, a crossing.
    RemoteReader,
    /// Who approved what and when.
    Auditor,
    /// Units, accounts, keys.
    Administrator,
}

impl Role {
    /// Every role, in the order in which people are shown them.
    pub const ALL: [Self; 11] = [
        Self::PressAttache,
        Self::HeadOfMission,
        Self::DeskOfficer,
        Self::HeadquartersApprover,
        Self::Analyst,
        Self::Contributor,
        Self::Steward,
        Self::NativeReviewer,
        Self::RemoteReader,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The role's name in the database and at the end of Fluent ids (`role-press_attache`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PressAttache => "press_attache",
            Self::HeadOfMission => "head_of_mission",
            Self::DeskOfficer => "desk_officer",
            Self::HeadquartersApprover => "headquarters_approver",
            Self::Analyst => "analyst",
            Self::Contributor => "contributor",
            Self::Steward => "steward",
            Self::NativeReviewer => "native_reviewer",
            Self::RemoteReader => "remote_reader",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// What the role may do at its unit and below.
    #[must_use]
    pub const fn actions(self) -> &'static [Action] {
        use Action as A;
        match self {
            Self::PressAttache => &[
                A::ItemRead,
                A::ItemWrite,
                A::WebhookManage,
                A::AccountRead,
                A::DeliveryRead,
                A::DeliveryDecide,
                A::StopPlace,
                A::AssetRead,
                A::AssetContribute,
                A::AssetUse,
                A::UnitRead,
            ],
            Self::HeadOfMission => &[
                A::ItemRead,
                A::ItemWrite,
                A::ItemApprove,
                A::WebhookManage,
                A::AccountRead,
                A::DeliveryRead,
                A::DeliveryDecide,
                A::StopPlace,
                A::AssetRead,
                A::AssetContribute,
                A::AssetUse,
                A::UnitRead,
            ],
            Self::DeskOfficer => &[
                A::ItemRead,
                A::ItemWrite,
                A::ModelWrite,
                A::ItemCheckHeadquarters,
                A::AccountRead,
                A::DeliveryRead,
                A::StopPlace,
                A::AssetRead,
                A::AssetContribute,
                A::AssetUse,
                A::UnitRead,
            ],
            Self::HeadquartersApprover => &[
                A::ItemRead,
                A::ItemApproveHeadquarters,
                A::ModelWrite,
                A::ModelSend,
                A::AccountRead,
                A::DeliveryRead,
                A::DeliveryDecide,
                A::StopPlace,
                A::StopMinistry,
                A::AssetRead,
                A::AssetUse,
                A::UnitRead,
            ],
            Self::Analyst => &[A::ItemRead, A::AssetRead, A::UnitRead],
            Self::NativeReviewer => &[A::ItemRead, A::ItemReview, A::AssetRead, A::UnitRead],
            Self::Contributor => &[A::AssetRead, A::AssetContribute, A::UnitRead],
            Self::Steward => &[
                A::AssetRead,
                A::AssetContribute,
                A::AssetSteward,
                A::AssetUse,
                A::UnitRead,
            ],
            Self::RemoteReader => &[A::AssetRead, A::UnitRead],
            Self::Auditor => &[
                A::ItemRead,
                A::AssetRead,
                A::AccountRead,
                A::DeliveryRead,
                A::UnitRead,
                A::AuditRead,
            ],
            Self::Administrator => &[
                A::ItemRead,
                A::PolicyManage,
                A::WebhookManage,
                A::AccountRead,
                A::AccountManage,
                A::DeliveryRead,
                A::StopPlace,
                A::StopMinistry,
                A::UnitRead,
                A::UnitManage,
                A::PersonManage,
                A::AuditRead,
                A::QueueManage,
            ],
        }
    }

    /// Whether the role decides in the state's name, so that a password alone is not enough to sign in.
    #[must_use]
    pub const fn needs_second_factor(self) -> bool {
        matches!(
            self,
            Self::HeadOfMission | Self::HeadquartersApprover | Self::Administrator
        )
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The name is not one of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}
