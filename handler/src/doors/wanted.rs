//! What of a case a caller wants, by the header `Accept` (RFC 9110, 12.5.1): its status, its draft or its report.

use axum::http::{HeaderMap, header};

use crate::paths::Artifact;

/// What a case can be given as, the one that is preferred among equals first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Where it stands, as JSON.
    Status,
    /// One of the results, where there is one.
    Result(Artifact),
}

impl Wanted {
    const ALL: [Self; 3] = [
        Self::Status,
        Self::Result(Artifact::Draft),
        Self::Result(Artifact::Report),
    ];

    fn media_type(self) -> &'static str {
        match self {
            Self::Status => "application/json",
            Self::Result(Artifact::Report) => "text/html",
            Self::Result(_) => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// What the caller prefers; `None` when they take nothing of it. Who says nothing gets the status.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT);
        let text: Vec<&str> = values.iter().filter_map(|value| value.to_str().ok()).collect();
        let ranges: Vec<Range> = text.join(",").split(',').filter_map(Range::parse).collect();
        if ranges.is_empty() {
            return Some(Self::Status);
        }
        let mut best: Option<(Self, u16)> = None;
        for wanted in Self::ALL {
            let quality = quality(&ranges, wanted.media_type());
            if quality > best.map_or(0, |(_, best)| best) {
                best = Some((wanted, quality));
            }
        }
        best.map(|(wanted, _)| wanted)
    }
}

/// One entry of the header.
struct Range {
    media: String,
    /// In thousandths.
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts
            .next()
            .filter(|media| media.contains('/'))?
            .to_ascii_lowercase();
        // A problem is a status, too.
        let media = media.replace("/problem+json", "/json");
        let given = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(Self {
            media,
            quality: given.map_or(1_000, thousandths),
        })
    }

    /// How exactly it names the media type, if it does.
    fn names(&self, media_type: &str) -> Option<u8> {
        if self.media == media_type {
            return Some(2);
        }
        let group = self.media.strip_suffix("/*")?;
        if group == "*" {
            return Some(0);
        }
        (media_type.split('/').next() == Some(group)).then_some(1)
    }
}

/// A weight of at most three decimals; what is none weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    match (whole, format!("{decimals:0<3}").parse::<u16>()) {
        ("1", Ok(0)) => 1_000,
        ("0", Ok(thousandths)) if decimals.len() <= 3 => thousandths,
        _ => 0,
    }
}

/// The quality that the most exact range gives the media type.
fn quality(ranges: &[Range], media_type: &str) -> u16 {
    let named = ranges
        .iter()
        .filter_map(|range| Some((range.names(media_type)?, range.quality)));
    named
        .max_by_key(|(exact, _)| *exact)
        .map_or(0, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_form_is_given() {
        const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let draft = Some(Wanted::Result(Artifact::Draft));
        let report = Some(Wanted::Result(Artifact::Report));
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";
        for (accept, expected) in [
            ("", Some(Wanted::Status)),
            ("*/*", Some(Wanted::Status)),
            ("application/json", Some(Wanted::Status)),
            ("application/problem+json", Some(Wanted::Status)),
            ("application/*", Some(Wanted::Status)),
            ("nonsense", Some(Wanted::Status)),
            (DOCX, draft),
            ("text/html", report),
            ("TEXT/*;q=0.1", report),
            (browser, report),
            ("application/json;q=0.4, text/html;q=0.3", Some(Wanted::Status)),
            ("application/json;q=0.3, text/html;q=0.31", report),
            ("text/html;q=0, */*", Some(Wanted::Status)),
            ("application/json;q=0, text/html;q=0, */*;q=0.2", draft),
            ("application/pdf", None),
            ("text/html;q=0", None),
            ("application/json;q=x", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            assert_eq!(Wanted::of(&headers), expected, "{accept}");
        }
        assert_eq!(Wanted::of(&HeaderMap::new()), Some(Wanted::Status));
    }
}
