use super::super::canvas::{Canvas, blend, thread};
use super::{below, ridge, sun};

/// Terraced fields.
pub fn terraces(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    sun(canvas, width * 0.76, height * 0.2, 66.0);
    for layer in 0..2_u8 {
        let share = f32::from(layer);
        let base = height * (0.36 + share * 0.05);
        let hills = ridge(width, |at| base - 60.0 * (at * 4.0 + 1.0 + share * 2.4).sin());
        let path = below(canvas, hills);
        canvas.fill(path, blend(mood.far, mood.horizon, 0.5 - share * 0.3), 1.0);
    }
    for step in 0..13_u8 {
        let share = f32::from(step) / 12.0;
        let base = height * (0.45 + share * share * 0.58);
        let swing = 26.0 + share * 64.0;
        let line = ridge(width, |at| {
            base + swing * (at * (6.5 - share * 2.6) + share * 4.2).sin()
                + swing * 0.3 * (at * 13.0 + share * 9.0).sin()
        });
        let ink = if step % 3 == 1 {
            blend(mood.second, mood.light, 0.25)
        } else {
            blend(mood.far, mood.near, share * 0.85)
        };
        let field = below(canvas, line.clone());
        canvas.fill(field, ink, 1.0);
        canvas.trace(thread(line), 3.0 + share * 4.0, mood.light, 0.5);
    }
}
