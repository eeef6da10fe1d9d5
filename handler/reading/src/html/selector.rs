//! Simple selectors of CSS: names, classes, ids and what stands around them.

use super::tree::{Element, Id, Tree};

/// Parts of a selector; longer ones are not followed.
const MOST_PARTS: usize = 12;

/// One element of a selector: `p.note#first`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Part {
    name: Option<String>,
    id: Option<String>,
    classes: Vec<String>,
    /// The attribute `hidden` or the like: `[hidden]`.
    attributes: Vec<String>,
}

impl Part {
    fn matches(&self, element: &Element) -> bool {
        let has = |class: &String| element.classes().any(|own| own == class);
        self.name.as_deref().is_none_or(|name| name == element.name())
            && self
                .id
                .as_deref()
                .is_none_or(|id| element.attribute("id") == Some(id))
            && self.classes.iter().all(has)
            && self
                .attributes
                .iter()
                .all(|name| element.attribute(name).is_some())
    }
}

/// A selector, outermost part first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    parts: Vec<Part>,
}

impl Selector {
    /// A selector; `None` for one with parts that are not known here, such as `:hover`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.contains(['+', '~', ':']) {
            return None;
        }
        let spaced = text.replace('>', " ");
        let parts: Vec<Part> = spaced.split_whitespace().map(part).collect::<Option<_>>()?;
        (1..=MOST_PARTS).contains(&parts.len()).then_some(Self { parts })
    }

    /// Which of two selectors counts more: ids, then classes, then names.
    pub(crate) fn weight(&self) -> (usize, usize, usize) {
        let sum = |count: fn(&Part) -> usize| self.parts.iter().map(count).sum::<usize>();
        (
            sum(|part| usize::from(part.id.is_some())),
            sum(|part| part.classes.len() + part.attributes.len()),
            sum(|part| usize::from(part.name.is_some())),
        )
    }

    /// What an element must have to be selected: an id, a class or a name; the empty text for any.
    pub(crate) fn key(&self) -> String {
        let Some(last) = self.parts.last() else {
            return String::new();
        };
        match (&last.id, last.classes.first(), &last.name) {
            (Some(id), ..) => format!("#{id}"),
            (None, Some(class), _) => format!(".{class}"),
            (None, None, Some(name)) => name.clone(),
            (None, None, None) => String::new(),
        }
    }

    /// Whether it selects an element.
    pub(crate) fn selects(&self, tree: &Tree, id: Id) -> bool {
        let Some((last, around)) = self.parts.split_last() else {
            return false;
        };
        if !tree.element(id).is_some_and(|element| last.matches(element)) {
            return false;
        }
        let mut wanted = around.iter().rev().peekable();
        let mut at = tree.get(id).and_then(|node| node.parent);
        while let (Some(part), Some(id)) = (wanted.peek(), at) {
            if tree.element(id).is_some_and(|element| part.matches(element)) {
                wanted.next();
            }
            at = tree.get(id).and_then(|node| node.parent);
        }
        wanted.peek().is_none()
    }
}

fn part(text: &str) -> Option<Part> {
    let mut part = Part::default();
    let starts = |c: char| matches!(c, '.' | '#' | '[');
    let name = text.find(starts).map_or(text, |at| text.get(..at).unwrap_or(""));
    if !matches!(name, "" | "*") {
        part.name = Some(name.to_ascii_lowercase());
    }
    let mut rest = text.get(name.len()..)?;
    while let Some(sign) = rest.chars().next() {
        let after = rest.get(1..)?;
        let end = after.find(starts).unwrap_or(after.len());
        let word = after.get(..end)?;
        match sign {
            '.' => part.classes.push(word.to_owned()),
            '#' => part.id = Some(word.to_owned()),
            _ => part.attributes.push(
                word.strip_suffix(']')
                    .filter(|word| !word.contains('='))?
                    .to_owned(),
            ),
        }
        rest = after.get(end..)?;
    }
    Some(part)
}
