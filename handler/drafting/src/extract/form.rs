//! Facts: from forms ("Item | Detail"), labelled lines ("Address: ..."), and sentences that a pattern knows.

use crate::claim::Speaker;
use crate::document::{Document, Place, Sentence, SentenceId};
use crate::recipe::lexicon::{FactRule, Lexicon, PersonFact, fold};
use crate::recipe::{Field, Recipe};

use super::table::{self, Cell, Row};
use super::value::value;

/// A value of a field, and the sentences that give it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// The field's key.
    pub key: String,
    /// The value as it will stand there.
    pub value: String,
    /// Where it stands in the source.
    pub sentences: Vec<SentenceId>,
}

/// The longest label, in words.
const LABEL_WORDS: usize = 12;

/// All facts of a document whose author writes as `voice`.
pub(crate) fn facts(
    recipe: &Recipe,
    document: &Document,
    voice: Speaker,
    advice: Option<&str>,
) -> Vec<Found> {
    let mut form = Form {
        recipe,
        lexicon: &recipe.lexicon,
        voice,
        advice,
        persons: Vec::new(),
        current: None,
        asked: None,
        found: Vec::new(),
        loose: Vec::new(),
    };
    for row in table::rows(document) {
        form.row(&row);
    }
    let mut block = 0;
    let mut person = None;
    for sentence in &document.sentences {
        if matches!(sentence.place, Place::Cell { .. }) {
            continue;
        }
        if sentence.block != block {
            block = sentence.block;
            person = form.person_of_heading(sentence);
        }
        form.sentence(sentence, &mut person);
    }
    form.letterhead(document);
    form.settle();
    form.found
}

struct Form<'a> {
    recipe: &'a Recipe,
    lexicon: &'a Lexicon,
    voice: Speaker,
    advice: Option<&'a str>,
    /// What each person is called where their particulars begin, in order of appearance.
    persons: Vec<String>,
    /// The table in which a person's particulars were read last, and whose they were.
    current: Option<(u32, usize)>,
    /// The words in bold that lead a block, until its next sentence, which may be their value.
    asked: Option<(u32, String)>,
    found: Vec<Found>,
    /// What loose labels gave, in reading order.
    loose: Vec<(&'a str, String, Vec<SentenceId>)>,
}

impl<'a> Form<'a> {
    fn add(&mut self, key: &str, text: &str, sentences: &[SentenceId]) {
        let rule = self.lexicon.facts.iter().find(|rule| rule.key == key);
        let kind = self.recipe.field(key).map(Field::value_kind).unwrap_or_default();
        let parts: Vec<&str> = match rule.and_then(|rule| rule.separator.as_deref()) {
            Some(separator) => text.split(separator).collect(),
            None => vec![text],
        };
        for part in parts {
            let Some(value) = value(self.lexicon, rule, kind, part) else {
                continue;
            };
            let found = Found {
                key: key.to_owned(),
                value,
                sentences: sentences.to_vec(),
            };
            if !self.found.contains(&found) {
                self.found.push(found);
            }
        }
    }

    /// Puts in what only a loose label gave, and everything in reading order: of two values the first is more likely
    /// the subject's.
    fn settle(&mut self) {
        self.loose.sort_by_key(|(_, _, ids)| ids.first().copied());
        for (key, text, ids) in std::mem::take(&mut self.loose) {
            let taken = |found: &Found| found.key == key || found.sentences == ids && found.value == text;
            if !self.found.iter().any(taken) {
                self.add(key, &text, &ids);
            }
        }
        self.found.sort_by_key(|found| found.sentences.first().copied());
    }

    fn rules(&self) -> impl Iterator<Item = &'a FactRule> + use<'a> {
        let advice = self.advice;
        self.lexicon.facts.iter().filter(move |rule| {
            rule.advice.is_empty() || advice.is_some_and(|advice| rule.advice.iter().any(|own| own == advice))
        })
    }

    /// A label and the value beside it.
    fn labelled(&mut self, label: &str, text: &str, person: Option<usize>, ids: &[SentenceId]) {
        let folded = fold(label);
        if let Some((person, fact)) = self.particular(label, person) {
            match fact {
                Some(fact) => self.particular_value(person, fact, text, ids),
                None => self.after_lead(person, text, ids),
            }
            return;
        }
        let keys: Vec<&str> = self
            .rules()
            .filter(|rule| rule.labels.are(&folded))
            .map(|rule| rule.key.as_str())
            .collect();
        for key in keys {
            self.add(key, text, ids);
        }
        let loose = self.rules().filter(|rule| rule.loose_labels.are(&folded));
        let loose: Vec<_> = loose
            .map(|rule| (rule.key.as_str(), text.to_owned(), ids.to_vec()))
            .collect();
        self.loose.extend(loose);
        let joint: Vec<&str> = self
            .rules()
            .filter(|rule| rule.joint_labels.are(&folded))
            .map(|rule| rule.key.as_str())
            .collect();
        let before = self.found.len();
        for key in joint {
            self.add(key, text, ids);
        }
        let mut place = 0;
        self.found.retain(|found| {
            place += 1;
            place <= before || found.value == "No"
        });
    }

    /// The person and particular that a label names: "Parent 1's address", or "Address" among a person's own.
    /// A label that is a lead and nothing else names no particular.
    fn particular(&mut self, label: &str, person: Option<usize>) -> Option<(usize, Option<&'a PersonFact>)> {
        let lexicon = self.lexicon;
        let by_label = |label: &str| {
            let folded = fold(label);
            lexicon
                .person
                .facts
                .iter()
                .find(|fact| fact.labels.are(folded.trim_start_matches("'s")))
        };
        if let Some((lead, rest)) = lexicon.person.leads.lead(label) {
            let bare = rest
                .trim_start_matches(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
                .trim();
            let fact = by_label(bare);
            if fact.is_some() || !bare.chars().any(char::is_alphanumeric) {
                return Some((self.index(lead), fact));
            }
        }
        // In the family's own form particulars without a name before them are those of its author.
        let own = (self.voice != Speaker::Professional && !self.is_label(label)).then_some(0);
        Some((person.or(own)?, Some(by_label(label)?)))
    }

    fn particular_value(&mut self, person: usize, fact: &PersonFact, text: &str, ids: &[SentenceId]) {
        if let Some(key) = fact.keys.get(person) {
            self.add(key, text, ids);
        }
    }

    /// The number of a person, from 0: the figure in what they are called, else in order of appearance.
    fn index(&mut self, lead: &str) -> usize {
        let folded = fold(lead);
        if let Some(figure) = folded
            .chars()
            .find_map(|c| c.to_digit(10))
            .filter(|figure| *figure > 0)
        {
            return usize::try_from(figure).map_or(0, |figure| figure - 1);
        }
        if let Some(index) = self.persons.iter().position(|person| *person == folded) {
            return index;
        }
        self.persons.push(folded);
        self.persons.len() - 1
    }

    fn after_lead(&mut self, person: usize, text: &str, ids: &[SentenceId]) {
        let lexicon = self.lexicon;
        for fact in &lexicon.person.facts {
            if let Some(part) = fact.after_lead.first(text) {
                self.particular_value(person, fact, part, ids);
            }
        }
    }

    fn is_label(&self, text: &str) -> bool {
        let folded = fold(text);
        self.lexicon.person.leads.lead(text).is_some()
            || self.rules().any(|rule| {
                rule.labels.are(&folded) || rule.loose_labels.are(&folded) || rule.joint_labels.are(&folded)
            })
    }

    /// Whether a label asks for something else than the value before it: a person's particular, or what no field has.
    fn ends_value(&self, text: &str) -> bool {
        let folded = fold(text);
        let mut particulars = self.lexicon.person.facts.iter();
        particulars.any(|fact| fact.labels.are(&folded)) || self.lexicon.signs.other_labels.are(&folded)
    }

    fn row(&mut self, row: &Row) {
        let headed = row
            .cells
            .first()
            .and_then(|cell| self.person_of_heading(cell.sentences.first()?));
        if self.row_of_person(row) {
            return;
        }
        for pair in row.cells.windows(2) {
            let [label, value] = pair else { continue };
            let (name, text) = (label.text(), value.text());
            if name.split_whitespace().count() <= LABEL_WORDS && !self.is_label(&text) {
                let ids: Vec<SentenceId> = value.ids().collect();
                let name = name.trim_end_matches(':');
                if let Some((person, _)) = self.particular(name, None) {
                    self.current = Some((row.block, person));
                }
                let person = headed.or_else(|| self.going_on(row, name));
                self.labelled(name, &text, person, &ids);
            }
        }
        for cell in &row.cells {
            self.listed(cell.head, &cell.sentences);
            for sentence in &cell.sentences {
                self.said(sentence);
            }
        }
    }

    /// The person whose particulars a row goes on with: "Telephone" under "Father's name". What the form has asked of
    /// nobody yet, and could ask of the subject, is the subject's.
    fn going_on(&self, row: &Row, label: &str) -> Option<usize> {
        let (_, person) = self.current.filter(|(block, _)| *block == row.block)?;
        let folded = fold(label);
        let mut own = self.rules().filter(|rule| rule.labels.are(&folded));
        let open = own.any(|rule| self.found.iter().all(|found| found.key != rule.key));
        (!open).then_some(person)
    }

    /// A table with one row a person, its particulars in the heads.
    fn row_of_person(&mut self, row: &Row) -> bool {
        let lexicon = self.lexicon;
        let particular = |cell: &Cell| {
            let head = fold(cell.head?);
            lexicon.person.facts.iter().find(|fact| fact.labels.are(&head))
        };
        if row.cells.iter().filter(|cell| particular(cell).is_some()).count() < 3 {
            return false;
        }
        let Ok(person) = usize::try_from(row.number) else {
            return false;
        };
        for cell in &row.cells {
            if let Some(fact) = particular(cell) {
                self.particular_value(person, fact, &cell.text(), &cell.ids().collect::<Vec<_>>());
            }
        }
        true
    }

    fn person_of_heading(&mut self, sentence: &Sentence) -> Option<usize> {
        let lexicon = self.lexicon;
        let (lead, _) = sentence
            .headings
            .iter()
            .rev()
            .find_map(|heading| lexicon.person.leads.lead(heading))?;
        Some(self.index(lead))
    }

    fn sentence(&mut self, sentence: &Sentence, person: &mut Option<usize>) {
        let lexicon = self.lexicon;
        let ids = [sentence.id];
        if let Some((lead, rest)) = lexicon.person.leads.lead(&sentence.text)
            && rest.trim_start().starts_with(':')
        {
            let index = self.index(lead);
            *person = Some(index);
            self.after_lead(index, rest.trim_start_matches([':', ' ']), &ids);
        }
        // "**Looked after?** Yes": the label is a sentence of its own, and the value the next.
        if let Some(label) = self
            .asked
            .take()
            .filter(|(block, _)| *block == sentence.block)
            .map(|(_, label)| label)
        {
            self.labelled(
                label.trim_end_matches(['?', ':', '.']),
                &sentence.text,
                *person,
                &ids,
            );
        }
        let question = sentence
            .text
            .strip_suffix('?')
            .is_some_and(|label| self.is_label(label));
        if question || sentence.lead.as_deref() == Some(&sentence.text) {
            self.asked = Some((sentence.block, sentence.text.clone()));
        }
        let known = |text: &str| {
            self.is_label(text) || self.ends_value(text) || person.is_some() && !text.contains(' ')
        };
        for (label, text) in labels(&sentence.text, known) {
            self.labelled(label, text, *person, &ids);
        }
        self.listed(sentence.headings.last().map(String::as_str), &[sentence]);
        self.said(sentence);
    }

    /// Values that a sentence gives in words.
    fn said(&mut self, sentence: &Sentence) {
        let ids = vec![sentence.id];
        for rule in self.rules() {
            if let Some(part) = rule.says.first(&sentence.text) {
                self.add(&rule.key, part, &ids);
            }
        }
        self.implied(sentence, &ids);
        if self.voice == Speaker::Professional {
            return;
        }
        // The author speaks of themself; a form or a label says better whose a value is.
        let lexicon = self.lexicon;
        for fact in &lexicon.person.facts {
            let said = fact.keys.first().zip(fact.says.first(&sentence.text));
            self.loose
                .extend(said.map(|(key, part)| (key.as_str(), part.to_owned(), ids.clone())));
        }
    }

    /// What a sentence says without the word: a child who "lives with his foster carers" is looked after. A form says
    /// better.
    fn implied(&mut self, sentence: &Sentence, ids: &[SentenceId]) {
        let folded = fold(&sentence.text);
        for rule in self.rules() {
            for (phrases, value) in [(&rule.no, "No"), (&rule.yes, "Yes")] {
                if phrases.found(&folded) {
                    self.loose.push((&rule.key, value.to_owned(), ids.to_vec()));
                    break;
                }
            }
        }
    }

    /// Values that stand under a heading of their own.
    fn listed(&mut self, heading: Option<&str>, sentences: &[&Sentence]) {
        let Some(heading) = heading.map(fold) else { return };
        let formal = |sentence: &&&Sentence| self.lexicon.signs.formal.found(&fold(&sentence.text));
        let sentences: Vec<&&Sentence> = sentences.iter().filter(|sentence| !formal(sentence)).collect();
        for rule in self.rules().filter(|rule| rule.headings.found(&heading)) {
            for sentence in &sentences {
                self.add(&rule.key, &sentence.text, &[sentence.id]);
            }
        }
    }

    /// Lines above the first form or list that name who writes.
    fn letterhead(&mut self, document: &Document) {
        let lines = document.sentences.iter().take_while(|sentence| is_line(sentence));
        for sentence in lines.filter(|sentence| !sentence.text.contains(':')) {
            let folded = fold(&sentence.text);
            for rule in self.rules().filter(|rule| rule.letterhead.found(&folded)) {
                self.add(&rule.key, &sentence.text, &[sentence.id]);
            }
        }
    }
}

fn is_line(sentence: &Sentence) -> bool {
    sentence.place == Place::Paragraph && !sentence.text.ends_with(['.', ':', '?', '!'])
}

/// The labels before colons in a line, each with the text up to the next of them. A label is the longest run of
/// words before its colon that `known` accepts.
fn labels(text: &str, known: impl Fn(&str) -> bool) -> Vec<(&str, &str)> {
    let mut marks: Vec<(usize, usize, usize)> = Vec::new();
    let mut from = 0;
    for (colon, _) in text.match_indices(':') {
        let Some(before) = text.get(from..colon) else {
            continue;
        };
        // The first label begins the line; later ones follow the value of the one before.
        let starts = match (from, marks.is_empty()) {
            (0, _) => vec![0],
            (_, true) => break,
            (_, false) => starts_of_words(before),
        };
        if let Some(start) = starts
            .into_iter()
            .find(|start| before.get(*start..).is_some_and(&known))
        {
            marks.push((from + start, colon, colon + 1));
        }
        from = colon + 1;
    }
    let ends: Vec<usize> = marks
        .iter()
        .skip(1)
        .map(|mark| mark.0)
        .chain([text.len()])
        .collect();
    marks
        .iter()
        .zip(ends)
        .filter_map(|((start, colon, value), end)| {
            Some((text.get(*start..*colon)?.trim(), text.get(*value..end)?.trim()))
        })
        .collect()
}

/// Where the last words of a text begin, the longest run first.
fn starts_of_words(text: &str) -> Vec<usize> {
    let mut starts: Vec<usize> = text
        .char_indices()
        .filter(|(at, c)| {
            !c.is_whitespace()
                && text
                    .get(..*at)
                    .is_none_or(|t| t.is_empty() || t.ends_with(char::is_whitespace))
        })
        .map(|(at, _)| at)
        .collect();
    let skip = starts.len().saturating_sub(LABEL_WORDS);
    starts.drain(..skip);
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_a_line() {
        let known = |text: &str| ["DOB", "NHS number", "Name"].contains(&text);
        assert_eq!(
            labels("Name: Ann Oak DOB: 1/2/2015 NHS number: 999", known),
            [("Name", "Ann Oak"), ("DOB", "1/2/2015"), ("NHS number", "999")]
        );
        assert_eq!(labels("He said: no", known), []);
        assert_eq!(labels("", known), []);
    }
}
