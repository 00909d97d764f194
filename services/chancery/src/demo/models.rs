//! A model that headquarters sent to every mission, in several states of answer; a template; something that comes again;
//! what was done off-line.

use chancery_calendar::demo::Seeds as Calendar;
use chancery_calendar::demo_models::{Answer, Seeds};
use chancery_calendar::model::activity::Activity;
use chancery_calendar::model::models::Content;
use chancery_calendar::model::recurring::{Every, Rule};
use chancery_calendar::model::templates::Template;
use chancery_calendar::workflow::RecurrenceDraft;
use chancery_clock::Tz;
use chancery_contracts::ids::ItemId;
use chancery_identity::demo::Loaded;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::json;

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
    let of_vientiane = calendar
        .items
        .iter()
        .zip(items)
        .filter(|(seed, _)| seed.unit == vientiane);
    // Her second is the consular section's opening hours, which come every week.
    let Some(source) = of_vientiane.map(|(_, item)| *item).nth(1) else {
        return Ok(None);
    };
    let hanoi = now.with_timezone(&Tz::Asia__Ho_Chi_Minh).date_naive();
    let at = |days: i64, hour: u32| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        (hanoi + TimeDelta::days(days)).and_time(time)
    };
    let content: Content =
        toml::from_str(MODEL).map_err(|error| Failure::said(format!("demo/model.toml: {error}")))?;
    let template: Template =
        toml::from_str(TEMPLATE).map_err(|error| Failure::said(format!("demo/template.toml: {error}")))?;
    let mut answers = Vec::new();
    for (mission, who, answer) in [
        ("bangkok", "attache", Answer::Submitted),
        (
            "tokyo",
            "attache",
            Answer::Adapted("Ảnh hoa anh đào chụp tại Tô-ky-ô của bà con cũng có trong triển lãm.".into()),
        ),
        ("paris", "head", Answer::Approved),
        (
            "london",
            "attache",
            Answer::Declined(
                "Tuần này cơ quan tập trung cho Ngày hội Việt Nam; xin đăng vào tháng sau.".into(),
            ),
        ),
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
        log: log(now)?
            .into_iter()
            .map(|(mission, activity)| Ok((unit(mission)?, person(&format!("attache-{mission}"))?, activity)))
            .collect::<Result<_, Failure>>()?,
        recurring: (
            vientiane,
            person("attache-vientiane")?,
            RecurrenceDraft {
                name: "Lịch tiếp khách hằng tuần".to_owned(),
                rule: Rule {
                    every: Every::Week { days: vec![1] },
                    time: NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default(),
                },
                sources: vec![source],
                template: None,
                values: std::collections::BTreeMap::new(),
                ahead_days: 7,
                active: true,
            },
        ),
    }))
}

/// Whose attaché wrote down what, some days ago.
fn log(now: DateTime<Utc>) -> Result<Vec<(&'static str, Activity)>, Failure> {
    let day = |days: i64| (now - TimeDelta::days(days)).date_naive().to_string();
    let entries = [
        (
            "vientiane",
            json!({ "kind": "interview", "title": "Đại sứ trả lời phỏng vấn về hợp tác giáo dục", "starts_on": day(9), "audience": "host_public",
                "language": "lo", "partner": "Đài Truyền hình Viêng Chăn Mới", "reach": 180_000,
                "summary": "Phỏng vấn 12 phút, phát trong bản tin tối; nêu số học bổng năm học mới và chương trình trao đổi giáo viên." }),
        ),
        (
            "vientiane",
            json!({ "kind": "exhibition", "title": "Góc sách Việt Nam tại Thư viện thành phố", "starts_on": day(20), "ends_on": day(6),
                "audience": "host_public", "language": "vi", "partner": "Thư viện thành phố Viêng Chăn Mới", "present": 640, "pieces": 3,
                "summary": "Trưng bày 150 đầu sách tiếng Việt và tiếng Lào; ba cơ quan báo chí đưa tin." }),
        ),
        (
            "paris",
            json!({ "kind": "op_ed", "title": "Bài viết của Đại sứ về dịch thuật văn học", "starts_on": day(4), "audience": "press", "language": "fr",
                "partner": "Tạp chí Lettres du Mékong", "reach": 25_000, "pieces": 1,
                "summary": "Đăng nguyên văn, kèm giới thiệu ba bản dịch mới." }),
        ),
    ];
    entries
        .into_iter()
        .map(|(mission, entry)| {
            let entry = serde_json::from_value(entry)
                .map_err(|error| Failure::said(format!("the log of {mission}: {error}")))?;
            Ok((mission, entry))
        })
        .collect()
}
