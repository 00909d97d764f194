//! A bucket of an S3-compatible server.

use std::fmt;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a server may be silent in the middle of an exchange. There is no limit to a whole exchange: a film on
/// its way to a slow reader is no fault.
const SILENCE: Duration = Duration::from_secs(30);
/// Somebody waits for most requests: a server that does not answer is told of soon, and jobs try again anyway.
const RETRY: Duration = Duration::from_secs(8);

/// Where the bucket is and how to get in.
#[derive(Clone)]
pub struct S3Settings {
    /// The server, such as `https://s3.example.gov`; none: Amazon's own in `region`.
    pub endpoint: Option<String>,
    /// The region that requests are signed for; servers on the premises usually take `us-east-1`.
    pub region: String,
    /// The bucket, which must exist.
    pub bucket: String,
    /// The key's public name.
    pub access_key: String,
    /// The key's secret.
    pub secret_key: String,
    /// Whether the bucket is named in the path (`https://host/bucket/…`) rather than in the host's name.
    pub path_style: bool,
    /// Whether plain HTTP may be spoken: only where the network between is the ministry's own.
    pub allow_http: bool,
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

/// The client; it connects when it is first asked for something.
pub(crate) fn open(settings: &S3Settings) -> Result<AmazonS3, object_store::Error> {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Refused only when another thread was faster, and then there is a provider all the same.
        drop(rustls::crypto::ring::default_provider().install_default());
    }
    let client = ClientOptions::new()
        .with_allow_http(settings.allow_http)
        .with_connect_timeout(CONNECT)
        .with_timeout_disabled()
        .with_read_timeout(SILENCE);
    let retry = RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(2),
            base: 2.0,
        },
        max_retries: 4,
        retry_timeout: RETRY,
    };
    let mut builder = AmazonS3Builder::new()
        .with_client_options(client)
        .with_retry(retry)
        .with_region(&settings.region)
        .with_bucket_name(&settings.bucket)
        .with_access_key_id(&settings.access_key)
        .with_secret_access_key(&settings.secret_key)
        .with_virtual_hosted_style_request(!settings.path_style);
    if let Some(endpoint) = &settings.endpoint {
        builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
    }
    builder.build()
}
