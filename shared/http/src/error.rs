use std::error::Error as _;

use crate::Blocked;

/// Why there is no answer. What matters to the caller is whether the request can have had an effect.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not one we go to. Of a call that follows no redirect, nothing was sent.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// Failed before the first byte of the request was sent: name, connection, TLS, or a request that can't be built.
    #[error("not sent: {0}")]
    NotSent(String),
    /// Sent, in part at least, and not answered in a way that can be read. It may have had its effect or not.
    #[error("no usable answer: {0}")]
    Unknown(String),
    /// Answered, with more than the caller allows. It may have had its effect or not.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The caller's limit, in bytes after decompression.
        limit: usize,
    },
}

impl Error {
    /// Whether the request certainly had no effect. Holds for calls that follow no redirect.
    #[must_use]
    pub fn is_unsent(&self) -> bool {
        matches!(self, Self::Blocked(_) | Self::NotSent(_))
    }

    /// Sorts an error of the library. `sent`: whether a byte of the request may have left.
    pub(crate) fn of(error: reqwest::Error, sent: bool) -> Self {
        if let Some(blocked) = blocked(&error) {
            return Self::Blocked(blocked);
        }
        let reason = describe(error);
        if sent {
            Self::Unknown(reason)
        } else {
            Self::NotSent(reason)
        }
    }
}

/// The client can't be made on this machine.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// An entry of the allow-list is neither a host name nor an address nor a network.
    #[error(
        "“{0}” in the list of allowed hosts is neither a host name, nor an address, nor a network such as 10.1.0.0/16"
    )]
    Allow(String),
    /// Usually: no certificate authorities are installed.
    #[error("no outbound HTTP: {0} (are certificate authorities installed? apt-get install ca-certificates)")]
    Tls(String),
}

/// Our own refusal, from inside the library's resolver or redirect policy.
fn blocked(error: &reqwest::Error) -> Option<Blocked> {
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(blocked) = cause.downcast_ref::<Blocked>() {
            return Some(blocked.clone());
        }
        source = cause.source();
    }
    None
}

/// The whole chain of causes in one line, without the URL: its query may hold a secret.
fn describe(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}
