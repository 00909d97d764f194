use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::allowed::{self, Fate};
use super::escaped;
use super::multiply::Multiplication;
use crate::{Refused, picture};

const SVG: Namespace<'_> = Namespace(b"http://www.w3.org/2000/svg");
const XLINK: Namespace<'_> = Namespace(b"http://www.w3.org/1999/xlink");
/// Deeper nesting breaks readers that recurse.
const DEEPEST: usize = 100;
/// A picture within the drawing.
const EMBEDDED_PIXELS: u64 = 16_000_000;
/// A drawing is text; longer ones are photographs in disguise.
const LONGEST: usize = 30_000_000;

/// The drawing made anew of what is allowed: no scripts, no handlers, no references to anything outside, no foreign
/// content, no entities, no editor's data. It looks the same, unless it used something of that.
///
/// # Errors
/// [`Refused::Entities`] when it declares any, [`Refused::Bomb`] when it multiplies itself, [`Refused::Damaged`] when it
/// isn't well-formed SVG.
pub fn sanitise(text: &str) -> Result<String, Refused> {
    if text.len() > LONGEST {
        return Err(Refused::TooLarge { max: LONGEST as u64 });
    }
    let mut writer = Writer::default();
    let mut reader = NsReader::from_str(text.trim_start_matches('\u{feff}').trim_start());
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(Refused::damaged)?;
        match event {
            Event::Start(element) => {
                let ours = namespace == ResolveResult::Bound(SVG);
                writer.begin(&reader, &element, ours)?;
            }
            Event::Empty(element) => {
                let ours = namespace == ResolveResult::Bound(SVG);
                writer.begin(&reader, &element, ours)?;
                writer.end();
            }
            Event::End(_) => writer.end(),
            Event::Text(text) => writer.text(&text.xml10_content().map_err(Refused::damaged)?),
            Event::CData(text) => writer.text(&text.xml10_content().map_err(Refused::damaged)?),
            Event::GeneralRef(name) => {
                let character = match name.resolve_char_ref().map_err(Refused::damaged)? {
                    Some(character) => character.to_string(),
                    None => predefined(&name.decode().map_err(Refused::damaged)?)?.to_owned(),
                };
                writer.text(&character);
            }
            Event::DocType(kind) if kind.contains(&b'[') => return Err(Refused::Entities),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            Event::Eof => return writer.finish(),
        }
    }
}

fn predefined(name: &str) -> Result<&'static str, Refused> {
    quick_xml::escape::resolve_predefined_entity(name).ok_or(Refused::Entities)
}

/// What has been written, and what is open.
#[derive(Default)]
struct Writer {
    out: String,
    /// What became of each open element, and its name.
    open: Vec<(Fate, String)>,
    /// How many of the open elements are dropped.
    dropped: usize,
    /// The text of an open stylesheet.
    style: Option<String>,
    size: Multiplication,
    is_drawing: bool,
}

impl Writer {
    fn begin(
        &mut self,
        reader: &NsReader<&[u8]>,
        element: &BytesStart<'_>,
        ours: bool,
    ) -> Result<(), Refused> {
        let name = String::from_utf8_lossy(element.local_name().as_ref()).into_owned();
        if self.open.is_empty() && !(ours && name == "svg" && !self.is_drawing) {
            return Err(Refused::damaged("not a drawing"));
        }
        if self.open.len() >= DEEPEST {
            return Err(Refused::Bomb);
        }
        let fate = match allowed::element(&name) {
            _ if !ours || self.dropped > 0 || self.style.is_some() => Fate::Dropped,
            fate => fate,
        };
        match fate {
            Fate::Dropped => {
                self.dropped += 1;
                self.size.begin(None, None);
            }
            Fate::Opened => self.size.begin(None, None),
            Fate::Kept => {
                let attributes = attributes(reader, element, &name)?;
                let find = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted);
                let id = find("id").map(|(_, value)| value.clone());
                let target = find("href").and_then(|(_, value)| value.strip_prefix('#').map(str::to_owned));
                self.size.begin(id, target);
                self.out.push('<');
                self.out.push_str(&name);
                if self.open.is_empty() {
                    self.is_drawing = true;
                    self.out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
                }
                for (name, value) in &attributes {
                    self.out.extend([" ", name, "=\"", &escaped(value), "\""]);
                }
                self.out.push('>');
                if name == "style" {
                    self.style = Some(String::new());
                }
            }
        }
        self.open.push((fate, name));
        Ok(())
    }

    fn end(&mut self) {
        self.size.end();
        match self.open.pop() {
            Some((Fate::Kept, name)) => {
                if name == "style"
                    && let Some(css) = self.style.take()
                {
                    self.out.push_str(&escaped(&allowed::rules(&css)));
                }
                self.out.extend(["</", &name, ">"]);
            }
            Some((Fate::Dropped, _)) => self.dropped = self.dropped.saturating_sub(1),
            Some((Fate::Opened, _)) | None => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.dropped > 0 || self.open.is_empty() {
            return;
        }
        match &mut self.style {
            Some(css) => css.push_str(text),
            None => self.out.push_str(&escaped(text)),
        }
    }

    fn finish(self) -> Result<String, Refused> {
        if !self.is_drawing || !self.open.is_empty() {
            return Err(Refused::damaged("the drawing ends too early"));
        }
        self.size.check()?;
        Ok(self.out)
    }
}

/// The allowed attributes of an element, without prefixes.
fn attributes(
    reader: &NsReader<&[u8]>,
    element: &BytesStart<'_>,
    of: &str,
) -> Result<Vec<(String, String)>, Refused> {
    let mut kept = Vec::new();
    for attribute in element.attributes() {
        let attribute = attribute.map_err(Refused::damaged)?;
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        let name = String::from_utf8_lossy(local.as_ref()).into_owned();
        let plain = namespace == ResolveResult::Unbound;
        let link = name == "href" && (plain || namespace == ResolveResult::Bound(XLINK));
        let known = plain && allowed::attribute(&name);
        if !link && !known {
            continue;
        }
        let value = attribute
            .decoded_and_normalized_value(XmlVersion::Implicit1_0, reader.decoder())
            .map_err(|error| match error {
                quick_xml::Error::Escape(quick_xml::escape::EscapeError::UnrecognizedEntity(..)) => {
                    Refused::Entities
                }
                error => Refused::damaged(error),
            })?;
        let value = match name.as_str() {
            "href" if of == "image" => embedded(&value),
            "href" => value.starts_with('#').then(|| value.into_owned()),
            "style" => Some(allowed::declarations(&value)),
            _ => allowed::stays_inside(&value).then(|| value.into_owned()),
        };
        if let Some(value) = value
            && !kept.iter().any(|(known, _)| *known == name)
        {
            kept.push((name, value));
        }
    }
    Ok(kept)
}

/// A picture within the drawing, if it is one, and not a bomb.
fn embedded(link: &str) -> Option<String> {
    let (mime, data) = link.strip_prefix("data:")?.split_once(";base64,")?;
    if !matches!(mime, "image/png" | "image/jpeg" | "image/jpg") {
        return None;
    }
    let data: String = data.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let file = STANDARD.decode(&data).ok()?;
    picture::measure(&file, EMBEDDED_PIXELS).ok()?;
    Some(format!("data:{mime};base64,{data}"))
}
