//! What a caller sent to be known by.

use crate::refusal::Refusal;

/// The values of the two headers, as often as each stands in the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presented<'h> {
    /// Of `X-MS-CLIENT-PRINCIPAL`, which the platform's authentication writes.
    pub principal: Vec<&'h str>,
    /// Of `Authorization`.
    pub authorization: Vec<&'h str>,
}

/// What is to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential<'h> {
    /// The platform's header: the platform has looked at the rest.
    Platform(&'h str),
    /// A bearer token.
    Bearer(&'h str),
}

impl<'h> Presented<'h> {
    /// Chooses. The platform's header counts only where `platform` says that the platform writes it: anywhere else a caller
    /// could have written it.
    pub fn choose(&self, platform: bool, tokens: bool) -> Result<Credential<'h>, Refusal> {
        match self.principal.as_slice() {
            [header] if platform => return Ok(Credential::Platform(header)),
            [_, _, ..] if platform => return Err(Refusal::Twice),
            _ => {}
        }
        match self.authorization.as_slice() {
            [value] if tokens => bearer(value).map(Credential::Bearer).ok_or(Refusal::Nothing),
            [_, _, ..] if tokens => Err(Refusal::Twice),
            _ => Err(Refusal::Nothing),
        }
    }
}

/// The token of a value such as `Bearer eyJ…`; the scheme is written in any case (RFC 9110).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
