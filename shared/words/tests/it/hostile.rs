use std::fmt::Write as _;

use std::sync::LazyLock;

use chancery_words::{Index, Weight, query};
use proptest::prelude::*;
use sqlx::PgPool;
use tokio::runtime::Runtime;

use crate::{database, finds};

/// Whatever people paste, and more often than by chance what means something to a `tsquery`.
fn anything() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<String>(),
        "[a-zà-ỹ]{1,8}",
        "[\\p{Thai}\\p{Lao}\\p{Khmer}\\p{Han}\\p{Hangul}\\p{Arabic}]{1,12}",
        prop::sample::select(vec![
            "'", "''", "\\", "&", "|", "!", "<->", "<1>", ":*", ":A", "(", ")", "\"", " ", "½", "ﷺ", "\u{0}",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

async fn understood(pool: &PgPool, vector: &str, query: &str) -> Result<(), sqlx::Error> {
    sqlx::query("select $1::text::tsvector, $2::text::tsquery")
        .bind(vector)
        .bind(query)
        .execute(pool)
        .await
        .map(drop)
}

#[test]
fn nothing_that_is_typed_breaks_a_statement() {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    let database = RUNTIME.block_on(database());
    let pool = database.owner();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 1_500,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&(anything(), anything()), |(text, typed)| {
            let vector = Index::new()
                .with(Weight::B, &text)
                .with(Weight::D, &typed)
                .tsvector();
            RUNTIME
                .block_on(understood(pool, &vector, &query(&typed)))
                .map_err(|error| TestCaseError::fail(error.to_string()))
        })
        .unwrap();
}

#[test]
fn a_text_finds_itself() {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
    let database = RUNTIME.block_on(database());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 500,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&"[a-zA-Zà-ỹÀ-Ỹ가-힣0-9 ]{0,60}", |text| {
            let found = RUNTIME.block_on(finds(database.owner(), &text, &text));
            prop_assert!(found || query(&text).is_empty());
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn the_longest_index_is_still_a_tsvector() {
    let database = database().await;
    let mut words = String::new();
    for number in 0..20_000_u32 {
        write!(words, "đ{number:x}{} ", "ế".repeat(60)).unwrap();
    }
    let vector = Index::new().with(Weight::A, &words).tsvector();
    understood(database.owner(), &vector, "").await.unwrap();
    let mut short = String::new();
    for number in 0..120_000_u32 {
        write!(short, "{number:x} ").unwrap();
    }
    let vector = Index::new().with(Weight::A, &short).tsvector();
    understood(database.owner(), &vector, "").await.unwrap();
}
