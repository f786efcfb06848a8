#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Looks at what the preprocessor has made of a submission's module.

    look.py SOURCE TEXT INCLUDED NAME TREE [PLAIN]

SOURCE is the module as it was handed in, TEXT what the preprocessor made of it,
INCLUDED what that said on standard error (gcc -w -H), NAME the module's path where
it was preprocessed, and TREE the tree's. With PLAIN, TEXT has to say of the module
itself what the file PLAIN says: what code is, is not for a sanitizer to decide.

TEXT is what is compiled, so nothing that a compiler could find out behind this
look's back makes other code of it. Its headers are left out of the look: they are
the system's and the course's, and may use what a module may not. Where one begins
and ends the preprocessor says in marks (# 1 "file" 1 and 2).

Status 0; 1 with a line that says what is not taken.
"""
import posixpath
import re
import sys

from bounds import Refused

# What puts code where nobody looks at it, or keeps the sanitizers from looking:
# words anywhere, and words of attributes. All may stand between underscores.
WORDS = re.compile(
    r"asm|pch_preprocess|__RTL|__GIMPLE"
    r"|no_sanitize[a-z_]*|no_address_safety_analysis"
    r"|disable_sanitizer_instrumentation"
    r"|_*(asan|lsan|tsan|ubsan|msan|sanitizer)_[a-z_]*")
ATTRIBUTES = {"alias", "constructor", "destructor", "ifunc", "naked", "optimize",
              "section", "symver", "target", "target_clones", "weak", "weakref"}
# Options of the compiler's, of which some are the sanitizers', and other names.
PRAGMA = re.compile(r"#pragma\s+(?:redefine_extname|weak|GCC\s+"
                    r"(?:optimize|target|(?:push|pop|reset)_options))\b")

TEXT_BYTES = 8 * 1024 * 1024  # beside the headers, far more than anybody writes
STRINGS = re.compile(r'"(?:\\.|[^"\\\n])*"?' r"|'(?:\\.|[^'\\\n])*'?")
COMMENTS = re.compile(STRINGS.pattern + r"|//[^\n]*|/\*.*?(?:\*/|\Z)", re.S)
TRIGRAPHS = {"=": "#", "/": "\\", "'": "^", "(": "[", ")": "]", "!": "|",
             "<": "{", ">": "}", "-": "~"}
LINE = re.compile(r"^[ \t\f\v]*(?:#|%:)[ \t\f\v]*(?:line\b|[0-9])", re.M)
# The preprocessor knows the name of a header by its place: in <...> there are no
# comments, and in neither form escapes. Elsewhere this look tells them apart.
HEADER_NAME = re.compile(
    r"__has_(?:include|include_next|embed)\b"
    r"|\b(?:include|include_next|import|embed)(?:[ \t\f\v]|/\*.*?\*/)*"
    r"(?:<[^>\n]*(?:/\*|//|\\)|\"[^\"\n]*\\)", re.S)
DIRECTIVE = re.compile(
    r"^[ \t\f\v]*(?:#|%:)[ \t\f\v]*([a-z_]+)[ \t\f\v]*(.*)$", re.M)
# What headers ask for is to be defined before them.
FEATURE = re.compile(r"(?:_[A-Z_]+_SOURCE|_FILE_OFFSET_BITS"
                     r"|OPENSSL_(?:API_COMPAT|NO_DEPRECATED"
                     r"|SUPPRESS_DEPRECATED))\b")
MARK = re.compile(r'# \d+ "((?:[^"\\]|\\.)*)"((?: \d)*)$')


def read(path):
    """The text of PATH, a character a byte."""
    with open(path, encoding="latin-1", newline="") as f:
        text = f.read(TEXT_BYTES)
    if len(text) == TEXT_BYTES:
        raise Refused("what the preprocessor makes of it is too long")
    return text


def look_at_source(text):
    """No line of its own may look like one of the preprocessor's marks."""
    if "\0" in text:
        raise Refused("a byte of 0 is not taken")
    text = text.replace("\r\n", "\n")
    text = re.sub(r"\?\?([=/'()!<>-])", lambda m: TRIGRAPHS[m.group(1)], text)
    text = re.sub(r"\\[ \t\f\v]*\n", "", text)
    if HEADER_NAME.search(text):
        raise Refused("'__has_include', and a header's name with a comment or "
                      "an escape in it, are not taken")
    bare = COMMENTS.sub(lambda m: '""' if m.group()[0] in "\"'" else " ", text)
    if LINE.search(bare):
        raise Refused("#line is not taken")
    look_at_macros(bare)


def look_at_macros(text):
    """A macro of its own would make other code of a header, unlooked at."""
    before = []
    for directive, rest in DIRECTIVE.findall(text):
        if directive.startswith(("include", "import")):
            if before:
                raise Refused("'#%s' before an '#include' is not taken"
                              % before[0])
        elif directive in ("define", "undef"):
            if not FEATURE.match(rest):
                name = re.match(r"\w*", rest).group()
                before.append("%s %s" % (directive, name[:40]))
        elif directive == "pragma" and re.match(r"(push|pop)_macro\b", rest):
            before.append("pragma " + rest.strip()[:40])


def look_at_included(said, tree):
    """The headers, in the order in which they were entered; no other file."""
    names = re.findall(r"^\.+ (.*)$", said, re.M)
    for name in names:
        path = posixpath.normpath(posixpath.join(tree, name))
        given = path.startswith(tree + "/") and not path.startswith(
            tree + "/build/")
        if not path.endswith(".h") or not (given or path.startswith("/usr/")):
            raise Refused("'#include' of a file that is no header")
    return names


def own_lines(text, name, headers):
    """The lines of TEXT that are of the module NAME itself, without marks."""
    files = []    # the headers that it is in
    entered = []
    for line in text.split("\n"):
        mark = MARK.match(line)
        if not mark:
            if not files:
                yield line
            continue
        file, flags = mark.group(1), mark.group(2).split()
        if "1" in flags:
            files.append(file)
            entered.append(file)
            continue
        if "2" in flags:
            if not files:
                raise Refused("#line is not taken")
            files.pop()
        if file != (files[-1] if files else name) and (
                files or file not in ("<built-in>", "<command-line>")):
            raise Refused("#line is not taken")
    # The first, which the compiler includes by itself, it does not tell of.
    if entered and entered[0].endswith("/stdc-predef.h"):
        del entered[0]
    if files or headers is not None and entered != headers:
        raise Refused("#line is not taken")


def attributes(tokens):
    """The words that stand in __attribute__((...)) and in [[...]]."""
    depth = 0
    for before, token in zip([""] + tokens, tokens):
        if depth:
            depth += (token in "([") - (token in ")]")
            yield token.strip("_")
        elif before in ("__attribute__", "__attribute"):
            depth = token == "("
        elif before == token == "[":
            depth = 2


def look_at_text(lines):
    bare = [STRINGS.sub('""', line) for line in lines]
    for line in bare:
        if "#" in line and not re.match(r"#pragma\b[^#]*$", line):
            raise Refused("'#' is not taken here: %s" % line.strip()[:80])
        if PRAGMA.match(line.strip()):
            raise Refused("'%s' is not taken" % line.strip()[:80])
    tokens = re.findall(r"\w+|[][()]",
                        "\n".join(bare).replace("<:", "[").replace(":>", "]"))
    for word in tokens:
        if WORDS.fullmatch(word) or WORDS.fullmatch(word.strip("_")):
            raise Refused("'%s' is not taken" % word)
    for word in attributes(tokens):
        if word in ATTRIBUTES:
            raise Refused("the attribute '%s' is not taken" % word)


def main(source, text, included, name, tree, plain=None):
    try:
        look_at_source(read(source))
        headers = look_at_included(read(included), tree)
        own = list(own_lines(read(text), name, headers))
        look_at_text(own)
        if plain:
            if own != list(own_lines(read(plain), name, None)):
                raise Refused("under a sanitizer it is another text")
    except Refused as reason:
        print(reason)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
