//! What an output value becomes: bytes of a blob or messages of a queue.
//!
//! The rules are the real host's, traps included. The safe way for a handler is base64 without a `dataType`.

use crate::functions::DataType;
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use serde_json::Value;

/// .NET's decoder: padded, but careless of the bits that padding leaves over.
const NET_BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// Why a value cannot be written. Never holds the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OutputFault {
    #[error(
        "a text that is exactly a date and time becomes a .NET date, which no blob can hold; send base64"
    )]
    Date,
}

/// A value after the host's first step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum OutputValue {
    Bytes(Vec<u8>),
    Date(Timestamp),
    Json(Value),
}

impl OutputValue {
    /// A string that is valid base64 becomes the bytes it stands for, unless the binding's `dataType` is `binary`:
    /// the setting means the opposite of what it says.
    pub(crate) fn new(value: Value, data_type: DataType) -> Self {
        let Value::String(text) = &value else {
            return Self::Json(value);
        };
        if data_type != DataType::Binary
            && let Some(bytes) = decode(text)
        {
            return Self::Bytes(bytes);
        }
        date(text).map_or(Self::Json(value), Self::Date)
    }

    /// The content of a blob; none for null, which is not written.
    pub(crate) fn into_blob(self) -> Result<Option<Vec<u8>>, OutputFault> {
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes)),
            Self::Date(_) => Err(OutputFault::Date),
            Self::Json(value) => Ok(json_blob(&value)),
        }
    }

    /// The messages, before the queue's own encoding.
    pub(crate) fn into_messages(self) -> Vec<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => vec![bytes],
            Self::Date(moment) => vec![moment.strftime("%m/%d/%Y %H:%M:%S").to_string().into_bytes()],
            Self::Json(Value::Null) => Vec::new(),
            Self::Json(Value::String(text)) => text_messages(text),
            Self::Json(value) => fan_out(value),
        }
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let packed: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n'))
        .collect();
    NET_BASE64.decode(packed).ok()
}

/// Whether .NET's JSON reader takes the text for a date and time.
fn date(text: &str) -> Option<Timestamp> {
    let shaped = text.len() >= 19 && text.as_bytes().get(10) == Some(&b'T') && text.is_ascii();
    let zoned = || text.parse::<Timestamp>().ok();
    let local = || {
        text.parse::<jiff::civil::DateTime>()
            .ok()?
            .to_zoned(jiff::tz::TimeZone::UTC)
            .ok()
    };
    if shaped {
        zoned().or_else(|| local().map(|zoned| zoned.timestamp()))
    } else {
        None
    }
}

fn json_blob(value: &Value) -> Option<Vec<u8>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone().into_bytes()),
        Value::Bool(flag) => Some(vec![u8::from(*flag)]),
        Value::Array(_) | Value::Object(_) => Some(value.to_string().into_bytes()),
        Value::Number(number) => Some(match number.as_i64() {
            // The host keeps the low four bytes of a whole number.
            Some(whole) => whole.to_le_bytes().into_iter().take(4).collect(),
            None => number.as_f64().unwrap_or(f64::NAN).to_le_bytes().to_vec(),
        }),
    }
}

/// A text that looks like JSON is read as such, so it arrives re-spaced, and a list as several messages.
fn text_messages(text: String) -> Vec<Vec<u8>> {
    let looks = matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'['));
    match serde_json::from_str(&text) {
        Ok(value) if looks => fan_out(value),
        _ => vec![text.into_bytes()],
    }
}

fn fan_out(value: Value) -> Vec<Vec<u8>> {
    match value {
        Value::Array(items) => items.iter().map(net_text).map(String::into_bytes).collect(),
        value => vec![net_text(&value).into_bytes()],
    }
}

/// `JToken.ToString()`: text as it is, objects and lists indented, booleans with a capital.
pub(crate) fn net_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Object(_) => format!("{value:#}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{OutputFault, OutputValue};
    use crate::functions::DataType;
    use base64::Engine;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn blobs() {
        let check = |value: Value, data_type, expected: Result<Option<&[u8]>, OutputFault>| {
            let written = OutputValue::new(value.clone(), data_type).into_blob();
            assert_eq!(
                written,
                expected.map(|bytes| bytes.map(<[u8]>::to_vec)),
                "{value} {data_type:?}"
            );
        };
        let text = DataType::String;
        check(json!("UEsDBA=="), text, Ok(Some(b"PK\x03\x04")));
        check(json!("UEsD\r\n BA=="), text, Ok(Some(b"PK\x03\x04")));
        check(json!("UEsDBA=="), DataType::Binary, Ok(Some(b"UEsDBA==")));
        check(json!("test"), text, Ok(Some(b"\xb5\xeb\x2d")));
        check(json!("test"), DataType::Binary, Ok(Some(b"test")));
        check(json!("hello"), text, Ok(Some(b"hello")));
        check(json!(""), text, Ok(Some(b"")));
        check(json!({ "a": [1] }), text, Ok(Some(br#"{"a":[1]}"#)));
        check(json!(-2), text, Ok(Some(b"\xfe\xff\xff\xff")));
        check(json!(4_294_967_297_i64), text, Ok(Some(b"\x01\0\0\0")));
        check(json!(true), text, Ok(Some(b"\x01")));
        check(json!(1.5), text, Ok(Some(&1.5f64.to_le_bytes())));
        check(Value::Null, text, Ok(None));
        check(json!("2026-11-21T23:41:16Z"), text, Err(OutputFault::Date));
        check(json!("2026-11-21T23:41:16"), text, Err(OutputFault::Date));
        check(json!("2026-11-21"), text, Ok(Some(b"2026-11-21")));
    }

    #[test]
    fn queues() {
        let check = |value: Value, expected: &[&str]| {
            let messages = OutputValue::new(value.clone(), DataType::String).into_messages();
            let expected: Vec<Vec<u8>> = expected.iter().map(|text| text.as_bytes().to_vec()).collect();
            assert_eq!(messages, expected, "{value}");
        };
        check(json!("hello"), &["hello"]);
        check(json!("aGVsbG8="), &["hello"]);
        check(json!(r#"{"a":1}"#), &["{\n  \"a\": 1\n}"]);
        check(json!(r#"["x",{"b":2}]"#), &["x", "{\n  \"b\": 2\n}"]);
        check(json!(["aGVsbG8=", true]), &["aGVsbG8=", "True"]);
        check(json!({ "a": [] }), &["{\n  \"a\": []\n}"]);
        check(json!("{not json"), &["{not json"]);
        check(Value::Null, &[]);
        check(json!("2026-11-21T23:41:16Z"), &["11/21/2026 23:41:16"]);
    }

    proptest! {
        #[test]
        fn base64_without_a_data_type_keeps_every_byte(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let text = Value::String(base64::engine::general_purpose::STANDARD.encode(&bytes));
            let blob = OutputValue::new(text.clone(), DataType::String).into_blob();
            prop_assert_eq!(blob, Ok(Some(bytes.clone())));
            prop_assert_eq!(OutputValue::new(text, DataType::String).into_messages(), vec![bytes]);
        }

        #[test]
        fn any_text_is_written_or_refused(text in ".{0,60}") {
            let value = OutputValue::new(Value::String(text.clone()), DataType::Binary);
            prop_assert!(matches!(value.into_blob(), Ok(Some(bytes)) if bytes == text.as_bytes()) || text.contains('T'));
        }
    }
}
