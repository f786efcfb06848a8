/* SPDX-License-Identifier: MIT */
/*
 * kernel-driver - what the kernel answers to a script (uepoll_script.h). It
 * has none of the student's code in it. A line of standard input is a command:
 *
 *	random SEED OPS		OPS random operations (fuzz_generate.h)
 *	play N			the operations in the next N lines
 *
 * The answer is a line for each operation, "OPERATION => ANSWER", and "end"; or,
 * instead of what is left of it, "impossible" if the kernel cannot be asked.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fuzz_generate.h"
#include "lines.h"

static void play(const struct uscript *s)
{
	void *world = uplayer_kernel.open(s);
	char line[USCRIPT_TEXT], answer[USCRIPT_TEXT];

	for (size_t i = 0; i < s->ops; i++) {
		uop_print(s, &s->op[i], line, sizeof(line));
		uplayer_play(&uplayer_kernel, world, &s->op[i], answer);
		printf("%s => %s\n", line, answer);
	}
	uplayer_kernel.close(world);
	fflush(stdout);
}

/*
 * Plays S, or OPS random operations, in a child: the player ends its process if
 * it cannot set up what it needs, and it injects from a thread of that process.
 */
static void play_in_child(struct uscript *s, uint64_t seed, size_t ops)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (ops)
			fuzz_generate(s, seed, ops,
				      uplayer_kernel_can_inject());
		play(s);
		_exit(0);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	puts(status ? "impossible" : "end");
	fflush(stdout);
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) >= 0) {
		struct uscript s = { .names = 0 };
		uint64_t seed = 0;
		size_t n = 0, ops = 0;

		if (sscanf(line, "play %zu", &n) == 1)
			lines_read(&s, n);
		else
			sscanf(line, "random %" SCNu64 " %zu", &seed, &ops);
		play_in_child(&s, seed, ops);
		uscript_free(&s);
	}
	free(line);
	return 0;
}
