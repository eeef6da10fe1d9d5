//! What is told of callers who were not let in.

use audit::{Event, Note, Pseudonym};
use who::{Principal, Refusal};

/// Why a known caller was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The tenant gave the caller no role of this app.
    NoRole,
    /// The caller's roles are for other recipes.
    OtherRecipe,
    /// The door asks for another role.
    OtherRole,
    /// More calls than a caller has.
    TooManyCalls,
    /// A page of another site sent the call.
    OtherSite,
}

impl Denial {
    /// A word for logs and the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoRole => "no-role",
            Self::OtherRecipe => "other-recipe",
            Self::OtherRole => "other-role",
            Self::TooManyCalls => "too-many-calls",
            Self::OtherSite => "other-site",
        }
    }
}

/// What happened at a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A caller is not known.
    SignInFailed(Refusal),
    /// A caller is not let in. There is no principal where callers are not known and are counted as one.
    Denied(Denial, Option<Principal>),
}

/// A caller was not let in. Holds no token, no name, and nothing of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// What happened.
    pub what: What,
    /// The door's method and route, as the app has it.
    pub door: (&'static str, &'static str),
    /// Incidents of this kind since the last that was told: only so many a minute are.
    pub untold: u64,
}

impl What {
    /// Why, in a word.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::SignInFailed(refusal) => refusal.word(),
            Self::Denied(denial, _) => denial.word(),
        }
    }
}

impl Incident {
    /// Why, in a word.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.what.reason()
    }

    /// What the audit log writes of it. `person` makes the keyed hash that stands for a caller there, of [`Principal::id`].
    #[must_use]
    pub fn note(&self, person: impl Fn(&str) -> Pseudonym) -> Note {
        let (event, who) = match &self.what {
            What::SignInFailed(_) => (Event::SignInFailed, None),
            What::Denied(_, who) => (Event::Denied, who.as_ref()),
        };
        let (method, route) = self.door;
        let note = Note {
            who: who.map(|who| person(&who.id())),
            ..Note::of(event)
        };
        note.with("reason", self.reason())
            .with("method", method)
            .with("door", route)
            .with("untold", self.untold)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn the_audit_log_is_told_what_happened_and_not_who() {
        let key = audit::Key::parse("an invented key of more than 32 characters").unwrap();
        let person = |id: &str| key.pseudonym(&["person", id]);
        let incident = |what| Incident {
            what,
            door: ("GET", "/drafts/{recipe}"),
            untold: 2,
        };
        let failed = incident(What::SignInFailed(Refusal::Expired)).note(person);
        assert_eq!((failed.event, failed.who), (Event::SignInFailed, None));
        assert_eq!(failed.facts["reason"], "expired".into());
        assert_eq!(failed.facts["untold"], 2_u64.into());
        let header =
            r#"{"auth_typ":"aad","claims":[{"typ":"oid","val":"an-object"},{"typ":"tid","val":"a-tenant"}]}"#;
        let header = base64::engine::general_purpose::STANDARD.encode(header);
        let who = who::platform_principal(&header, None).unwrap();
        let denied = incident(What::Denied(Denial::OtherRole, Some(who.clone()))).note(person);
        assert_eq!(
            (denied.event, denied.who.clone()),
            (Event::Denied, Some(person("a-tenant/an-object")))
        );
        let text = format!("{denied:?}");
        assert!(
            !text.contains("an-object") && !text.contains("a-tenant"),
            "{text}"
        );
    }
}
