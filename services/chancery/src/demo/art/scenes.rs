use std::f32::consts::{PI, TAU};

use tiny_skia::{PathBuilder, Rect};

use super::canvas::{Canvas, blend, chance, leaf, outline, thread};

/// A wavy line from left to right, every few pixels.
fn ridge(width: f32, height: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
    (0..=120)
        .map(|step| step as f32 / 120.0)
        .map(|share| (share * width, height(share)))
        .collect()
}

/// Everything below a line.
fn below(canvas: &Canvas, ridge: Vec<(f32, f32)>) -> Option<tiny_skia::Path> {
    outline(
        ridge
            .into_iter()
            .chain([(canvas.width, canvas.height), (0.0, canvas.height)]),
    )
}

fn sun(canvas: &mut Canvas, x: f32, y: f32, radius: f32) {
    let light = canvas.mood.light;
    canvas.glow(x, y, radius * 4.0, light, 0.55);
    canvas.disc(x, y, radius, light, 0.95);
}

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

fn sailing(canvas: &mut Canvas, x: f32, y: f32, size: f32) {
    let mood = canvas.mood;
    canvas.fill(
        leaf((x - size * 0.6, y), 0.0, size * 1.2, size * 0.16),
        mood.near,
        1.0,
    );
    let sail = outline([
        (x, y - size * 1.15),
        (x + size * 0.5, y - size * 0.1),
        (x, y - size * 0.1),
    ]);
    canvas.fill(sail, mood.accent, 1.0);
    let jib = outline([
        (x - 4.0, y - size * 0.9),
        (x - size * 0.38, y - size * 0.1),
        (x - 4.0, y - size * 0.1),
    ]);
    canvas.fill(jib, mood.second, 1.0);
}

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

/// The pages of a book, opening.
pub fn books(canvas: &mut Canvas) {
    let (mood, width, height) = (canvas.mood, canvas.width, canvas.height);
    let (x, y) = (width / 2.0, height * 0.86);
    canvas.glow(x, y - 260.0, 560.0, mood.light, 0.55);
    for ray in 0..24_u8 {
        let angle = -PI * (0.02 + 0.96 * f32::from(ray) / 23.0);
        let far = (x + angle.cos() * 1100.0, y + angle.sin() * 1100.0);
        canvas.trace(thread([(x, y), far]), 2.0, mood.light, 0.16);
    }
    for page in 0..17_u8 {
        let place = f32::from(page) / 16.0;
        let from_middle = (place - 0.5).abs() * 2.0;
        let angle = -PI * (0.03 + 0.94 * place);
        let ink = blend(
            blend(mood.accent, mood.second, 1.0 - from_middle),
            mood.light,
            if page % 2 == 0 { 0.1 } else { 0.42 },
        );
        let length = 560.0 - 150.0 * from_middle;
        let path = leaf((x, y), angle, length, 62.0);
        canvas.fill(path.clone(), ink, 0.92);
        canvas.trace(path, 2.0, mood.near, 0.25);
    }
    for (side, ink) in [(-1.0, mood.near), (1.0, blend(mood.near, mood.far, 0.35))] {
        let mut cover = PathBuilder::new();
        cover.move_to(x, y + 14.0);
        cover.cubic_to(
            x + side * 120.0,
            y - 76.0,
            x + side * 330.0,
            y - 60.0,
            x + side * 470.0,
            y - 16.0,
        );
        cover.line_to(x + side * 470.0, y + 30.0);
        cover.cubic_to(
            x + side * 330.0,
            y - 14.0,
            x + side * 120.0,
            y - 20.0,
            x,
            y + 58.0,
        );
        cover.close();
        canvas.fill(cover.finish(), ink, 1.0);
    }
}

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
