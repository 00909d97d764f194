//! Where requests may go. Guards against server-side request forgery: a URL that somebody typed, or a redirect, must
//! not make this server talk to itself, its neighbours or the cloud's metadata service.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{BuildError, Error};

/// A request was refused before it was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{host} is not reached from here: {reason}")]
pub struct Blocked {
    /// The host as it was named.
    pub host: String,
    /// Why, in a few English words.
    pub reason: &'static str,
}

/// Looks names up. Replaced in tests only.
#[async_trait]
pub trait Names: Send + Sync + 'static {
    /// Every address of `host`.
    ///
    /// # Errors
    /// When there is none, or nobody answers.
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The machine's resolver.
#[derive(Debug, Clone, Copy)]
pub struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0))
            .await?
            .map(|address| address.ip())
            .collect())
    }
}

/// Decides, and resolves names to addresses that it has decided upon.
#[derive(Clone)]
pub(crate) struct Guard {
    allowed: Arc<Allowed>,
    names: Arc<dyn Names>,
}

/// Hosts that may be reached wherever they are, on any port.
#[derive(Debug, Default)]
struct Allowed {
    hosts: Vec<String>,
    networks: Vec<IpNet>,
}

impl Guard {
    /// `allow`: host names, addresses or networks that are reached although they are private.
    pub(crate) fn new(allow: &[String], names: Arc<dyn Names>) -> Result<Self, BuildError> {
        let mut allowed = Allowed::default();
        for entry in allow {
            let entry = entry.trim();
            if let Ok(network) = entry.parse::<IpNet>() {
                allowed.networks.push(network);
            } else if let Ok(address) = entry.parse::<IpAddr>() {
                allowed.networks.push(address.into());
            } else if let Ok(Host::Domain(host)) = Host::parse(entry) {
                allowed.hosts.push(plain(&host));
            } else {
                return Err(BuildError::Allow(entry.to_owned()));
            }
        }
        Ok(Self {
            allowed: Arc::new(allowed),
            names,
        })
    }

    /// What can be told from the URL alone. A name's addresses are checked when it is resolved.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Blocked> {
        let refuse = |reason| {
            Err(Blocked {
                host: url.host_str().unwrap_or_default().to_owned(),
                reason,
            })
        };
        if !matches!(url.scheme(), "http" | "https") {
            return refuse("only http and https are spoken");
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("a URL must not hold a password");
        }
        let trusted = match url.host() {
            None => return refuse("it names no host"),
            Some(Host::Domain(host)) => self.names_trusted(host),
            Some(Host::Ipv4(address)) => {
                if let Some(reason) = self.refused(address.into()) {
                    return refuse(reason);
                }
                self.trusts(address.into())
            }
            Some(Host::Ipv6(address)) => {
                if let Some(reason) = self.refused(address.into()) {
                    return refuse(reason);
                }
                self.trusts(address.into())
            }
        };
        match url.port_or_known_default() {
            Some(80 | 443) => Ok(()),
            Some(_) if trusted => Ok(()),
            Some(port) if port >= 1024 && !OTHER_PROTOCOLS.contains(&port) => Ok(()),
            _ => refuse("its port is not one of the web"),
        }
    }

    /// Whether the operator has named this host or address.
    pub(crate) fn is_trusted(&self, url: &Url) -> bool {
        match url.host() {
            None => false,
            Some(Host::Domain(host)) => self.names_trusted(host),
            Some(Host::Ipv4(address)) => self.trusts(address.into()),
            Some(Host::Ipv6(address)) => self.trusts(address.into()),
        }
    }

    /// That a name leads somewhere, and where it may. An address has been checked already.
    pub(crate) async fn resolves(&self, url: &Url) -> Result<(), Error> {
        let Some(Host::Domain(host)) = url.host() else {
            return Ok(());
        };
        match self.clone().addresses(host.to_owned()).await {
            Ok(_) => Ok(()),
            Err(error) => Err(match error.downcast::<Blocked>() {
                Ok(blocked) => Error::Blocked(*blocked),
                Err(error) => Error::NotSent(error.to_string()),
            }),
        }
    }

    fn names_trusted(&self, host: &str) -> bool {
        let host = plain(host);
        self.allowed.hosts.contains(&host)
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.allowed
            .networks
            .iter()
            .any(|network| network.contains(&address))
    }

    fn refused(&self, address: IpAddr) -> Option<&'static str> {
        if self.trusts(address) {
            None
        } else {
            refused_address(address)
        }
    }

    async fn addresses(
        self,
        host: String,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = self.names.lookup(&host).await?;
        let trusted = self.names_trusted(&host);
        let mut reason = "its name has no address";
        let mut addresses = Vec::with_capacity(found.len());
        for address in found {
            match self.refused(address) {
                Some(why) if !trusted => reason = why,
                _ => addresses.push(SocketAddr::new(address, 0)),
            }
        }
        if addresses.is_empty() {
            return Err(Box::new(Blocked { host, reason }));
        }
        Ok(addresses)
    }
}

impl Resolve for Guard {
    /// The library connects to these addresses and no others, so a name that changes its mind between check and
    /// connection ("DNS rebinding") gains nothing.
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let addresses: Addrs = Box::new(guard.addresses(host).await?.into_iter());
            Ok(addresses)
        })
    }
}

fn plain(host: &str) -> String {
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// Ports that browsers refuse because another protocol lives there (WHATWG Fetch, "bad port", those above 1023).
const OTHER_PROTOCOLS: [u16; 19] = [
    1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
    6697, 10080,
];

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(first: u16, second: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, 0), length)
}

/// Not globally reachable by the IANA IPv4 Special-Purpose Address Registry, with multicast and the reserved rest.
const REFUSED_V4: [(Ipv4Net, &str); 16] = [
    (v4(0, 0, 0, 0, 8), "it is this host"),
    (v4(10, 0, 0, 0, 8), "it is in a private network"),
    (v4(100, 64, 0, 0, 10), "it is in a provider's inner network"),
    (v4(127, 0, 0, 0, 8), "it is this host"),
    (v4(168, 63, 129, 16, 32), "it is a cloud's inner service"),
    (v4(169, 254, 0, 0, 16), "it is link-local"),
    (v4(172, 16, 0, 0, 12), "it is in a private network"),
    (v4(192, 0, 0, 0, 24), "it is reserved"),
    (v4(192, 0, 2, 0, 24), "it is reserved"),
    (v4(192, 88, 99, 0, 24), "it is reserved"),
    (v4(192, 168, 0, 0, 16), "it is in a private network"),
    (v4(198, 18, 0, 0, 15), "it is reserved"),
    (v4(198, 51, 100, 0, 24), "it is reserved"),
    (v4(203, 0, 113, 0, 24), "it is reserved"),
    (v4(224, 0, 0, 0, 4), "it is multicast"),
    (v4(240, 0, 0, 0, 4), "it is reserved"),
];

/// IPv6 that is given out to sites is all in here (IANA IPv6 Address Space), …
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);
/// … except these: protocol assignments with Teredo, documentation, 6to4, documentation again.
const REFUSED_V6: [Ipv6Net; 4] = [
    v6(0x2001, 0, 23),
    v6(0x2001, 0xdb8, 32),
    v6(0x2002, 0, 16),
    v6(0x3fff, 0, 20),
];
/// IPv4 through a translator (RFC 6052): judged by the IPv4 address inside.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 96);

/// Why a request does not go to this address unless it is allowed by name; none when it is an ordinary public one.
#[must_use]
pub fn refused_address(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => REFUSED_V4
            .iter()
            .find(|(network, _)| network.contains(&address))
            .map(|(_, reason)| *reason),
        IpAddr::V6(address) => {
            if let Some(inner) = address.to_ipv4_mapped() {
                return refused_address(inner.into());
            }
            if NAT64.contains(&address) {
                let [.., a, b, c, d] = address.octets();
                return refused_address(Ipv4Addr::new(a, b, c, d).into());
            }
            let global =
                GLOBAL_V6.contains(&address) && !REFUSED_V6.iter().any(|network| network.contains(&address));
            (!global).then_some("it is not a public IPv6 address")
        }
    }
}
