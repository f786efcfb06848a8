/* SPDX-License-Identifier: MIT */
/* Task 1: response.c, by way of tests/drivers/response-driver.c: the head. */
#include "responsetest.h"
#include "util.h"
#include "vector.h"

#define DRIVER "response-driver"
#define LINE   "HTTP/1.1 200 OK\r\n"
#define NONE   "Content-Length: 0\r\n"
#define PLAIN  "answer 200 1.1 keep-alive\n"

static const struct vector lines[] = {
	V("the usual one", LINE NONE "\r\n", PLAIN "end"),
	V("an empty reason", "HTTP/1.1 200 \r\n" NONE "\r\n", PLAIN "end"),
	V("no reason at all", "HTTP/1.1 200\r\n" NONE "\r\n", PLAIN "end"),
	V("a reason of many words, tabs and other bytes",
	  "HTTP/1.1 200 a  b\tc \"\xc3\xa4\" \r\n" NONE "\r\n", PLAIN "end"),
	V("HTTP/1.0", "HTTP/1.0 200 OK\r\n" NONE "\r\n",
	  "answer 200 1.0 close\nend"),
	V("a later HTTP/1", "HTTP/1.9 200 OK\r\n" NONE "\r\n",
	  "answer 200 1.9 keep-alive\nend"),
	V("the last status", "HTTP/1.1 599 x\r\n" NONE "\r\n",
	  "answer 599 1.1 keep-alive\nend"),
	V("the first final status", "HTTP/1.1 200 x\r\n" NONE "\r\n",
	  PLAIN "end"),
	V("a status that nobody knows", "HTTP/1.1 477 x\r\n" NONE "\r\n",
	  "answer 477 1.1 keep-alive\nend"),
	V("two answers, one behind the other",
	  LINE NONE "\r\nHTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno",
	  PLAIN "end\nanswer 404 1.1 keep-alive\nlength 2\nbody no\nend"),
	V("half a line", "HTTP/1.1 20", "more"),
	V("a line and no more", LINE, "more"),
	V("all but the last byte", LINE NONE "\r", "more"),
};

GRADED(response, status_line)
{
	vectors_check(DRIVER, lines, ARRAY_LEN(lines));
}

static const struct vector bad_lines[] = {
	V("HTTP/2", "HTTP/2.0 200 OK\r\n" NONE "\r\n", "refused malformed"),
	V("no version", "HTTP 200 OK\r\n\r\n", "refused malformed"),
	V_PROMISE("\"HTTP\" is in capitals.", "small letters",
		  "http/1.1 200 OK\r\n\r\n", "refused malformed"),
	V("a minor version of two digits", "HTTP/1.10 200 OK\r\n\r\n",
	  "refused malformed"),
	V("a minor version that is a letter", "HTTP/1.x 200 OK\r\n\r\n",
	  "refused malformed"),
	V("two spaces", "HTTP/1.1  200 OK\r\n\r\n", "refused malformed"),
	V("a tab", "HTTP/1.1\t200 OK\r\n\r\n", "refused malformed"),
	V("a tab behind the status", "HTTP/1.1 200\tOK\r\n\r\n",
	  "refused malformed"),
	V("two digits", "HTTP/1.1 20 OK\r\n\r\n", "refused malformed"),
	V("four digits", "HTTP/1.1 2000 OK\r\n\r\n", "refused malformed"),
	V("a status with a letter", "HTTP/1.1 2x0 OK\r\n\r\n",
	  "refused malformed"),
	V("status 099", "HTTP/1.1 099 x\r\n" NONE "\r\n", "refused malformed"),
	V("status 000", "HTTP/1.1 000 x\r\n" NONE "\r\n", "refused malformed"),
	V("status 600", "HTTP/1.1 600 x\r\n" NONE "\r\n", "refused malformed"),
	V("status 999", "HTTP/1.1 999 x\r\n" NONE "\r\n", "refused malformed"),
	V("an empty line first", "\r\n" LINE NONE "\r\n", "refused malformed"),
	V_PROMISE("No line begins with a space or tab.", "a space first",
		  " " LINE NONE "\r\n", "refused malformed"),
	V_PROMISE("Every line ends in CR LF, and neither stands", "LF alone",
		  "HTTP/1.1 200 OK\n" NONE "\r\n", "refused malformed"),
	V_PROMISE("Every line ends in CR LF, and neither stands", "CR alone",
		  "HTTP/1.1 200 OK\rx", "refused malformed"),
	V_PROMISE("Every line ends in CR LF, and neither stands", "CR CR LF",
		  "HTTP/1.1 200 OK\r\r\n" NONE "\r\n", "refused malformed"),
	V("NUL in the reason", "HTTP/1.1 200 O\0K\r\n" NONE "\r\n",
	  "refused malformed"),
	V("DEL in the reason", "HTTP/1.1 200 O\x7fK\r\n" NONE "\r\n",
	  "refused malformed"),
	V("ESC in the reason", "HTTP/1.1 200 \x1b[2J\r\n" NONE "\r\n",
	  "refused malformed"),
	V("another protocol", "SSH-2.0-x\r\n", "refused malformed"),
	V("an HTML page", "<html>", "refused malformed"),
	V("malformed, and too large a status", "HTTP/1.1 600\tx\r\n",
	  "refused malformed"),
};

GRADED(response, bad_status_line)
{
	stays_refused("<html>");
	judge_promise("The status line is \"HTTP/1.\", a digit, a space,");
	vectors_check(DRIVER, bad_lines, ARRAY_LEN(bad_lines));
}

#define FIELD(text) LINE NONE text "\r\n\r\n"

static const struct vector fields[] = {
	V("white space around a value",
	  LINE "Content-Length:\t 3 \t\r\n\r\nabc",
	  PLAIN "length 3\nbody abc\nend"),
	V("no white space", LINE "Content-Length:3\r\n\r\nabc",
	  PLAIN "length 3\nbody abc\nend"),
	V_PROMISE("Names of fields and words in their values are",
		  "names in any case", LINE "cOnTeNt-lEnGtH: 3\r\n\r\nabc",
		  PLAIN "length 3\nbody abc\nend"),
	V("a name that begins like one",
	  LINE "Content-Length-X: 9\r\nX-Content-Length: 9\r\n" NONE "\r\n",
	  PLAIN "end"),
	V("an empty value", FIELD("X:"), PLAIN "end"),
	V("a value of blanks", FIELD("X: \t "), PLAIN "end"),
	V("all characters of a token", FIELD("!#$%&'*+-.^_`|~09azAZ: x"),
	  PLAIN "end"),
	V("bytes above 0x7f, tabs and colons in a value",
	  FIELD("X: \x80\xff:\t\"a\""), PLAIN "end"),
	V_PROMISE("value of the first Location; len 0: none", "where it goes",
		  FIELD("Location: /a?b"), PLAIN "location /a?b\nend"),
	V("where it goes, without the blanks", FIELD("Location: \t /a \t"),
	  PLAIN "location /a\nend"),
	V_PROMISE("Names of fields and words in their values are",
		  "the same, and the name in another case",
		  FIELD("lOCATION: \t /a \t"), PLAIN "location /a\nend"),
	V_PROMISE("value of the first Location; len 0: none",
		  "the first of two places",
		  FIELD("Location: /a\r\nLocation: /b"),
		  PLAIN "location /a\nend"),
	V_PROMISE("value of the first Location; len 0: none", "no place",
		  FIELD("Location:"), PLAIN "end"),
	V_PROMISE("value of the first Location; len 0: none",
		  "no place, and then one", FIELD("Location:\r\nLocation: /b"),
		  PLAIN "end"),
	V_PROMISE("After an interim answer the next call begins the",
		  "a place in the interim answer only",
		  "HTTP/1.1 103 x\r\nLocation: /no\r\n\r\n" LINE NONE "\r\n",
		  "interim 103\n" PLAIN "end"),
};

GRADED(response, fields)
{
	judge_promise("A field line is a token, \":\" right behind it,");
	vectors_check(DRIVER, fields, ARRAY_LEN(fields));
}

#define BAD "refused malformed"

static const struct vector bad_fields[] = {
	V("a space before the colon", LINE "Content-Length : 0\r\n\r\n", BAD),
	V("a tab before the colon", FIELD("X\t: y"), BAD),
	V_PROMISE("No line begins with a space or tab.", "a folded line",
		  FIELD("X: a\r\n b"), BAD),
	V_PROMISE("No line begins with a space or tab.",
		  "a line folded by a tab", FIELD("X: a\r\n\tb"), BAD),
	V_PROMISE("No line begins with a space or tab.",
		  "the first line folded", LINE " X: a\r\n\r\n", BAD),
	V("no colon", FIELD("X"), BAD),
	V("no name", FIELD(": x"), BAD),
	V("a name with a space", FIELD("X Y: x"), BAD),
	V("a name in parentheses", FIELD("(X): x"), BAD),
	V("a name with a byte above 0x7f", FIELD("X\xc3\xa4: x"), BAD),
	V("a vertical tab in a value", FIELD("X: \x0b"), BAD),
	V_PROMISE("Every line ends in CR LF, and neither stands",
		  "LF alone behind a value", LINE "X: a\nY: b\r\n\r\n", BAD),
	V_PROMISE("Every line ends in CR LF, and neither stands",
		  "CR in a value", FIELD("X: a\rb"), BAD),
	V_PROMISE("Every line ends in CR LF, and neither stands",
		  "CR before CR LF", FIELD("X: a\r"), BAD),
	V_PROMISE("Every line ends in CR LF, and neither stands",
		  "LF alone as the empty line", LINE NONE "\n", BAD),
	V_PROMISE("Every line ends in CR LF, and neither stands",
		  "CR and no LF at the end", LINE NONE "\rx", BAD),
	V("NUL in a value", FIELD("X: a\0b"), BAD),
	V("NUL in a name", FIELD("X\0Y: b"), BAD),
	V("BEL in a value", FIELD("X: \x07"), BAD),
	V("DEL in a value", FIELD("X: \x7f"), BAD),
};

GRADED(response, bad_fields)
{
	stays_refused(LINE "X\r\n");
	judge_promise("A field line is a token, \":\" right behind it,");
	vectors_check(DRIVER, bad_fields, ARRAY_LEN(bad_fields));
}

/* Byte by byte: WANT says after how many the parser knows. */
static void when(struct prog *d, const char *story, const char *bytes,
		 size_t len, const char *want)
{
	const char *got;

	judge_step("%s", story);
	vector_command(d, "when", bytes, len);
	got = vector_answer(d);
	if (strcmp(got, want) != 0)
		judge_fail(OUTCOME_FAIL, want, "%s", got);
}

#define WHEN(d, story, bytes, want) \
	when(d, story, bytes, sizeof(bytes) - 1, want)

GRADED(response, knows_at_once)
{
	struct prog *d = prog_driver(DRIVER);

	judge_promise("It is there as soon as the status line's three");
	WHEN(d, "an answer", LINE NONE "\r\n",
	     "status 200 after 13\nhead after 38");
	WHEN(d, "no reason", "HTTP/1.1 204\r\n\r\n",
	     "status 204 after 13\nhead after 16");
	WHEN(d, "three digits: a fourth may follow", "HTTP/1.1 200", "more");
	judge_promise("refused when its first wrong byte comes;");
	WHEN(d, "another protocol", "SSH-2.0-x\r\n", "refused after 1");
	WHEN(d, "HTTP/2", "HTTP/2.0 200 OK\r\n", "refused after 6");
	WHEN(d, "a status of four digits", "HTTP/1.1 2000 OK\r\n",
	     "refused after 13");
	WHEN(d, "status 099", "HTTP/1.1 099 x\r\n", "refused after 12");
	WHEN(d, "status 600", "HTTP/1.1 600 x\r\n", "refused after 12");
	WHEN(d, "LF alone", "HTTP/1.1 200 OK\nX: y\r\n",
	     "status 200 after 13\nrefused after 16");
	WHEN(d, "a folded line", LINE " x\r\n",
	     "status 200 after 13\nrefused after 18");
	WHEN(d, "a space in a name", LINE "X : y\r\n",
	     "status 200 after 13\nrefused after 19");
	WHEN(d, "ESC in a value", LINE "X: \x1b[2J\r\n",
	     "status 200 after 13\nrefused after 21");
	WHEN(d, "CR and no LF", LINE "X: y\rz",
	     "status 200 after 13\nrefused after 23");
	prog_finish(d);
}
