//! Documents: pages and words.

use chancery_media::{Limits, MediaError, MediaType, PictureWanted, Refused, convert_captions};
use image::GenericImageView;

use crate::make;
use crate::{Desk, read, refused};

#[tokio::test]
async fn words_are_read_for_search() {
    let desk = Desk::new();
    for (kind, bytes, words) in [
        (MediaType::Pdf, make::pdf(2, "Press release"), "Press release"),
        (
            MediaType::Docx,
            make::docx("Thông cáo &amp; báo chí", &[]),
            "Thông cáo & báo chí",
        ),
        (MediaType::Pptx, make::pptx(&["Một", "Hai"]), "Một Hai"),
        (MediaType::Xlsx, make::xlsx("Số liệu"), "Số liệu"),
    ] {
        let path = desk.put("upload", bytes);
        let analysis = desk.media.analyse(&path, kind).await.unwrap();
        assert!(
            analysis.text.as_deref().unwrap().contains(words),
            "{:?}",
            analysis.text
        );
        match kind {
            MediaType::Pdf | MediaType::Pptx => assert_eq!(analysis.pages, Some(2)),
            _ => assert_eq!(analysis.pages, None),
        }
    }
}

#[tokio::test]
async fn pages_become_pictures() {
    let desk = Desk::new();
    let path = desk.put("upload", make::pdf(3, "Page"));
    let page = |number| PictureWanted {
        page: Some(number),
        ..PictureWanted::within(400, 400)
    };
    let made = desk
        .media
        .picture(&path, MediaType::Pdf, &page(3), None)
        .await
        .unwrap();
    let picture = image::load_from_memory(&read(made.file.path())).unwrap();
    assert_eq!(picture.height(), 400);
    // The red box near the foot of the page.
    let [red, green, ..] = picture.get_pixel(picture.width() / 2, 320).0;
    assert!(red > 150 && green < 100);
    assert!(matches!(
        refused(desk.media.picture(&path, MediaType::Pdf, &page(4), None).await),
        Refused::Damaged(_)
    ));
}

#[tokio::test]
async fn too_many_pages_are_refused() {
    let desk = Desk::with(Limits {
        pages: 1_000,
        ..Limits::default()
    });
    let path = desk.put("upload", make::pdf(30_000, "x"));
    assert_eq!(
        refused(desk.media.analyse(&path, MediaType::Pdf).await),
        Refused::TooManyPages {
            pages: 30_000,
            max: 1_000
        }
    );
}

#[tokio::test]
async fn a_locked_document_is_refused() {
    let desk = Desk::new();
    let open = desk.put("open.pdf", make::pdf(1, "Secret"));
    let locked = desk.path("locked.pdf");
    make::program(
        "qpdf",
        &[
            "--encrypt",
            "user",
            "owner",
            "256",
            "--",
            open.to_str().unwrap(),
            locked.to_str().unwrap(),
        ],
    );
    assert_eq!(
        refused(desk.media.analyse(&locked, MediaType::Pdf).await),
        Refused::Locked
    );
}

#[test]
fn captions_are_converted() {
    let vtt = convert_captions("1\n00:00:01,000 --> 00:00:02,000\nXin chào\n", MediaType::Vtt);
    assert_eq!(
        vtt.as_deref(),
        Ok("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nXin chào\n\n")
    );
}

#[tokio::test]
async fn papers_that_are_marked_as_secret_are_refused_and_others_that_name_honey_are_not() {
    let desk = Desk::new();
    for (words, marked) in [
        ("TỐI MẬT", true),
        ("Độ mật: Mật", true),
        ("Chính sách bảo mật, mật ong", false),
    ] {
        let path = desk.put("upload", make::docx(words, &[]));
        let found = desk.media.analyse(&path, MediaType::Docx).await;
        let refused = matches!(found, Err(MediaError::Refused(Refused::Marked { .. })));
        assert_eq!(refused, marked, "{words}: {found:?}");
    }
}
