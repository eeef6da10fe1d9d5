//! The one list that every step adds to.

use super::Fault;

/// Faults, which a recipe cannot have, and warnings, which it can.
#[derive(Debug, Default)]
pub struct Faults {
    faults: Vec<Fault>,
    warnings: Vec<Fault>,
}

impl Faults {
    /// Adds a fault.
    pub fn add(&mut self, file: &str, line: Option<usize>, message: impl Into<String>) {
        self.faults.push(fault(file, line, message));
    }

    /// Adds a warning.
    pub fn warn(&mut self, file: &str, line: Option<usize>, message: impl Into<String>) {
        self.warnings.push(fault(file, line, message));
    }

    /// The value, or a fault of the whole file.
    pub fn keep<T>(&mut self, file: &str, value: Result<T, String>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(message) => {
                self.add(file, None, message);
                None
            }
        }
    }

    /// All faults, by file and line.
    pub fn all(mut self) -> Vec<Fault> {
        self.faults.sort();
        self.faults.dedup();
        self.faults
    }

    /// The warnings when there is no fault, else all faults.
    pub fn end(mut self) -> Result<Vec<Fault>, Vec<Fault>> {
        if !self.faults.is_empty() {
            return Err(self.all());
        }
        self.warnings.sort();
        self.warnings.dedup();
        Ok(self.warnings)
    }
}

fn fault(file: &str, line: Option<usize>, message: impl Into<String>) -> Fault {
    Fault {
        file: file.to_owned(),
        line,
        message: message.into(),
    }
}

/// What the parser says, and what is said for it.
const IN_PLAIN_WORDS: [(&str, &str); 7] = [
    ("unknown field", "unknown key"),
    ("missing field", "missing key"),
    ("unknown variant", "unknown value"),
    ("expected usize", "expected a whole number"),
    (
        "invalid type: unit variant, expected struct variant",
        "write `{ fact = {} }` or `{ facts = {} }`",
    ),
    (
        "invalid type: unit variant, expected newtype variant",
        "write `{ list = { kinds = [..] } }`",
    ),
    (
        "wanted exactly 1 element, more than 1 element",
        "has two forms where one is wanted",
    ),
];

/// What the parser says, in the words of whoever writes recipes.
pub fn in_plain_words(message: &str) -> String {
    IN_PLAIN_WORDS
        .iter()
        .fold(message.to_owned(), |message, (theirs, ours)| {
            message.replace(theirs, ours)
        })
}
