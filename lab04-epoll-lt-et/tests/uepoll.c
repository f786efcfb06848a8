/* SPDX-License-Identifier: MIT */
/*
 * uepoll, by way of tests/drivers/uepoll-driver.c: challenge points.
 *
 * Each test is a script (uepoll_script.h): "operation => answer". The answers
 * are those that Linux gave; checks/uepoll.sh plays every script here on the
 * kernel, and wants them again.
 */
#include "judge.h"
#include "uepoll_play.h"

/* Of several mistakes, the first in uepoll.h's order is reported. */
static void of_several_mistakes(void)
{
	judge_promise("0, or -1 with errno, looked for in this order:");
	play("stream a b => 0 1\n"
	     "file f => 2\n"
	     "epoll e => 3\n"
	     "add a f IN => -1 EPERM\n"
	     "del a f => -1 EPERM\n"
	     "ctl a f 9 => -1 EPERM\n"
	     "mod e f IN|EXCLUSIVE => -1 EPERM\n"
	     "add e f IN|EXCLUSIVE => -1 EPERM\n"
	     "del a b => -1 EINVAL\n"
	     "ctl a b 9 => -1 EINVAL\n"
	     "add e e IN|EXCLUSIVE => -1 EINVAL\n"
	     "mod e a IN|EXCLUSIVE => -1 EINVAL\n"
	     "mod e a IN => -1 ENOENT\n"
	     "add e a IN|EXCLUSIVE => 0\n"
	     "mod e a IN|EXCLUSIVE => -1 EINVAL\n"
	     "mod e a IN => -1 EINVAL\n"
	     "add e a IN|EXCLUSIVE|ONESHOT => -1 EINVAL\n"
	     "add e a IN => -1 EEXIST\n"
	     "ctl e a 9 => -1 EINVAL\n"
	     "wait a 0 => -1 EINVAL\n");
}

/* The tree by (file, descriptor), and each error that epoll_ctl(2) can give. */
GRADED(uepoll, tree_and_refusals)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("Errors are -1 with errno, as in epoll_ctl(2)");
	play_more(driver, "epoll e => 0\n"
			  "stream a b => 1 2\n"
			  "counter c 1 => 3\n"
			  "file f => 4\n"
			  "add e a IN|ET => 0\n"
			  "add e c IN|OUT => 0\n");
	judge_promise("EPOLLERR and EPOLLHUP are always added to");
	play_more(driver,
		  "items e => 2 1=a:IN|ERR|HUP|ET 3=c:IN|OUT|ERR|HUP\n");
	judge_promise("Errors are -1 with errno, as in epoll_ctl(2)");
	play_more(driver, "add e a OUT => -1 EEXIST\n"
			  "mod e b IN => -1 ENOENT\n"
			  "del e b => -1 ENOENT\n"
			  "add e f IN => -1 EPERM\n");
	judge_promise("OP is EPOLL_CTL_ADD, _MOD or _DEL;");
	play_more(driver, "ctl e a 9 => -1 EINVAL\n");
	judge_promise("Errors are -1 with errno, as in epoll_ctl(2)");
	play_more(driver, "add a b IN => -1 EINVAL\n"
			  "add e e IN => -1 EINVAL\n");
	judge_promise("EPOLLERR and EPOLLHUP are always added to");
	play_more(driver,
		  "mod e a OUT|RDHUP => 0\n"
		  "items e => 2 1=a:OUT|RDHUP|ERR|HUP 3=c:IN|OUT|ERR|HUP\n");
	judge_promise("Errors are -1 with errno, as in epoll_ctl(2)");
	play_more(driver, "del e a => 0\n"
			  "del e a => -1 ENOENT\n"
			  "add e a IN => 0\n"
			  "close b => 0\n"
			  "add e b IN => -1 EBADF\n");
	judge_promise("-1 with EINVAL if EPFILE is no epoll or MAX");
	play_more(driver, "wait a 4 => -1 EINVAL\n"
			  "wait b 4 => -1 EBADF\n"
			  "wait e 0 => -1 EINVAL\n");
	judge_promise("Errors are -1 with errno, as in epoll_ctl(2)");
	play_more(driver, "close e => 0\n"
			  "add e a IN => -1 EBADF\n"
			  "wait e 4 => -1 EBADF\n");
	prog_finish(driver);
	of_several_mistakes();
}

/*
 * One file through two descriptors is two items; and a number that is used
 * again, while a dup keeps the old file open, is another item.
 */
GRADED(uepoll, key_is_file_and_descriptor)
{
	play("epoll e => 0\n"
	     "stream a b => 1 2\n"
	     "add e a IN => 0\n"
	     "dup a a2 => 3\n"
	     "add e a2 IN|ET => 0\n"
	     "items e => 2 1=a:IN|ERR|HUP 3=a2:IN|ERR|HUP|ET\n"
	     "write b 1 => 1\n"
	     "wait e 8 => 2 a2:IN a:IN\n"
	     "close a => 0\n"
	     "items e => 2 1=a:IN|ERR|HUP 3=a2:IN|ERR|HUP|ET\n"
	     "pipe r w => 1 4\n"
	     "add e r IN => 0\n"
	     "items e => 3 1=a:IN|ERR|HUP 1=r:IN|ERR|HUP "
	     "3=a2:IN|ERR|HUP|ET\n"
	     "write w 1 => 1\n"
	     "wait e 8 => 2 a:IN r:IN\n"
	     "del e a2 => 0\n"
	     "mod e a IN|OUT => 0\n"
	     "items e => 2 1=a:IN|ERR|HUP 1=a:IN|OUT|ERR|HUP\n"
	     "wait e 8 => 2 a:IN a:IN\n");
}

/* Reported items take turns; what is read meanwhile drops out without a word. */
GRADED(uepoll, level_goes_to_the_tail)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("Looks through the ready list from its head,");
	play_more(driver, "epoll e => 0\n"
			  "stream a a2 => 1 2\n"
			  "stream b b2 => 3 4\n"
			  "stream c c2 => 5 6\n"
			  "add e a IN => 0\n"
			  "add e b IN => 0\n"
			  "add e c IN => 0\n"
			  "write c2 1 => 1\n"
			  "write a2 1 => 1\n"
			  "write b2 1 => 1\n"
			  "wait e 1 => 1 c:IN\n");
	judge_promise("Items not reached stay at the head, in their");
	play_more(driver, "wait e 1 => 1 a:IN\n"
			  "wait e 1 => 1 b:IN\n");
	judge_promise("A reported item goes back to the tail of the");
	play_more(driver, "wait e 1 => 1 c:IN\n"
			  "wait e 2 => 2 a:IN b:IN\n");
	judge_promise("Looks through the ready list from its head,");
	play_more(driver, "read a 1 => 1\n"
			  "wait e 8 => 2 c:IN b:IN\n");
	judge_promise("A reported item goes back to the tail of the");
	play_more(driver, "wait e 2 => 2 c:IN b:IN\n"
			  "write a2 1 => 1\n"
			  "wait e 8 => 3 c:IN b:IN a:IN\n"
			  "read a 1 => 1\n"
			  "read b 1 => 1\n"
			  "read c 1 => 1\n");
	judge_promise("0 if there are none;");
	play_more(driver, "wait e 8 => 0\n");
	judge_promise("Looks through the ready list from its head,");
	play_more(driver, "write b2 1 => 1\n"
			  "wait e 8 => 1 b:IN\n");
	prog_finish(driver);
}

/* An edge is reported once, and each arrival is an edge. */
GRADED(uepoll, edge_is_told_once)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("An item on the ready list is a rumour, not");
	play_more(driver, "epoll e => 0\n"
			  "stream a b => 1 2\n"
			  "pipe r w => 3 4\n"
			  "add e a IN|ET => 0\n"
			  "add e r IN|ET => 0\n"
			  "write b 10 => 10\n"
			  "wait e 8 => 1 a:IN\n");
	judge_promise("A reported item goes back to the tail of the");
	play_more(driver, "wait e 8 => 0\n"
			  "read a 3 => 3\n"
			  "wait e 8 => 0\n");
	judge_promise("An item on the ready list is a rumour, not");
	play_more(driver, "write b 1 => 1\n"
			  "write w 5 => 5\n"
			  "wait e 1 => 1 a:IN\n"
			  "write b 1 => 1\n"
			  "wait e 1 => 1 r:IN\n"
			  "wait e 1 => 1 a:IN\n");
	judge_promise("A reported item goes back to the tail of the");
	play_more(driver, "wait e 8 => 0\n");
	judge_promise("Whether it is ready is asked (polled) when it");
	play_more(driver, "read a 100 => 9\n"
			  "write w 1 => 1\n"
			  "read r 100 => 6\n"
			  "wait e 8 => 0\n");
	judge_promise("An item on the ready list is a rumour, not");
	play_more(driver, "shut b wr => 0\n"
			  "wait e 8 => 1 a:IN\n");
	judge_promise("A reported item goes back to the tail of the");
	play_more(driver, "wait e 8 => 0\n");
	prog_finish(driver);
}

/* What is on the ready list is asked again before it is reported. */
GRADED(uepoll, a_rumour_is_polled)
{
	judge_promise("Whether it is ready is asked (polled) when it");
	play("epoll e => 0\n"
	     "stream a b => 1 2\n"
	     "counter c 0 => 3\n"
	     "add e a IN => 0\n"
	     "add e c IN|ET => 0\n"
	     "write b 4 => 4\n"
	     "read a 4 => 4\n"
	     "wait e 8 => 0\n"
	     "write c 3 => 8\n"
	     "write b 4 => 4\n"
	     "read c 8 => 8 value 3\n"
	     "wait e 8 => 1 a:IN\n"
	     "write c 0 => 8\n"
	     "wait e 8 => 1 a:IN\n"
	     "mod e c OUT|ET => 0\n"
	     "wait e 8 => 2 a:IN c:OUT\n"
	     "write c max => 8\n"
	     "mod e a IN|OUT => 0\n"
	     "wait e 8 => 1 a:IN|OUT\n"
	     "read c 8 => 8 value 18446744073709551614\n"
	     "wait e 8 => 2 a:IN|OUT c:OUT\n");

	/* A task that finds rumours only, or is woken by one, sleeps. */
	judge_promise("If there is nothing to report and task->may_");
	play("epoll e => 0\n"
	     "stream a b => 1 2\n"
	     "add e a IN => 0\n"
	     "write b 4 => 4\n"
	     "read a 4 => 4\n"
	     "thread t e 4 => asleep\n"
	     "mod e a PRI => 0\n"
	     "write b 1 => 1\n"
	     "mod e a IN => 0; t 1 a:IN\n");
}

/* ONESHOT keeps the item and clears its mask; MOD brings it back. */
GRADED(uepoll, oneshot_disarms)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("EPOLLONESHOT clears all of its mask but the");
	play_more(driver, "epoll e => 0\n"
			  "stream a b => 1 2\n"
			  "add e a IN|ONESHOT => 0\n"
			  "write b 5 => 5\n"
			  "wait e 8 => 1 a:IN\n"
			  "write b 5 => 5\n"
			  "wait e 8 => 0\n"
			  "items e => 1 1=a:ONESHOT\n"
			  "shut b rdwr => 0\n"
			  "wait e 8 => 0\n"
			  "add e a IN => -1 EEXIST\n");
	judge_promise("ADD and MOD poll the file: if it is ready now");
	play_more(driver, "mod e a IN|RDHUP|ONESHOT|ET => 0\n"
			  "items e => 1 1=a:IN|RDHUP|ERR|HUP|ONESHOT|ET\n"
			  "wait e 8 => 1 a:IN|RDHUP|HUP\n");
	judge_promise("EPOLLONESHOT clears all of its mask but the");
	play_more(driver, "wait e 8 => 0\n"
			  "items e => 1 1=a:ONESHOT|ET\n");
	judge_promise("ADD and MOD poll the file: if it is ready now");
	play_more(driver, "mod e a IN => 0\n"
			  "wait e 8 => 1 a:IN|HUP\n"
			  "wait e 8 => 1 a:IN|HUP\n");
	judge_promise(NULL);
	play_more(driver, "del e a => 0\n"
			  "wait e 8 => 0\n");
	prog_finish(driver);
}

/* MOD asks the file, and queues the item if it is ready; it takes none off. */
GRADED(uepoll, modify_polls_again)
{
	play("epoll e => 0\n"
	     "stream a b => 1 2\n"
	     "add e a IN|ET => 0\n"
	     "write b 5 => 5\n"
	     "wait e 8 => 1 a:IN\n"
	     "wait e 8 => 0\n"
	     "mod e a IN|ET => 0\n"
	     "wait e 8 => 1 a:IN\n"
	     "mod e a OUT|ET => 0\n"
	     "wait e 8 => 1 a:OUT\n"
	     "mod e a PRI => 0\n"
	     "wait e 8 => 0\n"
	     "write b 1 => 1\n"
	     "wait e 8 => 0\n"
	     "mod e a IN|OUT => 0\n"
	     "wait e 8 => 1 a:IN|OUT\n"
	     "mod e a 0 => 0\n"
	     "wait e 8 => 0\n"
	     "mod e a IN|ET => 0\n"
	     "mod e a IN|ET => 0\n"
	     "wait e 8 => 1 a:IN\n"
	     "wait e 8 => 0\n");
}

/* An item lives as long as its file. Valgrind watches. */
GRADED(uepoll, closing_takes_items_out)
{
	struct prog *driver;

	driver = uepoll_driver_valgrind();
	judge_promise("The last descriptor of FILE is gone: removes");
	play_more(driver, "epoll e => 0\n"
			  "epoll e2 => 1\n"
			  "stream a b => 2 3\n"
			  "counter c 1 => 4\n"
			  "add e a IN => 0\n"
			  "add e c IN => 0\n"
			  "add e2 a IN|OUT => 0\n"
			  "dup a a2 => 5\n"
			  "write b 1 => 1\n"
			  "close a => 0\n"
			  "items e => 2 2=a:IN|ERR|HUP 4=c:IN|ERR|HUP\n"
			  "wait e 8 => 2 c:IN a:IN\n"
			  "del e a => -1 EBADF\n"
			  "del e a2 => -1 ENOENT\n"
			  "close a2 => 0\n"
			  "items e => 1 4=c:IN|ERR|HUP\n"
			  "items e2 => 0\n"
			  "wait e 8 => 1 c:IN\n"
			  "wait e2 8 => 0\n"
			  "write b 1 => -1 EPIPE\n"
			  "close c => 0\n"
			  "items e => 0\n"
			  "wait e 8 => 0\n");
	judge_promise("The last descriptor of the epoll EP is gone:");
	play_more(driver, "stream a b => 2 4\n"
			  "add e a IN => 0\n"
			  "write b 1 => 1\n"
			  "close e => 0\n"
			  "read a 1 => 1\n"
			  "write b 1 => 1\n"
			  "close e2 => 0\n");
	judge_promise("The last descriptor of FILE is gone: removes");
	play_more(driver, "close a => 0\n");
	prog_finish(driver);
}

/* Files that call in the middle of the copy, and where they land. */
GRADED(uepoll, overflow_during_the_copy)
{
	struct prog *driver;
	const char *order;

	judge_promise("When the batch is done they are queued: after");
	order = judge_promise("Files that call during the copying go to the");
	driver = uepoll_driver();
	play_or(driver, order,
		"epoll e => 0\n"
		"stream a a2 => 1 2\n"
		"stream b b2 => 3 4\n"
		"stream c c2 => 5 6\n"
		"stream d d2 => 7 8\n"
		"add e a IN => 0\n"
		"add e b IN|ET => 0\n"
		"add e c IN => 0\n"
		"add e d IN|ET => 0\n"
		"write a2 1 => 1\n"
		"write b2 1 => 1\n"
		"wait e 1 during 1 write c2 1 => 1 a:IN / 1\n"
		"wait e 8 => 3 b:IN c:IN a:IN\n"
		"wait e 1 during 1 write d2 1 => 1 c:IN / 1\n"
		"wait e 1 during 1 write b2 1 => 1 a:IN / 1\n"
		"wait e 8 => 4 d:IN c:IN b:IN a:IN\n"
		"wait e 2 during 2 write b2 1 => 2 c:IN a:IN / 1\n"
		"wait e 8 => 3 b:IN c:IN a:IN\n"
		"wait e 2 during 1 read c 1 => 2 c:IN a:IN / 1\n"
		"wait e 8 => 1 a:IN\n"
		"wait e 8 during 1 write a2 1 => 1 a:IN / 1\n"
		"wait e 8 => 1 a:IN\n"
		"wait e 4 during 3 write d2 1 => 1 a:IN / not reached\n");
	prog_finish(driver);

	/* An outer epoll hears of a call in the middle of the copy. */
	judge_promise("Waiters are woken with the key 0, pollers with");
	play("epoll inner => 0\n"
	     "epoll outer => 1\n"
	     "stream a a2 => 2 3\n"
	     "stream b b2 => 4 5\n"
	     "add inner a IN => 0\n"
	     "add inner b IN|ET => 0\n"
	     "add outer inner IN|ET => 0\n"
	     "write a2 1 => 1\n"
	     "wait outer 4 => 1 inner:IN\n"
	     "wait inner 1 during 1 write b2 1 => 1 a:IN / 1\n"
	     "wait outer 4 => 1 inner:IN\n");
}

/* Sleeping tasks: the last to come is woken first, and each wake-up takes one. */
GRADED(uepoll, one_waiter_is_woken)
{
	struct prog *driver;
	const char *one;

	driver = uepoll_driver();
	judge_promise("If there is nothing to report and task->may_");
	play_more(driver, "epoll e => 0\n"
			  "stream a a2 => 1 2\n"
			  "stream b b2 => 3 4\n"
			  "add e a IN|ET => 0\n"
			  "thread t1 e 4 => asleep\n"
			  "thread t2 e 4 => asleep\n"
			  "thread t3 e 4 => asleep\n"
			  "write a2 1 => 1; t3 1 a:IN\n");
	judge_promise("If the ready list is not empty then, one waiter");
	one = judge_promise("A woken task is out of the queue.");
	play_or(driver, one,
		"write a2 1 => 1; t2 1 a:IN\n"
		"thread t2 e 4 => asleep\n");
	judge_promise("ADD and MOD poll the file: if it is ready now");
	play_more(driver, "add e b IN|ONESHOT => 0\n");
	judge_promise("A woken task is out of the queue.");
	play_or(driver, one,
		"write b2 1 => 1; t2 1 b:IN\n"
		"write b2 1 => 1\n"
		"write a2 1 => 1; t1 1 a:IN\n"
		"thread t1 e 4 => asleep\n"
		"thread t2 e 4 => asleep\n");
	judge_promise("If the ready list is not empty then, one waiter");
	play_more(driver, "mod e b IN => 0; t1 1 b:IN; t2 1 b:IN\n");
	judge_promise("If there is nothing to report and task->may_");
	play_more(driver, "read b 10 => 2\n"
			  "wait e 4 => 0\n"
			  "thread t1 e 1 => asleep\n"
			  "thread t2 e 1 => asleep\n");
	judge_promise("If the ready list is not empty then, one waiter");
	play_more(driver, "mod e b OUT|ET => 0; t2 1 b:OUT\n");
	judge_promise("A woken task is out of the queue.");
	play_or(driver, one,
		"write a2 1 => 1; t1 1 a:IN\n"
		"write b2 1 => 1\n"
		"thread t1 e 4 => asleep\n"
		"close a2 => 0; t1 1 a:IN|HUP\n");
	prog_finish(driver);
}

static void exclusive_at_a_close(void)
{
	/* A close calls all, with no key: those who share it, too. */
	judge_promise("ADD puts an item into the tree and into the");
	play("epoll e1 => 0\n"
	     "epoll e2 => 1\n"
	     "stream a b => 2 3\n"
	     "add e1 a IN|EXCLUSIVE => 0\n"
	     "add e2 a IN|EXCLUSIVE => 0\n"
	     "thread t1 e1 4 => asleep\n"
	     "thread t2 e2 4 => asleep\n"
	     "close b => 0; t1 1 a:IN|HUP; t2 1 a:IN|HUP\n");

	/* It stands behind all ordinary items, edge-triggered or not. */
	judge_promise("ADD puts an item into the tree and into the");
	play("epoll e => 0\n"
	     "pipe r w => 1 2\n"
	     "add e r 0 => 0\n"
	     "dup r r2 => 3\n"
	     "add e r2 OUT|EXCLUSIVE|ET => 0\n"
	     "close w => 0\n"
	     "wait e 8 => 2 r:HUP r2:HUP\n");
}

/* EXCLUSIVE ends the walk at an epoll where somebody waits. */
GRADED(uepoll, exclusive)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("ADD puts an item into the tree and into the");
	play_more(driver, "counter c 0 => 0\n"
			  "epoll e1 => 1\n"
			  "epoll e2 => 2\n"
			  "epoll e3 => 3\n"
			  "add e1 c IN|EXCLUSIVE => 0\n"
			  "add e2 c IN|EXCLUSIVE => 0\n"
			  "thread t1 e1 4 => asleep\n"
			  "thread t2 e2 4 => asleep\n"
			  "write c 1 => 8; t1 1 c:IN\n"
			  "read c 8 => 8 value 1\n"
			  "wait e1 4 => 0\n"
			  "wait e2 4 => 0\n"
			  "thread t1 e1 4 => asleep\n"
			  "add e3 c IN => 0\n"
			  "thread t3 e3 4 => asleep\n"
			  "write c 1 => 8; t1 1 c:IN; t3 1 c:IN\n");
	judge_promise("It watches simulated files (ufile.h) and answers");
	play_more(driver, "write c 1 => 8; t2 1 c:IN\n"
			  "wait e3 4 => 1 c:IN\n");
	judge_promise("EPOLLERR and EPOLLHUP are always added to");
	play_more(driver, "items e1 => 1 0=c:IN|ERR|HUP|EXCLUSIVE\n");
	judge_promise("EINVAL MOD of an item that was added with");
	play_more(driver, "mod e1 c IN => -1 EINVAL\n");
	judge_promise("EINVAL EPOLLEXCLUSIVE with MOD; with ADD of an");
	play_more(driver, "mod e1 c IN|EXCLUSIVE => -1 EINVAL\n"
			  "add e3 e1 IN|EXCLUSIVE => -1 EINVAL\n"
			  "del e1 c => 0\n"
			  "add e1 c IN|EXCLUSIVE|ONESHOT => -1 EINVAL\n"
			  "add e1 c IN|RDHUP|EXCLUSIVE => -1 EINVAL\n");
	judge_promise("All that may stand beside EPOLLEXCLUSIVE.");
	play_more(driver, "add e1 c OUT|EXCLUSIVE|ET => 0\n"
			  "wait e1 4 => 1 c:OUT\n"
			  "items e1 => 1 0=c:OUT|ERR|HUP|EXCLUSIVE|ET\n");
	prog_finish(driver);
	exclusive_at_a_close();
}

/* An epoll in an epoll: it calls, and is polled. */
GRADED(uepoll, nested)
{
	struct prog *driver;

	driver = uepoll_driver();
	judge_promise("What an epoll's own poll says: EPOLLIN |");
	play_more(driver, "epoll inner => 0\n"
			  "epoll outer => 1\n"
			  "stream a b => 2 3\n"
			  "counter c 0 => 4\n"
			  "add inner a IN => 0\n"
			  "add inner c IN|ET => 0\n"
			  "add outer inner IN => 0\n"
			  "wait outer 4 => 0\n");
	judge_promise("Waiters are woken with the key 0, pollers with");
	play_more(driver, "write b 1 => 1\n"
			  "wait outer 4 => 1 inner:IN\n"
			  "wait outer 4 => 1 inner:IN\n");
	judge_promise("What an epoll's own poll says: EPOLLIN |");
	play_more(driver, "wait inner 4 => 1 a:IN\n"
			  "read a 1 => 1\n"
			  "wait outer 4 => 0\n"
			  "wait inner 4 => 0\n");
	judge_promise("Waiters are woken with the key 0, pollers with");
	play_more(driver, "write c 1 => 8\n"
			  "wait outer 4 => 1 inner:IN\n");
	judge_promise("What an epoll's own poll says: EPOLLIN |");
	play_more(driver, "wait inner 4 => 1 c:IN\n"
			  "wait outer 4 => 0\n");
	judge_promise("Waiters are woken with the key 0, pollers with");
	play_more(driver, "mod outer inner IN|ET => 0\n"
			  "write b 1 => 1\n"
			  "wait outer 4 => 1 inner:IN\n"
			  "wait outer 4 => 0\n");
	judge_promise("if it is on it already, nothing happens.");
	play_more(driver, "mod inner a IN => 0\n"
			  "wait outer 4 => 0\n");
	judge_promise("Waiters are woken with the key 0, pollers with");
	play_more(driver, "write c 1 => 8\n"
			  "wait outer 4 => 1 inner:IN\n");
	judge_promise("What an epoll's own poll says: EPOLLIN |");
	play_more(driver, "dup inner i2 => 5\n"
			  "add outer i2 IN => 0\n"
			  "wait outer 1 => 1 i2:IN\n"
			  "wait outer 1 => 1 i2:IN\n");
	judge_promise("The last descriptor of FILE is gone: removes");
	play_more(driver, "close inner => 0\n"
			  "close i2 => 0\n"
			  "wait outer 4 => 0\n"
			  "items outer => 0\n");
	prog_finish(driver);
}

/* No circle, and no more than four links below the outermost. */
GRADED(uepoll, nesting_is_limited)
{
	judge_promise("ELOOP ADD of an epoll that EPFILE is nested");
	play("epoll e1 => 0\n"
	     "epoll e2 => 1\n"
	     "epoll e3 => 2\n"
	     "epoll e4 => 3\n"
	     "epoll e5 => 4\n"
	     "epoll e6 => 5\n"
	     "add e1 e2 IN => 0\n"
	     "add e2 e1 IN => -1 ELOOP\n"
	     "add e2 e3 IN => 0\n"
	     "add e3 e1 IN => -1 ELOOP\n"
	     "add e3 e4 IN => 0\n"
	     "add e4 e5 IN => 0\n"
	     "add e5 e6 IN => -1 ELOOP\n"
	     "add e6 e1 IN => -1 ELOOP\n"
	     "add e1 e1 IN => -1 EINVAL\n"
	     "add e1 e2 IN => -1 EEXIST\n"
	     "del e2 e3 => 0\n"
	     "add e6 e1 IN => 0\n"
	     "add e2 e3 IN => -1 ELOOP\n"
	     "del e3 e4 => 0\n"
	     "add e2 e3 IN => 0\n"
	     "add e1 e5 IN => 0\n"
	     "add e5 e6 IN => -1 ELOOP\n"
	     "items e1 => 2 1=e2:IN|ERR|HUP 4=e5:IN|ERR|HUP\n");
}
