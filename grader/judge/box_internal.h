/* SPDX-License-Identifier: MIT */
/*
 * box - what a program under test is put into in an official run: another user
 * (or, where grade is none that may change it, a user namespace of its own),
 * without capabilities, with neither the tests nor other programs in sight, and
 * with a kernel that refuses what box_filter_internal.h lists.
 * $JUDGE_BOX is set in an official run and nowhere else:
 *
 *	uid N	the program becomes user N; the judge is root in a cell of
 *		bubblewrap's (grader/grade/cell.h)
 *	user	the judge's own user, in a user namespace below the judge's
 *	bare N	as uid N where there are no namespaces: no cell, nothing covered;
 *		the judge is root on the machine
 */
#ifndef JUDGE_BOX_INTERNAL_H
#define JUDGE_BOX_INTERNAL_H

#include <stdbool.h>
#include <sys/types.h>

/* Reads $JUDGE_BOX, before the first program is started. */
void box_prepare(void);

/* The mode of a folder that judge and program share, in a box or without one. */
mode_t box_folder_mode(void);

/* Is the judge in a cell, which it shares with its programs and nobody else? */
bool box_has_cell(void);

/*
 * For a child between fork(2) and exec(3): enters the box. VALGRIND leaves it
 * the folders of programs, where Valgrind is. FINDINGS is as box_filter() says. 0,
 * or -1 with errno. Does nothing where there is no box.
 */
int box_enter(bool valgrind, int *findings);

/*
 * Behind it: programs in boxes have fewer descriptors than a child that is to
 * become one, so that what they have under way on sockets leaves it a place.
 */
void box_leave_place(void);

#endif
