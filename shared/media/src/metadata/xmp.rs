//! XMP: the same words as RDF, readable by everything that is younger.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{Embedded, Words, moment, place, tidy};
use crate::svg::escaped;

/// A packet of a camera has a few kilobytes.
const LONGEST: usize = 4 << 20;
const MOST_KEYWORDS: usize = 200;

/// The values of each property, by its name without prefix.
#[derive(Default)]
struct Properties(Vec<(String, String)>);

impl Properties {
    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.all(name).find_map(tidy))
    }
}

/// What is damaged counts as absent: metadata are a courtesy.
pub(super) fn read(packet: &[u8]) -> Embedded {
    let Some(packet) = packet.get(..packet.len().min(LONGEST)) else {
        return Embedded::default();
    };
    let text = String::from_utf8_lossy(packet);
    let properties = properties(&text);
    let sublocation = properties.first(&["Location", "Sublocation"]);
    let city = properties.first(&["City"]);
    let country = properties.first(&["Country", "CountryName"]);
    let has = |name: &str| properties.all(name).next().is_some();
    Embedded {
        words: Words {
            title: properties.first(&["title", "Headline"]),
            caption: properties.first(&["description"]),
            alt_text: properties.first(&["AltTextAccessibility"]),
            creator: properties.first(&["creator"]),
            credit: properties.first(&["Credit"]),
            copyright: properties.first(&["rights"]),
        },
        taken: properties
            .first(&["DateTimeOriginal", "DateCreated", "CreateDate"])
            .as_deref()
            .and_then(moment),
        place: place([sublocation.as_deref(), city.as_deref(), country.as_deref()]),
        keywords: properties
            .all("subject")
            .filter_map(tidy)
            .take(MOST_KEYWORDS)
            .collect(),
        has_location: has("GPSLatitude") || has("GPSLongitude"),
        has_device: has("Make") || has("Model") || has("SerialNumber"),
    }
}

/// Attributes of `rdf:Description` and the texts within its children, whether in lists or not.
fn properties(text: &str) -> Properties {
    let mut reader = Reader::from_str(text);
    let mut found = Properties::default();
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    loop {
        let Ok(event) = reader.read_event() else {
            return found;
        };
        match event {
            Event::Start(element) => {
                attributes(&element, &reader, &mut found);
                path.push(local(&element));
                value.clear();
                if path.len() > 64 {
                    return found;
                }
            }
            Event::Empty(element) => attributes(&element, &reader, &mut found),
            Event::Text(text) => value.push_str(&text.xml10_content().unwrap_or_default()),
            Event::CData(text) => value.push_str(&text.xml10_content().unwrap_or_default()),
            Event::GeneralRef(name) => {
                let character = name.resolve_char_ref().ok().flatten();
                let known = name
                    .decode()
                    .ok()
                    .and_then(|name| quick_xml::escape::resolve_predefined_entity(&name));
                value.extend(character);
                value.push_str(known.unwrap_or_default());
            }
            Event::End(_) => {
                let named = path
                    .iter()
                    .rev()
                    .find(|name| !matches!(name.as_str(), "li" | "Alt" | "Bag" | "Seq"));
                if let Some(name) = named
                    && !value.trim().is_empty()
                {
                    found.0.push((name.clone(), std::mem::take(&mut value)));
                }
                value.clear();
                path.pop();
            }
            // Entities would have to be declared here.
            Event::DocType(_) | Event::Eof => return found,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn local(element: &BytesStart<'_>) -> String {
    String::from_utf8_lossy(element.local_name().as_ref()).into_owned()
}

fn attributes(element: &BytesStart<'_>, reader: &Reader<&[u8]>, found: &mut Properties) {
    if element.local_name().as_ref() != b"Description" {
        return;
    }
    for attribute in element.attributes().flatten() {
        let name = String::from_utf8_lossy(attribute.key.local_name().as_ref()).into_owned();
        if let Ok(value) = attribute.decoded_and_normalized_value(XmlVersion::Implicit1_0, reader.decoder()) {
            found.0.push((name, value.into_owned()));
        }
    }
}

/// Where a file was made, as far as it stays in a copy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Whereabouts {
    /// Its name.
    pub place: Option<String>,
    /// Latitude and longitude, in XMP's own spelling.
    pub position: Option<(String, String)>,
}

/// Latitude and longitude as a packet has them: `17,58.5N`. What is spelt otherwise is none.
pub(super) fn position(packet: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(packet.get(..packet.len().min(LONGEST))?);
    let properties = properties(&text);
    let part = |name: &str| {
        let value = properties.first(&[name])?;
        let is_one = value.len() <= 30
            && value
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | 'N' | 'S' | 'E' | 'W'));
        is_one.then_some(value)
    };
    Some((part("GPSLatitude")?, part("GPSLongitude")?))
}

/// A packet with these words and whereabouts; nothing when there are none.
pub(super) fn write(words: &Words, whereabouts: &Whereabouts) -> Option<String> {
    if *words == Words::default() && *whereabouts == Whereabouts::default() {
        return None;
    }
    let (latitude, longitude) = match &whereabouts.position {
        Some((latitude, longitude)) => (Some(latitude.clone()), Some(longitude.clone())),
        None => (None, None),
    };
    let mut body = String::new();
    for (name, list, value) in [
        ("dc:title", Some("Alt"), &words.title),
        ("dc:description", Some("Alt"), &words.caption),
        ("dc:creator", Some("Seq"), &words.creator),
        ("dc:rights", Some("Alt"), &words.copyright),
        ("Iptc4xmpCore:AltTextAccessibility", Some("Alt"), &words.alt_text),
        ("photoshop:Credit", None, &words.credit),
        ("Iptc4xmpCore:Location", None, &whereabouts.place),
        ("exif:GPSLatitude", None, &latitude),
        ("exif:GPSLongitude", None, &longitude),
    ] {
        let Some(value) = value.as_deref().and_then(tidy) else {
            continue;
        };
        let value = escaped(&value);
        let (before, after) = match list {
            Some("Alt") => ("<rdf:Alt><rdf:li xml:lang=\"x-default\">", "</rdf:li></rdf:Alt>"),
            Some(_) => ("<rdf:Seq><rdf:li>", "</rdf:li></rdf:Seq>"),
            None => ("", ""),
        };
        body.extend(["<", name, ">", before, &value, after, "</", name, ">"]);
    }
    Some(format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" \
         xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">{body}</rdf:Description></rdf:RDF>\
         </x:xmpmeta><?xpacket end=\"r\"?>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let words = Words {
            title: Some("Lễ & hội <2026>".into()),
            caption: Some("Dòng một\ndòng hai".into()),
            alt_text: Some("Một người \"cười\"".into()),
            creator: Some("Nguyễn Văn A".into()),
            credit: Some("TTXVN".into()),
            copyright: Some("© Bộ Ngoại giao".into()),
        };
        let whereabouts = Whereabouts {
            place: Some("Viêng Chăn, Lào".into()),
            position: Some(("17,58.5N".into(), "102,36.8E".into())),
        };
        let packet = write(&words, &whereabouts).unwrap_or_default();
        let said = read(packet.as_bytes());
        assert_eq!(said.words, words);
        assert_eq!(
            (said.place.as_deref(), said.has_location),
            (Some("Viêng Chăn, Lào"), true)
        );
        assert_eq!(position(packet.as_bytes()), whereabouts.position);
        let packet = write(&words, &Whereabouts::default()).unwrap_or_default();
        assert!(!read(packet.as_bytes()).has_location);
        assert_eq!(write(&Words::default(), &Whereabouts::default()), None);
    }

    #[test]
    fn entities_are_not_read() {
        let packet = "<!DOCTYPE x [<!ENTITY a \"b\">]><rdf:Description dc:title=\"&a;\"/>";
        assert_eq!(read(packet.as_bytes()), Embedded::default());
    }
}
