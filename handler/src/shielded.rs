//! Sources looked at for attacks before they are sent to a model.
//!
//! The service says which of several texts attacks, not where in it: what it flags is halved until sentences are left.
//! They are treated as those that the checks in code find. Where that does not settle it, or the service cannot be asked,
//! nothing of the source is sent, and it is drafted from without a model.

use std::collections::BTreeSet;
use std::time::Instant;

use drafting::case::{Case, Source};
use drafting::check::rules;
use drafting::document::SentenceId;
use drafting::extract::Extracted;
use drafting::finding::{Finding, Subject};
use drafting::label::{self, Shown};
use drafting::recipe::Recipe;
use futures_util::future::join_all;
use screening::{Fault, Shield};

/// The most sentences of one source that are withheld one by one. A source with more is not sent.
const MOST_SENTENCES: usize = 20;

/// Who looks at what.
#[derive(Clone, Copy)]
pub(crate) struct Guarded<'a> {
    pub recipe: &'a Recipe,
    pub case: &'a Case,
    pub shield: &'a dyn Shield,
    pub deadline: Instant,
}

/// What the service says of a source.
enum Verdict {
    /// It may be sent without these sentences.
    Without(Vec<SentenceId>),
    /// Something in it attacks, and it is not known what.
    Attacks,
}

impl Guarded<'_> {
    /// Withholds sentences that attack; gives the sources that must not be sent, by number.
    pub(crate) async fn look(self, found: &mut [Extracted], findings: &mut Vec<Finding>) -> BTreeSet<u16> {
        let looking = found.iter().map(async |found| {
            let source = self.case.sources.iter().find(|one| one.number == found.source)?;
            Some((source, self.source(source, &found.instructions).await))
        });
        let verdicts = join_all(looking).await;
        let mut unsent = BTreeSet::new();
        for (found, verdict) in found.iter_mut().zip(verdicts) {
            let finding = match verdict {
                Some((_, Ok(Verdict::Without(sentences)))) => {
                    label::withhold(found, &sentences);
                    continue;
                }
                Some((source, Ok(Verdict::Attacks))) => Some(attacks(source)),
                Some((source, Err(fault))) => Some(not_looked_at(source, &fault)),
                None => None,
            };
            unsent.insert(found.source);
            findings.extend(finding);
        }
        unsent
    }

    async fn source(self, source: &Source, hidden: &[SentenceId]) -> Result<Verdict, Fault> {
        let shown = label::shown(self.recipe, source, hidden);
        let mut flagged = self.flagged(self.parts(&shown)).await?;
        let mut sentences = Vec::new();
        while !flagged.is_empty() {
            let mut halves = Vec::new();
            for part in flagged {
                match part {
                    [one] => match one.sentence {
                        Some(id) => sentences.push(id),
                        None => return Ok(Verdict::Attacks),
                    },
                    _ => halves.push(part.split_at(part.len() / 2)),
                }
            }
            if sentences.len() + halves.len() > MOST_SENTENCES {
                return Ok(Verdict::Attacks);
            }
            let both = halves
                .iter()
                .flat_map(|(first, second)| [*first, *second])
                .collect();
            let next = self.flagged(both).await?;
            // What attacks only as a whole has no place.
            let settled = halves.iter().all(|(first, second)| {
                [first, second]
                    .iter()
                    .any(|half| next.iter().any(|one| one.as_ptr() == half.as_ptr()))
            });
            if !settled {
                return Ok(Verdict::Attacks);
            }
            flagged = next;
        }
        self.again(&shown, sentences).await
    }

    /// Whether what is left without the sentences still attacks.
    async fn again(self, shown: &[Shown], sentences: Vec<SentenceId>) -> Result<Verdict, Fault> {
        if sentences.is_empty() {
            return Ok(Verdict::Without(sentences));
        }
        let withheld = |one: &&Shown| one.sentence.is_some_and(|id| sentences.contains(&id));
        let left: Vec<Shown> = shown.iter().filter(|one| !withheld(one)).cloned().collect();
        let flagged = self.flagged(self.parts(&left)).await?;
        Ok(if flagged.is_empty() {
            Verdict::Without(sentences)
        } else {
            Verdict::Attacks
        })
    }

    /// What is shown in parts that one request can hold.
    fn parts(self, shown: &[Shown]) -> Vec<&[Shown]> {
        let most = self.shield.most_characters();
        let mut parts = Vec::new();
        let mut rest = shown;
        while !rest.is_empty() {
            let mut length = 0;
            let fitting = rest.iter().take_while(|one| {
                // A character counts twice at most, and a line end stands between two.
                length += 2 * one.text.chars().count() + 1;
                length <= most
            });
            let (part, more) = rest.split_at(fitting.count().max(1));
            parts.push(part);
            rest = more;
        }
        parts
    }

    /// Those of the parts that attack.
    async fn flagged(self, parts: Vec<&[Shown]>) -> Result<Vec<&[Shown]>, Fault> {
        let texts: Vec<String> = parts.iter().map(|part| joined(part)).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let attacks = self.shield.shield(&texts, self.deadline).await?;
        if attacks.len() != parts.len() {
            return Err(Fault::Unreadable);
        }
        let flagged = parts.into_iter().zip(attacks).filter(|(_, attacks)| *attacks);
        Ok(flagged.map(|(part, _)| part).collect())
    }
}

fn joined(part: &[Shown]) -> String {
    let lines: Vec<&str> = part.iter().map(|one| one.text.as_str()).collect();
    lines.join("\n")
}

fn attacks(source: &Source) -> Finding {
    rules::INSTRUCTION.finding(
        Subject::Source(source.name.clone()),
        "the service that finds attacks on models flags it and does not say where; nothing of it was sent to the model"
            .into(),
        Some("read it for words that speak to a machine; what is drafted from it is in its own words".into()),
    )
}

fn not_looked_at(source: &Source, fault: &Fault) -> Finding {
    rules::UNSHIELDED.finding(
        Subject::Source(source.name.clone()),
        format!("it was not looked at for attacks on models, and nothing of it was sent to one: {fault}"),
        Some("ask for another attempt at the draft (`attempt` in the request)".into()),
    )
}
