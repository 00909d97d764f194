use chrono::NaiveDate;
use sqlx::{Error, query};

use super::Store;

/// What a short address says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Short {
    /// Where it leads.
    Leads(String),
    /// What it belonged to was withdrawn.
    Gone,
}

impl Store {
    /// What a short address says. Only those that the calendar made with an order are known.
    ///
    /// # Errors
    /// [`Error::RowNotFound`] for every other code.
    pub async fn short(&self, code: &str) -> Result<Short, Error> {
        let row = query!(
            "select target, gone_at from newsroom.short_links where code = $1",
            code
        )
        .fetch_one(&self.pool)
        .await?;
        Ok(if row.gone_at.is_some() {
            Short::Gone
        } else {
            Short::Leads(row.target)
        })
    }

    /// Counts that an address was followed on a day (in UTC).
    ///
    /// # Errors
    /// The database's.
    pub async fn followed(&self, code: &str, day: NaiveDate) -> Result<(), Error> {
        query!(
            "insert into newsroom.short_clicks (code, day) values ($1, $2)
             on conflict (code, day) do update set clicks = short_clicks.clicks + 1",
            code,
            day
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
