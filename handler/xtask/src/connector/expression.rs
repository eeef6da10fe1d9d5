//! Expressions of the workflow definition language, as far as they can be checked without a tenant: that they parse, that their
//! functions are known, and what they refer to.

use std::iter::Peekable;
use std::str::Chars;

/// Functions that the flows may use, with how many arguments they take.
const FUNCTIONS: &[(&str, std::ops::RangeInclusive<usize>)] = &[
    ("and", 2..=9),
    ("base64", 1..=1),
    ("body", 1..=1),
    ("concat", 1..=9),
    ("contains", 2..=2),
    ("createArray", 1..=9),
    ("equals", 2..=2),
    ("greater", 2..=2),
    ("item", 0..=0),
    ("items", 1..=1),
    ("last", 1..=1),
    ("length", 1..=1),
    ("not", 1..=1),
    ("outputs", 1..=1),
    ("parameters", 1..=1),
    ("split", 2..=2),
    ("string", 1..=1),
    ("sub", 2..=2),
    ("substring", 2..=3),
    ("triggerBody", 0..=0),
    ("triggerOutputs", 0..=0),
    ("variables", 1..=1),
];

/// A call with its arguments' texts, and the members that are read of what it gives.
#[derive(Debug, PartialEq, Eq)]
pub struct Call {
    pub function: String,
    pub arguments: Vec<Option<String>>,
    pub members: Vec<String>,
}

/// The calls of all expressions in a text of a definition; the error says what does not parse.
pub fn calls(text: &str) -> Result<Vec<Call>, String> {
    let mut found = Vec::new();
    if let Some(whole) = text
        .strip_prefix('@')
        .filter(|rest| !rest.starts_with(['@', '{']))
    {
        Parser::over(whole, &mut found).whole()?;
        return Ok(found);
    }
    let mut rest = text;
    while let Some(at) = rest.find("@{") {
        let inner = &rest[at + 2..];
        rest = &inner[Parser::over(inner, &mut found).braced()?..];
    }
    Ok(found)
}

struct Parser<'t, 'f> {
    text: &'t str,
    rest: Peekable<Chars<'t>>,
    found: &'f mut Vec<Call>,
}

impl<'t, 'f> Parser<'t, 'f> {
    fn over(text: &'t str, found: &'f mut Vec<Call>) -> Self {
        Self {
            text,
            rest: text.chars().peekable(),
            found,
        }
    }

    fn whole(mut self) -> Result<(), String> {
        self.value()?;
        self.rest
            .next()
            .map_or(Ok(()), |c| self.fault(&format!("`{c}` follows the end")))
    }

    /// Up to and with the closing brace; gives the number of bytes.
    fn braced(mut self) -> Result<usize, String> {
        self.value()?;
        self.eat('}')?;
        Ok(self.text.len() - self.rest.collect::<String>().len())
    }

    fn fault<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("{what} in `{}`", self.text))
    }

    fn eat(&mut self, wanted: char) -> Result<(), String> {
        while self.rest.next_if_eq(&' ').is_some() {}
        match self.rest.next_if_eq(&wanted) {
            Some(_) => Ok(()),
            None => self.fault(&format!("`{wanted}` is missing")),
        }
    }

    fn is_next(&mut self, wanted: char) -> bool {
        while self.rest.next_if_eq(&' ').is_some() {}
        self.rest.peek() == Some(&wanted)
    }

    /// A value; the text of one that is a text.
    fn value(&mut self) -> Result<Option<String>, String> {
        if self.is_next('\'') {
            return self.quoted().map(Some);
        }
        let mut word = String::new();
        while let Some(c) = self.rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '-') {
            word.push(c);
        }
        if word.parse::<i64>().is_ok() || ["true", "false", "null"].contains(&word.as_str()) {
            return Ok(None);
        }
        self.call(word).map(|()| None)
    }

    fn quoted(&mut self) -> Result<String, String> {
        self.eat('\'')?;
        let mut text = String::new();
        loop {
            match self.rest.next() {
                // Two of them stand for one.
                Some('\'') if self.rest.next_if_eq(&'\'').is_some() => text.push('\''),
                Some('\'') => return Ok(text),
                Some(c) => text.push(c),
                None => return self.fault("a text has no end"),
            }
        }
    }

    fn call(&mut self, function: String) -> Result<(), String> {
        let Some((_, takes)) = FUNCTIONS.iter().find(|(name, _)| *name == function) else {
            return self.fault(&format!("`{function}` is no known function"));
        };
        self.eat('(')?;
        let mut arguments = Vec::new();
        while !self.is_next(')') {
            if !arguments.is_empty() {
                self.eat(',')?;
                self.is_next(' ');
            }
            arguments.push(self.value()?);
        }
        self.eat(')')?;
        if !takes.contains(&arguments.len()) {
            return self.fault(&format!(
                "`{function}` does not take {} arguments",
                arguments.len()
            ));
        }
        let mut members = Vec::new();
        while self.is_next('?') || self.is_next('[') {
            self.rest.next_if_eq(&'?');
            self.eat('[')?;
            members.push(self.quoted()?);
            self.eat(']')?;
        }
        self.found.push(Call {
            function,
            arguments,
            members,
        });
        Ok(())
    }
}

#[test]
fn expressions_are_parsed_or_not() {
    let check = |text: &str, expected: Option<&[&str]>| {
        let found = calls(text)
            .ok()
            .map(|calls| calls.into_iter().map(|call| call.function).collect::<Vec<_>>());
        let expected = expected.map(|names| names.iter().map(ToString::to_string).collect());
        assert_eq!(found, expected, "{text}");
    };
    check("no expression, a@b and @@escaped", Some(&[]));
    check("@variables('A')", Some(&["variables"]));
    check(
        "@{variables('A')}: @{length(body('B'))}.",
        Some(&["variables", "body", "length"]),
    );
    check("@outputs('A')?['body/b']?['c''d']", Some(&["outputs"]));
    check("@equals(item()['a'], -1)", Some(&["item", "equals"]));
    for wrong in [
        "@nosuch()",
        "@equals(1)",
        "@length(",
        "@concat('a', 'b'",
        "@{variables('A')",
        "@variables('A') or",
        "@'a",
    ] {
        check(wrong, None);
    }
}
