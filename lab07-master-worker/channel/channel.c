/* SPDX-License-Identifier: MIT */
/*
 * One byte a command, one small structure a report: both processes are the same
 * program, so the structure may travel as it is.
 */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int channel_open(int ends[2])
{
	return pipe2(ends, O_NONBLOCK | O_CLOEXEC);
}

static int send_all(int fd, const void *data, size_t n)
{
	ssize_t sent;

	do
		sent = write(fd, data, n);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int channel_send(int fd, enum channel_command command)
{
	const unsigned char byte = (unsigned char)command;

	return send_all(fd, &byte, sizeof(byte));
}

enum channel_command channel_receive(int fd)
{
	unsigned char byte;
	ssize_t n;

	do
		n = read(fd, &byte, sizeof(byte));
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return CHANNEL_NONE;
	return n ? (enum channel_command)byte : CHANNEL_LOST;
}

int channel_tell(int fd, enum channel_event event)
{
	const struct channel_report report = {
		.pid = getpid(),
		.event = event,
	};

	return send_all(fd, &report, sizeof(report));
}

int channel_hear(int fd, struct channel_report *report)
{
	ssize_t n;

	do
		n = read(fd, report, sizeof(*report));
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof(*report);
}
