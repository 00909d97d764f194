//! `make bench`: renditions against npm's `sharp` (libvips), on the same pictures, in the same run, on two cores.
//!
//! The aim: as many renditions a second, and no more bytes at the same likeness to the original (SSIM of the brightness).

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use chancery_media::{Focus, Frame, Limits, Media, MediaType, PictureWanted};
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage};
use tokio::sync::Semaphore;

const PICTURES: u32 = 6;
const QUALITIES: [u32; 5] = [55, 65, 75, 80, 90];

/// The three renditions: for a page, for a feed, for a grid.
fn wanted() -> [(&'static str, PictureWanted); 3] {
    let filled = Frame::Filled {
        width: 1080,
        height: 1350,
        focus: Focus::default(),
    };
    [
        ("whole", PictureWanted::within(1600, 1600)),
        (
            "filled",
            PictureWanted {
                frame: filled,
                ..PictureWanted::within(1, 1)
            },
        ),
        ("small", PictureWanted::within(400, 400)),
    ]
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let place = tempfile::tempdir().unwrap();
    let sources = place.path().join("sources");
    std::fs::create_dir(&sources).unwrap();
    for seed in 0..PICTURES {
        let mut file = Cursor::new(Vec::new());
        photograph(4000, 3000, seed)
            .write_to(&mut file, ImageFormat::Jpeg)
            .unwrap();
        std::fs::write(sources.join(format!("{seed}.jpg")), file.into_inner()).unwrap();
    }
    let count = f64::from(PICTURES) * 3.0;

    let ours = place.path().join("ours");
    std::fs::create_dir(&ours).unwrap();
    let seconds = runtime.block_on(render(&sources, &ours, place.path()));
    let mine = measure(&sources, &ours);

    let mut curve = Vec::new();
    let mut theirs_seconds = 0.0;
    for quality in QUALITIES {
        let target = place.path().join(format!("sharp-{quality}"));
        std::fs::create_dir(&target).unwrap();
        let took = sharp(&sources, &target, quality);
        if quality == 80 {
            theirs_seconds = took;
        }
        curve.push(measure(&sources, &target));
    }
    let theirs = curve.get(3).copied().unwrap();
    let equal = at_equal_likeness(&curve, mine.1);

    println!("renditions of {PICTURES} photographs of 12 megapixels, {count} in all, on two cores");
    println!("{:<28} {:>14} {:>14} {:>10}", "", "chancery", "sharp", "ratio");
    let row = |name: &str, ours: f64, theirs: f64, digits: usize| {
        println!(
            "{name:<28} {ours:>14.digits$} {theirs:>14.digits$} {:>9.2}x",
            ours / theirs
        );
    };
    row("renditions a second", count / seconds, count / theirs_seconds, 1);
    row(
        "kB a rendition, quality 80",
        mine.0 / count / 1e3,
        theirs.0 / count / 1e3,
        1,
    );
    row("likeness (SSIM), quality 80", mine.1, theirs.1, 4);
    match equal {
        Some(bytes) => row(
            "kB at the same likeness",
            mine.0 / count / 1e3,
            bytes / count / 1e3,
            1,
        ),
        None => println!(
            "{:<28} outside of what sharp was asked for",
            "kB at the same likeness"
        ),
    }
}

async fn render(sources: &Path, target: &Path, scratch: &Path) -> f64 {
    let media = Media::new(Limits::default(), scratch.to_owned(), Arc::new(Semaphore::new(2)));
    let [first, ..] = wanted();
    let warm = media
        .picture(&sources.join("0.jpg"), MediaType::Jpeg, &first.1, None)
        .await;
    assert!(warm.is_ok());
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for seed in 0..PICTURES {
        for (name, wanted) in wanted() {
            let source = sources.join(format!("{seed}.jpg"));
            let (target, media) = (target.to_owned(), media.clone());
            tasks.spawn(async move {
                let made = media
                    .picture(&source, MediaType::Jpeg, &wanted, None)
                    .await
                    .unwrap();
                let file = format!("{name}-{seed}.jpg");
                std::fs::copy(made.file.path(), target.join(file)).unwrap();
            });
        }
    }
    tasks.join_all().await;
    began.elapsed().as_secs_f64()
}

fn sharp(sources: &Path, target: &Path, quality: u32) -> f64 {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/sharp/render.js");
    let said = Command::new("node")
        .arg(script)
        .args([sources, target])
        .arg(quality.to_string())
        .output()
        .unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout)
        .unwrap()
        .trim()
        .parse::<f64>()
        .unwrap()
        / 1000.0
}

/// All bytes, and the mean likeness to the original scaled down without loss.
fn measure(sources: &Path, made: &Path) -> (f64, f64) {
    let (mut bytes, mut likeness, mut count) = (0.0, 0.0, 0.0);
    // Two pictures tell as much as six, in a third of the time.
    for seed in 0..PICTURES {
        for name in ["whole", "filled", "small"] {
            let file = std::fs::read(made.join(format!("{name}-{seed}.jpg"))).unwrap();
            #[expect(clippy::cast_precision_loss, reason = "a few hundred kilobytes")]
            let length = file.len() as f64;
            bytes += length;
            if seed < 2 {
                let rendition = image::load_from_memory(&file).unwrap().into_luma8();
                let original = image::open(sources.join(format!("{seed}.jpg"))).unwrap();
                let (width, height) = rendition.dimensions();
                let reference = original
                    .resize_to_fill(width, height, FilterType::Lanczos3)
                    .into_luma8();
                likeness += ssim(&rendition, &reference);
                count += 1.0;
            }
        }
    }
    (bytes, likeness / count)
}

/// The bytes that sharp needs for this likeness, between two of its qualities.
fn at_equal_likeness(curve: &[(f64, f64)], likeness: f64) -> Option<f64> {
    curve.windows(2).find_map(|pair| {
        let [(less, low), (more, high)] = *pair else {
            return None;
        };
        (low..=high)
            .contains(&likeness)
            .then(|| less + (more - less) * (likeness - low) / (high - low))
    })
}

/// Structural similarity of two pictures' brightness, the mean over blocks of 8 by 8.
fn ssim(one: &GrayImage, other: &GrayImage) -> f64 {
    let (width, height) = one.dimensions();
    let (mut sum, mut blocks) = (0.0, 0.0);
    for top in (0..height.saturating_sub(7)).step_by(8) {
        for left in (0..width.saturating_sub(7)).step_by(8) {
            let (mut a, mut b, mut aa, mut bb, mut ab) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (x, y) in (0..64).map(|at| (left + at % 8, top + at / 8)) {
                let level =
                    |picture: &GrayImage| f64::from(picture.get_pixel(x, y).0.first().copied().unwrap_or(0));
                let (p, q) = (level(one), level(other));
                a += p;
                b += q;
                aa += p * p;
                bb += q * q;
                ab += p * q;
            }
            let (a, b) = (a / 64.0, b / 64.0);
            let (va, vb, vab) = (aa / 64.0 - a * a, bb / 64.0 - b * b, ab / 64.0 - a * b);
            sum += ((2.0 * a * b + 6.5025) * (2.0 * vab + 58.5225))
                / ((a * a + b * b + 6.5025) * (va + vb + 58.5225));
            blocks += 1.0;
        }
    }
    sum / blocks
}

/// Hills under a sun, with the grain of a sensor.
fn photograph(width: u32, height: u32, seed: u32) -> DynamicImage {
    let (wide, high, seed) = (f64::from(width), f64::from(height), f64::from(seed));
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / wide, f64::from(y) / high);
        let hill = 0.55 + 0.12 * (x * (5.0 + seed) + seed).sin() + 0.02 * (x * 90.0 + seed).sin();
        let leaves = 30.0 * ((x * 400.0).sin() * (y * 310.0 + seed).cos() + (x * 97.0 + y * 131.0).sin());
        let grain = ((x * 991.0 + seed).sin() * (y * 983.0).cos() * 40_503.0).fract() * 8.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to a byte"
        )]
        let light = |level: f64| (level + grain).clamp(0.0, 255.0) as u8;
        if y > hill {
            Rgb([
                light(70.0 + leaves),
                light(100.0 + leaves),
                light(50.0 + leaves / 2.0),
            ])
        } else {
            Rgb([light(120.0 + 80.0 * y), light(160.0 + 50.0 * y), light(225.0)])
        }
    }))
}
