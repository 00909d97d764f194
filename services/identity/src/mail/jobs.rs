//! The jobs of mail: one sends a mail, one turns a unit's weekly letter into mails.

use async_trait::async_trait;
use chancery_contracts::Origin;
use chancery_contracts::identity::{SendLetter, SendMail};
use chancery_queue::{Handler, Job, JobError, Outgoing};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Post, SendError, compose};
use crate::Identity;
use crate::model::mail::MailKind;
use crate::store::mails::{self, New};
use crate::store::{grants, units};

/// A mail that the server does not take is tried so often: about nine hours, then it is shown to the administrator.
pub const TRIES: u32 = 20;

/// Sends one mail.
pub(crate) struct OnSendMail {
    pub identity: Identity,
    /// None: mail was switched off while this one waited.
    pub post: Option<Post>,
}

#[async_trait]
impl Handler for OnSendMail {
    type Message = SendMail;

    async fn handle(&self, job: &Job<SendMail>) -> Result<(), JobError> {
        let id = job.message.mail;
        let Some(mail) = mails::waiting(&self.identity.pool, id).await? else {
            // It was sent before, or its person has gone meanwhile.
            return self.end(id, "the person can no longer sign in").await;
        };
        let Some(post) = &self.post else {
            return self.end(id, "no mail server is configured").await;
        };
        let message = match compose::message(post, &mail) {
            Ok(message) => message,
            Err(reason) => return self.end(id, &reason).await,
        };
        let answer = post.mailer.send(message).await;
        let now = self.identity.clock.now();
        let mut tx = self.identity.pool.begin().await?;
        match answer {
            Ok(()) => {
                mails::end(&mut tx, id, None, now).await?;
                mails::accepted(&mut tx, mail.person).await?;
            }
            Err(SendError::Refused(reason)) => {
                tracing::warn!(mail = %id, reason, "the mail server refuses a mail for good");
                mails::end(&mut tx, id, Some(&reason), now).await?;
                mails::refused(&mut tx, mail.person, &mail.email, &reason, now).await?;
            }
            Err(SendError::Later(reason)) if job.attempt >= TRIES => {
                tracing::warn!(mail = %id, reason, "a mail is given up");
                mails::end(&mut tx, id, Some(&reason), now).await?;
            }
            Err(SendError::Later(reason)) => {
                mails::tried(&mut tx, id, &reason).await?;
                tx.commit().await?;
                return Err(JobError::retry(reason));
            }
        }
        Ok(tx.commit().await?)
    }
}

impl OnSendMail {
    /// Gives a mail up, if it still waits.
    async fn end(&self, id: Uuid, reason: &str) -> Result<(), JobError> {
        let mut conn = self.identity.pool.acquire().await?;
        mails::end(&mut conn, id, Some(reason), self.identity.clock.now()).await?;
        Ok(())
    }
}

/// Puts a mail on its way, in the transaction of what it tells of. False: it is on its way already.
pub(crate) async fn enqueue(
    conn: &mut PgConnection,
    mail: &New<'_>,
    origin: &Origin,
) -> Result<bool, JobError> {
    if !mails::insert(&mut *conn, mail).await? {
        return Ok(false);
    }
    chancery_queue::send(conn, &Outgoing::new(SendMail { mail: mail.id }, origin)).await?;
    Ok(true)
}

/// Gives a unit's letter to those of its people who want it.
pub(crate) struct OnLetter {
    pub identity: Identity,
    /// Whether mails can be sent at all.
    pub sends: bool,
}

#[async_trait]
impl Handler for OnLetter {
    type Message = SendLetter;

    async fn handle(&self, job: &Job<SendLetter>) -> Result<(), JobError> {
        let Self { identity, sends } = self;
        if !sends {
            return Ok(());
        }
        let now = identity.clock.now();
        let letter = serde_json::to_value(&job.message).unwrap_or_else(|_| json!({}));
        let mut tx = identity.pool.begin().await?;
        let today = grants::today(&mut tx, now).await?;
        if units::path(&mut tx, job.message.unit).await?.is_none() {
            return Ok(());
        }
        let cause = cause(&job.message);
        let readers = mails::readers(&mut tx, job.message.unit, today).await?;
        for person in mails::wanting(&mut tx, &readers, MailKind::Weekly).await? {
            let mail = New {
                id: identity.clock.new_id(),
                person,
                kind: MailKind::Weekly.as_str(),
                cause,
                unit: Some(job.message.unit),
                notification: None,
                letter: Some(&letter),
                now,
            };
            enqueue(&mut tx, &mail, &job.origin()).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The same for the same unit and week, however often the letter is sent.
fn cause(letter: &SendLetter) -> Uuid {
    let hash: [u8; 32] = Sha256::digest(format!("letter {} {}", letter.unit, letter.week)).into();
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(hash)
        .for_each(|(byte, of_hash)| *byte = of_hash);
    Uuid::from_bytes(bytes)
}
