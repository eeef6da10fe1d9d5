//! A template: opened once, filled as often as needed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use minijinja::Environment;

use crate::banner::{self, Banner};
use crate::compile::{Program, compile};
use crate::engine::{self, Shown};
use crate::fault::{RenderFault, TemplateFault};
use crate::merge::merge;
use crate::names;
use crate::notes;
use crate::package::{self, Part, Store, Writer};
use crate::press::Press;
use crate::properties::{self, Properties};
use crate::relations::{ContentTypes, Relations};
use crate::structure::place;
use crate::support::{Kind, Style, Supports, WORD, extended};
use crate::xml::{Element, parse};
use crate::{controls, fields, keys};

/// A Word template, checked and ready to be filled.
pub struct Template {
    engine: Environment<'static>,
    /// Parts with tags, by path.
    programs: BTreeMap<String, Program>,
    placeholders: BTreeSet<String>,
    keys: BTreeSet<String>,
    supports: Supports,
    /// All parts' paths in the file's order.
    order: Vec<String>,
    /// Parts that are the same in every document.
    store: Store,
    relations: Relations,
    types: ContentTypes,
    title: String,
    main: String,
    core: String,
    custom: String,
}

/// A filled template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The document.
    pub bytes: Vec<u8>,
    /// What the template asks for and the data does not have: names, and expressions such as `need.text`.
    pub undefined: BTreeSet<String>,
    /// Whether the banner that was asked for had to be added: the template does not show it.
    pub banner_added: bool,
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Template")
            .field("placeholders", &self.placeholders)
            .finish_non_exhaustive()
    }
}

impl Template {
    /// Opens a template.
    pub fn open(bytes: &[u8]) -> Result<Self, TemplateFault> {
        Self::open_with(bytes, &|_| false)
    }

    /// Opens a template of somebody who has their own names: `known` are keys that stand as they are written although
    /// they could be read as expressions, and the tags and titles of content controls to be filled.
    pub fn open_with(bytes: &[u8], known: &dyn Fn(&str) -> bool) -> Result<Self, TemplateFault> {
        let Opened {
            mut parts,
            mut types,
            mut file,
            main,
            relations,
        } = Opened::read(bytes)?;
        let supports = Supports::read(&main, &relations, &parts)?;
        let bare = engine::bare();
        let programs = programs(&bare, &main, &relations, &parts, known)?;
        let mut documents = Documents {
            parts: &mut parts,
            file: &mut file,
            types: &mut types,
        };
        let (core, title) = documents.core()?;
        let custom = documents.custom();
        documents.empty_program_properties();
        let file = file.to_part();
        put(&mut parts, &Relations::path_of(""), file);
        let store = Store::new(&parts).map_err(|error| TemplateFault::NotADocument(error.to_string()))?;
        let engine = engine::engine(bare, &programs)?;
        let keys: BTreeSet<String> = programs
            .values()
            .flat_map(|program| program.keys.clone())
            .collect();
        Ok(Self {
            placeholders: engine::placeholders(&engine).union(&keys).cloned().collect(),
            keys,
            engine,
            order: parts.into_iter().map(|part| part.name).collect(),
            programs,
            supports,
            store,
            relations,
            types,
            title,
            main,
            core,
            custom,
        })
    }

    /// The names that the template takes from the data.
    #[must_use]
    pub fn placeholders(&self) -> BTreeSet<String> {
        self.placeholders.clone()
    }

    /// Those of the names that stand somewhere by themselves, `{{ name }}`, and are shown as they are.
    #[must_use]
    pub fn keys(&self) -> &BTreeSet<String> {
        &self.keys
    }

    /// Fills the template; the document says of itself what the template does, less what is personal.
    pub fn render(&self, data: &serde_json::Value) -> Result<Rendered, RenderFault> {
        self.render_as(data, &Properties::default())
    }

    /// Fills the template; the document says of itself what `properties` have.
    pub fn render_as(
        &self,
        data: &serde_json::Value,
        properties: &Properties,
    ) -> Result<Rendered, RenderFault> {
        self.render_shown(data, &Shown::new(), properties)
    }

    /// Fills the template; where a key stands by itself, `shown` goes before the data.
    pub fn render_shown(
        &self,
        data: &serde_json::Value,
        shown: &Shown,
        properties: &Properties,
    ) -> Result<Rendered, RenderFault> {
        self.render_bannered(data, shown, properties, None)
    }

    /// The same, with a banner at the top where the template does not show it.
    pub fn render_bannered(
        &self,
        data: &serde_json::Value,
        shown: &Shown,
        properties: &Properties,
        banner: Option<Banner<'_>>,
    ) -> Result<Rendered, RenderFault> {
        let context = engine::context(data, shown, &self.keys)?;
        let mut press = Press::new(&self.supports);
        let mut parts = BTreeMap::new();
        let mut showing = BTreeSet::new();
        for (path, program) in &self.programs {
            let given = engine::run(&self.engine, path, program, &context)?;
            parts.insert(path.clone(), press.part(&given, &program.sites));
            let showed = std::mem::take(&mut press.showed);
            let is_shown = |banner: Banner<'_>| showed.iter().any(|one| banner::shows(one, banner.names));
            if banner.is_some_and(is_shown) {
                showing.insert(path.clone());
            }
        }
        let banner_added = match banner {
            Some(banner) => banner::add(banner, &showing, &self.main, &self.relations, &mut parts)?,
            None => false,
        };
        let mut filled = Filled {
            template: self,
            parts,
            relations: None,
            types: None,
        };
        filled.supports(&press, properties);
        filled
            .parts
            .insert(self.core.clone(), properties.core(&self.title));
        filled.parts.insert(self.custom.clone(), properties.custom());
        let mut undefined = press.undefined;
        undefined.extend(
            self.placeholders
                .iter()
                .filter(|name| data.get(name).is_none() && !shown.contains_key(*name))
                .cloned(),
        );
        Ok(Rendered {
            bytes: filled.write()?,
            undefined,
            banner_added,
        })
    }
}

/// A document's parts as far as they differ from the template's.
struct Filled<'a> {
    template: &'a Template,
    parts: BTreeMap<String, String>,
    relations: Option<Relations>,
    types: Option<ContentTypes>,
}

impl Filled<'_> {
    /// Adds what values called for.
    fn supports(&mut self, press: &Press<'_>, properties: &Properties) {
        let supports = &self.template.supports;
        let mut styles: Vec<Style> = Vec::new();
        if !press.footnotes.is_empty() {
            self.extend(Kind::Footnotes, &notes::footnotes(&press.footnotes, supports));
            styles.extend([Style::FootnoteText, Style::FootnoteReference]);
        }
        if !press.comments.is_empty() {
            self.extend(
                Kind::Comments,
                &notes::comments(&press.comments, &properties.author, supports),
            );
            styles.extend([Style::CommentText, Style::CommentReference]);
        }
        if let Some(numbering) = press.lists.part(&supports.numbering) {
            self.set(Kind::Numbering, numbering);
        }
        let definitions: String = supports.missing(&styles).map(Style::definition).collect();
        if !definitions.is_empty() {
            self.extend(Kind::Styles, &definitions);
        }
    }

    fn extend(&mut self, kind: Kind, entries: &str) {
        if let Some(support) = self.template.supports.part(kind) {
            let text = self
                .parts
                .get(&support.path)
                .cloned()
                .unwrap_or_else(|| support.text());
            self.set(kind, extended(kind, &text, entries));
        }
    }

    fn set(&mut self, kind: Kind, text: String) {
        if let Some(support) = self.template.supports.part(kind) {
            if support.new {
                self.relations
                    .get_or_insert_with(|| self.template.relations.clone())
                    .add(kind.name(), &support.path);
                let types = self.types.get_or_insert_with(|| self.template.types.clone());
                types.set(&support.path, &kind.content_type());
            }
            self.parts.insert(support.path.clone(), text);
        }
    }

    /// The file: first what every part is, then the template's parts in their order, then new ones.
    fn write(mut self) -> Result<Vec<u8>, RenderFault> {
        if let Some(relations) = self.relations.take() {
            self.parts.insert(relations.path.clone(), relations.to_part());
        }
        let types = self.types.as_ref().unwrap_or(&self.template.types).to_part();
        let mut store = self.template.store.clone();
        let mut writer = Writer::new();
        writer.add(ContentTypes::PATH, types.as_bytes())?;
        for name in self
            .template
            .order
            .iter()
            .filter(|name| *name != ContentTypes::PATH)
        {
            match self.parts.remove(name) {
                Some(part) => writer.add(name, part.as_bytes())?,
                None => {
                    writer.copy(&mut store, name)?;
                }
            }
        }
        for (name, part) in &self.parts {
            writer.add(name, part.as_bytes())?;
        }
        writer.finish()
    }
}

/// The bytes of the part at this path.
pub(crate) fn find<'a>(parts: &'a [Part], name: &str) -> Option<&'a [u8]> {
    parts
        .iter()
        .find(|part| part.name == name)
        .map(|part| part.bytes.as_slice())
}

fn required<'a>(parts: &'a [Part], name: &str) -> Result<&'a [u8], TemplateFault> {
    find(parts, name).ok_or_else(|| TemplateFault::NotADocument(format!("it has no part `{name}`")))
}

fn put(parts: &mut Vec<Part>, name: &str, text: String) {
    match parts.iter_mut().find(|part| part.name == name) {
        Some(part) => part.bytes = text.into_bytes(),
        None => parts.push(Part {
            name: name.to_owned(),
            bytes: text.into_bytes(),
        }),
    }
}

/// The path of the main part. A template in Word's own template format becomes a document.
fn main_part(file: &Relations, types: &mut ContentTypes) -> Result<String, TemplateFault> {
    const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
    const TEMPLATE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml";
    let main = file.targets("officeDocument").into_iter().next();
    let main = main.ok_or_else(|| TemplateFault::NotADocument("it has no main part".to_owned()))?;
    match types.of(&main).as_deref() {
        Some(DOCUMENT) => {}
        Some(TEMPLATE) => types.set(&main, DOCUMENT),
        Some(kind) if kind.contains("macroEnabled") => return Err(TemplateFault::Macros),
        _ => {
            return Err(TemplateFault::NotADocument(
                "its main part is no Word document".to_owned(),
            ));
        }
    }
    Ok(main)
}

/// A file as far as every use of it reads it.
pub(crate) struct Opened {
    parts: Vec<Part>,
    types: ContentTypes,
    file: Relations,
    main: String,
    relations: Relations,
}

impl Opened {
    /// Reads a file's parts and how they belong together.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, TemplateFault> {
        let parts = package::read(bytes)?;
        let mut types = ContentTypes::read(required(&parts, ContentTypes::PATH)?)?;
        let file = Relations::read("", find(&parts, &Relations::path_of("")))?;
        let main = main_part(&file, &mut types)?;
        let relations = Relations::read(&main, find(&parts, &Relations::path_of(&main)))?;
        Ok(Self {
            parts,
            types,
            file,
            main,
            relations,
        })
    }

    /// The parts in which tags may stand, each with its kind.
    pub(crate) fn text_parts(&self) -> Vec<(String, &'static str)> {
        text_parts(&self.main, &self.relations)
    }

    /// The bytes of a part.
    pub(crate) fn part(&self, path: &str) -> Result<&[u8], TemplateFault> {
        required(&self.parts, path)
    }
}

/// The parts in which tags may stand, each once and with its kind.
fn text_parts(main: &str, relations: &Relations) -> Vec<(String, &'static str)> {
    let mut parts = vec![(main.to_owned(), "document")];
    for kind in ["header", "footer", "footnotes", "endnotes"] {
        for path in relations.targets(kind) {
            if !parts.iter().any(|(known, _)| *known == path) {
                parts.push((path, kind));
            }
        }
    }
    parts
}

/// The programs of the parts in which tags may stand.
fn programs(
    engine: &Environment<'_>,
    main: &str,
    relations: &Relations,
    parts: &[Part],
    known: &dyn Fn(&str) -> bool,
) -> Result<BTreeMap<String, Program>, TemplateFault> {
    let mut programs = BTreeMap::new();
    for (path, _) in text_parts(main, relations) {
        let mut faults = Vec::new();
        let mut root = tagged(engine, &path, required(parts, &path)?, known, known, &mut faults)?;
        if let Some(fault) = faults.into_iter().next() {
            return Err(fault);
        }
        place(&path, &mut root)?;
        names::check(engine, &path, &root)?;
        let program = compile(&root, path == main);
        programs.insert(path, program);
    }
    Ok(programs)
}

/// A part with its tags found; what cannot be understood is added to the faults. `controls` are the content controls to
/// be filled.
pub(crate) fn tagged(
    engine: &Environment<'_>,
    path: &str,
    bytes: &[u8],
    known: &dyn Fn(&str) -> bool,
    controls: &dyn Fn(&str) -> bool,
    faults: &mut Vec<TemplateFault>,
) -> Result<Element, TemplateFault> {
    let mut root = parse(path, bytes)?;
    check_namespace(path, &root)?;
    root.drop_attributes(&is_trace);
    fields::adopt(path, &mut root, faults);
    merge(path, &mut root, faults);
    controls::adopt(&mut root, controls);
    keys::settle(engine, known, &mut root);
    Ok(root)
}

fn check_namespace(path: &str, root: &Element) -> Result<(), TemplateFault> {
    match root.attribute("xmlns:w") {
        Some(namespace) if namespace == WORD => Ok(()),
        _ => Err(TemplateFault::Strict {
            part: path.to_owned(),
        }),
    }
}

/// Whether an attribute only tells of editing sessions, or numbers paragraphs in a way that repetition would break.
fn is_trace(key: &str) -> bool {
    key.starts_with("w:rsid") || matches!(key, "w14:paraId" | "w14:textId")
}

/// The parts in which the document says something of itself.
struct Documents<'a> {
    parts: &'a mut Vec<Part>,
    file: &'a mut Relations,
    types: &'a mut ContentTypes,
}

impl Documents<'_> {
    /// The path of the core properties and the title in them.
    fn core(&mut self) -> Result<(String, String), TemplateFault> {
        if let Some(path) = self.file.targets("core-properties").into_iter().next() {
            let title =
                find(self.parts, &path).map_or(Ok(String::new()), |bytes| properties::title(&path, bytes))?;
            return Ok((path, title));
        }
        self.add("core-properties", properties::CORE, properties::CORE_TYPE);
        Ok((properties::CORE.to_owned(), String::new()))
    }

    /// The path of further properties.
    fn custom(&mut self) -> String {
        if let Some(path) = self.file.targets("custom-properties").into_iter().next() {
            return path;
        }
        self.add("custom-properties", properties::CUSTOM, properties::CUSTOM_TYPE);
        properties::CUSTOM.to_owned()
    }

    fn add(&mut self, kind: &str, path: &str, content_type: &str) {
        self.file.add(kind, path);
        self.types.set(path, content_type);
    }

    fn empty_program_properties(&mut self) {
        for path in self.file.targets("extended-properties") {
            put(self.parts, &path, properties::program_properties());
        }
    }
}
