//! The findings of a service's content filter.

use std::fmt;

use serde_json::{Map, Value};

/// One category that the filter saw something in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flagged {
    /// The category.
    pub category: Category,
    /// How strong; none for categories that are only detected.
    pub severity: Option<Severity>,
}

/// What a content filter looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Hate and unfairness.
    Hate,
    /// Self-harm.
    SelfHarm,
    /// Sexual content.
    Sexual,
    /// Violence.
    Violence,
    /// Profanity.
    Profanity,
    /// A word list of the organisation.
    Blocklist,
    /// An attack by the user's own words.
    Jailbreak,
    /// An attack by words inside a document.
    IndirectAttack,
    /// Text of others.
    ProtectedText,
    /// Code of others.
    ProtectedCode,
    /// Statements without a ground.
    Ungrounded,
    /// A category that is not known here.
    Other,
}

/// How strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing.
    Safe,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// A word that is not known here.
    Unknown,
}

/// What one `content_filter_results` object says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The filter did not run.
    Failed,
    /// It ran; these categories were filtered.
    Ran(Vec<Flagged>),
}

/// Reads a `content_filter_results` (or `content_filter_result`) object.
pub(crate) fn read(results: &Map<String, Value>) -> Verdict {
    if results.get("error").is_some_and(|error| !error.is_null()) {
        return Verdict::Failed;
    }
    Verdict::Ran(
        results
            .iter()
            .filter_map(|(name, result)| flagged(name, result))
            .collect(),
    )
}

fn flagged(name: &str, result: &Value) -> Option<Flagged> {
    let filtered = result.get("filtered").and_then(Value::as_bool) == Some(true);
    filtered.then(|| Flagged {
        category: category(name),
        severity: result.get("severity").and_then(Value::as_str).map(severity),
    })
}

fn category(name: &str) -> Category {
    match name {
        "hate" => Category::Hate,
        "self_harm" => Category::SelfHarm,
        "sexual" => Category::Sexual,
        "violence" => Category::Violence,
        "profanity" => Category::Profanity,
        "custom_blocklists" => Category::Blocklist,
        "jailbreak" => Category::Jailbreak,
        "indirect_attack" => Category::IndirectAttack,
        "protected_material_text" => Category::ProtectedText,
        "protected_material_code" => Category::ProtectedCode,
        "ungrounded_material" => Category::Ungrounded,
        _ => Category::Other,
    }
}

fn severity(word: &str) -> Severity {
    match word {
        "safe" => Severity::Safe,
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        _ => Severity::Unknown,
    }
}

impl fmt::Display for Flagged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let category = match self.category {
            Category::Hate => "hate",
            Category::SelfHarm => "self-harm",
            Category::Sexual => "sexual content",
            Category::Violence => "violence",
            Category::Profanity => "profanity",
            Category::Blocklist => "a blocklist",
            Category::Jailbreak => "an attack in the prompt",
            Category::IndirectAttack => "an attack inside a document",
            Category::ProtectedText => "protected text",
            Category::ProtectedCode => "protected code",
            Category::Ungrounded => "ungrounded material",
            Category::Other => "another category",
        };
        match self.severity {
            Some(Severity::Safe) => write!(f, "{category}: safe"),
            Some(Severity::Low) => write!(f, "{category}: low"),
            Some(Severity::Medium) => write!(f, "{category}: medium"),
            Some(Severity::High) => write!(f, "{category}: high"),
            Some(Severity::Unknown) => write!(f, "{category}: unknown severity"),
            None => f.write_str(category),
        }
    }
}
