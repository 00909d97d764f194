use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, outline, thread};
use super::{below, ridge, sun};

/// A cable-stayed bridge.
pub fn bridge(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    sun(canvas, width * 0.5, height * 0.46, 92.0);
    let deck = height * 0.62;
    for layer in 0..2_u8 {
        let share = f32::from(layer);
        let hills = ridge(width, |at| {
            deck - 30.0 + share * 26.0 - 52.0 * (at * (6.0 - share) + share * 2.0).sin()
        });
        let path = below(canvas, hills);
        canvas.fill(path, blend(mood.far, mood.horizon, 0.55 - share * 0.3), 1.0);
    }
    let water = Rect::from_xywh(0.0, deck + 46.0, width, height).map(PathBuilder::from_rect);
    canvas.fade(
        water,
        (deck + 46.0, blend(mood.horizon, mood.far, 0.4), 1.0),
        (height, mood.near, 1.0),
    );
    for streak in 0..44_u32 {
        let y = deck + 60.0 + chance(streak) * (height - deck - 70.0);
        let x = width * 0.5 + (chance(streak + 90) - 0.5) * (220.0 + (y - deck) * 2.4);
        canvas.trace(
            thread([(x - 30.0, y), (x + 30.0 * chance(streak + 5) + 14.0, y)]),
            4.0,
            mood.light,
            0.36,
        );
    }
    for tower in [width * 0.3, width * 0.7] {
        let top = deck - 310.0;
        for cable in 1..=11_u8 {
            let reach = f32::from(cable) * 25.0;
            for side in [-1.0, 1.0] {
                let from = (tower, top + 8.0 + f32::from(11 - cable) * 13.0);
                canvas.trace(
                    thread([from, (tower + side * reach, deck)]),
                    2.0,
                    mood.light,
                    0.75,
                );
            }
        }
        let legs = outline([
            (tower - 7.0, top),
            (tower + 7.0, top),
            (tower + 26.0, deck + 96.0),
            (tower + 8.0, deck + 96.0),
            (tower, deck - 70.0),
            (tower - 8.0, deck + 96.0),
            (tower - 26.0, deck + 96.0),
        ]);
        canvas.fill(legs, mood.near, 1.0);
    }
    canvas.block(0.0, deck, width, 13.0, mood.near, 1.0);
    canvas.block(0.0, deck - 5.0, width, 4.0, mood.accent, 1.0);
}
