use std::f32::consts::PI;

use super::super::canvas::{Canvas, blend, outline, thread};
use super::{below, ridge, sun};

/// Stalls under bunting.
pub fn fair(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    let inks = [mood.accent, mood.second, mood.near, mood.far, mood.light];
    sun(canvas, width * 0.16, height * 0.2, 58.0);
    let hills = ridge(width, |at| height * 0.62 - 50.0 * (at * 5.0 + 0.6).sin());
    let path = below(canvas, hills);
    canvas.fill(path, blend(mood.far, mood.horizon, 0.45), 1.0);
    for (row, top) in [(0_usize, 70.0), (1, 170.0), (2, 255.0)] {
        let hang = |at: f32| top + 86.0 * (PI * (at * 1.5 + row as f32 * 0.5)).sin().abs();
        canvas.trace(thread(ridge(width, hang)), 3.0, mood.near, 0.7);
        for pennant in 0..22_usize {
            let at = (pennant as f32 + 0.5) / 22.0;
            let (x, y) = (at * width, hang(at));
            let ink = inks
                .get((pennant * 2 + row) % inks.len())
                .copied()
                .unwrap_or(mood.accent);
            canvas.fill(outline([(x - 20.0, y), (x + 20.0, y), (x, y + 50.0)]), ink, 0.95);
        }
    }
    canvas.block(
        0.0,
        height * 0.9,
        width,
        height * 0.1,
        blend(mood.near, mood.far, 0.25),
        1.0,
    );
    for stall in 0..4_usize {
        let x = 48.0 + stall as f32 * 288.0;
        let (top, broad) = (height * 0.58, 240.0);
        canvas.block(x + 12.0, top, 10.0, height * 0.33, mood.near, 1.0);
        canvas.block(x + broad - 22.0, top, 10.0, height * 0.33, mood.near, 1.0);
        canvas.block(
            x + 4.0,
            height * 0.78,
            broad - 8.0,
            height * 0.13,
            blend(mood.near, mood.accent, 0.25),
            1.0,
        );
        for ware in 0..6_usize {
            let ink = inks
                .get((ware + stall) % inks.len())
                .copied()
                .unwrap_or(mood.second);
            canvas.disc(x + 38.0 + ware as f32 * 33.0, height * 0.768, 17.0, ink, 1.0);
        }
        for stripe in 0..6_usize {
            let left = x + stripe as f32 * 40.0;
            let ink = if stripe % 2 == 0 {
                inks.get(stall % 2).copied().unwrap_or(mood.accent)
            } else {
                mood.light
            };
            canvas.fill(
                outline([
                    (left + 12.0 - stripe as f32 * 4.0, top - 60.0),
                    (left + 48.0 - stripe as f32 * 4.0, top - 60.0),
                    (left + 40.0, top),
                    (left, top),
                ]),
                ink,
                1.0,
            );
            canvas.disc(left + 20.0, top, 20.0, ink, 1.0);
        }
    }
}
