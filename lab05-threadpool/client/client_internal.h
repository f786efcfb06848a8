/* SPDX-License-Identifier: MIT */
/*
 * client_internal - what client_write.c does for client_loop.c.
 */
#ifndef LAB05_CLIENT_INTERNAL_H
#define LAB05_CLIENT_INTERNAL_H

#include "client.h"

/*
 * The answer of C, if there is one, is over, whole or not: counts it, logs it,
 * and frees it. C->x holds no request and no answer then.
 */
void client_forget_answer(struct http_conn *c);

/* Ends our direction of C; the state becomes LINGERING. */
void client_linger(struct http_conn *c);

#endif
