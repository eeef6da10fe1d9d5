//! What is known of an invocation by name, and how the host writes it into the request.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// A value as .NET would hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Bytes(Vec<u8>),
    Text(String),
    Moment(Timestamp),
    Json(Value),
}

impl Datum {
    /// The host's one rule for what goes on the wire: bytes as base64 and moments as ISO text, each written once;
    /// objects as they are; everything else, text and numbers included, as a string that holds JSON.
    pub(crate) fn encode(&self) -> Value {
        match self {
            Self::Bytes(bytes) => Value::String(STANDARD.encode(bytes)),
            Self::Moment(moment) => Value::String(moment.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()),
            Self::Json(Value::Object(object)) => Value::Object(object.clone()),
            Self::Text(text) => Value::String(Value::String(text.clone()).to_string()),
            Self::Json(other) => Value::String(other.to_string()),
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Json(Value::String(text)) => Some(text.clone()),
            Self::Moment(moment) => Some(moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
            Self::Bytes(_) | Self::Json(Value::Null | Value::Array(_) | Value::Object(_)) => None,
            Self::Json(scalar) => Some(scalar.to_string()),
        }
    }
}

/// Named values of one invocation, in the order they were set; names match without regard to case.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct BindingData(Vec<(String, Datum)>);

impl BindingData {
    /// Sets a value; the later one of a name stays.
    pub(crate) fn set(&mut self, name: &str, datum: Datum) {
        match self
            .0
            .iter_mut()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
        {
            Some((_, old)) => *old = datum,
            None => self.0.push((name.to_owned(), datum)),
        }
    }

    /// Sets what a trigger's text offers: where it is a JSON object, its properties other than lists.
    pub(crate) fn set_properties_of(&mut self, text: &str) {
        let Ok(Value::Object(object)) = serde_json::from_str(text) else {
            return;
        };
        for (name, value) in object {
            match value {
                Value::Array(_) | Value::Null => {}
                Value::String(text) => self.set(&name, Datum::Text(text)),
                other => self.set(&name, Datum::Json(other)),
            }
        }
    }

    fn get(&self, name: &str) -> Option<&Datum> {
        self.0
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, datum)| datum)
    }

    /// The text that `{name}` or `{name.property}` stands for in a path.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        if let Some(datum) = self.get(name) {
            return datum.text();
        }
        let (object, property) = name.split_once('.')?;
        match self.get(object)? {
            Datum::Json(value) => Datum::Json(member(value, property)?.clone()).text(),
            _ => None,
        }
    }

    /// The request's `Metadata`. Names that end in "trigger" are dropped, in the real host too.
    pub(crate) fn encode(&self) -> Value {
        let kept = self
            .0
            .iter()
            .filter(|(name, _)| !name.to_ascii_lowercase().ends_with("trigger"));
        let pairs = kept.map(|(name, datum)| (name.clone(), datum.encode()));
        Value::Object(pairs.collect::<Map<_, _>>())
    }
}

fn member<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, name| {
        value
            .as_object()?
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    })
}

/// The `sys` object that every invocation has.
#[derive(Clone, Debug)]
pub(crate) struct Sys {
    pub method: String,
    pub now: Timestamp,
    pub guid: String,
}

impl Sys {
    pub(crate) fn now(method: &str) -> Self {
        let guid = uuid::Uuid::new_v4().to_string();
        Self {
            method: method.to_owned(),
            now: Timestamp::now(),
            guid,
        }
    }

    pub(crate) fn datum(&self) -> Datum {
        let now = self.now.strftime("%Y-%m-%dT%H:%M:%S%.fZ").to_string();
        Datum::Json(json!({ "MethodName": self.method, "UtcNow": now, "RandGuid": self.guid }))
    }
}

#[cfg(test)]
mod tests {
    use super::{BindingData, Datum};
    use serde_json::{Value, json};

    #[test]
    fn one_rule_writes_every_value() {
        let check = |datum: Datum, expected: Value| assert_eq!(datum.encode(), expected, "{datum:?}");
        check(Datum::Text("stringTest".to_owned()), json!("\"stringTest\""));
        check(Datum::Json(json!(4)), json!("4"));
        check(Datum::Json(json!(true)), json!("true"));
        check(Datum::Json(Value::Null), json!("null"));
        check(Datum::Json(json!([1, "a"])), json!("[1,\"a\"]"));
        check(Datum::Json(json!({ "a": 1 })), json!({ "a": 1 }));
        check(Datum::Bytes(b"PK\x03\x04".to_vec()), json!("UEsDBA=="));
        let moment = "2026-11-21T23:41:16.5Z".parse().expect("moment");
        check(Datum::Moment(moment), json!("2026-11-21T23:41:16+00:00"));
    }

    #[test]
    fn trigger_names_are_dropped_and_later_values_win() {
        let mut data = BindingData::default();
        data.set("BlobTrigger", Datum::Text("in/a".to_owned()));
        data.set("myTRIGGER", Datum::Text("gone".to_owned()));
        data.set("Id", Datum::Text("one".to_owned()));
        data.set("id", Datum::Text("two".to_owned()));
        assert_eq!(data.encode(), json!({ "Id": "\"two\"" }));
    }

    #[test]
    fn properties_of_a_json_text_are_bound() {
        let mut data = BindingData::default();
        data.set_properties_of(r#"{ "case": "c1", "n": 7, "list": [1], "none": null, "o": { "p": "q" } }"#);
        data.set_properties_of("not json");
        assert_eq!(
            data.encode(),
            json!({ "case": "\"c1\"", "n": "7", "o": { "p": "q" } })
        );
        assert_eq!(
            [data.text("N"), data.text("o.P"), data.text("o")],
            [Some("7".into()), Some("q".into()), None]
        );
    }
}
