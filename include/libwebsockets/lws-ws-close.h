/** @file
 * Closing a WebSocket connection with a status and a reason (RFC 6455 sections 5.5.1, 7.1 and 7.4).
 */
#ifndef GOLWS_LWS_WS_CLOSE_H
#define GOLWS_LWS_WS_CLOSE_H

/**
 * Status of a close frame (RFC 6455 section 7.4). 1000 to 1003, 1007 to 1011 and what applications define
 * from 3000 to 4999 may be sent; 1004, 1005, 1006 and 1015 never appear in a frame.
 */
enum lws_close_status {
	/** no status: the close frame is empty */
	LWS_CLOSE_STATUS_NOSTATUS = 0,
	/** done, all is well */
	LWS_CLOSE_STATUS_NORMAL = 1000,
	/** the server shuts down, or the user left the page */
	LWS_CLOSE_STATUS_GOINGAWAY = 1001,
	/** the peer broke the protocol */
	LWS_CLOSE_STATUS_PROTOCOL_ERR = 1002,
	/** a type of data, text or binary, that is not accepted here */
	LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE = 1003,
	/** has no meaning, never sent */
	LWS_CLOSE_STATUS_RESERVED = 1004,
	/** stands for an empty close frame from the peer, never sent */
	LWS_CLOSE_STATUS_NO_STATUS = 1005,
	/** stands for a connection that ended without a close frame, never sent */
	LWS_CLOSE_STATUS_ABNORMAL_CLOSE = 1006,
	/** data that contradicts its type, such as text that is not UTF-8 */
	LWS_CLOSE_STATUS_INVALID_PAYLOAD = 1007,
	/** against the rules of the application, for want of a closer status */
	LWS_CLOSE_STATUS_POLICY_VIOLATION = 1008,
	/** the message is too large to be handled */
	LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE = 1009,
	/** the client needed an extension that the server did not agree to */
	LWS_CLOSE_STATUS_EXTENSION_REQUIRED = 1010,
	/** the server failed in a way it did not expect */
	LWS_CLOSE_STATUS_UNEXPECTED_CONDITION = 1011,
	/** stands for a failed TLS handshake, never sent */
	LWS_CLOSE_STATUS_TLS_FAILURE = 1015,
	/** a client's HTTP transaction is complete; of use inside libraries only, never sent */
	LWS_CLOSE_STATUS_CLIENT_TRANSACTION_DONE = 2000,
	/** closed because the context is destroyed; the peer gets no status, never sent */
	LWS_CLOSE_STATUS_NOSTATUS_CONTEXT_DESTROY = 9999,
};

/**
 * lws_close_reason() - chooses status and reason of the close frame
 *
 * \param wsi: the WebSocket connection
 * \param status: the status to send
 * \param buf: the reason, UTF-8, or NULL; copied
 * \param len: its length in bytes; more than 123 are cut to 123, so that the frame stays within the 125 bytes
 * of a control frame
 *
 * It does not close by itself: the frame goes out when the callback that called this returns nonzero, or with
 * any later close that this side begins. Then the library waits for the peer's close frame before it closes the
 * socket, for at most five seconds. A second call replaces what the first said. A status that must not stand in
 * a frame, such as LWS_CLOSE_STATUS_NOSTATUS, gives an empty close frame. Without a call, a callback that returns
 * nonzero ends the connection with no close frame at all. Does nothing, with a log line, where wsi is not a
 * WebSocket connection.
 *
 * Any thread.
 */
LWS_VISIBLE LWS_EXTERN void
lws_close_reason(struct lws *wsi, enum lws_close_status status, unsigned char *buf, size_t len);

#endif
