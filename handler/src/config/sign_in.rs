//! The settings of who may call.

use url::Url;
use who::{Tenant, TenantFault};

use super::{Fault, Reader};

/// `on` where App Service authentication stands in front of the app: its header `X-MS-CLIENT-PRINCIPAL` is believed. Where it
/// does not, any caller could write that header. Default `off`.
pub const PLATFORM_AUTHENTICATION: &str = "PLATFORM_AUTHENTICATION";
/// The id of the tenant whose sign-ins are taken, by token or from the platform.
pub const SIGN_IN_TENANT: &str = "SIGN_IN_TENANT";
/// The names under which tokens may be made for this app, with blanks between them: `api://golden-thread` and the client id.
/// With [`SIGN_IN_TENANT`] it switches bearer tokens on.
pub const SIGN_IN_AUDIENCE: &str = "SIGN_IN_AUDIENCE";
/// Where the tenant's keys are and who issues its tokens. Default `https://login.microsoftonline.com`, the public cloud.
pub const SIGN_IN_AUTHORITY: &str = "SIGN_IN_AUTHORITY";
/// `required` refuses to start without [`PLATFORM_AUTHENTICATION`] or [`SIGN_IN_AUDIENCE`]: set it wherever real reports are.
/// Default `as-configured`.
pub const SIGN_IN: &str = "SIGN_IN";
/// Calls a minute for each caller to the doors that draft, approve or erase. Default 10. Each instance counts for itself.
pub const CALLS_PER_MINUTE: &str = "CALLS_PER_MINUTE";

/// The settings of this file.
pub(super) const SIGN_IN_SETTINGS: [&str; 6] = [
    SIGN_IN,
    PLATFORM_AUTHENTICATION,
    SIGN_IN_TENANT,
    SIGN_IN_AUDIENCE,
    SIGN_IN_AUTHORITY,
    CALLS_PER_MINUTE,
];

/// The platform's own mark that its authentication is on; set by Azure.
const MARKER: &str = "WEBSITE_AUTH_ENABLED";
const PUBLIC_CLOUD: &str = "https://login.microsoftonline.com";

/// How callers are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Whose sign-ins from the platform are believed, where it stands in front.
    pub platform: Option<Platform>,
    /// Whose tokens are taken.
    pub tokens: Option<Tenant>,
    /// [`CALLS_PER_MINUTE`].
    pub calls_per_minute: u32,
}

/// The platform's authentication, where it is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// The tenant's id; none takes whomever the platform lets in.
    pub tenant: Option<String>,
    /// Whether the platform itself says that its authentication is on. Some plans say nothing.
    pub confirmed: bool,
}

impl SignIn {
    /// Whether callers are known at all.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.platform.is_some() || self.tokens.is_some()
    }
}

impl Reader<'_> {
    pub(super) fn sign_in(&mut self) -> SignIn {
        let tenant = self.tenant_id();
        let sign_in = SignIn {
            tokens: self.tokens(tenant.as_deref()),
            platform: self.platform(tenant),
            calls_per_minute: u32::try_from(self.number(CALLS_PER_MINUTE, 10, 1, 1_000)).unwrap_or(10),
        };
        let lonely = (self.source)(SIGN_IN_TENANT).is_some() && (self.source)(SIGN_IN_AUDIENCE).is_none();
        if lonely && sign_in.platform.is_none() {
            self.faults.push(Fault::SignInHalf {
                setting: SIGN_IN_AUDIENCE,
            });
        }
        if self.sign_in_required() && !self.names_a_source() {
            self.faults.push(Fault::SignInMissing);
        }
        sign_in
    }

    /// Whether a source is named at all; what is wrong with it is a fault of its own.
    fn names_a_source(&self) -> bool {
        (self.source)(SIGN_IN_AUDIENCE).is_some()
            || (self.source)(PLATFORM_AUTHENTICATION).is_some_and(|text| text.trim() != "off")
    }

    fn sign_in_required(&mut self) -> bool {
        match (self.source)(SIGN_IN).as_deref().map(str::trim) {
            None | Some("as-configured") => false,
            Some("required") => true,
            Some(_) => {
                self.faults.push(Fault::SignIn);
                false
            }
        }
    }

    fn tenant_id(&mut self) -> Option<String> {
        let text = (self.source)(SIGN_IN_TENANT)?;
        let parsed = Tenant::parse_id(text.trim());
        parsed.map_err(|_| self.faults.push(Fault::SignInTenant)).ok()
    }

    fn platform(&mut self, tenant: Option<String>) -> Option<Platform> {
        if !self.switch(PLATFORM_AUTHENTICATION, false) {
            return None;
        }
        let marker = (self.source)(MARKER);
        let denied = marker
            .as_ref()
            .is_some_and(|marker| !marker.trim().eq_ignore_ascii_case("true"));
        if denied {
            self.faults.push(Fault::PlatformAuthenticationOff);
        }
        Some(Platform {
            tenant,
            confirmed: marker.is_some(),
        })
    }

    fn tokens(&mut self, tenant: Option<&str>) -> Option<Tenant> {
        let authority = self.authority();
        let text = (self.source)(SIGN_IN_AUDIENCE)?;
        if (self.source)(SIGN_IN_TENANT).is_none() {
            self.faults.push(Fault::SignInHalf {
                setting: SIGN_IN_TENANT,
            });
        }
        let audiences = text.split_whitespace().map(str::to_owned).collect();
        match Tenant::new(&authority, tenant?, audiences) {
            Ok(tenant) => Some(tenant),
            Err(TenantFault::Id | TenantFault::Audience) => {
                self.faults.push(Fault::SignInTenant);
                None
            }
        }
    }

    fn authority(&mut self) -> String {
        let text = (self.source)(SIGN_IN_AUTHORITY).unwrap_or_else(|| PUBLIC_CLOUD.to_owned());
        let text = text.trim().trim_end_matches('/');
        let usable = Url::parse(text).is_ok_and(|url| {
            let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
            bare && url.password().is_none() && (url.scheme() == "https" || is_this_machine(&url))
        });
        if !usable {
            self.faults.push(Fault::SignInAuthority);
        }
        text.to_owned()
    }
}

/// Whether an address over plain HTTP is one of this machine, for a server in tests.
fn is_this_machine(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(_)) | None => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{self, Config, PORT, STORAGE};

    const TENANT: &str = "11111111-2222-3333-4444-555555555555";

    fn read(pairs: &[(&str, &str)]) -> Result<Config, Vec<Fault>> {
        let least = [(PORT, "7001"), (STORAGE, "UseDevelopmentStorage=true")];
        config::read(&|name| {
            let mut all = least.iter().chain(pairs);
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        })
    }

    /// The settings are refused with exactly these faults, by a part of each one's text.
    fn refused(pairs: &[(&str, &str)], expected: &[&str]) {
        let faults: Vec<String> = read(pairs)
            .map(|_| ())
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, part) in faults.iter().zip(expected) {
            assert!(fault.contains(part), "{fault}");
        }
    }

    #[test]
    fn without_a_source_callers_are_not_known_and_a_required_sign_in_refuses_to_start() {
        let sign_in = read(&[]).unwrap().sign_in;
        assert!(!sign_in.is_configured());
        assert_eq!(sign_in.calls_per_minute, 10);
        refused(&[(SIGN_IN, "required")], &["no way to sign in"]);
        refused(
            &[(SIGN_IN, "required"), (PLATFORM_AUTHENTICATION, "off")],
            &["no way to sign in"],
        );
        refused(&[(SIGN_IN, "yes")], &["`SIGN_IN` must be"]);
        refused(&[(CALLS_PER_MINUTE, "0")], &[CALLS_PER_MINUTE]);
    }

    #[test]
    fn the_platform_is_believed_only_where_it_does_not_say_no() {
        let platform = |pairs: &[(&str, &str)]| read(pairs).unwrap().sign_in.platform;
        let on = (PLATFORM_AUTHENTICATION, "on");
        assert_eq!(platform(&[(MARKER, "True")]), None);
        let confirmed = |pairs: &[(&str, &str)]| platform(pairs).map(|platform| platform.confirmed);
        assert_eq!(confirmed(&[on, (SIGN_IN, "required")]), Some(false));
        assert_eq!(confirmed(&[on, (MARKER, "True")]), Some(true));
        refused(&[on, (MARKER, "False")], &[MARKER]);
        refused(&[(PLATFORM_AUTHENTICATION, "true")], &[PLATFORM_AUTHENTICATION]);
        assert_eq!(
            platform(&[on, (SIGN_IN_TENANT, TENANT)]).unwrap().tenant.unwrap(),
            TENANT
        );
    }

    #[test]
    fn tokens_need_a_tenant_and_an_audience() {
        let both = [(SIGN_IN_TENANT, TENANT), (SIGN_IN_AUDIENCE, "api://a  b")];
        let expected = Tenant::new(PUBLIC_CLOUD, TENANT, vec!["api://a".into(), "b".into()]).unwrap();
        assert_eq!(read(&both).unwrap().sign_in.tokens, Some(expected));
        refused(&both[..1], &[SIGN_IN_AUDIENCE]);
        refused(&both[1..], &[SIGN_IN_TENANT]);
        refused(&[(SIGN_IN_TENANT, "common"), both[1]], &["SIGN_IN_TENANT"]);
        for authority in [
            "http://example.org",
            "ftp://example.org",
            "https://u:p@example.org",
            "x",
            "http://localhost.evil.example",
        ] {
            refused(
                &[both[0], both[1], (SIGN_IN_AUTHORITY, authority)],
                &[SIGN_IN_AUTHORITY],
            );
        }
        let local = read(&[both[0], both[1], (SIGN_IN_AUTHORITY, "http://127.0.0.1:9/")]).unwrap();
        assert!(
            local
                .sign_in
                .tokens
                .unwrap()
                .keys_address()
                .starts_with("http://127.0.0.1:9/1111")
        );
    }
}
