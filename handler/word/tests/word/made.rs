//! Templates made from Rust.

use serde_json::json;
use word::build::{Cell, Document, Paragraph, Run, Style, Table};

use crate::document::{check_well_formed, main_part, paragraphs, read, render};

pub fn plan() -> Document {
    let mut plan = Document::new("Plan");
    plan.header = vec![Paragraph::new(Style::Banner, "{{ banner }}").into()];
    plan.footer = vec![Paragraph::of(Style::Footer, vec![Run::Text("Page ".into()), Run::Page]).into()];
    plan.push(
        Paragraph::new(Style::Heading1, "Needs")
            .anchored("needs")
            .on_new_page(),
    );
    plan.when("needs", |plan| {
        let cells: [Cell; 2] = ["{{ n.id }}".into(), "{{ field(n.id, n.text) }}".into()];
        plan.push(Table::new("Needs & more", &[20, 80], &["No.", "Need"]).each("n in needs", cells));
    });
    plan.when("not needs", |plan| plan.paragraph(Style::Normal, "None."));
    plan.each("point in points", |plan| {
        plan.paragraph(Style::ListBullet, "{{ point }}");
    });
    plan
}

#[test]
fn a_made_template_can_be_filled() {
    let data = json!({"banner": "DRAFT", "needs": [{"id": "B.1", "text": "x"}], "points": ["p", "q"]});
    let filled = render(&plan().bytes().unwrap(), &data);
    assert_eq!(
        paragraphs(&filled),
        ["Needs", "No.", "Need", "B.1", "x", "p", "q"]
    );
    let empty = json!({"banner": "DRAFT", "needs": [], "points": []});
    let filled = render(&plan().bytes().unwrap(), &empty);
    assert_eq!(paragraphs(&filled), ["Needs", "None."]);
    assert!(!main_part(&filled).contains("<w:tbl>"));
}

#[test]
fn a_made_template_is_accessible_and_the_same_each_time() {
    let bytes = plan().bytes().unwrap();
    check_well_formed(&bytes);
    assert_eq!(bytes, plan().bytes().unwrap());
    let (xml, styles) = (main_part(&bytes), read(&bytes, "word/styles.xml").unwrap());
    for words in [
        "<w:tblHeader/>",
        "<w:cantSplit/>",
        "<w:tblCaption w:val=\"Needs &amp; more\"/>",
        "<w:pageBreakBefore/>",
    ] {
        assert!(xml.contains(words), "{words}");
    }
    for words in [
        "<w:lang w:val=\"en-GB\"",
        "<w:keepNext/><w:keepLines/>",
        "w:outlineLvl w:val=\"0\"",
    ] {
        assert!(styles.contains(words), "{words}");
    }
    assert!(
        read(&bytes, "docProps/core.xml")
            .unwrap()
            .contains("<dc:title>Plan</dc:title>")
    );
    let widths: usize = xml
        .split("<w:gridCol w:w=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().parse::<usize>().unwrap())
        .sum();
    assert!((9_600..=9_638).contains(&widths), "{widths}");
}
