use tiny_skia::{
    Color, FillRule, GradientStop, LineCap, LinearGradient, Paint, Path, PathBuilder, Pixmap, Point,
    RadialGradient, Rect, SpreadMode, Stroke, Transform,
};

/// A colour as `0xRRGGBB`.
pub type Ink = u32;

/// The colours of a time of day.
#[derive(Debug, Clone, Copy)]
pub struct Mood {
    /// Top of the sky.
    pub sky: Ink,
    /// Bottom of the sky.
    pub horizon: Ink,
    /// Sun, moon and lights.
    pub light: Ink,
    /// What is far, what is near.
    pub far: Ink,
    /// See `far`.
    pub near: Ink,
    /// Two colours that stand out.
    pub accent: Ink,
    /// See `accent`.
    pub second: Ink,
}

impl Mood {
    /// By name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "day" => Self {
                sky: 0x9f_d0e6,
                horizon: 0xf6_efdc,
                light: 0xff_e9a8,
                far: 0x8f_bcb4,
                near: 0x1f_5a5c,
                accent: 0xd9_6b3f,
                second: 0xe8_b04a,
            },
            "dusk" => Self {
                sky: 0x3c_3a66,
                horizon: 0xf3_b07a,
                light: 0xff_e2b0,
                far: 0xb0_6f78,
                near: 0x2a_2144,
                accent: 0xe2_6d5c,
                second: 0xf4_c46b,
            },
            "night" => Self {
                sky: 0x0d_1a33,
                horizon: 0x2f_4a72,
                light: 0xff_dd9a,
                far: 0x27_3f63,
                near: 0x0a_1224,
                accent: 0xe0_5a47,
                second: 0xf2_a950,
            },
            "jade" => Self {
                sky: 0x0f_4c4a,
                horizon: 0x9f_d3b8,
                light: 0xf7_f3d7,
                far: 0x4f_9484,
                near: 0x0b_3533,
                accent: 0xee_8fa2,
                second: 0xf7_c9b6,
            },
            _ => return None,
        })
    }
}

/// A colour between two, `share` of the way from `a` to `b`.
pub fn blend(a: Ink, b: Ink, share: f32) -> Ink {
    let channel = |shift: u32| {
        let (from, to) = (((a >> shift) & 0xff) as f32, ((b >> shift) & 0xff) as f32);
        ((from + (to - from) * share.clamp(0.0, 1.0)).round() as u32) << shift
    };
    channel(16) | channel(8) | channel(0)
}

/// A number between 0 and 1 that depends on `seed` alone, so that a picture is the same each time.
pub fn chance(seed: u32) -> f32 {
    let mut mixed = seed.wrapping_mul(0x9e37_79b9) ^ 0x85eb_ca6b;
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2c1b_3c6d);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297a_2d39);
    ((mixed ^ (mixed >> 15)) & 0xffff) as f32 / 65_535.0
}

/// How wide the scenes take every canvas to be, in units of their own.
const UNITS: f32 = 1200.0;

/// What the scenes draw on. The origin is at the upper left; every canvas is 1200 units wide.
pub struct Canvas {
    pixels: Pixmap,
    scale: Transform,
    /// The colours to draw with.
    pub mood: Mood,
    /// In units.
    pub width: f32,
    /// In units.
    pub height: f32,
}

impl Canvas {
    /// A canvas of so many pixels under the mood's sky. None for an area of nothing.
    pub fn new(width: u32, height: u32, mood: Mood) -> Option<Self> {
        let scale = width as f32 / UNITS;
        let mut canvas = Self {
            pixels: Pixmap::new(width, height)?,
            scale: Transform::from_scale(scale, scale),
            mood,
            width: UNITS,
            height: height as f32 / scale,
        };
        let all = Rect::from_xywh(0.0, 0.0, canvas.width, canvas.height).map(PathBuilder::from_rect);
        canvas.fade(all, (0.0, mood.sky, 1.0), (canvas.height, mood.horizon, 1.0));
        Some(canvas)
    }

    /// Fills a path with one colour.
    pub fn fill(&mut self, path: Option<Path>, ink: Ink, opacity: f32) {
        let mut paint = Paint::default();
        paint.set_color(color(ink, opacity));
        self.paint(path, &paint);
    }

    /// Fills a path with a vertical fade between two heights, each with its colour and opacity.
    pub fn fade(&mut self, path: Option<Path>, top: (f32, Ink, f32), bottom: (f32, Ink, f32)) {
        let stops = vec![
            GradientStop::new(0.0, color(top.1, top.2)),
            GradientStop::new(1.0, color(bottom.1, bottom.2)),
        ];
        let (from, to) = (Point::from_xy(0.0, top.0), Point::from_xy(0.0, bottom.0));
        let Some(shader) = LinearGradient::new(from, to, stops, SpreadMode::Pad, Transform::identity())
        else {
            return;
        };
        self.paint(
            path,
            &Paint {
                shader,
                ..Paint::default()
            },
        );
    }

    /// A light that grows weaker with distance.
    pub fn glow(&mut self, x: f32, y: f32, radius: f32, ink: Ink, opacity: f32) {
        let stops = vec![
            GradientStop::new(0.0, color(ink, opacity)),
            GradientStop::new(1.0, color(ink, 0.0)),
        ];
        let centre = Point::from_xy(x, y);
        let shader = RadialGradient::new(
            centre,
            0.0,
            centre,
            radius,
            stops,
            SpreadMode::Pad,
            Transform::identity(),
        );
        let Some(shader) = shader else { return };
        self.paint(
            PathBuilder::from_circle(x, y, radius),
            &Paint {
                shader,
                ..Paint::default()
            },
        );
    }

    /// A disc.
    pub fn disc(&mut self, x: f32, y: f32, radius: f32, ink: Ink, opacity: f32) {
        self.fill(PathBuilder::from_circle(x, y, radius), ink, opacity);
    }

    /// A rectangle by its upper left corner and size.
    pub fn block(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink, opacity: f32) {
        self.fill(
            Rect::from_xywh(x, y, width, height).map(PathBuilder::from_rect),
            ink,
            opacity,
        );
    }

    /// Draws along a path.
    pub fn trace(&mut self, path: Option<Path>, width: f32, ink: Ink, opacity: f32) {
        let Some(path) = path else { return };
        let mut paint = Paint::default();
        paint.set_color(color(ink, opacity));
        let stroke = Stroke {
            width,
            line_cap: LineCap::Round,
            ..Stroke::default()
        };
        self.pixels.stroke_path(&path, &paint, &stroke, self.scale, None);
    }

    /// The picture as rows of RGB.
    pub fn into_rgb(self) -> Vec<u8> {
        self.pixels
            .pixels()
            .iter()
            .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
            .collect()
    }

    fn paint(&mut self, path: Option<Path>, paint: &Paint<'_>) {
        if let Some(path) = path {
            self.pixels
                .fill_path(&path, paint, FillRule::Winding, self.scale, None);
        }
    }
}

fn color(ink: Ink, opacity: f32) -> Color {
    let [_, red, green, blue] = ink.to_be_bytes();
    let mut color = Color::from_rgba8(red, green, blue, 255);
    color.set_alpha(opacity);
    color
}

/// A closed outline through points.
pub fn outline(points: impl IntoIterator<Item = (f32, f32)>) -> Option<Path> {
    let mut path = line(points)?;
    path.close();
    path.finish()
}

/// An open line through points.
pub fn thread(points: impl IntoIterator<Item = (f32, f32)>) -> Option<Path> {
    line(points)?.finish()
}

fn line(points: impl IntoIterator<Item = (f32, f32)>) -> Option<PathBuilder> {
    let mut points = points.into_iter();
    let (x, y) = points.next()?;
    let mut path = PathBuilder::new();
    path.move_to(x, y);
    for (x, y) in points {
        path.line_to(x, y);
    }
    Some(path)
}

/// A leaf from a base towards an angle (radians, clockwise from the right), as long and as wide as given.
pub fn leaf(base: (f32, f32), angle: f32, length: f32, width: f32) -> Option<Path> {
    let along = (angle.cos(), angle.sin());
    let across = (-along.1, along.0);
    let at = |forward: f32, aside: f32| {
        (
            base.0 + along.0 * length * forward + across.0 * width * aside,
            base.1 + along.1 * length * forward + across.1 * width * aside,
        )
    };
    let tip = at(1.0, 0.0);
    let mut path = PathBuilder::new();
    path.move_to(base.0, base.1);
    let (a, b) = (at(0.25, 0.75), at(0.75, 0.55));
    path.cubic_to(a.0, a.1, b.0, b.1, tip.0, tip.1);
    let (a, b) = (at(0.75, -0.55), at(0.25, -0.75));
    path.cubic_to(a.0, a.1, b.0, b.1, base.0, base.1);
    path.close();
    path.finish()
}
