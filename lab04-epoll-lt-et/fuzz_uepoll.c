/* SPDX-License-Identifier: MIT */
/*
 * fuzz-uepoll - plays random scripts on the kernel and on uepoll, and wants
 * every answer to be the same: results, errors, events, masks and their order.
 *
 * At the first difference the script is shrunk: pieces are taken out, large
 * ones first, as long as some difference stays.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
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

struct answers {
	char kernel[USCRIPT_TEXT];
	char uepoll[USCRIPT_TEXT];
};

/*
 * Plays S on both until they differ: the operation's index, with the answers
 * in *A, or -1.
 */
static long first_difference(const struct uscript *s, struct answers *a)
{
	void *kernel = uplayer_kernel.open(s);
	void *uepoll = uplayer_uepoll.open(s);
	long found = -1;

	for (size_t i = 0; i < s->ops && found < 0; i++) {
		uplayer_kernel.play(kernel, &s->op[i], a->kernel);
		uplayer_uepoll.play(uepoll, &s->op[i], a->uepoll);
		if (strcmp(a->kernel, a->uepoll))
			found = (long)i;
	}
	uplayer_kernel.close(kernel);
	uplayer_uepoll.close(uepoll);
	return found;
}

/* Tries S without LEN operations from AT on; keeps that if it still differs. */
static bool try_without(struct uscript *s, size_t at, size_t len)
{
	struct uscript shorter = *s;
	struct answers a;
	long end;

	len = MIN(len, s->ops - at);
	shorter.ops = s->ops - len;
	shorter.op = malloc(shorter.ops * sizeof(struct uop) + 1);
	if (!shorter.op)
		return false;
	memcpy(shorter.op, s->op, at * sizeof(struct uop));
	memcpy(shorter.op + at, s->op + at + len,
	       (s->ops - at - len) * sizeof(struct uop));
	end = first_difference(&shorter, &a);
	if (end < 0) {
		free(shorter.op);
		return false;
	}
	free(s->op);
	*s = shorter;
	s->ops = (size_t)end + 1;
	return true;
}

static void shrink(struct uscript *s)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (size_t len = MAX(s->ops / 2, 1u); len; len /= 2)
			for (size_t at = 0; at < s->ops;)
				if (try_without(s, at, len))
					changed = true;
				else
					at += len;
	}
}

static void print_script(const struct uscript *s, FILE *out, bool answers)
{
	void *kernel = uplayer_kernel.open(s);
	void *uepoll = uplayer_uepoll.open(s);
	char line[USCRIPT_TEXT];
	struct answers a;

	for (size_t i = 0; i < s->ops; i++) {
		uop_print(s, &s->op[i], line, sizeof(line));
		uplayer_kernel.play(kernel, &s->op[i], a.kernel);
		uplayer_uepoll.play(uepoll, &s->op[i], a.uepoll);
		fprintf(out, "%-31s => %s\n", line, a.kernel);
		if (answers && strcmp(a.kernel, a.uepoll))
			fprintf(out, "%-31s    %s   <-- uepoll\n", "",
				a.uepoll);
	}
	uplayer_kernel.close(kernel);
	uplayer_uepoll.close(uepoll);
}

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
	print_script(s, out, false);
	fclose(out);
	printf("kept as %s\n", path);
}

static int fuzz(unsigned long long ops, uint64_t seed, const char *keep)
{
	bool inject = uplayer_kernel_can_inject();
	unsigned long long done = 0, scripts = 0;
	uint64_t state = seed;
	int64_t start = clock_ms();

	printf("fuzz-uepoll: seed %llu, %llu operations%s\n",
	       (unsigned long long)seed, ops,
	       inject ? "" : ", none in the middle of a copy (no userfaultfd)");
	fflush(stdout);
	while (done < ops) {
		size_t len = 20 + fuzz_random(&state) % 280;
		struct uscript s = { .names = 0 };
		struct answers a;
		long at;

		len = MIN(len, ops - done);
		fuzz_generate(&s, fuzz_random(&state), len, inject);
		at = first_difference(&s, &a);
		scripts++;
		done += len;
		if (at >= 0) {
			printf("DIVERGENCE in script %llu; shrunk:\n\n",
			       scripts);
			s.ops = (size_t)at + 1;
			shrink(&s);
			print_script(&s, stdout, true);
			if (keep)
				keep_script(&s, keep, seed);
			uscript_free(&s);
			return 1;
		}
		uscript_free(&s);
	}
	printf("fuzz-uepoll: %llu operations in %llu scripts, %.1f s, "
	       "0 divergences\n",
	       done, scripts, (double)(clock_ms() - start) / 1000);
	return 0;
}

static int replay(const char *file, bool record)
{
	FILE *in = fopen(file, "re");
	struct uscript s;
	struct answers a;
	void *kernel, *uepoll;
	int bad = 0;

	if (!in) {
		fprintf(stderr, "%s: %s\n", file, strerror(errno));
		return 2;
	}
	if (uscript_read(&s, in, file, stderr)) {
		fclose(in);
		uscript_free(&s);
		return 2;
	}
	fclose(in);
	if (record) {
		print_script(&s, stdout, true);
		uscript_free(&s);
		return 0;
	}
	kernel = uplayer_kernel.open(&s);
	uepoll = uplayer_uepoll.open(&s);
	for (size_t i = 0; i < s.ops; i++) {
		const struct uop *op = &s.op[i];
		char line[USCRIPT_TEXT];
		bool possible;

		uplayer_kernel.play(kernel, op, a.kernel);
		uplayer_uepoll.play(uepoll, op, a.uepoll);
		possible = !op->during || uplayer_kernel_can_inject();
		if ((!possible || !strcmp(a.kernel, a.uepoll)) &&
		    (!op->expect || !strcmp(op->expect, a.uepoll)))
			continue;
		uop_print(&s, op, line, sizeof(line));
		printf("%s:%d: %s\n\tkernel   %s\n\tuepoll   %s\n", file,
		       op->line, line, a.kernel, a.uepoll);
		if (op->expect)
			printf("\texpected %s\n", op->expect);
		bad = 1;
		break;
	}
	uplayer_kernel.close(kernel);
	uplayer_uepoll.close(uepoll);
	uscript_free(&s);
	return bad;
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
	return file ? replay(file, record) : fuzz(ops, seed, keep);
}
