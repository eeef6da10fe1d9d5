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
    /// The law, guidance or principle that it comes from.
    pub source: &'static str,
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
pub const VERSION: &str = "8";

/// What the ids of the rules begin with that compare a statement with its evidence.
pub const OF_EVIDENCE: &str = "grounding.";

macro_rules! rules {
    ($($name:ident = $id:literal, $severity:ident, $demand:literal, $source:literal;)*) => {
        $(#[doc = $demand] pub const $name: Rule = Rule { id: $id, severity: Severity::$severity, demand: $demand, source: $source };)*
        /// All rules.
        pub const ALL: &[Rule] = &[$($name),*];
    };
}

rules! {
    UNREADABLE = "source.unreadable", Critical, "Every source can be read.", "UK GDPR, art 5(1)(d): accuracy";
    NOTICE = "source.notice", Standard, "Hidden text, tracked changes, comments, pictures and embedded files of a source are looked at by a person.", "UK GDPR, art 5(1)(d): accuracy";
    RECOGNISED = "source.recognised", Standard, "What was read on a scan by text recognition is compared with the scan by a person.", "UK GDPR, art 5(1)(d): accuracy";
    INSTRUCTION = "source.instruction", Critical, "No source speaks to the reader of the plan or to a machine.", "OWASP Top 10 for LLM applications 2025, LLM01: prompt injection";
    STRANGER = "source.other-subject", Critical, "Every source is about the subject of the case.", "UK GDPR, art 5(1)(d): accuracy";
    NAMELESS = "source.unidentified", Standard, "Every source names its subject, so that a report about another child is noticed.", "UK GDPR, art 5(1)(d): accuracy";
    MISSING_ADVICE = "source.missing-advice", Standard, "Every kind of advice that the recipe requires is there.", "the law that the recipe names for each kind of advice";
    NOT_ARRIVED = "manifest.not-arrived", Critical, "Every document that the manifest names has arrived.", "UK GDPR, art 5(1)(d): accuracy";
    MANIFEST = "manifest.unreadable", Critical, "The manifest can be read.", "UK GDPR, art 5(1)(d): accuracy";
    UNKNOWN_KEY = "manifest.unknown-key", Standard, "Every key of the manifest is known.", "UK GDPR, art 5(1)(d): accuracy";
    SECTIONS = "structure.sections", Critical, "The draft has every section and field of the recipe, in order, once.", "SEND Regulations 2014, reg 12(1)";
    CLOSED = "structure.closed", Critical, "A closed section holds nothing but its fixed sentence.", "Children and Families Act 2014, s 38(5)";
    LEFTOVER = "structure.leftover", Critical, "No statement is empty or holds a placeholder or a machine's remark.", "UK GDPR, art 5(1)(d): accuracy";
    WORDS = "structure.words", Standard, "No field holds more words than the recipe allows.", "the recipe's own limits";
    WITHHELD = "language.withheld", Standard, "Needs, provision and outcomes name no medicine: medicines change, and a plan is read by many.", "UK GDPR, art 5(1)(c): data minimisation";
    UNCITED = "grounding.uncited", Critical, "Every statement points at sentences of a source that was drafted from.", "UK GDPR, art 5(1)(d): accuracy";
    WORDING = "grounding.wording", Critical, "Every word and number of a statement made without a model stands in its own sentences.", "UK GDPR, art 5(1)(d): accuracy";
    TOO_LONG = "grounding.too-long", Critical, "Every statement is short enough to be checked whole.", "UK GDPR, art 5(1)(d): accuracy";
    NUMBER = "grounding.number", Critical, "Every number, date, time, ratio, percentage, duration and frequency of a statement stands, as the same kind of thing, in its own evidence.", "L v Clarke and Somerset [1998] ELR 129";
    LOST_SPECIFIC = "grounding.lost-specific", Critical, "No ratio, duration or frequency that the advice gives is left out of a provision.", "SEND Code of Practice 2015, 9.69: detailed, specific, quantified";
    NEGATION = "grounding.negation", Critical, "What the evidence denies the statement denies, and nothing else.", "UK GDPR, art 5(1)(d): accuracy";
    STRENGTHENED = "grounding.strengthened", Standard, "What the evidence thinks possible or advises is not told as certain or as a demand.", "UK GDPR, art 5(1)(d): accuracy";
    WEAKENED = "grounding.weakened", Standard, "What the evidence says firmly is not told as a possibility.", "UK GDPR, art 5(1)(d): accuracy";
    DIRECTION = "grounding.direction", Critical, "A statement does not say the contrary of a word of its evidence: more for less, least for most, left for right.", "UK GDPR, art 5(1)(d): accuracy";
    NAME = "grounding.name", Critical, "Every name of a statement is the subject's own or stands in its evidence.", "UK GDPR, art 5(1)(d): accuracy";
    PRONOUN = "grounding.pronoun", Critical, "The pronouns of a statement are the subject's own.", "UK GDPR, art 5(1)(d): accuracy";
    THIRD_PARTY = "grounding.third-party", Standard, "No other child or relative is named: a plan says \"his sister\" and leaves out who she is.", "UK GDPR, art 5(1)(c): data minimisation";
    OTHER_PERSON = "grounding.other-person", Critical, "What the evidence says of somebody else is not told of the subject.", "UK GDPR, art 5(1)(d): accuracy";
    ATTRIBUTION = "grounding.attribution", Critical, "What a parent or the child says is told as theirs, what a professional advises as the professional's.", "SEND Regulations 2014, reg 12(1)(a)";
    QUOTATION = "grounding.quotation", Critical, "Words in quotation marks stand so in the evidence.", "UK GDPR, art 5(1)(d): accuracy";
    SENSITIVE = "grounding.sensitive", Critical, "A diagnosis, medicine, harm, offence or protection matter is named only when the evidence names it.", "UK GDPR, art 9: special categories";
    UNSUPPORTED = "grounding.unsupported", Standard, "A statement names no role, equipment or fact of which its evidence says nothing.", "UK GDPR, art 5(1)(d): accuracy";
    MOVED = "grounding.moved", Standard, "A statement stands in the section for what it is (a need, a provision, an outcome) and under the area that its source names.", "UK GDPR, art 5(1)(d): accuracy";
    HISTORIC = "grounding.historic", Standard, "What is over is told as over.", "UK GDPR, art 5(1)(d): accuracy";
    LOST_IN_MERGING = "grounding.lost-in-merging", Info, "Each cited sentence leaves a trace in the statement.", "UK GDPR, art 5(1)(d): accuracy";
    DOUBTFUL_FACT = "recognition.doubtful-fact", Critical, "No number, date, name or denial that a statement rests on was read on a scan without certainty.", "UK GDPR, art 5(1)(d): accuracy";
    DOUBTFUL = "recognition.doubtful", Standard, "No word that a statement rests on was read on a scan without certainty.", "UK GDPR, art 5(1)(d): accuracy";
    CONFLICT = "grounding.conflict", Standard, "Sources that differ are shown side by side; nothing is chosen silently.", "UK GDPR, art 5(1)(d): accuracy";
    NEED_ALONE = "thread.need-without-provision", Standard, "Every need has provision.", "Children and Families Act 2014, s 37(2)";
    MEASURE_ALONE = "thread.provision-without-need", Standard, "Every provision serves a need.", "Children and Families Act 2014, s 37(2)";
    OUTCOME_ALONE = "thread.outcome-without-need", Standard, "Every outcome belongs to a need.", "SEND Code of Practice 2015, 9.66 to 9.69";
    NEED_AIMLESS = "thread.need-without-outcome", Info, "Every need has an outcome.", "SEND Code of Practice 2015, 9.69";
    OUTCOME_UNSERVED = "thread.outcome-without-provision", Standard, "Every outcome can be reached through provision for the needs that it belongs to.", "SEND Code of Practice 2015, 9.69";
    UNCLAIMED = "coverage.unclaimed", Standard, "Every sentence that looks like a need, a recommendation or an outcome is used, or a person knows that it is not.", "UK GDPR, art 5(1)(d): accuracy; nothing of the advice is lost unseen";
    UNLABELLED = "run.unlabelled", Critical, "A model has sorted every source that is drafted with one.", "this program's own: a step that was not made is never a pass";
    UNFILTERED = "run.unfiltered", Standard, "The content filter of the model's service looked at everything.", "this program's own: what harms or attacks is a person's to decide";
    UNWRITTEN = "run.unwritten", Critical, "Every section that is drafted with a model is written by it.", "this program's own: a step that was not made is never a pass";
    UNJUDGED = "run.unjudged", Critical, "A verdict that is missing or unreadable never counts as a pass.", "this program's own: a step that was not made is never a pass";
    TAKEN_OUT = "coverage.taken-out", Critical, "A statement that its evidence does not support is taken out and listed.", "UK GDPR, art 5(1)(d): accuracy; nothing of the advice is lost unseen";
    LEFT_OUT = "coverage.left-out", Standard, "Every need, recommendation and outcome stands in the draft, or a person knows why not.", "UK GDPR, art 5(1)(d): accuracy; nothing of the advice is lost unseen";
    UNSHIELDED = "run.unshielded", Critical, "Every source that is sent to a model is looked at by the service that finds attacks on it, where that is on.", "this program's own: what harms or attacks is a person's to decide";
    HELD_BACK = "screening.held-back", Critical, "What screening for harm blocks stands in no document until a person has decided.", "this program's own: what harms or attacks is a person's to decide";
    NOTED = "screening.noted", Standard, "What screening for harm marks is read by a person.", "this program's own: what harms or attacks is a person's to decide";
    UNSCREENED = "screening.not-assessed", Critical, "Every text that goes out is screened for harm, where that is on; one that was not rated never counts as harmless.", "this program's own: what harms or attacks is a person's to decide";
    NOT_JUDGED = "run.not-judged", Standard, "A judge has read every statement beside its evidence.", "this program's own: a step that was not made is never a pass";
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_distinct() {
        let ids: std::collections::BTreeSet<_> = super::ALL.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), super::ALL.len());
    }
}
