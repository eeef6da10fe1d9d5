//! Saying a claim in other words: the name for a pronoun, plain words for stiff ones, a report for a first person.

use super::prompt::{Claim, Request};

/// Whom the document is about.
pub(super) struct Person {
    /// The name they like.
    pub name: String,
    /// What the name stands for at the start of a statement.
    pronouns: [&'static str; 2],
}

/// Words that may stand for one another wherever they stand.
const SAME: [(&str, &str); 12] = [
    (" therefore ", " so "),
    (" in order to ", " to "),
    (" approximately ", " about "),
    (" additional ", " extra "),
    (" assist ", " help "),
    (" requires ", " needs "),
    (" as a result of ", " because of "),
    (" is able to ", " can "),
    (" is unable to ", " cannot "),
    (" prior to ", " before "),
    (" commence ", " begin "),
    (" difficult for him ", " hard for him "),
];

/// The first person of a parent, reported.
const REPORTED: [(&str, &str); 16] = [
    ("I'm", "they are"),
    ("I am", "they are"),
    ("I was", "they were"),
    ("I've", "they have"),
    ("I have", "they have"),
    ("I'd", "they would"),
    ("I", "they"),
    ("me", "them"),
    ("my", "their"),
    ("we", "they"),
    ("us", "them"),
    ("our", "their"),
    ("We", "they"),
    ("My", "their"),
    ("Our", "their"),
    ("you", "the reader"),
];

impl Person {
    /// As the material of a request says.
    pub fn of(request: &Request) -> Self {
        let lines: Vec<(&str, &str)> = request
            .between("about")
            .filter_map(|line| line.split_once(": "))
            .collect();
        let said = |wanted: &[&str]| {
            let mut own = lines.iter().filter(|(label, _)| {
                let label = label.to_lowercase();
                wanted.iter().any(|word| label.starts_with(word))
            });
            own.next().map(|(_, value)| (*value).to_owned())
        };
        let name =
            said(&["called", "preferred", "likes to be"]).or_else(|| said(&["name", "full name", "child"]));
        let name = name
            .as_deref()
            .and_then(|name| name.split(' ').next())
            .unwrap_or("The child")
            .to_owned();
        let she = said(&["pronouns"]).is_some_and(|pronouns| pronouns.starts_with("she"))
            || (request.user.matches(" she ").count() > request.user.matches(" he ").count());
        let pronouns = if she { ["She ", "Her "] } else { ["He ", "His "] };
        Self { name, pronouns }
    }

    /// The text with the name for a pronoun at its start.
    pub fn named(&self, text: &str) -> String {
        let [subject, own] = self.pronouns;
        if let Some(rest) = text.strip_prefix(subject) {
            format!("{} {rest}", self.name)
        } else if let Some(rest) = text.strip_prefix(own) {
            format!("{}'s {rest}", self.name)
        } else {
            text.to_owned()
        }
    }
}

/// A claim in other words.
pub(super) fn claim(person: &Person, claim: &Claim) -> String {
    let text = cells(&claim.text);
    let is_child = claim.marks.contains("said by the child");
    let is_family = claim.marks.contains("said by the family") || is_family(&claim.author);
    let first_person = text
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| ["I", "my", "My", "me", "we", "We", "our"].contains(&word));
    let quoted = text.contains(['"', '\u{201c}']);
    let text = match (is_child, is_family) {
        (true, _) if quoted => text,
        (true, _) if first_person => format!("{} says: \"{text}\"", person.name),
        (true, _) => person.named(&text),
        (_, true) if first_person && !quoted && claim.id.is_multiple_of(2) => {
            format!("{}'s family say: \"{text}\"", person.name)
        }
        (_, true) if first_person => format!("{}'s parents say that {}", person.name, reported(&text)),
        (_, true) => format!("{}'s parents say: {}", person.name, person.named(&text)),
        _ if claim.kind == "provision" => provision(person, &text),
        _ => plainer(&person.named(&text)),
    };
    ended(&text)
}

fn is_family(author: &str) -> bool {
    let author = author.to_lowercase();
    ["parent", "mother", "father", "carer", "family"]
        .iter()
        .any(|word| author.contains(word))
}

/// A row of a table as a sentence: its cells without their heads.
fn cells(text: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        parts.push(before.trim());
        match after.split_once("] ") {
            Some((_, inside)) => rest = inside,
            None => return text.to_owned(),
        }
    }
    parts.push(rest.trim());
    parts.retain(|part| !part.is_empty());
    parts.join("; ")
}

/// Help that a list names without a verb, as help that is had.
fn provision(person: &Person, text: &str) -> String {
    let verbs = [
        "should",
        "will",
        "must",
        "needs",
        "need",
        "is",
        "are",
        "be",
        "recommend",
        "advise",
        "has",
        "may",
        "would",
        "to",
    ];
    let has_verb = text
        .split(|c: char| !c.is_alphanumeric())
        .take(14)
        .any(|word| verbs.contains(&word));
    if has_verb {
        return plainer(&person.named(text));
    }
    plainer(&format!("{} will have {}", person.name, lowered(text)))
}

/// With a small first letter, unless the first word is all capitals or a name of the case.
fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text.to_owned(),
    }
}

fn plainer(text: &str) -> String {
    // Words in quotation marks are somebody's own.
    if text.contains(['"', '\u{201c}']) {
        return text.to_owned();
    }
    SAME.iter()
        .fold(text.to_owned(), |text, (stiff, plain)| text.replace(stiff, plain))
}

/// A parent's words as a report, outside quotation marks.
fn reported(text: &str) -> String {
    let parts: Vec<String> = text
        .split('"')
        .zip([false, true].into_iter().cycle())
        .map(|(part, inside)| {
            if inside {
                part.to_owned()
            } else {
                without_first_person(part)
            }
        })
        .collect();
    parts.join("\"")
}

fn without_first_person(text: &str) -> String {
    REPORTED
        .iter()
        .fold(format!(" {text} "), |text, (first, third)| {
            [" ", ",", "."].iter().fold(text, |text, end| {
                text.replace(&format!(" {first}{end}"), &format!(" {third}{end}"))
            })
        })
        .trim()
        .to_owned()
}

fn ended(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '"', '\u{201d}']) {
        text.to_owned()
    } else {
        format!("{}.", text.trim_end_matches([';', ',', ':']))
    }
}
