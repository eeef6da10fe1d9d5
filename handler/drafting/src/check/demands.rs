//! The recipe's own rules, applied: what its words are held to.
//!
//! Each rule has one of three results: nothing found, findings, or not assessed with the reason. What could not be
//! assessed is never a pass.

use std::collections::BTreeMap;

use super::{Findings, View};
use crate::draft::{Draft, FieldContent, Statement, Support};
use crate::extract::slots;
use crate::finding::{Finding, Severity, Subject};
use crate::read_rules::{Reading, Readings};
use crate::recipe::demands::{CheckDigit, Demand, Slot, Test, With, Without};
use crate::recipe::lexicon::{Lexicon, fold};

mod age;
mod balance;
mod cadence;
mod institutions;
mod limits;
mod numbers;
mod papers;
mod people;
mod plain;
mod staff;
mod timetable;
mod toward;

/// What could not be assessed, by the rule's id, and why.
pub(super) type NotAssessed = BTreeMap<String, String>;

/// Applies the recipe's rules to a draft.
pub(super) fn check(
    view: &View,
    draft: &Draft,
    readings: Option<&Readings>,
    findings: &mut Findings,
) -> NotAssessed {
    let mut not_assessed = NotAssessed::new();
    for demand in &view.recipe.demands.rules {
        let scope = Scope {
            view,
            draft,
            demand,
            readings,
        };
        match apply(&scope) {
            Ok(found) => {
                for (subject, message) in found {
                    findings.demand(demand, subject, message);
                }
            }
            Err(reason) => {
                // A judge who was asked and could not be read is something that a person must make up for.
                if readings.is_some() && matches!(demand.test, Test::Read(_)) {
                    findings.demand(demand, Subject::Case, format!("it was not assessed: {reason}"));
                }
                not_assessed.insert(demand.id.clone(), reason);
            }
        }
    }
    not_assessed
}

/// What the rules of words that a writer can mend find in the text of a field's statement. Whatever they weigh in a plan,
/// they are no reason to take a statement out whose evidence bears it: words are mended, or a person is told.
pub(super) fn mendable(findings: &mut Findings, field: &str, subject: &Subject, text: &str) {
    let recipe = findings.recipe;
    let Some((section, _)) = recipe.fields().find(|(_, own)| own.key == field) else {
        return;
    };
    for demand in recipe.demands.rules.iter().filter(|demand| demand.mendable) {
        if demand.place.holds(&section.id, field)
            && let Some(message) = in_words(&recipe.lexicon, demand, text)
        {
            findings.demand(demand, subject.clone(), message);
        }
    }
    for finding in &mut findings.found {
        let own = recipe
            .demands
            .rules
            .iter()
            .any(|demand| demand.id == finding.rule);
        if own {
            finding.severity = finding.severity.max(Severity::Standard);
        }
    }
}

/// Whether one sentence alone decides a test.
pub(crate) fn is_of_words(sought: &Test) -> bool {
    match sought {
        Test::Without(_) | Test::With(_) | Test::NoInstitution(_) => true,
        Test::FieldWith(_)
        | Test::Plain(_)
        | Test::Explained(_)
        | Test::Count(_)
        | Test::Unnamed(_)
        | Test::NoProfessional(_)
        | Test::CheckDigit(_)
        | Test::Age(_)
        | Test::FromYear(_)
        | Test::Consulted(_)
        | Test::Recent(_)
        | Test::Once(_)
        | Test::Called(_)
        | Test::Words(_)
        | Test::Sentences(_)
        | Test::Pages(_)
        | Test::Beside(_)
        | Test::FreeOf(_)
        | Test::Filled(_)
        | Test::Enclosed(_)
        | Test::WantedWhenEmpty(_)
        | Test::Indexed(_)
        | Test::NotFrom(_)
        | Test::Read(_)
        | Test::Cadence(_)
        | Test::Toward(_)
        | Test::Clock(_) => false,
    }
}

/// What a rule of words says of one statement; nothing when it has nothing against it, or is no rule of words.
pub(crate) fn in_words(lexicon: &Lexicon, demand: &Demand, text: &str) -> Option<String> {
    match &demand.test {
        Test::Without(sought) => without(lexicon, sought, text),
        Test::With(sought) => {
            with(sought, text).then(|| format!("it does not say what is wanted: {}", demand.demand))
        }
        Test::NoInstitution(sought) => {
            institutions::named(text, sought).then(|| "it names a school or another institution".to_owned())
        }
        _ => None,
    }
}

/// One rule and what it looks at.
struct Scope<'a> {
    view: &'a View<'a>,
    draft: &'a Draft,
    demand: &'a Demand,
    /// What a judge says of the rules that need reading, where one was asked.
    readings: Option<&'a Readings>,
}

impl<'a> Scope<'a> {
    /// The statements in the rule's places with their sections and fields.
    fn statements(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a Statement)> {
        let place = &self.demand.place;
        self.draft
            .statements()
            .filter(|(section, field, _)| place.holds(&section.id, &field.key))
            .map(|(section, field, statement)| (section.id.as_str(), field.key.as_str(), statement))
    }

    /// The one value of a fact, where the draft has it.
    fn value(&self, key: &str) -> Option<&'a str> {
        let mut fields = self.draft.sections.iter().flat_map(|section| &section.fields);
        match &fields.find(|field| field.key == key)?.content {
            FieldContent::Value(statement) => Some(statement.text.as_str()),
            FieldContent::Empty | FieldContent::Open(_) | FieldContent::Statements(_) => None,
        }
    }

    /// The folded text of all its statements.
    fn text(&self) -> String {
        let texts: Vec<String> = self
            .statements()
            .map(|(_, _, statement)| fold(&statement.text))
            .collect();
        texts.join(" \n")
    }
}

/// What a rule found: the place, and what is wrong there.
type Found = Vec<(Subject, String)>;

/// What a rule finds, or why it could not be assessed.
fn apply(scope: &Scope) -> Result<Found, String> {
    match &scope.demand.test {
        Test::Without(_) | Test::With(_) | Test::NoInstitution(_) => Ok(each(scope)),
        Test::FieldWith(sought) => Ok(in_fields(scope, sought)),
        Test::Plain(sought) => Ok(plain::limits(scope, sought)),
        Test::Explained(words) => Ok(plain::explained(scope, words)),
        Test::Once(sought) => Ok(plain::once(scope, *sought)),
        Test::Count(sought) => Ok(limits::count(scope, *sought)),
        Test::Words(sought) => Ok(limits::words(scope, *sought)),
        Test::Sentences(sought) => Ok(limits::sentences(scope, *sought)),
        Test::FreeOf(marks) => Ok(limits::free_of(scope, marks)),
        Test::Filled(wanted) => Ok(limits::filled(scope, wanted)),
        Test::WantedWhenEmpty(wanted) => Ok(limits::wanted_when_empty(scope, wanted)),
        Test::Enclosed(sought) => papers::enclosed(scope, sought),
        Test::Indexed(wanted) => papers::indexed(scope, wanted),
        Test::NotFrom(kinds) => Ok(papers::not_from(scope, kinds)),
        Test::Read(_) => read(scope),
        Test::Called(sought) => people::called(scope, sought),
        Test::Unnamed(keys) => people::unnamed(scope, keys),
        Test::NoProfessional(sought) => Ok(staff::professionals(scope, sought)),
        Test::CheckDigit(CheckDigit::NhsNumber) => people::nhs_numbers(scope),
        Test::CheckDigit(CheckDigit::PupilNumber) => numbers::pupil_numbers(scope),
        Test::Beside(pairs) => balance::beside(scope, pairs),
        // The Word file is made from what was checked: see `CheckedDraft::of_pages`.
        Test::Pages(_) => Err("its pages were not counted".into()),
        Test::Age(born) => age::agrees(scope, born),
        Test::FromYear(sought) => age::from_year(scope, sought),
        Test::Consulted(sought) => Ok(people::consulted(scope, sought)),
        Test::Cadence(sought) => Ok(cadence::threes(scope, *sought)),
        Test::Toward(keys) => toward::unshared(scope, keys),
        Test::Recent(sought) => timetable::recent(scope, *sought),
        Test::Clock(milestones) => timetable::clock(scope, milestones),
    }
}

/// What a judge objects to, in statements that still stand.
fn read(scope: &Scope) -> Result<Found, String> {
    let readings = scope
        .readings
        .ok_or("it needs reading, and no judge has read the draft")?;
    let found = match readings.get(&scope.demand.id) {
        Some(Reading::Pass) => return Ok(Found::new()),
        Some(Reading::Found(found)) => found,
        Some(Reading::Unreadable { reason }) => return Err(reason.clone()),
        None => return Err("the judge was not asked".into()),
    };
    let stands = |id: &str| {
        scope
            .draft
            .statements()
            .any(|(_, _, statement)| statement.id == id)
    };
    let found = found.iter().filter(|objection| stands(&objection.statement));
    Ok(found
        .map(|objection| {
            let message = format!("{} (\u{201c}{}\u{201d})", objection.problem, objection.words);
            (Subject::Statement(objection.statement.clone()), message)
        })
        .collect())
}

fn each(scope: &Scope) -> Found {
    let found = scope.statements().filter_map(|(_, _, statement)| {
        let message = in_words(&scope.view.recipe.lexicon, scope.demand, &statement.text)?;
        Some((Subject::Statement(statement.id.clone()), message))
    });
    found.collect()
}

/// The first of the phrases that stands where it must not.
fn without(lexicon: &Lexicon, sought: &Without, text: &str) -> Option<String> {
    let own = if sought.quoted {
        text.to_owned()
    } else {
        unquoted(text)
    };
    let folded = fold(&own);
    let (start, end) = sought.phrases.first(folded.as_str())?;
    if sought.begins
        && folded
            .get(..start)
            .is_none_or(|before| before.chars().any(char::is_alphanumeric))
    {
        return None;
    }
    if sought.unless.found(&folded)
        || (!sought.unless_slots.is_empty() && gives(lexicon, &folded, &sought.unless_slots))
    {
        return None;
    }
    let words = folded.get(start..end).unwrap_or_default().trim();
    Some(format!("it says \u{201c}{words}\u{201d}"))
}

fn gives(lexicon: &Lexicon, folded: &str, wanted: &[Slot]) -> bool {
    let given = slots::slots(lexicon, &[folded]);
    wanted.iter().any(|slot| match slot {
        Slot::Who => given.who.is_some(),
        Slot::Ratio => given.ratio.is_some(),
        Slot::Duration => given.duration.is_some(),
        Slot::Frequency => given.frequency.is_some(),
        Slot::Until => given.until.is_some(),
    })
}

/// Whether a statement lacks what is wanted of it.
fn with(sought: &With, text: &str) -> bool {
    let folded = fold(text);
    (sought.only.is_empty() || sought.only.found(&folded)) && !sought.phrases.found(&folded)
}

fn in_fields(scope: &Scope, sought: &With) -> Found {
    let mut fields: BTreeMap<&str, String> = BTreeMap::new();
    for (_, field, statement) in scope.statements() {
        let text = fields.entry(field).or_default();
        text.push_str(&statement.text);
        text.push('\n');
    }
    let lacking = fields.into_iter().filter(|(_, text)| with(sought, text));
    lacking
        .map(|(field, _)| {
            let message = format!("it does not say what is wanted: {}", scope.demand.demand);
            (Subject::Field(field.to_owned()), message)
        })
        .collect()
}

/// The text without what stands in double quotation marks: those words are somebody's own.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '\u{201c}' => depth += 1,
            '\u{201d}' => depth = depth.saturating_sub(1),
            '"' => depth = usize::from(depth == 0),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// Whether the officer answers for it.
fn is_officers(statement: &Statement) -> bool {
    statement.support == Support::Officer
}

impl Findings<'_> {
    /// Adds a finding of a rule of the recipe, unless the recipe turns it off.
    fn demand(&mut self, demand: &Demand, subject: Subject, message: String) {
        let Some(severity) = self.recipe.severity(&demand.id, demand.severity) else {
            return;
        };
        self.found.push(Finding {
            severity,
            rule: demand.id.clone(),
            subject,
            message,
            hint: demand.hint.clone(),
        });
    }
}
