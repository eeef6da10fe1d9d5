//! Statements from a file, each with the quotes that it cites, and what the rules find in them.

use drafting::case::Case;
use drafting::check::rules;
use drafting::check::statement::{Citation, Reader, Written};
use drafting::finding::{Finding, Severity, Subject};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::locate::Located;

/// A statement and its quotes, as a file gives them. Nothing but the statement is taken for granted.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Item {
    /// Its id, of any type; it is given back as it came.
    pub id: Value,
    /// The words.
    pub statement: Option<String>,
    /// The section of the plan.
    pub section: Option<String>,
    /// The area, where there is one.
    pub area: Option<String>,
    /// What it cites.
    pub cited: Option<Vec<Quote>>,
}

/// A quote and where it should stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct Quote {
    /// The file name.
    pub document: Option<String>,
    /// The page, from 1, as far as it is known.
    pub page: Option<u32>,
    /// The words.
    pub quote: Option<String>,
}

/// What was found in one item.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The item's id.
    pub id: Value,
    /// The findings of standard severity or worse.
    pub findings: Vec<Found>,
}

/// A finding as the answer gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found {
    /// The rule.
    pub rule: String,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
}

/// Checks items against a case.
#[derive(Debug)]
pub struct Bench<'c> {
    reader: &'c Reader<'c>,
    located: Vec<Located<'c>>,
}

impl<'c> Bench<'c> {
    /// For one case.
    #[must_use]
    pub fn new(reader: &'c Reader<'c>, case: &'c Case) -> Self {
        Self {
            reader,
            located: Located::all(case),
        }
    }

    /// What the rules find in an item, info left out.
    #[must_use]
    pub fn answer(&self, item: &Item) -> Answer {
        let findings = self
            .findings(item)
            .into_iter()
            .filter(|finding| finding.severity != Severity::Info);
        Answer {
            id: item.id.clone(),
            findings: findings
                .map(|finding| Found {
                    rule: finding.rule,
                    severity: finding.severity,
                    message: finding.message,
                })
                .collect(),
        }
    }

    fn findings(&self, item: &Item) -> Vec<Finding> {
        let subject = Subject::Statement(item.id.to_string());
        let uncited = |message: &str| rules::UNCITED.finding(subject.clone(), message.to_owned(), None);
        let text = item.statement.as_deref().unwrap_or_default();
        let mut found = Vec::new();
        if text.trim().is_empty() {
            found.push(rules::LEFTOVER.finding(subject.clone(), "the statement is empty".to_owned(), None));
        }
        let mut citations = Vec::new();
        for quote in item.cited.iter().flatten() {
            let cited = self.cite(quote);
            if cited.is_empty() && !self.is_frame(quote) {
                found.push(uncited("a quote does not stand in its document"));
            }
            citations.extend(cited);
        }
        // No quote at all: the reader says so. Quotes that are not found were told of above.
        if citations.is_empty() && !found.is_empty() {
            return found;
        }
        found.extend(self.reader.findings(
            &subject,
            &Written {
                text,
                section: item.section.as_deref(),
                area: item.area.as_deref(),
                citations,
            },
        ));
        found
    }

    fn is_frame(&self, quote: &Quote) -> bool {
        let (Some(document), Some(words)) = (&quote.document, &quote.quote) else {
            return false;
        };
        let mut named = self.located.iter().filter(|located| located.is_named(document));
        named.any(|located| located.is_frame(words))
    }

    fn cite(&self, quote: &Quote) -> Vec<Citation<'c>> {
        let (Some(document), Some(words)) = (&quote.document, &quote.quote) else {
            return Vec::new();
        };
        let named = || self.located.iter().filter(|located| located.is_named(document));
        let find = |words: &str| {
            named()
                .map(|located| located.find(words, quote.page))
                .find(|cited| !cited.is_empty())
                .unwrap_or_default()
        };
        let whole = find(words);
        if !whole.is_empty() {
            return whole;
        }
        // Cells of a row that do not stand beside each other.
        let cells: Vec<Vec<Citation>> = words.split('|').map(find).collect();
        if cells.len() > 1 && cells.iter().all(|cell| !cell.is_empty()) {
            return cells.concat();
        }
        Vec::new()
    }
}
