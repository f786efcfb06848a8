/* SPDX-License-Identifier: MIT */
/*
 * finding - what a sanitizer has found, told by the kernel: a program can close
 * its standard error, and a child of its ends unseen by the judge.
 */
#ifndef JUDGE_FINDING_INTERNAL_H
#define JUDGE_FINDING_INTERNAL_H

/* In the child: hands FD over on the socket TO. 0, or -1 with errno. */
int finding_send(int to, int fd);

/*
 * Until the child has started: its descriptor, or -1 if it has none; *ERROR is the
 * errno with which it failed to start, or 0.
 */
int finding_receive(int from, int *error);

/* The option of the sanitizers' that has them open a file for their report. */
#define FINDING_LOG "log_path=/report"

/* The file that they get instead: memory, to write to and to read from. */
void finding_file(int *to_write, int *to_read);

enum finding {
	FINDING_NONE,
	FINDING_BEGUN, /* REPORT is open in the process that writes it */
	FINDING_TOLD,  /* the report is there, and the process ends */
	FINDING_OVER   /* there will be none any more */
};

/* Takes what FD tells and lets the process go on. */
enum finding finding_take(int fd, int report);

#endif
