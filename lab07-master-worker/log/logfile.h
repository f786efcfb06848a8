/* SPDX-License-Identifier: MIT */
/*
 * logfile - the log, in a file.
 *
 * common/log writes to standard error. So to log to a file is to have that file
 * as descriptor 2, and to open the log anew is one dup2(2), which is atomic: a
 * thread that logs meanwhile writes its whole line to the old file or to the
 * new one. All processes append (O_APPEND), a write(2) a line.
 */
#ifndef LAB07_LOGFILE_H
#define LAB07_LOGFILE_H

/*
 * Opens the file PATH to append, and makes it (mode 0600) if it is not there.
 * Returns a descriptor for logfile_use(), close-on-exec, or -1 with errno.
 */
int logfile_prepare(const char *path);

/*
 * Makes FD standard error, and closes it. Returns 0, or -1 with errno, and
 * standard error is what it was.
 */
int logfile_use(int fd);

/* One after the other. */
int logfile_open(const char *path);

#endif
