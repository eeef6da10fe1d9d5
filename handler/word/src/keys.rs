//! Keys: names that stand in a template by themselves, `{{ name }}`, and are looked up as they are written.
//!
//! A council's own template has names that are no expressions: `{{ Name of child }}`, `{{ date-of-birth }}`. A value's
//! words are a key when they are a single name that the template does not bind itself, when they are names joined by
//! hyphens or slashes without spaces, when no expression can be read in them, or when the caller knows them as a key.

use std::collections::BTreeSet;

use minijinja::Environment;

use crate::tag::{Block, Effect, tidy};
use crate::xml::{Element, Node};

/// The longest key; Word's own merge fields and tags have 64 characters at most.
const LONGEST: usize = 200;

/// Finds the keys among the values of a part.
pub(crate) fn settle(engine: &Environment<'_>, known: &dyn Fn(&str) -> bool, root: &mut Element) {
    let mut bound = BTreeSet::from(["loop".to_owned()]);
    collect_bound(root, &mut bound);
    let keys = Keys { engine, known, bound };
    keys.visit(root);
}

/// All keys below an element.
pub(crate) fn collect(element: &Element, keys: &mut BTreeSet<String>) {
    for node in &element.children {
        match node {
            Node::Element(child) => collect(child, keys),
            Node::Tag(tag) if tag.is_key => _ = keys.insert(tag.code.clone()),
            Node::Tag(_) | Node::Text(_) => {}
        }
    }
}

/// The names that the statements below an element give values to.
pub(crate) fn collect_bound(element: &Element, bound: &mut BTreeSet<String>) {
    for node in &element.children {
        match node {
            Node::Element(child) => collect_bound(child, bound),
            Node::Tag(tag) => bound.extend(binds(tag.effect, &tag.code)),
            Node::Text(_) => {}
        }
    }
}

/// The names that a statement gives values to, and perhaps more: a name too many is read as an expression.
fn binds(effect: Effect, code: &str) -> Vec<String> {
    let targets = match effect {
        Effect::Open(Block::For) => code.split_once(" in ").map_or(code, |(targets, _)| targets),
        Effect::Line => code.split_once('=').map_or(code, |(targets, _)| targets),
        Effect::Open(Block::With) => code,
        Effect::Value
        | Effect::Open(Block::If)
        | Effect::Else
        | Effect::Elif
        | Effect::Close(_)
        | Effect::Note => "",
    };
    let names = targets.split(|c| !is_name_part(c)).filter(|name| is_name(name));
    names.map(str::to_owned).collect()
}

struct Keys<'a> {
    engine: &'a Environment<'a>,
    known: &'a dyn Fn(&str) -> bool,
    bound: BTreeSet<String>,
}

impl Keys<'_> {
    fn visit(&self, element: &mut Element) {
        for node in &mut element.children {
            match node {
                Node::Element(child) => self.visit(child),
                Node::Tag(tag) if tag.effect == Effect::Value && !tag.is_key => {
                    let key = tidy(&tag.code);
                    if self.is_key(&key) {
                        tag.is_key = true;
                        tag.code = key;
                    }
                }
                Node::Tag(_) | Node::Text(_) => {}
            }
        }
    }

    fn is_key(&self, code: &str) -> bool {
        if is_name(code) {
            return !self.bound.contains(code)
                && !matches!(code, "true" | "false" | "none" | "True" | "False" | "None");
        }
        if !is_like_a_key(code) || self.begins_with_bound(code) {
            return false;
        }
        (self.known)(code) || is_joined(code) || self.engine.compile_expression(code).is_err()
    }

    /// Whether the first word is a name that the template binds: `need text` is a slip for `need.text`.
    fn begins_with_bound(&self, code: &str) -> bool {
        let first = code.split(|c| !is_name_part(c)).next().unwrap_or_default();
        self.bound.contains(first)
    }
}

fn is_name_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whether a text is one name as the engine has them.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(is_name_part)
}

/// Names joined by hyphens or slashes, without spaces: no one subtracts in that way.
fn is_joined(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(char::is_alphabetic) && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    !text.contains(' ') && text.split(['-', '/']).all(part)
}

/// Whether a text could be what somebody calls a field: words, with the signs that labels have.
fn is_like_a_key(text: &str) -> bool {
    let sign = |c: char| {
        matches!(
            c,
            ' ' | '_' | '-' | '\u{2010}'
                ..='\u{2014}' | '/' | '\'' | '&' | '(' | ')' | ',' | '.' | ':' | ';' | '?'
        )
    };
    text.chars().count() <= LONGEST
        && text.starts_with(char::is_alphanumeric)
        && text.chars().any(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || sign(c))
}

/// A key as a string of the engine's language.
pub(crate) fn quoted(key: &str) -> String {
    format!(
        "\"{}\"",
        key.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: bool) {
        let engine = crate::engine::bare();
        let keys = Keys {
            engine: &engine,
            known: &|key| key == "Health and care",
            bound: BTreeSet::from(["s".to_owned()]),
        };
        assert_eq!(keys.is_key(&tidy(code)), expected, "{code}");
    }

    #[test]
    fn keys_are_told_from_expressions() {
        for key in [
            "name",
            "NAME",
            "parent_1",
            "Name of child",
            "date-of-birth",
            "Parent/Carer",
            "Child's name",
            "Name (in full)",
            "Yes/No?",
            "Health and care",
            "1st language",
            "Pr\u{e9}nom",
            "Parent / Carer 1",
        ] {
            check(key, true);
        }
        for expression in [
            "s",
            "s.text",
            "s text",
            "true",
            "a - b",
            "a or b",
            "name | upper",
            "field(\"a\", a)",
            "a[0]",
            "nil.J",
            "a ~ b",
            "\"a\"",
            "Strengths and needs",
            "a == b",
            "12",
        ] {
            check(expression, false);
        }
    }

    #[test]
    fn quoted_keys_are_strings() {
        for key in ["a\"b", "a\\", "a\nb", "}} {{", "plain"] {
            let value = crate::engine::bare()
                .compile_expression(&quoted(key))
                .unwrap()
                .eval(())
                .unwrap();
            assert_eq!(value.as_str(), Some(key));
        }
    }
}
