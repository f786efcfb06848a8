# SPDX-License-Identifier: MIT
"""The files of a git repository, which may be made to do harm to who reads it.

git reads a copy, in which there is nothing but objects and references, and says
what is in them: nothing is checked out, so that no attribute, filter or hook says
what becomes of a file.
"""
import os
import stat
import subprocess
import tempfile

from bounds import ARCHIVE_BYTES, MEMBERS, Refused, read_bounded, visible

LISTED_BYTES = 8 * 1024 * 1024  # what git says of the files


class Repository:
    """A copy of what git needs to know of a repository, and no more.

    Not its configuration or hooks, which name commands; and no link or file that
    leads elsewhere (alternates, .git files, worktrees): what would be read there
    is not of the submission.
    """

    def __init__(self, path, to):
        self.to = to
        self.count = self.bytes = 0
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fd = self.below(fd, ".git") if ".git" in os.listdir(fd) else fd
            self.head(fd)
            for folder in ("objects", "refs"):
                self.folder(fd, folder)
            for name in ("packed-refs", "shallow"):
                if name in os.listdir(fd):
                    self.file(fd, name, name)
        finally:
            os.close(fd)
        with open(os.path.join(to, "config"), "w", encoding="ascii") as f:
            f.write("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")

    @staticmethod
    def below(fd, name):
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        try:
            return os.open(name, flags, dir_fd=fd)
        except OSError as error:
            raise Refused("%s of the repository is no folder"
                          % visible(name)) from error
        finally:
            os.close(fd)

    def head(self, fd):
        try:
            self.file(fd, "HEAD", "HEAD")
        except FileNotFoundError as error:
            raise Refused("it is no git repository") from error

    def folder(self, fd, path):
        """The folder PATH below FD, with all that git has there."""
        fd = self.below(os.dup(fd), os.path.basename(path))
        try:
            os.mkdir(os.path.join(self.to, path))
            for name in os.listdir(fd):
                kind = os.lstat(name, dir_fd=fd).st_mode
                if path == "objects/info" and "alternates" in name:
                    raise Refused("its objects are in another repository"
                                  " (alternates)")
                if stat.S_ISDIR(kind):
                    self.folder(fd, path + "/" + name)
                else:
                    self.file(fd, name, path + "/" + name)
        finally:
            os.close(fd)

    def file(self, fd, name, path):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            source = os.open(name, flags, dir_fd=fd)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise Refused("%s of the repository is a link or cannot be read"
                          % visible(path)) from error
        with os.fdopen(source, "rb") as f:
            if not stat.S_ISREG(os.fstat(f.fileno()).st_mode):
                raise Refused("%s of the repository is no regular file"
                              % visible(path))
            text = f.read(ARCHIVE_BYTES + 1 - self.bytes)
        self.bytes += len(text)
        self.count += 1
        if self.bytes > ARCHIVE_BYTES or self.count > MEMBERS:
            raise Refused("the repository has more than %d MiB or %d files"
                          % (ARCHIVE_BYTES >> 20, MEMBERS))
        with open(os.path.join(self.to, path), "xb") as out:
            out.write(text)


def git(env, *words):
    """A git that has a minute; what it says is read, and bounded, by the caller."""
    return subprocess.Popen(["timeout", "60", "git", *words], env=env,
                            cwd=env["HOME"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def git_blob(env, number):
    with git(env, "cat-file", "blob", number) as child:
        try:
            return read_bounded(child.stdout)
        finally:
            child.kill()


def add_files(path, members):
    """Adds what the last commit of the repository PATH has to MEMBERS."""
    with tempfile.TemporaryDirectory() as tmp:
        bare = os.path.join(tmp, "git")
        os.mkdir(bare)
        Repository(path, bare)
        env = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C",
               "HOME": tmp, "GIT_CONFIG_NOSYSTEM": "1", "GIT_DIR": bare,
               "GIT_NO_LAZY_FETCH": "1", "GIT_NO_REPLACE_OBJECTS": "1",
               "GIT_TERMINAL_PROMPT": "0"}
        with git(env, "ls-tree", "-r", "-z", "--long", "HEAD") as child:
            listed = child.stdout.read(LISTED_BYTES)
            if len(listed) == LISTED_BYTES:
                child.kill()
                raise Refused("the repository has too many files")
        if child.returncode or not listed:
            raise Refused("git finds no files in it")
        for entry in listed.split(b"\0")[:-1]:
            about, name = entry.split(b"\t", 1)
            mode, _, number, size = about.decode("ascii").split()

            def read(mode=mode, number=number):
                if mode not in ("100644", "100755"):
                    raise Refused("it is a link" if mode == "120000"
                                  else "it is no regular file")
                return git_blob(env, number)
            members.add(os.fsdecode(name), 0 if size == "-" else int(size),
                        read)


