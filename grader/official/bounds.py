# SPDX-License-Identifier: MIT
"""What is taken of a submission: regular files, and not too much of it."""
import re
import stat

FILE_BYTES = 256 * 1024
ARCHIVE_BYTES = 64 * 1024 * 1024
MEMBERS = 20000
TEXT = re.compile(r"[^ -~]")


class Refused(Exception):
    """The submission, or a file of it, is not taken; the text says why."""


def visible(name):
    """NAME for a line of text: controls and bidi marks are written out."""
    return TEXT.sub(lambda m: "\\u%04x" % ord(m.group()), name)[:200]


def check_kind(mode, size):
    if stat.S_ISLNK(mode):
        raise Refused("it is a symbolic link")
    if not stat.S_ISREG(mode):
        raise Refused("it is no regular file")
    check_size(size)


def check_size(size):
    if size >= FILE_BYTES:
        raise Refused("it has %d bytes; less than %d are taken"
                      % (size, FILE_BYTES))


def read_bounded(f):
    data = f.read(FILE_BYTES)
    check_size(len(data))
    return data
