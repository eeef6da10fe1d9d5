"""Looks at the Word files of a run as LibreOffice shows them: `python3 judge_office.py folder ...`.

A folder holds `draft.docx`, `evidence.docx` and `record.json` of one run. Both files must open and print; every
statement of the record must be in both, and the words of every sentence that supports a statement of a passage or
list must be in `evidence.docx`, in the statement itself or in a footnote, with the file that says them. The pages that
the record counts must be those of the printed draft, or one page or a tenth beside them. A refused run must say so and
hold no statement. Prints one line a failure, then the sum. Needs LibreOffice Writer (`soffice`) and nothing else.
"""

import json
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

NAMES = ("draft", "evidence")


class Words(HTMLParser):
    """The text of a page, less its style."""

    def __init__(self):
        super().__init__()
        self.parts = []
        self.hidden = False

    def handle_starttag(self, tag, attributes):
        self.hidden = self.hidden or tag in ("style", "title")
        # Superscript numbers of footnotes stand right after words.
        if tag in ("sup", "p", "br", "td", "li"):
            self.parts.append(" ")

    def handle_endtag(self, tag):
        if tag in ("style", "title"):
            self.hidden = False
        if tag in ("sup", "p", "td", "li"):
            self.parts.append(" ")

    def handle_data(self, data):
        if not self.hidden:
            self.parts.append(data)


def flat(text):
    return " ".join(text.split())


def shown(folder, out, profile):
    """The words of both files, as LibreOffice reads them; it also has to print them."""
    files = [str(folder / f"{name}.docx") for name in NAMES]
    for form in ("html", "pdf"):
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", form]
        done = subprocess.run([*command, "--outdir", out, *files], capture_output=True, timeout=300, check=False)
        if done.returncode:
            return None
    texts = {}
    for name in NAMES:
        page, paper = Path(out, f"{name}.html"), Path(out, f"{name}.pdf")
        if not page.exists() or not paper.exists() or paper.stat().st_size == 0:
            return None
        words = Words()
        words.feed(page.read_text(encoding="utf-8"))
        texts[name] = flat("".join(words.parts))
    return texts, pages(Path(out, "draft.pdf"))


def pages(paper):
    """The pages of a printed file."""
    return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))


def statements(record):
    """Each statement with whether its field holds statements rather than a value."""
    for section in record["sections"]:
        for field in section["fields"]:
            content = field["content"]
            if content == "empty":
                continue
            ((kind, held),) = content.items()
            for statement in held if isinstance(held, list) else [held]:
                yield statement, kind


def sentences(record, statement):
    """The ids of the sentences that a statement rests on."""
    if statement["support"] == "officer":
        return []
    claims = {claim["id"]: claim for claim in record["claims"]}
    return [sentence for claim in statement["support"]["claims"] for sentence in claims[claim]["sentences"]]


def judge(folder, out, profile):
    """The faults of one run's Word files, and how many things were looked at."""
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    seen = shown(folder, out, profile)
    if seen is None:
        return ["LibreOffice cannot open or print a Word file"], 1
    (texts, printed), faults, looked = seen, [], 0
    if record["outcome"]["state"] in ("refused", "failed"):
        told = "no draft was made" in texts["draft"].lower() and texts["draft"] == texts["evidence"]
        return ([] if told and not record["sections"] else ["the refusal does not say so"]), 1
    looked += 1
    if abs(record["pages"] - printed) > max(1, printed // 10):
        faults.append(f"draft.docx has {printed} pages, the record says {record['pages']}")
    for statement, kind in statements(record):
        for name in NAMES:
            looked += 1
            if flat(statement["text"]) not in texts[name]:
                faults.append(f"{name}.docx lacks {statement['id']}")
        for sentence in sentences(record, statement):
            looked += 1
            evidence = record["evidence"][sentence]
            if evidence["source"] not in texts["evidence"]:
                faults.append(f"evidence.docx lacks the file of {sentence} for {statement['id']}")
            elif kind == "statements" and is_numbered(record, statement) and flat(evidence["quote"]) not in texts["evidence"]:
                faults.append(f"evidence.docx lacks the words of {sentence} for {statement['id']}")
    return faults, looked


def is_numbered(record, statement):
    """Whether a statement stands in a passage or list; values carry places and no quotes."""
    kinds = {claim["id"]: claim["kind"] for claim in record["claims"]}
    return statement["support"] == "officer" or any(kinds[claim] != "fact" for claim in statement["support"]["claims"])


def main():
    folders = [Path(argument) for argument in sys.argv[1:]]
    if not folders:
        print("give the folders of the runs: python3 judge_office.py folder ...", file=sys.stderr)
        return 2
    passed = failed = 0
    with tempfile.TemporaryDirectory() as profile:
        for folder in folders:
            with tempfile.TemporaryDirectory() as out:
                faults, looked = judge(folder, out, profile)
            for fault in faults:
                print(f"FAILED {folder}: {fault}")
            failed += len(faults)
            passed += looked - len(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
