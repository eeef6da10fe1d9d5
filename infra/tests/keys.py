"""Looks for keys and passwords in every file of the repository (detect-secrets 1.5), planted ones included.

High entropy is no sign in tests, which are full of digests and invented keys; keys of a known form are looked for everywhere. What is
found and is none stands in `KNOWN` with its reason and the day it was looked at. Ends with 1 for anything else.
"""

import base64
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings, transient_settings

ROOT = Path(__file__).resolve().parents[2]
LOCKS = {"Cargo.lock", "package-lock.json"}
BINARY = {".docx", ".pdf", ".png", ".jpg", ".ttf", ".odt", ".zip", ".woff2"}
ENTROPY = {"Base64 High Entropy String", "Hex High Entropy String"}
EMULATOR = "2026-11-22: the public key of the storage emulator"
# File: kinds that are no secret there, and why.
KNOWN = {
    ".gitleaks.toml": ({"Base64 High Entropy String"}, EMULATOR),
    "handler/azure/src/shared_key.rs": ({"Base64 High Entropy String"}, EMULATOR),
    "handler/devhost/src/azurite.rs": ({"Base64 High Entropy String"}, EMULATOR),
    "handler/xtask/src/bench/azurite.rs": ({"Base64 High Entropy String"}, EMULATOR),
    "handler/devhost/src/host_file.rs": ({"Base64 High Entropy String"}, "2026-11-22: a path in a test below the code"),
    "handler/drafting/src/hash.rs": ({"Hex High Entropy String"}, "2026-11-22: a digest in a test below the code"),
    "handler/drafting/src/pupil_number.rs": ({"Base64 High Entropy String"}, "2026-11-22: the 23 check letters of pupil numbers, in order"),
    "handler/src/config.rs": ({"Hex High Entropy String"}, "2026-11-22: 0123456789abcdef twice, in a test below the code"),
    "handler/azure/tests/storage.rs": ({"Azure Storage Account access key"}, "2026-11-22: an invented key that must be refused"),
    "handler/model/tests/it/wire.rs": ({"Basic Auth Credentials"}, "2026-11-22: an address with a password that must be refused"),
    "handler/screening/tests/it/rating.rs": ({"Basic Auth Credentials"}, "2026-11-22: an address with a password that must be refused"),
    "handler/src/callback.rs": (
        {"Basic Auth Credentials", "Hex High Entropy String"},
        "2026-11-22: in tests below the code, an address with a password that must be refused, an invented key and a signature",
    ),
    "handler/src/config/flow_settings.rs": ({"Hex High Entropy String"}, "2026-11-22: 0123456789abcdef twice, in a test below the code"),
    "handler/telemetry/src/value.rs": ({"Hex High Entropy String"}, "2026-11-22: the id of a run, in a test below the code"),
    "handler/xtask/src/fuzz.rs": ({"JSON Web Token"}, "2026-11-22: a token of nobody that the fuzzer begins with"),
    "handler/tests/it/callback.rs": ({"Basic Auth Credentials"}, "2026-11-22: an address with a password that must be refused"),
    "infra/hooks/postprovision.sh": ({"Secret Keyword"}, "2026-11-22: the address of the vault's secret, and no secret"),
}


def names():
    """The files of the repository, also where it lies without its history."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True)
    if listing.returncode == 0:
        return listing.stdout.split("\0")
    apart = {".git", "node_modules", "target", "local.settings.json"}
    files = (path.relative_to(ROOT) for path in sorted(ROOT.rglob("*")) if path.is_file())
    return [str(path) for path in files if apart.isdisjoint(path.parts)]


def tracked():
    for name in names():
        path = ROOT / name
        if name and path.name not in LOCKS and path.suffix not in BINARY and path.is_file():
            yield name


def is_test(name):
    return "tests" in Path(name).parts or Path(name).suffix == ".md"


def found(path):
    return {secret.type for secret in scan_file(str(path))}


def unknown():
    with transient_settings(settings(False)):
        suspects = [name for name in tracked() if not is_test(name)]
        yield from ((name, kinds) for name in suspects if (kinds := found(ROOT / name)))
    with transient_settings(settings(True)):
        tests = [name for name in tracked() if is_test(name)]
        yield from ((name, kinds) for name in tests if (kinds := found(ROOT / name)))


def settings(formed_only):
    with default_settings() as default:
        plugins = [{"name": name, **arguments} for name, arguments in default.plugins.items()]
        filters = [{"path": path, **arguments} for path, arguments in default.filters.items()]
    if formed_only:
        plugins = [plugin for plugin in plugins if not plugin["name"].endswith("HighEntropyString")]
    return {"plugins_used": plugins, "filters_used": filters}


def blind():
    """Kinds of secrets that would not be noticed: made anew each time, so that none stands in this file."""
    key = secrets.token_bytes(64)
    planted = {
        "Azure Storage Account access key": "AccountKey=" + base64.b64encode(key).decode(),
        "Private Key": "-----BEGIN " + "RSA PRIVATE KEY-----",
        "GitHub Token": "ghp_" + secrets.token_hex(18),
        "Secret Keyword": "password = '" + secrets.token_urlsafe(24) + "'",
    }
    for kind, line in planted.items():
        with tempfile.NamedTemporaryFile("w", suffix=".py") as file, transient_settings(settings(True)):
            file.write(line + "\n")
            file.flush()
            if kind not in found(file.name):
                yield kind


def main():
    failed = 0
    seen = 0
    for name, kinds in unknown():
        seen += 1
        known, _ = KNOWN.get(name, (set(), ""))
        for kind in sorted(kinds - known):
            failed += 1
            print(f"{name}: {kind}: take it out and make it void, or say in {Path(__file__).name} why it is none")
    for kind in blind():
        failed += 1
        print(f"a planted secret is not noticed: {kind}")
    for name in KNOWN:
        if not (ROOT / name).exists():
            failed += 1
            print(f"{name} is not there any more: take it out of KNOWN")
    print(f"{seen} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
