# SPDX-License-Identifier: MIT
"""report.html: the class, and a section a student.

One file that loads nothing. All text goes through tag(), which escapes it; the
page allows its one style, by its hash, and no script, so that a name or an error
message that is HTML stays text.
"""
import base64
import collections
import hashlib
import html

from result import CLASSES, visible

STYLE = """
body { font: 16px/1.45 sans-serif; max-width: 60em; margin: 2em auto;
  padding: 0 1em; color: #222; background: #fff }
table { border-collapse: collapse; margin: 1em 0 }
th, td { text-align: left; padding: .2em .8em .2em 0; vertical-align: top;
  border-bottom: 1px solid #ddd }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4;
  padding: .6em }
section { border-top: 3px solid #888; margin-top: 3em }
meter { width: 12em }
li { overflow-wrap: anywhere }
"""
STEPS = 60  # of a trace: the last ones are those that matter


class Markup(str):
    """Text that is HTML already."""


def tag(name, *inside, **attributes):
    """<NAME ATTRIBUTES>INSIDE</NAME>; what is no Markup is escaped."""
    head = "".join(' %s="%s"' % (key, html.escape(visible(str(value))))
                   for key, value in attributes.items())
    body = "".join(part if isinstance(part, Markup)
                   else html.escape(visible(str(part))) for part in inside)
    return Markup("<%s%s>%s</%s>\n" % (name, head, body, name))


def table(head, rows):
    cells = [tag("tr", *(tag("th", cell) for cell in head))]
    for row in rows:
        cells.append(tag("tr", *(tag("td", cell) for cell in row)))
    return tag("table", *cells)


def bar(value, most):
    return tag("meter", value=value, min=0, max=max(most, 1))


def link(results, result):
    return tag("a", result.name, href="#s%d" % results.index(result))


# ------------------------------------------------------------- the class

def distribution(results):
    """How many have 0 to 9 percent, 10 to 19, ... and all."""
    bins = [0] * 11
    for r in results:
        if r.is_published():
            share = 10 * r.lab["points"] // max(r.lab["max_points"], 1)
            bins[min(share, 10)] += 1
    names = ["%d to %d %%" % (10 * i, 10 * i + 9) for i in range(10)]
    return table(("points", "students", ""),
                 [(name, n, bar(n, max(bins)))
                  for name, n in zip(names + ["100 %"], bins)])


def classes(results):
    count = collections.Counter(r.kind for r in results)
    return table(("what became of it", "students"),
                 [(CLASSES[kind], count[kind]) for kind in CLASSES
                  if count[kind]])


def failures(results):
    """The tests, those first that most fail."""
    outcomes = {}
    title = {}
    for r in results:
        for t in r.tests():
            outcomes.setdefault(t["test"], collections.Counter())[
                t["outcome"]] += 1
            title[t["test"]] = t["title"]

    def failed(test):
        return sum(n for outcome, n in outcomes[test].items()
                   if outcome not in ("pass", "skip", "infra"))

    order = sorted(outcomes, key=lambda t: (-failed(t), t))
    return table(("test", "title", "fail", "", "outcomes"), [
        (t, title[t], "%d of %d" % (failed(t), sum(outcomes[t].values())),
         bar(failed(t), sum(outcomes[t].values())),
         ", ".join("%s %d" % pair for pair in sorted(outcomes[t].items())))
        for t in order])


def overview(results):
    return table(("student", "score", "challenges", "note"), [
        (link(results, r), r.score(),
         r.lab["challenge_points"] if r.is_published() else "", r.note)
        for r in results])


# ----------------------------------------------------------- the student

def failure(test, hints):
    parts = [tag("h3", "%s: %s" % (test["test"], test["title"])),
             tag("p", "%s, %d of %d points" % (
                 test["outcome"], test["points"], test["max_points"]))]
    for key in ("expected", "got", "errors"):
        if test[key]:
            parts.append(tag("p", key))
            parts.append(tag("pre", test[key]))
    if test["trace"]:
        steps = test["trace"][-STEPS:]
        left_out = len(test["trace"]) - len(steps)
        parts.append(tag("details", tag("summary", "steps"), tag(
            "ol", *(tag("li", step) for step in steps), start=left_out + 1)))
    told = hints(test)
    if told:
        parts.append(tag("details", tag("summary", "hints"),
                         tag("ol", *(tag("li", hint) for hint in told))))
    if test["reproduce"]:
        parts.append(tag("pre", test["reproduce"]))
    return Markup("".join(parts))


def student(number, result, hints):
    parts = [tag("h2", result.name), tag("p", result.score())]
    if result.note:
        parts.append(tag("pre", result.note))
    bad = [t for t in result.tests() if t["outcome"] != "pass"]
    if result.tests() and not bad:
        parts.append(tag("p", "Every test passes."))
    if result.lab and not result.lab["build_error"]:
        parts += [failure(t, hints) for t in bad]
    return tag("section", *parts, id="s%d" % number)


def page(results, title, about, hints):
    """The page as a string. HINTS returns the hints for a test's result."""
    digest = hashlib.sha256(STYLE.encode()).digest()
    policy = ("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; "
              "form-action 'none'" % base64.b64encode(digest).decode())
    body = [tag("h1", title), tag("p", about),
            tag("h2", "Results"), classes(results),
            tag("h2", "Distribution"), distribution(results),
            tag("h2", "Students"), overview(results),
            tag("h2", "Tests, by how many fail"), failures(results)]
    body += [student(i, r, hints) for i, r in enumerate(results)]
    meta = Markup('<meta charset="utf-8">\n<meta http-equiv='
                  '"Content-Security-Policy" content="%s">\n' % policy)
    head = tag("head", meta, tag("title", title),
               Markup("<style>%s</style>\n" % STYLE))
    return "<!DOCTYPE html>\n" + tag("html", head, tag("body", *body),
                                     lang="en")
