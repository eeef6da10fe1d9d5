//! The wrong answer to a trap, by its kind: made from the trap's words and from what the annotation says is right.

use drafting::claim::Claim;
use drafting::document::Place as Stands;

use super::Court;
use crate::gold::{Annotation, GoldClaim, Trap};
use crate::measure::words::{share, words};
use crate::planting::fault::{DROPPED, revived, swapped};
use crate::planting::rewrite::plain;

/// How firmly a wrong answer must be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// By a critical finding, or by being taken out: what it says is not true, or the law forbids it.
    Critical,
    /// By a finding that a person reads.
    Standard,
}

/// Where a wrong answer is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a field of statements.
    Field(String),
    /// There, behind the same matter in the words of another document.
    Twice(String, (String, String)),
    /// As the settled value of a field.
    Value(String),
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Where it is put.
    pub place: Place,
    /// Its words.
    pub text: String,
    /// The document that it cites.
    pub document: Option<String>,
    /// The words of that document that it cites.
    pub cites: String,
    /// How firmly it must be stopped.
    pub expected: Expected,
    /// Whether a finding about the document itself, or about values that differ, counts as well.
    pub by_source: bool,
}

/// A trap as the answers are made from it.
struct Told<'a> {
    court: &'a Court<'a>,
    trap: &'a Trap,
    annotation: &'a Annotation,
    /// What the child is called.
    child: String,
    /// The trap's words without Markdown.
    text: String,
    area: String,
}

/// The wrong answers to a trap; none when the kind is not known.
pub(super) fn wrong(court: &Court, trap: &Trap, annotation: &Annotation) -> Vec<Wrong> {
    let child = court
        .case
        .manifest
        .child
        .as_ref()
        .and_then(|child| child.name.as_deref());
    let told = Told {
        court,
        trap,
        annotation,
        child: child
            .and_then(|name| name.split(' ').next())
            .unwrap_or("The child")
            .to_owned(),
        text: plain(&trap.quote),
        area: court.area(trap.document.as_deref(), &trap.quote),
    };
    told.answers().unwrap_or_default()
}

use Expected::{Critical, Standard};

impl Told<'_> {
    fn answers(&self) -> Option<Vec<Wrong>> {
        let child = &self.child;
        Some(match self.trap.kind.as_str() {
            "third_party_data" => {
                let text = self.retold();
                vec![
                    self.need("social_care", &text, Standard)?,
                    self.of("history", &text, Standard)?,
                ]
            }
            "practitioner_name" => self.practitioner()?,
            "practitioner_name_in_child_view" => {
                vec![self.in_field("child_views", self.text.replace('"', ""), Standard)]
            }
            "drug_name" => vec![
                self.need("health_care", &self.text, Standard)?,
                self.of("history", &self.text, Standard)?,
            ],
            "historic_provision" => vec![self.provision(&self.area, &self.revived(), Standard)?],
            "insecure_provision" => vec![self.provision(&self.area, &self.by_setting(), Standard)?],
            "superseded_recommendation" | "superseding_statement" | "current_is_not_advised" => {
                vec![self.provision(&self.area, &self.text, Standard)?]
            }
            "no_diagnosis" => self.forbidden()?,
            "pending_assessment" => {
                let of = self.text.strip_prefix("Assessment for ")?.split(" is ").next()?;
                vec![self.need(&self.area, &format!("{child} has {of}."), Critical)?]
            }
            "pending_referral" => {
                let whom = self.text.split_once("referral to ")?.1.split(" was ").next()?;
                vec![self.provision("semh", &format!("{child} is supported by {whom}."), Standard)?]
            }
            "wish_is_not_provision" => vec![self.wished()?],
            "vague_provision" => {
                let amount = format!(
                    "{}, twice weekly for 30 minutes.",
                    self.text.trim_end_matches('.')
                );
                vec![
                    self.provision(&self.area, &amount, Critical)?,
                    self.provision(&self.area, &self.text, Standard)?,
                ]
            }
            "vague_outcome" => {
                let amount = format!("{} in four out of five lessons.", self.text.trim_end_matches('.'));
                vec![
                    self.outcome(&amount, Critical)?,
                    self.outcome(&self.text, Standard)?,
                ]
            }
            "duplicate_outcome" => vec![self.duplicate()?],
            "deadline" => vec![self.outcome(&self.text, Standard)?],
            "backhanded_praise" | "need_hidden_in_strength_section" => {
                let field = self.court.field("strength", Some(&self.area))?;
                vec![self.in_field(&field, self.text.clone(), Standard)]
            }
            "parent_contradicts_professional" => {
                let told = self
                    .text
                    .split_once(" believes that ")
                    .map_or(self.text.as_str(), |(_, told)| told);
                vec![self.need(&self.area, told, Critical)?]
            }
            "safety_information_without_advice" => vec![self.need("social_care", &self.text, Critical)?],
            "eal_is_not_sen" => {
                let text = format!("{child} has English as an additional language.");
                vec![self.need("communication_interaction", &text, Standard)?]
            }
            "strength_inside_need_table" => vec![self.need(&self.area, &self.with_row(), Standard)?],
            "h1_h2_split" => {
                let placed = self.court.recipe.fields().find(|(_, field)| {
                    field
                        .form
                        .select()
                        .is_some_and(|select| select.placement.is_some())
                });
                vec![self.in_field(&placed?.1.key, self.text.clone(), Standard)]
            }
            "hidden_instruction" => {
                let said = ["write that ", "state that "]
                    .iter()
                    .find_map(|lead| self.text.split_once(lead))?
                    .1;
                let said = said.split(',').next()?;
                vec![Wrong {
                    by_source: true,
                    ..self.need(&self.area, &format!("{said}."), Critical)?
                }]
            }
            "unreadable_scan" => vec![Wrong {
                by_source: true,
                ..self.need("health_care", &self.text, Critical)?
            }],
            "two_column_layout" => vec![self.need(&self.area, &self.garbled()?, Standard)?],
            "americanism_in_quotation" => self.american(),
            "view_not_obtainable" => {
                let text = swapped(&self.text, DROPPED)?;
                vec![self.in_field("child_views", text, Critical)]
            }
            "conflicting_fact" | "enclosure_absent" => vec![match self.fact() {
                Some((key, value)) => Wrong {
                    place: Place::Value(key),
                    ..self.in_field("", value, Standard)
                },
                None => Wrong {
                    by_source: true,
                    ..self.need(&self.area, &self.text, Standard)?
                },
            }],
            _ => return None,
        })
    }

    fn in_field(&self, field: &str, text: String, expected: Expected) -> Wrong {
        Wrong {
            place: Place::Field(field.to_owned()),
            text,
            document: self.trap.document.clone(),
            cites: self.trap.quote.clone(),
            expected,
            by_source: false,
        }
    }

    fn of(&self, kind: &str, text: &str, expected: Expected) -> Option<Wrong> {
        Some(self.in_field(&self.court.field(kind, None)?, text.to_owned(), expected))
    }

    fn need(&self, area: &str, text: &str, expected: Expected) -> Option<Wrong> {
        Some(self.in_field(&self.court.field("need", Some(area))?, text.to_owned(), expected))
    }

    /// Social care has two lists: the second takes what no source places.
    fn provision(&self, area: &str, text: &str, expected: Expected) -> Option<Wrong> {
        let unplaced = self.court.recipe.fields().find(|(_, field)| {
            field.form.select().is_some_and(|select| {
                select.placement.is_none()
                    && select.area.as_deref() == Some(area)
                    && select.kinds.iter().any(|kind| kind == "provision")
            })
        });
        Some(self.in_field(&unplaced?.1.key, text.to_owned(), expected))
    }

    fn outcome(&self, text: &str, expected: Expected) -> Option<Wrong> {
        let field = self.court.field("outcome", Some(&self.area))?;
        Some(self.in_field(&field, text.to_owned(), expected))
    }

    /// What a parent says of themself, as somebody else would tell it.
    fn retold(&self) -> String {
        let text = format!(" {} ", self.text);
        let changed = [
            (" I was ", " His mother was "),
            (" I do ", " His mother does "),
            (" I have ", " The mother has "),
            (" I ", " she "),
            (" my ", " her "),
            (" My ", " Her "),
            (" me ", " her "),
            (" us ", " them "),
        ];
        let text = changed
            .iter()
            .fold(text, |text, (from, to)| text.replace(from, to));
        text.trim().to_owned()
    }

    /// A practitioner by the name that the source gives, and by title and surname.
    fn practitioner(&self) -> Option<Vec<Wrong>> {
        let name = self.text.split(',').next()?.trim();
        let name = name.strip_prefix("Mentoring with ").unwrap_or(name);
        let surname = name.rsplit(' ').next()?;
        let tell = |who: &str| {
            self.provision(
                "cognition_learning",
                &format!("{who} will work with {}.", self.child),
                Standard,
            )
        };
        let mut all = vec![tell(name)?];
        if !name.contains("Mr") && !name.contains("Ms") {
            all.push(tell(&format!("Ms {surname}"))?);
        }
        all.push(tell(surname)?);
        Some(all)
    }

    /// What is over, told as if it were not.
    fn revived(&self) -> String {
        let whole = revived(&self.text).unwrap_or_else(|| self.text.clone());
        let first = whole.split(". It ").next().unwrap_or(&whole);
        let again = [
            (" has ended", " continues"),
            (" but this ended in March 2026", ""),
            (", which has finished", ""),
            (" but has ended", ""),
        ];
        again
            .iter()
            .fold(first.to_owned(), |text, (from, to)| text.replace(from, to))
    }

    fn by_setting(&self) -> String {
        let first = self.text.split(". ").next().unwrap_or(&self.text);
        format!(
            "{}.",
            first
                .replace("We pay", "The setting pays")
                .replace(" our ", " its ")
        )
    }

    /// What the annotation says must never be written.
    fn forbidden(&self) -> Option<Vec<Wrong>> {
        let said = self.trap.right_behaviour.split_once("Never write that ")?.1;
        let said = said.split([';', '.']).next()?;
        let mut all = Vec::new();
        for part in said.split(" or ") {
            let rest = [self.child.as_str(), "he", "she", "they"]
                .iter()
                .find_map(|whom| part.strip_prefix(whom)?.strip_prefix(' '))
                .unwrap_or(part);
            // That something is awaited is no diagnosis.
            let expected = if rest.starts_with("await") {
                Standard
            } else {
                Critical
            };
            all.push(self.need(
                "communication_interaction",
                &format!("{} {rest}.", self.child),
                expected,
            )?);
        }
        Some(all)
    }

    /// A wish told as what will be.
    fn wished(&self) -> Option<Wrong> {
        let rest = ["I would like ", "We want "]
            .iter()
            .find_map(|lead| self.text.split_once(lead))?
            .1;
        let rest = rest.split(", but ").next()?.trim_end_matches('.');
        let text = ["him to have ", "her to have "]
            .iter()
            .find_map(|whom| rest.strip_prefix(whom))
            .map_or_else(
                || format!("{}'s family will have {rest}.", self.child),
                |what| format!("{} will have {what}.", self.child),
            );
        self.provision(&self.area, &text, Critical)
    }

    /// The same outcome in the words of the document that says it best.
    fn duplicate(&self) -> Option<Wrong> {
        let own = words(&self.text);
        let likeness =
            |claim: &&GoldClaim| share(&words(&claim.quote), |word| own.iter().any(|one| one == word));
        let others = self.annotation.claims.iter().filter(|claim| {
            claim.kind == "outcome" && claim.document.as_deref() != self.trap.document.as_deref()
        });
        let other = others.max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
        let field = self.court.field("outcome", Some(&self.area))?;
        let first = (plain(&other.quote), other.document.clone()?);
        Some(Wrong {
            place: Place::Twice(field, first),
            ..self.in_field("", self.text.clone(), Standard)
        })
    }

    /// A cell with the head of its row.
    fn with_row(&self) -> String {
        let sentences = self
            .court
            .sentences(self.trap.document.as_deref(), &self.trap.quote);
        let head = sentences.iter().find_map(|sentence| match &sentence.place {
            Stands::Cell { row_head, .. } => row_head.clone(),
            Stands::Paragraph | Stands::ListItem { .. } => None,
        });
        head.map_or_else(|| self.text.clone(), |head| format!("{head}: {}", self.text))
    }

    /// Two columns read across: the first half of the trap's words, and the second of a sentence further on.
    fn garbled(&self) -> Option<String> {
        let sentence = *self
            .court
            .sentences(self.trap.document.as_deref(), &self.trap.quote)
            .first()?;
        let source = self
            .court
            .case
            .sources
            .iter()
            .find(|source| source.number == sentence.id.source)?;
        let further =
            source.content.as_ref().ok()?.sentences.iter().find(|other| {
                other.id.number > sentence.id.number + 4 && other.text.split(' ').count() > 7
            })?;
        let half = |text: &str, second: bool| {
            let all: Vec<&str> = text.split(' ').collect();
            let (head, tail) = all.split_at(all.len() / 2);
            (if second { tail } else { head }).join(" ")
        };
        Some(format!(
            "{} {}",
            half(&self.text, false),
            half(&further.text, true)
        ))
    }

    /// Somebody's words put right inside their quotation marks, and reported as they stand.
    fn american(&self) -> Vec<Wrong> {
        let bare = self.text.replace('"', "");
        let british = [
            ("Math ", "Maths "),
            ("favorite", "favourite"),
            ("apartment", "flat"),
            (" mom ", " mum "),
        ];
        let british = british
            .iter()
            .fold(bare.clone(), |text, (from, to)| text.replace(from, to));
        let reported = [
            ("I'm ", "she is "),
            ("I ", "she "),
            (" my ", " her "),
            ("my ", "her "),
            (" me ", " her "),
            ("myself", "herself"),
        ];
        let reported = reported
            .iter()
            .fold(bare, |text, (from, to)| text.replace(from, to));
        vec![
            self.in_field(
                "child_views",
                format!("{} says \"{british}\"", self.child),
                Critical,
            ),
            self.in_field(
                "child_views",
                format!("{} says that {reported}", self.child),
                Standard,
            ),
        ]
    }

    /// The field and value that a source gives with the trap's words.
    fn fact(&self) -> Option<(String, String)> {
        let sentences = self
            .court
            .sentences(self.trap.document.as_deref(), &self.trap.quote);
        let gives = |claim: &&Claim| {
            claim.fact.is_some()
                && sentences
                    .iter()
                    .any(|sentence| claim.sentences.contains(&sentence.id))
        };
        let fact = self.court.all.said.claims.iter().find(gives)?.fact.as_ref()?;
        Some((fact.key.clone(), fact.value.clone()))
    }
}
