/* SPDX-License-Identifier: MIT */
/*
 * WANT_READ says: nothing is there now. To ask again at once is to ask the
 * kernel the same thing some hundred thousand times a second, on the core that
 * the other connections need. poll(2) asks once.
 */
#include <openssl/err.h>
#include <time.h>

#include "clock.h"
#include "experiment.h"
#include "experiment_net.h"
#include "experiment_tls.h"

enum { SILENCE_MS = 200 };

static int64_t cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000ll + t.tv_nsec / 1000;
}

/*
 * A handshake with a silent server: calls, and CPU time. Who waits does so for
 * SILENCE_MS; who spins is given the processor for as long, whatever else runs.
 */
static long calls(bool spins, int64_t *us)
{
	struct exp_tls t = exp_tls_pair(TLS1_3_VERSION);
	int64_t until = clock_ms() + SILENCE_MS, before = cpu_us();
	bool silent;
	long n = 0;

	do {
		ERR_clear_error();
		if (SSL_do_handshake(t.client) == 1)
			exp_die("a handshake with nobody");
		n++;
		if (!spins)
			exp_poll(t.pair.client, POLLIN, clock_left_ms(until));
		*us = cpu_us() - before;
		silent = spins ? *us < SILENCE_MS * 1000 : clock_ms() < until;
	} while (silent);
	exp_tls_close(&t);
	return n;
}

int main(void)
{
	int64_t spinning_us, waiting_us;
	long spinning, waiting;

	exp_begin("spin-on-want-read", "looping on WANT_READ is fine");
	exp_did("a silent server, and a loop on WANT_READ for %d ms of CPU time",
		SILENCE_MS);
	spinning = calls(true, &spinning_us);
	exp_saw("calls of SSL_do_handshake: %ld, CPU time: %ld ms", spinning,
		(long)spinning_us / 1000);
	exp_did("a server that is silent for %d ms, and poll(2) between",
		SILENCE_MS);
	waiting = calls(false, &waiting_us);
	exp_saw("calls of SSL_do_handshake: %ld, CPU time: %ld ms", waiting,
		(long)waiting_us / 1000);
	exp_expect(waiting <= 2, "one call, or two");
	exp_expect(spinning > 1000 * waiting, "a thousand times as many");
	return exp_end(EXP_FALSE, "it burns the core that the other "
				  "connections need");
}
