/* SPDX-License-Identifier: MIT */
/*
 * dials - connect(2) for a driver, who can say afterwards what was dialled. The
 * linker puts it in the place of libc's (--wrap).
 *
 * A link-local address of IPv6 is there, or not, as the machine has it; so it
 * fails with ENETUNREACH at once, and the kernel is not asked.
 */
#ifndef LAB06_DRIVERS_DIALS_H
#define LAB06_DRIVERS_DIALS_H

/*
 * The addresses that were dialled since the last call, in their order, each
 * with a space before it, and with its scope as a number ("fe80::1%2"); no more
 * than a few hundred. For one thread; valid until its next call.
 */
const char *dials_take(void);

#endif
