/* SPDX-License-Identifier: MIT */
/*
 * workers - fork(2) and pthread_create(3) that fail with EAGAIN when the driver
 * says so, as they do when there are too many processes; and pthread_join(3),
 * which ends the program if the thread was joined before. A definition in the
 * program comes before the one in libc.
 */
#ifndef LAB01_WORKERS_H
#define LAB01_WORKERS_H

#include <stdbool.h>

/* The driver's: is this call to fail? */
bool worker_is_refused(void);

#endif
