//! Units: their tree, their names over time, and what a form refuses.

use chancery_contracts::Service;
use http::StatusCode;
use serde_json::Value;

use crate::fixture::{Answer, Browser, World};

fn form<'a>(parent: &'a str, slug: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("parent_id", parent),
        ("kind", "consulate_general"),
        ("slug", slug),
        ("name_vi", "Tổng Lãnh sự quán tại Luông Pha-băng"),
        ("name_en", "Consulate General in Luang Prabang"),
        ("city_vi", "Luông Pha-băng"),
        ("city_en", "Luang Prabang"),
        ("country", "LA"),
        ("zone", "Asia/Vientiane"),
        ("languages", "vi, lo"),
        ("region", "southeast_asia"),
        ("valid_from", "2000-01-01"),
    ]
}

async fn add(admin: &Browser, world: &World, slug: &str) -> Answer {
    let parent = world.units["mofa"].to_string();
    admin.post("/units", &form(&parent, slug)).await
}

#[tokio::test]
async fn a_new_unit_is_seen_by_every_service() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let added = add(&admin, &world, "luang-prabang").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    let page = admin.get(added.location()).await;
    assert!(
        page.body.contains("Consulate General in Luang Prabang") && page.body.contains("The unit is added")
    );
    let (path, mission): (Vec<uuid::Uuid>, bool) =
        sqlx::query_as("select path, is_mission from identity.published_units where slug = 'luang-prabang'")
            .fetch_one(&world.database.service(Service::Newsroom))
            .await
            .unwrap();
    assert!(mission && path.len() == 2 && path[0] == world.units["mofa"].0);
    let list = admin.get("/units?q=luang").await.body;
    assert!(
        list.contains(">Southeast Asia</h2>") && list.contains("one unit") && !list.contains("Unit paris"),
        "{list}"
    );
}

#[tokio::test]
async fn a_refused_form_comes_back_filled_in_with_every_reason() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    add(&admin, &world, "luang-prabang").await;
    let taken = add(&admin, &world, "luang-prabang").await;
    assert!(
        taken.status == StatusCode::UNPROCESSABLE_ENTITY && taken.body.contains("Another unit has this word")
    );
    assert!(taken.body.contains("Luông Pha-băng"), "what was entered is kept");
    let parent = world.units["mofa"].to_string();
    let mut wrong = form(&parent, "../../etc");
    wrong.push(("zone", "Mars/Olympus"));
    wrong.retain(|(name, value)| *name != "zone" || *value == "Mars/Olympus");
    let wrong = admin.post("/units", &wrong).await;
    assert!(
        wrong.body.contains("Only letters a–z") && wrong.body.contains("No such time zone"),
        "{}",
        wrong.body
    );
}

#[tokio::test]
async fn a_new_name_counts_from_its_day_and_history_keeps_the_old_one() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let unit = world.units["vientiane"];
    let parent = world.units["mofa"].to_string();
    let edit = |name: &'static str, from: &'static str, revision: &'static str| {
        let mut fields = form(&parent, "vientiane");
        fields.retain(|(field, _)| !["name_en", "kind"].contains(field));
        fields.extend([
            ("kind", "embassy"),
            ("name_en", name),
            ("renamed_from", from),
            ("revision", revision),
        ]);
        fields
    };
    let path = format!("/units/{unit}");
    let saved = admin.post(&path, &edit("Grand Embassy", "2026-03-01", "1")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
    let named = |day: &'static str| {
        let pool = world.database.service(Service::Publisher);
        async move {
            let names: Value = sqlx::query_scalar("select identity.unit_names_on($1, $2::date)")
                .bind(unit.0)
                .bind(day.parse::<chrono::NaiveDate>().unwrap())
                .fetch_one(&pool)
                .await
                .unwrap();
            names["en"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(named("2026-02-28").await, "Unit vientiane");
    assert_eq!(named("2026-03-01").await, "Grand Embassy");
    let stale = admin.post(&path, &edit("Other Name", "2026-04-01", "1")).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Somebody else has changed this") && stale.body.contains("Other Name"));
}

#[tokio::test]
async fn a_script_in_a_name_stays_text() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let script = "<script>alert(1)</script>";
    let parent = world.units["mofa"].to_string();
    let mut fields = form(&parent, "scripted");
    fields.retain(|(field, _)| !field.starts_with("name_") && !field.starts_with("city_"));
    fields.extend([
        ("name_vi", script),
        ("name_en", script),
        ("city_vi", script),
        ("city_en", script),
    ]);
    let unit = admin.post("/units", &fields).await;
    assert_eq!(unit.status, StatusCode::SEE_OTHER, "{}", unit.body);
    let at = world.units["mofa"].to_string();
    let person = [
        ("name", script),
        ("email", "script@mofa.example"),
        ("language", "en"),
        ("unit_id", at.as_str()),
        ("role", "desk_officer"),
        ("valid_from", "2026-01-01"),
    ];
    let invited = admin.post("/people", &person).await;
    assert!(
        invited.status == StatusCode::OK && invited.body.contains("/sign-in/invitation/"),
        "{}",
        invited.body
    );
    for path in [
        "/units",
        unit.location(),
        "/people",
        "/people/new",
        "/audit",
        "/me",
    ] {
        let page = admin.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.body.contains(script), "{path}");
    }
    assert!(!invited.body.contains(script) && invited.body.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn the_api_does_what_the_pages_do() {
    let world = World::new().await;
    let admin = world.administrator("admin").await;
    let units: Value = serde_json::from_str(&admin.get("/api/v1/units").await.body).unwrap();
    assert_eq!(units.as_array().unwrap().len(), 4);
    let unit = world.units["paris"];
    let one = admin.get(&format!("/api/v1/units/{unit}")).await;
    assert_eq!(one.headers["etag"], "\"1\"");
    let page: Value = serde_json::from_str(&admin.get("/api/v1/people?limit=2").await.body).unwrap();
    assert!(page["items"].as_array().unwrap().len() == 2 && page["next"].is_string());
    let missing = admin
        .get("/api/v1/units/01990000-0000-7000-8000-00000000ffff")
        .await;
    assert_eq!(missing.headers["content-type"], "application/problem+json");
    let description: Value = serde_json::from_str(&admin.get("/api/openapi.json").await.body).unwrap();
    for path in [
        "units",
        "units/{id}",
        "people",
        "people/{id}",
        "me",
        "tokens",
        "tokens/{id}",
        "audit",
    ] {
        assert!(
            description["paths"][format!("/api/v1/{path}")].is_object(),
            "{path} is not described"
        );
    }
}
