//! Every format is recognised by its content, opened, and shown as a picture; every other file is refused.

use chancery_media::{Kind, MediaType, PictureWanted, Refused};
use image::ImageFormat;

use crate::make;
use crate::{Desk, refused};

const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='300' height='200'><rect width='300' height='200' fill='teal'/></svg>";
const SRT: &str = "1\n00:00:00,500 --> 00:00:01,500\nXin chào\n";
const VTT: &str = "WEBVTT\n\n00:00.500 --> 00:01.500\nXin chào\n";

/// One file of each format, but those of ffmpeg and libheif.
fn simple() -> Vec<(MediaType, Vec<u8>)> {
    let photograph = make::photograph(320, 240, 3);
    vec![
        (MediaType::Jpeg, make::jpeg(320, 240)),
        (MediaType::Png, make::png(320, 240)),
        (MediaType::Webp, make::encoded(&photograph, ImageFormat::WebP)),
        (MediaType::Tiff, make::encoded(&photograph, ImageFormat::Tiff)),
        (MediaType::Gif, make::encoded(&photograph, ImageFormat::Gif)),
        (MediaType::Svg, SVG.into()),
        (MediaType::Wav, make::wav()),
        (MediaType::Pdf, make::pdf(2, "Press release")),
        (MediaType::Docx, make::docx("Xin chào", &[])),
        (MediaType::Pptx, make::pptx(&["one", "two"])),
        (MediaType::Xlsx, make::xlsx("Xin chào")),
        (MediaType::Srt, SRT.into()),
        (MediaType::Vtt, VTT.into()),
        (MediaType::Zip, make::zip(&[("a.txt", b"a")])),
    ]
}

/// And those.
fn by_programs(desk: &Desk) -> Vec<(MediaType, Vec<u8>)> {
    let still = desk.put("still.png", make::png(320, 240));
    let mut files = Vec::new();
    for kind in [MediaType::Heic, MediaType::Avif] {
        let to = desk.path(&format!("made.{kind}"));
        let avif: &[&str] = if kind == MediaType::Avif { &["-A"] } else { &[] };
        let plain = ["-q", "50", "-o", to.to_str().unwrap(), still.to_str().unwrap()];
        make::program("heif-enc", &[avif, &plain].concat());
        files.push((kind, crate::read(&to)));
    }
    for kind in [MediaType::Mp4, MediaType::Mov, MediaType::Webm] {
        let to = desk.path(&format!("made.{kind}"));
        make::film(&to, 2, "320x240");
        files.push((kind, crate::read(&to)));
    }
    let (wav, mp3) = (desk.put("made.wav", make::wav()), desk.path("made.mp3"));
    make::program(
        "ffmpeg",
        &["-v", "error", "-i", wav.to_str().unwrap(), mp3.to_str().unwrap()],
    );
    files.push((MediaType::Mp3, crate::read(&mp3)));
    files
}

#[tokio::test]
async fn every_format_is_recognised_opened_and_shown() {
    let desk = Desk::new();
    let mut files = simple();
    files.extend(by_programs(&desk));
    assert_eq!(files.len(), MediaType::ALL.len());
    for (kind, bytes) in files {
        // Under a name that says nothing.
        let path = desk.put("upload", &bytes);
        assert_eq!(desk.media.sniff(&path, "upload").await.unwrap(), kind);
        assert_eq!(
            desk.media
                .sniff(&path, &format!("Ảnh.{}", kind.extension().to_uppercase()))
                .await
                .unwrap(),
            kind
        );
        if kind == MediaType::Zip {
            continue;
        }
        let analysis = desk.media.analyse(&path, kind).await.unwrap();
        match kind.kind() {
            Kind::Picture if kind == MediaType::Svg => assert_eq!(analysis.width, Some(2400)),
            Kind::Picture => assert_eq!(
                (analysis.width, analysis.height),
                (Some(320), Some(240)),
                "{kind}"
            ),
            Kind::Film => {
                assert_eq!(
                    (analysis.width, analysis.height),
                    (Some(320), Some(240)),
                    "{kind}"
                );
                assert!((1_900..2_200).contains(&analysis.milliseconds.unwrap()), "{kind}");
                assert!(
                    analysis.video_codec.is_some() && analysis.audio_codec.is_some(),
                    "{kind}"
                );
            }
            Kind::Audio => assert!((1_900..2_200).contains(&analysis.milliseconds.unwrap()), "{kind}"),
            Kind::Document | Kind::Captions => assert!(!analysis.text.unwrap().is_empty(), "{kind}"),
            Kind::Archive => {}
        }
        let shown = desk
            .media
            .picture(&path, kind, &PictureWanted::within(160, 160), None)
            .await
            .unwrap();
        let file = crate::read(shown.file.path());
        let picture = image::load_from_memory(&file).unwrap();
        assert_eq!(
            (Some(picture.width()), Some(picture.height())),
            (shown.width, shown.height)
        );
        assert_eq!(picture.width().max(picture.height()), 160, "{kind}");
        assert_eq!(shown.bytes, file.len() as u64);
    }
    assert!(desk.is_tidy());
}

#[tokio::test]
async fn a_name_that_says_something_else_is_refused() {
    let desk = Desk::new();
    for (kind, bytes) in simple() {
        let path = desk.put("upload", bytes);
        let wrong = if kind == MediaType::Pdf { "jpg" } else { "pdf" };
        assert_eq!(
            refused(desk.media.sniff(&path, &format!("tệp.{wrong}")).await),
            Refused::Extension {
                extension: wrong.to_owned(),
                actual: kind
            }
        );
    }
    let path = desk.put("upload", make::jpeg(10, 10));
    let hidden = desk.media.sniff(&path, "ảnh\u{202e}gpj.exe").await;
    assert!(matches!(refused(hidden), Refused::Extension { extension, .. } if extension == "exe"));
}

#[tokio::test]
async fn what_is_none_of_the_formats_is_refused() {
    let desk = Desk::new();
    for (bytes, reason) in [
        (b"".as_slice(), Refused::Empty),
        (b"just some text", Refused::Unknown { seems: None }),
        (
            b"<!doctype html><html><body>",
            Refused::Unknown { seems: Some("html") },
        ),
        (
            b"7z\xbc\xaf\x27\x1c\0\x04",
            Refused::Unknown { seems: Some("7z") },
        ),
        (b"Rar!\x1a\x07\x01\0", Refused::Unknown { seems: Some("rar") }),
        (b"#EXTM3U\nfile:///etc/passwd\n", Refused::Playlist),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", Refused::Playlist),
        (
            b"<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>",
            Refused::Playlist,
        ),
    ] {
        let path = desk.put("upload", bytes);
        assert_eq!(refused(desk.media.sniff(&path, "upload").await), reason);
    }
}

#[tokio::test]
async fn captions_in_an_old_encoding_are_told_from_nonsense() {
    let desk = Desk::new();
    let path = desk.put("upload", b"1\n00:00:00,500 --> 00:00:01,500\nXin ch\xe0o\n");
    assert_eq!(
        refused(desk.media.sniff(&path, "phim.SRT").await),
        Refused::Encoding
    );
    assert_eq!(
        refused(desk.media.analyse(&path, MediaType::Srt).await),
        Refused::Encoding
    );
}

#[tokio::test]
async fn a_file_that_is_too_long_is_refused() {
    let desk = Desk::with(chancery_media::Limits {
        picture_bytes: 1_000_000,
        ..Default::default()
    });
    let mut bytes = make::jpeg(10, 10);
    bytes.resize(1_000_001, 0);
    let path = desk.put("upload", bytes);
    assert_eq!(
        refused(desk.media.sniff(&path, "a.jpg").await),
        Refused::TooLarge { max: 1_000_000 }
    );
}

#[test]
fn names_of_formats_are_read_back() {
    for kind in MediaType::ALL {
        assert_eq!(kind.as_str().parse(), Ok(*kind));
        assert_eq!(MediaType::from_mime(kind.mime()), Some(*kind));
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
    }
}
