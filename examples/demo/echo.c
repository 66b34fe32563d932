/*
 * The subprotocol golws-echo: every message comes back, in the pieces it arrived in. While one piece waits to be sent,
 * no further one is received, so a connection needs room for just one.
 */
#include "demo.h"

#include <string.h>

#define PIECE 1024 /* what main.c gives this protocol as rx_buffer_size */

struct echo_session {
	size_t len;
	int flags;
	bool waiting;
	unsigned char buffer[LWS_PRE + PIECE];
};

size_t echo_session_size(void)
{
	return sizeof(struct echo_session);
}

static int echo_keep(struct lws *wsi, struct echo_session *session, const void *in, size_t len)
{
	if (len > PIECE)
		return -1;
	memcpy(session->buffer + LWS_PRE, in, len);
	session->len = len;
	session->flags = lws_write_ws_flags(lws_frame_is_binary(wsi) ? LWS_WRITE_BINARY : LWS_WRITE_TEXT,
					    lws_is_first_fragment(wsi), lws_is_final_fragment(wsi));
	session->waiting = true;
	figures_count_message(len);
	lws_rx_flow_control(wsi, 0);
	lws_callback_on_writable(wsi);

	return 0;
}

static int echo_send(struct lws *wsi, struct echo_session *session)
{
	if (!session->waiting)
		return 0;
	session->waiting = false;
	if (lws_write(wsi, session->buffer + LWS_PRE, session->len, session->flags) < (int)session->len)
		return -1;
	figures_count_message(session->len);
	lws_rx_flow_control(wsi, 1);

	return 0;
}

int echo_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
	switch (reason) {
	case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
		return !origin_is_ours(wsi);
	case LWS_CALLBACK_RECEIVE:
		return echo_keep(wsi, user, in, len);
	case LWS_CALLBACK_SERVER_WRITEABLE:
		return echo_send(wsi, user);
	default:
		return 0;
	}
}
