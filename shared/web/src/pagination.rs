//! Keyset pagination: a page starts *after* the last row of the one before, so that it costs the same however deep,
//! and rows that arrive meanwhile shift nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Problem;

/// Rows a page shows when nobody asks.
pub const DEFAULT_LIMIT: u32 = 25;
/// Rows a page shows at most.
pub const MAX_LIMIT: u32 = 100;

/// `?after=…&limit=…`, for use inside a query struct by `#[serde(flatten)]` or by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Pagination {
    /// The cursor that the page before gave as [`Page::next`].
    #[serde(default)]
    pub after: Option<String>,
    /// Rows wanted. A string, because flattened query parameters arrive as such.
    #[serde(default)]
    pub limit: Option<String>,
}

impl Pagination {
    /// Rows to show, between 1 and [`MAX_LIMIT`].
    #[must_use]
    pub fn limit(&self) -> u32 {
        let wanted = self
            .limit
            .as_deref()
            .and_then(|limit| limit.parse().ok())
            .unwrap_or(DEFAULT_LIMIT);
        wanted.clamp(1, MAX_LIMIT)
    }

    /// What to put into SQL's `limit`: one more than is shown, to know whether there is a next page.
    #[must_use]
    pub fn fetch(&self) -> i64 {
        i64::from(self.limit()) + 1
    }

    /// The key after which to start; none for the first page.
    ///
    /// # Errors
    /// The cursor was not made by [`Page::new`] for the same key type.
    pub fn after<K: DeserializeOwned>(&self) -> Result<Option<K>, Problem> {
        let Some(cursor) = self.after.as_deref().filter(|cursor| !cursor.is_empty()) else {
            return Ok(None);
        };
        let key = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok());
        key.map(Some)
            .ok_or_else(|| Problem::bad_request("problem-bad-cursor"))
    }
}

/// One page of rows and the cursor of the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// The rows, at most as many as asked for.
    pub items: Vec<T>,
    /// Opaque; the value of `?after=` for the next page. None: this is the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page of `rows`, which were fetched with [`Pagination::fetch`]; `key` gives the ordering key of a row, all
    /// columns of the `order by`.
    pub fn new<K: Serialize>(mut rows: Vec<T>, pagination: &Pagination, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(pagination.limit()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows
            .last()
            .filter(|_| more)
            .and_then(|row| serde_json::to_vec(&key(row)).ok());
        Self {
            items: rows,
            next: next.map(|json| URL_SAFE_NO_PAD.encode(json)),
        }
    }

    /// The same page of something else.
    pub fn map<U>(self, to: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(to).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use super::*;

    fn ask(after: Option<String>, limit: &str) -> Pagination {
        Pagination {
            after,
            limit: Some(limit.to_owned()),
        }
    }

    #[test]
    fn the_cursor_is_the_last_row_shown() {
        let first = ask(None, "2");
        assert_eq!(first.fetch(), 3);
        let page = Page::new(vec![10, 20, 30], &first, |row| ("2026-09-02", *row));
        assert_eq!(page.items, [10, 20]);
        let key: Option<(String, i32)> = ask(page.next, "2").after().unwrap();
        assert_eq!(key, Some(("2026-09-02".to_owned(), 20)));
    }

    #[test]
    fn the_last_page_has_no_next() {
        assert_eq!(Page::new(vec![1, 2], &ask(None, "2"), |row| *row).next, None);
    }

    #[test]
    fn nonsense_is_refused_and_limits_are_bounded() {
        assert!(ask(Some("%%%".to_owned()), "2").after::<i32>().is_err());
        assert!(
            ask(Some(URL_SAFE_NO_PAD.encode("\"text\"")), "2")
                .after::<i32>()
                .is_err()
        );
        assert_eq!(ask(None, "100000").limit(), MAX_LIMIT);
        assert_eq!(ask(None, "-1").limit(), DEFAULT_LIMIT);
        assert_eq!(ask(Some(String::new()), "0").after::<i32>().unwrap(), None);
    }
}
