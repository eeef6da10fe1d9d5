//! What stands around a sentence says what it is: headings, heads of columns, leads.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::claim::{Speaker, Status};
use crate::document::{Document, Place, Sentence};
use crate::recipe::lexicon::{Cells, HeadingRule, Lexicon};

use super::people::People;
use super::topics;

/// What headings, column heads and leads say of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame<'l> {
    /// The kind of what stands here.
    pub kind: Option<&'l str>,
    /// The kind of what stands here and tells none by its own words.
    pub otherwise: Option<&'l str>,
    /// The area that a heading or a row names.
    pub area: Option<&'l str>,
    /// The area that the words of a heading suggest.
    pub hint: Option<&'l str>,
    /// The standing of measures.
    pub status: Option<Status>,
    /// Who speaks.
    pub speaker: Option<Speaker>,
    /// The section that measures are placed in.
    pub placement: Option<&'l str>,
    /// Nothing here is a claim.
    pub aside: bool,
    /// What the cell is, in a table whose heads are known.
    pub cells: Option<Cells>,
    /// The head of the cell's own column says its kind.
    pub by_column: bool,
    /// It stands under a heading, known or not, of which the title of the document is none.
    pub headed: bool,
    /// How many bytes of the sentence are a label before it ("Outcome: ...").
    pub label: usize,
}

impl<'l> Frame<'l> {
    /// What one heading says by itself.
    fn of(lexicon: &'l Lexicon, folded: &str, voice: Speaker) -> Self {
        let mut frame = Self::default();
        let folded = unnumbered(folded);
        let bare = asked_for(lexicon, folded);
        for rule in lexicon
            .headings
            .iter()
            .filter(|rule| rule.voice.is_none_or(|only| only == voice))
        {
            if rule.words.found(folded) || rule.whole.are(folded) || rule.whole.are(&bare) {
                if rule.title {
                    return Self::default();
                }
                frame.take(rule);
            }
        }
        if frame.area.is_none() {
            frame.hint = topics::area_of(lexicon, folded);
        }
        frame
    }

    fn take(&mut self, rule: &'l HeadingRule) {
        // Who says what kind of thing stands here also says how it stands and who speaks.
        if !self.says_kind() {
            self.kind = rule.kind.as_deref();
            self.otherwise = rule.otherwise.as_deref();
            self.aside = rule.aside;
        }
        self.status = self.status.or(rule.status);
        self.speaker = self.speaker.or(rule.speaker);
        self.area = self.area.or(rule.area.as_deref());
        self.placement = self.placement.or(rule.placement.as_deref());
    }

    fn says_kind(&self) -> bool {
        self.kind.is_some() || self.otherwise.is_some() || self.aside
    }

    /// Whether the heading says anything at all.
    fn is_known(&self) -> bool {
        self.says_kind() || self.area.is_some() || self.placement.is_some()
    }

    /// This frame with an inner one put into it.
    pub fn with(&self, inner: &Self) -> Self {
        let mut frame = self.clone();
        if inner.says_kind() {
            let same = self.kind == inner.kind;
            frame.kind = inner.kind;
            frame.otherwise = inner.otherwise;
            frame.aside = inner.aside;
            frame.status = inner.status.or(self.status.filter(|_| same));
            frame.speaker = inner.speaker.or(self.speaker.filter(|_| same));
            frame.placement = inner.placement.or(self.placement.filter(|_| same));
        }
        frame.status = inner.status.or(frame.status);
        frame.speaker = inner.speaker.or(frame.speaker);
        frame.placement = inner.placement.or(frame.placement);
        if inner.area.is_some() {
            frame.area = inner.area;
            frame.hint = None;
        } else if inner.hint.is_some() {
            frame.hint = inner.hint;
        }
        frame
    }
}

/// The heading without "4.", "4.2", "Section B:", "Part 3 -".
fn unnumbered(folded: &str) -> &str {
    let rest = ["section ", "part "]
        .iter()
        .find_map(|word| folded.strip_prefix(word))
        .map_or(folded, |rest| {
            rest.split_once([':', '-', ' ']).map_or(folded, |(_, rest)| rest)
        });
    let figures = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let rest = if figures.starts_with([' ', ')', ':', '-']) {
        figures
    } else {
        rest
    };
    rest.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
}

/// The heading without the words by which a question asks for it, and without the name of whom it is about.
fn asked_for(lexicon: &Lexicon, folded: &str) -> String {
    let asked = lexicon.questions.asks.blanked(folded);
    let bare = lexicon.questions.whose.blanked(asked.trim());
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Works out the frames of a document's sentences in reading order.
pub(crate) struct Frames<'a> {
    lexicon: &'a Lexicon,
    people: &'a People,
    voice: Speaker,
    /// What each heading says, by its text.
    known: BTreeMap<String, Frame<'a>>,
    /// The heading that is the title of the whole document.
    title: Option<String>,
    /// Short lines that stand as headings without being marked as such.
    lines: Vec<Frame<'a>>,
    /// How often each short line stands in the document: what stands once is no part of what stands above it.
    repeated: BTreeMap<String, usize>,
    /// What the line above a list says of its items.
    list: Option<Frame<'a>>,
    /// What the words before a colon say of their block, by the block's number.
    lead: Option<(u32, Frame<'a>)>,
    path: Arc<[String]>,
}

/// How a sentence stands among its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// It is all of its block.
    pub alone: bool,
    /// It ends its paragraph, and a list follows.
    pub before_list: bool,
}

/// The longest cell that is taken for the question to which the next cell is the answer, in words.
const QUESTION_WORDS: usize = 25;
/// The longest line that is taken for a heading, in words.
const HEADING_WORDS: usize = 9;
/// The longest label before a colon, in words.
const LABEL_WORDS: usize = 6;

impl<'a> Frames<'a> {
    /// For a document whose author writes as `voice`.
    pub fn new(lexicon: &'a Lexicon, people: &'a People, voice: Speaker, document: &Document) -> Self {
        Self {
            lexicon,
            people,
            voice,
            known: BTreeMap::new(),
            title: title(document),
            lines: Vec::new(),
            repeated: repeated(document),
            list: None,
            lead: None,
            path: Arc::default(),
        }
    }

    fn known(&mut self, text: &str) -> Frame<'a> {
        if let Some(frame) = self.known.get(text) {
            return frame.clone();
        }
        let frame = Frame::of(self.lexicon, &self.people.fold(text), self.voice);
        self.known.insert(text.to_owned(), frame.clone());
        frame
    }

    /// The frame of the next sentence; `None` when the sentence is itself a heading that was not marked as one.
    pub fn next(&mut self, sentence: &Sentence, standing: Standing) -> Option<Frame<'a>> {
        if sentence.headings != self.path {
            self.path = Arc::clone(&sentence.headings);
            self.lines.clear();
        }
        if !matches!(sentence.place, Place::ListItem { .. }) {
            self.list = None;
        }
        if standing.alone && self.is_heading(sentence) {
            let line = self.known(sentence.text.trim_end_matches(':'));
            self.enter(line, &sentence.text);
            return None;
        }
        if standing.before_list && is_lead_in(&sentence.text, standing) {
            let line = self.known(sentence.text.trim_end_matches(':'));
            self.list = Some(line).filter(Frame::is_known);
            return None;
        }
        let mut frame = Frame::default();
        let path = Arc::clone(&self.path);
        for heading in path.iter() {
            if self.title.as_ref() != Some(heading) {
                frame = frame.with(&self.known(heading));
                frame.headed = true;
            }
        }
        for line in &self.lines {
            frame = frame.with(line);
            frame.headed = true;
        }
        if let Some(list) = &self.list {
            frame = frame.with(list);
            frame.headed = true;
        }
        Some(self.placed(frame, sentence))
    }

    /// A line such as "Recommendations:" opens a part; "Communication" inside it a part of that. A line that stands
    /// once in the document, and names no area, is no part of an area: those have the same parts each.
    fn enter(&mut self, line: Frame<'a>, text: &str) {
        let single = line.area.is_none() && self.repeated.get(text).is_none_or(|count| *count < 2);
        self.lines.retain(|above| {
            !(above.says_kind() && line.says_kind()
                || above.area.is_some() && (line.area.is_some() || single && line.says_kind()))
        });
        self.lines.push(line);
    }

    /// "He has some good strategies" is no label.
    fn is_clause(&self, words: &str) -> bool {
        self.lexicon.signs.clause.found(&self.people.fold(words))
    }

    fn is_heading(&mut self, sentence: &Sentence) -> bool {
        sentence.place == Place::Paragraph
            && label(&sentence.text).is_none()
            && !sentence
                .text
                .ends_with(['.', '?', '!', ';', ',', '"', '\u{201d}'])
            && sentence.text.split_whitespace().count() <= HEADING_WORDS
            && self.known(sentence.text.trim_end_matches(':')).is_known()
    }

    fn placed(&mut self, frame: Frame<'a>, sentence: &Sentence) -> Frame<'a> {
        match &sentence.place {
            Place::Cell { column_head, .. } => self.cell(frame, column_head.as_deref()),
            Place::Paragraph | Place::ListItem { .. } => self.led(frame, sentence),
        }
    }

    /// A lead in bold, or a label before a colon, says of its block what a heading says; it never opens a part of its
    /// own. Where a heading says the kind, only a label of one word says another: "Reading difficulties: a daily ..."
    /// among what is advised is no need.
    fn led(&mut self, mut frame: Frame<'a>, sentence: &Sentence) -> Frame<'a> {
        let words = sentence.lead.as_deref().or_else(|| label(&sentence.text));
        if let Some(words) = words.filter(|words| !self.is_clause(words)) {
            let lead = self.known(words.trim_end_matches([':', '.', ' ']));
            // "Outcome", "Outcome 2".
            let single = words
                .split_whitespace()
                .filter(|word| word.chars().any(char::is_alphabetic))
                .count()
                == 1;
            let kind = lead.says_kind() && !lead.aside && (single || !frame.says_kind());
            if kind && label(&sentence.text).is_some() {
                frame.label = words.len();
            }
            let lead = if kind {
                lead
            } else {
                Frame {
                    area: lead.area,
                    hint: lead.hint,
                    placement: lead.placement,
                    ..Frame::default()
                }
            };
            self.lead = Some((sentence.block, lead));
        }
        match &self.lead {
            Some((block, lead)) if *block == sentence.block => Frame {
                label: frame.label,
                ..frame.with(lead)
            },
            _ => frame,
        }
    }

    /// What the first cell of a row says as its heading, when it says the kind of what stands beside it.
    pub fn row_head(&mut self, text: &str) -> Option<Frame<'a>> {
        if text.split_whitespace().count() > QUESTION_WORDS {
            return None;
        }
        let frame = self.known(text.trim_end_matches([':', '?']));
        (frame.says_kind() && !frame.aside).then_some(frame)
    }

    fn cell(&mut self, frame: Frame<'a>, head: Option<&str>) -> Frame<'a> {
        let Some(head) = head else { return frame };
        let folded = self.people.fold(head);
        if let Some(rule) = self.lexicon.columns.iter().find(|rule| rule.words.are(&folded)) {
            return Frame {
                cells: Some(rule.cells),
                ..frame
            };
        }
        let inner = self.known(head);
        if !inner.says_kind() {
            return frame;
        }
        // "Provision" over a column says what its cells are, and nothing new of how they stand.
        let status = frame.status.filter(|_| frame.kind == inner.kind);
        let mut inside = frame.with(&inner);
        inside.status = status.or(inside.status);
        inside.by_column = true;
        inside
    }
}

/// The words before a colon, when they are few and something follows.
fn label(text: &str) -> Option<&str> {
    let (label, rest) = text.split_once(':')?;
    let section = label.starts_with(|c: char| c.is_ascii_digit()) || label.split_whitespace().count() == 2;
    let heading = section
        && ["section", "part"]
            .iter()
            .any(|word| label.to_lowercase().starts_with(word));
    (!heading && !rest.trim().is_empty() && label.split_whitespace().count() <= LABEL_WORDS).then_some(label)
}

/// Whether a line above a list is no sentence of its own: "We recommend:".
fn is_lead_in(text: &str, standing: Standing) -> bool {
    text.ends_with(':') || standing.alone && !text.ends_with(['.', '?', '!', ';', '"', '\u{201d}'])
}

/// How often each line that is a paragraph of its own stands in the document.
fn repeated(document: &Document) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let lines = document
        .sentences
        .iter()
        .filter(|sentence| sentence.place == Place::Paragraph);
    for line in lines.filter(|line| line.text.split_whitespace().count() <= HEADING_WORDS) {
        *counts.entry(line.text.clone()).or_default() += 1;
    }
    counts
}

/// The first heading, when no other stands as high: a title covers the whole document and says nothing of its
/// parts.
fn title(document: &Document) -> Option<String> {
    let ((level, text, _), rest) = document.headings.split_first()?;
    (!rest.is_empty() && rest.iter().all(|(other, _, _)| other > level)).then(|| text.clone())
}
