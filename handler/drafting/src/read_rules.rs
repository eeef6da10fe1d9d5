//! The recipe's rules that need reading: one question to a judge about the finished draft, for all of them together.
//!
//! An objection quotes the words it is about, and code looks them up: an answer whose words do not stand in the statement
//! that it names, or that is missing, is no answer. What cannot be read is asked once more, and then the rule was not
//! assessed: a finding of its own weight, never a pass. Without a judge the rules were simply not assessed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::draft::{Draft, Statement, Support};
use crate::prompt::{Prompt, Purpose, Tier, fenced};
use crate::recipe::Recipe;
use crate::recipe::demands::{Demand, Test};

/// What a judge says of one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// No statement breaks it.
    Pass,
    /// These do.
    Found(Vec<Objection>),
    /// No answer could be had: never a pass.
    Unreadable {
        /// Why not, in words for the case officer.
        reason: String,
    },
}

/// A statement that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The statement, by its id.
    pub statement: String,
    /// Its words that break the rule, as they stand in it.
    pub words: String,
    /// What is wrong.
    pub problem: String,
}

/// What a judge says, by the id of the rule.
pub type Readings = BTreeMap<String, Reading>;

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Ask a model, and tell [`ReadRules::answer`].
    Ask(Prompt),
    /// Nothing more.
    Done(Readings),
}

/// The most issues of one answer that are read. A judge who objects to everything is no judge.
const MOST_ISSUES: usize = 12;
/// The longest problem that is passed on, in characters.
const LONGEST: usize = 200;

const UNREAD: &str = "the judge gave no answer that could be read, twice";

/// The reading of one draft.
pub struct ReadRules<'a> {
    recipe: &'a Recipe,
    /// The rules that are still to be answered, with the places of the statements that each looks at.
    open: Vec<(&'a Demand, Vec<usize>)>,
    statements: Vec<(&'a str, &'a Statement)>,
    readings: Readings,
    again: bool,
}

#[derive(Deserialize)]
struct Answers {
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    rule: usize,
    pass: bool,
    issues: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    statement: usize,
    words: String,
    problem: String,
}

impl<'a> ReadRules<'a> {
    /// Begins; the step is what to ask first. Rules that are off, and those whose places hold nothing, are not asked about;
    /// what the officer entered is the officer's.
    #[must_use]
    pub fn begin(recipe: &'a Recipe, draft: &'a Draft) -> (Self, Step) {
        let mut statements: Vec<(&str, &Statement)> = Vec::new();
        let mut places: Vec<(&str, &str)> = Vec::new();
        for (section, field, statement) in draft.statements() {
            let written = recipe
                .field(&field.key)
                .is_some_and(|field| !field.form.is_fact());
            if written && statement.support != Support::Officer {
                statements.push((&field.key, statement));
                places.push((&section.id, &field.key));
            }
        }
        let read = recipe.demands.rules.iter().filter(|demand| {
            matches!(demand.test, Test::Read(_)) && recipe.severity(&demand.id, demand.severity).is_some()
        });
        let mut readings = Readings::new();
        let mut open = Vec::new();
        for demand in read {
            let all = places.iter().enumerate();
            let own: Vec<usize> = all
                .filter(|(_, (section, key))| demand.place.holds(section, key))
                .map(|(at, _)| at)
                .collect();
            if own.is_empty() {
                readings.insert(demand.id.clone(), Reading::Pass);
            } else {
                open.push((demand, own));
            }
        }
        let work = Self {
            recipe,
            open,
            statements,
            readings,
            again: false,
        };
        let step = work.step();
        (work, step)
    }

    fn step(&self) -> Step {
        if self.open.is_empty() {
            Step::Done(self.readings.clone())
        } else {
            Step::Ask(self.prompt())
        }
    }

    /// Takes the answer to what was asked last; `Err` holds the reason why there is none, in words for the case officer.
    pub fn answer(&mut self, answer: Result<Value, String>) -> Step {
        let answers = match answer {
            Ok(value) => Answers::deserialize(&value).map_or_else(|_| Vec::new(), |all| all.answers),
            Err(reason) => {
                self.give_up(&reason);
                return self.step();
            }
        };
        for (at, (demand, places)) in std::mem::take(&mut self.open).into_iter().enumerate() {
            match self.read(&answers, at + 1, &places) {
                Some(reading) => {
                    self.readings.insert(demand.id.clone(), reading);
                }
                None => self.open.push((demand, places)),
            }
        }
        if self.again {
            self.give_up(UNREAD);
        }
        self.again = true;
        self.step()
    }

    fn give_up(&mut self, reason: &str) {
        for (demand, _) in std::mem::take(&mut self.open) {
            let reason = reason.to_owned();
            self.readings
                .insert(demand.id.clone(), Reading::Unreadable { reason });
        }
    }

    /// The answer to the rule with this number, if there is exactly one and it holds what it must.
    fn read(&self, answers: &[Answer], number: usize, places: &[usize]) -> Option<Reading> {
        let mut own = answers.iter().filter(|answer| answer.rule == number);
        let (answer, None) = (own.next()?, own.next()) else {
            return None;
        };
        if answer.pass {
            return answer.issues.is_empty().then_some(Reading::Pass);
        }
        if answer.issues.is_empty() || answer.issues.len() > MOST_ISSUES {
            return None;
        }
        let objections = answer.issues.iter().map(|issue| self.objection(issue, places));
        objections.collect::<Option<Vec<_>>>().map(Reading::Found)
    }

    /// An objection whose words stand in a statement that the rule looks at.
    fn objection(&self, issue: &Issue, places: &[usize]) -> Option<Objection> {
        let place = issue
            .statement
            .checked_sub(1)
            .filter(|place| places.contains(place))?;
        let (_, statement) = self.statements.get(place)?;
        let words = quoted(&issue.words);
        let holds =
            !words.is_empty() && format!(" {} ", quoted(&statement.text)).contains(&format!(" {words} "));
        holds.then(|| Objection {
            statement: statement.id.clone(),
            words: issue.words.trim().to_owned(),
            problem: issue.problem.trim().chars().take(LONGEST).collect(),
        })
    }

    fn prompt(&self) -> Prompt {
        let seen: BTreeSet<usize> = self
            .open
            .iter()
            .flat_map(|(_, places)| places.iter().copied())
            .collect();
        let mut material = String::from("<rules>\n");
        for ((demand, places), number) in self.open.iter().zip(1..) {
            let question = match &demand.test {
                Test::Read(read) => read.question.as_str(),
                _ => demand.demand.as_str(),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(material, "{number} (statements {}) {question}", ranges(places));
        }
        material.push_str("</rules>\n<statements>\n");
        let mut field = "";
        for place in seen {
            let Some((key, statement)) = self.statements.get(place) else {
                continue;
            };
            if *key != field {
                field = key;
                let section = self.recipe.fields().find(|(_, own)| own.key == *key);
                let (id, label) = section.map_or(("", *key), |(section, own)| {
                    (section.id.as_str(), own.label.as_str())
                });
                let _ = writeln!(material, "-- {id}, {label}");
            }
            let _ = writeln!(material, "{} {}", place + 1, fenced(&statement.text));
        }
        material.push_str("</statements>\n");
        if self.again {
            material.push_str(
                "No answer to these rules could be read before: answer each once, and quote words as they stand in the statement.\n",
            );
        }
        Prompt {
            purpose: Purpose::Read,
            tier: Tier::Judge,
            instructions: include_str!("../prompts/read.md").replace("{title}", &self.recipe.title),
            material,
            schema_name: "readings",
            schema: schema(),
            most_tokens: 200 + 150 * u32::try_from(self.open.len().min(40)).unwrap_or(40),
        }
    }
}

fn schema() -> Value {
    json!({
        "type": "object", "additionalProperties": false, "required": ["answers"],
        "properties": {"answers": {"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": ["rule", "pass", "issues"],
            "properties": {
                "rule": {"type": "integer"},
                "pass": {"type": "boolean"},
                "issues": {"type": "array", "items": {
                    "type": "object", "additionalProperties": false, "required": ["statement", "words", "problem"],
                    "properties": {
                        "statement": {"type": "integer"}, "words": {"type": "string"}, "problem": {"type": "string"},
                    },
                }},
            },
        }}},
    })
}

/// Words as they are compared: without marks, in lower case.
fn quoted(text: &str) -> String {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// "1-4, 7" of the places 0, 1, 2, 3 and 6.
fn ranges(places: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *place => *last = *place,
            _ => runs.push((*place, *place)),
        }
    }
    let written = runs.into_iter().map(|(first, last)| {
        if first == last {
            format!("{}", first + 1)
        } else {
            format!("{}-{}", first + 1, last + 1)
        }
    });
    written.collect::<Vec<_>>().join(", ")
}
