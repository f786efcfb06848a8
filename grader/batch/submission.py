# SPDX-License-Identifier: MIT
"""The submissions of a class: which there are, and what tells one from others."""
import hashlib
import os
import stat

from result import visible

ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
HASHED = 1 << 20  # bytes of a file that tell it from others


def without_suffix(name):
    for suffix in sorted(ARCHIVES, key=len, reverse=True):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[:-len(suffix)]
    return name


def submissions(folder):
    """{file name: student} of what lies in FOLDER; tells what it leaves out."""
    found = {}
    for entry in sorted(os.scandir(folder), key=lambda e: e.name):
        if entry.name.startswith(".") or entry.name == "__MACOSX":
            continue
        if entry.is_dir():
            found[entry.name] = entry.name
        elif without_suffix(entry.name) != entry.name:
            found[entry.name] = without_suffix(entry.name)
        else:
            print("left out, no folder and no archive:", visible(entry.name))
    names = list(found.values())
    # Two of one name are told apart by their file names.
    return {file: name if names.count(name) == 1 else file
            for file, name in found.items()}


def add_file(digest, path, whole=False):
    """The kind, size and first HASHED bytes of PATH, or all that it has."""
    info = os.lstat(path)
    digest.update(b"%d %d\0" % (stat.S_IFMT(info.st_mode), info.st_size))
    if stat.S_ISREG(info.st_mode):
        with open(path, "rb", opener=lambda p, flags: os.open(
                p, flags | os.O_NOFOLLOW | os.O_NONBLOCK)) as f:
            digest.update(f.read(HASHED))
            while whole and (more := f.read(HASHED)):
                digest.update(more)


def content(path, start):
    """A hash of the submission PATH and of START, what it is graded by."""
    digest = hashlib.sha256(start)
    if os.path.islink(path):  # what it leads to is not of the submission
        digest.update(os.fsencode(os.readlink(path)))
        return digest.hexdigest()
    if not os.path.isdir(path):
        add_file(digest, path, whole=True)
        return digest.hexdigest()
    for folder, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            full = os.path.join(folder, name)
            digest.update(os.fsencode(os.path.relpath(full, path)) + b"\0")
            add_file(digest, full)
    return digest.hexdigest()
