/* SPDX-License-Identifier: MIT */
#include "resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define HOSTS 16

struct host {
	char name[64];
	char list[1024];
	bool stuck;
	int count;
};

int __real_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);
int __wrap_getaddrinfo(const char *host, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct host hosts[HOSTS];
static size_t nhosts;
static char order[4096];

static struct host *find(const char *name)
{
	for (size_t i = 0; name && i < nhosts; i++)
		if (!strcasecmp(hosts[i].name, name))
			return &hosts[i];
	return NULL;
}

void resolver_add(const char *name, const char *list, bool stuck)
{
	pthread_mutex_lock(&mutex);
	if (nhosts < HOSTS) {
		struct host *h = &hosts[nhosts++];

		strncpy(h->name, name, sizeof(h->name) - 1);
		strncpy(h->list, list, sizeof(h->list) - 1);
		h->stuck = stuck;
	}
	pthread_mutex_unlock(&mutex);
}

void resolver_free(const char *name)
{
	struct host *h;

	pthread_mutex_lock(&mutex);
	h = find(name);
	if (h)
		h->stuck = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&mutex);
}

int resolver_count(const char *name)
{
	struct host *h;
	int n;

	pthread_mutex_lock(&mutex);
	h = find(name);
	n = h ? h->count : -1;
	pthread_mutex_unlock(&mutex);
	return n;
}

void resolver_wait(const char *name)
{
	struct host *h;

	pthread_mutex_lock(&mutex);
	h = find(name);
	while (h && !h->count)
		pthread_cond_wait(&changed, &mutex);
	pthread_mutex_unlock(&mutex);
}

const char *resolver_order(void)
{
	return order;
}

static int error_of(const char *name)
{
	static const struct {
		const char *name;
		int error;
	} errors[] = {
		{ "NONAME", EAI_NONAME }, { "AGAIN", EAI_AGAIN },
		{ "FAIL", EAI_FAIL },	  { "NODATA", EAI_NODATA },
		{ "MEMORY", EAI_MEMORY }, { "SYSTEM", EAI_SYSTEM },
		{ "FAMILY", EAI_FAMILY },
	};

	for (size_t i = 0; i < ARRAY_LEN(errors); i++)
		if (!strcmp(errors[i].name, name))
			return errors[i].error;
	return EAI_NONAME;
}

/* libc reads each address; the lists are put together. */
static int resolve(const char *list, const char *service,
		   const struct addrinfo *hints, struct addrinfo **found)
{
	struct addrinfo numeric = hints ? *hints : (struct addrinfo){ 0 };
	struct addrinfo **end = found;
	char copy[1024], *rest = copy, *word;

	numeric.ai_flags |= AI_NUMERICHOST;
	strcpy(copy, list);
	*found = NULL;
	while ((word = strsep(&rest, " "))) {
		if (__real_getaddrinfo(word, service, &numeric, end) == 0)
			while (*end)
				end = &(*end)->ai_next;
	}
	return *found ? 0 : EAI_NODATA;
}

int __wrap_getaddrinfo(const char *name, const char *service,
		       const struct addrinfo *hints, struct addrinfo **found)
{
	char list[1024];
	struct host *h;

	pthread_mutex_lock(&mutex);
	h = find(name);
	if (!h) {
		pthread_mutex_unlock(&mutex);
		return __real_getaddrinfo(name, service, hints, found);
	}
	h->count++;
	strcat(strcat(order, " "), h->name);
	pthread_cond_broadcast(&changed);
	while (h->stuck)
		pthread_cond_wait(&changed, &mutex);
	strcpy(list, h->list);
	pthread_mutex_unlock(&mutex);
	if (!strncmp(list, "error ", 6))
		return error_of(list + 6);
	return resolve(list, service, hints, found);
}
