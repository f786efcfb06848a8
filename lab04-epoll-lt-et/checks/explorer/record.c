/* SPDX-License-Identifier: MIT */
/*
 * Prints random scripts of the fuzzer's, and what uepoll makes of them here:
 *
 *	record SCRIPTS SEED
 *
 * A JSON object a line: { "script": "...", "answers": [ ... ], "digests": [
 * ... ] }. A digest is that of a step's JSON, in which everything stands
 * (FNV-1a, 32 bits). Each script is played in a process of its own, so that its
 * files are numbered from 1, as in a fresh WebAssembly instance.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz_generate.h"
#include "scope_json.h"
#include "scope_play.h"

#define OPS	   60 /* a script, at most */
#define UNREADABLE 3

static uint32_t digest(const char *text)
{
	uint32_t hash = 2166136261u;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* S as text, which the caller frees. */
static char *script_text(const struct uscript *s)
{
	char line[USCRIPT_TEXT], *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && i < s->ops; i++) {
		uop_print(s, &s->op[i], line, sizeof(line));
		fprintf(out, "%s\n", line);
	}
	if (!out || fclose(out))
		exit(1);
	return text;
}

static void play(const char *text, const struct uscript *s)
{
	struct jout all = { .text = NULL }, digests = { .text = NULL };
	char answer[USCRIPT_TEXT];
	static struct scope_play p;

	jout_open(&all, NULL, '{');
	jout_text(&all, "script", text);
	jout_open(&all, "answers", '[');
	jout_open(&digests, NULL, '[');
	scope_play_open(&p, s);
	for (size_t i = 0; i < s->ops; i++) {
		struct jout step = { .text = NULL };

		scope_play_op(&p, &s->op[i], answer);
		scope_json_step(&step, &p, &s->op[i], NULL, answer);
		jout_text(&all, NULL, answer);
		jout_number(&digests, NULL, digest(step.text));
		jout_free(&step);
	}
	scope_play_close(&p);
	jout_close(&all, ']');
	jout_close(&digests, ']');
	jout_json(&all, "digests", &digests);
	jout_close(&all, '}');
	puts(all.text);
	jout_free(&all);
	jout_free(&digests);
}

/*
 * As it is parsed: lines have numbers, and names are in the parser's order.
 * Ends the program with UNREADABLE if the script uses a name before it is
 * opened, which the fuzzer may do and a script must not.
 */
static void play_as_parsed(const struct uscript *generated)
{
	char *text = script_text(generated), message[1024];
	FILE *file = fmemopen(text, strlen(text), "r");
	FILE *errors = fmemopen(message, sizeof(message), "w");
	struct uscript s;

	if (!file || !errors)
		exit(1);
	if (uscript_read(&s, file, "script", errors) < 0)
		exit(UNREADABLE);
	fclose(file);
	fclose(errors);
	play(text, &s);
	uscript_free(&s);
	free(text);
}

int main(int argc, char **argv)
{
	unsigned long scripts = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
	uint64_t state = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;

	if (!scripts) {
		fputs("usage: record SCRIPTS SEED\n", stderr);
		return 2;
	}
	for (unsigned long i = 0; i < scripts;) {
		size_t len = 10 + fuzz_random(&state) % (OPS - 10);
		uint64_t seed = fuzz_random(&state);
		int status;

		fflush(NULL);
		if (fork() == 0) {
			struct uscript s = { .names = 0 };

			fuzz_generate(&s, seed, len, true);
			play_as_parsed(&s);
			exit(0);
		}
		if (wait(&status) < 0 || !WIFEXITED(status))
			return 1;
		if (WEXITSTATUS(status) == 0)
			i++;
		else if (WEXITSTATUS(status) != UNREADABLE)
			return 1;
	}
	return 0;
}
