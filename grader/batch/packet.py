# SPDX-License-Identifier: MIT
"""A submission on its way to another machine, and its results on their way back.

    N.task         tar: task.json (what to grade it by), submission
    N.task.done    tar: end.json (how that ended), json, log, formats/

From a folder goes what overlay.py may look at, of the same kind: a link stays a
link, and what is neither a file nor a link is a FIFO.
"""
import io
import json
import os
import re
import shutil
import stat
import subprocess
import tarfile

FORMAT = re.compile(r"formats/([a-z0-9]+\.[a-z]+)")
DONE = ".done"


def add_text(tar, name, text):
    info = tarfile.TarInfo(name)
    data = text.encode()
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def add_bare(tar, name, kind, link=""):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    info.mode = 0o755
    tar.addfile(info)


def add(tar, path, name):
    """PATH, which is no folder, as the member NAME."""
    mode = os.lstat(path).st_mode
    if stat.S_ISLNK(mode):
        add_bare(tar, name, tarfile.SYMTYPE, "nowhere")
        return
    try:
        with open(path, "rb", opener=lambda p, flags: os.open(
                p, flags | os.O_NOFOLLOW | os.O_NONBLOCK)) as f:
            now = os.fstat(f.fileno())
            if not stat.S_ISREG(now.st_mode):
                raise OSError
            info = tarfile.TarInfo(name)
            info.size = now.st_size
            tar.addfile(info, f)
            if now.st_nlink > 1:  # as it is told apart from others there
                add_bare(tar, "link of " + name.replace("/", " "),
                         tarfile.LNKTYPE, name)
    except OSError:
        add_bare(tar, name, tarfile.FIFOTYPE)


def is_source(name):
    return name == "Makefile" or name.endswith((".c", ".h"))


def add_folder(tar, folder, name, lab):
    """The sources of FOLDER, and of its folder LAB."""
    add_bare(tar, name, tarfile.DIRTYPE)
    for entry in os.scandir(folder):
        if entry.name == lab and entry.is_dir(follow_symlinks=False):
            add_folder(tar, entry.path, name + "/" + lab, None)
        elif entry.name == lab or (is_source(entry.name) and
                                   not entry.is_dir(follow_symlinks=False)):
            add(tar, entry.path, name + "/" + entry.name)
        elif is_source(entry.name):
            add_bare(tar, name + "/" + entry.name, tarfile.DIRTYPE)


def pack(path, to, lab, told):
    """The submission PATH in the new file TO, to be graded as TOLD (a dict)."""
    name = "submission" + (".git" if path.endswith(".git") else "")
    is_git = not os.path.islink(path) and (name != "submission" or (
        os.path.isfile(os.path.join(path, "HEAD")) and
        os.path.isdir(os.path.join(path, "objects"))))
    private = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(private, "wb") as f, tarfile.open(
            fileobj=f, mode="w", format=tarfile.PAX_FORMAT) as tar:
        add_text(tar, "task.json", json.dumps(
            dict(told, submission=name)))
        if is_git:
            tar.add(path, name)
        elif os.path.isdir(path) and not os.path.islink(path):
            add_folder(tar, path, name, lab)
        else:
            add(tar, path, name)


def unpack(task, folder):
    """The task in the file TASK, which is unpacked to FOLDER."""
    subprocess.run(["tar", "-xf", task, "-C", folder, "--no-same-owner",
                    "--no-same-permissions"], check=True)
    with open(os.path.join(folder, "task.json"), encoding="ascii") as f:
        told = json.load(f)
    return told, os.path.join(folder, told["submission"])


def pack_results(task, status, place, formats):
    """What official.sh has written, beside TASK."""
    done = task + DONE
    with tarfile.open(done + ".new", "w") as tar:
        add_text(tar, "end.json", json.dumps({
            "status": status, "machine": os.uname().nodename}))
        for name in ("json", "log"):
            if os.path.exists(place + "." + name):
                tar.add(place + "." + name, name)
        for name in os.listdir(formats) if os.path.isdir(formats) else []:
            tar.add(os.path.join(formats, name), "formats/" + name)
    os.replace(done + ".new", done)


def take_results(task, place, formats):
    """How it ended, after its files are where they belong; None: not at all."""
    try:
        with tarfile.open(task + DONE) as tar:
            for member in tar:
                found = FORMAT.fullmatch(member.name)
                if member.name in ("json", "log"):
                    to = place + "." + member.name
                elif found:
                    os.makedirs(formats, exist_ok=True)
                    to = os.path.join(formats, found[1])
                else:
                    continue
                with open(to, "wb") as f:
                    shutil.copyfileobj(tar.extractfile(member), f)
            return json.load(tar.extractfile("end.json"))
    except (OSError, ValueError, KeyError, tarfile.TarError):
        return None
