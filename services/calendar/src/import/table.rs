//! Tables as rows of cells.

use std::io::{Cursor, Read as _};

use calamine::{DataRef, Reader as _, Xlsx};
use chrono::{NaiveDate, NaiveDateTime};

use super::{Cell, MAX_COLUMNS, MAX_ROWS, MAX_UNFOLDED, Unreadable};

/// A row: its number in the file, from 1, and its cells.
pub type Line = (u32, Vec<Cell>);

/// Comma, semicolon (as Excel writes it in Viet Nam and France) or tab, whichever the first line has most of.
pub fn csv(text: &str) -> Result<Vec<Line>, Unreadable> {
    let head = text.lines().next().unwrap_or_default();
    let count = |sign: char| head.matches(sign).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|sign| count(char::from(*sign)))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| Unreadable::NotRead)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<Cell> = record
            .iter()
            .take(MAX_COLUMNS)
            .map(|cell| Cell::Text(cell.to_owned()))
            .collect();
        push(&mut lines, (u32::try_from(line).unwrap_or(u32::MAX), cells))?;
    }
    Ok(lines)
}

/// The first sheet of a workbook. Cells come one by one, so that one far to the right takes no memory for those before it.
pub fn workbook(bytes: &[u8]) -> Result<Vec<Line>, Unreadable> {
    unfolds_to_little(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotRead)?;
    let names = book.sheet_names();
    let first = names.first().ok_or(Unreadable::Empty)?;
    let mut cells = book
        .worksheet_cells_reader(first)
        .map_err(|_| Unreadable::NotRead)?;
    let mut lines: Vec<Line> = Vec::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Unreadable::NotRead)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let Some(value) = value(cell.get_value()).filter(|_| column < MAX_COLUMNS) else {
            continue;
        };
        let number = row.saturating_add(1);
        if lines.last().is_none_or(|(last, _)| *last != number) {
            push(&mut lines, (number, Vec::new()))?;
        }
        if let Some((_, cells)) = lines.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Text(String::new()));
            }
            if let Some(place) = cells.get_mut(column) {
                *place = value;
            }
        }
    }
    Ok(lines)
}

fn push(lines: &mut Vec<Line>, line: Line) -> Result<(), Unreadable> {
    // One more than are taken, for the names of the columns.
    if lines.len() > MAX_ROWS {
        return Err(Unreadable::TooManyRows);
    }
    lines.push(line);
    Ok(())
}

fn value(data: &DataRef<'_>) -> Option<Cell> {
    Some(match data {
        DataRef::Empty => return None,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            Cell::Text(text.clone())
        }
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Text(number.to_string()),
        DataRef::Bool(yes) => Cell::Text(yes.to_string()),
        DataRef::Error(_) => Cell::Text(String::new()),
        DataRef::DateTime(at) => {
            let (year, month, day, hour, minute, _, _) = at.to_ymd_hms_milli();
            let time: Option<NaiveDateTime> = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
                .and_then(|day| day.and_hms_opt(hour.into(), minute.into(), 0));
            match time {
                // A time without a day is a fraction of the first one.
                Some(time) if at.as_f64() < 1.0 => Cell::Text(time.format("%H:%M").to_string()),
                Some(time) => Cell::Time(time),
                None => return None,
            }
        }
    })
}

/// What an archive says of its sizes may be a lie, so it is unfolded and counted.
fn unfolds_to_little(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::NotRead)?;
    let mut left = MAX_UNFOLDED;
    if archive.len() > 500 {
        return Err(Unreadable::TooLarge);
    }
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|_| Unreadable::NotRead)?;
        let read =
            std::io::copy(&mut file.take(left + 1), &mut std::io::sink()).map_err(|_| Unreadable::NotRead)?;
        left = left.checked_sub(read).ok_or(Unreadable::TooLarge)?;
    }
    Ok(())
}
