//! Questions to professionals, for what the law wants and no source gives. They are never answered here.

use std::collections::{BTreeMap, BTreeSet};

use crate::case::{Case, Source};
use crate::claim::{Claim, ClaimId, Slots};
use crate::draft::{Conflict, DraftSection, Query, QueryKind, Statement, Support};
use crate::recipe::lexicon::{Question, fold};
use crate::recipe::{Recipe, Role};
use crate::reconcile::{Reconciled, Version};

use super::wording::filled;

/// All questions: on measures, on the thread, on missing advice, on conflicts.
pub(super) fn queries(
    recipe: &Recipe,
    case: &Case,
    all: &Reconciled,
    sections: &[DraftSection],
) -> Vec<Query> {
    let asking = Asking {
        recipe,
        case,
        claims: all.claims.iter().map(|claim| (claim.id, claim)).collect(),
        sources: &all.sources,
    };
    let threaded = asking.threaded(sections);
    let mut queries: Vec<Query> = threaded
        .iter()
        .filter(|(role, ..)| *role == Role::Measure)
        .filter_map(|(_, statement, claim)| asking.measure(statement, claim))
        .collect();
    queries.extend(asking.thread(&threaded));
    queries.extend(asking.missing_advice());
    queries.extend(asking.missing_fields(sections));
    queries.extend(all.versions.iter().filter_map(|version| asking.version(*version)));
    queries.extend(
        all.conflicts
            .iter()
            .filter(|conflict| conflict.is_open())
            .filter_map(|conflict| asking.conflict(conflict)),
    );
    // Those to one author stand together, so that their numbers run on from each to each.
    queries.sort_by_key(|query| asking.place(query));
    queries
}

struct Asking<'a> {
    recipe: &'a Recipe,
    case: &'a Case,
    claims: BTreeMap<ClaimId, &'a Claim>,
    sources: &'a BTreeSet<u16>,
}

impl<'a> Asking<'a> {
    /// The statements of needs, measures and outcomes, each with the claim whose words it has.
    fn threaded<'s>(&self, sections: &'s [DraftSection]) -> Vec<(Role, &'s Statement, &'a Claim)> {
        let statements = sections
            .iter()
            .flat_map(|section| &section.fields)
            .flat_map(|field| field.content.statements());
        let known = |statement: &'s Statement| {
            let Support::Claims(claims) = &statement.support else {
                return None;
            };
            let claim = *self.claims.get(claims.first()?)?;
            let role = self.recipe.kind(&claim.kind)?.role;
            matches!(role, Role::Need | Role::Measure | Role::Outcome).then_some((role, statement, claim))
        };
        statements.filter_map(known).collect()
    }

    fn source(&self, number: u16) -> Option<&'a Source> {
        self.case.sources.iter().find(|source| source.number == number)
    }

    /// Whom a query goes to, as a place among all: by kind of advice in the recipe's order, then by source; what goes to
    /// no one in particular comes last.
    fn place(&self, query: &Query) -> (usize, Option<u16>) {
        let advice = &self.recipe.advice;
        let known = advice
            .iter()
            .position(|advice| Some(&advice.id) == query.to.as_ref());
        (known.unwrap_or(advice.len()), query.asked_of)
    }

    fn ask(
        &self,
        kind: QueryKind,
        question: &Question,
        about: Option<(&Statement, &Claim)>,
        values: &[(&str, &str)],
    ) -> Option<Query> {
        if question.ask.is_empty() {
            return None;
        }
        let statement = about.map_or("", |(statement, _)| statement.text.as_str());
        let mut values = values.to_vec();
        values.push(("statement", statement));
        let sentences = about.map_or(&[][..], |(_, claim)| claim.sentences.as_slice());
        let source = sentences
            .first()
            .and_then(|sentence| self.source(sentence.source));
        Some(Query {
            kind,
            to: source.and_then(|source| source.advice.clone()),
            asked_of: source.map(|source| source.number),
            statement: about.map(|(statement, _)| statement.id.clone()),
            field: None,
            claim: about.map(|(_, claim)| claim.id),
            sentences: sentences.to_vec(),
            question: filled(&question.ask, &values),
            reason: filled(&question.reason, &values),
        })
    }

    /// What a measure leaves open: specifics first; words that hide them only when none is missing.
    fn measure(&self, statement: &Statement, claim: &Claim) -> Option<Query> {
        let texts = &self.recipe.lexicon.queries;
        let folded = fold(&statement.text);
        let missing = self.missing(&folded, &self.slots(statement, claim));
        if !missing.is_empty() {
            return self.ask(
                QueryKind::Specifics,
                &texts.specifics,
                Some((statement, claim)),
                &[("specifics", &list(&missing))],
            );
        }
        let vague = &self.recipe.lexicon.signs.vague;
        let (start, end) = vague.first(&folded)?;
        let words = format!("\u{201c}{}\u{201d}", folded.get(start..end)?);
        self.ask(
            QueryKind::Vague,
            &texts.vague,
            Some((statement, claim)),
            &[("words", &words)],
        )
    }

    /// The specifics that any of the statement's claims gives.
    fn slots(&self, statement: &Statement, claim: &Claim) -> Slots {
        let mut slots = claim.slots.clone();
        let Support::Claims(claims) = &statement.support else {
            return slots;
        };
        for other in claims.iter().filter_map(|id| self.claims.get(id)) {
            slots.who = slots.who.or_else(|| other.slots.who.clone());
            slots.ratio = slots.ratio.or_else(|| other.slots.ratio.clone());
            slots.duration = slots.duration.or_else(|| other.slots.duration.clone());
            slots.frequency = slots.frequency.or_else(|| other.slots.frequency.clone());
        }
        slots
    }

    fn missing(&self, folded: &str, slots: &Slots) -> Vec<&'a str> {
        let texts = &self.recipe.lexicon.queries;
        let timed = !texts.untimed.found(folded);
        [
            (&texts.who, slots.who.is_none()),
            (&texts.ratio, slots.ratio.is_none() && texts.manned.found(folded)),
            (&texts.frequency, slots.frequency.is_none() && timed),
            (
                &texts.duration,
                slots.duration.is_none() && timed && !texts.constant.found(folded),
            ),
        ]
        .into_iter()
        .filter(|(text, missing)| *missing && !text.is_empty())
        .map(|(text, _)| text.as_str())
        .collect()
    }

    /// Needs that nothing serves, and measures that serve none.
    fn thread(&self, threaded: &[(Role, &Statement, &Claim)]) -> Vec<Query> {
        let texts = &self.recipe.lexicon.queries;
        let served = |role: Role| -> BTreeSet<&str> {
            let statements = threaded.iter().filter(|(own, ..)| *own == role);
            statements
                .flat_map(|(_, statement, _)| statement.serves.iter().map(String::as_str))
                .collect()
        };
        let (met, aimed) = (served(Role::Measure), served(Role::Outcome));
        let mut queries = Vec::new();
        for (role, statement, claim) in threaded {
            let alone = self
                .recipe
                .kind(&claim.kind)
                .is_some_and(|kind| kind.stands_alone);
            let question = match role {
                Role::Need if alone => None,
                Role::Need if !met.contains(statement.id.as_str()) => Some((QueryKind::Unmet, &texts.unmet)),
                Role::Need if !aimed.contains(statement.id.as_str()) => {
                    Some((QueryKind::Aimless, &texts.aimless))
                }
                Role::Measure if statement.serves.is_empty() => Some((QueryKind::Unlinked, &texts.unlinked)),
                _ => None,
            };
            queries.extend(
                question.and_then(|(kind, question)| self.ask(kind, question, Some((statement, claim)), &[])),
            );
        }
        queries
    }

    fn missing_advice(&self) -> Vec<Query> {
        // A source that was kept out or could not be read is not there.
        let drafted = |source: &&Source| self.sources.contains(&source.number);
        let present = |id: &str| {
            let mut sources = self.case.sources.iter().filter(drafted);
            sources.any(|source| source.advice.as_deref() == Some(id))
        };
        let stood_for = |id: &str| {
            self.recipe
                .advice
                .iter()
                .any(|advice| advice.stands_for.as_deref() == Some(id) && present(&advice.id))
        };
        let missing = self
            .recipe
            .advice
            .iter()
            .filter(|advice| !present(&advice.id) && !stood_for(&advice.id));
        missing
            .filter_map(|advice| {
                let law = advice.required.as_deref()?;
                let values = [("advice", advice.title.as_str()), ("law", law)];
                let query = self.ask(
                    QueryKind::Advice,
                    &self.recipe.lexicon.queries.advice,
                    None,
                    &values,
                )?;
                let unread = self.case.sources.iter().find(|source| {
                    source.content.is_err() && source.advice.as_deref() == Some(advice.id.as_str())
                });
                Some(Query {
                    to: Some(advice.id.clone()),
                    asked_of: unread.map(|source| source.number),
                    ..query
                })
            })
            .collect()
    }

    /// What the recipe's rules want and no source gives. Nobody in particular is asked: no report is known that would have it.
    fn missing_fields(&self, sections: &[DraftSection]) -> Vec<Query> {
        let given = |key: &String| {
            let mut fields = sections.iter().flat_map(|section| &section.fields);
            fields.any(|field| field.key == *key && !field.content.statements().is_empty())
        };
        let open = self.recipe.wanted().filter(|(_, group)| !group.iter().any(given));
        open.filter_map(|(demand, group)| {
            let labels: Vec<&str> = group
                .iter()
                .filter_map(|key| self.recipe.field(key))
                .map(|field| field.label.as_str())
                .collect();
            let values = [("field", &*labels.join(" / ")), ("rule", demand.demand.as_str())];
            let question = &self.recipe.lexicon.queries.missing;
            let query = self.ask(QueryKind::Missing, question, None, &values)?;
            Some(Query {
                field: group.first().cloned(),
                ..query
            })
        })
        .collect()
    }

    fn version(&self, version: Version) -> Option<Query> {
        let (older, newer) = (self.source(version.older)?, self.source(version.newer)?);
        let values = [("older", older.name.as_str()), ("newer", newer.name.as_str())];
        let question = &self.recipe.lexicon.queries.version;
        let query = self.ask(QueryKind::Version, question, None, &values)?;
        Some(Query {
            to: newer.advice.clone(),
            asked_of: Some(newer.number),
            ..query
        })
    }

    fn conflict(&self, conflict: &Conflict) -> Option<Query> {
        let values: Vec<String> = conflict
            .values
            .iter()
            .map(|value| format!("\u{201c}{}\u{201d}", value.value))
            .collect();
        let label = self
            .recipe
            .field(&conflict.attribute)
            .map_or(conflict.attribute.as_str(), |field| field.label.as_str());
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let query = self.ask(
            QueryKind::Conflict,
            &self.recipe.lexicon.queries.conflict,
            None,
            &[("attribute", label), ("values", &list(&values))],
        )?;
        let sentences = conflict.values.iter().flat_map(|value| &value.sentences);
        Some(Query {
            sentences: sentences.copied().collect(),
            ..query
        })
    }
}

/// "a, b and c".
fn list(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
