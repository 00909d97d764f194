//! Words over a real PostgreSQL: what is indexed is found, and nothing that is typed breaks a statement.
#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

mod hostile;
mod languages;

use chancery_database::testing::TestDatabase;
use chancery_words::{Index, Weight, query};
use sqlx::PgPool;

/// Whether `typed` finds a thing with this text.
async fn finds(pool: &PgPool, typed: &str, text: &str) -> bool {
    sqlx::query_scalar("select $1::text::tsvector @@ $2::text::tsquery")
        .bind(Index::new().with(Weight::A, text).tsvector())
        .bind(query(typed))
        .fetch_one(pool)
        .await
        .unwrap()
}

async fn database() -> TestDatabase {
    TestDatabase::empty().await
}
