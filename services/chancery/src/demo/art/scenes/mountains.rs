use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, thread};
use super::{sailing, sun};

/// Limestone peaks rising from a bay.
pub fn mountains(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    sun(canvas, width * 0.74, height * 0.26, 64.0);
    let sea = height * 0.74;
    for layer in 0..4_u32 {
        let share = layer as f32 / 3.0;
        let ink = blend(blend(mood.far, mood.horizon, 0.45), mood.near, share * 0.85);
        for peak in 0..(7 - layer) {
            let seed = layer * 50 + peak;
            let breadth = 120.0 + chance(seed) * 110.0;
            let tall = 150.0 + chance(seed + 11) * 270.0 - share * 40.0;
            let x = (peak as f32 + chance(seed + 23)) * width / (6.0 - share * 2.0) - 60.0;
            let foot = sea + share * 34.0;
            let mut path = PathBuilder::new();
            path.move_to(x - breadth, foot);
            path.cubic_to(
                x - breadth * 0.55,
                foot - tall * 0.2,
                x - breadth * 0.6,
                foot - tall,
                x,
                foot - tall,
            );
            path.cubic_to(
                x + breadth * 0.5,
                foot - tall,
                x + breadth * 0.5,
                foot - tall * 0.3,
                x + breadth,
                foot,
            );
            path.close();
            canvas.fade(
                path.finish(),
                (foot - tall, ink, 1.0),
                (foot, blend(ink, mood.horizon, 0.5), 1.0),
            );
        }
        let mist = Rect::from_xywh(0.0, sea - 120.0 + share * 50.0, width, 140.0).map(PathBuilder::from_rect);
        canvas.fade(
            mist,
            (sea - 120.0 + share * 50.0, mood.horizon, 0.0),
            (sea + share * 50.0, mood.horizon, 0.4),
        );
    }
    let water = Rect::from_xywh(0.0, sea + 30.0, width, height - sea).map(PathBuilder::from_rect);
    canvas.fade(
        water,
        (sea + 30.0, blend(mood.horizon, mood.far, 0.5), 1.0),
        (height, blend(mood.near, mood.far, 0.3), 1.0),
    );
    for streak in 0..26_u32 {
        let y = sea + 44.0 + chance(streak) * (height - sea - 60.0);
        let x = chance(streak + 70) * width;
        canvas.trace(
            thread([(x, y), (x + 40.0 + chance(streak + 9) * 90.0, y)]),
            3.0,
            mood.light,
            0.3,
        );
    }
    sailing(canvas, width * 0.33, height * 0.87, 92.0);
    sailing(canvas, width * 0.58, height * 0.82, 52.0);
}
