//! A draft with something in every place that a template can name.

use drafting::recipe::Recipe;
use serde_json::{Map, Value, json};
use word::Template;

use super::keys::{self, Names};
use super::{DocumentEntry, StatementEntry, holds_statements, of_recipe};

/// What a template is given for such a draft.
pub(super) fn sample(recipe: &Recipe, template: &Template) -> Names {
    let words = ["Words".to_owned()];
    let statement = StatementEntry {
        id: "A.1",
        text: "Words",
        marks: &words,
        serves: &words,
        sources: "Words".to_owned(),
    };
    let document = DocumentEntry {
        letter: "A".to_owned(),
        file: "Words",
        kind: "Words",
        author: "Words",
        date: "Words".to_owned(),
        pages: "1".to_owned(),
        state: "Words".to_owned(),
    };
    let mut data = of_recipe(recipe);
    let content = |form| {
        if holds_statements(form) {
            json!([statement])
        } else {
            json!("Words")
        }
    };
    let fields: Map<String, Value> = recipe
        .fields()
        .map(|(_, field)| (field.key.clone(), content(&field.form)))
        .collect();
    let nil: Map<String, Value> = recipe
        .sections
        .iter()
        .map(|section| (section.id.clone(), json!("")))
        .collect();
    let given = [
        ("documents", json!([document])),
        ("missing", json!(words)),
        ("nil", json!(nil)),
        ("open_points", json!(words)),
        ("sources", json!(fields)),
    ];
    let texts = ["case", "date", "run", "status"].map(|name| (name, json!("Words")));
    data.extend(
        given
            .into_iter()
            .chain(texts)
            .map(|(name, value)| (name.to_owned(), value)),
    );
    data.extend(fields);
    let mut names = keys::sample(recipe, template, &data);
    names.data.extend(data);
    names
}
