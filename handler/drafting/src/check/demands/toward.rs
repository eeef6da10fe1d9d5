//! What is aimed at, beside what is hoped for.

use std::collections::BTreeSet;

use super::{Found, Scope};
use crate::extract::topics::topics_of;
use crate::finding::Subject;
use crate::recipe::lexicon::fold;
use crate::reconcile::likeness::{Gist, Vocabulary};

/// What a text is about.
struct Sense {
    gist: Gist,
    topics: BTreeSet<usize>,
}

impl Sense {
    /// Whether both have a topic or a telling word in common that is not the subject's name.
    fn shares(&self, other: &Self, name: &Gist) -> bool {
        let mut words = self.gist.words.intersection(&other.gist.words);
        !self.topics.is_disjoint(&other.topics) || words.any(|word| !name.words.contains(word))
    }
}

/// The statements in the rule's places that share nothing with any statement of these fields, in one finding a section:
/// words tell only where to look. Not assessed where nobody's hopes are recorded.
pub(super) fn unshared(scope: &Scope, keys: &[String]) -> Result<Found, String> {
    let lexicon = &scope.view.recipe.lexicon;
    let mut vocabulary = Vocabulary::new(&lexicon.language);
    let mut sense = |text: &str| Sense {
        gist: vocabulary.gist(text),
        topics: topics_of(lexicon, &fold(text)).into_keys().collect(),
    };
    let hoped: Vec<Sense> = scope
        .draft
        .statements()
        .filter(|(_, field, _)| keys.contains(&field.key))
        .map(|(_, _, statement)| sense(&statement.text))
        .collect();
    if hoped.is_empty() {
        return Err("nothing that is hoped for is recorded".into());
    }
    let name = sense(&names(scope).join(" ")).gist;
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for (section, _, statement) in scope.statements() {
        let own = sense(&statement.text);
        if hoped.iter().any(|hope| own.shares(hope, &name)) {
            continue;
        }
        match found.last_mut().filter(|(last, _)| *last == section) {
            Some((_, ids)) => ids.push(&statement.id),
            None => found.push((section, vec![&statement.id])),
        }
    }
    let told = found.into_iter().map(|(section, ids)| {
        let message = format!(
            "nothing that is hoped for shares a word or topic with {}",
            ids.join(", ")
        );
        (Subject::Section(section.to_owned()), message)
    });
    Ok(told.collect())
}

/// The subject's names, as the draft and the manifest have them.
fn names<'a>(scope: &Scope<'a>) -> Vec<&'a str> {
    let keys = &scope.view.recipe.lexicon.subject;
    let keys = [keys.name.as_deref(), keys.preferred_name.as_deref()];
    let drafted = keys.into_iter().flatten().filter_map(|key| scope.value(key));
    let child = scope.view.case.manifest.child.as_ref();
    let told = child
        .into_iter()
        .flat_map(|child| [&child.name, &child.preferred_name]);
    drafted.chain(told.flatten().map(String::as_str)).collect()
}
