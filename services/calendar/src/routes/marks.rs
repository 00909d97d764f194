//! Passages that an approver marks, and that writers settle.

use axum::extract::State;
use chancery_contracts::EditionHash;
use chancery_contracts::ids::{AccountId, ItemId};
use chancery_web::{Form, Path, Problem, Redirect, Viewer};
use serde::Deserialize;
use uuid::Uuid;

use super::{App, actor};
use crate::workflow::NewMark;

/// Where, and what is to be changed. `place` is `ACCOUNT LANGUAGE`; the words come from the list of sentences, or from
/// what was selected on the page.
#[derive(Debug, Deserialize)]
pub(super) struct Marked {
    hash: String,
    #[serde(default)]
    place: String,
    /// `ACCOUNT LANGUAGE WORDS`, from the list.
    #[serde(default)]
    sentence: String,
    #[serde(default)]
    quote: String,
    #[serde(default)]
    prefix: String,
    #[serde(default)]
    suffix: String,
    #[serde(default)]
    comment: String,
}

impl Marked {
    fn mark(self) -> Result<(EditionHash, NewMark), Problem> {
        let missing = || Problem::invalid("passages-not-marked").field("quote", "passages-nothing-chosen");
        let hash = self
            .hash
            .parse()
            .map_err(|_| Problem::conflict("approvals-objection-changed"))?;
        let selected = !self.quote.trim().is_empty();
        let (place, quote) = if selected {
            (self.place.as_str(), self.quote.clone())
        } else {
            let mut parts = self.sentence.splitn(3, ' ');
            let account = parts.next().unwrap_or_default();
            let language = parts.next().ok_or_else(missing)?;
            let words = parts.next().ok_or_else(missing)?;
            let place = self
                .sentence
                .get(..account.len() + 1 + language.len())
                .unwrap_or_default();
            (place, words.to_owned())
        };
        let (account, language) = place.split_once(' ').ok_or_else(missing)?;
        let account: AccountId = account.parse().map_err(|_| missing())?;
        Ok((
            hash,
            NewMark {
                account,
                language: language.to_owned(),
                quote,
                prefix: if selected {
                    self.prefix.clone()
                } else {
                    String::new()
                },
                suffix: if selected {
                    self.suffix.clone()
                } else {
                    String::new()
                },
                comment: self.comment,
            },
        ))
    }
}

pub(super) async fn add(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<ItemId>,
    Form(marked): Form<Marked>,
) -> Result<Redirect, Problem> {
    let (hash, mark) = marked.mark()?;
    app.workflow.mark(actor(&viewer)?, id, hash, mark).await?;
    Ok(Redirect::to(format!("/approvals/{id}#marks")).flash("passages-marked"))
}

pub(super) async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, mark)): Path<(ItemId, Uuid)>,
) -> Result<Redirect, Problem> {
    app.workflow.unmark(actor(&viewer)?, id, mark).await?;
    Ok(Redirect::to(format!("/approvals/{id}#marks")).flash("passages-removed"))
}

pub(super) async fn settle(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, mark)): Path<(ItemId, Uuid)>,
) -> Result<Redirect, Problem> {
    app.workflow.settle(actor(&viewer)?, id, mark).await?;
    Ok(Redirect::to(format!("/items/{id}/edit")).flash("passages-settled"))
}
