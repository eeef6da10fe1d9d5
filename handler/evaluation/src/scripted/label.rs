//! Sorting numbered sentences as the annotation has them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::prompt::{Request, SourceBlock};
use super::words::{position, share, tokens};
use super::{Known, Script};

/// Words that tell what a sentence seems to say.
const GUESSES: [(&str, &[&str]); 2] = [
    (
        "need",
        &["difficulty", "difficulties", "cannot", "finds", "struggles"],
    ),
    ("provision", &["will", "should"]),
];
/// Where what is guessed is put.
const GUESSED_AREA: &str = "communication_interaction";

/// A claim of the annotation and the lines that say it.
struct Found<'a> {
    known: &'a Known,
    lines: Vec<u32>,
}

impl Found<'_> {
    fn first(&self) -> String {
        self.lines.first().map_or_else(String::new, u32::to_string)
    }

    fn is(&self, id: &str) -> bool {
        self.known.claim.is(id)
    }
}

/// The labels of all sources of a request.
pub(super) fn answer(script: &Script, request: &Request) -> Value {
    let kinds = request
        .schema
        .pointer("/properties/groups/items/properties/kind/enum");
    let kinds: Vec<&str> = kinds
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut labels = Labels::default();
    for block in request.sources() {
        let mut found = found(script, &block);
        found.retain(|one| kinds.contains(&one.known.claim.kind.as_str()));
        if found.is_empty() {
            labels.guess(&block, &kinds);
        }
        labels.sort(script, &found, is_family(&block));
        labels.instructions.extend(instructions(script, &block));
    }
    labels.json()
}

fn is_family(block: &SourceBlock) -> bool {
    block.attributes.to_lowercase().contains("parent")
}

/// The claims of the one document of the annotation that has most of its words in the source.
fn found<'a>(script: &'a Script, block: &SourceBlock) -> Vec<Found<'a>> {
    let lines = Lines::of(block);
    let mut by_document: BTreeMap<&str, Vec<Found>> = BTreeMap::new();
    for known in &script.claims {
        let lines = lines.saying(&known.words);
        if !lines.is_empty() {
            let document = known.claim.document.as_deref().unwrap_or("");
            by_document
                .entry(document)
                .or_default()
                .push(Found { known, lines });
        }
    }
    let most = by_document.into_iter().max_by_key(|(_, found)| found.len());
    most.map(|(_, found)| found).unwrap_or_default()
}

/// The words of a source, line for line and one after the other.
struct Lines {
    lines: Vec<(u32, Vec<String>)>,
    stream: Vec<(String, u32)>,
}

impl Lines {
    fn of(block: &SourceBlock) -> Self {
        let lines: Vec<(u32, Vec<String>)> = block
            .lines
            .iter()
            .map(|(number, text)| (*number, tokens(text)))
            .collect();
        let words = lines
            .iter()
            .flat_map(|(number, words)| words.iter().map(|word| (word.clone(), *number)));
        Self {
            stream: words.collect(),
            lines,
        }
    }

    /// The numbers of the lines that say some words: where they stand one after the other, else the lines that are made
    /// of them.
    fn saying(&self, wanted: &[String]) -> Vec<u32> {
        let numbers: BTreeSet<u32> = if let Some(at) = position(&self.stream, wanted) {
            let words = self.stream.iter().skip(at).take(wanted.len());
            words.map(|(_, number)| *number).collect()
        } else {
            let parts = self.lines.iter().filter(|(_, words)| is_part(words, wanted));
            parts.map(|(number, _)| *number).collect()
        };
        numbers.into_iter().collect()
    }
}

fn is_part(line: &[String], wanted: &[String]) -> bool {
    line.len() >= 4 && (share(line, wanted) >= 0.9 || (wanted.len() >= 4 && share(wanted, line) >= 0.9))
}

fn instructions(script: &Script, block: &SourceBlock) -> Vec<String> {
    let lines = Lines::of(block);
    let hidden = script
        .traps
        .iter()
        .filter(|trap| trap.kind.contains("instruction"));
    hidden
        .flat_map(|trap| lines.saying(&tokens(&trap.quote)))
        .map(|number| number.to_string())
        .collect()
}

/// The answer as it grows.
#[derive(Default)]
struct Labels {
    groups: BTreeMap<(String, Option<String>), BTreeSet<Item>>,
    exceptions: BTreeMap<(&'static str, &'static str), BTreeSet<String>>,
    negated: BTreeSet<String>,
    links: Vec<(String, BTreeSet<String>)>,
    instructions: Vec<String>,
}

/// Lines of one claim; in the order of the first.
type Item = Vec<u32>;

impl Labels {
    fn sort(&mut self, script: &Script, found: &[Found], family: bool) {
        for one in found {
            let claim = &one.known.claim;
            let key = (claim.kind.clone(), claim.area().map(str::to_owned));
            self.groups.entry(key).or_default().insert(one.lines.clone());
            self.except(one, family);
            let to = served(script, one, found);
            if !to.is_empty() {
                self.links.push((one.first(), to));
            }
        }
    }

    /// What a text that the annotation does not know seems to say.
    fn guess(&mut self, block: &SourceBlock, kinds: &[&str]) {
        for (number, text) in &block.lines {
            let words = tokens(text);
            let kind = GUESSES
                .iter()
                .find(|(_, cues)| words.iter().any(|word| cues.contains(&word.as_str())));
            if let Some((kind, _)) = kind.filter(|(kind, _)| kinds.contains(kind)) {
                let key = ((*kind).to_owned(), Some(GUESSED_AREA.to_owned()));
                self.groups.entry(key).or_default().insert(vec![*number]);
            }
        }
    }

    fn except(&mut self, one: &Found, family: bool) {
        let claim = &one.known.claim;
        let words = tokens(&claim.quote);
        let holds = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
        let mut add = |list, value| {
            self.exceptions
                .entry((list, value))
                .or_default()
                .insert(one.first());
        };
        match (one.known.speaker.as_deref(), family) {
            (Some("child"), _) => add("speaker", "subject"),
            (Some("parent"), false) => add("speaker", "family"),
            (Some("professional"), true) => add("speaker", "professional"),
            _ => {}
        }
        match claim.status.as_deref() {
            Some("in_place") => add("standing", "in_place"),
            Some("ended") => add("standing", "ended"),
            Some("wished") => add("standing", "wished"),
            Some("superseded") => add("time", "superseded"),
            _ if claim.current == Some(false) => add("time", "past"),
            _ => {}
        }
        let thread = matches!(claim.kind.as_str(), "provision" | "outcome");
        if thread && holds(&["may", "might", "could", "consider"]) {
            add("strength", "tentative");
        } else if thread
            && holds(&[
                "should",
                "recommend",
                "recommended",
                "recommends",
                "advise",
                "advised",
            ])
        {
            add("strength", "recommended");
        }
        if claim.kind == "diagnosis" && holds(&["not", "no"]) {
            self.negated.insert(one.first());
        }
    }

    fn json(&self) -> Value {
        let groups = self.groups.iter().map(|((kind, area), items)| {
            let items: Vec<String> = items.iter().map(|lines| written(lines)).collect();
            json!({"kind": kind, "area": area, "items": items})
        });
        let list = |name: &str| -> Vec<Value> {
            let own = self.exceptions.iter().filter(|((list, _), _)| *list == name);
            own.map(|((_, value), items)| json!({name: value, "items": items}))
                .collect()
        };
        let links = self
            .links
            .iter()
            .map(|(from, to)| json!({"from": from, "to": to}));
        json!({
            "groups": groups.collect::<Vec<_>>(),
            "speaker": list("speaker"), "about": list("about"), "strength": list("strength"),
            "negated": self.negated, "time": list("time"), "standing": list("standing"),
            "links": links.collect::<Vec<_>>(), "instructions": self.instructions,
        })
    }
}

/// The first lines of the needs of this source that a provision or an outcome serves, or that are one with them.
fn served(script: &Script, one: &Found, found: &[Found]) -> BTreeSet<String> {
    let claim = &one.known.claim;
    if !matches!(claim.kind.as_str(), "provision" | "outcome") {
        return BTreeSet::new();
    }
    let mut wanted: BTreeSet<&str> = claim.supports().iter().map(String::as_str).collect();
    let groups = script.groups.iter().filter(|group| {
        group
            .provisions
            .iter()
            .chain(&group.outcomes)
            .any(|id| one.is(id))
            || group.claims.iter().any(|id| claim.supports().contains(id))
    });
    wanted.extend(groups.flat_map(|group| group.claims.iter().map(String::as_str)));
    let needs = found.iter().filter(|other| other.known.claim.kind == "need");
    needs
        .filter(|other| wanted.iter().any(|id| other.is(id)))
        .map(Found::first)
        .collect()
}

/// "17", "17-19", "17,20".
fn written(lines: &[u32]) -> String {
    let mut parts: Vec<(u32, u32)> = Vec::new();
    for line in lines {
        match parts.last_mut() {
            Some((_, to)) if *to + 1 == *line => *to = *line,
            _ => parts.push((*line, *line)),
        }
    }
    let parts = parts.iter().map(|(from, to)| {
        if from == to {
            from.to_string()
        } else {
            format!("{from}-{to}")
        }
    });
    parts.collect::<Vec<_>>().join(",")
}
