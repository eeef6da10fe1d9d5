//! HTTP routes: templates such as `drafts/{recipe}/{case}` and `{*path}`.

use percent_encoding::percent_decode_str;

/// A route template as ASP.NET reads it; whole segments only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RouteTemplate(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Capture {
        name: String,
        constraint: Constraint,
        optional: bool,
    },
    CatchAll(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Constraint {
    None,
    Int,
    Alpha,
    Guid,
}

impl RouteTemplate {
    /// None for what this host does not understand: a mix of text and captures in a segment, other constraints, a
    /// catch-all or an optional capture that is not last.
    pub(crate) fn parse(template: &str) -> Option<Self> {
        let template = template.trim_matches('/');
        if template.is_empty() {
            return Some(Self(Vec::new()));
        }
        let segments: Vec<Segment> = template.split('/').map(segment).collect::<Option<_>>()?;
        let inner = segments.split_last().map_or(&[][..], |(_, inner)| inner);
        inner.iter().all(Segment::may_be_inner).then_some(Self(segments))
    }

    /// The captures of a path without its prefix, still percent-encoded; decoded in the answer.
    pub(crate) fn captures(&self, path: &str) -> Option<Vec<(String, String)>> {
        let mut given = path
            .trim_matches('/')
            .split('/')
            .filter(|segment| !segment.is_empty());
        let mut captures = Vec::new();
        for segment in &self.0 {
            if let Segment::CatchAll(name) = segment {
                let rest: Vec<String> = given.by_ref().map(decode).collect();
                captures.push((name.clone(), rest.join("/")));
                continue;
            }
            match (segment, given.next().map(decode)) {
                (Segment::Literal(text), Some(value)) if text.eq_ignore_ascii_case(&value) => {}
                (Segment::Capture { name, constraint, .. }, Some(value)) if constraint.holds(&value) => {
                    captures.push((name.clone(), value));
                }
                (Segment::Capture { optional: true, .. }, None) => {}
                _ => return None,
            }
        }
        given.next().is_none().then_some(captures)
    }
}

impl std::fmt::Display for RouteTemplate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let segments = self.0.iter().map(|segment| match segment {
            Segment::Literal(text) => text.clone(),
            Segment::Capture { name, optional, .. } => {
                format!("{{{name}{}}}", if *optional { "?" } else { "" })
            }
            Segment::CatchAll(name) => format!("{{*{name}}}"),
        });
        formatter.write_str(&segments.collect::<Vec<_>>().join("/"))
    }
}

impl Segment {
    fn may_be_inner(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Capture { optional: false, .. } => true,
            Self::Capture { optional: true, .. } | Self::CatchAll(_) => false,
        }
    }
}

fn segment(text: &str) -> Option<Segment> {
    let Some(inside) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return (!text.is_empty() && !text.contains(['{', '}'])).then(|| Segment::Literal(text.to_owned()));
    };
    if let Some(name) = inside.strip_prefix("**").or_else(|| inside.strip_prefix('*')) {
        return is_name(name).then(|| Segment::CatchAll(name.to_owned()));
    }
    let (inside, optional) = inside
        .strip_suffix('?')
        .map_or((inside, false), |inside| (inside, true));
    let (name, constraint) = inside.split_once(':').unwrap_or((inside, ""));
    let constraint = Constraint::parse(constraint)?;
    is_name(name).then(|| Segment::Capture {
        name: name.to_owned(),
        constraint,
        optional,
    })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

impl Constraint {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "" => Some(Self::None),
            "int" => Some(Self::Int),
            "alpha" => Some(Self::Alpha),
            "guid" => Some(Self::Guid),
            _ => None,
        }
    }

    fn holds(self, value: &str) -> bool {
        match self {
            Self::None => true,
            Self::Int => value.parse::<i32>().is_ok(),
            Self::Alpha => value.bytes().all(|byte| byte.is_ascii_alphabetic()),
            Self::Guid => uuid::Uuid::parse_str(value).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RouteTemplate;
    use proptest::prelude::*;

    #[test]
    fn a_template_captures_segments() {
        let check = |template: &str, path: &str, expected: Option<&[(&str, &str)]>| {
            let captures = RouteTemplate::parse(template).expect("template").captures(path);
            let expected: Option<Vec<(String, String)>> = expected.map(|pairs| {
                pairs
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect()
            });
            assert_eq!(captures, expected, "{template} over {path}");
        };
        let drafts = "drafts/{recipe}/{case}";
        check(
            drafts,
            "drafts/ehcp/c1",
            Some(&[("recipe", "ehcp"), ("case", "c1")]),
        );
        check(
            drafts,
            "/DRAFTS/ehcp/c%201/",
            Some(&[("recipe", "ehcp"), ("case", "c 1")]),
        );
        check(drafts, "drafts/ehcp", None);
        check(drafts, "drafts/ehcp/c1/x", None);
        check("{*path}", "a/b%20c/d", Some(&[("path", "a/b c/d")]));
        check("{*path}", "", Some(&[("path", "")]));
        check("a/{id:int?}", "a", Some(&[]));
        check("a/{id:int?}", "a/7", Some(&[("id", "7")]));
        check("a/{id:int?}", "a/b", None);
        check("", "", Some(&[]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for template in ["a{b}", "{*rest}/x", "{a?}/b", "{a:min(3)}", "{}", "a//b", "{a-b}"] {
            assert_eq!(RouteTemplate::parse(template), None, "{template}");
        }
    }

    proptest! {
        #[test]
        fn any_template_and_path_end_in_an_answer(template in ".{0,30}", path in ".{0,30}") {
            if let Some(route) = RouteTemplate::parse(&template) {
                let shown = route.to_string();
                prop_assert!(RouteTemplate::parse(&shown).is_some(), "{shown}");
                prop_assert!(route.captures(&path).is_none_or(|captures| captures.len() <= template.len()));
            }
        }
    }
}
