//! The style sheets that stand in a page itself.

use std::collections::HashMap;

use drafting::source::Rejection;

use super::face::Declared;
use super::selector::Selector;
use super::tree::{Id, Tree};
use crate::kind::hostile;

/// Most selectors of a page. Word writes some 500, the largest sites some thousands.
const MOST_RULES: usize = 20_000;
/// Selectors that are tried on one element, at most.
const MOST_TRIED: usize = 2_000;

struct Rule {
    selector: Selector,
    normal: Declared,
    important: Declared,
}

/// The rules of a page.
#[derive(Default)]
pub(crate) struct Sheet {
    rules: Vec<Rule>,
    /// Which rules may select an element, by an id, class or name of it.
    by_key: HashMap<String, Vec<usize>>,
}

impl Sheet {
    /// The rules of all style sheets in a page.
    pub(crate) fn of(tree: &Tree) -> Result<Self, Rejection> {
        let mut sheet = Self::default();
        for id in tree.below(0) {
            let element = tree.element(id).filter(|element| element.name() == "style");
            let shown = |media: &str| is_screen(media);
            if element.is_some_and(|element| element.attribute("media").is_none_or(shown)) {
                sheet.read(&without_comments(&tree.text(id)))?;
            }
        }
        Ok(sheet)
    }

    fn read(&mut self, text: &str) -> Result<(), Rejection> {
        let mut rest = text;
        while let Some((prelude, after)) = rest.split_once('{') {
            let prelude = prelude.rsplit([';', '}']).next().unwrap_or(prelude).trim();
            if prelude.starts_with('@') {
                let media = prelude.strip_prefix("@media").is_some_and(is_screen);
                // The rules of a medium that counts are read as if they stood alone.
                rest = if media { after } else { block_end(after) };
                continue;
            }
            let (body, behind) = after.split_once('}').unwrap_or((after, ""));
            self.add(prelude, body)?;
            rest = behind;
        }
        Ok(())
    }

    fn add(&mut self, selectors: &str, body: &str) -> Result<(), Rejection> {
        let (normal, important) = Declared::parse(body);
        let silent = Declared::default();
        if normal == silent && important == silent {
            return Ok(());
        }
        for selector in selectors.split(',').filter_map(Selector::parse) {
            if self.rules.len() >= MOST_RULES {
                return Err(hostile("the number of its style rules"));
            }
            self.by_key
                .entry(selector.key())
                .or_default()
                .push(self.rules.len());
            self.rules.push(Rule {
                selector,
                normal: normal.clone(),
                important: important.clone(),
            });
        }
        Ok(())
    }

    /// What the sheets and its own attribute say of an element.
    pub(crate) fn of_element(&self, tree: &Tree, id: Id) -> Declared {
        let Some(element) = tree.element(id) else {
            return Declared::default();
        };
        let id_key = element.attribute("id").map(|id| format!("#{id}"));
        let classes = element.classes().map(|class| format!(".{class}"));
        let keys = classes
            .chain(id_key)
            .chain([element.name().to_owned(), String::new()]);
        let mut found: Vec<usize> = keys
            .filter_map(|key| self.by_key.get(&key))
            .flatten()
            .copied()
            .take(MOST_TRIED)
            .filter(|at| {
                self.rules
                    .get(*at)
                    .is_some_and(|rule| rule.selector.selects(tree, id))
            })
            .collect();
        found.sort_by_key(|at| (self.rules.get(*at).map(|rule| rule.selector.weight()), *at));
        found.dedup();
        let (own, own_important) = element.attribute("style").map(Declared::parse).unzip();
        let rules = || found.iter().filter_map(|at| self.rules.get(*at));
        let mut declared = Declared::default();
        let layers = rules()
            .map(|rule| &rule.normal)
            .chain(&own)
            .chain(rules().map(|rule| &rule.important))
            .chain(&own_important);
        for layer in layers {
            declared = declared.under(layer);
        }
        declared
    }
}

/// Whether a list of media means a screen, whatever its size.
fn is_screen(media: &str) -> bool {
    let media = media.trim().to_ascii_lowercase();
    media.is_empty() || media == "all" || media.contains("screen") && !media.contains("not ")
}

/// What follows the block that is open.
fn block_end(text: &str) -> &str {
    let mut depth = 1_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text.get(at + 1..).unwrap_or("");
        }
    }
    ""
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out.replace("<!--", "").replace("-->", "")
}
