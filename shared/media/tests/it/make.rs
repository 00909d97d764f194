//! Files of every format.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A landscape of soft hills under a sun: something like a photograph, different for each seed.
pub fn photograph(width: u32, height: u32, seed: u32) -> DynamicImage {
    let seed = f64::from(seed);
    let (wide, high) = (f64::from(width), f64::from(height));
    let sun = (
        0.2 + (seed * 0.37).fract() * 0.6,
        0.2 + (seed * 0.61).fract() * 0.2,
    );
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / wide, f64::from(y) / high);
        let hill = 0.55 + 0.12 * (x * (5.0 + seed % 7.0) + seed).sin() + 0.05 * (x * 17.0 + seed * 3.0).sin();
        let grain = ((x * 991.0 + seed).sin() * (y * 983.0).cos() * 40_503.0).fract() * 10.0;
        let light = |level: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to a byte"
            )]
            let byte = (level + grain).clamp(0.0, 255.0) as u8;
            byte
        };
        if (x - sun.0).hypot((y - sun.1) * high / wide) < 0.07 {
            Rgb([light(245.0), light(225.0), light(150.0)])
        } else if y > hill {
            Rgb([light(40.0 + 60.0 * y), light(110.0 - 40.0 * y), light(50.0)])
        } else {
            Rgb([light(120.0 + 80.0 * y), light(160.0 + 50.0 * y), light(225.0)])
        }
    }))
}

pub fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    encoded(&photograph(width, height, 1), ImageFormat::Jpeg)
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(&photograph(width, height, 1), ImageFormat::Png)
}

/// A segment after the start of a JPEG.
pub fn with_segment(jpeg: &[u8], marker: u8, contents: &[u8]) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    let mut file = start.to_vec();
    file.extend([0xff, marker]);
    file.extend(u16::try_from(contents.len() + 2).unwrap().to_be_bytes());
    file.extend(contents);
    file.extend(rest);
    file
}

/// Exif of a telephone: its maker, which way it was held, when, and where in Vientiane.
pub fn exif(orientation: u16) -> Vec<u8> {
    let mut entries: Vec<(u16, u16, u32, Vec<u8>)> = vec![
        (0x010f, 2, 6, b"Maker\0".to_vec()),
        (0x0112, 3, 1, orientation.to_le_bytes().to_vec()),
        (0x8769, 4, 1, vec![]),
        (0x8825, 4, 1, vec![]),
    ];
    let directory = |entries: &[(u16, u16, u32, Vec<u8>)], at: u32| {
        let mut table = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
        let mut data: Vec<u8> = Vec::new();
        let data_at = at + 2 + 12 * u32::try_from(entries.len()).unwrap() + 4;
        for (tag, kind, count, value) in entries {
            table.extend(tag.to_le_bytes());
            table.extend(kind.to_le_bytes());
            table.extend(count.to_le_bytes());
            if value.len() <= 4 {
                let mut value = value.clone();
                value.resize(4, 0);
                table.extend(value);
            } else {
                table.extend((data_at + u32::try_from(data.len()).unwrap()).to_le_bytes());
                data.extend(value);
            }
        }
        table.extend([0; 4]);
        table.extend(data);
        table
    };
    let first = u32::try_from(directory(&entries, 8).len()).unwrap() + 8;
    let taken = directory(&[(0x9003, 2, 20, b"2026:09:02 09:00:00\0".to_vec())], first);
    let second = first + u32::try_from(taken.len()).unwrap();
    let degrees = |numbers: [u32; 3]| {
        numbers
            .iter()
            .flat_map(|n| [n.to_le_bytes(), 1_u32.to_le_bytes()].concat())
            .collect()
    };
    let place = directory(
        &[
            (0x0001, 2, 2, b"N\0".to_vec()),
            (0x0002, 5, 3, degrees([17, 58, 32])),
            (0x0003, 2, 2, b"E\0".to_vec()),
            (0x0004, 5, 3, degrees([102, 37, 59])),
        ],
        second,
    );
    for (tag, _, _, value) in &mut entries {
        match *tag {
            0x8769 => *value = first.to_le_bytes().to_vec(),
            0x8825 => *value = second.to_le_bytes().to_vec(),
            _ => {}
        }
    }
    [
        b"Exif\0\0II*\0\x08\0\0\0".to_vec(),
        directory(&entries, 8),
        taken,
        place,
    ]
    .concat()
}

/// A photograph as an agency sends it.
pub fn agency_jpeg() -> Vec<u8> {
    let xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>\
        <rdf:Description xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:photoshop='http://ns.adobe.com/photoshop/1.0/' \
        photoshop:City='Viêng Chăn' photoshop:Country='Lào'>\
        <dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Lễ Quốc khánh</rdf:li></rdf:Alt></dc:title>\
        <dc:subject><rdf:Bag><rdf:li>Quốc khánh</rdf:li><rdf:li>Lào</rdf:li></rdf:Bag></dc:subject>\
        </rdf:Description></rdf:RDF></x:xmpmeta>";
    let mut iptc = Vec::new();
    for (number, value) in [
        (80_u8, "Nguyễn Văn A"),
        (110, "TTXVN"),
        (120, "Đại sứ phát biểu <script>alert(1)</script>"),
    ] {
        iptc.extend([0x1c, 2, number]);
        iptc.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        iptc.extend(value.as_bytes());
    }
    let mut resource = b"Photoshop 3.0\x008BIM\x04\x04\0\0".to_vec();
    resource.extend(u32::try_from(iptc.len()).unwrap().to_be_bytes());
    resource.extend(iptc);
    let file = with_segment(&jpeg(640, 480), 0xed, &resource);
    let file = with_segment(
        &file,
        0xe1,
        &[b"http://ns.adobe.com/xap/1.0/\0", xmp.as_bytes()].concat(),
    );
    with_segment(&file, 0xe1, &exif(1))
}

pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn docx(text: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let body = format!(
        "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", body.as_bytes()),
        (
            "docProps/core.xml",
            b"<cp:coreProperties><dc:creator>Secret Author</dc:creator></cp:coreProperties>",
        ),
    ];
    entries.extend(more);
    zip(&entries)
}

pub fn pptx(slides: &[&str]) -> Vec<u8> {
    let slides: Vec<(String, String)> = slides
        .iter()
        .enumerate()
        .map(|(at, text)| {
            (
                format!("ppt/slides/slide{}.xml", at + 1),
                format!("<p:sld xmlns:a='a'><a:p><a:t>{text}</a:t></a:p></p:sld>"),
            )
        })
        .collect();
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("ppt/presentation.xml", b"<p/>"),
    ];
    entries.extend(slides.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    zip(&entries)
}

pub fn xlsx(cell: &str) -> Vec<u8> {
    let strings = format!("<sst><si><t>{cell}</t></si></sst>");
    zip(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", b"<workbook/>"),
        ("xl/sharedStrings.xml", strings.as_bytes()),
    ])
}

/// A PDF whose pages all show `text`; all of them share one page object's contents.
pub fn pdf(pages: usize, text: &str) -> Vec<u8> {
    let stream = format!("BT /F1 24 Tf 72 700 Td ({text}) Tj ET 0.8 0.1 0.1 rg 72 100 300 200 re f");
    pdf_of(pages, "[0 0 595 842]", "", stream.as_bytes())
}

/// A PDF of such pages, with such contents, filtered in such a way.
pub fn pdf_of(pages: usize, sheet: &str, filter: &str, stream: &[u8]) -> Vec<u8> {
    let contents = [
        format!("<</Length {}{filter}>>stream\n", stream.len()).as_bytes(),
        stream,
        b"\nendstream",
    ]
    .concat();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        Vec::new(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        contents,
    ];
    let mut kids = String::new();
    for _ in 0..pages {
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox{sheet}/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        );
        objects.push(page.into_bytes());
        kids.extend([format!("{} 0 R ", objects.len())]);
    }
    if let Some(tree) = objects.get_mut(1) {
        *tree = format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>").into_bytes();
    }
    objects.push(b"<</Author(Secret Author)/Producer(Secret Machine)>>".to_vec());
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len();
    file.extend(
        format!(
            "trailer<</Size {}/Root 1 0 R/Info {size} 0 R>>\nstartxref\n{table}\n%%EOF\n",
            size + 1
        )
        .bytes(),
    );
    file
}

/// Two seconds of a tone, 8 kHz, one channel.
pub fn wav() -> Vec<u8> {
    let samples: Vec<u8> = (0..16_000_u32)
        .flat_map(|n| if n / 20 % 2 == 0 { 8_000_i16 } else { -8_000 }.to_le_bytes())
        .collect();
    let length = u32::try_from(samples.len()).unwrap();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + length).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000_u32.to_le_bytes());
    file.extend(16_000_u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(length.to_le_bytes());
    file.extend(samples);
    file
}

/// A program that makes files; missing, it says what to install.
pub fn program(name: &str, arguments: &[&str]) {
    told(name, arguments);
}

/// What a program says, or fails.
pub fn told(name: &str, arguments: &[&str]) -> String {
    let done = Command::new(name).args(arguments).output();
    let done = done.unwrap_or_else(|error| panic!("{name}: {error}; scripts/prerequisites test installs it"));
    assert!(
        done.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8(done.stdout).unwrap()
}

/// A film of a test card and a tone, with a title and a place in it.
pub fn film(to: &Path, seconds: u32, size: &str) {
    let codecs: &[&str] = if to.extension().is_some_and(|extension| extension == "webm") {
        &[
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-c:a",
            "libopus",
        ]
    } else {
        &[
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
        ]
    };
    let card = format!("testsrc2=size={size}:rate=25:duration={seconds}");
    let tone = format!("sine=frequency=440:duration={seconds}");
    let mut arguments = vec![
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", &card, "-f", "lavfi", "-i", &tone,
    ];
    arguments.extend(codecs);
    arguments.extend([
        "-metadata",
        "title=Secret title",
        "-metadata",
        "location=+17.9757+102.6331/",
        "-metadata",
        "com.apple.quicktime.make=Maker",
    ]);
    let to = to.to_str().unwrap();
    arguments.push(to);
    program("ffmpeg", &arguments);
}
