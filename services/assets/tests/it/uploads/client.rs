//! The official client, against the running router.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::{PATH, Site, hash, named, pattern};

#[tokio::test(flavor = "multi_thread")]
async fn the_official_client_uploads_breaks_off_and_goes_on() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers/tus"));
    assert!(
        folder.join("node_modules/tus-js-client").is_dir(),
        "the tus client of the tests is not installed; run: make test-servers"
    );
    let site = Site::new().await;
    let bytes = pattern(20_000_000);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = site.router.clone();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let client = Command::new("node")
        .arg("upload.mjs")
        .arg(format!("http://{address}{PATH}"))
        .arg(named(site.rig.agency))
        .arg(file.path())
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap_or_else(|error| panic!("node is not installed; run: make test-servers ({error})"));
    let said = String::from_utf8_lossy(&client.stdout).into_owned();
    assert!(
        client.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&client.stderr)
    );
    let told: serde_json::Value = serde_json::from_str(said.trim()).unwrap();
    assert!(
        told["resumedAt"].as_u64().unwrap() > 0,
        "it went on, and did not begin anew: {told}"
    );
    assert_eq!(told["terminated"], 404, "what was given up is gone: {told}");
    assert_eq!(site.work().await.dead, 0);
    let originals = site.originals().await;
    assert_eq!(originals, [("Phim tài liệu.mp4".to_owned(), hash(&bytes))]);
}
