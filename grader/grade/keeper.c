/* SPDX-License-Identifier: MIT */
/*
 * The end of a keeper that lives in grade: a pipe that is read until it ends.
 * A message that is not whole means that somebody killed the keeper; then its
 * tree has become ours, grade being a subreaper too, and is killed at the end
 * of the run.
 */
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "mem.h"

#define GRACE_MS 30000 /* what a keeper has to clean up after its deadline */

struct keeper {
	pid_t pid;
	int fd;
	struct cgroup *group; /* or NULL */
	int64_t deadline;
	char *data;
	size_t len;
	size_t room;
};

struct keeper *keeper_start(const struct keeper_job *job)
{
	struct cgroup *group;
	struct keeper *k;
	pid_t grade = getpid();
	int pipefd[2];
	pid_t pid;

	fflush(NULL);
	if (pipe2(pipefd, O_CLOEXEC))
		return NULL;
	group = job->tasks && cgroup_works() ? cgroup_new(job->tasks) : NULL;
	pid = fork();
	if (pid < 0) {
		close(pipefd[0]);
		close(pipefd[1]);
		if (group)
			cgroup_remove(group);
		return NULL;
	}
	if (!pid) {
		close(pipefd[0]);
		keeper_process(job, group, grade, pipefd[1]);
	}
	close(pipefd[1]);
	fcntl(pipefd[0], F_SETFL, O_NONBLOCK);
	k = mem_alloc(sizeof(*k));
	k->pid = pid;
	k->fd = pipefd[0];
	k->group = group;
	k->deadline = clock_ms() + job->deadline_ms + GRACE_MS;
	return k;
}

int keeper_fd(const struct keeper *k)
{
	return k->fd;
}

pid_t keeper_pid(const struct keeper *k)
{
	return k->pid;
}

bool keeper_finished(struct keeper *k)
{
	ssize_t n;

	for (;;) {
		if (k->room - k->len < 4096) {
			k->room = k->room ? 2 * k->room : 16384;
			k->data = mem_resize(k->data, k->room, 1);
		}
		n = read(k->fd, k->data + k->len, k->room - k->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		k->len += n;
	}
	if (n == 0 || errno != EAGAIN)
		return true;
	/* Somebody stopped the keeper: end it, and the pipe with it. */
	if (clock_ms() > k->deadline)
		kill(k->pid, SIGKILL);
	return false;
}

void keeper_abort(struct keeper *k)
{
	kill(k->pid, SIGTERM);
	kill(k->pid, SIGCONT);
	k->deadline = clock_ms() + GRACE_MS;
}

void keeper_end(struct keeper *k, struct keeper_end *end)
{
	struct keeper_message m = { 0 };
	int status;

	while (waitpid(k->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(k->fd);
	memset(end, 0, sizeof(*end));
	if (k->len >= sizeof(m))
		memcpy(&m, k->data, sizeof(m));
	if (k->len < sizeof(m) || status || m.output_len > KEEPER_OUTPUT_MAX ||
	    m.report_len > KEEPER_REPORT_MAX ||
	    k->len - sizeof(m) != m.output_len + m.report_len) {
		end->lost = true;
		end->output = mem_strdup("");
		end->report = mem_strdup("");
	} else {
		end->status = m.status;
		end->late = m.late;
		end->hung = m.hung;
		end->flood = m.flood;
		end->ms = m.ms;
		end->ended = m.ended;
		end->crowded = m.crowded;
		end->starved = m.starved;
		end->output = mem_strndup(k->data + sizeof(m), m.output_len);
		end->report_len = m.report_len;
		end->report = mem_alloc(m.report_len + 1);
		memcpy(end->report, k->data + sizeof(m) + m.output_len,
		       m.report_len);
	}
	if (k->group && end->lost) /* it has removed nothing */
		cgroup_make(k->group);
	if (k->group)
		cgroup_remove(k->group);
	free(k->data);
	free(k);
}

void keeper_end_free(struct keeper_end *end)
{
	free(end->output);
	free(end->report);
}
