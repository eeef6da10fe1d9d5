//! What stands at the names of a council's own template, and where a name stands by itself.
//!
//! A name of a field with values shows the value. A name of a field with statements shows all of them: as one passage,
//! or a line each. A numbered name shows the n-th of them, or those that serve the n-th of another field; what is behind
//! the last number that the template has stands in full at that number, each with its own, so that nothing is left out.

use std::collections::BTreeMap;

use drafting::draft::{DraftField, Statement};
use drafting::recipe::mapping::Mapped;
use drafting::recipe::{Form, Recipe};
use serde_json::{Map, Value, json};
use word::{Passage, Shown, Template};

use super::content::Writer;
use super::holds_statements;

/// What a template is given besides the fields: `data` by its names, and what stands where a name stands by itself.
pub(super) struct Names {
    pub data: Map<String, Value>,
    pub shown: Shown,
}

/// What stands at the names of a template in a copy of a draft; `fields` are the contents and `cited` the citations of
/// the fields by their keys.
pub(super) fn names(
    writer: &Writer<'_>,
    template: &Template,
    fields: &Map<String, Value>,
    cited: &Map<String, Value>,
) -> Names {
    let recipe = writer.index.recipe;
    let naming = Naming {
        writer,
        fields,
        cited,
        last: last_numbers(recipe, template),
    };
    let mut names = Names {
        data: Map::new(),
        shown: Shown::new(),
    };
    for name in template.placeholders() {
        if let Some(mapped) = mapped(recipe, &name) {
            let passages = naming.mapped(mapped);
            names
                .data
                .insert(name.clone(), naming.value(mapped, passages.as_deref()));
            names.shown.extend(passages.map(|passages| (name, passages)));
        } else if template.keys().contains(&name) {
            names
                .shown
                .extend(naming.whole(&name).map(|passages| (name, passages)));
        }
    }
    names
}

/// The same for a draft with something in every place.
pub(super) fn sample(recipe: &Recipe, template: &Template, data: &Map<String, Value>) -> Names {
    let words = || {
        vec![Passage {
            text: "Words".to_owned(),
            note: String::new(),
        }]
    };
    let mut names = Names {
        data: Map::new(),
        shown: Shown::new(),
    };
    for name in template.placeholders() {
        if let Some(mapped) = mapped(recipe, &name) {
            let whole = data
                .get(mapped.name.target.field())
                .filter(|_| mapped.number.is_none());
            names
                .data
                .insert(name.clone(), whole.cloned().unwrap_or_else(|| json!("Words")));
            names.shown.insert(name, words());
        } else if recipe
            .field(&name)
            .is_some_and(|field| holds_statements(&field.form))
        {
            names.shown.insert(name, words());
        }
    }
    names
}

/// What the recipe maps a name to that has no meaning of its own.
fn mapped<'a>(recipe: &'a Recipe, name: &str) -> Option<Mapped<'a>> {
    recipe.mapping.get(name).filter(|_| recipe.field(name).is_none())
}

/// What a name of a template stands for: itself, unless the recipe maps it.
pub(super) fn field<'a>(recipe: &'a Recipe, name: &'a str) -> &'a str {
    mapped(recipe, name).map_or(name, |mapped| mapped.name.target.field())
}

/// The last number that a template has of each numbered name.
fn last_numbers(recipe: &Recipe, template: &Template) -> BTreeMap<String, usize> {
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for name in template.placeholders() {
        if let Some(Mapped {
            name,
            number: Some(number),
        }) = mapped(recipe, &name)
        {
            let last = last.entry(name.written()).or_default();
            *last = number.max(*last);
        }
    }
    last
}

struct Naming<'a> {
    writer: &'a Writer<'a>,
    fields: &'a Map<String, Value>,
    cited: &'a Map<String, Value>,
    last: BTreeMap<String, usize>,
}

impl Naming<'_> {
    /// What stands at a mapped name by itself; `None` where it is the data's own.
    fn mapped(&self, mapped: Mapped<'_>) -> Option<Vec<Passage>> {
        let target = &mapped.name.target;
        let Some(number) = mapped.number else {
            return self.whole(target.field());
        };
        let last = self.last.get(&mapped.name.written()).copied().unwrap_or(number);
        let slot = Slot { number, last };
        let statements = self.statements(target.field());
        let lines = match target.serving() {
            Some(served) => slot.serving(
                statements,
                self.statements(served),
                &self.writer.index.recipe.wording.not_linked,
            ),
            None => slot.own(statements),
        };
        let nil = (number == 1 && target.serving().is_none()).then(|| self.nil(target.field()));
        Some(nil.flatten().unwrap_or_else(|| self.lines(&lines, "\n")))
    }

    /// What a template's conditions and expressions see of a mapped name.
    fn value(&self, mapped: Mapped<'_>, passages: Option<&[Passage]>) -> Value {
        let field = mapped.name.target.field();
        match (mapped.number, passages) {
            (Some(_), Some(passages)) => json!(
                passages
                    .iter()
                    .map(|passage| passage.text.as_str())
                    .collect::<String>()
            ),
            _ => self.fields.get(field).cloned().unwrap_or_else(|| json!("")),
        }
    }

    /// All that a field holds.
    fn whole(&self, key: &str) -> Option<Vec<Passage>> {
        let recipe = self.writer.index.recipe;
        let Some(field) = recipe.field(key) else {
            return self
                .fields
                .get(key)
                .and_then(Value::as_str)
                .map(|text| vec![passage(text, "")]);
        };
        if holds_statements(&field.form) {
            let between = if matches!(field.form, Form::Passage(_)) {
                " "
            } else {
                "\n"
            };
            let lines: Vec<Line<'_>> = self.statements(key).iter().map(Line::plain).collect();
            return Some(self.nil(key).unwrap_or_else(|| self.lines(&lines, between)));
        }
        let text = self.fields.get(key).and_then(Value::as_str).unwrap_or_default();
        let cited = self
            .cited
            .get(key)
            .and_then(Value::as_str)
            .filter(|_| recipe.mapping.cite);
        Some(vec![passage(text, cited.unwrap_or_default())])
    }

    /// The recipe's own sentence for a field that nothing fills.
    fn nil(&self, key: &str) -> Option<Vec<Passage>> {
        let nil = self.writer.index.recipe.nil_of(key)?;
        self.statements(key).is_empty().then(|| vec![passage(nil, "")])
    }

    fn statements(&self, key: &str) -> &[Statement] {
        let field: Option<&DraftField> = self.writer.index.field(key);
        field.map_or(&[], |field| field.content.statements())
    }

    fn lines(&self, lines: &[Line<'_>], between: &str) -> Vec<Passage> {
        let written = lines.iter().enumerate().map(|(at, line)| {
            let before = if at == 0 { "" } else { between };
            passage(&format!("{before}{line}"), &self.writer.cited(line.statement))
        });
        written.collect()
    }
}

fn passage(text: &str, note: &str) -> Passage {
    Passage {
        text: text.to_owned(),
        note: note.to_owned(),
    }
}

/// A statement with what is said before it.
struct Line<'a> {
    lead: String,
    statement: &'a Statement,
}

impl<'a> Line<'a> {
    fn plain(statement: &'a Statement) -> Self {
        Self {
            lead: String::new(),
            statement,
        }
    }
}

impl std::fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.lead, self.statement.text)?;
        match self.statement.marks.as_slice() {
            [] => Ok(()),
            marks => write!(f, " ({})", marks.join("; ")),
        }
    }
}

/// A number of a template's name, and the last that the template has.
#[derive(Clone, Copy)]
struct Slot {
    number: usize,
    last: usize,
}

impl Slot {
    /// The numbers of the statements that stand here: its own and, at the last, all behind it.
    fn numbers(self, statements: usize) -> std::ops::RangeInclusive<usize> {
        let end = if self.number == self.last {
            statements.max(self.number)
        } else {
            self.number
        };
        self.number..=end
    }

    /// What is said before what belongs to a number: nothing at its own place.
    fn lead(self, number: usize) -> String {
        if number == self.number {
            String::new()
        } else {
            format!("{number}. ")
        }
    }

    /// The statement with this number.
    fn own(self, statements: &[Statement]) -> Vec<Line<'_>> {
        let numbered = self.numbers(statements.len());
        numbered
            .filter_map(|number| {
                Some(Line {
                    lead: self.lead(number),
                    statement: statements.get(number - 1)?,
                })
            })
            .collect()
    }

    /// The statements that serve the one with this number. Those that serve none of them stand at the first number that
    /// has none, else at the last, after the words for that.
    fn serving<'a>(
        self,
        statements: &'a [Statement],
        served: &[Statement],
        not_linked: &str,
    ) -> Vec<Line<'a>> {
        let mut lines = Vec::new();
        for number in self.numbers(served.len()) {
            let Some(id) = served.get(number - 1).map(|served| &served.id) else {
                continue;
            };
            let serving = statements
                .iter()
                .filter(|statement| statement.serves.contains(id));
            lines.extend(serving.map(|statement| Line {
                lead: self.lead(number),
                statement,
            }));
        }
        if self.number == self.last.min(served.len() + 1) {
            let ids: Vec<&String> = served.iter().map(|served| &served.id).collect();
            let others = statements
                .iter()
                .filter(|statement| !ids.iter().any(|id| statement.serves.contains(id)));
            lines.extend(others.map(|statement| Line {
                lead: format!("{not_linked} "),
                statement,
            }));
        }
        lines
    }
}
