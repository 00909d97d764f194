//! The library: search, facets, and a grid of what was found. Also as a picker inside other pages.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_contracts::ids::AssetId;
use chancery_web::{Language, Path, Problem, Query, Shell, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::view::{self, Choice};
use super::{App, actor};
use crate::model::State as AssetState;
use crate::store::search::{self, Count, Filter, Found};
use crate::store::{assets, saved, vocabulary};

/// Cards of one page.
const PAGE: i64 = 48;
/// Values of one facet that are shown.
const FACET: usize = 12;

/// What is looked for, as an address says it. What is not understood filters nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    pub text: String,
    /// A state that only keepers see; else what is published.
    #[serde(default)]
    pub state: String,
    #[serde(default)]
    pub kind: Vec<String>,
    #[serde(default)]
    pub topic: Vec<String>,
    #[serde(default)]
    pub priority: Vec<String>,
    #[serde(default)]
    pub country: Vec<String>,
    #[serde(default)]
    pub language: Vec<String>,
    #[serde(default)]
    pub shape: Vec<String>,
    #[serde(default)]
    pub length: Vec<String>,
    /// Whose.
    #[serde(default)]
    pub owner: Vec<Uuid>,
    /// A channel, or `here`: only what may be used now.
    #[serde(default)]
    pub usable: String,
    #[serde(default)]
    pub official: String,
    #[serde(default)]
    pub unused: String,
    /// Only what lacks something, for who looks after it.
    #[serde(default)]
    pub lacking: String,
    /// What it lacks: `alt:en`.
    #[serde(default)]
    pub lack: Vec<String>,
    /// For which unit.
    #[serde(default, rename = "for")]
    pub unit: String,
    #[serde(default)]
    pub after: String,
}

impl Wanted {
    pub(super) fn filter(&self) -> Filter {
        let states = match self.state.parse::<AssetState>() {
            Ok(AssetState::Draft | AssetState::Returned) => vec!["draft".to_owned(), "returned".to_owned()],
            Ok(state) => vec![state.to_string()],
            Err(_) => vec![AssetState::Published.to_string()],
        };
        let usable = match self.usable.as_str() {
            "" => None,
            "here" => Some(None),
            channel => Some(Some(channel.to_owned())),
        };
        Filter {
            text: self.text.trim().chars().take(500).collect(),
            states,
            kinds: self.kind.clone(),
            topics: self.topic.clone(),
            priorities: self.priority.clone(),
            countries: self.country.clone(),
            languages: self.language.clone(),
            shapes: self.shape.clone(),
            lengths: self.length.clone(),
            owners: self.owner.clone(),
            official: !self.official.is_empty(),
            unused: !self.unused.is_empty(),
            lacks: self.lack.clone(),
            lacking: !self.lacking.is_empty(),
            usable,
        }
    }

    pub(super) fn after(&self) -> Option<AssetId> {
        self.after.parse().ok()
    }

    fn is_narrow(&self) -> bool {
        let lists = [
            &self.kind,
            &self.topic,
            &self.priority,
            &self.country,
            &self.language,
            &self.shape,
            &self.length,
            &self.lack,
        ];
        let words = [
            &self.text,
            &self.usable,
            &self.official,
            &self.unused,
            &self.lacking,
        ];
        words.iter().any(|word| !word.is_empty()) || lists.iter().any(|list| !list.is_empty())
    }

    /// The address of this search, without a place in it.
    fn query(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = vec![("text", &self.text), ("state", &self.state)];
        for (name, values) in [
            ("kind", &self.kind),
            ("topic", &self.topic),
            ("priority", &self.priority),
            ("country", &self.country),
            ("language", &self.language),
            ("shape", &self.shape),
            ("length", &self.length),
            ("lack", &self.lack),
        ] {
            pairs.extend(values.iter().map(|value| (name, value.as_str())));
        }
        pairs.extend([
            ("usable", self.usable.as_str()),
            ("official", &self.official),
            ("unused", &self.unused),
            ("lacking", &self.lacking),
            ("for", &self.unit),
        ]);
        let owners: Vec<String> = self.owner.iter().map(Uuid::to_string).collect();
        pairs.extend(owners.iter().map(|owner| ("owner", owner.as_str())));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
        query.finish()
    }
}

/// One group of choices beside the grid.
#[derive(Debug, Serialize)]
struct Facet {
    /// The parameter's name, and the end of a Fluent id.
    facet: &'static str,
    choices: Vec<Choice>,
}

/// What a value is called that is in no closed list: a country, a language, something that is missing.
fn label(shell: &Shell, language: Language, facet: &str, value: &str) -> Option<String> {
    let locales = shell.locales();
    match facet {
        "country" => Some(locales.country(language, value)),
        "language" => Some(locales.language_name(language, value)),
        "lack" => {
            let (what, tag) = value.split_once(':').unwrap_or((value, ""));
            let args = [("language".into(), locales.language_name(language, tag).into())];
            locales.find(language, &format!("assets-lack-{what}"), &args.into())
        }
        _ => None,
    }
}

fn facets(
    shell: &Shell,
    language: Language,
    wanted: &Wanted,
    counts: &[Count],
    priorities: &[(String, Value)],
) -> Vec<Facet> {
    let facet = |facet: &'static str, chosen: &[String], prefix: &str| {
        let mut choices: Vec<Choice> = counts
            .iter()
            .filter(|count| count.facet == facet)
            .take(FACET)
            .map(|count| Choice {
                key: (!prefix.is_empty()).then(|| format!("{prefix}-{}", count.value)),
                names: priorities
                    .iter()
                    .find(|(code, _)| facet == "priority" && *code == count.value)
                    .map(|(_, names)| names.clone()),
                label: label(shell, language, facet, &count.value),
                count: Some(count.count),
                chosen: chosen.contains(&count.value),
                value: count.value.clone(),
            })
            .collect();
        // What is chosen stays to be unchosen, even when nothing has it.
        for value in chosen {
            if choices.iter().all(|choice| choice.value != *value) {
                choices.push(Choice {
                    value: value.clone(),
                    key: None,
                    names: None,
                    label: label(shell, language, facet, value),
                    count: Some(0),
                    chosen: true,
                });
            }
        }
        Facet { facet, choices }
    };
    let all = [
        facet("kind", &wanted.kind, "asset-kind"),
        facet("topic", &wanted.topic, "media-topic"),
        facet("priority", &wanted.priority, ""),
        facet("country", &wanted.country, ""),
        facet("language", &wanted.language, ""),
        facet("shape", &wanted.shape, "asset-shape"),
        facet("length", &wanted.length, "asset-length"),
        facet("lack", &wanted.lack, ""),
    ];
    all.into_iter()
        .filter(|facet| !facet.choices.is_empty())
        .collect()
}

/// Searches as the viewer, and gives what the templates show.
async fn searched(app: &App, viewer: &Viewer, wanted: &Wanted) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (unit, units) = view::stand(&mut conn, viewer, Some(&wanted.unit)).await?;
    let eyes = view::eyes(app, &mut conn, viewer, &unit).await?;
    let mut found = search::find(&mut conn, &wanted.filter(), &eyes, wanted.after(), PAGE + 1).await?;
    let next = next_of(&mut found);
    let priorities = vocabulary::priorities(&mut conn).await?;
    let person = viewer.principal()?;
    let saved = saved::of_person(&mut conn, person.person).await?;
    let chosen = |word: &str| wanted.usable == word;
    let units: Vec<_> = units
        .iter()
        .map(|one| json!({ "id": one.id, "names": one.names, "chosen": one.id == unit.id }))
        .collect();
    Ok(json!({
        "wanted": wanted,
        "narrow": wanted.is_narrow(),
        "query": wanted.query(),
        "cards": found.cards,
        "count": found.count,
        "more_than": found.count >= search::COUNTED,
        "first": wanted.after.is_empty(),
        "next": next,
        "facets": facets(&app.shell, viewer.language, wanted, &found.facets, &priorities),
        "channels": view::words("asset-usable", std::iter::once("here").chain(crate::model::channels()), chosen),
        "unit": { "id": unit.id, "names": unit.names },
        "units": if units.len() > 1 { units } else { Vec::new() },
        "saved": saved,
        "keeper": !eyes.keeps.is_empty(),
        "steward": !person.units_for(Action::AssetSteward).is_empty(),
        "states": view::words("asset-state", ["published", "draft", "in_review", "withdrawn"], |word| {
            wanted.state == word || (wanted.state.is_empty() && word == "published")
        }),
        "published": wanted.state.is_empty() || wanted.state == "published",
    }))
}

/// Takes the one too many off, and gives the last that is shown: where the next page begins.
fn next_of(found: &mut Found) -> Option<AssetId> {
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.cards.len() > shown;
    found.cards.truncate(shown);
    found.cards.last().filter(|_| more).map(|card| card.id)
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let data = searched(&app, &viewer, &wanted).await?;
    // A change of the search swaps the results only; a page that is loaded brings the frame.
    if viewer.htmx {
        return Ok(app.shell.fragment(&viewer, "assets/results", &data));
    }
    Ok(app.shell.page(&viewer, "assets/grid", &data))
}

/// The picker inside other pages: only what may be used now, on the channel asked for.
pub(super) async fn pick(
    State(app): State<App>,
    viewer: Viewer,
    Query(mut wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    if wanted.usable.is_empty() {
        "here".clone_into(&mut wanted.usable);
    }
    wanted.state.clear();
    let data = searched(&app, &viewer, &wanted).await?;
    Ok(app.shell.fragment(&viewer, "assets/pick", &data))
}

/// What appears beside the grid when a card has the focus.
pub(super) async fn glance(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let (asset, unit) = app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let title = asset.details.title(viewer.language.tag());
    let data = json!({
        "asset": {
            "id": id, "kind": asset.kind, "state": asset.state, "file_name": asset.file_name,
            "credit": asset.details.credit, "place": asset.details.place, "taken_on": asset.details.taken_on,
            "internal_only": asset.details.rights.internal_only,
        },
        "text": title,
        "unit": unit.names,
    });
    Ok(app.shell.fragment(&viewer, "assets/glance", &data))
}

/// Assets that have much in common with one.
pub(super) async fn alike(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AssetId>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    app.library.open(&mut conn, actor(&viewer)?, id).await?;
    let (unit, _) = view::stand(&mut conn, &viewer, None).await?;
    let eyes = view::eyes(&app, &mut conn, &viewer, &unit).await?;
    let ids = search::alike(&mut conn, id, &eyes, 12).await?;
    let found = assets::load_many(&mut conn, &ids).await?;
    let cards: Vec<_> = ids
        .iter()
        .filter_map(|id| found.iter().find(|asset| asset.id == *id))
        .map(|asset| {
            let title = asset.details.title(viewer.language.tag());
            json!({
                "id": asset.id, "kind": asset.kind, "file_name": asset.file_name, "preview": true,
                "title": title.map(|text| &text.title), "language": title.map(|text| &text.language),
                "alt": title.map(|text| &text.alt),
            })
        })
        .collect();
    Ok(app
        .shell
        .fragment(&viewer, "assets/alike", &json!({ "cards": cards })))
}
