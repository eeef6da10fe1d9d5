//! The catalogue of rules that code decides: id, own severity, what it demands and where that comes from.

use crate::finding::{Finding, Severity, Subject};

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its id, as findings and recipes name it.
    pub id: &'static str,
    /// Its severity unless the recipe sets another.
    pub severity: Severity,
    /// What it demands.
    pub demand: &'static str,
}

impl Rule {
    /// A finding of this rule at its own severity, from a stage before the rules are applied.
    #[must_use]
    pub fn finding(&self, subject: Subject, message: String, hint: Option<String>) -> Finding {
        Finding {
            severity: self.severity,
            rule: self.id.to_owned(),
            subject,
            message,
            hint,
        }
    }
}

/// The version of the catalogue; part of the fingerprint of a run.
pub const VERSION: &str = "1";

macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $demand:literal;)*) => {
        $(#[doc = $demand] pub const $name: Rule = Rule { id: $id, severity: Severity::$severity, demand: $demand };)*
        /// All rules.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    UNREADABLE = "source.unreadable", Critical, "Every source can be read.";
    NOTICE = "source.notice", Standard, "Hidden text, tracked changes, comments, pictures and embedded files of a source are looked at by a person.";
    INSTRUCTION = "source.instruction", Critical, "No source speaks to the reader of the plan or to a machine.";
    STRANGER = "source.other-subject", Critical, "Every source is about the subject of the case.";
    NAMELESS = "source.unidentified", Standard, "Every source names its subject, so that a report about another child is noticed.";
    MISSING_ADVICE = "source.missing-advice", Standard, "Every kind of advice that the recipe requires is there.";
    NOT_ARRIVED = "manifest.not-arrived", Critical, "Every document that the manifest names has arrived.";
    MANIFEST = "manifest.unreadable", Critical, "The manifest can be read.";
    UNKNOWN_KEY = "manifest.unknown-key", Standard, "Every key of the manifest is known.";
    SECTIONS = "structure.sections", Critical, "The draft has every section and field of the recipe, in order, once (SEND Regulations 2014, reg 12(1)).";
    CLOSED = "structure.closed", Critical, "A closed section holds nothing but its fixed sentence (Children and Families Act 2014, s. 38(5)).";
    LEFTOVER = "structure.leftover", Critical, "No statement is empty or holds a placeholder or a machine's remark.";
    WORDS = "structure.words", Standard, "No field holds more words than the recipe allows.";
    UNCITED = "grounding.uncited", Critical, "Every statement points at sentences of a source that was drafted from.";
    WORDING = "grounding.wording", Critical, "Every word and number of a statement made without a model stands in its own sentences.";
    CONFLICT = "grounding.conflict", Standard, "Sources that differ are shown side by side; nothing is chosen silently.";
    NEED_ALONE = "thread.need-without-provision", Standard, "Every need has provision (Children and Families Act 2014, s. 37(2)).";
    MEASURE_ALONE = "thread.provision-without-need", Standard, "Every provision serves a need.";
    OUTCOME_ALONE = "thread.outcome-without-need", Standard, "Every outcome belongs to a need.";
    UNCLAIMED = "coverage.unclaimed", Standard, "Every sentence that looks like a need, a recommendation or an outcome is used, or a person knows that it is not.";
    NOT_JUDGED = "run.not-judged", Standard, "A judge has read every statement beside its evidence.";
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_distinct() {
        let ids: std::collections::BTreeSet<_> = super::ALL.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), super::ALL.len());
    }
}
