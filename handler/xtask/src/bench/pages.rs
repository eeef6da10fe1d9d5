//! What a page more of one document costs.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Figure, cost};
use crate::shell::{self, Failure, file_failure};

/// Pages of the short document; the long one has eight times as many.
const PAGES: usize = 30;

/// Eight times the pages against one time, over eight times the cost: 1 is linear.
pub fn growth(handler: &Path) -> Result<Figure, Failure> {
    let (short, long) = (document(PAGES)?, document(8 * PAGES)?);
    Ok(Figure {
        what: "8 times the pages of one PDF, over 8 times the processor time",
        value: cost(handler, &long)? / (8.0 * cost(handler, &short)?),
        unit: "x",
        most: 1.25,
    })
}

/// A folder with one report of so many pages.
fn document(pages: usize) -> Result<PathBuf, Failure> {
    let folder = shell::root()?.join(format!("target/bench/pages-{pages}"));
    fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
    let path = folder.join("Appendix D.pdf");
    fs::write(&path, pdf(pages)).map_err(file_failure(&path))?;
    Ok(folder)
}

const THINGS: [&str; 11] = [
    "long instructions",
    "written work",
    "sharing attention",
    "number bonds",
    "waiting for a turn",
    "new words",
    "fine movements",
    "loud places",
    "changes of plan",
    "reading aloud",
    "telling a story",
];
const PLACES: [&str; 7] = [
    "in the classroom",
    "in assembly",
    "at lunch",
    "in small groups",
    "at home",
    "in the playground",
    "on trips",
];
const HELPS: [&str; 5] = [
    "a visual timetable",
    "a quiet place",
    "a printed list",
    "a trained adult",
    "a laptop",
];

/// A heading, or a line of text.
enum Line {
    Heading(&'static str),
    Text(String),
}

impl Line {
    /// What draws it, in the language of PDF pages.
    fn operators(&self) -> String {
        match self {
            Self::Heading(text) => format!("/F 16 Tf ({text}) Tj T* /F 11 Tf"),
            Self::Text(text) => format!("({text}) Tj T*"),
        }
    }
}

/// The lines of a page: no two pages say the same, and none begins like another, which a reader takes for a page header.
fn lines(page: usize) -> Vec<Line> {
    let (need, measure) = (
        |line| Line::Text(need(page * 8 + line)),
        |line| Line::Text(measure(page * 6 + line)),
    );
    let mut lines = Vec::new();
    if page == 0 {
        let head = ["Name: Ada Bell", "Date of birth: 01/02/2018"].map(|line| Line::Text(line.to_owned()));
        lines.push(Line::Heading("Educational Psychology Advice"));
        lines.extend(head);
    } else {
        lines.extend((0..3).map(measure));
    }
    lines.push(Line::Heading("Needs"));
    lines.extend((0..8).map(need));
    lines.push(Line::Heading("Provision"));
    lines.extend((3..6).map(measure));
    lines
}

fn need(at: usize) -> String {
    let (thing, place) = (pick(&THINGS, at), pick(&PLACES, at / THINGS.len()));
    format!("Ada has difficulty with {thing} {place}, seen in task {at} of the assessment.")
}

fn measure(at: usize) -> String {
    let (help, place) = (pick(&HELPS, at), pick(&PLACES, at / HELPS.len()));
    format!("Ada should have {help} {place} for {} minutes each week.", 5 + at)
}

fn pick(all: &[&'static str], at: usize) -> &'static str {
    all.get(at % all.len()).copied().unwrap_or("")
}

/// A PDF file with a text layer and nothing else.
fn pdf(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{}]>>", kids.join(" ")),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for page in 0..pages {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {} 0 R>>",
            5 + 2 * page
        ));
        let shown: Vec<String> = lines(page).iter().map(Line::operators).collect();
        let content = format!("BT /F 11 Tf 36 TL 60 800 Td {} ET", shown.join(" "));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
    }
    file(&objects)
}

/// Numbered objects and the table of where each begins.
fn file(objects: &[String]) -> Vec<u8> {
    let mut parts = vec!["%PDF-1.4\n".to_owned()];
    let mut table = vec!["0000000000 65535 f \n".to_owned()];
    let mut begins = parts.concat().len();
    for (object, number) in objects.iter().zip(1..) {
        let part = format!("{number} 0 obj{object}endobj\n");
        table.push(format!("{begins:010} 00000 n \n"));
        begins += part.len();
        parts.push(part);
    }
    let (table, size) = (table.concat(), objects.len() + 1);
    parts.push(format!(
        "xref\n0 {size}\n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{begins}\n%%EOF\n"
    ));
    parts.concat().into_bytes()
}
