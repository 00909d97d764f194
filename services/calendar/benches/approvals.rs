//! `make bench`: the page of what waits for me with 500 items waiting, from the request to the last byte, and deciding
//! who would approve an item by 2,000 rules.
//!
//! Figure of design: 95 of 100 pages within 80 ms. `WAITING=500` sets the number.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

#[path = "../tests/it/rig.rs"]
#[expect(dead_code, clippy::unused_self, reason = "the tests' own fixture")]
mod rig;

use std::time::{Duration, Instant};

use axum::body::Body;
use chancery_access::Principal;
use chancery_calendar::model::{Kind, Rule, StepRole, Subject, chain};
use chancery_calendar::{Deps, service};
use chancery_contracts::Topic;
use chancery_web::{Language, Shell, ShellConfig, Viewer};
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

use rig::Rig;

fn setting(name: &str, otherwise: i32) -> i32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// The item that waits, so many times more.
async fn fill(rig: &Rig, count: i32) {
    let mut conn = rig.db.owner().acquire().await.unwrap();
    sqlx::raw_sql("set session_replication_role = replica; create temp table fresh (id uuid, n int)")
        .execute(&mut *conn)
        .await
        .unwrap();
    for statement in [
        "insert into fresh select gen_random_uuid(), n from generate_series(1, $1) n",
        "insert into calendar.items (id, unit_id, kind, state, version, language, title, body, scope, wall, zone, publish_at, created_by,
             created_at, updated_by, updated_at)
         select f.id, i.unit_id, i.kind, 'submitted', 1, i.language, i.title || ' ' || f.n, i.body, i.scope, i.wall, i.zone,
                i.publish_at + f.n * interval '1 minute', i.created_by, i.created_at, i.updated_by, i.updated_at
         from calendar.items i cross join fresh f where i.state = 'submitted' and $1 > 0",
        "insert into calendar.versions (item_id, version, edition, edition_hash, chain, submitted_by, submitted_at)
         select f.id, 1, v.edition, v.edition_hash, v.chain, v.submitted_by, v.submitted_at
         from calendar.versions v cross join fresh f where $1 > 0",
        "insert into calendar.contributors select f.id, c.person_id, c.since from calendar.contributors c cross join fresh f where $1 > 0",
    ] {
        sqlx::query(statement).bind(count).execute(&mut *conn).await.unwrap();
    }
    sqlx::raw_sql("analyze").execute(&mut *conn).await.unwrap();
}

fn told(what: &str, mut took: Vec<Duration>) {
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() - 1) * percent / 100];
    println!("{what}: p50 {:?}, p95 {:?}, worst {:?}", at(50), at(95), at(100));
}

async fn pages(rig: &Rig, who: &Principal, path: &str) -> Vec<Duration> {
    let shell = Shell::new(
        ShellConfig::default(),
        rig.calendar.pool.clone(),
        rig.calendar.clock.clone(),
    )
    .unwrap();
    let parts = service(Deps {
        pool: rig.calendar.pool.clone(),
        clock: rig.calendar.clock.clone(),
        shell: shell.clone(),
        images: rig.calendar.images.clone(),
        http: chancery_http::Client::new(chancery_http::Settings::default()).unwrap(),
        vault: chancery_vault::Vault::new(&[7; 32]),
    });
    let router = shell
        .app_for(Viewer::signed_in(who.clone(), Language::Vi), vec![parts.routes])
        .router;
    let mut took = Vec::new();
    for turn in 0..120 {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let begun = Instant::now();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert!(answer.status().is_success());
        answer.into_body().collect().await.unwrap();
        // The first twenty warm connections and plans.
        if turn >= 20 {
            took.push(begun.elapsed());
        }
    }
    took
}

fn chains() -> Vec<Duration> {
    let rules: Vec<Rule> = (0..2_000)
        .map(|n| Rule {
            id: Uuid::from_u128(n),
            unit: (n % 3 > 0).then(|| Uuid::from_u128(n % 99).into()),
            kind: None,
            topic: (n % 2 == 0).then_some(Topic::Sovereignty),
            language: Some(format!("l{}", char::from(b'a' + u8::try_from(n % 26).unwrap()))),
            steps: vec![StepRole::NativeReviewer],
        })
        .collect();
    let path = [Uuid::from_u128(0).into(), Uuid::from_u128(1).into()];
    let subject = Subject {
        path: &path,
        is_mission: true,
        kind: Kind::News,
        topic: Topic::Sovereignty,
        languages: &["la", "lb", "lc"],
    };
    (0..200)
        .map(|_| {
            let begun = Instant::now();
            assert!(chain(&rules, &subject).len() > 1);
            begun.elapsed()
        })
        .collect()
}

#[tokio::main]
async fn main() {
    let waiting = setting("WAITING", 500);
    let rig = Rig::new().await;
    let id = rig.submitted(rig.complete()).await;
    fill(&rig, waiting - 1).await;
    told(
        &format!("approvals with {waiting} waiting"),
        pages(&rig, &rig.ambassador, "/approvals").await,
    );
    told(
        "one of them",
        pages(&rig, &rig.ambassador, &format!("/approvals/{id}")).await,
    );
    told("a chain by 2,000 rules", chains());
}
