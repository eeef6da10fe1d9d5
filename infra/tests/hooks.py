"""Runs the hooks against an `az` that answers from a table: what they ask, what they say, and that no key is told to anybody.

`hooks.py` needs a POSIX shell and `openssl`. The real service's answers are assumed, as infra/README.md says. Prints what is wrong and,
last, `N passed, N failed`; ends with 1 if anything failed.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HOOKS = Path(__file__).resolve().parents[1] / "hooks"
# Notes what it is asked, keeps the file behind `--body @…`, and answers by the first row whose words are all in the call. A row that
# is used up, by its number of answers, is passed over.
AZ = """#!{python}
import json, os, sys
home = os.path.dirname(os.path.abspath(__file__))
call = " ".join(sys.argv[1:])
with open(home + "/calls", "a") as calls:
    calls.write(call + "\\n")
for option, word in zip(sys.argv, sys.argv[1:]):
    if option == "--body":
        with open(word.removeprefix("@")) as body, open(home + "/bodies", "a") as bodies:
            bodies.write(json.dumps(body.read()) + "\\n")
with open(home + "/answers") as answers:
    table = json.load(answers)
for row in table:
    if all(word in call for word in row["asked"]) and row.get("times", 1) > 0:
        if "times" in row:
            row["times"] -= 1
            with open(home + "/answers", "w") as answers:
                json.dump(table, answers)
        print(row.get("says", ""))
        print(row.get("fault", ""), file=sys.stderr)
        sys.exit(1 if "fault" in row else 0)
sys.exit("nobody expected: az " + call)
"""

TOPIC = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/systemTopics/t"
MODELS = (
    "gpt-5.1\t2025-11-13\tGlobalStandard DataZoneStandard\t2027-05-15T00:00:00Z\n"
    "gpt-5-mini\t2025-08-07\tDataZoneStandard\t2027-02-06T00:00:00Z\n"
    "gpt-9\t2030-01-01\tProvisionedManaged\tNone"
)
DECIDED = {
    "AZURE_ENV_NAME": "trial",
    "GT_BUDGET_START": datetime.date.today().strftime("%Y-%m-01"),
    "GT_SIGN_IN_TENANT": "t",
    "GT_SIGN_IN_AUDIENCE": "api://a a",
    "GT_ALERT_ADDRESSES": "you@example.org",
    "GT_MODEL_LOCATION": "swedencentral",
    "GT_MODEL_PROCESSING": "DataZoneStandard",
    "GT_HEAVY_MODEL": "gpt-5.1",
    "GT_HEAVY_MODEL_VERSION": "2025-11-13",
    "GT_HEAVY_MODEL_CAPACITY": "30",
    "GT_FAST_MODEL": "gpt-5-mini",
    "GT_FAST_MODEL_VERSION": "2025-08-07",
    "GT_FAST_MODEL_CAPACITY": "60",
}
DEPLOYED = {
    "AZURE_RESOURCE_GROUP": "g",
    "SERVICE_HANDLER_NAME": "app",
    "SERVICE_HANDLER_URI": "https://app.example.org",
    "EVENT_TOPIC_ID": TOPIC,
    "DOCUMENTS_ACCOUNT": "stdocs",
    "UNDELIVERED_CONTAINER": "undelivered-events",
}
PROVISIONED = {"VAULT_ID": "/vaults/v", "SERVICE_HANDLER_ID": "/sites/app"}
OFFERED = {"asked": ["cognitiveservices model list"], "says": MODELS}
NO_SECRET = {"asked": ["--method get", "/secrets/"], "fault": '{"error":{"code":"SecretNotFound"}}'}
PUT = {"asked": ["--method put"]}
REFRESH = {"asked": ["--method post", "/sites/app/config/configreferences/appsettings/refresh"]}
KEYS = {"asked": ["functionapp keys list"], "says": "system-key"}
ACCOUNT = {"asked": ["storage account show"], "says": "/accounts/stdocs"}
REGISTRATION = [
    {"asked": ["ad app update"]},
    {"asked": ["--method patch", "graph.microsoft.com"]},
    {"asked": ["ad sp show"], "fault": "there is none"},
    {"asked": ["ad sp create"]},
    {"asked": ["ad sp update", "appRoleAssignmentRequired=true"]},
    {"asked": ["account show"], "says": "tenant-id"},
]


class Ran:
    def __init__(self, hook, environment, answers):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            for name, text in (("az", AZ.replace("{python}", sys.executable)), ("sleep", "#!/bin/sh\n")):
                (home / name).write_text(text)
                (home / name).chmod(0o755)
            (home / "answers").write_text(json.dumps(answers))
            path = f"{home}:{os.environ['PATH']}"
            done = subprocess.run(
                ["sh", str(HOOKS / hook)],
                env={"PATH": path, "TMPDIR": folder, **environment},
                capture_output=True,
                text=True,
                timeout=60,
            )
            read = lambda name: (home / name).read_text().splitlines() if (home / name).exists() else []
            self.calls, self.bodies = read("calls"), [json.loads(line) for line in read("bodies")]
            self.left = [path.name for path in home.iterdir() if path.name.startswith("tmp.")]
        self.ended, self.said = done.returncode, done.stdout + done.stderr

    def asked(self, *words):
        return sum(all(word in call for word in words) for call in self.calls)


def check(name, ran, ended, says=(), asks=()):
    """What is wrong with how a hook ended, with what it said, and with how often it asked."""
    if ran.ended != ended:
        yield f"{name}: it ended with {ran.ended}: {ran.said}"
    for words in says:
        if words not in ran.said:
            yield f"{name}: it does not say `{words}`, but: {ran.said}"
    for words, times in asks:
        if ran.asked(*words) != times:
            yield f"{name}: it asked {words} {ran.asked(*words)} times, not {times}"
    if ran.left:
        yield f"{name}: it left {ran.left} behind"


def before_provisioning():
    run = lambda changes, *answers: Ran("preprovision.sh", {**DECIDED, **changes}, answers)
    nothing = [(["az"], 0), (["model"], 0)]
    yield from check("undecided", run({"GT_ALERT_ADDRESSES": "", "GT_MODEL_PROCESSING": ""}), 1, ["GT_ALERT_ADDRESSES GT_MODEL_PROCESSING"], nothing)
    yield from check("without a model", run({"GT_MODEL": "false", "GT_MODEL_PROCESSING": ""}), 0, (), nothing)
    yield from check("offered", run({}, OFFERED), 0, ["until 2027-05-15", "until 2027-02-06"])
    elsewhere = run({"GT_MODEL_PROCESSING": "ProvisionedManaged"}, OFFERED)
    yield from check("not offered", elsewhere, 1, ["is not offered in swedencentral", "gpt-9 2030-01-01"])
    retired = run({"GT_HEAVY_MODEL_VERSION": "2024-01-01"}, OFFERED)
    yield from check("another version", retired, 1, ["2024-01-01 is not offered", "gpt-5.1 2025-11-13, until 2027-05-15"])
    unknown = {"asked": ["provider show", "Microsoft.App"], "says": "NotRegistered"}
    yield from check("no network yet", run({"GT_PRIVATE_NETWORK": "true"}, unknown), 1, ["az provider register"])
    new = {"asked": ["group exists --name rg-trial"], "says": "false"}
    yield from check("an old month", run({"GT_BUDGET_START": "2026-01-01"}, new), 1, ["no budget can begin in a month that is over"])
    old = {**new, "says": "true"}
    yield from check("a budget that is there", run({"GT_BUDGET_START": "2026-01-01"}, old, OFFERED), 0)
    yield from check("a month to come", run({"GT_BUDGET_START": "2999-01-01"}, OFFERED), 0)
    known = {**unknown, "says": "Registered"}
    yield from check("network", run({"GT_PRIVATE_NETWORK": "true"}, known, OFFERED), 0)


def after_provisioning():
    run = lambda *answers: Ran("postprovision.sh", PROVISIONED, answers)
    first = run(NO_SECRET, PUT, REFRESH)
    yield from check("first time", first, 0, ["made the secret audit-key"], [(["--method put"], 2), (["--method post"], 1)])
    keys = {json.loads(body)["properties"]["value"] for body in first.bodies}
    if len(keys) != 2 or any(len(key) != 64 for key in keys):
        yield "first time: the keys are not two of 48 random bytes"
    if any(key in first.said + "".join(first.calls) for key in keys):
        yield "first time: a key is told"
    there = run({"asked": ["--method get", "/secrets/"]})
    yield from check("again", there, 0, ["the secret audit-key is there"], [(["--method put"], 0), (["--method post"], 0)])
    closed = run({"asked": ["--method get", "/secrets/"], "fault": "Forbidden"})
    yield from check("cannot tell", closed, 1, ["cannot tell"], [(["--method put"], 0)])


def after_deploying():
    run = lambda changes, *answers: Ran("postdeploy.sh", {**DEPLOYED, **changes}, answers)
    yield from check("private", run({"PRIVATE_NETWORK": "true"}), 0, ["source-events"], [([""], 0)])
    late = {"asked": ["functionapp keys list"], "says": "None", "times": 2}
    creating = {"asked": ["--method get", TOPIC], "says": "Creating", "times": 1}
    state = {"asked": ["--method get", TOPIC], "says": "Succeeded"}
    subscribed = run({}, late, KEYS, ACCOUNT, PUT, creating, state)
    yield from check("the key comes late", subscribed, 0, ["reach the app"], [(["functionapp keys list"], 3), (["--method put", TOPIC], 1)])
    [body] = subscribed.bodies or ["{}"]
    destination = json.loads(body).get("properties", {}).get("destination", {}).get("properties", {})
    wanted = "https://app.example.org/runtime/webhooks/blobs?functionName=Host.Functions.draft-on-upload&code=system-key"
    if destination.get("endpointUrl") != wanted:
        yield f"the key comes late: it subscribes {destination}"
    if "system-key" in subscribed.said + "".join(subscribed.calls):
        yield "the key comes late: the key is told"
    yield from check("no key", run({}, {**KEYS, "says": "None"}), 1, ["no key `blobs_extension`"])
    refused = run({}, KEYS, ACCOUNT, PUT, {**state, "says": "Failed"})
    yield from check("refused", refused, 1, ["did not answer Event Grid's question"])


def signing_in():
    run = lambda *answers: Ran("sign-in.sh", {}, [*answers, *REGISTRATION])
    new = run({"asked": ["ad app list"]}, {"asked": ["ad app create"], "says": "client-id"})
    lines = ["azd env set GT_SIGN_IN_TENANT tenant-id", 'azd env set GT_SIGN_IN_AUDIENCE "api://client-id client-id"']
    yield from check("new", new, 0, lines, [(["ad app update", "app-roles.json"], 1), (["--method patch", "client-id"], 2)])
    [scopes, clients] = [json.loads(body)["api"] for body in new.bodies]
    made = [scope["id"] for scope in scopes["oauth2PermissionScopes"]]
    if [client["delegatedPermissionIds"] for client in clients["preAuthorizedApplications"]] != [made]:
        yield "new: the Azure CLI is let in by another scope than is made"
    old = run({"asked": ["ad app list"], "says": "client-id"})
    yield from check("old", old, 0, lines, [(["ad app create"], 0)])
    two = run({"asked": ["ad app list"], "says": "a\nb"})
    yield from check("two", two, 1, ["several registrations"], [(["ad app update"], 0)])


def main():
    rules = [before_provisioning, after_provisioning, after_deploying, signing_in]
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
