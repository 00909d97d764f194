//! What operators type.

use reqwest::StatusCode;

use crate::product::{Installation, PATIENCE, get};

#[tokio::test]
async fn a_set_that_lacks_a_partner_stops_with_one_sentence() {
    let installation = Installation::embedded();
    let sentence = installation.refused(&["serve", "calendar"]).await;
    assert!(sentence.contains("--elsewhere"), "{sentence}");
    assert_eq!(sentence.trim().lines().count(), 1, "{sentence}");
    let unknown = installation.refused(&["serve", "calender"]).await;
    assert!(
        unknown.contains("identity, assets, calendar, newsroom, publisher"),
        "{unknown}"
    );
}

#[tokio::test]
async fn services_do_not_start_on_a_database_without_their_schemas() {
    let installation = Installation::embedded();
    let all = ["serve", "identity", "assets", "calendar", "newsroom", "publisher"];
    let sentence = installation.refused(&all).await;
    assert!(sentence.contains("chancery migrate"), "{sentence}");
    installation.succeed(&["migrate"]).await;
    let process = installation.start(&all).await;
    assert!(process.interrupt().await.success());
}

#[tokio::test]
async fn a_real_start_asks_for_the_first_administrator_and_shows_no_demonstration() {
    let installation = Installation::embedded();
    let process = installation.start(&["up"]).await;
    let (_, link) = process.ready.split_once("http://").unwrap();
    assert!(link.contains("/setup?code="), "{}", process.ready);
    let (status, page) = get(&format!("http://{link}")).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    let (demo, _) = get(&format!("http://127.0.0.1:{}/demo", process.port)).await;
    assert_eq!(demo, StatusCode::NOT_FOUND);

    let taken = installation.refused(&["up"]).await;
    assert!(taken.contains("in use"), "{taken}");
    let report = installation.succeed(&["doctor"]).await;
    assert!(
        report.contains("chancery_publisher can sign in") && !report.contains("BAD"),
        "{report}"
    );
    assert!(process.interrupt().await.success());
}

#[tokio::test]
async fn a_demonstration_is_not_opened_on_a_ministrys_own_data() {
    let installation = Installation::embedded();
    installation.succeed(&["migrate"]).await;
    installation
        .succeed(&["user", "add", "Nguyễn Thị Thật", "that@mofa.gov.vn"])
        .await;
    let sentence = installation.refused(&["up", "--demo"]).await;
    assert!(sentence.contains("real people"), "{sentence}");
}

#[tokio::test]
async fn what_was_backed_up_comes_back_elsewhere_and_stops_all_sending() {
    let installation = Installation::demonstration().await;
    let loader = installation.start(&["up", "--demo"]).await;
    let file = installation.folder.path().join("backup.tar");
    let file = file.to_str().unwrap();
    // Beside the running process.
    installation.succeed(&["backup", file]).await;
    let exists = installation.refused(&["backup", file]).await;
    assert!(exists.contains("exists already"), "{exists}");
    let people = installation.succeed(&["user", "list"]).await;
    assert!(loader.interrupt().await.success());

    let elsewhere = Installation::embedded();
    let sealed = elsewhere.refused(&["restore", file]).await;
    assert!(sealed.contains("secret.key"), "{sealed}");
    elsewhere.take_key_of(&installation);
    elsewhere.succeed(&["restore", file]).await;
    assert_eq!(elsewhere.succeed(&["user", "list"]).await, people);
    let again = elsewhere.refused(&["restore", file]).await;
    assert!(again.contains("--replace"), "{again}");
    elsewhere.succeed(&["restore", file, "--replace"]).await;

    let process = elsewhere.start(&["up", "--demo"]).await;
    // The publisher notices by itself, and says so in the trail.
    let stopped = || elsewhere.succeed(&["audit", "--action", "stop.placed", "--json"]);
    let noticed = tokio::time::timeout(PATIENCE, async { while stopped().await.is_empty() {} });
    noticed.await.unwrap();
    assert!(process.interrupt().await.success());
}

#[tokio::test]
async fn a_damaged_backup_changes_nothing() {
    let installation = Installation::embedded();
    installation.succeed(&["migrate"]).await;
    let file = installation.folder.path().join("backup.tar");
    installation.succeed(&["backup", file.to_str().unwrap()]).await;
    let whole = std::fs::read(&file).unwrap();
    for (name, bytes) in [
        ("cut", whole.get(..whole.len() / 2).unwrap()),
        ("other", b"not a backup".as_slice()),
    ] {
        let damaged = installation.folder.path().join(name);
        std::fs::write(&damaged, bytes).unwrap();
        installation
            .refused(&["restore", damaged.to_str().unwrap()])
            .await;
    }
    let report = installation.succeed(&["doctor"]).await;
    assert!(report.contains("up to date"), "{report}");
}
