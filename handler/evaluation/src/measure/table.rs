//! Figures for people to read.

use std::fmt::Write as _;

use drafting::draft::{Draft, FieldContent, Statement};
use drafting::recipe::Recipe;

use super::score::Measured;

/// One table for a case.
#[must_use]
pub fn table(case: &str, measured: &Measured) -> String {
    let of_groups = [
        measured.need_groups,
        measured.provision_groups,
        measured.outcome_groups,
    ];
    let [needs, provisions, outcomes] = of_groups.map(|score| score.to_string());
    let rows = [
        ("needs", measured.needs.to_string()),
        ("provisions (advised, current)", measured.provisions.to_string()),
        ("outcomes", measured.outcomes.to_string()),
        ("in the right area", measured.areas.to_string()),
        (
            "groups in draft or queries",
            format!(
                "{}: needs {needs}, provisions {provisions}, outcomes {outcomes}",
                measured.groups()
            ),
        ),
        ("gaps of the sources asked about", measured.gaps.to_string()),
        ("precision of statements", measured.precision.to_string()),
        ("slots kept", measured.slots.to_string()),
        ("slots invented", measured.invented.to_string()),
        ("facts", measured.facts.to_string()),
        ("conflicts found", measured.conflicts.to_string()),
        ("omissions listed", measured.omissions.to_string()),
        ("linked to a right need", measured.links.to_string()),
        ("links that are right", measured.link_precision.to_string()),
        ("words of the sources in the draft", measured.words.to_string()),
        ("traps fallen into", measured.traps.len().to_string()),
        ("gold entries not understood", measured.unreadable.to_string()),
    ];
    let mut text = format!("{case}\n");
    for (label, figure) in rows {
        // Writing to a `String` cannot fail.
        _ = writeln!(text, "  {label:<34} {}", figure.trim_start());
    }
    text
}

/// All figures of a case on one line.
#[must_use]
pub fn row(case: &str, m: &Measured) -> String {
    let cells = [
        ("needs", m.needs),
        ("prov", m.provisions),
        ("outc", m.outcomes),
        ("areas", m.areas),
        ("groups", m.groups()),
        ("prec", m.precision),
        ("slots", m.slots),
        ("facts", m.facts),
        ("confl", m.conflicts),
        ("omit", m.omissions),
        ("linked", m.links),
        ("rightly", m.link_precision),
        ("words", m.words),
    ];
    let mut text = format!("{case:8}");
    for (label, score) in cells {
        // Writing to a `String` cannot fail.
        _ = write!(
            text,
            "{label} {:3.0}% ({:>3}/{:<3}) ",
            100.0 * score.share(),
            score.hit,
            score.of
        );
    }
    _ = write!(text, "invented {} traps {}", m.invented.hit, m.traps.len());
    text
}

/// The draft as text, section by section.
#[must_use]
pub fn text(recipe: &Recipe, draft: &Draft) -> String {
    let mut text = String::new();
    for section in &draft.sections {
        // Writing to a `String` cannot fail.
        _ = writeln!(text, "\n== {}", section.id);
        for field in section
            .fields
            .iter()
            .filter(|field| field.content != FieldContent::Empty)
        {
            let label = recipe.field(&field.key).map_or(&field.key, |field| &field.label);
            let open = if matches!(field.content, FieldContent::Open(_)) {
                " (open)"
            } else {
                ""
            };
            _ = writeln!(text, "-- {label}{open}");
            for statement in field.content.statements() {
                text.push_str(&line(statement));
            }
        }
    }
    for conflict in &draft.conflicts {
        let values: Vec<&str> = conflict.values.iter().map(|value| value.value.as_str()).collect();
        _ = writeln!(
            text,
            "conflict | {} | {}",
            conflict.attribute,
            values.join(" || ")
        );
    }
    for query in &draft.queries {
        _ = writeln!(text, "query | {}", query.question);
    }
    text
}

fn line(statement: &Statement) -> String {
    let mut line = format!("  {} {}", statement.id, statement.text);
    if !statement.serves.is_empty() {
        _ = write!(line, " -> {}", statement.serves.join(", "));
    }
    if !statement.marks.is_empty() {
        _ = write!(line, " [{}]", statement.marks.join("; "));
    }
    line + "\n"
}
