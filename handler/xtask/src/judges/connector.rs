//! The description of the doors and the connector made of it: validators of others, and the running app itself.
//!
//! `paconn`, Microsoft's own validator of connectors, needs a signed-in user of Power Platform; it is not run.

use std::fs;
use std::path::{Path, PathBuf};

use crate::dist;
use crate::shell::{self, Failure, file_failure, root};

/// Python packages, pinned.
const PYTHON: &[&str] = &["openapi-spec-validator==0.9.0", "schemathesis==4.32.5"];
/// Where the validators of Node.js are listed, with their lock file.
const NODE: &str = "infra/connector/validators";
const OPENAPI: &str = "docs/openapi.json";
const SWAGGER: &str = "infra/connector/apiDefinition.swagger.json";
/// What the app is run with, so that nobody waits, and nobody's own settings matter: no model, no other service, no sign-in.
const SETTINGS: &[(&str, &str)] = &[
    ("QUIET_SECONDS", "0"),
    ("LEASE_SECONDS", "15"),
    ("MODEL_BASE_URL", ""),
    ("MODEL_DEPLOYMENT", ""),
    ("SCREENING", "off"),
    ("PROMPT_SHIELDS", "off"),
    ("SIGN_IN", "as-configured"),
    ("SIGN_IN_TENANT", ""),
    ("SIGN_IN_AUDIENCE", ""),
    ("PLATFORM_AUTHENTICATION", "off"),
];

/// Lets all of them look.
pub fn run() -> Result<(), Failure> {
    let (python, node) = (python()?, node()?);
    let validator = |name: &str| shell::command(node.join(name));
    let spectral = |rules: &str, document: &str| -> Result<(), Failure> {
        let mut spectral = validator("spectral")?;
        spectral.args(["lint", "--fail-severity", "warn", "--ruleset", rules, document]);
        shell::run(&mut spectral, "it was installed just now")
    };
    shell::run(validator("swagger-cli")?.args(["validate", SWAGGER]), "see above")?;
    spectral("infra/connector/.spectral.yaml", SWAGGER)?;
    spectral("docs/.spectral.yaml", OPENAPI)?;
    for document in [OPENAPI, SWAGGER] {
        let mut redocly = validator("redocly")?;
        redocly.env("REDOCLY_TELEMETRY", "off");
        redocly.args(["lint", "--config", "docs/.redocly.yaml", document]);
        shell::run(&mut redocly, "see above")?;
    }
    let mut validate = shell::command(python.join("openapi-spec-validator"))?;
    shell::run(validate.args([OPENAPI, SWAGGER]), "see above")?;
    doors(&python)
}

/// The app's answers under a host, against both documents.
fn doors(python: &Path) -> Result<(), Failure> {
    let build = [
        "build",
        "--locked",
        "--package",
        "handler",
        "--bin",
        "handler",
        "--package",
        "xtask",
    ];
    let demo = ["--features", "xtask/demo", "--bin", "demo"];
    shell::run(shell::cargo()?.args(build).args(demo), "install Rust by rustup")?;
    let folder = dist::assemble(&root()?.join("target/debug/handler"))?;
    let mut app = shell::command(root()?.join("target/debug/demo"))?;
    app.envs(SETTINGS.iter().copied())
        .arg("--app")
        .arg(folder)
        .arg("--");
    app.arg(python.join("python")).arg("handler/tests/judge_doors.py");
    shell::run(&mut app, "see above")
}

fn home() -> Result<PathBuf, Failure> {
    let home = root()?.join("target/judges/connector");
    fs::create_dir_all(&home).map_err(file_failure(&home))?;
    Ok(home)
}

/// The programs of the Python packages; an environment of their own, for they bring many others.
fn python() -> Result<PathBuf, Failure> {
    shell::python_packages(&home()?.join("venv"), PYTHON)
}

/// The programs of the Node packages, as the lock file has them. No script of theirs is run when they are installed.
fn node() -> Result<PathBuf, Failure> {
    let (list, folder) = (root()?.join(NODE), home()?.join("node"));
    fs::create_dir_all(&folder).map_err(file_failure(&folder))?;
    for file in ["package.json", "package-lock.json"] {
        let from = list.join(file);
        fs::copy(&from, folder.join(file)).map_err(file_failure(&from))?;
    }
    let mut install = shell::command("npm")?;
    install.current_dir(&folder);
    install.args(["ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"]);
    shell::run(&mut install, "install Node.js 20.19 or later")?;
    Ok(folder.join("node_modules/.bin"))
}
