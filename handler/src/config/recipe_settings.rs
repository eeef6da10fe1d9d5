//! Which council's conventions hold, without a change of a recipe.

use std::collections::BTreeMap;

use drafting::id::RecipeId;

use super::{Fault, Reader};

/// The profiles that recipes are drafted by, instead of what `profile` in their `recipe.toml` says: `ehcp=needs-and-blanks`,
/// several separated by commas. Not set: what `recipe.toml` says.
pub const RECIPE_PROFILES: &str = "RECIPE_PROFILES";

/// The name of a profile for each recipe that the settings choose one for.
pub type Profiles = BTreeMap<RecipeId, String>;

impl Reader<'_> {
    pub(super) fn profiles(&mut self) -> Profiles {
        let Some(text) = (self.source)(RECIPE_PROFILES) else {
            return Profiles::new();
        };
        parsed(&text).unwrap_or_else(|| {
            self.faults.push(Fault::Profiles);
            Profiles::new()
        })
    }
}

/// Each recipe at most once.
fn parsed(text: &str) -> Option<Profiles> {
    let mut profiles = Profiles::new();
    for pair in text.split(',') {
        let (recipe, profile) = pair.split_once('=')?;
        let (recipe, profile) = (RecipeId::parse(recipe.trim()).ok()?, profile.trim());
        if profile.is_empty() || profiles.insert(recipe, profile.to_owned()).is_some() {
            return None;
        }
    }
    Some(profiles)
}

#[cfg(test)]
mod tests {
    use super::parsed;

    fn check(text: &str, expected: Option<&[(&str, &str)]>) {
        let profiles = parsed(text);
        let profiles = profiles.as_ref().map(|profiles| {
            let pairs = profiles.iter();
            pairs
                .map(|(recipe, profile)| (recipe.as_str(), profile.as_str()))
                .collect::<Vec<_>>()
        });
        assert_eq!(profiles.as_deref(), expected, "{text}");
    }

    #[test]
    fn profiles_are_chosen_by_recipe() {
        check("ehcp=needs-and-blanks", Some(&[("ehcp", "needs-and-blanks")]));
        check("ehcp = a, minutes=b", Some(&[("ehcp", "a"), ("minutes", "b")]));
        for text in [
            "needs-and-blanks",
            "ehcp=",
            "=a",
            "ehcp=a,",
            "ehcp=a,ehcp=b",
            "EH CP=a",
        ] {
            check(text, None);
        }
    }
}
