/* SPDX-License-Identifier: MIT */
/*
 * mime - what a file's name says of its content. Any thread may call.
 */
#ifndef LAB05_MIME_H
#define LAB05_MIME_H

/*
 * The media type for the ending of the file name NAME, in whatever case;
 * "application/octet-stream" for an unknown one. Text types say UTF-8. A string
 * constant.
 */
const char *mime_type(const char *name);

#endif
