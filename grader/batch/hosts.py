# SPDX-License-Identifier: MIT
"""A batch on other hosts, by GNU parallel over ssh.

A host needs the packages of `./course setup instructors` and rsync. It gets this
tree in a folder of its own, builds it there, grades, and has the folder no more
afterwards. Two names of one host share one folder. A host that cannot be reached
is left out until the next round.
"""
import concurrent.futures
import os
import re
import secrets
import shlex
import shutil
import signal
import subprocess
import time

from elsewhere import Elsewhere, Unable, say
from packet import DONE
from result import visible
from tree import TOP, fail

LINE = re.compile(r"(?:(\d{1,3})/)?\s*((?:\S.*\s)?)"
                  r"((?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9._-]*)")
# A host that is gone is noticed in a minute; nobody is there to be asked.
SSH = ["-o", "BatchMode=yes", "-o", "ConnectTimeout=15",
       "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4"]
LOOK_S = 1
END_S = 20

# On the host: takes this tree from standard input, unless another name of it has
# done so, and builds it.
PREPARE = """set -eu
mkdir -p -m 700 {top}
test -O {top}
umask 022
exec 9>{top}/lock
flock 9
if [ ! -f {top}/ready ]; then
	for need in make gcc bwrap python3 readelf rsync; do
		command -v $need >/dev/null || {{
			echo "$need is missing: ./course setup instructors" >&2
			exit 1
		}}
	done
	rm -rf {top}/tree
	mkdir {top}/tree
	tar -xzf - -C {top}/tree
	cd {top}/tree
	make --no-print-directory -s -j "$(nproc)" grader
	make --no-print-directory -s -j "$(nproc)" -C {lab} programs tests
	: >{top}/ready
else
	cat >/dev/null
fi
"""


class Host:
    def __init__(self, jobs, command, name):
        self.jobs = jobs
        self.command = command  # ssh, and its options
        self.name = name

    def line(self):
        """For GNU parallel."""
        return "%d/%s %s" % (self.jobs, shlex.join(self.command + SSH),
                             self.name)

    def ssh(self, script):
        return [*self.command, *SSH, self.name, "sh -c " + shlex.quote(script)]


def host_of(text, jobs):
    """The host that a line says, or None."""
    found = LINE.fullmatch(text)
    try:
        command = shlex.split(found[2]) if found else []
    except ValueError:
        return None
    if not found or found[1] == "0" or (
            command and os.path.basename(command[0]) != "ssh"):
        return None
    return Host(int(found[1] or jobs), command or ["ssh"], found[3])


def read(path, jobs):
    """The hosts in the file PATH, with JOBS side by side unless it says."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            lines = f.read().split("\n")
    except OSError as error:
        fail("--hosts %s: %s" % (path, error.strerror))
    hosts = []
    for number, line in enumerate(lines, 1):
        text = line.split("#")[0].strip()
        if not text:
            continue
        host = host_of(text, jobs)
        if not host:
            fail("--hosts %s:%d: expected [N/][USER@]HOST, got '%s'"
                 % (path, number, visible(text)))
        if host.line() in [h.line() for h in hosts]:
            fail("--hosts %s:%d: '%s' is there twice" % (path, number, text))
        hosts.append(host)
    if not hosts:
        fail("--hosts %s: expected a line a host, found none" % path)
    return hosts


def check_programs():
    for program in ("parallel", "ssh", "rsync"):
        if not shutil.which(program):
            fail("--hosts: %s is missing: ./course setup hosts" % program)
    said = subprocess.run(["parallel", "--version"], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          stdin=subprocess.DEVNULL).stdout
    if not said.startswith("GNU parallel"):
        fail("--hosts: parallel is another program of that name: "
             "./course setup hosts")


class Hosts(Elsewhere):
    def __init__(self, lab, words, seed, out, hosts):
        super().__init__(lab, words, seed, out)
        self.beside = max(host.jobs for host in hosts)
        self.hosts = hosts
        self.top = "/var/tmp/readylist-" + secrets.token_hex(8)
        self.children = set()
        self.prepared = set()
        self.lost = {}  # host: why it is left out

    # ------------------------------------------------------------ children

    def start(self, command, **options):
        child = subprocess.Popen(command, start_new_session=True, **options)
        self.children.add(child)
        if self.stopped:
            self.cancel()
        return child

    def said(self, child):
        """What CHILD wrote to standard error, and its status."""
        text = child.communicate()[1].decode(errors="replace").strip()
        self.children.discard(child)
        lines = [line for line in text.split("\n") if line]
        return child.returncode, visible(lines[-1] if lines else "")

    def cancel(self):
        for child in list(self.children):
            try:
                os.killpg(child.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass

    # --------------------------------------------------------------- hosts

    def reach(self, host):
        """Why HOST cannot be reached; None if it can."""
        status, text = self.said(self.start(
            host.ssh("true"), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        return None if not status else text or "ssh ended with %d" % status

    def prepare(self, host):
        """Why HOST cannot grade; None if it can."""
        if host in self.prepared:
            return None
        self.prepared.add(host)
        with open(os.path.join(self.folder, "tree"), "rb") as tree:
            status, text = self.said(self.start(
                host.ssh(PREPARE.format(top=self.top, lab=self.lab)),
                stdin=tree, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        if not status:
            return None
        self.prepared.discard(host)
        return text or "preparing it ended with %d" % status

    def all_of(self, call, hosts):
        with concurrent.futures.ThreadPoolExecutor(len(hosts) or 1) as pool:
            return dict(zip(hosts, pool.map(call, hosts)))

    def check_names(self):
        """A name that nobody knows is a wrong line of the file."""
        self.lost = {host: why for host, why
                     in self.all_of(self.reach, self.hosts).items() if why}
        for host, why in self.lost.items():
            if "resolve hostname" in why:
                fail("--hosts: %s: %s" % (host.name, why))

    def ready(self):
        """The hosts that can grade now."""
        why = self.all_of(self.reach, self.hosts)
        up = [host for host in self.hosts if not why[host]]
        why.update(self.all_of(self.prepare, up))
        for host in self.hosts:
            if why[host] and not self.stopped:
                say("%s is left out: %s" % (host.name, why[host]))
        return [host for host in up if not why[host]]

    # ---------------------------------------------------------------- work

    def pack(self, jobs):
        tasks = super().pack(jobs)
        subprocess.run(["tar", "-czf", os.path.join(self.folder, "tree"),
                        "-C", TOP, *self.parts()], check=True)
        return tasks

    @staticmethod
    def parts():
        """What a grade is built from."""
        return ["Makefile", "common", "grader", *sorted(
            name for name in os.listdir(TOP)
            if re.fullmatch(r"lab\d\d-.*", name))]

    def parallel(self, hosts, tasks):
        logins = os.path.join(self.folder, "hosts")
        with open(logins, "w", encoding="utf-8") as f:
            f.writelines(host.line() + "\n" for host in hosts)
        listed = os.path.join(self.folder, "list")
        with open(listed, "w", encoding="utf-8") as f:
            f.writelines(os.path.basename(task) + "\n" for task in tasks)
        node = os.path.join(self.top, "tree", "grader", "batch", "node.py")
        home = os.path.join(self.folder, "parallel")
        os.makedirs(home, exist_ok=True)
        with open(listed, "rb") as names, \
                open(os.path.join(self.folder, "log"), "ab") as log:
            return self.start(
                ["parallel", "--plain", "--sshloginfile", logins, "--jobs",
                 "100%", "--workdir", self.top, "--transferfile", "{}",
                 "--return", "{}" + DONE, "--cleanup",
                 "python3 -B %s {}" % node],
                cwd=self.folder, stdin=names, stdout=log, stderr=log,
                env=dict(os.environ, PARALLEL_HOME=home))

    def send(self, tasks):
        hosts = self.ready()
        if self.stopped:
            return
        if not hosts:
            raise Unable("--hosts: no host can grade")
        child = self.parallel(hosts, tasks)
        waiting = set(tasks)
        over = False
        while waiting and not over:
            over = child.poll() is not None
            for task in [t for t in tasks
                         if t in waiting and os.path.exists(t + DONE)]:
                waiting.discard(task)
                yield task
            if not over:
                time.sleep(LOOK_S)
        child.wait()
        self.children.discard(child)

    def end(self):
        """The hosts have nothing of it any more, either."""
        super().end()
        children = [subprocess.Popen(
            host.ssh("rm -rf " + self.top), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for host in self.prepared]
        for child in children:
            try:
                child.wait(END_S)
            except subprocess.TimeoutExpired:
                child.kill()
