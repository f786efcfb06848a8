#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No function of the reference is in a handout.

    handout.py TREE UNPACKED

Lines are compared without white space. Of each deliverable, a function counts
whose body has at least four lines that say something and that the starter
does not have: no four of these in a row may be in any file of the handout. Prints a line a deliverable.
"""
import os
import sys

WINDOW = 4
SHORT = 14  # characters: "return -1;" and the like say nothing
# Comments, directives, declarations and members of initializers.
NOTHING = ("/*", "*", "//", "#", "struct", ".")


def lines(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return ["".join(line.split()) for line in f]


def says_something(line):
    return len(line) >= SHORT and not line.startswith(NOTHING)


def bodies(path):
    """(name, lines of the body) of each function; the layout is clang-format's."""
    name, body = "", None
    with open(path, encoding="utf-8") as f:
        for raw in f:
            line = raw.rstrip("\n")
            if line == "{":
                body = []
            elif line == "}" and body is not None:
                yield name, body
                body = None
            elif body is not None:
                body.append("".join(line.split()))
            elif line[:1].isalpha():
                name = line.split("(")[0]


def windows(of, size):
    return ["\n".join(of[i:i + size]) for i in range(len(of) - size + 1)]


def told(text):
    return "\n".join(line for line in text if says_something(line))


def main(tree, unpacked):
    files = {}
    for folder, _, names in os.walk(unpacked):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.relpath(path, unpacked).startswith("build/"):
                files[os.path.relpath(path, unpacked)] = told(lines(path))
    failed = count = functions = 0
    for lab in sorted(os.listdir(tree)):
        starters = os.path.join(tree, lab, "starter")
        if not os.path.isdir(starters):
            continue
        for name in sorted(os.listdir(starters)):
            path = os.path.join(tree, lab, name)
            known = set(lines(os.path.join(starters, name)))
            found = []
            for function, body in bodies(path):
                own = [line for line in body
                       if says_something(line) and line not in known]
                if len(own) < WINDOW:
                    continue
                functions += 1
                for window in windows(own, WINDOW):
                    found += [(function, where) for where, text
                              in files.items() if window in text]
            count += 1
            failed += bool(found)
            print("%s %s/%s" % ("FAIL " if found else "ok   ", lab, name))
            for function, where in sorted(set(found)):
                print("      %s() is in %s" % (function, where))
    print("      %d functions were looked for" % functions)
    print("count: %d passed, %d failed" % (count - failed, failed))
    return 1 if failed or functions < 100 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
