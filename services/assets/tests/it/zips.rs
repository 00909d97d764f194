//! Zips as they are read by somebody else's program.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::process::Command;

use axum::body::Body;
use bytes::Bytes;
use chancery_assets::zip::{Content, Members, stream_of};
use chancery_clock::TestClock;
use chancery_storage::{ContentHash, Store};
use futures_util::StreamExt as _;

struct Shelf {
    folder: tempfile::TempDir,
    store: Store,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = TestClock::at(crate::rig::NOW.parse().unwrap());
        let store = Store::local(folder.path(), clock.shared()).unwrap();
        Self { folder, store }
    }

    async fn stored(&self, bytes: &[u8]) -> Content {
        Content::Stored(self.store.put(Bytes::copy_from_slice(bytes)).await.unwrap())
    }
}

/// Writes a body to a file, leaving out what is empty.
async fn written(body: Body, file: &mut File) -> Result<(), axum::Error> {
    let mut pieces = body.into_data_stream();
    let mut length = 0;
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        length += piece.len() as u64;
        if piece.iter().all(|byte| *byte == 0) {
            file.seek(SeekFrom::Current(i64::try_from(piece.len()).unwrap()))
                .unwrap();
        } else {
            file.write_all(&piece).unwrap();
        }
    }
    file.set_len(length).unwrap();
    Ok(())
}

/// What Python's reader finds: every name with its length, after every checksum was right.
fn read(path: &Path) -> Vec<(String, u64)> {
    let script = "import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    print(json.dumps([[i.filename, i.file_size] for i in z.infolist()]))";
    let out = Command::new("python3")
        .args(["-c", script])
        .arg(path)
        .output()
        .unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).unwrap()
}

async fn zipped(shelf: &Shelf, members: Members) -> Vec<(String, u64)> {
    let path = shelf.folder.path().join("out.zip");
    let mut file = File::create(&path).unwrap();
    written(stream_of(shelf.store.clone(), members), &mut file)
        .await
        .unwrap();
    read(&path)
}

#[tokio::test]
async fn what_goes_in_comes_out_under_safe_and_different_names() {
    let shelf = Shelf::new();
    let long = format!("{}.jpeg", "ữ".repeat(200));
    let names = [
        "Ảnh.jpg",
        "ẢNH.JPG",
        "../../etc/passwd",
        "phim\u{202e}4pm.exe",
        "passwd",
        "صورة العاصمة.jpg",
        "ຮູບ: ວຽງຈັນ?.jpg",
        &long,
        &long,
        "\u{202e}",
    ];
    let mut members = Members::default();
    let mut given = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let content = shelf.stored(&vec![7; n * 300_000]).await;
        given.push((members.add(name, content), n as u64 * 300_000));
    }
    given.push((members.add("Ảnh.jpg", Content::Text("chữ".into())), 5));
    let out = zipped(&shelf, members).await;
    assert_eq!(out, given);
    let out: Vec<&str> = out.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(out[..4], ["Ảnh.jpg", "ẢNH (2).JPG", "passwd", "phim4pm.exe"]);
    assert_eq!(out[4..7], ["passwd (2)", "صورة العاصمة.jpg", "ຮູບ_ ວຽງຈັນ_.jpg"]);
    assert!(out[7].ends_with("ữ.jpeg") && out[8].ends_with("ữ (2).jpeg"));
    assert_eq!(out[9..], ["file", "Ảnh (3).jpg"]);
    assert!(
        out.iter().all(|name| name.len() <= 255),
        "what a file system takes"
    );
    assert!(zipped(&shelf, Members::default()).await.is_empty());
}

#[tokio::test]
async fn a_file_that_is_missing_breaks_the_stream_off() {
    let shelf = Shelf::new();
    let mut members = Members::default();
    members.add("a", shelf.stored(&vec![1; 1_000_000]).await);
    members.add("b", Content::Stored(ContentHash::of(b"nobody put this")));
    members.add("c", shelf.stored(b"c").await);
    let path = shelf.folder.path().join("out.zip");
    let mut file = File::create(&path).unwrap();
    let broken = written(stream_of(shelf.store.clone(), members), &mut file).await;
    assert!(broken.is_err(), "nobody takes half of it for the whole");
}

#[tokio::test]
async fn a_long_file_goes_through_a_few_megabytes_of_memory() {
    a_film_of(400_000_000).await;
}

#[tokio::test]
#[ignore = "takes two minutes without optimisation"]
async fn longer_than_the_format_first_could() {
    a_film_of(4_400_000_000).await;
}

async fn a_film_of(length: u64) {
    let shelf = Shelf::new();
    // A film of nothing, where the store looks for it: hashing it would take longer than the test.
    let hash = ContentHash::of(b"a long film");
    let name = hash.to_string();
    let path = shelf.folder.path().join("objects").join(name.get(..2).unwrap());
    std::fs::create_dir_all(&path).unwrap();
    File::create(path.join(&name)).unwrap().set_len(length).unwrap();
    let mut members = Members::default();
    members.add("phim.mov", Content::Stored(hash));
    members.add("sau.txt", Content::Text("sau phim".into()));
    let before = peak();
    let out = zipped(&shelf, members).await;
    assert_eq!(out, [("phim.mov".to_owned(), length), ("sau.txt".to_owned(), 8)]);
    let grown = peak() - before;
    assert!(grown < 64 * 1024, "{grown} kB more than before");
}

/// The most memory that this process ever held, in kB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
