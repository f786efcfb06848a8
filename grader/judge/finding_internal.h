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

/*
 * Takes what FD tells and lets the process end. Returns 1 if one was there, 0 if
 * none is, and -1 when there will be none any more.
 */
int finding_take(int fd);

#endif
