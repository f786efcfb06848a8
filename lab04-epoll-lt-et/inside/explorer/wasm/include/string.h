/* SPDX-License-Identifier: MIT */
/* <string.h>, and the one function of glibc's that is missing there. */
#ifndef EXPLORER_STRING_H
#define EXPLORER_STRING_H

#include_next <string.h>

/* "EAGAIN"; NULL for a number that no simulated call sets. */
const char *strerrorname_np(int error);

#endif
