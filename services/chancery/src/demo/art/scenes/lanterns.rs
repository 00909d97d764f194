use std::f32::consts::PI;

use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, thread};
use super::ridge;

/// Lanterns on their strings.
pub fn lanterns(canvas: &mut Canvas) {
    let (mood, width) = (canvas.mood, canvas.width);
    for spark in 0..46_u32 {
        let (x, y) = (chance(spark) * width, chance(spark + 500) * canvas.height);
        canvas.disc(x, y, 3.0 + chance(spark + 900) * 22.0, mood.light, 0.07);
    }
    for (row, y, count, size) in [
        (0_u32, 60.0, 7_u32, 44.0),
        (1, 190.0, 6, 62.0),
        (2, 360.0, 5, 84.0),
    ] {
        let hang = |at: f32| y + 90.0 * (PI * at).sin();
        canvas.trace(thread(ridge(width, hang)), 3.0, mood.near, 0.8);
        for lantern in 0..count {
            let at = (lantern as f32 + 0.5 + (chance(row * 10 + lantern) - 0.5) * 0.3) / count as f32;
            let ink = if (lantern + row) % 2 == 0 {
                mood.accent
            } else {
                mood.second
            };
            hanging(canvas, at * width, hang(at), size, ink);
        }
    }
}

fn hanging(canvas: &mut Canvas, x: f32, y: f32, size: f32, ink: u32) {
    let mood = canvas.mood;
    let centre = y + size * 1.2;
    canvas.trace(thread([(x, y), (x, centre)]), 3.0, mood.near, 0.9);
    canvas.glow(x, centre, size * 2.4, ink, 0.5);
    let oval = |share: f32| {
        let half = size * 0.86 * share;
        Rect::from_xywh(x - half, centre - size * 0.78, half * 2.0, size * 1.56)
            .and_then(PathBuilder::from_oval)
    };
    canvas.fill(oval(1.0), ink, 1.0);
    canvas.fill(oval(0.55), blend(ink, mood.light, 0.45), 0.8);
    for share in [0.9, 0.6, 0.25] {
        canvas.trace(oval(share), 2.0, mood.light, 0.45);
    }
    for end in [-0.86, 0.74] {
        canvas.block(
            x - size * 0.32,
            centre + size * end,
            size * 0.64,
            size * 0.14,
            mood.near,
            1.0,
        );
    }
    for strand in [-0.12, 0.0, 0.12] {
        let foot = (x + size * strand * 1.6, centre + size * 1.5);
        canvas.trace(
            thread([(x + size * strand, centre + size * 0.86), foot]),
            3.0,
            mood.second,
            0.9,
        );
    }
}
