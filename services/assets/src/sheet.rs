//! A contact sheet: small pictures with what must be said beside each, as pages to print.

use std::rc::Rc;

use chancery_print::{Area, MARGIN, Pages, Paragraph, Part, PrintError, Style, WIDTH};

/// The most assets of one sheet.
pub const MOST: usize = 120;

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

/// Writes a sheet as PDF. Takes a moment of computing: call it where that holds up nobody.
///
/// # Errors
/// There is no font, or a picture cannot be drawn.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, PrintError> {
    let mut pages = Pages::new()?;
    pages.text(Part::Title, &sheet.title, TITLE, 2.0);
    pages.text(Part::Text, &sheet.about, SMALL, 10.0);
    if let Some((heading, guidance)) = &sheet.guidance {
        pages.text(Part::Heading, heading, HEAD, 2.0);
        pages.text(Part::Text, guidance, BODY, 0.0);
    }
    pages.space(12.0);
    for row in sheet.cells.chunks(COLUMNS) {
        row_of_cells(&mut pages, row);
    }
    pages.end_items();
    for line in &sheet.closing {
        pages.text(Part::Text, line, SMALL, 2.0);
    }
    if pages.lacks_letters() {
        pages.text(Part::Text, &sheet.lacking, SMALL, 2.0);
    }
    pages.write(&sheet.title, &sheet.language)
}

fn row_of_cells<'a>(pages: &mut Pages<'a>, row: &'a [Cell]) {
    let texts: Vec<Vec<(Rc<Paragraph>, usize)>> = row.iter().map(|cell| set(pages, cell)).collect();
    let height = |texts: &[(Rc<Paragraph>, usize)]| -> f32 {
        texts.iter().map(|(text, lines)| text.height(0..*lines)).sum()
    };
    let tallest = texts.iter().map(|texts| height(texts)).fold(0.0, f32::max);
    let top = pages.room(FRAME + 5.0 + tallest);
    for ((column, cell), texts) in row.iter().enumerate().zip(texts) {
        #[expect(clippy::cast_precision_loss, reason = "three columns")]
        let x = MARGIN + column as f32 * (CELL + GAP);
        let area = Area {
            x,
            y: top,
            width: CELL,
            height: FRAME,
        };
        pages.begin_item();
        pages.frame(area);
        if let Some(bytes) = &cell.picture {
            let tagged = pages.part(Part::Picture(format!("{}: {}", cell.kind, cell.name)));
            pages.picture(tagged, bytes, area);
        } else {
            let kind = pages.set(&cell.kind, CELL - 16.0, HEAD);
            let tagged = pages.part(Part::Text);
            let lines = 0..kind.lines().min(2);
            pages.place(tagged, &kind, lines, (x + 8.0, top + FRAME / 2.0 - 8.0));
        }
        let mut y = top + FRAME + 5.0;
        for (paragraph, lines) in texts {
            let tagged = pages.part(Part::Text);
            pages.place(tagged, &paragraph, 0..lines, (x, y));
            y += paragraph.height(0..lines);
        }
    }
    pages.space(FRAME + 5.0 + tallest + 14.0);
}

/// A cell's name and lines, each with as many of its lines as there is room for.
fn set(pages: &mut Pages<'_>, cell: &Cell) -> Vec<(Rc<Paragraph>, usize)> {
    let lines = cell.lines.iter().filter(|line| !line.is_empty());
    let texts = std::iter::once((&cell.name, LABEL, NAME)).chain(lines.map(|line| (line, SMALL, NOTE)));
    texts
        .map(|(text, style, most)| {
            let paragraph = pages.set(text, CELL, style);
            let lines = paragraph.lines().min(most);
            (paragraph, lines)
        })
        .collect()
}
