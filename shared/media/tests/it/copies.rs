//! What leaves the house says nothing of where and with what it was made, and carries the library's words.

use chancery_media::{Embedded, MediaType, Place, Words};
use image::{GenericImageView, ImageFormat};

use crate::make;
use crate::{Desk, read};

fn words() -> Words {
    Words {
        title: Some("Lễ Quốc khánh tại Viêng Chăn".into()),
        caption: Some("Đại sứ phát biểu & chúc mừng.".into()),
        alt_text: Some("Một người đứng trên bục phát biểu".into()),
        creator: Some("Nguyễn Văn A".into()),
        credit: Some("TTXVN".into()),
        copyright: Some("© Bộ Ngoại giao".into()),
    }
}

fn says(file: &[u8], text: &str) -> bool {
    file.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn what_an_agency_embedded_is_read() {
    let desk = Desk::new();
    let path = desk.put("upload", make::agency_jpeg());
    let embedded = desk.media.analyse(&path, MediaType::Jpeg).await.unwrap().embedded;
    assert_eq!(
        embedded,
        Embedded {
            words: Words {
                title: Some("Lễ Quốc khánh".into()),
                // As text, however it looks.
                caption: Some("Đại sứ phát biểu <script>alert(1)</script>".into()),
                creator: Some("Nguyễn Văn A".into()),
                credit: Some("TTXVN".into()),
                ..Words::default()
            },
            taken: Some("2026-09-02T09:00:00".parse().unwrap()),
            place: Some("Viêng Chăn, Lào".into()),
            keywords: vec!["Quốc khánh".into(), "Lào".into()],
            has_location: true,
            has_device: true,
        }
    );
}

#[tokio::test]
async fn pictures_keep_their_pixels_and_lose_their_past() {
    let desk = Desk::new();
    let picture = make::photograph(200, 100, 2);
    let jpeg = make::with_segment(&make::encoded(&picture, ImageFormat::Jpeg), 0xe1, &make::exif(6));
    // A telephone's second picture, with Exif of its own, after the first.
    let jpeg = [jpeg.clone(), make::with_segment(&jpeg, 0xfe, b"Maker's comment")].concat();
    let still = desk.put("still.png", make::encoded(&picture, ImageFormat::Png));
    let mut files = vec![(MediaType::Jpeg, jpeg)];
    for (kind, format) in [
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Webp, ImageFormat::WebP),
        (MediaType::Tiff, ImageFormat::Tiff),
    ] {
        files.push((kind, make::encoded(&picture, format)));
    }
    for (kind, avif) in [(MediaType::Heic, false), (MediaType::Avif, true)] {
        let to = desk.path(&format!("made.{kind}"));
        let mut list = vec!["-L", "-o", to.to_str().unwrap(), still.to_str().unwrap()];
        if avif {
            list.insert(0, "-A");
        }
        make::program("heif-enc", &list);
        files.push((kind, read(&to)));
    }
    for (kind, bytes) in files {
        let path = desk.put(&format!("upload.{}", kind.extension()), bytes);
        if kind != MediaType::Jpeg {
            // The same past, put in by the program that cameras' owners use.
            let at = path.to_str().unwrap();
            make::program(
                "exiftool",
                &[
                    "-q",
                    "-overwrite_original",
                    "-Make=Maker",
                    "-GPSLatitude=17.9757",
                    "-GPSLatitudeRef=N",
                    at,
                ],
            );
        }
        let before = desk.media.analyse(&path, kind).await.unwrap();
        assert!(
            before.embedded.has_location && before.embedded.has_device,
            "{kind}"
        );

        let clean = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Removed)
            .await
            .unwrap();
        assert_eq!(desk.media.sniff(clean.file.path(), "").await.unwrap(), kind);
        let file = read(clean.file.path());
        assert!(!says(&file, "Maker"), "{kind}");
        let after = desk.media.analyse(clean.file.path(), kind).await.unwrap();
        assert_eq!(after.embedded.words, words(), "{kind}");
        assert!(
            !after.embedded.has_location && !after.embedded.has_device,
            "{kind}"
        );
        assert_eq!(
            (after.width, after.height),
            (before.width, before.height),
            "{kind}"
        );
        assert_eq!(after.likeness, before.likeness, "{kind}");
        if let (Ok(before), Ok(after)) = (
            image::load_from_memory(&read(&path)),
            image::load_from_memory(&file),
        ) {
            assert!(before.pixels().eq(after.pixels()), "{kind}");
        }
    }
    assert!(desk.is_tidy());
}

/// Degrees, minutes and seconds as exiftool tells them.
fn position(file: &std::path::Path) -> String {
    make::told(
        "exiftool",
        &[
            "-s3",
            "-n",
            "-GPSLatitude",
            "-GPSLongitude",
            file.to_str().unwrap(),
        ],
    )
}

#[tokio::test]
async fn a_place_stays_where_it_is_wanted_and_the_device_never() {
    let desk = Desk::new();
    let picture = make::photograph(200, 100, 2);
    let jpeg = make::with_segment(&make::encoded(&picture, ImageFormat::Jpeg), 0xe1, &make::exif(6));
    let mut files = vec![(MediaType::Jpeg, jpeg)];
    for (kind, format) in [
        (MediaType::Png, ImageFormat::Png),
        (MediaType::Webp, ImageFormat::WebP),
        (MediaType::Tiff, ImageFormat::Tiff),
    ] {
        files.push((kind, make::encoded(&picture, format)));
    }
    for (kind, bytes) in files {
        let path = desk.put(&format!("placed.{}", kind.extension()), bytes);
        make::program(
            "exiftool",
            &[
                "-q",
                "-overwrite_original",
                "-EXIF:Make=Maker",
                "-EXIF:GPSLatitude=17.9757",
                "-EXIF:GPSLatitudeRef=N",
                "-EXIF:GPSLongitude=102.6331",
                "-EXIF:GPSLongitudeRef=E",
                "-EXIF:GPSProcessingMethod=Maker's own",
                "-XMP-photoshop:City=Viêng Chăn",
                path.to_str().unwrap(),
            ],
        );
        let kept = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Kept)
            .await
            .unwrap();
        assert!(!says(&read(kept.file.path()), "Maker"), "{kind}");
        let said = desk.media.analyse(kept.file.path(), kind).await.unwrap().embedded;
        assert!(said.has_location && !said.has_device, "{kind}");
        assert_eq!(said.place.as_deref(), Some("Viêng Chăn"), "{kind}");
        assert_eq!(said.words, words(), "{kind}");
        assert_eq!(position(kept.file.path()), position(&path), "{kind}");
        let removed = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Removed)
            .await
            .unwrap();
        let said = desk
            .media
            .analyse(removed.file.path(), kind)
            .await
            .unwrap()
            .embedded;
        assert!(!said.has_location && said.place.is_none(), "{kind}");
    }
    let film = desk.path("placed.mp4");
    make::film(&film, 1, "160x120");
    let kept = desk
        .media
        .clean_copy(&film, MediaType::Mp4, &words(), Place::Kept)
        .await
        .unwrap();
    assert!(!says(&read(kept.file.path()), "Maker"));
    assert_eq!(position(kept.file.path()), position(&film));
    assert!(position(&film).starts_with("17.97"));
    drop(kept);
    assert!(desk.is_tidy());
}

#[tokio::test]
async fn films_and_sounds_lose_theirs() {
    let desk = Desk::new();
    for kind in [MediaType::Mp4, MediaType::Mov, MediaType::Webm] {
        let path = desk.path(&format!("upload.{kind}"));
        make::film(&path, 1, "160x120");
        let before = desk.media.analyse(&path, kind).await.unwrap();
        let clean = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Removed)
            .await
            .unwrap();
        assert_eq!(desk.media.sniff(clean.file.path(), "").await.unwrap(), kind);
        let file = read(clean.file.path());
        for secret in ["Secret title", "17.97", "Maker"] {
            assert!(!says(&file, secret), "{kind} says {secret}");
        }
        assert!(says(&file, "Lễ Quốc khánh"), "{kind}");
        let after = desk.media.analyse(clean.file.path(), kind).await.unwrap();
        assert_eq!(after.likeness, before.likeness);
        assert_eq!(after.audio_codec, before.audio_codec);
    }
}

#[tokio::test]
async fn sounds_and_animations_carry_the_words_too() {
    let desk = Desk::new();
    let wav = desk.put("upload.wav", make::wav());
    let mp3 = desk.path("upload.mp3");
    make::program(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-i",
            wav.to_str().unwrap(),
            "-metadata",
            "artist=Secret",
            mp3.to_str().unwrap(),
        ],
    );
    let gif = make::encoded(&make::photograph(40, 30, 1), ImageFormat::Gif);
    let gif = desk.put("upload.gif", gif);
    for (kind, path) in [
        (MediaType::Wav, wav),
        (MediaType::Mp3, mp3),
        (MediaType::Gif, gif),
    ] {
        let clean = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Removed)
            .await
            .unwrap();
        assert_eq!(desk.media.sniff(clean.file.path(), "").await.unwrap(), kind);
        assert!(!says(&read(clean.file.path()), "Secret"), "{kind}");
        let after = desk.media.analyse(clean.file.path(), kind).await.unwrap();
        assert_eq!(after.embedded.words.title, words().title, "{kind}");
        assert_eq!(after.embedded.words.creator, words().creator, "{kind}");
    }
}

#[tokio::test]
async fn documents_lose_their_authors() {
    let desk = Desk::new();
    let photograph = make::with_segment(&make::jpeg(40, 30), 0xe1, &make::exif(1));
    let docx = make::docx("Xin chào", &[("word/media/image1.jpeg", &photograph)]);
    for (kind, bytes) in [
        (MediaType::Docx, docx),
        (MediaType::Pdf, make::pdf(2, "Press release")),
    ] {
        let path = desk.put(&format!("upload.{kind}"), bytes);
        let clean = desk
            .media
            .clean_copy(&path, kind, &words(), Place::Removed)
            .await
            .unwrap();
        let file = read(clean.file.path());
        let again = desk.media.analyse(clean.file.path(), kind).await.unwrap();
        assert_eq!(desk.media.sniff(clean.file.path(), "").await.unwrap(), kind);
        assert_eq!(again.embedded.words.title, words().title, "{kind}");
        assert!(!again.text.unwrap().is_empty());
        if kind == MediaType::Pdf {
            assert!(!says(&file, "Secret Author") && !says(&file, "Secret Machine"));
        } else {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
            for name in ["docProps/core.xml", "word/media/image1.jpeg"] {
                let mut part = Vec::new();
                std::io::copy(&mut archive.by_name(name).unwrap(), &mut part).unwrap();
                assert!(!says(&part, "Secret Author") && !says(&part, "Maker"), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_drawing_is_cleaned() {
    let desk = Desk::new();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'><script>x()</script><rect width='1' height='1'/></svg>";
    let path = desk.put("upload.svg", svg);
    let clean = desk
        .media
        .clean_copy(&path, MediaType::Svg, &words(), Place::Removed)
        .await
        .unwrap();
    let text = String::from_utf8(read(clean.file.path())).unwrap();
    assert!(text.contains("<rect") && !text.contains("x()"), "{text}");
}
