/* SPDX-License-Identifier: MIT */
/*
 * files - folders as a whole.
 */
#ifndef GRADE_FILES_H
#define GRADE_FILES_H

/* Removes PATH and everything below it, if it is there. */
void files_remove(const char *path);

/*
 * Copies FROM, a file or a folder, to TO, which must not be there, with the
 * times of its files. Makes the folders above TO. 0, or -1.
 */
int files_copy(const char *from, const char *to);

/* Makes the folder PATH and those above it. 0, or -1 with errno. */
int files_make_folder(const char *path);

/* In each file below PATH that ends in ".d": the path FROM/ becomes TO/. */
void files_move_depends(const char *path, const char *from, const char *to);

#endif
