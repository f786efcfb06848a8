/* SPDX-License-Identifier: MIT */
/*
 * http_any - requests that nobody thought of: made by rule from the seed, some
 * of them damaged, and each answer compared with what http_oracle.h says.
 */
#ifndef LAB05_TESTS_HTTP_ANY_H
#define LAB05_TESTS_HTTP_ANY_H

#include "judge.h"

/* On a request-driver that was told "lines". */
void any_heads(struct prog *driver);

/* On a request-driver; what the fields say is in whatever order and number. */
void any_fields(struct prog *driver);
void any_chunks(struct prog *driver);

#endif
