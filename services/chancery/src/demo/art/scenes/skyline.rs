use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, outline, thread};
use super::sun;

/// A city by the water.
pub fn skyline(canvas: &mut Canvas) {
    let mood = canvas.mood;
    let shore = canvas.height * 0.78;
    sun(canvas, canvas.width * 0.68, canvas.height * 0.36, 78.0);
    for layer in 0..3_u32 {
        let near = layer as f32 / 2.0;
        let ink = blend(blend(mood.far, mood.horizon, 0.25), mood.near, near);
        let mut x = -30.0;
        let mut house = 0;
        while x < canvas.width {
            let seed = layer * 100 + house;
            let width = 46.0 + chance(seed) * 70.0;
            let tall = 110.0 + chance(seed + 41) * (330.0 - near * 130.0) + (1.0 - near) * 60.0;
            let top = shore - tall;
            canvas.block(x, top, width, tall + 2.0, ink, 1.0);
            if chance(seed + 17) > 0.72 {
                canvas.fill(
                    outline([(x, top), (x + width / 2.0, top - width * 0.75), (x + width, top)]),
                    ink,
                    1.0,
                );
            }
            if layer > 0 {
                windows(canvas, (x, top, width, tall), seed);
            }
            x += width + 5.0 + chance(seed + 3) * 16.0;
            house += 1;
        }
    }
    let water = Rect::from_xywh(0.0, shore, canvas.width, canvas.height - shore).map(PathBuilder::from_rect);
    canvas.fade(
        water,
        (shore, blend(mood.near, mood.horizon, 0.3), 1.0),
        (canvas.height, mood.near, 1.0),
    );
    for streak in 0..40_u32 {
        let y = shore + 10.0 + chance(streak) * (canvas.height - shore - 20.0);
        let x = canvas.width * 0.68 + (chance(streak + 90) - 0.5) * (160.0 + (y - shore) * 2.6);
        let length = 20.0 + chance(streak + 200) * 80.0;
        canvas.trace(
            thread([(x - length / 2.0, y), (x + length / 2.0, y)]),
            4.0,
            mood.light,
            0.35,
        );
    }
}

fn windows(canvas: &mut Canvas, (x, top, width, tall): (f32, f32, f32, f32), seed: u32) {
    let light = canvas.mood.light;
    let (columns, rows) = ((width / 16.0) as u32, (tall / 24.0) as u32);
    for row in 1..rows {
        for column in 0..columns {
            if chance(seed * 31 + row * 7 + column) > 0.55 {
                canvas.block(
                    x + 7.0 + column as f32 * 16.0,
                    top + row as f32 * 24.0 - 8.0,
                    7.0,
                    10.0,
                    light,
                    0.7,
                );
            }
        }
    }
}
