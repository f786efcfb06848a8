/* SPDX-License-Identifier: MIT */
/*
 * rules - the rules file: its text made into structures, and back.
 *
 *	file     = { rule | "(" "maxsessions_per_ip" number ")" } ;
 *	rule     = id mode { property } client { client }
 *	           "-" listen { listen } [ ">" server { server } ] ";" ;
 *	mode     = "G" | "MS" | "RR" | "LC" | "RT" | "RD" | "HS" | "P2" | "CH" ;
 *	client   = pattern { property } ;
 *	server   = address { property } ;
 *	property = "(" name [ value ] { name [ value ] } ")" ;
 *
 * Words are parted by blanks, tabs and line ends, CR among them; "(", ")", ";"
 * and ">" also stand alone without. "-" is only a word of its own, as names
 * hold it. "#" where a word could begin starts a comment, up to the line's end.
 * All other bytes are part of words, whatever their encoding (text/lexer.h).
 *
 * The properties, times in whole seconds, 0 for "off":
 *
 *	rule	timeout 0, connect_timeout 5, half_close_timeout 60, ban 10,
 *		retries (one less than the servers), sticky 0,
 *		proxy_protocol v1|v2 (none), public 0|1 (0; 1 for G only)
 *	client	maxclients 0
 *	server	weight 1, maxconn 0, backup (without a value; off),
 *		check 0, rise 2, fall 3
 *
 * Each may stand once, in one pair of parentheses or in several; rise and fall
 * want a check. A rule of mode G has no ">" and no servers, any other has both;
 * "unix:/path" listens for G only, with a path of RULES_PATH_MAX bytes at most. A
 * server's port is no 0, and its host no "*". An id stands for one rule: the
 * error is where it is said again.
 *
 * A server that is said again in a rule, by the same text, is one server, where
 * it was said first, and its weight is one more; past RULES_WEIGHT_MAX that is
 * an error, E2BIG. It has its properties where it is said first: "(" cannot
 * follow the second time.
 *
 * Nothing here does I/O or resolves a name. Any thread may call.
 */
#ifndef LAB08_RULES_H
#define LAB08_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "address/pattern.h"
#include "buf.h"

/* Past a limit is an error, said with its line. */
#define RULES_TEXT_MAX	  (4u << 20) /* bytes of a file */
#define RULES_MAX	  4096	     /* rules */
#define RULES_ID_MAX	  64	     /* bytes */
#define RULES_WORD_MAX	  319	     /* bytes of an address with its port */
#define RULES_HOST_MAX	  255	     /* of a listener's or a server's host */
#define RULES_PATH_MAX	  107	     /* of a Unix socket's path, unix(7) */
#define RULES_CLIENTS_MAX 256	     /* a rule */
#define RULES_LISTENS_MAX 64
#define RULES_SERVERS_MAX 256
#define RULES_SECONDS_MAX 31536000 /* of any time: a year */
#define RULES_WEIGHT_MAX  1000
#define RULES_COUNT_MAX	  1000000 /* maxclients, maxconn, maxsessions_per_ip */
#define RULES_RETRIES_MAX 255
#define RULES_CHECKS_MAX  100 /* rise, fall */

enum rules_mode {
	RULES_G,  /* management */
	RULES_MS, /* main and standby */
	RULES_RR, /* round robin */
	RULES_LC, /* least connections */
	RULES_RT, /* least response time */
	RULES_RD, /* random */
	RULES_HS, /* hash of the client's address */
	RULES_P2, /* the better of two at random */
	RULES_CH, /* consistent hash with bounded loads */
};

struct rules_client {
	char text[RULES_WORD_MAX + 1]; /* as written */
	struct pattern pattern;	       /* what it says */
	unsigned int maxclients;
};

struct rules_listen {
	char text[RULES_WORD_MAX + 1]; /* HOST:PORT or unix:/path */
};

struct rules_server {
	char text[RULES_WORD_MAX + 1]; /* HOST:PORT, not resolved */
	unsigned int weight;
	unsigned int maxconn;
	bool backup;
	unsigned int check; /* seconds */
	unsigned int rise;
	unsigned int fall;
};

#define RULES_RETRIES_UNSET (-1)

struct rule {
	char id[RULES_ID_MAX + 1];
	enum rules_mode mode;
	unsigned int timeout;
	unsigned int connect_timeout;
	unsigned int half_close_timeout;
	unsigned int ban;
	unsigned int sticky;
	unsigned int proxy_protocol; /* 0, 1 or 2 */
	int retries;		     /* or RULES_RETRIES_UNSET */
	bool is_public;
	struct rules_client *clients;
	struct rules_listen *listens;
	struct rules_server *servers;
	size_t client_count;
	size_t listen_count;
	size_t server_count;
	/*
	 * Where it stands in the text: from its id to behind its ";", or to the
	 * end of the text if rules_parse_rule() found none.
	 */
	size_t line; /* of the id, from 1 */
	size_t start;
	size_t end;
};

struct rules {
	struct rule **list; /* in the order of the file */
	size_t count;
	unsigned int maxsessions_per_ip; /* 0: no limit */
};

struct rules_error {
	size_t line;	/* from 1; 0 if it is about no line (no memory) */
	char text[200]; /* what is wrong, and what was expected */
};

/*
 * Reads the LEN bytes at TEXT, a whole file; they may hold any byte. An empty
 * file has no rules. What is wrong is reported at the first token that cannot
 * follow: of a missing ";" that is the word after it, on its line.
 *
 * Returns 0 with *R filled, for rules_free(); or -1 with errno EINVAL (syntax,
 * a value out of its range, an id said twice), E2BIG (past a limit) or ENOMEM,
 * with *ERROR filled and nothing to free.
 */
int rules_parse(const char *text, size_t len, struct rules *r,
		struct rules_error *error);

/*
 * Reads TEXT as one rule and nothing else; its final ";" may be missing.
 *
 * Returns it, for rule_free(); or NULL as rules_parse() fails.
 */
struct rule *rules_parse_rule(const char *text, size_t len,
			      struct rules_error *error);

/*
 * Adds R to OUT as one line without a line end, words parted by one blank:
 *
 *	web MS ( timeout 120 ) 10.0.0.1:* ( maxclients 3 ) - 10.0.0.9:80 >
 *	10.0.1.1:80 10.0.1.2:80 ( backup ) ;
 *
 * Properties stand in one pair of parentheses, in the order of the list above,
 * those that have their defaults left out. rules_parse_rule() makes the same
 * rule of it.
 *
 * Returns 0, or -1 with errno ENOMEM or ENOBUFS, OUT as it was or longer.
 */
int rules_print(const struct rule *r, struct buf *out);

/* The name of MODE: "G", "MS", ... */
const char *rules_mode_name(enum rules_mode mode);

/* Gives all back that rules_parse() took. *R is empty then. */
void rules_free(struct rules *r);

/* The same for one rule, which may be NULL. */
void rule_free(struct rule *r);

#endif
