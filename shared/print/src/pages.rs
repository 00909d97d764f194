//! Pages that fill up from top to bottom, and how they are written.

use std::ops::Range;
use std::rc::Rc;

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

use crate::fonts;
use crate::tags::{Part, Parts, Tagged};
use crate::text::{Paragraph, Setter, Style};

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
/// What stays white around, in points.
pub const MARGIN: f32 = 40.0;
/// The width between the margins, in points.
pub const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the pages' numbers stand.
const FOOT: f32 = PAGE.1 - 30.0;
const BOTTOM: f32 = FOOT - 8.0;
/// How the pages' numbers look.
const NUMBER: Style = Style {
    size: 7.5,
    bold: false,
    grey: true,
};

/// Why there are no pages.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The machine has not the first of the fonts.
    #[error("the font Noto Sans is not installed")]
    NoFont,
    /// The pages could not be written.
    #[error("the pages could not be written: {0}")]
    Broken(String),
}

/// A place on a page, in points from its top left corner.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
}

/// Something at its place on a page.
enum Placed<'a> {
    Text {
        paragraph: Rc<Paragraph>,
        lines: Range<usize>,
        x: f32,
        y: f32,
    },
    Picture(&'a [u8], Area),
    Frame(Area),
}

/// Pages as they fill up.
pub struct Pages<'a> {
    setter: Setter,
    filled: Vec<Vec<(Tagged, Placed<'a>)>>,
    parts: Parts,
    y: f32,
}

impl<'a> Pages<'a> {
    /// An empty page.
    ///
    /// # Errors
    /// There is no font.
    pub fn new() -> Result<Self, PrintError> {
        if fonts::missing().contains(&fonts::FAMILIES[0]) {
            return Err(PrintError::NoFont);
        }
        Ok(Self {
            setter: Setter::new(),
            filled: vec![Vec::new()],
            parts: Parts::default(),
            y: MARGIN,
        })
    }

    /// Sets a text in lines of this width, to be placed.
    pub fn set(&mut self, text: &str, width: f32, style: Style) -> Rc<Paragraph> {
        Rc::new(self.setter.set(text, width, style))
    }

    /// The next part of what is read.
    pub fn part(&mut self, part: Part) -> Tagged {
        Some(self.parts.add(part))
    }

    /// What follows is another entry of a list.
    pub fn begin_item(&mut self) {
        self.parts.begin_item();
    }

    /// What follows is in no list.
    pub fn end_items(&mut self) {
        self.parts.end_items();
    }

    /// Whether some letter so far was in none of the fonts.
    #[must_use]
    pub fn lacks_letters(&self) -> bool {
        self.setter.lacks
    }

    /// Goes to the next page unless so much fits on this one; gives the top of what fits.
    pub fn room(&mut self, height: f32) -> f32 {
        if self.y + height > BOTTOM && self.y > MARGIN {
            self.filled.push(Vec::new());
            self.y = MARGIN;
        }
        self.y
    }

    /// Leaves so much white.
    pub fn space(&mut self, height: f32) {
        self.y += height;
    }

    /// Text over the whole width, line by line, and so much white after it.
    pub fn text(&mut self, part: Part, text: &str, style: Style, after: f32) {
        if text.is_empty() {
            return;
        }
        let tagged = self.part(part);
        let paragraph = self.set(text, WIDTH, style);
        for line in 0..paragraph.lines() {
            let height = paragraph.height(line..line + 1);
            let y = self.room(height);
            self.place(tagged, &paragraph, line..line + 1, (MARGIN, y));
            self.y += height;
        }
        self.y += after;
    }

    /// Some lines of a text, with their left upper corner there.
    pub fn place(
        &mut self,
        tagged: Tagged,
        paragraph: &Rc<Paragraph>,
        lines: Range<usize>,
        (x, y): (f32, f32),
    ) {
        let paragraph = Rc::clone(paragraph);
        self.put(
            tagged,
            Placed::Text {
                paragraph,
                lines,
                x,
                y,
            },
        );
    }

    /// A grey area with a thin line around it: nothing to hear.
    pub fn frame(&mut self, area: Area) {
        self.put(None, Placed::Frame(area));
    }

    /// A JPEG, PNG or WebP, as large as it can be in its area.
    pub fn picture(&mut self, tagged: Tagged, bytes: &'a [u8], area: Area) {
        self.put(tagged, Placed::Picture(bytes, area));
    }

    fn put(&mut self, tagged: Tagged, placed: Placed<'a>) {
        if let Some(page) = self.filled.last_mut() {
            page.push((tagged, placed));
        }
    }

    /// Writes the pages, with their numbers, as a tagged PDF. Takes a moment of computing: call it where that holds up
    /// nobody. `language` is a BCP 47 tag.
    ///
    /// # Errors
    /// A picture cannot be drawn.
    pub fn write(self, title: &str, language: &str) -> Result<Vec<u8>, PrintError> {
        let Self {
            mut setter,
            filled,
            mut parts,
            ..
        } = self;
        let mut document = Document::new();
        document.set_metadata(
            Metadata::new()
                .title(title.to_owned())
                .language(language.to_owned())
                .creator("Chancery".to_owned()),
        );
        let count = filled.len();
        for (index, placed) in filled.iter().enumerate() {
            let settings = PageSettings::from_wh(PAGE.0, PAGE.1).unwrap_or_default();
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for (tagged, one) in placed {
                parts.begin(&mut surface, *tagged);
                let drawn = draw(&mut setter, &mut surface, one);
                surface.end_tagged();
                drawn?;
            }
            let number = setter.set(&format!("{} / {count}", index + 1), WIDTH, NUMBER);
            parts.begin(&mut surface, None);
            setter.draw(&mut surface, &number, 0..1, MARGIN, FOOT);
            surface.end_tagged();
            surface.finish();
            page.finish();
        }
        document.set_tag_tree(parts.tree());
        document
            .finish()
            .map_err(|error| PrintError::Broken(format!("{error:?}")))
    }
}

fn draw(setter: &mut Setter, surface: &mut Surface<'_>, placed: &Placed<'_>) -> Result<(), PrintError> {
    match placed {
        Placed::Text {
            paragraph,
            lines,
            x,
            y,
        } => setter.draw(surface, paragraph, lines.clone(), *x, *y),
        Placed::Frame(area) => {
            let Some(rect) = Rect::from_xywh(area.x, area.y, area.width, area.height) else {
                return Ok(());
            };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            surface.set_fill(Some(Fill {
                paint: rgb::Color::new(244, 244, 244).into(),
                ..Fill::default()
            }));
            surface.set_stroke(Some(Stroke {
                paint: rgb::Color::new(215, 215, 215).into(),
                width: 0.5,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
            surface.set_stroke(None);
        }
        Placed::Picture(bytes, area) => {
            let image = image(bytes)?;
            #[expect(clippy::cast_precision_loss, reason = "small pictures")]
            let (width, height) = (image.size().0 as f32, image.size().1 as f32);
            let scale = (area.width / width).min(area.height / height);
            let (width, height) = (width * scale, height * scale);
            let x = area.x + (area.width - width) / 2.0;
            let y = area.y + (area.height - height) / 2.0;
            if let Some(size) = Size::from_wh(width, height) {
                surface.push_transform(&Transform::from_translate(x, y));
                surface.draw_image(image, size);
                surface.pop();
            }
        }
    }
    Ok(())
}

fn image(bytes: &[u8]) -> Result<Image, PrintError> {
    let data = bytes.to_vec().into();
    let image = match bytes {
        [0x89, b'P', ..] => Image::from_png(data, true),
        [b'R', b'I', ..] => Image::from_webp(data, true),
        _ => Image::from_jpeg(data, true),
    };
    image.map_err(PrintError::Broken)
}
