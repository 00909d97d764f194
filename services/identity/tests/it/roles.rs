//! Roles: from a date to a date, at a unit and below; and who may give them.

use chancery_access::{Action, Place, Principal, Role, Via};
use chancery_contracts::Service;
use chancery_contracts::ids::UnitId;
use chancery_identity::{By, PostingForm};
use chrono::{NaiveDate, TimeDelta};
use http::StatusCode;

use crate::fixture::{World, email};

fn posting(world: &World, unit: &str, role: &str, from: NaiveDate, to: Option<NaiveDate>) -> PostingForm {
    PostingForm {
        unit_id: world.units[unit].to_string(),
        role: role.into(),
        valid_from: from.to_string(),
        valid_to: to.map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// A person as another service learns of them, through what is published.
async fn principal(world: &World, who: &str, today: NaiveDate) -> Principal {
    let grants: serde_json::Value = sqlx::query_scalar(
        "select coalesce(jsonb_agg(jsonb_build_object(
                    'role', role, 'unit_id', unit_id, 'valid_from', valid_from, 'valid_to', valid_to)), '[]')
         from identity.published_grants where person_id = $1",
    )
    .bind(world.people[who].0)
    .fetch_one(&world.database.service(Service::Calendar))
    .await
    .unwrap();
    Principal {
        person: world.people[who],
        name: who.to_owned(),
        grants: serde_json::from_value(grants).unwrap(),
        via: Via::Session,
        today,
    }
}

async fn path(world: &World, unit: &str) -> Vec<UnitId> {
    let path: Vec<uuid::Uuid> = sqlx::query_scalar("select path from identity.published_units where id = $1")
        .bind(world.units[unit].0)
        .fetch_one(&world.database.service(Service::Publisher))
        .await
        .unwrap();
    path.into_iter().map(UnitId).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_role_holds_from_its_first_to_its_last_day_both_included() {
    let world = World::new().await;
    let form = posting(
        &world,
        "paris",
        "head_of_mission",
        day("2026-06-01"),
        Some(day("2026-06-30")),
    );
    world
        .identity
        .grant(By::default(), world.people["paul"], &form.check().unwrap())
        .await
        .unwrap();
    let paris = path(&world, "paris").await;
    for (today, allowed) in [
        ("2026-05-31", false),
        ("2026-06-01", true),
        ("2026-06-30", true),
        ("2026-07-01", false),
    ] {
        let paul = principal(&world, "paul", day(today)).await;
        assert_eq!(
            paul.decide(Action::ItemApprove, Place { path: &paris })
                .is_allowed(),
            allowed,
            "{today}"
        );
    }
}

#[tokio::test]
async fn a_role_holds_below_its_unit_and_nowhere_else() {
    let world = World::new().await;
    let today = day("2026-06-15");
    let (admin, minh) = (
        principal(&world, "admin", today).await,
        principal(&world, "minh", today).await,
    );
    let (paris, vientiane) = (path(&world, "paris").await, path(&world, "vientiane").await);
    assert!(
        admin
            .decide(Action::UnitManage, Place { path: &paris })
            .is_allowed()
    );
    assert!(
        minh.decide(Action::ItemApprove, Place { path: &vientiane })
            .is_allowed()
    );
    assert!(
        !minh
            .decide(Action::ItemApprove, Place { path: &paris })
            .is_allowed()
    );
}

#[tokio::test]
async fn a_unit_that_moves_takes_its_inheritance_along() {
    let world = World::new().await;
    world
        .sql(
            "update identity.units set parent_id = (select id from identity.units where slug = 'vientiane')
             where slug = 'press'",
        )
        .await;
    assert_eq!(
        path(&world, "press").await,
        [
            world.units["mofa"],
            world.units["vientiane"],
            world.units["press"]
        ]
    );
    let cycle = sqlx::query(
        "update identity.units set parent_id = (select id from identity.units where slug = 'press')
         where slug = 'vientiane'",
    );
    assert!(cycle.execute(world.database.owner()).await.is_err());
}

#[tokio::test]
async fn an_administrator_gives_and_ends_a_role_in_the_page() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    let admin = world.administrator("admin").await;
    let person = format!("/people/{}", world.people["lan"]);
    let unit = world.units["paris"].to_string();
    let form = [
        ("unit_id", unit.as_str()),
        ("role", "analyst"),
        ("valid_from", "2026-01-01"),
        ("valid_to", ""),
    ];
    let given = admin.post(&format!("{person}/postings"), &form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    assert_eq!(
        lan.get("/me").await.status,
        StatusCode::SEE_OTHER,
        "new rights begin with a new sign-in"
    );
    let twice = admin.post(&format!("{person}/postings"), &form).await;
    assert!(twice.status == StatusCode::UNPROCESSABLE_ENTITY && twice.body.contains("very role already"));
    let page = admin.get(&person).await.body;
    assert!(
        page.contains("Monitoring analyst") && page.contains("from 1 January 2026"),
        "{page}"
    );

    let wrong = [
        ("unit_id", unit.as_str()),
        ("role", "king"),
        ("valid_from", "31/12"),
        ("valid_to", "2020-01-01"),
    ];
    let wrong = admin.post(&format!("{person}/postings"), &wrong).await;
    assert!(
        wrong.body.contains("Choose a role") && wrong.body.contains("enter a date"),
        "{}",
        wrong.body
    );

    let ends: Vec<_> = page
        .split("/postings/")
        .skip(1)
        .filter_map(|rest| rest.split("/end").next())
        .collect();
    assert_eq!(ends.len(), 2);
    for posting in ends {
        let ended = admin
            .post(
                &format!("{person}/postings/{posting}/end"),
                &[("last", "2026-02-01")],
            )
            .await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER);
    }
    assert!(admin.get(&person).await.body.contains("No role at the moment"));
    assert_eq!(
        world
            .count("select count(*) from audit.entries where action = 'role.ended'")
            .await,
        2
    );
}

#[tokio::test]
async fn an_administrator_of_a_mission_can_not_reach_for_headquarters() {
    let world = World::new().await;
    let local = world.administrator("local").await;
    let (admin, lan) = (world.people["admin"], world.people["lan"]);
    assert_eq!(local.get(&format!("/people/{lan}")).await.status, StatusCode::OK);
    assert_eq!(
        local.get(&format!("/people/{admin}")).await.status,
        StatusCode::NOT_FOUND
    );
    for action in ["invitation", "second-factor/reset", "deactivate"] {
        let answer = local.post(&format!("/people/{admin}/{action}"), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    let unit = world.units["mofa"].to_string();
    let form = [
        ("unit_id", unit.as_str()),
        ("role", "administrator"),
        ("valid_from", "2026-01-01"),
    ];
    let grab = local
        .post(&format!("/people/{}/postings", world.people["local"]), &form)
        .await;
    assert_eq!(grab.status, StatusCode::FORBIDDEN);
    let list = local.get("/people").await.body;
    assert!(
        list.contains("Person lan") && !list.contains("Person paul"),
        "{list}"
    );
}

#[tokio::test]
async fn who_is_no_administrator_changes_nothing() {
    let world = World::new().await;
    let lan = world.signed_in("lan").await;
    assert_eq!(lan.get("/people").await.status, StatusCode::OK);
    let (person, unit) = (world.people["lan"], world.units["vientiane"]);
    for path in [
        "/people".to_owned(),
        "/units".to_owned(),
        format!("/people/{person}/postings"),
        format!("/units/{unit}"),
    ] {
        assert_eq!(lan.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ["/audit", "/queue", "/people/new", "/units/new", "/setup/guide"] {
        assert_eq!(lan.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn the_ministry_keeps_an_administrator() {
    let world = World::new().await;
    let id: uuid::Uuid = sqlx::query_scalar("select id from identity.grants where person_id = $1")
        .bind(world.people["admin"].0)
        .fetch_one(world.database.owner())
        .await
        .unwrap();
    let today = chrono::DateTime::date_naive(&chancery_clock::Clock::now(&world.clock));
    let error = world
        .identity
        .end_posting(By::default(), id, today)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        chancery_identity::IdentityError::LastAdministrator
    ));
    let error = world
        .identity
        .set_active(By::default(), world.people["admin"], false)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        chancery_identity::IdentityError::LastAdministrator
    ));
    let form = posting(&world, "mofa", "administrator", today - TimeDelta::days(1), None);
    world
        .identity
        .grant(By::default(), world.people["lan"], &form.check().unwrap())
        .await
        .unwrap();
    world
        .identity
        .end_posting(By::default(), id, today)
        .await
        .unwrap();
}

#[tokio::test]
async fn the_database_and_the_code_know_the_same_roles() {
    let world = World::new().await;
    for role in Role::ALL {
        let needs: bool = sqlx::query_scalar("select identity.needs_second_factor($1)")
            .bind(role.as_str())
            .fetch_one(world.database.owner())
            .await
            .unwrap();
        assert_eq!(needs, role.needs_second_factor(), "{role}");
        let form = posting(&world, "press", role.as_str(), day("2026-01-01"), None);
        world
            .identity
            .grant(By::default(), world.people["paul"], &form.check().unwrap())
            .await
            .unwrap();
    }
    assert!(
        world
            .identity
            .person_by_email(&email("paul").to_uppercase())
            .await
            .is_ok()
    );
}
