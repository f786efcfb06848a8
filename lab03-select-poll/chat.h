/* SPDX-License-Identifier: MIT */
/*
 * chat - the app of a room: what a member says goes to all the others.
 *
 * Everything is lines, each ended by a newline ("\n"; a "\r" before it is
 * taken off). What the server says of itself begins with "* ", what it refuses
 * with "! ". NAME, OLD and NEW stand for names.
 *
 *	a member comes		to it:		* welcome, NAME
 *				to the others:	* NAME joined
 *	it sends TEXT		to the others:	NAME: TEXT
 *	it sends an empty line	nothing
 *	/nick NEW		to it:		* you are NEW
 *				to the others:	* OLD is now NEW
 *	  NEW is in use		to it:		! NEW is taken
 *	  NEW is no name	to it:		! a name is 1 to 16 letters, digits, - or _
 *	/who			to it:		* N here: NAME NAME ...
 *	/quit			to it:		* bye, and then the end of the stream
 *				to the others:	* NAME left
 *	any other /COMMAND	to it:		! unknown command: /nick NAME, /who, /quit
 *	a line that is too long	to it:		! a line is at most 512 bytes
 *	its input ends		as /quit; a last line without a newline counts
 *	its connection breaks	to the others:	* NAME left
 *	it reads too slowly	to the others:	* NAME dropped: too slow
 *
 * Names: a newcomer is "guest1", the next one "guest2", and so on; a number that
 * somebody has taken by /nick is passed over. Names are unique; "/nick" to one's own name is "you are". /who lists in
 * the order of joining, oneself included.
 *
 * A line of more than CHAT_LINE_MAX bytes (newline not counted) is refused as
 * soon as that many have come, once, and all of it up to its newline is thrown
 * away; the member stays. Bytes below 0x20 (but the tab) and 0x7f are replaced
 * by "?" in what others get, so that nobody's terminal is played with.
 *
 * Whoever has no room for a line is dropped, at once and with what was queued
 * for it. No memory grows without bound, and nobody waits for a slow member.
 */
#ifndef LAB03_CHAT_H
#define LAB03_CHAT_H

#define CHAT_NAME_MAX 16  /* bytes */
#define CHAT_LINE_MAX 512 /* bytes, without the newline */

#endif
