//! The parts that values can call for: footnotes, comments, numbering, and the styles of all three. Each is
//! extended where the template has it and made where it has not.

use std::collections::BTreeMap;

use crate::fault::TemplateFault;
use crate::lists::Numbering;
use crate::package::Part;
use crate::relations::Relations;
use crate::xml::{DECLARATION, Element, parse};

/// The namespace of Word's elements.
pub(crate) const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A part that values can call for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Footnotes.
    Footnotes,
    /// Comments.
    Comments,
    /// Numbers and bullets.
    Numbering,
    /// Styles.
    Styles,
}

impl Kind {
    /// Its name in relationships, paths and elements.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Footnotes => "footnotes",
            Self::Comments => "comments",
            Self::Numbering => "numbering",
            Self::Styles => "styles",
        }
    }

    /// What such a part is.
    pub(crate) fn content_type(self) -> String {
        format!(
            "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml",
            self.name()
        )
    }

    /// A part without entries. Footnotes begin with the two separators that Word expects.
    pub(crate) fn empty(self) -> String {
        let name = self.name();
        let separators = match self {
            Self::Footnotes => {
                "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>\
                 <w:footnote w:type=\"continuationSeparator\" w:id=\"0\"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>"
            }
            _ => "",
        };
        format!("{DECLARATION}<w:{name} xmlns:w=\"{WORD}\">{separators}</w:{name}>")
    }
}

/// A part as the template has it, or empty.
#[derive(Clone, Debug)]
pub(crate) struct Support {
    /// Its path.
    pub(crate) path: String,
    /// Whether the template has none.
    pub(crate) new: bool,
    root: Element,
}

impl Support {
    fn read(kind: Kind, main: &str, relations: &Relations, parts: &[Part]) -> Result<Self, TemplateFault> {
        let found = relations.targets(kind.name()).into_iter().find_map(|path| {
            parts
                .iter()
                .find(|part| part.name == path)
                .map(|part| (path, &part.bytes))
        });
        if let Some((path, bytes)) = found {
            return Ok(Self {
                root: parse(&path, bytes)?,
                path,
                new: false,
            });
        }
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = format!("{folder}/{}.xml", kind.name())
            .trim_start_matches('/')
            .to_owned();
        Ok(Self {
            root: parse(&path, kind.empty().as_bytes())?,
            path,
            new: true,
        })
    }

    /// The part as it is.
    pub(crate) fn text(&self) -> String {
        self.root.to_part()
    }

    /// The highest number that an attribute of its entries has.
    fn highest(&self, entry: &str, attribute: &str) -> i64 {
        let entries = self.root.elements().filter(|element| element.name == entry);
        entries
            .filter_map(|element| element.attribute(attribute)?.parse().ok())
            .max()
            .unwrap_or(-1)
    }
}

/// A part with entries added at its end.
pub(crate) fn extended(kind: Kind, text: &str, entries: &str) -> String {
    let end = format!("</w:{}>", kind.name());
    let at = text.rfind(&end).unwrap_or(text.len());
    let (before, after) = text.split_at(at);
    [before, entries, after].concat()
}

/// What a template has of all four.
#[derive(Clone, Debug)]
pub(crate) struct Supports {
    parts: BTreeMap<Kind, Support>,
    /// The first free number of a footnote.
    pub(crate) footnote: i64,
    /// The first free number of a comment.
    pub(crate) comment: i64,
    /// Numbers and bullets.
    pub(crate) numbering: Numbering,
    /// The ids of styles by their names in lower case: names are the same in every language, ids are not.
    styles: BTreeMap<String, String>,
}

impl Supports {
    /// Reads what a template has.
    pub(crate) fn read(main: &str, relations: &Relations, parts: &[Part]) -> Result<Self, TemplateFault> {
        let read = |kind| Support::read(kind, main, relations, parts);
        let (footnotes, comments) = (read(Kind::Footnotes)?, read(Kind::Comments)?);
        let (numbering, styles) = (read(Kind::Numbering)?, read(Kind::Styles)?);
        Ok(Self {
            footnote: footnotes.highest("w:footnote", "w:id").max(0) + 1,
            comment: comments.highest("w:comment", "w:id") + 1,
            numbering: Numbering::new(&numbering.root),
            styles: style_ids(&styles.root),
            parts: BTreeMap::from([
                (Kind::Footnotes, footnotes),
                (Kind::Comments, comments),
                (Kind::Numbering, numbering),
                (Kind::Styles, styles),
            ]),
        })
    }

    /// The part of a kind.
    pub(crate) fn part(&self, kind: Kind) -> Option<&Support> {
        self.parts.get(&kind)
    }

    /// The id of a style: the template's own, or the one under which it will be added.
    pub(crate) fn style(&self, style: Style) -> &str {
        self.styles.get(style.name()).map_or(style.id(), String::as_str)
    }

    /// The styles among these that the template lacks.
    pub(crate) fn missing<'a>(&'a self, wanted: &'a [Style]) -> impl Iterator<Item = Style> + 'a {
        wanted
            .iter()
            .copied()
            .filter(|style| !self.styles.contains_key(style.name()))
    }
}

fn style_ids(root: &Element) -> BTreeMap<String, String> {
    root.elements()
        .filter(|style| style.name == "w:style")
        .filter_map(|style| {
            let name = style.child("w:name")?.attribute("w:val")?;
            Some((name.to_lowercase(), style.attribute("w:styleId")?))
        })
        .collect()
}

/// A style that notes need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// The text of a footnote.
    FootnoteText,
    /// Its number.
    FootnoteReference,
    /// The text of a comment.
    CommentText,
    /// Its mark.
    CommentReference,
}

impl Style {
    /// Its name in every language, in lower case.
    fn name(self) -> &'static str {
        match self {
            Self::FootnoteText => "footnote text",
            Self::FootnoteReference => "footnote reference",
            Self::CommentText => "annotation text",
            Self::CommentReference => "annotation reference",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::FootnoteText => "FootnoteText",
            Self::FootnoteReference => "FootnoteReference",
            Self::CommentText => "CommentText",
            Self::CommentReference => "CommentReference",
        }
    }

    /// Its definition as Word has it.
    pub(crate) fn definition(self) -> String {
        const SMALL: &str = "<w:rPr><w:sz w:val=\"18\"/><w:szCs w:val=\"18\"/></w:rPr>";
        const SINGLE: &str = "<w:pPr><w:spacing w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/></w:pPr>";
        let (kind, look) = match self {
            Self::FootnoteText | Self::CommentText => ("paragraph", format!("{SINGLE}{SMALL}")),
            Self::FootnoteReference => (
                "character",
                "<w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr>".to_owned(),
            ),
            Self::CommentReference => (
                "character",
                "<w:rPr><w:sz w:val=\"16\"/><w:szCs w:val=\"16\"/></w:rPr>".to_owned(),
            ),
        };
        format!(
            "<w:style w:type=\"{kind}\" w:styleId=\"{}\"><w:name w:val=\"{}\"/><w:uiPriority w:val=\"99\"/>{look}</w:style>",
            self.id(),
            self.name()
        )
    }
}
