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

#include "clock.h"

#define GATE "readylist.gate"
#define ROOM "readylist.room"

static enum { OUT, IN, POLITE, AT_GATE, ALONE } state;
static int64_t patient_until; /* POLITE */
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

/* POLITE: takes the room if it is empty, and stays in the gate when it must. */
static void look_in(void)
{
	if (!try_lock(gate, LOCK_EX))
		return;
	if (try_lock(room, LOCK_EX))
		state = ALONE;
	else if (clock_ms() >= patient_until)
		state = AT_GATE;
	if (state != AT_GATE)
		flock(gate, LOCK_UN);
}

static bool enter_alone(void)
{
	if (state == IN)
		flock(room, LOCK_UN);
	if (state == IN || state == OUT) {
		state = POLITE;
		patient_until = clock_ms() + MACHINE_PATIENCE_MS;
	}
	if (state == POLITE) {
		look_in();
	} else if (state == AT_GATE && try_lock(room, LOCK_EX)) {
		flock(gate, LOCK_UN);
		state = ALONE;
	}
	return state == ALONE;
}

bool machine_enter(bool alone)
{
	if (gate < 0)
		return true;
	if (alone)
		return enter_alone();
	if (state != IN && state != OUT)
		machine_leave();
	if (state == OUT && try_lock(gate, LOCK_EX)) {
		if (try_lock(room, LOCK_SH))
			state = IN;
		flock(gate, LOCK_UN);
	}
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
