//! A reading as lines, to compare with what is expected.

use drafting::source::{Content, Reading};

/// A reading as lines: `h1`, `p` (bold parts in `*`), `li`, `head`, `row`, and `!` for notices.
pub fn shown(reading: &Reading) -> Vec<String> {
    let mut out = Vec::new();
    for block in &reading.blocks {
        match &block.content {
            Content::Heading { level, text } => out.push(format!("h{level} {text}")),
            Content::Paragraph { text, bold } => out.push(format!("p {}", starred(text, bold))),
            Content::ListItem {
                label,
                depth,
                text,
                bold,
            } => {
                let label = label.as_deref().unwrap_or("-");
                out.push(format!("li{depth} {label} {}", starred(text, bold)));
            }
            Content::Table { head, rows } => {
                out.extend(head.iter().map(|cells| format!("head {}", cells.join(" | "))));
                out.extend(rows.iter().map(|cells| format!("row {}", cells.join(" | "))));
            }
        }
    }
    let notice = |n: &drafting::source::Notice| format!("! {:?} {}", n.kind, n.text.as_deref().unwrap_or(""));
    out.extend(reading.notices.iter().map(|n| notice(n).trim_end().to_owned()));
    out
}

fn starred(text: &str, bold: &[(usize, usize)]) -> String {
    let mut out = text.to_owned();
    for (from, to) in bold.iter().rev() {
        out.insert(*to, '*');
        out.insert(*from, '*');
    }
    out
}
