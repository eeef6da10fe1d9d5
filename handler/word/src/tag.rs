//! The template's tags: where they stand in a text, and what each asks for.
//!
//! `{{ value }}`, `{% statement %}`, `{# note #}`; a statement that begins `{%p`, `{%tr` or `{%tc` takes the place of
//! its whole paragraph, table row or table cell. Expressions themselves are read by the template engine.

use crate::fault::excerpt;
use crate::xml::Element;

/// What a text has where something stands that is no text.
pub(crate) const OPAQUE: char = '\u{fffc}';

/// What a tag takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Itself only.
    Inline,
    /// Its paragraph.
    Paragraph,
    /// Its table row.
    Row,
    /// Its table cell.
    Cell,
}

/// A statement that needs an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// `for`.
    For,
    /// `if`.
    If,
    /// `with`.
    With,
}

/// What a tag does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It shows a value.
    Value,
    /// It begins a block.
    Open(Block),
    /// `else`.
    Else,
    /// `elif`.
    Elif,
    /// It ends a block.
    Close(Block),
    /// `set`: it stands by itself.
    Line,
    /// A note to the template's authors.
    Note,
}

/// In which of Word's ways a tag is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In braces, as words.
    Typed,
    /// A merge field.
    MergeField,
    /// A content control, by its tag or title.
    Control,
}

/// A tag.
#[derive(Clone, Debug)]
pub(crate) struct Tag {
    /// What it takes the place of.
    pub(crate) scope: Scope,
    /// What it does.
    pub(crate) effect: Effect,
    /// The words between the braces.
    pub(crate) code: String,
    /// Whether the words are a key as it stands, and no expression.
    pub(crate) is_key: bool,
    /// In which way it is written.
    pub(crate) origin: Origin,
    /// The formatting of what it shows.
    pub(crate) style: Option<Element>,
}

impl Tag {
    /// A key that stands in a field or control of Word's own.
    pub(crate) fn of_key(key: &str, origin: Origin, style: Option<Element>) -> Self {
        Self {
            scope: Scope::Inline,
            effect: Effect::Value,
            code: tidy(key),
            is_key: true,
            origin,
            style,
        }
    }

    /// The tag as it is written in a template.
    pub(crate) fn written(&self) -> String {
        match self.effect {
            Effect::Value if self.origin == Origin::MergeField => format!("\u{ab}{}\u{bb}", self.code),
            Effect::Value if self.origin == Origin::Control => format!("[{}]", self.code),
            Effect::Value => format!("{{{{ {} }}}}", self.code),
            Effect::Note => format!("{{# {} #}}", self.code),
            _ => format!("{{%{} {} %}}", self.scope.letters(), self.code),
        }
    }
}

impl Scope {
    /// The letters after `{%`.
    fn letters(self) -> &'static str {
        match self {
            Self::Inline => "",
            Self::Paragraph => "p",
            Self::Row => "tr",
            Self::Cell => "tc",
        }
    }
}

/// A tag in a text.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// Where it begins, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    /// Where its own words begin: what is there gives the formatting.
    pub(crate) words: usize,
    /// The tag.
    pub(crate) tag: Tag,
}

/// Why a text's tags cannot be understood: the words there and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unclear {
    pub(crate) near: String,
    pub(crate) reason: String,
}

/// Finds the tags of a text.
pub(crate) fn scan(text: &str) -> Result<Vec<Span>, Unclear> {
    let mut spans = Vec::new();
    let mut from = 0;
    while let Some(start) = next_tag(text, from) {
        let rest = text.get(start..).unwrap_or_default();
        let length = length(rest).ok_or_else(|| unclear(rest, "the tag is not closed in its paragraph"))?;
        let inside = rest.get(2..length - 2).unwrap_or_default();
        if inside.contains(OPAQUE) {
            return Err(unclear(rest, "something that is no text stands inside the tag"));
        }
        let words = start + 2 + (inside.len() - inside.trim_start().len());
        let tag = read(rest, inside).map_err(|reason| unclear(rest, &reason))?;
        spans.push(Span {
            start,
            end: start + length,
            words,
            tag,
        });
        from = start + length;
    }
    Ok(spans)
}

fn unclear(rest: &str, reason: &str) -> Unclear {
    Unclear {
        near: excerpt(rest),
        reason: reason.to_owned(),
    }
}

/// Where the next tag begins.
pub(crate) fn next_tag(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    ["{{", "{%", "{#"]
        .iter()
        .filter_map(|open| rest.find(open))
        .min()
        .map(|at| from + at)
}

/// The length of the tag that the text begins with. Closing signs inside quotation marks do not count.
fn length(text: &str) -> Option<usize> {
    let close = match text.get(..2)? {
        "{{" => "}}",
        "{%" => "%}",
        _ => return text.find("#}").map(|at| at + 2),
    };
    let mut quote = None;
    let mut in_word = false;
    for (at, c) in text.char_indices().skip(2) {
        let after_word = std::mem::replace(&mut in_word, c.is_alphanumeric());
        match (quote, straight(c)) {
            // No string begins inside a word: the apostrophe of "child's name".
            (None, c @ ('"' | '\'')) if !after_word => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, _) if text.get(at..).is_some_and(|rest| rest.starts_with(close)) => {
                return Some(at + close.len());
            }
            _ => {}
        }
    }
    None
}

/// Word's own quotation marks and spaces as programs write them.
fn straight(c: char) -> char {
    match c {
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2018}' | '\u{2019}' | '\u{201a}' => '\'',
        '\u{a0}' | '\u{202f}' | '\t' | '\n' => ' ',
        _ => c,
    }
}

/// A key as it is compared: straight quotation marks, single spaces.
pub(crate) fn tidy(text: &str) -> String {
    let straight: String = text.chars().map(straight).collect();
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a tag from the words between its braces.
fn read(whole: &str, inside: &str) -> Result<Tag, String> {
    let code: String = inside.chars().map(straight).collect();
    let (scope, code) = match whole.get(..2) {
        Some("{%") => scope(&code),
        _ => (Scope::Inline, code.as_str()),
    };
    let code = code
        .trim()
        .trim_start_matches(['-', '+'])
        .trim_end_matches(['-', '+'])
        .trim()
        .to_owned();
    let effect = match whole.get(..2) {
        Some("{%") => statement(&code)?,
        Some("{{") if code.is_empty() => return Err("the tag is empty".to_owned()),
        Some("{{") => Effect::Value,
        _ => Effect::Note,
    };
    Ok(Tag {
        scope,
        effect,
        code,
        is_key: false,
        origin: Origin::Typed,
        style: None,
    })
}

/// The scope that a statement's first letters name, and the rest.
fn scope(code: &str) -> (Scope, &str) {
    [Scope::Row, Scope::Cell, Scope::Paragraph]
        .into_iter()
        .find_map(|scope| {
            let rest = code.strip_prefix(scope.letters())?;
            rest.starts_with(' ').then_some((scope, rest))
        })
        .unwrap_or((Scope::Inline, code))
}

/// What a statement does.
fn statement(code: &str) -> Result<Effect, String> {
    let word = code.split_whitespace().next().unwrap_or_default();
    Ok(match word {
        "for" => Effect::Open(Block::For),
        "if" => Effect::Open(Block::If),
        "with" => Effect::Open(Block::With),
        "else" => Effect::Else,
        "elif" => Effect::Elif,
        "endfor" => Effect::Close(Block::For),
        "endif" => Effect::Close(Block::If),
        "endwith" => Effect::Close(Block::With),
        "set" if code.contains('=') => Effect::Line,
        _ => {
            return Err(format!(
                "`{word}` is no statement of these templates: use for, if, elif, else, with or set"
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, Scope, Effect, &str)]) {
        let spans = scan(text).unwrap();
        let found: Vec<_> = spans
            .iter()
            .map(|span| {
                (
                    &text[span.start..span.end],
                    span.tag.scope,
                    span.tag.effect,
                    span.tag.code.as_str(),
                )
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn tags_are_found() {
        use Block::{For, If};
        use Effect::{Close, Else, Line, Note, Open, Value};
        use Scope::{Cell, Inline, Paragraph, Row};
        check("no tag { } }} %}", &[]);
        check(
            "a {{ x }} b {{y}}",
            &[("{{ x }}", Inline, Value, "x"), ("{{y}}", Inline, Value, "y")],
        );
        check("{%p if x %}", &[("{%p if x %}", Paragraph, Open(If), "if x")]);
        check(
            "{% p_is %}".replace("p_is", "if p").as_str(),
            &[("{% if p %}", Inline, Open(If), "if p")],
        );
        check(
            "{%tr for a in b %}",
            &[("{%tr for a in b %}", Row, Open(For), "for a in b")],
        );
        check(
            "{%tc endfor %}",
            &[("{%tc endfor %}", Cell, Close(For), "endfor")],
        );
        check("{%- else -%}", &[("{%- else -%}", Inline, Else, "else")]);
        check(
            "{% set a = 1 %}",
            &[("{% set a = 1 %}", Inline, Line, "set a = 1")],
        );
        check(
            "{# a }} note #}",
            &[("{# a }} note #}", Inline, Note, "a }} note")],
        );
        check("{{ '}}' ~ x }}", &[("{{ '}}' ~ x }}", Inline, Value, "'}}' ~ x")]);
        check(
            "{{ f(\u{201c}B\u{201d}) }}",
            &[("{{ f(\u{201c}B\u{201d}) }}", Inline, Value, "f(\"B\")")],
        );
        check(
            "{{ Child\u{2019}s name }} {{ parents' }}",
            &[
                ("{{ Child\u{2019}s name }}", Inline, Value, "Child's name"),
                ("{{ parents' }}", Inline, Value, "parents'"),
            ],
        );
        check("{{\u{a0}x\n}}", &[("{{\u{a0}x\n}}", Inline, Value, "x")]);
    }

    #[test]
    fn unclear_tags_are_faults() {
        for (text, words) in [
            ("{{ name", "not closed"),
            ("{{ \"name }}", "not closed"),
            ("{% macro x() %}", "`macro` is no statement"),
            ("{% set x %}", "`set` is no statement"),
            ("{{ }}", "empty"),
            ("{{ a\u{fffc} }}", "no text"),
        ] {
            let fault = scan(text).unwrap_err();
            assert!(fault.reason.contains(words), "{text}: {}", fault.reason);
        }
    }
}
