#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""grades.csv and report.html of the class of selftest/batch.sh are right.

    batch.py OUT
"""
import base64
import csv
import hashlib
import html.parser
import os
import re
import sys

ODD = '=<img src=x onerror=alert(1)>"&'
KINDS = {"good": "some", "packed": "some", "starter": "none", "half": "some",
         "crash": "none", "loop": "none", "link": "none", "torn": "refused",
         "two\\nlines": "refused", "linked": "refused",
         "'" + ODD: "build"}
TAGS = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p",
        "table", "tr", "th", "td", "a", "meter", "section", "pre", "details",
        "summary", "ol", "li"}


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags = set()
        self.keys = set()
        self.links = set()
        self.ids = set()
        self.policy = ""
        self.texts = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for key, value in attrs:
            self.keys.add(key)
            if key in ("href", "src"):
                self.links.add(value)
            if key == "id":
                self.ids.add("#" + value)
            if key == "content":
                self.policy = value

    def handle_data(self, data):
        self.texts.append(data)


def main(out):
    with open(os.path.join(out, "grades.csv"), newline="",
              encoding="utf-8") as f:
        raw = f.read()
    rows = {row["student"]: row for row in csv.DictReader(raw.splitlines())}
    with open(os.path.join(out, "report.html"), encoding="utf-8") as f:
        text = f.read()
    page = Page(text)
    said = " ".join(page.texts)
    style = re.search("<style>(.*?)</style>", text, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    checks = {
        "a row for each student": set(rows) == set(KINDS),
        "what became of each": {name: row["result"] for name, row
                                in rows.items()} == KINDS,
        "no cell begins a formula": not re.search('(^|,)"[=+@-]', raw, re.M),
        "an archive scores as its folder":
            rows["good"]["points"] == rows["packed"]["points"] == "27",
        "who has made one mistake has less, and not nothing":
            0 < int(rows["half"]["points"]) < 27,
        "who is refused has no points": rows["torn"]["points"] == "",
        "a refused file is told": "io.c is refused" in rows["link"]["note"],
        "the page loads nothing":
            page.policy.startswith("default-src 'none'; style-src 'sha256-%s'"
                                   % digest),
        "it has only what it is made of": page.tags <= TAGS,
        "no attribute is a script or a style":
            not [k for k in page.keys if k.startswith("on") or k == "style"],
        "links lead into the page": page.links and page.links <= page.ids,
        "a section a student": len(page.ids) == len(KINDS),
        "a name that is HTML is text": ODD in said,
        "a crash is told": "crash, 0 of" in said,
        "an endless loop is told": "timeout, 0 of" in said,
        "steps are told": "start drivers/io-driver" in said,
        "hints are told": "A function returned before it had all" in said,
    }
    for what, well in checks.items():
        print("%s %s" % ("ok   " if well else "FAIL ", what))
    failed = list(checks.values()).count(False)
    if failed:
        print("     ", rows)
    print("count: %d passed, %d failed" % (len(checks) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
