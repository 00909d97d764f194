//! Text set in lines: shaped, broken, and in the direction of its script.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use krilla::color::rgb;
use krilla::geom::Point;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use parley::layout::{Alignment, AlignmentOptions, Layout, PositionedLayoutItem};
use parley::style::{FontFamily, FontFamilyName, FontWeight, LineHeight, OverflowWrap, StyleProperty};
use parley::{FontContext, LayoutContext};

use crate::fonts;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// In points.
    pub size: f32,
    /// Heavier.
    pub bold: bool,
    /// Lighter: still legible in print.
    pub grey: bool,
}

/// A text in lines.
pub struct Paragraph {
    text: String,
    layout: Layout<()>,
    grey: bool,
}

impl Paragraph {
    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.layout.len()
    }

    /// How high some of its lines are together, in points.
    #[must_use]
    pub fn height(&self, lines: Range<usize>) -> f32 {
        let heights = lines.filter_map(|index| self.layout.get(index));
        heights.map(|line| line.metrics().line_height).sum()
    }
}

/// Sets texts and draws them.
pub(crate) struct Setter {
    fonts: FontContext,
    scratch: LayoutContext<()>,
    known: HashMap<(u64, u32), Font>,
    /// Some letter was in none of the fonts.
    pub lacks: bool,
}

impl Setter {
    pub fn new() -> Self {
        Self {
            fonts: fonts::context(),
            scratch: LayoutContext::new(),
            known: HashMap::new(),
            lacks: false,
        }
    }

    /// Sets a text in lines of this width.
    pub fn set(&mut self, text: &str, width: f32, style: Style) -> Paragraph {
        let families = fonts::FAMILIES.map(|name| FontFamilyName::Named(Cow::Borrowed(name)));
        let mut builder = self.scratch.ranged_builder(&mut self.fonts, text, 1.0, false);
        builder.push_default(StyleProperty::FontFamily(FontFamily::List(Cow::Borrowed(
            &families,
        ))));
        builder.push_default(StyleProperty::FontSize(style.size));
        builder.push_default(StyleProperty::LineHeight(LineHeight::FontSizeRelative(1.35)));
        // A name without spaces must not run into its neighbour.
        builder.push_default(StyleProperty::OverflowWrap(OverflowWrap::Anywhere));
        if style.bold {
            builder.push_default(StyleProperty::FontWeight(FontWeight::BOLD));
        }
        let mut layout = builder.build(text);
        layout.break_all_lines(Some(width));
        layout.align(Alignment::Start, AlignmentOptions::default());
        let glyphs = |line: parley::layout::Line<'_, ()>| {
            line.runs()
                .flat_map(|run| run.visual_clusters())
                .flat_map(|cluster| cluster.glyphs())
                .any(|glyph| glyph.id == 0)
        };
        self.lacks |= layout.lines().any(glyphs);
        Paragraph {
            text: text.to_owned(),
            layout,
            grey: style.grey,
        }
    }

    /// Draws some lines of a paragraph, the first of them with its top at `y`.
    pub fn draw(
        &mut self,
        surface: &mut Surface<'_>,
        paragraph: &Paragraph,
        lines: Range<usize>,
        x: f32,
        y: f32,
    ) {
        let shade = if paragraph.grey { 90 } else { 20 };
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(shade, shade, shade).into(),
            ..Fill::default()
        }));
        let above = paragraph.height(0..lines.start);
        for line in lines.filter_map(|index| paragraph.layout.get(index)) {
            for item in line.items() {
                let PositionedLayoutItem::GlyphRun(placed) = item else {
                    continue;
                };
                let run = placed.run();
                let Some(font) = self.font(run.font()) else {
                    continue;
                };
                let size = run.font_size();
                let mut glyphs: Vec<KrillaGlyph> = Vec::new();
                for cluster in run.visual_clusters() {
                    // The rest of a ligature has no glyph of its own.
                    if let (true, Some(last)) = (cluster.is_ligature_continuation(), glyphs.last_mut()) {
                        last.text_range.end = last.text_range.end.max(cluster.text_range().end);
                        continue;
                    }
                    glyphs.extend(cluster.glyphs().map(|glyph| {
                        KrillaGlyph::new(
                            GlyphId::new(glyph.id),
                            glyph.advance / size,
                            glyph.x / size,
                            glyph.y / size,
                            0.0,
                            cluster.text_range(),
                            None,
                        )
                    }));
                }
                let start = Point::from_xy(x + placed.offset(), y - above + placed.baseline());
                surface.draw_glyphs(start, &glyphs, font, &paragraph.text, size, false);
            }
        }
    }

    fn font(&mut self, data: &parley::FontData) -> Option<Font> {
        let (bytes, id) = data.data.clone().into_raw_parts();
        if let Some(font) = self.known.get(&(id, data.index)) {
            return Some(font.clone());
        }
        let font = Font::new(bytes.into(), data.index)?;
        self.known.insert((id, data.index), font.clone());
        Some(font)
    }
}
