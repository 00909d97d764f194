//! What preflight looks up: one question for all of it, since it is asked at every save.

use chancery_contracts::ids::{ItemId, ModelId, UnitId};
use chancery_preflight::Name;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::model::{Asked, Circumstances, Echo, EnteredDay, KnownLink, LockedPassage, SensitiveWord};

/// How far apart the same text is still the same wave.
pub const WAVE: TimeDelta = TimeDelta::days(7);

/// A link's key.
#[must_use]
pub fn url_hash(url: &str) -> Vec<u8> {
    Sha256::digest(url.as_bytes()).to_vec()
}

/// Everything known that matters to an item of the unit with this `path`, which goes out `at`, on the first of these `days`
/// at the earliest and the last at the latest, on its wall or headquarters'.
///
/// # Errors
/// The database fails.
pub async fn circumstances(
    conn: &mut PgConnection,
    item: ItemId,
    path: &[UnitId],
    asked: &Asked,
    at: DateTime<Utc>,
    days: [NaiveDate; 2],
) -> Result<Circumstances, sqlx::Error> {
    let path: Vec<Uuid> = path.iter().map(|unit| unit.0).collect();
    let urls: Vec<Vec<u8>> = asked.links.iter().map(|url| url_hash(url)).collect();
    let [first, last] = days;
    let row = sqlx::query!(
        r#"select
             (select coalesce(jsonb_agg(jsonb_build_object('word', word, 'language', language, 'advice', advice,
                                                           'blocking', blocking, 'marks', marks) order by word), '[]')
              from calendar.sensitive_words
              where unit_id = any($1) and (language is null or language = any($2))
                and (keys is null or keys && $11)) as "words!: Json<Vec<SensitiveWord>>",
             (select coalesce(jsonb_agg(jsonb_build_object('term', term, 'language', language, 'approved', approved,
                                                           'avoid', avoid, 'locked', locked) order by term), '[]')
              from calendar.names where language = any($2) and (keys is null or keys && $11)) as "names!: Json<Vec<Name>>",
             (select coalesce(jsonb_agg(jsonb_build_object('language', language, 'text', text, 'source', source)
                                        order by position), '[]')
              from calendar.locked_passages where item_id = $3) as "passages!: Json<Vec<LockedPassage>>",
             (select coalesce(jsonb_agg(jsonb_build_object('url', url, 'outcome', outcome, 'status', status,
                                                           'checked_at', checked_at)), '[]')
              from calendar.links where url_hash = any($4)) as "links!: Json<Vec<KnownLink>>",
             (select coalesce(jsonb_agg(jsonb_build_object('hash', e.hash, 'account', e.account, 'is_out', e.is_out)
                                        order by e.account), '[]')
              from (select encode(v.text_hash, 'hex') as hash, a.name as account, bool_or(i.state in ('published', 'partly')) as is_out
                    from calendar.variants v
                    join calendar.items i on i.id = v.item_id
                    join publisher.published_accounts a on a.id = v.account_id
                    where v.text_hash = any($5) and v.item_id <> $3 and a.platform <> 'press_room'
                      and i.state not in ('draft', 'changes_requested', 'stopping', 'cancelled', 'failed')
                      and i.publish_at between $6 and $7
                    group by v.text_hash, a.name order by a.name limit 100) e) as "echoes!: Json<Vec<Echo>>",
             (select coalesce(array_agg(t.variant_id), '{}')
              from calendar.translations t join calendar.items i on i.id = t.item_id
              where t.item_id = $3 and t.stage <> 'in_work'
                and (t.source_title, t.source_body) is distinct from (i.title, i.body)) as "outdated!",
             (select coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'everywhere', d.scope = 'ministry', 'name', d.name,
                                                           'note', d.note, 'starts_on', d.starts_on, 'ends_on', d.ends_on)
                                        order by d.starts_on, d.id), '[]')
              from calendar.days d
              where d.starts_on <= $9::date and d.ends_on >= $8::date
                and (d.scope = 'ministry' or d.unit_id = any($1)
                     or exists (select from identity.published_units u
                                where u.id = $10 and (u.region = d.region or u.country = d.country)))) as "days!: Json<Vec<EnteredDay>>""#,
        &path,
        &asked.languages,
        item.0,
        &urls,
        &asked.texts,
        at - WAVE,
        at + WAVE,
        first,
        last,
        path.last().copied(),
        &asked.words,
    )
    .fetch_one(conn)
    .await?;
    Ok(Circumstances {
        words: row.words.0,
        names: row.names.0,
        passages: row.passages.0,
        links: row.links.0,
        echoes: row.echoes.0,
        outdated: row.outdated,
        days: row.days.0,
    })
}

/// Notes that these links are asked for; gives those that nobody has followed since `stale`.
///
/// # Errors
/// The database fails.
pub async fn ask_links(
    conn: &mut PgConnection,
    urls: &[String],
    now: DateTime<Utc>,
    stale: DateTime<Utc>,
) -> Result<Vec<String>, sqlx::Error> {
    let hashes: Vec<Vec<u8>> = urls.iter().map(|url| url_hash(url)).collect();
    sqlx::query_scalar!(
        "insert into calendar.links (url_hash, url, asked_at)
         select * from (select h, u, $3::timestamptz from unnest($1::bytea[], $2::text[]) n(h, u)) n
         on conflict (url_hash) do update set asked_at = excluded.asked_at where links.asked_at < $4
         returning url",
        &hashes,
        urls,
        now,
        stale,
    )
    .fetch_all(conn)
    .await
}

/// Remembers what became of a link, and forgets those that nobody has asked for since `forgotten`.
///
/// # Errors
/// The database fails.
pub async fn keep_link(
    conn: &mut PgConnection,
    link: &KnownLink,
    now: DateTime<Utc>,
    forgotten: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into calendar.links (url_hash, url, outcome, status, asked_at, checked_at) values ($1, $2, $3, $4, $5, $5)
         on conflict (url_hash) do update
         set outcome = excluded.outcome, status = excluded.status, checked_at = excluded.checked_at",
        url_hash(&link.url),
        link.url,
        link.outcome.as_str(),
        link.status.map(i32::from),
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!("delete from calendar.links where asked_at < $1", forgotten)
        .execute(conn)
        .await?;
    Ok(())
}

/// What `version` of a model wants kept word for word stays so in this item, in place of what stayed so before.
///
/// # Errors
/// The database fails.
pub async fn lock_passages(
    conn: &mut PgConnection,
    item: ItemId,
    model: ModelId,
    version: i32,
) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from calendar.locked_passages where item_id = $1", item.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "insert into calendar.locked_passages (item_id, position, language, text, source)
         select $1, position, language, text, source from calendar.model_passages where model_id = $2 and version = $3",
        item.0,
        model.0,
        version,
    )
    .execute(conn)
    .await?;
    Ok(())
}
