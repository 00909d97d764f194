//! Archives: good entries are taken, each bad one is told.

use std::io::{Cursor, Write as _};

use http::Method;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Site, hash, pattern};

/// An archive of these files, stored or compressed.
fn archive(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test]
async fn every_file_of_an_archive_becomes_a_draft_of_its_batch() {
    let site = Site::new().await;
    let (one, two) = (pattern(300_000), pattern(1_000));
    let zip = archive(
        &[
            ("Quốc khánh/1.jpg", &one),
            ("Quốc khánh/2.jpg", &two),
            ("__MACOSX/._1.jpg", b"clutter"),
            ("Quốc khánh/.DS_Store", b"clutter"),
        ],
        CompressionMethod::Deflated,
    );
    let path = site.put("Quốc khánh.zip", &zip).await;
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(site.status(&path).await["state"], "done");
    assert_eq!(
        site.originals().await,
        [("1.jpg".to_owned(), hash(&one)), ("2.jpg".to_owned(), hash(&two))]
    );
    let batches: Vec<String> =
        sqlx::query_scalar("select b.name from assets.assets a join assets.batches b on b.id = a.batch_id")
            .fetch_all(site.rig.db.owner())
            .await
            .unwrap();
    assert_eq!(batches, ["Quốc khánh.zip", "Quốc khánh.zip"]);
    let page = site
        .ask(Method::GET, "/assets/uploads", &[("accept", "text/html")], "")
        .await;
    assert!(
        page.body.contains("Quốc khánh/2.jpg") && page.body.contains("In the library"),
        "{}",
        page.body
    );
}

#[tokio::test]
async fn each_bad_file_of_an_archive_is_told_and_the_rest_is_taken() {
    let site = Site::new().await;
    let inner = archive(&[("x.jpg", b"x")], CompressionMethod::Stored);
    let long = format!("{}.jpg", "ữ".repeat(90));
    let zeros = vec![0; 30_000_000];
    let zip = archive(
        &[
            ("../../etc/cron.d/x", b"1"),
            ("photo\u{202e}gpj.exe", b"2"),
            (&long, b"3"),
            ("nested.zip", &inner),
            ("empty.jpg", b""),
            ("bomb.txt", &zeros),
            ("good.jpg", b"a picture"),
        ],
        CompressionMethod::Deflated,
    );
    let path = site.put("mixed.zip", &zip).await;
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(site.status(&path).await["state"], "done");
    let reasons: Vec<_> = site.entries().await.into_iter().map(|entry| entry.2).collect();
    let told = |reason: &str| Some(reason.to_owned());
    assert_eq!(
        reasons,
        [
            told("uploads-entry-name-path"),
            told("uploads-entry-name-hidden"),
            told("uploads-entry-name-long"),
            told("uploads-entry-nested"),
            told("media-refused-empty"),
            told("uploads-refused-bomb"),
            None,
        ]
    );
    assert_eq!(
        site.originals().await,
        [("good.jpg".to_owned(), hash(b"a picture"))]
    );
}

#[tokio::test]
async fn an_archive_that_is_none_or_too_much_is_told() {
    let site = Site::new().await;
    let good = archive(&[("a.jpg", &pattern(5_000))], CompressionMethod::Stored);
    let many: Vec<String> = (0..5_001).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let crowd = archive(&many, CompressionMethod::Stored);
    let nothing = archive(&[], CompressionMethod::Stored);
    for (bytes, reason) in [
        (&good[..good.len() - 30], "uploads-refused-archive"),
        (&good[..100], "uploads-refused-archive"),
        (&crowd[..], "uploads-refused-too-many-entries"),
        (&nothing[..], "uploads-refused-nothing-inside"),
    ] {
        let path = site.put("a.zip", bytes).await;
        assert_eq!(site.work().await.dead, 0);
        let status = site.status(&path).await;
        assert_eq!(
            (&status["state"], &status["refusal"]),
            (&"refused".into(), &reason.into())
        );
    }
    assert!(site.originals().await.is_empty());
}

#[tokio::test]
async fn one_bad_byte_anywhere_in_an_archive_is_told_or_harmless() {
    let site = Site::new().await;
    let good = archive(
        &[("a.jpg", b"aaaa"), ("b.jpg", b"bbbb")],
        CompressionMethod::Deflated,
    );
    for position in (4..good.len()).step_by(11) {
        let mut bad = good.clone();
        bad[position] ^= 0xff;
        let path = site.put("a.zip", &bad).await;
        assert_eq!(site.work().await.dead, 0, "at {position}");
        let state = site.status(&path).await["state"].clone();
        assert!(state == "done" || state == "refused", "at {position}: {state}");
    }
}

#[tokio::test]
async fn an_office_document_is_a_zip_that_stays_whole() {
    let site = Site::new().await;
    let document = archive(&[("[Content_Types].xml", b"<x/>")], CompressionMethod::Deflated);
    let path = site.put("Bài phát biểu.docx", &document).await;
    site.work().await;
    assert_eq!(site.status(&path).await["state"], "done");
    assert_eq!(
        site.originals().await,
        [("Bài phát biểu.docx".to_owned(), hash(&document))]
    );
}

#[tokio::test]
async fn an_archive_goes_on_where_a_crash_stopped_it() {
    let site = Site::new().await;
    let zip = archive(&[("1.jpg", b"one"), ("2.jpg", b"two")], CompressionMethod::Stored);
    let path = site.put("a.zip", &zip).await;
    // The first run died behind the first entry.
    let begun = "insert into assets.upload_entries (upload_id, position, name, state) values ($1, 0, '1.jpg', 'done')";
    sqlx::query(begun)
        .bind(super::id_of(&path))
        .execute(site.rig.db.owner())
        .await
        .unwrap();
    sqlx::query("update assets.uploads set state = 'expanding'")
        .execute(site.rig.db.owner())
        .await
        .unwrap();
    site.work().await;
    assert_eq!(site.status(&path).await["state"], "done");
    assert_eq!(site.originals().await, [("2.jpg".to_owned(), hash(b"two"))]);
}
