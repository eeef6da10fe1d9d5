//! Whose words a passage has.
//!
//! "He cried until I came back" is a mother's or a teacher's, and a plan must say which (SEND Code of Practice 2015, 9.69:
//! where written in the first person it must be clear whose views are represented). So the last statement of each voice
//! in such a passage names the role of who told it, and when.

use std::collections::BTreeSet;

use super::Composer;
use crate::case::Source;
use crate::claim::{Claim, Speaker};
use crate::draft::{Statement, Support};
use crate::recipe::{Field, Form};

/// Where the role goes in the recipe's words for it.
const WHO: &str = "{who}";

impl Composer<'_> {
    /// Marks the statements of a passage with who told them, where one voice ends, unless all are told by professionals.
    pub(super) fn tell_voices(&self, field: &Field, statements: &mut [Statement]) {
        let words = &self.recipe.lexicon.marks.told_by;
        let is_passage = matches!(field.form, Form::Passage(_));
        let own = |statement: &Statement| {
            let mut claims = self.claims_of(statement);
            claims.any(|claim| claim.speaker != Speaker::Professional)
        };
        if words.is_empty() || !is_passage || !statements.iter().any(own) {
            return;
        }
        let tellers: Vec<String> = statements.iter().map(|one| self.tellers(one)).collect();
        let next = tellers.iter().skip(1).map(Some).chain([None]);
        for ((statement, own), next) in statements.iter_mut().zip(&tellers).zip(next) {
            if !own.is_empty() && next != Some(own) {
                statement.marks.push(words.replace(WHO, own));
            }
        }
    }

    fn claims_of<'s>(&'s self, statement: &'s Statement) -> impl Iterator<Item = &'s Claim> {
        let ids = match &statement.support {
            Support::Claims(ids) => ids.as_slice(),
            Support::Officer => &[],
        };
        self.all.claims.iter().filter(|claim| ids.contains(&claim.id))
    }

    /// "Mother, 21 September 2026; Nursery SENCo": who told a statement, in the order of the sources.
    fn tellers(&self, statement: &Statement) -> String {
        let claims = self.claims_of(statement);
        let cited: BTreeSet<u16> = claims
            .flat_map(|claim| claim.sentences.iter().map(|id| id.source))
            .collect();
        let sources = self.case.sources.iter();
        let mut told: Vec<String> = sources
            .filter(|source| cited.contains(&source.number))
            .filter_map(|source| self.teller(source))
            .collect();
        told.dedup();
        told.join("; ")
    }

    fn teller(&self, source: &Source) -> Option<String> {
        let advice = source.advice.as_deref().and_then(|id| self.recipe.advice(id));
        let role = source
            .author_role
            .as_deref()
            .or(advice.map(|advice| advice.author.as_str()))?;
        Some(match source.date {
            Some(date) => format!("{role}, {}", date.strftime("%-d %B %Y")),
            None => role.to_owned(),
        })
    }
}
