use std::io::Cursor;

use bytes::Bytes;
use chancery_clock::SystemClock;
use chancery_media::{ImageError, ImageLimits, Images, Kept, Refused};
use chancery_storage::{ContentHash, StorageError, Store};
use futures_util::StreamExt;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::local(folder.path(), SystemClock::shared()).unwrap();
    (folder, store)
}

/// A picture with a red upper left corner on blue, so that turning shows.
fn cornered(width: u32, height: u32) -> DynamicImage {
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        if x < width / 4 && y < height / 4 {
            Rgb([230, 20, 20])
        } else {
            Rgb([20, 40, 200])
        }
    }))
}

fn encode(image: &DynamicImage, format: ImageFormat) -> Bytes {
    let mut file = Cursor::new(Vec::new());
    image.write_to(&mut file, format).unwrap();
    file.into_inner().into()
}

async fn take_in(file: impl Into<Bytes>) -> (Images, tempfile::TempDir, Result<Kept, ImageError>) {
    let (folder, store) = store();
    let images = Images::new(store, ImageLimits::default());
    let kept = images.take_in(file.into()).await;
    (images, folder, kept)
}

async fn load(images: &Images, hash: ContentHash) -> (Bytes, DynamicImage) {
    let file = images.store().read(hash, 100_000_000).await.unwrap();
    let image = image::load_from_memory(&file).unwrap();
    (file, image)
}

/// A JPEG with an APP1 segment after its start marker: Exif in TIFF, little endian, orientation and a maker's text.
fn with_exif(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let secret = b"GPS 17.9757 N 102.6331 E\0";
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(0x0112_u16.to_le_bytes()); // Orientation, SHORT, one value
    tiff.extend(3_u16.to_le_bytes());
    tiff.extend(1_u32.to_le_bytes());
    tiff.extend(u32::from(orientation).to_le_bytes());
    tiff.extend(0x010e_u16.to_le_bytes()); // ImageDescription, ASCII
    tiff.extend(2_u16.to_le_bytes());
    tiff.extend(u32::try_from(secret.len()).unwrap().to_le_bytes());
    tiff.extend(38_u32.to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(secret);
    let mut segment = b"Exif\0\0".to_vec();
    segment.extend(tiff);
    let mut file = jpeg[..2].to_vec();
    file.extend([0xff, 0xe1]);
    file.extend(u16::try_from(segment.len() + 2).unwrap().to_be_bytes());
    file.extend(segment);
    file.extend(&jpeg[2..]);
    file
}

#[tokio::test]
async fn jpeg_png_and_webp_are_recognised_by_content() {
    for (format, mime) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/jpeg"),
    ] {
        let (images, _folder, kept) = take_in(encode(&cornered(300, 200), format)).await;
        let kept = kept.unwrap();
        assert_eq!(
            (kept.master.width, kept.master.height, kept.master.mime.as_str()),
            (300, 200, mime)
        );
        assert_eq!(
            (kept.web.width, kept.web.height, kept.web.mime.as_str()),
            (300, 200, "image/jpeg")
        );
        let (file, image) = load(&images, kept.web.sha256).await;
        assert_eq!(file.len() as u64, kept.web.bytes);
        assert!(image.get_pixel(10, 10)[0] > 180, "still red in its corner");
    }
}

#[tokio::test]
async fn metadata_is_gone_and_the_picture_stands_upright() {
    let jpeg = encode(&cornered(300, 200), ImageFormat::Jpeg);
    // 6: the camera was turned; shown upright, the first row is the right side.
    let (images, _folder, kept) = take_in(with_exif(&jpeg, 6)).await;
    let kept = kept.unwrap();
    for rendition in [&kept.master, &kept.web] {
        assert_eq!((rendition.width, rendition.height), (200, 300));
        let (file, image) = load(&images, rendition.sha256).await;
        assert!(
            image.get_pixel(190, 10)[0] > 180,
            "the red corner is now at the upper right"
        );
        for trace in [&b"Exif"[..], b"GPS", b"102.6331"] {
            assert!(!file.windows(trace.len()).any(|window| window == trace));
        }
    }
}

#[tokio::test]
async fn the_web_rendition_fits_every_platform() {
    // Noise is the worst case for an encoder.
    let mut state = 1_u32;
    let noise = RgbImage::from_fn(3000, 2000, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = state.to_be_bytes();
        Rgb([a, b, c])
    });
    let (_images, _folder, kept) = take_in(encode(&DynamicImage::ImageRgb8(noise), ImageFormat::Png)).await;
    let web = kept.unwrap().web;
    assert!(web.bytes <= 1_000_000, "{} bytes", web.bytes);
    assert!(web.width <= 1600 && web.height <= 1600);
    assert!(
        (f64::from(web.width) / f64::from(web.height) - 1.5).abs() < 0.01,
        "keeps its proportions"
    );
}

#[tokio::test]
async fn transparency_stays_in_the_master_and_is_white_on_the_web() {
    let clear = DynamicImage::ImageRgba8(RgbaImage::from_pixel(64, 64, Rgba([200, 0, 0, 0])));
    let (images, _folder, kept) = take_in(encode(&clear, ImageFormat::WebP)).await;
    let kept = kept.unwrap();
    assert_eq!(kept.master.mime, "image/png");
    assert_eq!(load(&images, kept.master.sha256).await.1.get_pixel(5, 5)[3], 0);
    assert_eq!(
        load(&images, kept.web.sha256).await.1.get_pixel(5, 5),
        Rgba([255, 255, 255, 255])
    );
}

#[tokio::test]
async fn thumbnails_are_narrower_and_never_wider() {
    let (images, _folder, kept) = take_in(encode(&cornered(1200, 900), ImageFormat::Jpeg)).await;
    let web = kept.unwrap().web;
    let narrow = images.narrower(web.sha256, 480).await.unwrap();
    assert_eq!((narrow.width, narrow.height), (480, 360));
    let same = images.narrower(narrow.sha256, 4000).await.unwrap();
    assert_eq!((same.width, same.height), (480, 360));
    let missing = images.narrower(ContentHash::of(b"nowhere"), 480).await;
    assert!(matches!(
        missing,
        Err(ImageError::Storage(StorageError::NotFound(_)))
    ));
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_not_stored() {
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>"#;
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    for file in [
        &b""[..],
        b"<html><script>alert(1)</script>",
        svg,
        gif,
        b"%PDF-1.7",
        b"MZ\x90\0",
        &[0; 5000],
    ] {
        let (images, _folder, kept) = take_in(Bytes::copy_from_slice(file)).await;
        assert!(matches!(kept, Err(ImageError::NotAnImage)), "{kept:?}");
        assert!(images.store().list().next().await.is_none());
    }
}

#[tokio::test]
async fn a_program_hidden_in_a_picture_does_not_survive() {
    let mut polyglot = encode(&cornered(40, 40), ImageFormat::Jpeg).to_vec();
    polyglot.extend(b"<script>alert('still here')</script>PK\x03\x04");
    let (images, _folder, kept) = take_in(polyglot).await;
    let kept = kept.unwrap();
    for rendition in [kept.master, kept.web] {
        let file = load(&images, rendition.sha256).await.0;
        assert!(!file.windows(8).any(|window| window == b"<script>"));
    }
}

#[tokio::test]
async fn damaged_pictures_are_refused() {
    let png = encode(&cornered(300, 200), ImageFormat::Png);
    let webp = encode(&cornered(300, 200), ImageFormat::WebP);
    for file in [
        png.slice(..png.len() / 2),
        png.slice(..20),
        webp.slice(..webp.len() / 2),
        Bytes::from_static(b"\xff\xd8\xff\xe0"),
    ] {
        let (_images, _folder, kept) = take_in(file).await;
        assert!(
            matches!(kept, Err(ImageError::Refused(Refused::Damaged(_)))),
            "{kept:?}"
        );
    }
}

#[tokio::test]
async fn a_bomb_is_measured_and_never_decoded() {
    // A PNG header is enough to claim 3.6 gigapixels; the file has 57 bytes.
    let mut bomb = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = b"IHDR".to_vec();
    header.extend(60_000_u32.to_be_bytes());
    header.extend(60_000_u32.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    bomb.extend(13_u32.to_be_bytes());
    bomb.extend(&header);
    bomb.extend(crc32(&header).to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e\0\0\0\0IEND\xae\x42\x60\x82");
    let (_images, _folder, kept) = take_in(bomb).await;
    assert!(
        matches!(
            kept,
            Err(ImageError::Refused(Refused::TooManyPixels {
                width: 60_000,
                height: 60_000,
                ..
            }))
        ),
        "{kept:?}"
    );
}

#[tokio::test]
async fn a_real_bomb_of_black_pixels_is_refused_too() {
    let (_folder, store) = store();
    let images = Images::new(
        store,
        ImageLimits {
            max_pixels: 1_000_000,
            ..ImageLimits::default()
        },
    );
    let black = encode(
        &DynamicImage::ImageRgb8(RgbImage::new(2000, 2000)),
        ImageFormat::Png,
    );
    assert!(black.len() < 200_000, "12 MB of pixels in {} bytes", black.len());
    assert!(matches!(
        images.take_in(black).await,
        Err(ImageError::Refused(Refused::TooManyPixels { width: 2000, .. }))
    ));
}

#[tokio::test]
async fn a_file_that_is_too_long_is_refused_unread() {
    let (_folder, store) = store();
    let images = Images::new(
        store,
        ImageLimits {
            max_bytes: 1000,
            ..ImageLimits::default()
        },
    );
    assert!(matches!(
        images.take_in(vec![0xff; 1001].into()).await,
        Err(ImageError::Refused(Refused::TooLarge { max: 1000 }))
    ));
}

#[tokio::test]
async fn one_bad_byte_anywhere_never_brings_it_down() {
    let (_folder, store) = store();
    let images = Images::new(store, ImageLimits::default());
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let good = encode(&cornered(24, 16), format);
        for position in 0..good.len() {
            let mut bad = good.to_vec();
            bad[position] ^= 0xff;
            // Accepted or refused, both are right; a panic or a hang is not.
            match images.take_in(bad.into()).await {
                Ok(kept) => assert!(kept.web.bytes > 0),
                Err(ImageError::Storage(error)) => std::panic::resume_unwind(Box::new(error.to_string())),
                Err(_) => {}
            }
        }
    }
}

/// CRC-32 as PNG wants it (ISO 3309), bit by bit.
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}
