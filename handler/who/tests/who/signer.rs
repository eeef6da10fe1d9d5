//! A tenant of the tests: keys made for one test run, and tokens signed with them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key of a tenant, by its id.
pub struct Signer {
    pair: KeyPair,
    pub id: &'static str,
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Signer {
    pub fn new(id: &'static str) -> Self {
        Self {
            pair: KeyPair::generate(KeySize::Rsa2048).unwrap(),
            id,
        }
    }

    /// The public key as the tenant lists it.
    pub fn listed(&self) -> Value {
        let public = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "kid": self.id, "x5t": self.id, "x5c": ["MII"],
            "n": encoded(public.modulus().big_endian_without_leading_zero()),
            "e": encoded(public.exponent().big_endian_without_leading_zero()),
        })
    }

    /// A token of these claims.
    pub fn token(&self, claims: &Value) -> String {
        self.signed(&json!({ "typ": "JWT", "alg": "RS256", "kid": self.id }), claims)
    }

    /// A token with any head.
    pub fn signed(&self, head: &Value, claims: &Value) -> String {
        self.signed_raw(head, &claims.to_string())
    }

    /// A token whose claims are any text.
    pub fn signed_raw(&self, head: &Value, claims: &str) -> String {
        let text = format!("{}.{}", encoded(head.to_string()), encoded(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                text.as_bytes(),
                &mut signature,
            )
            .unwrap();
        format!("{text}.{}", encoded(signature))
    }
}

/// Head and claims, without a signature.
pub fn unsigned(head: &Value, claims: &Value) -> String {
    format!("{}.{}", encoded(head.to_string()), encoded(claims.to_string()))
}

/// The tenant of the tests.
pub const TENANT: &str = "11111111-2222-3333-4444-555555555555";
/// The app of the tests.
pub const AUDIENCE: &str = "api://golden-thread";

/// The claims of a good token of that tenant, valid around `now`.
pub fn claims(authority: &str, now: u64, roles: &[&str]) -> Value {
    json!({
        "aud": AUDIENCE, "iss": format!("{authority}/{TENANT}/v2.0"), "tid": TENANT,
        "iat": now - 60, "nbf": now - 60, "exp": now + 3_600,
        "oid": "aaaaaaaa-0000-4000-8000-000000000001", "sub": "pairwise", "azp": "a-flow", "ver": "2.0",
        "name": "Ottoline Quill", "preferred_username": "ottoline.quill@example.org", "roles": roles,
    })
}
