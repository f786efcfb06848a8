/* SPDX-License-Identifier: MIT */
/*
 * exposure - management that everybody could reach.
 */
#ifndef LAB08_EXPOSURE_H
#define LAB08_EXPOSURE_H

#include "server/service.h"

/* Client entries of management rules at one public address, all together. */
#define EXPOSURE_CLIENTS_MAX (4 * RULES_CLIENTS_MAX)

/*
 * Looks for a management rule without "public 1" among the COUNT services that
 * listens on a public address and is open to all: by itself, or together with
 * others of its kind at the same address, since a client may use whichever of
 * them lets it in. May resolve names. Nobody has to listen yet.
 *
 * Returns 0; or -1 with WHY (SERVICE_WHY_MAX bytes) and *BAD, the last service
 * that it takes, or NULL for "out of memory".
 */
int exposure_check(struct service *const *services, size_t count,
		   const struct service **bad, char *why);

#endif
