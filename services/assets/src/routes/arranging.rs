//! The order of a collection: which stands where, what is said of it there, and who goes.

use std::cmp::Ordering;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chancery_contracts::ids::{AssetId, CollectionId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde_json::{Value, json};

use super::collections::page_data;
use super::{App, actor};
use crate::AssetError;
use crate::store::collections;

/// An order as a form sends it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sent {
    /// The revision of the collection that the form was filled from.
    revision: i64,
    /// Those that stay, in their new order, with what is said of each.
    members: Vec<(AssetId, String)>,
    /// Those that go.
    removed: Vec<AssetId>,
}

impl Sent {
    /// Reads `place-ID` and `note-ID` of each, `remove` of those that go, and `move` of the button that was pressed.
    /// `before` is the order that the form showed.
    fn read(form: &[(String, String)], before: &[AssetId]) -> Self {
        let value = |wanted: &str| {
            form.iter()
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value)
        };
        let removed: Vec<AssetId> = form
            .iter()
            .filter(|(name, _)| name == "remove")
            .filter_map(|(_, id)| id.parse().ok())
            .collect();
        let mut placed: Vec<_> = form
            .iter()
            .filter_map(|(name, place)| Some((name.strip_prefix("place-")?.parse::<AssetId>().ok()?, place)))
            .filter(|(asset, _)| !removed.contains(asset))
            .map(|(asset, place)| {
                let was = before.iter().position(|other| *other == asset);
                (rank(was.unwrap_or(before.len()), place), asset)
            })
            .collect();
        placed.sort_by_key(|(rank, _)| *rank);
        let mut members: Vec<_> = placed
            .into_iter()
            .map(|(_, asset)| {
                let note = value(&format!("note-{asset}")).cloned().unwrap_or_default();
                (asset, note)
            })
            .collect();
        if let Some((way, id)) = value("move").and_then(|moved| moved.split_once(' '))
            && let Ok(asset) = id.parse::<AssetId>()
            && let Some(at) = members.iter().position(|(other, _)| *other == asset)
        {
            let to = if way == "earlier" {
                at.saturating_sub(1)
            } else {
                at + 1
            };
            if to < members.len() {
                members.swap(at, to);
            }
        }
        Self {
            revision: value("revision")
                .and_then(|revision| revision.parse().ok())
                .unwrap_or_default(),
            members,
            removed,
        }
    }

    /// The cards of a page in the order of the form, with its notes; what came meanwhile stands behind them.
    fn lay(&self, cards: &mut [Value]) {
        let id = |card: &Value| {
            card.pointer("/card/id")
                .and_then(Value::as_str)?
                .parse::<AssetId>()
                .ok()
        };
        let place = |card: &Value| {
            let id = id(card)?;
            self.members.iter().position(|(asset, _)| *asset == id)
        };
        cards.sort_by_key(|card| place(card).unwrap_or(usize::MAX));
        for (index, card) in cards.iter_mut().enumerate() {
            let (place, goes) = (place(card), id(card).is_some_and(|id| self.removed.contains(&id)));
            let Some(card) = card.as_object_mut() else {
                continue;
            };
            card.insert("place".into(), json!(index + 1));
            card.insert("goes".into(), json!(goes));
            card.insert("came".into(), json!(place.is_none() && !goes));
            // A note that somebody else wrote meanwhile stays, or is shown beside the one that was entered.
            let entered = place.and_then(|place| self.members.get(place));
            if let Some((_, note)) = entered.filter(|(_, note)| !note.is_empty()) {
                let theirs = card.insert("note".into(), json!(note));
                let differs = |theirs: &Value| {
                    theirs
                        .as_str()
                        .is_some_and(|text| !text.is_empty() && text != note)
                };
                card.insert("theirs".into(), json!(theirs.filter(differs)));
            }
        }
    }
}

/// Where something goes that stood at `was`, counted from 0, when `place` is entered, counted from 1: whatever moves goes
/// before or behind what stands there.
fn rank(was: usize, place: &str) -> (i64, i8) {
    let was = i64::try_from(was).unwrap_or(i64::MAX).saturating_add(1);
    let place = place.parse().unwrap_or(i64::MAX);
    (
        place,
        match place.cmp(&was) {
            Ordering::Less => 0,
            Ordering::Equal => 1,
            Ordering::Greater => 2,
        },
    )
}

/// Saves the order. Who comes second is told by whom it was changed, and finds what they entered in the form.
pub(super) async fn arrange(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CollectionId>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let mut conn = app.connection().await?;
    let before = collections::members(&mut conn, id).await?;
    drop(conn);
    let before: Vec<AssetId> = before.iter().map(|member| member.id).collect();
    let sent = Sent::read(&form, &before);
    let actor = actor(&viewer)?;
    match app
        .library
        .arrange(actor, id, Some(sent.revision), &sent.members)
        .await
    {
        Ok(()) => Ok(Redirect::to(format!("/collections/{id}"))
            .flash("collections-saved")
            .into_response()),
        Err(AssetError::Stale) => {
            let mut data = page_data(&app, &viewer, id, None).await?;
            if let Some(cards) = data.get_mut("cards").and_then(Value::as_array_mut) {
                sent.lay(cards);
            }
            let mut conn = app.connection().await?;
            let by = collections::changed_by(&mut conn, id).await?;
            let people = chancery_directory::people(&mut conn, [by]).await?;
            let person = people.get(&by).cloned().unwrap_or_default();
            let problem = Problem::conflict("collections-stale").arg("person", person);
            Ok(app
                .shell
                .refused(&viewer, "assets/collections/page", &data, &problem))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> AssetId {
        AssetId(Uuid::from_u128(number))
    }

    fn sent(pairs: &[(&str, &str)]) -> Vec<u128> {
        let before: Vec<_> = (1..=4).map(id).collect();
        let mut form: Vec<(String, String)> = Vec::new();
        for (index, asset) in before.iter().enumerate() {
            let name = format!("place-{asset}");
            let entered = pairs.iter().find(|(other, _)| *other == (index + 1).to_string());
            let place = entered.map_or_else(|| (index + 1).to_string(), |(_, place)| (*place).to_owned());
            form.push((name, place));
        }
        for (name, value) in pairs.iter().filter(|(name, _)| name.parse::<u8>().is_err()) {
            let value = value.rsplit_once(' ').map_or_else(
                || id(value.parse().unwrap_or_default()).to_string(),
                |(way, number)| format!("{way} {}", id(number.parse().unwrap_or_default())),
            );
            form.push(((*name).to_owned(), value));
        }
        let sent = Sent::read(&form, &before);
        sent.members.iter().map(|(asset, _)| asset.0.as_u128()).collect()
    }

    #[test]
    fn a_number_puts_an_asset_where_it_says() {
        assert_eq!(sent(&[]), [1, 2, 3, 4]);
        assert_eq!(sent(&[("4", "1")]), [4, 1, 2, 3]);
        assert_eq!(sent(&[("1", "3")]), [2, 3, 1, 4]);
        assert_eq!(sent(&[("2", "nowhere")]), [1, 3, 4, 2]);
    }

    #[test]
    fn a_button_moves_one_step_and_not_beyond_the_ends() {
        assert_eq!(sent(&[("move", "earlier 3")]), [1, 3, 2, 4]);
        assert_eq!(sent(&[("move", "later 1")]), [2, 1, 3, 4]);
        assert_eq!(sent(&[("move", "earlier 1")]), [1, 2, 3, 4]);
        assert_eq!(sent(&[("move", "later 4")]), [1, 2, 3, 4]);
        assert_eq!(sent(&[("move", "later 9")]), [1, 2, 3, 4]);
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays_in_sight() {
        let card = |number: u128, note: &str| json!({ "card": { "id": id(number) }, "note": note });
        let mut cards = vec![
            card(1, "của người khác"),
            card(2, "cũ"),
            card(3, ""),
            card(4, "mới"),
        ];
        let sent = Sent {
            revision: 1,
            members: vec![
                (id(3), "của tôi".to_owned()),
                (id(2), "sửa".to_owned()),
                (id(1), String::new()),
            ],
            removed: Vec::new(),
        };
        sent.lay(&mut cards);
        let shown: Vec<_> = cards
            .iter()
            .map(|card| {
                let text = |name: &str| card.get(name).and_then(Value::as_str);
                (
                    text("note"),
                    text("theirs"),
                    card.get("came").and_then(Value::as_bool),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (Some("của tôi"), None, Some(false)),
                (Some("sửa"), Some("cũ"), Some(false)),
                (Some("của người khác"), None, Some(false)),
                (Some("mới"), None, Some(true)),
            ]
        );
    }

    #[test]
    fn who_goes_is_left_out() {
        assert_eq!(sent(&[("remove", "2"), ("move", "earlier 3")]), [3, 1, 4]);
    }
}
