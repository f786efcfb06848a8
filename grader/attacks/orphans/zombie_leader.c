/* SPDX-License-Identifier: MIT */
/*
 * Idea: A main thread that ends leaves the others running.
 * Wants: to look dead and live on
 * Seen by: processes
 * Told: run
 * Won: headless
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <pthread.h>
static void *live_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}
static void attack(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, live_on, NULL);
	pthread_exit(NULL);
}
