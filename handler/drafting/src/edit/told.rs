//! What became of each statement, and what was put in beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::align::{Aligned, Group, align};
use super::place::{Placed, placed, within};
use super::{Added, Around, Line};
use crate::compare::{Bag, Token, plain, shared_tokens, tokens};
use crate::recipe::Recipe;
use crate::record::Record;

/// What became of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It has the same words.
    Same,
    /// It has the same words in another place.
    Moved,
    /// It has these words now.
    Changed(String),
    /// It is gone.
    Removed,
}

impl Fate {
    /// Whether it has the words that it had.
    pub fn is_kept(&self) -> bool {
        match self {
            Self::Same | Self::Moved => true,
            Self::Changed(_) | Self::Removed => false,
        }
    }
}

/// What the edit did.
pub(super) struct Told {
    /// Every statement by its id, in the draft's order.
    pub statements: Vec<(String, Fate)>,
    pub added: Vec<Added>,
    pub around: Vec<Around>,
}

/// Words from which on text in place of text around the statements is something said, not a label.
const SAID: usize = 4;

pub(super) fn told(recipe: &Recipe, record: &Record, old: &[Line], new: &[Line]) -> Told {
    let all = placed(recipe, record, old);
    let Aligned { groups, gone, added } = align(old, new);
    let mut telling = Telling {
        recipe,
        old,
        new,
        all: &all,
        fates: vec![None; all.len()],
        fields: BTreeMap::new(),
        chunks: Vec::new(),
        around: Vec::new(),
        form: form_words(recipe, record),
    };
    for group in &groups {
        telling.group(group);
    }
    for line in gone {
        telling.gone(line);
    }
    for line in added {
        let text = new.get(line).map_or("", |line| line.text.as_str());
        telling.chunks.push((line, text.to_owned()));
    }
    telling.finished()
}

/// Texts of the form itself, which another template may show elsewhere: they are nobody's statement.
fn form_words(recipe: &Recipe, record: &Record) -> BTreeSet<String> {
    let wording = &recipe.wording;
    let sections = recipe.sections.iter().flat_map(|section| {
        let fixed = [&section.title, &section.nil].into_iter().chain(&section.closed);
        fixed.chain(section.fields.iter().map(|field| &field.label))
    });
    let nils = recipe.fields().filter_map(|(_, field)| recipe.nil_of(&field.key));
    let areas = recipe.areas.iter().map(|area| &area.title);
    let kinds = recipe.kinds.iter().map(|kind| &kind.title);
    let advice = recipe
        .advice
        .iter()
        .flat_map(|advice| [&advice.title, &advice.author]);
    let fixed = [&recipe.title, &wording.banner, &wording.disclosure];
    let texts = sections.chain(areas).chain(kinds).chain(advice).chain(fixed);
    let nils = nils.map(str::to_owned);
    let titles = recipe
        .sections
        .iter()
        .map(|section| format!("Section {}: {}", section.id, section.title));
    let sources = record
        .sources
        .iter()
        .map(|source| source.name.as_str().to_owned());
    let own = [record.case.to_string()];
    texts
        .cloned()
        .chain(titles)
        .chain(sources)
        .chain(own)
        .chain(nils)
        .map(|text| folded(&text))
        .collect()
}

fn folded(text: &str) -> String {
    plain(text).trim_end_matches(':').to_lowercase()
}

/// Whether a text names statements and nothing else: "B.CI.1, B.CI.4".
fn is_reference(text: &str) -> bool {
    let is_id = |part: &str| {
        let part = part.trim();
        let mut bits = part.split('.');
        let first = bits
            .next()
            .is_some_and(|first| first.starts_with(|c: char| c.is_ascii_uppercase()) && first.len() <= 3);
        first && part.contains('.') && part.ends_with(|c: char| c.is_ascii_digit()) && !part.contains(' ')
    };
    text.split([',', ';']).all(is_id) || text.chars().all(|c| !c.is_alphabetic())
}

struct Telling<'a> {
    recipe: &'a Recipe,
    old: &'a [Line],
    new: &'a [Line],
    all: &'a [Placed<'a>],
    fates: Vec<Option<Fate>>,
    /// The section and field that a line of the edit stands in, by a statement on it.
    fields: BTreeMap<usize, (&'a str, &'a str)>,
    /// New text with the line of the edit that it stands on.
    chunks: Vec<(usize, String)>,
    around: Vec<Around>,
    form: BTreeSet<String>,
}

impl Telling<'_> {
    fn text(lines: &[Line], places: &[usize]) -> String {
        let texts: Vec<&str> = places
            .iter()
            .filter_map(|at| lines.get(*at))
            .map(|line| line.text.as_str())
            .collect();
        texts.join(" ")
    }

    /// The statements on these lines of the original, with their bytes in the lines' joined text.
    fn on(&self, lines: &[usize]) -> Vec<(usize, Range<usize>)> {
        let mut start = 0;
        let mut found = Vec::new();
        for line in lines {
            for (at, placed) in self.all.iter().enumerate() {
                if let Some((own, range)) = &placed.at
                    && own == line
                {
                    found.push((at, start + range.start..start + range.end));
                }
            }
            start += self.old.get(*line).map_or(0, |line| line.text.len()) + 1;
        }
        found
    }

    fn set(&mut self, statement: usize, fate: Fate) {
        if let Some(own) = self.fates.get_mut(statement) {
            *own = Some(fate);
        }
    }

    fn group(&mut self, group: &Group) {
        let (old, new) = (Self::text(self.old, &group.old), Self::text(self.new, &group.new));
        let here = self.on(&group.old);
        let first = group.new.first().copied().unwrap_or_default();
        if let Some(placed) = here.first().and_then(|(at, _)| self.all.get(*at)) {
            for line in &group.new {
                self.fields.insert(*line, (placed.section, placed.field));
            }
        }
        if here.is_empty() {
            if old != new {
                self.instead(first, old, new);
            }
            return;
        }
        if old == new {
            for (at, _) in here {
                self.set(at, if group.moved { Fate::Moved } else { Fate::Same });
            }
            return;
        }
        self.share_out(first, &old, &new, &here, group.moved);
    }

    /// Text around the statements was replaced: by something said, or by other text of the form.
    fn instead(&mut self, line: usize, old: String, new: String) {
        let nil = self
            .recipe
            .sections
            .iter()
            .any(|section| !section.nil.is_empty() && plain(&section.nil) == old)
            || (self.recipe.fields())
                .filter_map(|(_, field)| self.recipe.nil_of(&field.key))
                .any(|nil| plain(nil) == old);
        let is_form = |text: &str| self.form.contains(&folded(text)) || is_reference(text);
        if nil || (Bag::of(&new).count >= SAID && !is_form(&new) && !self.is_front(line)) {
            self.chunks.push((line, new));
            self.around.push(Around {
                old,
                new: String::new(),
            });
        } else {
            self.around.push(Around { old, new });
        }
    }

    /// Whether a line stands before the first section: the title, the banner, what is said of the draft itself.
    fn is_front(&self, line: usize) -> bool {
        self.fields.keys().next().is_none_or(|first| line < *first) && self.section_at(line).is_none()
    }

    /// Gives each word of the new text to the statement that it became part of.
    fn share_out(&mut self, line: usize, old: &str, new: &str, here: &[(usize, Range<usize>)], moved: bool) {
        let (olds, news) = (tokens(old), tokens(new));
        let owners: Vec<Option<usize>> = olds
            .iter()
            .map(|token| {
                here.iter()
                    .find(|(_, range)| range.contains(&token.start))
                    .map(|(at, _)| *at)
            })
            .collect();
        let (given, fresh) = owned(&olds, &news, &owners);
        for (at, _) in here {
            let own: String = news
                .iter()
                .zip(&given)
                .filter(|(_, owner)| **owner == Some(*at))
                .map(|(token, _)| token.text)
                .collect();
            self.settle(line, *at, own.trim(), moved);
        }
        let mut chunk = String::new();
        for (token, (owner, is_fresh)) in news.iter().zip(given.iter().zip(&fresh)) {
            if owner.is_none() && *is_fresh {
                chunk.push_str(token.text);
            } else if !chunk.trim().is_empty() {
                self.chunks
                    .push((line, std::mem::take(&mut chunk).trim().to_owned()));
            }
        }
        if !chunk.trim().is_empty() {
            self.chunks.push((line, chunk.trim().to_owned()));
        }
    }

    /// What became of a statement that has this text now. Whole sentences put before or after it are no part of it.
    fn settle(&mut self, line: usize, at: usize, text: &str, moved: bool) {
        let Some(placed) = self.all.get(at) else { return };
        let old = plain(&placed.statement.text);
        let same = if moved { Fate::Moved } else { Fate::Same };
        let ends = |text: &str| text.trim_end().ends_with(['.', '!', '?', '"']);
        let rest = match (text.strip_prefix(old.as_str()), text.strip_suffix(old.as_str())) {
            _ if text == old => Some(""),
            (Some(after), _) if ends(&old) && after.starts_with(' ') => Some(after.trim()),
            (_, Some(before)) if ends(before) => Some(before.trim()),
            _ => None,
        };
        match rest {
            Some(rest) => {
                self.set(at, same);
                if !rest.is_empty() {
                    self.chunks.push((line, rest.to_owned()));
                }
            }
            None if text.chars().any(char::is_alphanumeric) => self.set(at, Fate::Changed(text.to_owned())),
            None => self.set(at, Fate::Removed),
        }
    }

    fn gone(&mut self, line: usize) {
        let here = self.on(&[line]);
        if here.is_empty() {
            let old = self
                .old
                .get(line)
                .map_or_else(String::new, |line| line.text.clone());
            self.around.push(Around {
                old,
                new: String::new(),
            });
        }
        for (at, _) in here {
            self.set(at, Fate::Removed);
        }
    }

    /// Finds statements that are gone from their lines in the text that was put in: they were moved into it.
    fn found_again(&mut self) {
        for at in 0..self.all.len() {
            let lost = matches!(self.fates.get(at), Some(Some(Fate::Removed)));
            let Some(placed) = self.all.get(at).filter(|_| lost) else {
                continue;
            };
            let text = plain(&placed.statement.text);
            if Bag::of(&text).count < SAID {
                continue;
            }
            let here = (0..self.chunks.len()).find_map(|chunk| {
                let range = within(&self.chunks.get(chunk)?.1, &text, &[])?;
                Some((chunk, range))
            });
            let Some((chunk, range)) = here else { continue };
            let (section, field) = (placed.section, placed.field);
            self.set(at, Fate::Moved);
            if let Some((line, own)) = self.chunks.get_mut(chunk) {
                let line = *line;
                own.replace_range(range, "");
                self.fields.entry(line).or_insert((section, field));
            }
        }
    }

    fn finished(mut self) -> Told {
        self.found_again();
        let mut added = Vec::new();
        for (line, text) in std::mem::take(&mut self.chunks) {
            let text = text.trim();
            let said = text.chars().any(char::is_alphanumeric) && !is_reference(text);
            if !said || self.is_mark(text) {
                continue;
            }
            if self.form.contains(&folded(text)) || self.is_heading(line) {
                self.around.push(Around {
                    old: String::new(),
                    new: text.to_owned(),
                });
                continue;
            }
            added.push((line, self.added(line, text)));
        }
        added.sort_by_key(|(line, _)| *line);
        let fates = self.all.iter().zip(&self.fates);
        // A statement that the draft's template does not show cannot have been edited.
        let statements = fates.map(|(placed, fate)| {
            let fate = fate.clone().unwrap_or(Fate::Same);
            (placed.statement.id.clone(), fate)
        });
        Told {
            statements: statements.collect(),
            added: added.into_iter().map(|(_, added)| added).collect(),
            around: self.around,
        }
    }

    /// Whether a text is what the draft itself remarks of a statement: "(reported by the family)".
    fn is_mark(&self, text: &str) -> bool {
        let own = text.trim_matches(['(', ')', '.']);
        let marks = self.all.iter().map(|placed| &placed.statement.marks);
        marks.filter(|marks| !marks.is_empty()).any(|marks| {
            marks.iter().any(|mark| plain(mark) == own)
                || plain(&marks.join("; ")) == own
                || plain(&marks.join(", ")) == own
        })
    }

    fn is_heading(&self, line: usize) -> bool {
        self.new.get(line).is_some_and(|line| line.is_heading)
    }

    fn added(&self, line: usize, text: &str) -> Added {
        let (section, field) = self.field_at(line);
        let path = self.new.get(line).map_or(&[] as &[String], |line| &line.path);
        Added {
            id: String::new(),
            section: section.map(str::to_owned),
            field: field.map(str::to_owned),
            heading: path.last().cloned(),
            text: text.to_owned(),
            findings: Vec::new(),
        }
    }

    /// The section and field that a line of the edit stands in: by a label in its row, by the statements beside it under the
    /// same heading, or by the heading alone.
    fn field_at(&self, line: usize) -> (Option<&str>, Option<&str>) {
        let Some(own) = self.new.get(line) else {
            return (None, None);
        };
        let label = own.cell.as_ref().map(|cell| folded(&cell.row_head));
        let labelled = self
            .recipe
            .fields()
            .find(|(_, field)| Some(folded(&field.label)) == label);
        if let Some((section, field)) = labelled {
            return (Some(&section.id), Some(&field.key));
        }
        let beside = |at: &usize| self.new.get(*at).is_some_and(|other| other.path == own.path);
        let before = self
            .fields
            .range(..=line)
            .next_back()
            .filter(|(at, _)| beside(at));
        let after = self.fields.range(line..).next().filter(|(at, _)| beside(at));
        if let Some((_, (section, field))) = before.or(after) {
            return (Some(*section), Some(*field));
        }
        (self.section_at(line), None)
    }

    fn section_at(&self, line: usize) -> Option<&str> {
        let path = &self.new.get(line)?.path;
        let named = |heading: &String| {
            let heading = folded(heading);
            let mut sections = self.recipe.sections.iter();
            sections.find(|section| {
                let title = folded(&section.title);
                heading == title || heading == folded(&format!("Section {}: {title}", section.id))
            })
        };
        path.iter()
            .rev()
            .find_map(named)
            .map(|section| section.id.as_str())
    }
}

/// For each new word the statement that it belongs to, and whether it is new.
fn owned(
    olds: &[Token<'_>],
    news: &[Token<'_>],
    owners: &[Option<usize>],
) -> (Vec<Option<usize>>, Vec<bool>) {
    let mut given: Vec<Option<usize>> = vec![None; news.len()];
    let mut fresh = vec![true; news.len()];
    let owner = |at: usize| owners.get(at).copied().flatten();
    let (mut a, mut b) = (0, 0);
    let ends = (olds.len(), news.len());
    for (at_old, at_new) in shared_tokens(olds, news).into_iter().chain([ends]) {
        let replaced = owners.get(a..at_old).unwrap_or_default();
        let chunk = news.get(b..at_new).unwrap_or_default();
        let whose = if replaced.is_empty() {
            let before = a.checked_sub(1).and_then(owner);
            inserted(
                before,
                owner(at_old),
                b.checked_sub(1).and_then(|at| news.get(at)),
                chunk,
            )
        } else {
            replaced.iter().copied().flatten().next()
        };
        for place in given.get_mut(b..at_new).unwrap_or_default() {
            *place = whose;
        }
        if let (Some(place), Some(is_fresh)) = (given.get_mut(at_new), fresh.get_mut(at_new)) {
            *place = owner(at_old);
            *is_fresh = false;
        }
        (a, b) = (at_old + 1, at_new + 1);
    }
    (given, fresh)
}

/// Whose words are that were put in between two words: those of the statement around them; at its end, only when they go on
/// its sentence.
fn inserted(
    before: Option<usize>,
    after: Option<usize>,
    last: Option<&Token<'_>>,
    chunk: &[Token<'_>],
) -> Option<usize> {
    if before == after {
        return before;
    }
    let ended = last.is_none_or(|last| last.key().ends_with(['.', '!', '?', '"', ')']));
    let begins = chunk.first().and_then(|first| first.text.chars().next());
    let anew = ended && begins.is_none_or(|c| !c.is_lowercase());
    let closes = chunk
        .last()
        .is_some_and(|last| last.key().ends_with(['.', '!', '?', ':']));
    match (before, after) {
        (Some(_), _) if !anew => before,
        (None, Some(_)) if !closes && last.is_none() => after,
        _ => None,
    }
}
