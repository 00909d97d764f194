use std::f32::consts::{PI, TAU};

use tiny_skia::{PathBuilder, Rect};

use super::super::canvas::{Canvas, blend, chance, thread};

/// A graticule: parallels and meridians, and nothing drawn on it.
pub fn globe(canvas: &mut Canvas) {
    let (mood, x, y, radius) = (canvas.mood, canvas.width / 2.0, canvas.height * 0.5, 300.0);
    canvas.glow(x, y, 600.0, mood.light, 0.45);
    for star in 0..70_u32 {
        canvas.disc(
            chance(star) * canvas.width,
            chance(star + 300) * canvas.height,
            1.5 + chance(star + 600) * 3.0,
            mood.light,
            0.5,
        );
    }
    let sphere = PathBuilder::from_circle(x, y, radius);
    canvas.fade(
        sphere.clone(),
        (y - radius, blend(mood.far, mood.light, 0.25), 1.0),
        (y + radius, mood.near, 1.0),
    );
    for meridian in 1..6_u8 {
        let half = radius * (PI / 2.0 * f32::from(meridian) / 6.0).sin();
        let oval =
            Rect::from_xywh(x - half, y - radius, half * 2.0, radius * 2.0).and_then(PathBuilder::from_oval);
        canvas.trace(oval, 2.5, mood.light, 0.6);
    }
    canvas.trace(thread([(x, y - radius), (x, y + radius)]), 2.5, mood.light, 0.6);
    for parallel in 1..8_u8 {
        let latitude = PI / 2.0 - PI * f32::from(parallel) / 8.0;
        let (half, level) = (radius * latitude.cos(), y - radius * latitude.sin());
        canvas.trace(
            thread([(x - half, level), (x + half, level)]),
            2.5,
            mood.light,
            0.6,
        );
    }
    canvas.trace(sphere, 4.0, mood.light, 0.85);
    for orbit in 0..3_u8 {
        let tilt = f32::from(orbit) * 0.5 - 0.5;
        let ring = (0..=90).map(|step| {
            let turn = TAU * step as f32 / 90.0;
            let (along, across) = (turn.cos() * 430.0, turn.sin() * 120.0);
            (
                x + along * tilt.cos() - across * tilt.sin(),
                y + along * tilt.sin() + across * tilt.cos(),
            )
        });
        let ink = if orbit == 1 { mood.accent } else { mood.second };
        canvas.trace(thread(ring), 3.0, ink, 0.8);
        let turn = 0.7 + f32::from(orbit) * 2.1;
        let (along, across) = (turn.cos() * 430.0, turn.sin() * 120.0);
        let place = (
            x + along * tilt.cos() - across * tilt.sin(),
            y + along * tilt.sin() + across * tilt.cos(),
        );
        canvas.disc(place.0, place.1, 15.0, ink, 1.0);
    }
}
