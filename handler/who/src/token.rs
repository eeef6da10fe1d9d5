//! Access tokens of Microsoft Entra ID.
//!
//! The library reads the token and checks its signature with the one algorithm that the tenant signs with; issuer, audience,
//! tenant and times are compared here, as single values, against a time that is passed in.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use serde::Deserialize;

use crate::keys::Key;
use crate::principal::Principal;
use crate::refusal::Refusal;
use crate::role::Rights;

/// The longest token that is looked at. Tokens with two hundred groups have about 10 kB.
const LONGEST: usize = 16 * 1024;
/// The longest id of a key.
const LONGEST_KEY_ID: usize = 200;
/// Seconds by which clocks may differ.
const LEEWAY: u64 = 60;
/// The public cloud, whose tokens of version 1 have an issuer of their own.
const PUBLIC_CLOUD: &str = "https://login.microsoftonline.com";

/// What is no tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TenantFault {
    /// A word such as `common` would let any tenant in.
    #[error("the tenant is not an id such as `72f988bf-86f1-41af-91ab-2d7cd011db47`")]
    Id,
    /// Nothing to compare the audience with.
    #[error("there is no audience")]
    Audience,
}

/// Whose tokens are taken, and for which app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    id: String,
    authority: String,
    audiences: Vec<String>,
}

impl Tenant {
    /// A tenant's id, if it is one: lower case.
    pub fn parse_id(text: &str) -> Result<String, TenantFault> {
        let lengths = text.split('-').map(str::len);
        let digits = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if digits && lengths.eq([8, 4, 4, 4, 12]) {
            Ok(text.to_ascii_lowercase())
        } else {
            Err(TenantFault::Id)
        }
    }

    /// A tenant, the address of its authority without a final slash, and the app's names as audiences.
    pub fn new(authority: &str, id: &str, audiences: Vec<String>) -> Result<Self, TenantFault> {
        if audiences.is_empty() || audiences.iter().any(|audience| audience.trim().is_empty()) {
            return Err(TenantFault::Audience);
        }
        Ok(Self {
            id: Self::parse_id(id)?,
            authority: authority.trim_end_matches('/').to_owned(),
            audiences,
        })
    }

    /// The tenant's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where the tenant's keys are.
    #[must_use]
    pub fn keys_address(&self) -> String {
        format!("{}/{}/discovery/v2.0/keys", self.authority, self.id)
    }

    fn issued(&self, issuer: &str) -> bool {
        let second = format!("{}/{}/v2.0", self.authority, self.id);
        let first = format!("https://sts.windows.net/{}/", self.id);
        issuer == second || (self.authority == PUBLIC_CLOUD && issuer == first)
    }
}

/// A token whose head was read. Nothing of it is believed yet.
pub struct Token<'t> {
    text: &'t str,
    key_id: String,
}

/// What is read of a token; a claim that stands there twice makes it unreadable.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    exp: u64,
    tid: String,
    #[serde(default)]
    nbf: Option<u64>,
    #[serde(default)]
    oid: Option<String>,
    #[serde(default)]
    roles: Vec<String>,
    /// The app that asked for the token: only access tokens say so, of version 2.
    #[serde(default)]
    azp: Option<String>,
    /// The same, of version 1.
    #[serde(default)]
    appid: Option<String>,
}

impl<'t> Token<'t> {
    /// Reads the token's head.
    pub fn parse(text: &'t str) -> Result<Self, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::TooLong);
        }
        let head = jsonwebtoken::decode_header(text).map_err(|_| Refusal::Form)?;
        if head.alg != Algorithm::RS256 {
            return Err(Refusal::Algorithm);
        }
        // What a head calls critical must be understood, and nothing is.
        if head.crit.is_some() {
            return Err(Refusal::Form);
        }
        let key_id = head.kid.filter(|id| (1..=LONGEST_KEY_ID).contains(&id.len()));
        Ok(Self {
            text,
            key_id: key_id.ok_or(Refusal::Key)?,
        })
    }

    /// The id of the key that it says it is signed with.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Whom the tenant signed in, at `now` in seconds since 1970.
    pub fn verify(&self, key: &Key, tenant: &Tenant, now: u64) -> Result<Principal, Refusal> {
        let claims = self.claims(key)?;
        if !tenant.issued(&claims.iss) {
            return Err(Refusal::Issuer);
        }
        if !tenant.id.eq_ignore_ascii_case(&claims.tid) {
            return Err(Refusal::Tenant);
        }
        if !tenant.audiences.contains(&claims.aud) {
            return Err(Refusal::Audience);
        }
        if claims.exp.saturating_add(LEEWAY) <= now {
            return Err(Refusal::Expired);
        }
        if claims.nbf.is_some_and(|from| from > now.saturating_add(LEEWAY)) {
            return Err(Refusal::NotYet);
        }
        if claims.azp.or(claims.appid).is_none() {
            return Err(Refusal::NotAccess);
        }
        let object = claims.oid.ok_or(Refusal::Nobody)?;
        let rights = Rights::of(claims.roles.iter().map(String::as_str));
        Principal::new(&claims.tid, &object, rights)
    }

    /// The claims, when the signature is right.
    fn claims(&self, key: &Key) -> Result<Claims, Refusal> {
        let mut only = Validation::new(Algorithm::RS256);
        // The library would ask the machine's clock; and it takes lists where the tenant sends one value.
        only.validate_exp = false;
        only.validate_aud = false;
        only.required_spec_claims.clear();
        let read = jsonwebtoken::decode::<Claims>(self.text, key.decoding(), &only);
        read.map(|read| read.claims).map_err(|fault| match fault.kind() {
            ErrorKind::InvalidSignature => Refusal::Signature,
            ErrorKind::InvalidAlgorithm => Refusal::Algorithm,
            _ => Refusal::Form,
        })
    }
}
