//! The demonstration ministry: units, people and postings from seeds that the binary has in a data file.

use std::collections::HashMap;

use chancery_access::Role;
use chancery_contracts::ids::{PersonId, UnitId};
use chrono::{NaiveDate, TimeDelta};
use serde::Deserialize;
use serde_json::json;
use sqlx::types::Json;

use crate::model::Names;
use crate::model::person::PersonForm;
use crate::model::unit::UnitForm;
use crate::store::audit::{self, Record};
use crate::store::{grants, people, units};
use crate::{Identity, IdentityError};

/// Everything to load. Units come before the units below them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seeds {
    /// Units, the ministry first.
    pub units: Vec<UnitSeed>,
    /// People, in the order in which the sign-in page offers them.
    pub people: Vec<PersonSeed>,
}

/// A unit.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitSeed {
    /// Its word in public addresses.
    pub slug: String,
    /// The slug of the unit above; none for the ministry.
    #[serde(default)]
    pub parent: Option<String>,
    /// A [`crate::model::unit::UnitKind`].
    pub kind: String,
    /// Both names.
    pub names: Names,
    /// Both names of the city.
    #[serde(default)]
    pub city: Option<Names>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    pub country: Option<String>,
    /// IANA zone.
    pub zone: String,
    /// BCP 47 tags.
    #[serde(default)]
    pub languages: Vec<String>,
    /// A [`crate::model::unit::Region`].
    #[serde(default)]
    pub region: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
}

/// A person of the demonstration.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonSeed {
    /// What other seeds call them; never shown.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Address; under `.example`.
    pub email: String,
    /// `vi` or `en`.
    #[serde(default)]
    pub language: String,
    /// Shown beside the one-click sign-in: who this is, what to try.
    #[serde(default)]
    pub note: Option<Names>,
    /// What they hold.
    #[serde(default)]
    pub roles: Vec<RoleSeed>,
}

/// A posting.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleSeed {
    /// A role's word.
    pub role: String,
    /// The unit's slug.
    pub unit: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    #[serde(default)]
    pub to: Option<NaiveDate>,
}

/// What other services' seeds refer to.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// Units by slug.
    pub units: HashMap<String, UnitId>,
    /// People by key.
    pub people: HashMap<String, PersonId>,
}

/// Loads the seeds, all or nothing. What is there already, by slug or address, is left as it is, so that a second
/// start adds nothing.
///
/// # Errors
/// A seed is wrong, or names a unit that is not there.
pub async fn load(identity: &Identity, seeds: &Seeds) -> Result<Loaded, IdentityError> {
    let now = identity.clock.now();
    let mut loaded = Loaded {
        units: units::all(&identity.pool)
            .await?
            .into_iter()
            .map(|unit| (unit.slug, unit.id))
            .collect(),
        people: HashMap::new(),
    };
    let mut tx = identity.pool.begin().await?;
    for seed in &seeds.units {
        if loaded.units.contains_key(&seed.slug) {
            continue;
        }
        let id = UnitId(identity.clock.new_id());
        units::insert(&mut tx, id, &unit_form(seed, &loaded)?.check()?, now).await?;
        loaded.units.insert(seed.slug.clone(), id);
    }
    for (place, seed) in (0..).zip(&seeds.people) {
        if let Some(person) = people::by_email(&mut tx, &seed.email).await? {
            loaded.people.insert(seed.key.clone(), person.id);
            continue;
        }
        let person = PersonId(identity.clock.new_id());
        let form = PersonForm {
            name: seed.name.clone(),
            email: seed.email.clone(),
            language: seed.language.clone(),
        };
        // One after another, so that lists by age keep the order of the seeds.
        let joined = now + TimeDelta::milliseconds(place);
        people::insert(&mut tx, person, &form.check()?, joined).await?;
        sqlx::query!(
            "update identity.people set demo = true, demo_note = $2 where id = $1",
            person.0,
            seed.note.as_ref().map(Json) as _
        )
        .execute(&mut *tx)
        .await?;
        for role in &seed.roles {
            let wrong = || IdentityError::field("role", "people-error-role");
            let grant = grants::NewGrant {
                id: identity.clock.new_id(),
                person,
                unit: *loaded.units.get(&role.unit).ok_or_else(wrong)?,
                role: role.role.parse::<Role>().map_err(|_| wrong())?,
                from: role.from,
                to: role.to,
                by: None,
            };
            grants::insert(&mut tx, &grant, now).await?;
        }
        loaded.people.insert(seed.key.clone(), person);
    }
    let record = Record {
        actor: None,
        unit: None,
        action: "demonstration.loaded",
        subject_kind: "ministry",
        subject: None,
        detail: json!({ "units": seeds.units.len(), "people": seeds.people.len() }),
        request_id: None,
    };
    audit::append(&mut tx, record).await?;
    tx.commit().await?;
    Ok(loaded)
}

fn unit_form(seed: &UnitSeed, loaded: &Loaded) -> Result<UnitForm, IdentityError> {
    let parent = match &seed.parent {
        None => String::new(),
        Some(slug) => {
            let wrong = || IdentityError::field("parent_id", "units-error-parent");
            loaded.units.get(slug).ok_or_else(wrong)?.to_string()
        }
    };
    let city = seed.city.clone().unwrap_or_default();
    Ok(UnitForm {
        parent_id: parent,
        kind: seed.kind.clone(),
        slug: seed.slug.clone(),
        name_vi: seed.names.vi.clone(),
        name_en: seed.names.en.clone(),
        city_vi: city.vi,
        city_en: city.en,
        country: seed.country.clone().unwrap_or_default(),
        zone: seed.zone.clone(),
        languages: seed.languages.join(" "),
        region: seed.region.clone().unwrap_or_default(),
        valid_from: seed.valid_from.to_string(),
        valid_to: String::new(),
        successor_id: String::new(),
    })
}
