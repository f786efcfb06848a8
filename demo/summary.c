/* SPDX-License-Identifier: MIT */
/*
 * The forwarder's log says how many connections the killed server had; failures
 * beyond that number are somebody's mistake.
 */
#include "summary.h"

#include <inttypes.h>
#include <stdio.h>

static const char by_hand[] =
	"\nBy hand, each in a terminal of its own, or with & behind it:\n"
	"  build/gcc/lab05-threadpool/httpd --listen 127.0.0.1:9001\n"
	"  build/gcc/lab05-threadpool/httpd --listen 127.0.0.1:9002\n"
	"  build/gcc/lab08-forwarder/forwarder -f demo/by-hand.rules\n"
	"and then\n"
	"  build/gcc/lab06-https-client/bot -c 50 -d 5 http://127.0.0.1:8080/\n"
	"  curl http://127.0.0.1:8080/status\n"
	"  nc 127.0.0.1 8060      list servers; drain 127.0.0.1:9001; stats\n"
	"  kill -9 PID            of an httpd, and look at list servers "
	"again\n";

static void print_loads(const struct load *loads)
{
	printf("%-12s %12s %10s %14s\n", "", "requests", "failed",
	       "worst p99 (ms)");
	for (int i = 0; i < LOADS; i++)
		printf("%-12s %12" PRIu64 " %10" PRIu64 " %14.1f\n",
		       loads[i].name, loads[i].done, loads[i].failed,
		       loads[i].worst_p99_us / 1000);
}

/* Says what went wrong with the clients. Returns how many things did. */
static int complaints(const struct load *loads)
{
	int n = 0;

	for (int i = 0; i < LOADS; i++) {
		const struct load *l = &loads[i];

		if (l->trouble[0] != '\0')
			fprintf(stderr, "demo: %s: %s\n", l->name, l->trouble);
		else if (l->done == 0)
			fprintf(stderr, "demo: %s: no request was answered\n",
				l->name);
		else
			continue;
		n++;
	}
	return n;
}

int summary_print(const struct load *loads, const struct cluster *c,
		  const struct story *story)
{
	uint64_t cut = cluster_cut(c, HTTPD_B);
	uint64_t http = loads[LOAD_HTTP].failed;
	uint64_t others = loads[LOAD_HTTPS].failed + loads[LOAD_FRAMES].failed;
	uint64_t accounted = http < cut ? http : cut;

	others += http - accounted;
	print_loads(loads);
	printf("\n%" PRIu64 " connections were open at httpd B when it was "
	       "killed; %" PRIu64 " of them had a\nrequest that failed. "
	       "Other failures: %" PRIu64 ".\n",
	       cut, accounted, others);
	fputs(by_hand, stdout);
	fflush(stdout);
	if (others > 0)
		fprintf(stderr,
			"demo: %" PRIu64 " failures that no killed "
			"server explains\n",
			others);
	if (story->failed)
		fprintf(stderr, "demo: not everything happened as planned\n");
	return complaints(loads) > 0 || others > 0 || story->failed;
}
