//! The list of names as a file: CSV with a heading, as spreadsheets write it.

use chancery_preflight::{Avoid, Name};
use csv::{ReaderBuilder, StringRecord, Trim};

use super::clean;

/// Most rows of one file.
const MOST: usize = 5_000;

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRefused {
    /// Its line in the file, counted from 1; the heading is 1.
    pub line: u64,
    /// The Fluent id of the reason.
    pub key: &'static str,
}

/// What is said of a name that cannot be kept: its field and the Fluent id of the reason.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn checked_name(mut name: Name) -> Result<Name, (&'static str, &'static str)> {
    let line = |text: &str| clean(text).split_whitespace().collect::<Vec<_>>().join(" ");
    name.term = line(&name.term);
    name.approved = line(&name.approved);
    name.language = name.language.trim().to_owned();
    name.avoid = name
        .avoid
        .into_iter()
        .map(|avoid| Avoid {
            form: line(&avoid.form),
            reason: line(&avoid.reason),
        })
        .filter(|avoid| !avoid.form.is_empty())
        .collect();
    let length = |text: &str| text.chars().count();
    if !(1..=100).contains(&length(&name.term)) {
        return Err(("term", "names-term-length"));
    }
    if !is_tag(&name.language) {
        return Err(("language", "names-language-unknown"));
    }
    if !(1..=300).contains(&length(&name.approved)) {
        return Err(("approved", "names-approved-length"));
    }
    let too_long = |avoid: &Avoid| length(&avoid.form) > 300 || length(&avoid.reason) > 500;
    if name.avoid.len() > 50 || name.avoid.iter().any(too_long) {
        return Err(("avoid", "names-avoid-length"));
    }
    if name.avoid.iter().any(|avoid| avoid.form == name.approved) {
        return Err(("avoid", "names-avoid-approved"));
    }
    Ok(name)
}

/// A BCP 47 tag of a language.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    matches!(primary.len(), 2 | 3)
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && tag.len() <= 35
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Forms to avoid, one a line or between bars, each with its reason after an equals sign.
#[must_use]
pub fn read_avoid(text: &str) -> Vec<Avoid> {
    let one = |part: &str| {
        let (form, reason) = part.split_once('=').unwrap_or((part, ""));
        Avoid {
            form: form.trim().to_owned(),
            reason: reason.trim().to_owned(),
        }
    };
    let parts = text.split(['\n', '|']).map(one);
    parts.filter(|avoid| !avoid.form.is_empty()).collect()
}

/// The names of a file with the columns `term`, `language`, `approved`, `avoid`, `locked` in any order, between commas
/// or semicolons. Rows that cannot be taken do not hinder the others.
///
/// # Errors
/// The Fluent id of what is wrong with the file as a whole.
pub fn read_names(file: &[u8]) -> Result<(Vec<Name>, Vec<RowRefused>), &'static str> {
    let text = std::str::from_utf8(file).map_err(|_| "names-file-encoding")?;
    let text = text.trim_start_matches('\u{feff}');
    let heading = text.lines().next().unwrap_or_default();
    let delimiter = if heading.matches(';').count() > heading.matches(',').count() {
        b';'
    } else {
        b','
    };
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|_| "names-file-heading")?.clone();
    let column = |wanted: &str| columns.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let (Some(term), Some(language), Some(approved)) =
        (column("term"), column("language"), column("approved"))
    else {
        return Err("names-file-heading");
    };
    let (avoid, locked) = (column("avoid"), column("locked"));
    let (mut names, mut refused) = (Vec::new(), Vec::new());
    for (number, record) in reader.records().enumerate() {
        if number == MOST {
            return Err("names-file-rows");
        }
        let fallback = number as u64 + 2;
        let Ok(record) = record else {
            refused.push(RowRefused {
                line: fallback,
                key: "names-row-unreadable",
            });
            continue;
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cell = |place: Option<usize>| cell(&record, place);
        let name = Name {
            term: cell(Some(term)),
            language: cell(Some(language)),
            approved: cell(Some(approved)),
            avoid: read_avoid(&cell(avoid)),
            locked: is_yes(&cell(locked)),
        };
        match checked_name(name) {
            Ok(name) => names.push(name),
            Err((_, key)) => refused.push(RowRefused {
                line: record.position().map_or(fallback, csv::Position::line),
                key,
            }),
        }
    }
    Ok((names, refused))
}

fn cell(record: &StringRecord, place: Option<usize>) -> String {
    place
        .and_then(|place| record.get(place))
        .unwrap_or_default()
        .to_owned()
}

fn is_yes(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "1" | "x" | "yes" | "true" | "có" | "co" | "khóa"
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_of_names_is_read_with_either_stroke() {
        let commas = "\u{feff}term,language,approved,avoid,locked\neast_sea,en,East Sea,South China Sea = not our name | Nanhai,yes\n\neast_sea,vi,Biển Đông,,\n";
        let (names, refused) = read_names(commas.as_bytes()).unwrap();
        assert!(refused.is_empty(), "{refused:?}");
        let first = names.first().unwrap();
        assert_eq!(
            (first.approved.as_str(), first.locked, names.len()),
            ("East Sea", true, 2)
        );
        assert_eq!(
            first.avoid,
            [
                Avoid {
                    form: "South China Sea".into(),
                    reason: "not our name".into()
                },
                Avoid {
                    form: "Nanhai".into(),
                    reason: String::new()
                }
            ]
        );
        let semicolons = "Approved;Term;Language\nĐại sứ, Phó Đại sứ;ranks;vi\n";
        let (names, _) = read_names(semicolons.as_bytes()).unwrap();
        assert_eq!(names.first().unwrap().approved, "Đại sứ, Phó Đại sứ");
    }

    #[test]
    fn each_bad_row_is_named_by_its_line_and_the_others_are_taken() {
        let file =
            "term,language,approved,avoid\na,vi,A tốt,\n,vi,B,\nc,Vietnamese,C,\nd,vi,,\ne,vi,E,E\nf,vi,F,\n";
        let (names, refused) = read_names(file.as_bytes()).unwrap();
        assert_eq!(
            names.iter().map(|name| name.term.as_str()).collect::<Vec<_>>(),
            ["a", "f"]
        );
        let told: Vec<_> = refused.iter().map(|row| (row.line, row.key)).collect();
        assert_eq!(
            told,
            [
                (3, "names-term-length"),
                (4, "names-language-unknown"),
                (5, "names-approved-length"),
                (6, "names-avoid-approved")
            ]
        );
    }

    #[test]
    fn a_file_that_is_none_is_refused_as_a_whole() {
        assert_eq!(read_names(b"\xff\xfe\x00"), Err("names-file-encoding"));
        assert_eq!(read_names(b"name,meaning\na,b\n"), Err("names-file-heading"));
        assert_eq!(read_names(b""), Err("names-file-heading"));
        let long = format!("term,language,approved\n{}", "a,vi,b\n".repeat(MOST + 1));
        assert_eq!(read_names(long.as_bytes()), Err("names-file-rows"));
    }
}
