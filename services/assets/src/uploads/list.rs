//! Lists of addresses (CSV): every line is fetched by a job of its own, taken or refused for itself.

use std::collections::HashSet;
use std::time::Duration;

use chancery_contracts::Origin;
use chancery_contracts::assets::FetchEntry;
use chancery_http::{Call, Error as HttpError, StatusCode};
use chancery_queue::{Outgoing, send_all};
use chancery_storage::{ContentHash, StorageError};
use url::Url;
use uuid::Uuid;

use super::finishing::Entry;
use super::{Upload, UploadError, UploadState, Uploads};
use crate::error::AssetError;
use crate::store;

/// The longest list, in bytes.
const LONGEST_LIST: u64 = 1_000_000;
/// The most addresses of one list.
const MOST_LINES: usize = 1_000;
/// Longest address, in characters.
const LONGEST_ADDRESS: usize = 2_000;
/// The longest file that is fetched, in bytes.
const MOST_FETCHED: u64 = 1_000_000_000;
/// How often an address is asked in vain.
const ATTEMPTS: u32 = 3;
/// What the column of the addresses may be called.
const HEADINGS: [&str; 6] = ["url", "link", "address", "địa chỉ", "đường dẫn", "liên kết"];

/// One line: its number in the file, the address as it is written, and why it is refused: a Fluent id.
type Line = (i32, String, Option<&'static str>);

impl Uploads {
    pub(super) async fn read_list(&self, upload: &Upload, hash: ContentHash) -> Result<(), UploadError> {
        let text = match self.library.store.read(hash, LONGEST_LIST).await {
            Err(StorageError::TooLarge { .. }) => {
                return self.refuse(upload.id, "uploads-refused-list-long").await;
            }
            text => text?,
        };
        let lines = match lines(&text) {
            Ok(lines) => lines,
            Err(reason) => return self.refuse(upload.id, reason).await,
        };
        let positions: Vec<i32> = lines.iter().map(|(position, _, _)| *position).collect();
        let names: Vec<String> = lines.iter().map(|(_, address, _)| address.clone()).collect();
        let refusals: Vec<_> = lines
            .iter()
            .map(|(_, _, refusal)| refusal.map(str::to_owned))
            .collect();
        let origin = Origin {
            actor: Some(upload.person),
            unit: Some(upload.wanted.unit),
            ..Origin::default()
        };
        let mut tx = self.library.pool.begin().await?;
        store::uploads::expanding(&mut tx, upload.id).await?;
        store::uploads::add_entries(&mut tx, upload.id, &positions, &names, &refusals).await?;
        let fetches: Vec<_> = store::uploads::waiting_entries(&mut tx, upload.id)
            .await?
            .into_iter()
            .map(|position| {
                let fetch = FetchEntry {
                    upload: upload.id,
                    position,
                };
                Outgoing::new(fetch, &origin).key(format!("{}/{position}", upload.id))
            })
            .collect();
        send_all(&mut tx, &fetches).await.map_err(AssetError::from)?;
        store::uploads::end_list(&mut tx, upload.id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Fetches one file of a list. `attempt` counts from 1.
    ///
    /// # Errors
    /// The address does not answer yet; the database or the store fails. It can be tried again.
    pub async fn fetch_entry(&self, id: Uuid, position: i32, attempt: u32) -> Result<(), UploadError> {
        let mut conn = self.library.pool.acquire().await?;
        let Some(address) = store::uploads::waiting_entry(&mut conn, id, position).await? else {
            return Ok(());
        };
        let upload = store::uploads::load(&mut conn, id).await?;
        drop(conn);
        if upload.state != UploadState::Expanding {
            return Ok(());
        }
        match self.fetch(&address).await {
            Ok((name, hash, size)) => {
                let entry = Entry {
                    upload: &upload,
                    position,
                    name: &name,
                };
                self.take_in(&entry, hash, size).await?;
            }
            Err(Failure::Passing(reason)) if attempt < ATTEMPTS => {
                return Err(AssetError::Broken(reason).into());
            }
            Err(Failure::Ours(error)) => return Err(error.into()),
            Err(failure) => {
                let entry = Entry {
                    upload: &upload,
                    position,
                    name: &address,
                };
                self.refuse_entry(&entry, failure.key()).await?;
            }
        }
        let mut conn = self.library.pool.acquire().await?;
        Ok(store::uploads::end_list(&mut conn, id).await?)
    }

    async fn fetch(&self, address: &str) -> Result<(String, ContentHash, u64), Failure> {
        let url: Url = address
            .parse()
            .map_err(|_| Failure::Lasting("uploads-address-unreadable"))?;
        let call = Call::get(url).timeout(Duration::from_secs(30));
        let download = self
            .http
            .download(call, MOST_FETCHED)
            .await
            .map_err(|error| match error {
                HttpError::Blocked(_) => Failure::Lasting("uploads-address-private"),
                error => Failure::Passing(error.to_string()),
            })?;
        match download.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(Failure::Lasting("uploads-address-gone")),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(Failure::Lasting("uploads-address-forbidden"));
            }
            StatusCode::TOO_MANY_REQUESTS => return Err(Failure::Passing("asked too often".to_owned())),
            status if status.is_server_error() => return Err(Failure::Passing(status.to_string())),
            _ => return Err(Failure::Lasting("uploads-address-refused")),
        }
        let name = name_of(&download.url);
        match self.library.store.put_stream(download.body, MOST_FETCHED).await {
            Ok((_, 0)) => Err(Failure::Lasting("media-refused-empty")),
            Ok((hash, size)) => Ok((name, hash, size)),
            Err(StorageError::TooLarge { .. }) => Err(Failure::Lasting("uploads-entry-too-large")),
            Err(StorageError::Upload(reason)) => Err(Failure::Passing(reason)),
            Err(error) => Err(Failure::Ours(error)),
        }
    }
}

/// Why an address gave no file.
enum Failure {
    /// It may answer later.
    Passing(String),
    /// It will not: a Fluent id.
    Lasting(&'static str),
    /// The store failed.
    Ours(StorageError),
}

impl Failure {
    const fn key(&self) -> &'static str {
        match self {
            Self::Lasting(key) => key,
            Self::Passing(_) | Self::Ours(_) => "uploads-address-silent",
        }
    }
}

/// The lines of a list, with what is wrong with them; a Fluent id when the whole is no list.
fn lines(text: &[u8]) -> Result<Vec<Line>, &'static str> {
    let text = std::str::from_utf8(text).map_err(|_| "uploads-refused-list-encoding")?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut column = None;
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for (position, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|_| "uploads-refused-list-unreadable")?;
        let Some(column) = column else {
            let heading = record
                .iter()
                .position(|cell| HEADINGS.contains(&cell.to_lowercase().as_str()));
            column = Some(heading.unwrap_or(0));
            if heading.is_none() {
                lines.extend(line(position, record.get(0).unwrap_or_default(), &mut seen));
            }
            continue;
        };
        lines.extend(line(position, record.get(column).unwrap_or_default(), &mut seen));
        if lines.len() > MOST_LINES {
            return Err("uploads-refused-list-long");
        }
    }
    if lines.is_empty() {
        return Err("uploads-refused-list-empty");
    }
    Ok(lines)
}

/// None for an empty cell.
fn line(position: i32, address: &str, seen: &mut HashSet<String>) -> Option<Line> {
    if address.is_empty() {
        return None;
    }
    let readable = address.chars().count() <= LONGEST_ADDRESS
        && !address.contains(char::is_control)
        && address
            .parse::<Url>()
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let refusal = if !readable {
        Some("uploads-address-unreadable")
    } else if !seen.insert(address.to_owned()) {
        Some("uploads-address-twice")
    } else {
        None
    };
    let shown = address
        .chars()
        .filter(|c| *c != '\0')
        .take(LONGEST_ADDRESS)
        .collect();
    Some((position, shown, refusal))
}

/// What parts the cells of the first line: spreadsheets write a semicolon where the comma is the decimal mark.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: char| first.matches(mark).count();
    [(b'\t', count('\t')), (b';', count(';')), (b',', count(','))]
        .into_iter()
        .max_by_key(|(_, count)| *count)
        .filter(|(_, count)| *count > 0)
        .map_or(b',', |(mark, _)| mark)
}

/// The last part of an address's path, as a file's name.
fn name_of(url: &Url) -> String {
    let last = url
        .path_segments()
        .and_then(|mut parts| parts.next_back())
        .unwrap_or_default();
    let name = percent_encoding::percent_decode_str(last)
        .decode_utf8_lossy()
        .into_owned();
    if name.is_empty() {
        url.host_str().unwrap_or("file").to_owned()
    } else {
        name
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_with_and_without_headings() {
        let plain = lines(b"https://example.org/a.jpg\n\nhttps://example.org/b.jpg,caption\n").unwrap();
        assert_eq!(plain.len(), 2);
        let excel = "\u{feff}Tên;Địa chỉ\nẢnh 1;https://example.org/1.jpg\nẢnh 2;https://example.org/2.jpg\n";
        let excel = lines(excel.as_bytes()).unwrap();
        assert_eq!(
            excel.first().unwrap(),
            &(2, "https://example.org/1.jpg".to_owned(), None)
        );
        assert_eq!(excel.len(), 2);
    }

    #[test]
    fn each_bad_line_is_told_for_itself() {
        let text =
            "url\nhttps://example.org/a.jpg\nfile:///etc/passwd\nnot an address\nhttps://example.org/a.jpg\n";
        let reasons: Vec<_> = lines(text.as_bytes())
            .unwrap()
            .into_iter()
            .map(|line| line.2)
            .collect();
        assert_eq!(
            reasons,
            [
                None,
                Some("uploads-address-unreadable"),
                Some("uploads-address-unreadable"),
                Some("uploads-address-twice")
            ]
        );
        assert_eq!(lines(b""), Err("uploads-refused-list-empty"));
        assert_eq!(lines(b"\xff\xfe"), Err("uploads-refused-list-encoding"));
        let long = "https://example.org/\n".repeat(1_001);
        assert_eq!(lines(long.as_bytes()), Err("uploads-refused-list-long"));
    }
}
