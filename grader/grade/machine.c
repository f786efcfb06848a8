/* SPDX-License-Identifier: MIT */
/*
 * Nothing here waits: grade looks again when its progress line is new, so that
 * it goes on looking at its signals and at what runs.
 *
 * The files are opened for reading alone, which is enough for flock(2), and are
 * never removed: another inode under the same name would be another lock.
 * /run/lock is the same for all users where it has the sticky bit, as on Debian,
 * and /tmp is elsewhere. (A job of Slurm's may have a /tmp of its own.)
 */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define GATE "readylist.gate"
#define ROOM "readylist.room"

static enum { OUT, IN, AT_GATE, ALONE } state;
static int gate = -1;
static int room = -1;

static const char *path_of(char path[64], const char *name)
{
	struct stat st;
	bool shared = !stat("/run/lock", &st) && S_ISDIR(st.st_mode) &&
		      (st.st_mode & 01777) == 01777;

	snprintf(path, 64, "%s/%s", shared ? "/run/lock" : "/tmp", name);
	return path;
}

const char *machine_gate(void)
{
	static char path[64];

	return path_of(path, GATE);
}

const char *machine_room(void)
{
	static char path[64];

	return path_of(path, ROOM);
}

/*
 * O_CREAT only with O_EXCL: where all may write, the kernel refuses to open
 * another's file with O_CREAT (fs.protected_regular, proc(5)).
 */
static int open_or_make(const char *path)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	int fd = open(path, flags);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = open(path, flags | O_CREAT | O_EXCL, 0444);
	if (fd >= 0)
		fchmod(fd, 0444); /* whatever the umask is */
	else if (errno == EEXIST)
		fd = open(path, flags);
	return fd;
}

int machine_open(void)
{
	if (gate >= 0)
		return 0;
	room = open_or_make(machine_room());
	if (room >= 0)
		gate = open_or_make(machine_gate());
	return gate < 0 ? -1 : 0;
}

static bool try_lock(int fd, int how)
{
	return !flock(fd, how | LOCK_NB);
}

static bool enter_alone(void)
{
	if (state == ALONE)
		return true;
	if (state == IN) {
		flock(room, LOCK_UN);
		state = OUT;
	}
	if (state == OUT && try_lock(gate, LOCK_EX))
		state = AT_GATE;
	if (state != AT_GATE || !try_lock(room, LOCK_EX))
		return false;
	flock(gate, LOCK_UN);
	state = ALONE;
	return true;
}

bool machine_enter(bool alone, size_t running)
{
	if (gate < 0)
		return true;
	if (alone)
		return enter_alone();
	if (state == ALONE || state == AT_GATE)
		machine_leave();
	if (!try_lock(gate, LOCK_EX)) {
		if (!running)
			machine_leave();
		return false;
	}
	if (state == OUT && try_lock(room, LOCK_SH))
		state = IN;
	flock(gate, LOCK_UN);
	return state == IN;
}

void machine_leave(void)
{
	if (gate < 0)
		return;
	flock(room, LOCK_UN);
	flock(gate, LOCK_UN);
	state = OUT;
}
