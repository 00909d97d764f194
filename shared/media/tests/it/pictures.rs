//! Renditions: cut, scaled, marked, within bytes.

use std::path::Path;

use chancery_media::{
    Corner, Cut, Focus, Frame, Made, Mark, MarkKind, MediaError, MediaType, PictureFormat, PictureWanted,
    Share,
};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use crate::make;
use crate::{Desk, read};

fn shown(made: &Made) -> DynamicImage {
    image::load_from_memory(&read(made.file.path())).unwrap()
}

fn filled(width: u32, height: u32, x: u16, y: u16) -> PictureWanted {
    PictureWanted {
        frame: Frame::Filled {
            width,
            height,
            focus: Focus {
                x: Share::new(x),
                y: Share::new(y),
            },
        },
        ..PictureWanted::within(1, 1)
    }
}

/// Red on the left, blue on the right.
fn halves(width: u32, height: u32) -> Vec<u8> {
    let picture = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([220, 20, 20])
        } else {
            Rgb([20, 20, 220])
        }
    });
    make::encoded(&picture.into(), ImageFormat::Png)
}

fn is_red(picture: &DynamicImage, x: u32, y: u32) -> bool {
    let [red, _, blue, _] = picture.get_pixel(x, y).0;
    red > 150 && blue < 100
}

#[tokio::test]
async fn a_ratio_is_cut_around_the_focal_point() {
    let desk = Desk::new();
    let path = desk.put("upload", halves(1000, 500));
    for (focus, red) in [(1_000, true), (9_000, false)] {
        let made = desk
            .media
            .picture(&path, MediaType::Png, &filled(200, 400, focus, 5_000), None)
            .await
            .unwrap();
        let picture = shown(&made);
        assert_eq!((picture.width(), picture.height()), (200, 400));
        assert_eq!(is_red(&picture, 100, 200), red);
        assert_eq!(is_red(&picture, 2, 2), red);
    }
}

#[tokio::test]
async fn a_drawn_rectangle_is_cut() {
    let desk = Desk::new();
    let path = desk.put("upload", halves(1000, 500));
    let wanted = PictureWanted {
        frame: Frame::Drawn {
            cut: Cut {
                left: Share::new(4_000),
                top: Share::new(0),
                width: Share::new(2_000),
                height: Share::WHOLE,
            },
            width: 100,
            height: 1_000,
        },
        format: PictureFormat::Webp,
        ..PictureWanted::within(1, 1)
    };
    let made = desk
        .media
        .picture(&path, MediaType::Png, &wanted, None)
        .await
        .unwrap();
    let picture = shown(&made);
    assert_eq!(made.media_type, MediaType::Webp);
    assert_eq!((picture.width(), picture.height()), (100, 250));
    assert!(is_red(&picture, 10, 100) && !is_red(&picture, 90, 100));
}

#[tokio::test]
async fn a_byte_limit_is_kept_or_refused() {
    let desk = Desk::new();
    let path = desk.put("upload", make::jpeg(2400, 1800));
    for format in [PictureFormat::Jpeg, PictureFormat::Webp, PictureFormat::Png] {
        let wanted = PictureWanted {
            format,
            max_bytes: Some(60_000),
            ..PictureWanted::within(2000, 2000)
        };
        let made = desk
            .media
            .picture(&path, MediaType::Jpeg, &wanted, None)
            .await
            .unwrap();
        assert!(made.bytes <= 60_000, "{format:?}");
        assert!(made.width.unwrap() >= 100, "{format:?} {made:?}");
    }
    let impossible = PictureWanted {
        max_bytes: Some(20),
        ..PictureWanted::within(2000, 2000)
    };
    let result = desk
        .media
        .picture(&path, MediaType::Jpeg, &impossible, None)
        .await;
    assert!(matches!(result, Err(MediaError::CannotFit { max: 20 })));
    assert!(desk.is_tidy());
}

#[tokio::test]
async fn a_turned_photograph_is_shown_upright() {
    let desk = Desk::new();
    // Held sideways: what the file calls left is above.
    let picture = image::load_from_memory(&halves(400, 200)).unwrap();
    let jpeg = make::with_segment(&make::encoded(&picture, ImageFormat::Jpeg), 0xe1, &make::exif(6));
    let path = desk.put("upload", jpeg);
    let analysis = desk.media.analyse(&path, MediaType::Jpeg).await.unwrap();
    assert_eq!((analysis.width, analysis.height), (Some(200), Some(400)));
    let made = desk
        .media
        .picture(&path, MediaType::Jpeg, &PictureWanted::within(100, 200), None)
        .await
        .unwrap();
    let picture = shown(&made);
    assert_eq!((picture.width(), picture.height()), (100, 200));
    assert!(is_red(&picture, 50, 20) && !is_red(&picture, 50, 180));
}

#[tokio::test]
async fn what_is_transparent_stays_so_or_becomes_white() {
    let desk = Desk::new();
    let clear = RgbaImage::from_pixel(100, 100, Rgba([200, 0, 0, 0]));
    let path = desk.put("upload", make::encoded(&clear.into(), ImageFormat::Png));
    for (format, expected) in [
        (PictureFormat::Png, 0),
        (PictureFormat::Webp, 0),
        (PictureFormat::Jpeg, 255),
    ] {
        let wanted = PictureWanted {
            format,
            ..PictureWanted::within(50, 50)
        };
        let made = desk
            .media
            .picture(&path, MediaType::Png, &wanted, None)
            .await
            .unwrap();
        let [red, green, _, alpha] = shown(&made).get_pixel(25, 25).0;
        assert_eq!(alpha, expected, "{format:?}");
        if format == PictureFormat::Jpeg {
            assert!(red > 250 && green > 250);
        }
    }
}

#[tokio::test]
async fn marks_go_into_their_corner() {
    let desk = Desk::new();
    let blue = RgbImage::from_pixel(600, 400, Rgb([20, 20, 220]));
    let path = desk.put("upload", make::encoded(&blue.into(), ImageFormat::Png));
    let logo = RgbImage::from_pixel(64, 64, Rgb([220, 20, 20]));
    let logo = desk.put("logo", make::encoded(&logo.into(), ImageFormat::Png));
    let wanted = |kind: MarkKind, corner| PictureWanted {
        mark: Some(Mark { kind, corner }),
        ..PictureWanted::within(600, 400)
    };
    let marked = |wanted: PictureWanted, logo: Option<&'static str>| {
        let logo = logo.map(|name| desk.path(name));
        let (desk, path) = (&desk, &path);
        async move {
            shown(
                &desk
                    .media
                    .picture(path, MediaType::Png, &wanted, logo.as_deref())
                    .await
                    .unwrap(),
            )
        }
    };
    assert!(logo.exists());

    let picture = marked(wanted(MarkKind::Logo, Corner::TopLeft), Some("logo")).await;
    assert!(is_red(&picture, 20, 20) && !is_red(&picture, 300, 200) && !is_red(&picture, 580, 380));
    let picture = marked(wanted(MarkKind::Logo, Corner::BottomRight), Some("logo")).await;
    assert!(is_red(&picture, 580, 380) && !is_red(&picture, 20, 20));

    let text = MarkKind::Text("Ảnh: Đại sứ quán <Việt Nam> & TTXVN".into());
    let picture = marked(wanted(text, Corner::BottomRight), None).await;
    let bright = |from_x: u32, to_x: u32| {
        (from_x..to_x).any(|x| (340..400).any(|y| picture.get_pixel(x, y).0.iter().all(|level| *level > 200)))
    };
    assert!(bright(400, 600) && !bright(0, 100));
    assert!(
        (0..600).all(|x| (0..300).all(|y| picture.get_pixel(x, y).0.first().is_some_and(|red| *red < 100)))
    );
}

#[tokio::test]
async fn the_same_picture_is_told_from_another() {
    let desk = Desk::new();
    let original = desk.put("original", make::jpeg(1600, 1200));
    let first = desk
        .media
        .analyse(&original, MediaType::Jpeg)
        .await
        .unwrap()
        .likeness
        .unwrap();
    let likeness = async |path: &Path, kind| desk.media.analyse(path, kind).await.unwrap().likeness.unwrap();

    let smaller = PictureWanted {
        format: PictureFormat::Webp,
        ..PictureWanted::within(400, 400)
    };
    let smaller = desk
        .media
        .picture(&original, MediaType::Jpeg, &smaller, None)
        .await
        .unwrap();
    assert!(first.is_same(likeness(smaller.file.path(), MediaType::Webp).await));
    let darker = make::photograph(1600, 1200, 1).brighten(-30);
    let darker = desk.put("darker", make::encoded(&darker, ImageFormat::Png));
    assert!(first.is_same(likeness(&darker, MediaType::Png).await));

    for seed in [2, 3, 4, 5, 6] {
        let other = make::photograph(800, 600, seed);
        let other = desk.put("other", make::encoded(&other, ImageFormat::Png));
        let distance = first.distance(likeness(&other, MediaType::Png).await);
        assert!(distance > 6, "{seed}: {distance}");
    }
}

#[tokio::test]
async fn what_is_wanted_is_kept_as_json() {
    let wanted = filled(1080, 1350, 2_500, 4_000);
    let json = serde_json::to_string(&wanted).unwrap();
    assert_eq!(
        json,
        r#"{"frame":{"kind":"filled","width":1080,"height":1350,"focus":{"x":2500,"y":4000}},"format":"jpeg"}"#
    );
    assert_eq!(serde_json::from_str::<PictureWanted>(&json).unwrap(), wanted);
}
