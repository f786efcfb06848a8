/* SPDX-License-Identifier: MIT */
/*
 * kind - why a request failed.
 */
#ifndef LAB06_KIND_H
#define LAB06_KIND_H

enum kind {
	KIND_DNS,		 /* the name has no address */
	KIND_CONNECT_REFUSED,	 /* ECONNREFUSED of the last address */
	KIND_CONNECT_TIMEOUT,	 /* no address answered in time */
	KIND_CONNECT_ERROR,	 /* any other error of connect(2) */
	KIND_TLS_VERIFY,	 /* the certificate is not to be trusted */
	KIND_TLS_PROTOCOL,	 /* no TLS, an alert, an end in the handshake */
	KIND_TLS_TIMEOUT,	 /* the handshake took too long */
	KIND_RESET,		 /* ECONNRESET, EPIPE */
	KIND_TRUNCATED,		 /* the stream ended before the answer */
	KIND_MALFORMED,		 /* no HTTP/1.1 answer */
	KIND_TOO_LARGE,		 /* an answer beyond a limit */
	KIND_FIRST_BYTE_TIMEOUT, /* no answer began in time */
	KIND_TIMEOUT,		 /* the whole request took too long */
	KIND_STATUS,		 /* 400 and above, with --fail */
	KIND_OUTPUT,		 /* the body could not be written */
	KINDS,			 /* how many there are */
};

/* "connect_refused" */
const char *kind_name(enum kind kind);

#endif
