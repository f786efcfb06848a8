# SPDX-License-Identifier: MIT
"""Holds the files of a folder, one a format, to the schemas and each other.

formats.py SCHEMAS FOLDER: prints a line for each check, and "count: ..." last.
"""
import csv
import json
import os
import re
import sys
import xml.etree.ElementTree

import jsonschema

schemas, folder = sys.argv[1:]
counts = {True: 0, False: 0}


def check(what, holds):
    counts[bool(holds)] += 1
    print(("ok    " if holds else "FAIL  ") + what)


def text_of(name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
        return f.read()


def fits(name):
    with open(os.path.join(schemas, name + ".schema.json"),
              encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft7Validator.check_schema(schema)
    found = json.loads(text_of(name))
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(found))
    for error in errors:
        print("      %s: %s" % (list(error.path), error.message))
    check(name + " fits its schema", not errors)
    misspelt = {key + "x": value for key, value in found.items()}
    check(name + "'s schema refuses other keys",
          list(jsonschema.Draft7Validator(schema).iter_errors(misspelt)))
    return found


def total(tests, key):
    return sum(test.get(key, 0) for test in tests)


lab = fits("json")["labs"][0]
points, most = lab["points"], lab["max_points"]
print("      the score is %d of %d" % (points, most))
check("something is earned, and something lost", 0 < points < most)

found = fits("gradescope")
check("gradescope: score", found["score"] == points)
check("gradescope: its tests add up to it",
      total(found["tests"], "score") == points and
      total(found["tests"], "max_score") == most)
check("gradescope: a hidden test is hidden",
      all((test["visibility"] == "hidden") == (test["name"][:7] == "hidden/")
          for test in found["tests"]))

found = fits("prairielearn")
check("prairielearn: score", round(found["score"] * most, 6) == points)
check("prairielearn: its tests add up to it",
      total(found["tests"], "points") == points and
      total(found["tests"], "max_points") == most)

found = fits("classroom50")
check("classroom50: score",
      found["score"] == points and found["max-score"] == most)
check("classroom50: its tests add up to it",
      total(found["tests"], "score") == points and
      total(found["tests"], "max-score") == most)

rows = [row for row in csv.DictReader(text_of("csv").splitlines())
        if row["challenge"] == "no"]
check("csv: its tests add up to the score",
      sum(int(row["points"]) for row in rows) == points and
      sum(int(row["max_points"]) for row in rows) == most)

suite = xml.etree.ElementTree.fromstring(text_of("junit"))[0]
properties = {p.get("name"): p.get("value") for p in suite.find("properties")}
check("junit: score", properties["points"] == str(points))
check("junit: counts",
      len(suite.findall("testcase")) == int(suite.get("tests")) and
      len(suite.findall(".//failure")) == int(suite.get("failures")) and
      len(suite.findall(".//error")) == int(suite.get("errors")))

lines = text_of("tap").split("\n")
check("tap: version", lines[0] == "TAP version 14")
check("tap: score",
      "# %s points %d of %d" % (lab["lab"], points, most) in lines)
numbers = [int(m.group(1)) for m in
           (re.match(r"(?:not )?ok (\d+) - ", line) for line in lines) if m]
check("tap: numbers and plan",
      numbers == list(range(1, len(lab["tests"]) + 1)) and
      lines[1] == "1..%d" % len(numbers))

for name in ("json", "gradescope", "prairielearn", "classroom50", "csv",
             "junit", "tap"):
    text = text_of(name)
    check(name + ": of a hidden test nothing but its number",
          "hidden/1" in text and "SECRET" not in text and
          "secret" not in text)
    check(name + ": no control characters",
          all(c >= " " or c in "\r\n" for c in text) and
          not re.search("[\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text))

print("count: %d passed, %d failed" % (counts[True], counts[False]))
sys.exit(counts[False] > 0)
