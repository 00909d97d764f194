//! Files that mean harm, and files that were harmed. Each has its reason; nothing is left behind; memory is bounded.

use std::io::Write;
use std::time::Duration;

use chancery_media::{Analysis, Limits, MediaError, MediaType, PictureWanted, Refused};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use image::ImageFormat;

use crate::make;
use crate::{Desk, refused};

/// Two files in one.
#[tokio::test]
async fn polyglots_are_refused() {
    let desk = Desk::new();
    let archive = make::zip(&[("run.sh", b"#!/bin/sh")]);
    let (jpeg, png, pdf) = (make::jpeg(64, 64), make::png(64, 64), make::pdf(1, "x"));
    let gif = make::encoded(&make::photograph(16, 16, 1), ImageFormat::Gif);
    for (name, bytes) in [
        ("a.jpg", [jpeg.as_slice(), &archive].concat()),
        ("a.png", [png.as_slice(), &archive].concat()),
        ("a.gif", [gif.as_slice(), &archive].concat()),
        ("a.wav", [make::wav().as_slice(), &archive].concat()),
        ("a.pdf", [pdf.as_slice(), &archive].concat()),
        (
            "a.jpg",
            [jpeg.as_slice(), b"<html><script>alert(1)</script>"].concat(),
        ),
        ("a.png", [png.as_slice(), b"<?php system('id');"].concat()),
        ("a.jpg", [jpeg.as_slice(), &pdf].concat()),
        ("a.jpg", make::with_segment(&jpeg, 0xfe, &pdf)),
        (
            "a.pdf",
            [b"%PDF-1.4\n<html><script>alert(1)</script>".as_slice(), &pdf].concat(),
        ),
    ] {
        let path = desk.put("upload", bytes);
        assert_eq!(
            refused(desk.media.sniff(&path, name).await),
            Refused::Polyglot,
            "{name}"
        );
    }
    // What telephones append is no other file.
    let film = [jpeg.as_slice(), b"\0\0\0\x18ftypmp42\0\0\0\0", &[7; 5_000]].concat();
    let path = desk.put("upload", film);
    assert_eq!(desk.media.sniff(&path, "a.jpg").await.unwrap(), MediaType::Jpeg);
}

/// A PNG of a few bytes that claims to be of this size.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    let sum = crc(&header);
    file.extend(header);
    file.extend(sum.to_be_bytes());
    let end = b"\0\0\0\0IEND\xae\x42\x60\x82";
    // Enough for a decoder to begin.
    let data = b"IDATx\x9c\x03\0\0\0\0\x01";
    file.extend(8_u32.to_be_bytes());
    file.extend(data);
    file.extend(crc(data).to_be_bytes());
    file.extend(end);
    file
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xedb8_8320
            } else {
                sum >> 1
            }
        })
    })
}

#[tokio::test]
async fn pictures_that_claim_too_much_are_refused_before_they_are_decoded() {
    let desk = Desk::new();
    for (width, height) in [(50_000, 50_000), (12_000, 9_000)] {
        let path = desk.put("upload", claims(width, height));
        assert_eq!(
            refused(desk.media.analyse(&path, MediaType::Png).await),
            Refused::TooManyPixels {
                width,
                height,
                max: 64_000_000
            }
        );
    }
}

#[tokio::test]
async fn a_hundred_megapixels_are_refused_with_a_sentence() {
    let desk = Desk::new();
    let path = desk.path("upload.jpg");
    make::program(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=red:s=11000x9100",
            "-frames:v",
            "1",
            path.to_str().unwrap(),
        ],
    );
    let reason = refused(desk.media.analyse(&path, MediaType::Jpeg).await);
    assert_eq!(reason.key(), "media-refused-too-many-pixels");
    assert!(reason.arguments().contains(&("megapixels", "64".to_owned())));
}

#[tokio::test]
async fn archives_that_unpack_to_too_much_are_refused() {
    let desk = Desk::new();
    let zeros = vec![0; 60_000_000];
    let bomb = make::docx("x", &[("word/media/bomb.bin", &zeros)]);
    assert!(bomb.len() < 100_000);
    let path = desk.put("upload", bomb);
    assert_eq!(refused(desk.media.sniff(&path, "a.docx").await), Refused::Bomb);

    let programs = make::docx("x", &[("word/vbaProject.bin", b"macro")]);
    let path = desk.put("upload", programs);
    assert_eq!(
        refused(desk.media.sniff(&path, "a.docx").await),
        Refused::Programs
    );

    let laughs = "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><document><t>&b;</t></document>";
    let entities = make::zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", laughs.as_bytes()),
    ]);
    let path = desk.put("upload", entities);
    assert_eq!(
        refused(desk.media.analyse(&path, MediaType::Docx).await),
        Refused::Entities
    );
}

/// Every format, cut off in the middle, and with its middle overwritten: refused or opened, never a panic, never a hang,
/// and nothing is left behind.
#[tokio::test]
async fn damaged_files_of_every_format_end_in_an_answer() {
    let desk = Desk::new();
    let photograph = make::photograph(320, 240, 3);
    let film = desk.path("made.mp4");
    make::film(&film, 1, "160x120");
    let still = desk.put("still.png", make::png(160, 120));
    let heic = desk.path("made.heic");
    make::program(
        "heif-enc",
        &["-o", heic.to_str().unwrap(), still.to_str().unwrap()],
    );
    let files = [
        (MediaType::Jpeg, make::jpeg(320, 240)),
        (MediaType::Png, make::png(320, 240)),
        (MediaType::Webp, make::encoded(&photograph, ImageFormat::WebP)),
        (MediaType::Tiff, make::encoded(&photograph, ImageFormat::Tiff)),
        (MediaType::Gif, make::encoded(&photograph, ImageFormat::Gif)),
        (MediaType::Pdf, make::pdf(2, "x")),
        (MediaType::Docx, make::docx("x", &[])),
        (MediaType::Wav, make::wav()),
        (MediaType::Mp4, crate::read(&film)),
        (MediaType::Heic, crate::read(&heic)),
    ];
    for (kind, whole) in files {
        let half = whole.len() / 2;
        let cut = whole.get(..half).unwrap().to_vec();
        let mut overwritten = whole.clone();
        overwritten.splice(half.., std::iter::repeat_n(0xa5, whole.len() - half));
        let mut answers = Vec::new();
        for bytes in [cut, overwritten] {
            let path = desk.put("upload", bytes);
            answers.push(desk.media.analyse(&path, kind).await);
            answers.push(
                desk.media
                    .picture(&path, kind, &PictureWanted::within(64, 64), None)
                    .await
                    .map(|_| Analysis::default()),
            );
            if let Ok(copy) = desk
                .media
                .clean_copy(
                    &path,
                    kind,
                    &chancery_media::Words::default(),
                    chancery_media::Place::Removed,
                )
                .await
            {
                assert!(copy.bytes > 0, "{kind}");
            }
        }
        for answer in answers.into_iter().filter(Result::is_err) {
            let reason = refused(answer);
            assert!(!reason.key().is_empty(), "{kind}");
        }
        assert!(desk.is_tidy(), "{kind}");
    }
    // What lost its second half is refused where a reader can tell.
    for (kind, bytes) in [
        (MediaType::Png, make::png(320, 240)),
        (MediaType::Jpeg, make::jpeg(320, 240)),
    ] {
        let path = desk.put("upload", bytes.get(..bytes.len() / 2).unwrap());
        assert!(
            matches!(
                refused(desk.media.analyse(&path, kind).await),
                Refused::Damaged(_)
            ),
            "{kind}"
        );
    }
}

/// A film that is a list of addresses is no film, even under a film's name and type.
#[tokio::test]
async fn playlists_open_nothing() {
    let desk = Desk::new();
    let secret = desk.put("secret.txt", "the secret");
    let list = format!(
        "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{}\n#EXT-X-ENDLIST\n",
        secret.display()
    );
    let path = desk.put("upload", list);
    assert_eq!(refused(desk.media.sniff(&path, "a.mp4").await), Refused::Playlist);
    for kind in [MediaType::Mp4, MediaType::Webm, MediaType::Mp3] {
        assert!(matches!(
            refused(desk.media.analyse(&path, kind).await),
            Refused::Damaged(_)
        ));
    }
}

#[tokio::test]
async fn a_film_that_is_too_long_is_refused() {
    let desk = Desk::with(Limits {
        seconds: 1,
        ..Limits::default()
    });
    let path = desk.path("made.mp4");
    make::film(&path, 3, "160x120");
    assert_eq!(
        refused(desk.media.analyse(&path, MediaType::Mp4).await),
        Refused::TooLong { max: 1 }
    );
}

/// A page of forty kilometres, and a page whose few kilobytes unpack to fifty megabytes: an answer within bounds.
#[tokio::test]
async fn documents_that_claim_too_much_end_in_an_answer() {
    let desk = Desk::new();
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..50 {
        packed.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 500_000);
    for pdf in [
        make::pdf_of(
            1,
            "[0 0 100000000 100000000]",
            "",
            b"0 0 1 rg 0 0 9000000 9000000 re f",
        ),
        make::pdf_of(1, "[0 0 595 842]", "/Filter/FlateDecode", &packed),
    ] {
        let path = desk.put("upload", pdf);
        if let Err(error) = desk.media.analyse(&path, MediaType::Pdf).await {
            assert!(matches!(error, MediaError::Refused(_)), "{error}");
        }
        let wanted = PictureWanted::within(64, 64);
        if let Ok(made) = desk.media.picture(&path, MediaType::Pdf, &wanted, None).await {
            assert_eq!(made.width.max(made.height), Some(64));
        }
    }
    assert!(desk.is_tidy());
}

/// Pictures within drawings are measured too.
#[tokio::test]
async fn a_bomb_in_a_drawing_is_left_out() {
    use base64::Engine;
    let desk = Desk::new();
    let bomb = base64::engine::general_purpose::STANDARD.encode(claims(50_000, 50_000));
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><image width='10' height='10' href='data:image/png;base64,{bomb}'/></svg>"
    );
    let path = desk.put("upload.svg", svg);
    let wanted = PictureWanted::within(64, 64);
    let shown = desk.media.picture(&path, MediaType::Svg, &wanted, None);
    let shown = tokio::time::timeout(Duration::from_secs(20), shown)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(shown.width, Some(64));
}
