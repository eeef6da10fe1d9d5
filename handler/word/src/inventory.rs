//! What a Word file asks for: every placeholder, loop and condition with where it stands and how often.
//!
//! For whoever brings a template of their own and does not know yet which of its names will be filled. A file that could
//! not be used as a template is listed too, with everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::Environment;

use crate::engine;
use crate::fault::TemplateFault;
use crate::keys;
use crate::structure::place;
use crate::tag::{Block, Effect, Origin, Tag};
use crate::template::{self, Opened, Template};
use crate::xml::{Element, Node};

/// What a Word file asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// What stands in it, in the order of its parts.
    pub entries: Vec<Entry>,
    /// What can never be filled, with the reason.
    pub faults: Vec<TemplateFault>,
}

/// Something that a Word file asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it is written: `{{ name }}`, `{%tr for n in needs %}`; a merge field in guillemets, a content control in square
    /// brackets.
    pub written: String,
    /// What it is.
    pub sort: Sort,
    /// The names that it takes from the data.
    pub names: BTreeSet<String>,
    /// Where it stands, and how often.
    pub places: BTreeMap<Place, usize>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A name by itself.
    Key,
    /// A merge field: a name by itself.
    MergeField,
    /// A content control: the name is its tag or its title. It is filled where that name is known, else left as it is.
    Control,
    /// An expression.
    Expression,
    /// What repeats.
    Loop,
    /// What stands under a condition.
    Condition,
    /// A name of the template's own: `set`, `with`.
    Setting,
}

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the text.
    Body,
    /// In a table of the text.
    Table,
    /// In a text box.
    TextBox,
    /// In a header.
    Header,
    /// In a footer.
    Footer,
    /// In a footnote or endnote.
    Note,
}

impl Place {
    /// Its name in a sentence.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "text",
            Self::Table => "table",
            Self::TextBox => "text box",
            Self::Header => "header",
            Self::Footer => "footer",
            Self::Note => "note",
        }
    }

    fn of_part(kind: &str) -> Self {
        match kind {
            "header" => Self::Header,
            "footer" => Self::Footer,
            "footnotes" | "endnotes" => Self::Note,
            _ => Self::Body,
        }
    }

    /// The place of what stands in an element that stands here.
    fn inside(self, element: &str) -> Self {
        match (self, element) {
            (Self::Body | Self::Table, "w:txbxContent") => Self::TextBox,
            (Self::Body, "w:tbl") => Self::Table,
            (place, _) => place,
        }
    }
}

impl Inventory {
    /// Reads a Word file. `known` are keys that would be filled, among them those that could be read as expressions, such
    /// as "Strengths and needs". Only a file that is no Word document is an error.
    pub fn read(bytes: &[u8], known: &dyn Fn(&str) -> bool) -> Result<Self, TemplateFault> {
        let opened = Opened::read(bytes)?;
        let engine = engine::bare();
        let mut taking = Taking {
            engine: &engine,
            bound: BTreeSet::new(),
            seen: BTreeMap::new(),
            inventory: Self::default(),
        };
        for (path, kind) in opened.text_parts() {
            match opened.part(&path) {
                Ok(part) => taking.part(&path, kind, part, known),
                Err(fault) => taking.inventory.faults.push(fault),
            }
        }
        let mut inventory = taking.inventory;
        if let Err(fault) = Template::open_with(bytes, known)
            && !inventory.faults.contains(&fault)
        {
            inventory.faults.push(fault);
        }
        Ok(inventory)
    }
}

struct Taking<'a> {
    engine: &'a Environment<'a>,
    /// The names that the part gives values to itself.
    bound: BTreeSet<String>,
    /// The places of entries.
    seen: BTreeMap<(Sort, String), usize>,
    inventory: Inventory,
}

impl Taking<'_> {
    fn part(&mut self, path: &str, kind: &str, bytes: &[u8], known: &dyn Fn(&str) -> bool) {
        let faults = &mut self.inventory.faults;
        let before = faults.len();
        match template::tagged(self.engine, path, bytes, known, &|_| true, faults) {
            Ok(mut root) => {
                // A tag that could not be read would be found again as a stray one.
                let is_read = faults.len() == before;
                self.bound.clear();
                keys::collect_bound(&root, &mut self.bound);
                self.take(&root, Place::of_part(kind));
                let placed = is_read.then(|| place(path, &mut root).err()).flatten();
                self.inventory.faults.extend(placed);
            }
            Err(fault) => self.inventory.faults.push(fault),
        }
    }

    /// Word writes a text box twice, for itself and for older programs: it counts once.
    fn take(&mut self, element: &Element, place: Place) {
        for node in &element.children {
            match node {
                Node::Element(child) if child.name == "mc:Fallback" => {}
                Node::Element(child) => self.take(child, place.inside(&child.name)),
                Node::Tag(tag) => self.tag(tag, place),
                Node::Text(_) => {}
            }
        }
    }

    fn tag(&mut self, tag: &Tag, place: Place) {
        let Some(sort) = sort(tag) else { return };
        let written = tag.written();
        let entries = &mut self.inventory.entries;
        let at = *self.seen.entry((sort, written.clone())).or_insert_with(|| {
            entries.push(Entry {
                written,
                sort,
                names: BTreeSet::new(),
                places: BTreeMap::new(),
            });
            entries.len() - 1
        });
        let names = self.names(tag);
        if let Some(entry) = self.inventory.entries.get_mut(at) {
            entry.names.extend(names);
            *entry.places.entry(place).or_default() += 1;
        }
    }

    /// The names that a tag takes from the data. One that cannot be read is among the faults.
    fn names(&self, tag: &Tag) -> BTreeSet<String> {
        if tag.is_key {
            return BTreeSet::from([tag.code.clone()]);
        }
        let code = &tag.code;
        let source = match tag.effect {
            Effect::Value => format!("{{{{ {code} }}}}"),
            Effect::Open(Block::For) => format!("{{% {code} %}}{{% endfor %}}"),
            Effect::Open(Block::If) => format!("{{% {code} %}}{{% endif %}}"),
            Effect::Open(Block::With) => format!("{{% {code} %}}{{% endwith %}}"),
            Effect::Elif => format!("{{% if 0 %}}{{% {code} %}}{{% endif %}}"),
            Effect::Line => format!("{{% {code} %}}"),
            Effect::Else | Effect::Close(_) | Effect::Note => String::new(),
        };
        let names = self
            .engine
            .template_from_str(&source)
            .map(|program| program.undeclared_variables(false));
        let own = |name: &String| self.engine.globals().any(|(known, _)| known == name);
        names.map_or_else(
            |_| BTreeSet::new(),
            |names| {
                names
                    .into_iter()
                    .filter(|name| !self.bound.contains(name) && !own(name))
                    .collect()
            },
        )
    }
}

fn sort(tag: &Tag) -> Option<Sort> {
    match (tag.effect, tag.origin) {
        (Effect::Value, Origin::MergeField) => Some(Sort::MergeField),
        (Effect::Value, Origin::Control) => Some(Sort::Control),
        (Effect::Value, Origin::Typed) if tag.is_key => Some(Sort::Key),
        (Effect::Value, Origin::Typed) => Some(Sort::Expression),
        (Effect::Open(Block::For), _) => Some(Sort::Loop),
        (Effect::Open(Block::If) | Effect::Elif, _) => Some(Sort::Condition),
        (Effect::Open(Block::With) | Effect::Line, _) => Some(Sort::Setting),
        (Effect::Else | Effect::Close(_) | Effect::Note, _) => None,
    }
}
