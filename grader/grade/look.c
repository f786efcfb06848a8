/* SPDX-License-Identifier: MIT */
/*
 * A look is a number for each lab's code. It is compared with that of the look
 * before, so what is saved while nobody looks is found by the next one.
 */
#include "look.h"

#include <linux/magic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/vfs.h>

#include "build.h"
#include "code.h"
#include "mem.h"
#include "util.h"

/* Folders that a virtual machine shares with its host (no header has these). */
#define VBOXSF_MAGIC 0x786f4256
#define VMHGFS_MAGIC 0xbacbacbc
#define PRL_FS_MAGIC 0x7c7c6673

struct seen {
	struct lab *lab;
	char *uses;
	uint64_t hash;
};

struct look {
	struct seen *seen;
	size_t count;
};

bool look_is_needed(const struct lab *lab)
{
	static const unsigned int magic[] = {
		NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,   CIFS_SUPER_MAGIC,
		SMB2_SUPER_MAGIC, V9FS_MAGIC,	     FUSE_SUPER_MAGIC,
		AFS_SUPER_MAGIC,  AFS_FS_MAGIC,	     CEPH_SUPER_MAGIC,
		CODA_SUPER_MAGIC, OCFS2_SUPER_MAGIC, VBOXSF_MAGIC,
		VMHGFS_MAGIC,	  PRL_FS_MAGIC,
	};
	char *path = mem_printf("%s/%s", lab->root, lab->dir);
	struct statfs fs;
	bool found = false;

	if (statfs(path, &fs) == 0)
		for (size_t i = 0; i < ARRAY_LEN(magic); i++)
			found |= (unsigned int)fs.f_type == magic[i];
	free(path);
	return found;
}

struct look *look_begin(const struct labs *labs, struct lab *only)
{
	struct look *look = mem_alloc(sizeof(*look));

	look->seen = mem_resize(NULL, labs->count, sizeof(*look->seen));
	look->count = 0;
	for (size_t i = 0; i < labs->count; i++) {
		struct seen *seen = &look->seen[look->count];

		if (only && only != &labs->all[i])
			continue;
		seen->lab = &labs->all[i];
		seen->uses = only ? build_uses(only) : mem_strdup("");
		seen->hash = code_hash(seen->lab, seen->uses);
		look->count++;
	}
	return look;
}

struct lab *look_again(struct look *look)
{
	struct lab *changed = NULL;

	for (size_t i = 0; i < look->count; i++) {
		struct seen *seen = &look->seen[i];
		uint64_t hash = code_hash(seen->lab, seen->uses);

		if (hash != seen->hash && !changed)
			changed = seen->lab;
		seen->hash = hash;
	}
	return changed;
}

void look_end(struct look *look)
{
	if (!look)
		return;
	for (size_t i = 0; i < look->count; i++)
		free(look->seen[i].uses);
	free(look->seen);
	free(look);
}
