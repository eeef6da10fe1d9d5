//! What a text is about: the lexicon's topics, and through them its areas.

use std::collections::BTreeMap;

use crate::recipe::lexicon::Lexicon;

/// The numbers of the topics whose words stand in the folded text, with how often.
pub(crate) fn topics_of(lexicon: &Lexicon, folded: &str) -> BTreeMap<usize, usize> {
    let counted = lexicon
        .topics
        .iter()
        .map(|topic| topic.words.count(folded))
        .enumerate();
    counted.filter(|(_, count)| *count > 0).collect()
}

/// How strongly the folded text speaks of each area.
pub(crate) fn areas_of<'l>(lexicon: &'l Lexicon, folded: &str) -> BTreeMap<&'l str, usize> {
    let mut areas = BTreeMap::new();
    for (topic, count) in topics_of(lexicon, folded) {
        if let Some(area) = lexicon.topics.get(topic).and_then(|topic| topic.area.as_deref()) {
            *areas.entry(area).or_default() += count;
        }
    }
    areas
}

/// The area that the folded text speaks of more than of any other.
pub(crate) fn area_of<'l>(lexicon: &'l Lexicon, folded: &str) -> Option<&'l str> {
    match strongest(&areas_of(lexicon, folded)).as_slice() {
        [area] => Some(area),
        _ => None,
    }
}

/// The areas with the greatest weight.
pub(crate) fn strongest<'l>(areas: &BTreeMap<&'l str, usize>) -> Vec<&'l str> {
    let most = areas.values().max();
    areas
        .iter()
        .filter(|(_, weight)| Some(*weight) == most)
        .map(|(area, _)| *area)
        .collect()
}
