/* SPDX-License-Identifier: MIT */
/*
 * channel - what master and workers say to each other.
 *
 *	master ── commands, a pipe for each worker ──► worker
 *	master ◄── reports, one pipe for all ───────── workers
 *
 * Why not by signals, which are there already: a signal that waits to be
 * delivered swallows the next one of its kind, whoever sent it. With `killall
 * -USR1 framed`, the master's own SIGUSR1 could be the one that is lost.
 *
 * The pipes say one thing more. A worker that reads the end of its commands
 * knows that the master is gone, however it ended.
 *
 * Both ends are non-blocking and close-on-exec. Messages are shorter than
 * PIPE_BUF, so they never mix (pipe(7)).
 */
#ifndef LAB07_CHANNEL_H
#define LAB07_CHANNEL_H

#include <sys/types.h>

enum channel_command {
	CHANNEL_NONE,	/* nothing there now */
	CHANNEL_LEAVE,	/* stop accepting, serve who is there until they go */
	CHANNEL_STOP,	/* stop accepting, answer what has come, end */
	CHANNEL_CUT,	/* end at once */
	CHANNEL_REOPEN, /* open the log anew */
	CHANNEL_LOST,	/* the master is gone */
};

enum channel_event {
	CHANNEL_READY = 1, /* serves now */
	CHANNEL_LEAVING,   /* has been told by somebody else to end, and does */
};

struct channel_report {
	pid_t pid;
	enum channel_event event;
};

/* Makes a pipe: ENDS[0] to read, ENDS[1] to write. 0, or -1 with errno. */
int channel_open(int ends[2]);

/*
 * Sends COMMAND, one of LEAVE, STOP, CUT, REOPEN. Returns 0, or -1 with errno:
 * EPIPE (the worker has ended; SIGPIPE has to be ignored), EAGAIN.
 */
int channel_send(int fd, enum channel_command command);

/* The next command at FD: NONE, one of those sent, or LOST. */
enum channel_command channel_receive(int fd);

/* Reports EVENT of this process. Returns as channel_send() does. */
int channel_tell(int fd, enum channel_event event);

/* The next report at FD. Returns 1, or 0 if there is none now. */
int channel_hear(int fd, struct channel_report *report);

#endif
