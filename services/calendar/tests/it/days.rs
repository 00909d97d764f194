//! Days that matter: known ones, entered ones, and who may enter them.

use chancery_calendar::Actor;
use chancery_calendar::model::{ClockChoice, Day, EnteredKind, Holds, Range};
use chancery_calendar::workflow::{Asked, Breadth, DayDraft};
use chancery_web::Language;
use chrono::NaiveDate;
use http::{Method, StatusCode};
use serde_json::json;

use crate::pages::Site;
use crate::rig::Rig;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn draft(kind: EnteredKind, holds: Holds, from: &str, to: &str) -> DayDraft {
    DayDraft {
        kind,
        holds,
        starts_on: day(from),
        ends_on: day(to),
        name: "Quốc tang".into(),
        note: String::new(),
    }
}

impl Rig {
    async fn days(&self, breadth: Breadth, from: &str, to: &str) -> Vec<Day> {
        let asked = Asked {
            breadth,
            range: Range::bounded(day(from), day(to)),
            clock: ClockChoice::Host,
            filter: chancery_calendar::store::board::Filter::default(),
            few: 5,
        };
        let mut conn = self.calendar.pool.acquire().await.unwrap();
        self.calendar
            .board(&mut conn, &self.headquarters, &asked)
            .await
            .unwrap()
            .days
    }

    async fn place(&self, unit: chancery_contracts::ids::UnitId, country: &str, region: &str) {
        sqlx::query("update identity.units set country = $2, region = $3 where id = $1")
            .bind(unit.0)
            .bind(country)
            .bind(region)
            .execute(self.db.owner())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn holidays_of_viet_nam_and_of_the_host_country_are_known() {
    let rig = Rig::new().await;
    rig.place(rig.paris, "FR", "europe").await;
    let names = async |breadth| -> Vec<String> {
        let days = rig.days(breadth, "2027-07-14", "2027-07-14").await;
        days.iter().map(|day| day.name("en").to_owned()).collect()
    };
    assert_eq!(
        names(Breadth::Unit(rig.paris)).await.len(),
        1,
        "the French national day"
    );
    assert!(names(Breadth::Unit(rig.mission)).await.is_empty());
    let tet = rig
        .days(Breadth::Unit(rig.mission), "2027-02-06", "2027-02-06")
        .await;
    assert!(
        tet.iter()
            .any(|day| day.name("vi") == "Tết Nguyên đán" && day.is_day_off())
    );
}

#[tokio::test]
async fn an_entered_day_holds_where_it_was_entered() {
    let rig = Rig::new().await;
    rig.place(rig.paris, "FR", "europe").await;
    rig.place(rig.mission, "LA", "southeast_asia").await;
    let desk = Actor::new(&rig.headquarters);
    let enter = async |holds| {
        let draft = draft(EnteredKind::Mourning, holds, "2026-09-09", "2026-09-10");
        rig.calendar.enter_day(desk, None, draft).await.unwrap()
    };
    let count = async |unit| {
        let days = rig.days(Breadth::Unit(unit), "2026-09-10", "2026-09-12").await;
        days.iter().filter(|day| day.is_solemn()).count()
    };
    enter(Holds::Region("europe".into())).await;
    assert_eq!((count(rig.paris).await, count(rig.mission).await), (1, 0));
    enter(Holds::Country("LA".into())).await;
    assert_eq!((count(rig.paris).await, count(rig.mission).await), (1, 1));
    let everywhere = enter(Holds::Ministry).await;
    assert_eq!((count(rig.paris).await, count(rig.mission).await), (2, 2));
    rig.calendar.remove_day(desk, everywhere).await.unwrap();
    assert_eq!((count(rig.paris).await, count(rig.mission).await), (1, 1));
}

#[tokio::test]
async fn an_attache_enters_for_their_own_mission_only() {
    let rig = Rig::new().await;
    let lan = Actor::new(&rig.lan);
    let try_at = async |holds| {
        let draft = draft(EnteredKind::Visit, holds, "2026-09-09", "2026-09-09");
        rig.calendar.enter_day(lan, None, draft).await
    };
    let own = try_at(Holds::Unit(rig.mission)).await.unwrap();
    for holds in [
        Holds::Unit(rig.paris),
        Holds::Ministry,
        Holds::Region("europe".into()),
        Holds::Country("LA".into()),
    ] {
        assert!(try_at(holds.clone()).await.is_err(), "{holds:?}");
    }
    // Nor by moving one's own day elsewhere, nor by taking away what another entered.
    let elsewhere = draft(EnteredKind::Visit, Holds::Ministry, "2026-09-09", "2026-09-09");
    assert!(
        rig.calendar
            .enter_day(lan, Some((own, 1)), elsewhere)
            .await
            .is_err()
    );
    let desk = draft(EnteredKind::Event, Holds::Ministry, "2026-09-09", "2026-09-09");
    let theirs = rig
        .calendar
        .enter_day(Actor::new(&rig.headquarters), None, desk)
        .await
        .unwrap();
    assert!(rig.calendar.remove_day(lan, theirs).await.is_err());
    // Two people change the same day: the second is told.
    let change = || {
        draft(
            EnteredKind::Event,
            Holds::Unit(rig.mission),
            "2026-09-10",
            "2026-09-10",
        )
    };
    rig.calendar
        .enter_day(lan, Some((own, 1)), change())
        .await
        .unwrap();
    assert!(
        rig.calendar
            .enter_day(lan, Some((own, 1)), change())
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_wrong_day_says_what_is_wrong_and_keeps_what_was_typed() {
    let rig = Rig::new().await;
    let site = Site::of(&rig, &rig.headquarters, Language::En);
    let page = site
        .post(
            "/calendar/days",
            &[
                ("kind", "mourning"),
                ("holds", "ministry"),
                ("starts_on", "2026-09-10"),
                ("ends_on", "2026-09-01"),
                ("label", "Quốc tang"),
            ],
        )
        .await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.body.contains("before the first") && page.body.contains("Quốc tang"),
        "{}",
        page.body
    );
    for body in [
        json!({}),
        json!({ "kind": "party", "holds": "moon" }),
        json!({ "kind": "visit", "holds": "country:XX", "starts_on": "2026-09-01", "label": "x" }),
    ] {
        let answer = site.json(Method::POST, "/api/v1/calendar/days", body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
    }
    let body = json!({ "kind": "visit", "holds": "ministry", "starts_on": "2026-09-03", "label": "Thăm cấp Nhà nước" });
    let made = site.json(Method::POST, "/api/v1/calendar/days", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert!(
        site.get("/api/v1/calendar/days")
            .await
            .body
            .contains("Thăm cấp Nhà nước")
    );
    assert!(
        site.get("/calendar?view=month&date=2026-09-03")
            .await
            .body
            .contains("Thăm cấp Nhà nước")
    );
}
