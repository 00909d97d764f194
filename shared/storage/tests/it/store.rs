use std::time::Duration;

use bytes::Bytes;
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::store;

#[tokio::test]
async fn what_is_put_is_read_back_under_its_hash() {
    let (_folder, _, store) = store();
    let hash = store.put(Bytes::from_static(b"abc")).await.unwrap();
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        hash.to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(store.exists(hash).await.unwrap());
    assert_eq!(store.read(hash, 3).await.unwrap(), "abc");
    assert!(matches!(
        store.read(hash, 2).await,
        Err(StorageError::TooLarge { max_bytes: 2 })
    ));
}

#[tokio::test]
async fn the_same_bytes_are_stored_once_however_they_come() {
    let (_folder, _, store) = store();
    let whole = Bytes::from(vec![7; 100_000]);
    let chunks = stream::iter(
        whole
            .chunks(999)
            .map(|chunk| Ok::<_, String>(Bytes::copy_from_slice(chunk)))
            .collect::<Vec<_>>(),
    );
    let first = store.put(whole.clone()).await.unwrap();
    let (second, size) = store.put_stream(chunks, 100_000).await.unwrap();
    assert_eq!((first, 100_000), (second, size));
    assert_eq!(
        store.list().try_collect::<Vec<_>>().await.unwrap(),
        [(first, 100_000)]
    );
}

#[tokio::test]
async fn many_writers_of_one_object_do_no_harm() {
    let (_folder, _, store) = store();
    let hashes = stream::iter(0..16)
        .map(|_| store.put(Bytes::from_static(b"the same")))
        .buffer_unordered(16)
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    assert!(hashes.iter().all(|hash| *hash == hashes[0]));
    assert_eq!(store.read(hashes[0], 100).await.unwrap(), "the same");
}

#[tokio::test]
async fn a_stream_that_is_too_long_or_breaks_off_leaves_nothing() {
    let (folder, _, store) = store();
    let endless = stream::repeat_with(|| Ok::<_, String>(Bytes::from_static(&[0; 1000])));
    assert!(matches!(
        store.put_stream(endless, 5000).await,
        Err(StorageError::TooLarge { max_bytes: 5000 })
    ));
    let broken = stream::iter([Ok(Bytes::from_static(b"half of it")), Err("connection reset")]);
    assert!(matches!(
        store.put_stream(broken, 5000).await,
        Err(StorageError::Upload(_))
    ));
    assert!(store.list().next().await.is_none());
    assert_eq!(files(folder.path()), 0, "no staged file is left behind");
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
}

#[tokio::test]
async fn files_that_are_no_objects_are_not_listed() {
    let (folder, _, store) = store();
    let hash = store.put(Bytes::from_static(b"x")).await.unwrap();
    std::fs::write(folder.path().join("objects").join("README.txt"), b"hello").unwrap();
    assert_eq!(store.list().try_collect::<Vec<_>>().await.unwrap(), [(hash, 1)]);
}

#[tokio::test]
async fn uploads_that_a_crash_left_are_swept_after_a_day() {
    let (folder, clock, store) = store();
    std::fs::create_dir_all(folder.path().join("staging")).unwrap();
    std::fs::write(folder.path().join("staging").join("left-by-a-crash"), b"half").unwrap();
    // The file carries the machine's time; the injected clock is moved around it.
    clock.set("2020-01-01T00:00:00Z".parse().unwrap());
    assert_eq!(store.sweep().await.unwrap(), 0, "it may still be under way");
    clock.set("2120-01-01T00:00:00Z".parse().unwrap());
    clock.advance(Duration::from_secs(1));
    assert_eq!(store.sweep().await.unwrap(), 1);
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
