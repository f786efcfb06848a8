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
#include "idle.h"

#define GATE "readylist.gate"
#define ROOM "readylist.room"

/* The room's tests are taken for asleep: processors in use, and for how long. */
#define ASLEEP	  0.2
#define ASLEEP_MS 3000

static enum { OUT, IN, POLITE, AT_GATE, ALONE, BESIDE } state;
static int64_t patient_until; /* POLITE */
static int64_t asked_at;      /* POLITE, AT_GATE: since then */
static int64_t awake_at;      /* POLITE, AT_GATE: the last time, or the start */
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

/* Whether those in the room have slept for long enough, and go on doing so. */
static bool room_sleeps(void)
{
	int64_t now = clock_ms();

	idle_look();
	if (!idle_below(ASLEEP, asked_at))
		awake_at = now;
	return now - awake_at >= ASLEEP_MS;
}

/* In the gate: takes the room if it is empty, or all in it are asleep. */
static void look_in(bool asleep)
{
	if (try_lock(room, LOCK_EX))
		state = ALONE;
	else if (asleep && try_lock(room, LOCK_SH))
		state = BESIDE;
	else if (clock_ms() >= patient_until)
		state = AT_GATE;
	if (state != AT_GATE && state != BESIDE)
		flock(gate, LOCK_UN);
}

static bool enter_alone(void)
{
	if (state == IN)
		flock(room, LOCK_UN);
	if (state == IN || state == OUT) {
		state = POLITE;
		asked_at = awake_at = clock_ms();
		patient_until = asked_at + MACHINE_PATIENCE_MS;
	}
	if (state == POLITE || state == AT_GATE) {
		bool asleep = room_sleeps();

		if (state == AT_GATE || try_lock(gate, LOCK_EX))
			look_in(asleep);
	}
	return state == ALONE || state == BESIDE;
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
