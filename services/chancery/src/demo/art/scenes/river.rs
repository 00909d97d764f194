use super::super::canvas::{Canvas, blend, outline};
use super::{below, ridge, sailing, sun};

/// A river between hills.
pub fn river(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    sun(canvas, width * 0.3, height * 0.3, 70.0);
    for layer in 0..4_u8 {
        let share = f32::from(layer) / 3.0;
        let base = height * (0.42 + share * 0.12);
        let hills = ridge(width, |at| {
            base - 70.0 * (at * (5.0 + share * 4.0) + share * 9.0).sin() * (1.0 - share * 0.4)
                - 24.0 * (at * 17.0 + share * 3.0).sin()
        });
        let path = below(canvas, hills);
        canvas.fade(
            path,
            (base - 90.0, blend(mood.far, mood.near, share * 0.7), 1.0),
            (height, blend(mood.far, mood.near, 0.25 + share * 0.7), 1.0),
        );
    }
    let bank = |side: f32| {
        (0..=60).map(move |step| {
            let depth = step as f32 / 60.0;
            let breadth = 8.0 + depth * depth * 330.0;
            let bend = 190.0 * (depth * 5.2 + 0.4).sin() * (0.25 + depth);
            (
                width * 0.52 + bend + side * breadth,
                height * 0.55 + depth * height * 0.47,
            )
        })
    };
    let water = outline(bank(-1.0).chain(bank(1.0).collect::<Vec<_>>().into_iter().rev()));
    canvas.fade(
        water,
        (height * 0.5, mood.light, 0.95),
        (height, blend(mood.sky, mood.horizon, 0.45), 1.0),
    );
    for (boat, depth) in [(0_u8, 0.45_f32), (1, 0.7)] {
        let x = width * 0.52 + 190.0 * (depth * 5.2 + 0.4).sin() * (0.25 + depth) + f32::from(boat) * 40.0;
        sailing(
            canvas,
            x,
            height * 0.55 + depth * height * 0.47,
            34.0 + depth * 60.0,
        );
    }
}
