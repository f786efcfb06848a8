/* SPDX-License-Identifier: MIT */
/*
 * matrix - which test catches which mutant.
 */
#ifndef GRADE_MATRIX_H
#define GRADE_MATRIX_H

#include "copy.h"
#include "mutant.h"

/*
 * Writes the table of MUTANTS and LAB's tests to PATH; OUTPUTS has what
 * `grade run --plain` printed of each mutant, or NULL. 0, or -1 with errno.
 */
int matrix_write(const char *path, const struct lab *lab,
		 const struct mutants *mutants, char *const *outputs);

#endif
