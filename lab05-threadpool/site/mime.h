/* SPDX-License-Identifier: MIT */
/*
 * mime - what a file's name says of its content.
 */
#ifndef LAB05_MIME_H
#define LAB05_MIME_H

/* No type is longer, "; charset=utf-8" included; without a NUL. */
#define MIME_TYPE_MAX 127

/*
 * Adds the types of the file PATH, in the form of mime.types(5), for endings
 * that are not known yet. Once, before there are threads. Returns 0, or -1 with
 * errno: ENOENT, other errors of open(2), ENOMEM.
 */
int mime_load(const char *path);

/* Forgets what mime_load() added. */
void mime_unload(void);

/*
 * The media type for the ending of the file name NAME, in whatever case;
 * "application/octet-stream" for an unknown one. Text types say UTF-8. Valid
 * until mime_unload(). Any thread.
 */
const char *mime_type(const char *name);

#endif
