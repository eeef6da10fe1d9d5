"""Holds the ways of delivery to each other: GitHub's workflows, Azure Pipelines and the local verbs; rights, pins and exceptions.

Prints what is wrong and, last, `N passed, N failed`; ends with 1 if anything failed. Read with PyYAML, which checkov brings.
"""

import datetime
import json
import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = {path.name: path.read_text() for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}
PIPELINE = (ROOT / ".azure-pipelines/ci.yml").read_text()
# The verbs that both know, as a person runs them.
VERBS = (
    "bash .ci/run",
    "cargo xtask dist --flex --release --twice",
    "cargo xtask sbom",
    "cargo-deny --config .deny.toml check",
    "azd provision --no-prompt",
    "azd deploy handler --from-package",
)
LONGEST_EXCEPTION = datetime.timedelta(days=90)


def same_verbs():
    everything = "\n".join(WORKFLOWS.values())
    for verb in VERBS:
        if verb not in everything:
            yield f"no workflow runs `{verb}`"
        if verb not in PIPELINE:
            yield f".azure-pipelines/ci.yml does not run `{verb}`"
    for verb in ("cargo xtask lint", "cargo xtask test", "cargo xtask judges"):
        if verb not in (ROOT / ".ci/run").read_text():
            yield f".ci/run does not run `{verb}`"


def least_rights():
    for name, text in WORKFLOWS.items():
        workflow = yaml.safe_load(text)
        if workflow.get("permissions") != {}:
            yield f"{name}: begin with no rights (`permissions: {{}}`)"
        triggers = workflow.get("on") or workflow.get(True)
        if "pull_request_target" in triggers or "workflow_run" in triggers:
            yield f"{name}: a stranger's change must not run with our rights"
        for job, about in workflow["jobs"].items():
            if "permissions" not in about or "timeout-minutes" not in about:
                yield f"{name}: the job `{job}` needs its own rights and an end"
            writes = {right for right, what in about.get("permissions", {}).items() if what == "write"}
            if "pull_request" in triggers and writes:
                yield f"{name}: `{job}` must not write for a stranger's change: {sorted(writes)}"
        secrets = set(re.findall(r"secrets\.(\w+)", text))
        if secrets:
            yield f"{name}: there are no secrets, and it asks for {sorted(secrets)}"
    if re.search(r"(password|clientSecret|servicePrincipalKey)", PIPELINE):
        yield ".azure-pipelines/ci.yml: Azure is entered by federation"


def unpinned_are_told():
    listed = subprocess.run(["bash", ".ci/pin", "--list"], cwd=ROOT, check=True, capture_output=True, text=True)
    readme = (ROOT / "infra/README.md").read_text()
    told = readme.split("<!-- unpinned -->")[1].split("<!-- /unpinned -->")[0]
    now = set(listed.stdout.split("\n")) - {""}
    then = set(re.findall(r"^- `(.+)`$", told, re.MULTILINE))
    for name in sorted(now ^ then):
        yield f"infra/README.md and `.ci/pin --list` differ in `{name}`"
    pinned = not any(name.startswith("action ") for name in now)
    exception = "ref-pin" in (ROOT / ".github/zizmor.yml").read_text()
    if pinned and exception:
        yield ".github/zizmor.yml: everything is pinned; ask for `hash-pin`"


def exceptions_end():
    today = datetime.date.today()
    ignored = yaml.safe_load((ROOT / ".trivyignore.yaml").read_text())
    for kind, entries in ignored.items():
        for entry in entries or []:
            end = entry.get("expired_at")
            if not entry.get("statement") or not isinstance(end, datetime.date):
                yield f".trivyignore.yaml: {kind} `{entry.get('id')}` needs a statement and an end"
            elif not today <= end <= today + LONGEST_EXCEPTION:
                yield f".trivyignore.yaml: {kind} `{entry['id']}` must end within 90 days from now"
    for name in (".checkov.yaml", ".checkov.open.yaml"):
        reason = False
        for line in (ROOT / name).read_text().splitlines():
            if line.strip().startswith("#"):
                reason = reason or bool(re.search(r"# 20\d\d-\d\d-\d\d: \S", line))
            elif line.strip().startswith("- "):
                if not reason:
                    yield f"{name}: `{line.strip()}` needs a day and a reason"
            else:
                reason = False


def locks(name="package-lock.json"):
    """The lock files of this name that are the repository's own: of Node.js, or of Cargo."""
    apart = {".git", "node_modules", "target"}
    found = (path.relative_to(ROOT) for path in sorted(ROOT.rglob(name)))
    return [str(path) for path in found if apart.isdisjoint(path.parts)]


def updates_reach_everything():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    reached = {(update["package-ecosystem"], folder) for update in updates for folder in update.get("directories", [update.get("directory")])}
    wanted = {("github-actions", "/"), ("docker", "/"), ("pip", "/handler/xtask")}
    for system, name in (("npm", "package-lock.json"), ("cargo", "Cargo.lock")):
        for lock in locks(name):
            folder = Path(lock).parent.as_posix()
            wanted.add((system, "/" if folder == "." else f"/{folder}"))
    for missing in sorted(wanted - reached):
        yield f".github/dependabot.yml does not update {missing}"
    for update in updates:
        if update["schedule"]["interval"] != "weekly":
            yield f".github/dependabot.yml: {update['package-ecosystem']} once a week"


def image_has_no_rights():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    last = max(index for index, line in enumerate(lines) if line.startswith("FROM "))
    end = "\n".join(lines[last:])
    for word in ("USER 10001:10001", "HEALTHCHECK ", "COPY --from=build --chown=root:root"):
        if word not in end:
            yield f"Dockerfile: `{word}` is missing in the last stage"
    if re.search(r"(?i)(_KEY|SECRET|PASSWORD|TOKEN)=", end):
        yield "Dockerfile: no secret in an image"


def editors_can_read():
    for name in (".devcontainer/devcontainer.json", ".vscode/tasks.json", ".vscode/launch.json", ".vscode/extensions.json"):
        text = (ROOT / name).read_text()
        try:
            json.loads(text)
        except ValueError as fault:
            yield f"{name}: {fault}"
        for verb in re.findall(r"cargo xtask (\w+)", text):
            if f"`cargo xtask {verb}" not in (ROOT / "CONTRIBUTING.md").read_text():
                yield f"{name}: CONTRIBUTING.md knows no `cargo xtask {verb}`"


# What others say, and the page repeats.
FOREIGN = (
    "The Flex Consumption SKU only supports EventGrid as the source",
    "Exceeded http worker restart retry count",
    "GLIBC_2.3x not found",
    "no such recipe",
    "EventGrid",
    "source",
)


def troubles_are_real():
    page = (ROOT / "docs/troubleshooting.md").read_text()
    sources = [*(ROOT / "handler").rglob("*.rs"), *(ROOT / "infra/hooks").glob("*.sh")]
    said = "\n".join(path.read_text() for path in sources if "target" not in path.parts)
    # Rust breaks long texts by a backslash at the end of the line.
    said = re.sub(r"\\\n\s*", "", said)
    for quoted in re.findall(r'"([^"\n]{6,})"', page):
        if any(foreign in quoted for foreign in FOREIGN):
            continue
        for piece in re.split(r"…|`[^`]*`|\d[\d.,]*|\.\.\.", quoted):
            piece = piece.strip(" ;:.,")
            if len(piece) > 8 and piece not in said:
                yield f"docs/troubleshooting.md: nobody says `{piece}`"


def main():
    rules = [troubles_are_real, editors_can_read, same_verbs, least_rights, unpinned_are_told, exceptions_end, updates_reach_everything, image_has_no_rights]
    failed = 0
    for rule in rules:
        faults = list(rule())
        failed += bool(faults)
        for fault in faults:
            print(f"{rule.__name__}: {fault}")
    print(f"{len(rules) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
