//! Puts together the tags that Word splits over many runs.
//!
//! Word saves `{{ name }}` as three runs or more: one for each stop of the typist, the spelling checker, or a change
//! of format. A paragraph's text is read as one string; each tag found in it becomes one node between the runs,
//! where its first character stood, and its characters go.

use crate::fault::TemplateFault;
use crate::tag::{OPAQUE, Span, Unclear, scan};
use crate::xml::{Element, Node};

/// Elements of a paragraph in which runs stand.
pub(crate) const INLINE: [&str; 10] = [
    "w:hyperlink",
    "w:ins",
    "w:moveTo",
    "w:smartTag",
    "w:sdt",
    "w:sdtContent",
    "w:fldSimple",
    "w:customXml",
    "w:dir",
    "w:bdo",
];

/// Finds the tags of every paragraph below an element; adds what cannot be understood to the faults.
pub(crate) fn merge(part: &str, element: &mut Element, faults: &mut Vec<TemplateFault>) {
    for node in &mut element.children {
        if let Node::Element(child) = node {
            merge(part, child, faults);
            if child.name == "w:p" {
                faults.extend(
                    paragraph(child)
                        .err()
                        .map(|Unclear { near, reason }| TemplateFault::Tag {
                            part: part.to_owned(),
                            near,
                            reason,
                        }),
                );
            }
        }
    }
}

fn paragraph(paragraph: &mut Element) -> Result<(), Unclear> {
    let mut reading = Reading::default();
    reading.read(paragraph);
    let mut spans = scan(&reading.text)?;
    if spans.is_empty() {
        return Ok(());
    }
    for span in &mut spans {
        span.tag.style = reading.style(span.words);
    }
    Cutting { spans: &spans, at: 0 }.container(paragraph);
    Ok(())
}

/// What a child of a run is to the text.
enum Atom {
    Words(String),
    Sign(char),
    Nothing,
    Other,
}

fn atom(child: &Element) -> Atom {
    match child.name.as_str() {
        "w:t" => Atom::Words(child.text()),
        "w:tab" => Atom::Sign('\t'),
        "w:cr" => Atom::Sign('\n'),
        "w:br"
            if child
                .attribute("w:type")
                .is_none_or(|kind| kind == "textWrapping") =>
        {
            Atom::Sign('\n')
        }
        "w:rPr" | "w:lastRenderedPageBreak" | "w:softHyphen" => Atom::Nothing,
        _ => Atom::Other,
    }
}

/// A paragraph's text, and where in it each run begins.
#[derive(Default)]
struct Reading {
    text: String,
    runs: Vec<(usize, Option<Element>)>,
}

impl Reading {
    fn read(&mut self, container: &Element) {
        for child in container.elements() {
            if child.name == "w:r" {
                self.runs.push((self.text.len(), child.child("w:rPr").cloned()));
                child.elements().for_each(|child| self.add(child));
            } else if INLINE.contains(&child.name.as_str()) {
                self.read(child);
            }
        }
    }

    fn add(&mut self, child: &Element) {
        match atom(child) {
            Atom::Words(words) => self.text.push_str(&words),
            Atom::Sign(sign) => self.text.push(sign),
            Atom::Nothing => {}
            Atom::Other => self.text.push(OPAQUE),
        }
    }

    /// The formatting at a place in the text.
    fn style(&self, at: usize) -> Option<Element> {
        self.runs
            .iter()
            .rev()
            .find(|(start, _)| *start <= at)
            .and_then(|(_, style)| style.clone())
    }
}

/// Goes through the paragraph a second time, in the same order, and cuts the tags out.
struct Cutting<'a> {
    spans: &'a [Span],
    at: usize,
}

impl Cutting<'_> {
    fn container(&mut self, container: &mut Element) {
        for node in std::mem::take(&mut container.children) {
            match node {
                Node::Element(run) if run.name == "w:r" => self.run(&run, &mut container.children),
                Node::Element(mut inner) if INLINE.contains(&inner.name.as_str()) => {
                    self.container(&mut inner);
                    container.children.push(Node::Element(inner));
                }
                other => container.children.push(other),
            }
        }
    }

    /// Splits a run at the tags that begin in it.
    fn run(&mut self, run: &Element, out: &mut Vec<Node>) {
        let mut pieces = Pieces {
            shell: shell(run),
            rest: Vec::new(),
            out,
        };
        for child in run.elements() {
            match atom(child) {
                Atom::Words(words) => self.words(&words, &mut pieces),
                Atom::Sign(sign) => {
                    if !self.step(sign.len_utf8()) {
                        pieces.rest.push(Node::Element(child.clone()));
                    }
                }
                Atom::Nothing if child.name == "w:rPr" => {}
                Atom::Nothing => pieces.rest.push(Node::Element(child.clone())),
                Atom::Other => {
                    self.step(OPAQUE.len_utf8());
                    pieces.rest.push(Node::Element(child.clone()));
                }
            }
        }
        pieces.flush();
    }

    /// Goes over something that is no text; whether it stands inside a tag.
    fn step(&mut self, length: usize) -> bool {
        let at = self.at;
        self.at += length;
        self.spans.iter().any(|span| span.start <= at && at < span.end)
    }

    fn words(&mut self, words: &str, pieces: &mut Pieces<'_>) {
        let (begin, end) = (self.at, self.at + words.len());
        let mut kept_to = begin;
        for span in self
            .spans
            .iter()
            .filter(|span| span.start < end && span.end > begin)
        {
            pieces.text(words.get(kept_to - begin..span.start.max(begin) - begin));
            if span.start >= begin {
                pieces.flush();
                pieces.out.push(Node::Tag(span.tag.clone()));
            }
            kept_to = span.end.min(end);
        }
        pieces.text(words.get(kept_to - begin..));
        self.at = end;
    }
}

/// A run without what stands in it, but with its formatting.
fn shell(run: &Element) -> Element {
    let mut shell = run.shell();
    shell
        .children
        .extend(run.child("w:rPr").cloned().map(Node::Element));
    shell
}

/// The runs that one run becomes.
struct Pieces<'a> {
    shell: Element,
    rest: Vec<Node>,
    out: &'a mut Vec<Node>,
}

impl Pieces<'_> {
    fn text(&mut self, words: Option<&str>) {
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            let text = Element::new("w:t", vec![Node::Text(words.to_owned())]).with("xml:space", "preserve");
            self.rest.push(Node::Element(text));
        }
    }

    /// Ends the run; one in which nothing is left goes.
    fn flush(&mut self) {
        if !self.rest.is_empty() {
            let mut run = self.shell.clone();
            run.children.append(&mut self.rest);
            self.out.push(Node::Element(run));
        }
    }
}
