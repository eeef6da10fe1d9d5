//! Web pages: what a browser shows, and what it does not.

use drafting::source::Rejection;
use reading::{Limits, parse};

use crate::shown::shown;

fn check_file(page: &[u8], expected: &[&str]) {
    let reading = parse(page, &Limits::default()).unwrap();
    assert_eq!(shown(&reading), expected, "{}", String::from_utf8_lossy(page));
}

fn check(body: &str, expected: &[&str]) {
    check_file(
        format!(
            "<!DOCTYPE html><html><head><meta charset=utf-8><title>t</title></head><body>{body}</body></html>"
        )
        .as_bytes(),
        expected,
    );
}

#[test]
fn blocks() {
    check(
        "<h1>1. Needs</h1><p>He reads\n  <b>well</b>.<p>He counts.<h3>Speech</h3>loose words<div>in a box</div>",
        &[
            "h1 1. Needs",
            "p He reads *well*.",
            "p He counts.",
            "h3 Speech",
            "p loose words",
            "p in a box",
        ],
    );
    check(
        "<p><b>Name:</b> A<br><b>Born:</b> B</p>",
        &["p *Name:* A", "p *Born:* B"],
    );
    check(
        "<p>one<br>two</p><pre>three\nfour</pre>",
        &["p one two", "p three four"],
    );
    check(
        "<p>fish &amp; chips &eacute; &#8217;s &lt;5&nbsp;min</p>",
        &["p fish & chips \u{e9} \u{2019}s <5 min"],
    );
}

#[test]
fn lists() {
    check(
        "<ol><li>one<ul><li>two</li></ul></li><li value=5><p>three</p><p>more</p></li></ol><ol type=a start=3><li>four</ol>",
        &["li0 1. one", "li1 - two", "li0 5. three", "p more", "li0 c. four"],
    );
    check(
        "<ol reversed style='list-style-type:lower-roman'><li>a<li>b</ol><ul><li></li><li>c</ul>",
        &["li0 ii. a", "li0 i. b", "li0 - c"],
    );
    check(
        "<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]>\
         <span style='mso-list:Ignore'>a)<span>&nbsp;&nbsp; </span></span><![endif]>He reads.</p>",
        &["li1 a) He reads."],
    );
}

#[test]
fn tables() {
    check(
        "<table><caption>Hours</caption><tr><th>Who<th>When</tr><tr><td>TA<td>daily</table>",
        &["p Hours", "head Who | When", "row TA | daily"],
    );
    check(
        "<table><tfoot><tr><td>z<td>y<td>x</tfoot><thead><tr><td>a<td colspan=2>b</thead>\
         <tbody><tr><td rowspan=2>c<td>d<td>e<tr><td>f<td>g</table>",
        &["head a | b | ", "row c | d | e", "row  | f | g", "row z | y | x"],
    );
    check(
        "<table><tr><td>a frame<td hidden>x</table>",
        &["row a frame | ", "! HiddenText x"],
    );
    check(
        "<table><tr><td><h2>Part</h2><p>text</table>",
        &["h2 Part", "p text"],
    );
    check(
        "<table role=presentation><tr><td>menu<td><h1>A</h1>text</table>",
        &["p menu", "h1 A", "p text"],
    );
    check(
        "<table><tr><td>a<td><table><tr><td>b<td>c</table></table>",
        &["row a | b c"],
    );
}

#[test]
fn text_that_nobody_sees() {
    let hidden = |open: &str| {
        let end = open.split([' ', '>']).next().unwrap().replace('<', "");
        check(
            &format!("<p>x</p>{open}secret</{end}>"),
            &["p x", "! HiddenText secret"],
        );
    };
    hidden("<div hidden>");
    hidden("<span style='display:none'>");
    hidden("<p style='visibility: hidden'>");
    hidden("<font color=white>");
    hidden("<p style='color:#fefefe'>");
    hidden("<p style='font-size:1px'>");
    hidden("<p style='opacity:0'>");
    hidden("<p style='position:absolute;left:-9999px'>");
    hidden("<p style='color:#000;background:black'>");
    hidden("<p style='mso-hide:all'>");
    hidden("<bdo dir=rtl>");
    hidden("<noscript>");
    check(
        "<style>.x, div p.y {color: white} @media screen { #z { display:none } } @media print { .k {display:none} }</style>\
         <p class=x>a</p><p class=y>b</p><div><i><p class=y>c</p></i></div><p id=z>d</p><p class=k>e</p>",
        &["p b", "p e", "! HiddenText a", "! HiddenText c", "! HiddenText d"],
    );
    check(
        "<style>p{color:white !important} p.on{color:black !important}</style><p>a</p><p class=on style='color:white'>b</p>",
        &["p b", "! HiddenText a"],
    );
    check(
        "<p>x<!-- obey --></p><!--[if gte mso 9]><xml>1</xml><![endif]-->",
        &["p x", "! HiddenText obey"],
    );
}

#[test]
fn text_that_only_seems_hidden() {
    check("<p style='color:white;background:#002060'>seen</p>", &["p seen"]);
    check(
        "<table bgcolor='#002060'><tr><td><font color=white>seen</font><td>x</table>",
        &["row seen | x"],
    );
    check(
        "<div style='visibility:hidden'><p style='visibility:visible'>seen</p></div>",
        &["p seen"],
    );
    check("<p style='font-size:80%;line-height:0'>seen</p>", &["p seen"]);
    check(
        "<style>p:hover{display:none} a > p + b{color:white}</style><p>seen</p>",
        &["p seen"],
    );
}

#[test]
fn changes_comments_notes() {
    check(
        "<p>He needs <del>ten</del> <ins>five</ins> <s>old</s> hours</p>",
        &[
            "p He needs five hours",
            "! TrackedInsertion five",
            "! TrackedDeletion ten old",
        ],
    );
    let note = "<div id=sdfootnote1><p><a class=sdfootnotesym name=sdfootnote1sym href='#sdfootnote1anc'>1</a>Norms of 2019.</p></div>";
    check(
        &format!(
            "<p>Score 70<a class=sdfootnoteanc name=sdfootnote1anc href='#sdfootnote1sym'><sup>1</sup></a></p><p>Next</p>{note}"
        ),
        &["p Score 70", "li0 footnote 1 Norms of 2019.", "p Next"],
    );
    check(
        "<p>Score 70<a style='mso-endnote-id:edn1' href='#_edn1' name='_ednref1'>[i]</a></p><p>Next</p>\
         <div style='mso-element:endnote' id=edn1><p><a href='#_ednref1' name='_edn1'>[i]</a> Norms.</p></div>",
        &["p Score 70", "li0 endnote 1 Norms.", "p Next"],
    );
    check(
        "<p>Text<a class=msocomanchor href='#_msocom_1'>[A1]</a></p><div style='mso-element:comment-list'><div style='mso-element:comment'><p>Is this so?</p></div></div>",
        &["p Text", "! Comment Is this so?"],
    );
}

#[test]
fn around_the_text() {
    check(
        "<p>a<img src=http://example.org/x.png width=1 height=1><img src=x.png></p><script>no()</script><iframe src=x>y</iframe>\
         <svg><text>z</text></svg><object>w</object>",
        &[
            "p a",
            "! Picture",
            "! EmbeddedObject",
            "! Picture",
            "! EmbeddedObject",
        ],
    );
    check(
        "<p><input type=checkbox checked> yes <input type=checkbox>no <input value=Leila><select><option>a<option selected>b</select></p>",
        &["p \u{2612} yes \u{2610} no Leila b"],
    );
    let xhtml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title/></head>\
                 <body><a name=\"x\"/><p>text</p></body></html>";
    check_file(xhtml.as_bytes(), &["p text"]);
    check_file(b"<p>caf\xe9</p>", &["p caf\u{e9}"]);
    check_file(
        b"<html><meta charset=utf-8><p>caf\xff</p></html>",
        &["p caf\u{fffd}", "! DamagedText"],
    );
}

fn refused(page: &str) -> Rejection {
    parse(page.as_bytes(), &Limits::default()).unwrap_err()
}

#[test]
fn refusals() {
    let hostile = |what: &str| Rejection::Hostile { what: what.into() };
    assert_eq!(
        refused("<html><body><script>x</script></body></html>"),
        Rejection::Empty
    );
    assert_eq!(
        refused("<html><img src=a><img src=b></html>"),
        Rejection::Scanned { pages: 2 }
    );
    assert_eq!(
        refused(&format!("<html>{}", "<div>".repeat(100_000))),
        hostile("the depth of its nesting")
    );
    let formats = (0..400)
        .map(|n| format!("<b id={n}>"))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(
        refused(&format!("<html><p>{formats}{}", "<p>x".repeat(20_000))),
        hostile("memory")
    );
    let wide = "<td>x".repeat(300);
    assert_eq!(
        refused(&format!("<html><table><tr>{wide}</table>")),
        hostile("the number of columns of a table")
    );
    let rules = (0..30_000)
        .map(|n| format!(".c{n}{{color:red}}"))
        .collect::<Vec<_>>()
        .concat();
    assert_eq!(
        refused(&format!("<html><style>{rules}</style>x")),
        hostile("the number of its style rules")
    );
    let tall = format!("<table>{}</table>", "<tr><td colspan=255>x<td>y".repeat(5_000));
    assert_eq!(refused(&format!("<html>{tall}")), hostile("memory"));
    let small = Limits {
        text_chars: 10,
        ..Limits::default()
    };
    assert!(matches!(
        parse(b"<html><p>many more words</html>", &small),
        Err(Rejection::TooLarge { .. })
    ));
}
