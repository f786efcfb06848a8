/* SPDX-License-Identifier: MIT */
/*
 * A receive in flight holds the open file and knows the address of its buffer.
 * close(2) takes away the descriptor, not the file: the connection stays, and
 * what arrives is written into a buffer that the program believes to be its
 * own again. It is, once the completion has come; a cancellation
 * (io_async_cancel()) or shutdown(2) makes it come. A cancellation may be too
 * late: then the operation's own completion says what happened.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_uring.h"

enum { RECEIVE = 1, CANCEL = 2, DEADLINE_MS = 5000, QUIET_MS = 100 };
enum { NOT_YET = -99999 };

static struct io_uring ring;
static char buf[16];

static void begin_receive(int fd)
{
	strcpy(buf, "ours");
	io_uring_prep_recv(exp_uring_sqe(&ring, RECEIVE), fd, buf, 5, 0);
	exp_uring_submit(&ring);
}

/* The completions that come, by their numbers; WANT of them are expected. */
static void collect(int want, int results[3])
{
	struct exp_done done;

	for (int i = 0; i < 3; i++)
		results[i] = NOT_YET;
	while (exp_uring_next(&ring, want > 0 ? DEADLINE_MS : QUIET_MS,
			      &done)) {
		results[done.number] = done.result;
		want--;
	}
}

static const char *said(int result)
{
	static char text[32];

	if (result == NOT_YET)
		return "nothing";
	if (result < 0)
		return strerror(-result);
	snprintf(text, sizeof(text), "%d", result);
	return text;
}

static void cancel(void)
{
	io_uring_prep_cancel64(exp_uring_sqe(&ring, CANCEL), RECEIVE, 0);
	exp_uring_submit(&ring);
}

/* The mistake: the socket is closed, and the buffer is used for something. */
static void only_close(void)
{
	struct exp_pair pair = exp_pair();
	int results[3], state;

	begin_receive(pair.server);
	close(pair.server);
	collect(0, results);
	state = exp_tcp_state(pair.client);
	exp_did("submit a receive, close() the socket");
	exp_saw("completion: %s; the peer is %s", said(results[RECEIVE]),
		exp_tcp_state_name(state));
	exp_expect(results[RECEIVE] == NOT_YET, "none, it is still in flight");
	strcpy(buf, "ours");
	exp_send(pair.client, "peers");
	collect(1, results);
	exp_did("write \"ours\" into the buffer; the peer sends 5 bytes");
	exp_saw("the buffer holds \"%.5s\"; completion: %s", buf,
		said(results[RECEIVE]));
	exp_expect(!memcmp(buf, "peers", 5) && results[RECEIVE] == 5,
		   "it was the kernel's until now");
	close(pair.client);
}

static void cancel_first(void)
{
	struct exp_pair pair = exp_pair();
	int results[3], receive;

	begin_receive(pair.server);
	cancel();
	collect(2, results);
	receive = results[RECEIVE];
	exp_did("submit a receive, then its cancellation");
	exp_saw("cancellation: %s", said(results[CANCEL]));
	exp_saw("receive: %s", said(receive));
	exp_expect(results[CANCEL] == 0 && receive == -ECANCELED, "0 and %s",
		   strerror(ECANCELED));
	exp_send(pair.client, "peers");
	collect(0, results);
	exp_did("the peer sends 5 bytes");
	exp_saw("the buffer holds \"%.5s\"", buf);
	exp_expect(!strcmp(buf, "ours"), "it is ours");
	exp_close_pair(&pair);
}

static void cancel_late(void)
{
	struct exp_pair pair = exp_pair();
	int results[3];

	begin_receive(pair.server);
	exp_send(pair.client, "peers");
	while (!io_uring_cq_ready(&ring))
		exp_poll(pair.client, 0, 1);
	cancel();
	collect(2, results);
	exp_did("submit a receive, bytes arrive, then the cancellation");
	exp_saw("cancellation: %s", said(results[CANCEL]));
	exp_saw("receive: %s", said(results[RECEIVE]));
	exp_expect(results[CANCEL] == -ENOENT && results[RECEIVE] == 5,
		   "nothing to cancel, 5 bytes to use");
	exp_close_pair(&pair);
}

int main(void)
{
	exp_begin("uring-cancel", "a buffer is yours again when you close the "
				  "socket");
	exp_uring(&ring, 8);
	only_close();
	cancel_first();
	cancel_late();
	io_uring_queue_exit(&ring);
	return exp_end(EXP_FALSE, "it is the kernel's until the completion: "
				  "cancel, wait for it, then use the buffer");
}
