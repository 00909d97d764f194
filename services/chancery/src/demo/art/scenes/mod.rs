//! The pictures of the demonstration, a file each, and what several of them show.

mod books;
mod bridge;
mod fair;
mod globe;
mod lanterns;
mod lotus;
mod mountains;
mod river;
mod skyline;
mod terraces;
mod waves;

use super::canvas::{Canvas, leaf, outline};

pub use books::books;
pub use bridge::bridge;
pub use fair::fair;
pub use globe::globe;
pub use lanterns::lanterns;
pub use lotus::lotus;
pub use mountains::mountains;
pub use river::river;
pub use skyline::skyline;
pub use terraces::terraces;
pub use waves::waves;

/// A wavy line from left to right, every few pixels.
fn ridge(width: f32, height: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
    (0..=120)
        .map(|step| step as f32 / 120.0)
        .map(|share| (share * width, height(share)))
        .collect()
}

/// Everything below a line.
fn below(canvas: &Canvas, ridge: Vec<(f32, f32)>) -> Option<tiny_skia::Path> {
    outline(
        ridge
            .into_iter()
            .chain([(canvas.width, canvas.height), (0.0, canvas.height)]),
    )
}

fn sun(canvas: &mut Canvas, x: f32, y: f32, radius: f32) {
    let light = canvas.mood.light;
    canvas.glow(x, y, radius * 4.0, light, 0.55);
    canvas.disc(x, y, radius, light, 0.95);
}

fn sailing(canvas: &mut Canvas, x: f32, y: f32, size: f32) {
    let mood = canvas.mood;
    canvas.fill(
        leaf((x - size * 0.6, y), 0.0, size * 1.2, size * 0.16),
        mood.near,
        1.0,
    );
    let sail = outline([
        (x, y - size * 1.15),
        (x + size * 0.5, y - size * 0.1),
        (x, y - size * 0.1),
    ]);
    canvas.fill(sail, mood.accent, 1.0);
    let jib = outline([
        (x - 4.0, y - size * 0.9),
        (x - size * 0.38, y - size * 0.1),
        (x - 4.0, y - size * 0.1),
    ]);
    canvas.fill(jib, mood.second, 1.0);
}
