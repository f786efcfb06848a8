/* SPDX-License-Identifier: MIT */
/*
 * Sequences that the fuzzer found in wrong uepolls, with what Linux answers.
 */
#include "../uepoll_play.h"
#include "judge.h"

/* Too many ways from one file to the outermost epoll: the item goes again. */
GRADED(uepoll, hidden_paths)
{
	play("epoll e1 => 0\n"
	     "epoll e2 => 1\n"
	     "epoll e3 => 2\n"
	     "epoll e4 => 3\n"
	     "epoll e5 => 4\n"
	     "add e1 e2 IN => 0\n"
	     "add e2 e3 IN => 0\n"
	     "add e3 e4 IN => 0\n"
	     "add e4 e5 IN => 0\n"
	     "counter c 1 => 5\n"
	     "add e5 c IN => 0\n"
	     "dup c d1 => 6\n"
	     "add e5 d1 IN => 0\n"
	     "dup c d2 => 7\n"
	     "add e5 d2 IN => 0\n"
	     "dup c d3 => 8\n"
	     "add e5 d3 IN => 0\n"
	     "dup c d4 => 9\n"
	     "add e5 d4 IN => 0\n"
	     "dup c d5 => 10\n"
	     "add e5 d5 IN => 0\n"
	     "dup c d6 => 11\n"
	     "add e5 d6 IN => 0\n"
	     "dup c d7 => 12\n"
	     "add e5 d7 IN => 0\n"
	     "dup c d8 => 13\n"
	     "add e5 d8 IN => 0\n"
	     "dup c d9 => 14\n"
	     "add e5 d9 IN => 0\n"
	     "dup c d10 => 15\n"
	     "add e5 d10 IN => -1 EINVAL\n"
	     "add e4 d10 IN => 0\n"
	     "wait e5 2 => 2 c:IN d1:IN\n"
	     "wait e1 4 => 1 e2:IN\n"
	     "items e5 => 10 5=c:IN|ERR|HUP 6=d1:IN|ERR|HUP "
	     "7=d2:IN|ERR|HUP 8=d3:IN|ERR|HUP 9=d4:IN|ERR|HUP "
	     "10=d5:IN|ERR|HUP 11=d6:IN|ERR|HUP 12=d7:IN|ERR|HUP "
	     "13=d8:IN|ERR|HUP 14=d9:IN|ERR|HUP\n");
}

GRADED(uepoll, hidden_sequences)
{
	/* A file that calls with a key the item does not ask for does not count. */
	judge_promise("It watches simulated files (ufile.h) and answers");
	play("epoll e1 => 0\n"
	     "epoll e2 => 1\n"
	     "stream s2 s3 => 2 3\n"
	     "close s2 => 0\n"
	     "add e1 e2 RDNORM => 0\n"
	     "add e2 s3 ONESHOT => 0\n"
	     "wait e1 2 => 0\n");

	/* An exclusive item is called after all ordinary ones. */
	judge_promise("ADD puts an item into the tree and into the");
	play("epoll e0 => 0\n"
	     "stream s2 s3 => 1 2\n"
	     "add e0 s3 RDNORM|ONESHOT|ET => 0\n"
	     "dup s3 s6 => 3\n"
	     "add e0 s6 EXCLUSIVE => 0\n"
	     "close s2 => 0\n"
	     "wait e0 50 => 2 s3:RDNORM|HUP s6:HUP\n");

	/* The poll of an epoll drops items that are not ready any more. */
	judge_promise("items that are not are dropped.");
	play("epoll e0 => 0\n"
	     "epoll e4 => 1\n"
	     "counter c0 0 => 2\n"
	     "dup c0 c2 => 3\n"
	     "dup c0 c4 => 4\n"
	     "dup c0 c6 => 5\n"
	     "dup c0 c7 => 6\n"
	     "add e4 c7 IN => 0\n"
	     "write c6 100 => 8\n"
	     "add e4 c4 IN => 0\n"
	     "read c4 64 => 8 value 100\n"
	     "add e0 e4 IN => 0\n"
	     "write c2 10 => 8\n"
	     "wait e4 54 => 2 c4:IN c7:IN\n");

	/* The poll of an epoll stops at the first item that is ready. */
	judge_promise("Looks through the list as a wait does, up to the");
	play("epoll e0 => 0\n"
	     "stream s2 s1 => 1 2\n"
	     "add e0 s2 IN|EXCLUSIVE => 0\n"
	     "epoll e1 => 3\n"
	     "write s1 40 => 40\n"
	     "add e1 e0 IN|RDHUP|ET => 0\n"
	     "write s1 64 => 64\n"
	     "pipe r2 w2 => 4 5\n"
	     "add e0 s1 IN|PRI|OUT|RDHUP => 0\n"
	     "write s2 40 => 40\n"
	     "read s1 40 => 40\n"
	     "wait e1 1 => 1 e0:IN\n"
	     "add e0 w2 OUT|EXCLUSIVE|ET => 0\n"
	     "shut s1 rdwr => 0\n"
	     "wait e0 64 => 3 s2:IN|HUP s1:IN|RDHUP|HUP w2:OUT\n");

	/* MOD leaves a queued item where it is on the ready list. */
	judge_promise("Neither takes a queued item off the ready list.");
	play("stream s2 s3 => 0 1\n"
	     "counter c3 0 => 2\n"
	     "epoll e4 => 3\n"
	     "add e4 s2 IN|OUT|ET => 0\n"
	     "add e4 c3 OUT => 0\n"
	     "mod e4 s2 IN|PRI|OUT|RDHUP|ET => 0\n"
	     "wait e4 59 => 2 s2:OUT c3:OUT\n");

	/* An epoll that is readable is IN and RDNORM. */
	judge_promise("What an epoll's own poll says: EPOLLIN |");
	play("epoll e1 => 0\n"
	     "epoll e4 => 1\n"
	     "stream s2 s3 => 2 3\n"
	     "add e1 s2 IN|OUT|ET => 0\n"
	     "add e4 e1 RDNORM => 0\n"
	     "wait e4 1 => 1 e1:RDNORM\n");
}
