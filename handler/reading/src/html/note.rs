//! Footnotes and endnotes of a page: a link leads from the text to a note at its end.

use std::collections::{HashMap, HashSet};

use super::tree::{Element, Id, Tree};
use crate::story::Aside;

/// The notes of a page.
pub(crate) struct Notes {
    by_id: HashMap<String, Id>,
    read: HashSet<Id>,
}

impl Notes {
    /// The notes of a page, by the ids that word processors and converters of Markdown give them.
    pub(crate) fn of(tree: &Tree) -> Self {
        let id_of = |id: Id| Some((tree.element(id)?.attribute("id")?.to_owned(), id));
        let notes = tree.below(0).filter_map(id_of);
        Self {
            by_id: notes.filter(|(name, _)| kind(name).is_some()).collect(),
            read: HashSet::new(),
        }
    }

    /// The note that a link refers to, the first time.
    pub(crate) fn refer(&mut self, link: &Element) -> Option<(Aside, Id)> {
        let name = target(link)?;
        let found = (kind(&name)?, *self.by_id.get(&name)?);
        self.read.insert(found.1).then_some(found)
    }

    /// Whether a link leads to a note or back from one: its number is no text.
    pub(crate) fn is_link(&self, link: &Element) -> bool {
        let back = link.attribute("href").is_some_and(|href| {
            let href = href.trim_start_matches('#').trim_start_matches('_');
            let noted = ["ftnref", "ednref", "fnref", "sdfootnote", "sdendnote"];
            href.len() < 40 && noted.iter().any(|start| href.starts_with(start))
        });
        back && link.attribute("href").is_some_and(|href| href.starts_with('#'))
            || target(link).is_some_and(|name| self.by_id.contains_key(&name))
            || link.classes().any(|class| class == "msocomanchor")
    }

    /// Whether an element is a note that was read where it is referred to.
    pub(crate) fn was_read(&self, id: Id) -> bool {
        self.read.contains(&id)
    }
}

/// The id of the note that a link leads to.
fn target(link: &Element) -> Option<String> {
    let name = link.attribute("href")?.strip_prefix('#')?;
    let name = name.strip_prefix('_').unwrap_or(name);
    let name = name.strip_suffix("sym").unwrap_or(name);
    kind(name).map(|_| name.to_owned())
}

/// What the id of a note says: `ftn1`, `sdfootnote1`, `fn1`, `fn:1`, `edn1`, `sdendnote1`.
fn kind(id: &str) -> Option<Aside> {
    let (start, kind) = [
        ("ftn", Aside::Footnote),
        ("sdfootnote", Aside::Footnote),
        ("fn:", Aside::Footnote),
        ("fn-", Aside::Footnote),
        ("fn", Aside::Footnote),
        ("edn", Aside::Endnote),
        ("sdendnote", Aside::Endnote),
    ]
    .into_iter()
    .find(|(start, _)| id.starts_with(start))?;
    let number = id.get(start.len()..)?;
    let numbered = (1..=6).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    numbered.then_some(kind)
}
