#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What comments of C sources name, and what is there without them.

    comments.py code FILE...    the files without their comments
    comments.py named FILE...   "FILE<tab>NAME" for each function() in a comment
"""
import re
import sys

COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|/\*.*?\*/', re.S)
NAMES = re.compile(r'(?<!\w)((?:__)?[a-z][a-z0-9_]+)\(\)')


def is_comment(match):
    return match.group().startswith('/*')


def main(what, paths):
    for path in paths:
        with open(path, encoding='utf-8', errors='replace') as file:
            text = file.read()
        if what == 'code':
            print(COMMENT.sub(
                lambda m: ' ' if is_comment(m) else m.group(), text))
            continue
        for match in COMMENT.finditer(text):
            if is_comment(match):
                for name in NAMES.findall(match.group()):
                    print(path, name, sep='\t')


main(sys.argv[1], sys.argv[2:])
