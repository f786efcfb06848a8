# SPDX-License-Identifier: MIT
"""The hints of a lab, for a page that shows them beside what failed."""
import configparser


def hints_of(grading_ini):
    """A function that returns the hints for a test's result."""
    ini = configparser.ConfigParser(interpolation=None, strict=False,
                                    comment_prefixes=("#", ";"))
    ini.read(grading_ini, encoding="utf-8")

    def hints(test):
        for section in ("check:" + test["check"], "test:" + test["test"]):
            told = [" ".join(ini.get(section, "hint%d" % i, fallback="")
                             .replace("\\\n", "\n").split())
                    for i in (1, 2, 3)]
            if any(told):
                return [hint for hint in told if hint]
        return []

    return hints
