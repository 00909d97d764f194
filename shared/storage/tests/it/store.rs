//! What is particular to a folder.

use std::time::Duration;

use bytes::Bytes;
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{StreamExt, TryStreamExt, stream};
use uuid::Uuid;

use crate::{scenarios, store};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_does_what_a_store_does_and_leaves_no_crumbs() {
    let (folder, _, store) = store();
    scenarios::all(&store).await;
    let listed = store.list().collect::<Vec<_>>().await.len();
    assert_eq!(files(folder.path()), listed, "no staged file is left behind");
}

#[tokio::test]
async fn a_damaged_object_is_noticed() {
    let (folder, _, store) = store();
    let hash = store
        .put(Bytes::from_static(b"the text as approved"))
        .await
        .unwrap();
    let name = hash.to_string();
    std::fs::write(
        folder.path().join("objects").join(&name[..2]).join(&name),
        b"the text as changed!",
    )
    .unwrap();
    assert!(matches!(store.read(hash, 100).await, Err(StorageError::Damaged(damaged)) if damaged == hash));
    let copy = folder.path().join("copy");
    assert!(
        matches!(store.copy_to(hash, &copy).await, Err(StorageError::Damaged(damaged)) if damaged == hash)
    );
}

#[tokio::test]
async fn files_that_are_no_objects_are_not_listed() {
    let (folder, _, store) = store();
    let hash = store.put(Bytes::from_static(b"x")).await.unwrap();
    std::fs::write(folder.path().join("objects").join("README.txt"), b"hello").unwrap();
    assert_eq!(store.list().try_collect::<Vec<_>>().await.unwrap(), [(hash, 1)]);
}

#[tokio::test]
async fn uploads_to_which_nothing_is_added_are_swept_after_ten_days() {
    let (folder, clock, store) = store();
    let half = stream::iter([Ok::<_, String>(Bytes::from_static(b"half"))]);
    store.staging(Uuid::now_v7()).append(half, 0, 100).await.unwrap();
    // As earlier versions staged what they took in.
    std::fs::write(folder.path().join("staging").join("left-by-a-crash"), b"half").unwrap();
    // The files carry the machine's time; the injected clock is moved around it.
    clock.set("2020-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(store.sweep().await.unwrap(), 0, "they may still be under way");
    clock.set("2120-01-01T00:00:00Z".parse().unwrap());
    clock.advance(Duration::from_secs(1));
    assert_eq!(store.sweep().await.unwrap(), 2);
    assert_eq!(files(folder.path()), 0);
}

#[tokio::test]
async fn what_a_crash_left_half_written_is_swept_after_a_day_and_nothing_else() {
    let (folder, clock, store) = store();
    let hash = store.put(Bytes::from_static(b"whole")).await.unwrap();
    let name = hash.to_string();
    let objects = folder.path().join("objects").join(&name[..2]);
    std::fs::write(objects.join(format!("{name}#1")), b"who").unwrap();
    std::fs::write(objects.join("a#note"), b"no number: not of the store's making").unwrap();
    let pieces = folder
        .path()
        .join("staging")
        .join(Uuid::now_v7().simple().to_string());
    std::fs::create_dir_all(&pieces).unwrap();
    std::fs::write(pieces.join("00000000000000000000#12"), b"half").unwrap();
    // The files carry the machine's time; the injected clock is moved around it.
    let written = std::fs::metadata(objects.join(format!("{name}#1")))
        .unwrap()
        .modified()
        .unwrap();
    clock.set(chrono::DateTime::from(written) + chrono::TimeDelta::hours(23));
    assert_eq!(store.sweep().await.unwrap(), 0, "somebody may still write it");
    clock.advance(Duration::from_hours(2));
    assert_eq!(store.sweep().await.unwrap(), 2);
    assert_eq!(files(folder.path()), 2);
    assert_eq!(store.read(hash, 100).await.unwrap(), b"whole"[..]);
}

#[tokio::test]
async fn an_upload_has_so_many_pieces_and_no_more() {
    let (folder, _, store) = store();
    let staging = store.staging(Uuid::now_v7());
    let byte = || stream::iter([Ok::<_, String>(Bytes::from_static(b"x"))]);
    staging.append(byte(), 0, u64::MAX).await.unwrap();
    let pieces = folder
        .path()
        .join("staging")
        .join(staging.id().simple().to_string());
    for start in 1..4095 {
        std::fs::write(pieces.join(format!("{start:020}")), b"x").unwrap();
    }
    assert_eq!(staging.append(byte(), 4095, u64::MAX).await.unwrap().size, 4096);
    assert!(matches!(
        staging.append(byte(), 4096, u64::MAX).await,
        Err(StorageError::TooManyPieces(4096))
    ));
    // Nothing to add is no piece.
    let nothing = stream::iter([Ok::<_, String>(Bytes::new())]);
    assert_eq!(staging.append(nothing, 4096, u64::MAX).await.unwrap().size, 4096);
    assert_eq!(staging.finish().await.unwrap().1, 4096);
}

/// A disk of one megabyte: the test runs itself again in a mount namespace of its own, which an ordinary user may make.
#[test]
fn a_full_disk_is_told_and_nothing_half_written_stays() {
    const NAME: &str = "store::a_full_disk_is_told_and_nothing_half_written_stays";
    const SMALL: &str = "CHANCERY_SMALL_DISK";
    if let Some(disk) = std::env::var_os(SMALL) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        return runtime.block_on(on_a_full_disk(disk.as_ref()));
    }
    let folder = tempfile::tempdir().unwrap();
    let inside = std::process::Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c"])
        .arg("mount -t tmpfs -o size=1m tmpfs \"$0\" && exec \"$@\"")
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
    let clock = chancery_clock::TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
    let store = Store::local(disk, clock.shared()).unwrap();
    let kept = store.put(scenarios::pattern(20, 200_000)).await.unwrap();
    let put = store.put(scenarios::pattern(21, 2_000_000)).await;
    assert!(matches!(put, Err(StorageError::Full)), "{put:?}");
    let large = stream::iter([Ok::<_, String>(scenarios::pattern(22, 2_000_000))]);
    let staged = store.staging(Uuid::now_v7()).append(large, 0, u64::MAX).await;
    assert!(matches!(staged, Err(StorageError::Full)), "{staged:?}");
    store.put(scenarios::pattern(23, 200_000)).await.unwrap();
    store.read(kept, 200_000).await.unwrap();
    assert_eq!(store.list().collect::<Vec<_>>().await.len(), 2, "the rest works");
}

#[test]
fn a_hash_has_one_spelling_and_cannot_be_a_path() {
    let hash = ContentHash::of(b"abc");
    assert_eq!(hash.to_string().parse::<ContentHash>().unwrap(), hash);
    for hostile in [
        "",
        "../../etc/passwd",
        &hash.to_string().to_uppercase(),
        &format!("{hash}0"),
        &"/".repeat(64),
    ] {
        assert!(hostile.parse::<ContentHash>().is_err(), "{hostile}");
    }
    assert!(serde_json::from_str::<ContentHash>("\"../../../../etc/passwd\"").is_err());
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let clock = chancery_clock::TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    assert!(matches!(
        Store::local(&file.path().join("inside"), clock.shared()),
        Err(StorageError::Folder(_))
    ));
}

/// Regular files anywhere under `folder`.
fn files(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| if path.is_dir() { files(&path) } else { 1 })
        .sum()
}
