//! Documents that are no longer drafted from: withdrawn, deleted, or kept out. What they say was perhaps never this child's,
//! so that it is not told again, not even as what is gone. Another version under the same name is the same document.

use std::collections::{BTreeMap, BTreeSet};

use super::{Changes, Grounds, Quoted};
use crate::document::SentenceId;
use crate::draft::Statement;
use crate::finding::Subject;
use crate::id::SourceName;
use crate::record::{Record, SourceState};

/// What stands in place of words that are not told again.
pub const WITHHELD: &str =
    "its words are not repeated: they came from a document that is no longer drafted from";

/// The documents of the earlier draft that the new one does not draw on.
pub(super) struct Away {
    names: BTreeSet<SourceName>,
    numbers: BTreeSet<u16>,
    /// The earlier statements that rest on one of them.
    statements: BTreeSet<String>,
}

impl Away {
    pub fn of(old: &Record, new: &Record) -> Self {
        let used = |record: &'_ Record| -> BTreeMap<SourceName, u16> {
            let used = record
                .sources
                .iter()
                .filter(|source| source.state == SourceState::Used);
            used.map(|source| (source.name.clone(), source.number)).collect()
        };
        let now = used(new);
        let same_bytes = |name: &SourceName| {
            let then = old.sources.iter().find(|source| source.name == *name);
            let bytes = then.map(|then| &then.sha256);
            new.sources
                .iter()
                .any(|source| source.state == SourceState::Used && Some(&source.sha256) == bytes)
        };
        let away = used(old)
            .into_iter()
            .filter(|(name, _)| !now.contains_key(name) && !same_bytes(name));
        let (names, numbers) = away.unzip();
        let mut found = Self {
            names,
            numbers,
            statements: BTreeSet::new(),
        };
        let grounds = Grounds::of(old);
        let fields = old.sections.iter().flat_map(|section| &section.fields);
        let all = fields.flat_map(|field| field.content.statements());
        found.statements = all
            .filter(|statement| found.rests_on(&grounds, statement))
            .map(|statement| statement.id.clone())
            .collect();
        found
    }

    fn rests_on(&self, grounds: &Grounds<'_>, statement: &Statement) -> bool {
        let evidence = grounds.evidence(statement);
        evidence.iter().any(|quoted| self.names.contains(&quoted.source))
    }

    /// Whether an earlier statement holds words that are not told again.
    pub fn holds(&self, statement: &str) -> bool {
        self.statements.contains(statement)
    }

    /// A lost sentence, without its words where they are not told again.
    pub fn quoted(&self, quoted: Quoted) -> Quoted {
        if self.names.contains(&quoted.source) {
            return Quoted {
                quote: String::new(),
                ..quoted
            };
        }
        quoted
    }

    fn is_of(&self, sentence: SentenceId) -> bool {
        self.numbers.contains(&sentence.source)
    }

    /// Takes the words out of what is told to be gone.
    pub fn withhold(&self, changes: &mut Changes) {
        if self.names.is_empty() {
            return;
        }
        for finding in &mut changes.findings.gone {
            let told = match &finding.subject {
                Subject::Case | Subject::Source(_) => true,
                Subject::Statement(id) => !self.holds(id),
                Subject::Sentence(id) => !self.is_of(*id),
                // Their messages may quote any of the statements there.
                Subject::Section(_) | Subject::Field(_) => false,
            };
            if !told {
                WITHHELD.clone_into(&mut finding.message);
                finding.hint = None;
            }
        }
        for query in &mut changes.queries.gone {
            if query.statement.as_ref().is_none_or(|id| self.holds(id)) {
                WITHHELD.clone_into(&mut query.question);
            }
        }
        for value in changes
            .conflicts
            .gone
            .iter_mut()
            .flat_map(|conflict| &mut conflict.values)
        {
            if value.sentences.iter().any(|id| self.is_of(*id)) {
                WITHHELD.clone_into(&mut value.value);
            }
        }
    }
}
