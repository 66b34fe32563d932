/** @file
 * Sending.
 */
#ifndef GOLWS_LWS_WRITE_H
#define GOLWS_LWS_WRITE_H

#ifndef LWS_SIZEOFPTR
/** Size of a pointer, bytes, as an int. */
#define LWS_SIZEOFPTR ((int)sizeof(void *))
#endif

/** What LWS_PRE is a multiple of, so that a payload behind it keeps its alignment. */
#define _LWS_PAD_SIZE 16
/** n rounded up to a multiple of that. */
#define _LWS_PAD(n) ((((n) + _LWS_PAD_SIZE - 1) / _LWS_PAD_SIZE) * _LWS_PAD_SIZE)

/**
 * Bytes that other implementations of this interface need before the buffer given to lws_write(), for frame
 * headers. Here they are accepted and never needed: lws_write() neither reads nor writes them. The largest
 * WebSocket header is 14 bytes.
 */
#define LWS_PRE _LWS_PAD(4 + 10 + 2)
/** The old name of LWS_PRE. */
#define LWS_SEND_BUFFER_PRE_PADDING LWS_PRE
/** Nothing is needed after the buffer either. */
#define LWS_SEND_BUFFER_POST_PADDING 0

/**
 * What lws_write() sends: one of the kinds, below 32, combined by | with flags, from 32 on.
 */
enum lws_write_protocol {
	/**
	 * WebSocket: a text message, or with LWS_WRITE_NO_FIN its first part. The payload has to be UTF-8, it
	 * is not checked.
	 */
	LWS_WRITE_TEXT = 0,
	/** WebSocket: a binary message, or with LWS_WRITE_NO_FIN its first part */
	LWS_WRITE_BINARY = 1,
	/** WebSocket: a further part of the message begun before; the last one if LWS_WRITE_NO_FIN is not set */
	LWS_WRITE_CONTINUATION = 2,
	/**
	 * HTTP: body bytes, sent as they are. On HTTP/1 the program frames them: a content-length it promised, or
	 * chunks.
	 */
	LWS_WRITE_HTTP = 3,
	/** WebSocket: a ping, up to 125 bytes. Allowed between the parts of a message. */
	LWS_WRITE_PING = 5,
	/** WebSocket: an unsolicited pong, up to 125 bytes. Pings of the peer are answered by the library. */
	LWS_WRITE_PONG = 6,
	/**
	 * HTTP: the last body bytes of this response, maybe none. Same as LWS_WRITE_HTTP on HTTP/1. On HTTP/2 the
	 * peer hears with them that the response is complete; without it, when
	 * lws_http_transaction_completed() is called or the content-length is reached.
	 */
	LWS_WRITE_HTTP_FINAL = 7,
	/**
	 * HTTP: status line and headers, complete with the empty line, as lws_add_http_header_status() and
	 * the others make them. The text is that of HTTP/1 for HTTP/2 as well: the library compresses it (RFC 7541),
	 * turns names into lower case and leaves out what HTTP/2 does not have: connection, keep-alive,
	 * proxy-connection, transfer-encoding, upgrade (RFC 9113 section 8.2.2).
	 */
	LWS_WRITE_HTTP_HEADERS = 8,
	/**
	 * HTTP: more header bytes for a header block that an earlier LWS_WRITE_HTTP_HEADERS with
	 * LWS_WRITE_NO_FIN began
	 */
	LWS_WRITE_HTTP_HEADERS_CONTINUATION = 9,

	/** flag: queue it even where it could be sent at once. Everything is queued anyway, so it changes nothing. */
	LWS_WRITE_BUFLIST = 32,
	/** flag: more parts of this message, or of this header block, follow */
	LWS_WRITE_NO_FIN = 64,
	/** flag, HTTP/2: nothing follows on this stream, also with headers of a response without a body; changes nothing on
	 * HTTP/1 */
	LWS_WRITE_H2_STREAM_END = 128,
	/** flag: changes nothing. A client's frames are always masked, as RFC 6455 section 5.3 demands. */
	LWS_WRITE_CLIENT_IGNORE_XOR_MASK = 128,
};

/** The kind for raw sockets. */
#define LWS_WRITE_RAW LWS_WRITE_HTTP

/** A write on its way through a chain of roles. */
struct lws_write_passthru {
	/** the connection */
	struct lws *wsi;
	/** the bytes */
	unsigned char *buf;
	/** how many */
	size_t len;
	/** kind and flags */
	enum lws_write_protocol wp;
};

/**
 * lws_write() - sends
 *
 * \param wsi: the connection
 * \param buf: the bytes; unchanged by the call and not needed after it. May be NULL when len is 0.
 * \param len: how many
 * \param protocol: what they are
 *
 * The write is accepted whole or not at all. Accepted bytes are queued behind what was accepted before; what
 * one turn of the event loop queued leaves in one system call. Any number of calls is fine in one callback,
 * and calls from other callbacks and other threads too. To not outrun a slow peer, stop when
 * lws_send_pipe_choked() says so and go on in the next WRITEABLE callback.
 *
 * A WebSocket frame is written for each call with a WebSocket kind: with permessage-deflate the message is
 * compressed first.
 *
 * Returns len where the write was accepted, for a WebSocket message and for HTTP alike. Returns -1, with a
 * log line, where it was not: the connection is closing or closed, the kind does not fit the connection (an
 * HTTP kind after the upgrade, a ping before it, a continuation with nothing begun, a new message while one
 * is unfinished), a ping or pong above 125 bytes, or no memory. After -1 the callback should return nonzero
 * so that the connection is closed.
 *
 * Any thread.
 */
LWS_VISIBLE LWS_EXTERN int
lws_write(struct lws *wsi, unsigned char *buf, size_t len, enum lws_write_protocol protocol);

/** Sends HTTP body bytes from a buffer that may be const. Returns as lws_write() does. */
#define lws_write_http(wsi, buf, len) lws_write(wsi, (unsigned char *)(buf), len, LWS_WRITE_HTTP)

/**
 * lws_write_ws_flags() - the kind and flags for one part of a message
 *
 * \param initial: LWS_WRITE_TEXT or LWS_WRITE_BINARY
 * \param is_start: nonzero for the first part
 * \param is_end: nonzero for the last part
 *
 * Returns what to give lws_write() as protocol.
 */
static LWS_INLINE int
lws_write_ws_flags(int initial, int is_start, int is_end)
{
	return (is_start ? initial : LWS_WRITE_CONTINUATION) | (is_end ? 0 : LWS_WRITE_NO_FIN);
}

/**
 * lws_raw_transaction_completed() - a raw connection has nothing more to do
 *
 * \param wsi: the connection, in a callback of it
 *
 * What was accepted for sending leaves first. Use it as the last thing: `return lws_raw_transaction_completed(wsi);`
 *
 * Returns 0 while there is something to send, and the connection is closed afterwards; -1 if there is nothing, for
 * the callback to return.
 */
LWS_VISIBLE LWS_EXTERN int LWS_WARN_UNUSED_RESULT
lws_raw_transaction_completed(struct lws *wsi);

#endif
