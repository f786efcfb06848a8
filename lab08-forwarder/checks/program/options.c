/* SPDX-License-Identifier: MIT */
/* The options of the sockets on both sides. */
#include "tests/fwdtest.h"
#include "tests/sockets.h"

/* The accepted one has them from its listener, the connected one from relay.c. */
GRADED(program, both_sockets_have_their_options)
{
	struct peer_listener *l = fwd_server();
	struct fwd *f =
		fwd_start(1, "a RR *:* - 127.0.0.1:0 > %s ;", fwd_at(l));
	struct peer *c = fwd_client(f, 0, NULL), *s = peer_accept(l);
	struct peer *a = fwd_client(f, 0, NULL), *b = peer_accept(l);

	peer_across(c, 10, s, 10);
	sockets_probed(f->at[0], peer_local(c));
	sockets_probed(peer_remote(s), fwd_at(l));
	sockets_hold_nothing(c, s, a, b);
	sockets_hold_nothing(s, c, a, b);
	prog_stop(f->p);
}
