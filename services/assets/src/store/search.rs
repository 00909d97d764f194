//! Finding assets. Everything that a search asks is in `assets.search`, one row an asset; one statement gives a page and
//! the facets of what was found.

use chancery_contracts::ids::{AssetId, UnitId};
use chancery_words::{Index, Weight};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::types::Json;
use sqlx::{Connection as _, PgConnection, query, query_scalar};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::model::{Lack, lacking};

/// So many of what was found are counted for the facets; a search that finds more says "more than".
pub const COUNTED: i64 = 1_000;

/// What is looked for; an empty list or nothing means: whatever.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// As typed.
    pub text: String,
    /// How far they have come.
    pub states: Vec<String>,
    /// Kinds of things.
    pub kinds: Vec<String>,
    /// Codes of the taxonomy.
    pub topics: Vec<String>,
    /// Codes of the ministry's priorities.
    pub priorities: Vec<String>,
    /// Where they were made.
    pub countries: Vec<String>,
    /// Languages in which there are texts.
    pub languages: Vec<String>,
    /// `landscape`, `portrait`, `square`, `panorama`.
    pub shapes: Vec<String>,
    /// `short`, `medium`, `long`.
    pub lengths: Vec<String>,
    /// Whose they are.
    pub owners: Vec<Uuid>,
    /// Only official texts.
    pub official: bool,
    /// Only what nobody ever used.
    pub unused: bool,
    /// Only what lacks one of these ([`crate::model::Lack::code`]), of units whose assets the viewer looks after.
    pub lacks: Vec<String>,
    /// Only what lacks anything, of the same units; then what is missing is counted too.
    pub lacking: bool,
    /// Only what may be used now: in the house, or on this channel.
    pub usable: Option<Option<String>>,
}

/// Who looks.
#[derive(Debug, Clone)]
pub struct Eyes {
    /// The units whose assets they look after.
    pub keeps: Vec<Uuid>,
    /// For which unit they look.
    pub unit: UnitId,
    /// The country where it works.
    pub country: Option<String>,
    /// When.
    pub now: DateTime<Utc>,
    /// The language of titles.
    pub language: String,
}

/// An asset in a list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Card {
    /// Its id.
    #[schema(value_type = Uuid)]
    pub id: AssetId,
    /// A [`crate::model::Kind`].
    pub kind: String,
    /// A [`crate::model::State`].
    pub state: String,
    /// Whose it is.
    pub unit: Uuid,
    /// Its name in the reader's language, if there is one.
    pub title: Option<String>,
    /// The language of that name.
    pub language: Option<String>,
    /// What somebody who cannot see it should know.
    pub alt: Option<String>,
    /// As it was called.
    pub file_name: String,
    /// The line that must stand beside it.
    pub credit: String,
    /// The content of which a preview is made; none while nobody has looked inside.
    pub preview: Option<String>,
    /// In pixels.
    pub width: Option<i32>,
    /// In pixels.
    pub height: Option<i32>,
    /// How long it lasts.
    pub duration_ms: Option<i64>,
    /// It stays in the house.
    pub internal_only: bool,
    /// An official text.
    pub official: bool,
    /// When the right to use it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it may not be used in the house, or on the channel asked for; none: it may.
    pub refusal: Option<String>,
}

/// One value of a facet, and how many of what was found have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// Of which facet: `kind`, `topic`, `country`, ….
    pub facet: String,
    /// The value.
    pub value: String,
    /// How many.
    pub count: i64,
}

/// What was found.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct Found {
    /// The page's cards, the latest first.
    pub cards: Vec<Card>,
    /// Of the first page only.
    pub facets: Vec<Count>,
    /// How many there are, up to [`COUNTED`]; of the first page only.
    pub count: i64,
}

/// Looks: `limit` cards after the one named, and facets where none is.
///
/// # Errors
/// The database fails.
pub async fn find(
    conn: &mut PgConnection,
    filter: &Filter,
    eyes: &Eyes,
    after: Option<AssetId>,
    limit: i64,
) -> Result<Found, sqlx::Error> {
    let words = chancery_words::query(&filter.text);
    let words = (!words.is_empty()).then_some(words);
    // Something was typed, and it has no word: it finds nothing, rather than everything.
    if words.is_none() && !filter.text.trim().is_empty() {
        return Ok(Found::default());
    }
    let (usable, channel) = match &filter.usable {
        Some(channel) => (true, channel.as_deref()),
        None => (false, None),
    };
    let counted = if after.is_none() { COUNTED } else { limit };
    let list = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
    // Which index serves depends on what is asked; a plan for every case serves none. Compiling one takes longer than it runs.
    let mut tx = conn.begin().await?;
    query!("select set_config('plan_cache_mode', 'force_custom_plan', true) as plan, set_config('jit', 'off', true) as jit")
        .fetch_one(&mut *tx)
        .await?;
    // The planner takes a plain `is null` of a rule to be rare, and reads everything; of a `case` it expects every second row.
    let found = query!(
        r#"with hits as materialized (
               select s.asset_id, s.kind, s.topics, s.priorities, s.country, s.languages, s.shape, s.length, s.lacks
               from assets.search s
               where ($1::text is null or s.words @@ $1::text::tsquery)
                 and ($2::text[] is null or s.state = any($2))
                 and ($3::text[] is null or s.tags && $3)
                 and ($4::text[] is null or s.topics && $4)
                 and ($5::text[] is null or s.priorities && $5)
                 and ($6::text[] is null or s.tags && $6)
                 and ($7::text[] is null or s.languages && $7)
                 and ($8::text[] is null or s.tags && $8)
                 and ($9::text[] is null or s.tags && $9)
                 and (not $10::bool or s.official)
                 and (not $11::bool or not s.used)
                 and ($12::uuid is null or s.asset_id < $12)
                 and ($21::uuid[] is null or s.unit_id = any($21))
                 and ($22::text[] is null or s.lacks && $22)
                 and (not $23::bool or (s.lacks <> '{}' and s.unit_id = any($13)))
                 and (s.unit_id = any($13) or case when assets.refusal(
                         s.state, s.licence, s.consent, s.internal_only, s.territory, s.channels, s.starts_at, s.ends_at,
                         s.embargo_at, $14, null, $15) is null then true else false end)
                 and (not $16::bool or case when assets.refusal(
                         s.state, s.licence, s.consent, s.internal_only, s.territory, s.channels, s.starts_at, s.ends_at,
                         s.embargo_at, $14, $17, $15) is null then true else false end)
               order by s.asset_id desc limit $18),
           counts as (
               select 'kind' as facet, kind as value, count(*) as count from hits group by 2
               union all select 'topic', t, count(*) from hits, unnest(topics) t group by 2
               union all select 'priority', p, count(*) from hits, unnest(priorities) p group by 2
               union all select 'country', country, count(*) from hits where country is not null group by 2
               union all select 'language', l, count(*) from hits, unnest(languages) l group by 2
               union all select 'shape', shape, count(*) from hits where shape is not null group by 2
               union all select 'length', length, count(*) from hits where length is not null group by 2
               union all select 'lack', l, count(*) from hits, unnest(lacks) l where $23 group by 2),
           page as (select asset_id from hits order by asset_id desc limit $19),
           cards as (
               select a.id, a.kind, a.state, a.unit_id as unit, t.title, t.language, t.alt, a.file_name, a.credit,
                      f.sha256 as preview, f.width, f.height, f.duration_ms, a.internal_only, a.official, a.ends_at,
                      assets.refusal(a.state, a.licence, a.consent, a.internal_only, a.territory, a.channels,
                                     a.starts_at, a.ends_at, a.embargo_at, $14, $17, $15) as refusal
               from page join assets.assets a on a.id = page.asset_id
               left join lateral (
                   select title, language, alt from assets.texts where asset_id = a.id and title <> ''
                   order by language = $20 desc, language = 'en' desc, language = 'vi' desc, language limit 1) t on true
               left join lateral (
                   select sha256, width, height, duration_ms from assets.files
                   where asset_id = a.id and role = 'original' and state = 'ready' and superseded_at is null
                   limit 1) f on true)
           select (select coalesce(jsonb_agg(to_jsonb(cards) order by id desc), '[]') from cards) as "cards!: Json<Vec<Card>>",
                  (select coalesce(jsonb_agg(to_jsonb(counts) order by count desc, value), '[]') from counts) as "facets!: Json<Vec<Count>>",
                  (select count(*) from hits) as "count!""#,
        words,
        list(&filter.states) as Option<Vec<String>>,
        tags("kind", &filter.kinds) as Option<Vec<String>>,
        list(&filter.topics) as Option<Vec<String>>,
        list(&filter.priorities) as Option<Vec<String>>,
        tags("country", &filter.countries) as Option<Vec<String>>,
        list(&filter.languages) as Option<Vec<String>>,
        tags("shape", &filter.shapes) as Option<Vec<String>>,
        tags("length", &filter.lengths) as Option<Vec<String>>,
        filter.official,
        filter.unused,
        after.map(|id| id.0),
        &eyes.keeps,
        eyes.country.as_deref(),
        eyes.now,
        usable,
        channel,
        counted,
        limit,
        eyes.language,
        (!filter.owners.is_empty()).then(|| filter.owners.clone()) as Option<Vec<Uuid>>,
        list(&filter.lacks) as Option<Vec<String>>,
        filter.lacking || !filter.lacks.is_empty()
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Found {
        cards: found.cards.0,
        facets: if after.is_none() {
            found.facets.0
        } else {
            Vec::new()
        },
        count: found.count,
    })
}

/// The values as `assets.search.tags` has them; none where whatever is looked for.
fn tags(facet: &str, values: &[String]) -> Option<Vec<String>> {
    let tag = |value| format!("{facet}:{value}");
    (!values.is_empty()).then(|| values.iter().map(tag).collect())
}

/// Assets that may be used in the house and have most in common with this one: topics, priorities, country, kind.
///
/// # Errors
/// The database fails.
pub async fn alike(
    conn: &mut PgConnection,
    asset: AssetId,
    eyes: &Eyes,
    limit: i64,
) -> Result<Vec<AssetId>, sqlx::Error> {
    query_scalar!(
        r#"select near.asset_id as "id!: AssetId" from (
               select s.asset_id,
                      cardinality(array(select unnest(s.topics) intersect select unnest(o.topics)))
                      + 2 * cardinality(array(select unnest(s.priorities) intersect select unnest(o.priorities)))
                      + case when s.country = o.country then 1 else 0 end
                      + case when s.kind = o.kind then 1 else 0 end as score
               from assets.search o join assets.search s on s.topics && o.topics and s.asset_id <> o.asset_id
               where o.asset_id = $1 and assets.refusal(
                         s.state, s.licence, s.consent, s.internal_only, s.territory, s.channels, s.starts_at, s.ends_at,
                         s.embargo_at, $2, null, $3) is null
               order by s.asset_id desc limit 2000) near
           order by near.score desc, near.asset_id desc limit $4"#,
        asset.0,
        eyes.country.as_deref(),
        eyes.now,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Assets of which it is not written down what is missing.
///
/// # Errors
/// The database fails.
pub async fn unread(conn: &mut PgConnection, limit: i64) -> Result<Vec<AssetId>, sqlx::Error> {
    query_scalar!(
        r#"select asset_id as "id: AssetId" from assets.search where lacks is null order by asset_id limit $1"#,
        limit
    )
    .fetch_all(conn)
    .await
}

/// Writes an asset's words, languages, shape and what it lacks anew. The other columns follow the asset by themselves.
///
/// # Errors
/// The database fails.
pub async fn index(conn: &mut PgConnection, id: AssetId) -> Result<(), sqlx::Error> {
    let asset = super::assets::load(&mut *conn, id, super::assets::Lock::None).await?;
    let facts: Vec<Value> = query_scalar!(
        "select facts from assets.files
         where asset_id = $1 and state = 'ready' and superseded_at is null and role in ('original', 'captions')",
        id.0
    )
    .fetch_all(&mut *conn)
    .await?;
    let details = &asset.details;
    let mut words = Index::new();
    for text in &details.texts {
        words.add(Weight::A, &text.title);
    }
    for text in &details.texts {
        words.add(Weight::B, &text.caption);
        words.add(Weight::B, &text.alt);
    }
    for line in [&details.credit, &details.agency, &details.creator, &details.place] {
        words.add(Weight::B, line);
    }
    words.add(Weight::C, &asset.file_name);
    for text in &details.texts {
        words.add(Weight::D, &text.transcript);
    }
    for facts in &facts {
        words.add(
            Weight::D,
            facts.get("text").and_then(Value::as_str).unwrap_or_default(),
        );
    }
    let languages: Vec<String> = details.texts.iter().map(|text| text.language.clone()).collect();
    let alts: Vec<String> = details
        .texts
        .iter()
        .filter(|text| !text.alt.is_empty())
        .map(|text| text.language.clone())
        .collect();
    let unit = chancery_directory::unit(&mut *conn, asset.unit).await?;
    let wanted: Vec<&str> = crate::model::wanted_languages(&unit.languages).collect();
    let has_consent = super::files::has_consent(&mut *conn, id).await?;
    let lacks: Vec<String> = lacking(details, asset.kind, &wanted, has_consent)
        .iter()
        .map(Lack::code)
        .collect();
    query!(
        "update assets.search s set words = $2::text::tsvector, languages = $3, alts = $4, lacks = $5,
             shape = case when f.width is null or f.height is null then null
                          when f.width > 2 * f.height then 'panorama'
                          when f.width * 10 > f.height * 11 then 'landscape'
                          when f.height * 10 > f.width * 11 then 'portrait' else 'square' end,
             length = case when f.duration_ms is null then null when f.duration_ms < 60000 then 'short'
                           when f.duration_ms < 300000 then 'medium' else 'long' end
         from (values (1)) one left join lateral (
             select width, height, duration_ms from assets.files
             where asset_id = $1 and role = 'original' and state = 'ready' and superseded_at is null limit 1) f on true
         where s.asset_id = $1",
        id.0,
        words.tsvector(),
        &languages,
        &alts,
        &lacks
    )
    .execute(conn)
    .await?;
    Ok(())
}
