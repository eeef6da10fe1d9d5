//! Tables: heads, merged cells, frames.

use super::{cell, check, check_file, p, plain, row, simple, table};
use crate::forge::Docx;

#[test]
fn table_heads() {
    let body = [simple(&["a", "b"]), simple(&["c", "d"])];
    check(&table(&body), &["row a | b", "row c | d"]);
    let marked = row("<w:tblHeader/>", &[cell("", &plain("H")), cell("", &plain("I"))]);
    check(
        &table(&[marked.clone(), simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    check(&table(&[marked]), &["row H | I"]);
    let bold = row(
        "",
        &[cell("", &p("", "<w:b/>", "H")), cell("", &p("", "<w:b/>", "I"))],
    );
    check(
        &table(&[bold.clone(), simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    check(&table(&[bold.clone(), bold]), &["row H | I", "row H | I"]);
    let shade = "<w:shd w:val=\"clear\" w:fill=\"4472C4\"/>";
    let shaded = row("", &[cell(shade, &plain("H")), cell(shade, &plain("I"))]);
    check(
        &table(&[shaded, simple(&["a", "b"])]),
        &["head H | I", "row a | b"],
    );
    let form = row(
        "",
        &[cell("", &p("", "<w:b/>", "Name")), cell("", &plain("Leila"))],
    );
    check(
        &table(&[form, simple(&["a", "b"])]),
        &["row Name | Leila", "row a | b"],
    );
    let style = "<w:style w:type=\"table\" w:styleId=\"G\"><w:name w:val=\"Grid\"/><w:tblStylePr w:type=\"firstRow\"><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>";
    let styled = format!(
        "<w:tbl><w:tblPr><w:tblStyle w:val=\"G\"/><w:tblLook w:val=\"04A0\"/></w:tblPr>{}{}</w:tbl>",
        simple(&["H", "I"]),
        simple(&["a", "b"])
    );
    check_file(
        &Docx::body(&styled).with("styles", style),
        &["head H | I", "row a | b"],
    );
}

#[test]
fn merged_cells_stand_once() {
    let span = "<w:gridSpan w:val=\"2\"/>";
    let rows = [
        simple(&["a", "b", "c"]),
        row("", &[cell(span, &plain("wide")), cell("", &plain("d"))]),
        row(
            "",
            &[
                cell("<w:vMerge w:val=\"restart\"/>", &plain("tall")),
                cell("", &plain("e")),
                cell("", &plain("f")),
            ],
        ),
        row(
            "",
            &[
                cell("<w:vMerge/>", "<w:p/>"),
                cell("", &plain("g")),
                cell("", &plain("h")),
            ],
        ),
        row("<w:gridBefore w:val=\"1\"/>", &[cell("", &plain("i"))]),
    ];
    let expected = [
        "row a | b | c",
        "row wide |  | d",
        "row tall | e | f",
        "row  | g | h",
        "row  | i | ",
    ];
    check(&table(&rows), &expected);
    let covered = [
        row(
            "",
            &[
                cell("<w:vMerge w:val=\"restart\"/>", &plain("tall")),
                cell("", &plain("e")),
            ],
        ),
        row(
            "",
            &[cell("<w:vMerge/>", &plain("covered")), cell("", &plain("g"))],
        ),
    ];
    check(
        &table(&covered),
        &["row tall | e", "row  | g", "! HiddenText covered"],
    );
}

#[test]
fn cells_and_nested_tables_are_one_line() {
    let inner = table(&[simple(&["x", "y"]), simple(&["z", ""])]);
    let rows = [row(
        "",
        &[
            cell("", &(plain("one") + &plain("two"))),
            cell("", &(plain("three") + &inner + "<w:p/>")),
        ],
    )];
    check(&table(&rows), &["row one two | three x y z"]);
}

#[test]
fn frames_give_their_blocks() {
    let framed = table(&[row(
        "",
        &[cell(
            "",
            &(p("<w:outlineLvl w:val=\"0\"/>", "", "Views") + &plain("He likes it.")),
        )],
    )]);
    check(&framed, &["h1 Views", "p He likes it."]);
    let title = row(
        "",
        &[cell("<w:gridSpan w:val=\"2\"/>", &p("", "<w:b/>", "Section 1"))],
    );
    check(
        &table(&[title, simple(&["a", "b"])]),
        &["p *Section 1*", "row a | b"],
    );
}
