//! About how many pages a document has.
//!
//! Word itself keeps no count that could be believed before somebody opens the file. So lines are counted: each paragraph is
//! broken at the width that is left of its page or cell, by how wide letters are on average, and its lines are as high
//! as its style says; a row of a table is as high as its highest cell; pages begin where one is full or where the document
//! says so. Footnotes, floating pictures and the rules against lonely lines are not counted.

use crate::fault::TemplateFault;
use crate::package::{self, Part};
use crate::relations::Relations;
use crate::template::find;
use crate::xml::{Element, parse};

mod flow;
mod look;

use flow::Flow;
use look::{Sheet, Styles};

/// About how many pages a document has when it is printed; at least one.
pub fn pages(document: &[u8]) -> Result<usize, TemplateFault> {
    let parts = package::read(document)?;
    let file = Relations::read("", find(&parts, &Relations::path_of("")))?;
    let main = file.targets("officeDocument").into_iter().next();
    let main = main.ok_or_else(|| TemplateFault::NotADocument("it has no main part".to_owned()))?;
    let relations = Relations::read(&main, find(&parts, &Relations::path_of(&main)))?;
    let styles = relations.targets("styles").into_iter().next();
    let styles = Styles::of(styles.map(|path| tree(&parts, &path)).transpose()?.as_ref());
    let document = tree(&parts, &main)?;
    let Some(body) = document.child("w:body") else {
        return Err(TemplateFault::NotADocument("it has no body".to_owned()));
    };
    Ok(counted(body, &styles))
}

fn tree(parts: &[Part], path: &str) -> Result<Element, TemplateFault> {
    let bytes = find(parts, path).ok_or_else(|| TemplateFault::NotADocument(format!("it lacks `{path}`")))?;
    parse(path, bytes)
}

fn counted(body: &Element, styles: &Styles) -> usize {
    let blocks = blocks(body);
    let sheets: Vec<Sheet> = blocks
        .iter()
        .filter_map(|block| section(block))
        .map(Sheet::of)
        .collect();
    let mut sheets = sheets.into_iter();
    let mut flow = Flow::new(sheets.next().unwrap_or_default());
    for block in blocks {
        match block.name.as_str() {
            "w:p" => paragraph(block, styles, &mut flow),
            "w:tbl" => table(block, styles, &mut flow),
            _ => {}
        }
        if block.name == "w:p" && section(block).is_some() {
            let next = sheets.next().unwrap_or_default();
            flow.section(next);
        }
    }
    flow.pages()
}

/// The paragraphs, tables and last section of a body or cell, also those in content controls.
fn blocks(holder: &Element) -> Vec<&Element> {
    let mut all = Vec::new();
    for element in holder.elements() {
        match element.name.as_str() {
            "w:p" | "w:tbl" | "w:sectPr" => all.push(element),
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" => all.extend(blocks(element)),
            _ => {}
        }
    }
    all
}

/// The form of the pages that ends here.
fn section(block: &Element) -> Option<&Element> {
    match block.name.as_str() {
        "w:sectPr" => Some(block),
        _ => block.child("w:pPr")?.child("w:sectPr"),
    }
}

fn paragraph(element: &Element, styles: &Styles, flow: &mut Flow) {
    let look = styles.paragraph(element);
    if look.begins_page {
        flow.turn();
    }
    let mut pieces = text(element).into_iter();
    let first = pieces.next().unwrap_or_default();
    let wide = flow.sheet.width;
    flow.lines(look.lines(&first, wide), &look);
    // Every further piece stands behind a page break.
    for piece in pieces {
        flow.turn();
        flow.lines(look.lines(&piece, wide), &look);
    }
}

/// The words of a paragraph with what breaks its lines, in pieces between page breaks.
fn text(element: &Element) -> Vec<String> {
    let mut pieces = vec![String::new()];
    collect(element, &mut pieces);
    pieces
}

fn collect(element: &Element, pieces: &mut Vec<String>) {
    for child in element.elements() {
        let said: &str = match child.name.as_str() {
            "w:t" => &child.text(),
            "w:tab" => "\t",
            "w:br" | "w:cr" if child.attribute("w:type").as_deref() == Some("page") => {
                pieces.push(String::new());
                continue;
            }
            "w:br" | "w:cr" => "\n",
            // Marks of the form, and what is not shown.
            "w:pPr" | "w:rPr" | "w:sdtPr" | "w:del" | "w:instrText" | "mc:Fallback" => continue,
            _ => {
                collect(child, pieces);
                continue;
            }
        };
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(said);
        }
    }
}

fn table(element: &Element, styles: &Styles, flow: &mut Flow) {
    let frame = styles.frame(element);
    let columns: Vec<f64> = element
        .child("w:tblGrid")
        .into_iter()
        .flat_map(Element::elements)
        .filter_map(|column| look::number(column, "w:w"))
        .collect();
    for row in rows(element) {
        flow.block(height(row, &columns, styles, frame, flow.sheet.width));
    }
    flow.after_table();
}

fn rows(table: &Element) -> Vec<&Element> {
    let mut all = Vec::new();
    for element in table.elements() {
        match element.name.as_str() {
            "w:tr" => all.push(element),
            "w:sdt" | "w:sdtContent" | "w:customXml" | "w:ins" => all.extend(rows(element)),
            _ => {}
        }
    }
    all
}

/// How high a row is: as its highest cell, and at least as it says itself.
fn height(row: &Element, columns: &[f64], styles: &Styles, frame: look::Frame, whole: f64) -> f64 {
    let least = row
        .child("w:trPr")
        .and_then(|form| look::number(form.child("w:trHeight")?, "w:val"));
    let mut at = 0;
    let mut highest: f64 = least.unwrap_or_default();
    for cell in cells(row) {
        let form = cell.child("w:tcPr");
        let span = form
            .and_then(|form| look::count(form.child("w:gridSpan")?, "w:val"))
            .unwrap_or(1);
        let own = form.and_then(|form| look::number(form.child("w:tcW")?, "w:w"));
        let grid: f64 = columns.iter().skip(at).take(span).sum();
        at += span;
        let wide = if grid > 0.0 { grid } else { own.unwrap_or(whole) };
        let inside = (wide - frame.beside).max(look::NARROWEST);
        highest = highest.max(filled(cell, styles, inside) + frame.above);
    }
    highest
}

fn cells(row: &Element) -> Vec<&Element> {
    let mut all = Vec::new();
    for element in row.elements() {
        match element.name.as_str() {
            "w:tc" => all.push(element),
            "w:sdt" | "w:sdtContent" | "w:customXml" => all.extend(cells(element)),
            _ => {}
        }
    }
    all
}

/// How high what stands in a cell is.
fn filled(cell: &Element, styles: &Styles, wide: f64) -> f64 {
    let mut flow = Flow::new(Sheet::endless(wide));
    for block in blocks(cell) {
        match block.name.as_str() {
            "w:p" => paragraph(block, styles, &mut flow),
            "w:tbl" => table(block, styles, &mut flow),
            _ => {}
        }
    }
    flow.used()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: usize) {
        let xml = format!("<w:body xmlns:w=\"{}\">{body}</w:body>", crate::support::WORD);
        let body = parse("word/document.xml", xml.as_bytes()).unwrap();
        assert_eq!(counted(&body, &Styles::of(None)), expected);
    }

    fn paragraphs(count: usize, words: usize) -> String {
        let text = "seven letters ".repeat(words / 2);
        format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>").repeat(count)
    }

    #[test]
    fn pages_are_full_or_end_where_it_is_said() {
        const BREAK: &str = "<w:p><w:r><w:t>a</w:t><w:br w:type=\"page\"/><w:t>b</w:t></w:r></w:p>";
        const FRESH: &str = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>";
        const SECTION: &str = "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>";
        const GOES_ON: &str =
            "<w:p><w:pPr><w:sectPr/></w:pPr></w:p><w:p/><w:sectPr><w:type w:val=\"continuous\"/></w:sectPr>";
        check("", 1);
        check("<w:p/>", 1);
        check(BREAK, 2);
        check(&format!("<w:p/>{FRESH}{FRESH}"), 3);
        check(FRESH, 1);
        check(&format!("{SECTION}<w:p/>"), 2);
        check(GOES_ON, 1);
        // Ten points high with a sixth more between lines: 55 to 65 lines on a sheet with usual margins.
        check(&paragraphs(50, 2), 1);
        check(&paragraphs(130, 2), 3);
        // A thousand words on two pages.
        check(&paragraphs(2, 500), 2);
    }

    #[test]
    fn a_row_is_as_high_as_its_highest_cell() {
        let cell = |words: usize| format!("<w:tc>{}</w:tc>", paragraphs(1, words));
        let table = |left: usize, right: usize, rows: usize| {
            let row = format!("<w:tr>{}{}</w:tr>", cell(left), cell(right));
            let grid = "<w:tblGrid><w:gridCol w:w=\"2000\"/><w:gridCol w:w=\"7000\"/></w:tblGrid>";
            format!("<w:tbl>{grid}{}</w:tbl>", row.repeat(rows))
        };
        check(&table(2, 2, 40), 1);
        check(&table(2, 2, 100), 2);
        // The same words need more lines in the narrow column, and no two rows of them one page.
        check(&table(2, 100, 15), 3);
        check(&table(100, 2, 15), 15);
    }
}
