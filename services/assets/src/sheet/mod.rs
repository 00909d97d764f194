//! A contact sheet: small pictures with what must be said beside each, as pages to print.

mod fonts;
mod tags;
mod text;

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;

pub use fonts::missing as missing_fonts;
use tags::{Part, Parts, Tagged};
use text::{Paragraph, Setter, Style};

/// The most assets of one sheet.
pub const MOST: usize = 120;

/// A4, in points.
const PAGE: (f32, f32) = (595.28, 841.89);
const MARGIN: f32 = 40.0;
const WIDTH: f32 = PAGE.0 - 2.0 * MARGIN;
/// Where the pages' numbers stand.
const FOOT: f32 = PAGE.1 - 30.0;
const BOTTOM: f32 = FOOT - 8.0;
const COLUMNS: usize = 3;
const GAP: f32 = 14.0;
const CELL: f32 = (WIDTH - GAP * 2.0) / 3.0;
/// The room of a picture.
const FRAME: f32 = 112.0;
/// The most lines of a note and of a name.
const NOTE: usize = 5;
const NAME: usize = 3;

const TITLE: Style = Style {
    size: 19.0,
    bold: true,
    grey: false,
};
const HEAD: Style = Style {
    size: 10.5,
    bold: true,
    grey: false,
};
const BODY: Style = Style {
    size: 9.5,
    bold: false,
    grey: false,
};
const LABEL: Style = Style {
    size: 8.5,
    bold: true,
    grey: false,
};
const SMALL: Style = Style {
    size: 7.5,
    bold: false,
    grey: true,
};

/// What is on a sheet.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The language of its own words: a BCP 47 tag.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Whose it is, and of when.
    pub about: String,
    /// How the assets are meant to be used, under its heading.
    pub guidance: Option<(String, String)>,
    /// The assets, in order.
    pub cells: Vec<Cell>,
    /// What is to be said at the end.
    pub closing: Vec<String>,
    /// What is said when a letter is in no font of this machine.
    pub lacking: String,
}

/// One asset on a sheet.
#[derive(Debug, Default)]
pub struct Cell {
    /// A small JPEG, PNG or WebP; none: `kind` stands in its place.
    pub picture: Option<Vec<u8>>,
    /// What it is, in a word.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Credit, rights and note, a line each.
    pub lines: Vec<String>,
}

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// The machine has not the first of the fonts.
    #[error("the font Noto Sans is not installed")]
    NoFont,
    /// The pages could not be written.
    #[error("the sheet could not be written: {0}")]
    Broken(String),
}

/// Writes a sheet as PDF. Takes a moment of computing: call it where that holds up nobody.
///
/// # Errors
/// There is no font, or a picture cannot be drawn.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    if fonts::missing().contains(&fonts::FAMILIES[0]) {
        return Err(SheetError::NoFont);
    }
    let mut setter = Setter::new();
    let (pages, mut parts) = laid_out(&mut setter, sheet);
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(sheet.title.clone())
            .language(sheet.language.clone())
            .creator("Chancery".to_owned()),
    );
    let count = pages.len();
    for (index, placed) in pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).unwrap_or_default();
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for (tagged, one) in placed {
            parts.begin(&mut surface, *tagged);
            let drawn = draw(&mut setter, &mut surface, one);
            surface.end_tagged();
            drawn?;
        }
        let number = setter.set(&format!("{} / {count}", index + 1), WIDTH, SMALL);
        parts.begin(&mut surface, None);
        setter.draw(&mut surface, &number, 0..1, MARGIN, FOOT);
        surface.end_tagged();
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(parts.tree());
    document
        .finish()
        .map_err(|error| SheetError::Broken(format!("{error:?}")))
}

/// Something at its place on a page.
enum Placed<'a> {
    Text {
        paragraph: std::rc::Rc<Paragraph>,
        lines: std::ops::Range<usize>,
        x: f32,
        y: f32,
    },
    Picture {
        bytes: &'a [u8],
        x: f32,
        y: f32,
    },
    Frame {
        x: f32,
        y: f32,
    },
}

/// Pages as they fill up.
struct Flow<'a> {
    pages: Vec<Vec<(Tagged, Placed<'a>)>>,
    parts: Parts,
    y: f32,
}

impl<'a> Flow<'a> {
    fn put(&mut self, tagged: Tagged, placed: Placed<'a>) {
        if let Some(page) = self.pages.last_mut() {
            page.push((tagged, placed));
        }
    }

    /// Goes to the next page unless so much fits on this one.
    fn room(&mut self, height: f32) {
        if self.y + height > BOTTOM && self.y > MARGIN {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
    }

    /// Text over the whole width, line by line.
    fn text(&mut self, setter: &mut Setter, (part, text): (Part, &str), style: Style, after: f32) {
        if text.is_empty() {
            return;
        }
        let tagged = Some(self.parts.add(part));
        let paragraph = std::rc::Rc::new(setter.set(text, WIDTH, style));
        for line in 0..paragraph.lines() {
            let height = paragraph.height(line..line + 1);
            self.room(height);
            let y = self.y;
            self.put(
                tagged,
                Placed::Text {
                    paragraph: std::rc::Rc::clone(&paragraph),
                    lines: line..line + 1,
                    x: MARGIN,
                    y,
                },
            );
            self.y += height;
        }
        self.y += after;
    }
}

fn laid_out<'a>(setter: &mut Setter, sheet: &'a Sheet) -> (Vec<Vec<(Tagged, Placed<'a>)>>, Parts) {
    let mut flow = Flow {
        pages: vec![Vec::new()],
        parts: Parts::default(),
        y: MARGIN,
    };
    flow.text(setter, (Part::Title, &sheet.title), TITLE, 2.0);
    flow.text(setter, (Part::Text, &sheet.about), SMALL, 10.0);
    if let Some((heading, guidance)) = &sheet.guidance {
        flow.text(setter, (Part::Heading, heading), HEAD, 2.0);
        flow.text(setter, (Part::Text, guidance), BODY, 0.0);
    }
    flow.y += 12.0;
    for row in sheet.cells.chunks(COLUMNS) {
        let texts: Vec<Vec<(std::rc::Rc<Paragraph>, usize)>> = row
            .iter()
            .map(|cell| {
                let name = (setter.set(&cell.name, CELL, LABEL), NAME);
                let lines = cell.lines.iter().filter(|line| !line.is_empty());
                std::iter::once(name)
                    .chain(
                        lines
                            .map(|line| (setter.set(line, CELL, SMALL), NOTE))
                            .collect::<Vec<_>>(),
                    )
                    .map(|(paragraph, most)| {
                        let lines = paragraph.lines().min(most);
                        (std::rc::Rc::new(paragraph), lines)
                    })
                    .collect()
            })
            .collect();
        let height = |texts: &[(std::rc::Rc<Paragraph>, usize)]| -> f32 {
            texts.iter().map(|(text, lines)| text.height(0..*lines)).sum()
        };
        let tallest = texts.iter().map(|texts| height(texts)).fold(0.0, f32::max);
        flow.room(FRAME + 5.0 + tallest);
        let top = flow.y;
        for ((column, cell), texts) in row.iter().enumerate().zip(texts) {
            #[expect(clippy::cast_precision_loss, reason = "three columns")]
            let x = MARGIN + column as f32 * (CELL + GAP);
            flow.parts.begin_item();
            flow.put(None, Placed::Frame { x, y: top });
            if let Some(bytes) = &cell.picture {
                let alt = format!("{}: {}", cell.kind, cell.name);
                let tagged = Some(flow.parts.add(Part::Picture(alt)));
                flow.put(tagged, Placed::Picture { bytes, x, y: top });
            } else {
                let kind = setter.set(&cell.kind, CELL - 16.0, HEAD);
                let lines = 0..kind.lines().min(2);
                let tagged = Some(flow.parts.add(Part::Text));
                flow.put(
                    tagged,
                    Placed::Text {
                        paragraph: std::rc::Rc::new(kind),
                        lines,
                        x: x + 8.0,
                        y: top + FRAME / 2.0 - 8.0,
                    },
                );
            }
            let mut y = top + FRAME + 5.0;
            for (paragraph, lines) in texts {
                let below = y + paragraph.height(0..lines);
                let tagged = Some(flow.parts.add(Part::Text));
                flow.put(
                    tagged,
                    Placed::Text {
                        paragraph,
                        lines: 0..lines,
                        x,
                        y,
                    },
                );
                y = below;
            }
        }
        flow.y = top + FRAME + 5.0 + tallest + 14.0;
    }
    flow.parts.end_items();
    for line in &sheet.closing {
        flow.text(setter, (Part::Text, line), SMALL, 2.0);
    }
    if setter.lacks {
        flow.text(setter, (Part::Text, &sheet.lacking), SMALL, 2.0);
    }
    (flow.pages, flow.parts)
}

fn draw(setter: &mut Setter, surface: &mut Surface<'_>, placed: &Placed<'_>) -> Result<(), SheetError> {
    match placed {
        Placed::Text {
            paragraph,
            lines,
            x,
            y,
        } => setter.draw(surface, paragraph, lines.clone(), *x, *y),
        Placed::Frame { x, y } => {
            let Some(rect) = Rect::from_xywh(*x, *y, CELL, FRAME) else {
                return Ok(());
            };
            let mut path = PathBuilder::new();
            path.push_rect(rect);
            surface.set_fill(Some(grey(244)));
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
        Placed::Picture { bytes, x, y } => {
            let image = image(bytes)?;
            #[expect(clippy::cast_precision_loss, reason = "small pictures")]
            let (width, height) = (image.size().0 as f32, image.size().1 as f32);
            let scale = (CELL / width).min(FRAME / height);
            let (width, height) = (width * scale, height * scale);
            let (x, y) = (x + (CELL - width) / 2.0, y + (FRAME - height) / 2.0);
            if let Some(size) = Size::from_wh(width, height) {
                surface.push_transform(&Transform::from_translate(x, y));
                surface.draw_image(image, size);
                surface.pop();
            }
        }
    }
    Ok(())
}

fn grey(shade: u8) -> Fill {
    Fill {
        paint: rgb::Color::new(shade, shade, shade).into(),
        ..Fill::default()
    }
}

fn image(bytes: &[u8]) -> Result<Image, SheetError> {
    let data = bytes.to_vec().into();
    let image = match bytes {
        [0x89, b'P', ..] => Image::from_png(data, true),
        [b'R', b'I', ..] => Image::from_webp(data, true),
        _ => Image::from_jpeg(data, true),
    };
    image.map_err(SheetError::Broken)
}
