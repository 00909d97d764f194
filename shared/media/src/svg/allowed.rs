//! What a drawing may be made of. Everything that isn't named here goes.

/// Elements that draw, group or describe.
const ELEMENTS: &[&str] = &[
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "filter",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "style",
    "svg",
    "switch",
    "symbol",
    "text",
    "textPath",
    "title",
    "tspan",
    "use",
    // Filters whose cost grows with the picture only.
    "feBlend",
    "feColorMatrix",
    "feComponentTransfer",
    "feComposite",
    "feDropShadow",
    "feFlood",
    "feFuncA",
    "feFuncB",
    "feFuncG",
    "feFuncR",
    "feGaussianBlur",
    "feMerge",
    "feMergeNode",
    "feOffset",
];

/// Elements that go, but whose children stay.
const TRANSPARENT: &[&str] = &["a"];

/// Attributes without a prefix.
const ATTRIBUTES: &[&str] = &[
    // where and how large
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fr",
    "fx",
    "fy",
    "height",
    "id",
    "class",
    "offset",
    "pathLength",
    "points",
    "preserveAspectRatio",
    "r",
    "rotate",
    "rx",
    "ry",
    "transform",
    "gradientTransform",
    "patternTransform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
    "version",
    "lang",
    "systemLanguage",
    // units and markers
    "clipPathUnits",
    "filterUnits",
    "gradientUnits",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "orient",
    "patternContentUnits",
    "patternUnits",
    "primitiveUnits",
    "refX",
    "refY",
    "spreadMethod",
    // text
    "lengthAdjust",
    "startOffset",
    "textLength",
    "method",
    "spacing",
    "side",
    // filters
    "amplitude",
    "exponent",
    "in",
    "in2",
    "intercept",
    "k1",
    "k2",
    "k3",
    "k4",
    "mode",
    "operator",
    "result",
    "slope",
    "stdDeviation",
    "tableValues",
    "type",
    "values",
    // looks
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "direction",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "fill-rule",
    "flood-color",
    "flood-opacity",
    "font-family",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "image-rendering",
    "isolation",
    "letter-spacing",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "mix-blend-mode",
    "opacity",
    "overflow",
    "paint-order",
    "shape-rendering",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "style",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "unicode-bidi",
    "vector-effect",
    "visibility",
    "white-space",
    "word-spacing",
    "writing-mode",
];

/// What becomes of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Kept,
    /// Only what is in it stays.
    Opened,
    /// It goes with all that is in it.
    Dropped,
}

pub(super) fn element(name: &str) -> Fate {
    if ELEMENTS.contains(&name) {
        Fate::Kept
    } else if TRANSPARENT.contains(&name) {
        Fate::Opened
    } else {
        Fate::Dropped
    }
}

pub(super) fn attribute(name: &str) -> bool {
    ATTRIBUTES.contains(&name)
}

/// A value that reaches outside of the drawing: any `url(…)` that isn't `url(#…)`, or CSS that could hide one.
pub(super) fn stays_inside(value: &str) -> bool {
    if value.contains('\\') || value.contains('@') || value.contains("/*") {
        return false;
    }
    let lower = value.to_lowercase();
    if [
        "javascript:",
        "expression(",
        "image(",
        "image-set(",
        "src(",
        "-moz-binding",
        "behavior:",
    ]
    .iter()
    .any(|sign| lower.contains(sign))
    {
        return false;
    }
    lower.split("url(").skip(1).all(|rest| {
        rest.trim_start_matches([' ', '\t', '\n', '\'', '"'])
            .starts_with('#')
    })
}

/// The declarations of a `style` attribute that stay inside.
pub(super) fn declarations(css: &str) -> String {
    let kept: Vec<&str> = css
        .split(';')
        .filter(|part| !part.trim().is_empty() && stays_inside(part))
        .collect();
    kept.join(";")
}

/// The rules of a stylesheet that stay inside, without comments and without `@` rules.
pub(super) fn rules(css: &str) -> String {
    let mut kept = String::new();
    for rule in without_comments(css).split('}') {
        let Some((selector, body)) = rule.rsplit_once('{') else {
            continue;
        };
        if selector.contains(['@', '{', '\\', '<']) {
            continue;
        }
        kept.extend([selector.trim(), "{", &declarations(body), "}"]);
    }
    kept
}

fn without_comments(css: &str) -> String {
    let mut clean = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        clean.push_str(before);
        clean.push(' ');
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_reach_outside_are_seen() {
        for value in ["red", "url(#a)", "url( '#a' )", "translate(1 2)"] {
            assert!(stays_inside(value), "{value}");
        }
        for value in [
            "url(http://x)",
            "URL(//x)",
            "url(#a) url(x)",
            "u\\72l(x)",
            "javascript:x",
            "@import 'x'",
            "u/**/rl(x)",
        ] {
            assert!(!stays_inside(value), "{value}");
        }
    }

    #[test]
    fn a_stylesheet_keeps_its_harmless_rules() {
        assert_eq!(
            rules(
                "@import url(x); .a{fill:red;background:url(http://x)} /* } */ .b{stroke:blue} @font-face{src:url(x)}"
            ),
            ".b{stroke:blue}"
        );
        assert_eq!(
            rules(".a{fill:red;src:url(x)}.b>c{opacity:1}"),
            ".a{fill:red}.b>c{opacity:1}"
        );
    }
}
