//! The header `X-MS-CLIENT-PRINCIPAL` of App Service authentication: base64 of JSON.
//!
//! The names of claims are those of Microsoft's documentation, short or as addresses; which of the two depends on the
//! platform's version. The platform takes the header away from what callers send, where its authentication is on.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde::Deserialize;

use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::role::Rights;

/// The longest header that is read. Hosts take 32 kB for all headers.
const LONGEST: usize = 64 * 1024;
/// How the platform calls the organisation's directory. Other providers may let anybody in, and choose what they claim.
const DIRECTORY: &str = "aad";
const OBJECT: [&str; 2] = [
    "oid",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
];
const TENANT: [&str; 2] = ["tid", "http://schemas.microsoft.com/identity/claims/tenantid"];
const ROLES: [&str; 2] = [
    "roles",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
];

#[derive(Deserialize)]
struct Header {
    auth_typ: String,
    #[serde(default)]
    role_typ: Option<String>,
    #[serde(default)]
    claims: Vec<Claim>,
}

#[derive(Deserialize)]
struct Claim {
    typ: String,
    val: String,
}

impl Header {
    /// The one value of a claim. Two that differ are none.
    fn one(&self, names: [&str; 2]) -> Option<&str> {
        let mut values = self
            .claims
            .iter()
            .filter(|claim| names.contains(&claim.typ.as_str()));
        let first = values.next()?;
        values
            .all(|other| other.val == first.val)
            .then_some(first.val.as_str())
    }

    fn roles(&self) -> impl Iterator<Item = &str> {
        let is_role =
            |typ: &str| ROLES.contains(&typ) || self.role_typ.as_deref().is_some_and(|roles| roles == typ);
        self.claims
            .iter()
            .filter(move |claim| is_role(&claim.typ))
            .map(|claim| claim.val.as_str())
    }
}

/// Whom the platform has signed in. Call it only where the platform writes the header. With a tenant, nobody of another.
pub fn principal(header: &str, tenant: Option<&str>) -> Result<Principal, Refusal> {
    if header.len() > LONGEST {
        return Err(Refusal::TooLong);
    }
    let text = header.trim();
    let bytes = STANDARD
        .decode(text)
        .or_else(|_| STANDARD_NO_PAD.decode(text))
        .map_err(|_| Refusal::Header)?;
    let header: Header = serde_json::from_slice(&bytes).map_err(|_| Refusal::Header)?;
    if header.auth_typ != DIRECTORY {
        return Err(Refusal::Header);
    }
    let own = header.one(TENANT).ok_or(Refusal::Tenant)?;
    if tenant.is_some_and(|tenant| !tenant.eq_ignore_ascii_case(own)) {
        return Err(Refusal::Tenant);
    }
    let object = header.one(OBJECT).ok_or(Refusal::Nobody)?;
    Principal::new(own, object, Rights::of(header.roles()))
}
