//! Which fields are written together.

use super::is_list;
use crate::compose::Portion;
use crate::recipe::Recipe;

/// Fields that are written together, because their statements belong together: those of one area, or, where fields
/// have no area, those of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called: the area's or the section's title.
    pub title: String,
    /// The sections its fields stand in, in the recipe's order.
    pub sections: Vec<String>,
    /// What is to be written in which field.
    pub portions: Vec<Portion>,
}

/// The most words that are expected of a group of several fields. An area with more is written in parts, side by side: the
/// longest answer decides how long a draft takes, and each call more costs the instructions once more.
const MOST_WORDS: usize = 1_400;
/// The words of a statement of a list, and of one in a passage, for each claim.
const WORDS_A_CLAIM: (usize, usize) = (25, 18);

/// The groups in which a document is written, in the recipe's order.
#[must_use]
pub fn groups(recipe: &Recipe, portions: Vec<Portion>) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = Vec::new();
    for portion in portions {
        let Some((section, field)) = recipe.fields().find(|(_, field)| field.key == portion.field) else {
            continue;
        };
        let area = field
            .form
            .select()
            .and_then(|select| recipe.area(select.area.as_deref()?));
        let (key, title) = match area {
            Some(area) => (format!("area {}", area.id), &area.title),
            None => (format!("section {}", section.id), &section.title),
        };
        let place = groups.iter().position(|(known, _)| *known == key);
        let place = place.unwrap_or_else(|| {
            let group = Group {
                title: title.clone(),
                sections: Vec::new(),
                portions: Vec::new(),
            };
            groups.push((key, group));
            groups.len() - 1
        });
        if let Some((_, group)) = groups.get_mut(place) {
            if !group.sections.contains(&section.id) {
                group.sections.push(section.id.clone());
            }
            group.portions.push(portion);
        }
    }
    groups
        .into_iter()
        .flat_map(|(_, group)| parted(recipe, group))
        .collect()
}

/// A group in parts of bounded size; a field is never parted.
fn parted(recipe: &Recipe, group: Group) -> Vec<Group> {
    let mut parts: Vec<Group> = Vec::new();
    for portion in group.portions {
        let section = recipe
            .fields()
            .find(|(_, field)| field.key == portion.field)
            .map(|(section, _)| section.id.clone());
        let size = |part: &Group| {
            part.portions
                .iter()
                .map(|portion| expected(recipe, portion))
                .sum::<usize>()
        };
        let fits = parts
            .last()
            .is_some_and(|part| size(part) + expected(recipe, &portion) <= MOST_WORDS);
        if !fits {
            parts.push(Group {
                title: group.title.clone(),
                sections: Vec::new(),
                portions: Vec::new(),
            });
        }
        if let Some(part) = parts.last_mut() {
            part.sections
                .extend(section.filter(|id| !part.sections.contains(id)));
            part.portions.push(portion);
        }
    }
    parts
}

/// How many words a field will about have.
fn expected(recipe: &Recipe, portion: &Portion) -> usize {
    let claims = portion.claims.len();
    match recipe.field(&portion.field) {
        Some(field) if is_list(&field.form) => claims * WORDS_A_CLAIM.0,
        field => {
            let most = field.and_then(|field| field.max_words).unwrap_or(usize::MAX);
            most.min(claims * WORDS_A_CLAIM.1)
        }
    }
}
