# SPDX-License-Identifier: MIT
"""grades.csv: a line a student.

Names and notes come from strangers. A spreadsheet takes a cell that begins with
one of FORMULA for a formula, however it is quoted: an apostrophe goes before it.
"""
import csv

HEAD = ("student", "lab", "result", "points", "max_points",
        "challenge_points", "passed", "tests", "note")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell):
    text = str(cell)
    return "'" + text if text.startswith(FORMULA) else text


def row(result, lab):
    published = result.is_published()
    tests = result.tests() if published else []
    return (result.name, lab, result.kind,
            result.lab["points"] if published else "",
            result.lab["max_points"] if published else "",
            result.lab["challenge_points"] if published else "",
            sum(t["outcome"] == "pass" for t in tests) if published else "",
            len(tests) if published else "",
            result.note)


def write(f, results, lab):
    """Writes the sheet of LAB to the text file F."""
    out = csv.writer(f, quoting=csv.QUOTE_ALL, lineterminator="\n")
    out.writerow(HEAD)
    for result in results:
        out.writerow(map(harmless, row(result, lab)))
