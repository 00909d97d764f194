//! A disk that is full in mid-upload.

use chancery_storage::Store;
use http::{Method, StatusCode};

use super::{Site, pattern};
use crate::rig::Rig;

const NAME: &str = "uploads::full_disk::a_full_disk_is_told_and_the_rest_works";
const SMALL: &str = "CHANCERY_SMALL_DISK";

/// The test runs itself again where a disk of two megabytes is mounted, which an ordinary user may do for themselves.
#[test]
fn a_full_disk_is_told_and_the_rest_works() {
    if let Some(disk) = std::env::var_os(SMALL) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(on_a_full_disk(disk.as_ref()));
    }
    let folder = tempfile::tempdir().unwrap();
    let inside = std::process::Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=2m tmpfs \"$0\" && exec \"$@\"")
        .arg(folder.path())
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(SMALL, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&inside.stdout) + String::from_utf8_lossy(&inside.stderr);
    assert!(inside.status.success() && said.contains("1 passed"), "{said}");
}

async fn on_a_full_disk(disk: &std::path::Path) {
    let mut rig = Rig::new().await;
    rig.library.store = Store::local(disk, rig.library.clock.clone()).unwrap();
    let minh = rig.minh.clone();
    let site = Site::of(rig, &minh);
    let bytes = pattern(3_000_000);
    let path = site.create("film.mp4", bytes.len()).await.location();
    assert_eq!(
        site.patch(&path, 0, bytes[..500_000].to_vec()).await.status,
        StatusCode::NO_CONTENT
    );
    let answer = site.patch(&path, 500_000, bytes[500_000..].to_vec()).await;
    assert_eq!(answer.status, StatusCode::INSUFFICIENT_STORAGE, "{}", answer.body);
    assert!(
        answer.body.contains("the disk of the server is full"),
        "{}",
        answer.body
    );
    // What had arrived is kept, and a small file still goes in.
    assert_eq!(site.head(&path).await.header("upload-offset"), "500000");
    let small = site.put("small.jpg", &pattern(50_000)).await;
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(site.status(&small).await["state"], "done");
    let removed = site
        .ask(Method::DELETE, &path, &[("tus-resumable", "1.0.0")], "")
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
}
