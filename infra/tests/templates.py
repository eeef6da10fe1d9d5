"""Reads the templates as the Bicep grammar sees them and holds them to what README.md and SECURITY.md promise.

`templates.py [FOLDER]` (checkov's parser pycep-parser 0.5): every rule must hold, and every planted fault of `FAULTS` must break the
rule that it names, so that a rule that sees nothing is noticed. Prints what is wrong and, last, `N passed, N failed`.
"""

import json
import re
import sys
import tempfile
import shutil
from pathlib import Path

from pycep import BicepParser

ROOT = Path(__file__).resolve().parents[2]
PREVIEWS = {
    # Diagnostic settings and alerts on the activity log have no other version.
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.Insights/activityLogAlerts",
}


PARSER = BicepParser()


class Templates:
    def __init__(self, folder, like=None):
        """`like` has been read before: what stands in both is not read again."""
        self.folder = folder
        self.texts = {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.bicep"))}
        self.files = {}
        for name, text in self.texts.items():
            known = like is not None and like.texts.get(name) == text
            self.files[name] = like.files[name] if known else PARSER.parse(text=text)

    def resources(self, kind=None):
        """File, name, type, properties of every resource that is made."""
        for file, parsed in self.files.items():
            for name, resource in parsed.get("resources", {}).items():
                if resource["existing"] or (kind and resource["type"] != kind):
                    continue
                config = resource["config"]
                while "config" in config and ("condition" in config or "loop_type" in config):
                    config = config["config"]
                yield file, name, resource, config

    def json(self, name):
        return json.loads((self.folder / name).read_text())

    def env(self, name):
        lines = (self.folder / name).read_text().splitlines()
        pairs = [line.split("=", 1) for line in lines if line and not line.startswith("#")]
        return {key: value.strip('"') for key, value in pairs}


def at(config, path):
    for key in path.split("."):
        config = config.get(key) if isinstance(config, dict) else None
    return config


def accessors(value):
    """Every `a.b` in an expression."""
    if isinstance(value, dict):
        operator = value.get("operator")
        if isinstance(operator, dict) and operator.get("type") == "property_accessor":
            operands = operator["operands"]
            yield operands["operand_1"], operands["operand_2"]
        for inner in value.values():
            yield from accessors(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from accessors(inner)


def modules_fit(templates):
    used = {"main.bicep"}
    for file, parsed in templates.files.items():
        for name, module in parsed.get("modules", {}).items():
            if module["type"] != "local":
                yield f"{file}: module `{name}` comes from a registry"
                continue
            target = str((Path(file).parent / module["detail"]["path"]).as_posix())
            used.add(target)
            if target not in templates.files:
                yield f"{file}: no file {target}"
                continue
            config = module["config"]
            while "condition" in config:
                config = config["config"]
            given = set(config.get("params", {}))
            declared = templates.files[target].get("parameters", {})
            needed = {key for key, value in declared.items() if value["default"] is None}
            for key in sorted(given - set(declared)):
                yield f"{file}: `{key}` is no parameter of {target}"
            for key in sorted(needed - given):
                yield f"{file}: {target} wants `{key}`"
            text = templates.texts[file]
            for output in re.findall(rf"\b{name}!?\.outputs\.(\w+)", text):
                if output not in templates.files[target].get("outputs", {}):
                    yield f"{file}: {target} has no output `{output}`"
    for file in sorted(set(templates.files) - used):
        yield f"{file} is used by no template"


def parameters_are_used(templates):
    for file, text in templates.texts.items():
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith(("//", "@")))
        parsed = templates.files[file]
        for name in list(parsed.get("parameters", {})) + list(parsed.get("variables", {})):
            if len(re.findall(rf"\b{name}\b", code)) < 2:
                yield f"{file}: `{name}` is used nowhere"


def parameters_are_given(templates):
    declared = set(templates.files["main.bicep"]["parameters"])
    given = templates.json("main.parameters.json")["parameters"]
    for name in sorted(declared ^ set(given)):
        yield f"main.parameters.json and main.bicep differ in `{name}`"
    wanted = set(re.findall(r"\$\{(GT_\w+)", json.dumps(given)))
    for name in ("sandbox.env", "production.env"):
        values = {key for key in templates.env(name) if key.startswith("GT_")}
        for key in sorted(wanted ^ values):
            yield f"{name} and main.parameters.json differ in `{key}`"


def production_is_strict(templates):
    wanted = {
        "GT_PRIVATE_NETWORK": "true",
        "GT_LOCK": "true",
        "GT_DOCUMENTS_REDUNDANCY": "Standard_GZRS",
        "GT_DEPLOYER_MAY_TRY": "false",
        "AZURE_LOCATION": "uksouth",
        "GT_MODEL_LOCATION": "uksouth",
    }
    values = templates.env("production.env")
    # `azd` puts whoever deploys there, whatever the environment says: a right must not hang on it alone.
    if "principalId: deployerMayTry ? principalId : ''" not in templates.texts["main.bicep"]:
        yield "main.bicep: whoever deploys may have a role on data only where `deployerMayTry` says so"
    for key, value in wanted.items():
        if values.get(key) != value:
            yield f"production.env: `{key}` must be `{value}`"
    if int(values["GT_AUDIT_DAYS"]) < 2557:
        yield "production.env: the audit log must be kept for seven years"


def no_secret_leaves(templates):
    for file, text in templates.texts.items():
        for word in ("listKeys(", "listSecrets(", "listAccountSas(", "listServiceSas(", "newGuid(", "@secure", "getSecret("):
            if word in text:
                yield f"{file}: `{word}` has no place: there are no keys"
        for name, output in templates.files[file].get("outputs", {}).items():
            said = f"{name} {json.dumps(output['value'])}".lower()
            for word in ("key", "secret", "password", "connectionstring", "token", "credential"):
                if word in said.replace("keyvault", "").replace("${token}", ""):
                    yield f"{file}: the output `{name}` may hold a secret (`{word}`)"


def storage_is_closed(templates):
    wanted = {
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": False,
        "allowCrossTenantReplication": False,
        "minimumTlsVersion": "TLS1_2",
        "supportsHttpsTrafficOnly": True,
    }
    accounts = list(templates.resources("Microsoft.Storage/storageAccounts"))
    if len(accounts) != 2:
        yield "there are two storage accounts: the host's and the documents'"
    for file, name, _, config in accounts:
        for key, value in wanted.items():
            if at(config, f"properties.{key}") is not value and at(config, f"properties.{key}") != value:
                yield f"{file}: `{name}` must have `{key}: {value}`"
    for file, name, _, config in templates.resources("Microsoft.Storage/storageAccounts/blobServices/containers"):
        if at(config, "properties.publicAccess") != "None":
            yield f"{file}: the container `{name}` must not be public"


def nothing_takes_keys(templates):
    wanted = {
        "Microsoft.CognitiveServices/accounts": ("properties.disableLocalAuth", True),
        "Microsoft.Insights/components": ("properties.DisableLocalAuth", True),
        "Microsoft.OperationalInsights/workspaces": ("properties.features.disableLocalAuth", True),
        "Microsoft.KeyVault/vaults": ("properties.enableRbacAuthorization", True),
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies": ("properties.allow", False),
        "Microsoft.Web/sites": ("identity.type", "UserAssigned"),
    }
    for kind, (path, value) in wanted.items():
        found = list(templates.resources(kind))
        if not found:
            yield f"there is no {kind}"
        for file, name, _, config in found:
            if at(config, path) != value or isinstance(at(config, path), bool) is not isinstance(value, bool):
                yield f"{file}: `{name}` must have `{path}: {value}`"


def data_is_kept_and_goes(templates):
    documents = dict((name, config) for file, name, _, config in templates.resources() if file.endswith("documents.bicep"))
    if at(documents["blobs"], "properties.isVersioningEnabled") is not True:
        yield "documents.bicep: versions must be kept"
    for policy in ("deleteRetentionPolicy", "containerDeleteRetentionPolicy"):
        if at(documents["blobs"], f"properties.{policy}.enabled") is not True:
            yield f"documents.bicep: `{policy}` must be on"
    if at(documents.get("immutable", {}), "properties.allowProtectedAppendWrites") is not True:
        yield "documents.bicep: the audit log must be immutable, and be appended to"
    if at(documents.get("immutable", {}), "parent") != "audit":
        yield "documents.bicep: the immutability must be the audit container's"
    rules = at(documents["lifecycle"], "properties.policy.rules")
    # Versions are kept of every container; those of one that no rule names would stay for ever.
    text = templates.texts["modules/documents.bicep"]
    kept = set(re.findall(r"^  '([a-z-]+)'$", text.split("var containers = [")[1].split("]")[0], re.MULTILINE))
    named = [at(rule, "definition.filters.prefixMatch") or [] for rule in rules if at(rule, "definition.actions.version.delete")]
    for container in sorted(kept - {prefix.rstrip("/") for prefixes in named for prefix in prefixes}):
        yield f"documents.bicep: previous versions in `{container}` must go at some time"
    for rule in rules:
        if any("audit" in prefix for prefix in at(rule, "definition.filters.prefixMatch") or ["audit"]):
            yield "documents.bicep: no rule may touch the audit log"


def containers_and_queues_are_the_apps(templates):
    paths = (ROOT / "handler/src/paths.rs").read_text()
    named = dict(re.findall(r'pub const (\w+): &str = "([a-z-]+)";', paths))
    queues = {named["REQUESTS"], named["CONFIRMATIONS"]}
    for function in (ROOT / "functions").glob("*/function.json"):
        for binding in json.loads(function.read_text())["bindings"]:
            if binding["type"].startswith("queue"):
                queues.add(binding["queueName"])
    text = templates.texts["modules/documents.bicep"]
    made = re.findall(r"^  '([a-z-]+)'$", text.split("var queueNames = [")[1].split("]")[0], re.MULTILINE)
    for queue in sorted(queues ^ set(made)):
        yield f"documents.bicep and the functions differ in the queue `{queue}`"
    containers = set(re.findall(r"^  '([a-z-]+)'$", text.split("var containers = [")[1].split("]")[0], re.MULTILINE))
    wanted = {named[key] for key in ("SOURCES", "DRAFTS", "RUNS", "PUBLISHED")}
    for container in sorted(wanted - containers):
        yield f"documents.bicep makes no container `{container}`"
    if "'audit'" not in text or named["AUDIT"] != "audit":
        yield "documents.bicep: the audit log has another container"


def every_role_has_use_place_and_reason(templates):
    for file, parsed in templates.files.items():
        ids = at(parsed, "variables.roleIds.value") or {}
        used = set()
        for where, name, _, config in templates.resources("Microsoft.Authorization/roleAssignments"):
            if where != file:
                continue
            roles = {role for of, role in accessors(at(config, "properties.roleDefinitionId")) if of == "roleIds"}
            if len(roles) != 1 or not roles <= set(ids):
                yield f"{file}: `{name}` gives no role of `roleIds`"
            used |= roles
            if not roles <= {role for of, role in accessors(config["name"]) if of == "roleIds"}:
                yield f"{file}: the name of `{name}` must be made of its own role"
            if not isinstance(at(config, "scope"), str):
                yield f"{file}: `{name}` must be on one resource, not on the whole group"
            if len(at(config, "properties.description") or "") < 20:
                yield f"{file}: `{name}` needs a reason"
            if at(config, "properties.principalType") is None:
                yield f"{file}: `{name}` must say what the principal is"
        for role in sorted(set(ids) - used):
            yield f"{file}: the role `{role}` is given to nobody"
        for role, value in ids.items():
            if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
                yield f"{file}: `{role}` has no id"


def versions_are_settled(templates):
    versions = {}
    for file, parsed in templates.files.items():
        for name, resource in parsed.get("resources", {}).items():
            kind, version = resource["type"], resource["api_version"]
            versions.setdefault(kind, set()).add(version)
            if "preview" in version and kind not in PREVIEWS:
                yield f"{file}: `{name}` asks for a preview ({version})"
    for kind, several in versions.items():
        if len(several) > 1:
            yield f"{kind} is asked for in several versions: {sorted(several)}"


def processing_stays(templates):
    parameter = templates.files["main.bicep"]["parameters"]["modelProcessing"]
    allowed = [decorator["argument"] for decorator in parameter["decorators"] if decorator["type"] == "allowed"]
    if not allowed or any("Global" in name for name in allowed[0]):
        yield "main.bicep: worldwide processing must not be among the choices"
    for file, name, _, config in templates.resources("Microsoft.CognitiveServices/accounts/deployments"):
        if at(config, "sku.name") != "modelProcessing":
            yield f"{file}: `{name}` must process where `modelProcessing` says"
        if at(config, "properties.versionUpgradeOption") != "NoAutoUpgrade":
            yield f"{file}: `{name}` must not change its version by itself"


def events_have_a_way(templates):
    hook = (templates.folder / "hooks/postdeploy.sh").read_text()
    for word in ("Host.Functions.draft-on-upload", "Microsoft.Storage.BlobCreated", "containers/sources/", "deadLetterWithResourceIdentity"):
        if word not in hook:
            yield f"hooks/postdeploy.sh: `{word}` is missing"
    delivery = [config for _, _, _, config in templates.resources("Microsoft.EventGrid/systemTopics/eventSubscriptions")]
    if [at(config, "properties.deliveryWithResourceIdentity.identity.type") for config in delivery] != ["SystemAssigned"]:
        yield "events.bicep: events must go to the queue by the topic's own identity"
    for config in delivery:
        if not at(config, "properties.deadLetterWithResourceIdentity"):
            yield "events.bicep: what cannot be delivered must be kept"
    function = json.loads((ROOT / "functions/draft-on-event/function.json").read_text())
    if function["bindings"][0].get("queueName") != "source-events":
        yield "draft-on-event does not take the queue's events"


def alerts_know_the_words(templates):
    text = templates.texts["modules/alerts.bicep"]
    code = "\n".join(path.read_text() for path in (ROOT / "handler/src").rglob("*.rs"))
    for word in ("a caller was not let in", "the program panicked"):
        if word not in text or f'"{word}"' not in code:
            yield f"alerts.bicep and the app differ in what is said: `{word}`"
    if '"alert":true' not in text or "alert = true" not in code:
        yield "alerts.bicep does not find what the app marks as an alert"
    for name in ("case-given-up", "poison-queue", "failures", "sign-in"):
        if f"name: '{name}'" not in text:
            yield f"alerts.bicep has no alert `{name}`"
    if not list(templates.resources("Microsoft.Consumption/budgets")):
        yield "there is no budget"


def app_roles_are_the_apps(templates):
    code = (ROOT / "handler/who/src/role.rs").read_text()
    known = set(re.findall(r'=> "(Drafts\.\w+)"', code))
    made = {role["value"] for role in templates.json("hooks/app-roles.json")}
    for role in sorted(known ^ made):
        yield f"app-roles.json and the app differ in `{role}`"


def the_package_fits(templates):
    azure = (ROOT / "azure.yaml").read_text()
    for word in ("language: custom", "host: function", "dist: target/flex", "cargo xtask dist --flex --release"):
        if word not in azure:
            yield f"azure.yaml: `{word}` is missing"
    for hook in re.findall(r"run: (infra/\S+)", azure):
        path = ROOT / hook
        if not path.exists() or not path.stat().st_mode & 0o100:
            yield f"azure.yaml: {hook} cannot be run"
    sites = [config for _, _, _, config in templates.resources("Microsoft.Web/sites")]
    for config in sites:
        if at(config, "properties.functionAppConfig.runtime.name") != "custom":
            yield "app.bicep: the runtime must be `custom`"
        if at(config, "properties.httpsOnly") is not True:
            yield "app.bicep: https only"


RULES = [
    modules_fit,
    parameters_are_used,
    parameters_are_given,
    production_is_strict,
    no_secret_leaves,
    storage_is_closed,
    nothing_takes_keys,
    data_is_kept_and_goes,
    containers_and_queues_are_the_apps,
    every_role_has_use_place_and_reason,
    versions_are_settled,
    processing_stays,
    events_have_a_way,
    alerts_know_the_words,
    app_roles_are_the_apps,
    the_package_fits,
]

# A fault for every rule: file, what stands there, what is put in its place, the rule that must notice.
FAULTS = [
    ("modules/everything.bicep", "    logDays: logDays\n", "    logDay: logDays\n", modules_fit),
    ("modules/everything.bicep", "documents.outputs.name\n", "documents.outputs.nam\n", modules_fit),
    ("main.bicep", "'modules/everything.bicep'", "'br/public:avm/res/x:1.0.0'", modules_fit),
    ("modules/vault.bicep", "param tags object", "param tags object\nparam spare string = ''", parameters_are_used),
    ("production.env", 'GT_LOCK="true"', 'GT_LOK="true"', parameters_are_given),
    ("production.env", 'GT_PRIVATE_NETWORK="true"', 'GT_PRIVATE_NETWORK="false"', production_is_strict),
    ("main.bicep", "deployerMayTry ? principalId : ''", "principalId", production_is_strict),
    ("modules/vault.bicep", "output id string = vault.id", "output id string = vault.id\noutput secretUri string = vault.id", no_secret_leaves),
    ("modules/documents.bicep", "output id string = account.id", "output id string = account.listKeys().keys[0].value", no_secret_leaves),
    ("modules/documents.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true", storage_is_closed),
    ("modules/host-storage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", storage_is_closed),
    ("modules/documents.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", storage_is_closed),
    ("modules/ai.bicep", "disableLocalAuth: true", "disableLocalAuth: false", nothing_takes_keys),
    ("modules/app.bicep", "type: 'UserAssigned'\n", "type: 'SystemAssigned'\n", nothing_takes_keys),
    ("modules/documents.bicep", "                'incoming/'\n", "", data_is_kept_and_goes),
    ("modules/documents.bicep", "isVersioningEnabled: true", "isVersioningEnabled: false", data_is_kept_and_goes),
    ("modules/documents.bicep", "allowProtectedAppendWrites: true", "allowProtectedAppendWrites: false", data_is_kept_and_goes),
    ("modules/documents.bicep", "  'confirmations'\n", "", containers_and_queues_are_the_apps),
    ("modules/roles.bicep", "  scope: vault\n", "", every_role_has_use_place_and_reason),
    ("modules/roles.bicep", "'Microsoft.Authorization/roleDefinitions', roleIds.tableContributor", "'Microsoft.Authorization/roleDefinitions', roleIds.blobOwner", every_role_has_use_place_and_reason),
    ("modules/roles.bicep", "description: 'The app has scans read.'", "description: ''", every_role_has_use_place_and_reason),
    ("modules/app.bicep", "'Microsoft.KeyVault/vaults@2023-07-01'", "'Microsoft.KeyVault/vaults@2022-07-01'", versions_are_settled),
    ("main.bicep", "  'Standard'\n", "  'GlobalStandard'\n", processing_stays),
    ("modules/events.bicep", "type: 'SystemAssigned'\n      }\n      destination", "type: 'UserAssigned'\n      }\n      destination", events_have_a_way),
    ("hooks/postdeploy.sh", "containers/sources/", "containers/drafts/", events_have_a_way),
    ("modules/alerts.bicep", "a caller was not let in", "a caller was turned away", alerts_know_the_words),
    ("hooks/app-roles.json", "Drafts.Review", "Drafts.Approve", app_roles_are_the_apps),
    ("modules/app.bicep", "httpsOnly: true", "httpsOnly: false", the_package_fits),
]


def planted(folder, whole):
    """Each fault in a copy of its own must be noticed by its rule."""
    for file, before, after, rule in FAULTS:
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / "infra"
            shutil.copytree(folder, copy)
            text = (copy / file).read_text()
            if before not in text:
                yield f"the fault for `{rule.__name__}` cannot be planted in {file}: `{before.strip()}` is not there"
                continue
            (copy / file).write_text(text.replace(before, after))
            if not list(rule(Templates(copy, whole))):
                yield f"`{rule.__name__}` does not notice `{after.strip()}` in {file}"


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "infra"
    templates = Templates(folder)
    failed = 0
    for rule in RULES:
        faults = list(rule(templates))
        failed += bool(faults)
        for fault in faults:
            print(f"{rule.__name__}: {fault}")
    unnoticed = list(planted(folder, templates))
    for fault in unnoticed:
        print(fault)
    noticed = {rule for _, _, _, rule in FAULTS}
    for rule in RULES:
        if rule not in noticed:
            print(f"no fault is planted for `{rule.__name__}`")
            failed += 1
    total = len(RULES) + len(FAULTS)
    failed += len(unnoticed)
    print(f"{total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
