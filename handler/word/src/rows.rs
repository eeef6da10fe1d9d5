//! Rows that may not hide what was put into them.
//!
//! A row of an exact height cuts off what is higher. One that may not break over pages, and is higher than a page, loses
//! its end in LibreOffice, and so in whatever prints with it.

/// The most bytes of a cell's text for which a row is kept on one page as its template says: a page holds more than these
/// also in a narrow column.
const KEPT: usize = 500;

/// The part with rows as high as what stands in them, and long ones free to break.
pub(crate) fn loosened(xml: &str) -> String {
    const BEGIN: &str = "<w:trPr>";
    const END: &str = "</w:trPr>";
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some((before, row)) = rest.split_once(BEGIN) {
        let (form, behind) = row.split_once(END).unwrap_or((row, ""));
        out.push_str(before);
        out.push_str(BEGIN);
        push_form(&mut out, form, behind);
        out.push_str(END);
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn push_form(out: &mut String, form: &str, row: &str) {
    const WHOLE: &str = "<w:cantSplit";
    let form = form.replace("w:hRule=\"exact\"", "w:hRule=\"atLeast\"");
    match form.split_once(WHOLE) {
        Some((before, behind)) if longest(row) > KEPT => {
            out.push_str(before);
            out.push_str(behind.split_once("/>").map_or("", |(_, rest)| rest));
        }
        _ => out.push_str(&form),
    }
}

/// The bytes of text in the fullest cell of the row that a text is the rest of.
fn longest(row: &str) -> usize {
    let (mut depth, mut cell, mut most) = (1_usize, 0, 0);
    for piece in row.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        match tag {
            "/w:tr" => depth = depth.saturating_sub(1),
            "/w:tc" if depth == 1 => cell = 0,
            _ if is(tag, "w:tr") => depth += 1,
            _ if is(tag, "w:t") => cell += text.len(),
            _ => {}
        }
        most = most.max(cell);
        if depth == 0 {
            break;
        }
    }
    most
}

/// Whether a tag begins an element of this name.
fn is(tag: &str, name: &str) -> bool {
    tag.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::loosened;

    /// A table of one row with this form and these cells.
    fn table(form: &str, cells: &[&str]) -> String {
        const BEFORE: &str = "<w:tc><w:p><w:r><w:t xml:space=\"preserve\">";
        const BEHIND: &str = "</w:t></w:r></w:p></w:tc>";
        let cells: String = cells.iter().flat_map(|words| [BEFORE, words, BEHIND]).collect();
        format!("<w:tbl><w:tr>{form}{cells}</w:tr></w:tbl>")
    }

    #[track_caller]
    fn check(form: &str, cells: &[&str], expected: &str) {
        assert_eq!(loosened(&table(form, cells)), table(expected, cells));
    }

    #[test]
    fn long_rows_break_and_short_ones_stay_as_they_are() {
        const WHOLE: &str = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>";
        let (long, half) = ("ten bytes ".repeat(51), "ten bytes ".repeat(26));
        check(WHOLE, &["short", &long], "<w:trPr><w:tblHeader/></w:trPr>");
        check(
            "<w:trPr><w:cantSplit w:val=\"1\"/></w:trPr>",
            &[&long],
            "<w:trPr></w:trPr>",
        );
        check(WHOLE, &[&half, &half], WHOLE);
        check("<w:trPr></w:trPr>", &[&long], "<w:trPr></w:trPr>");
        check("", &[&long], "");
        // What stands behind the row is not its own, what stands in a table within it is.
        let behind = format!("{}{}", table(WHOLE, &["short"]), table("", &[&long]));
        assert_eq!(loosened(&behind), behind);
        let within = format!(
            "<w:tr>{WHOLE}<w:tc>{}{}</w:tc></w:tr>",
            table("", &[&half]),
            table("", &[&half])
        );
        assert!(!loosened(&within).contains("cantSplit"));
    }

    #[test]
    fn a_row_is_as_high_as_what_stands_in_it() {
        const HEIGHT: &str = "<w:trPr><w:trHeight w:val=\"300\" w:hRule=\"exact\"/></w:trPr>";
        check(HEIGHT, &["words"], &HEIGHT.replace("exact", "atLeast"));
    }
}
