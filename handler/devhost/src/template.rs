//! Blob paths: patterns that capture, and templates that are filled in.

use crate::binding_data::BindingData;
use jiff::Timestamp;
use regex::Regex;
use uuid::Uuid;

/// Why a path of a `function.json` cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PathFault {
    #[error("braces do not match")]
    Braces,
    #[error("a trigger's container cannot be captured")]
    ContainerCapture,
    #[error("`{0}` is captured twice")]
    Twice(String),
    #[error("nothing is bound to `{{{0}}}`")]
    Unbound(String),
    #[error("a blob path is `container/name`")]
    NoBlob,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Name(String),
}

fn parts(text: &str) -> Result<Vec<Part>, PathFault> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, opened)) = rest.split_once('{') {
        let (name, after) = opened.split_once('}').ok_or(PathFault::Braces)?;
        if name.is_empty() || name.contains('{') || literal.contains('}') {
            return Err(PathFault::Braces);
        }
        parts.push(Part::Literal(literal.to_owned()));
        parts.push(Part::Name(name.to_owned()));
        rest = after;
    }
    if rest.contains('}') {
        return Err(PathFault::Braces);
    }
    parts.push(Part::Literal(rest.to_owned()));
    Ok(parts
        .into_iter()
        .filter(|part| *part != Part::Literal(String::new()))
        .collect())
}

/// A blob trigger's path, such as `sources/{recipe}/{case}/{document}`.
///
/// As in the real host a capture takes as much as it can, slashes included: over `sources/a/b/c/d` the first name
/// above is `a/b`.
#[derive(Clone, Debug)]
pub(crate) struct BlobPattern {
    pub container: String,
    /// What every matching name starts with, to list no more than needed.
    pub prefix: String,
    names: Vec<String>,
    regex: Regex,
}

impl BlobPattern {
    pub(crate) fn parse(path: &str) -> Result<Self, PathFault> {
        let (container, blob) = path.split_once('/').unwrap_or((path, ""));
        if container.contains(['{', '}']) {
            return Err(PathFault::ContainerCapture);
        }
        let mut names: Vec<String> = Vec::new();
        let mut expression = String::from("^");
        for part in parts(blob)? {
            match part {
                Part::Literal(text) => expression.push_str(&regex::escape(&text)),
                Part::Name(name) if names.contains(&name) => return Err(PathFault::Twice(name)),
                Part::Name(name) => {
                    names.push(name);
                    expression.push_str("(.*)");
                }
            }
        }
        if !blob.is_empty() {
            expression.push('$');
        }
        let regex = Regex::new(&expression).map_err(|_| PathFault::Braces)?;
        let prefix = blob.split('{').next().unwrap_or("").to_owned();
        Ok(Self {
            container: container.to_owned(),
            prefix,
            names,
            regex,
        })
    }

    /// The captures of a blob that the pattern matches.
    pub(crate) fn captures(&self, blob: &str) -> Option<Vec<(String, String)>> {
        let found = self.regex.captures(blob)?;
        let values = found
            .iter()
            .skip(1)
            .flatten()
            .map(|value| value.as_str().to_owned());
        Some(self.names.iter().cloned().zip(values).collect())
    }
}

/// An input's or output's path, filled in from the binding data of an invocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathTemplate(Vec<Part>);

impl PathTemplate {
    pub(crate) fn parse(path: &str) -> Result<Self, PathFault> {
        Ok(Self(parts(path)?))
    }

    pub(crate) fn render(&self, data: &BindingData) -> Result<String, PathFault> {
        self.0.iter().map(|part| value(part, data)).collect()
    }

    /// The container and the blob's name.
    pub(crate) fn blob(&self, data: &BindingData) -> Result<(String, String), PathFault> {
        let path = self.render(data)?;
        let (container, name) = path.split_once('/').ok_or(PathFault::NoBlob)?;
        if container.is_empty() || name.is_empty() {
            return Err(PathFault::NoBlob);
        }
        Ok((container.to_owned(), name.to_owned()))
    }
}

fn value(part: &Part, data: &BindingData) -> Result<String, PathFault> {
    let name = match part {
        Part::Literal(text) => return Ok(text.clone()),
        Part::Name(name) => name,
    };
    if let Some(bound) = data.text(name) {
        return Ok(bound);
    }
    match name.to_ascii_lowercase().as_str() {
        "rand-guid" => Ok(Uuid::new_v4().to_string()),
        "datetime" => Ok(Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ").to_string()),
        _ => Err(PathFault::Unbound(name.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::{BlobPattern, PathFault, PathTemplate};
    use crate::binding_data::{BindingData, Datum};
    use proptest::prelude::*;

    #[test]
    fn captures_are_greedy() {
        let pattern = BlobPattern::parse("sources/{recipe}/{case}/{document}").expect("pattern");
        let check = |blob: &str, expected: Option<[&str; 3]>| {
            let captures = pattern
                .captures(blob)
                .map(|pairs| pairs.into_iter().map(|(_, value)| value));
            assert_eq!(
                captures.map(Iterator::collect::<Vec<_>>),
                expected.map(|e| e.map(str::to_owned).to_vec())
            );
        };
        check("ehcp/c1/Appendix B.docx", Some(["ehcp", "c1", "Appendix B.docx"]));
        check("ehcp/c1/sub/x.pdf", Some(["ehcp/c1", "sub", "x.pdf"]));
        check("ehcp//", Some(["ehcp", "", ""]));
        check("ehcp/c1", None);
    }

    #[test]
    fn literals_are_literal() {
        let pattern = BlobPattern::parse("in/{name}.json").expect("pattern");
        assert!(pattern.captures("axjson").is_none());
        assert_eq!(
            pattern.captures("a.b.json"),
            Some(vec![("name".to_owned(), "a.b".to_owned())])
        );
        let all = BlobPattern::parse("in").expect("a container alone");
        assert_eq!(all.captures("any/blob"), Some(Vec::new()));
    }

    #[test]
    fn paths_that_cannot_be_are_named() {
        let check = |path: &str, fault: PathFault| {
            assert_eq!(BlobPattern::parse(path).err(), Some(fault), "{path}");
        };
        check("{container}/x", PathFault::ContainerCapture);
        check("in/{a", PathFault::Braces);
        check("in/a}", PathFault::Braces);
        check("in/{}", PathFault::Braces);
        check("in/{a}/{a}", PathFault::Twice("a".to_owned()));
    }

    #[test]
    fn templates_are_filled_in() {
        let mut data = BindingData::default();
        data.set("case", Datum::Text("c1".to_owned()));
        data.set("meta", Datum::Json(serde_json::json!({ "Id": 7 })));
        let check = |path: &str, expected: Result<&str, PathFault>| {
            let rendered = PathTemplate::parse(path).expect("template").render(&data);
            assert_eq!(rendered, expected.map(str::to_owned), "{path}");
        };
        check("drafts/{case}/{meta.id}.docx", Ok("drafts/c1/7.docx"));
        check("drafts/{CASE}", Ok("drafts/c1"));
        check("drafts/{other}", Err(PathFault::Unbound("other".to_owned())));
        let unique = PathTemplate::parse("{rand-guid}")
            .expect("template")
            .render(&data)
            .expect("a guid");
        assert_eq!(unique.len(), 36);
    }

    proptest! {
        #[test]
        fn any_path_is_parsed_or_refused(path in ".{0,40}", blob in ".{0,40}") {
            if let Ok(pattern) = BlobPattern::parse(&path) {
                prop_assert!(pattern.captures(&blob).is_none_or(|captures| captures.len() == pattern.names.len()));
            }
        }
    }
}
