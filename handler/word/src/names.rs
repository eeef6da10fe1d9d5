//! The names of filters, tests and functions that tags use. The engine would find an unknown one only when it comes
//! to it, in a branch that some child's data reaches first.

use minijinja::{Environment, ErrorKind, Value};

use crate::fault::{TemplateFault, excerpt};
use crate::tag::Effect;
use crate::xml::{Element, Node};

/// Words before a bracket that are no names of functions. `loop` is one inside a loop.
const WORDS: [&str; 13] = [
    "if",
    "elif",
    "else",
    "for",
    "in",
    "is",
    "and",
    "or",
    "not",
    "with",
    "set",
    "recursive",
    "loop",
];

/// Checks the names that the tags of a part use.
pub(crate) fn check(engine: &Environment<'_>, part: &str, element: &Element) -> Result<(), TemplateFault> {
    for node in &element.children {
        match node {
            Node::Element(child) => check(engine, part, child)?,
            Node::Tag(tag) if tag.effect != Effect::Note && !tag.is_key => {
                unknown(engine, &tag.code).map_or(Ok(()), |reason| {
                    Err(TemplateFault::Tag {
                        part: part.to_owned(),
                        near: excerpt(&tag.written()),
                        reason,
                    })
                })?;
            }
            Node::Tag(_) | Node::Text(_) => {}
        }
    }
    Ok(())
}

/// The first name in an expression or statement that is not known.
fn unknown(engine: &Environment<'_>, code: &str) -> Option<String> {
    let tokens = tokens(code);
    let mut before = ["", ""];
    for (at, token) in tokens.iter().enumerate() {
        let called = tokens.get(at + 1) == Some(&"(");
        if let Some(kind) = kind(before, token, called).filter(|kind| !knows(engine, *kind, token)) {
            return Some(format!("there is no {} `{token}`", kind.word()));
        }
        before = [before[1], token];
    }
    None
}

/// What a name names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Filter,
    Test,
    Function,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Test => "test",
            Self::Function => "function",
        }
    }
}

/// What a token names, from the two tokens before it and whether a bracket follows.
fn kind(before: [&str; 2], token: &str, called: bool) -> Option<Kind> {
    let is_name = token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    match before {
        _ if !is_name => None,
        [_, "|"] => Some(Kind::Filter),
        [_, "is"] if token == "not" => None,
        [_, "is"] | ["is", "not"] => Some(Kind::Test),
        [_, "."] => None,
        _ if called && !WORDS.contains(&token) => Some(Kind::Function),
        _ => None,
    }
}

fn knows(engine: &Environment<'_>, kind: Kind, name: &str) -> bool {
    let value = [Value::UNDEFINED];
    let error = match kind {
        Kind::Filter => engine.empty_state().apply_filter(name, &value).err(),
        Kind::Test => engine.empty_state().perform_test(name, &value).err(),
        Kind::Function => return engine.globals().any(|(known, _)| known == name),
    };
    !error.is_some_and(|error| matches!(error.kind(), ErrorKind::UnknownFilter | ErrorKind::UnknownTest))
}

/// The words and signs of a piece of code, strings left out.
fn tokens(code: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = code.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' | '\'' => string(rest, first),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the string that a text begins with.
fn string(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, expected: Option<&str>) {
        let found = unknown(&crate::engine::bare(), code);
        assert_eq!(found.as_deref(), expected, "{code}");
    }

    #[test]
    fn names_are_known_or_not() {
        check("a | upper | join(\", \")", None);
        check("a | markdown ~ footnote(b | comment(c))", None);
        check("a | shout", Some("there is no filter `shout`"));
        check("'| shout(' ~ \"it's | \\\" x\"", None);
        check("if a is defined and b is not none and (c)", None);
        check("if a is odd_looking", Some("there is no test `odd_looking`"));
        check("if a is not odd_looking", Some("there is no test `odd_looking`"));
        check("for x in fields(a)", Some("there is no function `fields`"));
        check("for x in range(3) if not (x)", None);
        check("a.items() | length", None);
        check("set b = namespace(x=1)", None);
    }
}
