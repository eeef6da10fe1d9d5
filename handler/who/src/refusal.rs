//! Why a caller is not known.

/// Why a caller is not known. Holds nothing of what the caller sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nothing that this app takes was sent.
    #[error("no sign-in was sent")]
    Nothing,
    /// The same header stands there more than once: which one the platform wrote cannot be told.
    #[error("a header of the sign-in stands there twice")]
    Twice,
    /// Longer than any real one.
    #[error("the sign-in is too long")]
    TooLong,
    /// The platform's header is not in its form, or not of the tenant's directory.
    #[error("the platform's header cannot be read")]
    Header,
    /// The token is not in a token's form.
    #[error("the token cannot be read")]
    Form,
    /// The token is signed in another way than the tenant signs.
    #[error("the token's algorithm is not the tenant's")]
    Algorithm,
    /// No key of the tenant has the id that the token names.
    #[error("the token's key is not the tenant's")]
    Key,
    /// The token is not signed by the key that it names.
    #[error("the token's signature is wrong")]
    Signature,
    /// Made by somebody else.
    #[error("the token's issuer is not the tenant")]
    Issuer,
    /// Made for another app.
    #[error("the token is for another app")]
    Audience,
    /// Of another tenant.
    #[error("the sign-in is of another tenant")]
    Tenant,
    /// Says who signed in, and is not meant to be sent to an app.
    #[error("the token is not an access token")]
    NotAccess,
    /// Over.
    #[error("the token has expired")]
    Expired,
    /// Not yet valid.
    #[error("the token is not valid yet")]
    NotYet,
    /// Names nobody.
    #[error("the sign-in names nobody")]
    Nobody,
    /// The tenant's keys cannot be had now; nothing is wrong with the caller.
    #[error("the tenant's keys cannot be had now")]
    KeysAway,
}

impl Refusal {
    /// A word for logs and the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing-sent",
            Self::Twice => "sent-twice",
            Self::TooLong => "too-long",
            Self::Header => "platform-header",
            Self::Form => "token-form",
            Self::Algorithm => "algorithm",
            Self::Key => "unknown-key",
            Self::Signature => "signature",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Tenant => "tenant",
            Self::NotAccess => "not-an-access-token",
            Self::Expired => "expired",
            Self::NotYet => "not-yet-valid",
            Self::Nobody => "names-nobody",
            Self::KeysAway => "keys-away",
        }
    }
}
