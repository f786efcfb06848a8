/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "terminal.h"

static int open_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY);

	cr_assert_geq(fd, 0);
	unsetenv("NO_COLOR");
	return fd;
}

Test(terminal, draws_by_its_kind)
{
	int fd = open_terminal();

	setenv("TERM", "xterm", 1);
	cr_expect(terminal_draws(fd));
	setenv("TERM", "dumb", 1);
	cr_expect_not(terminal_draws(fd));
	setenv("TERM", "", 1);
	cr_expect_not(terminal_draws(fd));
	unsetenv("TERM");
	cr_expect_not(terminal_draws(fd));
	close(fd);
}

Test(terminal, has_colours_unless_told)
{
	int fd = open_terminal();

	setenv("TERM", "xterm", 1);
	cr_expect(terminal_has_colours(fd));
	setenv("NO_COLOR", "", 1);
	cr_expect(terminal_has_colours(fd));
	setenv("NO_COLOR", "1", 1);
	cr_expect_not(terminal_has_colours(fd));
	cr_expect(terminal_draws(fd));
	setenv("TERM", "dumb", 1);
	unsetenv("NO_COLOR");
	cr_expect_not(terminal_has_colours(fd));
	close(fd);
}

Test(terminal, a_file_is_none)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);

	setenv("TERM", "xterm", 1);
	cr_expect_not(terminal_draws(fd));
	cr_expect_not(terminal_has_colours(fd));
	close(fd);
}
