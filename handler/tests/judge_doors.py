"""Walks through the doors of a running app and holds every answer against `docs/openapi.json` and the connector made of it.

The app's address stands in APP_BASE_URL, its storage in APP_STORAGE, a connection string of the emulator. One case goes its whole
way: documents, draft, results, edit, approval, withdrawal; others wait, are refused, fail, and are asked for wrongly. An answer
fails when its status, its media type or its form is not described, or when it has a member that is not. Then generated requests
follow (schemathesis), `--seconds` of them.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from email.utils import formatdate

from jsonschema import Draft4Validator, Draft202012Validator

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OPENAPI = json.loads((ROOT / "docs/openapi.json").read_text())
# Swagger 2.0 says by an extension what may be null.
SWAGGER = json.loads(
    (ROOT / "infra/connector/apiDefinition.swagger.json").read_text(),
    object_hook=lambda one: {**one, "type": [one["type"], "null"]} if one.get("x-nullable") else one,
)
RECORD = json.loads((ROOT / "docs/record.schema.json").read_text())
BASE = os.environ["APP_BASE_URL"]
CASE = "EHC-2026-0417"
# Answers that this walk cannot bring about: nobody signs in on a developer's machine, and the storage is there.
ELSEWHERE = {"401", "403", "429", "503"}

faults: list[str] = []
seen: set[tuple[str, str]] = set()


def resolved(value: dict, document: dict) -> dict:
    while "$ref" in value:
        found = document
        for part in value["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        value = found
    return value


def undescribed(value, schema: dict, document: dict, place: str = "") -> list[str]:
    """Members of a value that its schema does not name."""
    schema = resolved(schema, document)
    if isinstance(value, list):
        return [m for one in value for m in undescribed(one, schema.get("items", {}), document, place + "[]")]
    if not isinstance(value, dict) or schema.get("additionalProperties") or "properties" not in schema:
        return []
    found = []
    for name, member in value.items():
        if name in schema["properties"]:
            found += undescribed(member, schema["properties"][name], document, f"{place}.{name}")
        else:
            found.append(f"{place}.{name}")
    return found


def operation(operation_id: str) -> tuple[str, str, dict]:
    for path, item in OPENAPI["paths"].items():
        for method, described in item.items():
            if described["operationId"] == operation_id:
                return method, path, described
    raise KeyError(operation_id)


def judge(operation_id: str, status: int, headers, body: bytes) -> None:
    """Holds an answer against both descriptions."""
    method, path, described = operation(operation_id)
    where = f"{operation_id} {status}"
    seen.add((operation_id, str(status)))
    response = described["responses"].get(str(status))
    if response is None:
        faults.append(f"{where}: the status is not described: {body[:200]!r}")
        return
    response = resolved(response, OPENAPI)
    media = headers.get("content-type", "").split(";")[0]
    if "content" not in response:
        faults.extend([f"{where}: a body that is not described"] if body else [])
        return
    if media not in response["content"]:
        faults.append(f"{where}: `{media}` is not described")
        return
    for name, header in response.get("headers", {}).items():
        if header.get("required") and name not in headers:
            faults.append(f"{where}: the header `{name}` is required and not there")
    schema = response["content"][media]["schema"]
    if not media.endswith("json") or schema == {"type": "object"}:
        return
    value = json.loads(body)
    if media == "application/problem+json" and f"`{value['code']}`" not in response["description"]:
        faults.append(f"{where}: the code `{value['code']}` is not described")
    rooted = {**schema, "components": OPENAPI["components"]}
    for error in Draft202012Validator(rooted, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value):
        faults.append(f"{where}: {error.json_path}: {error.message}")
    faults.extend(f"{where}: `{name}` is not described" for name in undescribed(value, schema, OPENAPI))
    connector = SWAGGER["paths"][path][method]["responses"][str(status)]["schema"]
    for error in Draft4Validator({**connector, "definitions": SWAGGER["definitions"]}).iter_errors(value):
        faults.append(f"{where}, connector: {error.json_path}: {error.message}")


def ask(operation_id: str, expected: int | tuple[int, ...], body=None, query: str = "", headers=None, **parts):
    """Calls an operation, holds the answer against its description, and gives its body and headers."""
    method, path, _ = operation(operation_id)
    for name, value in parts.items():
        path = path.replace("{" + name + "}", urllib.parse.quote(value if isinstance(value, bytes) else str(value), safe=""))
    data = body if isinstance(body, (bytes, type(None))) or hasattr(body, "__next__") else json.dumps(body).encode()
    sent = {"content-type": "application/json", **(headers or {})}
    if hasattr(data, "__next__"):
        sent["transfer-encoding"] = "chunked"
    elif data is None and method != "get":
        sent["content-length"] = "0"
    connection = http.client.HTTPConnection(urllib.parse.urlparse(BASE).netloc, timeout=150)
    try:
        connection.request(method.upper(), f"/api{path}{query}", data, sent, encode_chunked=hasattr(data, "__next__"))
    except (BrokenPipeError, ConnectionResetError):
        # What is refused by its head is answered before all of its body is read.
        pass
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    judge(operation_id, answer.status, answer.headers, content)
    if answer.status not in (expected if isinstance(expected, tuple) else (expected,)):
        faults.append(f"{operation_id} {parts}: {answer.status} instead of {expected}: {content[:300]!r}")
    is_json = answer.headers.get("content-type", "").split(";")[0].endswith("json")
    return (json.loads(content) if is_json else content), answer.headers


def storage(kind: str, method: str, path: str, query: str, body: bytes, extra: dict, may_be_there: bool = False) -> None:
    """One call of the emulator, signed with its public key."""
    settings = dict(part.split("=", 1) for part in os.environ["APP_STORAGE"].split(";") if part)
    account, endpoint = settings["AccountName"], settings[f"{kind}Endpoint"].rstrip("/")
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02", **extra}
    length = str(len(body)) if body else ""
    canonical = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    path, _, asked = path.partition("?")
    resource = f"/{account}{urllib.parse.urlparse(endpoint).path}{path}"
    signed = f"{method}\n\n\n{length}\n\n\n\n\n\n\n\n\n{canonical}{resource}{query}"
    key = base64.b64decode(settings["AccountKey"])
    digest = base64.b64encode(hmac.new(key, signed.encode(), hashlib.sha256).digest()).decode()
    request = urllib.request.Request(f"{endpoint}{path}{'?' + asked if asked else ''}", data=body, method=method, headers=headers)
    request.add_unredirected_header("content-type", "")
    request.add_header("Authorization", f"SharedKey {account}:{digest}")
    try:
        urllib.request.urlopen(request, timeout=30).read()
    except urllib.error.HTTPError as error:
        if not (may_be_there and error.code == 409):
            raise


def upload(case: str, name: str, body: bytes, container: str = "sources") -> None:
    storage("Blob", "PUT", f"/{container}/ehcp/{case}/{name}", "", body, {"x-ms-blob-type": "BlockBlob"})


def poison(message: dict) -> None:
    """A request that the host gave up."""
    text = base64.b64encode(json.dumps(message).encode()).decode()
    body = f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>".encode()
    storage("Queue", "POST", "/draft-requests-poison/messages", "", body, {})


def until(case: str, wanted, patience: int = 90) -> dict:
    """Asks for the status until it is as wanted."""
    end = time.monotonic() + patience
    while True:
        try:
            answer = urllib.request.urlopen(f"{BASE}/api/drafts/ehcp/{case}", timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        body = answer.read()
        if answer.status != 404:
            judge("GetStatus", answer.status, answer.headers, body)
        if wanted(answer.status, json.loads(body)):
            return json.loads(body)
        if time.monotonic() > end:
            sys.exit(f"{case} stands still: {body[:500]!r}")
        time.sleep(0.3)


def inline(path: pathlib.Path, wrapped: bool = False) -> dict:
    content = base64.b64encode(path.read_bytes()).decode()
    return {"name": path.name, "content": {"$content-type": "application/pdf", "$content": content} if wrapped else content}


def text(name: str, words: str) -> dict:
    return {"name": name, "content": base64.b64encode(words.encode()).decode()}


def report(child: str, born: str) -> str:
    return f"Educational Psychology Advice\n\nName: {child}\nDate of birth: {born}\n\nNeeds\n\n{child} finds long instructions hard.\n"


def walk() -> dict:
    """The whole way; gives the names that were met on it."""
    case = {"recipe": "ehcp", "case": CASE}
    health, _ = ask("GetHealth", 200)
    recipes, _ = ask("ListRecipes", 200)
    assert "ehcp" in [one["id"] for one in recipes["recipes"]]
    ask("ListCases", 200, recipe="ehcp")
    ask("ListCases", 404, recipe="nosuch")
    ask("GetStatus", 404, **case)
    ask("GetStatus", 400, recipe="ehcp", case="a.b")
    ask("StartDraft", 409, {}, **case)
    ask("StartDraft", 400, {"colour": 1}, **case)
    ask("StartDraft", 404, {}, recipe="nosuch", case="c1")
    ask("StartDraft", 411, iter([b"{", b"}"]), **case)
    ask("StartDraft", 413, {"documents": [text(f"{n}.txt", "x") for n in range(61)]}, **case)
    for file in ("draft.docx", "edit.json"):
        ask("GetResult", 404, file=file, **case)
    ask("GetRecord", 404, **case)
    ask("ListCases", 400, recipe=b"\xff")
    asked = {"GetResult": {"file": "draft.docx"}, "GetRecord": {}, "GetEdit": {"id": "e", "file": "edit.json"}, "ListApprovals": {}, "GetPlan": {}}
    for operation_id, parts in asked.items():
        ask(operation_id, 400, recipe="ehcp", case="a.b", **parts)
    ask("ListApprovals", 404, recipe="nosuch", case=CASE)

    # Documents, as a flow sends them; then the status at `Location`.
    sources = sorted((HERE / "cases/rowan/sources").iterdir())
    documents = [inline(path, wrapped=n % 2 == 0) for n, path in enumerate(sources)]
    accepted, headers = ask("StartDraft", 202, {"documents": documents}, **case)
    assert headers["Location"] == accepted["links"]["status"]
    published = until(CASE, lambda status, _: status == 200)
    # While the publication is still being looked at, the case is busy: the caller is sent to the status.
    for _ in range(30):
        drafted, _ = ask("StartDraft", (200, 202), {"wait": True}, **case)
        if "run" in drafted:
            break
        until(CASE, lambda status, _: status == 200)
    assert drafted["run"] == published["published"]
    ask("ListCases", 200, recipe="ehcp")
    record, _ = ask("GetRecord", 200, **case)
    for error in Draft202012Validator(RECORD).iter_errors(record):
        faults.append(f"record.json: {error.json_path}: {error.message}")
    given = {}
    for file in ("draft.docx", "evidence.docx", "report.html", "queries.docx", "record.json"):
        given[file], _ = ask("GetResult", 200, file=file, **case)
    for file, output in record["outputs"].items():
        assert hashlib.sha256(given[file]).hexdigest() == output["sha256"], file

    # The draft comes back as it was, as a flow that knows nothing of hashes hands it in.
    edit, _ = ask("CheckEdit", 200, given["draft.docx"], **case)
    assert edit["sha256"] == record["outputs"]["draft.docx"]["sha256"]
    ask("CheckEdit", 200, given["draft.docx"], query=f"?run={edit['run']}", **case)
    ask("CheckEdit", 400, b"", **case)
    ask("CheckEdit", 400, b"x", query="?run=A", **case)
    ask("CheckEdit", 404, given["draft.docx"], query="?run=nosuch", **case)
    ask("CheckEdit", 422, b"no Word file", **case)
    ask("CheckEdit", 413, bytes(51_000_000), **case)
    for file in ("edited.docx", "edit.html", "edit.json"):
        ask("GetEdit", 200, id=edit["edit"], file=file, **case)
        ask("GetResult", 200, file=file, **case)
    ask("GetEdit", 404, id="nosuch", file="edit.json", **case)
    ask("GetStatus", 200, **case)
    ask("ListCases", 200, recipe="ehcp")

    # Approved by exactly its bytes.
    ask("ListApprovals", 200, **case)
    ask("GetPlan", 404, **case)
    approval = {"edit": edit["edit"], "sha256": edit["sha256"], "by": "Case officer 7", "accepts_critical": True}
    ask("ApproveDocument", 400, {}, **case)
    ask("ApproveDocument", 404, {**approval, "edit": "nosuch"}, **case)
    ask("ApproveDocument", 409, {**approval, "sha256": "0" * 64}, **case)
    version, _ = ask("ApproveDocument", 201, approval, **case)
    ask("ApproveDocument", 201, {"run": edit["run"], "sha256": edit["sha256"], "by": "Case officer 7", "accepts_critical": True}, **case)
    ask("ListApprovals", 200, **case)
    plan, _ = ask("GetPlan", 200, **case)
    assert hashlib.sha256(plan).hexdigest() == version["sha256"]
    ask("GetApprovedVersion", 200, version=version["version"], **case)
    ask("GetApprovedVersion", 404, version=99, **case)
    ask("GetApprovedVersion", 404, version=4294967296, **case)

    ask("WithdrawDocument", 400, {"reason": "x" * 1001}, document=sources[0].name, **case)
    ask("WithdrawDocument", 413, {"reason": "x" * 17_000}, document=sources[0].name, **case)
    ask("WithdrawDocument", 404, document="nosuch.pdf", **case)
    ask("WithdrawDocument", 202, {"reason": "Superseded."}, document=sources[0].name, **case)
    until(CASE, lambda status, body: status == 200 and body["run"] != edit["run"])

    # No draft: reports about two children; a manifest that waits; a request that the host gave up.
    mixed = [text("Appendix A.txt", report("Ada Bell", "1 February 2018")), text("Appendix B.txt", report("Tom Fenn", "3 March 2015"))]
    ask("StartDraft", 422, {"documents": mixed, "wait": True}, recipe="ehcp", case="refused")
    until("refused", lambda status, _: status == 422)
    ask("ListCases", 200, recipe="ehcp")
    upload("waits", "case.json", json.dumps({"documents": [{"file": "Appendix A.txt"}, {"file": "Appendix B.txt"}]}).encode())
    upload("waits", "Appendix%20A.txt", report("Ada Bell", "1 February 2018").encode())
    until("waits", lambda status, body: body.get("state") == "waiting" and body["missing"] == ["Appendix B.txt"])
    upload("broken", "case.json", b"{")
    upload("broken", "Appendix%20A.txt", report("Ada Bell", "1 February 2018").encode())
    ask("WithdrawDocument", 409, recipe="ehcp", case="broken", document="Appendix A.txt")
    poison({"recipe": "ehcp", "case": "failed", "failure": "the recipe has faults"})
    until("failed", lambda status, _: status == 500)
    ask("ListCases", 200, recipe="ehcp")
    walk_with_keys(case)
    walk_operations()
    walk_rights()
    return {"recipe": "ehcp", "case": CASE, "id": edit["edit"], "edit": edit["edit"], "run": edit["run"], "sha256": edit["sha256"],
            "version": version["version"], "document": sources[1].name}


def walk_with_keys(case: dict) -> None:
    """Calls that are repeated, documents by reference, other forms of a case, cancelling."""
    other = {"recipe": "ehcp", "case": "by-reference"}
    words = report("Ada Bell", "1 February 2018").encode()
    storage("Blob", "PUT", "/incoming?restype=container", "\nrestype:container", b"", {}, may_be_there=True)
    upload("by-reference", "a.txt", words, "incoming")
    named = {"name": "Appendix A.txt", "from": "incoming/ehcp/by-reference/a.txt"}
    key = {"Idempotency-Key": "run-08585"}
    ask("StartDraft", 202, {"documents": [{**named, "sha256": hashlib.sha256(words).hexdigest()}]}, headers=key, **other)
    _, headers = ask("StartDraft", 202, {"documents": [{**named, "sha256": hashlib.sha256(words).hexdigest()}]}, headers=key, **other)
    assert headers["Idempotency-Replayed"] == "true"
    ask("StartDraft", 422, {}, headers=key, **other)
    ask("StartDraft", 400, {}, headers={"Idempotency-Key": "x" * 256}, **other)
    ask("StartDraft", 409, {"documents": [{**named, "sha256": "0" * 64}]}, **other)
    ask("StartDraft", 422, {"documents": [{**named, "from": "incoming/ehcp/by-reference/b.txt"}]}, **other)
    ask("StartDraft", 422, {"documents": [{**named, "from": "sources/ehcp/c1/a.txt"}]}, **other)
    ask("StartDraft", 422, {"callback": "https://flows.example.net/hook"}, **other)
    until("by-reference", lambda status, _: status == 200)
    for media in ("text/html", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"):
        ask("GetStatus", 200, headers={"Accept": media}, **case)
    ask("GetStatus", 406, headers={"Accept": "application/pdf"}, **case)
    _, headers = ask("GetResult", 200, file="draft.docx", **case)
    ask("GetResult", 304, file="draft.docx", headers={"If-None-Match": headers["ETag"]}, **case)
    ask("CancelDraft", 404, recipe="ehcp", case="nosuch")
    ask("CancelDraft", 409, **other)
    # A request that waits for the second one's document cannot have ended.
    upload("cancelled", "case.json", json.dumps({"documents": [{"file": "A.txt"}, {"file": "B.txt"}]}).encode())
    upload("cancelled", "A.txt", words)
    until("cancelled", lambda status, body: body.get("state") == "waiting")
    ask("CancelDraft", 200, **{**other, "case": "cancelled"})
    until("cancelled", lambda status, _: status == 409)


def walk_operations() -> None:
    """Lists by how cases stand; what failed is done again."""
    ask("ListCases", 200, query="?outcome=needs-review", recipe="ehcp")
    ask("ListCases", 400, query="?outcome=nosuch", recipe="ehcp")
    ask("ReplayCase", 404, recipe="ehcp", case="nosuch")
    ask("ReplayCase", 409, recipe="ehcp", case=CASE)
    words = report("Ada Bell", "1 February 2018").encode()
    upload("replayed", "Appendix%20A.txt", words)
    until("replayed", lambda status, _: status == 200)
    poison({"recipe": "ehcp", "case": "replayed", "failure": "the recipe has faults"})
    until("replayed", lambda status, _: status == 500)
    ask("ReplayCase", 202, recipe="ehcp", case="replayed")
    until("replayed", lambda status, _: status == 200)
    ask("ReplayCases", 202, recipe="ehcp")
    ask("ReplayCases", 404, recipe="nosuch")
    ask("GetDependencies", 200)


def walk_rights() -> None:
    """A case is exported and erased."""
    case = {"recipe": "ehcp", "case": "refused"}
    ask("ExportCase", 200, **case)
    ask("ExportCase", 404, recipe="ehcp", case="nosuch")
    ask("EraseCase", 400, {"erase": CASE}, **case)
    ask("EraseCase", 413, {"erase": "x" * 3_000}, **case)
    ask("EraseCase", 200, {"erase": "refused"}, **case)
    ask("GetStatus", 404, **case)


def unseen() -> None:
    for path, item in OPENAPI["paths"].items():
        for described in item.values():
            missing = [s for s in described["responses"] if (described["operationId"], s) not in seen and s not in ELSEWHERE]
            if missing:
                print(f"  described and not seen: {described['operationId']} {', '.join(missing)}")


def aimed(real: dict) -> dict:
    """The description, where names that are made up are mixed with those of the case that went its whole way."""
    document = json.loads(json.dumps(OPENAPI))
    components = document["components"]
    places = [(one["name"], one) for one in components["parameters"].values()]
    for item in document["paths"].values():
        for described in item.values():
            places += [(one["name"], one) for one in described.get("parameters", []) if "name" in one]
    for name in ("ApprovalRequest", "DraftRequest"):
        members = components["schemas"][name]["properties"]
        places += [(member, {"schema": members[member]}) for member in members]
    for name, place in places:
        if name in real:
            schema = {**place["schema"]}
            place["schema"].clear()
            place["schema"]["anyOf"] = [{"enum": [real[name]]}, schema]
    return document


def generated(seconds: int, real: dict) -> int:
    """Requests that a machine makes of the description: none may end in a server's error or in an undescribed answer."""
    document = pathlib.Path(tempfile.mkdtemp()) / "openapi.json"
    document.write_text(json.dumps(aimed(real)))
    checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
    program = pathlib.Path(sys.executable).with_name("schemathesis")
    return subprocess.run(
        [program, "run", document, "--url", f"{BASE}/api", "--checks", checks, "--max-time", str(seconds),
         "--max-examples", "20", "--seed", "1", "--continue-on-failure", "--request-timeout", "120", "--warnings", "off",
         "--generation-database", "none", "--no-color"],
        check=False,
        # It leaves what it found where it stands.
        cwd=document.parent,
    ).returncode


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, default=120)
    seconds = arguments.parse_args().seconds
    real = walk()
    print(f"{len(seen)} kinds of answers of {len({one for one, _ in seen})} operations held against the descriptions")
    unseen()
    for fault in faults:
        print(f"fault: {fault}")
    if seconds and generated(seconds, real):
        sys.exit(1)
    if faults:
        sys.exit(1)


main()
