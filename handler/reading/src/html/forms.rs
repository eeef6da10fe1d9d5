//! Form fields of a page: what a person sees in them.

use super::tree::{Element, Id, Tree};

/// What a field shows; `None` for what is no field.
pub(crate) fn shown(tree: &Tree, id: Id, element: &Element) -> Option<String> {
    match element.name() {
        "input" => Some(input(element)),
        "select" => Some(selected(tree, id)),
        _ => None,
    }
}

fn input(element: &Element) -> String {
    let kind = element.small("type");
    let value = || element.attribute("value").unwrap_or("").to_owned();
    match kind.as_deref() {
        Some("checkbox" | "radio") => {
            let ticked = element.attribute("checked").is_some();
            if ticked { "\u{2612}" } else { "\u{2610}" }.to_owned()
        }
        Some("hidden" | "password" | "file" | "image" | "submit" | "button" | "reset" | "color") => {
            String::new()
        }
        _ => value(),
    }
}

fn selected(tree: &Tree, list: Id) -> String {
    let options = || {
        tree.below(list)
            .filter_map(|id| Some((id, tree.element(id)?)))
            .filter(|(_, element)| element.name() == "option")
    };
    let chosen = options().find(|(_, element)| element.attribute("selected").is_some());
    chosen
        .or_else(|| options().next())
        .map_or_else(String::new, |(id, _)| tree.text(id))
}
