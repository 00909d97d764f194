//! A model that headquarters sent to every mission, in several states of answer; a template; something that comes again.

use chancery_calendar::demo::Seeds as Calendar;
use chancery_calendar::demo_models::{Answer, Seeds};
use chancery_calendar::model::models::Content;
use chancery_calendar::model::recurring::{Every, Rule};
use chancery_calendar::model::templates::Template;
use chancery_calendar::workflow::RecurrenceDraft;
use chancery_clock::Tz;
use chancery_contracts::ids::ItemId;
use chancery_identity::demo::Loaded;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::error::Failure;

const MODEL: &str = include_str!("../../demo/model.toml");
const TEMPLATE: &str = include_str!("../../demo/template.toml");

/// What to load. `items` are those of `calendar`, in its order.
pub fn seeds(
    loaded: &Loaded,
    calendar: &Calendar,
    items: &[ItemId],
    now: DateTime<Utc>,
) -> Result<Option<Seeds>, Failure> {
    let lacks = |what: &str| Failure::said(format!("the demonstration has no {what}"));
    let unit = |slug: &str| loaded.units.get(slug).copied().ok_or_else(|| lacks(slug));
    let person = |key: &str| loaded.people.get(key).copied().ok_or_else(|| lacks(key));
    let vientiane = unit("vientiane")?;
    let of_vientiane = calendar.items.iter().zip(items).filter(|(seed, _)| seed.unit == vientiane);
    let Some(source) = of_vientiane.map(|(_, item)| *item).next() else {
        return Ok(None);
    };
    let hanoi = now.with_timezone(&Tz::Asia__Ho_Chi_Minh).date_naive();
    let at = |days: i64, hour: u32| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        (hanoi + TimeDelta::days(days)).and_time(time)
    };
    let content: Content = toml::from_str(MODEL).map_err(|error| Failure::said(format!("demo/model.toml: {error}")))?;
    let template: Template =
        toml::from_str(TEMPLATE).map_err(|error| Failure::said(format!("demo/template.toml: {error}")))?;
    let mut answers = Vec::new();
    for (mission, who, answer) in [
        ("bangkok", "attache", Answer::Submitted),
        ("tokyo", "attache", Answer::Adapted("Ảnh hoa anh đào chụp tại Tô-ky-ô của bà con cũng có trong triển lãm.".into())),
        ("paris", "head", Answer::Approved),
        ("london", "attache", Answer::Declined("Tuần này cơ quan tập trung cho Ngày hội Việt Nam; xin đăng vào tháng sau.".into())),
        ("cairo", "attache", Answer::Seen),
        ("phnom-penh", "attache", Answer::Adopted),
        ("sydney", "head", Answer::Approved),
    ] {
        answers.push((unit(mission)?, person(&format!("{who}-{mission}"))?, answer));
    }
    Ok(Some(Seeds {
        writer: person("desk-officer")?,
        sender: person("approver")?,
        content: Content {
            wall: Some(at(6, 10)),
            answer_by: Some(at(3, 17)),
            ..content
        },
        answers,
        template: (unit("ministry")?, template),
        recurring: (
            vientiane,
            person("attache-vientiane")?,
            RecurrenceDraft {
                name: "Bản tin đầu tuần".to_owned(),
                rule: Rule {
                    every: Every::Week { days: vec![1] },
                    time: NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default(),
                },
                sources: vec![source],
                ahead_days: 7,
                active: true,
            },
        ),
    }))
}
