//! Runs, wrappers, fields and formulas: what makes a line.

use super::{check, check_file, p, plain};
use crate::forge::Docx;

#[test]
fn runs_make_a_line() {
    check(
        "<w:p><w:r><w:t xml:space=\"preserve\">di\u{fb03}cult </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>A &amp; B &lt; 7&#x30;</w:t></w:r>\
         <w:r><w:t>co</w:t><w:softHyphen/><w:t>op</w:t><w:noBreakHyphen/><w:t>ed</w:t><w:tab/><w:t>x</w:t><w:br/><w:t>y</w:t>\
         <w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r></w:p>",
        &["p difficult *A & B < 70*coop-ed x y\u{2611}"],
    );
    check(
        "<w:p/><w:p><w:r><w:t>   </w:t></w:r></w:p><w:p><w:r><w:t>x</w:t></w:r></w:p>",
        &["p x"],
    );
}

#[test]
fn wrappers_are_looked_into() {
    let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
    check(
        &format!(
            "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt><w:customXml>{}</w:customXml>\
             <w:p><w:hyperlink r:id=\"rId9\">{}</w:hyperlink><w:smartTag>{}</w:smartTag><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:p>",
            plain("one"),
            plain("two"),
            run("three "),
            run("four "),
            run("five"),
        ),
        &["p one", "p two", "p three four five"],
    );
    let prompt = format!(
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        plain("Click here")
    );
    check(&format!("{prompt}{}", plain("x")), &["p x"]);
    let filled = prompt.replace("Click here", "He needs help.");
    check(
        &format!("{filled}{}", plain("x")),
        &["p x", "! HiddenText He needs help."],
    );
}

#[test]
fn fields_show_their_result() {
    let mark = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = "<w:r><w:instrText>DATE</w:instrText></w:r>";
    let text = "<w:r><w:t>3 May</w:t></w:r>";
    check(
        &format!(
            "<w:p>{}{code}{}{text}{}</w:p>",
            mark("begin"),
            mark("separate"),
            mark("end")
        ),
        &["p 3 May"],
    );
    check(
        &format!("<w:p>{}{code}</w:p>{}", mark("begin"), plain("after")),
        &["p after"],
    );
    check(
        &format!("<w:p><w:fldSimple w:instr=\"DATE\">{text}</w:fldSimple></w:p>"),
        &["p 3 May"],
    );
    let tick = |on: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:default w:val=\"{on}\"/></w:checkBox></w:ffData></w:fldChar></w:r>{}",
            mark("end")
        )
    };
    check(
        &format!(
            "<w:p><w:r><w:t>Yes</w:t></w:r>{}<w:r><w:t>No</w:t></w:r>{}</w:p>",
            tick("1"),
            tick("0")
        ),
        &["p Yes\u{2612}No\u{2610}"],
    );
}

#[test]
fn formulas_and_rubies() {
    check(
        "<w:p><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        &["p 1/2"],
    );
    check(
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>above</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>base</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>",
        &["p base"],
    );
}

#[test]
fn strict_files_and_other_prefixes() {
    let strict = Docx::body(&(p("", "<w:vanish/>", "secret") + &plain("x"))).changed(|xml| {
        xml.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    });
    check_file(&strict, &["p x", "! HiddenText secret"]);
    let other = Docx::body(&plain("x")).changed(|xml| {
        xml.replace("<w:", "<q:")
            .replace("</w:", "</q:")
            .replace("xmlns:w=", "xmlns:q=")
    });
    check_file(&other, &["p x"]);
}
