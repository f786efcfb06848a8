/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "util.h"

#define NAMES	  8
#define ADDRESSES 8

struct name {
	char name[64];
	int error; /* EAI_NONAME, ...; or 0 */
	char address[ADDRESSES][64];
	size_t n;
};

static struct name names[NAMES];
static size_t name_count;
static int lists;

/* An entry of the list; NULL if HOST is no numeric address. */
static struct addrinfo *entry(const char *host, const char *port, int type)
{
	struct addrinfo *ai = calloc(1, sizeof(*ai) + sizeof(struct addr));
	struct addr *addr = (struct addr *)(ai + 1);
	char text[128];

	snprintf(text, sizeof(text), strchr(host, ':') ? "[%s]:%s" : "%s:%s",
		 host, port);
	if (!ai || addr_parse(text, addr) < 0) {
		free(ai);
		return NULL;
	}
	ai->ai_family = addr->sa.sa_family;
	ai->ai_socktype = type;
	ai->ai_protocol = type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	ai->ai_addr = &addr->sa;
	ai->ai_addrlen = addr->len;
	return ai;
}

static struct name *find_name(const char *name)
{
	for (size_t i = 0; i < name_count; i++)
		if (!strcmp(names[i].name, name))
			return &names[i];
	return NULL;
}

int getaddrinfo(const char *restrict host, const char *restrict port,
		const struct addrinfo *restrict hints,
		struct addrinfo **restrict list)
{
	struct name numeric = { .n = 1 };
	struct name *name = find_name(host);

	if (!name) {
		name = &numeric;
		snprintf(numeric.address[0], sizeof(numeric.address[0]), "%s",
			 host);
	}
	errno = EMFILE; /* what EAI_SYSTEM is about */
	if (name->error)
		return name->error;
	*list = NULL;
	/* Without a type, each address is there once for each (getaddrinfo(3)). */
	for (size_t i = 0; i < 2 * name->n; i++) {
		int type = i % 2 ? SOCK_STREAM : SOCK_DGRAM;

		if (hints && hints->ai_socktype && hints->ai_socktype != type)
			continue;
		*list = entry(name->address[i / 2], port, type);
		if (!*list)
			return EAI_NONAME;
		list = &(*list)->ai_next;
	}
	lists++;
	return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
	if (list)
		lists--;
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}

void names_add(char *words)
{
	static const struct {
		const char *name;
		int value;
	} errors[] = {
		{ "EAI_NONAME", EAI_NONAME },
		{ "EAI_NODATA", EAI_NODATA },
		{ "EAI_AGAIN", EAI_AGAIN },
		{ "EAI_FAIL", EAI_FAIL },
		{ "EAI_MEMORY", EAI_MEMORY },
		{ "EAI_SYSTEM", EAI_SYSTEM },
		{ "EAI_SERVICE", EAI_SERVICE },
		{ "EAI_ADDRFAMILY", EAI_ADDRFAMILY },
	};
	struct name *name = &names[name_count++ % NAMES];
	char *word = strtok(words, " ");

	*name = (struct name){ 0 };
	snprintf(name->name, sizeof(name->name), "%s", word ? word : "");
	while ((word = strtok(NULL, " ")) && name->n < ADDRESSES) {
		for (size_t i = 0; i < ARRAY_LEN(errors); i++)
			if (!strcmp(word, errors[i].name))
				name->error = errors[i].value;
		snprintf(name->address[name->n++], 64, "%s", word);
	}
}

int names_lists(void)
{
	return lists;
}
