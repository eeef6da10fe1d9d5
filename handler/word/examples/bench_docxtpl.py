"""Prints the median milliseconds in which docxtpl fills a template: `bench_docxtpl.py TEMPLATE DATA`.

It opens the template in each round, as it must: a template object of docxtpl is used up by filling it.
"""

import io
import json
import statistics
import sys
import time

from docxtpl import DocxTemplate

ROUNDS = 5


def fill(template, data):
    start = time.perf_counter()
    document = DocxTemplate(io.BytesIO(template))
    document.render(data, autoescape=True)
    document.save(io.BytesIO())
    return (time.perf_counter() - start) * 1000


def main(template_path, data_path):
    with open(template_path, "rb") as file:
        template = file.read()
    with open(data_path, encoding="utf-8") as file:
        data = json.load(file)
    print(statistics.median(fill(template, data) for _ in range(ROUNDS)))


if __name__ == "__main__":
    main(*sys.argv[1:])
