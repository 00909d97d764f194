//! Drawings: cleaned before anybody sees them, and drawn without opening any other file.

mod allowed;
mod draw;
mod multiply;
mod sanitise;

pub(crate) use draw::{Room, draw};
pub use sanitise::sanitise;

/// Text as it stands in XML, between tags or in quotation marks. Characters that XML cannot hold are left out.
pub(crate) fn escaped(text: &str) -> String {
    let writable: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    quick_xml::escape::escape(writable).into_owned()
}
