"""Independent programs look at finished documents: `judges.py DOCUMENT...` (python-docx 1.2, openxml-audit 0.8).

Each document must open in python-docx, be valid for openxml-audit, and be accessible: a title, a language, headings
without gaps, header rows in tables. No tag may be left in it and no row may be empty. Prints what is wrong and, last,
`N passed, N failed`; ends with 1 if anything failed.
"""

import re
import sys
import zipfile

import docx
from docx.oxml.ns import qn
from openxml_audit import OpenXmlValidator

# Findings of openxml-audit that are mistakes of its own: `numId` 0 means "no list", and `div` may stand in the web
# settings.
MISTAKEN = (re.compile(r"numId.*\b0\b"), re.compile(r"webSettings.*div"))
TAG = re.compile(r"\{\{|\}\}|\{%|%\}")
HEADING = re.compile(r"Heading (\d)$", re.IGNORECASE)


def validity(path):
    for error in OpenXmlValidator().validate(path).errors:
        text = f"{error.part_uri} {error.node}: {error.description}"
        if not any(mistaken.search(text) for mistaken in MISTAKEN):
            yield text


def about_itself(document, parts):
    if not document.core_properties.title:
        yield "no title"
    if not re.search(r'<w:lang [^>]*w:val="[a-z]{2}-[A-Z]{2}"', parts.get("word/styles.xml", "")):
        yield "the styles name no language"
    for name in ("created", "modified", "last_modified_by", "last_printed"):
        if getattr(document.core_properties, name):
            yield f"the core properties hold `{name}`"


def headings(document):
    level = 0
    for paragraph in document.paragraphs:
        found = HEADING.match(paragraph.style.name)
        if not found:
            continue
        text = "".join(node.text or "" for node in paragraph._p.iter(qn("w:t")))
        if not text.strip():
            yield "an empty heading"
        if int(found[1]) > level + 1:
            yield f"a heading of level {found[1]} under level {level}: {text[:40]}"
        level = int(found[1])
    if not level:
        yield "no headings"


def tables(document):
    for number, table in enumerate(document.tables, 1):
        rows = list(table._tbl.iter(qn("w:tr")))
        if not rows:
            yield f"table {number} has no rows"
            continue
        if rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is None:
            yield f"the first row of table {number} is no header row"
        if any(not "".join(node.text or "" for node in row.iter(qn("w:t"))).strip() for row in rows):
            yield f"table {number} has an empty row"


def leftovers(parts):
    for name, text in parts.items():
        if re.match(r"word/(document|header|footer|footnotes|comments)", name):
            words = "".join(re.findall(r"<w:t[ >][^<]*", text))
            if TAG.search(words):
                yield f"a tag is left in {name}"
            if re.search(r"<w:p>\s*</w:p>|<w:p/>", text):
                yield f"an empty paragraph is left in {name}"


def relations(parts):
    for name, text in parts.items():
        if name.endswith(".rels") and 'TargetMode="External"' in text:
            yield f"{name} leads out of the document"


def judge(path):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    document = docx.Document(path)
    checks = (about_itself(document, parts), headings(document), tables(document), leftovers(parts), relations(parts))
    return list(validity(path)) + [fault for check in checks for fault in check]


def main(paths):
    failed = 0
    for path in paths:
        try:
            faults = judge(path)
        except Exception as error:  # A judge that cannot open a document has judged it.
            faults = [f"cannot be opened: {type(error).__name__}: {error}"]
        failed += bool(faults)
        for fault in faults:
            print(f"{path}: {fault}")
    print(f"{len(paths) - failed} passed, {failed} failed")
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
