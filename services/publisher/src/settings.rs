use chrono::TimeDelta;

/// The times that the never-twice rules turn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// T of rule 4: after its permit a worker may begin to send, and must have its answer, within this time on the
    /// monotonic clock; afterwards it gives up and the outcome is unknown.
    pub commit_window: TimeDelta,
    /// How long after T the platform may still be digesting what was sent in the last moment. Only then is it looked up.
    pub locate_margin: TimeDelta,
    /// How long before its minute a delivery is prepared.
    pub prepare_ahead: TimeDelta,
    /// How far apart held deliveries go when a person releases several at once.
    pub release_spacing: TimeDelta,
}

impl Settings {
    /// Intent to the first look.
    #[must_use]
    pub fn locate_after(&self) -> TimeDelta {
        self.commit_window + self.locate_margin
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            commit_window: TimeDelta::seconds(30),
            locate_margin: TimeDelta::seconds(30),
            prepare_ahead: TimeDelta::minutes(10),
            release_spacing: TimeDelta::seconds(20),
        }
    }
}
