"""Holds a list of parts against the schema of CycloneDX: `sbom.py FILE`. Ends with 1 where it does not fit."""

import json
import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = Path(sys.argv[1]).read_text()
parts = json.loads(text)["components"]
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
if fault:
    print(f"{sys.argv[1]}: {str(fault)[:400]}")
# Our own have none: they are made here.
own = {folder.parent.name for folder in Path(__file__).resolve().parents[2].glob("handler/*/Cargo.toml")}
bare = [part["name"] for part in parts if "hashes" not in part and part["name"] not in own]
for name in bare:
    print(f"{sys.argv[1]}: `{name}` has no checksum")
broken = bool(fault) or bool(bare) or len(parts) < 100
print(f"{0 if broken else len(parts)} passed, {1 if broken else 0} failed")
sys.exit(1 if broken else 0)
