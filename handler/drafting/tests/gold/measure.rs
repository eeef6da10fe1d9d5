//! How well a draft answers a gold annotation.
//!
//! A gold claim is covered when one statement of a field that takes its kind, in the section that the gold names,
//! holds at least 60 % of the content words of its quote, in its own text or in a sentence that its claims cite. Gold claims
//! that are not current, and measures that are only in place or wished for, are history or views and do not count.
//! A fact is found when a value of its field agrees with it as the recipe compares values, or is its beginning.
//! A statement answers the gold when it covers any claim of its section so, or six of ten of its own words stand in
//! one, or when it is a fact's value.

use std::collections::BTreeSet;

use drafting::case::Case;
use drafting::document::Document;
use drafting::draft::{Draft, FieldContent, Statement, Support};
use drafting::identity;
use drafting::recipe::{Form, Recipe};
use drafting::reconcile::Reconciled;
use serde_json::Value;

/// The share of a quote's words that a statement must hold.
const SHARE: f64 = 0.6;

#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub hit: usize,
    pub of: usize,
}

impl Score {
    pub fn share(self) -> f64 {
        if self.of == 0 {
            1.0
        } else {
            self.hit as f64 / self.of as f64
        }
    }

    fn add(&mut self, hit: bool) {
        self.hit += usize::from(hit);
        self.of += 1;
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:3.0}% ({}/{})", 100.0 * self.share(), self.hit, self.of)
    }
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    pub needs: Score,
    pub provisions: Score,
    pub outcomes: Score,
    /// Covered claims whose statement stands in the area that the gold names.
    pub areas: Score,
    pub facts: Score,
    pub precision: Score,
    /// Measures and outcomes that serve a need of their gold group.
    pub links: Score,
    /// Links from them that are right, of those to needs of which the gold knows the group.
    pub link_precision: Score,
    pub words: Score,
    pub missed: Vec<String>,
    pub wrong: Vec<String>,
    pub traps: Vec<String>,
}

impl Measured {
    /// What was missed, and which statements answer nothing.
    pub fn account(&self) -> String {
        let lines = |label: &str, lines: &[String]| {
            let lines: Vec<String> = lines.iter().map(|line| format!("{label}: {line}\n")).collect();
            lines.concat()
        };
        lines("missed", &self.missed) + &lines("answers nothing", &self.wrong)
    }

    /// Needs, provisions and outcomes together.
    pub fn recall(&self) -> Score {
        let parts = [self.needs, self.provisions, self.outcomes];
        Score {
            hit: parts.iter().map(|part| part.hit).sum(),
            of: parts.iter().map(|part| part.of).sum(),
        }
    }
}

/// A statement with what the measure looks at.
struct Placed<'d> {
    section: &'d str,
    key: &'d str,
    statement: &'d Statement,
    words: Vec<String>,
    evidence: BTreeSet<String>,
}

struct Measuring<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    gold: &'a Value,
    draft: &'a Draft,
    placed: Vec<Placed<'a>>,
}

pub fn measure(recipe: &Recipe, case: &Case, gold: &Value, all: &Reconciled, draft: &Draft) -> Measured {
    let placed = draft.statements().map(|(section, field, statement)| Placed {
        section: &section.id,
        key: &field.key,
        statement,
        words: words(&statement.text),
        evidence: evidence(case, all, statement),
    });
    let measuring = Measuring {
        recipe,
        case,
        gold,
        draft,
        placed: placed.collect(),
    };
    let mut measured = Measured::default();
    measuring.claims(&mut measured);
    measuring.facts(&mut measured);
    measuring.precision(&mut measured);
    measuring.links(&mut measured);
    measuring.traps(&mut measured);
    measured.words.hit = measuring
        .placed
        .iter()
        .map(|placed| placed.statement.text.split_whitespace().count())
        .sum();
    measured.words.of = case
        .sources
        .iter()
        .filter_map(|source| source.content.as_ref().ok())
        .map(Document::words)
        .sum();
    measured
}

fn evidence(case: &Case, all: &Reconciled, statement: &Statement) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = words(&statement.text).into_iter().collect();
    if let Support::Claims(ids) = &statement.support {
        for claim in all.claims.iter().filter(|claim| ids.contains(&claim.id)) {
            for id in &claim.sentences {
                let documents = case
                    .sources
                    .iter()
                    .filter_map(|source| source.content.as_ref().ok());
                found.extend(
                    documents
                        .filter_map(|d| d.sentence(*id))
                        .flat_map(|s| words(&s.text)),
                );
            }
        }
    }
    found
}

/// Words that carry no content.
const EMPTY: &str = " a an and are as at be been but by can did do does for from had has have he her him his i if in \
                     into is it its me my no not of on one or our out she so than that the their them then there these \
                     they this to too up us very was we were what when where which who will with would you your s ";

/// The content words of a text; all its words when it has no others.
pub fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let all: Vec<String> = words.map(str::to_lowercase).collect();
    let content: Vec<String> = all
        .iter()
        .filter(|word| !EMPTY.contains(&format!(" {word} ")))
        .cloned()
        .collect();
    if content.is_empty() { all } else { content }
}

fn share<'w>(of: &[String], within: impl Fn(&str) -> bool + 'w) -> f64 {
    if of.is_empty() {
        return 0.0;
    }
    of.iter().filter(|word| within(word)).count() as f64 / of.len() as f64
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

impl Measuring<'_> {
    fn list(&self, key: &str) -> impl Iterator<Item = &Value> {
        self.gold[key].as_array().into_iter().flatten()
    }

    /// Whether the gold's document was drafted from.
    fn is_readable(&self, claim: &Value) -> bool {
        let sources = self.case.sources.iter().filter(|source| source.content.is_ok());
        sources
            .map(|source| source.name.as_str())
            .any(|name| name == text(claim, "document"))
    }

    fn kinds(&self, key: &str) -> &[String] {
        match self.recipe.field(key).map(|field| &field.form) {
            Some(Form::Passage(select) | Form::List(select)) => &select.kinds,
            _ => &[],
        }
    }

    fn area(&self, key: &str) -> Option<&str> {
        match self.recipe.field(key).map(|field| &field.form) {
            Some(Form::Passage(select) | Form::List(select)) => select.area.as_deref(),
            _ => None,
        }
    }

    /// The statements that cover a claim, the one that holds most of it first.
    fn covering<'s>(&'s self, claim: &'s Value) -> Vec<&'s Placed<'s>> {
        let quote = words(text(claim, "quote"));
        let held = |placed: &Placed| share(&quote, |word| placed.evidence.contains(word));
        let mut covering: Vec<&Placed> = self
            .placed
            .iter()
            .filter(|placed| {
                placed.section == text(claim, "section")
                    && self
                        .kinds(placed.key)
                        .iter()
                        .any(|kind| kind == text(claim, "kind"))
                    && held(placed) >= SHARE
            })
            .collect();
        covering.sort_by(|a, b| held(b).total_cmp(&held(a)));
        covering
    }

    fn claims(&self, measured: &mut Measured) {
        for claim in self
            .list("claims")
            .filter(|claim| self.is_readable(claim) && claim["current"] == true)
        {
            let score = match text(claim, "kind") {
                "need" => &mut measured.needs,
                "provision" if text(claim, "status") == "advised" => &mut measured.provisions,
                "outcome" => &mut measured.outcomes,
                _ => continue,
            };
            let covering = self.covering(claim);
            score.add(!covering.is_empty());
            if covering.is_empty() {
                let parts = ["id", "kind", "section", "area", "quote"].map(|key| text(claim, key));
                measured.missed.push(parts.join(" | "));
            } else if text(claim, "area") != "none" {
                measured.areas.add(
                    covering
                        .iter()
                        .any(|placed| self.area(placed.key) == Some(text(claim, "area"))),
                );
            }
        }
    }

    fn facts(&self, measured: &mut Measured) {
        let facts = self.list("facts").filter(|fact| self.is_readable(fact));
        for fact in facts.filter(|fact| self.recipe.field(text(fact, "field")).is_some()) {
            let found = self
                .placed
                .iter()
                .any(|placed| placed.key == text(fact, "field") && self.is_value(placed, fact));
            measured.facts.add(found);
            if !found {
                measured.missed.push(format!(
                    "fact | {} | {}",
                    text(fact, "field"),
                    text(fact, "value")
                ));
            }
        }
    }

    fn is_value(&self, placed: &Placed, fact: &Value) -> bool {
        let kind = self.recipe.field(placed.key).unwrap().value_kind();
        let aliases = BTreeSet::new();
        let parts = text(fact, "value").split(';').map(str::trim);
        parts.into_iter().any(|value| {
            let (a, b) = (words(&placed.statement.text), words(value));
            identity::agrees(kind, &placed.statement.text, value, &aliases)
                || a.starts_with(&b)
                || b.starts_with(&a)
                || kinship(&placed.statement.text).is_some_and(|kin| kinship(value) == Some(kin))
        })
    }

    fn precision(&self, measured: &mut Measured) {
        for placed in &self.placed {
            let claim = self.list("claims").any(|claim| {
                let quote = words(text(claim, "quote"));
                let set: BTreeSet<&str> = quote.iter().map(String::as_str).collect();
                text(claim, "section") == placed.section
                    && (share(&quote, |word| placed.evidence.contains(word)) >= SHARE
                        || share(&placed.words, |word| set.contains(word)) >= SHARE)
            });
            let fact = self
                .list("facts")
                .any(|fact| text(fact, "field") == placed.key && self.is_value(placed, fact));
            measured.precision.add(claim || fact);
            if !claim && !fact {
                measured.wrong.push(format!(
                    "{} {} | {}",
                    placed.statement.id, placed.key, placed.statement.text
                ));
            }
        }
    }

    /// Of the advised measures that the gold links and the draft shows: those whose statement serves a need that
    /// answers one of their gold needs, or another need of the same gold group.
    fn links(&self, measured: &mut Measured) {
        let links = self.list("claims").filter(|claim| match text(claim, "kind") {
            "provision" => text(claim, "status") == "advised",
            kind => kind == "outcome",
        });
        for measure in links.filter(|claim| self.is_readable(claim)) {
            let wanted = self.group(measure);
            let covering = self.covering(measure);
            let Some(placed) = covering.first().filter(|_| !wanted.is_empty()) else {
                continue;
            };
            let served = self
                .placed
                .iter()
                .filter(|need| placed.statement.serves.contains(&need.statement.id));
            let served: Vec<_> = served.collect();
            let right = wanted.iter().any(|claim| {
                let quote = words(text(claim, "quote"));
                served
                    .iter()
                    .any(|need| share(&quote, |word| need.evidence.contains(word)) >= SHARE)
            });
            measured.links.add(right);
            for need in served {
                let answers = |claim: &&Value| {
                    let quote = words(text(claim, "quote"));
                    share(&quote, |word| need.evidence.contains(word)) >= SHARE
                };
                if self
                    .list("claims")
                    .filter(|claim| text(claim, "kind") == "need")
                    .any(|claim| answers(&claim))
                {
                    measured.link_precision.add(wanted.iter().any(answers));
                }
            }
        }
    }

    fn group(&self, measure: &Value) -> Vec<&Value> {
        let id = text(measure, "id");
        let mut ids: BTreeSet<&str> = measure["supports"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        for group in self.list("need_groups") {
            let holds = |key: &str| group[key].as_array().into_iter().flatten().any(|own| own == id);
            if holds("provisions") || holds("outcomes") {
                ids.extend(
                    group["claims"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str),
                );
            }
        }
        self.list("claims")
            .filter(|claim| ids.contains(text(claim, "id")))
            .collect()
    }

    /// Traps that a drafter without a model can avoid, and which of them the draft fell into.
    fn traps(&self, measured: &mut Measured) {
        for trap in self.list("traps").filter(|trap| self.is_readable(trap)) {
            let quote = words(text(trap, "quote"));
            let holding = |sections: &[&str]| {
                self.placed.iter().find(|placed| {
                    (sections.is_empty() || sections.contains(&placed.section))
                        && matches!(placed.statement.support, Support::Claims(_))
                        && share(&quote, |word| placed.words.iter().any(|own| own == word)) >= 0.85
                })
            };
            let fallen = match text(trap, "kind") {
                "hidden_instruction" | "drug_name" | "third_party_data" | "superseding_statement" => {
                    holding(&[])
                }
                "superseded_recommendation"
                | "historic_provision"
                | "wish_is_not_provision"
                | "current_is_not_advised"
                | "insecure_provision" => holding(&["F", "G", "H1", "H2"]),
                "backhanded_praise" => holding(&["A", "B", "C", "D"]),
                "practitioner_name" => holding(&["B", "C", "D", "E", "F", "G", "H1", "H2"]),
                "conflicting_fact" => self.chosen(trap),
                _ => None,
            };
            if let Some(placed) = fallen {
                let parts = [
                    text(trap, "kind"),
                    text(trap, "quote"),
                    &placed.statement.id,
                    &placed.statement.text,
                ];
                measured.traps.push(parts.join(" | "));
            }
        }
    }

    /// The statement that shows one value of a fact on which sources differ as if it were settled.
    fn chosen(&self, trap: &Value) -> Option<&Placed<'_>> {
        let fields = self.draft.sections.iter().flat_map(|section| &section.fields);
        let mut settled = fields.filter_map(|field| match &field.content {
            FieldContent::Value(statement) => Some(&statement.id),
            _ => None,
        });
        let quote = words(text(trap, "quote"));
        let placed = |id: &String| self.placed.iter().find(|placed| placed.statement.id == *id);
        settled.find_map(|id| {
            placed(id).filter(|placed| {
                placed.words.len() > 1
                    && share(&placed.words, |word| quote.iter().any(|own| own == word)) >= 1.0
            })
        })
    }
}

/// Words of kinship mean the same in a form and in a gold value.
fn kinship(text: &str) -> Option<&'static str> {
    match words(text).last().map(String::as_str) {
        Some("mother" | "mum" | "mam" | "mummy") => Some("mother"),
        Some("father" | "dad" | "daddy") => Some("father"),
        _ => None,
    }
}
