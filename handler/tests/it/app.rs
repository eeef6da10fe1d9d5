//! The app as a process over Azurite, spoken to as the Functions host does.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use azure::{Put, Storage};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use devhost::azurite::Azurite;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_handler");

/// A running app with a storage account of its own.
pub struct App {
    pub storage: Storage,
    pub base: String,
    pub client: reqwest::Client,
    process: Child,
    log: Arc<Mutex<String>>,
    errors: Arc<Mutex<String>>,
    pub azurite: Arc<Azurite>,
}

impl Drop for App {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The folder of a sample case.
pub fn sample(case: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(case)
}

/// The files of a sample case: name and bytes.
pub fn sample_files(case: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(sample(case).join("sources"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                std::fs::read(path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}

/// A small report about a child, as text.
pub fn report(child: &str, born: &str) -> Vec<u8> {
    format!(
        "Educational Psychology Advice\n\nName: {child}\nDate of birth: {born}\nDate of advice: 2 September 2026\n\n\
         Needs\n\n{child} has difficulty with understanding long instructions.\n\n\
         Provision\n\nA teaching assistant will work with {child} 1:1 for 20 minutes twice weekly.\n"
    )
    .into_bytes()
}

/// Everything that comes out of a pipe.
fn heard(pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let heard = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&heard);
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut heard = sink.lock().unwrap();
            heard.push_str(&line);
            heard.push('\n');
        }
    });
    heard
}

impl App {
    /// Starts the app with `settings` beside the least that it needs.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_as(Path::new(PROGRAM), settings).await
    }

    /// The same under another name of the program.
    pub async fn start_as(program: &Path, settings: &[(&str, &str)]) -> Self {
        let azurite = tokio::task::spawn_blocking(Azurite::start)
            .await
            .unwrap()
            .unwrap();
        Self::over(program, Arc::new(azurite), settings).await
    }

    /// Another instance of the app over the same storage.
    pub async fn another(&self, settings: &[(&str, &str)]) -> Self {
        Self::over(Path::new(PROGRAM), Arc::clone(&self.azurite), settings).await
    }

    async fn over(program: &Path, azurite: Arc<Azurite>, settings: &[(&str, &str)]) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let recipes = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../recipes");
        let mut process = Command::new(program)
            .arg("serve")
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
            .env("DocumentStorage", azurite.connection_string())
            .env("AzureWebJobsStorage", azurite.connection_string())
            .env("RECIPES_PATH", recipes)
            .env("LOG_LEVEL", "debug")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = heard(process.stdout.take().unwrap());
        let errors = heard(process.stderr.take().unwrap());
        let storage = azurite.storage().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let app = Self {
            storage,
            base,
            client: reqwest::Client::new(),
            process,
            log,
            errors,
            azurite,
        };
        app.until_ready().await;
        app
    }

    async fn until_ready(&self) {
        let end = Instant::now() + Duration::from_secs(30);
        while self.client.get(&self.base).send().await.is_err()
            || self.storage.list("runs", "", 1).await.is_err()
        {
            assert!(Instant::now() < end, "the app did not start: {}", self.log());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Sends a signal to the app's process: `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([format!("-{name}"), self.process.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
    }

    /// The address of the account's blobs.
    pub fn blobs(&self) -> String {
        self.azurite
            .endpoints()
            .0
            .as_str()
            .trim_end_matches('/')
            .to_owned()
    }

    /// The app's process.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// What the app has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// What the app wrote to standard error so far.
    pub fn errors(&self) -> String {
        self.errors.lock().unwrap().clone()
    }

    /// Asks the app to end, and waits until it has; gives its exit code.
    pub async fn ended(&mut self) -> Option<i32> {
        self.signal("TERM");
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            assert!(Instant::now() < end, "the app does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Writes a source.
    pub async fn upload(&self, case: &str, name: &str, bytes: Vec<u8>) {
        self.storage
            .put("sources", &format!("ehcp/{case}/{name}"), bytes, Put::default())
            .await
            .unwrap();
    }

    /// Calls a function as the host does; gives the status and the outputs.
    pub async fn call(&self, function: &str, payload: &Value) -> (u16, Value) {
        let response = self
            .client
            .post(format!("{}/{function}", self.base))
            .header("content-type", "application/json; charset=utf-8")
            .header(
                "X-Azure-Functions-InvocationId",
                "0f0e0d0c-0000-4000-8000-000000000001",
            )
            .body(payload.to_string())
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let outputs =
            serde_json::from_str::<Value>(&text).map_or(Value::Null, |answer| answer["Outputs"].clone());
        (status, outputs)
    }

    /// The event of a blob that was written.
    pub async fn uploaded(&self, case: &str, name: &str) -> Value {
        let (status, outputs) = self
            .call("draft-on-upload", &blob_event("ehcp", case, name))
            .await;
        assert_eq!(status, 200, "{}", self.log());
        outputs
    }

    /// Uploads and sends the event.
    pub async fn upload_and_tell(&self, case: &str, name: &str, bytes: Vec<u8>) -> Value {
        self.upload(case, name, bytes).await;
        self.uploaded(case, name).await
    }

    /// Calls the door of requests with what a flow sends.
    pub async fn request(&self, recipe: &str, case: &str, body: &Value) -> (u16, Value, Value) {
        let text = body.to_string();
        let headers =
            json!({ "Content-Type": ["application/json"], "Content-Length": [text.len().to_string()] });
        self.http(recipe, case, &headers, Some(&text)).await
    }

    /// Calls the door of requests; gives the status, the outputs and the body of the HTTP answer.
    pub async fn http(
        &self,
        recipe: &str,
        case: &str,
        headers: &Value,
        body: Option<&str>,
    ) -> (u16, Value, Value) {
        let mut request = json!({
            "Url": format!("http://localhost:7071/api/drafts/{recipe}/{case}"), "Method": "POST", "Query": {},
            "Headers": headers, "Params": { "recipe": recipe, "case": case },
            "Identities": [{ "AuthenticationType": null, "Claims": [] }],
        });
        if let Some(body) = body {
            request["Body"] = json!(body);
        }
        let (status, outputs) = self
            .call(
                "draft-on-request",
                &json!({ "Data": { "req": request }, "Metadata": {} }),
            )
            .await;
        assert_eq!(status, 200, "the host needs 200 whatever the caller is told");
        let code = outputs["res"]["statusCode"].as_u64().unwrap();
        let body = serde_json::from_str(outputs["res"]["body"].as_str().unwrap()).unwrap();
        (u16::try_from(code).unwrap(), outputs, body)
    }

    /// Asks the raw door.
    pub async fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        let response = self
            .client
            .get(format!("{}/api/{path}", self.base))
            .send()
            .await
            .unwrap();
        let kind = response
            .headers()
            .get("content-type")
            .map_or("", |kind| kind.to_str().unwrap())
            .to_owned();
        (
            response.status().as_u16(),
            kind,
            response.bytes().await.unwrap().to_vec(),
        )
    }

    /// Sends anything to the raw door; gives the status and the answer's JSON.
    pub async fn send(&self, method: &str, path: &str, body: Vec<u8>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let address = format!("{}/api/{path}", self.base);
        let response = self
            .client
            .request(method, address)
            .body(body)
            .send()
            .await
            .unwrap();
        let status = response.status().as_u16();
        let bytes = response.bytes().await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// Drafts what the visible requests ask for, and publishes it; gives the outputs of the last that gave any.
    pub async fn draft_and_publish(&self, case: &str) -> Value {
        let mut outputs = Value::Null;
        for request in self.messages("draft-requests").await {
            let (_, given) = self.call("draft-queued", &message("request", &request)).await;
            if given["confirmation"].is_string() {
                let confirmation = self.write(case, &given).await;
                assert_eq!(self.confirm(&confirmation).await, 200);
                outputs = given;
            }
        }
        outputs
    }

    /// Sends anything to the raw door with these headers.
    pub async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}/api/{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    /// Does what the host does with outputs: writes the blobs (without a type) and gives the confirmation.
    pub async fn write(&self, case: &str, outputs: &Value) -> Value {
        for (binding, file) in RESULTS {
            let bytes = STANDARD.decode(outputs[binding].as_str().unwrap()).unwrap();
            self.storage
                .put("drafts", &format!("ehcp/{case}/{file}"), bytes, Put::default())
                .await
                .unwrap();
        }
        output_json(outputs, "confirmation")
    }

    /// Sends a confirmation to its door.
    pub async fn confirm(&self, confirmation: &Value) -> u16 {
        self.call("draft-confirmed", &message("confirmation", confirmation))
            .await
            .0
    }

    /// A blob as JSON, if it is there.
    pub async fn json(&self, container: &str, name: &str) -> Option<Value> {
        let blob = self.storage.get(container, name).await.unwrap()?;
        Some(serde_json::from_slice(&blob.bytes).unwrap())
    }

    /// Takes the requests that are visible now, without what the app counts by.
    pub async fn requests(&self) -> Vec<Value> {
        let mut left = self.messages("draft-requests").await;
        for request in &mut left {
            let request = request.as_object_mut().unwrap();
            request.retain(|name, _| name != "due" && name != "knows");
        }
        left
    }

    /// Takes the messages of a queue once there are any: one that is delayed is waited for.
    pub async fn due(&self, queue: &str) -> Vec<Value> {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let due = self.messages(queue).await;
            if !due.is_empty() {
                return due;
            }
            assert!(Instant::now() < end, "nothing comes on `{queue}`");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Takes the messages that are visible now from a queue.
    pub async fn messages(&self, queue: &str) -> Vec<Value> {
        let received = self
            .storage
            .receive(queue, 32, Duration::from_secs(60))
            .await
            .unwrap();
        received
            .iter()
            .map(|message| serde_json::from_slice(&message.decoded().unwrap()).unwrap())
            .collect()
    }
}

/// The bindings of the results and their files.
pub const RESULTS: [(&str, &str); 5] = [
    ("draft", "draft.docx"),
    ("evidence", "evidence.docx"),
    ("report", "report.html"),
    ("queries", "queries.docx"),
    ("record", "record.json"),
];

/// Names that people give their files.
pub const ODD_NAMES: [&str; 5] = [
    "Appendix A (2)+1 #3 100%.txt",
    "Żółć – Åsa's 'report'; v2, final?.txt",
    "%41ppendix & co=x.txt",
    "報告.txt",
    "a.b..c .txt",
];

/// A blob's name as .NET writes it into an address.
fn escaped(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'-' | b'_' | b'.' | b'~' | b'/' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

/// A blob event as the host sends it.
pub fn blob_event(recipe: &str, case: &str, name: &str) -> Value {
    let twice = |text: &str| json!(json!(text).to_string());
    let path = escaped(name);
    json!({
        "Data": { "upload": "UEsDBA==" },
        "Metadata": {
            "Uri": twice(&format!("http://127.0.0.1:10000/devstoreaccount1/sources/{recipe}/{case}/{path}")),
            "recipe": twice(recipe), "case": twice(case), "document": twice(name),
            "Properties": { "ContentLength": 4 }, "sys": { "MethodName": "draft-on-upload" },
        },
    })
}

/// A queue message as the host sends it.
pub fn message(binding: &str, text: &Value) -> Value {
    json!({ "Data": { binding: json!(text.to_string()).to_string() }, "Metadata": { "DequeueCount": "1" } })
}

/// An output that is JSON.
pub fn output_json(outputs: &Value, binding: &str) -> Value {
    serde_json::from_slice(&STANDARD.decode(outputs[binding].as_str().unwrap()).unwrap()).unwrap()
}
