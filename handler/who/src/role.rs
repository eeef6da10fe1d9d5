//! App roles, and what they allow.

use std::collections::BTreeSet;

use drafting::id::RecipeId;

/// What somebody is here. No role holds another: whoever drafts and reviews is given both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Asks for drafts, and hands documents and edits in.
    Drafter,
    /// Approves.
    Reviewer,
    /// Exports and erases what is held, and has all that failed of a recipe done again.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 3] = [Self::Drafter, Self::Reviewer, Self::Administrator];

    /// The value of the app role in the tenant. `Drafts.Write` holds for all recipes, `Drafts.Write.ehcp` for one.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Drafter => "Drafts.Write",
            Self::Reviewer => "Drafts.Review",
            Self::Administrator => "Drafts.Administer",
        }
    }
}

/// What somebody may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Roles for all recipes (`None`) or one.
    held: BTreeSet<(Role, Option<RecipeId>)>,
}

impl Rights {
    /// The rights that values of app roles give; what is no role of this app gives none.
    pub fn of<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        Self {
            held: values.into_iter().filter_map(right).collect(),
        }
    }

    /// Whether there is no right at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether a role is held for a recipe.
    #[must_use]
    pub fn may(&self, role: Role, recipe: &RecipeId) -> bool {
        self.held
            .iter()
            .any(|(held, narrowed)| *held == role && narrowed.as_ref().is_none_or(|one| one == recipe))
    }

    /// Whether results of a recipe may be read: any role for it will do.
    #[must_use]
    pub fn sees(&self, recipe: &RecipeId) -> bool {
        Role::ALL.into_iter().any(|role| self.may(role, recipe))
    }
}

/// The right of one value. A value that goes on after the recipe's name, or names none after its dot, gives none.
fn right(value: &str) -> Option<(Role, Option<RecipeId>)> {
    Role::ALL.into_iter().find_map(|role| {
        let rest = value.strip_prefix(role.value())?;
        if rest.is_empty() {
            return Some((role, None));
        }
        let recipe = RecipeId::parse(rest.strip_prefix('.')?).ok()?;
        Some((role, Some(recipe)))
    })
}
