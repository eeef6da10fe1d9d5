//! A caller who is known.

use crate::refusal::Refusal;
use crate::role::Rights;

/// The longest id of a directory's object: GUIDs have 36 characters.
const LONGEST_ID: usize = 64;

/// A caller who is known: a person, or an app with an identity of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    tenant: String,
    object: String,
    rights: Rights,
}

impl Principal {
    pub(crate) fn new(tenant: &str, object: &str, rights: Rights) -> Result<Self, Refusal> {
        if !is_id(object) {
            return Err(Refusal::Nobody);
        }
        if !is_id(tenant) {
            return Err(Refusal::Tenant);
        }
        Ok(Self {
            tenant: tenant.to_ascii_lowercase(),
            object: object.to_ascii_lowercase(),
            rights,
        })
    }

    /// What tells this caller from all others: the tenant's and the object's id, with a slash between them. Of a person it is
    /// personal data: hash it with a key before it goes anywhere.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}/{}", self.tenant, self.object)
    }

    /// What the caller may do.
    #[must_use]
    pub fn rights(&self) -> &Rights {
        &self.rights
    }
}

fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
