//! All accounts at a glance: what needs somebody first, then part of the world by part of the world.

use axum::extract::State;
use axum::response::Response;
use chancery_access::Action;
use chancery_web::{Problem, Query, Viewer, plain};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::App;
use crate::store::lists::{self, AccountLine};

/// An account that ends sooner needs somebody.
const ENDS_SOON: TimeDelta = TimeDelta::days(14);
/// Deliveries that went wrong count for so long.
const FAILING: TimeDelta = TimeDelta::days(7);
/// With more accounts than this, parts of the world begin folded.
const FOLDED_FROM: usize = 12;

/// Parts of the world from near to far, identity's words; others follow, and what has none comes last.
const REGIONS: [&str; 10] = [
    "home",
    "southeast_asia",
    "northeast_asia",
    "south_asia",
    "middle_east",
    "africa",
    "europe",
    "americas",
    "oceania",
    "multilateral",
];

/// Why somebody should look at an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AccountAttention)]
pub(super) enum Attention {
    /// The platform does not accept its credentials any more.
    Reconnect,
    /// Its access has ended.
    Ended,
    /// Deliveries went wrong in the last week.
    Failing,
    /// Its access ends within two weeks.
    EndsSoon,
    /// The platform asked to wait.
    Limited,
}

/// Since when deliveries that went wrong count.
pub(super) fn since(app: &App) -> DateTime<Utc> {
    app.publisher.now() - FAILING
}

/// The most pressing reason to look at an account; one that is switched off needs nobody.
pub(super) fn attention(account: &AccountLine, now: DateTime<Utc>) -> Option<Attention> {
    let ends = account.token_ends_at;
    match account.state.as_str() {
        "disabled" => None,
        "needs_reauth" => Some(Attention::Reconnect),
        _ if ends.is_some_and(|at| at <= now) => Some(Attention::Ended),
        _ if account.failing > 0 => Some(Attention::Failing),
        _ if ends.is_some_and(|at| at <= now + ENDS_SOON) => Some(Attention::EndsSoon),
        _ if account.limited_until.is_some_and(|at| at > now) => Some(Attention::Limited),
        _ => None,
    }
}

/// Which accounts to show.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(super) struct Filter {
    /// Of this unit.
    #[serde(default)]
    unit: Option<Uuid>,
    /// With this in a name of the unit, the handle or the account's name, whatever the case and the diacritics.
    #[serde(default)]
    text: String,
}

impl Filter {
    fn is_empty(&self) -> bool {
        self.unit.is_none() && self.text.trim().is_empty()
    }

    /// Those of `accounts` that are meant.
    pub(super) fn of(&self, accounts: Vec<AccountLine>) -> Vec<AccountLine> {
        let wanted = plain(self.text.trim());
        let says = |account: &AccountLine| {
            let names = account.unit_names.as_object();
            let names = names
                .into_iter()
                .flat_map(|names| names.values())
                .filter_map(Value::as_str);
            let texts = names.chain([account.handle.as_str(), account.name.as_str()]);
            wanted.is_empty() || texts.map(plain).any(|text| text.contains(&wanted))
        };
        accounts
            .into_iter()
            .filter(|account| self.unit.is_none_or(|unit| unit == account.unit))
            .filter(says)
            .collect()
    }
}

fn shown(account: &AccountLine, now: DateTime<Utc>) -> Value {
    let mut shown = json!(account);
    if let Some(shown) = shown.as_object_mut() {
        shown.insert("attention".into(), json!(attention(account, now)));
    }
    shown
}

/// The accounts of each unit, in the order in which they come.
fn by_unit(accounts: &[&AccountLine], now: DateTime<Utc>) -> Vec<Value> {
    let units = accounts.chunk_by(|one, other| one.unit == other.unit);
    units
        .filter_map(|of_unit| {
            let first = of_unit.first()?;
            let accounts: Vec<Value> = of_unit.iter().map(|account| shown(account, now)).collect();
            Some(json!({ "unit": first.unit, "names": first.unit_names, "accounts": accounts }))
        })
        .collect()
}

fn by_region(accounts: &[AccountLine], now: DateTime<Utc>) -> Vec<Value> {
    let mut regions: Vec<Option<&str>> = accounts.iter().map(|account| account.region.as_deref()).collect();
    regions.sort_by_key(|region| {
        let place = region.and_then(|region| REGIONS.iter().position(|known| *known == region));
        (region.is_none(), place.unwrap_or(REGIONS.len()), *region)
    });
    regions.dedup();
    regions
        .into_iter()
        .map(|region| {
            let of: Vec<&AccountLine> = accounts
                .iter()
                .filter(|a| a.region.as_deref() == region)
                .collect();
            let calling = of
                .iter()
                .filter(|account| attention(account, now).is_some())
                .count();
            let known = region.filter(|region| REGIONS.contains(region));
            json!({
                "region": region, "key": known.map(|region| format!("region-{region}")),
                "count": of.len(), "calling": calling, "units": by_unit(&of, now),
            })
        })
        .collect()
}

pub(super) async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let units = viewer.principal()?.units_for(Action::AccountRead);
    let all = lists::accounts(&mut *app.connection().await?, &units, None, since(&app)).await?;
    let now = app.publisher.now();
    let total = all.len();
    let accounts = filter.of(all);
    let mut calling: Vec<(Attention, &AccountLine)> = accounts
        .iter()
        .filter_map(|account| Some((attention(account, now)?, account)))
        .collect();
    calling.sort_by_key(|(why, _)| *why);
    let calling: Vec<Value> = calling.iter().map(|(_, account)| shown(account, now)).collect();
    let data = json!({
        "calling": calling,
        "regions": by_region(&accounts, now),
        "folded": filter.is_empty() && accounts.len() > FOLDED_FROM,
        "count": accounts.len(),
        "total": total,
        "text": filter.text.trim(),
        "unit": filter.unit,
        "filtered": !filter.is_empty(),
    });
    Ok(app.shell.page(&viewer, "publisher/accounts/list", &data))
}
