/* SPDX-License-Identifier: MIT */
/*
 * ep_send_events() takes items from the head of the ready list. An LT item
 * that is still ready goes back to its tail (list_add_tail()), where the next
 * wait finds it after all the others. So a small maxevents starves nobody:
 * they take turns.
 */
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "experiment.h"
#include "experiment_epoll.h"

enum { WAITS = 9 };

/* Which of three is reported by each of nine waits, as letters. */
static void report_order(uint32_t mode, char order[WAITS + 1])
{
	int epfd = exp_epoll(), fds[3];

	for (int i = 0; i < 3; i++) {
		fds[i] = eventfd(1, EFD_CLOEXEC);
		exp_epoll_ctl(epfd, EPOLL_CTL_ADD, fds[i], EPOLLIN | mode);
	}
	for (int i = 0; i < WAITS; i++) {
		int fd;

		exp_epoll_next(epfd, 0, &fd);
		order[i] = '-';
		for (int j = 0; j < 3; j++)
			if (fd == fds[j])
				order[i] = (char)('A' + j);
	}
	order[WAITS] = '\0';
	for (int i = 0; i < 3; i++)
		close(fds[i]);
	close(epfd);
}

int main(void)
{
	char order[WAITS + 1];

	exp_begin("lt-rotates", "LT reports the same descriptor first each "
				"time");
	report_order(0, order);
	exp_did("A, B and C ready and never read; %d waits with maxevents 1",
		WAITS);
	exp_saw("LT: %s", order);
	exp_expect(!strcmp(order, "ABCABCABC"), "ABCABCABC");
	report_order(EPOLLET, order);
	exp_saw("ET: %s", order);
	exp_expect(!strcmp(order, "ABC------"), "each once");
	return exp_end(EXP_FALSE, "what is still ready is queued again at the "
				  "tail: they take turns");
}
