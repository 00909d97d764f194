//! What every store does, whatever it is kept in. Each scenario uses contents of its own, so that one store serves all.

use bytes::Bytes;
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use uuid::Uuid;

const MIB: usize = 1024 * 1024;

/// Runs them all.
pub async fn all(store: &Store) {
    store.probe().await.unwrap();
    what_is_put_is_read_back_under_its_hash(store).await;
    the_same_bytes_are_stored_once_however_they_come(store).await;
    many_writers_of_one_object_do_no_harm(store).await;
    a_stream_that_is_too_long_or_breaks_off_leaves_nothing(store).await;
    parts_are_read_and_no_more(store).await;
    a_large_object_comes_and_goes_in_pieces(store).await;
    an_upload_goes_on_where_the_line_broke(store).await;
    an_upload_is_not_continued_elsewhere(store).await;
    of_two_who_append_at_once_one_is_told(store).await;
    an_upload_is_bounded(store).await;
    what_was_appended_can_be_taken_back(store).await;
    an_abandoned_upload_leaves_nothing(store).await;
    an_empty_upload_is_an_empty_object(store).await;
}

/// Bytes that differ from place to place, so that a piece in the wrong place shows.
pub fn pattern(seed: u64, length: usize) -> Bytes {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    words.flatten().take(length).collect::<Vec<_>>().into()
}

/// `bytes` in chunks as a network brings them.
fn chunks(bytes: &Bytes) -> impl Stream<Item = Result<Bytes, String>> + Send + use<> {
    let bytes = bytes.clone();
    let starts = (0..bytes.len()).step_by(65_521);
    let pieces: Vec<_> = starts
        .map(|start| Ok(bytes.slice(start..(start + 65_521).min(bytes.len()))))
        .collect();
    stream::iter(pieces)
}

/// The same, and then the line breaks.
fn broken(bytes: &Bytes) -> impl Stream<Item = Result<Bytes, String>> + Send + use<> {
    chunks(bytes).chain(stream::iter([Err("connection reset".to_owned())]))
}

async fn count(store: &Store) -> usize {
    store.list().try_collect::<Vec<_>>().await.unwrap().len()
}

async fn what_is_put_is_read_back_under_its_hash(store: &Store) {
    let hash = store.put(Bytes::from_static(b"abc")).await.unwrap();
    // FIPS 180-2, appendix B.1.
    assert_eq!(
        hash.to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert!(store.exists(hash).await.unwrap());
    assert_eq!(store.size(hash).await.unwrap(), Some(3));
    assert_eq!(store.read(hash, 3).await.unwrap(), "abc");
    assert!(matches!(
        store.read(hash, 2).await,
        Err(StorageError::TooLarge { max_bytes: 2 })
    ));
    let missing = ContentHash::of(b"nobody put this");
    assert!(!store.exists(missing).await.unwrap());
    assert!(matches!(store.get(missing).await, Err(StorageError::NotFound(hash)) if hash == missing));
}

async fn the_same_bytes_are_stored_once_however_they_come(store: &Store) {
    let before = count(store).await;
    let whole = pattern(1, 100_000);
    let first = store.put(whole.clone()).await.unwrap();
    let (second, size) = store.put_stream(chunks(&whole), 100_000).await.unwrap();
    assert_eq!((first, 100_000), (second, size));
    assert_eq!(count(store).await, before + 1);
}

async fn many_writers_of_one_object_do_no_harm(store: &Store) {
    let hashes = stream::iter(0..16)
        .map(|_| store.put(Bytes::from_static(b"the same")))
        .buffer_unordered(16)
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
    assert!(hashes.iter().all(|hash| *hash == hashes[0]));
    assert_eq!(store.read(hashes[0], 100).await.unwrap(), "the same");
}

async fn a_stream_that_is_too_long_or_breaks_off_leaves_nothing(store: &Store) {
    let before = count(store).await;
    let endless = || stream::repeat_with(|| Ok::<_, String>(Bytes::from_static(&[0; 1000])));
    for limit in [5000, 20 * MIB as u64] {
        assert!(matches!(
            store.put_stream(endless(), limit).await,
            Err(StorageError::TooLarge { max_bytes }) if max_bytes == limit
        ));
    }
    for size in [10, 20 * MIB] {
        assert!(matches!(
            store.put_stream(broken(&pattern(2, size)), u64::MAX).await,
            Err(StorageError::Upload(reason)) if reason == "connection reset"
        ));
    }
    assert_eq!(count(store).await, before);
}

async fn parts_are_read_and_no_more(store: &Store) {
    let whole = pattern(3, 300_000);
    let hash = store.put(whole.clone()).await.unwrap();
    let size = whole.len() as u64;
    for range in [
        0..1,
        100_000..200_000,
        299_999..300_000,
        299_000..9_999_999,
        0..u64::MAX,
    ] {
        let part = store.get_range(hash, range.clone()).await.unwrap();
        assert_eq!(part.size, size);
        let bytes = part.bytes.try_collect::<Vec<_>>().await.unwrap().concat();
        let end = usize::try_from(range.end.min(size)).unwrap();
        assert_eq!(bytes, whole[usize::try_from(range.start).unwrap()..end]);
    }
    for nothing in [300_000..300_001, 400_000..500_000, 5..5] {
        assert!(matches!(
            store.get_range(hash, nothing).await,
            Err(StorageError::NoSuchRange { size: 300_000 })
        ));
    }
}

async fn a_large_object_comes_and_goes_in_pieces(store: &Store) {
    let whole = pattern(4, 21 * MIB + 7);
    let (hash, size) = store.put_stream(chunks(&whole), u64::MAX).await.unwrap();
    assert_eq!((hash, size), (ContentHash::of(&whole), whole.len() as u64));
    assert_eq!(store.read(hash, size).await.unwrap(), whole);
    // A length that ends exactly with a piece.
    let even = pattern(5, 16 * MIB);
    let (hash, size) = store.put_stream(chunks(&even), 16 * MIB as u64).await.unwrap();
    assert_eq!((hash, size), (ContentHash::of(&even), even.len() as u64));
    assert_eq!(store.size(hash).await.unwrap(), Some(size));
    let copy = tempfile::NamedTempFile::new().unwrap();
    assert_eq!(store.copy_to(hash, copy.path()).await.unwrap(), size);
    assert_eq!(std::fs::read(copy.path()).unwrap(), even);
}

async fn an_upload_goes_on_where_the_line_broke(store: &Store) {
    let whole = pattern(6, 19 * MIB + 1);
    let staging = store.staging(Uuid::now_v7());
    let length = whole.len() as u64;
    let mut at = 0;
    // It breaks in the first chunk, in the middle of a piece, and just behind one.
    for until in [1_000, 9 * MIB + 17, 18 * MIB] {
        let from = usize::try_from(at).unwrap();
        let appended = staging
            .append(broken(&whole.slice(from..until)), at, length)
            .await
            .unwrap();
        assert_eq!(appended.broken.as_deref(), Some("connection reset"));
        assert_eq!(appended.size, until as u64, "what arrived is kept");
        // Another process may be the one that goes on.
        at = store.staging(staging.id()).size().await.unwrap();
        assert_eq!(at, until as u64);
    }
    let rest = whole.slice(usize::try_from(at).unwrap()..);
    let appended = staging.append(chunks(&rest), at, length).await.unwrap();
    assert_eq!((appended.size, appended.broken), (length, None));
    let finished = staging.finish().await.unwrap();
    assert_eq!(finished, (ContentHash::of(&whole), length));
    assert_eq!(store.read(finished.0, length).await.unwrap(), whole);
    // Whoever did not hear of it may ask again.
    assert_eq!(staging.finish().await.unwrap(), finished);
    staging.abandon().await.unwrap();
    assert_eq!(staging.size().await.unwrap(), 0);
    assert!(store.exists(finished.0).await.unwrap());
}

async fn an_upload_is_not_continued_elsewhere(store: &Store) {
    let staging = store.staging(Uuid::now_v7());
    staging.append(chunks(&pattern(7, 1000)), 0, 5000).await.unwrap();
    for at in [0, 999, 1001] {
        assert!(matches!(
            staging.append(chunks(&pattern(7, 10)), at, 5000).await,
            Err(StorageError::Elsewhere { size: 1000 })
        ));
    }
    assert_eq!(staging.size().await.unwrap(), 1000);
    staging.abandon().await.unwrap();
}

async fn of_two_who_append_at_once_one_is_told(store: &Store) {
    let staging = store.staging(Uuid::now_v7());
    let (one, other) = (pattern(8, 9 * MIB), pattern(9, 9 * MIB));
    let (first, second) = tokio::join!(
        staging.append(chunks(&one), 0, u64::MAX),
        staging.append(chunks(&other), 0, u64::MAX)
    );
    let (winner, loser) = if first.is_ok() {
        (&one, second)
    } else {
        (&other, first)
    };
    assert!(
        matches!(loser, Err(StorageError::Elsewhere { .. })),
        "one of them is told: {loser:?}"
    );
    let (hash, size) = staging.finish().await.unwrap();
    assert_eq!((hash, size), (ContentHash::of(winner), winner.len() as u64));
    staging.abandon().await.unwrap();
}

async fn an_upload_is_bounded(store: &Store) {
    let staging = store.staging(Uuid::now_v7());
    assert!(matches!(
        staging.append(chunks(&pattern(10, 70_000)), 0, 69_999).await,
        Err(StorageError::TooLarge { max_bytes: 69_999 })
    ));
    assert!(staging.size().await.unwrap() <= 69_999);
    staging.abandon().await.unwrap();
}

async fn what_was_appended_can_be_taken_back(store: &Store) {
    let whole = pattern(14, 19 * MIB);
    let staging = store.staging(Uuid::now_v7());
    staging
        .append(chunks(&whole.slice(..1000)), 0, u64::MAX)
        .await
        .unwrap();
    staging
        .append(chunks(&pattern(15, 9 * MIB)), 1000, u64::MAX)
        .await
        .unwrap();
    staging.cut(1000).await.unwrap();
    assert_eq!(staging.size().await.unwrap(), 1000);
    staging
        .append(chunks(&whole.slice(1000..)), 1000, u64::MAX)
        .await
        .unwrap();
    let finished = staging.finish().await.unwrap();
    assert_eq!(finished, (ContentHash::of(&whole), whole.len() as u64));
    staging.abandon().await.unwrap();
}

async fn an_abandoned_upload_leaves_nothing(store: &Store) {
    let before = count(store).await;
    let staging = store.staging(Uuid::now_v7());
    staging
        .append(chunks(&pattern(11, 9 * MIB)), 0, u64::MAX)
        .await
        .unwrap();
    staging.abandon().await.unwrap();
    staging.abandon().await.unwrap();
    assert_eq!(staging.size().await.unwrap(), 0);
    assert_eq!(count(store).await, before);
}

async fn an_empty_upload_is_an_empty_object(store: &Store) {
    let staging = store.staging(Uuid::now_v7());
    let appended = staging.append(chunks(&Bytes::new()), 0, 0).await.unwrap();
    assert_eq!(appended.size, 0);
    assert_eq!(staging.finish().await.unwrap(), (ContentHash::of(b""), 0));
}
