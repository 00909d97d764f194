use chancery_contracts::ids::{PersonId, UnitId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Action, Decision, Refusal, Role};

/// A role at a unit from a date to a date (*Từ – đến*), both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What.
    pub role: Role,
    /// Where; it holds for every unit below, too.
    #[serde(rename = "unit_id")]
    pub unit: UnitId,
    /// First day.
    #[serde(rename = "valid_from")]
    pub from: NaiveDate,
    /// Last day; none while the posting is open.
    #[serde(rename = "valid_to")]
    pub to: Option<NaiveDate>,
}

impl Grant {
    /// Whether it holds on `day`.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// How somebody has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A session in a browser.
    Session,
    /// An API token, which can do no more than its scopes.
    Token {
        /// The actions the token was made for.
        scopes: Vec<Action>,
    },
}

/// A person who has proved who they are, with what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Who.
    pub person: PersonId,
    /// As shown to others.
    pub name: String,
    /// Everything they hold, held or will hold.
    pub grants: Vec<Grant>,
    /// By which means.
    pub via: Via,
    /// The day on which decisions are made, at headquarters' clock.
    pub today: NaiveDate,
}

/// A unit with its ancestors, as `identity.published_units.path` gives them: root first, the unit itself last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Root to unit.
    pub path: &'a [UnitId],
}

impl Principal {
    /// Whether the action may be done at `place`, and why.
    #[must_use]
    pub fn decide(&self, action: Action, place: Place<'_>) -> Decision {
        self.judge(action, |grant| place.path.contains(&grant.unit))
    }

    /// Whether the action may be done at some unit: what menus and routes ask.
    #[must_use]
    pub fn decide_anywhere(&self, action: Action) -> Decision {
        self.judge(action, |_| true)
    }

    /// The units at which (and below which) the action may be done today: what lists filter by.
    #[must_use]
    pub fn units_for(&self, action: Action) -> Vec<UnitId> {
        let mut units: Vec<_> = self
            .grants
            .iter()
            .filter(|grant| self.in_scope(action) && grant.holds_on(self.today))
            .filter(|grant| grant.role.actions().contains(&action))
            .map(|grant| grant.unit)
            .collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// Whether any role held today decides in the state's name.
    #[must_use]
    pub fn needs_second_factor(&self) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.holds_on(self.today) && grant.role.needs_second_factor())
    }

    fn in_scope(&self, action: Action) -> bool {
        match &self.via {
            Via::Session => true,
            Via::Token { scopes } => scopes.contains(&action),
        }
    }

    fn judge(&self, action: Action, here: impl Fn(&Grant) -> bool) -> Decision {
        if !self.in_scope(action) {
            return Decision::Refused(Refusal::OutOfScope(action));
        }
        let able = || {
            self.grants
                .iter()
                .filter(|grant| grant.role.actions().contains(&action))
        };
        if let Some(grant) = able().find(|grant| here(grant) && grant.holds_on(self.today)) {
            return Decision::Allowed(*grant);
        }
        let refusal = match able().find(|grant| here(grant)) {
            Some(grant) if grant.from > self.today => Refusal::NotYet(action),
            Some(_) => Refusal::Ended(action),
            None if able().next().is_some() => Refusal::ElsewhereOnly(action),
            None => Refusal::NoRole(action),
        };
        Decision::Refused(refusal)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn unit(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn principal(grants: Vec<Grant>, via: Via) -> Principal {
        let person = PersonId(Uuid::from_u128(7));
        Principal {
            person,
            name: "Lan".into(),
            grants,
            via,
            today: day("2026-06-15"),
        }
    }

    fn grant(role: Role, at: u128, from: &str, to: Option<&str>) -> Grant {
        Grant {
            role,
            unit: unit(at),
            from: day(from),
            to: to.map(day),
        }
    }

    const MISSION: u128 = 2;

    fn decide(grants: Vec<Grant>, action: Action) -> Decision {
        let path = [unit(1), unit(MISSION)];
        principal(grants, Via::Session).decide(action, Place { path: &path })
    }

    #[test]
    fn a_role_holds_at_its_unit_and_below() {
        for at in [1, MISSION] {
            let held = grant(Role::PressAttache, at, "2026-01-01", None);
            assert_eq!(decide(vec![held], Action::ItemWrite), Decision::Allowed(held));
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let refused = |grants, why| assert_eq!(decide(grants, Action::ItemApprove), Decision::Refused(why));
        let role = Role::HeadOfMission;
        refused(vec![], Refusal::NoRole(Action::ItemApprove));
        refused(
            vec![grant(Role::PressAttache, 2, "2026-01-01", None)],
            Refusal::NoRole(Action::ItemApprove),
        );
        refused(
            vec![grant(role, 3, "2026-01-01", None)],
            Refusal::ElsewhereOnly(Action::ItemApprove),
        );
        refused(
            vec![grant(role, 2, "2026-01-01", Some("2026-06-14"))],
            Refusal::Ended(Action::ItemApprove),
        );
        refused(
            vec![grant(role, 2, "2026-06-16", None)],
            Refusal::NotYet(Action::ItemApprove),
        );
    }

    #[test]
    fn first_and_last_day_are_included() {
        let held = grant(Role::HeadOfMission, 2, "2026-06-15", Some("2026-06-15"));
        assert!(decide(vec![held], Action::ItemApprove).is_allowed());
    }

    #[test]
    fn a_token_can_do_no_more_than_its_scopes() {
        let held = vec![grant(Role::PressAttache, 1, "2026-01-01", None)];
        let token = principal(
            held,
            Via::Token {
                scopes: vec![Action::ItemRead],
            },
        );
        assert!(token.decide_anywhere(Action::ItemRead).is_allowed());
        assert_eq!(
            token.decide_anywhere(Action::ItemWrite),
            Decision::Refused(Refusal::OutOfScope(Action::ItemWrite))
        );
        assert!(token.units_for(Action::ItemWrite).is_empty());
    }

    #[test]
    fn an_administrator_can_not_write_or_approve_in_a_missions_name() {
        for action in [
            Action::ItemWrite,
            Action::ItemApprove,
            Action::ItemApproveHeadquarters,
        ] {
            assert!(!Role::Administrator.actions().contains(&action));
        }
    }
}
