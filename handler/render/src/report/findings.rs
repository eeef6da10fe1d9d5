//! Findings: at the place they are about, and all of them by weight and rule.

use drafting::document::SentenceId;
use drafting::finding::{Finding, Severity, Subject};
use serde::Serialize;

use crate::citation::Citation;
use crate::index::{Index, Numbered};
use crate::words;

/// A link inside the report; without a target, only its text.
#[derive(Serialize)]
pub(super) struct Link {
    pub target: Option<String>,
    pub text: String,
}

/// A finding as it is shown.
#[derive(Serialize)]
pub(super) struct FindingView<'a> {
    /// Its place among all findings, from 1.
    number: usize,
    severity: &'static str,
    label: &'static str,
    rule: &'a str,
    message: String,
    hint: Option<String>,
    place: Option<Link>,
    /// Whether the report shows it where it is about; else the list of findings does.
    at_place: bool,
    /// The words concerned, where the finding is about a sentence of a source.
    quote: Option<&'a str>,
}

/// The findings of one rule at one weight.
#[derive(Serialize)]
pub(super) struct RuleGroup<'a> {
    rule: &'a str,
    demand: &'a str,
    findings: Vec<FindingView<'a>>,
}

/// The findings of one weight.
#[derive(Serialize)]
pub(super) struct SeverityGroup<'a> {
    key: &'static str,
    label: &'static str,
    meaning: &'static str,
    count: usize,
    rules: Vec<RuleGroup<'a>>,
}

/// What a rule of the catalogue or of the recipe demands.
fn demand<'a>(index: &Index<'a>, id: &str) -> &'a str {
    let mut results = index.generated.checked.results().iter();
    results
        .find(|result| result.rule == id)
        .map_or("", |result| result.demand.as_str())
}

/// The findings about a subject.
pub(super) fn about<'a>(index: &Index<'a>, subject: &Subject) -> Vec<FindingView<'a>> {
    index
        .findings(subject)
        .iter()
        .map(|numbered| view(index, *numbered))
        .collect()
}

/// The weight of the weightiest finding about a subject, as a class name.
pub(super) fn worst(index: &Index<'_>, subject: &Subject) -> &'static str {
    let worst = index
        .findings(subject)
        .iter()
        .map(|numbered| numbered.finding.severity)
        .min();
    worst.map_or("none", words::severity_key)
}

/// All findings by weight, then by rule.
pub(super) fn groups<'a>(index: &Index<'a>) -> Vec<SeverityGroup<'a>> {
    [Severity::Critical, Severity::Standard, Severity::Info]
        .into_iter()
        .map(|severity| group(index, severity))
        .filter(|group| group.count > 0)
        .collect()
}

fn group<'a>(index: &Index<'a>, severity: Severity) -> SeverityGroup<'a> {
    let mut rules: Vec<RuleGroup<'a>> = Vec::new();
    let all = index.all_findings();
    for numbered in all.filter(|numbered| numbered.finding.severity == severity) {
        let finding = numbered.finding;
        let shown = view(index, numbered);
        // Findings are sorted by weight and rule.
        match rules.last_mut().filter(|group| group.rule == finding.rule) {
            Some(group) => group.findings.push(shown),
            None => rules.push(RuleGroup {
                rule: &finding.rule,
                demand: demand(index, &finding.rule),
                findings: vec![shown],
            }),
        }
    }
    SeverityGroup {
        key: words::severity_key(severity),
        label: words::severity(severity),
        meaning: words::severity_meaning(severity),
        count: rules.iter().map(|group| group.findings.len()).sum(),
        rules,
    }
}

fn view<'a>(index: &Index<'a>, numbered: Numbered<'a>) -> FindingView<'a> {
    let finding: &'a Finding = numbered.finding;
    FindingView {
        number: numbered.number,
        at_place: is_shown_at_place(index, &finding.subject),
        severity: words::severity_key(finding.severity),
        label: words::severity(finding.severity),
        rule: &finding.rule,
        message: words::sentence(&finding.message),
        hint: finding.hint.as_deref().map(words::sentence),
        place: place(index, &finding.subject),
        quote: match &finding.subject {
            Subject::Sentence(id) => index.sentence(*id).map(|sentence| sentence.text.as_str()),
            Subject::Case
            | Subject::Source(_)
            | Subject::Section(_)
            | Subject::Field(_)
            | Subject::Statement(_) => None,
        },
    }
}

/// Whether the report shows a finding about this where it is about.
fn is_shown_at_place(index: &Index<'_>, subject: &Subject) -> bool {
    match subject {
        Subject::Case | Subject::Sentence(_) => false,
        Subject::Source(name) => {
            let mut sources = index.generated.case.sources.iter();
            sources.any(|source| source.name == *name)
        }
        Subject::Section(id) => index.sections().any(|(section, _)| section.id == *id),
        Subject::Field(key) => index.field(key).is_some() || index.conflict(key).is_some(),
        Subject::Statement(id) => index.statement(id).is_some(),
    }
}

/// Links to the findings about a sentence, which stand in the list of findings.
pub(super) fn sentence_findings(index: &Index<'_>, id: SentenceId) -> Vec<Link> {
    let all = index.findings(&Subject::Sentence(id)).iter();
    all.map(|numbered| Link {
        target: Some(format!("finding-{}", numbered.number)),
        text: format!("finding {}", numbered.number),
    })
    .collect()
}

/// How many findings of each weight there are about some subjects.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct Tally {
    critical: usize,
    standard: usize,
    info: usize,
}

impl Tally {
    /// Counts the findings about a subject too.
    pub(super) fn add(&mut self, index: &Index<'_>, subject: &Subject) {
        for numbered in index.findings(subject) {
            match numbered.finding.severity {
                Severity::Critical => self.critical += 1,
                Severity::Standard => self.standard += 1,
                Severity::Info => self.info += 1,
            }
        }
    }
}

/// Where a finding is about, as a link where the report shows it.
fn place(index: &Index<'_>, subject: &Subject) -> Option<Link> {
    let link = match subject {
        Subject::Case => return None,
        Subject::Source(name) => {
            let source = index
                .generated
                .case
                .sources
                .iter()
                .find(|source| source.name == *name);
            Link {
                target: source.map(|source| format!("source-{}", source.number)),
                text: name.to_string(),
            }
        }
        Subject::Sentence(id) => return sentence_link(index, *id),
        Subject::Section(id) => {
            let drafted = index.sections().any(|(section, _)| section.id == *id);
            Link {
                target: drafted.then(|| format!("section-{id}")),
                text: format!("Section {id}"),
            }
        }
        Subject::Field(key) => field_link(index, key),
        Subject::Statement(id) => statement_link(index, id),
    };
    Some(link)
}

/// The name of the place that a finding is about; empty when it is the case.
pub(crate) fn place_name(index: &Index<'_>, subject: &Subject) -> String {
    place(index, subject).map_or_else(String::new, |link| link.text)
}

/// A link to a statement; one that was taken out is named and not linked.
pub(super) fn statement_link(index: &Index<'_>, id: &str) -> Link {
    match index.statement(id) {
        Some(_) => Link {
            target: Some(format!("s-{id}")),
            text: id.to_owned(),
        },
        None => Link {
            target: None,
            text: format!("{id} (taken out)"),
        },
    }
}

/// A link to a field, else to the conflict about the thing of that name.
pub(super) fn field_link(index: &Index<'_>, key: &str) -> Link {
    let text = words::capital(index.label(key).unwrap_or(key));
    let target = match (index.field(key), index.conflict(key)) {
        (_, Some(number)) => Some(format!("conflict-{}", number + 1)),
        (Some(_), None) => Some(format!("field-{key}")),
        (None, None) => None,
    };
    Link { target, text }
}

fn sentence_link(index: &Index<'_>, id: SentenceId) -> Option<Link> {
    let (source, sentence) = (index.source(id.source)?, index.sentence(id)?);
    let place = Citation {
        source,
        sentences: vec![sentence],
    }
    .place();
    let target = if index.is_listed(id.source) {
        id.to_string()
    } else {
        format!("source-{}", id.source)
    };
    Some(Link {
        target: Some(target),
        text: format!("{}, {place}", source.name),
    })
}
