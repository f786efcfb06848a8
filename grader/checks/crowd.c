/* SPDX-License-Identifier: MIT */
/*
 * crowd N - starts N threads that wait, prints how many it got, and ends. It
 * asks once a thread and stops at the first refusal, so it harms nobody where
 * nothing holds it.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *wait_for_the_end(void *arg)
{
	pause();
	return arg;
}

int main(int argc, char **argv)
{
	int wanted = argc > 1 ? atoi(argv[1]) : 0;
	pthread_attr_t small;
	int got = 0, err = 0;
	pthread_t id;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	while (got < wanted && !err) {
		err = pthread_create(&id, &small, wait_for_the_end, NULL);
		got += !err;
	}
	printf("%d %s\n", got, err ? strerror(err) : "");
	return 0;
}
