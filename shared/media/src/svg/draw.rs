use std::sync::{Arc, LazyLock};

use image::{DynamicImage, RgbaImage};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, Options, Tree, fontdb};

use crate::Refused;

/// The fonts of the machine, read once.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_system_fonts();
    fonts.set_sans_serif_family("Noto Sans");
    Arc::new(fonts)
});

/// How large a drawing becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Room {
    /// As large as it says.
    Natural,
    /// So that its longer side has so many pixels; lines can be enlarged.
    LongerSide(u32),
}

/// The longest side that is drawn, whatever a drawing says.
const LONGEST: f32 = 8_000.0;

/// Draws SVG that was cleaned or that is ours.
pub(crate) fn draw(text: &str, room: Room) -> Result<DynamicImage, Refused> {
    let options = Options {
        font_family: "Noto Sans".into(),
        fontdb: Arc::clone(&FONTS),
        image_href_resolver: ImageHrefResolver {
            resolve_data: ImageHrefResolver::default_data_resolver(),
            // The default opens files.
            resolve_string: Box::new(|_, _| None),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(text, &options).map_err(Refused::damaged)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let longer = width.max(height);
    let wanted = match room {
        Room::Natural => longer,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a side of a picture is far below what a float holds"
        )]
        Room::LongerSide(side) => side as f32,
    };
    let scale = wanted.min(LONGEST) / longer;
    let (wide, high) = (side(width * scale), side(height * scale));
    let mut canvas = Pixmap::new(wide, high).ok_or_else(|| Refused::damaged("a drawing without size"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut canvas.as_mut());

    let mut pixels = Vec::with_capacity(canvas.data().len());
    for pixel in canvas.pixels() {
        let pixel = pixel.demultiply();
        pixels.extend([pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()]);
    }
    RgbaImage::from_raw(wide, high, pixels)
        .map(DynamicImage::ImageRgba8)
        .ok_or_else(|| Refused::damaged("sizes do not agree"))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between one and the longest side"
)]
fn side(length: f32) -> u32 {
    length.round().clamp(1.0, LONGEST) as u32
}
