//! What may be told: words of this program, names of the deployment's settings, numbers, ids of ours.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use opentelemetry::{Array, KeyValue, StringValue};

use crate::names::Key;

/// A value that can be told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A word of this program, or a name that was configured.
    Word(&'static str),
    /// Several of them.
    Words(&'static [&'static str]),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Flag(bool),
    /// An id.
    Id(Id),
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<Label> for Value {
    fn from(label: Label) -> Self {
        Self::Word(label.0)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Real(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Whole(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Whole(number.into())
    }
}

impl From<Id> for Value {
    fn from(id: Id) -> Self {
        Self::Id(id)
    }
}

impl Value {
    fn told(self) -> opentelemetry::Value {
        match self {
            Self::Word(word) => word.into(),
            Self::Words(words) => {
                let words = words.iter().map(|word| StringValue::from(*word)).collect();
                opentelemetry::Value::Array(Array::String(words))
            }
            Self::Whole(number) => number.into(),
            Self::Real(number) => number.into(),
            Self::Flag(flag) => flag.into(),
            Self::Id(id) => id.to_string().into(),
        }
    }
}

/// One thing told: a key and its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attribute(Key, Value);

impl Attribute {
    /// An attribute.
    pub fn new(key: Key, value: impl Into<Value>) -> Self {
        Self(key, value.into())
    }

    pub(crate) fn told(self) -> KeyValue {
        KeyValue::new(self.0.name(), self.1.told())
    }
}

/// The most characters of an [`Id`].
const ID: usize = 48;

/// An id that this program or its host made: hexadecimal digits and hyphens, 32 of them at least. A person's name, a file
/// name or the reference of a case is none.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Id {
    digits: [u8; ID],
    length: usize,
}

impl Id {
    /// The id, if `text` is one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let narrow = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if !narrow || text.len() < 32 {
            return None;
        }
        let mut digits = [0; ID];
        for (place, byte) in digits.get_mut(..text.len())?.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_lowercase();
        }
        Some(Self {
            digits,
            length: text.len(),
        })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits.get(..self.length).unwrap_or_default();
        f.write_str(std::str::from_utf8(digits).unwrap_or_default())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The names that are kept for ever, and how long one may be. Settings and recipes have some hundred.
const MOST_NAMES: usize = 2_048;
const LONGEST_NAME: usize = 128;

/// The names that this process may tell.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// A name that the deployment chose: of a recipe, a rule, a model's deployment, the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(&'static str);

impl Label {
    /// What stands for a name that was not configured.
    pub const OTHER: Self = Self("other");

    /// Makes a name known. To be called with settings and recipes at start, and never with anything that a caller, an
    /// uploader or a service sent.
    #[must_use]
    pub fn configured(name: &str) -> Self {
        let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return Self(known);
        }
        if names.len() >= MOST_NAMES || name.is_empty() || name.len() > LONGEST_NAME {
            return Self::OTHER;
        }
        let kept: &'static str = Box::leak(name.into());
        names.insert(kept);
        Self(kept)
    }

    /// The name if it was configured, else [`Label::OTHER`].
    #[must_use]
    pub fn known(name: &str) -> Self {
        let names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        names.get(name).map_or(Self::OTHER, |known| Self(known))
    }

    pub(crate) fn name(self) -> &'static str {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_ours_are_ids() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                Id::parse(text).map(|id| id.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        let run = "1f3870be274f6c49b3e31a0c6728957f";
        check(run, Some(run));
        check(&format!("{run}-12"), Some("1f3870be274f6c49b3e31a0c6728957f-12"));
        check(
            "0F0E0D0C-0000-4000-8000-000000000001",
            Some("0f0e0d0c-0000-4000-8000-000000000001"),
        );
        for other in [
            "",
            "Ada",
            "ada-bade",
            "EHC-2026-0417",
            "Appendix A.pdf",
            "1f3870be274f6c49b3e31a0c6728957g",
            &"a".repeat(49),
        ] {
            check(other, None);
        }
    }

    #[test]
    fn a_name_that_nobody_configured_is_another() {
        assert_eq!(Label::known("zq-unheard-of"), Label::OTHER);
        let recipe = Label::configured("zq-recipe");
        assert_eq!((Label::known("zq-recipe"), recipe.name()), (recipe, "zq-recipe"));
        assert_eq!(Label::configured(&"x".repeat(129)), Label::OTHER);
    }
}
