//! Rich text: what Word shows, and what it keeps beside it.

use drafting::source::Rejection;
use reading::{Limits, parse};

use crate::shown::shown;

const HEAD: &str = "{\\fonttbl{\\f0\\fcharset0 Calibri;}{\\f1\\fcharset2 Symbol;}{\\f2\\fcharset204 Arial;}{\\f3\\fcharset2 Wingdings;}{\\f4\\fcharset128 Gothic;}}\
    {\\colortbl;\\red0\\green0\\blue0;\\red255\\green255\\blue255;\\red0\\green32\\blue96;}\
    {\\stylesheet{\\s0 Normal;}{\\s1\\sbasedon0\\b heading 1;}{\\s2 Heading 2;}{\\s3\\outlinelevel2 House;}{\\s4 toc 1;}{\\*\\cs5 Strong;}}\
    {\\info{\\title t}}{\\header kept out\\par}{\\*\\generator x;}";

fn file(body: &str) -> Vec<u8> {
    format!("{{\\rtf1\\ansi\\ansicpg1252\\deff0{HEAD}\\pard\\plain {body}}}").into_bytes()
}

fn check(body: &str, expected: &[&str]) {
    let reading = parse(&file(body), &Limits::default()).unwrap();
    assert_eq!(shown(&reading), expected, "{body}");
}

#[test]
fn blocks() {
    check(
        "\\s1\\b 1. Needs\\par\\pard\\plain He reads {\\b well}.\\par\\pard\\s2 Speech\\par\\pard\\s3 Words\\par\\pard\\outlinelevel0 Direct\\par\\pard\\s4 Needs\\tab 3\\par\\pard end",
        &[
            "h1 1. Needs",
            "p He reads *well*.",
            "h2 Speech",
            "h3 Words",
            "h1 Direct",
            "p end",
        ],
    );
    check(
        "{\\b Name:} A\\line{\\b Born:} B\\par",
        &["p *Name:* A", "p *Born:* B"],
    );
    check("one\r\n two\\\r\nthree", &["p one two", "p three"]);
}

#[test]
fn characters() {
    check(
        "caf\\'e9 \\u8217\\'92s \\lquote a\\rquote\\~b\\_c \\{x\\}",
        &["p caf\u{e9} \u{2019}s \u{2018}a\u{2019} b-c {x}"],
    );
    check(
        "\\uc0\\u-10179\\u-8704 x{\\uc2\\u8364 EU}y",
        &["p \u{1f600}x\u{20ac}y"],
    );
    check(
        "{\\f2 \\'cf} {\\f1\\'b7} {\\f3\\'fe} {\\f4\\'82\\'a0}",
        &["p \u{41f} \u{2022} \u{2611} \u{3042}"],
    );
    check("{\\upr{old}{\\*\\ud{new}}} {\\*\\unknown x}y", &["p new y"]);
    check("{\\*\\pn\\bin3 }}}x}text", &["p text"]);
}

#[test]
fn lists() {
    check(
        "{\\listtext\\pard\\plain 1.\\tab}\\ls1\\ilvl0 one\\par\\pard{\\listtext\\f1\\'b7\\tab}\\ls2\\ilvl1 two\\par\\pard{\\pntext a)\\tab}three\\par\\pard\\ls1 four\\par",
        &["li0 1. one", "li1 - two", "li0 a) three", "li0 - four"],
    );
    // Groups keep the properties of paragraphs to themselves.
    check(
        "\\s1{\\listtext\\pard\\plain\\tab}Head\\par{\\pard\\s2 Below\\par}\\pard text",
        &["h1 Head", "h2 Below", "p text"],
    );
}

#[test]
fn tables() {
    let row = |head: &str, cells: &[(&str, &str)]| {
        let defined: String = cells
            .iter()
            .map(|(properties, _)| (*properties).to_owned())
            .collect();
        let texts = cells
            .iter()
            .map(|(_, text)| format!("\\pard\\intbl {text}\\cell"))
            .collect::<Vec<_>>()
            .concat();
        format!("\\trowd{head}{defined}{texts}\\row")
    };
    check(
        &(row("\\trhdr", &[("\\cellx1000", "Who"), ("\\cellx2000", "When")])
            + &row("", &[("\\cellx1000", "TA"), ("\\cellx2000", "daily\\par twice")])
            + "\\pard after"),
        &["head Who | When", "row TA | daily twice", "p after"],
    );
    check(
        &(row(
            "",
            &[
                ("\\clvmgf\\cellx1000", "a"),
                ("\\cellx2000", "b"),
                ("\\cellx3000", "c"),
            ],
        ) + &row("", &[("\\clvmrg\\cellx1000", ""), ("\\cellx3010", "wide")])
            + &row(
                "",
                &[
                    ("\\cellx1000", "d"),
                    ("\\clmgf\\cellx2000", "e"),
                    ("\\clmrg\\cellx3000", ""),
                ],
            )),
        &["row a | b | c", "row  | wide | ", "row d | e | "],
    );
    check(
        "\\trowd\\cellx1000\\cellx2000\\pard\\intbl a\\cell\\pard\\intbl\\itap2 b\\nestcell c\\nestcell{\\*\\nesttableprops\\trowd\\cellx1500\\cellx2000\\nestrow}{\\nonesttables\\par}\\pard\\intbl d\\cell\\row",
        &["row a | b c d"],
    );
    check(
        &row(
            "",
            &[
                ("\\clcbpat3\\cellx1000", "\\cf2 seen"),
                ("\\cellx2000", "\\cf2 gone"),
            ],
        ),
        &["row seen | ", "! HiddenText gone"],
    );
}

#[test]
fn text_that_nobody_sees() {
    for run in [
        "\\v",
        "\\cf2",
        "\\fs4",
        "\\charscalex1",
        "\\cf1\\highlight1",
        "\\cf3\\chcbpat3",
    ] {
        check(&format!("x{{{run} secret}}"), &["p x", "! HiddenText secret"]);
    }
    for run in ["\\v\\v0", "\\cf2\\highlight3", "\\fs16", "\\cf0"] {
        check(&format!("{{{run} seen}}"), &["p seen"]);
    }
    check("\\cbpat3\\cf2 seen", &["p seen"]);
}

#[test]
fn changes_comments_notes() {
    check(
        "He needs {\\deleted ten }{\\revised five }{\\strike old }hours",
        &[
            "p He needs five hours",
            "! TrackedInsertion five",
            "! TrackedDeletion ten old",
        ],
    );
    check(
        "Score 70{\\super\\chftn}{\\footnote\\pard\\plain{\\super\\chftn} Norms of 2019.}{\\footnote\\ftnalt At the end.}\\par Next",
        &[
            "p Score 70",
            "li0 footnote 1 Norms of 2019.",
            "li0 endnote 1 At the end.",
            "p Next",
        ],
    );
    check(
        "Text{\\*\\atnid A}{\\*\\atnauthor Ann}\\chatn{\\*\\annotation{\\*\\atndate 1}Is this so?} goes on",
        &["p Text goes on", "! Comment Is this so?"],
    );
}

#[test]
fn around_the_text() {
    check(
        "a{\\*\\shppict{\\pict\\pngblip 89504e}}{\\nonshppict{\\pict 00}}{\\object{\\*\\objdata 00}{\\result x}}b",
        &["p ab", "! Picture", "! EmbeddedObject"],
    );
    check(
        "text{\\shp{\\*\\shpinst{\\sp{\\sn x}{\\sv 1}}{\\shptxt\\pard boxed\\par}}{\\shprslt boxed}}",
        &["p text", "p boxed"],
    );
    check(
        "{\\field{\\*\\fldinst HYPERLINK \"http://example.org\"}{\\fldrslt a link}} {\\field{\\*\\fldinst FORMCHECKBOX{\\*\\formfield\\fftype1\\ffres25\\ffdefres1}}{\\fldrslt}} yes",
        &["p a link \u{2612} yes"],
    );
}

#[test]
fn refusals() {
    let refused = |bytes: &[u8]| parse(bytes, &Limits::default()).unwrap_err();
    let hostile = |what: &str| Rejection::Hostile { what: what.into() };
    assert_eq!(refused(&file("")), Rejection::Empty);
    assert_eq!(refused(&file("{\\pict 00}")), Rejection::Scanned { pages: 1 });
    assert_eq!(refused(b"{\\rtf1 cut off"), Rejection::Damaged);
    assert_eq!(
        refused("{\\rtf1".repeat(2000).as_bytes()),
        hostile("the depth of its nesting")
    );
    assert_eq!(
        refused(&file(&"{\\footnote".repeat(300))),
        hostile("the depth of its nesting")
    );
    let cells = "\\cellx1".repeat(300);
    assert_eq!(
        refused(&file(&format!("\\trowd{cells}"))),
        hostile("the number of columns of a table")
    );
    let many = "\\intbl x\\cell".repeat(300);
    assert_eq!(refused(&file(&many)), hostile("the number of columns of a table"));
    let small = Limits {
        text_chars: 10,
        ..Limits::default()
    };
    assert!(matches!(
        parse(&file("many more words"), &small),
        Err(Rejection::TooLarge { .. })
    ));
    let trailing = [file("x"), b"behind".to_vec()].concat();
    assert_eq!(
        shown(&parse(&trailing, &Limits::default()).unwrap()),
        ["p x", "! HiddenText"]
    );
}
