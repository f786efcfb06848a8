/* SPDX-License-Identifier: MIT */
/*
 * The command lines, put together once: what is started again each second is
 * always the same.
 */
#include "clients.h"

#include <stdio.h>

static char bot[PATH_MAX + 64], framed_load[PATH_MAX + 64], ca[PATH_MAX + 64];
static char url[128], connect_to[128], frames_at[64];

static char *http[] = { bot, "--json", "-d", "1", "-c", "32", url, NULL };
static char *https[] = { bot,
			 "--json",
			 "-d",
			 "1",
			 "-c",
			 "8",
			 "--cacert",
			 ca,
			 "--connect-to",
			 connect_to,
			 "https://demo.test/ok",
			 NULL };
static char *frames[] = { framed_load, frames_at, "--json", "-d",
			  "1",	       "-c",	  "16",	    NULL };

void clients_prepare(struct load *loads, const struct cluster *c)
{
	snprintf(bot, sizeof(bot), "%s/lab06-https-client/bot", c->build);
	snprintf(framed_load, sizeof(framed_load),
		 "%s/lab07-master-worker/framed-load", c->build);
	snprintf(ca, sizeof(ca), "%s/ca.pem", c->folder);
	snprintf(url, sizeof(url), "http://%s/", c->listener[RULE_WEB]);
	snprintf(connect_to, sizeof(connect_to), "::%s", c->listener[RULE_TLS]);
	snprintf(frames_at, sizeof(frames_at), "%s", c->listener[RULE_FRAMES]);
	loads[LOAD_HTTP] = (struct load){ .name = "http",
					  .argv = http,
					  .connections = 32 };
	loads[LOAD_HTTPS] = (struct load){ .name = "https",
					   .argv = https,
					   .connections = 8 };
	loads[LOAD_FRAMES] = (struct load){ .name = "frames",
					    .argv = frames,
					    .connections = 16 };
	for (int i = 0; i < LOADS; i++)
		loads[i].folder = c->folder;
}
