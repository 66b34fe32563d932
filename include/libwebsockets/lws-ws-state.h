/** @file
 * What can be asked about a WebSocket connection: the frame being received, and whether writing makes sense
 * now.
 *
 * A message reaches LWS_CALLBACK_RECEIVE in one or more calls. These functions, called inside that callback,
 * say which part of the message it is. They read fields of the connection without waiting.
 */
#ifndef GOLWS_LWS_WS_STATE_H
#define GOLWS_LWS_WS_STATE_H

/**
 * lws_send_pipe_choked() - whether to hold back with writing
 *
 * \param wsi: the connection
 *
 * Returns 1 while bytes written before wait to be sent because the peer or the network is slow (or the
 * connection is closing), else 0. lws_write() works in either case: it queues. But a program that goes on
 * writing while this returns 1 fills memory; it should return and go on in the next WRITEABLE callback, which
 * comes once the socket takes data again. 1 also for an unusable wsi.
 *
 * Any thread, never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_send_pipe_choked(struct lws *wsi) LWS_WARN_UNUSED_RESULT;

/**
 * lws_is_final_fragment() - whether this is the end of the message
 *
 * \param wsi: the connection
 *
 * In LWS_CALLBACK_RECEIVE: 1 when the message ends with the bytes of this call, that is, the frame has FIN
 * set, all its payload has been delivered and nothing remains in a decompressor. Else 0.
 */
LWS_VISIBLE LWS_EXTERN int
lws_is_final_fragment(struct lws *wsi);

/**
 * lws_is_first_fragment() - whether this is the beginning of the message
 *
 * \param wsi: the connection
 *
 * In LWS_CALLBACK_RECEIVE: 1 in the first call for a message, else 0. A message that comes in one call is
 * first and final.
 */
LWS_VISIBLE LWS_EXTERN int
lws_is_first_fragment(struct lws *wsi);

/**
 * lws_get_reserved_bits() - the reserved bits of the frame being received
 *
 * \param wsi: the connection
 *
 * Returns RSV1, RSV2 and RSV3 as 0x40, 0x20 and 0x10 (RFC 6455 section 5.2), where they stand in the first
 * byte of the frame. A frame with a reserved bit that no negotiated extension uses never gets this far: the
 * connection is closed with status 1002.
 */
LWS_VISIBLE LWS_EXTERN unsigned char
lws_get_reserved_bits(struct lws *wsi);

/**
 * lws_partial_buffered() - whether earlier output is still waiting
 *
 * \param wsi: the connection
 *
 * Returns 1 while the connection's queue holds bytes that the socket would not take, else 0: what was just written and
 * goes out at the end of the turn does not count. Never waits.
 */
LWS_VISIBLE LWS_EXTERN int
lws_partial_buffered(struct lws *wsi) LWS_WARN_UNUSED_RESULT;

/**
 * lws_frame_is_binary() - the type of the message being received
 *
 * \param wsi: the connection
 *
 * In LWS_CALLBACK_RECEIVE: 1 for a binary message, 0 for text. It holds for all calls of a message,
 * continuation frames included.
 */
LWS_VISIBLE LWS_EXTERN int
lws_frame_is_binary(struct lws *wsi) LWS_WARN_UNUSED_RESULT;

#endif
