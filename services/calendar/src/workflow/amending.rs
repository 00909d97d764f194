//! Approving with edits. Nobody approves their own words, so an approver's wording is a proposal that they approve in
//! advance, bound to the hash of the edition that it would become. A writer takes it over by one tap: the words are then
//! the writer's, the version is submitted by them, and the approver's decision is written down for it. Both are named.

use chancery_access::Action;
use chancery_contracts::EditionHash;
use chancery_contracts::ids::{AccountId, ItemId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::standing::Case;
use super::{Actor, Approval, Workflow, said, writers};
use crate::error::CalendarError;
use crate::model::{Change, Draft, DraftVariant, ShortLink, State, as_written, edition};
use crate::store::accounts;
use crate::store::amendments::{self, Amendment};
use crate::store::approvals::{self, Version};
use crate::store::items::{self, Lock, Standing};
use crate::store::short_links;

/// The wording of one text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct Wording {
    /// For which account.
    #[schema(value_type = Uuid)]
    pub account: AccountId,
    /// In which language.
    pub language: String,
    /// The text, whole.
    pub body: String,
}

impl Workflow {
    /// Proposes a wording of the edition that has `seen` as its hash, and approves it in advance.
    ///
    /// # Errors
    /// The person could not approve it now, nothing differs, or what is missing then ([`CalendarError::Blocked`]).
    pub async fn amend(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        seen: EditionHash,
        wordings: &[Wording],
        comment: &str,
    ) -> Result<(), CalendarError> {
        let comment = said(comment)?;
        let mut tx = self.pool.begin().await?;
        let case = self.case(&mut tx, actor, id, seen).await?;
        case.deciding.approve()?;
        let mut item = case.item;
        let accounts = accounts::of_unit(&mut tx, item.unit).await?;
        let links = short_links::of_item(&mut tx, id).await?;
        item.draft = worded(&item.draft, &self.unmeasured(wordings, &links)).cleaned();
        super::accept::accept(&item.draft, &item.draft, &accounts)?;
        let appointment = item.appointment.ok_or(CalendarError::Stale)?;
        let (leaving, short) = self.outgoing(&mut tx, &item, &accounts).await?;
        let proposed = edition(
            id,
            item.version + 1,
            &leaving,
            &item.images,
            &accounts,
            appointment,
        );
        let proposed = self.with_notes(&mut tx, id, proposed).await?;
        if proposed.variants == case.version.edition.variants {
            return Err(CalendarError::field("body", "amendments-nothing-changed"));
        }
        // A writer will submit it: what would stop them stops it here.
        let missing = crate::model::check(crate::model::Findings {
            draft: &leaving,
            images: &item.images,
            refusals: &[],
            accounts: &accounts,
            appointment: Some(appointment),
            now: self.clock.now(),
        });
        let missing: Vec<_> = missing.into_iter().filter(|finding| finding.blocking).collect();
        if !missing.is_empty() {
            return Err(CalendarError::Blocked(missing));
        }
        let one = Amendment {
            id: self.clock.new_id(),
            version: item.version,
            hash: proposed.hash()?,
            edition: proposed,
            draft: item.draft.clone(),
            role: case.step,
            person: actor.person(),
            comment: comment.clone(),
            at: self.clock.now(),
        };
        amendments::put(&mut tx, id, &one).await?;
        short_links::keep(&mut tx, id, &short, one.at).await?;
        let detail = json!({ "role": case.step, "hash": one.hash });
        self.record(&mut tx, &item, Some(actor), "amended", &comment, detail)
            .await?;
        let mut to = writers(&item);
        to.push(chancery_contracts::identity::Recipient::Person(
            case.version.submitted_by,
        ));
        self.notify(
            &mut tx,
            actor.origin(item.unit),
            &item,
            "notice-item-amended",
            to,
            actor,
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Takes a proposed wording over: a new version in the caller's name, with the decision of whoever proposed it.
    ///
    /// # Errors
    /// It is the caller's own, it is no longer what waits, something is missing, or they may not write there.
    pub async fn accept_amendment(
        &self,
        actor: Actor<'_>,
        id: ItemId,
        amendment: Uuid,
    ) -> Result<Approval, CalendarError> {
        let mut tx = self.pool.begin().await?;
        let (item, unit) = self
            .opened(&mut tx, actor, id, Lock::Update, Action::ItemWrite)
            .await?;
        item.state.after(Change::Reopen)?;
        let one = amendments::of_version(&mut tx, id, item.version)
            .await?
            .filter(|one| one.id == amendment && item.state == State::Submitted)
            .ok_or(CalendarError::Stale)?;
        if one.person == actor.person() {
            return Err(crate::model::Objection::Own.into());
        }
        let now = self.clock.now();
        let origin = actor.origin(item.unit);
        let opened = Standing {
            state: State::Draft,
            version: item.version + 1,
            steps_done: 0,
        };
        self.stand(&mut tx, &item, opened, &origin).await?;
        items::write_draft(&mut tx, id, &one.draft, item.appointment, actor.person(), now).await?;
        let item = items::load(&mut tx, id, Lock::None).await?;
        let accounts = accounts::of_unit(&mut tx, unit.id).await?;
        let (findings, chain) = self.findings(&mut tx, &item, &unit, &accounts, actor).await?;
        let blocking: Vec<_> = findings.into_iter().filter(|finding| finding.blocking).collect();
        let (Some(appointment), true) = (item.appointment, blocking.is_empty()) else {
            return Err(CalendarError::Blocked(blocking));
        };
        let (leaving, short) = self.outgoing(&mut tx, &item, &accounts).await?;
        let edition = edition(id, item.version, &leaving, &item.images, &accounts, appointment);
        let edition = self.with_notes(&mut tx, id, edition).await?;
        if edition.hash()? != one.hash {
            // An account or a picture changed meanwhile: it is not what was approved in advance.
            return Err(CalendarError::Stale);
        }
        let version = Version {
            version: item.version,
            hash: one.hash,
            edition,
            chain,
            submitted_by: actor.person(),
            submitted_at: now,
            retimed_by: None,
        };
        approvals::insert_version(&mut tx, id, &version).await?;
        short_links::keep(&mut tx, id, &short, now).await?;
        let submitted = Standing {
            state: State::Submitted,
            version: item.version,
            steps_done: 0,
        };
        self.stand(&mut tx, &item, submitted, &origin).await?;
        amendments::accept(&mut tx, one.id, actor.person(), now).await?;
        let detail = json!({ "hash": version.hash, "wording_of": one.person });
        self.record(&mut tx, &item, Some(actor), "amendment_accepted", "", detail)
            .await?;
        let approver = chancery_directory::principal(&mut tx, one.person, actor.principal.today).await?;
        let approver = Actor {
            principal: &approver,
            request: actor.request,
        };
        let item = items::load(&mut tx, id, Lock::None).await?;
        let standing = self.deciding(&mut tx, approver, &item, &unit, &version).await?;
        let case = Case {
            step: standing.deciding.step,
            deciding: standing.deciding,
            behalf: standing.behalf,
            item,
            unit,
            version,
        };
        // The chain begins anew: if another step is before theirs, or they may no longer, their word waits for its turn.
        let done = if case.step == one.role && case.deciding.approve().is_ok() {
            let next = self.approved(&mut tx, approver, &case, one.comment).await?;
            Approval::after(next, &case.version)
        } else {
            self.ask(&mut tx, actor, &case.item, &case.unit, case.step)
                .await?;
            Approval::Restarted(case.step)
        };
        tx.commit().await?;
        Ok(done)
    }
}

impl Workflow {
    /// An approver writes in what leaves; a draft keeps the links as they were written.
    fn unmeasured(&self, wordings: &[Wording], links: &[ShortLink]) -> Vec<Wording> {
        let one = |wording: &Wording| Wording {
            body: as_written(&wording.body, links, &self.site),
            ..wording.clone()
        };
        wordings.iter().map(one).collect()
    }
}

/// The draft with these texts. Where every channel without a text of its own gets the same, it stays the common one.
fn worded(draft: &Draft, wordings: &[Wording]) -> Draft {
    let mut draft = draft.clone();
    let wanted = |variant: &DraftVariant| {
        wordings
            .iter()
            .find(|wording| wording.account == variant.account && wording.language == variant.language)
            .map(|wording| wording.body.clone())
    };
    let common = draft.body.clone();
    let followers: Vec<String> = draft
        .variants
        .iter()
        .filter(|variant| variant.body.is_none())
        .map(|variant| wanted(variant).unwrap_or_else(|| common.clone()))
        .collect();
    let shared = followers
        .first()
        .filter(|first| followers.iter().all(|one| one == *first))
        .cloned();
    for variant in &mut draft.variants {
        let Some(body) = wanted(variant) else { continue };
        if variant.body.is_some() || (shared.is_none() && body != common) {
            variant.body = Some(body);
        }
    }
    if let Some(shared) = shared {
        draft.body = shared;
    }
    draft
}
