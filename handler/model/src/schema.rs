//! Whether an answer fits its schema: a checker of the strict subset that services of this kind accept.
//!
//! Services promise this; the promise is checked because gateways, filters and models of other makers break it.
//! The subset is `type` (one name or several), `properties`, `required`, `additionalProperties: false`,
//! `items`, `enum`, `const`, `anyOf`, `$defs` with `$ref`, and bounds of arrays, strings and numbers. A schema
//! with another keyword that restricts is refused, so that nothing is believed to be checked that is not.

use std::fmt;

use serde_json::{Map, Value};

/// How deep answers and schemas may be nested.
const MOST_DEPTH: usize = 64;

/// Keywords that say nothing about a value.
const ANNOTATIONS: [&str; 7] = [
    "$schema",
    "$id",
    "title",
    "description",
    "default",
    "examples",
    "$defs",
];

/// Where and how an answer leaves its schema. Places are made of the schema's own property names and of positions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    place: String,
    reason: Reason,
}

/// How an answer leaves its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Type,
    Missing,
    Unknown,
    NotListed,
    Count,
    Length,
    Range,
    NoForm,
    Depth,
    Keyword,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = match self.reason {
            Reason::Type => "is of another type",
            Reason::Missing => "is missing",
            Reason::Unknown => "holds a property that the schema does not name",
            Reason::NotListed => "is none of the listed values",
            Reason::Count => "has too few or too many items",
            Reason::Length => "is too short or too long",
            Reason::Range => "is out of range",
            Reason::NoForm => "has none of the possible forms",
            Reason::Depth => "is nested too deeply",
            Reason::Keyword => "has a schema that cannot be checked here",
        };
        write!(f, "`{}` {reason}", self.place)
    }
}

/// Checks `value` against `schema`; the first misfit is given.
pub fn check(schema: &Value, value: &Value) -> Result<(), Misfit> {
    Checker { root: schema }.check(schema, value, &Place::Root, 0)
}

/// Where in the value, as a list from the leaf to the root: a place is only written out when something is wrong.
enum Place<'a> {
    Root,
    Property(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn misfit(&self, reason: Reason) -> Misfit {
        Misfit {
            place: self.to_string(),
            reason,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Property(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

struct Checker<'a> {
    root: &'a Value,
}

impl Checker<'_> {
    fn check(&self, schema: &Value, value: &Value, place: &Place<'_>, depth: usize) -> Result<(), Misfit> {
        if depth > MOST_DEPTH {
            return Err(place.misfit(Reason::Depth));
        }
        let keywords = schema.as_object().ok_or_else(|| place.misfit(Reason::Keyword))?;
        keywords
            .iter()
            .try_for_each(|(name, rule)| self.keyword(keywords, name, rule, value, place, depth))
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        name: &str,
        rule: &Value,
        value: &Value,
        place: &Place<'_>,
        depth: usize,
    ) -> Result<(), Misfit> {
        match name {
            "type" => holds(has_type(rule, value), place, Reason::Type),
            "enum" => holds(lists(rule, value), place, Reason::NotListed),
            "const" => holds(rule == value, place, Reason::NotListed),
            "required" => required(rule, value, place),
            "properties" => self.properties(rule, value, place, depth),
            "additionalProperties" => closed(schema, rule, value, place),
            "items" => self.items(rule, value, place, depth),
            "anyOf" => self.any_of(rule, value, place, depth),
            "$ref" => self.check(self.definition(rule, place)?, value, place, depth + 1),
            "minItems" | "maxItems" => holds(count(name, rule, value), place, Reason::Count),
            "minLength" | "maxLength" => holds(length(name, rule, value), place, Reason::Length),
            "minimum" | "maximum" => holds(range(name, rule, value), place, Reason::Range),
            _ => holds(ANNOTATIONS.contains(&name), place, Reason::Keyword),
        }
    }

    fn properties(&self, rule: &Value, value: &Value, place: &Place<'_>, depth: usize) -> Result<(), Misfit> {
        let (Some(schemas), Some(object)) = (rule.as_object(), value.as_object()) else {
            return holds(rule.is_object(), place, Reason::Keyword);
        };
        for (name, schema) in schemas {
            if let Some(part) = object.get(name) {
                self.check(schema, part, &Place::Property(place, name), depth + 1)?;
            }
        }
        Ok(())
    }

    fn items(&self, rule: &Value, value: &Value, place: &Place<'_>, depth: usize) -> Result<(), Misfit> {
        let items = value.as_array().map(Vec::as_slice).unwrap_or_default();
        for (index, item) in items.iter().enumerate() {
            self.check(rule, item, &Place::Item(place, index), depth + 1)?;
        }
        Ok(())
    }

    fn any_of(&self, rule: &Value, value: &Value, place: &Place<'_>, depth: usize) -> Result<(), Misfit> {
        let forms = rule.as_array().ok_or_else(|| place.misfit(Reason::Keyword))?;
        let fits = forms
            .iter()
            .any(|form| self.check(form, value, place, depth + 1).is_ok());
        holds(fits, place, Reason::NoForm)
    }

    /// The part of the schema that `#/$defs/name` or `#` names.
    fn definition(&self, rule: &Value, place: &Place<'_>) -> Result<&Value, Misfit> {
        rule.as_str()
            .and_then(|pointer| pointer.strip_prefix('#'))
            .and_then(|pointer| self.root.pointer(pointer))
            .ok_or_else(|| place.misfit(Reason::Keyword))
    }
}

fn holds(fits: bool, place: &Place<'_>, reason: Reason) -> Result<(), Misfit> {
    if fits { Ok(()) } else { Err(place.misfit(reason)) }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::String(name) => is_a(name, value),
        Value::Array(names) => names
            .iter()
            .any(|name| name.as_str().is_some_and(|name| is_a(name, value))),
        _ => false,
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn lists(rule: &Value, value: &Value) -> bool {
    rule.as_array().is_some_and(|listed| listed.contains(value))
}

fn required(rule: &Value, value: &Value, place: &Place<'_>) -> Result<(), Misfit> {
    let names = rule.as_array().ok_or_else(|| place.misfit(Reason::Keyword))?;
    let Some(object) = value.as_object() else {
        return Ok(());
    };
    for name in names {
        let name = name.as_str().ok_or_else(|| place.misfit(Reason::Keyword))?;
        holds(
            object.contains_key(name),
            &Place::Property(place, name),
            Reason::Missing,
        )?;
    }
    Ok(())
}

/// Only `false` is of the subset: an open object could hold anything.
fn closed(schema: &Map<String, Value>, rule: &Value, value: &Value, place: &Place<'_>) -> Result<(), Misfit> {
    holds(*rule == Value::Bool(false), place, Reason::Keyword)?;
    let Some(object) = value.as_object() else {
        return Ok(());
    };
    let known = |name: &String| {
        schema
            .get("properties")
            .is_some_and(|names| names.get(name).is_some())
    };
    holds(object.keys().all(known), place, Reason::Unknown)
}

fn count(name: &str, rule: &Value, value: &Value) -> bool {
    value
        .as_array()
        .is_none_or(|items| within(name, rule, items.len()))
}

fn length(name: &str, rule: &Value, value: &Value) -> bool {
    value
        .as_str()
        .is_none_or(|text| within(name, rule, text.chars().count()))
}

fn within(name: &str, rule: &Value, found: usize) -> bool {
    let found = found as u64;
    rule.as_u64().is_some_and(|bound| {
        if name.starts_with("min") {
            found >= bound
        } else {
            found <= bound
        }
    })
}

fn range(name: &str, rule: &Value, value: &Value) -> bool {
    let Some(found) = value.as_f64() else { return true };
    rule.as_f64().is_some_and(|bound| {
        if name == "minimum" {
            found >= bound
        } else {
            found <= bound
        }
    })
}
