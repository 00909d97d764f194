//! The life of a campaign.

use chancery_contracts::vocabulary;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// Where a campaign stands.
    CampaignState {
        /// Its first day has not come.
        Planned = "planned",
        /// Between its first day and its last.
        Running = "running",
        /// Over, or called off: nothing new is filed under it.
        Ended = "ended",
        /// Out of the lists; what belongs to it stays where it is.
        PutAway = "put_away",
    }
}

vocabulary! {
    /// Something that is done to a campaign, by people or by the day.
    CampaignChange {
        /// Begins, on its first day or before.
        Begin = "begin",
        /// Ends, after its last day or before.
        End = "end",
        /// Goes on after it ended.
        Resume = "resume",
        /// Put away.
        PutAway = "put_away",
        /// Taken back into the lists.
        TakeBack = "take_back",
    }
}

impl CampaignState {
    /// Where a campaign between these days stands on `today`, unless somebody decided otherwise.
    #[must_use]
    pub fn on(today: NaiveDate, starts_on: NaiveDate, ends_on: NaiveDate) -> Self {
        if ends_on < today {
            Self::Ended
        } else if starts_on <= today {
            Self::Running
        } else {
            Self::Planned
        }
    }

    /// Where it stands after `change`; none: that does not fit.
    #[must_use]
    pub const fn after(self, change: CampaignChange) -> Option<Self> {
        match (self, change) {
            (Self::Planned, CampaignChange::Begin) | (Self::Ended, CampaignChange::Resume) => {
                Some(Self::Running)
            }
            (Self::Planned | Self::Running, CampaignChange::End)
            | (Self::PutAway, CampaignChange::TakeBack) => Some(Self::Ended),
            (Self::Ended, CampaignChange::PutAway) => Some(Self::PutAway),
            _ => None,
        }
    }

    /// What `today` does to a campaign between these days: it begins and ends what is planned and running, and leaves to
    /// people what they ended or put away.
    #[must_use]
    pub fn due(self, today: NaiveDate, starts_on: NaiveDate, ends_on: NaiveDate) -> Option<CampaignChange> {
        match (self, Self::on(today, starts_on, ends_on)) {
            (Self::Planned, Self::Running) => Some(CampaignChange::Begin),
            (Self::Planned | Self::Running, Self::Ended) => Some(CampaignChange::End),
            _ => None,
        }
    }

    /// Whether new items can be filed under it.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Planned | Self::Running)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, day).unwrap_or_default()
    }

    #[test]
    fn days_begin_and_end_a_campaign_and_leave_people_their_decisions() {
        use CampaignState::{Ended, Planned, PutAway, Running};
        let between = |today| CampaignState::on(day(today), day(5), day(7));
        assert_eq!([4, 5, 7, 8].map(between), [Planned, Running, Running, Ended]);
        let due = |state: CampaignState, today| state.due(day(today), day(5), day(7));
        assert_eq!(due(Planned, 4), None);
        assert_eq!(due(Planned, 5), Some(CampaignChange::Begin));
        assert_eq!(due(Planned, 8), Some(CampaignChange::End));
        assert_eq!(due(Running, 7), None);
        assert_eq!(due(Running, 8), Some(CampaignChange::End));
        // Called off early, it does not begin again by itself; begun early, it goes on.
        for today in 1..10 {
            assert_eq!((due(Ended, today), due(PutAway, today)), (None, None));
        }
        assert_eq!(due(Running, 1), None);
    }

    #[test]
    fn whatever_a_day_does_fits() {
        for state in CampaignState::ALL {
            for today in 1..10 {
                if let Some(change) = state.due(day(today), day(5), day(7)) {
                    assert!(state.after(change).is_some(), "{state} {change}");
                }
            }
        }
    }
}
