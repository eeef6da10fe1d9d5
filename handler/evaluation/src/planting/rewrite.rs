//! Correct statements made from gold claims: as they stand, and rewritten without a change of sense.

use serde::Deserialize;

use super::items::{Item, Quote};

/// What is read of a gold annotation.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Gold {
    /// What the sources say.
    #[serde(default)]
    pub claims: Vec<Claim>,
}

/// A claim of a gold annotation.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// `need`, `provision`, ...
    pub kind: String,
    /// The area, `none` where there is none.
    pub area: String,
    /// The section.
    pub section: String,
    /// `child`, `parent`, `professional`.
    pub speaker: String,
    /// The file.
    pub document: String,
    /// The page.
    pub page: Option<u32>,
    /// The words.
    pub quote: String,
    /// Whether it holds now.
    pub current: bool,
    /// For provisions: `in_place`, `advised`, `ended`, `superseded`, `wished`.
    pub status: Option<String>,
}

impl Claim {
    /// Whether it is a measure that is made already, which a plan does not draw on.
    #[must_use]
    pub fn is_made_now(&self) -> bool {
        self.status.as_deref() == Some("in_place") && matches!(self.section.as_str(), "F" | "G" | "H1" | "H2")
    }
}

/// The draft made by hand from a gold annotation.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct GoldDraft {
    /// Fields with their claims.
    pub fields: std::collections::BTreeMap<String, DraftField>,
}

/// A field of it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct DraftField {
    /// What stands in it.
    pub value: String,
    /// The ids of its claims.
    pub claims: Vec<String>,
}

/// Wording, its meaning kept. Each is put into a statement where its left side stands.
const REWORDINGS: &[(&str, &str)] = &[
    ("twice weekly", "two times a week"),
    ("Twice weekly", "Two times a week"),
    ("three times weekly", "3 times per week"),
    ("Three times weekly", "3 times per week"),
    (" four times weekly", " 4x per week"),
    (" three times each week", " three times a week"),
    (" twice each week", " 2 x per week"),
    (" each week", " every week"),
    (" in each week", " a week"),
    (" daily", " every day"),
    (" weekly", " once a week"),
    (" each half-term", " once every half-term"),
    (" each term", " termly"),
    (" every four months", " once every 4 months"),
    ("1:1", "one-to-one"),
    ("1:2", "one-to-two"),
    ("20 minutes", "twenty minutes"),
    ("30 minutes", "half an hour"),
    ("60 minutes", "one hour"),
    ("90 minutes", "an hour and a half"),
    ("two hours", "2 hours"),
    ("fifteen minutes", "15 minutes"),
    ("twelve months", "12 months"),
    ("eight out of ten", "8 out of 10"),
    ("four out of five", "4 out of 5"),
    (" per cent", "%"),
    ("does not ", "doesn't "),
    ("cannot ", "can't "),
    (" difficulty in understanding", " difficulty understanding"),
    (" has difficulty in ", " finds it hard to manage "),
    (" July 2027", " the end of July 2027"),
    (" in order ", " in the right order "),
    ("For example, ", ""),
    ("As a result, ", ""),
];

/// The plan's own marks are taken out of a quote.
#[must_use]
pub fn plain(quote: &str) -> String {
    let bare: String = quote
        .chars()
        .map(|c| {
            if matches!(c, '*' | '#' | '\u{2022}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let cells: Vec<String> = bare
        .split('|')
        .map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let joined = cells
        .into_iter()
        .filter(|cell| !cell.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    joined.replace(" .", ".").replace(" ,", ",").replace(" ;", ";")
}

/// An item for one claim.
#[must_use]
pub fn item(claim: &Claim, statement: String) -> Item {
    Item {
        id: serde_json::Value::String(claim.id.clone()),
        statement: Some(statement),
        section: Some(claim.section.clone()),
        area: (claim.area != "none").then(|| claim.area.clone()),
        cited: Some(vec![quote(claim)]),
    }
}

/// The quote of a claim.
#[must_use]
pub fn quote(claim: &Claim) -> Quote {
    Quote {
        document: Some(claim.document.clone()),
        page: claim.page,
        quote: Some(claim.quote.clone()),
    }
}

/// Rewrites a statement; `None` where nothing in it can be.
#[must_use]
pub fn reworded(statement: &str, name: &str) -> Option<String> {
    let mut text = statement.to_owned();
    for (from, to) in REWORDINGS {
        text = text.replace(from, to);
    }
    for pronoun in ["He ", "She "] {
        if let Some(rest) = text.strip_prefix(pronoun) {
            text = format!("{name} {rest}");
        }
    }
    if let Some(shorter) = without_aside(&text) {
        text = shorter;
    }
    (text != statement).then_some(text)
}

/// A statement without its first aside in brackets, unless that holds a number.
fn without_aside(text: &str) -> Option<String> {
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "six", "seven", "eight", "eighteen", "fifty",
    ];
    let (head, tail) = text.split_once(" (")?;
    let (aside, rest) = tail.split_once(')')?;
    let counts =
        aside.contains(|c: char| c.is_ascii_digit()) || aside.split(' ').any(|word| NUMBERS.contains(&word));
    (!counts).then(|| format!("{head}{rest}"))
}

/// Correct items of a gold annotation: verbatim, rewritten, two joined into one.
#[must_use]
pub fn correct(gold: &Gold, name: &str, usable: impl Fn(&Item) -> bool) -> Vec<Item> {
    let current: Vec<&Claim> = gold
        .claims
        .iter()
        .filter(|claim| claim.current && !claim.is_made_now() && claim.quote.split_whitespace().count() > 3)
        .filter(|claim| usable(&item(claim, String::new())))
        .collect();
    let mut all = Vec::new();
    for claim in &current {
        let verbatim = plain(&claim.quote);
        if let Some(text) = reworded(&verbatim, name) {
            all.push(item(claim, text));
        }
        all.push(item(claim, verbatim));
    }
    for pair in current.windows(2) {
        let [first, second] = pair else { continue };
        if first.section == second.section
            && first.area == second.area
            && first.kind == second.kind
            && first.speaker == second.speaker
        {
            let text = format!("{} {}", ended(&plain(&first.quote)), plain(&second.quote));
            let mut joined = item(first, text);
            joined.cited = Some(vec![quote(first), quote(second)]);
            all.push(joined);
        }
    }
    all
}

/// The statements of a draft made by hand, each with the quotes of its claims.
#[must_use]
pub fn drafted(
    gold: &Gold,
    draft: &GoldDraft,
    place: impl Fn(&str) -> Option<(String, Option<String>)>,
) -> Vec<Item> {
    let mut all = Vec::new();
    for (key, field) in &draft.fields {
        let claims: Vec<&Claim> = gold
            .claims
            .iter()
            .filter(|claim| field.claims.contains(&claim.id))
            .collect();
        let Some((section, area)) = place(key) else {
            continue;
        };
        if field.value.split_whitespace().count() < 4 || claims.is_empty() {
            continue;
        }
        all.push(Item {
            id: serde_json::Value::String(key.clone()),
            statement: Some(field.value.clone()),
            section: Some(section),
            area,
            cited: Some(claims.into_iter().map(quote).collect()),
        });
    }
    all
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '"', '\u{201d}']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
