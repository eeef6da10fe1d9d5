//! How good the sources are: advice that is missing, files that could not be read, that are undated, old or vague, and
//! what their reader noticed. It says what is there and sets no limit of its own.

use std::collections::BTreeMap;

use drafting::case::Source;
use drafting::draft::{Query, Support};
use drafting::id::SourceName;
use jiff::Unit;
use jiff::civil::Date;
use serde::Serialize;

use super::findings::Link;
use crate::index::Index;
use crate::words;

/// The quality of the sources.
#[derive(Serialize)]
pub(super) struct Quality<'a> {
    advice: Vec<AdviceView<'a>>,
    points: Vec<Point>,
}

/// A kind of advice that the recipe requires.
#[derive(Serialize)]
struct AdviceView<'a> {
    title: &'a str,
    law: &'a str,
    /// The files that give it and were drafted from, or could be.
    files: Vec<Link>,
}

/// One way in which sources are weak, with those that are.
#[derive(Serialize)]
struct Point {
    what: &'static str,
    items: Vec<Link>,
}

/// How old a source was on the day of drafting.
pub(super) enum Age {
    /// Without a date.
    Undated,
    /// After the day of drafting.
    Ahead,
    /// At most a year.
    Recent,
    /// More than a year, in whole months.
    Old(i32),
}

/// The age of a source of this date.
pub(super) fn age(date: Option<Date>, today: Date) -> Age {
    let Some(date) = date else { return Age::Undated };
    if date > today {
        return Age::Ahead;
    }
    // Whole months and the rest in days: a source of exactly a year ago is not older than a year.
    match date.until((Unit::Month, today)) {
        Ok(span) if span.get_months() > 12 || span.get_months() == 12 && span.get_days() > 0 => {
            Age::Old(span.get_months())
        }
        Ok(_) => Age::Recent,
        Err(_) => Age::Undated,
    }
}

impl Age {
    /// What is to be said of it, where anything is.
    pub(super) fn words(&self) -> Option<String> {
        match self {
            Self::Recent => None,
            Self::Undated => Some("No date found".to_owned()),
            Self::Ahead => Some("After the day of drafting".to_owned()),
            Self::Old(months) => Some(format!("More than a year old: {months} months")),
        }
    }
}

/// The quality of the sources of a run.
pub(super) fn quality<'a>(index: &Index<'a>) -> Quality<'a> {
    let advice = advice(index);
    let mut points = vec![Point {
        what: "Advice that the recipe requires and that is missing",
        items: advice
            .iter()
            .filter(|kind| kind.files.is_empty())
            .map(|kind| Link {
                target: None,
                text: format!("{} ({})", kind.title, kind.law),
            })
            .collect(),
    }];
    points.push(not_arrived(index));
    points.extend(weak_files(index));
    points.retain(|point| !point.items.is_empty());
    Quality { advice, points }
}

fn advice<'a>(index: &Index<'a>) -> Vec<AdviceView<'a>> {
    let sources = &index.generated.case.sources;
    let usable =
        |source: &&Source| source.content.is_ok() && !index.generated.kept_out.contains(&source.number);
    let gives = |source: &Source, id: &str| {
        let kind = source
            .advice
            .as_deref()
            .and_then(|advice| index.recipe.advice(advice));
        kind.is_some_and(|kind| kind.counts_as(id))
    };
    let required = index
        .recipe
        .advice
        .iter()
        .filter_map(|kind| Some((kind, kind.required.as_deref()?)));
    required
        .map(|(kind, law)| AdviceView {
            title: &kind.title,
            law,
            files: sources
                .iter()
                .filter(usable)
                .filter(|source| gives(source, &kind.id))
                .map(link)
                .collect(),
        })
        .collect()
}

fn link(source: &Source) -> Link {
    Link {
        target: Some(format!("source-{}", source.number)),
        text: source.name.to_string(),
    }
}

fn not_arrived(index: &Index<'_>) -> Point {
    let case = &index.generated.case;
    let arrived = |name: &SourceName| case.sources.iter().any(|source| source.name == *name);
    let missing = case
        .manifest
        .documents
        .iter()
        .filter(|document| !arrived(&document.file));
    Point {
        what: "Named in case.json and not arrived",
        items: missing
            .map(|document| Link {
                target: None,
                text: document.file.to_string(),
            })
            .collect(),
    }
}

/// The files that are weak in some way, with what there is to say of each.
fn weak_files(index: &Index<'_>) -> Vec<Point> {
    let sources = &index.generated.case.sources;
    let vague = vague(index);
    let used = super::coverage::supporting(index);
    let of = |what, says: &dyn Fn(&Source) -> Option<String>| Point {
        what,
        items: sources
            .iter()
            .filter_map(|source| {
                let text = format!("{}{}", source.name, says(source)?);
                Some(Link { text, ..link(source) })
            })
            .collect(),
    };
    let plain = |is: bool| is.then(String::new);
    let read = |source: &Source| source.content.is_ok();
    let age = |source: &Source| age(source.date, index.generated.case.today);
    vec![
        of("Could not be read", &|source| plain(!read(source))),
        of(
            "Read from a scan by text recognition: compare with the scan",
            &|source| {
                let recognition = source.content.as_ref().ok()?.recognition.as_ref()?;
                Some(format!(": {}", recognition.told()))
            },
        ),
        of("Kept out, as about somebody else", &|source| {
            plain(read(source) && index.generated.kept_out.contains(&source.number))
        }),
        of("Without a date", &|source| {
            plain(read(source) && matches!(age(source), Age::Undated))
        }),
        of(
            "More than a year old on the day of drafting",
            &|source| match age(source) {
                Age::Old(months) => Some(format!(" ({months} months)")),
                Age::Undated | Age::Ahead | Age::Recent => None,
            },
        ),
        of("Dated after the day of drafting", &|source| {
            plain(matches!(age(source), Age::Ahead))
        }),
        of("Vague: the draft asks for specifics", &|source| {
            let open = vague.get(&source.number).map_or(0, Vec::len);
            let open = (open > 0).then_some(open)?;
            Some(format!(" ({})", words::count(open, "query", "queries")))
        }),
        of(
            "Drafted from, and no sentence of it stands in the draft",
            &|source| plain(index.is_drafted_from(source) && !used.contains_key(&source.number)),
        ),
        of(
            "Its reader noticed hidden text, comments, tracked changes or what it could not read",
            &|source| {
                let notices = source.notices.len();
                (notices > 0).then(|| format!(" ({})", words::count(notices, "notice", "notices")))
            },
        ),
    ]
}

/// The places among the queries of those that ask for specifics which a source leaves out, by the source's number.
pub(super) fn vague(index: &Index<'_>) -> BTreeMap<u16, Vec<usize>> {
    let mut all: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (at, query) in index.generated.checked.draft().queries.iter().enumerate() {
        if let Some(source) = vague_source(index, query) {
            all.entry(source).or_default().push(at);
        }
    }
    all
}

/// The source whose words a query asks to make specific: that of the first claim, whose words the statement has.
fn vague_source(index: &Index<'_>, query: &Query) -> Option<u16> {
    let texts = &index.recipe.lexicon.queries;
    let asks = [&texts.specifics, &texts.vague]
        .iter()
        .any(|question| !question.reason.is_empty() && question.reason == query.reason);
    let support: &Support = &index.statement(query.statement.as_deref()?)?.support;
    let first = index.claims(support).next()?;
    asks.then_some(first.sentences.first()?.source)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ages() {
        let today = date(2026, 11, 2);
        for (of, expected) in [
            (None, Some("No date found")),
            (Some(date(2026, 11, 3)), Some("After the day of drafting")),
            (Some(today), None),
            (Some(date(2025, 11, 2)), None),
            (Some(date(2025, 11, 1)), Some("More than a year old: 12 months")),
            (Some(date(2024, 2, 29)), Some("More than a year old: 32 months")),
        ] {
            assert_eq!(age(of, today).words().as_deref(), expected, "{of:?}");
        }
    }
}
