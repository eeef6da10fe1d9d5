//! What the service answers: the words of a page, its lines, what its paragraphs are, its tables, and what is handwritten.

use reading::scan::{Role, Word};
use serde::Deserialize;
use serde_json::Value;

use crate::Recognised;
use crate::fault::Fault;
use crate::tsv::percent;

/// How far an analysis is.
#[derive(Clone, Debug, PartialEq)]
pub enum Analysis {
    /// Under way.
    Under,
    /// Done.
    Done(Recognised),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    status: String,
    #[serde(default)]
    analyze_result: Option<AnalyzeResult>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnalyzeResult {
    pages: Vec<Page>,
    #[serde(default)]
    paragraphs: Vec<Paragraph>,
    #[serde(default)]
    tables: Vec<Table>,
    #[serde(default)]
    styles: Vec<Style>,
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    angle: f64,
    #[serde(default)]
    words: Vec<OneWord>,
    #[serde(default)]
    lines: Vec<Line>,
}

#[derive(Deserialize)]
struct OneWord {
    content: String,
    polygon: Vec<f64>,
    #[serde(default)]
    confidence: f64,
    span: Span,
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Paragraph {
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Table {
    #[serde(default)]
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cell {
    #[serde(default)]
    bounding_regions: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    polygon: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Style {
    #[serde(default)]
    is_handwritten: bool,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Deserialize)]
struct Span {
    offset: u64,
    #[serde(default)]
    length: u64,
}

impl Span {
    fn holds(self, offset: u64) -> bool {
        self.offset <= offset && offset < self.offset.saturating_add(self.length)
    }
}

/// Reads an answer.
pub fn analysis(body: &[u8]) -> Result<Analysis, Fault> {
    let operation: Operation = serde_json::from_slice(body).map_err(|_| Fault::Unreadable)?;
    match operation.status.as_str() {
        "succeeded" => {
            let result = operation.analyze_result.ok_or(Fault::Unreadable)?;
            recognised(&result).map(Analysis::Done).ok_or(Fault::Unreadable)
        }
        "notStarted" | "running" => Ok(Analysis::Under),
        "failed" | "canceled" | "skipped" => Err(Fault::Failed {
            code: operation.error.as_ref().and_then(wire::code),
        }),
        _ => Err(Fault::Unreadable),
    }
}

fn recognised(result: &AnalyzeResult) -> Option<Recognised> {
    // One page was sent.
    let [page] = result.pages.as_slice() else {
        return None;
    };
    let words: Option<Vec<Word>> = page.words.iter().map(|word| one(word, page, result)).collect();
    Some(Recognised {
        words: words?,
        rules: result
            .tables
            .iter()
            .flat_map(|table| &table.cells)
            .flat_map(edges)
            .collect(),
        turn: turn(page.angle),
    })
}

fn one(word: &OneWord, page: &Page, result: &AnalyzeResult) -> Option<Word> {
    let at = word.span.offset;
    let in_spans = |spans: &[Span]| spans.iter().any(|span| span.holds(at));
    let line = page.lines.iter().position(|line| in_spans(&line.spans));
    let paragraph = result
        .paragraphs
        .iter()
        .find(|paragraph| in_spans(&paragraph.spans));
    let role = paragraph.and_then(|paragraph| match paragraph.role.as_deref() {
        Some("title") => Some(Role::Title),
        Some("sectionHeading") => Some(Role::Heading),
        _ => None,
    });
    Some(Word {
        text: word.content.clone(),
        confidence: percent(word.confidence * 100.0),
        area: area(&word.polygon)?,
        line: u32::try_from(line.unwrap_or(page.lines.len())).ok()?,
        handwritten: result
            .styles
            .iter()
            .any(|style| style.is_handwritten && in_spans(&style.spans)),
        role,
    })
}

/// The upright box around a polygon.
fn area(polygon: &[f64]) -> Option<[f64; 4]> {
    if polygon.len() < 6 || !polygon.len().is_multiple_of(2) || !polygon.iter().all(|side| side.is_finite()) {
        return None;
    }
    let side = |from: usize| polygon.iter().copied().skip(from).step_by(2);
    let least = |from| side(from).fold(f64::INFINITY, f64::min);
    let most = |from| side(from).fold(f64::NEG_INFINITY, f64::max);
    Some([least(0), least(1), most(0), most(1)])
}

/// The four edges of a cell, as thin boxes.
fn edges(cell: &Cell) -> Vec<[f64; 4]> {
    let areas = cell
        .bounding_regions
        .iter()
        .filter_map(|region| area(&region.polygon));
    areas
        .flat_map(|[x0, y0, x1, y1]| {
            [
                [x0, y0, x1, y0 + 1.0],
                [x0, y1, x1, y1 + 1.0],
                [x0, y0, x0 + 1.0, y1],
                [x1, y0, x1 + 1.0, y1],
            ]
        })
        .collect()
}

/// The quarter turns clockwise that set a page upright whose text runs at an angle, clockwise from upright.
fn turn(angle: f64) -> u8 {
    match angle {
        45.0..135.0 => 3,
        -135.0..-45.0 => 1,
        135.0.. | ..-135.0 => 2,
        _ => 0,
    }
}
