//! Where a service may be.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// The address of a service: `https`, or `http` to this machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Takes an address with or without a slash at its end; a query stays.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        let mut url = Url::parse(text.trim()).map_err(|_| AddressFault::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressFault::Credentials);
        }
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return Err(AddressFault::NotHttps);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The address with more of a path.
    #[must_use]
    pub fn join(&self, path: &[&str]) -> Url {
        let mut url = self.0.clone();
        // Addresses of these schemes always have a path.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// Its host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or("")
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

/// Whether an address is this machine's. Addresses are read by the URL standard first, so that `127.1` and `0x7f.1` are what
/// they are.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("");
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A part of an address as it was before it was encoded; `None` where a per cent sign encodes nothing or what comes out is no text.
#[must_use]
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// The host alone: a path or query can hold what is nobody's business.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.host())
    }
}

/// What is wrong with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// No URL.
    #[error("it is no URL; write it like `https://name.cognitiveservices.azure.com`")]
    Malformed,
    /// Neither `https` nor this machine.
    #[error("it must start with `https://`; `http://` is for this machine only")]
    NotHttps,
    /// A name or password inside.
    #[error("it holds a user name or password; set the key by its own setting")]
    Credentials,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_added_with_and_without_a_slash() {
        let check = |text: &str, expected: &str| {
            let joined = Address::parse(text).unwrap().join(&["a", "b:c"]);
            assert_eq!(joined.as_str(), expected, "{text}");
        };
        check("https://name.example.org", "https://name.example.org/a/b:c");
        check(" https://name.example.org/ ", "https://name.example.org/a/b:c");
        check(
            "https://name.example.org/v1/#x",
            "https://name.example.org/v1/a/b:c",
        );
        check("http://127.1:80/v1?v=2", "http://127.0.0.1/v1/a/b:c?v=2");
        check("http://[::1]:90/", "http://[::1]:90/a/b:c");
    }

    #[test]
    fn what_prints_is_the_host() {
        let address = Address::parse("https://name.example.org/path?key=k").unwrap();
        assert_eq!(format!("{address:?}"), "Address(name.example.org)");
    }
}
