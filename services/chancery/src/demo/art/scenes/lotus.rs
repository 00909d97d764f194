use std::f32::consts::PI;

use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, leaf};

/// A lotus on still water.
pub fn lotus(canvas: &mut Canvas) {
    let (x, y, mood) = (canvas.width / 2.0, canvas.height * 0.66, canvas.mood);
    canvas.glow(x, y - 150.0, 520.0, mood.light, 0.5);
    for ring in 0..7_u8 {
        let spread = 150.0 + f32::from(ring) * 85.0;
        let oval = Rect::from_xywh(x - spread, y + 30.0 - spread * 0.16, spread * 2.0, spread * 0.32);
        canvas.trace(
            oval.and_then(PathBuilder::from_oval),
            3.0,
            mood.light,
            0.42 - f32::from(ring) * 0.05,
        );
    }
    for pad in 0..5_u8 {
        let offset = (f32::from(pad) - 2.0) * 230.0;
        let depth = chance(u32::from(pad) + 7) * 60.0;
        let oval = Rect::from_xywh(x + offset - 110.0, y + 55.0 + depth, 220.0, 52.0);
        canvas.fill(
            oval.and_then(PathBuilder::from_oval),
            blend(mood.near, mood.far, 0.35),
            0.9,
        );
    }
    for (layer, petals, length, width) in [
        (0_u8, 11_u8, 370.0, 84.0),
        (1, 9, 320.0, 86.0),
        (2, 7, 265.0, 82.0),
        (3, 5, 205.0, 72.0),
    ] {
        let share = f32::from(layer) / 3.0;
        for petal in 0..petals {
            let place = f32::from(petal) / f32::from(petals - 1);
            let angle = -PI * (0.06 + 0.88 * place);
            let tone = blend(mood.accent, mood.second, share * 0.75 + (place - 0.5).abs() * 0.4);
            let path = leaf(
                (x, y + 42.0),
                angle,
                length * (0.82 + 0.18 * (PI * place).sin()),
                width,
            );
            canvas.fill(path.clone(), tone, 0.93);
            canvas.trace(path, 2.0, mood.light, 0.45);
        }
    }
    canvas.disc(x, y - 48.0, 34.0, mood.light, 0.95);
    canvas.disc(x, y - 48.0, 22.0, mood.second, 0.9);
}
