use std::f32::consts::{PI, TAU};

use super::super::canvas::{Canvas, blend, chance, thread};
use super::{ridge, sun};

/// Sound, or water, as threads.
pub fn waves(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    sun(canvas, width * 0.22, height * 0.34, 84.0);
    for string in 0..26_u8 {
        let share = f32::from(string) / 25.0;
        let line = ridge(width, |at| {
            let swell = (PI * at).sin();
            height * (0.34 + share * 0.42)
                + swell * 96.0 * (at * TAU * 1.1 + share * 3.4).sin()
                + swell * 30.0 * (at * TAU * 3.0 - share * 5.0).sin()
        });
        let ink = blend(
            blend(mood.accent, mood.second, share),
            mood.light,
            0.2 + 0.3 * (share * 9.0).sin().abs(),
        );
        canvas.trace(thread(line), 2.5 + 5.0 * (PI * share).sin(), ink, 0.85);
    }
    for note in 0..14_u32 {
        let at = chance(note + 3);
        let y = height * (0.3 + chance(note + 77) * 0.45);
        canvas.disc(at * width, y, 6.0 + chance(note + 33) * 15.0, mood.light, 0.85);
    }
}
