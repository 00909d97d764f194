//! The demonstration's pictures, drawn anew at every load: geometric compositions, with no emblem, flag, map or face.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of strokes and pixels are small"
)]

mod canvas;
mod scenes;

use canvas::{Canvas, Mood};

/// Width of every picture, in pixels.
pub const WIDTH: u32 = 960;
/// Height of every picture, in pixels.
pub const HEIGHT: u32 = 640;

/// The picture of that name, `scene-mood` as in `lotus-dusk`, as rows of RGB. None: there is no such scene or mood.
#[must_use]
pub fn draw(name: &str) -> Option<Vec<u8>> {
    let (scene, mood) = name.split_once('-')?;
    let mood = Mood::named(mood)?;
    let mut canvas = Canvas::new(WIDTH, HEIGHT, mood)?;
    match scene {
        "books" => scenes::books(&mut canvas),
        "bridge" => scenes::bridge(&mut canvas),
        "fair" => scenes::fair(&mut canvas),
        "globe" => scenes::globe(&mut canvas),
        "lanterns" => scenes::lanterns(&mut canvas),
        "lotus" => scenes::lotus(&mut canvas),
        "mountains" => scenes::mountains(&mut canvas),
        "river" => scenes::river(&mut canvas),
        "skyline" => scenes::skyline(&mut canvas),
        "terraces" => scenes::terraces(&mut canvas),
        "waves" => scenes::waves(&mut canvas),
        _ => return None,
    }
    Some(canvas.into_rgb())
}
