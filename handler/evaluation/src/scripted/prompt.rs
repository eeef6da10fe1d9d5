//! What stands in a request, as a model reads it.

use serde_json::Value;

/// A request for a completion.
#[derive(Clone, Debug)]
pub(super) struct Request {
    /// The instructions.
    pub system: String,
    /// The material.
    pub user: String,
    /// The name of the answer's form.
    pub schema_name: String,
    /// The answer's form.
    pub schema: Value,
    /// The most tokens of the answer.
    pub most_tokens: u64,
}

/// A source with its numbered sentences.
pub(super) struct SourceBlock {
    /// What its tag says of it.
    pub attributes: String,
    /// Number and words of each sentence.
    pub lines: Vec<(u32, String)>,
}

/// A field to be written.
pub(super) struct Field {
    pub number: u32,
    pub label: String,
    pub is_list: bool,
    pub most_words: Option<usize>,
}

/// A claim to be written from.
#[derive(Clone)]
pub(super) struct Claim {
    pub id: u32,
    pub field: u32,
    pub kind: String,
    pub marks: String,
    pub author: String,
    pub text: String,
}

/// A statement to be judged or mended.
pub(super) struct Statement {
    pub number: u32,
    pub label: String,
    pub text: String,
    pub claims: Vec<u32>,
}

impl Request {
    /// Reads the body of a request for a completion.
    pub fn read(body: &Value) -> Option<Self> {
        let message = |role: &str| {
            let messages = body.get("messages")?.as_array()?;
            let message = messages
                .iter()
                .find(|m| m.get("role").and_then(Value::as_str) == Some(role))?;
            Some(message.get("content")?.as_str()?.to_owned())
        };
        let format = body.pointer("/response_format/json_schema")?;
        Some(Self {
            system: message("system")?,
            user: message("user")?,
            schema_name: format.get("name")?.as_str()?.to_owned(),
            schema: format.get("schema")?.clone(),
            most_tokens: body
                .get("max_completion_tokens")
                .and_then(Value::as_u64)
                .unwrap_or(u64::MAX),
        })
    }

    /// What the call is for, in the app's words.
    pub fn purpose(&self) -> &'static str {
        match self.schema_name.as_str() {
            "labels" if self.system.contains("Look at each once more") => "ask_again",
            "labels" => "label",
            "statements" => "write",
            "mended" => "repair",
            "verdicts" => "judge",
            "readings" => "read",
            _ => "other",
        }
    }

    /// The sources and their numbered sentences.
    pub fn sources(&self) -> Vec<SourceBlock> {
        let mut blocks: Vec<SourceBlock> = Vec::new();
        for line in self.user.lines() {
            if let Some(tag) = line.strip_prefix("<source") {
                blocks.push(SourceBlock {
                    attributes: tag.trim_end_matches('>').trim().to_owned(),
                    lines: Vec::new(),
                });
            } else if let (Some((number, words)), Some(block)) = (numbered(line), blocks.last_mut()) {
                block.lines.push((number, unframed(words).to_owned()));
            }
        }
        blocks
    }

    /// The lines between two tags.
    pub fn between(&self, tag: &str) -> impl Iterator<Item = &str> {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let inside = self.user.split_once(&open).map_or("", |(_, rest)| rest);
        inside
            .split_once(&close)
            .map_or("", |(inside, _)| inside)
            .lines()
            .filter(|line| !line.is_empty())
    }

    /// The fields to be written.
    pub fn fields(&self) -> Vec<Field> {
        self.between("fields").filter_map(field).collect()
    }

    /// The claims to be written from.
    pub fn claims(&self) -> Vec<Claim> {
        let mut author = String::new();
        let mut claims = Vec::new();
        for line in self.between("claims") {
            if let Some(head) = line.strip_prefix("-- ") {
                head.split(';').next().unwrap_or(head).clone_into(&mut author);
            } else {
                claims.extend(claim(line, &author));
            }
        }
        claims
    }

    /// The statements to be judged or mended.
    pub fn statements(&self) -> Vec<Statement> {
        self.between("statements").filter_map(statement).collect()
    }
}

fn numbered(line: &str) -> Option<(u32, &str)> {
    let (number, rest) = line.split_once(' ')?;
    Some((number.parse().ok()?, rest))
}

/// A cell without the heads of its table.
pub(super) fn unframed(words: &str) -> &str {
    let inside = words.strip_prefix('[').and_then(|rest| rest.split_once("] "));
    inside.map_or(words, |(_, rest)| rest)
}

fn field(line: &str) -> Option<Field> {
    let (number, rest) = numbered(line)?;
    let (label, form) = rest.rsplit_once(" (")?;
    let label = label.split_once(", ").map_or(label, |(_, label)| label);
    let most = form
        .split_once("at most ")
        .and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    Some(Field {
        number,
        label: label.to_owned(),
        is_list: form.starts_with("list"),
        most_words: most,
    })
}

fn claim(line: &str, author: &str) -> Option<Claim> {
    let (id, rest) = numbered(line)?;
    let (field, rest) = numbered(rest.strip_prefix("field ")?)?;
    let end = rest.find([' ', ':'])?;
    let (kind, rest) = rest.split_at(end);
    let (marks, text) = match rest.strip_prefix(" (") {
        Some(rest) => rest.split_once("): ")?,
        None => ("", rest.strip_prefix(": ")?),
    };
    let text = text.trim();
    let text = text
        .strip_prefix("(after: ")
        .and_then(|rest| rest.split_once(") "))
        .map_or(text, |(_, text)| text);
    Some(Claim {
        id,
        field,
        kind: kind.to_owned(),
        marks: marks.to_owned(),
        author: author.to_owned(),
        text: text.to_owned(),
    })
}

fn statement(line: &str) -> Option<Statement> {
    let (number, rest) = numbered(line)?;
    let (text, ids) = rest.rsplit_once(" [")?;
    let claims = ids
        .trim_end_matches(']')
        .split(' ')
        .filter_map(|id| id.parse().ok())
        .collect();
    let (label, text) = text
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(") "))
        .unwrap_or(("", text));
    Some(Statement {
        number,
        label: label.to_owned(),
        text: text.to_owned(),
        claims,
    })
}
