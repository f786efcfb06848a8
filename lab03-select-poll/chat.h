/* SPDX-License-Identifier: MIT */
/*
 * chat - the app of a room: what a member says goes to all the others. This is
 * the protocol, to the byte.
 *
 * Everything is lines, each ended by a newline ("\n"; one "\r" right before it
 * is taken off). What the server says of itself begins with "* ", what it
 * refuses with "! ". NAME, OLD and NEW stand for names.
 *
 *	a member comes		to it:		* welcome, NAME
 *				to the others:	* NAME joined
 *	it sends TEXT		to the others:	NAME: TEXT
 *	it sends an empty line	nothing
 *	/nick NEW		to it:		* you are NEW
 *				to the others:	* OLD is now NEW
 *	  NEW is another's	to it:		! NEW is taken
 *	  NEW is its own	to it:		* you are NEW
 *	  NEW is no name	to it:		! a name is 1 to 16 letters,
 *						  digits, - or _
 *	/who			to it:		* N here: NAME NAME ...
 *	/quit			to it:		* bye, then the end of the stream
 *				to the others:	* NAME left
 *	any other /COMMAND	to it:		! unknown command: /nick NAME,
 *						  /who, /quit
 *	a line that is too long	to it:		! a line is at most 512 bytes
 *	its input ends		as /quit; a last line without a newline counts
 *	its connection breaks	to the others:	* NAME left
 *	it reads too slowly	to the others:	* NAME dropped: too slow
 *
 * Each answer is one line; two of them are broken here, and the break is one
 * blank. Commands are as written: "/nick" and a name with one blank between,
 * "/who" and "/quit" with nothing behind; "/nick" alone, "/who " and "/QUIT"
 * are unknown commands. NEW is all that stands behind that blank, so "/nick "
 * asks for a name without letters, which is invalid.
 *
 * Names: a newcomer is "guest1", the next one "guest2", and so on; a number
 * is not given twice, and one whose name somebody has taken by /nick is passed
 * over. Names are unique, upper and lower case being different. A name is free
 * again when its member has left. /who lists in the order of joining, oneself
 * included.
 *
 * A line of more than CHAT_LINE_MAX bytes (its newline not counted, a "\r"
 * counted) is refused as soon as that many have come, once, and all of it up to
 * its newline is thrown away; the member stays. In what is said, bytes below
 * 0x20 (but the tab) and 0x7f become "?", so that nobody's terminal is played
 * with; all other bytes are passed on as they are.
 *
 * What comes after /quit, in the same packet or later, is thrown away, and
 * nothing more is told to that member: it is no longer in the room.
 *
 * A member without room for a line of any kind is dropped before another line is
 * heard, with what was queued for it; so it gets neither "bye" nor "left", but
 * the others get "dropped: too slow", once. No memory grows without bound, and
 * nobody waits for a slow member. Without memory for it, a member is turned
 * away, or misses an answer; the others notice nothing. If several have no room,
 * the order in which they are dropped is free. What a line was about has
 * happened, even if its own member had no room for the answer: the others hear
 * that it joined, or what it is called now, and then that it was dropped.
 */
#ifndef LAB03_CHAT_H
#define LAB03_CHAT_H

#define CHAT_NAME_MAX 16  /* bytes */
#define CHAT_LINE_MAX 512 /* bytes, without the newline */

#endif
