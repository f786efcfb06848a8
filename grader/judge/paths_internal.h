/* SPDX-License-Identifier: MIT */
/*
 * paths - where the programs are, and a private folder.
 */
#ifndef JUDGE_PATHS_INTERNAL_H
#define JUDGE_PATHS_INTERNAL_H

/* $JUDGE_BIN and $JUDGE_CHAOS, or where they are beside this test binary. */
const char *judge_bin(void);
const char *judge_chaos(void);
/* A private folder of this test, made at the first call. */
const char *judge_tmp(void);
/* Takes it away again. */
void judge_remove_tmp(void);

#endif
