//! The way to the mail server.

use std::fmt;
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{MailError, mailbox};
use crate::model::mail::{Refusal, refusal};

/// For connecting, and for each answer of the server.
const PATIENCE: Duration = Duration::from_secs(20);

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after `STARTTLS`; without it nothing is sent.
    StartTls,
    /// None: a relay on the same machine or network.
    None,
}

/// Where mails go.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User and password.
    pub sign_in: Option<(String, String)>,
    /// Who mails come from: an address, or a name with an address in angle brackets.
    pub from: String,
    /// A certificate authority of the ministry's own, in PEM.
    pub authority: Option<Vec<u8>>,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The server does not answer, or wants it later.
    #[error("{0}")]
    Later(String),
    /// The server refuses it for good.
    #[error("{0}")]
    Refused(String),
}

/// Sends mails. Cheap to clone; a connection lasts for one mail.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    place: String,
}

impl Mailer {
    /// A mailer for this server. Nothing is asked of it yet.
    ///
    /// # Errors
    /// See [`MailError`].
    pub fn new(settings: Settings) -> Result<Self, MailError> {
        let from = mailbox(&settings.from)?;
        let tls = || {
            let mut builder = TlsParameters::builder(settings.host.clone());
            if let Some(pem) = &settings.authority {
                let own = Certificate::from_pem(pem).map_err(|error| MailError::Tls(said(&error)))?;
                builder = builder.add_root_certificate(own);
            }
            builder.build().map_err(|error| MailError::Tls(said(&error)))
        };
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(tls()?),
            Security::StartTls => Tls::Required(tls()?),
            Security::None => Tls::None,
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .tls(tls)
            .hello_name(ClientId::Domain(from.email.domain().to_owned()))
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = settings.sign_in {
            transport = transport.credentials(Credentials::new(user, password));
        }
        Ok(Self {
            transport: transport.build(),
            from,
            place: format!("{}:{}", settings.host, settings.port),
        })
    }

    /// Who mails come from.
    pub(crate) fn sender(&self) -> &Mailbox {
        &self.from
    }

    /// The server, as the administrator's page names it: host and port.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// The address that mails come from.
    #[must_use]
    pub fn address(&self) -> String {
        self.from.email.to_string()
    }

    /// Connects, signs in and goes away again.
    ///
    /// # Errors
    /// What the server or the network says against it.
    pub async fn check(&self) -> Result<(), SendError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Later("the server ends the connection".to_owned())),
            Err(error) => Err(sorted(&error)),
        }
    }

    /// Hands a mail to the server.
    pub(crate) async fn send(&self, mail: Message) -> Result<(), SendError> {
        match self.transport.send(mail).await {
            Ok(_) => Ok(()),
            Err(error) => Err(sorted(&error)),
        }
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

fn sorted(error: &lettre::transport::smtp::Error) -> SendError {
    let reason = said(error);
    match error.status().map(|code| refusal(code.into())) {
        Some(Refusal::Final) => SendError::Refused(reason),
        Some(Refusal::Later) | None => SendError::Later(reason),
    }
}

/// An error with its causes, in one line.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    crate::model::mail::header_line(&text, 900)
}
