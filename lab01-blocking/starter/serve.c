/* SPDX-License-Identifier: MIT */
/*
 * Task 4: mode iterative. Task 5: mode fork. Task 6: mode thread. Task 7: what
 * goes wrong in all of them.
 *
 * serve.h says what is wanted. Get one mode to work before the next; serve()
 * may fail with ENOSYS for those that you have not written yet.
 */
#include "serve.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io.h"
#include "log.h"
#include "util.h"

int serve(int listener, enum serve_mode mode, size_t max_clients)
{
	/*
	 * A beginning: accept a client, read some of what it sends, write it
	 * back, until it has no more; close; the next one.
	 *
	 * Then the signals. Which of them need a handler, which one must be
	 * ignored? Which of your calls block, and what ends each of them when
	 * SIGTERM comes, even if it comes just before the call?
	 */
	TODO(listener, mode, max_clients);
	return -1;
}
