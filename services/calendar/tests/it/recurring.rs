//! Templates with fields, and what comes again.

use chancery_calendar::model::recurring::{Every, Rule};
use chancery_calendar::model::templates::{Fault, Field, FieldKind, Template, Values};
use chancery_calendar::model::{Kind, State};
use chancery_calendar::workflow::RecurrenceDraft;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::ItemId;
use chancery_contracts::{Origin, Topic};
use chancery_web::Language;
use http::StatusCode;

use crate::pages::Site;
use crate::rig::{Rig, picture, wall};

fn template() -> Template {
    Template {
        name: "Chúc mừng Quốc khánh".into(),
        kind: Kind::Greeting,
        topic: Topic::Bilateral,
        language: "vi".into(),
        title: "Chúc mừng Quốc khánh {{country}}".into(),
        body: "Nhân {{date day}}, xin chúc mừng {{country}}.".into(),
        fields: vec![
            Field {
                name: "country".into(),
                kind: FieldKind::Text,
                vi: "Nước".into(),
                en: "Country".into(),
                required: true,
            },
            Field {
                name: "day".into(),
                kind: FieldKind::Date,
                vi: "Ngày".into(),
                en: "Day".into(),
                required: true,
            },
        ],
    }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn a_template_becomes_an_item_or_says_which_field_is_missing() {
    let rig = Rig::new().await;
    let lan = Actor::new(&rig.lan);
    let id = rig
        .calendar
        .create_template(lan, rig.mission, template())
        .await
        .unwrap();
    let missing = rig
        .calendar
        .item_from_template(lan, id, rig.mission, &values(&[("day", "2026-12-02")]))
        .await;
    assert!(
        matches!(missing, Err(CalendarError::Template(faults)) if faults == [Fault::Missing("country".into())])
    );
    let item = rig
        .calendar
        .item_from_template(
            lan,
            id,
            rig.mission,
            &values(&[("country", "Lào"), ("day", "2026-12-02")]),
        )
        .await
        .unwrap();
    let item = rig.item(item).await;
    assert_eq!(item.draft.title, "Chúc mừng Quốc khánh Lào");
    assert_eq!(
        item.draft.body,
        "Nhân ngày 2 tháng 12 năm 2026, xin chúc mừng Lào."
    );
    assert_eq!((item.draft.topic, item.state), (Topic::Bilateral, State::Draft));
    // Another mission neither uses nor changes it.
    let foreign = rig
        .calendar
        .item_from_template(Actor::new(&rig.paul), id, rig.paris, &values(&[]))
        .await;
    assert!(matches!(foreign, Err(CalendarError::NotFound)));
    let foreign = rig
        .calendar
        .change_template(Actor::new(&rig.paul), id, 1, template(), true)
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
    let stale = rig.calendar.change_template(lan, id, 7, template(), false).await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
    rig.calendar
        .change_template(lan, id, 1, template(), true)
        .await
        .unwrap();
    let retired = rig
        .calendar
        .item_from_template(lan, id, rig.mission, &values(&[]))
        .await;
    assert!(matches!(retired, Err(CalendarError::NotFound)));
}

#[tokio::test]
async fn an_unknown_variable_is_said_on_the_page_and_nothing_is_lost() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let unit = rig.mission.to_string();
    let form = [
        ("unit", unit.as_str()),
        ("version", "0"),
        ("name", "Greeting"),
        ("kind", "greeting"),
        ("topic", "general"),
        ("language", "en"),
        ("title", "To {{contry}}"),
        ("body", "Dear friends"),
        ("f.0.name", "country"),
        ("f.0.kind", "text"),
        ("f.0.vi", "Nước"),
        ("f.0.en", "Country"),
    ];
    let refused = site.post("/templates", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.body.contains("“contry”, which is no field") && refused.body.contains("Dear friends"),
        "{}",
        refused.body
    );
    let sample = site.post("/templates/fragments/preview", &form).await;
    assert!(sample.body.contains("contry"), "{}", sample.body);
    let mut right = form;
    right[6].1 = "To {{country}}";
    assert_eq!(site.post("/templates", &right).await.location, "/templates");
    let list = site.get("/templates").await;
    assert!(list.body.contains("Greeting"), "{}", list.body);
}

fn weekly(sources: Vec<ItemId>) -> RecurrenceDraft {
    RecurrenceDraft {
        name: "Bản tin".into(),
        rule: Rule {
            every: Every::Week { days: vec![1] },
            time: "08:30:00".parse().unwrap(),
        },
        sources,
        template: None,
        values: Values::new(),
        ahead_days: 15,
        active: true,
    }
}

async fn drafts(rig: &Rig) -> Vec<(String, chrono::NaiveDateTime)> {
    sqlx::query_as("select i.title, i.wall from calendar.occurrences o join calendar.items i on i.id = o.item_id order by i.wall")
        .fetch_all(rig.db.owner())
        .await
        .unwrap()
}

#[tokio::test]
async fn drafts_are_made_ahead_in_turn_and_never_twice() {
    let rig = Rig::new().await;
    let mut second = rig.complete();
    second.title = "Thứ hai".into();
    let (first, second) = (rig.written(rig.complete()).await, rig.written(second).await);
    rig.calendar
        .add_image(Actor::new(&rig.lan), first, picture())
        .await
        .unwrap();
    let id = rig
        .calendar
        .create_recurrence(Actor::new(&rig.minh), rig.mission, weekly(vec![first, second]))
        .await
        .unwrap();
    let make = async || rig.calendar.make_recurring(&Origin::default()).await.unwrap();
    assert_eq!(make().await, 2, "two Mondays within fifteen days");
    assert_eq!(make().await, 0, "a job that runs twice makes none twice");
    let expected = [
        ("Chúc mừng Quốc khánh".to_owned(), wall("2026-09-07T08:30:00")),
        ("Thứ hai".to_owned(), wall("2026-09-14T08:30:00")),
    ];
    assert_eq!(drafts(&rig).await, expected);
    assert_eq!(
        rig.sent::<Notify>()
            .await
            .iter()
            .filter(|n| n.key == "notice-recurring-made")
            .count(),
        2
    );

    // The set goes on where it stopped.
    rig.clock.advance(std::time::Duration::from_hours(24 * 7));
    assert_eq!(make().await, 1);
    assert_eq!(
        drafts(&rig).await[2],
        ("Chúc mừng Quốc khánh".to_owned(), wall("2026-09-21T08:30:00"))
    );
    let mut paused = weekly(vec![first]);
    paused.active = false;
    rig.calendar
        .change_recurrence(Actor::new(&rig.lan), id, 1, paused)
        .await
        .unwrap();
    rig.clock.advance(std::time::Duration::from_hours(24 * 30));
    assert_eq!(make().await, 0);
}

#[tokio::test]
async fn a_copy_needs_its_own_approval_and_its_writers_stay_writers() {
    let rig = Rig::new().await;
    let source = rig.written(rig.complete()).await;
    rig.submit(&rig.lan, source).await.unwrap();
    rig.approve(&rig.ambassador, source).await.unwrap();
    // The ambassador set it up: what comes of it is not theirs to approve alone.
    rig.calendar
        .create_recurrence(Actor::new(&rig.ambassador), rig.mission, weekly(vec![source]))
        .await
        .unwrap();
    rig.calendar.make_recurring(&Origin::default()).await.unwrap();
    let copy: uuid::Uuid =
        sqlx::query_scalar("select item_id from calendar.occurrences order by falls_on limit 1")
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    let copy = ItemId(copy);
    assert_eq!(
        rig.state(copy).await,
        State::Draft,
        "approval of the source covers nothing of the copy"
    );
    rig.submit(&rig.lan, copy).await.unwrap();
    assert!(rig.approve(&rig.ambassador, copy).await.is_err());
    rig.approve(&rig.both, copy).await.unwrap();
}

#[tokio::test]
async fn rules_without_days_and_foreign_sources_are_refused() {
    let rig = Rig::new().await;
    let source = rig.written(rig.complete()).await;
    let refused = async |draft| {
        rig.calendar
            .create_recurrence(Actor::new(&rig.lan), rig.mission, draft)
            .await
    };
    let mut none = weekly(vec![source]);
    none.rule.every = Every::Year { month: 2, day: 30 };
    assert!(matches!(
        refused(none).await,
        Err(CalendarError::Field {
            key: "recurring-no-day",
            ..
        })
    ));
    assert!(matches!(
        refused(weekly(vec![])).await,
        Err(CalendarError::Field { field: "sources", .. })
    ));
    let theirs = rig
        .calendar
        .create(Actor::new(&rig.paul), rig.paris, Kind::News, "fr")
        .await
        .unwrap();
    assert!(matches!(
        refused(weekly(vec![theirs])).await,
        Err(CalendarError::Field {
            key: "recurring-source-foreign",
            ..
        })
    ));
    let foreign = rig
        .calendar
        .create_recurrence(Actor::new(&rig.paul), rig.mission, weekly(vec![source]))
        .await;
    assert!(matches!(foreign, Err(CalendarError::Access(_))));
}

#[tokio::test]
async fn the_preview_says_what_is_special_and_pages_answer_in_both_languages() {
    let rig = Rig::new().await;
    let source = rig.written(rig.complete()).await;
    let id = rig
        .calendar
        .create_recurrence(Actor::new(&rig.lan), rig.mission, weekly(vec![source]))
        .await
        .unwrap();
    let template = rig
        .calendar
        .create_template(Actor::new(&rig.lan), rig.mission, template())
        .await
        .unwrap();
    let site = Site::of(&rig, &rig.lan, Language::En);
    let ask = async |query: &str| {
        site.get(&format!(
            "/recurring/fragments/preview?unit={}&{query}",
            rig.mission
        ))
        .await
        .body
    };
    let short = ask("every=month&day=31&time=09:00").await;
    assert!(
        short.contains("months without it are left out") && short.matches("<li>").count() == 10,
        "{short}"
    );
    assert!(
        ask("every=year&month=2&year_day=29&time=09:00")
            .await
            .contains("leap years only")
    );
    assert!(
        ask("every=year&month=2&year_day=30&time=09:00")
            .await
            .contains("Choose days that exist")
    );
    assert!(
        ask("every=lunar&lunar_month=1&lunar_day=1&time=00:00")
            .await
            .contains("6 February 2027")
    );
    let paris = Site::of(&rig, &rig.paul, Language::En);
    let gap = paris
        .get(&format!(
            "/recurring/fragments/preview?unit={}&every=month_end&time=02:30",
            rig.paris
        ))
        .await;
    assert_eq!(gap.status, StatusCode::OK);
    let gap = paris
        .get(&format!(
            "/recurring/fragments/preview?unit={}&every=year&month=3&year_day=28&time=02:30",
            rig.paris
        ))
        .await;
    assert!(gap.body.contains("clocks go forward"), "{}", gap.body);
    for language in [Language::Vi, Language::En] {
        let site = Site::of(&rig, &rig.lan, language);
        let paths = [
            "/templates".to_owned(),
            "/templates/new".into(),
            format!("/templates/{template}"),
            format!("/templates/{template}/edit"),
            "/recurring".into(),
            "/recurring/new".into(),
            format!("/recurring/new?item={source}"),
            format!("/recurring/{id}"),
            "/api/v1/templates".into(),
            "/api/v1/recurrences".into(),
        ];
        for path in paths {
            let page = site.get(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
            for raw in ["templates-", "recurring-", "items-"] {
                let mut shown = page.body.split('>').filter_map(|part| part.split('<').next());
                assert!(
                    shown.all(|text| !text.trim_start().starts_with(raw)),
                    "{raw} is shown in {path}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_template_comes_again_filled_in_with_its_own_date() {
    let rig = Rig::new().await;
    let lan = Actor::new(&rig.lan);
    let id = rig
        .calendar
        .create_template(lan, rig.mission, template())
        .await
        .unwrap();
    let draft = |given: &[(&str, &str)]| RecurrenceDraft {
        template: Some(id),
        values: values(given),
        ..weekly(Vec::new())
    };
    // A required field is empty; items and a template at once.
    let empty = rig.calendar.create_recurrence(lan, rig.mission, draft(&[])).await;
    assert!(
        matches!(empty, Err(CalendarError::Template(faults)) if faults == [Fault::Missing("country".into())])
    );
    let both = RecurrenceDraft {
        sources: vec![rig.draft().await],
        ..draft(&[("country", "Lào")])
    };
    let both = rig.calendar.create_recurrence(lan, rig.mission, both).await;
    assert!(matches!(both, Err(CalendarError::Field { field: "sources", .. })));
    let foreign = rig
        .calendar
        .create_recurrence(Actor::new(&rig.paul), rig.paris, draft(&[("country", "Lào")]))
        .await;
    assert!(matches!(foreign, Err(CalendarError::NotFound)));
    let recurrence = rig
        .calendar
        .create_recurrence(
            lan,
            rig.mission,
            draft(&[("country", "Lào"), ("nobody", "asked")]),
        )
        .await
        .unwrap();
    assert_eq!(rig.calendar.make_recurring(&Origin::default()).await.unwrap(), 2);
    assert_eq!(rig.calendar.make_recurring(&Origin::default()).await.unwrap(), 0);
    let made: Vec<ItemId> = sqlx::query_scalar(
        "select item_id from calendar.occurrences where recurrence_id = $1 order by falls_on",
    )
    .bind(recurrence)
    .fetch_all(rig.db.owner())
    .await
    .unwrap();
    let item = rig.item(made[0]).await;
    assert_eq!(item.state, State::Draft);
    assert_eq!(item.draft.title, "Chúc mừng Quốc khánh Lào");
    assert!(
        item.draft.body.contains("ngày 7 tháng 9 năm 2026"),
        "{}",
        item.draft.body
    );
    assert_eq!(item.draft.wall, Some(wall("2026-09-07T08:30:00")));
    assert_eq!(item.draft.topic, Topic::Bilateral);
    let site = Site::of(&rig, &rig.lan, Language::En);
    let form = site.get(&format!("/recurring/{recurrence}")).await.body;
    assert!(
        form.contains("value=\"Lào\"") && !form.contains("nobody"),
        "{form}"
    );
    let new = site.get(&format!("/recurring/new?template={id}")).await;
    assert_eq!(new.status, StatusCode::OK);
    assert!(new.body.contains("value.country"), "{}", new.body);
    assert!(site.get("/recurring").await.body.contains("From the template"));
    // A template that no longer fits still makes a draft, without a text: somebody is told and sees it.
    let mut other = template();
    other.fields[1].required = false;
    other.fields.push(Field {
        name: "guest".into(),
        kind: FieldKind::Text,
        vi: "Khách".into(),
        en: "Guest".into(),
        required: true,
    });
    rig.calendar
        .change_template(lan, id, 1, other, false)
        .await
        .unwrap();
    rig.clock.advance(std::time::Duration::from_hours(24 * 7));
    assert_eq!(rig.calendar.make_recurring(&Origin::default()).await.unwrap(), 1);
    let latest: ItemId =
        sqlx::query_scalar("select item_id from calendar.occurrences order by falls_on desc limit 1")
            .fetch_one(rig.db.owner())
            .await
            .unwrap();
    let draft = rig.item(latest).await.draft;
    assert_eq!((draft.title.as_str(), draft.body.as_str()), ("Bản tin", ""));
}
