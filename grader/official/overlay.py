#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Takes a lab's deliverables out of a submission, and nothing else.

    overlay.py SUBMISSION LAB TO FILE...

LAB is the lab's folder in this tree.

SUBMISSION is a folder, a workspace, a tar or zip archive, or a local git URL.
Each FILE that it has, under exactly that name, as a regular file of less than
256 KiB, is written to the folder TO. An archive is never unpacked: members are
read one by one, so no path in it is ever a path here. Prints a JSON object:

    {"taken": [...], "missing": [...], "refused": [{"name", "reason"}, ...],
     "changed": [...]}

"changed" are given files of the lab that the submission has, and has otherwise.

Status 0; 1 if the submission as a whole is refused, with the reason as a line.
"""
import json
import os
import stat
import sys
import tarfile
import zipfile

import repository
from bounds import (ARCHIVE_BYTES, MEMBERS, Refused, check_kind, check_size,
                    read_bounded, visible)


class Folder:
    """The lab's files in a folder; nothing is followed out of it."""

    def __init__(self, path):
        self.fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def names(self):
        return os.listdir(self.fd)

    def enter(self, name):
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            below = os.open(name, flags, dir_fd=self.fd)
        except OSError:
            return False
        os.close(self.fd)
        self.fd = below
        return True

    def read(self, name):
        """The bytes of NAME; None if it is not there."""
        try:
            kind = os.lstat(name, dir_fd=self.fd)
        except FileNotFoundError:
            return None
        check_kind(kind.st_mode, kind.st_size)
        # Not a FIFO that was put there meanwhile, either.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        with os.fdopen(os.open(name, flags, dir_fd=self.fd), "rb") as f:
            now = os.fstat(f.fileno())
            check_kind(now.st_mode, now.st_size)
            if now.st_nlink > 1:
                raise Refused("it is a hard link of another file")
            return read_bounded(f)


def from_folder(path, lab, files):
    folder = Folder(path)
    if lab in folder.names() and not folder.enter(lab):
        raise Refused("%s in it is no folder" % lab)
    return {name: attempt(folder.read, name) for name in files}


def attempt(call, *args):
    """What CALL returns, or the reason for which it refused."""
    try:
        return call(*args)
    except Refused as reason:
        return reason
    except OSError as error:
        return Refused(error.strerror or "it cannot be read")


def member_key(name, lab, files):
    """The deliverable that the member NAME is, or None; tricks are refused.

    The lab's folder may be at the top, or in one folder, or the files may be
    there without it.
    """
    parts = name.split("/")
    while parts and parts[0] == ".":
        parts.pop(0)
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        return "path trick"
    wanted = parts[-1] if parts else ""
    if wanted not in files or len(parts) > 3:
        return None
    if len(parts) == 3 and parts[1] != lab:
        return None
    return wanted


class Members:
    """What was found in an archive so far."""

    def __init__(self, lab, files):
        self.lab = lab
        self.files = files
        self.found = {}
        self.depth = {}
        self.others = []
        self.count = 0

    def add(self, name, size, read):
        self.count += 1
        if self.count > MEMBERS:
            raise Refused("the archive has more than %d members" % MEMBERS)
        key = member_key(name, self.lab, self.files)
        if key == "path trick":
            self.others.append((name, "its path leads out of the archive"))
            return
        if key is None:
            return
        # labNN/FILE goes before FILE, and a name said twice is no name.
        in_lab = self.lab in name.split("/")[:-1]
        if key in self.found and self.depth[key] == in_lab:
            self.found[key] = Refused("the archive has it twice")
            return
        if key in self.found and self.depth[key]:
            return
        self.depth[key] = in_lab
        self.found[key] = attempt(checked, size, read)


def checked(size, read):
    check_size(size)
    return read()


def from_tar(path, lab, files):
    members = Members(lab, files)
    total = 0
    with tarfile.open(path, "r|*", bufsize=65536) as tar:
        for m in tar:
            total += m.size
            if total > ARCHIVE_BYTES or tar.offset > ARCHIVE_BYTES:
                raise Refused("the archive has more than %d MiB"
                              % (ARCHIVE_BYTES >> 20))

            def read(m=m, tar=tar):
                if m.issym() or m.islnk():
                    raise Refused("it is a link")
                if not m.isreg() or m.sparse:
                    raise Refused("it is no regular file")
                return read_bounded(tar.extractfile(m))
            members.add(m.name, m.size, read)
    return members


def from_zip(path, lab, files):
    members = Members(lab, files)
    total = 0
    with zipfile.ZipFile(path) as archive:
        if len(archive.infolist()) > MEMBERS:
            raise Refused("the archive has more than %d members" % MEMBERS)
        for m in archive.infolist():
            total += m.file_size
            if total > ARCHIVE_BYTES:
                raise Refused("the archive has more than %d MiB"
                              % (ARCHIVE_BYTES >> 20))
            if m.is_dir():
                continue

            def read(m=m, archive=archive):
                mode = m.external_attr >> 16
                if mode and stat.S_IFMT(mode):
                    check_kind(mode, m.file_size)
                if m.flag_bits & 1:
                    raise Refused("it is encrypted")
                with archive.open(m) as f:
                    return read_bounded(f)
            members.add(m.filename, m.file_size, read)
    return members


def from_git(url, lab, files):
    members = Members(lab, files)
    repository.add_files(url.removeprefix("file://"), members)
    return members


def is_git(path):
    return path.startswith("file://") or path.endswith(".git") or (
        os.path.isfile(os.path.join(path, "HEAD")) and
        os.path.isdir(os.path.join(path, "objects")))


def take(submission, lab, files):
    """(what was found by name, what else was refused)"""
    if "://" in submission and not submission.startswith("file://"):
        raise Refused("only a local git URL (file://) is taken")
    if os.path.islink(submission):
        raise Refused("it is a symbolic link")
    if is_git(submission):
        members = from_git(submission, lab, files)
    elif os.path.isdir(submission):
        return from_folder(submission, lab, files), []
    elif not os.path.isfile(submission):
        raise Refused("it is neither a folder nor a file")
    elif os.path.getsize(submission) > ARCHIVE_BYTES:
        raise Refused("the archive has more than %d MiB"
                      % (ARCHIVE_BYTES >> 20))
    elif zipfile.is_zipfile(submission):
        members = from_zip(submission, lab, files)
    else:
        members = from_tar(submission, lab, files)
    return members.found, members.others


def given_files(folder, files):
    """{name: bytes} of the sources at the lab's top that are not handed in."""
    given = {}
    for entry in os.scandir(folder):
        if entry.name in files or not entry.is_file(follow_symlinks=False):
            continue
        if entry.name == "Makefile" or entry.name.endswith((".c", ".h")):
            with open(entry.path, "rb") as f:
                given[entry.name] = f.read()
    return given


def main(submission, folder, to, *files):
    said = {"taken": [], "missing": [], "refused": [], "changed": []}
    given = given_files(folder, files)
    try:
        found, others = take(submission, os.path.basename(folder),
                             [*files, *given])
    except Refused as reason:
        print("the submission is refused: %s" % reason)
        return 1
    except Exception as error:  # of readers, which fail in many ways
        print("the submission cannot be read: %s"
              % visible(str(error) or type(error).__name__))
        return 1
    for name in files:
        what = found.get(name)
        if what is None:
            said["missing"].append(name)
        elif isinstance(what, Refused):
            said["refused"].append({"name": name, "reason": str(what)})
        else:
            with open(os.path.join(to, name), "wb") as out:
                out.write(what)
            said["taken"].append(name)
    said["changed"] = sorted(name for name, text in given.items()
                             if found.get(name) not in (None, text))
    for name, reason in others[:20]:
        said["refused"].append({"name": visible(name), "reason": reason})
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
