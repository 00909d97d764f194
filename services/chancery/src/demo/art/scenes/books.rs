use std::f32::consts::PI;

use tiny_skia::PathBuilder;

use super::super::canvas::{Canvas, blend, leaf, thread};

/// The pages of a book, opening.
pub fn books(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    let (x, y) = (width / 2.0, height * 0.86);
    canvas.glow(x, y - 260.0, 560.0, mood.light, 0.55);
    for ray in 0..24_u8 {
        let angle = -PI * (0.02 + 0.96 * f32::from(ray) / 23.0);
        let far = (x + angle.cos() * 1100.0, y + angle.sin() * 1100.0);
        canvas.trace(thread([(x, y), far]), 2.0, mood.light, 0.16);
    }
    for page in 0..17_u8 {
        let place = f32::from(page) / 16.0;
        let from_middle = (place - 0.5).abs() * 2.0;
        let angle = -PI * (0.03 + 0.94 * place);
        let ink = blend(
            blend(mood.accent, mood.second, 1.0 - from_middle),
            mood.light,
            if page % 2 == 0 { 0.1 } else { 0.42 },
        );
        let length = 560.0 - 150.0 * from_middle;
        let path = leaf((x, y), angle, length, 62.0);
        canvas.fill(path.clone(), ink, 0.92);
        canvas.trace(path, 2.0, mood.near, 0.25);
    }
    for (side, ink) in [(-1.0, mood.near), (1.0, blend(mood.near, mood.far, 0.35))] {
        let mut cover = PathBuilder::new();
        cover.move_to(x, y + 14.0);
        cover.cubic_to(
            x + side * 120.0,
            y - 76.0,
            x + side * 330.0,
            y - 60.0,
            x + side * 470.0,
            y - 16.0,
        );
        cover.line_to(x + side * 470.0, y + 30.0);
        cover.cubic_to(
            x + side * 330.0,
            y - 14.0,
            x + side * 120.0,
            y - 20.0,
            x,
            y + 58.0,
        );
        cover.close();
        canvas.fill(cover.finish(), ink, 1.0);
    }
}
