//! Which field stands at a placeholder of a council's own template.
//!
//! A template that somebody else has made keeps its own names. The recipe maps them: a name to a field, or a numbered
//! name to the statements of a field one by one.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The `[template]` table of `recipe.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateNames {
    /// What stands at the template's own names. A name may hold `{area}` for the id of every area and `{n}` for a
    /// number from 1.
    #[serde(default)]
    pub map: BTreeMap<String, Target>,
    /// Whether a value has its citations behind it in the copy with citations wherever it stands by itself. Statements
    /// always have theirs.
    #[serde(default)]
    pub cite: bool,
}

/// What stands at a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected the key of a field, or `{ field = \"..\", serving = \"..\" }`"
)]
pub enum Target {
    /// The key of a field, or one of the names that every template is given.
    Field(String),
    /// The statements of a field that serve the n-th statement of another.
    Serving(Serving),
}

/// Statements by what they serve.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// The key of the field whose statements stand there.
    pub field: String,
    /// The key of the field whose statements they serve.
    pub serving: String,
}

impl Target {
    /// The key of what stands there.
    #[must_use]
    pub fn field(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::Serving(target) => &target.field,
        }
    }

    /// The key of the field whose statements it serves.
    #[must_use]
    pub fn serving(&self) -> Option<&str> {
        match self {
            Self::Field(_) => None,
            Self::Serving(target) => Some(&target.serving),
        }
    }

    /// The same with `{area}` replaced.
    pub(super) fn in_area(&self, area: &str) -> Self {
        let replaced = |text: &str| text.replace(AREA, area);
        match self {
            Self::Field(field) => Self::Field(replaced(field)),
            Self::Serving(target) => Self::Serving(Serving {
                field: replaced(&target.field),
                serving: replaced(&target.serving),
            }),
        }
    }
}

/// What stands for the id of an area.
pub(super) const AREA: &str = "{area}";
/// What stands for a number.
pub(super) const NUMBER: &str = "{n}";

/// A name of the template, and what stands there.
#[derive(Clone, Debug)]
pub struct Name {
    /// What stands before the number, or the whole name.
    before: String,
    /// What stands after the number, where the name has one.
    after: Option<String>,
    /// What stands there.
    pub target: Target,
}

impl Name {
    /// A name with or without `{n}`.
    pub(super) fn new(name: &str, target: Target) -> Self {
        let (before, after) = match name.split_once(NUMBER) {
            Some((before, after)) => (before, Some(after.to_owned())),
            None => (name, None),
        };
        Self {
            before: before.to_owned(),
            after,
            target,
        }
    }

    /// The name as the recipe has it.
    #[must_use]
    pub fn written(&self) -> String {
        match &self.after {
            Some(after) => format!("{}{NUMBER}{after}", self.before),
            None => self.before.clone(),
        }
    }

    /// Whether it has a number.
    #[must_use]
    pub fn is_numbered(&self) -> bool {
        self.after.is_some()
    }

    /// This name at a placeholder, if that is what it says.
    fn at(&self, placeholder: &str) -> Option<Mapped<'_>> {
        let Some(after) = &self.after else {
            return (placeholder == self.before).then_some(Mapped {
                name: self,
                number: None,
            });
        };
        let digits = placeholder.strip_prefix(&self.before)?.strip_suffix(after)?;
        let number = digits
            .bytes()
            .all(|digit| digit.is_ascii_digit())
            .then_some(digits)?;
        let number = number
            .parse()
            .ok()
            .filter(|number| (1..=LARGEST).contains(number))?;
        Some(Mapped {
            name: self,
            number: Some(number),
        })
    }
}

/// The largest number of a numbered name.
const LARGEST: usize = 999;

/// What stands at the names of a template.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// The names, those with `{area}` once for each area.
    pub(super) names: Vec<Name>,
    /// Whether values have their citations behind them.
    pub cite: bool,
}

/// What stands at one placeholder.
#[derive(Clone, Copy, Debug)]
pub struct Mapped<'a> {
    /// The name that it is.
    pub name: &'a Name,
    /// Its number.
    pub number: Option<usize>,
}

impl Mapping {
    /// What stands at a placeholder.
    #[must_use]
    pub fn get(&self, placeholder: &str) -> Option<Mapped<'_>> {
        self.all(placeholder).next()
    }

    /// All that could stand at a placeholder; more than one is a fault of the recipe.
    pub(super) fn all<'a, 'b>(
        &'a self,
        placeholder: &'b str,
    ) -> impl Iterator<Item = Mapped<'a>> + use<'a, 'b> {
        self.names.iter().filter_map(move |name| name.at(placeholder))
    }
}
