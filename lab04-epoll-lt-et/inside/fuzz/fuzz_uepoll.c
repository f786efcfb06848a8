/* SPDX-License-Identifier: MIT */
/*
 * fuzz-uepoll - plays random scripts on the kernel and on uepoll, and wants
 * every answer to be the same: results, errors, events, masks and their order.
 * At the first difference, or crash, the script is made as short as it gets.
 */
#include <errno.h>
#include <getopt.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "fuzz_case.h"
#include "fuzz_generate.h"
#include "uepoll_script.h"
#include "util.h"

static const char usage[] =
	"usage: fuzz-uepoll [--ops N] [--seed S] [--keep DIR]\n"
	"       fuzz-uepoll --replay FILE | --record FILE\n"
	"\n"
	"  --ops N        operations in all (100000)\n"
	"  --seed S       the same seed plays the same scripts (random)\n"
	"  --keep DIR     store a shrunk divergence there as a script\n"
	"  --replay FILE  play a script: both must agree, and with its \"=>\"\n"
	"  --record FILE  print the script with what the kernel answers\n"
	"\n"
	"Exit status: 0 all agree, 1 they do not, 2 wrong usage.\n";

static void keep_script(const struct uscript *s, const char *dir, uint64_t seed)
{
	char path[4096];
	FILE *out;

	snprintf(path, sizeof(path), "%s/seed-%llu.uep", dir,
		 (unsigned long long)seed);
	out = fopen(path, "we");
	if (!out) {
		fprintf(stderr, "fuzz-uepoll: %s: %s\n", path, strerror(errno));
		return;
	}
	fprintf(out, "# found by fuzz-uepoll --seed %llu, and shrunk\n",
		(unsigned long long)seed);
	fuzz_print(s, out, false);
	fclose(out);
	printf("kept as %s\n", path);
}

static void show_divergence(const struct fuzz_result *r, uint64_t seed,
			    const char *keep)
{
	struct uscript s = { .names = 0 };

	printf("DIVERGENCE in script %llu; shrunk:\n\n", r->scripts);
	fuzz_generate(&s, r->seed, r->len, r->inject);
	fuzz_shrink(&s);
	fuzz_print(&s, stdout, true);
	putchar('\n');
	if (keep)
		keep_script(&s, keep, seed);
	printf("To see it step by step: epoll-scope FILE, with the lines above "
	       "(--keep DIR stores them).\n");
	uscript_free(&s);
}

static int fuzz(unsigned long long ops, uint64_t seed, const char *keep)
{
	int64_t start = clock_ms();
	struct fuzz_result r;

	printf("fuzz-uepoll: seed %llu, %llu operations\n",
	       (unsigned long long)seed, ops);
	r = fuzz_run(seed, ops);
	if (!r.inject)
		puts("no userfaultfd here: nothing was tried in the middle of "
		     "a copy");
	if (r.failed) {
		show_divergence(&r, seed, keep);
		return 1;
	}
	printf("fuzz-uepoll: %llu operations in %llu scripts, %.1f s, "
	       "0 divergences\n",
	       r.ops, r.scripts, (double)(clock_ms() - start) / 1000);
	return 0;
}

/* Do both players agree on OP, and with what the script expects? */
static bool replay_op(const struct uscript *s, const struct uop *op,
		      const char *file, const char *kernel, const char *uepoll)
{
	bool possible = !op->during || uplayer_kernel_can_inject();
	char line[USCRIPT_TEXT];

	if ((!possible || !strcmp(kernel, uepoll)) &&
	    (!op->expect || !strcmp(op->expect, uepoll)))
		return true;
	uop_print(s, op, line, sizeof(line));
	printf("%s:%d: %s\n\tkernel   %s\n\tuepoll   %s\n", file, op->line,
	       line, kernel, uepoll);
	if (op->expect)
		printf("\texpected %s\n", op->expect);
	return false;
}

static int replay(const struct uscript *s, const char *file)
{
	char kernel_says[USCRIPT_TEXT], uepoll_says[USCRIPT_TEXT];
	void *kernel = uplayer_kernel.open(s);
	void *uepoll = uplayer_uepoll.open(s);
	bool agree = true;

	for (size_t i = 0; i < s->ops && agree; i++) {
		uplayer_play(&uplayer_kernel, kernel, &s->op[i], kernel_says);
		uplayer_play(&uplayer_uepoll, uepoll, &s->op[i], uepoll_says);
		agree = replay_op(s, &s->op[i], file, kernel_says, uepoll_says);
	}
	uplayer_kernel.close(kernel);
	uplayer_uepoll.close(uepoll);
	return agree ? 0 : 1;
}

static int play_file(const char *file, bool record)
{
	FILE *in = fopen(file, "re");
	struct uscript s;
	int ret = 2;

	if (!in) {
		fprintf(stderr, "fuzz-uepoll: %s: %s\n", file, strerror(errno));
		return 2;
	}
	if (uscript_read(&s, in, file, stderr) == 0) {
		ret = 0;
		if (record)
			fuzz_print(&s, stdout, true);
		else
			ret = replay(&s, file);
	}
	fclose(in);
	uscript_free(&s);
	return ret;
}

static bool parse_number(const char *text, unsigned long long *n)
{
	char *end;

	errno = 0;
	*n = strtoull(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "ops", required_argument, NULL, 'o' },
		{ "seed", required_argument, NULL, 's' },
		{ "keep", required_argument, NULL, 'k' },
		{ "replay", required_argument, NULL, 'r' },
		{ "record", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long long ops = 100000, seed;
	const char *keep = NULL, *file = NULL;
	bool record = false, ok = true;
	int c;

	/* Freed memory is filled with rubbish: using it shows at once. */
	mallopt(M_PERTURB, 0xa5);
	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = (unsigned long long)clock_ms();
	seed %= 1000000000;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'o')
			ok &= parse_number(optarg, &ops);
		else if (c == 's')
			ok &= parse_number(optarg, &seed);
		else if (c == 'k')
			keep = optarg;
		else if (c == 'r' || c == 'c')
			file = optarg, record = c == 'c';
		else if (c == 'h')
			return fputs(usage, stdout) < 0;
		else
			ok = false;
	}
	if (!ok || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	return file ? play_file(file, record) : fuzz(ops, seed, keep);
}
