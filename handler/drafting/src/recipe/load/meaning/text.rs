//! What the single texts of a recipe may look like.

/// The most characters of an id or key. The longest key in use, inherited from a council's template, has 87.
const MAX_ID: usize = 100;

/// The most characters of a title or label.
const MAX_LINE: usize = 200;

/// The most characters of a sentence or passage of wording.
const MAX_WORDING: usize = 2000;

/// An id or key: it becomes a template variable and a part of a JSON schema, so it is one word of `a` to `z`.
pub fn id(text: &str) -> Result<(), String> {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let sound = text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(word);
    if sound && text.len() <= MAX_ID {
        return Ok(());
    }
    Err(format!(
        "is no id: use `a` to `z`, `0` to `9` and `_`, a letter first, at most {MAX_ID} characters"
    ))
}

/// A section's id or an area's code: it begins the ids of statements (`B.CI.1`), so it holds no dot.
pub fn code(text: &str) -> Result<(), String> {
    let sound = text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if sound && text.len() <= 4 {
        return Ok(());
    }
    Err("is no code: use one to four of `A` to `Z` and `0` to `9`, a letter first".to_owned())
}

/// A title or label: one line of words.
pub fn line(text: &str) -> Result<(), String> {
    words(text, MAX_LINE)?;
    if text.contains(char::is_control) {
        return Err("holds a line break or another control character".to_owned());
    }
    Ok(())
}

/// A sentence or passage that stands in the documents.
pub fn wording(text: &str) -> Result<(), String> {
    words(text, MAX_WORDING)
}

fn words(text: &str, max: usize) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    if text.chars().count() > max {
        return Err(format!("is longer than {max} characters"));
    }
    if text.trim() != text {
        return Err("begins or ends with white space".to_owned());
    }
    Ok(())
}

/// A cue: compared with text in lower case.
pub fn cue(text: &str) -> Result<(), String> {
    line(text)?;
    if text.to_lowercase() != text {
        return Err("is a cue with a capital letter: write cues in lower case".to_owned());
    }
    Ok(())
}

/// A version: three numbers, so that two can be ordered.
pub fn version(text: &str) -> Result<(), String> {
    let number = |part: &str| {
        part.len() <= 9
            && part.chars().all(|c| c.is_ascii_digit())
            && !part.is_empty()
            && (part == "0" || !part.starts_with('0'))
    };
    if text.split('.').count() == 3 && text.split('.').all(number) {
        return Ok(());
    }
    Err("is no version: write three numbers, `1.0.0`".to_owned())
}
