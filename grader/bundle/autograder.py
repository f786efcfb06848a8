#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Grades the repository in which it is started, for Classroom 50.

Beside this file lie readylist.tar.gz, a handout, and LAB, the lab's name. The
student's repository is a workspace, or a folder with the lab's files. Their files
are put into a fresh copy of the handout, by their exact names, so that tests and
given files are the course's own; an earlier lab's modules are the student's, as in
every workspace. The result is ./result.json. Status 0 if there is one.
"""
import os
import stat
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FILE_BYTES = 256 * 1024


def regular(path):
    """The bytes of PATH if it is a regular file that is not too big, or None."""
    try:
        kind = os.lstat(path)
        if not stat.S_ISREG(kind.st_mode) or kind.st_size >= FILE_BYTES:
            return None
        with open(path, "rb") as f:
            return f.read()
    except OSError:
        return None


def inside(repository, path):
    """Is every folder on the way to PATH, in REPOSITORY, a folder?"""
    whole = os.path.join(repository, path)
    return os.path.realpath(os.path.dirname(whole)) == os.path.join(
        os.path.realpath(repository), os.path.dirname(path)).rstrip("/")


def deliverables(tree):
    """labNN-NAME/FILE.c of all labs in the handout TREE."""
    starters = os.path.join(tree, ".readylist", "starter")
    for lab in sorted(os.listdir(starters)):
        for name in sorted(os.listdir(os.path.join(starters, lab))):
            yield lab + "/" + name


def overlay(repository, tree, lab):
    """Puts the student's files over the starters in TREE; tells each of LAB."""
    in_folder = os.path.isdir(os.path.join(repository, lab))
    for path in deliverables(tree):
        theirs = path
        if path.startswith(lab + "/") and not in_folder:
            theirs = path[len(lab) + 1:]
        text = None
        if inside(repository, theirs):
            text = regular(os.path.join(repository, theirs))
        if text is not None:
            with open(os.path.join(tree, path), "wb") as out:
                out.write(text)
        elif path.startswith(lab + "/"):
            print("missing, or no regular file of less than %d bytes, so the"
                  " starter is graded: %s" % (FILE_BYTES, path))


def main():
    repository = os.getcwd()
    with open(os.path.join(HERE, "LAB"), encoding="ascii") as f:
        lab = f.read().strip()
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(os.path.join(HERE, "readylist.tar.gz")) as archive:
            archive.extractall(folder)  # our own archive
        tree = os.path.join(folder, "readylist")
        overlay(repository, tree, lab)
        result = os.path.join(repository, "result.json")
        status = subprocess.run(
            ["./course", "grade", lab, "--format", "classroom50", "--output",
             result], cwd=tree, stdin=subprocess.DEVNULL,
            check=False).returncode
        # A failed test is a result; what could not be judged is none.
        return 0 if status in (0, 1) and os.path.exists(result) else 1


if __name__ == "__main__":
    sys.exit(main())
