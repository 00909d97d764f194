//! Contact sheets, as other programs read them.

use std::process::Command;

use chancery_assets::Actor;
use chancery_assets::sheet::{Cell, Sheet, write};
use chancery_print::missing_fonts;
use http::header;

use crate::pages::Site;
use crate::rig::{Rig, picture};

/// What one of poppler's programs says of a PDF.
pub fn said(program: &str, pdf: &[u8], arguments: &[&str]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let mut command = Command::new(program);
    // Where the text goes is named after the file, everything else before it.
    let (options, output) = match arguments {
        [options @ .., "-"] => (options, Some("-")),
        options => (options, None),
    };
    command.args(options).arg(file.path()).args(output);
    let out = command.output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn cell(name: &str) -> Cell {
    Cell {
        picture: Some(picture(64, 48)),
        kind: "Ảnh".into(),
        name: name.into(),
        lines: vec!["Ghi công: TTXVN".into(), String::new()],
    }
}

#[test]
fn a_sheet_is_read_aloud_in_order_with_its_headings_and_pictures() {
    let sheet = Sheet {
        language: "vi".into(),
        title: "Ngày hội văn hóa".into(),
        about: "Bộ mẫu".into(),
        guidance: Some(("Hướng dẫn sử dụng".into(), "Ghi đủ nguồn ảnh.".into())),
        cells: ["Hồ Gươm", "Chùa Một Cột"].map(cell).into(),
        closing: vec!["Còn tư liệu khác".into()],
        ..Sheet::default()
    };
    let pdf = write(&sheet).unwrap();
    assert!(said("pdfinfo", &pdf, &[]).contains("Tagged:          yes"));
    let read = said("pdfinfo", &pdf, &["-struct-text"]);
    let at = |words: &str| read.find(words).unwrap_or_else(|| panic!("{words} in {read}"));
    let order = [
        "H1",
        "Ngày hội văn hóa",
        "Bộ mẫu",
        "H2",
        "Hướng dẫn",
        "Ghi đủ",
        "L ",
        "LI",
        "Figure",
        "Hồ Gươm",
        "Chùa Một Cột",
        "Còn tư liệu khác",
    ];
    assert!(order.map(at).is_sorted(), "{read}");
    assert_eq!(read.matches("LBody").count(), 2, "{read}");
    // The number of the page is nobody's to hear.
    assert!(!read.contains("1 / 1") && !read.contains("1/1"), "{read}");
}

#[test]
fn every_script_of_the_missions_is_set_in_its_own_font() {
    assert!(
        missing_fonts().is_empty(),
        "install fonts-noto-core: {:?}",
        missing_fonts()
    );
    let names = [
        "Hồ Gươm buổi sớm",
        "ທາດຫຼວງ",
        "مدينة هانوي",
        "วัดพระแก้ว",
        "អង្គរវត្ត",
        "हनोई",
    ];
    let sheet = Sheet {
        language: "vi".into(),
        title: "Ngày hội văn hóa".into(),
        guidance: Some(("Hướng dẫn sử dụng".into(), "Ghi đủ nguồn ảnh.".into())),
        cells: names.map(cell).into(),
        lacking: "THIẾU CHỮ".into(),
        ..Sheet::default()
    };
    let pdf = write(&sheet).unwrap();
    let text = said("pdftotext", &pdf, &["-layout", "-"]);
    for words in [
        "Ngày hội văn hóa",
        "Ghi đủ nguồn ảnh.",
        "Hồ Gươm buổi sớm",
        "Ghi công: TTXVN",
        "1/1",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(!text.contains("THIẾU CHỮ"), "{text}");
    let fonts = said("pdffonts", &pdf, &[]);
    for font in [
        "NotoSans-Bold",
        "NotoSansLao",
        "NotoSansArabic",
        "NotoSansThai",
        "NotoSansKhmer",
        "NotoSansDevanagari",
    ] {
        let line = fonts.lines().find(|line| line.contains(font)).unwrap_or_default();
        // Embedded, cut to what is used, and readable as text.
        assert!(line.contains("yes yes yes"), "{font} in {fonts}");
    }
    let strange = Sheet {
        cells: vec![cell("\u{10330}")],
        lacking: "THIẾU CHỮ".into(),
        ..Sheet::default()
    };
    let text = said("pdftotext", &write(&strange).unwrap(), &["-"]);
    assert!(text.contains("THIẾU CHỮ"), "{text}");
}

#[test]
fn a_long_sheet_flows_over_pages() {
    let guidance = "Chọn hai đến bốn ảnh cho mỗi bài, ghi đủ nguồn ảnh. ".repeat(200);
    let sheet = Sheet {
        title: "Dài".into(),
        guidance: Some(("Hướng dẫn".into(), guidance)),
        cells: (0..40)
            .map(|n| Cell {
                picture: None,
                kind: "Phim".into(),
                name: format!("{n:02}_{}", "ten_tep_dai_khong_co_dau_cach".repeat(5)),
                lines: vec!["Ghi chú. ".repeat(100)],
            })
            .collect(),
        ..Sheet::default()
    };
    let pdf = write(&sheet).unwrap();
    let about = said("pdfinfo", &pdf, &[]);
    let pages = about
        .lines()
        .find_map(|line| line.strip_prefix("Pages:"))
        .unwrap();
    let pages: usize = pages.trim().parse().unwrap();
    assert!((5..=12).contains(&pages), "{about}");
    assert!(about.contains("A4"), "{about}");
    let text = said("pdftotext", &pdf, &["-layout", "-"]);
    assert!(
        text.contains(&format!("{pages}/{pages}")) && text.contains("39_"),
        "{text}"
    );
}

#[tokio::test]
async fn a_collection_becomes_a_sheet_of_what_the_viewer_may_use() {
    let site = Site::new().await;
    let rig = &site.rig;
    let open = site.published("a.jpg", Rig::details("Chùa Một Cột")).await;
    let mut elsewhere = Rig::details("Chỉ ở Pháp");
    elsewhere.rights.territory = Some(vec!["FR".into()]);
    let elsewhere = site.published("b.jpg", elsewhere).await;
    let collection = site.collection(&[open]).await;
    rig.library
        .collect(Actor::new(&rig.steward), collection, &[elsewhere])
        .await
        .unwrap();
    let path = format!("/collections/{collection}/sheet.pdf");
    let answer = site.get(&rig.lan, &path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/pdf");
    let name = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(name.starts_with("inline; ") && name.contains(".pdf"), "{name}");
    let text = said("pdftotext", &answer.bytes, &["-layout", "-"]);
    assert!(
        text.contains("Quốc khánh") && text.contains("Chùa Một Cột"),
        "{text}"
    );
    assert!(
        text.contains("Thuộc sở hữu Nhà nước") && !text.contains("Chỉ ở Pháp"),
        "{text}"
    );
    assert!(
        text.contains("1 tư liệu không hiển thị do quyền sử dụng"),
        "{text}"
    );
    let images = said("pdfimages", &answer.bytes, &["-list"]);
    assert_eq!(
        images.lines().filter(|line| line.contains(" image ")).count(),
        1,
        "{images}"
    );
    assert_eq!(site.get(&rig.paul, &path).await.status, 404);
}
