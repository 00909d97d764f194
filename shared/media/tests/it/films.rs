//! Films and sounds made to fit.

use std::sync::Mutex;

use chancery_media::{FilmWanted, MediaError, MediaType, PictureWanted, Refused};

use crate::make;
use crate::{Desk, read, refused};

const SRT: &str = "1\n00:00:00,000 --> 00:00:04,000\nXin chào quý vị\n";

#[tokio::test]
async fn a_film_fits_a_platform() {
    let desk = Desk::new();
    let path = desk.path("upload.mov");
    make::film(&path, 4, "640x360");
    let wanted = FilmWanted {
        max_bytes: Some(400_000),
        max_frame_rate: Some(10),
        ..FilmWanted::within(320, 320)
    };
    let made = desk
        .media
        .film(&path, MediaType::Mov, &wanted, None, &|_| ())
        .await
        .unwrap();
    assert_eq!((made.width, made.height), (Some(320), Some(180)));
    assert!(made.bytes <= 400_000);
    let file = read(made.file.path());
    assert_eq!(
        desk.media.sniff(made.file.path(), "a.mp4").await.unwrap(),
        MediaType::Mp4
    );
    let analysis = desk
        .media
        .analyse(made.file.path(), MediaType::Mp4)
        .await
        .unwrap();
    assert_eq!(analysis.video_codec.as_deref(), Some("h264"));
    assert_eq!(analysis.audio_codec.as_deref(), Some("aac"));
    // The index comes first, so that it plays while it loads.
    let at = |name: &[u8]| file.windows(4).position(|window| window == name).unwrap();
    assert!(at(b"moov") < at(b"mdat"));
    assert!(!String::from_utf8_lossy(&file).contains("Secret"));
    drop(made);
    assert!(desk.is_tidy());
}

#[tokio::test]
async fn how_far_a_film_is_is_told() {
    let desk = Desk::new();
    let path = desk.path("upload.mp4");
    make::film(&path, 4, "320x240");
    let heard = Mutex::new(Vec::new());
    let wanted = FilmWanted::within(320, 240);
    desk.media
        .film(&path, MediaType::Mp4, &wanted, None, &|percent| {
            heard.lock().unwrap().push(percent);
        })
        .await
        .unwrap();
    let heard = heard.into_inner().unwrap();
    // The last word is always said, at the end.
    assert!(heard.last().is_some_and(|percent| *percent >= 95), "{heard:?}");
    assert!(heard.is_sorted(), "{heard:?}");
}

#[tokio::test]
async fn what_cannot_fit_is_said() {
    let desk = Desk::new();
    let path = desk.path("upload.mp4");
    make::film(&path, 4, "320x240");
    let longer = FilmWanted {
        max_seconds: Some(3),
        ..FilmWanted::within(320, 240)
    };
    assert_eq!(
        refused(
            desk.media
                .film(&path, MediaType::Mp4, &longer, None, &|_| ())
                .await
        ),
        Refused::TooLong { max: 3 }
    );
    let smaller = FilmWanted {
        max_bytes: Some(10_000),
        ..FilmWanted::within(320, 240)
    };
    let result = desk
        .media
        .film(&path, MediaType::Mp4, &smaller, None, &|_| ())
        .await;
    assert!(matches!(result, Err(MediaError::CannotFit { max: 10_000 })));
}

#[tokio::test]
async fn captions_are_burnt_in() {
    let desk = Desk::new();
    let path = desk.path("upload.mp4");
    make::program(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=black:s=640x360:r=10:d=3",
            path.to_str().unwrap(),
        ],
    );
    let brightest = async |captions| {
        let wanted = FilmWanted::within(640, 360);
        let film = desk
            .media
            .film(&path, MediaType::Mp4, &wanted, captions, &|_| ())
            .await
            .unwrap();
        let at = PictureWanted {
            second: Some(1),
            ..PictureWanted::within(640, 360)
        };
        let picture = desk
            .media
            .picture(film.file.path(), MediaType::Mp4, &at, None)
            .await
            .unwrap();
        let picture = image::load_from_memory(&read(picture.file.path()))
            .unwrap()
            .into_luma8();
        picture
            .pixels()
            .map(|pixel| pixel.0.iter().copied().max().unwrap())
            .max()
            .unwrap()
    };
    assert!(brightest(None).await < 60);
    assert!(brightest(Some(SRT)).await > 180);
}

#[tokio::test]
async fn a_moment_is_the_one_that_was_asked_for() {
    let desk = Desk::new();
    let path = desk.path("upload.mp4");
    // Black for two seconds, then white.
    make::program(
        "ffmpeg",
        &[
            "-v",
            "error",
            "-f",
            "lavfi",
            "-i",
            "color=black:s=160x120:r=10:d=2",
            "-f",
            "lavfi",
            "-i",
            "color=white:s=160x120:r=10:d=2",
            "-filter_complex",
            "[0][1]concat",
            path.to_str().unwrap(),
        ],
    );
    for (second, bright) in [(0, false), (3, true), (900, true)] {
        let wanted = PictureWanted {
            second: Some(second),
            ..PictureWanted::within(160, 120)
        };
        let made = desk
            .media
            .picture(&path, MediaType::Mp4, &wanted, None)
            .await
            .unwrap();
        let picture = image::load_from_memory(&read(made.file.path()))
            .unwrap()
            .into_luma8();
        assert_eq!(
            picture.get_pixel(80, 60).0.iter().all(|level| *level > 128),
            bright,
            "{second}"
        );
    }
}

#[tokio::test]
async fn sound_becomes_mp3() {
    let desk = Desk::new();
    let path = desk.put("upload", make::wav());
    let made = desk.media.audio(&path, MediaType::Wav, 64).await.unwrap();
    assert_eq!(
        desk.media.sniff(made.file.path(), "a.mp3").await.unwrap(),
        MediaType::Mp3
    );
    assert!((1_900..2_300).contains(&made.milliseconds.unwrap()));
}
