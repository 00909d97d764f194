//! What the composer shows: the item with its channels, pictures and choices, and the checklist.

use chancery_access::Action;
use chancery_contracts::Release;
use chancery_directory::Unit;
use chancery_web::{Problem, Viewer};
use serde_json::{Value, json};
use sqlx::PgConnection;

use super::{App, actor, view};
use crate::model::{Account, Draft, DraftVariant, Finding, has_title};
use crate::store::items::Item;
use crate::store::{campaigns, corrections, editing};

/// Everything that the composer shows, for what is written in `item`.
pub(super) async fn editor(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    accounts: &[Account],
) -> Result<Value, Problem> {
    let me = viewer.principal()?.person;
    let now = app.workflow.clock.now();
    let editors = editing::appear(&mut *conn, item.id, me, now).await?;
    let copy = editing::copy_of(&mut *conn, item.id, me).await?;
    let audiences = campaigns::audiences(&mut *conn).await?;
    let programmes = campaigns::programmes(&mut *conn).await?;
    let open_campaigns = campaigns::open_for(&mut *conn, &unit.path, viewer.principal()?.today).await?;
    let draft = &item.draft;
    let chosen = |choices: Vec<campaigns::Choice>, value: &str| -> Vec<Value> {
        let option =
            |c: campaigns::Choice| json!({ "chosen": c.value == value, "value": c.value, "names": c.names });
        choices.into_iter().map(option).collect()
    };
    let programme = draft.programme.map(|id| id.to_string()).unwrap_or_default();
    let campaign = draft.campaign.map(|id| id.to_string()).unwrap_or_default();
    let time = item.appointment.map(|time| view::time(time, unit, now));
    let translations = super::translate::standings(&mut *conn, item, accounts).await?;
    let mut data = json!({
        "item": view::item(item, unit, now),
        "draft": draft,
        "wall": draft.wall.map(|at| at.format("%Y-%m-%dT%H:%M").to_string()),
        "choices": view::choices(draft),
        "lateness": if draft.release == Release::AtTime { draft.window_minutes } else { 60 },
        "languages": languages(accounts, unit, &draft.language),
        "audiences": chosen(audiences, &draft.audience),
        "programmes": chosen(programmes, &programme),
        "campaigns": chosen(open_campaigns, &campaign),
        "variants": draft.variants.iter().map(|variant| channel(draft, variant, accounts)).collect::<Vec<_>>(),
        "addable": addable(draft, accounts),
        "translations": translations,
        "corrections": told(&mut *conn, item).await?,
        "images": pictures(item, accounts),
        "limits": { "title": crate::model::MAX_TITLE, "megabytes": app.workflow.images.limits().max_bytes / 1_000_000 },
        "time": time,
        "editors": editors,
        "copy": copy.map(|copy| json!({
            "saved_at": copy.saved_at, "title": copy.draft.title, "body": copy.draft.body,
            "variants": copy.draft.variants.iter().filter_map(|v| v.body.clone()).collect::<Vec<_>>(),
        })),
        "previews": view::drafted(app, &mut *conn, item, accounts).await?,
        "marks": marks(&mut *conn, item, accounts).await?,
        "approver": viewer.can(Action::ItemApprove) || viewer.can(Action::ItemApproveHeadquarters),
    });
    if let (Some(data), Value::Object(list)) = (
        data.as_object_mut(),
        checked(app, conn, viewer, item, unit, accounts).await?,
    ) {
        data.extend(list);
    }
    Ok(data)
}

/// What approvers marked in earlier versions and nobody has settled, and whether the words are still there.
async fn marks(conn: &mut PgConnection, item: &Item, accounts: &[Account]) -> Result<Vec<Value>, Problem> {
    let open = crate::store::passages::of_item(conn, item.id).await?;
    let open = open
        .into_iter()
        .rev()
        .filter(|mark| mark.resolved_at.is_none() && mark.sent);
    let draft = &item.draft;
    let shown = open.map(|mark| {
        let quote = crate::model::Quote {
            exact: mark.quote.clone(),
            prefix: mark.prefix.clone(),
            suffix: mark.suffix.clone(),
        };
        let variant = draft
            .variants
            .iter()
            .find(|variant| variant.account == mark.account && variant.language == mark.language);
        let there = variant.is_some_and(|variant| {
            quote.is_in(draft.body_of(variant)) || quote.is_in(draft.title_of(variant))
        });
        let account = accounts.iter().find(|account| account.id == mark.account);
        json!({ "mark": mark, "there": there, "channel": account.map(|account| &account.name) })
    });
    Ok(shown.collect())
}

/// The checklist: what blocks, what is worth knowing, who will be asked.
pub(super) async fn checked(
    app: &App,
    conn: &mut PgConnection,
    viewer: &Viewer,
    item: &Item,
    unit: &Unit,
    accounts: &[Account],
) -> Result<Value, Problem> {
    let (findings, chain) = app
        .workflow
        .findings(conn, item, unit, accounts, actor(viewer)?)
        .await?;
    let blocking = findings.iter().filter(|finding| finding.blocking).count();
    let shown: Vec<_> = findings
        .iter()
        .map(|finding| view::finding(finding, &sentence(app, viewer, finding)))
        .collect();
    Ok(json!({ "findings": shown, "blocking": blocking, "chain": chain }))
}

pub(super) fn sentence(app: &App, viewer: &Viewer, finding: &Finding) -> String {
    let named = |(name, value): (&&'static str, &String)| {
        let value = if *name == "language" {
            app.shell.locales().language_name(viewer.language, value)
        } else {
            value.clone()
        };
        ((*name).into(), value.into())
    };
    let args = finding.arguments.iter().map(named).collect();
    app.shell.message(viewer.language, &finding.key(), &args)
}

fn language(tag: &str, chosen: bool) -> Value {
    json!({ "value": tag, "chosen": chosen })
}

fn languages(accounts: &[Account], unit: &Unit, chosen: &str) -> Vec<Value> {
    let mut tags: Vec<&str> = accounts
        .iter()
        .flat_map(|account| &account.languages)
        .map(String::as_str)
        .collect();
    tags.extend(unit.languages.iter().map(String::as_str));
    tags.extend(["vi", "en", chosen]);
    let mut seen = std::collections::HashSet::new();
    tags.retain(|tag| seen.insert(*tag));
    tags.into_iter().map(|tag| language(tag, tag == chosen)).collect()
}

fn channel(draft: &Draft, variant: &DraftVariant, accounts: &[Account]) -> Value {
    let account = accounts.iter().find(|account| account.id == variant.account);
    // Another language cannot follow the main text.
    let translated = variant.language != draft.language;
    json!({
        "id": variant.id,
        "account": variant.account,
        "name": account.map(|account| &account.name),
        "handle": account.map(|account| &account.handle),
        "platform": account.map(|account| account.platform),
        "language": language(&variant.language, true),
        "has_title": account.is_some_and(|account| has_title(account.platform)),
        "translated": translated,
        "own": translated || variant.body.is_some(),
        "headline": if translated { variant.title.as_deref().unwrap_or_default() } else { draft.title_of(variant) },
        "body": if translated { variant.body.as_deref().unwrap_or_default() } else { draft.body_of(variant) },
        "images": variant.images,
        "max_graphemes": account.and_then(|account| account.max_graphemes),
        "max_bytes": account.and_then(|account| account.max_bytes),
    })
}

/// Every account and language that the item does not have yet.
fn addable(draft: &Draft, accounts: &[Account]) -> Vec<Value> {
    let used = |account: &Account, tag: &str| {
        draft
            .variants
            .iter()
            .any(|v| v.account == account.id && v.language == tag)
    };
    let mut found = Vec::new();
    for account in accounts.iter().filter(|account| account.state != "disabled") {
        let own = std::slice::from_ref(&draft.language);
        let tags = if account.languages.is_empty() {
            own
        } else {
            &account.languages
        };
        for tag in tags.iter().filter(|tag| !used(account, tag)) {
            found.push(json!({
                "value": format!("add:{}:{tag}", account.id), "name": account.name, "platform": account.platform,
                "language": language(tag, false),
            }));
        }
    }
    found
}

/// What the public is told of a correction, once a language.
async fn told(conn: &mut PgConnection, item: &Item) -> Result<Vec<Value>, Problem> {
    let mut notes: Vec<(String, String)> = corrections::of_item(conn, item.id)
        .await?
        .into_iter()
        .map(|one| (one.language, one.note))
        .collect();
    notes.sort_unstable();
    notes.dedup();
    let note = |(language, note)| json!({ "language": language, "note": note });
    Ok(notes.into_iter().map(note).collect())
}

/// The pictures as the composer lists them, each with the platforms that it goes to.
pub(super) fn pictures(item: &Item, accounts: &[Account]) -> Vec<Value> {
    let platforms = item.draft.picture_platforms(accounts);
    let languages = item.draft.alt_languages();
    let one = |(number, image): (usize, &crate::model::Image)| {
        let alts: Vec<_> = languages
            .iter()
            .map(|tag| json!({ "language": language(tag, false), "text": item.draft.alt(image.id, tag) }))
            .collect();
        let goes: Vec<_> = platforms
            .iter()
            .map(|platform| json!({ "platform": platform, "cut": image.cut(*platform) }))
            .collect();
        json!({
            "id": image.id, "number": number + 1, "width": image.width, "height": image.height, "alts": alts,
            "asset": image.asset, "goes": goes,
        })
    };
    item.images.iter().enumerate().map(one).collect()
}
