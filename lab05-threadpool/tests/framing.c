/* SPDX-License-Identifier: MIT */
/* Task 2: framing.c, by way of tests/drivers/request-driver.c. */
#include <string.h>

#include "http_any.h"
#include "util.h"
#include "vector.h"

#define POST	"POST / HTTP/1.1\r\nHost: a\r\n"
#define POST_10 "POST / HTTP/1.0\r\n"
#define NEXT	"GET / HTTP/1.0\r\n\r\n"
#define CL	"Content-Length: "
#define TE	"Transfer-Encoding: "
#define LAST	"\r\n0\r\n\r\n"

#define WANT	  "request POST / 1.1 keep-alive\npath /\nfield Host: a\n"
#define WANT_10	  "request POST / 1.0 close\npath /\n"
#define WANT_CL	  "field Content-Length: "
#define WANT_TE	  "field Transfer-Encoding: "
#define WANT_NEXT "request GET / 1.0 close\npath /\nend"

static const struct vector lengths[] = {
	V("five bytes", POST CL "5\r\n\r\nhello",
	  WANT WANT_CL "5\nlength 5\nbody hello\nend"),
	V_PROMISE("Bytes behind the body's end are left alone:",
		  "five bytes, and another request",
		  POST CL "5\r\n\r\nhello" NEXT,
		  WANT WANT_CL "5\nlength 5\nbody hello\nend\n" WANT_NEXT),
	V_PROMISE("Exactly LEN bytes.", "no bytes", POST CL "0\r\n\r\n" NEXT,
		  WANT WANT_CL "0\nend\n" WANT_NEXT),
	V("leading zeros", POST CL "00000000000000000000005\r\n\r\nhello",
	  WANT WANT_CL "00000000000000000000005\nlength 5\nbody hello\nend"),
	V("ten is not eight", POST CL "010\r\n\r\n0123456789",
	  WANT WANT_CL "010\nlength 10\nbody 0123456789\nend"),
	V_PROMISE("neither there is no body.", "no length is no body",
		  POST "\r\n" NEXT, WANT "end\n" WANT_NEXT),
	V_PROMISE("neither there is no body.",
		  "no length is no body, in HTTP/1.0 neither",
		  POST_10 "\r\n" NEXT, WANT_10 "end\n" WANT_NEXT),
	V("white space around the number", POST CL "\t 3 \t\r\n\r\nabc",
	  WANT WANT_CL "3\nlength 3\nbody abc\nend"),
	V_PROMISE("Words are the same in whatever case.",
		  "the name in capitals", POST "CONTENT-LENGTH: 1\r\n\r\na",
		  WANT "field CONTENT-LENGTH: 1\nlength 1\nbody a\nend"),
	V_PROMISE("Exactly LEN bytes.", "a body that does not come",
		  POST CL "5\r\n\r\nhel",
		  WANT WANT_CL "5\nlength 5\nbody hel\nmore"),
	V_PROMISE("Decides what the fields of *R mean,", "a body for GET",
		  "GET / HTTP/1.0\r\n" CL "2\r\n\r\nhi" NEXT,
		  "request GET / 1.0 close\npath /\n" WANT_CL
		  "2\nlength 2\nbody "
		  "hi\nend\n" WANT_NEXT),
	V_PROMISE("More than r->body_max, be it more than fits",
		  "a mebibyte is the limit", POST CL "1048576\r\n\r\n",
		  WANT WANT_CL "1048576\nlength 1048576\nmore"),
};

GRADED(framing, content_length)
{
	judge_promise("one, of decimal digits and nothing else,");
	vectors_check("request-driver", lengths, ARRAY_LEN(lengths));
}

#define LENGTH(story, number, status) \
	V(story, POST CL number "\r\n\r\nhello", "refused " status)

static const struct vector bad_lengths[] = {
	LENGTH("a byte above the limit", "1048577", "413"),
	LENGTH("2^32 + 5", "4294967301", "413"),
	LENGTH("2^64 - 1", "18446744073709551615", "413"),
	LENGTH("2^64 + 5", "18446744073709551621", "413"),
	LENGTH("forty digits", "9999999999999999999999999999999999999999",
	       "413"),
	LENGTH("empty", "", "400"),
	LENGTH("a sign", "+5", "400"),
	LENGTH("a negative number", "-5", "400"),
	LENGTH("a hexadecimal number", "0x5", "400"),
	LENGTH("a letter at the end", "5a", "400"),
	LENGTH("a letter behind a huge number", "99999999999999999999999a",
	       "400"),
	LENGTH("a fraction", "5.0", "400"),
	LENGTH("a space in the middle", "5 0", "400"),
	LENGTH("two numbers", "5, 6", "400"),
	LENGTH("one number twice", "5, 5", "400"),
	LENGTH("digits of another script", "\xd9\xa5", "400"),
};

/* With a limit of 2^64 - 1. */
static const struct vector lengths_without_limit[] = {
	V("2^64 - 1, which is allowed", POST CL "18446744073709551615\r\n\r\n",
	  WANT WANT_CL
	  "18446744073709551615\nlength 18446744073709551615\nmore"),
	LENGTH("2^64", "18446744073709551616", "413"),
	LENGTH("2^64 + 5", "18446744073709551621", "413"),
	LENGTH("25 * 2^60", "28823037615171174400", "413"),
	LENGTH("2^68 + 5", "295147905179352825861", "413"),
};

static void no_limit(void)
{
	struct prog *driver = prog_driver("request-driver");

	judge_step("bodies may have 2^64 - 1 bytes");
	judge_checking("framing_any_limit");
	prog_input(driver, "body-max 18446744073709551615");
	prog_expect_line(driver, ".");
	for (size_t i = 0; i < ARRAY_LEN(lengths_without_limit); i++)
		vector_check(driver, &lengths_without_limit[i]);
	judge_checking(NULL);
	prog_finish(driver);
}

GRADED(framing, bad_content_length)
{
	vectors_check("request-driver", bad_lengths, ARRAY_LEN(bad_lengths));
	no_limit();
}

#define CHUNKED(story, value) \
	V(story, POST TE value "\r\n" LAST, WANT WANT_TE value "\nchunked\nend")
#define CODING(story, value, status) \
	V(story, POST TE value "\r\n" LAST, "refused " status)

static const struct vector chunked[] = {
	CHUNKED("chunked", "chunked"),
	CHUNKED("Chunked", "Chunked"),
	CHUNKED("CHUNKED", "CHUNKED"),
	V("and then another request", POST TE "chunked\r\n" LAST NEXT,
	  WANT WANT_TE "chunked\nchunked\nend\n" WANT_NEXT),
};

static const struct vector codings[] = {
	CODING("gzip, then chunked", "gzip, chunked", "501"),
	CODING("identity, then chunked", "identity,chunked", "501"),
	CODING("chunked is not the last", "chunked, gzip", "400"),
	CODING("chunked twice", "chunked, chunked", "400"),
	CODING("chunked is not there", "gzip", "400"),
	CODING("identity", "identity", "400"),
	CODING("nothing", "", "400"),
	CODING("an empty element first", ", chunked", "400"),
	CODING("an empty element last", "chunked,", "400"),
	CODING("a letter before", "xchunked", "400"),
	CODING("a letter behind", "chunkedx", "400"),
	CODING("half of it", "chunk", "400"),
	CODING("a parameter", "chunked;q=1", "400"),
	CODING("in quotes", "\"chunked\"", "400"),
};

GRADED(framing, transfer_encoding)
{
	judge_promise("The body is then chunked, of at most r->body_max");
	vectors_check("request-driver", chunked, ARRAY_LEN(chunked));
	judge_promise("Its last element must be ");
	vectors_check("request-driver", codings, ARRAY_LEN(codings));
}

#define REFUSED(story, fields) V(story, POST fields LAST NEXT, "refused 400")

static const struct vector both_fields[] = {
	REFUSED("length, then chunked", CL "6\r\n" TE "chunked\r\n"),
	REFUSED("chunked, then length", TE "chunked\r\n" CL "6\r\n"),
	REFUSED("a length of 0 with chunked", CL "0\r\n" TE "chunked\r\n"),
	REFUSED("names in odd cases", "cONTENT-lENGTH: 6\r\ntRANSFER-eNCODING: "
				      "chunked\r\n"),
	REFUSED("a bad length with chunked", CL "x\r\n" TE "chunked\r\n"),
	V_PROMISE("If several are wrong, the first in this order",
		  "a length with gzip",
		  POST CL "5\r\n" TE "gzip, chunked\r\n" LAST NEXT,
		  "refused 400"),
};

static const struct vector two_lengths[] = {
	REFUSED("two lengths", CL "5\r\n" CL "6\r\n"),
	REFUSED("two lengths that agree", CL "5\r\n" CL "5\r\n"),
	REFUSED("two lengths with a field between", CL "5\r\nA: b\r\n" CL "6\r"
						       "\n"),
};

static const struct vector two_codings[] = {
	REFUSED("two codings", TE "chunked\r\n" TE "identity\r\n"),
	REFUSED("two codings that agree", TE "chunked\r\n" TE "chunked\r\n"),
};

static const struct vector hidden_ones[] = {
	REFUSED("a space hides one", CL "6\r\nTransfer-Encoding : chunked\r\n"),
	REFUSED("a fold hides one", CL "6\r\nA:\r\n " TE "chunked\r\n"),
	REFUSED("a vertical tab hides one", CL "6\r\n" TE "\x0b"
					       "chunked\r\n"),
	REFUSED("a carriage return hides one", CL "6\r\nA: b\r" TE "chunked"),
};

static const struct vector in_http10[] = {
	V("chunked in HTTP/1.0", POST_10 TE "chunked\r\n" LAST, "refused 400"),
};

GRADED(framing, refuses_smuggling)
{
	struct prog *driver;

	judge_promise("400 together with Content-Length, more than once,");
	vectors_check("request-driver", both_fields, ARRAY_LEN(both_fields));
	judge_promise("one, of decimal digits and nothing else,");
	vectors_check("request-driver", two_lengths, ARRAY_LEN(two_lengths));
	judge_promise("400 together with Content-Length, more than once,");
	vectors_check("request-driver", two_codings, ARRAY_LEN(two_codings));
	judge_promise("So this refuses what is ambiguous, and repairs");
	vectors_check("request-driver", hidden_ones, ARRAY_LEN(hidden_ones));
	judge_promise("400 together with Content-Length, more than once,");
	vectors_check("request-driver", in_http10, ARRAY_LEN(in_http10));
	driver = prog_driver("request-driver");
	any_fields(driver);
	prog_finish(driver);
}

#define GET(version, fields) \
	"GET / HTTP/" version "\r\nHost: a\r\n" fields "\r\n"
#define GOES(version, how, fields)                                          \
	"request GET / " version " " how "\npath /\nfield Host: a\n" fields \
	"end"
#define CONN	  "Connection: "
#define WANT_CONN "field Connection: "

static const struct vector versions[] = {
	V("HTTP/1.1 goes on", GET("1.1", ""), GOES("1.1", "keep-alive", "")),
	V("a later HTTP/1 goes on", GET("1.2", ""),
	  GOES("1.2", "keep-alive", "")),
	V("the last HTTP/1 goes on", GET("1.9", ""),
	  GOES("1.9", "keep-alive", "")),
	V("HTTP/1.0 does not", GET("1.0", ""), GOES("1.0", "close", "")),
	V("HTTP/1.1 and close", GET("1.1", CONN "close\r\n"),
	  GOES("1.1", "close", WANT_CONN "close\n")),
	V("HTTP/1.0 and keep-alive", GET("1.0", CONN "Keep-Alive\r\n"),
	  GOES("1.0", "keep-alive", WANT_CONN "Keep-Alive\n")),
};

static const struct vector lists[] = {
	V("close in a list", GET("1.1", CONN "a ,Close\t, b\r\n"),
	  GOES("1.1", "close", WANT_CONN "a ,Close\\x09, b\n")),
	V("keep-alive in a list", GET("1.0", CONN "TE,,keep-alive,\r\n"),
	  GOES("1.0", "keep-alive", WANT_CONN "TE,,keep-alive,\n")),
	V_PROMISE("With ", "close wins",
		  GET("1.0", CONN "keep-alive, close\r\n"),
		  GOES("1.0", "close", WANT_CONN "keep-alive, close\n")),
	V("two fields are one list",
	  GET("1.1", CONN "a\r\nB: c\r\n" CONN "close\r\n"),
	  GOES("1.1", "close",
	       WANT_CONN "a\nfield B: c\n" WANT_CONN "close\n")),
	V("no word of the list", GET("1.1", CONN "closed, xclose\r\n"),
	  GOES("1.1", "keep-alive", WANT_CONN "closed, xclose\n")),
	V("no word of the list, in HTTP/1.0",
	  GET("1.0", CONN "keep-alived, xkeep-alive\r\n"),
	  GOES("1.0", "close", WANT_CONN "keep-alived, xkeep-alive\n")),
	V("two words are no element", GET("1.1", CONN "a close, close a\r\n"),
	  GOES("1.1", "keep-alive", WANT_CONN "a close, close a\n")),
	V("two words are no element, in HTTP/1.0",
	  GET("1.0", CONN "a keep-alive, keep-alive a\r\n"),
	  GOES("1.0", "close", WANT_CONN "a keep-alive, keep-alive a\n")),
	V("a parameter is no part of a word",
	  GET("1.1", CONN "close;a=1, a;close\r\n"),
	  GOES("1.1", "keep-alive", WANT_CONN "close;a=1, a;close\n")),
};

/* Values that are another than 100-continue: Expect is no list, either. */
#define UNEXPECTED(story, value)                                            \
	V_PROMISE("Any other value is ignored, and so is any field", story, \
		  POST CL "1\r\nExpect: " value "\r\n\r\na",                \
		  WANT WANT_CL "1\nfield Expect: " value                    \
			       "\nlength 1\nbody a\nend")

static const struct vector expectations[] = {
	V("one that waits", POST CL "1\r\nExpect: 100-Continue\r\n\r\na",
	  WANT WANT_CL "1\nfield Expect: 100-Continue\nlength 1 continue\nbody "
		       "a\nend"),
	V("one that waits for a body of no bytes",
	  POST CL "0\r\nExpect: 100-continue\r\n\r\n",
	  WANT WANT_CL "0\nfield Expect: 100-continue\nend"),
	V_PROMISE("Any other value is ignored, and so is any field",
		  "one that waits, by the first field of two",
		  POST CL "1\r\nExpect: 100-continue\r\nExpect: a\r\n\r\na",
		  WANT WANT_CL
		  "1\nfield Expect: 100-continue\nfield Expect: a\n"
		  "length 1 continue\nbody a\nend"),
	V_PROMISE("Any other value is ignored, and so is any field",
		  "one that does not, by the first field of two",
		  POST CL "1\r\nExpect: a\r\nExpect: 100-continue\r\n\r\na",
		  WANT WANT_CL
		  "1\nfield Expect: a\nfield Expect: 100-continue\n"
		  "length 1\nbody a\nend"),
	V("one that waits in a later HTTP/1",
	  "POST / HTTP/1.3\r\nHost: a\r\n" CL "1\r\nExpect: "
	  "100-continue\r\n\r\na",
	  "request POST / 1.3 keep-alive\npath /\nfield Host: a\n" WANT_CL
	  "1\nfield Expect: 100-continue\nlength 1 continue\nbody a\nend"),
	V("one that waits for nothing", POST "Expect: 100-continue\r\n\r\n",
	  WANT "field Expect: 100-continue\nend"),
	UNEXPECTED("100-continue, and another", "100-continue, a"),
	UNEXPECTED("another, and 100-continue", "a=1,100-continue"),
	UNEXPECTED("100-continue twice", "100-continue, 100-continue"),
	UNEXPECTED("100-continue, and nothing", "100-continue,"),
	UNEXPECTED("a parameter", "100-continue;a=1"),
	UNEXPECTED("two words", "100-continue a"),
	UNEXPECTED("in quotes", "\"100-continue\""),
	UNEXPECTED("a letter before", "x100-continue"),
	UNEXPECTED("a letter behind", "100-continued"),
	UNEXPECTED("half of it", "100"),
	UNEXPECTED("nothing", ""),
	V("one that cannot wait",
	  POST_10 CL "1\r\nExpect: 100-continue\r\n\r\na",
	  WANT_10 WANT_CL "1\nfield Expect: 100-continue\nlength 1\nbody "
			  "a\nend"),
};

GRADED(framing, connection)
{
	judge_promise("With ");
	vectors_check("request-driver", versions, ARRAY_LEN(versions));
	judge_promise("Connection a list, perhaps over several fields.");
	vectors_check("request-driver", lists, ARRAY_LEN(lists));
	judge_promise("Expect ");
	vectors_check("request-driver", expectations, ARRAY_LEN(expectations));
}

#define HOST_OK(host)                                       \
	V(host, "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n", \
	  "request GET / 1.1 keep-alive\npath /\nfield Host: " host "\nend")
#define HOST_BAD(host) \
	V(host, "GET / HTTP/1.1\r\nHost: " host "\r\n\r\n", "refused 400")
#define TARGET_BAD(line) \
	V(line, line " HTTP/1.1\r\nHost: a\r\n\r\n", "refused 400")

static const struct vector hosts[] = {
	HOST_OK(""),
	HOST_OK("a.example:8080"),
	HOST_OK("[::1]:80"),
	HOST_OK("[::ffff:1.2.3.4]"),
	HOST_OK("a%20b:"),
	HOST_BAD("a b"),
	HOST_BAD("a, b"),
	HOST_BAD("a/b"),
	HOST_BAD("u@a"),
	HOST_BAD("a:b"),
	HOST_BAD("::1"),
	HOST_BAD("[::1"),
	HOST_BAD("[:::::]"),
	HOST_BAD("[1:2:3]"),
	HOST_BAD("[]"),
	HOST_BAD("[::1]a"),
	HOST_BAD("%zz"),
	HOST_BAD("a%2"),
	V("none", "GET / HTTP/1.1\r\n\r\n", "refused 400"),
	V("two", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "refused 400"),
	V("two in HTTP/1.0",
	  "GET / HTTP/1.0\r\nHost: a\r\nA: b\r\nhost: b\r\n\r\n",
	  "refused 400"),
	V("none in a later HTTP/1", "GET / HTTP/1.2\r\n\r\n", "refused 400"),
	V("none beside an absolute target", "GET http://a/ HTTP/1.1\r\n\r\n",
	  "refused 400"),
};

static const struct vector bad_targets[] = {
	TARGET_BAD("GET *"),
	TARGET_BAD("GET a"),
	TARGET_BAD("GET ftp://a/"),
	TARGET_BAD("GET http:///"),
	TARGET_BAD("GET http://u@a/"),
	TARGET_BAD("GET http://%zz/"),
	TARGET_BAD("GET http://[1:2:3]/"),
	TARGET_BAD("CONNECT [:::::]:80"),
	TARGET_BAD("CONNECT /"),
	TARGET_BAD("CONNECT a"),
};

#define TARGET(story, line, want)                     \
	V(story, line " HTTP/1.1\r\nHost: a\r\n\r\n", \
	  "request " line " 1.1 keep-alive\n" want "field Host: a\nend")

static const struct vector targets[] = {
	TARGET("a query", "GET /a%20b?c=d?e", "path /a%20b\nquery c=d?e\n"),
	TARGET("an absolute target", "GET http://b:1/c?d",
	       "path /c\nquery d\nauthority b:1\n"),
	TARGET("the server as a whole", "OPTIONS *", "path *\n"),
	TARGET("a tunnel", "CONNECT b:443", "authority b:443\n"),
};

GRADED(framing, host_and_target)
{
	judge_promise("just one from HTTP/1.1 on, in HTTP/1.0 at most");
	vectors_check("request-driver", hosts, ARRAY_LEN(hosts));
	judge_promise("target by target_split(), which may refuse it.");
	vectors_check("request-driver", bad_targets, ARRAY_LEN(bad_targets));
	vectors_check("request-driver", targets, ARRAY_LEN(targets));
}
