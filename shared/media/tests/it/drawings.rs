//! SVG: what stays, what goes, and what is refused.

use chancery_media::{Refused, sanitise};

fn drawing(inside: &str) -> String {
    format!(
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 10 10'>{inside}</svg>"
    )
}

fn clean(inside: &str) -> String {
    let clean = sanitise(&drawing(inside)).unwrap();
    let inside = clean.strip_prefix("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\">");
    inside.unwrap().strip_suffix("</svg>").unwrap().to_owned()
}

#[test]
fn what_draws_stays() {
    for (before, after) in [
        (
            "<rect width='5' fill=\"url(#a)\"/>",
            "<rect width=\"5\" fill=\"url(#a)\"></rect>",
        ),
        (
            "<g id='a'><path d='M0 0'/></g><use xlink:href='#a'/>",
            "<g id=\"a\"><path d=\"M0 0\"></path></g><use href=\"#a\"></use>",
        ),
        (
            "<text>Xin ch&#224;o &amp; <![CDATA[<b>]]></text>",
            "<text>Xin chào &amp; &lt;b&gt;</text>",
        ),
        ("<style>.a{fill:red}</style>", "<style>.a{fill:red}</style>"),
        ("<a xlink:href='http://x'><rect/></a>", "<rect></rect>"),
    ] {
        assert_eq!(clean(before), after);
    }
}

#[test]
fn what_acts_or_reaches_outside_goes() {
    for before in [
        "<script>alert(1)</script>",
        "<script xlink:href='http://x'/>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script/></body></foreignObject>",
        "<image xlink:href='file:///etc/passwd'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zy8+'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onload' to='alert(1)'/>",
        "<?xml-stylesheet href='http://x'?>",
        "<!-- hidden -->",
        "<iframe src='http://x'/>",
        "<x:script xmlns:x='http://www.w3.org/2000/svg'>alert(1)</x:script>",
        "<g xmlns='http://www.w3.org/1999/xhtml'><rect/></g>",
        "<feImage href='http://x'/>",
        "<handler>alert(1)</handler>",
        "<metadata>Inkscape of Mr. A</metadata>",
    ] {
        let after = clean(before);
        assert!(
            matches!(after.as_str(), "" | "<image></image>"),
            "{before} became {after}"
        );
    }
    for (before, after) in [
        (
            "<rect onload='alert(1)' ONCLICK='x' width='1'/>",
            "<rect width=\"1\"></rect>",
        ),
        ("<use href='http://x#a'/>", "<use></use>"),
        (
            "<use href='#a' xlink:href='http://x'/>",
            "<use href=\"#a\"></use>",
        ),
        (
            "<rect fill='url(http://x)' style='fill:url(//x);stroke:red'/>",
            "<rect style=\"stroke:red\"></rect>",
        ),
        (
            "<style>@import 'http://x'; .a{fill:url(http://x)}</style>",
            "<style></style>",
        ),
        ("<g xml:base='http://x' data-x='1'/>", "<g></g>"),
        ("<script><g></g></script><rect/>", "<rect></rect>"),
    ] {
        assert_eq!(clean(before), after);
    }
}

#[test]
fn entities_bombs_and_other_things_are_refused() {
    let laughs = "<!DOCTYPE svg [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>";
    let deep = format!("{}{}", "<g>".repeat(500), "</g>".repeat(500));
    let mut many = "<g id='u0'><rect/></g>".to_owned();
    for level in 1..10 {
        let uses = format!("<use href='#u{}'/>", level - 1).repeat(10);
        many.extend([format!("<g id='u{level}'>{uses}</g>")]);
    }
    for (text, reason) in [
        (
            format!("{laughs}{}", drawing("<text>&b;</text>")),
            Refused::Entities,
        ),
        (drawing("<text>&b;</text>"), Refused::Entities),
        (drawing("<text font-family='&b;'/>"), Refused::Entities),
        (drawing(&deep), Refused::Bomb),
        (drawing(&many), Refused::Bomb),
        (drawing("<g id='a'><use href='#a'/></g>"), Refused::Bomb),
    ] {
        assert_eq!(sanitise(&text), Err(reason), "{text:.120}");
    }
    for text in [
        "",
        "<svg/>",
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><rect",
        "<svg xmlns='http://www.w3.org/2000/svg'/><svg xmlns='http://www.w3.org/2000/svg'/>",
    ] {
        assert!(matches!(sanitise(text), Err(Refused::Damaged(_))), "{text}");
    }
}

#[test]
fn cleaning_twice_changes_nothing() {
    let once = sanitise(&drawing(
        "<style>.a{fill:red}</style><text class='a'>a &lt; b &quot;c&quot;</text>",
    ))
    .unwrap();
    assert_eq!(sanitise(&once), Ok(once));
}
