//! What was done off-line or elsewhere, with the same facts as an item has.

use chancery_contracts::ids::{AssetId, CampaignId};
use chancery_contracts::vocabulary;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::clean;

vocabulary! {
    /// What was done.
    ActivityKind {
        /// Given to an outlet.
        Interview = "interview",
        /// An op-ed or article placed.
        OpEd = "op_ed",
        /// An event or ceremony.
        Event = "event",
        /// An exhibition or display.
        Exhibition = "exhibition",
        /// A visit of reporters, here or in Viet Nam.
        PressVisit = "press_visit",
        /// A film, programme or supplement made together.
        CoProduction = "co_production",
        /// A post made on the platform's own app.
        Post = "post",
        /// Anything else.
        Other = "other",
    }
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Activity {
    /// What was done.
    pub kind: ActivityKind,
    /// In one line.
    pub title: String,
    /// What happened. Names of private people do not belong here.
    #[serde(default)]
    pub summary: String,
    /// The day, or the first.
    pub starts_on: NaiveDate,
    /// The last day, if there were several.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// The programme that it belongs to.
    #[serde(default)]
    pub programme: Option<Uuid>,
    /// The campaign that it belongs to.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub campaign: Option<CampaignId>,
    /// Code of an audience.
    pub audience: String,
    /// BCP 47 tag of the language in which it was done.
    pub language: String,
    /// The outlet, host or partner: an organisation.
    #[serde(default)]
    pub partner: String,
    /// Where it can be seen.
    #[serde(default)]
    pub link: String,
    /// How many were reached, as the outlet or platform says.
    #[serde(default)]
    pub reach: Option<u64>,
    /// How many were present.
    #[serde(default)]
    pub present: Option<u64>,
    /// How many pieces came of it: articles, broadcasts.
    #[serde(default)]
    pub pieces: Option<u64>,
    /// Evidence: assets of the library.
    #[serde(default)]
    #[schema(value_type = Vec<Uuid>)]
    pub evidence: Vec<AssetId>,
}

impl Activity {
    /// The same with every text cleaned.
    ///
    /// # Errors
    /// The field that is refused, and the Fluent id of the reason.
    pub fn accepted(mut self) -> Result<Self, (&'static str, &'static str)> {
        let line = |text: &str| clean(text).replace(['\n', '\t'], " ").trim().to_owned();
        self.title = line(&self.title);
        self.partner = line(&self.partner);
        self.link = line(&self.link);
        clean(&self.summary).trim().clone_into(&mut self.summary);
        let long = |text: &str, most: usize| text.chars().count() > most;
        if self.title.is_empty() || long(&self.title, 300) {
            return Err(("title", "log-title-missing"));
        }
        if long(&self.summary, 10_000) || long(&self.partner, 300) {
            return Err(("summary", "log-too-long"));
        }
        let is_web = self.link.starts_with("https://") || self.link.starts_with("http://");
        if !self.link.is_empty() && (!is_web || long(&self.link, 2_000)) {
            return Err(("link", "log-link-refused"));
        }
        let days = [Some(self.starts_on), self.ends_on];
        if days
            .iter()
            .flatten()
            .any(|day| !(2000..2100).contains(&day.year()))
        {
            return Err(("starts_on", "items-time-unlikely"));
        }
        if self.ends_on.is_some_and(|last| last < self.starts_on) {
            return Err(("ends_on", "campaigns-ends-before-it-starts"));
        }
        let figures = [self.reach, self.present, self.pieces];
        if figures.iter().flatten().any(|figure| *figure > 100_000_000_000) {
            return Err(("reach", "log-figure-unlikely"));
        }
        if self.evidence.len() > 30 {
            return Err(("evidence", "models-too-many"));
        }
        Ok(self)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn entry() -> Activity {
        serde_json::from_value(serde_json::json!({
            "kind": "interview", "title": " Phỏng vấn\nĐại sứ ", "starts_on": "2026-09-02", "audience": "press", "language": "lo",
        }))
        .unwrap()
    }

    #[test]
    fn a_line_is_a_line() {
        assert_eq!(entry().accepted().unwrap().title, "Phỏng vấn Đại sứ");
    }

    #[test]
    fn each_refusal_names_its_field() {
        let field = |entry: Activity| entry.accepted().unwrap_err().0;
        assert_eq!(
            field(Activity {
                title: " ".into(),
                ..entry()
            }),
            "title"
        );
        assert_eq!(
            field(Activity {
                link: "javascript:alert(1)".into(),
                ..entry()
            }),
            "link"
        );
        assert_eq!(
            field(Activity {
                ends_on: "2026-09-01".parse().ok(),
                ..entry()
            }),
            "ends_on"
        );
        assert_eq!(
            field(Activity {
                reach: Some(u64::MAX),
                ..entry()
            }),
            "reach"
        );
    }
}
