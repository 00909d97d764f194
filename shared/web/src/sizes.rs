//! Lengths of files as people read them.

use serde_json::Value;

use crate::Language;

/// So many bytes, in the largest unit of which there is at least one, with one decimal below ten: `4.2 MB`.
pub(crate) fn size(value: &Value, language: Language) -> String {
    let mut tenths = value.as_u64().unwrap_or_default().saturating_mul(10);
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        tenths = tenths.saturating_add(500) / 1000;
        unit = larger;
    }
    let point = match language {
        Language::Vi => ',',
        Language::En => '.',
    };
    // A space that does not break: a number and its unit are one word.
    if unit == "B" || tenths >= 100 {
        format!("{}\u{a0}{unit}", (tenths + 5) / 10)
    } else {
        format!("{}{point}{}\u{a0}{unit}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        let say = |bytes: u64, language| size(&bytes.into(), language).replace('\u{a0}', " ");
        assert_eq!(say(0, Language::En), "0 B");
        assert_eq!(say(999, Language::En), "999 B");
        assert_eq!(say(1_500, Language::Vi), "1,5 kB");
        assert_eq!(say(12_345_678, Language::En), "12 MB");
        assert_eq!(say(4_294_967_296, Language::Vi), "4,3 GB");
        assert_eq!(say(999_960, Language::En), "1.0 MB");
    }
}
