/* SPDX-License-Identifier: MIT */
/*
 * uepoll_mask - EPOLL* bits by name, without the EPOLL.
 */
#ifndef UEPOLL_MASK_H
#define UEPOLL_MASK_H

#include <stdint.h>

/* "IN|OUT|ET", "0" or hex ("0x2001") to bits. 0, or -1 if TEXT is no mask. */
int umask_parse(const char *text, uint32_t *mask);

#endif
