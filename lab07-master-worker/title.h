/* SPDX-License-Identifier: MIT */
/*
 * title - the name under which ps(1) shows a process.
 *
 * ps reads /proc/PID/cmdline, and the kernel answers that from the memory where
 * execve(2) put the arguments. So a process that writes over them changes what
 * ps shows (proc(5), /proc/[pid]/cmdline). There is little room:
 *
 *	argv[0]      argv[1]      envp[0]          envp[1]
 *	|framed\0    |-c\0        |HOME=/root\0    |LANG=C\0      |
 *	|<----- arguments ------->|<------- environment --------->|
 *
 * What follows the arguments are the strings of the environment. When they have
 * been moved elsewhere, their place is free too, and a title may be as long as
 * both together.
 */
#ifndef LAB07_TITLE_H
#define LAB07_TITLE_H

/*
 * Moves the environment: `environ` and every string in it are new memory
 * afterwards, with the same contents; getenv(3) and setenv(3) work as before.
 * The strings of ARGV are copied, too, so that argv[1], ... stay what they were
 * whatever the title becomes; argv[0] remains where it was. ARGV is main()'s
 * own. Call once, before there are other threads, and before setenv(3) was
 * called.
 *
 * Only memory that follows argv[0] without a gap is counted as room. Returns 0,
 * or -1 with ENOMEM, and nothing is changed.
 */
int title_init(char *argv[]);

/*
 * Makes TEXT the title. What does not fit is cut; what is left of an older and
 * longer text is wiped, so that ps shows TEXT and nothing after it. No effect
 * before title_init().
 */
void title_set(const char *text);

#endif
