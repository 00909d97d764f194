//! The audit trail: nobody changes it, it stands or falls with the change, and who sees what.

use chancery_contracts::Service;
use chancery_identity::{AuditFilter, By};
use http::StatusCode;
use sqlx::error::DatabaseError;
use sqlx::{AssertSqlSafe, PgPool};

use crate::fixture::World;

async fn refused(pool: &PgPool, statement: &str) -> String {
    match sqlx::query(AssertSqlSafe(statement.to_owned()))
        .execute(pool)
        .await
    {
        Ok(_) => panic!("was done: {statement}"),
        Err(error) => error
            .as_database_error()
            .and_then(DatabaseError::code)
            .unwrap_or_default()
            .into_owned(),
    }
}

#[tokio::test]
async fn nobody_changes_the_trail_not_even_the_owner() {
    let world = World::new().await;
    assert!(world.count("select count(*) from audit.entries").await > 0);
    let statements = [
        "update audit.entries set action = 'x.y'",
        "delete from audit.entries",
        "truncate audit.entries",
    ];
    for statement in statements {
        assert_eq!(refused(world.database.owner(), statement).await, "42501");
        for service in Service::ALL {
            assert_eq!(
                refused(&world.database.service(service), statement).await,
                "42501",
                "{service}: {statement}"
            );
        }
    }
    for service in Service::ALL {
        let insert = "insert into audit.entries (action, subject_kind) values ('a.b', 'c')";
        assert_eq!(
            refused(&world.database.service(service), insert).await,
            "42501",
            "only by the function"
        );
    }
}

#[tokio::test]
async fn every_service_appends_and_the_entry_says_which_one_it_was() {
    let world = World::new().await;
    for service in Service::ALL {
        sqlx::query("select audit.append(null, null, 'test.done', 'test', null, null, null)")
            .execute(&world.database.service(service))
            .await
            .unwrap();
    }
    let filter = AuditFilter {
        action: Some("test".into()),
        fetch: 10,
        ..AuditFilter::default()
    };
    let entries = world.identity.audit(&filter).await.unwrap();
    let who: Vec<_> = entries
        .iter()
        .rev()
        .map(|entry| entry.recorded_by.as_str())
        .collect();
    assert_eq!(who, Service::ALL.map(|service| format!("chancery_{service}")));
    assert!(entries.windows(2).all(|pair| pair[0].seq > pair[1].seq));
}

#[tokio::test]
async fn an_entry_stands_or_falls_with_its_change() {
    let world = World::new().await;
    let before = world.count("select count(*) from audit.entries").await;
    let pool = world.database.service(Service::Calendar);
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("select audit.append(null, null, 'test.undone', 'test', null, null, null)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(world.count("select count(*) from audit.entries").await, before);
}

#[tokio::test]
async fn no_service_reads_another_ones_tables() {
    let world = World::new().await;
    for service in [Service::Calendar, Service::Newsroom, Service::Publisher] {
        let pool = world.database.service(service);
        for table in [
            "people",
            "passwords",
            "sessions",
            "totp",
            "tokens",
            "grants",
            "units",
            "one_time_links",
        ] {
            let statement = format!("select 1 from identity.{table}");
            assert_eq!(refused(&pool, &statement).await, "42501", "{service}: {table}");
        }
        assert_eq!(
            refused(&pool, "select 1 from audit.published_entries").await,
            "42501",
            "{service}"
        );
        assert_eq!(
            refused(&pool, "select identity.grants_of(null, true)").await,
            "42501",
            "{service}"
        );
        assert_eq!(
            refused(&pool, "update identity.published_people set name = 'x'").await,
            "42501",
            "{service}"
        );
    }
    let identity = world.database.service(Service::Identity);
    assert_eq!(
        refused(&identity, "delete from identity.migrations").await,
        "42501"
    );
    for table in ["calendar.items", "publisher.accounts"] {
        let code = refused(&identity, &format!("select 1 from {table}")).await;
        assert!(code == "42501", "{table}: {code}");
    }
}

#[tokio::test]
async fn an_auditor_reads_page_by_page_and_filters() {
    let world = World::new().await;
    for who in ["lan", "paul", "minh"] {
        for _ in 0..10 {
            world
                .identity
                .invite(By::default(), world.people[who])
                .await
                .unwrap();
        }
    }
    let auditor = world.administrator("auditor").await;
    let first = auditor.get("/audit?action=invitation").await;
    assert_eq!(first.body.matches("Made a sign-in link").count(), 25);
    let next = first
        .body
        .split("rel=\"next\" href=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let second = auditor.get(&next.replace("&amp;", "&")).await;
    assert_eq!(second.body.matches("Made a sign-in link").count(), 5);
    let one = format!("/audit?action=invitation&subject={}", world.people["lan"]);
    assert_eq!(
        auditor
            .get(&one)
            .await
            .body
            .matches("Made a sign-in link")
            .count(),
        10
    );
    assert!(
        auditor
            .get("/audit?from=2001-01-01&until=2001-01-02")
            .await
            .body
            .contains("No entry fits")
    );
    assert_eq!(
        auditor.get("/audit?after=nonsense").await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn an_administrator_of_a_mission_sees_its_trail_only() {
    let world = World::new().await;
    for unit in ["vientiane", "paris"] {
        let form = chancery_identity::PostingForm {
            unit_id: world.units[unit].to_string(),
            role: "analyst".into(),
            valid_from: "2026-01-01".into(),
            valid_to: String::new(),
        };
        world
            .identity
            .grant(By::default(), world.people["paul"], &form.check().unwrap())
            .await
            .unwrap();
    }
    let local = world.administrator("local").await;
    let page = local.get("/audit?action=role").await.body;
    assert_eq!(page.matches("Gave a role").count(), 1, "{page}");
    let all = world
        .administrator("admin")
        .await
        .get("/audit?action=role")
        .await
        .body;
    assert_eq!(all.matches("Gave a role").count(), 2);
}
