/* SPDX-License-Identifier: MIT */
#include "variant.h"

#include <string.h>

static const struct {
	const char *name;
	const char *folder;
	const char *make[3];
	const char *tool;
} variants[VARIANTS] = {
	[VARIANT_PLAIN] = { "plain", "build/gcc", { NULL }, NULL },
	[VARIANT_ASAN] = { "asan",
			   "build/asan",
			   { "VARIANT=asan", "SAN=address,undefined", NULL },
			   "AddressSanitizer and UndefinedBehaviorSanitizer" },
	[VARIANT_TSAN] = { "tsan",
			   "build/tsan",
			   { "VARIANT=tsan", "SAN=thread", NULL },
			   "ThreadSanitizer" },
};

const char *variant_name(enum variant v)
{
	return variants[v].name;
}

int variant_named(const char *name)
{
	for (int v = 0; v < VARIANTS; v++)
		if (!strcmp(variants[v].name, name))
			return v;
	return -1;
}

const char *variant_folder(enum variant v)
{
	return variants[v].folder;
}

const char *const *variant_make(enum variant v)
{
	return variants[v].make;
}

const char *variant_tool(enum variant v)
{
	return variants[v].tool;
}

unsigned int variants_of(const struct lab *lab, const struct test *test)
{
	if (test->builds)
		return test->builds;
	if (test->alone)
		return VARIANT_BIT(VARIANT_PLAIN);
	return lab->builds ? lab->builds : VARIANT_BIT(VARIANT_ASAN);
}
