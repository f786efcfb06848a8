# SPDX-License-Identifier: MIT
"""What became of one submission, as the table, the sheet and the page show it."""
import json
import re

# Controls, marks that turn the direction of text, and halves of characters.
ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e"
                 "\u2066-\u2069\ud800-\udfff]")

CLASSES = {  # in the order in which they are listed
    "all": "all points",
    "some": "some points",
    "none": "no points",
    "build": "does not build",
    "refused": "refused as a whole",
    "look": "could not be judged: look at it; the score is not published",
    "trouble": "the grader failed: not graded; run the batch again",
}


def visible(text):
    """TEXT with controls written out, so that no terminal obeys them."""
    return ODD.sub(lambda m: "\\u%04x" % ord(m.group()), text)


class Result:
    """A student's: NAME, KIND (a key of CLASSES), NOTE, and the lab's results.

    STATUS is official.sh's, SAID the last line that it wrote to standard error,
    RESULTS the JSON of docs/RESULTS.md, or None.
    """

    def __init__(self, name, status, said, results):
        self.name = visible(name).replace("\n", "\\n").replace("\t", "\\t")
        self.lab = results["labs"][0] if results else None
        self.official = (results or {}).get("official", {})
        self.note = visible(said)
        self.kind = self.kind_of(status)
        if self.lab and self.lab["build_error"]:
            self.note = visible(self.lab["build_error"])
        elif self.lab and self.kind != "trouble":
            self.note = "; ".join(self.taken())

    def kind_of(self, status):
        if status == 2 and not self.lab:
            return "refused"
        if not self.lab or status not in (0, 1, 3) or self.lab["infra_error"]:
            return "trouble"
        if status == 3 or self.lab["unjudged_points"]:
            return "look"
        if self.lab["build_error"]:
            return "build"
        if self.lab["points"] >= self.lab["max_points"]:
            return "all"
        return "some" if self.lab["points"] else "none"

    def taken(self):
        """What was wrong with the submission's files."""
        for name in self.official.get("missing", []):
            yield visible(name) + " is missing: the starter's"
        for name in self.official.get("changed", []):
            yield visible(name) + " was changed: the course's own is used"
        for file in self.official.get("refused", []):
            yield "%s is refused: %s" % (visible(file["name"]),
                                         visible(file["reason"]))

    def is_final(self):
        """Would the same submission have the same result again?"""
        return self.kind not in ("look", "trouble")

    def is_published(self):
        return self.lab is not None and self.is_final()

    def tests(self):
        """The tests that ran."""
        if not self.lab:
            return []
        return [t for t in self.lab["tests"] if t["outcome"] != "none"]

    def score(self):
        if self.is_published():
            return "%d of %d" % (self.lab["points"], self.lab["max_points"])
        return CLASSES[self.kind].split(":")[0]


def load(path):
    """The JSON at PATH; None if there is none."""
    try:
        with open(path, encoding="utf-8") as f:
            return json.load(f)
    except (OSError, ValueError):
        return None
