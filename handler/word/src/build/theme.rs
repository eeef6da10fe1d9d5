//! The theme that Word expects of a document. No style refers to it; it keeps the menus of colours and fonts in
//! keeping with the document.

use crate::xml::DECLARATION;

/// What the part is.
pub(super) const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.theme+xml";

/// The colours by their names in the format.
const COLOURS: [(&str, &str); 12] = [
    ("dk1", "1D2B3A"),
    ("lt1", "FFFFFF"),
    ("dk2", "1F4E79"),
    ("lt2", "E3EAF1"),
    ("accent1", "1F4E79"),
    ("accent2", "44546A"),
    ("accent3", "7A1F1F"),
    ("accent4", "2F6B4F"),
    ("accent5", "6B4E8A"),
    ("accent6", "8A5A1F"),
    ("hlink", "1F4E79"),
    ("folHlink", "44546A"),
];

/// The theme as a part.
pub(super) fn part() -> String {
    let colours = COLOURS
        .map(|(name, rgb)| format!("<a:{name}><a:srgbClr val=\"{rgb}\"/></a:{name}>"))
        .concat();
    let fonts = ["major", "minor"]
        .map(|kind| {
            format!(
                "<a:{kind}Font><a:latin typeface=\"Arial\"/><a:ea typeface=\"\"/><a:cs typeface=\"\"/></a:{kind}Font>"
            )
        })
        .concat();
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = format!("<a:ln w=\"6350\">{fill}</a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "{DECLARATION}<a:theme xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" name=\"Plan\">\
         <a:themeElements><a:clrScheme name=\"Plan\">{colours}</a:clrScheme><a:fontScheme name=\"Plan\">{fonts}</a:fontScheme>\
         <a:fmtScheme name=\"Plan\"><a:fillStyleLst>{}</a:fillStyleLst><a:lnStyleLst>{}</a:lnStyleLst>\
         <a:effectStyleLst>{}</a:effectStyleLst><a:bgFillStyleLst>{}</a:bgFillStyleLst></a:fmtScheme>\
         </a:themeElements></a:theme>",
        fill.repeat(3),
        line.repeat(3),
        effect.repeat(3),
        fill.repeat(3)
    )
}
