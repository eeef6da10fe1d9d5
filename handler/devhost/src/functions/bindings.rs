//! The text of one `function.json`, read binding by binding.

use super::{
    AuthLevel, BlobInput, BlobTrigger, DataType, Function, FunctionFault, HttpTrigger, Output, OutputKind,
    Trigger, TriggerKind, is_name,
};
use crate::routes::RouteTemplate;
use crate::settings::Settings;
use crate::template::{BlobPattern, PathFault, PathTemplate};
use crate::timer::Schedule;
use serde::Deserialize;

/// The function that the text of a `function.json` describes; none where it is disabled.
pub(crate) fn parse(name: &str, text: &str, settings: &Settings) -> Result<Option<Function>, FunctionFault> {
    let text = text.trim_start_matches('\u{feff}');
    let file: FunctionFile = serde_json::from_str(text).map_err(FunctionFault::Invalid)?;
    let setting = settings.get(&format!("AzureWebJobs.{name}.Disabled"));
    let off = setting.is_some_and(|value| value == "1" || value.eq_ignore_ascii_case("true"));
    if off || file.disabled {
        Ok(None)
    } else {
        function(name, &file.bindings, settings).map(Some)
    }
}

#[derive(Deserialize)]
struct FunctionFile {
    #[serde(default)]
    disabled: bool,
    bindings: Vec<RawBinding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBinding {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    direction: Option<String>,
    name: String,
    #[serde(default)]
    data_type: DataType,
    path: Option<String>,
    #[serde(default)]
    connection: String,
    queue_name: Option<String>,
    route: Option<String>,
    methods: Option<Vec<String>>,
    #[serde(default)]
    auth_level: AuthLevel,
    schedule: Option<String>,
    #[serde(default)]
    run_on_startup: bool,
    source: Option<String>,
}

fn function(name: &str, bindings: &[RawBinding], settings: &Settings) -> Result<Function, FunctionFault> {
    let mut triggers = Vec::new();
    let mut inputs = Vec::new();
    let mut outputs = Vec::new();
    for raw in bindings {
        raw.check_name()?;
        let reader = Reader {
            raw,
            settings,
            function: name,
        };
        match (raw.kind.to_ascii_lowercase().as_str(), raw.direction()) {
            (kind, "in") if kind.ends_with("trigger") => triggers.push(reader.trigger()?),
            ("blob", "in") => inputs.push(reader.input()?),
            ("blob" | "queue" | "http", "out") => outputs.push(reader.output()?),
            _ => return Err(reader.unsupported()),
        }
    }
    match <[Trigger; 1]>::try_from(triggers) {
        Ok([trigger]) => Ok(Function {
            name: name.to_owned(),
            trigger,
            inputs,
            outputs,
        }),
        Err(_) => Err(FunctionFault::Triggers),
    }
}

impl RawBinding {
    fn direction(&self) -> &str {
        self.direction.as_deref().unwrap_or("in")
    }

    fn check_name(&self) -> Result<(), FunctionFault> {
        if is_name(&self.name, &[]) || self.name == "$return" {
            Ok(())
        } else {
            Err(FunctionFault::BindingName(self.name.clone()))
        }
    }
}

/// One binding in the making.
struct Reader<'a> {
    raw: &'a RawBinding,
    settings: &'a Settings,
    function: &'a str,
}

impl Reader<'_> {
    fn trigger(&self) -> Result<Trigger, FunctionFault> {
        let kind = match self.raw.kind.to_ascii_lowercase().as_str() {
            "blobtrigger" => TriggerKind::Blob(self.blob_trigger()?),
            "queuetrigger" => TriggerKind::Queue {
                queue: self.expanded(self.raw.queue_name.as_deref(), "queueName")?,
                connection: self.raw.connection.clone(),
            },
            "httptrigger" => TriggerKind::Http(self.http_trigger()?),
            "timertrigger" => self.timer_trigger()?,
            _ => return Err(self.unsupported()),
        };
        Ok(Trigger {
            name: self.raw.name.clone(),
            data_type: self.raw.data_type,
            kind,
        })
    }

    fn blob_trigger(&self) -> Result<BlobTrigger, FunctionFault> {
        let path = self.expanded(self.raw.path.as_deref(), "path")?;
        Ok(BlobTrigger {
            pattern: BlobPattern::parse(&path).map_err(|fault| self.path_fault(fault))?,
            path,
            connection: self.raw.connection.clone(),
            event_grid: self
                .raw
                .source
                .as_deref()
                .is_some_and(|source| source.eq_ignore_ascii_case("EventGrid")),
        })
    }

    fn http_trigger(&self) -> Result<HttpTrigger, FunctionFault> {
        let route = self.raw.route.as_deref().unwrap_or(self.function);
        let fault = || FunctionFault::Route {
            binding: self.raw.name.clone(),
        };
        let methods = self.raw.methods.as_ref().filter(|methods| !methods.is_empty());
        Ok(HttpTrigger {
            route: RouteTemplate::parse(route).ok_or_else(fault)?,
            methods: methods
                .map(|methods| methods.iter().map(|method| method.to_ascii_uppercase()).collect()),
            auth: self.raw.auth_level,
        })
    }

    fn timer_trigger(&self) -> Result<TriggerKind, FunctionFault> {
        let text = self.expanded(self.raw.schedule.as_deref(), "schedule")?;
        let fault = || FunctionFault::Schedule {
            binding: self.raw.name.clone(),
        };
        let schedule = Schedule::parse(&text).ok_or_else(fault)?;
        Ok(TriggerKind::Timer {
            schedule,
            at_start: self.raw.run_on_startup,
        })
    }

    fn input(&self) -> Result<BlobInput, FunctionFault> {
        Ok(BlobInput {
            name: self.raw.name.clone(),
            data_type: self.raw.data_type,
            path: self.template(self.raw.path.as_deref(), "path")?,
            connection: self.raw.connection.clone(),
        })
    }

    fn output(&self) -> Result<Output, FunctionFault> {
        let connection = self.raw.connection.clone();
        let kind = match self.raw.kind.to_ascii_lowercase().as_str() {
            "blob" => OutputKind::Blob {
                path: self.template(self.raw.path.as_deref(), "path")?,
                connection,
            },
            "queue" => {
                let queue = self.template(self.raw.queue_name.as_deref(), "queueName")?;
                OutputKind::Queue { queue, connection }
            }
            _ => OutputKind::Http,
        };
        Ok(Output {
            name: self.raw.name.clone(),
            data_type: self.raw.data_type,
            kind,
        })
    }

    fn expanded(&self, text: Option<&str>, property: &'static str) -> Result<String, FunctionFault> {
        let binding = || self.raw.name.clone();
        let text = text.ok_or_else(|| FunctionFault::Lacking {
            binding: binding(),
            property,
        })?;
        self.settings
            .expand(text)
            .map_err(|setting| FunctionFault::Unset {
                binding: binding(),
                setting,
            })
    }

    fn template(&self, text: Option<&str>, property: &'static str) -> Result<PathTemplate, FunctionFault> {
        PathTemplate::parse(&self.expanded(text, property)?).map_err(|fault| self.path_fault(fault))
    }

    fn path_fault(&self, fault: PathFault) -> FunctionFault {
        FunctionFault::Path {
            binding: self.raw.name.clone(),
            fault,
        }
    }

    fn unsupported(&self) -> FunctionFault {
        let direction = self.raw.direction().to_owned();
        FunctionFault::Unsupported {
            kind: self.raw.kind.clone(),
            direction,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Function, FunctionFault, TriggerKind, parse};
    use crate::settings::Settings;
    use proptest::prelude::*;

    fn function(bindings: &str) -> Result<Function, FunctionFault> {
        let text = format!("{{ \"bindings\": [{bindings}] }}");
        parse("draft", &text, &Settings::default()).map(|function| function.expect("enabled"))
    }

    #[test]
    fn bindings_are_read_as_the_host_reads_them() {
        let function = function(
            r#"{ "type": "queueTrigger", "direction": "in", "name": "request", "queueName": "draft-requests" },
               { "type": "blob", "direction": "out", "name": "draft", "path": "drafts/{case}.docx", "connection": "Docs" }"#,
        )
        .expect("valid");
        assert!(
            matches!(&function.trigger.kind, TriggerKind::Queue { queue, .. } if queue == "draft-requests")
        );
        assert_eq!(
            function.connections().into_iter().collect::<Vec<_>>(),
            ["", "Docs"]
        );
        assert!(!function.is_raw_http());
    }

    #[test]
    fn only_pure_http_functions_are_raw() {
        let trigger = r#"{ "type": "httpTrigger", "name": "req", "route": "{*path}" }"#;
        let http = r#"{ "type": "http", "direction": "out", "name": "res" }"#;
        let queue = r#"{ "type": "queue", "direction": "out", "name": "q", "queueName": "x" }"#;
        let check = |bindings: &[&str], raw| {
            assert_eq!(
                function(&bindings.join(",")).expect("valid").is_raw_http(),
                raw,
                "{bindings:?}"
            );
        };
        check(&[trigger, http], true);
        check(&[trigger, http, queue], false);
        check(&[trigger], false);
    }

    #[test]
    fn what_cannot_run_says_why() {
        let check = |bindings: &str, expected: &str| {
            let fault = function(bindings).expect_err("refused").to_string();
            assert!(fault.contains(expected), "{bindings}: {fault}");
        };
        let queue = r#"{ "type": "queueTrigger", "name": "q", "queueName": "x" }"#;
        check("", "exactly one trigger");
        check(&format!("{queue},{queue}"), "exactly one trigger");
        check(r#"{ "type": "queueTrigger", "name": "q" }"#, "`queueName`");
        check(
            r#"{ "type": "queueTrigger", "name": "q_1", "queueName": "x" }"#,
            "no binding name",
        );
        check(
            r#"{ "type": "queueTrigger", "name": "q", "queueName": "%NO%" }"#,
            "`%NO%` is not set",
        );
        check(
            r#"{ "type": "blobTrigger", "name": "b", "path": "{c}/x" }"#,
            "container",
        );
        check(
            r#"{ "type": "httpTrigger", "name": "r", "route": "a{b}" }"#,
            "route",
        );
        check(
            r#"{ "type": "timerTrigger", "name": "t", "schedule": "often" }"#,
            "schedule",
        );
        check(
            r#"{ "type": "kafka", "direction": "out", "name": "k" }"#,
            "no binding `kafka`",
        );
        check(r#"{ "type": "queueTrigger" }"#, "not valid");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,120}") {
            prop_assert!(parse("draft", &text, &Settings::default()).is_err());
        }
    }
}
