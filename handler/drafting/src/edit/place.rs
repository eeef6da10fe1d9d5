//! Where the statements of a record stand in the lines of its draft.

use std::ops::Range;

use super::Line;
use crate::compare::plain;
use crate::draft::Statement;
use crate::recipe::Recipe;
use crate::record::Record;

/// A statement and where it stands.
pub(super) struct Placed<'r> {
    pub section: &'r str,
    pub field: &'r str,
    pub statement: &'r Statement,
    /// The line, and the bytes of its text; nothing when the draft's template does not show it.
    pub at: Option<(usize, Range<usize>)>,
}

/// How surely a line is a statement's place (how telling it is, whether it comes after the statement before, and the first of
/// equals), which line, and where in it.
type Candidate = ((usize, bool, usize), usize, Range<usize>);

/// Finds every statement, each in words that no other has taken.
pub(super) fn placed<'r>(recipe: &Recipe, record: &'r Record, lines: &[Line]) -> Vec<Placed<'r>> {
    let mut taken: Vec<Vec<Range<usize>>> = vec![Vec::new(); lines.len()];
    let mut cursor = 0;
    let mut found = Vec::new();
    for section in &record.sections {
        for field in &section.fields {
            let label = plain(recipe.field(&field.key).map_or("", |field| field.label.as_str()));
            for statement in field.content.statements() {
                let text = plain(&statement.text);
                let mut best: Option<Candidate> = None;
                for (at, line) in lines.iter().enumerate() {
                    let own = taken.get(at).map_or(&[] as &[Range<usize>], Vec::as_slice);
                    let Some(range) = within(&line.text, &text, own) else {
                        continue;
                    };
                    let score = telling(line, statement, &label, range.len());
                    let rank = (score, at >= cursor, usize::MAX - at);
                    if best.as_ref().is_none_or(|(known, ..)| rank > *known) {
                        best = Some((rank, at, range));
                    }
                }
                let at = best.map(|(_, at, range)| (at, range));
                if let Some((line, range)) = &at {
                    cursor = *line;
                    if let Some(own) = taken.get_mut(*line) {
                        own.push(range.clone());
                    }
                }
                found.push(Placed {
                    section: &section.id,
                    field: &field.key,
                    statement,
                    at,
                });
            }
        }
    }
    found
}

/// How surely a line is the statement's place: its number or its label stands in the row, and it fills the line.
fn telling(line: &Line, statement: &Statement, label: &str, length: usize) -> usize {
    let row = line.cell.as_ref().map_or("", |cell| cell.row_head.as_str());
    let numbered = row == statement.id;
    let labelled = !label.is_empty() && row.eq_ignore_ascii_case(label);
    let whole = line.text.len() == length;
    usize::from(numbered) * 8 + usize::from(labelled) * 4 + usize::from(whole && !line.is_heading) * 2
}

/// The first place of `text` in `line`, between words, that overlaps none of `taken`.
pub(super) fn within(line: &str, text: &str, taken: &[Range<usize>]) -> Option<Range<usize>> {
    if text.is_empty() {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let starts = line.match_indices(text).map(|(start, _)| start);
    starts.map(|start| start..start + text.len()).find(|range| {
        let before = line.get(..range.start).and_then(|text| text.chars().next_back());
        let after = line.get(range.end..).and_then(|text| text.chars().next());
        let first = text.chars().next();
        let last = text.chars().next_back();
        let inside = (is_word(before) && is_word(first)) || (is_word(after) && is_word(last));
        !inside
            && taken
                .iter()
                .all(|other| range.end <= other.start || other.end <= range.start)
    })
}
