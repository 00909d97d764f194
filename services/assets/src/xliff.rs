//! What is said of an asset as XLIFF 1.2, which every translator's program opens. One document a language, since that
//! is how those programs work. No crate that is kept up writes it; the XML itself is `quick-xml`'s.

use std::io::Write;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::model::Text;

/// The texts of `source`, to be translated into `language`; what is translated already comes along.
///
/// # Errors
/// It cannot be written.
pub fn document(
    name: &str,
    source: &Text,
    language: &str,
    target: Option<&Text>,
) -> Result<String, std::io::Error> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("xliff")
        .with_attributes([
            ("version", "1.2"),
            ("xmlns", "urn:oasis:names:tc:xliff:document:1.2"),
        ])
        .write_inner_content(|writer| {
            writer
                .create_element("file")
                .with_attributes([
                    ("original", name),
                    ("datatype", "plaintext"),
                    ("source-language", &source.language),
                    ("target-language", language),
                ])
                .write_inner_content(|writer| {
                    writer
                        .create_element("body")
                        .write_inner_content(|writer| units(writer, source, target))?;
                    Ok(())
                })?;
            Ok(())
        })?;
    String::from_utf8(writer.into_inner()).map_err(std::io::Error::other)
}

/// A text's parts, under the names that the API has for them.
fn parts(text: &Text) -> [(&'static str, &str); 4] {
    [
        ("title", &text.title),
        ("caption", &text.caption),
        ("alt", &text.alt),
        ("transcript", &text.transcript),
    ]
}

fn units<W: Write>(
    writer: &mut Writer<W>,
    source: &Text,
    target: Option<&Text>,
) -> Result<(), std::io::Error> {
    let targets = target.map(parts);
    for (place, (name, text)) in parts(source).into_iter().enumerate() {
        if text.is_empty() {
            continue;
        }
        let translated = targets.and_then(|parts| parts.get(place).map(|part| part.1));
        writer
            .create_element("trans-unit")
            .with_attributes([("id", name), ("xml:space", "preserve")])
            .write_inner_content(|writer| {
                writer
                    .create_element("source")
                    .write_text_content(BytesText::new(text))?;
                if let Some(translated) = translated.filter(|text| !text.is_empty()) {
                    writer
                        .create_element("target")
                        .write_text_content(BytesText::new(translated))?;
                }
                Ok(())
            })?;
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn a_translator_gets_what_there_is_to_translate() {
        let text = |language: &str, title: &str, caption: &str| Text {
            language: language.into(),
            title: title.into(),
            caption: caption.into(),
            ..Text::default()
        };
        let source = text("vi", "Lễ hội <Huế> & biển", "Dòng một\nDòng hai");
        let lao = text("lo", "ງານບຸນ", "");
        let document = document("a \"b\".jpg", &source, "lo", Some(&lao)).unwrap();
        for part in [
            r#"original="a &quot;b&quot;.jpg""#,
            r#"source-language="vi" target-language="lo""#,
            r#"<trans-unit id="title" xml:space="preserve">"#,
            "<source>Lễ hội &lt;Huế&gt; &amp; biển</source>",
            "<target>ງານບຸນ</target>",
            "<source>Dòng một\nDòng hai</source>",
        ] {
            assert!(document.contains(part), "{part} in {document}");
        }
        assert_eq!(document.matches("<trans-unit").count(), 2);
        assert_eq!(document.matches("<target>").count(), 1);
    }
}
