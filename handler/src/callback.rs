//! Calling back whoever asked for a draft: which addresses are called, how a call is signed, and the call itself.
//!
//! A caller chooses the address, and the app stands inside the council's network: so only hosts that the settings name are
//! called, over https, at addresses of the open internet, and the connection goes to the very address that was looked at.
//! No redirect is followed and no proxy asked, and nothing of an answer is read but its status.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use url::{Host, Url};
use wire::Secret;

/// Characters of an address.
const MOST_CHARACTERS: usize = 2_000;
/// How long one call may take.
const CALL: Duration = Duration::from_secs(15);
/// How long a name may take to be resolved.
const RESOLVE: Duration = Duration::from_secs(5);
/// The longest pause before a call is made again.
const LONGEST_PAUSE: Duration = Duration::from_secs(3_600);
/// Characters of a key, at least.
const LEAST_KEY: usize = 32;

/// The header with the second of the call, by which the receiver knows an old call.
pub(crate) const TIMESTAMP: &str = "golden-thread-timestamp";
/// The header with the signature: `sha256=` and HMAC-SHA256, in hexadecimal digits, of the timestamp, a full stop and the body.
pub(crate) const SIGNATURE: &str = "golden-thread-signature";
/// The header by which repetitions of one call are known.
pub(crate) const DELIVERY: &str = "golden-thread-delivery";

/// Who may be called back, and how.
#[derive(Clone, Debug)]
pub struct Callbacks {
    hosts: Vec<Hosts>,
    key: Secret,
    loopback: bool,
    pause: Duration,
}

/// One entry of the list of hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    One(String),
    /// Every name that ends so, the leading dot included.
    Under(String),
}

/// Why nobody can be called back with these settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackSettingsFault {
    /// Not a host.
    #[error(
        "`CALLBACK_HOSTS` must be names of hosts, separated by commas, such as `flows.example.org` or `*.example.org`"
    )]
    Hosts,
    /// No key, or one that can be guessed.
    #[error("`CALLBACK_KEY` must have at least 32 characters, since `CALLBACK_HOSTS` is set")]
    Key,
}

/// An address that may be called: parsed here, and looked at again before each call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallbackAddress(String);

/// Why an address is not called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// Not an address, or not of this form.
    #[error("`callback` must be an address `https://host/…`, without port, user, password and `#`")]
    Form,
    /// Its host is not among those that are called.
    #[error("`callback` names a host that is not among those that this app calls")]
    Host,
}

/// How a call went that did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// The settings allow the address no more.
    #[error("the address may not be called any more")]
    NotAllowed,
    /// The name has no address on the open internet.
    #[error("the host's name leads to an address that is not called")]
    Inside,
    /// The name cannot be resolved now.
    #[error("the host's name cannot be resolved")]
    Unresolved,
    /// No connection, no TLS, no answer in time.
    #[error("the host could not be reached, or did not answer in time")]
    Unreachable,
    /// An answer that is no success.
    #[error("the host answered with status {0}")]
    Status(u16),
}

impl CallFault {
    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_passing(self) -> bool {
        match self {
            Self::NotAllowed | Self::Inside => false,
            Self::Unresolved | Self::Unreachable => true,
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500..),
        }
    }
}

impl Callbacks {
    /// Callbacks to these hosts, signed with this key. `loopback` is for tests: it calls this machine, by `http` too.
    pub fn new(
        hosts: &str,
        key: &str,
        loopback: bool,
        pause: Duration,
    ) -> Result<Self, CallbackSettingsFault> {
        let hosts: Option<Vec<Hosts>> = hosts.split(',').map(|host| self::hosts(host.trim())).collect();
        let hosts = hosts.ok_or(CallbackSettingsFault::Hosts)?;
        if key.trim().chars().count() < LEAST_KEY {
            return Err(CallbackSettingsFault::Key);
        }
        Ok(Self {
            hosts,
            key: Secret::new(key.trim().to_owned()),
            loopback,
            pause,
        })
    }

    /// The pause before a call that failed so often is made again.
    #[must_use]
    pub fn pause(&self, tries: u32) -> Duration {
        (self.pause * 2_u32.saturating_pow(tries.min(16))).min(LONGEST_PAUSE)
    }

    /// The address, if it may be called.
    pub fn address(&self, text: &str) -> Result<CallbackAddress, AddressFault> {
        self.target(text).map(|_| CallbackAddress(text.to_owned()))
    }

    /// The address as it is called, and its host's name.
    fn target(&self, text: &str) -> Result<(Url, String), AddressFault> {
        if text.len() > MOST_CHARACTERS || text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(AddressFault::Form);
        }
        let url = Url::parse(text).map_err(|_| AddressFault::Form)?;
        let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        let scheme = url.scheme() == "https" || (self.loopback && url.scheme() == "http");
        let port = url.port().is_none() || self.loopback;
        if !(plain && scheme && port) {
            return Err(AddressFault::Form);
        }
        // A number in any spelling is an address and no name.
        let Some(Host::Domain(host)) = url.host() else {
            return Err(AddressFault::Form);
        };
        let host = host.to_ascii_lowercase();
        let listed = self.hosts.iter().any(|hosts| match hosts {
            Hosts::One(name) => *name == host,
            Hosts::Under(ending) => host.len() > ending.len() && host.ends_with(ending),
        });
        if !listed {
            return Err(AddressFault::Host);
        }
        Ok((url, host))
    }

    /// Calls the address once. `delivery` names the call, also when it is repeated.
    pub async fn call(
        &self,
        address: &CallbackAddress,
        delivery: &str,
        second: i64,
        body: String,
    ) -> Result<(), CallFault> {
        let (url, host) = self.target(&address.0).map_err(|_| CallFault::NotAllowed)?;
        let sockets = self
            .resolved(&host, url.port_or_known_default().unwrap_or(443))
            .await?;
        let client = reqwest::Client::builder()
            .timeout(CALL)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .https_only(!self.loopback)
            // What was looked at is what is connected to, whatever the name says in a moment.
            .resolve_to_addrs(&host, &sockets)
            .build()
            .map_err(|_| CallFault::Unreachable)?;
        let answer = client
            .post(url)
            .header("content-type", "application/json")
            .header("user-agent", concat!("golden-thread/", env!("CARGO_PKG_VERSION")))
            .header(TIMESTAMP, second.to_string())
            .header(DELIVERY, delivery)
            .header(SIGNATURE, self.signature(second, &body))
            .body(body)
            .send()
            .await
            // The fault would hold the address.
            .map_err(|_| CallFault::Unreachable)?;
        let status = answer.status().as_u16();
        if (200..300).contains(&status) {
            Ok(())
        } else {
            Err(CallFault::Status(status))
        }
    }

    /// Where the name leads. One address that is not called makes all of them suspect.
    async fn resolved(&self, host: &str, port: u16) -> Result<Vec<SocketAddr>, CallFault> {
        let looked = tokio::time::timeout(RESOLVE, tokio::net::lookup_host((host, port))).await;
        let found = looked.map_err(|_| CallFault::Unresolved)?;
        let sockets: Vec<SocketAddr> = found.map_err(|_| CallFault::Unresolved)?.collect();
        let allowed =
            |socket: &SocketAddr| is_public(socket.ip()) || (self.loopback && socket.ip().is_loopback());
        match sockets.as_slice() {
            [] => Err(CallFault::Unresolved),
            all if all.iter().all(allowed) => Ok(sockets),
            _ => Err(CallFault::Inside),
        }
    }

    fn signature(&self, second: i64, body: &str) -> String {
        use std::fmt::Write as _;
        let mut text = String::from("sha256=");
        // HMAC takes a key of any length.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.expose().as_bytes()) {
            mac.update(second.to_string().as_bytes());
            mac.update(b".");
            mac.update(body.as_bytes());
            for byte in mac.finalize().into_bytes() {
                // Writing to a `String` cannot fail.
                _ = write!(text, "{byte:02x}");
            }
        }
        text
    }
}

fn hosts(text: &str) -> Option<Hosts> {
    let (name, under) = match text.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (text, false),
    };
    // As an address spells it; a number is no name, and a name without a dot is of this network.
    let parsed = Url::parse(&format!("https://{name}/")).ok()?;
    let sound = parsed.host_str() == Some(name) && matches!(parsed.host(), Some(Host::Domain(_)));
    let dotted = name.contains('.') || name == "localhost";
    if !sound || !dotted || name.ends_with('.') || parsed.port().is_some() {
        return None;
    }
    Some(if under {
        Hosts::Under(format!(".{name}"))
    } else {
        Hosts::One(name.to_owned())
    })
}

/// Whether an address is one of the open internet (IANA's registries of special-purpose addresses).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        // Azure's own services on every virtual network.
        || address == Ipv4Addr::new(168, 63, 129, 16);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only what is given out for the open internet, less what stands for addresses of other kinds.
    (a & 0xe000) == 0x2000
        && !(a == 0x2001 && b < 0x0200)
        && !(a == 0x2001 && b == 0x0db8)
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn callbacks(hosts: &str) -> Callbacks {
        Callbacks::new(hosts, KEY, false, Duration::from_secs(10)).unwrap()
    }

    #[test]
    fn only_listed_hosts_are_called_and_only_by_https() {
        let own = callbacks("flows.example.org, *.logic.azure.com");
        let check = |text: &str, expected: Result<(), AddressFault>| {
            assert_eq!(own.address(text).map(|_| ()), expected, "{text}");
        };
        for good in [
            "https://flows.example.org/hook?sig=x",
            "https://FLOWS.example.org/",
            "https://flows.example.org:443/",
            "https://prod-1.uksouth.logic.azure.com/workflows/1",
        ] {
            check(good, Ok(()));
        }
        for host in [
            "https://evil.example/",
            "https://flows.example.org.evil.example/",
            "https://evilflows.example.org/",
            "https://x.flows.example.org/",
            "https://flows.example.org./",
            "https://logic.azure.com/",
            "https://evillogic.azure.com/",
            "https://localhost/",
            "https://metadata.google.internal/",
            "https://flows.example.org%2eevil.example/",
            "https://flows\u{ff0e}example.org.evil.example/",
        ] {
            check(host, Err(AddressFault::Host));
        }
        for form in [
            "",
            "flows.example.org/hook",
            "http://flows.example.org/",
            "ftp://flows.example.org/",
            "file:///etc/passwd",
            "gopher://flows.example.org/",
            "https://user@flows.example.org/",
            "https://user:secret@flows.example.org/",
            "https://flows.example.org@evil.example/",
            "https://flows.example.org:8443/",
            "https://flows.example.org/#x",
            "https://127.0.0.1/",
            "https://127.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://0177.0.0.1/",
            "https://169.254.169.254/metadata/identity/oauth2/token",
            "https://168.63.129.16/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]/",
            "https://flows.example.org\t/",
            " https://flows.example.org/",
            "https://flows.example.org/\r\nX: y",
        ] {
            check(form, Err(AddressFault::Form));
        }
        let long = format!("https://flows.example.org/{}", "x".repeat(MOST_CHARACTERS));
        check(&long, Err(AddressFault::Form));
    }

    #[test]
    fn addresses_inside_are_never_called() {
        for inside in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "168.63.129.16",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "fe80::1",
            "fec0::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::",
            "3fff::1",
            "100::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for open in [
            "1.1.1.1",
            "8.8.8.8",
            "20.26.1.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "2603:1020::1",
            "2001:4860:4860::8888",
            "2a00::1",
        ] {
            assert!(is_public(open.parse().unwrap()), "{open}");
        }
    }

    #[tokio::test]
    async fn a_listed_name_that_leads_inside_is_not_called() {
        let inside = callbacks("localhost");
        let address = inside.address("https://localhost/").unwrap();
        let called = inside.call(&address, "d", 1, "{}".into()).await;
        assert_eq!(called, Err(CallFault::Inside));
        // An address that stands in a message from before the setting was changed.
        let other = callbacks("flows.example.org");
        let called = other.call(&address, "d", 1, "{}".into()).await;
        assert_eq!(called, Err(CallFault::NotAllowed));
    }

    #[test]
    fn settings_are_names_and_a_key() {
        let check = |hosts: &str, key: &str| Callbacks::new(hosts, key, false, CALL).err();
        for bad in [
            "",
            "*",
            "*.",
            "https://x.org",
            "x.org/",
            "x.org:1",
            "10.0.0.1",
            "[::1]",
            "X.org",
            "a b.org",
            "x.org,,y.org",
            "intranet",
            "x.org.",
        ] {
            assert_eq!(check(bad, KEY), Some(CallbackSettingsFault::Hosts), "{bad}");
        }
        assert_eq!(check("x.org", "short"), Some(CallbackSettingsFault::Key));
        assert_eq!(check("x.org, *.y.org", KEY), None);
    }

    #[test]
    fn a_call_is_signed_over_its_time_and_body() {
        // `printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef`
        let expected = "sha256=f05f2539e3ae1c49aec5f8cfdad75ef6b06480b133973ffbb7ec9e18827af177";
        assert_eq!(
            callbacks("x.org").signature(1_700_000_000, r#"{"a":1}"#),
            expected
        );
    }

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pauses: Vec<u64> = (0..6)
            .map(|tries| callbacks("x.org").pause(tries).as_secs())
            .collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320]);
        assert_eq!(callbacks("x.org").pause(u32::MAX), LONGEST_PAUSE);
    }
}
