/* SPDX-License-Identifier: MIT */
/* session_again - what a slot's last client must not leave to its next one. */
#ifndef LAB07_TESTS_SESSION_AGAIN_H
#define LAB07_TESTS_SESSION_AGAIN_H

/*
 * Clients come one after the other, more than there are slots. Some leave theirs
 * in all kinds of disorder; each finds its own as if it were new.
 */
void session_begins_anew(void);

#endif
