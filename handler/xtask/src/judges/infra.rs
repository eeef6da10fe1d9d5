//! What builds and deploys the app, before independent programs: templates, workflows, scripts, the image, licences, secrets.
//!
//! Each program must also refuse a file with a fault of its kind (`faulty/`): one that sees nothing is worse than none.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sbom;
use crate::shell::{self, Failure, file_failure};

/// What is asked of a program: its name, and what it is told.
struct Question {
    program: &'static str,
    arguments: Vec<String>,
}

impl Question {
    fn new<A: Into<String>>(program: &'static str, arguments: impl IntoIterator<Item = A>) -> Self {
        Self {
            program,
            arguments: arguments.into_iter().map(Into::into).collect(),
        }
    }

    fn command(&self) -> Result<Command, Failure> {
        let mut command = match self.program {
            "node" => shell::command("node")?,
            own => shell::command(tools()?.join("bin").join(own))?,
        };
        // Some of them look for their like on the path, and cargo-deny for cargo.
        let path = std::env::join_paths([tools()?.join("bin")])
            .map_err(|_| Failure::Other("the path of the judges holds a colon".into()))?;
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let mut both = path;
        both.push(":");
        both.push(inherited);
        command.env("PATH", both).args(&self.arguments);
        Ok(command)
    }
}

/// Lets every program look, at the repository and at its planted fault.
pub fn run() -> Result<(), Failure> {
    install()?;
    install_node()?;
    let list = sbom::write()?;
    let root = shell::root()?;
    let open = templates(&root, "open", |text| chosen(&without_conditions(text), false))?;
    let closed = templates(&root, "closed", |text| chosen(&without_conditions(text), true))?;
    let mut failed = Vec::new();
    for question in questions(&root, &[open, closed], &list)? {
        if let Err(failure) = shell::run(&mut question.command()?, "see above") {
            failed.push(failure.to_string());
        }
    }
    failed.extend(blind(&root)?);
    if failed.is_empty() {
        return Ok(());
    }
    Err(Failure::Other(failed.join("\n       ")))
}

fn questions(root: &Path, [open, closed]: &[String; 2], list: &Path) -> Result<Vec<Question>, Failure> {
    let own = ["handler/xtask/node/workflows.mjs".to_owned()];
    let mut scripts = files(&root.join("infra/hooks"), "sh")?;
    scripts.extend([".ci/run".to_owned(), ".ci/pin".to_owned()]);
    let yaml = [".github", ".azure-pipelines", "azure.yaml"];
    let checkov = [
        "--framework",
        "bicep",
        "--skip-download",
        "--compact",
        "--quiet",
        "--config-file",
    ];
    let checked = |config: &str, folder: &str| {
        let all = checkov.iter().copied().chain([config, "--directory", folder]);
        Question::new("checkov", all)
    };
    Ok(vec![
        Question::new("python", ["infra/tests/templates.py"]),
        Question::new("python", ["infra/tests/delivery.py"]),
        Question::new("python", ["infra/tests/hooks.py"]),
        checked(".checkov.open.yaml", open),
        checked(".checkov.yaml", closed),
        Question::new("yamllint", ["--strict"].into_iter().chain(yaml)),
        Question::new("shellcheck", scripts),
        Question::new("hadolint", ["--config", ".hadolint.yaml", "Dockerfile"]),
        Question::new(
            "zizmor",
            ["--offline", "--no-progress", "--persona=pedantic", ".github"],
        ),
        Question::new(
            "node",
            own.into_iter()
                .chain(files(&root.join(".github/workflows"), "yml")?),
        ),
        Question::new(
            "cargo-deny",
            [
                "--offline",
                "--config",
                ".deny.toml",
                "check",
                "bans",
                "licenses",
                "sources",
            ],
        ),
        Question::new(
            "python",
            ["infra/tests/sbom.py".to_owned(), list.display().to_string()],
        ),
        Question::new("python", ["infra/tests/keys.py"]),
    ])
}

/// The programs that did not notice the fault planted for them.
fn blind(root: &Path) -> Result<Vec<String>, Failure> {
    let folder = "handler/xtask/src/judges/faulty";
    let at = |file: &str| format!("{folder}/{file}");
    let config = root.join("target/judges/no-licence.toml");
    fs::write(&config, "[licenses]\nallow = []\n").map_err(file_failure(&config))?;
    let config = config.display().to_string();
    let questions = [
        Question::new(
            "checkov",
            [
                "--framework",
                "bicep",
                "--skip-download",
                "--quiet",
                "--file",
                &at("storage.bicep"),
            ],
        ),
        Question::new("yamllint", ["--strict", &at("workflow.yml")]),
        Question::new("shellcheck", [at("hook.sh")]),
        Question::new("hadolint", [at("Dockerfile")]),
        Question::new(
            "zizmor",
            ["--offline", "--no-progress", "--no-config", &at("workflow.yml")],
        ),
        Question::new("node", ["handler/xtask/node/workflows.mjs", &at("workflow.yml")]),
        Question::new(
            "cargo-deny",
            ["--offline", "--config", &config, "check", "licenses"],
        ),
    ];
    let mut blind = Vec::new();
    for question in questions {
        let noticed = question.command()?.output().map_err(file_failure(root))?;
        if noticed.status.success() {
            blind.push(format!("`{}` does not notice a planted fault", question.program));
        }
    }
    println!("planted faults that were not noticed: {}", blind.len());
    Ok(blind)
}

/// A copy of the templates in another form: checkov can decide no condition, and sees nothing of what hangs on one.
fn templates(root: &Path, name: &str, form: impl Fn(&str) -> String) -> Result<String, Failure> {
    let copy = root.join("target/judges").join(name);
    for folder in ["", "modules"] {
        let (from, to) = (root.join("infra").join(folder), copy.join(folder));
        fs::create_dir_all(&to).map_err(file_failure(&to))?;
        for file in files(&from, "bicep")? {
            let path = root.join(&file);
            let text = fs::read_to_string(&path).map_err(file_failure(&path))?;
            let to = to.join(path.file_name().unwrap_or_default());
            fs::write(&to, form(&text)).map_err(file_failure(&to))?;
        }
    }
    let settings = copy.join("settings.json");
    fs::copy(root.join("infra/settings.json"), &settings).map_err(file_failure(&settings))?;
    Ok(copy.display().to_string())
}

/// Every resource that is made on a condition, made.
fn without_conditions(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" = if (") {
        Some((resource, condition)) if condition.ends_with(") {") => format!("{resource} = {{\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Every choice that depends on the private network, taken for it or against it.
fn chosen(text: &str, private: bool) -> String {
    let lines = text.lines().map(|line| {
        let choice = ["(privateNetwork && empty(deployFrom)) ? ", "privateNetwork ? "]
            .iter()
            .find_map(|choice| line.split_once(choice));
        match choice.and_then(|(before, rest)| Some((before, rest.split_once(" : ")?))) {
            Some((before, (closed, _))) if private => format!("{before}{closed}\n"),
            Some((before, (_, open))) => format!("{before}{open}\n"),
            None => format!("{line}\n"),
        }
    });
    lines.collect()
}

/// The files of a folder with an ending, in order, as the repository names them.
fn files(folder: &Path, ending: &str) -> Result<Vec<String>, Failure> {
    let root = shell::root()?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(file_failure(folder))? {
        let path = entry.map_err(file_failure(folder))?.path();
        if path.extension().is_some_and(|own| own == ending) {
            let inside = path.strip_prefix(&root).unwrap_or(&path);
            found.push(inside.display().to_string());
        }
    }
    found.sort();
    Ok(found)
}

fn tools() -> Result<PathBuf, Failure> {
    Ok(shell::root()?.join("target/judges/infra"))
}

fn install() -> Result<(), Failure> {
    let programs = shell::python_packages(&tools()?, &["--requirement", "handler/xtask/judges.txt"])?;
    // checkov brings a copy of this one under the same module's name: whichever is installed last is the one that looks.
    let mut last = shell::command(programs.join("pip"))?;
    last.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--force-reinstall",
        "--no-deps",
    ]);
    shell::run(last.arg("detect-secrets==1.5.0"), "see above")
}

fn install_node() -> Result<(), Failure> {
    let mut npm = shell::command("npm")?;
    npm.current_dir(shell::root()?.join("handler/xtask/node"));
    // No package may run a script.
    npm.args(["ci", "--ignore-scripts", "--silent", "--no-audit", "--no-fund"]);
    shell::run(&mut npm, "install Node.js 20 or later")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_resources_are_taken_away() {
        let check =
            |line: &str, expected: &str| assert_eq!(without_conditions(line), format!("{expected}\n"));
        check("resource a 'B/c@1' = if (!empty(x)) {", "resource a 'B/c@1' = {");
        check("  a: x ? 1 : 2", "  a: x ? 1 : 2");
    }

    #[test]
    fn choices_are_taken_for_the_private_network_or_against_it() {
        let check = |line: &str, closed: &str, open: &str| {
            assert_eq!(chosen(line, true), format!("{closed}\n"));
            assert_eq!(chosen(line, false), format!("{open}\n"));
        };
        check(
            "  a: privateNetwork ? 'Deny' : 'Allow'",
            "  a: 'Deny'",
            "  a: 'Allow'",
        );
        let deployed = "  a: (privateNetwork && empty(deployFrom)) ? 'Disabled' : 'Enabled'";
        check(deployed, "  a: 'Disabled'", "  a: 'Enabled'");
        for other in ["  a: x ? 'Deny' : 'Allow'", "param privateNetwork bool"] {
            check(other, other, other);
        }
    }
}
