//! The walk over a page in reading order. It keeps its own stack, so that no page can make it overflow.

use drafting::source::{Content, Notice, NoticeKind, Rejection};

use super::css::Sheet;
use super::face::Declared;
use super::forms;
use super::list::{self, List};
use super::note::Notes;
use super::place::{Place, inside, is_block, is_comment, level, manner, style_has, unread};
use super::table::{self, Table};
use super::tree::{Element, Id, Kind, Tree};
use crate::label::Item;
use crate::look::WHITE;
use crate::normal;
use crate::story::{Aside, Shape, Story, Track};

/// What is still to be done.
enum Step {
    Enter(Id, Place),
    Leave(Leave),
}

/// What ends behind an element.
enum Leave {
    Block,
    Heading,
    Item,
    List,
    Table,
    Row,
    Cell(Option<Item>, Vec<List>),
    Aside(Option<Item>, Vec<List>, Option<u8>),
    Quote(Place),
}

/// The state of a walk.
pub(crate) struct Walk<'t> {
    tree: &'t Tree,
    sheet: &'t Sheet,
    story: Story,
    notes: Notes,
    todo: Vec<Step>,
    level: Option<u8>,
    item: Option<Item>,
    lists: Vec<List>,
    tables: Vec<Table>,
    contents: bool,
    /// Characters that may still come.
    left: usize,
}

impl<'t> Walk<'t> {
    /// At the beginning of a page.
    pub(crate) fn new(tree: &'t Tree, sheet: &'t Sheet, left: usize) -> Self {
        Self {
            tree,
            sheet,
            story: Story::default(),
            notes: Notes::of(tree),
            todo: Vec::new(),
            level: None,
            item: None,
            lists: Vec::new(),
            tables: Vec::new(),
            contents: false,
            left,
        }
    }

    /// The blocks and notices of the page.
    pub(crate) fn read(mut self) -> Result<(Vec<Content>, Vec<Notice>), Rejection> {
        let place = Place::OF_PAGE;
        self.enter_all(self.tree.children(0), place);
        while let Some(step) = self.todo.pop() {
            match step {
                Step::Enter(id, place) => self.enter(id, place)?,
                Step::Leave(leave) => self.leave(leave)?,
            }
        }
        self.flush();
        self.story.finish()
    }

    fn enter_all(&mut self, ids: &[Id], place: Place) {
        self.todo
            .extend(ids.iter().rev().map(|id| Step::Enter(*id, place)));
    }

    fn then(&mut self, leave: Leave) {
        self.todo.push(Step::Leave(leave));
    }

    fn enter(&mut self, id: Id, place: Place) -> Result<(), Rejection> {
        let tree = self.tree;
        match tree.get(id).map(|node| &node.kind) {
            Some(Kind::Text(text)) => self.text(text, place),
            Some(Kind::Comment(text)) => {
                self.comment(text);
                Ok(())
            }
            Some(Kind::Element(element)) => self.element(id, element, place),
            Some(Kind::Document) | None => Ok(()),
        }
    }

    /// Comments in the code are seen by machines only. Word and its kin keep alternatives for old programs in them.
    fn comment(&mut self, text: &str) {
        let text = normal::line(text);
        if !text.is_empty()
            && !text.starts_with("[if")
            && !text.starts_with("?xml")
            && !text.contains("[endif]")
        {
            self.story.tell(NoticeKind::HiddenText, &text);
        }
    }

    fn text(&mut self, text: &str, place: Place) -> Result<(), Rejection> {
        let count = text.chars().count();
        self.left = self.left.checked_sub(count).ok_or_else(|| Rejection::TooLarge {
            what: "too many characters of text".into(),
        })?;
        if place.keeps_lines {
            self.say(text, place);
        } else {
            self.say(&text.replace(['\n', '\r', '\t', '\u{c}'], " "), place);
        }
        Ok(())
    }

    fn say(&mut self, text: &str, place: Place) {
        if self.story.is_blank() {
            self.contents = place.contents;
        }
        self.story.say(text, manner(place));
    }

    /// Ends the paragraph at hand, if there is one.
    fn flush(&mut self) {
        if !self.story.has_words() {
            self.story.end_paragraph(Shape::default());
            return;
        }
        let item = if self.story.is_blank() {
            None
        } else {
            self.item.take()
        };
        self.story.end_paragraph(Shape {
            level: self.level,
            item,
            contents: self.contents,
        });
    }

    fn element(&mut self, id: Id, element: &Element, place: Place) -> Result<(), Rejection> {
        let tree = self.tree;
        if self.is_left_out(id, element) {
            return Ok(());
        }
        let declared = self.sheet.of_element(tree, id);
        let place = inside(element, &declared, place);
        if let Some(kind) = unread(element) {
            if !manner(place).hidden && place.track != Track::Deleted {
                self.story.tell(kind, "");
            }
            return Ok(());
        }
        if let Some(shown) = forms::shown(tree, id, element) {
            self.say(&format!(" {shown} "), place);
            return Ok(());
        }
        if element.name() == "a" && self.notes.is_link(element) {
            return self.refer(element, place);
        }
        if is_comment(element) {
            return self.aside(Aside::Comment, id, place);
        }
        self.known(id, element, &declared, place)
    }

    /// Elements without text for people, and notes that were read where they are referred to.
    fn is_left_out(&self, id: Id, element: &Element) -> bool {
        let header =
            matches!(element.attribute("title"), Some("header" | "footer")) && element.name() == "div";
        let of_page =
            || style_has(element, "mso-element:header;") || style_has(element, "mso-element:footer;");
        matches!(
            element.name(),
            "script"
                | "style"
                | "template"
                | "title"
                | "meta"
                | "link"
                | "base"
                | "rt"
                | "rp"
                | "datalist"
                | "annotation"
                | "annotation-xml"
                | "xml"
                | "noframes"
        ) || self.notes.was_read(id)
            || header
            || of_page()
            || (list::is_mark(element) && self.item.is_some())
    }

    fn known(
        &mut self,
        id: Id,
        element: &Element,
        declared: &Declared,
        place: Place,
    ) -> Result<(), Rejection> {
        let children = self.tree.children(id);
        match element.name() {
            "br" => self.say("\n", place),
            "hr" => self.flush(),
            "q" => {
                self.say("\u{201c}", place);
                self.then(Leave::Quote(place));
                self.enter_all(children, place);
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.level = level(element);
                self.then(Leave::Heading);
                self.enter_all(children, place);
            }
            "ul" | "ol" | "menu" | "dir" => {
                self.flush();
                let list = List::of(self.tree, id, element, declared.marks.as_deref());
                self.lists.push(list);
                self.then(Leave::List);
                self.enter_all(children, place);
            }
            "li" => self.list_item(id, element, place),
            "table" => self.table(id, element, place)?,
            "tr" | "td" | "th" | "thead" | "tbody" | "tfoot" => self.part_of_table(id, element, place)?,
            name => {
                if is_block(name, declared.display) {
                    self.flush();
                    self.then(Leave::Block);
                    if let Some(item) = list::of_word(self.tree, id, element) {
                        self.item = Some(item);
                    }
                }
                self.enter_all(children, place);
            }
        }
        Ok(())
    }

    fn list_item(&mut self, id: Id, element: &Element, place: Place) {
        self.flush();
        let depth = self.lists.len().saturating_sub(1);
        let bullet = Item {
            label: None,
            depth: 0,
        };
        let item = self
            .lists
            .last_mut()
            .map_or(bullet, |list| list.item(element, depth));
        self.item = Some(item);
        self.then(Leave::Item);
        self.enter_all(self.tree.children(id), place);
    }

    fn table(&mut self, id: Id, element: &Element, place: Place) -> Result<(), Rejection> {
        self.flush();
        let tree = self.tree;
        let table = Table::of(tree, id, element);
        let captions: Vec<Id> = tree
            .elements(id)
            .filter(|(_, child)| child.name() == "caption")
            .map(|(id, _)| id)
            .collect();
        // Steps are taken from the end: captions, the opening, the parts, the closing.
        self.then(Leave::Table);
        self.enter_all(&table::in_order(tree, id), place);
        if table.layout {
            self.tables.push(table);
            self.enter_all(&captions, place);
            return Ok(());
        }
        for caption in captions {
            let text = normal::line(&tree.text(caption));
            self.say(&text, place);
            self.flush();
        }
        self.tables.push(table);
        self.story.open_table()
    }

    fn part_of_table(&mut self, id: Id, element: &Element, place: Place) -> Result<(), Rejection> {
        let tree = self.tree;
        let layout = self.tables.last().is_none_or(|table| table.layout);
        if layout {
            self.flush();
            self.then(Leave::Block);
            self.enter_all(tree.children(id), place);
            return Ok(());
        }
        match element.name() {
            "tr" => {
                self.row(id)?;
            }
            "td" | "th" => {
                self.cell(element, place)?;
            }
            _ => {
                if let Some(table) = self.tables.last_mut() {
                    table.group();
                }
            }
        }
        self.enter_all(tree.children(id), place);
        Ok(())
    }

    fn row(&mut self, id: Id) -> Result<(), Rejection> {
        let tree = self.tree;
        let parent = tree.get(id).and_then(|node| tree.element(node.parent?));
        let in_head = parent.is_some_and(|parent| parent.name() == "thead");
        self.story.open_row(in_head || table::is_head(tree, id))?;
        if let Some(table) = self.tables.last_mut() {
            table.row();
        }
        self.then(Leave::Row);
        Ok(())
    }

    fn cell(&mut self, element: &Element, place: Place) -> Result<(), Rejection> {
        if let Some(table) = self.tables.last_mut() {
            table.cell(element, place.ground != WHITE, &mut self.story)?;
        }
        let (item, lists) = (self.item.take(), std::mem::take(&mut self.lists));
        self.then(Leave::Cell(item, lists));
        Ok(())
    }

    fn refer(&mut self, link: &Element, place: Place) -> Result<(), Rejection> {
        match self.notes.refer(link) {
            Some((kind, note)) => self.aside(kind, note, place),
            None => Ok(()),
        }
    }

    fn aside(&mut self, kind: Aside, id: Id, place: Place) -> Result<(), Rejection> {
        self.story.open_aside(kind)?;
        let before = Leave::Aside(
            self.item.take(),
            std::mem::take(&mut self.lists),
            self.level.take(),
        );
        self.then(before);
        let gone = place.gone || place.track == Track::Deleted;
        let plain = Place {
            bold: false,
            track: Track::Kept,
            gone: gone && kind != Aside::Comment,
            ..place
        };
        self.enter_all(self.tree.children(id), plain);
        Ok(())
    }

    fn leave(&mut self, leave: Leave) -> Result<(), Rejection> {
        if let Leave::Quote(place) = leave {
            self.say("\u{201d}", place);
            return Ok(());
        }
        self.flush();
        match leave {
            Leave::Block | Leave::Quote(_) => {}
            Leave::Heading => self.level = None,
            Leave::Item => self.item = None,
            Leave::List => drop(self.lists.pop()),
            Leave::Table => {
                if self.tables.pop().is_some_and(|table| !table.layout) {
                    self.story.close_table(false)?;
                }
            }
            Leave::Row => {
                if let Some(table) = self.tables.last_mut() {
                    table.end_row(&mut self.story)?;
                }
                self.story.close_row();
            }
            Leave::Cell(item, lists) => {
                self.story.close_cell()?;
                (self.item, self.lists) = (item, lists);
            }
            Leave::Aside(item, lists, level) => {
                self.story.close_aside();
                (self.item, self.lists, self.level) = (item, lists, level);
            }
        }
        Ok(())
    }
}
