//! Mail: the way out, what a mail says, and the jobs that send it. A mail is made in the transaction of what it tells of
//! (`store::mails`), and leaves at least once with a Message-ID that stays the same.

mod compose;
mod deliver;
mod jobs;

use std::fmt;

use chancery_web::Shell;
use lettre::message::Mailbox;

pub use deliver::{Mailer, Security, SendError, Settings};
pub(crate) use jobs::{OnLetter, OnSendMail, TRIES, enqueue};

/// Mail cannot be sent with these settings.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The address that mails come from is none.
    #[error("“{0}” is not an address that mails can come from")]
    From(String),
    /// TLS cannot be spoken with this server's name or certificate authority.
    #[error("TLS with the mail server cannot be set up: {0}")]
    Tls(String),
}

/// Everything that sending takes.
#[derive(Clone)]
pub(crate) struct Post {
    /// The way out.
    pub mailer: Mailer,
    /// Templates and their words.
    pub shell: Shell,
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Post").field(&self.mailer).finish()
    }
}

fn mailbox(text: &str) -> Result<Mailbox, MailError> {
    text.parse().map_err(|_| MailError::From(text.to_owned()))
}
