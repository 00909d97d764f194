//! JPEG, PNG and WebP as rows of segments: some make the picture, others talk about it.

use bytes::Bytes;
use img_parts::jpeg::{Jpeg, JpegSegment};
use img_parts::png::{Png, PngChunk};
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;

use super::{Block, Embedded, Place, Words, exif, iptc, xmp};
use crate::{MediaType, Refused, sniff};

const XMP_SEGMENT: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXIF_SEGMENT: &[u8] = b"Exif\0\0";
const ICC_SEGMENT: &[u8] = b"ICC_PROFILE\0";
/// Keyword, no compression, no language, no translated keyword.
const XMP_CHUNK: &[u8] = b"XML:com.adobe.xmp\0\0\0\0\0";
const APP0: u8 = 0xe0;
const APP1: u8 = 0xe1;
const APP2: u8 = 0xe2;
const APP13: u8 = 0xed;
const APP14: u8 = 0xee;
const COMMENT: u8 = 0xfe;
/// A segment's length is a `u16` and counts itself.
const SEGMENT: usize = 65_533;

/// What a picture says of itself; what is missing in one form is taken from another.
pub(crate) fn embedded(file: &Bytes, kind: MediaType) -> Embedded {
    let blocks = match kind {
        MediaType::Jpeg => jpeg(file).map(|jpeg| jpeg_blocks(&jpeg)),
        MediaType::Png => Png::from_bytes(file.clone())
            .map_err(Refused::damaged)
            .map(|png| png_blocks(&png)),
        MediaType::Webp => WebP::from_bytes(file.clone())
            .map_err(Refused::damaged)
            .map(|webp| webp_blocks(&webp)),
        _ => Ok(Vec::new()),
    };
    let mut blocks = blocks.unwrap_or_default();
    blocks.sort_by_key(|block| match block {
        Block::Xmp(_) => 0,
        Block::Iptc(_) => 1,
        Block::Exif(_) => 2,
    });
    blocks
        .iter()
        .fold(Embedded::default(), |found, block| found.or(block.read()))
}

/// The same picture, to the last bit of its pixels, that says nothing but `words`, and its place if that is
/// kept. What followed its end is gone too:
/// telephones put whole films and second pictures there, with places of their own.
pub(crate) fn stripped(file: Bytes, kind: MediaType, words: &Words, place: Place) -> Result<Bytes, Refused> {
    match kind {
        MediaType::Jpeg => stripped_jpeg(&file, words, place),
        MediaType::Png => stripped_png(file, words, place),
        MediaType::Webp => stripped_webp(file, words, place),
        _ => Err(Refused::damaged("not a picture made of segments")),
    }
}

/// The segments of the picture itself, up to its end.
fn jpeg(file: &Bytes) -> Result<Jpeg, Refused> {
    let end = sniff::end_of_jpeg(file).unwrap_or(file.len()).min(file.len());
    Jpeg::from_bytes(file.slice(..end)).map_err(Refused::damaged)
}

fn after(segment: &Bytes, prefix: &[u8]) -> Option<Bytes> {
    segment.starts_with(prefix).then(|| segment.slice(prefix.len()..))
}

fn jpeg_blocks(jpeg: &Jpeg) -> Vec<Block> {
    let block = |segment: &JpegSegment| match segment.marker() {
        APP1 => after(segment.contents(), EXIF_SEGMENT)
            .map(Block::Exif)
            .or_else(|| after(segment.contents(), XMP_SEGMENT).map(Block::Xmp)),
        APP13 => after(segment.contents(), iptc::PHOTOSHOP).map(Block::Iptc),
        _ => None,
    };
    jpeg.segments().iter().filter_map(block).collect()
}

fn stripped_jpeg(file: &Bytes, words: &Words, place: Place) -> Result<Bytes, Refused> {
    let mut jpeg = jpeg(file)?;
    let remains = Remains::of(&jpeg_blocks(&jpeg), words, place);
    let segments = jpeg.segments_mut();
    segments.retain(|segment| match segment.marker() {
        APP0 => segment.contents().starts_with(b"JFIF\0"),
        APP2 => segment.contents().starts_with(ICC_SEGMENT),
        // How colours are meant.
        APP14 => segment.contents().starts_with(b"Adobe"),
        marker => !(APP0..=0xef).contains(&marker) && marker != COMMENT,
    });
    let first = segments
        .iter()
        .position(|segment| segment.marker() != APP0)
        .unwrap_or(0);
    let mut added = Vec::new();
    if let Some(exif) = remains.exif {
        added.push((APP1, [EXIF_SEGMENT, &exif].concat()));
    }
    if let Some(packet) = remains.xmp {
        added.push((APP1, [XMP_SEGMENT, packet.as_bytes()].concat()));
    }
    if let Some(records) = iptc::write(words) {
        added.push((APP13, records));
    }
    for (marker, contents) in added
        .into_iter()
        .rev()
        .filter(|(_, contents)| contents.len() <= SEGMENT)
    {
        segments.insert(first, JpegSegment::new_with_contents(marker, contents.into()));
    }
    Ok(jpeg.encoder().bytes())
}

/// What a copy says.
struct Remains {
    exif: Option<Vec<u8>>,
    xmp: Option<String>,
}

impl Remains {
    /// Of what the file said in `blocks`, and the words that go with it.
    fn of(blocks: &[Block], words: &Words, place: Place) -> Self {
        let exif = blocks.iter().find_map(|block| match block {
            Block::Exif(bytes) => exif::reduced(bytes, place),
            _ => None,
        });
        let whereabouts = match place {
            Place::Removed => xmp::Whereabouts::default(),
            Place::Kept => xmp::Whereabouts {
                place: blocks.iter().find_map(|block| block.read().place),
                position: blocks.iter().find_map(|block| match block {
                    Block::Xmp(packet) => xmp::position(packet),
                    _ => None,
                }),
            },
        };
        Self {
            exif,
            xmp: xmp::write(words, &whereabouts),
        }
    }
}

fn png_blocks(png: &Png) -> Vec<Block> {
    let block = |chunk: &PngChunk| match &chunk.kind() {
        b"eXIf" => Some(Block::Exif(chunk.contents().clone())),
        b"iTXt" => after(chunk.contents(), XMP_CHUNK).map(Block::Xmp),
        _ => None,
    };
    png.chunks().iter().filter_map(block).collect()
}

fn stripped_png(file: Bytes, words: &Words, place: Place) -> Result<Bytes, Refused> {
    let mut png = Png::from_bytes(file).map_err(Refused::damaged)?;
    let remains = Remains::of(&png_blocks(&png), words, place);
    let chunks = png.chunks_mut();
    chunks.retain(|chunk| {
        matches!(
            &chunk.kind(),
            b"IHDR"
                | b"PLTE"
                | b"IDAT"
                | b"IEND"
                | b"tRNS"
                | b"gAMA"
                | b"cHRM"
                | b"sRGB"
                | b"iCCP"
                | b"cICP"
                | b"sBIT"
                | b"bKGD"
                | b"pHYs"
                | b"acTL"
                | b"fcTL"
                | b"fdAT"
        )
    });
    let mut added = Vec::new();
    if let Some(exif) = remains.exif {
        added.push(PngChunk::new(*b"eXIf", exif.into()));
    }
    if let Some(packet) = remains.xmp {
        added.push(PngChunk::new(
            *b"iTXt",
            [XMP_CHUNK, packet.as_bytes()].concat().into(),
        ));
    }
    // Directly after the header.
    let after_header = 1.min(chunks.len());
    for chunk in added.into_iter().rev() {
        chunks.insert(after_header, chunk);
    }
    Ok(png.encoder().bytes())
}

fn webp_blocks(webp: &WebP) -> Vec<Block> {
    let block = |chunk: &RiffChunk| {
        let data = chunk.content().data()?.clone();
        match &chunk.id() {
            b"EXIF" => Some(Block::Exif(after(&data, EXIF_SEGMENT).unwrap_or(data))),
            b"XMP " => Some(Block::Xmp(data)),
            _ => None,
        }
    };
    webp.chunks().iter().filter_map(block).collect()
}

/// In the extended header's flags.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const HAS_ALPHA: u8 = 0x10;

fn stripped_webp(file: Bytes, words: &Words, place: Place) -> Result<Bytes, Refused> {
    let mut webp = WebP::from_bytes(file).map_err(Refused::damaged)?;
    let remains = Remains::of(&webp_blocks(&webp), words, place);
    let (width, height) = webp.dimensions().ok_or_else(|| Refused::damaged("no size"))?;
    let lossless_alpha = webp
        .chunk_by_id(*b"VP8L")
        .and_then(|chunk| chunk.content().data()?.get(4).copied())
        .is_some_and(|byte| byte & 0x10 != 0);
    let chunks = webp.chunks_mut();
    chunks.retain(|chunk| {
        matches!(
            &chunk.id(),
            b"VP8X" | b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP"
        )
    });
    let extended = chunks.iter().position(|chunk| &chunk.id() == b"VP8X");
    let mut header = if let Some(chunk) = extended.map(|at| chunks.remove(at)) {
        chunk.content().data().cloned().unwrap_or_default().to_vec()
    } else {
        let mut header = vec![if lossless_alpha { HAS_ALPHA } else { 0 }, 0, 0, 0];
        for side in [width, height] {
            header.extend(side.saturating_sub(1).to_le_bytes().iter().take(3));
        }
        header
    };
    let flags = header.first_mut().ok_or_else(|| Refused::damaged("no header"))?;
    *flags &= !(HAS_EXIF | HAS_XMP);
    if remains.exif.is_some() {
        *flags |= HAS_EXIF;
    }
    if remains.xmp.is_some() {
        *flags |= HAS_XMP;
    }
    let simple = extended.is_none() && remains.exif.is_none() && remains.xmp.is_none();
    if !simple {
        chunks.insert(0, RiffChunk::new(*b"VP8X", RiffContent::Data(header.into())));
    }
    if let Some(exif) = remains.exif {
        chunks.push(RiffChunk::new(*b"EXIF", RiffContent::Data(exif.into())));
    }
    if let Some(packet) = remains.xmp {
        chunks.push(RiffChunk::new(*b"XMP ", RiffContent::Data(packet.into())));
    }
    Ok(webp.encoder().bytes())
}
